"""Raw float32: the numbers of a matrix row after row and nothing else, as the Embedding Projector's tensors.bytes."""

from collections.abc import Iterable, Sequence
from io import BytesIO

import numpy as np

from embedlab.formats.collector import Collector
from embedlab.formats.limits import MB, shown_word
from embedlab.formats.packed.source import Source
from embedlab.formats.word_lists import ListedWords
from embedlab.wording import counted

_NEEDED = "Raw numbers need 4 bytes (little-endian float32) for each number, and as many rows as words."
_LARGEST = 1e15  # of bytes that are something else, some read as a larger number or as NaN
_SAMPLE = MB // 16  # bytes that tell the type; a multiple of 8
_MOST, _SOME = 0.98, 0.4


def read_raw(source: Source, words: ListedWords) -> Collector:
    """Reads the (V, D) numbers of V words; D follows from the size.

    Raises VectorFileError: a size that does not fit, or bytes that are no float32.
    """
    source = _of_known_size(source)
    size = source.total or 0
    listed, notes = _fitting(source, size, words)
    if kind := _other_type(source.peek(_SAMPLE)):
        raise source.refusal(f"these bytes look like {kind}", "Write them as little-endian float32.")
    dimensions = size // 4 // len(listed)
    rows = Collector(source.name, dimensions, source.limits)
    rows.check_size(len(listed))
    rows.make_room(len(listed))
    step = max(1, MB // (4 * dimensions))
    for start in range(0, len(listed), step):
        part = listed[start : start + step]
        block = np.frombuffer(source.read_exactly(4 * dimensions * len(part), "the numbers"), "<f4")
        if not np.isfinite(block).all() or np.abs(block).max() > _LARGEST:
            raise source.refusal("these bytes are no float32 numbers", _NEEDED)
        rows.add(part, block.reshape(-1, dimensions), range(start + 1, start + len(part) + 1))
    rows.format = "raw float32"
    said = f"{size:,} bytes for {counted(len(listed), 'word')} make {counted(dimensions, 'number')} each."
    rows.notes += [*notes, said]
    return rows


def _of_known_size(source: Source) -> Source:
    """The same bytes; what comes unpacked has to be there before it can be counted."""
    if source.total is not None:
        return source
    whole = BytesIO()
    while part := source.read(MB):
        whole.write(part)
        if whole.tell() > source.limits.memory_bytes:
            raise source.too_large("more numbers than fit into memory", "Keep fewer rows.")
    size = whole.tell()
    whole.seek(0)
    return Source(whole.read, name=source.name, limits=source.limits, total=size, packed=source.packed)


def _fitting(source: Source, size: int, words: ListedWords) -> tuple[Sequence[str | None], list[str]]:
    """The words whose number divides the file; without a first line that names the column, where only that will do."""
    every = words.for_rows(len(words.words))
    choices = (words.for_rows(len(every[0]) - 1), every)
    found = _dividing(size, choices)
    full = len(every[0]) - list(every[0]).count("")
    if full < len(every[0]):
        without = [c for c in map(words.for_rows, (full - 1, full)) if 0 < len(c[0]) <= full]
        if found and _dividing(size, without):
            raise source.refusal(
                f"{counted(size, 'byte')} fit {counted(len(every[0]), 'line')} of words and those that are not blank",
                "Take the blank lines out of the list of words.",
                asks="words",
            )
        found = found or _dividing(size, without)
    if len(found) == 2 and len(found[0][0]) != len(found[1][0]) and not words.says_heading:
        raise source.refusal(
            f"{counted(size, 'byte')} fit {counted(len(every[0]), 'word')} and one less",
            f"Say whether the first line of the words, {shown_word(str(words.first))}, is a heading.",
            asks="columns",
        )
    if found:
        return found[0]
    raise source.refusal(
        f"{counted(size, 'byte')} and {counted(len(every[0]), 'word')}",
        f"{_NEEDED}{words.mismatch(len(every[0]) - 1)}",
        asks="words",
    )


_Choice = tuple[Sequence[str | None], list[str]]


def _dividing(size: int, choices: Iterable[_Choice]) -> list[_Choice]:
    """Lists of words of which each may have as many of the numbers."""
    return [choice for choice in choices if choice[0] and size and size % (4 * len(choice[0])) == 0]


def _other_type(head: bytes) -> str:
    """Which other type of numbers these bytes rather are, if they are."""
    usual = {kind: _share(head, kind) for kind in ("<f4", ">f4", "<f8", "<f2")}
    zeros = {kind: float((np.frombuffer(head[: len(head) // 8 * 8], kind) == 0).mean()) for kind in ("<f4", "<f2")}
    if len(head) < 8:
        return ""
    # The halves of short numbers are zeros: a float32 of few digits seen as float16, a float64 seen as float32.
    if usual["<f2"] > _MOST and zeros["<f2"] < _SOME:
        return "float16"
    if usual["<f8"] > _MOST and (usual["<f4"] < _MOST or zeros["<f4"] > _SOME):
        return "float64"
    return "big-endian float32" if usual["<f4"] < 0.5 and usual[">f4"] > _MOST else ""


def _share(head: bytes, kind: str) -> float:
    """Share of numbers other than zero that have the size of a vector's, read as this type."""
    with np.errstate(all="ignore"):
        size = np.abs(np.frombuffer(head[: len(head) // 8 * 8], kind).astype(np.float64))
        size = size[size != 0]
        return float(((size > 1e-3) & (size < 1e3)).mean()) if size.size else 0.0
