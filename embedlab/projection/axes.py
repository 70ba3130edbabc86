"""Semantic axes: words placed between two opposites."""

from collections.abc import Sequence

import numpy as np

from embedlab.arrays import Doubles
from embedlab.errors import InvalidSetting
from embedlab.projection.pca import principal_plane
from embedlab.projection.projection import Projection, checked, handed_out
from embedlab.vectors.word_vectors import WordVectors


def semantic_axes(vectors: WordVectors, pairs: Sequence[tuple[str, str]], words: Sequence[str]) -> Projection:
    """Axes of one's own: how far each word is from one word towards another (Grand et al. 2022).

    Args:
        pairs: one or two, as ("cheap", "expensive"); the axis points to the second. With one pair, the other axis is
            the direction in which the words differ most once the first is taken out.
        words: the N words to place.

    Returns:
        Coordinates are cosines with the directions, in [-1, 1].

    Raises:
        UnknownWord: every missing word is listed.
        InvalidSetting: no pair, more than two, a pair of words with the same vector, or fewer than three words.
    """
    if not 1 <= len(pairs) <= 2:
        raise InvalidSetting(f"A map has one or two axes of its own, not {len(pairs)}.")
    vectors.vectors_of([*[word for pair in pairs for word in pair], *words])  # one error for all that is missing
    rows = checked(vectors.unit_vectors_of(words), center=False)  # (N, D)
    directions = [_direction(vectors, low, high) for low, high in pairs]
    names = [f"{low} → {high}" for low, high in pairs]
    placed = [rows @ direction for direction in directions]
    if len(pairs) == 1:
        rest = rows - placed[0][:, None] * directions[0]
        placed.append(principal_plane(rest - rest.mean(axis=0))[0][:, 0])
        names.append("where the words differ most besides")
    return Projection(handed_out(np.stack(placed, axis=1)), "axes", rows, axis_names=(names[0], names[1]))


def _direction(vectors: WordVectors, low: str, high: str) -> Doubles:
    """(D,) of length 1, from one word to another."""
    a, b = vectors.unit_vectors_of([low, high]).astype(np.float64)
    direction: Doubles = b - a
    length = np.linalg.norm(direction)
    if length < 1e-6:
        raise InvalidSetting(f"“{low}” and “{high}” have the same vector, so no axis leads from one to the other.")
    return direction / length
