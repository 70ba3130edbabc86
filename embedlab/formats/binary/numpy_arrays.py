"""NumPy arrays: .npy beside a list of words, and .npz with both.

Headers are read here, never by a function that could unpickle; an array's size must fit the bytes that are there.
"""

import ast
import re
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from embedlab.errors import UnsafeFormat
from embedlab.formats.collector import Collector
from embedlab.formats.detection import NPY_MAGIC, UNSAFE
from embedlab.formats.limits import GIVE_WORDS, KEEP_FEWER, MB, size
from embedlab.formats.packed.source import Source
from embedlab.wording import counted

if TYPE_CHECKING:  # which reads arrays itself
    from embedlab.formats.word_lists import ListedWords

_LONGEST_HEADER = 10_000  # bytes; NumPy's own limit
_BLOCK = 4 * MB


@dataclass(frozen=True)
class ArrayHeader:
    """What a .npy file says of its array."""

    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    fortran_order: bool

    @property
    def bytes(self) -> int:
        count = 1
        for length in self.shape:
            count *= length
        return count * self.dtype.itemsize

    @property
    def is_matrix(self) -> bool:
        return len(self.shape) == 2 and self.dtype.kind in "fiu"

    @property
    def is_words(self) -> bool:
        return len(self.shape) == 1 and self.dtype.kind in "US"


def read_header(source: Source) -> ArrayHeader:
    """Reads a .npy header.

    Raises:
        UnsafeFormat: an array of Python objects, which NumPy stores as a pickle.
        VectorFileError: not a header, or fewer bytes than the array needs.
    """
    start = source.read_exactly(8, "the .npy header")
    version = start[6]
    if not start.startswith(NPY_MAGIC) or version not in (1, 2, 3):
        raise source.refusal(f"a .npy header of version {version}", "Save it again with numpy.save.", at="byte 7")
    code, width = ("<H", 2) if version == 1 else ("<I", 4)
    (length,) = struct.unpack(code, source.read_exactly(width, "the header"))
    if length > _LONGEST_HEADER:
        raise source.refusal(f"a .npy header of {length:,} bytes", "Save one plain array with numpy.save.", at="byte 9")
    text = source.read_exactly(length, "the .npy header").decode("utf-8" if version == 3 else "latin-1", "replace")
    try:
        fields = ast.literal_eval(text.strip())
        descr, order, shape = fields["descr"], fields["fortran_order"], fields["shape"]
        if not (isinstance(descr, str | list) and isinstance(order, bool) and isinstance(shape, tuple)):
            raise ValueError
        if not all(type(n) is int and 0 <= n < 1 << 48 for n in shape) or len(shape) > 32:
            raise ValueError
        objects = re.search(r"['|]\|?O", repr(descr)) is not None
        dtype = None if objects else np.dtype(descr)
    except (ValueError, SyntaxError, TypeError, KeyError, IndexError, RecursionError, MemoryError, AttributeError):
        raise source.refusal(
            "the .npy header is damaged", "Save the array again with numpy.save.", at="byte 11"
        ) from None
    if dtype is None or dtype.hasobject:
        raise source.refusal("an array of Python objects, which is a pickle", UNSAFE, kind=UnsafeFormat)
    header = ArrayHeader(dtype, shape, order)
    source.expect(header.bytes, f"an array of shape {shape} and type {dtype}")
    return header


def read_npy(source: Source, *, words: "ListedWords | None") -> Collector:
    """Reads a .npy file whose rows belong to `words`."""
    header = read_header(source)
    if words is None:
        raise source.refusal(f"an array of shape {header.shape} without words", GIVE_WORDS, asks="words")
    return read_matrix(source, header, words)


def read_matrix(source: Source, header: ArrayHeader, words: "ListedWords") -> Collector:
    """Reads the (V, D) numbers that follow a header, a block of rows at a time."""
    if not header.is_matrix:
        raise source.refusal(
            f"an array of shape {header.shape} and type {header.dtype}",
            "Vectors need a two-dimensional array of numbers: (words, dimensions).",
        )
    rows_count, dimensions = header.shape
    fitting = words.fitting(rows_count)
    if fitting is None:
        listed, _ = words.for_rows(rows_count)
        turned = " The array looks transposed: save it as (words, dimensions)." if len(listed) == dimensions else ""
        raise source.refusal(
            f"{counted(len(listed), 'word')} and {counted(rows_count, 'row')} (an array of shape {header.shape})",
            f"Words and rows must be the same number, in the same order.{turned}{words.mismatch(rows_count)}",
            asks="words",
        )
    if dimensions == 0 or rows_count == 0:
        raise source.refusal(f"an array of shape {header.shape}", "Vectors need one row and one number at least.")
    listed, notes = fitting
    rows = Collector(source.name, dimensions, source.limits)
    rows.check_size(len(listed))
    rows.notes += notes
    if header.fortran_order and header.bytes > source.limits.memory_bytes:
        raise source.too_large(f"{size(header.bytes)} stored column by column", "Save it row by row (C order).")
    rows.format = "NumPy array"
    if header.dtype != np.float32:
        rows.notes.append(f"The numbers were {header.dtype}; they were turned into float32.")
    width = dimensions * header.dtype.itemsize
    if header.fortran_order:
        data = source.read_exactly(header.bytes, "the array")
        whole = np.frombuffer(data, header.dtype).reshape(dimensions, rows_count).T
        rows.add(listed, whole[: len(listed)], range(1, len(listed) + 1))
    else:
        step = max(1, _BLOCK // width)
        for start in range(0, rows_count, step):
            end = min(start + step, rows_count)
            words_here = listed[start:end]  # fewer, or none, where the last rows are padding
            data = source.read_exactly((end - start) * width, "the array")
            block = np.frombuffer(data, header.dtype).reshape(end - start, dimensions)
            rows.make_room(len(listed) if start == 0 else 0)
            if words_here:
                rows.add(words_here, block[: len(words_here)], range(start + 1, start + len(words_here) + 1))
    refuse_more(source)
    return rows


def read_strings(source: Source) -> list[str | None]:
    """Reads a one-dimensional .npy array of text, or refuses another; None for what is no text in Unicode."""
    header = read_header(source)
    if not header.is_words:
        raise source.refusal(
            f"an array of shape {header.shape} and type {header.dtype}", "Words need an array of text."
        )
    if header.shape[0] > source.limits.all_rows or header.bytes > source.limits.memory_bytes:
        raise source.too_large(
            f"{counted(header.shape[0], 'word')} in {size(header.bytes)}",
            KEEP_FEWER,
        )
    if header.dtype.itemsize == 0:
        raise source.refusal("the words have no letters", "Save them again as an array of text.")
    step = max(1, _BLOCK // header.dtype.itemsize)
    words: list[str | None] = []
    for start in range(0, header.shape[0], step):
        count = min(step, header.shape[0] - start)
        data = np.frombuffer(source.read_exactly(count * header.dtype.itemsize, "the words"), header.dtype)
        try:
            words += [as_text(word) for word in data.tolist()]
        except ValueError:  # a number above Unicode's last
            raise source.refusal("the words are not text", "Save them again as an array of text.") from None
    refuse_more(source)
    return words


def refuse_more(source: Source) -> None:
    """Refuses bytes after an array; looking for them also makes a zip verify its checksum."""
    if source.peek(1):
        raise source.refusal("bytes are left over after the array", "Save one plain array with numpy.save.")


def as_text(word: str | bytes) -> str | None:
    """A word in Unicode; None if it is not (bytes that are not UTF-8, half a surrogate pair)."""
    try:
        return word.decode("utf-8") if isinstance(word, bytes) else word.encode("utf-8").decode("utf-8")
    except UnicodeError:
        return None
