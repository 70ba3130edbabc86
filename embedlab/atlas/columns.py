"""Columns of a table on its map: classes to color words by, words that a filter keeps, words inside an outline."""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from math import floor, log10
from typing import Any, TypeGuard

import numpy as np

from embedlab.arrays import Doubles, Floats, Mask, frozen
from embedlab.atlas.word_map import Bytes

CLASSES = 7  # colors that can be told apart, beside the one for all other values
MISSING = 254  # class of a word without a value
_HUGE = 1e300  # stands for no number: the largest one of some programs does
_PLAIN = 6  # digits of a whole number that is written without an exponent
_EDGES = (0.02, 0.98)  # quantiles between which a scale is divided: a few far values must not flatten it
# As ISO 8601 writes dates: year, month, day, time of the day and its zone; with slashes, too.
_DATE = re.compile(
    r"(\d{4})([-/])(\d\d)(?:\2(\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?)(?: ?(Z|UTC|[+-]\d\d:?\d\d))?)?)?"
)
_START, _DAYS = datetime(1, 1, 1), datetime.max.toordinal() - 1e-7  # of all years that Python counts
_DAY = 86_400_000  # milliseconds
# Days of a part of a scale, and what it is called by from there on.
_FORMS = {365: "%Y", 28: "%Y-%m", 1: "%Y-%m-%d", 1 / 1440: "%Y-%m-%d %H:%M"}


@dataclass(frozen=True, eq=False)
class Classes:
    """What a column says of V words, in a few classes."""

    numbers: Bytes  # (V,) class of each word, from 0; MISSING where there is no value
    labels: tuple[str, ...]  # of each class; of categories the last may be "other"
    ordered: bool  # whether they are parts of a scale


@dataclass(frozen=True, eq=False)
class Scale:
    """A column of numbers or dates of V words."""

    numbers: Doubles  # (V,) read-only; NaN where there is none that is finite; of dates days since the first of year 1
    dates: bool

    @property
    def ends(self) -> tuple[float, float]:
        """The least and the greatest number."""
        return float(np.nanmin(self.numbers)), float(np.nanmax(self.numbers))

    @property
    def whole(self) -> bool:
        """Whether no number has a fraction, as years have none."""
        known = self.numbers[~np.isnan(self.numbers)]
        return bool((known % 1 == 0).all())

    @property
    def missing(self) -> int:
        """How many words have no value."""
        return int(np.isnan(self.numbers).sum())

    def within(self, low: float, high: float) -> Mask:
        """(V,) whether a word's number is in this range; a missing one is not."""
        return np.array((self.numbers >= low) & (self.numbers <= high))


def scale(values: Sequence[Any]) -> Scale | None:
    """A column as a scale: of numbers or dates, if more of them differ than there are classes; None if it is none.

    Dates are a month, a day or a moment as ISO 8601 writes them; where a moment names its zone, in UTC. A number of
    1e300 or more, as an infinite one is, is a missing value.
    """
    known = [value for value in values if value is not None]
    dates = {}
    if all(_is_number(value) for value in known):
        found = [np.nan if value is None or abs(value) >= _HUGE else value for value in values]
    elif all(isinstance(value, str | date) for value in known):
        dates = {value: _days(str(value)) for value in dict.fromkeys(known)}
        if None in dates.values():
            return None
        found = [np.nan if value is None else dates[value] for value in values]
    else:
        return None
    numbers = np.array(found, dtype=float)
    different = len(np.unique(numbers[~np.isnan(numbers)]))
    return Scale(frozen(numbers), bool(dates)) if different > CLASSES else None


def moment(days: float) -> datetime:
    """The date of a number on a scale of dates, to a thousandth of a second."""
    return _START + timedelta(milliseconds=round(min(days, _DAYS) * _DAY))


def day_number(when: date) -> float:
    """The number of the first moment of a day, or of a moment, on a scale of dates."""
    if isinstance(when, datetime):
        return (when - _START) / timedelta(days=1)
    return when.toordinal() - 1


def divide(column: Sequence[Any] | Scale) -> Classes:
    """Classes of a column: equal parts of a scale, or the most frequent values and all others."""
    return _parts(column) if isinstance(column, Scale) else _categories(column)


def categories(values: Sequence[Any]) -> list[str]:
    """The different values as text, the most frequent first."""
    return [value for value, _ in Counter(str(value) for value in values if value is not None).most_common()]


def matching(values: Sequence[Any], wanted: Collection[str] | str) -> Mask:
    """(V,) whether a value is one of these texts, or has this one in it, in capitals or not; a missing one is not."""
    if not isinstance(wanted, str):
        return np.array([value is not None and str(value) in wanted for value in values], dtype=bool)
    part = wanted.casefold()
    return np.array([value is not None and part in str(value).casefold() for value in values], dtype=bool)


def inside(positions: Floats, corners: Sequence[Sequence[float]]) -> Mask:
    """(V,) whether a position is inside an outline: a way out of it crosses an odd number of edges."""
    low, high = np.min(corners, axis=0), np.max(corners, axis=0)
    near = np.flatnonzero(((positions >= low) & (positions <= high)).all(axis=1))
    x, y = positions[near, 0].astype(float), positions[near, 1].astype(float)
    found = np.zeros(len(near), dtype=bool)
    for (x1, y1), (x2, y2) in zip(corners, [*corners[1:], corners[0]], strict=True):
        if y1 != y2:
            found ^= ((y1 > y) != (y2 > y)) & (x < (x2 - x1) * (y - y1) / (y2 - y1) + x1)
    inside = np.zeros(len(positions), dtype=bool)
    inside[near[found]] = True
    return inside


def _parts(found: Scale) -> Classes:
    low, high = np.nanquantile(found.numbers, _EDGES).tolist()
    if low == high:
        low, high = found.ends
    edges = np.linspace(low, high, CLASSES + 1)
    classes = np.clip(np.searchsorted(edges, found.numbers, side="right") - 1, 0, CLASSES - 1).astype(np.uint8)
    classes[np.isnan(found.numbers)] = MISSING
    return Classes(frozen(classes), _dates(edges) if found.dates else _labels(edges, not found.whole), True)


def _dates(edges: Doubles) -> tuple[str, ...]:
    """The middles of parts, as years, months, days or moments: whatever tells them apart."""
    middles, step = (edges[1:] + edges[:-1]) / 2, edges[1] - edges[0]
    form = next((form for least, form in _FORMS.items() if step >= least), "%Y-%m-%d %H:%M:%S")
    return tuple(moment(middle).strftime(form) for middle in middles.tolist())


def _labels(edges: Doubles, fractions: bool) -> tuple[str, ...]:
    """The middles of parts, with as many digits as tell them apart; none behind the point where values have none."""
    middles, step = (edges[1:] + edges[:-1]) / 2, edges[1] - edges[0]
    decimals = 1 - floor(log10(step)) if step else 1
    if not fractions:
        decimals = min(decimals, 0)
    largest = float(np.abs(middles).max())
    size = floor(log10(largest)) if largest else 0
    digits = max(size + 1 if size < _PLAIN else 1, size + decimals + 1)
    return tuple(f"{round(middle, decimals) + 0.0:.{digits}g}" for middle in middles.tolist())


def _categories(values: Sequence[Any]) -> Classes:
    names = categories(values)
    labels = tuple(names) if len(names) <= CLASSES + 1 else (*names[:CLASSES], "other")
    number = {name: min(at, CLASSES) for at, name in enumerate(names)}
    classes = [MISSING if value is None else number[str(value)] for value in values]
    return Classes(frozen(np.array(classes, dtype=np.uint8)), labels, False)


def _is_number(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _days(text: str) -> float | None:
    """Days since the first of year 1; None where this is no date."""
    if (found := _DATE.fullmatch(text)) is None:
        return None
    year, sign, month, day, time, zone = found.groups()
    if sign == "/" and day is None:  # a season
        return None
    try:
        when = datetime.fromisoformat(
            f"{year}-{month}-{day or '01'}T{time or '00:00'}{(zone or '').replace('UTC', 'Z')}"
        )
        if when.tzinfo is not None:
            when = when.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):  # the 31st of February
        return None
    return day_number(when)
