"""Gathering a table's rows: words, numbers and further columns, a block at a time."""

import sys
from collections.abc import Mapping, Sequence
from math import isnan
from typing import Any

import numpy as np

from embedlab.arrays import Array
from embedlab.errors import VectorFileError
from embedlab.formats.collector import Collector
from embedlab.formats.limits import SAME_NUMBER, size
from embedlab.formats.packed.source import Source
from embedlab.formats.report import COUNT, NO_NUMBER
from embedlab.formats.tables.roles import Roles
from embedlab.formats.tables.values import Column, as_float, is_nested, numbers_of, shortened, word_of
from embedlab.formats.word_lists import ListedWords
from embedlab.wording import counted

NO_VECTOR, NO_JSON = "no vector", "not JSON"
BLOCK = 1 << 18  # numbers that are kept before they go into the matrix
Words = ListedWords | Sequence[str | None]
_SHARE = 4  # further columns may take a quarter of the memory that the matrix may take


class Gathering:
    """Hands a table's rows to a collector.

    Args:
        columns, roles: the table's columns, and what they were taken for.
        words: one word for each row, for a table without a column of words.
        place: "line" or "row".
        count: rows of the table, where it is known before they are read.
    """

    def __init__(
        self,
        source: Source,
        columns: Sequence[Column],
        roles: Roles,
        words: Words | None,
        *,
        place: str,
        count: int | None = None,
    ) -> None:
        self.source, self.roles, self.place = source, roles, place
        self.rows = Collector(source.name, roles.dimensions, source.limits, place=place)
        self.rows.notes += roles.notes
        self.words: Sequence[str | None] | None = None
        if roles.word is None and words is not None:
            listed = words if isinstance(words, ListedWords) else ListedWords(words)
            self.words, notes = listed.for_rows(count)
            self.rows.notes += notes
        self.names = [columns[i].name for i in roles.beside]
        self.taken = 0  # rows, also those left out
        self._free = source.limits.memory_bytes // _SHARE  # bytes for further columns
        self._block: Array = np.empty((max(1, min(BLOCK // roles.dimensions, 4096)), roles.dimensions))  # (r, D)
        self._words: list[str | None] = []
        self._places: list[int] = []
        self._beside: list[list[Any]] = [[] for _ in self.names]

    def enough(self) -> bool:
        """Whether the rest of the file stays unread, as there are as many words as are to be kept."""
        self.rows.stopped = self.rows.full and self.words is None
        return self.rows.stopped

    def take(self, place: int, word: str | None, numbers: Sequence[float], beside: Sequence[Any]) -> None:
        """Takes a row of D numbers."""
        self._words.append(self._next_word(place) if self.words is not None else word)
        self._block[len(self._places)] = numbers
        self._places.append(place)
        self.taken += 1
        for values, value in zip(self._beside, beside, strict=True):
            values.append(value)
        if len(self._places) == len(self._block):
            self._flush()

    def take_values(self, place: int, values: Sequence[Any]) -> None:
        """Takes a row of values, one a column of the table, as JSON gives them."""
        roles = self.roles
        given = values[roles.vector[0]] if roles.lists else [values[i] for i in roles.vector]
        numbers = numbers_of(given)
        if numbers is None or len(numbers) != roles.dimensions:
            self.leave_out_vector(place, given)
            return
        beside = [_plain(values[i]) for i in roles.beside]
        self.take(place, "" if roles.word is None else word_of(values[roles.word]), numbers, beside)

    def take_block(
        self, words: Sequence[str | None], block: Array, places: Sequence[int], beside: Mapping[str, Sequence[Any]]
    ) -> None:
        """Takes r rows at once: r words, (r, D) numbers, r places, and r values of each further column."""
        if self.words is not None:
            words = [self._next_word(place, i) for i, place in enumerate(places)]
        self.taken += len(places)
        if places:
            self.rows.add(words, block, places, {name: self._bounded(list(v)) for name, v in beside.items()})

    def leave_out(self, reason: str, place: int, cause: str, error: VectorFileError | None = None) -> None:
        """Leaves a row out, and counts it."""
        self.taken += 1
        error = error or self.source.refusal(cause, f"Mend or remove the {self.place}.", at=f"{self.place} {place:,}")
        self.rows.leave_out(reason, place, error)

    def leave_out_vector(self, place: int, given: Any) -> None:
        """Leaves out a row whose vector is none, or of another length."""
        dimensions = self.roles.dimensions
        if shortened(given):
            raise self.source.refusal(
                "NumPy wrote only the first and last numbers of each vector, with “...” between",
                "Turn the arrays into lists (tolist) before the table is written.",
                at=f"{self.place} {place:,}",
            )
        if given is None or given == "" or (isinstance(given, list) and not given):
            self.leave_out(NO_VECTOR, place, "there is no vector")
        elif (numbers := numbers_of(given)) is not None:
            expected = f"{counted(len(numbers), 'number')} where {dimensions:,} are expected"
            self.leave_out(COUNT, place, expected)
        else:
            self.leave_out(NO_NUMBER, place, "the vector holds something that is not a number")

    def finish(self, format: str) -> Collector:
        """The collector, with all rows in it."""
        self._flush()
        if self.words is not None and self.taken < len(self.words):
            raise self._unequal(f"{counted(len(self.words), 'word')} and {counted(self.taken, 'row')}")
        self.rows.format = format
        return self.rows

    def _flush(self) -> None:
        if self._places:
            beside = {name: self._bounded(v) for name, v in zip(self.names, self._beside, strict=True)}
            self.rows.add(self._words, self._block[: len(self._places)], self._places, beside)
            self._words, self._places, self._beside = [], [], [[] for _ in self.names]

    def _next_word(self, place: int, ahead: int = 0) -> str | None:
        assert self.words is not None
        if self.taken + ahead >= len(self.words):
            raise self._unequal(
                f"there are {counted(len(self.words), 'word')} and more rows than that", at=f"{self.place} {place:,}"
            )
        return self.words[self.taken + ahead]

    def _unequal(self, cause: str, at: str = "") -> VectorFileError:
        return self.source.refusal(cause, SAME_NUMBER, at=at, asks="words")

    def _bounded(self, values: list[Any]) -> list[Any]:
        """Values of a further column, nothing in place of NaN, and of all once they take too much memory."""
        values = [None if isinstance(value, float) and isnan(value) else value for value in values]
        counted_once: set[int] = set()  # values that are shared take their memory once
        for i, value in enumerate(values):
            if self._free <= 0:
                return values[:i] + [None] * (len(values) - i)
            self._free -= 8
            if id(value) not in counted_once:
                counted_once.add(id(value))
                self._free -= sys.getsizeof(value)
            if self._free <= 0:
                most = size(self.source.limits.memory_bytes // _SHARE)
                self.rows.notes.append(f"Only the first values of further columns were kept: all take over {most}.")
        return values


def _plain(value: Any) -> Any:
    """A value of a further column: None in place of nested ones, and of numbers that cannot be shown."""
    if is_nested(value):
        return None
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() > 64:
        return as_float(value)
    return value
