"""95% confidence intervals: how far a score could be elsewhere by chance.

Questions about analogies are not drawn one by one: a section of 506 questions is made of 23 pairs of words, each with
each. Counting 506 independent questions would make every interval far too narrow, so it is pairs that are drawn again.
"""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from embedlab.arrays import Doubles, Ids, Mask

Ints = npt.NDArray[np.integer[Any]]
DRAWS = 1_000
NORMAL_95 = 1.959964  # standard deviations to either side that hold 95% of a normal distribution


class Interval(NamedTuple):
    """A value and where 95% of such values would lie."""

    value: float
    low: float
    high: float

    @property
    def is_clear(self) -> bool:
        """Zero is not in it."""
        return self.low > 0 or self.high < 0


def wilson(share: float, n: float) -> Interval:
    """Of a share of n independent yes-or-no questions (Wilson 1927); n may be a fraction."""
    if n <= 0:
        return Interval(share, 0.0, 1.0)
    square = NORMAL_95**2
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = NORMAL_95 / (1 + square / n) * math.sqrt(max(share * (1 - share) / n + square / (4 * n * n), 0))
    return Interval(share, max(middle - half, 0.0), min(middle + half, 1.0))


def accuracy(rows: Sequence[Ints], right: Sequence[Mask], *, seed: int = 0) -> Interval:
    """Share of right answers over sections: Wilson's interval for as many independent questions as these are worth.

    How many these are follows from how much the share varies when the pairs are drawn again; where it does not vary
    (all right, or all wrong), it is the number of pairs.

    Args:
        rows: for each section (n, 4) question words, a pair being its first or its last two.
        right: for each section (n,) bool.
    """
    n = sum(map(len, right))
    if not n:
        return Interval(float("nan"), 0.0, 1.0)
    share = sum(int(given.sum()) for given in right) / n
    variance = float(np.nanvar(_resampled(rows, right, seed)))
    pairs = sum(int(_pairs(given).max(initial=-1)) + 1 for given in rows)
    worth = share * (1 - share) / variance if variance > 1e-12 else pairs
    return wilson(share, min(worth, n))


def difference(rows: Sequence[Ints], first: Sequence[Mask], second: Sequence[Mask], *, seed: int = 0) -> Interval:
    """Of two shares of right answers on the same questions, second less first, by drawing the pairs again."""
    gains = [b.astype(np.float64) - a for a, b in zip(first, second, strict=True)]
    n = sum(map(len, gains))
    if not n:
        return Interval(float("nan"), -1.0, 1.0)
    return of_draws(sum(float(gain.sum()) for gain in gains) / n, _resampled(rows, gains, seed))


def of_draws(value: float, draws: Doubles) -> Interval:
    """The middle 95% of draws."""
    low, high = np.nanquantile(draws, [0.025, 0.975])
    return Interval(value, float(low), float(high))


def _resampled(rows: Sequence[Ints], values: Sequence[Doubles | Mask], seed: int) -> Doubles:
    """(DRAWS,) means of the values, each question as often as both its pairs were drawn."""
    rng = np.random.default_rng(seed)
    sums = np.zeros((2, DRAWS))  # of values, of questions
    for given, value in zip(rows, values, strict=True):
        if not len(given):
            continue
        pairs = _pairs(given)  # (n, 2)
        size = int(pairs.max()) + 1
        drawn = rng.multinomial(size, np.full(size, 1 / size), DRAWS).astype(np.float64)  # (DRAWS, P)
        for i, weight in enumerate((value, np.ones(len(given)))):
            table = np.zeros((size, size))
            np.add.at(table, (pairs[:, 0], pairs[:, 1]), weight)
            sums[i] += (drawn @ table * drawn).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        means: Doubles = sums[0] / sums[1]
    return means


def _pairs(rows: Ints) -> Ids:
    """(n, 2) numbers of the two pairs of words in each question."""
    first, second = rows.reshape(-1, 2).astype(np.int64).T
    _, inverse = np.unique(first * (int(second.max(initial=0)) + 1) + second, return_inverse=True)  # one number a pair
    pairs: Ids = inverse.reshape(-1, 2)
    return pairs
