"""Near duplicates and outliers of a loaded set: words that point nearly the same way, and words far from all others."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from embedlab.arrays import Floats, Ids, frozen
from embedlab.atlas.layout import WORDS, blocks, nearest_of
from embedlab.atlas.word_map import NEAREST
from embedlab.checks import within
from embedlab.errors import TooFewWords
from embedlab.vectors.word_vectors import WordVectors


class NearPair(NamedTuple):
    """Two words whose vectors point nearly the same way."""

    first: str  # the more frequent
    second: str
    similarity: float


class Outlier(NamedTuple):
    """A word far from all others."""

    word: str
    similarity: float  # mean cosine to its nearest
    nearest: str


@dataclass(frozen=True, eq=False)
class Survey:
    """The ten nearest, or all others where they are fewer, of each of the first n words among them."""

    words: tuple[str, ...]  # n
    rows: Ids  # (n, k) nearest first
    cosines: Floats  # (n, k)

    def near_duplicates(self, *, threshold: float = 0.95, most: int = 200) -> list[NearPair]:
        """Pairs with at least this cosine, most similar first; of a word with more than ten such, the ten nearest.

        Raises InvalidSetting: a threshold outside [0, 1].
        """
        within("threshold", threshold, 0, 1)
        first, at = np.nonzero(self.cosines >= np.float32(threshold - 1e-6))
        second, cosines = self.rows[first, at], self.cosines[first, at]
        pairs = np.stack([np.minimum(first, second), np.maximum(first, second)], axis=1)
        pairs, kept = np.unique(pairs, axis=0, return_index=True)
        order = np.argsort(-cosines[kept], kind="stable")[:most]
        similarities = np.minimum(cosines[kept][order], 1).tolist()
        found = zip(pairs[order].tolist(), similarities, strict=True)
        return [NearPair(self.words[a], self.words[b], similarity) for (a, b), similarity in found]

    def outliers(self, *, most: int = 50) -> list[Outlier]:
        """The words least similar to their ten nearest, the farthest first."""
        means = self.cosines.mean(axis=1)
        order = np.argsort(means, kind="stable")[:most].tolist()
        return [Outlier(self.words[row], float(means[row]), self.words[self.rows[row, 0]]) for row in order]


def survey(vectors: WordVectors, *, words: int = WORDS) -> Iterator[Survey | None]:
    """Looks up the nearest of each of the first words; half a minute of processor for 50,000 x 100.

    Yields:
        None some times a second, and at the end the survey.

    Raises TooFewWords: fewer than two words.
    """
    within("number of words to survey", words, 2, WORDS)
    if len(vectors) < 2:
        raise TooFewWords("One word has no neighbors: choose vectors of two words or more.")
    return _survey(vectors, min(words, len(vectors)))


def _survey(vectors: WordVectors, count: int) -> Iterator[Survey | None]:
    unit = vectors.unit_rows(slice(count))
    rows = np.empty((count, min(NEAREST, count - 1)), np.int64)
    cosines = np.empty(rows.shape, np.float32)
    for own in blocks(count, 0, count):
        rows[own], cosines[own] = nearest_of(unit, unit[own], rows.shape[1], left_out=own)
        yield None
    yield Survey(vectors.words[:count], frozen(rows), frozen(cosines))


def near_duplicates(vectors: WordVectors, *, threshold: float = 0.95, most: int = 200) -> list[NearPair]:
    """`Survey.near_duplicates` of vectors; the survey is made once a set."""
    return vectors.once(_whole_survey).near_duplicates(threshold=threshold, most=most)


def outliers(vectors: WordVectors, *, most: int = 50) -> list[Outlier]:
    """`Survey.outliers` of vectors; the survey is made once a set."""
    return vectors.once(_whole_survey).outliers(most=most)


def _whole_survey(vectors: WordVectors) -> Survey:
    *_, found = survey(vectors)
    assert found is not None
    return found
