"""First look: the nearest neighbors of a few telling words, by which people judge vectors at a glance."""

from collections.abc import Sequence

import numpy as np

from embedlab.vectors.queries import Neighbor, nearest_neighbors
from embedlab.vectors.word_vectors import WordVectors

_WELL_KNOWN = ("king", "paris", "river", "music", "green", "monday", "doctor", "seven")  # common in most English sets
_FREQUENT = 2_000  # words among which others are looked for
_NO_MEAN = 1e-6  # length of a mean that is rounding alone
_SHORT = 3  # letters of an alphabet; such words are mostly grammar


def telling_words(vectors: WordVectors, n: int = 5) -> list[str]:
    """Up to n words to look at: well-known ones, else frequent ones that are likely to mean something.

    Words whose vectors are zero are left out where there are others.

    Well-known ones count as known in capitals and, as tokenizers write the beginning of a word, with a space before.
    """
    forms = ((word, word.capitalize(), f" {word}", f" {word.capitalize()}") for word in _WELL_KNOWN)
    found = [next((form for form in spelt if form in vectors), "") for spelt in forms]
    found = _directed(vectors, [word for word in found if word])[:n]
    if len(found) < n:
        first = _directed(vectors, vectors.words[:_FREQUENT])
        if not first:  # of zeros alone
            return list(vectors.words[:n])
        long = [w for w in first if w.strip().isalpha() and (len(w.strip()) > _SHORT or not w.strip().isascii())]
        others = long or list(first)
        # Spread over them: the most frequent ones are grammar, too.
        found += [others[len(others) * i // n] for i in range(n - len(found))]
    return list(dict.fromkeys(found))


def some_words(vectors: WordVectors, n: int) -> list[str]:
    """n different words, the telling ones first and those of zeros last; fewer where the vectors hold fewer."""
    first = vectors.words[: 2 * n]
    return list(dict.fromkeys([*telling_words(vectors, n), *_directed(vectors, first), *first]))[:n]


def words_with_a_mean(vectors: WordVectors, n: int) -> list[str]:
    """As `some_words`, but one fewer where the mean of all is zero: that of the others is then not.

    Signs cancel out easily where each vector is one number. It is the last one that is not of zeros, which change no
    mean.
    """
    words = some_words(vectors, n)
    mean = vectors.unit_vectors_of(words).mean(axis=0)  # (D,)
    if np.linalg.norm(mean) > _NO_MEAN:
        return words
    directed = _directed(vectors, words)
    return [word for word in words if word not in directed[-1:]]


def _directed(vectors: WordVectors, words: Sequence[str]) -> list[str]:
    """Those of the words whose vectors are not zero: of others nothing is near."""
    if not words:
        return []
    rows = np.flatnonzero(vectors.unit_rows(vectors.rows(words)).any(axis=1)).tolist()
    return [words[row] for row in rows]


def first_look(vectors: WordVectors, n: int = 5, k: int = 4) -> list[tuple[str, list[Neighbor]]]:
    """The k nearest neighbors of each of up to n telling words; words without a direction are left out."""
    words = _directed(vectors, telling_words(vectors, n))
    return [(word, nearest_neighbors(vectors, word, k)) for word in words]
