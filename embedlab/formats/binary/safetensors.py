"""safetensors: one matrix of a file, and writing one. Read and written here, as the format is that small.

Words are not part of the format; files written here keep them under "words" in the header's ``__metadata__`` as a JSON
list. Of a language model's many matrices the input embeddings are read, found by their name.
"""

import json
import re
import struct
from collections.abc import Mapping
from typing import BinaryIO

import numpy as np

from embedlab.errors import VectorFileError
from embedlab.formats.binary.numpy_arrays import ArrayHeader, as_text, read_matrix
from embedlab.formats.binary.static_embeddings import STATIC, read_static, static_parts
from embedlab.formats.binary.tensors import (
    DAMAGES,
    LONGEST_HEADER,
    READABLE_TYPES,
    Tensor,
    check_bytes,
    damaged_header,
    from_bfloat16,
    input_embeddings,
    listed_names,
    read_header,
    several_matrices,
    skip,
    window,
)  # fmt: skip
from embedlab.formats.collector import Collector
from embedlab.formats.limits import SAME_NUMBER, shown_name
from embedlab.formats.packed.source import Source
from embedlab.formats.word_lists import ListedWords, is_short_json
from embedlab.vectors.word_vectors import WordVectors
from embedlab.wording import counted

_SCALES = re.compile(r"scales?|absmax|scb|biases|qzeros|zero_points?", re.IGNORECASE)


def read_safetensors(source: Source, *, words: ListedWords | None, member: str | None) -> Collector:
    """Reads one two-dimensional tensor of a file: the one called `member`, the input embeddings, or the only one.

    Rows of model2vec are mapped and weighted; rows after a tokenizer's last token are left out.

    Raises:
        SeveralFiles: several matrices, none of them or more than one with the name of input embeddings, and `member`
            names none of them.
        VectorFileError: a header that does not fit the bytes, no matrices, no words.
    """
    tensors, stored = read_header(source)
    name, note = _choose(source, tensors, member)
    tensor = tensors[name]
    check_bytes(source, tensor)
    if words is None:
        if stored is None:
            remedy = "Give the words beside it: the model's tokenizer.json, or one a line, in the same order."
            raise source.refusal("a tensor without words", remedy, asks="words")
        words = ListedWords(_words(source, stored, max(tensor.shape, default=0)))
    _check_layout(source, tensors)
    notes = [note] if note else []
    parts = static_parts(source, tensors, name, words, notes) if name in STATIC else {}
    rows = read_static(source, tensor, words, parts) if parts else _read_plain(source, tensor, words)
    rows.format = "safetensors"
    rows.notes[:0] = notes
    return rows


def _choose(source: Source, tensors: Mapping[str, Tensor], member: str | None) -> tuple[str, str]:
    """The tensor to read, and a sentence on the choice or ""."""
    matrices = [name for name, tensor in tensors.items() if len(tensor.shape) == 2]
    readable = [name for name in matrices if tensors[name].readable]
    if member is not None and member not in tensors:
        raise several_matrices(source.name, readable, f"no “{shown_name(member)}”")
    if member is not None:
        name, note = member, ""
    elif picked := input_embeddings(matrices):
        name, note = picked
    elif len(readable) == 1:
        name, note = readable[0], ""
    elif readable:
        raise several_matrices(source.name, readable, "")
    else:
        held = [f"{name} of type {tensor.kind}" for name, tensor in sorted(tensors.items())[:10]]
        raise source.refusal(f"no two-dimensional tensors (it holds {listed_names(held)})", READABLE_TYPES)
    tensor = tensors[name]
    if not tensor.readable:
        there = f"{shown_name(name)} of type {shown_name(tensor.kind)} and shape {tensor.shape}"
        raise source.refusal(f"no matrix of vectors in its place (it holds {there})", READABLE_TYPES)
    _refuse_quantized(source, tensors, name)
    return name, note


def _refuse_quantized(source: Source, tensors: Mapping[str, Tensor], name: str) -> None:
    """Refuses whole numbers that mean nothing without the scales beside them."""
    base = name.removesuffix("weight")
    if not np.issubdtype(tensors[name].dtype, np.integer) or tensors[name].kind == "BF16" or not base:
        return
    for other in tensors:
        if other != name and other.startswith(base) and _SCALES.search(other[len(base) :]):
            raise source.refusal(
                f"{shown_name(name)} is quantized: its numbers count only with “{shown_name(other)}”",
                "Take the model in float16, bfloat16 or float32.",
            )


def _check_layout(source: Source, tensors: Mapping[str, Tensor]) -> None:
    """Refuses tensors that do not lie side by side and fill the file."""
    spans = sorted((tensor.start, tensor.end) for tensor in tensors.values())
    if any(span[0] != before[1] for before, span in zip([(0, 0), *spans], spans, strict=False)):
        raise source.refusal("the tensors overlap or leave gaps", "The file is damaged.")
    source.expect(spans[-1][1], "all that the header names")
    if source.total is not None and source.total - source.position > spans[-1][1]:
        raise source.refusal("bytes are left over after the tensors", "The file is damaged.")


def _read_plain(source: Source, tensor: Tensor, words: ListedWords) -> Collector:
    """Rows as they are."""
    skip(source, tensor.start, "the tensors")
    inner, dtype = window(source, tensor.end - tensor.start), tensor.dtype
    if tensor.kind == "BF16":
        inner, dtype = from_bfloat16(inner), np.dtype("<f4")
    return read_matrix(inner, ArrayHeader(dtype, tensor.shape, False), words)


def _words(source: Source, stored: object, most: int) -> list[str | None]:
    """The words of the header, no more than the tensor is long."""
    try:
        if not isinstance(stored, str):
            raise TypeError("words")
        if not is_short_json(stored.encode("utf-8", "replace"), min(most, source.limits.all_rows) + 2):
            raise source.refusal(f"more words than the tensor's {counted(most, 'row')}", SAME_NUMBER, asks="words")
        words = json.loads(stored)
        if not (isinstance(words, list) and all(isinstance(word, str) for word in words)):
            raise ValueError("words")
    except VectorFileError:
        raise
    except DAMAGES:
        raise damaged_header(source) from None
    return [as_text(word) for word in words]


def write_safetensors(vectors: WordVectors, file: BinaryIO) -> None:
    """Writes the matrix as "vectors" and the words as metadata."""
    header = {
        "__metadata__": {"words": json.dumps(vectors.words), "source": vectors.source},
        "vectors": {"dtype": "F32", "shape": list(vectors.matrix.shape), "data_offsets": [0, vectors.matrix.nbytes]},
    }
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    if len(text) > LONGEST_HEADER:
        raise VectorFileError("The words take more than the 100 MB that safetensors allows for its header: write npz.")
    file.write(struct.pack("<Q", len(text)) + text)
    for start in range(0, len(vectors), 4096):
        file.write(np.ascontiguousarray(vectors.matrix[start : start + 4096], "<f4").tobytes())
