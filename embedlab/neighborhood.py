"""The words of one map: what was asked for with its neighbors, or with a list of one's own."""

import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from embedlab import queries
from embedlab.errors import InvalidSetting
from embedlab.queries import Neighbor
from embedlab.vectors import WordVectors

MAX_ASKED = 6
MAX_NEIGHBORS = 150
MAX_LISTED = 300


@dataclass(frozen=True, eq=False)
class Neighborhood:
    """N words around one or several that were asked for."""

    vectors: WordVectors
    asked: tuple[str, ...]
    words: tuple[str, ...]  # N distinct: those asked for, then by falling similarity, or in the order of the list
    left_out: tuple[str, ...] = ()  # words of the list that the vectors do not hold
    listed: bool = False  # the other words come from a list

    @cached_property
    def unit(self) -> np.ndarray:
        """(N, D) float32 rows of length 1."""
        return self.vectors.unit_rows(self.vectors.rows(self.words))

    @cached_property
    def similarities(self) -> np.ndarray:
        """(N, asked) float32 cosines."""
        return np.clip(self.unit @ self.unit[: len(self.asked)].T, -1, 1)

    @cached_property
    def nearest_asked(self) -> np.ndarray:
        """(N,) which of the words asked for each word is most similar to."""
        return self.similarities.argmax(axis=1)

    def nearest(self, row: int, k: int = 10) -> list[int]:
        """Rows of the k most similar words among these N, nearest first."""
        order = np.argsort(-(self.unit @ self.unit[row]), kind="stable")
        return [int(other) for other in order if other != row][:k]

    def neighbors(self, word: str, k: int = 10) -> list[Neighbor]:
        """The k nearest of all words."""
        return queries.nearest_neighbors(self.vectors, word, k)


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
    asked = find_words(vectors, typed)
    if not asked:
        raise InvalidSetting("Type a word to see its neighbors, or several to compare them.")
    if len(asked) > MAX_ASKED:
        raise InvalidSetting(f"{len(asked)} words are too many to ask for at once: give at most {MAX_ASKED}.")
    if not 2 <= k <= MAX_NEIGHBORS:
        raise InvalidSetting(f"A map of {k} neighbors cannot be drawn: give 2 to {MAX_NEIGHBORS}.")
    vectors.rows(asked)
    if listed.strip():
        others = find_words(vectors, listed)
        if len(others) > MAX_LISTED:
            raise InvalidSetting(f"A list of {len(others):,} words is too long for one map: give at most {MAX_LISTED}.")
        known = [word for word in others if word in vectors]
        unknown = tuple(word for word in others if word not in vectors)
        return Neighborhood(vectors, asked, tuple(dict.fromkeys([*asked, *known])), unknown, listed=True)
    near = [n for word in asked for n in queries.nearest_neighbors(vectors, word, -(-k // len(asked)))]
    near.sort(key=lambda n: -n.similarity)
    return Neighborhood(vectors, asked, tuple(dict.fromkeys([*asked, *(n.word for n in near)])))


def find_words(vectors: WordVectors, typed: str) -> tuple[str, ...]:
    """The distinct words of a text, each in the spelling that the vectors hold where only capitals differ.

    Parts between commas, semicolons and line ends are taken whole where the vectors hold them ("new york"), else split
    at spaces.
    """
    found: list[str] = []
    for part in re.split(r"[,;\r\n]+", typed):
        part = part.strip()
        found += [part] if part in vectors else part.split()
    return tuple(dict.fromkeys(_spelling(vectors, word) for word in found))


def _spelling(vectors: WordVectors, word: str) -> str:
    return next((form for form in (word, word.lower(), word.capitalize()) if form in vectors), word)
