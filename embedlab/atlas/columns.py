"""Columns of a table on its map: classes to color words by, words that a filter keeps, words inside an outline."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import floor, isfinite, log10
from typing import Any, TypeGuard

import numpy as np

from embedlab.arrays import Doubles, Floats, Mask, frozen
from embedlab.atlas.word_map import Bytes

CLASSES = 7  # colors that can be told apart, beside the one for all other values
MISSING = 254  # class of a word without a value
_PLAIN = 6  # digits of a whole number that is written without an exponent
_EDGES = (0.02, 0.98)  # quantiles between which a scale of numbers is divided: a few far ones must not flatten it


@dataclass(frozen=True, eq=False)
class Classes:
    """What a column says of V words, in a few classes."""

    numbers: Bytes  # (V,) class of each word, from 0; MISSING where there is no value
    labels: tuple[str, ...]  # of each class; of categories the last may be "other"
    ordered: bool  # whether they are parts of a scale


def are_numbers(values: Sequence[Any]) -> bool:
    """Whether a column is a scale: all its values are numbers, and more of them than there are classes."""
    known = [value for value in values if value is not None]
    return all(_is_number(value) for value in known) and len(set(known)) > CLASSES


def divide(values: Sequence[Any]) -> Classes:
    """Classes of a column: equal parts of a scale of numbers, or the most frequent values and all others."""
    return _parts(values) if are_numbers(values) else _categories(values)


def categories(values: Sequence[Any]) -> list[str]:
    """The different values as text, the most frequent first."""
    return [value for value, _ in Counter(str(value) for value in values if value is not None).most_common()]


def matching(values: Sequence[Any], wanted: Collection[str] | tuple[float, float]) -> Mask:
    """(V,) whether a value is one of these texts, or inside this range; a missing one is not."""
    if isinstance(wanted, tuple):
        low, high = wanted
        return np.array([_is_number(value) and low <= value <= high for value in values], dtype=bool)
    return np.array([value is not None and str(value) in wanted for value in values], dtype=bool)


def inside(positions: Floats, corners: Sequence[Sequence[float]]) -> Mask:
    """(V,) whether a position is inside an outline: a way out of it crosses an odd number of edges."""
    x, y = positions[:, 0].astype(float), positions[:, 1].astype(float)
    found = np.zeros(len(positions), dtype=bool)
    for (x1, y1), (x2, y2) in zip(corners, [*corners[1:], corners[0]], strict=True):
        if y1 != y2:
            found ^= ((y1 > y) != (y2 > y)) & (x < (x2 - x1) * (y - y1) / (y2 - y1) + x1)
    return found


def _parts(values: Sequence[Any]) -> Classes:
    known = np.array([value if _is_number(value) else np.nan for value in values], dtype=float)
    low, high = np.nanquantile(known, _EDGES).tolist()
    edges = np.linspace(low, high, CLASSES + 1)
    classes = np.clip(np.searchsorted(edges, known, side="right") - 1, 0, CLASSES - 1).astype(np.uint8)
    classes[np.isnan(known)] = MISSING
    return Classes(frozen(classes), _labels(edges, bool((known % 1 > 0).any())), True)


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
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
