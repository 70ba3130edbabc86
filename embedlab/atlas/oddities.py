"""Near duplicates and outliers of a loaded set."""

from typing import NamedTuple

from embedlab.vectors.word_vectors import WordVectors


class NearPair(NamedTuple):
    """Two words whose vectors point nearly the same way."""

    first: str
    second: str
    similarity: float


class Outlier(NamedTuple):
    """A word far from all others."""

    word: str
    similarity: float  # mean cosine to its ten nearest


def near_duplicates(vectors: WordVectors, *, threshold: float = 0.95, most: int = 200) -> list[NearPair]:
    """Pairs of words with a cosine of at least the threshold, most similar first."""
    return []


def outliers(vectors: WordVectors, *, most: int = 50) -> list[Outlier]:
    """The words least similar to their ten nearest, the farthest first."""
    return []
