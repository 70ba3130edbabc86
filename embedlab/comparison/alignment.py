"""Orthogonal Procrustes: one space turned onto another."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from embedlab.arrays import Floats
from embedlab.comparison.overlap import Shared, shared_words
from embedlab.errors import InvalidSetting
from embedlab.projection import pca
from embedlab.projection.projection import Projection
from embedlab.vectors.word_vectors import WordVectors


@dataclass(frozen=True)
class Alignment:
    """`vectors`, turned onto another space by a rotation or reflection, which keeps all its similarities."""

    vectors: WordVectors
    rotation: Floats  # (D, D) orthogonal; rows of the first space times this lie in the second
    mean_similarity: float  # mean cosine of the shared words after turning, in [-1, 1]
    shared: int


def align(a: WordVectors, b: WordVectors, words: Sequence[str] | None = None) -> Alignment:
    """Turns `a` onto `b` by orthogonal Procrustes (Schönemann 1966) on the unit vectors of shared words.

    Args:
        words: the anchors; all shared words when None.

    Raises InvalidSetting: different dimensions, or no shared word.
    """
    if a.dimensions != b.dimensions:
        raise InvalidSetting(
            f"{a.dimensions} and {b.dimensions} dimensions cannot be turned onto each other: choose two spaces of the "
            "same size, or compare their neighbors, which needs no turning."
        )
    anchors = shared_words(a, b) if words is None else list(words)
    if not anchors:
        raise InvalidSetting("The two spaces share no word, so nothing says how to turn one onto the other.")
    source, target = a.unit_rows(a.rows(anchors)), b.unit_rows(b.rows(anchors))  # (S, D)
    left, _, right = np.linalg.svd(source.T.astype(np.float64) @ target)
    rotation = (left @ right).astype(np.float32)  # (D, D)
    mean = float(np.einsum("sd,sd->s", source @ rotation, target).mean())
    turned = WordVectors(a.words, a.matrix @ rotation, source=f"{a.source}, turned onto {b.source}")
    return Alignment(turned, rotation, mean, len(anchors))


def padded(vectors: WordVectors, dimensions: int) -> WordVectors:
    """The same vectors with zeros behind their numbers, which changes no similarity; to `align` spaces of any sizes."""
    if vectors.dimensions >= dimensions:
        return vectors
    wide = np.pad(vectors.matrix, ((0, 0), (0, dimensions - vectors.dimensions)))  # (V, dimensions)
    return WordVectors(vectors.words, wide, source=vectors.source)


@dataclass(frozen=True, eq=False)
class OnePlane:
    """N words as both spaces have them, after the first was turned onto the second."""

    words: tuple[str, ...]
    first: Floats  # (N, 2) coordinates
    second: Floats  # (N, 2)
    map: Projection  # of all 2 N points
    cosine: float  # of the first word with itself


def turn(shared: Shared, names: tuple[str, str]) -> tuple[Alignment, WordVectors]:
    """The first space turned onto the second, and that one; the smaller with zeros behind its numbers."""
    size = max(table.shape[1] for table in shared.tables)
    first, second = (
        padded(WordVectors(shared.words, table, source=name), size)
        for table, name in zip(shared.tables, names, strict=True)
    )
    return align(first, second), second


def one_plane(turned: tuple[Alignment, WordVectors], words: Sequence[str]) -> OnePlane:
    """Words of both spaces, each centered on its own mean, in the plane in which all of their points differ most.

    Two spaces have different means even when they agree on everything else; centering each of them leaves that out.
    """
    alignment, second = turned
    rows = second.rows(words)
    tables = [space.unit_rows(rows) for space in (alignment.vectors, second)]  # (N, D) each
    found = pca(np.concatenate([table - table.mean(axis=0) for table in tables]))
    places = np.split(found.coordinates, 2)
    return OnePlane(tuple(words), places[0], places[1], found, float(tables[0][0] @ tables[1][0]))
