"""safetensors: a length, a JSON header, then plain numbers. Read and written here, as the format is that small.

Words are not part of the format; files written here keep them under "words" in the header's ``__metadata__`` as a JSON
list. Source: https://github.com/huggingface/safetensors#format
"""

import json
import math
import struct
from collections.abc import Sequence
from typing import Any, BinaryIO

import numpy as np

from embedlab.errors import SeveralFiles, VectorFileError
from embedlab.formats.binary.numpy_arrays import ArrayHeader, as_text, read_matrix
from embedlab.formats.collector import Collector
from embedlab.formats.limits import MB, SAME_NUMBER, counted
from embedlab.formats.packed.source import Source
from embedlab.formats.word_lists import is_short_json
from embedlab.vectors.word_vectors import WordVectors

_LONGEST_HEADER = 100 * MB  # the format's own limit
_MOST_ITEMS = 100_000  # of JSON; a tensor takes about 12, and all words are one
_MOST_AXES = 64  # as in NumPy
_DAMAGES = (ValueError, TypeError, KeyError, AttributeError, RecursionError)
_DTYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2"}
_DTYPES |= {"I8": "|i1", "U8": "|u1", "I16": "<i2", "I32": "<i4"}


def read_safetensors(source: Source, *, words: Sequence[str | None] | None, member: str | None) -> Collector:
    """Reads the one two-dimensional tensor of a file, or the one called `member`.

    Raises:
        SeveralFiles: several matrices, and `member` names none of them.
        VectorFileError: a header that does not fit the bytes, no matrices, no words.
    """
    length = struct.unpack("<Q", source.read_exactly(8, "the header"))[0]
    if length > min(_LONGEST_HEADER, source.limits.memory_bytes):
        raise source.refusal(
            f"a header of {length:,} bytes", "The format allows 100 MB: the file is damaged.", at="byte 1"
        )
    source.expect(length, "the header")
    text = source.read_exactly(length, "the header")
    if not is_short_json(text, _MOST_ITEMS):
        raise source.too_large("the header names too many tensors", "Save the vectors alone.")
    try:
        header = json.loads(text)
        tensors = {name: _tensor(entry) for name, entry in header.items() if name != "__metadata__"}
        metadata = header.get("__metadata__") or {}
        stored = metadata.get("words")
    except _DAMAGES:
        raise _damaged(source) from None
    matrices = {name: tensor for name, tensor in tensors.items() if len(tensor[0].shape) == 2}
    if member is not None and member in tensors:
        matrices = {member: tensors[member]}
    if len(matrices) != 1:
        found = ", ".join(sorted(matrices if matrices else tensors)[:10]) or "nothing"
        what = f"{'several' if matrices else 'no'} two-dimensional tensors (it holds {found})"
        needed = f"Vectors need one: (words, dimensions), of type {', '.join(_DTYPES)}."
        error_type = SeveralFiles if matrices else VectorFileError
        error = source.refusal(what, "Choose one by its name." if matrices else needed, kind=error_type)
        if isinstance(error, SeveralFiles):
            error.members, error.noun = tuple(sorted(matrices)), "matrix in the file"
        raise error
    ((array, start, end, kind),) = matrices.values()
    if end - start != array.bytes:
        raise source.refusal(f"{end - start:,} bytes for a tensor of shape {array.shape}", "The file is damaged.")
    if words is None:
        if stored is None:
            raise source.refusal(
                "a tensor without words", "Give the words beside it, one a line, in the same order.", asks="words"
            )
        words = _words(source, stored, max(array.shape, default=0))
    spans = sorted(tensor[1:3] for tensor in tensors.values())
    if any(span[0] != before[1] for before, span in zip([(0, 0), *spans], spans, strict=False)):
        raise source.refusal("the tensors overlap or leave gaps", "The file is damaged.")
    source.expect(spans[-1][1], "all that the header names")
    if source.total is not None and source.total - source.position > spans[-1][1]:
        raise source.refusal("bytes are left over after the tensors", "The file is damaged.")
    while start > 0:
        start -= len(source.read_exactly(min(start, MB), "the tensors"))
    inner = Source(_window(source, array.bytes), name=source.name, limits=source.limits, total=array.bytes)
    if kind == "BF16":
        array = ArrayHeader(np.dtype("<f4"), array.shape, False)
    rows = read_matrix(_widened(inner, kind), array, words)
    rows.format = "safetensors"
    return rows


def _words(source: Source, stored: object, most: int) -> list[str | None]:
    """The words of the header, no more than the tensor is long."""
    try:
        if not isinstance(stored, str):
            raise TypeError("words")
        if not is_short_json(stored.encode("utf-8", "replace"), min(most, source.limits.rows) + 2):
            raise source.refusal(f"more words than the tensor's {counted(most, 'row')}", SAME_NUMBER, asks="words")
        words = json.loads(stored)
        if not (isinstance(words, list) and all(isinstance(word, str) for word in words)):
            raise ValueError("words")
    except VectorFileError:
        raise
    except _DAMAGES:
        raise _damaged(source) from None
    return [as_text(word) for word in words]


def _damaged(source: Source) -> VectorFileError:
    return source.refusal("the header is damaged", "Save it again with the safetensors library.", at="byte 9")


def _tensor(entry: dict[str, Any]) -> tuple[ArrayHeader, int, int, str]:
    """One entry of the header: array, first byte, end, type; unknown types count as no matrix."""
    shape = tuple(entry["shape"])
    start, end = entry["data_offsets"]
    if len(shape) > _MOST_AXES:  # the product of more takes long
        raise ValueError("shape")
    if not all(type(n) is int and 0 <= n < 1 << 48 for n in (*shape, start, end)) or start > end:
        raise ValueError("offsets")
    kind = entry["dtype"]
    if kind not in _DTYPES:
        return ArrayHeader(np.dtype("V1"), (math.prod(shape),), False), start, end, kind
    return ArrayHeader(np.dtype(_DTYPES[kind]), shape, False), start, end, kind


def _window(source: Source, n: int):  # type: ignore[no-untyped-def]
    """A read function that ends after n bytes."""

    def read(wanted: int) -> bytes:
        nonlocal n
        data = source.read(min(wanted, n))
        n -= len(data)
        return data

    return read


def _widened(source: Source, kind: str) -> Source:
    """bfloat16, which NumPy does not have, as the float32 whose upper half it is; others as they are."""
    if kind != "BF16":
        return source

    def read(wanted: int) -> bytes:
        half = np.frombuffer(source.read(wanted // 4 * 2 or 2), "<u2")
        return (half.astype("<u4") << 16).tobytes()

    return Source(read, name=source.name, limits=source.limits, total=2 * (source.total or 0))


def write_safetensors(vectors: WordVectors, file: BinaryIO) -> None:
    """Writes the matrix as "vectors" and the words as metadata."""
    header = {
        "__metadata__": {"words": json.dumps(vectors.words), "source": vectors.source},
        "vectors": {"dtype": "F32", "shape": list(vectors.matrix.shape), "data_offsets": [0, vectors.matrix.nbytes]},
    }
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    if len(text) > _LONGEST_HEADER:
        raise VectorFileError("The words take more than the 100 MB that safetensors allows for its header: write npz.")
    file.write(struct.pack("<Q", len(text)) + text)
    for start in range(0, len(vectors), 4096):
        file.write(np.ascontiguousarray(vectors.matrix[start : start + 4096], "<f4").tobytes())
