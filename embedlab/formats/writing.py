"""Vectors into files that other programs read."""

import gzip
import io
import os
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import numpy as np

from embedlab.errors import InvalidSetting, VectorFileError
from embedlab.formats.limits import shown_word
from embedlab.formats.tensors import write_safetensors
from embedlab.formats.text_layout import find_layout, holds_numbers
from embedlab.vectors import WordVectors

_ROWS = 4096  # written at a time
_WIDEST = 8  # times the UTF-8 bytes: beyond, fixed-width text would blow the file up
_BLANK_EDGE = re.compile(r"\A[ \t]|[ \t]\Z")
_BINARY_REMEDY = "Write npz, which holds any word."


def write_vectors(vectors: WordVectors, path: Path, *, format: str) -> None:
    """Writes a vector file; it appears whole or not at all. A path that ends in .gz is packed.

    Text has the shortest digits that read back as the same float32, so every round trip is exact.

    Args:
        path: for "projector-tsv" the vectors' file, with the words beside it as ``<stem>.metadata.tsv``; or a .zip that
            holds both.
        format: one of `FORMATS`: "glove" and "word2vec-text" allow spaces in words, "word2vec-binary" does not.

    Raises:
        InvalidSetting: an unknown format.
        VectorFileError: a word that the format cannot hold, or no room on the disk.
    """
    if format not in FORMATS:
        raise InvalidSetting(f"Format {format!r} is not known: give one of {', '.join(FORMATS)}.")
    write = _WRITERS[format]
    try:
        if format == "projector-tsv" and path.suffix.lower() == ".zip":
            with _replacing(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                for name, part in (("vectors.tsv", _numbers_tsv), ("metadata.tsv", _words_tsv)):
                    with archive.open(name, "w", force_zip64=True) as member:
                        part(vectors, member)  # type: ignore[arg-type]
            return
        with _replacing(path) as file:
            if path.suffix.lower() == ".gz":
                with gzip.GzipFile(fileobj=file, mode="wb", mtime=0, filename="") as packed:
                    write(vectors, packed)  # type: ignore[arg-type]
            else:
                write(vectors, file)
        if format == "projector-tsv":
            with _replacing(path.with_name(f"{path.stem}.metadata.tsv")) as file:
                _words_tsv(vectors, file)
    except OSError as error:
        if isinstance(error, VectorFileError):
            raise
        raise VectorFileError(
            f"“{path.name}” cannot be written ({error.strerror or 'input/output error'}). "
            "Free some room on the disk, or choose another folder."
        ) from None


@contextmanager
def _replacing(path: Path) -> Iterator[BinaryIO]:
    """A file that takes the place of `path` when it is complete."""
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
    try:
        with os.fdopen(descriptor, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _word2vec_text(vectors: WordVectors, file: BinaryIO) -> None:
    file.write(f"{len(vectors)} {vectors.dimensions}\n".encode())
    for lines in _lines(vectors):
        file.write(lines)


def _glove(vectors: WordVectors, file: BinaryIO) -> None:
    for start, lines in enumerate(_lines(vectors)):
        if start == 0:
            _check_reads_back(lines, vectors)
        file.write(lines)


def _check_reads_back(lines: bytes, vectors: WordVectors) -> None:
    """Refuses words whose first lines would be taken for a header or for more dimensions: GloVe states neither."""
    try:
        layout = find_layout(lines, "glove")
    except VectorFileError:
        layout = None
    if layout is None or layout.header or layout.dimensions != vectors.dimensions:
        raise VectorFileError(
            "As GloVe text, which has no header, these words would be read wrongly. Write word2vec text instead."
        )


def _lines(vectors: WordVectors) -> Iterator[bytes]:
    """Lines "word number number …" of `_ROWS` words at a time."""
    import pyarrow as pa
    import pyarrow.compute as compute

    for start in range(0, len(vectors), _ROWS):
        words = vectors.words[start : start + _ROWS]
        for word in words:
            _check_text_word(word)
        columns = _digits(vectors.matrix[start : start + _ROWS])
        lines = compute.binary_join_element_wise(pa.array(words, pa.string()), *columns, " ")
        yield "\n".join(lines.to_pylist()).encode() + b"\n"


def _digits(block: np.ndarray) -> list:
    """(r, D) numbers as D arrow columns of the shortest text that reads back the same."""
    import pyarrow as pa

    columns = np.ascontiguousarray(block.T, np.float32)  # (D, r)
    arrays = [pa.Array.from_buffers(pa.float32(), len(c), [None, pa.py_buffer(c)]) for c in columns]
    return [array.cast(pa.string()) for array in arrays]


def _check_text_word(word: str) -> None:
    cause = ""
    if "\n" in word or "\r" in word:
        cause = "holds a line end"
    elif _BLANK_EDGE.search(word):
        cause = "starts or ends with a blank"
    elif holds_numbers(word.encode("utf-8", "replace")):
        cause = "holds a number after a blank"
    elif "\t" in word or "\x0b" in word or "\x0c" in word:
        cause = "holds a tab"
    elif not _is_unicode(word):
        cause = "is not valid Unicode"
    if cause:
        raise VectorFileError(f"The word {shown_word(word)} {cause}, which text formats cannot hold. {_BINARY_REMEDY}")


def _is_unicode(word: str) -> bool:
    try:
        word.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _word2vec_binary(vectors: WordVectors, file: BinaryIO) -> None:
    file.write(f"{len(vectors)} {vectors.dimensions}\n".encode())
    for start in range(0, len(vectors), _ROWS):
        block = np.ascontiguousarray(vectors.matrix[start : start + _ROWS], "<f4")
        parts = []
        for word, row in zip(vectors.words[start : start + _ROWS], block, strict=True):
            if " " in word or any(ord(c) < 32 or ord(c) == 127 for c in word) or not _is_unicode(word):
                raise VectorFileError(
                    f"The word {shown_word(word)} holds a space or control character, "
                    f"which word2vec binary cannot hold. {_BINARY_REMEDY}"
                )
            parts += [word.encode(), b" ", row.tobytes()]
        file.write(b"".join(parts))


def _npz(vectors: WordVectors, file: BinaryIO) -> None:
    """Arrays "words" and "vectors"; words that fixed-width text would spoil or blow up go as UTF-8 and positions."""
    arrays: dict[str, np.ndarray] = {"vectors": np.asarray(vectors.matrix)}
    widest, characters = max(map(len, vectors.words)), sum(map(len, vectors.words))
    if any(word.endswith("\0") for word in vectors.words) or widest * len(vectors) > _WIDEST * characters + 1_000_000:
        encoded = [word.encode("utf-8") for word in vectors.words]
        arrays["words_utf8"] = np.frombuffer(b"".join(encoded), np.uint8)
        arrays["words_ends"] = np.cumsum([len(word) for word in encoded], dtype="<i8")
    else:
        arrays["words"] = np.array(vectors.words, dtype=np.str_)
    np.savez(file, allow_pickle=False, **arrays)


def _numbers_tsv(vectors: WordVectors, file: BinaryIO) -> None:
    import pyarrow.compute as compute

    for start in range(0, len(vectors), _ROWS):
        columns = _digits(vectors.matrix[start : start + _ROWS])
        lines = compute.binary_join_element_wise(*columns, "\t")
        file.write("\n".join(lines.to_pylist()).encode() + b"\n")


def _words_tsv(vectors: WordVectors, file: BinaryIO) -> None:
    """One word a line; the Projector wants no heading for a single column."""
    for word in vectors.words:
        if "\t" in word:
            raise VectorFileError(f"The word {shown_word(word)} holds a tab, which TSV cannot hold. {_BINARY_REMEDY}")
        _check_text_word(word)
        file.write(word.encode("utf-8") + b"\n")


_WRITERS: dict[str, Callable[[WordVectors, BinaryIO], None]] = {
    "word2vec-text": _word2vec_text,
    "word2vec-binary": _word2vec_binary,
    "glove": _glove,
    "npz": _npz,
    "projector-tsv": _numbers_tsv,
    "safetensors": write_safetensors,
}
FORMATS = tuple(_WRITERS)


def as_bytes(vectors: WordVectors, *, format: str) -> bytes:
    """A vector file as bytes, for a download button; the Embedding Projector's two files come as one zip.

    Raises:
        InvalidSetting, VectorFileError: as `write_vectors`.
    """
    suffix = ".zip" if format == "projector-tsv" else ".part"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"vectors{suffix}"
        write_vectors(vectors, path, format=format)
        return io.BytesIO(path.read_bytes()).getvalue()
