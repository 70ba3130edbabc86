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
_PEERS = 150  # words nearest to a sense, beyond which the word has to reach
_NULLS = 9  # pools without clusters
TOLD, TOLD_WRONGLY, ASKED = 19, 6, 40  # words with two meanings, and with one, called clear; each of so many


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
    within("number of senses", most, 1)
    whole, pool, rows = _around(vectors, word)
    if len(pool) < _WORDS:
        return []
    split = _split(rows, whole, most)
    if not len(split.directions):
        return []
    nearest = (rows[:NEAR] @ split.directions.T).argmax(axis=1)  # (NEAR,)
    return [
        Sense(
            tuple(pool[row] for row in cluster.tolist()),
            share,
            int((nearest == i).sum()),
            direction.astype(np.float32),
        )
        for i, (cluster, share, direction) in enumerate(zip(*split, strict=True))
    ]


class Evidence(NamedTuple):
    """How far a word's vector reaches into another of its senses, and how far it would if nothing were clustered."""

    gap: float  # standard deviations, see `evidence`; 0 with one sense
    by_chance: tuple[float, ...]  # the same of pools without clusters

    @property
    def is_clear(self) -> bool:
        """The gap is larger than that of every pool without clusters: 1 in 10 of these would be, too."""
        return self.gap > max(self.by_chance)


def evidence(vectors: WordVectors, word: str, *, most: int = 4, seed: int = 0) -> Evidence:
    """Whether a word has a second sense that the same search would not find where there is none.

    The gap of two senses is how far the word's vector reaches toward each, beyond the words nearest to the other: in
    standard deviations of these, the lesser of both. That of a word is the largest of its first sense and another. It
    is compared with a unimodal null: pools drawn from one normal distribution with the mean and the covariance of the
    pool, in which the senses of the same vector are searched for.

    Of words with two meanings it calls about half clear, of words with one about one in seven (`TOLD`), of random
    vectors one in ten.

    Raises UnknownWord, InvalidSetting: as `senses`.
    """
    within("number of senses", most, 1)
    whole, pool, rows = _around(vectors, word)
    if len(pool) < _WORDS:
        return Evidence(0.0, (0.0,))
    mean = rows.mean(axis=0)
    root = np.linalg.cholesky(shrunk_covariance(rows - mean) + 1e-9 * np.eye(len(mean)))
    generator = np.random.default_rng(seed)
    by_chance = []
    for _ in range(_NULLS):
        drawn = generator.standard_normal(rows.shape, dtype=np.float32) @ root.T.astype(np.float32) + mean
        drawn /= np.maximum(np.linalg.norm(drawn, axis=1, keepdims=True), 1e-12)
        by_chance.append(_gap(drawn, whole, most))
    return Evidence(_gap(rows, whole, most), tuple(by_chance))


def shrunk_covariance(rows: Floats) -> Doubles:
    """(D, D) covariance of (N, D) rows of mean zero, drawn toward a multiple of the identity (Ledoit and Wolf 2004)."""
    x = np.asarray(rows, dtype=np.float64)
    n, d = x.shape
    sample = x.T @ x / n
    scale = float(np.trace(sample)) / d
    off = float(((sample - scale * np.eye(d)) ** 2).sum())
    error = float((np.einsum("nd,nd->n", x, x) ** 2).sum() / n - (sample**2).sum()) / n
    share = min(error / off, 1.0) if off > 0 else 0.0
    return np.asarray((1 - share) * sample + share * scale * np.eye(d))


class _Split(NamedTuple):
    """S clusters, with the weights that their directions have in a vector."""

    clusters: list[Ids]  # S times (8,) rows, the most typical first
    shares: list[float]
    directions: Doubles  # (S, D)


def _around(vectors: WordVectors, word: str) -> tuple[Doubles, list[str], Floats]:
    """(D,) direction of a word, the P words in which senses are looked for, and their (P, D) unit vectors."""
    whole = queries.direction_of(vectors, word).astype(np.float64)
    pool = [near.word for near in queries.nearest_neighbors(vectors, word, _POOL)]
    return whole, pool, vectors.unit_vectors_of(pool) if pool else np.empty((0, len(whole)), np.float32)


def _split(rows: Floats, whole: Doubles, most: int) -> _Split:
    from scipy.optimize import nnls

    rest, found, directions = whole, [], np.empty((0, len(whole)))
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
    weights = nnls(directions.T, whole)[0] if len(directions) else np.zeros(0)  # SciPy 1.17 frees a table of none twice
    if not weights.any():
        return _Split([], [], directions[:0])
    shares = weights / weights.sum()
    order = [i for i in np.argsort(-shares, kind="stable").tolist() if shares[i] >= _LEAST][:most]
    return _Split([found[i] for i in order], [float(shares[i]) for i in order], directions[order])


def _gap(rows: Floats, whole: Doubles, most: int) -> float:
    directions = _split(rows, whole, most).directions
    count = min(_PEERS, len(rows) // 4)
    if len(directions) < 2 or not count:
        return 0.0
    peers = [rows[np.argsort(-(rows @ direction), kind="stable")[:count]] for direction in directions]

    def beyond(of: int, toward: int) -> float:
        reached = peers[of] @ directions[toward]
        return float((whole @ directions[toward] - reached.mean()) / max(float(reached.std()), 1e-9))

    return max(min(beyond(0, other), beyond(other, 0)) for other in range(1, len(directions)))


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
