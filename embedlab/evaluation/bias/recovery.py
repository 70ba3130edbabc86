"""Recovery: is a bias that was removed still there? Clusters, a classifier and neighbors find it.

Source: Gonen and Goldberg (2019), "Lipstick on a pig: debiasing methods cover up systematic gender biases in word
embeddings but do not remove them".
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from embedlab.arrays import Doubles, Floats, Ids, Mask, frozen
from embedlab.checks import within
from embedlab.errors import TooFewWords
from embedlab.evaluation.bias import logistic
from embedlab.evaluation.bias.debiasing import Direction
from embedlab.projection.clustering import clusters
from embedlab.vectors.spelling import known_row
from embedlab.vectors.word_vectors import WordVectors

COUNT, NEIGHBORS, FREQUENT = 500, 100, 50_000  # the paper's
_LEAST = 10  # words a side that a share says something about


@dataclass(frozen=True, eq=False)
class Biased:
    """The words that leaned most to either side of a direction, 2n of them, and the words they were chosen from."""

    rows: Ids  # (2n,) the n words nearest to the first words of the pairs, then those nearest to the second ones
    among: Ids  # (m,) rising row numbers of the words they were chosen from
    leaning: Doubles  # (m,) cosines of these with the direction

    @property
    def second(self) -> Mask:
        """(2n,) which of the words lean to the second words of the pairs."""
        return np.arange(len(self.rows)) >= len(self.rows) // 2


@dataclass(frozen=True, eq=False)
class Found:
    """How far a space gives away which way words leaned before."""

    clustered: (
        float  # share of the words that two clusters put on the right side, in [0.5, 1]; chance: 0.5 and a little
    )
    classified: float  # the same of a logistic regression, for words that it did not see; chance: 0.5
    correlation: float  # of words' leaning before with their neighbors' sides, in [-1, 1]; nan below three words
    words: tuple[str, ...]  # those of the correlation that are known
    leaning: Doubles  # (n,) their cosines with the direction before
    neighbors: Doubles  # (n,) share of their nearest words that leaned to the second words before


def most_biased(
    vectors: WordVectors,
    direction: Direction,
    *,
    left_out: Collection[str] = (),
    count: int = COUNT,
    frequent: int = FREQUENT,
) -> Biased:
    """The words that lean most to either side.

    Args:
        vectors: before anything was removed.
        left_out: words that mean what the direction is about, so that none of them is chosen. Words with other signs
            than letters are left out as well.
        count: of words on either side, 10 or more; fewer where there are not so many.
        frequent: of the first words of the vectors, among which they are chosen.

    Raises TooFewWords: fewer than 20 words remain.
    """
    within("number of words on either side", count, _LEAST)
    passed = {word.lower() for word in left_out}
    words = vectors.words[:frequent]
    among = np.array([i for i, word in enumerate(words) if word.isalpha() and word.lower() not in passed], np.int64)
    if len(among) < 2 * _LEAST:
        raise TooFewWords(f"Only {len(among)} words may lean to a side: choose vectors with at least {2 * _LEAST}.")
    leaning = vectors.unit_rows(among).astype(np.float64) @ direction.vector
    order = among[np.argsort(leaning, kind="stable")]
    count = min(count, len(order) // 2)
    return Biased(frozen(np.concatenate([order[:count], order[::-1][:count]])), frozen(among), frozen(leaning))


def recover(
    vectors: WordVectors, biased: Biased, words: Sequence[str] = (), *, k: int = NEIGHBORS, seed: int = 0
) -> Found:
    """Looks for the sides of the most biased words in vectors from which they were removed, or in those before.

    Args:
        vectors: with the same rows as those that the biased words were chosen in.
        words: such as occupations, whose leaning before is compared with the sides of their neighbors; unknown ones and
            those that were left out are passed over.
        k: neighbors of each.
        seed: of the clusters, and of the half of the words that the classifier learns from.
    """
    within("number of neighbors", k, 1)
    rows, side = vectors.unit_rows(biased.rows), biased.second
    right = float((clusters(rows, 2, seed=seed) == side).mean())
    place = {int(row): i for i, row in enumerate(biased.among)}
    found = [place[row] for word in words if (row := known_row(vectors, word)) is not None and row in place]
    found = list(dict.fromkeys(found))
    near = _sides_of_neighbors(vectors, biased, found, k)
    leaning = biased.leaning[found]
    enough = len(found) > 2 and bool(np.ptp(near)) and bool(np.ptp(leaning))
    return Found(
        clustered=max(right, 1 - right),
        classified=_classified(rows, side, seed),
        correlation=float(np.corrcoef(leaning, near)[0, 1]) if enough else float("nan"),
        words=tuple(vectors.words[biased.among[i]] for i in found),
        leaning=frozen(leaning),
        neighbors=frozen(near),
    )


def _classified(rows: Floats, side: Mask, seed: int) -> float:
    """Share of one random half of the words whose side is told by a regression on the other half."""
    order = np.random.default_rng(seed).permutation(len(rows))
    learned, asked = order[::2], order[1::2]
    told = logistic.probabilities(logistic.fit(rows[learned], side[learned]), rows[asked]) > 0.5
    return float((told == side[asked]).mean())


def _sides_of_neighbors(vectors: WordVectors, biased: Biased, asked: Sequence[int], k: int) -> Doubles:
    """(n,) for each word, by its place in `among`, the share of its k nearest that leaned to the second side."""
    if not asked:
        return np.empty(0)
    candidates = vectors.unit_rows(biased.among)  # (m, D)
    cosines = candidates[list(asked)] @ candidates.T  # (n, m)
    cosines[np.arange(len(asked)), list(asked)] = -np.inf  # no word is its own neighbor
    k = min(k, cosines.shape[1] - 1)
    nearest = np.argpartition(-cosines, k - 1, axis=1)[:, :k]
    return np.asarray((biased.leaning[nearest] > 0).mean(axis=1))
