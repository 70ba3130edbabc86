"""GGUF: a language model in one file, as llama.cpp reads it: metadata, a list of tensors, then their numbers.

Its input embeddings are the tensor ``token_embd.weight``, one row a token, and the tokens are in the metadata. Q8_0
stores blocks of 32 numbers as a float16 scale and 32 whole numbers from -127 to 127. Source:
https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""

import math
import struct
from typing import NamedTuple

import numpy as np

from embedlab.arrays import Array
from embedlab.errors import SeveralFiles, VectorFileError
from embedlab.formats.binary.numpy_arrays import ArrayHeader, as_text, read_matrix
from embedlab.formats.binary.tensors import from_bfloat16, skip, window
from embedlab.formats.collector import Collector
from embedlab.formats.limits import KEEP_FEWER, shown_name
from embedlab.formats.packed.source import Source
from embedlab.formats.tokens import Form, shown_tokens
from embedlab.formats.word_lists import ListedWords
from embedlab.wording import counted

GGUF_MAGIC = b"GGUF"
GGUF_SWAPPED = b"FUGG"  # of some files for big-endian machines
EMBEDDINGS = "token_embd.weight"
_AGAIN = "The file is damaged: get it again."
_CONVERT = "Take the model's F16, BF16 or Q8_0 file, or make one: llama-quantize --allow-requantize FILE OUT.gguf F16."
_VALUES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}  # types of values: bytes
_UINT32, _STRING, _ARRAY = 4, 8, 9
_MOST_KEYS, _MOST_TENSORS, _MOST_AXES, _LONGEST_KEY = 10_000, 20_000, 4, 65_535
_CHUNK = 1 << 16  # bytes of text looked at in one go
_FORMS: dict[str, Form] = {
    "gpt2": "byte-level", "llama": "sentencepiece", "t5": "sentencepiece", "bert": "sentencepiece",
}  # fmt: skip
# Types of tensors: the name, how many numbers are in a block, and the bytes of a block.
_TYPES = {
    0: ("F32", 1, 4), 1: ("F16", 1, 2), 2: ("Q4_0", 32, 18), 3: ("Q4_1", 32, 20), 6: ("Q5_0", 32, 22),
    7: ("Q5_1", 32, 24), 8: ("Q8_0", 32, 34), 9: ("Q8_1", 32, 40), 10: ("Q2_K", 256, 84), 11: ("Q3_K", 256, 110),
    12: ("Q4_K", 256, 144), 13: ("Q5_K", 256, 176), 14: ("Q6_K", 256, 210), 15: ("Q8_K", 256, 292),
    16: ("IQ2_XXS", 256, 66), 17: ("IQ2_XS", 256, 74), 18: ("IQ3_XXS", 256, 98), 19: ("IQ1_S", 256, 50),
    20: ("IQ4_NL", 32, 18), 21: ("IQ3_S", 256, 110), 22: ("IQ2_S", 256, 82), 23: ("IQ4_XS", 256, 136),
    24: ("I8", 1, 1), 25: ("I16", 1, 2), 26: ("I32", 1, 4), 27: ("I64", 1, 8), 28: ("F64", 1, 8),
    29: ("IQ1_M", 256, 56), 30: ("BF16", 1, 2), 34: ("TQ1_0", 256, 54), 35: ("TQ2_0", 256, 66), 39: ("MXFP4", 32, 17),
    40: ("NVFP4", 64, 36), 41: ("Q1_0", 128, 18),
}  # fmt: skip
_READABLE = {"F32": "<f4", "F16": "<f2", "BF16": "<f4", "Q8_0": "<f4"}  # what NumPy gets to see


class _Tensor(NamedTuple):
    """One entry of the list of tensors."""

    shape: tuple[int, ...]  # as NumPy writes it: rows first; the file has it the other way round
    kind: int
    start: int  # bytes after the list

    @property
    def type(self) -> str:
        return _TYPES[self.kind][0] if self.kind in _TYPES else f"number {self.kind:,}"


class _Metadata(NamedTuple):
    """What is needed of the metadata."""

    alignment: int  # bytes; every tensor starts at a multiple of it
    model: str  # of the tokenizer
    tokens: list[bytes] | None


def read_gguf(source: Source, *, words: ListedWords | None, member: str | None) -> Collector:
    """Reads the input embeddings of a GGUF file, or the matrix called `member`.

    Args:
        words: one for each row; None: the file's own tokens.

    Raises:
        SeveralFiles: no such tensor, and others that are matrices.
        VectorFileError: damaged, of another version or byte order, or numbers of a type other than F32, F16, BF16 and
            Q8_0.
    """
    keys, tensors = _read_counts(source)
    metadata = _read_metadata(source, keys)
    found = _read_tensors(source, tensors)
    skip(source, -source.position % metadata.alignment, "the space before the tensors")
    _check_layout(source, found, metadata.alignment)
    tensor = _choose(source, found, member)
    notes = []
    if words is None:
        words = _tokens(source, metadata)
    elif metadata.tokens:
        notes.append("The words are those that were given; the file's own tokens were not used.")
    (kind, block, width), (count, dimensions) = _TYPES[tensor.kind], tensor.shape
    skip(source, tensor.start, "the tensors")
    inner = window(source, count * dimensions // block * width)
    if kind in ("BF16", "Q8_0"):
        inner = from_bfloat16(inner) if kind == "BF16" else _from_q8(inner)
    rows = read_matrix(inner, ArrayHeader(np.dtype(_READABLE[kind]), tensor.shape, False), words)
    rows.format = f"GGUF ({kind})"
    if kind == "Q8_0":
        notes.append("The numbers were rounded to 8 bits, in blocks of 32, when the file was made (Q8_0).")
    rows.notes += notes
    return rows


def _read_counts(source: Source) -> tuple[int, int]:
    """How many keys and tensors follow."""
    start = source.read_exactly(8, "the header")
    version = struct.unpack("<I", start[4:])[0]
    if start[:4] == GGUF_SWAPPED or (version and version & 0xFFFF == 0):
        raise source.refusal("this is GGUF for big-endian machines", "Take the usual, little-endian file.")
    if start[:4] != GGUF_MAGIC:
        raise source.refusal("this is no GGUF file", _AGAIN)
    if version not in (2, 3):
        raise source.refusal(
            f"GGUF of version {version:,}, and versions 2 and 3 can be read", "Take a newer file of the model."
        )
    tensors, keys = struct.unpack("<QQ", source.read_exactly(16, "the header"))
    source.expect(24 * tensors + 13 * keys, f"a header of {counted(keys, 'key')} and {counted(tensors, 'tensor')}")
    if keys > _MOST_KEYS or tensors > _MOST_TENSORS:
        raise source.too_large(f"{counted(keys, 'key')} and {counted(tensors, 'tensor')}", _AGAIN)
    return keys, tensors


def _read_metadata(source: Source, count: int) -> _Metadata:
    """Reads all keys and their values, and keeps three of them."""
    alignment, model, tokens = 32, "", None
    seen: set[bytes] = set()
    for _ in range(count):
        key = _text(source, "a key")
        if key in seen:
            raise source.refusal(f"the key {_shown(key)} is there twice", _AGAIN, at=_place(source))
        seen.add(key)
        kind = _number(source, "<I", "a key")
        if key == b"general.alignment":
            alignment = _number(source, "<I", "the alignment") if kind == _UINT32 else 0
            if alignment == 0 or alignment & (alignment - 1):
                raise source.refusal("an alignment that is no power of two", _AGAIN, at=_place(source))
        elif key == b"tokenizer.ggml.model" and kind == _STRING:
            model = _text(source, "the kind of tokenizer").decode("utf-8", "replace")
        elif kind == _ARRAY:
            keep = key == b"tokenizer.ggml.tokens"
            strings = _read_array(source, keep=keep)
            tokens = strings if keep else tokens
        else:
            _skip_values(source, kind, 1)
    return _Metadata(alignment, model, tokens)


def _read_array(source: Source, *, keep: bool) -> list[bytes] | None:
    """Reads an array; its texts where they are asked for."""
    kind, count = struct.unpack("<IQ", source.read_exactly(12, "an array"))
    if kind == _ARRAY:
        raise source.refusal("an array of arrays", "No tokenizer needs one: get the file again.", at=_place(source))
    if kind != _STRING:
        _skip_values(source, kind, count)
        return None
    source.expect(8 * count, f"an array of {counted(count, 'text')}")
    if count > source.limits.all_rows:
        raise source.too_large(
            f"an array of {counted(count, 'text')}, and at most {source.limits.all_rows:,} are allowed", KEEP_FEWER
        )
    return _read_texts(source, count, keep=keep)


def _read_texts(source: Source, count: int, *, keep: bool) -> list[bytes]:
    """An array's texts, or nothing; many at a time, as there may be half a million."""
    texts: list[bytes] = []
    length_at = struct.Struct("<Q").unpack_from
    while count:
        chunk, at = source.peek(_CHUNK), 0
        while count and at + 8 <= len(chunk):
            end = at + 8 + length_at(chunk, at)[0]
            if end > len(chunk):
                break
            if keep:
                texts.append(chunk[at + 8 : end])
            at, count = end, count - 1
        source.read(at)
        if at == 0:  # a text that is longer, or the end
            text = _text(source, "an array", longest=_LONGEST_KEY if keep else None)
            texts += [text] * keep
            count -= 1
    return texts


def _skip_values(source: Source, kind: int, count: int) -> None:
    """Reads past values of one type, texts among them."""
    if kind == _STRING:
        for _ in range(count):
            _text(source, "the metadata", longest=None)
        return
    if kind not in _VALUES:
        raise source.refusal(f"metadata of the unknown type {kind:,}", _AGAIN, at=_place(source))
    source.expect(_VALUES[kind] * count, f"an array of {counted(count, 'number')}")
    skip(source, _VALUES[kind] * count, "the metadata")


def _text(source: Source, what: str, *, longest: int | None = _LONGEST_KEY) -> bytes:
    """One text; where it may have any length, it is read past, and empty."""
    length = _number(source, "<Q", what)
    source.expect(length, f"a text of {counted(length, 'byte')}")
    if longest is None:
        skip(source, length, "the metadata")
        return b""
    if length > longest:
        raise source.too_large(f"{what} of {length:,} bytes, and at most {longest:,} are allowed", _AGAIN)
    return source.read_exactly(length, what)


def _number(source: Source, code: str, what: str) -> int:
    return int(struct.unpack(code, source.read_exactly(struct.calcsize(code), what))[0])


def _read_tensors(source: Source, count: int) -> dict[str, _Tensor]:
    """The list of tensors, in the file's order."""
    found: dict[str, _Tensor] = {}
    for _ in range(count):
        name = _text(source, "a tensor's name").decode("utf-8", "replace")
        axes = _number(source, "<I", "the list of tensors")
        if axes > _MOST_AXES:
            raise source.refusal(f"a tensor with {axes:,} axes", _AGAIN, at=_place(source))
        *dims, kind, start = struct.unpack(f"<{axes}QIQ", source.read_exactly(8 * axes + 12, "the list of tensors"))
        if name in found or any(dim >= 1 << 48 for dim in dims):
            cause = "is there twice" if name in found else "is too large"
            raise source.refusal(f"the tensor {_shown(name)} {cause}", _AGAIN, at=_place(source))
        found[name] = _Tensor(tuple(reversed(dims)), kind, start)
    return found


def _check_layout(source: Source, tensors: dict[str, _Tensor], alignment: int) -> None:
    """Refuses tensors that do not lie one after the other, each at a multiple of the alignment, or not in the file."""
    expected: int | None = 0  # None: after numbers of an unknown type
    for name, tensor in tensors.items():
        if tensor.start % alignment or tensor.start != (tensor.start if expected is None else expected):
            raise source.refusal(f"the tensor {_shown(name)} is not where it should be", _AGAIN)
        expected = None
        if tensor.kind in _TYPES:
            _, block, width = _TYPES[tensor.kind]
            if (tensor.shape[-1] if tensor.shape else 1) % block:
                raise source.refusal(
                    f"the tensor {_shown(name)} of shape {tensor.shape} is no whole number of blocks of {block}", _AGAIN
                )
            end = tensor.start + math.prod(tensor.shape) // block * width
            source.expect(end, f"the tensor {_shown(name)} of shape {tensor.shape}")
            expected = end + -end % alignment


def _choose(source: Source, tensors: dict[str, _Tensor], member: str | None) -> _Tensor:
    name = EMBEDDINGS if member is None else member
    if name not in tensors:
        matrices = sorted(n for n, t in tensors.items() if len(t.shape) == 2 and t.type in _READABLE)
        held = ", ".join(shown_name(n) for n in matrices[:10]) or counted(len(tensors), "tensor")
        error = source.refusal(
            f"no tensor “{shown_name(name)}” (it holds {held})",
            "Choose one by its name." if matrices else "Take the file that holds the whole model, or its first part.",
            kind=SeveralFiles if matrices else VectorFileError,
        )
        if isinstance(error, SeveralFiles):
            error.members, error.noun = tuple(matrices), "matrix in the file"
        raise error
    tensor = tensors[name]
    if tensor.type not in _READABLE:
        raise source.refusal(
            f"the numbers of {shown_name(name)} are of type {tensor.type}, and {', '.join(_READABLE)} can be read",
            _CONVERT,
        )
    if len(tensor.shape) != 2:
        raise source.refusal(
            f"{shown_name(name)} has the shape {tensor.shape}", "Vectors need a matrix: (words, dimensions)."
        )
    return tensor


def _tokens(source: Source, metadata: _Metadata) -> ListedWords:
    """The file's tokens as words."""
    if metadata.tokens is None:
        raise source.refusal(
            "the file holds no tokens", "Give the words beside it, one a line, in the order of the rows.", asks="words"
        )
    form = _FORMS.get(metadata.model, "plain")
    words = shown_tokens([as_text(token) for token in metadata.tokens], form)
    return ListedWords(words, source.name, padded=source.limits.odd_rows != "none")


def _from_q8(source: Source) -> Source:
    """Blocks of Q8_0 as float32: whole numbers times their block's scale."""
    blocks = np.dtype([("scale", "<f2"), ("numbers", "i1", 32)])

    def read(wanted: int) -> bytes:
        data = np.frombuffer(source.read(max(1, wanted // 128) * blocks.itemsize), blocks)
        with np.errstate(invalid="ignore", over="ignore"):
            numbers: Array = data["numbers"].astype("<f4") * data["scale"].astype("<f4")[:, None]  # (blocks, 32)
        return numbers.tobytes()

    return Source(read, name=source.name, limits=source.limits, total=(source.total or 0) // blocks.itemsize * 128)


def _shown(name: str | bytes) -> str:
    return f"“{shown_name(name if isinstance(name, str) else name.decode('utf-8', 'replace'))}”"


def _place(source: Source) -> str:
    return f"byte {source.position:,}"
