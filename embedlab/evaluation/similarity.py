"""Word similarity: correlation of cosines with the judgements of people on pairs of words."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from embedlab.arrays import Doubles, Floats, Ids, Reals
from embedlab.errors import InvalidText, TooFewWords
from embedlab.evaluation.intervals import NORMAL_95, Interval, of_draws
from embedlab.evaluation.question_sets import Pair, similarity_pairs
from embedlab.vectors.spelling import known_row
from embedlab.vectors.word_vectors import WordVectors
from embedlab.wording import counted

_FEWEST, _NAMED = 3, 3  # pairs that have an order; unknown ones that a message names
_SAME_COSINE = 1e-6  # rows are float32: cosines that differ by less do not differ
_SAME_RANK = 1e-9  # difference of ranks in [0, 1], up to which they are equal
# Inter-annotator agreement: mean rank correlation of two people (Hill, Reichart and Korhonen 2015).
HUMAN_AGREEMENT = {"WordSim-353": 0.61, "SimLex-999": 0.67}


class Correlation(NamedTuple):
    """A correlation in [-1, 1] with its 95% interval, and how likely one as far from 0 is by chance alone."""

    value: float  # nan with fewer than three pairs, or where one side does not vary
    low: float
    high: float
    p_value: float  # two-sided; nan where the value is


@dataclass(frozen=True, eq=False)
class JudgedPairs:
    """The n pairs of a set of which both words are known."""

    pairs: Sequence[Pair]  # the whole set
    known: Ids  # (n,) which of them
    cosines: Floats  # (n,)

    @cached_property
    def judged(self) -> Doubles:
        """(n,) people's judgements."""
        return np.array([self.pairs[i][2] for i in self.known], dtype=np.float64)

    @property
    def spearman(self) -> float:
        """Rank correlation in [-1, 1]; nan with fewer than three known pairs."""
        return rank_correlation(self.judged, self.cosines)

    @cached_property
    def rank_correlated(self) -> Correlation:
        """Spearman's correlation, with the interval of Bonett and Wright (2000)."""
        return correlation(self.judged, self.cosines, ranks=True)

    @cached_property
    def correlated(self) -> Correlation:
        """Pearson's correlation, with the interval of Fisher (1921)."""
        return correlation(self.judged, self.cosines)

    @property
    def spearman_of_all(self) -> float:
        """The same over the whole set, a pair with an unknown word getting the cosine 0."""
        cosines = np.zeros(len(self.pairs))
        cosines[self.known] = self.cosines
        return rank_correlation(np.array([score for *_, score in self.pairs]), cosines)

    @cached_property
    def ranks(self) -> Doubles:
        """(n, 2) places by people and by cosine, 0 for the least similar pair and 1 for the most."""
        from scipy.stats import rankdata

        both = np.stack([self.judged, self.cosines])  # (2, n)
        ranks: Doubles = rankdata(both, axis=1)
        return (ranks.T - 1) / max(len(self.known) - 1, 1)

    def misjudged(self, count: int, *, without: Collection[str] = ()) -> list[int]:
        """Which of the n pairs have the cosine that is farthest too high, then those farthest too low.

        Pairs on the line, whose ranks are equal, are neither.

        Args:
            count: pairs of either kind.
            without: words whose pairs are passed over.
        """
        differences = self.ranks[:, 1] - self.ranks[:, 0]
        order = [i for i in np.argsort(differences).tolist() if not {*self.pairs[self.known[i]][:2]} & {*without}]
        high = [i for i in reversed(order) if differences[i] > _SAME_RANK][:count]
        return high + [i for i in order if differences[i] < -_SAME_RANK][:count]

    def within(self, known: Ids) -> "JudgedPairs":
        """Only pairs with these numbers."""
        kept = np.isin(self.known, known)
        return JudgedPairs(self.pairs, self.known[kept], self.cosines[kept])


@dataclass(frozen=True, eq=False)
class ComparedWithPeople:
    """A set of judged pairs in one space or two."""

    shared: list[JudgedPairs]  # of each space, on the pairs that all spaces know
    alone: list[JudgedPairs]  # of each space, on those that it knows
    intervals: list[Interval]  # of each space's rank correlation on the shared pairs
    gain: Interval | None  # second less first


def compare_with_people(
    set_name: str, spaces: Mapping[str, WordVectors], pairs: Sequence[Pair] | None = None
) -> ComparedWithPeople:
    """Rank correlations with people's judgements, with 95% intervals, on the pairs that all spaces know.

    Args:
        set_name: one of `SIMILARITY_SETS`, or what messages call the pairs.
        spaces: one or two, under the names that messages give them.
        pairs: such as `read_word_pairs` gives; those of the named set when None.

    Raises:
        TooFewWords: fewer than three pairs are known, or a space gives all of them the same cosine.
        InvalidText: fewer than three pairs, all that are known have the same judgement, or one is no finite number.
    """
    pairs = similarity_pairs(set_name) if pairs is None else pairs
    alone = [judged_pairs(vectors, pairs) for vectors in spaces.values()]
    shared = [one.within(alone[-1].known).within(alone[0].known) for one in alone]
    for name, one in zip(spaces, shared, strict=True):
        if (error := no_order(one, set_name, name)) is not None:
            raise error
    draws = resampled_correlations(shared[0].judged, [one.cosines for one in shared])
    intervals = [of_draws(one.spearman, column) for one, column in zip(shared, draws.T, strict=True)]
    gain = None
    if len(shared) == 2:
        gain = of_draws(intervals[1].value - intervals[0].value, draws[:, 1] - draws[:, 0])
    return ComparedWithPeople(shared, alone, intervals, gain)


def no_order(judged: JudgedPairs, set_name: str, vectors_name: str) -> TooFewWords | InvalidText | None:
    """Why there is no rank correlation, as the error to raise; None where there is one.

    Args:
        set_name, vectors_name: what the message calls the pairs and the vectors.
    """
    known, total = len(judged.known), len(judged.pairs)
    if total < _FEWEST:
        return InvalidText(f"{set_name} has {counted(total, 'pair')}, and an order needs {_FEWEST}: add some.")
    if known < _FEWEST:
        missing = [f"{a} – {b}" for i, (a, b, _) in enumerate(judged.pairs) if i not in judged.known]
        more = ", …" if len(missing) > _NAMED else "."
        count = f"Only {known}" if known else "None"
        return TooFewWords(
            f"{count} of the {total:,} pairs of {set_name} are known, and an order needs "
            f"{_FEWEST}: choose vectors with more of their words. Unknown: {', '.join(missing[:_NAMED])}{more}"
        )
    if np.ptp(judged.judged) == 0:
        return InvalidText(
            f"All {known} known pairs of {set_name} have the score {judged.judged[0]:g}, so there is no order to "
            "compare with: give pairs whose scores differ."
        )
    if np.ptp(judged.cosines) < _SAME_COSINE:
        return TooFewWords(f"{vectors_name} gives all pairs of {set_name} the same cosine: choose other vectors.")
    return None


def judged_pairs(vectors: WordVectors, pairs: Sequence[Pair]) -> JudgedPairs:
    """Cosines of the pairs of which both words are known, each as if it were typed.

    Raises InvalidText: a judgement is no finite number.
    """
    for a, b, score in pairs:
        if not math.isfinite(score):
            raise InvalidText(f"The pair {a}, {b} has the score {score}: give it a number, or leave the pair out.")
    found = [(known_row(vectors, a), known_row(vectors, b)) for a, b, _ in pairs]
    known = np.array([i for i, rows in enumerate(found) if None not in rows], dtype=np.int64)
    first, second = np.array([found[i] for i in known], dtype=np.int64).reshape(-1, 2).T
    cosines = np.einsum("nd,nd->n", vectors.unit_rows(first), vectors.unit_rows(second))
    return JudgedPairs(pairs, known, cosines)


def rank_correlation(a: Reals, b: Reals) -> float:
    """Spearman's rank correlation, in [-1, 1]; nan for fewer than three numbers, or where either are all alike."""
    return correlation(a, b, ranks=True).value


def correlation(a: Reals, b: Reals, *, ranks: bool = False) -> Correlation:
    """Pearson's correlation of two (n,) arrays, or Spearman's of their ranks.

    The interval is symmetric in Fisher's z; it is [-1, 1] for fewer than four numbers.
    """
    from scipy.stats import pearsonr, spearmanr

    n = len(a)
    if n < _FEWEST or np.ptp(a) == 0 or np.ptp(b) == 0:
        return Correlation(math.nan, -1.0, 1.0, math.nan)
    found = spearmanr(a, b) if ranks else pearsonr(np.asarray(a, np.float64), np.asarray(b, np.float64))
    value, p_value = float(found.statistic), float(found.pvalue)
    if ranks and abs(value) >= 1 - 1e-12 and n < 170:
        p_value = _orders_alike(a) / math.factorial(n)  # SciPy says 0
    if n < 4 or abs(value) >= 1:
        return Correlation(value, *((-1.0, 1.0) if n < 4 else (value, value)), p_value)
    half = NORMAL_95 * math.sqrt((1 + value**2 / 2 if ranks else 1) / (n - 3))
    low, high = (math.tanh(math.atanh(value) + side) for side in (-half, half))
    return Correlation(value, low, high, p_value)


def _orders_alike(values: Reals) -> int:
    """How many orders of some numbers, ties among them, agree or disagree fully with the given one."""
    ties = np.unique(values, return_counts=True)[1].tolist()
    return math.prod(map(math.factorial, ties)) * (2 if ties == ties[::-1] else 1)


def resampled_correlations(judged: Doubles, cosines: Sequence[Reals], *, draws: int = 1_000, seed: int = 0) -> Doubles:
    """(draws, S) Spearman correlations of S spaces with people, over pairs drawn again with replacement.

    Every draw takes the same pairs in all spaces, so that differences between columns are paired.

    Args:
        judged: (n,) judgements.
        cosines: S times (n,).
    """
    from scipy.stats import rankdata

    drawn = np.random.default_rng(seed).integers(0, len(judged), (draws, len(judged)))  # (draws, n)

    def standard(values: Reals) -> Doubles:
        ranks: Doubles = rankdata(values[drawn], axis=1)  # (draws, n)
        ranks -= ranks.mean(axis=1, keepdims=True)
        ranks /= np.maximum(np.linalg.norm(ranks, axis=1, keepdims=True), 1e-12)
        return ranks

    people = standard(judged)
    return np.stack([(people * standard(space)).sum(axis=1) for space in cosines], axis=1)
