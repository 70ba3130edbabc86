"""Writing and converting: vectors into files that other programs read, whole or not at all."""

import gzip
import os
import tempfile
import warnings
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, cast

from embedlab.checks import one_of
from embedlab.errors import InvalidSetting, VectorFileError
from embedlab.formats import writers
from embedlab.formats.binary.safetensors import write_safetensors
from embedlab.formats.limits import DEFAULT_LIMITS, Limits, shown_name
from embedlab.formats.reading import VectorFile, read_vectors
from embedlab.formats.report import LoadReport
from embedlab.formats.tables.roles import Columns
from embedlab.formats.word_lists import WordList
from embedlab.vectors.word_vectors import WordVectors

_WRITERS: dict[str, Callable[[WordVectors, BinaryIO], None]] = {
    "word2vec-text": writers.word2vec_text,
    "word2vec-binary": writers.word2vec_binary,
    "glove": writers.glove,
    "npz": writers.npz,
    "projector-tsv": writers.numbers_tsv,
    "safetensors": write_safetensors,
}
_CHECKS: dict[str, Callable[[WordVectors], None]] = {
    "word2vec-text": writers.check_text,
    "word2vec-binary": writers.check_binary,
    "glove": writers.check_glove,
    "projector-tsv": writers.check_list,
}
FORMATS = tuple(_WRITERS)
_BY_SUFFIX = {
    ".vec": "word2vec-text", ".txt": "glove", ".glove": "glove", ".bin": "word2vec-binary", ".npz": "npz",
    ".tsv": "projector-tsv", ".zip": "projector-tsv", ".safetensors": "safetensors",
}  # fmt: skip


def write_vectors(vectors: WordVectors, path: Path, *, format: str) -> None:
    """Writes a vector file; it appears whole or not at all. A path that ends in .gz is packed.

    Text has the shortest digits that read back as the same float32, so every round trip is exact.

    Args:
        path: for "projector-tsv" the vectors' file, with the words beside it as ``<stem>.metadata.tsv``; or a .zip that
            holds both.
        format: one of `FORMATS`: "glove" and "word2vec-text" allow spaces in words, "word2vec-binary" does not.

    Warns (UserWarning): what `export_notes` says of these vectors and this format.

    Raises:
        InvalidSetting: an unknown format.
        VectorFileError: a word that the format cannot hold, or no room on the disk.
    """
    _write(vectors, path, format=format)
    for note in export_notes(vectors, format=format):
        warnings.warn(note, stacklevel=2)


def export_notes(vectors: WordVectors, *, format: str) -> tuple[str, ...]:
    """Sentences on what a file of this format loses, or on who cannot read it; mostly none.

    Raises InvalidSetting: an unknown format.
    """
    one_of("format", format, FORMATS)
    notes = []
    if format in ("glove", "word2vec-text") and (spaces := writers.spaces_note(vectors)):
        notes.append(spaces)
    if vectors.subwords is not None:
        notes.append("The character n-grams are not written: from this file no other words' vectors can be composed.")
    return tuple(notes)


def _write(vectors: WordVectors, path: Path, *, format: str) -> None:
    """As `write_vectors`, without a warning."""
    check_words(vectors, format=format)
    write = _WRITERS[format]
    words = writers.words_tsv(vectors) if format == "projector-tsv" else b""
    try:
        beside = format == "projector-tsv" and path.suffix.lower() != ".zip"
        paths = (path, path.with_name(f"{path.stem}.metadata.tsv")) if beside else (path,)
        with _replacing(*paths) as (file, *second):
            if format == "projector-tsv" and path.suffix.lower() == ".zip":
                with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                    archive.writestr("metadata.tsv", words)
                    with archive.open("vectors.tsv", "w", force_zip64=True) as member:
                        write(vectors, cast(BinaryIO, member))
                return
            if path.suffix.lower() == ".gz":
                with gzip.GzipFile(fileobj=file, mode="wb", mtime=0, filename="") as packed:
                    write(vectors, cast(BinaryIO, packed))
            else:
                write(vectors, file)
            for metadata in second:
                metadata.write(words)
    except OSError as error:
        remedy = "Free some room on the disk, or choose another folder."
        if not path.parent.is_dir():
            remedy = f"Make the folder “{shown_name(path.parent.name)}” first, or choose one that is there."
        raise VectorFileError(
            f"“{shown_name(path.name)}” cannot be written ({error.strerror or 'input/output error'}). {remedy}"
        ) from None


def check_words(vectors: WordVectors, *, format: str) -> None:
    """Refuses words that a format cannot hold, before anything is written.

    Raises:
        InvalidSetting: an unknown format.
        VectorFileError: names such a word, and what to write instead.
    """
    one_of("format", format, FORMATS)
    if format in _CHECKS:
        _CHECKS[format](vectors)


@contextmanager
def _replacing(*paths: Path) -> Iterator[list[BinaryIO]]:
    """Files that take the places of `paths` when all of them are complete."""
    temporaries: list[str] = []
    try:
        with ExitStack() as stack:
            files: list[BinaryIO] = []
            for path in paths:
                descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
                temporaries.append(temporary)
                files.append(stack.enter_context(os.fdopen(descriptor, "w+b")))
            yield files
            for file in files:
                file.flush()
                os.fsync(file.fileno())
        for temporary in temporaries:
            os.chmod(temporary, 0o644)
        _move_in(temporaries, paths)
    finally:
        for temporary in temporaries:
            with suppress(FileNotFoundError):  # it has its place
                os.unlink(temporary)


def _move_in(temporaries: Sequence[str], paths: Sequence[Path]) -> None:
    """Moves files to their places; of several that belong together, all or none.

    What was there before is moved aside first, so that an old and a new one never lie beside each other, and comes back
    where a move fails. A single file is replaced in one step.
    """
    aside: list[tuple[str, Path]] = []
    done: list[Path] = []
    try:
        for temporary, path in zip(temporaries, paths, strict=True):
            if len(paths) > 1 and path.is_file():
                os.replace(path, f"{temporary}-before")
                aside.append((f"{temporary}-before", path))
        for temporary, path in zip(temporaries, paths, strict=True):
            os.replace(temporary, path)
            done.append(path)
    except BaseException:
        for path in done:
            path.unlink(missing_ok=True)
        for before, path in aside:
            os.replace(before, path)
        raise
    for before, _ in aside:
        os.unlink(before)


def as_bytes(vectors: WordVectors, *, format: str) -> bytes:
    """A vector file as bytes, for a download button; the Embedding Projector's two files come as one zip.

    It does not warn: the page shows `export_notes`.

    Raises:
        InvalidSetting, VectorFileError: as `write_vectors`.
    """
    suffix = ".zip" if format == "projector-tsv" else ".part"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"vectors{suffix}"
        _write(vectors, path, format=format)
        return path.read_bytes()


def format_of(target: Path) -> str:
    """The format that the ending of a file's name tells. Raises InvalidSetting: it tells none."""
    ending = target.with_suffix("").suffix if target.suffix.lower() == ".gz" else target.suffix
    format = _BY_SUFFIX.get(ending.lower())
    if format is None:
        known = ", ".join(f"{suffix} ({kind})" for suffix, kind in _BY_SUFFIX.items())
        raise InvalidSetting(f"The ending of “{target.name}” tells no format: use one of {known}, or name the format.")
    return format


def convert(
    source: VectorFile | Sequence[VectorFile],
    target: Path,
    *,
    format: str | None = None,
    member: str | None = None,
    encoding: str | None = None,
    words: WordList | None = None,
    columns: Columns | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> LoadReport:
    """Reads a vector file and writes another; the report is the reading's, with the notes of `export_notes`.

    Args:
        format: of the target, one of `writing.FORMATS`; None: by the target's ending (.vec .txt .bin .npz .tsv .zip
            .safetensors, the text and binary ones also with .gz).
        member, encoding, words, columns, limits: of the source, as `read_vectors`.

    Raises:
        InvalidSetting: the ending tells no format.
        VectorFileError: as `read_vectors` and `write_vectors`.
    """
    format = format_of(target) if format is None else format
    vectors, report = read_vectors(
        source, member=member, encoding=encoding, words=words, columns=columns, limits=limits
    )
    _write(vectors, target, format=format)
    return replace(report, notes=(*report.notes, *export_notes(vectors, format=format)))
