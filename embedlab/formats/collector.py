"""Collecting rows: each row of a file is checked, counted, and kept in one matrix or dropped."""

from collections.abc import Sequence

import numpy as np

from embedlab.arrays import Floats, Reals, frozen
from embedlab.formats.limits import KEEP_FEWER, Limits, counted, refusal, shown_word, size, too_large
from embedlab.formats.report import EMPTY, INFINITE, NAN, NOT_UTF8, REPEATED, ZERO, Dropped, LoadReport
from embedlab.vectors.word_vectors import WordVectors

_PLACES = 20  # line numbers remembered for each reason
_BINS = 20


class Collector:
    """Gathers words and rows block by block.

    A row is dropped, and counted, when its word is missing, empty or came before, or when its numbers are not finite or
    all zero. Finite means in float32, to which every number is rounded (text by way of float64, as gensim does).

    Args:
        name: the file's, for messages.
        dimensions: D.
        limits: rows and bytes of memory, and how many rows are kept.
        place: "line" or "row": what the numbers given to `add` count.
        expected: rows to make room for at first. Room is not memory until rows are written to it.

    Attributes:
        format, encoding, header, notes, blank_lines: for the report; set by the reader.
    """

    def __init__(self, name: str, dimensions: int, limits: Limits, *, place: str = "row", expected: int = 0) -> None:
        if dimensions > limits.dimensions:
            raise too_large(
                name,
                f"{dimensions:,} dimensions, and at most {limits.dimensions:,} are allowed",
                "Reduce the vectors' dimensions first (PCA), or check that the file is what it should be.",
            )
        self.name, self.dimensions, self.limits, self.place = name, dimensions, limits, place
        self.format, self.encoding = "", "utf-8"
        self.header: tuple[int, int] | None = None
        self.notes: list[str] = []
        self.blank_lines = 0
        self.rows_read = 0
        self.words: list[str] = []
        self._seen: set[str] = set()
        self._dropped: dict[str, tuple[tuple[int, ...], int]] = {}  # reason: first places, count
        self._norms: list[Reals] = []
        self._past = 0  # rows that were good, but came after those to keep
        self.check_size(expected)
        self._matrix = np.empty((self._kept_of(expected), dimensions), np.float32)  # (room, D)

    def _kept_of(self, rows: int) -> int:
        return rows if self.limits.keep is None else min(rows, self.limits.keep)

    def check_size(self, rows: int) -> None:
        """Refuses more rows than the limits allow."""
        needed = self._kept_of(rows) * self.dimensions * 4
        if rows > self.limits.rows or needed > self.limits.memory_bytes:
            raise too_large(
                self.name,
                f"{rows:,} rows of {counted(self.dimensions, 'number')} take {size(needed)} of memory; at most "
                f"{self.limits.rows:,} rows and {size(self.limits.memory_bytes)} are allowed",
                KEEP_FEWER,
            )

    def make_room(self, rows: int) -> None:
        """Room for this many rows in all; a guess from the file's size, cut to what the limits allow."""
        rows = min(self._kept_of(rows), self.limits.rows, self.limits.memory_bytes // (4 * self.dimensions))
        if not self.words:
            self._matrix = np.empty((rows, self.dimensions), np.float32)  # resize would write zeros to every page
        elif rows > len(self._matrix):
            self._matrix.resize((rows, self.dimensions), refcheck=False)

    def add(self, words: Sequence[str | None], block: Floats, places: Sequence[int]) -> None:
        """Takes r rows: r words (None: not UTF-8), an (r, D) block of any float type, their places in the file."""
        with np.errstate(over="ignore", invalid="ignore"):
            block = block.astype(np.float32, copy=False)  # (r, D)
            norms = _lengths(block)  # (r,)
        self.rows_read += len(words)
        fresh = set(words)
        sound = bool(np.isfinite(norms).all() and norms.all())
        if not (sound and len(fresh) == len(words) and fresh.isdisjoint(self._seen) and not fresh & {"", None}):
            kept = self._sift(words, norms, places)
            words, block, norms = [words[i] for i in kept], block[kept], norms[kept]
        clean: list[str] = words  # type: ignore[assignment]  # no None is left
        self._check_words(clean, places)
        start, end = len(self.words), len(self.words) + len(clean)
        self.check_size(end + self._past)
        if (room := self._kept_of(end) - start) < len(clean):
            self._past += len(clean) - room
            clean, block, norms, end = clean[:room], block[:room], norms[:room], start + room
        if end > len(self._matrix):
            self.make_room(end + end // 2)
        self._matrix[start:end] = block
        self.words.extend(clean)
        self._seen.update(clean)
        self._norms.append(norms)

    def _sift(self, words: Sequence[str | None], norms: Reals, places: Sequence[int]) -> list[int]:
        """Positions of the rows to keep; the others are counted."""
        dropped: dict[str, list[int]] = {
            NAN: np.flatnonzero(np.isnan(norms)).tolist(),
            INFINITE: np.flatnonzero(np.isinf(norms)).tolist(),
            ZERO: np.flatnonzero(norms == 0).tolist(),
        }
        kept, repeated, seen = [], [], self._seen
        for i in np.flatnonzero(np.isfinite(norms) & (norms > 0)).tolist():
            word = words[i]
            if word in seen:
                repeated.append(i)
            elif word:
                seen.add(word)
                kept.append(i)
            else:
                dropped.setdefault(NOT_UTF8 if word is None else EMPTY, []).append(i)
        for reason, positions in (dropped | {REPEATED: repeated}).items():
            if positions:
                first, count = self._dropped.get(reason, ((), 0))
                room = _PLACES - len(first)
                self._dropped[reason] = (*first, *(int(places[i]) for i in positions[:room])), count + len(positions)
        return kept

    def _check_words(self, words: list[str], places: Sequence[int]) -> None:
        longest = max(words, key=len, default="")
        if len(longest) * 4 > self.limits.word_bytes and len(longest.encode()) > self.limits.word_bytes:
            raise too_large(
                self.name,
                f"a word of {len(longest.encode()):,} bytes, {shown_word(longest)}",
                f"At most {self.limits.word_bytes:,} bytes are allowed: check that the file is a vector file.",
                at=f"between {self.place}s {places[0]:,} and {places[-1]:,}",
            )

    def finish(self, *, packed: str, seconds: float, source: str) -> tuple[WordVectors, LoadReport]:
        """The vectors and the report; the collector is spent. Raises VectorFileError: no row is left."""
        dropped = {reason: Dropped(count, places) for reason, (places, count) in self._dropped.items()}
        if not self.words:
            why = ", ".join(f"{counted(d.count, 'row')} dropped ({r})" for r, d in dropped.items()) or "no rows"
            raise refusal(self.name, f"nothing to load: {why}", "A vector file needs one row with numbers at least.")
        self._matrix.resize((len(self.words), self.dimensions), refcheck=False)
        frozen(self._matrix)
        if self._past:
            self.notes.append(
                f"Kept the first {counted(len(self.words), 'word')} only, as asked; {self._past:,} more came after."
            )
        norms = np.concatenate(self._norms).astype(np.float64)  # (V,)
        low, high = float(norms.min()), float(norms.max())
        # numpy.histogram refuses ranges that are narrow for their magnitude.
        bins = np.floor((norms - low) / max(high - low, 1e-300) * _BINS).astype(int)
        counts, edges = np.bincount(bins.clip(0, _BINS - 1), minlength=_BINS), np.linspace(low, high, _BINS + 1)
        report = LoadReport(
            name=self.name, format=self.format, encoding=self.encoding, packed=packed, rows_read=self.rows_read,
            rows=len(self.words), dimensions=self.dimensions, dropped=dropped, place=self.place,
            blank_lines=self.blank_lines, header=self.header, seconds=seconds,
            norm_counts=tuple(int(n) for n in counts), norm_edges=tuple(float(e) for e in edges),
            notes=tuple(self.notes),
        )  # fmt: skip
        words, self._seen = self.words, set()
        return WordVectors(words, self._matrix, source=source), report


def _lengths(block: Floats) -> Reals:
    """(r,) lengths of (r, D) float32 rows: NaN, infinite or zero where a row holds NaN, infinity, or only zeros."""
    squares = np.einsum("ij,ij->i", block, block)
    if not (squares.size and squares.min() > 1e-30 and squares.max() < 1e30):
        # Squares of float32 neither overflow nor vanish in float64.
        squares = np.einsum("ij,ij->i", block, block, dtype=np.float64)
    return np.asarray(np.sqrt(squares))
