"""Reading: any vector file into word vectors and a report."""

import time
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO, NamedTuple

from embedlab.errors import NotEnoughMemory
from embedlab.formats.binary.fasttext import read_fasttext
from embedlab.formats.binary.numpy_arrays import read_npy
from embedlab.formats.binary.safetensors import read_safetensors
from embedlab.formats.binary.word2vec import read_binary
from embedlab.formats.collector import Collector
from embedlab.formats.detection import HEAD, detect
from embedlab.formats.limits import DEFAULT_LIMITS, Limits, refusal, shown_name
from embedlab.formats.packed.archive import Archive, spooled
from embedlab.formats.packed.members import choose, read_array_member, words_beside
from embedlab.formats.packed.source import Source, from_file, from_gzip, open_file
from embedlab.formats.report import LoadReport
from embedlab.formats.text.encodings import check_encoding
from embedlab.formats.text.reader import read_text
from embedlab.formats.word_lists import WordList, word_list
from embedlab.vectors.word_vectors import WordVectors


def read_vectors(
    source: Path | BinaryIO,
    *,
    name: str,
    limits: Limits = DEFAULT_LIMITS,
    member: str | None = None,
    encoding: str | None = None,
    words: WordList | None = None,
) -> tuple[WordVectors, LoadReport]:
    """Reads a vector file of any known format, recognized by its content.

    Known are GloVe text, word2vec text and binary, fastText .vec and .bin, .npz, .npy with `words`, safetensors,
    numbers as text with `words`, each also inside gz or zip. Rows with a missing, empty or repeated word (the first is
    kept), with NaN, infinity or only zeros are dropped and counted in the report.

    Args:
        source: a file on disk, or an open binary file, which stays open.
        name: for messages and as the vectors' source; never used as a path.
        limits: what the file may take.
        member: which file of a zip, or tensor of a safetensors file, where there are several.
        encoding: of the words, one of `encodings.CHOICES`; None: UTF-8, or what a byte-order mark says.
        words: for files that hold numbers only: the words, or a file of them, one a line.

    Raises:
        SeveralFiles: a zip with several vector files, or a safetensors file with several matrices, and no `member`.
        UnsafeFormat: a pickle, whatever its name.
        FileTooLarge: more than `limits` allow.
        VectorFileError: anything else that keeps the file from being read; names place, cause and remedy.
        NotEnoughMemory: this machine has not enough memory left.
    """
    started = time.perf_counter()
    check_encoding(encoding)
    options = _Options(member, encoding, words)
    try:
        with ExitStack() as stack:
            file, length = stack.enter_context(open_file(source, limits=limits, name=name))
            content = from_file(file, length, name=name, limits=limits)
            rows, packed = _read(content, file, length, options, stack, packed="")
        shown = shown_name(name)
        return rows.finish(packed=packed, seconds=time.perf_counter() - started, source=shown)
    except MemoryError:
        raise NotEnoughMemory(
            f"“{shown_name(name)}” needs more memory than is free. Keep only its most frequent words, or unload others."
        ) from None
    except OSError as error:
        cause = f"reading failed ({error.strerror or 'input/output error'})"
        raise refusal(name, cause, "Check the disk, or get the file again.") from None


class _Options(NamedTuple):
    """What the caller chose; one object, so that the readers below share a signature."""

    member: str | None
    encoding: str | None
    words: WordList | None


def _read(
    content: Source, file: BinaryIO, length: int, options: _Options, stack: ExitStack, *, packed: str
) -> tuple[Collector, str]:
    """Rows of a file, and what it was unpacked from; unpacks one layer, and an .npz inside it."""
    kind = detect(content.peek(HEAD), content.name)
    if kind == "gz":
        if packed:
            raise content.refusal(f"a gz inside a {packed.split(':')[0]}", "Unpack the outer one first.")
        file.seek(0)
        unpacked = from_gzip(file, name=content.name, limits=content.limits)
        return _read(unpacked, file, length, options, stack, packed="gz")
    if kind == "zip":
        if packed:
            file, length = spooled(content, stack)
        return _read_zip(file, length, content, options, stack, packed)
    rows = _read_plain(kind, content, options)
    content.verify()
    return rows, packed


def _read_zip(
    file: BinaryIO, length: int, content: Source, options: _Options, stack: ExitStack, packed: str
) -> tuple[Collector, str]:
    archive = Archive(file, length, name=content.name, limits=content.limits)
    words = word_list(options.words, content.limits, encoding=options.encoding)
    if packed and not (archive.members and all(m.array for m in archive.members)):
        raise content.refusal(f"a zip inside a {packed.split(':')[0]}", "Unpack the outer one first.")
    member = choose(archive, options.member, words)
    if member.kind == "matrix":
        rows = read_array_member(archive, member, words, encoding=options.encoding)
        return rows, packed or ("" if all(m.array for m in archive.members) else f"zip: {member.name}")
    inner = archive.open(member.info)
    if member.kind == "numbers" and words is None:
        words = words_beside(archive, member, encoding=options.encoding)
    tensor = options.member if options.member != member.name else None
    return _read(inner, file, length, _Options(tensor, options.encoding, words), stack, packed=inner.packed)


def _read_plain(kind: str, content: Source, options: _Options) -> Collector:
    words = word_list(options.words, content.limits, encoding=options.encoding)
    if kind == "npy":
        return read_npy(content, words=words)
    if kind == "safetensors":
        return read_safetensors(content, words=words, member=options.member)
    if kind in ("fasttext-bin", "word2vec-binary"):
        read = read_fasttext if kind == "fasttext-bin" else read_binary
        rows = read(content, encoding=options.encoding)
        if words is not None:
            rows.notes.append("The list of words was not used: the file has words of its own.")
        return rows
    return read_text(content, encoding=options.encoding, words=words)
