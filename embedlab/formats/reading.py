"""Reading: any vector file, or files that belong together, into word vectors and a report."""

import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Literal, cast

from embedlab.errors import InvalidSetting, NotEnoughMemory, VectorFileError
from embedlab.formats.binary.fasttext import read_fasttext
from embedlab.formats.binary.gguf import read_gguf
from embedlab.formats.binary.numpy_arrays import read_npy
from embedlab.formats.binary.safetensors import read_safetensors
from embedlab.formats.binary.shards import choose_shard
from embedlab.formats.binary.word2vec import read_binary
from embedlab.formats.collector import Collector
from embedlab.formats.detection import HEAD, detect
from embedlab.formats.limits import DEFAULT_LIMITS, Limits, refusal, shown_name
from embedlab.formats.packed.archive import Archive, Member, spooled
from embedlab.formats.packed.compression import COMPRESSIONS, unpacked
from embedlab.formats.packed.file_sets import FileSet, files_below
from embedlab.formats.packed.lists_beside import words_beside
from embedlab.formats.packed.members import choose, read_array_member
from embedlab.formats.packed.projector import check_shape
from embedlab.formats.packed.source import Source, from_file, open_file
from embedlab.formats.packed.tars import TarArchive
from embedlab.formats.packed.zips import ZipArchive
from embedlab.formats.report import LoadReport
from embedlab.formats.tables.arrow_tables import read_arrow
from embedlab.formats.tables.json_tables import read_json
from embedlab.formats.tables.roles import Columns
from embedlab.formats.text.encodings import NotDecoded, check_encoding
from embedlab.formats.text.reader import read_text
from embedlab.formats.word_lists import ListedWords, WordList, word_list
from embedlab.vectors.word_vectors import WordVectors

VectorFile = Path | BinaryIO
ArrowKind = Literal["parquet", "arrow", "arrow-stream"]
_GIVEN_TOGETHER = "set of files"
_ARCHIVES = {"zip": ZipArchive, "tar": TarArchive}


def read_vectors(
    source: VectorFile | Sequence[VectorFile],
    *,
    name: str = "",
    limits: Limits = DEFAULT_LIMITS,
    member: str | None = None,
    encoding: str | None = None,
    words: WordList | None = None,
    columns: Columns | None = None,
    strict: bool = False,
    anyway: bool = False,
) -> tuple[WordVectors, LoadReport]:
    """Reads vectors of any known format, recognized by their content.

    Known are GloVe, word2vec and fastText text and binary; .npz, .npy and raw float32 with words; safetensors and GGUF
    of static embeddings and language models; tables as CSV, TSV, JSON, JSON lines, Parquet, Arrow; each also in gz,
    bz2, xz, zst, zip or tar. Of a language model these are its input embeddings. A table gives a `LoadedTable`, which
    keeps its further columns.

    Rows with a missing, empty or repeated word (the first is kept), with NaN, infinity or only zeros are dropped, and
    so are a few that do not fit otherwise (`limits.FEW_ODD`). The report counts them and says what else was decided.

    Args:
        source: a file on disk, or an open binary file, which stays open; a folder, or several files that belong
            together, such as a model and its tokenizer.json.
        name: for messages and as the vectors' source, by default the file's; never used as a path.
        limits: what the file may take.
        member: which file of several, tensor of a model or column of vectors, where there is a choice.
        encoding: of the words, one of `encodings.CHOICES`; None: UTF-8, or what a byte-order mark says.
        words: for files that hold numbers only: the words, or a file of them, such as one a line.
        columns: which columns of a table or list hold what; those not named are found out.
        strict: refuse a file with a single row that does not fit.
        anyway: leave out any number of them.

    Raises:
        InvalidSetting: no such encoding, strict and anyway at once, or a source given as text or bytes.
        SeveralFiles: several files, tensors or columns hold vectors, and no `member` is given.
        UnsafeFormat: a pickle, whatever its name.
        FileTooLarge: more than `limits` allow.
        VectorFileError: anything else that keeps the file from being read; names place, cause and remedy.
        NotEnoughMemory: this machine has not enough memory left.
    """
    started, columns = time.perf_counter(), columns or Columns()
    check_encoding(encoding)
    if strict and anyway:
        raise InvalidSetting("Reading is strict, or leaves out rows anyway: choose one of the two.")
    limits = replace(limits, odd_rows="none" if strict else "any" if anyway else limits.odd_rows)
    if isinstance(source, str | bytes):
        kind = type(source).__name__
        raise InvalidSetting(f"Vectors are read from a Path or an open binary file, not from {kind}: write Path(…).")
    files = list(source) if isinstance(source, Sequence) else [source]
    name = name or _name_of(files)
    try:
        options = _Options(member, encoding, columns, word_list(words, limits, encoding=encoding, columns=columns))
        with ExitStack() as stack:
            rows = _read_files(files, name, limits, options, stack)
        return rows.finish(seconds=time.perf_counter() - started, source=shown_name(name))
    except NotDecoded as error:
        raise error.refused() from None
    except MemoryError:
        raise NotEnoughMemory(
            f"“{shown_name(name)}” needs more memory than is free. Keep only its most frequent words, or unload others."
        ) from None
    except OSError as error:
        cause = f"reading failed ({error.strerror or 'input/output error'})"
        raise refusal(name, cause, "Check the disk, or get the file again.") from None


@dataclass(frozen=True)
class _Options:
    """What the caller chose; one object, so that the readers below share a signature."""

    member: str | None
    encoding: str | None
    columns: Columns
    words: ListedWords | None


def _name_of(files: Sequence[VectorFile]) -> str:
    names = (file.name if isinstance(file, Path) else str(getattr(file, "name", "the file")) for file in files)
    own = [shown_name(name) for name in names]
    return own[0] if len(own) == 1 else ", ".join(own)


def _read_files(
    files: Sequence[VectorFile], name: str, limits: Limits, options: _Options, stack: ExitStack
) -> Collector:
    """One file, or those of a folder, or several."""
    if len(files) == 1:
        (file,) = files
        if isinstance(file, Path) and file.is_dir():
            found = files_below(file, limits)
            return _read_archive(FileSet(found, stack, noun="folder", name=name, limits=limits), options, stack)
        opened, length = stack.enter_context(open_file(file, limits=limits, name=name))
        return _read(from_file(opened, length, name=name, limits=limits), opened, options, stack)
    named = [(_name_of([file]), file) for file in files]
    return _read_archive(FileSet(named, stack, noun=_GIVEN_TOGETHER, name=name, limits=limits), options, stack)


def _read(content: Source, file: BinaryIO | None, options: _Options, stack: ExitStack) -> Collector:
    """Rows of a file.

    Args:
        file: the same bytes, seekable; None where they come unpacked.
    """
    kind = detect(content.peek(HEAD), content.name)
    if kind in COMPRESSIONS:
        if content.packed or file is None:
            raise content.refusal(f"a {kind} inside a {content.packed.split(':')[0]}", "Unpack the outer one first.")
        return _read(unpacked(kind, file, name=content.name, limits=content.limits), None, options, stack)
    if kind in _ARCHIVES:
        packed = content.packed
        archive = _ARCHIVES[kind](file or spooled(content, stack), name=content.name, limits=content.limits)
        # A tar is usually compressed, and an .npz may be; other archives in archives are not opened.
        arrays = bool(archive.members) and all(member.array for member in archive.members)
        if packed and not (arrays or (kind == "tar" and packed in COMPRESSIONS)):
            raise content.refusal(f"a {kind} inside a {packed.split(':')[0]}", "Unpack the outer one first.")
        return _read_archive(archive, options, stack, packed=packed if arrays else "")
    rows = _read_plain(kind, content, file, options, stack)
    if not rows.stopped:
        content.verify()
    rows.packed = content.packed
    return rows


def _read_archive(archive: Archive, options: _Options, stack: ExitStack, *, packed: str = "") -> Collector:
    """Rows of the member that holds vectors, with the words beside it."""
    member, words = choose(archive, options.member), options.words
    if member.kind == "safetensors":
        member, tensor = _shard(archive, member, options)
        options = replace(options, member=tensor)
    elif options.member is not None and f"/{member.name}".endswith(f"/{options.member}"):
        options = replace(options, member=None)
    if words is None and member.kind in ("matrix", "numbers", "raw", "table"):
        words = words_beside(archive, member, encoding=options.encoding, columns=options.columns)
    options = replace(options, words=words)
    if member.kind == "matrix":
        rows = read_array_member(archive, member, words)
        rows.packed = packed or ("" if rows.format.endswith("(npz)") else archive.open(member).packed)
        return _with_unused(rows, archive, member, words)
    try:
        rows = _read_member(archive, member, options, stack)
    except VectorFileError as error:
        if error.asks not in ("words", "columns") or words is not None:
            raise
        words = words_beside(archive, member, encoding=options.encoding, columns=options.columns)
        if words is None:
            raise
        rows = _read_member(archive, member, replace(options, words=words), stack)
    if member.kind == "raw":
        check_shape(archive, member, rows)
    return _with_unused(rows, archive, member, words)


def _read_member(archive: Archive, member: Member, options: _Options, stack: ExitStack) -> Collector:
    content = archive.open(member)
    seekable = member.handle if isinstance(archive, FileSet) and not content.packed else None
    return _read(content, seekable, options, stack)


def _with_unused(rows: Collector, archive: Archive, member: Member, words: ListedWords | None) -> Collector:
    """Says which of several files that were given nothing was read of; of a folder or archive that is usual."""
    used = {member.name, words.name if words else ""}
    unused = [m.name for m in archive.members if m.name not in used]
    if archive.noun == _GIVEN_TOGETHER and unused and member.kind != "safetensors":
        rows.notes.append(f"Not used: {', '.join(shown_name(name) for name in unused[:10])}.")
    return rows


def _shard(archive: Archive, member: Member, options: _Options) -> tuple[Member, str | None]:
    """Which of a model's files holds its input embeddings, and under which name."""
    shards = {m.name: m for m in archive.members if m.kind == "safetensors"}
    if options.member in shards:
        return member, None
    index = next((m for m in archive.members if m.name.endswith(".safetensors.index.json")), None)
    said = archive.open(index).read(archive.limits.memory_bytes) if index else None
    sources = {name: (lambda shard=shard: archive.open(shard)) for name, shard in shards.items()}
    name, tensor = choose_shard(sources, index=said, member=options.member)
    return shards[name], tensor


def _read_plain(kind: str, content: Source, file: BinaryIO | None, options: _Options, stack: ExitStack) -> Collector:
    words, columns = options.words, options.columns
    if kind == "npy":
        return read_npy(content, words=words)
    if kind == "safetensors":
        return read_safetensors(content, words=words, member=options.member)
    if kind == "gguf":
        return read_gguf(content, words=words, member=options.member)
    columns = replace(columns, vector=columns.vector or options.member)  # of a table, the column of vectors
    if kind in ("parquet", "arrow", "arrow-stream"):
        seekable = file or spooled(content, stack)
        return read_arrow(seekable, content, kind=cast(ArrowKind, kind), columns=columns, words=words)
    if kind in ("json", "json-lines"):
        return read_json(content, lines=kind == "json-lines", columns=columns, words=words)
    if kind in ("fasttext-bin", "word2vec-binary"):
        read = read_fasttext if kind == "fasttext-bin" else read_binary
        rows = read(content, encoding=options.encoding)
        if words is not None:
            rows.notes.append("The list of words was not used: the file has words of its own.")
        return rows
    return read_text(content, encoding=options.encoding, words=words, columns=columns)
