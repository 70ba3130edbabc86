"""Static embeddings of model2vec: two tensors beside the matrix may say how a token's row is made.

The row is ``embeddings[mapping[token]] * weights[token]``. Source: https://github.com/MinishLab/model2vec
"""

from collections.abc import Mapping

import numpy as np

from embedlab.arrays import Array
from embedlab.formats.binary.tensors import Tensor, check_bytes, skip
from embedlab.formats.collector import Collector
from embedlab.formats.limits import MB, SAME_NUMBER, size
from embedlab.formats.packed.source import Source
from embedlab.formats.word_lists import ListedWords
from embedlab.wording import counted

STATIC = ("embeddings", "embedding.weight")  # model2vec's name of the matrix, and that of sentence-transformers
BLOCK = 4 * MB
_REALS = ("F64", "F32", "F16", "BF16")
_INTEGERS = ("I64", "I32", "I16", "I8", "U64", "U32", "U16", "U8")  # of a mapping


def static_parts(
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
            check_bytes(source, tensor)
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


def read_static(source: Source, tensor: Tensor, words: ListedWords, parts: Mapping[str, Tensor]) -> Collector:
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
    step = max(1, BLOCK // (8 * dimensions))
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
    for start in range(0, needed, BLOCK):
        part = source.read_exactly(min(BLOCK, needed - start), "the tensors")
        data[start : start + len(part)] = np.frombuffer(part, np.uint8)
    array = data.view(tensor.dtype).reshape(tensor.shape)
    return (array.astype("<u4") << 16).view("<f4") if tensor.kind == "BF16" else array
