"""Semantic axes: words placed between two opposites."""

from collections.abc import Sequence
from itertools import combinations
from typing import TypeAlias, cast

import numpy as np

from embedlab.arrays import Doubles
from embedlab.errors import InvalidSetting
from embedlab.projection.pca import principal_plane
from embedlab.projection.projection import Projection, checked, handed_out
from embedlab.vectors.word_vectors import WordVectors
from embedlab.wording import first_of

Pair: TypeAlias = tuple[str, str]
_NAMED = 2  # pairs that the name of an axis holds


def semantic_axes(vectors: WordVectors, pairs: Sequence[Pair | Sequence[Pair]], words: Sequence[str]) -> Projection:
    """Axes of one's own: how far each word is from one word towards another (Grand et al. 2022).

    Args:
        pairs: one axis or two, each as ("cheap", "expensive") or as several such pairs, whose differences are averaged;
            the axis points to the second word. With one axis, the other is the direction in which the words differ
            most once the first is taken out.
        words: the N words to place.

    Returns:
        Coordinates are cosines with the directions, in [-1, 1]; the note says how far several pairs agree.

    Raises:
        UnknownWord: every missing word is listed.
        InvalidSetting: no axis, more than two, a pair of words with the same vector, or fewer than three words.
    """
    if not 1 <= len(pairs) <= 2:
        raise InvalidSetting(f"A map has one or two axes of its own, not {len(pairs)}.")
    axes = [_pairs_of(axis) for axis in pairs]
    ends = [word for axis in axes for pair in axis for word in pair]
    vectors.vectors_of([*ends, *words])  # one error for all that is missing
    rows = checked(vectors.unit_vectors_of(words), center=False)  # (N, D)
    directions, names, notes = [], [], []
    for axis in axes:
        differences = _differences(vectors, axis)
        directions.append(_unit(differences.mean(axis=0), axis))
        names.append(_name(axis))
        if len(axis) > 1:
            notes.append(f"The {len(axis)} pairs of {names[-1]} have a mean cosine of {agreement(vectors, axis):.2f}.")
    placed = [rows @ direction for direction in directions]
    if len(axes) == 1:
        rest = rows - placed[0][:, None] * directions[0]
        placed.append(principal_plane(rest - rest.mean(axis=0))[0][:, 0])
        names.append("where the words differ most besides")
    coordinates = handed_out(np.stack(placed, axis=1))
    return Projection(coordinates, "axes", rows, axis_names=(names[0], names[1]), note=" ".join(notes))


def agreement(vectors: WordVectors, pairs: Sequence[Pair]) -> float:
    """Mean cosine of the differences of at least two pairs with one another, in [-1, 1]: 1 where all point one way.

    Raises:
        UnknownWord: every missing word is listed.
        InvalidSetting: fewer than two pairs, or a pair of words with the same vector.
    """
    if len(pairs) < 2:
        raise InvalidSetting(f"Pairs agree or not from two on; here are {len(pairs)}.")
    unit = [_unit(row, [pair]) for row, pair in zip(_differences(vectors, pairs), pairs, strict=True)]
    return float(np.mean([a @ b for a, b in combinations(unit, 2)]))


def _pairs_of(axis: Pair | Sequence[Pair]) -> list[Pair]:
    return [cast(Pair, axis)] if isinstance(axis[0], str) else [cast(Pair, pair) for pair in axis]


def _differences(vectors: WordVectors, pairs: Sequence[Pair]) -> Doubles:
    """(P, D) from the first word of each pair to the second, each word scaled to length 1."""
    low, high = zip(*pairs, strict=True)
    ends: Doubles = vectors.unit_vectors_of([*low, *high]).astype(np.float64)
    return ends[len(pairs) :] - ends[: len(pairs)]


def _unit(direction: Doubles, pairs: Sequence[Pair]) -> Doubles:
    length = np.linalg.norm(direction)
    if length < 1e-6 and len(pairs) > 1:
        raise InvalidSetting(f"The differences of the pairs {_name(pairs)} cancel: turn one of the pairs round.")
    if length < 1e-6:
        shown = _name(pairs).replace(" → ", "” and “")
        raise InvalidSetting(f"“{shown}” have the same vector, so no axis leads from one to the other.")
    return np.asarray(direction / length)


def _name(pairs: Sequence[Pair]) -> str:
    return " → ".join(first_of([pair[side] for pair in pairs], _NAMED) for side in (0, 1))
