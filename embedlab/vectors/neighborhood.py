"""Neighborhood: the words of one map, which are those asked for with their neighbors or with a list of one's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from embedlab.arrays import Floats, Ids
from embedlab.checks import within
from embedlab.errors import InvalidSetting
from embedlab.vectors import queries
from embedlab.vectors.queries import Neighbor
from embedlab.vectors.spelling import find_words
from embedlab.vectors.word_vectors import WordVectors

SHOWN = 10  # nearest words listed for each word asked for
MAX_ASKED = 6
MAX_NEIGHBORS = 150
MAX_LISTED = 300


@dataclass(frozen=True, eq=False)
class Neighborhood:
    """N words around one or several that were asked for, with their own rows only: it keeps no vectors alive."""

    asked: tuple[str, ...]
    words: tuple[str, ...]  # N distinct: those asked for, then by falling similarity, or in the order of the list
    near: tuple[tuple[Neighbor, ...], ...]  # for each word asked for the nearest of all words
    matrix: Floats  # (N, D) float32
    unit: Floats  # (N, D) float32 rows of length 1
    size: int  # V, words of the vectors
    source: str
    listed: bool = False  # the words besides those asked for come from a list
    left_out: tuple[str, ...] = ()  # words of the list that the vectors do not hold
    composed: tuple[str, ...] = ()  # of `words`, those that the vectors compose of character n-grams

    @cached_property
    def similarities(self) -> Floats:
        """(N, asked) float32 cosines."""
        return np.asarray(np.clip(self.unit @ self.unit[: len(self.asked)].T, -1, 1))

    @cached_property
    def nearest_asked(self) -> Ids:
        """(N,) which of the words asked for each word is most similar to."""
        return np.asarray(self.similarities.argmax(axis=1))

    def nearest(self, row: int, k: int = SHOWN) -> list[int]:
        """Rows of the k most similar words among these N, nearest first."""
        order = np.argsort(-(self.unit @ self.unit[row]), kind="stable")
        return [int(other) for other in order if other != row][:k]

    def farthest(self, row: int, among: Sequence[int]) -> tuple[int, int]:
        """Of some of these rows the least similar to `row`, and its place among all N by similarity, from 1."""
        order = self.nearest(row, len(self.words))
        return max(((other, order.index(other) + 1) for other in among), key=lambda found: found[1])


def gather(vectors: WordVectors, typed: str, k: int, *, listed: str = "") -> Neighborhood:
    """The neighborhood of the words typed.

    Args:
        typed: one to six words, separated by spaces, commas or line ends.
        k: how many words to show besides those asked for, shared among them; 2 to 150.
        listed: words to show instead of the neighbors, at most 300; unknown ones are left out and named.

    Raises:
        InvalidSetting: no word, too many, or k outside its range.
        UnknownWord: words asked for that are missing, all of them.
    """
    asked = tuple(dict.fromkeys(find_words(vectors, typed)))
    if not asked:
        raise InvalidSetting("Type a word to see its neighbors, or several to compare them.")
    if len(asked) > MAX_ASKED:
        raise InvalidSetting(f"{len(asked)} words are too many to ask for at once: give at most {MAX_ASKED}.")
    within("number of neighbors on a map", k, 2, MAX_NEIGHBORS)
    vectors.vectors_of(asked)  # names every unknown word at once
    each = -(-k // len(asked))
    near = [queries.nearest_neighbors(vectors, word, max(each, SHOWN)) for word in asked]
    others = sorted((n for found in near for n in found[:each]), key=lambda n: -n.similarity)
    words, left_out = [n.word for n in others], []
    if listed.strip():
        given = dict.fromkeys(find_words(vectors, listed))
        if len(given) > MAX_LISTED:
            raise InvalidSetting(f"A list of {len(given):,} words is too long for one map: give at most {MAX_LISTED}.")
        left_out = [w for w in given if w not in vectors and not vectors.composes(w)]
        words = [w for w in given if w not in left_out]
    words = list(dict.fromkeys([*asked, *words]))
    return Neighborhood(
        asked,
        tuple(words),
        tuple(tuple(found[:SHOWN]) for found in near),
        vectors.vectors_of(words),
        vectors.unit_vectors_of(words),
        size=len(vectors),
        source=vectors.source,
        listed=bool(listed.strip()),
        left_out=tuple(left_out),
        composed=tuple(word for word in words if word not in vectors),
    )
