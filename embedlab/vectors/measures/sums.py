"""Words nearest to a weighted sum of words: any number added or subtracted, among all words or the most frequent."""

from collections.abc import Sequence
from typing import TypeAlias, overload

import numpy as np

from embedlab.arrays import Array, Doubles, Floats
from embedlab.checks import within
from embedlab.errors import InvalidSetting
from embedlab.vectors import queries
from embedlab.vectors.measures.distances import all_similarities
from embedlab.vectors.queries import Neighbor
from embedlab.vectors.word_vectors import WordVectors

Item: TypeAlias = str | Array  # a word or a (D,) vector
Weighted: TypeAlias = Item | tuple[Item, float]


@overload
def most_similar(
    vectors: WordVectors,
    positive: str | Sequence[Weighted] = (),
    negative: str | Sequence[Weighted] = (),
    topn: int = 10,
    *,
    restrict_vocab: int | None = None,
) -> list[Neighbor]: ...
@overload
def most_similar(
    vectors: WordVectors,
    positive: str | Sequence[Weighted] = (),
    negative: str | Sequence[Weighted] = (),
    topn: None = ...,
    *,
    restrict_vocab: int | None = None,
) -> Floats: ...
def most_similar(
    vectors: WordVectors,
    positive: str | Sequence[Weighted] = (),
    negative: str | Sequence[Weighted] = (),
    topn: int | None = 10,
    *,
    restrict_vocab: int | None = None,
) -> list[Neighbor] | Floats:
    """Words with the largest cosine to a weighted sum of unit vectors, the words of the sum left out.

    The sum may be of negative words alone, which asks for what is least like them.

    Args:
        positive: words and (D,) vectors to add, each alone or with its weight: ("king", 0.5). One word may stand alone.
        negative: words and vectors to subtract. A weight given with one stands in place of -1, so ("man", -0.5)
            subtracts half of it, as in gensim.
        topn: how many words, at least 1; None: the cosines to all words, (V,) float32 in the order of `vectors.words`.
        restrict_vocab: answer with the first n words only, the most frequent in most files; with all when None.

    Raises:
        UnknownWord: every missing word is listed.
        InvalidSetting: nothing to sum, a sum of zeros, a weight or vector that is not finite, topn or restrict_vocab
            below 1.
    """
    items = [_weighted(item, 1.0) for item in _listed(positive)] + [_weighted(item, -1.0) for item in _listed(negative)]
    if not items:
        raise InvalidSetting("There is nothing to sum: give at least one word to add or to subtract.")
    total = weighted_sum(vectors, items)
    if topn is None:
        return all_similarities(vectors, total, restrict_vocab=restrict_vocab)
    if restrict_vocab is not None:
        within("number of most frequent words", restrict_vocab, 1)
    among = vectors if restrict_vocab is None else vectors.restrict(restrict_vocab)
    return queries.nearest_neighbors(among, total, topn, exclude=[item for item, _ in items if isinstance(item, str)])


def weighted_sum(vectors: WordVectors, items: Sequence[tuple[Item, float]]) -> Doubles:
    """(D,) sum of words and vectors, each at length 1 if it is a word and as it is if not, times its weight.

    Raises:
        UnknownWord: every missing word is listed.
        InvalidSetting: a vector of another dimension, a weight or number that is not finite.
    """
    for item, weight in items:
        if not np.isfinite(weight):
            raise InvalidSetting(f"The weight {weight} is not a finite number: choose another.")
        if not isinstance(item, str) and np.shape(item) != (vectors.dimensions,):
            raise InvalidSetting(
                f"A vector of shape {np.shape(item)} does not fit vectors of {vectors.dimensions} dimensions."
            )
    words = [(word, weight) for word, weight in items if isinstance(word, str)]
    total = np.array([weight for _, weight in words]) @ vectors.unit_vectors_of([word for word, _ in words]).astype(
        np.float64
    )  # (D,)
    for item, weight in items:
        if not isinstance(item, str):
            total = total + weight * np.asarray(item, dtype=np.float64)
    return np.asarray(total)


def _listed(given: str | Sequence[Weighted]) -> Sequence[Weighted]:
    return [given] if isinstance(given, str) or (isinstance(given, np.ndarray) and given.ndim == 1) else list(given)


def _weighted(item: Weighted, usual: float) -> tuple[Item, float]:
    return (item[0], float(item[1])) if isinstance(item, tuple) else (item, usual)
