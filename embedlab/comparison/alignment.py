"""Orthogonal Procrustes: one space turned onto another."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from embedlab.arrays import Floats, frozen
from embedlab.comparison.overlap import Shared, shared_words
from embedlab.errors import InvalidSetting
from embedlab.projection import flat, pca
from embedlab.projection.projection import Projection
from embedlab.vectors.word_vectors import WordVectors

_AT_ONCE = 4_096  # words whose vectors are copied


@dataclass(frozen=True)
class Alignment:
    """A space turned onto another by a rotation or reflection, which keeps all its similarities."""

    first: WordVectors  # not turned
    onto: str  # source of the other space
    rotation: Floats  # (D, D) orthogonal; rows of the first space times this lie in the second
    mean_similarity: float  # mean cosine of the shared words after turning, in [-1, 1]
    shared: int

    @cached_property
    def vectors(self) -> WordVectors:
        """The space, turned; made when first asked for."""
        turned = frozen(self.first.matrix @ self.rotation)
        return WordVectors(self.first.words, turned, source=f"{self.first.source}, turned onto {self.onto}")

    def unit_rows(self, rows: Sequence[int]) -> Floats:
        """(n, D) rows of length 1, turned, without turning the others."""
        return np.asarray(self.first.unit_rows(rows) @ self.rotation)


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
        raise InvalidSetting("The two spaces share no word. Choose two sets of one language and one spelling.")
    cross = np.zeros((a.dimensions, a.dimensions))
    for source, target in _blocks(a, b, anchors):
        cross += source.T @ target
    left, _, right = np.linalg.svd(cross)
    rotation = (left @ right).astype(np.float32)  # (D, D)
    cosines = [((source @ rotation) * target).sum(axis=1) for source, target in _blocks(a, b, anchors)]
    return Alignment(a, b.source, rotation, float(np.concatenate(cosines).mean()), len(anchors))


def _blocks(a: WordVectors, b: WordVectors, words: Sequence[str]) -> Iterator[tuple[Floats, Floats]]:
    """The unit vectors of words in both spaces, (n, D) each, some at a time: copies of all would fill the memory."""
    for start in range(0, len(words), _AT_ONCE):
        block = words[start : start + _AT_ONCE]
        yield a.unit_rows(a.rows(block)), b.unit_rows(b.rows(block))


def padded(vectors: WordVectors, dimensions: int) -> WordVectors:
    """The same vectors with zeros behind their numbers, which changes no similarity; to `align` spaces of any sizes."""
    if vectors.dimensions >= dimensions:
        return vectors
    wide = np.pad(vectors.matrix, ((0, 0), (0, dimensions - vectors.dimensions)))  # (V, dimensions)
    return WordVectors(vectors.words, frozen(wide), source=vectors.source)


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

    Up to two dimensions are drawn as they are.

    Two spaces have different means even when they agree on everything else; centering each of them leaves that out.
    """
    alignment, second = turned
    rows = second.rows(words)
    tables = [space.unit_rows(rows) for space in (alignment, second)]  # (N, D) each
    points = np.concatenate([table - table.mean(axis=0) for table in tables])  # (2 N, D)
    found = flat(points) or pca(points)
    places = np.split(found.coordinates, 2)
    return OnePlane(tuple(words), places[0], places[1], found, float(tables[0][0] @ tables[1][0]))
