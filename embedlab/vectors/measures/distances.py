"""Cosine similarities and distances of one word to all others or to some, and its place among them.

Named as the methods of gensim's KeyedVectors, with the vectors in front, and giving the same numbers. A word that the
vectors compose of character n-grams can be asked for like one that they hold.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from embedlab.arrays import Doubles, Floats
from embedlab.checks import within
from embedlab.errors import InvalidSetting
from embedlab.vectors import queries
from embedlab.vectors.word_vectors import WordVectors


def all_similarities(vectors: WordVectors, query: str | npt.ArrayLike, *, restrict_vocab: int | None = None) -> Floats:
    """(V,) float32 cosines in [-1, 1] to every word, in the order of `vectors.words`; 0 to a vector of zeros.

    Args:
        query: a word or a (D,) vector.
        restrict_vocab: only to the first n words, which are the most frequent in most files; all when None.

    Raises:
        UnknownWord: the query word is missing.
        InvalidSetting: a query without a direction (zero, not finite, of another dimension), or fewer than one word.
    """
    if restrict_vocab is not None:
        within("number of most frequent words", restrict_vocab, 1)
    direction = queries.direction_of(vectors, query)
    size = min(len(vectors), restrict_vocab or len(vectors))
    cosines = np.empty(size, np.float32)
    for block in vectors.blocks():
        if block.start >= size:
            break
        block = slice(block.start, min(block.stop, size))
        cosines[block] = _cosines(vectors.unit_rows(block), direction)
    return cosines


def distances(vectors: WordVectors, query: str | npt.ArrayLike, other_words: Sequence[str] = ()) -> Floats:
    """Cosine distances, 1 - cosine, in [0, 2]: (n,) to some words, or (V,) to every word where none is given.

    Args:
        query: a word or a (D,) vector.
        other_words: n words, repeated ones too.

    Raises:
        UnknownWord: every missing word is listed.
        InvalidSetting: a query without a direction (zero, not finite, of another dimension).
    """
    if not len(other_words):
        return 1 - all_similarities(vectors, query)
    direction = queries.direction_of(vectors, query)
    return 1 - _cosines(vectors.unit_vectors_of(list(other_words)), direction)


def closer_than(vectors: WordVectors, a: str, b: str) -> list[str]:
    """Words more similar to `a` than `b` is, without `a` itself, in the order of `vectors.words`.

    Raises:
        UnknownWord: every missing word is listed.
        InvalidSetting: `a` has a vector of zeros.
    """
    (bar,) = _cosines(vectors.unit_vectors_of([a, b])[1:], queries.direction_of(vectors, a))
    closer = np.flatnonzero(all_similarities(vectors, a) > bar).tolist()
    return [vectors.words[row] for row in closer if vectors.words[row] != a]


def rank(vectors: WordVectors, a: str, b: str) -> int:
    """Place of `b` among the words by similarity to `a`, from 1 for its nearest neighbor (and for `a` itself).

    Words that are as similar share a place. It need not be the place from the other side: `rank(vectors, b, a)`.

    Raises:
        UnknownWord: every missing word is listed.
        InvalidSetting: `a` has a vector of zeros.
    """
    return len(closer_than(vectors, a, b)) + 1


def most_similar_to_given(vectors: WordVectors, word: str, words: Sequence[str]) -> str:
    """Of some words the one with the largest cosine to `word`; of equal ones the first.

    Raises:
        UnknownWord: every missing word is listed.
        InvalidSetting: no word to choose from.
    """
    if not len(words):
        raise InvalidSetting(f"There is no word to compare with “{word}”: give at least one.")
    given = vectors.unit_vectors_of([word, *words])
    return words[int(_cosines(given[1:], given[0]).argmax())]


def relative_cosine_similarity(vectors: WordVectors, a: str, b: str, topn: int = 10) -> float:
    """Cosine of `a` and `b` over the sum of those of the `topn` nearest neighbors of `a` (Leeuwenberg et al. 2016).

    With the usual 10, synonyms are above 0.10, the mean share of a neighbor.

    Raises:
        UnknownWord: every missing word is listed.
        InvalidSetting: topn below 1, `a` has a vector of zeros, no other word, or neighbors whose cosines sum to 0.
    """
    within("number of neighbors", topn, 1)
    cosine = queries.similarity(vectors, a, b)
    near = queries.nearest_neighbors(vectors, a, topn)
    total = sum(neighbor.similarity for neighbor in near)
    if abs(total) < 1e-12:
        raise InvalidSetting(
            f"The cosines of the {len(near)} nearest neighbors of “{a}” sum to 0, which nothing can be relative to: "
            "choose another word, or another number of neighbors."
        )
    return cosine / total


def _cosines(unit: Floats, direction: Floats) -> Floats:
    """(n,) float32 cosines of (n, D) rows of length 1; each is summed alone, so that equal rows have equal ones."""
    products: Doubles = (unit * direction.astype(np.float64)).sum(axis=1)
    return np.clip(products, -1, 1).astype(np.float32)
