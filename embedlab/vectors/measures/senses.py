"""Word senses: a word's neighborhood split into its meanings, and a word without one of them.

A word has one vector, which lies between its meanings (Arora et al. 2018). Its nearest words are mostly of the
strongest one: of the hundred nearest to "turkey" none is a meat. So senses are peeled off: a cluster of words near the
vector is found, its direction is taken out of the vector, and the next cluster is looked for near what is left.
"""

from typing import NamedTuple

import numpy as np

from embedlab.arrays import Doubles, Floats, Ids
from embedlab.checks import within
from embedlab.vectors import queries
from embedlab.vectors.queries import Neighbor
from embedlab.vectors.word_vectors import WordVectors

NEAR = 100  # nearest words that are shared out among the senses
# Chosen on the first twenty homonyms of tests/vectors/homonyms.py, looked at on the other twenty: see test_senses.py.
_POOL = 2_000  # nearest words in which clusters are looked for
_WORDS = 8  # of a cluster
_SEED = 3  # words that it begins with
_ROUNDS = 3  # of moving it to where more words are
_PEELS = 7
_SAME = 0.6  # cosine from which two clusters are one sense
_LEAST = 0.1  # share of the weights, below which there is no sense


class Sense(NamedTuple):
    """One meaning of a word."""

    words: tuple[str, ...]  # at most eight, the most typical first
    share: float  # its weight among those of all clusters whose sum comes nearest to the word's vector, in (0, 1]
    near: int  # of the word's `NEAR` nearest, those that are nearer to this sense than to the others
    direction: Floats  # (D,) of length 1

    @property
    def name(self) -> str:
        """Its three most typical words."""
        return ", ".join(self.words[:3])


def senses(vectors: WordVectors, word: str, *, most: int = 4) -> list[Sense]:
    """The meanings of a word, those with the largest share first; one where the vector shows no other.

    Senses are clusters of words, found by a mean shift toward what is left of the vector after the clusters before are
    projected out. Clusters that point the same way are one. The vector is then written as a sum of the clusters'
    directions with weights of at least 0 (nonnegative least squares), and clusters of little weight are left out.

    Args:
        most: at most so many.

    Returns:
        Nothing where there are fewer than eight other words.

    Raises:
        UnknownWord: the word is missing.
        InvalidSetting: a vector of zeros, or `most` below 1.
    """
    from scipy.optimize import nnls

    within("number of senses", most, 1)
    whole = queries.direction_of(vectors, word)
    pool = queries.nearest_neighbors(vectors, word, _POOL)
    if len(pool) < _WORDS:
        return []
    rows = vectors.unit_vectors_of([near.word for near in pool])  # (P, D)
    rest, found, directions = whole.astype(np.float64), [], np.empty((0, len(whole)))
    peeled: list[Doubles] = []
    for _ in range(_PEELS):
        if np.linalg.norm(rest) < 1e-6:
            break
        cluster = _cluster(rows, rest)
        direction = _mean(rows[cluster])
        if not direction.any():
            break
        peeled.append(direction)
        basis, _ = np.linalg.qr(np.array(peeled).T)  # (D, peeled)
        rest = whole - basis @ (basis.T @ whole)
        if not len(directions) or (directions @ direction).max() <= _SAME:
            directions = np.vstack([directions, direction])
            found.append(cluster[np.argsort(-(rows[cluster] @ direction), kind="stable")])
    weights, _ = nnls(directions.T, whole.astype(np.float64))
    if not weights.any():
        return []
    shares = weights / weights.sum()
    nearest = (rows[:NEAR] @ directions.T).argmax(axis=1)  # (NEAR,)
    order = [i for i in np.argsort(-shares, kind="stable").tolist() if shares[i] >= _LEAST][:most]
    return [
        Sense(
            tuple(pool[row].word for row in found[i].tolist()),
            float(shares[i]),
            int((nearest == i).sum()),
            directions[i].astype(np.float32),
        )
        for i in order
    ]


def without_sense(vectors: WordVectors, word: str, sense: Sense, k: int = 10) -> list[Neighbor]:
    """The k words nearest to a word whose part along a sense is projected out: java without the language is an island.

    Raises:
        UnknownWord: the word is missing.
        InvalidSetting: a vector that is nothing but the sense, or k below 1.
    """
    whole = queries.direction_of(vectors, word).astype(np.float64)
    rest = whole - (whole @ sense.direction) * sense.direction
    return queries.nearest_neighbors(vectors, rest, k, exclude=[word])


def _cluster(rows: Floats, toward: Doubles) -> Ids:
    """(_WORDS,) rows that are near one another and near a direction (mean shift)."""
    near = rows @ (toward / np.linalg.norm(toward))  # (P,)
    center = _mean(rows[np.argsort(-near, kind="stable")[:_SEED]])
    for _ in range(_ROUNDS):
        cluster = np.argsort(-(rows @ center + near), kind="stable")[:_WORDS]
        center = _mean(rows[cluster])
    return cluster


def _mean(rows: Floats) -> Doubles:
    """(D,) mean direction; zeros where they cancel out."""
    total = rows.sum(axis=0, dtype=np.float64)
    return np.asarray(total / max(float(np.linalg.norm(total)), 1e-12))
