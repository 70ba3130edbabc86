"""Raw float32: the numbers of a matrix row after row and nothing else, as the Embedding Projector's tensors.bytes."""

import numpy as np

from embedlab.formats.collector import Collector
from embedlab.formats.limits import MB, counted
from embedlab.formats.packed.source import Source
from embedlab.formats.word_lists import ListedWords

_NEEDED = "Raw numbers need 4 bytes (little-endian float32) for each number, and as many rows as words."
_LARGEST = 1e15  # of bytes that are something else, some read as a larger number or as NaN


def read_raw(source: Source, words: ListedWords) -> Collector:
    """Reads the (V, D) numbers of V words; D follows from the size.

    Raises VectorFileError: a size that does not fit, or bytes that are no float32.
    """
    size = source.total
    if size is None:  # unpacked on the way: they have to be there before they can be counted
        data = source.peek(source.limits.memory_bytes + 1)
        size = len(data)
    listed, notes = words.for_rows(len(words.words))
    if size % 4 or not listed or (size // 4) % len(listed) or size == 0:
        raise source.refusal(f"{counted(size, 'byte')} and {counted(len(listed), 'word')}", _NEEDED, asks="words")
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
