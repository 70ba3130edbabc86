"""Collecting rows: each row of a file is checked, counted, and kept in one matrix or dropped."""

from collections.abc import Mapping, Sequence
from math import inf
from typing import Any

import numpy as np

from embedlab.arrays import Floats, Reals, frozen
from embedlab.errors import VectorFileError
from embedlab.formats.limits import (
    FEW_ODD,
    FEW_ODD_SHARE,
    KEEP_FEWER,
    Limits,
    refusal,
    shown_word,
    size,
    too_large,
)  # fmt: skip
from embedlab.formats.loaded_table import LoadedTable
from embedlab.formats.report import EMPTY, INFINITE, NAN, NOT_UTF8, REPEATED, TOO_LONG, ZERO, Dropped, LoadReport
from embedlab.formats.text.encodings import NotDecoded
from embedlab.vectors.subwords import Subwords
from embedlab.vectors.word_vectors import WordVectors
from embedlab.wording import counted

_PLACES = 20  # line numbers remembered for each reason
_BINS = 20
_HANDFUL = 5  # words
_TOLD = 3  # odd rows that are told of
_TELLING = 1_000  # words that are kept to tell encodings apart by


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
        format, encoding, packed, header, notes, blank_lines: for the report; set by the reader.
    """

    def __init__(self, name: str, dimensions: int, limits: Limits, *, place: str = "row", expected: int = 0) -> None:
        if dimensions > limits.dimensions:
            raise too_large(
                name,
                f"{dimensions:,} dimensions, and at most {limits.dimensions:,} are allowed",
                "Reduce the vectors' dimensions first (PCA), or check that the file is what it should be.",
            )
        self.name, self.dimensions, self.limits, self.place = name, dimensions, limits, place
        self.format, self.encoding, self.packed = "", "utf-8", ""
        self.header: tuple[int, int] | None = None
        self.notes: list[str] = []
        self.blank_lines = 0
        self.rows_read = 0
        self.words: list[str] = []
        self._seen: set[str] = set()
        self._dropped: dict[str, tuple[tuple[int, ...], int]] = {}  # reason: first places, count
        self._odd: list[VectorFileError] = []  # of the first rows that did not fit
        self._odd_count = 0
        self._not_decoded: list[bytes] = []  # words that are not in the file's encoding, the first ones
        self._columns: dict[str, list[Any]] = {}  # what a table says of each kept word beside its numbers
        self.subwords: Subwords | None = None  # of a fastText model; set by the reader
        self._norms: list[Reals] = []
        self._past = 0  # rows that were good, but came after those to keep
        self.stopped = False  # whether a reader left the rest of the file unread, as there were enough
        self.check_size(expected)
        self._matrix = np.empty((self._kept_of(expected), dimensions), np.float32)  # (room, D)

    @property
    def full(self) -> bool:
        """Whether there are as many words as are to be kept."""
        return self.limits.keep is not None and len(self.words) >= self.limits.keep

    def _kept_of(self, rows: int) -> int:
        return rows if self.limits.keep is None else min(rows, self.limits.keep)

    def check_size(self, rows: int) -> None:
        """Refuses more rows than the limits allow."""
        needed = self._kept_of(rows) * self.dimensions * 4
        if self._kept_of(rows) > self.limits.rows or needed > self.limits.memory_bytes:
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

    def leave_out(self, reason: str, place: int, error: VectorFileError) -> None:
        """Counts a row that does not fit, such as one with a number too few.

        Raises the error: what would be said if that row alone kept the file from being read, where no row or no more
        may be left out.
        """
        self.rows_read += 1
        self._odd_count += 1
        if len(self._odd) < _TOLD:
            self._odd.append(error)
        if isinstance(error, NotDecoded):
            if len(self._not_decoded) < _TELLING:
                self._not_decoded += error.words
            error.words = self._not_decoded  # those that follow tell encodings apart, too
        self._count_dropped(reason, [place])
        if self.limits.odd_rows == "none":
            raise error
        if self._odd_count > FEW_ODD:
            self._check_odd()

    def _check_odd(self) -> None:
        """Refuses a file with more than a few rows that do not fit."""
        if self._odd_count <= self.most_odd(self.rows_read):
            return
        if self._odd[0].asks == "encoding":
            raise self._odd[0]
        first = "; ".join(f"{error.at}: {error.cause}" for error in self._odd)
        raise refusal(
            self.name,
            f"{self._odd_count:,} of {counted(self.rows_read, self.place)} do not fit. {first}",
            "Mend or remove them; to leave them out, read it anyway.",
            asks="anyway",
        )

    def _check_lost_words(self) -> None:
        """Refuses a file of which more than one word in a hundred was not UTF-8, as its encoding is another one.

        A handful of words that were asked to be left out are left out, however many of the file they are.
        """
        places, lost = self._dropped.get(NOT_UTF8, ((), 0))
        few = max(_HANDFUL, self.rows_read // FEW_ODD_SHARE)
        if self.limits.odd_rows != "any" and lost > few:
            raise refusal(
                self.name,
                f"{lost:,} of {counted(self.rows_read, 'word')} are not UTF-8, the first of them on {self.place} "
                f"{places[0]:,}",
                "Choose the encoding that they are in; to leave them out, read it anyway.",
                asks="anyway",
            )

    def most_odd(self, rows: int) -> float:
        """How many of these rows may be missing or not fit."""
        few = min(FEW_ODD, max(1, rows // FEW_ODD_SHARE))
        return {"none": 0, "few": few, "any": inf}[self.limits.odd_rows]

    def check_promise(self, promised: int, remedy: str) -> None:
        """Compares the rows that were read with those that the file's header promises; a few may be missing."""
        self._check_odd()
        found = self.rows_read
        if self.limits.odd_rows == "none" and found > promised:
            said = f"header says {promised:,}, found {counted(found, 'row')}"
            raise refusal(self.name, said, "Correct the header, or read it without being strict.")
        if promised - (found - self._odd_count) > self.most_odd(promised):
            raise refusal(
                self.name,
                f"header says {promised:,}, found {counted(found, 'row')}",
                f"{remedy} If it is whole, correct its header, or read it anyway.",
                asks="anyway",
            )
        if not found - self._odd_count <= promised <= found:
            self.notes.append(f"header says {promised:,}, found {counted(found, 'row')}; all of them were read.")

    def add(
        self,
        words: Sequence[str | None],
        block: Floats,
        places: Sequence[int],
        columns: Mapping[str, Sequence[Any]] | None = None,
    ) -> None:
        """Takes r rows.

        Args:
            words: r words; None: not UTF-8.
            block: (r, D) of any float type.
            places: r places in the file.
            columns: what a table says of them beside word and numbers: r values under each name, the same names each
                time.
        """
        with np.errstate(over="ignore", invalid="ignore"):
            block = block.astype(np.float32, copy=False)  # (r, D)
            norms = _lengths(block)  # (r,)
        if too_long := self._too_long(words, places):
            kept = [i for i in range(len(words)) if i not in too_long]
            words, block, norms, places = [words[i] for i in kept], block[kept], norms[kept], [places[i] for i in kept]
            columns = {name: [values[i] for i in kept] for name, values in (columns or {}).items()}
        self.rows_read += len(words)
        fresh = set(words)
        sound = bool(np.isfinite(norms).all() and norms.all())
        if not (sound and len(fresh) == len(words) and fresh.isdisjoint(self._seen) and not fresh & {"", None}):
            kept = self._sift(words, norms, places)
            words, block, norms = [words[i] for i in kept], block[kept], norms[kept]
            columns = {name: [values[i] for i in kept] for name, values in (columns or {}).items()}
        clean: list[str] = words  # type: ignore[assignment]  # no None is left
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
        for name, values in (columns or {}).items():
            self._columns.setdefault(name, []).extend(values[: len(clean)])

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
                self._count_dropped(reason, [places[i] for i in positions])
        return kept

    def _count_dropped(self, reason: str, places: Sequence[int]) -> None:
        first, count = self._dropped.get(reason, ((), 0))
        self._dropped[reason] = (*first, *map(int, places[: _PLACES - len(first)])), count + len(places)

    def _too_long(self, words: Sequence[str | None], places: Sequence[int]) -> set[int]:
        """Positions of words of more bytes than allowed, which are left out."""
        most, found = self.limits.word_bytes, set()
        if 4 * max((len(word) for word in words if word), default=0) > most:
            for i, word in enumerate(words):
                if word and 4 * len(word) > most and (length := len(word.encode("utf-8", "surrogatepass"))) > most:
                    found.add(i)
                    error = too_large(
                        self.name,
                        f"a word of {length:,} bytes, {shown_word(word)}",
                        f"At most {most:,} bytes are allowed: check that the file is a vector file.",
                        at=f"{self.place} {places[i]:,}",
                    )
                    self.leave_out(TOO_LONG, places[i], error)
        return found

    def finish(self, *, seconds: float, source: str) -> tuple[WordVectors, LoadReport]:
        """The vectors and the report; the collector is spent.

        Raises VectorFileError: no row is left, or more than a few did not fit.
        """
        self._check_odd()
        self._check_lost_words()
        dropped = {reason: Dropped(count, places) for reason, (places, count) in self._dropped.items()}
        if not self.words and self._odd:
            raise self._odd[0]
        if not self.words:
            why = ", ".join(f"{counted(d.count, 'row')} dropped ({r})" for r, d in dropped.items()) or "no rows"
            raise refusal(self.name, f"nothing to load: {why}", "A vector file needs one row with numbers at least.")
        self._matrix.resize((len(self.words), self.dimensions), refcheck=False)
        frozen(self._matrix)
        for error in self._odd:
            remedy = f" {error.refused().remedy}" if isinstance(error, NotDecoded) else ""
            self.notes.append(f"Left out {error.at}: {error.cause}.{remedy}")
        if self._past or self.stopped:
            more = "the rest of the file was not read" if self.stopped else f"{self._past:,} more came after"
            self.notes.append(f"Kept the first {counted(len(self.words), 'word')} only, as asked; {more}.")
        norms = np.concatenate(self._norms).astype(np.float64)  # (V,)
        low, high = float(norms.min()), float(norms.max())
        # numpy.histogram refuses ranges that are narrow for their magnitude.
        bins = np.floor((norms - low) / max(high - low, 1e-300) * _BINS).astype(int)
        counts, edges = np.bincount(bins.clip(0, _BINS - 1), minlength=_BINS), np.linspace(low, high, _BINS + 1)
        report = LoadReport(
            name=self.name, format=self.format, encoding=self.encoding, packed=self.packed, rows_read=self.rows_read,
            rows=len(self.words), dimensions=self.dimensions, dropped=dropped, place=self.place,
            blank_lines=self.blank_lines, header=self.header, seconds=seconds,
            norm_counts=tuple(int(n) for n in counts), norm_edges=tuple(float(e) for e in edges),
            notes=tuple(self.notes),
        )  # fmt: skip
        words, self._seen = self.words, set()
        if self._columns:
            return LoadedTable(words, self._matrix, self._columns, source=source), report
        return WordVectors(words, self._matrix, source=source, subwords=self.subwords), report


def _lengths(block: Floats) -> Reals:
    """(r,) lengths of (r, D) float32 rows: NaN, infinite or zero where a row holds NaN, infinity, or only zeros."""
    squares = np.einsum("ij,ij->i", block, block)
    if not (squares.size and squares.min() > 1e-30 and squares.max() < 1e30):
        # Squares of float32 neither overflow nor vanish in float64.
        squares = np.einsum("ij,ij->i", block, block, dtype=np.float64)
    return np.asarray(np.sqrt(squares))
