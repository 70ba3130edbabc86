"""safetensors: a length, a JSON header, then plain numbers. Read and written here, as the format is that small.

Words are not part of the format; files written here keep them under "words" in the header's ``__metadata__`` as a JSON
list. Of a language model's many matrices the input embeddings are read, found by their name; a model that is saved in
several files (shards) says in an index which file holds them. Source: https://github.com/huggingface/safetensors#format

Static embeddings of model2vec may have two further tensors, which say how a token's row is made:
``embeddings[mapping[token]] * weights[token]``. Source: https://github.com/MinishLab/model2vec
"""

import json
import math
import re
import struct
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, BinaryIO, NamedTuple

import numpy as np

from embedlab.arrays import Array
from embedlab.errors import SeveralFiles, VectorFileError
from embedlab.formats.binary.numpy_arrays import ArrayHeader, as_text, read_matrix
from embedlab.formats.collector import Collector
from embedlab.formats.limits import MB, SAME_NUMBER, counted, refusal, shown_name, size
from embedlab.formats.packed.source import Source
from embedlab.formats.word_lists import ListedWords, is_short_json
from embedlab.vectors.word_vectors import WordVectors

_LONGEST_HEADER = 100 * MB  # the format's own limit
_MOST_ITEMS = 500_000  # of JSON; a tensor takes about 12, and all words are one
_MOST_AXES = 64  # as in NumPy
_BLOCK = 4 * MB
_DAMAGES = (ValueError, TypeError, KeyError, AttributeError, RecursionError)
_DTYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2"}
_DTYPES |= {"I8": "|i1", "U8": "|u1", "I16": "<i2", "I32": "<i4"}
_REALS = ("F64", "F32", "F16", "BF16")
_INTEGERS = ("I64", "I32", "I16", "I8", "U64", "U32", "U16", "U8")  # of a mapping
_OTHERS = {"I64": "<i8", "U64": "<u8", "U32": "<u4", "U16": "<u2"}  # no vectors are of these types
_READABLE = f"Vectors need one: (words, dimensions), of type {', '.join(_DTYPES)}."
_STATIC = ("embeddings", "embedding.weight")  # model2vec's name, and that of sentence-transformers
_INPUT = re.compile(  # as they are called in the models of transformers
    r"^(embeddings|embeddings?\.weight)$|(^|\.)(word_embeddings?|wte|embed_tokens|tok_embeddings|shared|embed_in"
    r"|token_embeddings?|tokens_embed|emb)\.weight$|(^|\.)(backbone|rwkv|transformer)\.embeddings?\.weight$"
)
_OUTPUT = re.compile(r"(^|\.)(lm_head|embed_out)\.weight$")
_TIED = (
    "“{}” is the model's output layer. It is its input embeddings too if “tie_word_embeddings” in its config.json is "
    "true; otherwise these are not the vectors that it reads words by."
)
_MODEL = "the model"  # of several files
_SCALES = re.compile(r"scales?|absmax|scb|biases|qzeros|zero_points?", re.IGNORECASE)


class Tensor(NamedTuple):
    """One entry of the header: where its numbers are, in bytes after the header, and what they are."""

    kind: str  # as the format calls it: "F32"
    shape: tuple[int, ...]
    start: int
    end: int

    @property
    def readable(self) -> bool:
        """Whether it is a matrix whose numbers may be vectors."""
        return self.kind in _DTYPES and len(self.shape) == 2

    @property
    def dtype(self) -> np.dtype[Any]:
        return np.dtype((_DTYPES | _OTHERS).get(self.kind, "V1"))


def read_safetensors(source: Source, *, words: ListedWords | None, member: str | None) -> Collector:
    """Reads one two-dimensional tensor of a file: the one called `member`, the input embeddings, or the only one.

    Rows of model2vec are mapped and weighted; rows after a tokenizer's last token are left out.

    Raises:
        SeveralFiles: several matrices, none of them or more than one with the name of input embeddings, and `member`
            names none of them.
        VectorFileError: a header that does not fit the bytes, no matrices, no words.
    """
    tensors, stored = _read_header(source)
    name, note = _choose(source, tensors, member)
    tensor = tensors[name]
    _check_bytes(source, tensor)
    if words is None:
        if stored is None:
            remedy = "Give the words beside it: the model's tokenizer.json, or one a line, in the same order."
            raise source.refusal("a tensor without words", remedy, asks="words")
        words = ListedWords(_words(source, stored, max(tensor.shape, default=0)))
    _check_layout(source, tensors)
    notes = [note] if note else []
    parts = _static_parts(source, tensors, name, words, notes) if name in _STATIC else {}
    rows = _read_static(source, tensor, words, parts) if parts else _read_plain(source, tensor, words)
    rows.format = "safetensors"
    rows.notes[:0] = notes
    return rows


def read_names(source: Source) -> dict[str, tuple[int, ...]]:
    """The names and shapes of all tensors; reads the header only."""
    return {name: tensor.shape for name, tensor in _read_header(source)[0].items()}


def choose_shard(
    files: Mapping[str, Callable[[], Source]], *, index: bytes | None = None, member: str | None = None
) -> tuple[str, str | None]:
    """Which of a model's files holds its input embeddings, or the tensor called `member`; and that member.

    Args:
        files: by name, functions that open each safetensors file anew; only headers are read.
        index: what is in model.safetensors.index.json, which names the file of each tensor.

    Raises:
        SeveralFiles: none or several tensors are called as input embeddings are, and `member` is none of the tensors;
            or the tensor is in several files.
        VectorFileError: the file that holds it is not there; names it.
    """
    if len(files) == 1 and index is None:
        return next(iter(files)), member
    places: dict[str, list[str]] = {}  # files of each matrix
    for file, opened in files.items():
        for name, tensor in _read_header(opened())[0].items():
            if len(tensor.shape) == 2:
                places.setdefault(name, []).append(file)
    listed = {} if index is None else _read_index(index)
    everywhere = {*places, *listed}
    if member is not None:
        name = member
    elif picked := input_embeddings(everywhere):
        name = picked[0]
    elif len(places) == 1:
        name = next(iter(places))
    else:
        raise _several(_MODEL, places, "")
    if len(there := places.get(name, [])) == 1:
        return there[0], member
    if there:
        error = refusal(
            _MODEL,
            f"{shown_name(name)} is in several files: {_listed(shown_name(file) for file in there[:10])}",
            "Choose one of them by its name.",
            kind=SeveralFiles,
        )
        assert isinstance(error, SeveralFiles)
        error.members, error.noun = tuple(there), "file of the model"
        raise error
    if name in listed and listed[name] not in {file.rsplit("/", 1)[-1] for file in files}:
        missing = shown_name(listed[name])
        raise refusal(_MODEL, f"{shown_name(name)} is in {missing}, which is not there", f"Add {missing} to the files.")
    raise _several(_MODEL, places, f"no matrix “{shown_name(name)}”")


def _read_index(index: bytes) -> dict[str, str]:
    """The file of each tensor, as model.safetensors.index.json names them."""
    try:
        if len(index) > _LONGEST_HEADER or not is_short_json(index, _MOST_ITEMS):
            raise ValueError("too long")
        files = json.loads(index)["weight_map"]
        if not all(isinstance(file, str) for file in files.values()):
            raise TypeError("a file name")
    except _DAMAGES:
        raise refusal(
            "model.safetensors.index.json", "this is no index of a model's files", "Leave it out, or get it again."
        ) from None
    return dict(files)


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


def _read_header(source: Source) -> tuple[dict[str, Tensor], object]:
    """All tensors by name, and the words of the metadata as they are there."""
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
        return tensors, (header.get("__metadata__") or {}).get("words")
    except _DAMAGES:
        raise _damaged(source) from None


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


def _choose(source: Source, tensors: Mapping[str, Tensor], member: str | None) -> tuple[str, str]:
    """The tensor to read, and a sentence on the choice or ""."""
    matrices = [name for name, tensor in tensors.items() if len(tensor.shape) == 2]
    readable = [name for name in matrices if tensors[name].readable]
    if member is not None and member not in tensors:
        raise _several(source.name, readable, f"no “{shown_name(member)}”")
    if member is not None:
        name, note = member, ""
    elif picked := input_embeddings(matrices):
        name, note = picked
    elif len(readable) == 1:
        name, note = readable[0], ""
    elif readable:
        raise _several(source.name, readable, "")
    else:
        held = [f"{name} of type {tensor.kind}" for name, tensor in sorted(tensors.items())[:10]]
        raise source.refusal(f"no two-dimensional tensors (it holds {_listed(held)})", _READABLE)
    tensor = tensors[name]
    if not tensor.readable:
        there = f"{shown_name(name)} of type {shown_name(tensor.kind)} and shape {tensor.shape}"
        raise source.refusal(f"no matrix of vectors in its place (it holds {there})", _READABLE)
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


def _several(file: str, names: Collection[str], missing: str) -> VectorFileError:
    """The error that asks for one of these matrices."""
    what = missing or f"{'several' if names else 'no'} two-dimensional tensors"
    error = refusal(
        file,
        f"{what} (it holds {_listed(sorted(names)[:10])})",
        "Choose one by its name." if names else _READABLE,
        kind=SeveralFiles if names else VectorFileError,
    )
    if isinstance(error, SeveralFiles):
        error.members, error.noun = tuple(sorted(names)), "matrix in the file"
    return error


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "nothing"


def _check_bytes(source: Source, tensor: Tensor) -> None:
    """Refuses a tensor that has more or fewer bytes than its shape needs."""
    found = tensor.end - tensor.start
    if found != math.prod(tensor.shape) * tensor.dtype.itemsize:
        raise source.refusal(f"{found:,} bytes for a tensor of shape {tensor.shape}", "The file is damaged.")


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


def _static_parts(
    source: Source, tensors: Mapping[str, Tensor], name: str, words: ListedWords, notes: list[str]
) -> dict[str, Tensor]:
    """The tensors "mapping" and "weights", where they hold one number for each word; says where one does not.

    Raises VectorFileError: the words are as many as neither the mapping's tokens nor the matrix's rows.
    """
    parts: dict[str, Tensor] = {}
    for part, kinds in (("mapping", _INTEGERS), ("weights", _REALS)):
        if (tensor := tensors.get(part)) is None:
            continue
        rows = tensors[name].shape[0] if part == "mapping" else parts.get("mapping", tensors[name]).shape[0]
        if tensor.kind in kinds and len(tensor.shape) == 1 and words.fitting(tensor.shape[0]):
            _check_bytes(source, tensor)
            parts[part] = tensor
        elif words.fitting(rows):
            notes.append(f"“{part}” was not applied: it is not one number for each of {counted(rows, 'row')}.")
        else:
            raise source.refusal(
                f"{counted(len(words.words), 'word')}, {counted(rows, 'row')} and “{part}” of shape {tensor.shape}",
                SAME_NUMBER,
                asks="words",
            )
    return parts


def _read_static(source: Source, tensor: Tensor, words: ListedWords, parts: Mapping[str, Tensor]) -> Collector:
    """Rows of model2vec, computed in the types that its own rows are computed in."""
    if 0 in tensor.shape:
        raise source.refusal(f"an array of shape {tensor.shape}", "Vectors need one row and one number at least.")
    stored, dimensions = tensor.shape
    found = words.fitting(parts.get("mapping", tensor).shape[0])
    if found is None:
        raise source.refusal(
            f"{counted(len(words.words), 'word')} and {counted(stored, 'row')}", SAME_NUMBER, asks="words"
        )
    listed, notes = found
    rows = Collector(source.name, dimensions, source.limits, expected=len(listed))
    arrays, begin = {}, source.position
    for name, part in sorted({**parts, "embeddings": tensor}.items(), key=lambda item: item[1].start):
        skip(source, begin + part.start - source.position, "the tensors")
        arrays[name] = _whole(source, part)
    matrix, mapping, weights = arrays["embeddings"], arrays.get("mapping"), arrays.get("weights")
    if mapping is not None and mapping.size and not 0 <= int(mapping.min()) <= int(mapping.max()) < stored:
        raise source.refusal(
            f"“mapping” names the rows {int(mapping.min()):,} to {int(mapping.max()):,}, and there are {stored:,}",
            "The file is damaged: get it again.",
        )
    step = max(1, _BLOCK // (8 * dimensions))
    for start in range(0, len(listed), step):
        end = min(start + step, len(listed))
        block = matrix[start:end] if mapping is None else matrix[mapping[start:end]]  # (r, D)
        if weights is not None:
            with np.errstate(over="ignore", invalid="ignore"):
                block = block * weights[start:end, None]
        rows.add(listed[start:end], block, range(start + 1, end + 1))
    if tensor.kind not in ("F32", "BF16"):
        rows.notes.append(f"The numbers were {tensor.dtype}; they were turned into float32.")
    if mapping is not None:
        rows.notes.append(f"Each of {counted(len(listed), 'word')} has one of {counted(stored, 'row')}, by “mapping”.")
    if weights is not None:
        rows.notes.append("Each row was multiplied by its number in “weights”, as model2vec does.")
    rows.notes += notes
    return rows


def _whole(source: Source, tensor: Tensor) -> Array:
    """All numbers of a tensor; memory is taken as they arrive."""
    needed = tensor.end - tensor.start
    if needed > source.limits.memory_bytes:
        raise source.too_large(
            f"a tensor of {size(needed)}; at most {size(source.limits.memory_bytes)} are allowed",
            "Save it with weights and mapping applied.",
        )
    data = np.empty(needed, np.uint8)
    for start in range(0, needed, _BLOCK):
        part = source.read_exactly(min(_BLOCK, needed - start), "the tensors")
        data[start : start + len(part)] = np.frombuffer(part, np.uint8)
    array = data.view(tensor.dtype).reshape(tensor.shape)
    return (array.astype("<u4") << 16).view("<f4") if tensor.kind == "BF16" else array


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
