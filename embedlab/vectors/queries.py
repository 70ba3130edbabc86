"""Queries: nearest neighbors, analogies, the odd one out.

A word that the vectors do not hold can be asked for where its vector is composed (`WordVectors.composes`); it is no
answer.
"""

from collections.abc import Collection, Sequence
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from embedlab.arrays import Doubles, Floats, Ids
from embedlab.checks import one_of, within
from embedlab.errors import InvalidSetting, TooFewWords
from embedlab.vectors import search
from embedlab.vectors.word_vectors import WordVectors

Method = Literal["3cosadd", "3cosmul"]
MULTIPLICATIVE_EPSILON = 1e-6  # Levy and Goldberg (2014) use 1e-3; gensim, our reference, uses this


class Neighbor(NamedTuple):
    """A word and its cosine similarity to what was asked for; larger is nearer."""

    word: str
    similarity: float


def nearest_neighbors(
    vectors: WordVectors, query: str | npt.ArrayLike, k: int = 10, *, exclude: Collection[str] = ()
) -> list[Neighbor]:
    """The k words with the largest cosine similarity, nearest first; equal ones in the order of `vectors.words`.

    Args:
        query: a word, which is left out of its own answer, or a (D,) vector.
        k: at least 1; fewer words come back when there are fewer.
        exclude: words to leave out.

    Raises:
        UnknownWord: the query word is missing.
        InvalidSetting: k below 1, or a query without a direction (zero, not finite, of another dimension).
    """
    direction = direction_of(vectors, query)
    return _nearest(vectors, direction, k, {query, *exclude} if isinstance(query, str) else exclude)


def analogy(
    vectors: WordVectors,
    positive: Sequence[str],
    negative: Sequence[str],
    k: int = 10,
    *,
    method: Method = "3cosadd",
    include_inputs: bool = False,
) -> list[Neighbor]:
    """Words nearest to the sum of `positive` less the sum of `negative`: king + woman - man.

    Args:
        method: "3cosadd" ranks by cosine to the sum of unit vectors (Mikolov et al. 2013); "3cosmul" by the product of
            similarities to the positive words over that to the negative ones, each shifted to [0, 1] (Levy and
            Goldberg 2014), and returns that score in place of a cosine.
        include_inputs: keep the given words in the ranking. They are left out by custom, which hides that the answer
            is often one of them (Linzen 2016; Nissim et al. 2020).

    Raises:
        UnknownWord: every missing word is listed.
        InvalidSetting: no positive word, an unknown method, k below 1, or words that cancel out.
    """
    if not positive:
        raise InvalidSetting("An analogy needs at least one word to add.")
    one_of("analogy method", method, ("3cosadd", "3cosmul"))
    given = vectors.unit_vectors_of([*positive, *negative])  # (n, D)
    n = len(positive)
    exclude = () if include_inputs else {*positive, *negative}
    if method == "3cosadd":
        total = given[:n].sum(axis=0) - given[n:].sum(axis=0)
        return _nearest(vectors, _unit_query(vectors, total), k, exclude)
    return _best_products(vectors, given[:n], given[n:], k, exclude)


def similarity(vectors: WordVectors, a: str, b: str) -> float:
    """Cosine of two words, in [-1, 1]; 0 when either vector is zero."""
    first, second = vectors.unit_vectors_of([a, b])
    return float(np.clip(first @ second, -1, 1))


def odd_one_out(vectors: WordVectors, words: Sequence[str]) -> str:
    """The word least similar to the mean direction of all of them (gensim's ``doesnt_match``).

    Raises InvalidSetting: fewer than three different words.
    """
    return closeness_to_mean(vectors, words)[-1].word


def closeness_to_mean(vectors: WordVectors, words: Sequence[str]) -> list[Neighbor]:
    """Each of the words with its cosine to the mean direction of all of them, the odd one last.

    Raises:
        UnknownWord: every missing word is listed.
        InvalidSetting: fewer than three different words, or words that cancel out.
    """
    words = list(dict.fromkeys(words))
    if len(words) < 3:
        raise InvalidSetting(f"Odd one out needs at least three different words, not {len(words)}.")
    given = vectors.unit_vectors_of(words)  # (n, D)
    cosines = given @ _unit_query(vectors, given.mean(axis=0))  # (n,)
    order = np.argsort(-cosines, kind="stable")
    # Of equally odd words the first is the odd one, as in gensim.
    odd = int(np.argmin(cosines))
    return [Neighbor(words[i], float(cosines[i])) for i in [*order[order != odd], odd]]


def direction_of(vectors: WordVectors, query: str | npt.ArrayLike) -> Floats:
    """(D,) float32 of length 1 of a word, or of a (D,) vector. Raises as `nearest_neighbors`."""
    if not isinstance(query, str):
        return _unit_query(vectors, query)
    (direction,) = vectors.unit_vectors_of([query])
    if not direction.any():
        raise _nowhere(vectors, f"“{query}” has a vector of zeros, which points nowhere: choose another word.")
    return np.asarray(direction)


def _nowhere(vectors: WordVectors, said: str) -> InvalidSetting:
    """The error for a query that points nowhere; of vectors of zeros alone none could do better."""
    if vectors.matrix.any():
        return InvalidSetting(said)
    return TooFewWords(f"All {len(vectors):,} vectors are zeros and point nowhere: choose vectors that do.")


def _unit_query(vectors: WordVectors, vector: npt.ArrayLike) -> Floats:
    """(D,) float32 of length 1."""
    query = np.asarray(vector, dtype=np.float64)
    if query.shape != (vectors.dimensions,):
        raise InvalidSetting(f"A query of shape {query.shape} does not fit vectors of {vectors.dimensions} dimensions.")
    if not np.isfinite(query).all():
        raise InvalidSetting("The query vector holds NaN or infinity: give finite numbers.")
    length = np.linalg.norm(query)
    if length < 1e-12:
        raise _nowhere(vectors, "The words cancel out to a vector of zeros, which points nowhere: change one of them.")
    return np.asarray(query / length, dtype=np.float32)


def _nearest(vectors: WordVectors, direction: Floats, k: int, exclude: Collection[str]) -> list[Neighbor]:
    """The k words of largest cosine to a (D,) float32 direction of length 1."""
    wanted, left_out = _wanted(vectors, k, exclude)
    if not wanted:
        return []
    rows, scores = search.nearest(vectors, direction, wanted, left_out)
    return [Neighbor(vectors.words[row], float(score)) for row, score in zip(rows, scores, strict=True)]


def _best_products(
    vectors: WordVectors, positive: Floats, negative: Floats, k: int, exclude: Collection[str]
) -> list[Neighbor]:
    """The k words of largest 3CosMul score for (n, D) and (m, D) rows of length 1, block by block."""
    wanted, left_out = _wanted(vectors, k, exclude)
    if not wanted:
        return []
    lower, upper = np.empty(len(vectors)), np.empty(len(vectors))  # (V,) bounds of the score
    error = search.rounding(vectors.dimensions)
    for block in vectors.blocks():
        unit = vectors.unit_rows(block)
        toward = (unit @ positive.T).astype(np.float64)  # (n, positive)
        away = (unit @ negative.T).astype(np.float64)  # (n, negative)
        lower[block] = _product_score(np.clip(toward - error, -1, None), away + error)
        upper[block] = _product_score(toward + error, np.clip(away - error, -1, None))

    def score(rows: Ids) -> Doubles:
        exact = vectors.unit_rows(rows).astype(np.float64)
        return _product_score(exact @ positive.T.astype(np.float64), exact @ negative.T.astype(np.float64))

    rows, scores = search.best(lower, upper, wanted, left_out, score)
    return [Neighbor(vectors.words[row], float(score)) for row, score in zip(rows, scores, strict=True)]


def _product_score(toward: Doubles, away: Doubles) -> Doubles:
    """(n,) 3CosMul scores from (n, positive) and (n, negative) cosines."""
    return np.asarray(((1 + toward) / 2).prod(axis=1) / (((1 + away) / 2).prod(axis=1) + MULTIPLICATIVE_EPSILON))


def _wanted(vectors: WordVectors, k: int, exclude: Collection[str]) -> tuple[int, list[int]]:
    """How many words can come back, and the rows that may not."""
    within("number of neighbors", k, 1)
    left_out = [vectors.index[word] for word in set(exclude) if word in vectors.index]
    return max(0, min(k, len(vectors) - len(left_out))), left_out
