"""Maps that lose nothing: rows of one or two numbers as they are, and one or two different rows on a line."""

import numpy as np

from embedlab.arrays import Array, frozen
from embedlab.projection.projection import FLAT, Projection, finite, handed_out

_NAMES = ("first number", "second number")


def flat(matrix: Array) -> Projection | None:
    """The map of rows that need no projection; None where there are three dimensions and three different rows or more.

    One number is drawn on a line, two are drawn on the plane, neither turned nor centered nor scaled. One or two
    different rows of more numbers lie on a line at their distance.

    Args:
        matrix: (N, D) finite numbers.

    Raises InvalidSetting: see `finite`.
    """
    rows = finite(matrix)  # (N, D)
    dimensions = rows.shape[1]
    if dimensions <= len(_NAMES):
        places = np.pad(rows, ((0, 0), (0, 2 - dimensions)))
        return Projection(handed_out(places), FLAT, frozen(rows), axis_names=(_NAMES[0], _NAMES[1] * (dimensions - 1)))
    others = rows[(rows != rows[:1]).any(axis=1)]  # than the first
    if (others != others[:1]).any():
        return None
    distances = np.linalg.norm(rows - rows[:1], axis=1)
    return Projection(handed_out(np.stack([distances, 0 * distances], axis=1)), FLAT, frozen(rows))
