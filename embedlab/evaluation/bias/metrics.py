"""Measures of bias beside WEAT: RND, RNSB, RIPA, ECT and MAC, each on the same four sets of words.

They disagree: each has its own scale and its own idea of bias (Badilla, Bravo-Marquez and Pérez 2020). With the same
input each gives the figure of wefe, the library that collects them; like it, they take vectors as they are unless asked
to bring them to length 1 first. Only ECT and MAC, made of cosines of words or of means, hardly notice lengths.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from embedlab.arrays import Doubles, unit_rows
from embedlab.errors import InvalidSetting
from embedlab.evaluation.bias import logistic
from embedlab.evaluation.similarity import rank_correlation
from embedlab.evaluation.weat import rows_of_sets
from embedlab.vectors.word_vectors import WordVectors


class Measure(NamedTuple):
    """A measure of one bias in one space."""

    name: str
    value: float  # nan where the sets do not fit the measure
    without_bias: float  # what it would be then
    about: str  # what is measured, and the range


def measures(vectors: WordVectors, sets: Mapping[str, Sequence[str]]) -> list[Measure]:
    """The five measures of X and Y against A and B, vectors at length 1.

    Args:
        sets: the words of X, Y, A and B, under these letters. RND, RIPA and ECT use no B; RIPA pairs the words of X and
            Y by their places and is nan where these are not equally many, as ECT is with fewer than three words in A.

    Raises:
        UnknownWord: every missing word is listed.
        InvalidSetting: an empty set.
    """
    x, y, a, b = (sets[name] for name in "XYAB")
    paired = len({*x}) == len({*y})
    return [
        Measure(
            "RND", rnd(vectors, x, y, a, normalize=True), 0, "A’s distance to the mean of X less that of Y, −2 to 2"
        ),
        Measure("RNSB", rnsb(vectors, [x, y], a, b, normalize=True), 0, "how unevenly B is predicted, 0 up, in nats"),
        Measure(
            "RIPA",
            ripa(vectors, x, y, a, normalize=True) if paired else float("nan"),
            0,
            "A along the differences of pairs of X and Y, −1 to 1",
        ),
        Measure(
            "ECT", ect(vectors, x, y, a, normalize=True), 1, "rank correlation of A’s nearness to X and Y, −1 to 1"
        ),
        Measure("MAC", mac(vectors, [x, y], [a, b]), 1, "mean cosine distance of targets and attributes, 0 to 2"),
    ]


def rnd(
    vectors: WordVectors, X: Sequence[str], Y: Sequence[str], A: Sequence[str], *, normalize: bool = False
) -> float:
    """Relative norm distance (Garg et al. 2018): how much farther A is from the mean of X than from that of Y.

    Returns:
        Mean over A of the distance to the mean of X less the distance to the mean of Y, in the vectors' own unit;
        negative where A is nearer to X. With `normalize` in [-2, 2].

    Raises:
        UnknownWord: every missing word is listed.
        InvalidSetting: an empty set.
    """
    x, y, a = _sets(vectors, [X, Y, A], normalize=normalize)
    to_x, to_y = (np.linalg.norm(a - side.mean(axis=0), axis=1) for side in (x, y))  # (A,)
    return float((to_x - to_y).mean())


def rnsb(
    vectors: WordVectors,
    groups: Sequence[Sequence[str]],
    pleasant: Sequence[str],
    unpleasant: Sequence[str],
    *,
    normalize: bool = False,
) -> float:
    """Relative negative sentiment bias (Sweeney and Najafian 2019): are some target words taken for unpleasant ones?

    A logistic regression learns from all pleasant and unpleasant words to tell them apart. Its probabilities that the
    target words are unpleasant, made to sum to 1, are compared with equal ones.

    Args:
        groups: the target words; which group a word is of makes no difference.

    Returns:
        Kullback-Leibler divergence from the uniform distribution in nats, 0 (all are alike) to the logarithm of the
        number of target words.

    Raises:
        UnknownWord: every missing word is listed.
        InvalidSetting: an empty set.
    """
    *targets, good, bad = _sets(vectors, [*groups, pleasant, unpleasant], normalize=normalize)
    weights = logistic.fit(np.concatenate([good, bad]), np.arange(len(good) + len(bad)) >= len(good))
    negative = logistic.probabilities(weights, np.concatenate(targets))  # (n,)
    shares = negative / negative.sum()
    return float((shares * np.log(np.maximum(shares * len(shares), 1e-300))).sum())


def ripa(
    vectors: WordVectors, X: Sequence[str], Y: Sequence[str], A: Sequence[str], *, normalize: bool = False
) -> float:
    """Relational inner product association (Ethayarajh, Duvenaud and Hirst 2019): A along the differences of pairs.

    Args:
        X, Y: equally many; the first words of both are a pair, the second ones, and so on, such as he and she.

    Returns:
        Mean over A and the pairs of the inner product with the pair's difference, x − y at length 1; positive where A
        leans to X. With `normalize` in [-1, 1].

    Raises:
        UnknownWord: every missing word is listed.
        InvalidSetting: an empty set, X and Y of different sizes, or a pair of equal vectors.
    """
    x, y, a = _sets(vectors, [X, Y, A], normalize=normalize)
    if len(x) != len(y):
        raise InvalidSetting(f"RIPA takes pairs, but X has {len(x)} different words and Y has {len(y)}: give as many.")
    difference = x - y  # (P, D)
    if not np.linalg.norm(difference, axis=1).all():
        raise InvalidSetting("A word of X has the same vector as its partner in Y: leave that pair out.")
    return float((a @ unit_rows(difference).T).mean())


def ect(
    vectors: WordVectors, X: Sequence[str], Y: Sequence[str], A: Sequence[str], *, normalize: bool = False
) -> float:
    """Embedding coherence test (Dev and Phillips 2019): do X and Y order the words A in the same way?

    Returns:
        Rank correlation of A's cosines to the mean of X with those to the mean of Y, in [-1, 1]; 1 without bias, nan
        with fewer than three words in A, or where all of them are equally near.

    Raises:
        UnknownWord: every missing word is listed.
        InvalidSetting: an empty set.
    """
    x, y, a = _sets(vectors, [X, Y, A], normalize=normalize)
    middles = unit_rows(np.stack([x.mean(axis=0), y.mean(axis=0)]))  # (2, D)
    to_x, to_y = middles @ unit_rows(a).T
    if not (np.ptp(to_x) and np.ptp(to_y)):  # words that are all equally near have no order
        return float("nan")
    return rank_correlation(to_x, to_y)


def mac(vectors: WordVectors, targets: Sequence[Sequence[str]], attributes: Sequence[Sequence[str]]) -> float:
    """Mean average cosine similarity (Manzini et al. 2019), which is a distance: of targets from sets of attributes.

    Returns:
        Mean over target words and sets of attributes of the mean cosine distance, in [0, 2]; 1 where targets have
        nothing to do with the attributes.

    Raises:
        UnknownWord: every missing word is listed.
        InvalidSetting: an empty set.
    """
    sets = _sets(vectors, [*targets, *attributes], normalize=True)
    words = np.concatenate(sets[: len(targets)])  # (n, D)
    return float(np.mean([(1 - words @ one.T).mean(axis=1) for one in sets[len(targets) :]]))


def _sets(vectors: WordVectors, sets: Sequence[Sequence[str]], *, normalize: bool) -> list[Doubles]:
    """(n, D) float64 rows of each set."""
    rows = rows_of_sets(vectors, sets)
    if not all(rows):
        raise InvalidSetting("A set of words is empty: give each at least one word.")
    return [
        np.asarray(vectors.unit_rows(given) if normalize else vectors.matrix[given], dtype=np.float64) for given in rows
    ]
