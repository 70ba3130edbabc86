"""word2vec binary: a line "V D", then V times a word, a space and D float32 (little-endian), perhaps a line end.

The format has no marks between rows: a wrong count, a space inside a word or a lost byte shifts all that follows. What
is then read looks wrong (words with control characters, numbers of any magnitude, bytes left over), and is refused.
"""

import re

import numpy as np

from embedlab.arrays import Floats
from embedlab.errors import VectorFileError
from embedlab.formats.collector import Collector
from embedlab.formats.limits import MB, shown_word
from embedlab.formats.packed.source import CUT_OFF, Source
from embedlab.formats.report import NOT_UTF8
from embedlab.formats.text.encodings import decoded
from embedlab.formats.text.layout import HEADER
from embedlab.wording import counted

_BLOCK = 2 * MB
_SHIFTED = (
    "The rows are out of step: the file is damaged, a word holds a space, or the header is wrong. "
    "Get it again, or export it as text."
)
_CONTROL = re.compile(rb"[\0-\x1f\x7f]")
_TEXT = re.compile(rb"[\x21-\x7e\x80-\xff]{1,60} ")  # what may be the rest of a word
_MANY = 7  # different numbers
_ABSURD = 1e15  # cosine in float32 fails from 1e19 on; real vectors stay below 1,000
_TIMES_USUAL = 1e10
_TINY = 1e-15  # four bytes of text that end in a space are a number of about 1e-19
_MOST_SPACES = 8  # in a word
_TELLING = 8  # of this many numbers read one byte early or late, one is absurd in 95 of 100 rows


def read_binary(source: Source, *, encoding: str | None = None) -> Collector:
    """Reads a word2vec binary file to its end.

    Raises VectorFileError: too few bytes, bytes left over, or rows out of step.
    """
    match = HEADER.match(source.peek(64))
    if match is None:
        raise source.refusal("no header “rows dimensions”", "word2vec binary starts with such a line.", at="line 1")
    source.read(match.end())
    promised, dimensions = int(match[1]), int(match[2])
    if promised == 0 or dimensions == 0:
        raise source.refusal(f"header says {promised} rows of {dimensions} numbers", "Mend the header.", at="line 1")
    rows = Collector(source.name, dimensions, source.limits)
    least = promised - min(promised, rows.most_odd(promised))
    source.expect(int(least) * (4 * dimensions + 1), f"header says {counted(promised, 'row')}: this")
    rows.check_size(promised)
    rows.make_room(promised if source.total else 0)
    rows.format, rows.encoding, rows.header = "word2vec binary", encoding or "utf-8", (promised, dimensions)
    reader = _Records(source, rows, dimensions, encoding)
    while data := source.read(_BLOCK):
        reader.take(data)
    reader.take(b"", last=True)
    reader.finish(promised)
    return rows


class _Records:
    """Splits blocks of bytes into records."""

    def __init__(self, source: Source, rows: Collector, dimensions: int, encoding: str | None) -> None:
        self.source, self.rows, self.bytes, self.encoding = source, rows, 4 * dimensions, encoding
        self.rest = b""
        self.seen = 0  # records
        self.joined = 0  # of them, those whose word holds spaces
        self.usual = 0.0  # median over the first rows of the largest magnitude in each

    def take(self, data: bytes, *, last: bool = False) -> None:
        """Adds the records in these bytes; the last one waits for what follows it, until there is no more."""
        data, start = self.rest + data, 0
        words: list[str | None] = []
        starts: list[int] = []
        places: list[int] = []
        begin = None  # of the last record
        while (blank := self._word_end(data, start)) >= 0 and len(data) - blank - 1 >= self.bytes:
            if not data[start:blank].strip(b"\r\n") and data[blank + 1 : blank + 2] == b" ":
                if self._is_vector(data, blank + 2) and not self._is_vector(data, blank + 1):
                    start = blank = blank + 1  # a word that is a blank, and so none
                if len(data) - blank - 1 < self.bytes:
                    break
            if _TEXT.match(data, blank + 1) and not self._is_vector(data, blank + 1):
                later = self._later_blank(data, start, blank)
                if later and len(data) - later - 1 < self.bytes:
                    break
                blank = later or blank
            self.seen += 1
            begin, start, word = start, blank + 1 + self.bytes, data[start:blank].lstrip(b"\r\n")
            try:
                words.append(self._decoded(word))
                starts.append(blank + 1)
                places.append(self.seen)
            except VectorFileError as error:
                if error.asks != "encoding":
                    raise
                self.rows.leave_out(NOT_UTF8, self.seen, error)
                begin = None
        if begin is not None and not last:
            start, self.seen = begin, self.seen - 1
            for ends in (words, starts, places):
                ends.pop()
        self.rest = data[start:]
        if words:
            self.joined += sum(" " in word for word in words if word)
            windows = np.lib.stride_tricks.sliding_window_view(np.frombuffer(data, np.uint8), self.bytes)
            block = windows[starts].view("<f4")  # (r, D)
            self._check(block, words, places)
            self.rows.add(words, block, places)

    def _word_end(self, data: bytes, start: int) -> int:
        """Where the word that starts here ends; -1 where these bytes end before."""
        longest = self.source.limits.word_bytes + 2
        blank = data.find(b" ", start, start + longest)
        if blank < 0 and len(data) - start >= longest:
            raise self._shifted(self.seen + 1, f"no word ends within {longest - 2:,} bytes")
        return blank

    def _later_blank(self, data: bytes, begin: int, blank: int) -> int | None:
        """Where a word ends that holds spaces itself: before numbers and another word; None: it holds none."""
        for _ in range(_MOST_SPACES):
            blank = data.find(b" ", blank + 1, begin + self.source.limits.word_bytes)
            if blank < 0 or not self._is_word(data[begin:blank]):
                return None
            if self._is_vector(data, blank + 1):
                return blank
        return None

    def _is_vector(self, data: bytes, start: int) -> bool:
        """Whether these bytes may be a vector with another word, or nothing, behind it."""
        end = start + self.bytes
        there = min(self.bytes, len(data) - start)
        sizes = np.abs(np.frombuffer(data, "<f4", count=there // 4, offset=start))
        with np.errstate(invalid="ignore"):
            if ((sizes > 0) & ~((sizes > _TINY) & (sizes < _ABSURD))).any():
                return False
        following = data.find(b" ", end, end + self.source.limits.word_bytes)
        return following < 0 or self._is_word(data[end:following])

    def _is_word(self, word: bytes) -> bool:
        word = word.lstrip(b"\r\n")
        try:
            return bool(word) and not _CONTROL.search(word) and bool(decoded(word, self.encoding, name="", at=""))
        except VectorFileError:
            return False

    def _decoded(self, word: bytes) -> str | None:
        """The word; None where bytes that are no UTF-8 are dropped and nothing is left."""
        if _CONTROL.search(word):
            raise self._shifted(self.seen, f"{shown_word(word)} is no word")
        return decoded(word, self.encoding, name=self.source.name, at=f"row {self.seen:,}")

    def _check(self, block: Floats, words: list[str | None], places: list[int]) -> None:
        """Refuses numbers that look big-endian or shifted by some bytes."""
        with np.errstate(all="ignore"):
            largest = np.nan_to_num(np.abs(block).max(axis=1), nan=0.0, posinf=0.0).astype(np.float64)  # (r,)
        if not self.rows.words:
            sample = block[:1000]
            # A few numbers can look odd by themselves; many different ones cannot.
            telling = len(np.unique(sample)) > _MANY
            if telling and _plausible(sample) < 0.5 and _plausible(sample.view(">f4")) > 0.9:
                raise self.source.refusal(
                    "the numbers are big-endian", "Convert them to little-endian, or export as text.", at="row 1"
                )
            self.usual = float(np.median(largest))
        wild = np.flatnonzero((largest > _ABSURD) & (largest > _TIMES_USUAL * self.usual))
        if len(wild):
            row = int(wild[0])
            cause = f"the vector of {shown_word(words[row] or '')} holds {largest[row]:.1e}"
            if block.shape[1] >= _TELLING:
                raise self._shifted(places[row], cause)
            self.rows.notes.append(f"Row {places[row]:,}: {cause}; is that meant?")

    def _shifted(self, place: int, cause: str) -> VectorFileError:
        return self.source.refusal(cause, _SHIFTED, at=f"row {place:,}")

    def finish(self, promised: int) -> None:
        """Checks that the file ends where a row ends, and how many there were."""
        if self.joined:
            self.rows.notes.append(f"{counted(self.joined, 'word')} with spaces; the format has no sign for them.")
        found = self.rows.rows_read
        if self.rest.strip(b"\r\n"):
            if found < promised:
                raise self.source.refusal(
                    f"header says {promised:,}, found {found:,} rows and a part of one",
                    CUT_OFF,
                    at=f"row {found + 1:,}",
                )
            raise self.source.refusal(f"{counted(len(self.rest), 'byte')} left over after row {found:,}", _SHIFTED)
        self.rows.check_promise(promised, CUT_OFF)


def _plausible(numbers: Floats) -> float:
    """Share of numbers of a magnitude that vectors have; zeros count."""
    with np.errstate(invalid="ignore"):
        magnitude = np.abs(numbers.astype(np.float32))
    return float(((magnitude == 0) | ((magnitude > 1e-7) & (magnitude < 1e5))).mean())
