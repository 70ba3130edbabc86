"""One hostile file, and the small sound files from which hostile ones are made."""

import gzip
import io
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

WORDS = ("the", "of", "and", "to", "in", "naïve")
ROWS = (
    (0.5, -0.25, 1.0, 2.0),
    (0.125, 3.0, -1.5, 0.75),
    (-2.0, 0.5, 0.25, -0.5),
    (1.25, -1.0, 0.5, 0.375),
    (0.0625, 2.5, -0.75, 1.5),
    (4.0, 0.875, -3.5, 0.625),
)
MATRIX = np.array(ROWS, np.float32)  # (6, 4)

SAME, REPORTED, REFUSED, UNSAFE, TOO_LARGE, ASKED = "same", "reported", "refused", "unsafe", "too large", "asked"


@dataclass(frozen=True)
class Case:
    """A file and what must become of it.

    Args:
        group: family, as counted in reliability.md.
        name: unique within the group; also the file's name.
        data: the bytes, or a function that makes them.
        outcome: SAME (the vectors, nothing said), REPORTED (the vectors, and `message` in the report), or an error:
            REFUSED, UNSAFE, TOO_LARGE, ASKED (which of several files?).
        message: a regular expression that the error or report must match.
        words, rows: the vectors that must come out, for SAME and REPORTED.
        options: for read_vectors.
    """

    group: str
    name: str
    data: bytes | Callable[[], bytes]
    outcome: str
    message: str = ""
    words: tuple[str, ...] = WORDS
    rows: tuple[tuple[float, ...], ...] = ROWS
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def bytes(self) -> bytes:
        return self.data if isinstance(self.data, bytes) else self.data()


def odd(case: Case, reported: str, *, lost: tuple[int, ...] = ()) -> list[Case]:
    """A file with a row that does not fit: refused where reading is strict, else read without the row.

    Args:
        case: what strict reading must lead to.
        reported: what the report must say.
        lost: which of the case's words are not read.
    """
    kept = [i for i in range(len(case.words)) if i not in lost]
    words, rows = tuple(case.words[i] for i in kept), tuple(case.rows[i] for i in kept)
    return [
        replace(case, name=f"{case.name}, strictly", options=case.options | {"strict": True}),
        replace(case, outcome=REPORTED, message=reported, words=words, rows=rows),
    ]


def text(words=WORDS, rows=ROWS, *, header: str | None = None, separator: str = " ", end: str = "\n") -> bytes:
    """Vector text; `header` goes in front as it is, with a line end."""
    lines = [separator.join([word, *(f"{x:g}" for x in row)]) for word, row in zip(words, rows, strict=True)]
    return ("" if header is None else header + end).encode() + "".join(line + end for line in lines).encode()


HEADER = f"{len(WORDS)} {len(ROWS[0])}"
W2V = text(header=HEADER)
GLOVE = text()


def lines(data: bytes, **changes: bytes) -> bytes:
    """Text with some lines replaced: `_3=b"..."` for the third."""
    parts = data.split(b"\n")
    for key, line in changes.items():
        parts[int(key[1:]) - 1] = line
    return b"\n".join(parts)


def binary(words=WORDS, matrix=MATRIX, *, header: str | None = None, dtype: str = "<f4", end: bytes = b"") -> bytes:
    """word2vec binary."""
    parts = [(f"{len(words)} {matrix.shape[1]}" if header is None else header).encode() + b"\n"]
    for word, row in zip(words, matrix, strict=True):
        parts += [word if isinstance(word, bytes) else word.encode(), b" ", row.astype(dtype).tobytes(), end]
    return b"".join(parts)


def zipped(_method: int = zipfile.ZIP_DEFLATED, **members: bytes) -> bytes:
    """A zip; a double underscore in a keyword stands for the dot, a triple one for a slash."""
    return zip_of({name.replace("___", "/").replace("__", "."): data for name, data in members.items()}, _method)


def zip_of(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, compress_type=method)
    return out.getvalue()


def gz(data: bytes, level: int = 6) -> bytes:
    return gzip.compress(data, level, mtime=0)


def gz_of(part: bytes, times: int) -> bytes:
    """A gz of a part repeated, made without holding it unpacked."""
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=9, mtime=0, filename="") as file:
        block = part * max(1, (1 << 20) // len(part))
        for _ in range(times * len(part) // len(block) + 1):
            file.write(block)
    return out.getvalue()


def npy(array: np.ndarray) -> bytes:
    out = io.BytesIO()
    np.save(out, array, allow_pickle=True)  # object arrays are among the hostile files
    return out.getvalue()


def npy_header(text: str, data: bytes = b"", version: int = 1) -> bytes:
    """A .npy file with this header, whatever it says."""
    body = text.encode() + b"\n"
    length = struct.pack("<H" if version == 1 else "<I", len(body))
    return b"\x93NUMPY" + bytes([version, 0]) + length + body + data


def npz(**arrays: np.ndarray) -> bytes:
    return zip_of({f"{name}.npy": npy(array) for name, array in arrays.items()}, zipfile.ZIP_STORED)
