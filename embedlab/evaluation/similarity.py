"""Pairs of words whose similarity people judged, beside the cosines of vectors."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from embedlab.vectors.spelling import known_row
from embedlab.vectors.word_vectors import WordVectors

Pair = tuple[str, str, float]  # two words and the mean judgement of people


@dataclass(frozen=True, eq=False)
class JudgedPairs:
    """The n pairs of a set of which both words are known."""

    pairs: Sequence[Pair]  # the whole set
    known: np.ndarray  # (n,) which of them
    cosines: np.ndarray  # (n,)

    @cached_property
    def judged(self) -> np.ndarray:
        """(n,) people's judgements."""
        return np.array([self.pairs[i][2] for i in self.known], dtype=np.float64)

    @property
    def spearman(self) -> float:
        """Rank correlation in [-1, 1]; nan with fewer than three known pairs."""
        return rank_correlation(self.judged, self.cosines)

    @property
    def spearman_of_all(self) -> float:
        """The same over the whole set, a pair with an unknown word getting the cosine 0."""
        cosines = np.zeros(len(self.pairs))
        cosines[self.known] = self.cosines
        return rank_correlation(np.array([score for *_, score in self.pairs]), cosines)

    @cached_property
    def ranks(self) -> np.ndarray:
        """(n, 2) places by people and by cosine, 0 for the least similar pair and 1 for the most."""
        from scipy.stats import rankdata

        both = np.stack([self.judged, self.cosines])  # (2, n)
        return (rankdata(both, axis=1).T - 1) / max(len(self.known) - 1, 1)

    def within(self, known: np.ndarray) -> "JudgedPairs":
        """Only pairs with these numbers."""
        kept = np.isin(self.known, known)
        return JudgedPairs(self.pairs, self.known[kept], self.cosines[kept])


def judge(vectors: WordVectors, pairs: Sequence[Pair]) -> JudgedPairs:
    """Cosines of the pairs of which both words are known, as they stand or in lower case."""
    found = [(known_row(vectors, a), known_row(vectors, b)) for a, b, _ in pairs]
    known = np.array([i for i, rows in enumerate(found) if None not in rows], dtype=np.int64)
    first, second = np.array([found[i] for i in known], dtype=np.int64).reshape(-1, 2).T
    cosines = np.einsum("nd,nd->n", vectors.unit_rows(first), vectors.unit_rows(second))
    return JudgedPairs(pairs, known, cosines)


def rank_correlation(a: np.ndarray, b: np.ndarray) -> float:
    """Spearman's, in [-1, 1]; nan for fewer than three numbers."""
    from scipy.stats import spearmanr

    return float(spearmanr(a, b).statistic) if len(a) >= 3 else float("nan")


def resampled_correlations(
    judged: np.ndarray, cosines: Sequence[np.ndarray], *, draws: int = 1_000, seed: int = 0
) -> np.ndarray:
    """(draws, S) Spearman correlations of S spaces with people, over pairs drawn again with replacement.

    Every draw takes the same pairs in all spaces, so that differences between columns are paired.

    Args:
        judged: (n,) judgements.
        cosines: S times (n,).
    """
    from scipy.stats import rankdata

    drawn = np.random.default_rng(seed).integers(0, len(judged), (draws, len(judged)))  # (draws, n)

    def standard(values: np.ndarray) -> np.ndarray:
        ranks = rankdata(values[drawn], axis=1)  # (draws, n)
        ranks -= ranks.mean(axis=1, keepdims=True)
        return ranks / np.maximum(np.linalg.norm(ranks, axis=1, keepdims=True), 1e-12)

    people = standard(judged)
    return np.stack([(people * standard(space)).sum(axis=1) for space in cosines], axis=1)
