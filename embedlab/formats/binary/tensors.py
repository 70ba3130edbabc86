"""Tensors of a safetensors file: its header, and which of them is called as input embeddings are.

The file is a length, a JSON header, then plain numbers. Source: https://github.com/huggingface/safetensors#format
"""

import json
import math
import re
import struct
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

import numpy as np

from embedlab.errors import SeveralFiles, VectorFileError
from embedlab.formats.limits import MB, refusal, shown_name
from embedlab.formats.packed.source import Source
from embedlab.formats.word_lists import is_short_json

LONGEST_HEADER = 100 * MB  # the format's own limit
MOST_ITEMS = 500_000  # of JSON; a tensor takes about 12, and all words are one
_MOST_AXES = 64  # as in NumPy
DAMAGES = (ValueError, TypeError, KeyError, AttributeError, RecursionError)
DTYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2"}
DTYPES |= {"I8": "|i1", "U8": "|u1", "I16": "<i2", "I32": "<i4"}
_OTHERS = {"I64": "<i8", "U64": "<u8", "U32": "<u4", "U16": "<u2"}  # no vectors are of these types
READABLE_TYPES = f"Vectors need one: (words, dimensions), of type {', '.join(DTYPES)}."
_INPUT = re.compile(  # as they are called in the models of transformers
    r"^(embeddings|embeddings?\.weight)$|(^|\.)(word_embeddings?|wte|embed_tokens|tok_embeddings|shared|embed_in"
    r"|token_embeddings?|tokens_embed|emb)\.weight$|(^|\.)(backbone|rwkv|transformer)\.embeddings?\.weight$"
)
_OUTPUT = re.compile(r"(^|\.)(lm_head|embed_out)\.weight$")
_TIED = (
    "“{}” is the model's output layer. It is its input embeddings too if “tie_word_embeddings” in its config.json is "
    "true; otherwise these are not the vectors that it reads words by."
)


class Tensor(NamedTuple):
    """One entry of the header: where its numbers are, in bytes after the header, and what they are."""

    kind: str  # as the format calls it: "F32"
    shape: tuple[int, ...]
    start: int
    end: int

    @property
    def readable(self) -> bool:
        """Whether it is a matrix whose numbers may be vectors."""
        return self.kind in DTYPES and len(self.shape) == 2

    @property
    def dtype(self) -> np.dtype[Any]:
        return np.dtype((DTYPES | _OTHERS).get(self.kind, "V1"))


def read_header(source: Source) -> tuple[dict[str, Tensor], object]:
    """All tensors by name, and the words of the metadata as they are there."""
    length = struct.unpack("<Q", source.read_exactly(8, "the header"))[0]
    if length > min(LONGEST_HEADER, source.limits.memory_bytes):
        raise source.refusal(
            f"a header of {length:,} bytes", "The format allows 100 MB: the file is damaged.", at="byte 1"
        )
    source.expect(length, "the header")
    text = source.read_exactly(length, "the header")
    if not is_short_json(text, MOST_ITEMS):
        raise source.too_large("the header names too many tensors", "Save the vectors alone.")
    try:
        header = json.loads(text)
        tensors = {name: _tensor(entry) for name, entry in header.items() if name != "__metadata__"}
        return tensors, (header.get("__metadata__") or {}).get("words")
    except DAMAGES:
        raise damaged_header(source) from None


def _tensor(entry: dict[str, Any]) -> Tensor:
    shape = tuple(entry["shape"])
    start, end = entry["data_offsets"]
    if len(shape) > _MOST_AXES:  # the product of more takes long
        raise ValueError("shape")
    if not all(type(n) is int and 0 <= n < 1 << 48 for n in (*shape, start, end)) or start > end:
        raise ValueError("offsets")
    if not isinstance(entry["dtype"], str):
        raise TypeError("dtype")
    return Tensor(entry["dtype"], shape, start, end)


def read_names(source: Source) -> dict[str, tuple[int, ...]]:
    """The names and shapes of all tensors; reads the header only."""
    return {name: tensor.shape for name, tensor in read_header(source)[0].items()}


def input_embeddings(names: Collection[str]) -> tuple[str, str] | None:
    """The one matrix among these that is called as input embeddings are, and a sentence on the choice; None: no such
    one. The output layer is taken where there are no input embeddings, as models that tie the two may leave one out."""
    for pattern in (_INPUT, _OUTPUT):
        if found := [name for name in names if pattern.search(name)]:
            if len(found) > 1:
                return None
            note = f"Of {len(names):,} matrices, “{shown_name(found[0])}” was taken; another can be chosen by its name."
            tied = _TIED.format(shown_name(found[0])) if pattern is _OUTPUT else ""
            return found[0], f"{note if len(names) > 1 else ''} {tied}".strip()
    return None


def several_matrices(file: str, names: Collection[str], missing: str) -> VectorFileError:
    """The error that asks for one of these matrices."""
    what = missing or f"{'several' if names else 'no'} two-dimensional tensors"
    error = refusal(
        file,
        f"{what} (it holds {listed_names(sorted(names)[:10])})",
        "Choose one by its name." if names else READABLE_TYPES,
        kind=SeveralFiles if names else VectorFileError,
    )
    if isinstance(error, SeveralFiles):
        error.members, error.noun = tuple(sorted(names)), "matrix in the file"
    return error


def listed_names(names: Iterable[str]) -> str:
    return ", ".join(names) or "nothing"


def check_bytes(source: Source, tensor: Tensor) -> None:
    """Refuses a tensor that has more or fewer bytes than its shape needs."""
    found = tensor.end - tensor.start
    if found != math.prod(tensor.shape) * tensor.dtype.itemsize:
        raise source.refusal(f"{found:,} bytes for a tensor of shape {tensor.shape}", "The file is damaged.")


def damaged_header(source: Source) -> VectorFileError:
    return source.refusal("the header is damaged", "Save it again with the safetensors library.", at="byte 9")


def skip(source: Source, n: int, what: str) -> None:
    """Reads past n bytes, which are in `what`."""
    while n > 0:
        n -= len(source.read_exactly(min(n, MB), what))


def window(source: Source, n: int) -> Source:
    """The next n bytes of a file as one of their own."""
    left = n

    def read(wanted: int) -> bytes:
        nonlocal left
        data = source.read(min(wanted, left))
        left -= len(data)
        return data

    return Source(read, name=source.name, limits=source.limits, total=n)


def from_bfloat16(source: Source) -> Source:
    """bfloat16, which NumPy does not have, as the float32 whose upper half it is."""

    def read(wanted: int) -> bytes:
        half = np.frombuffer(source.read(wanted // 4 * 2 or 2), "<u2")
        return (half.astype("<u4") << 16).tobytes()

    return Source(read, name=source.name, limits=source.limits, total=2 * (source.total or 0))
