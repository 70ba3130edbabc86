"""Trustworthiness of a map (Venna and Kaski 2001)."""

import numpy as np

from embedlab.arrays import Array, Doubles, Ids

_BLOCK = 1 << 20  # numbers worked on at a time


def trustworthiness(rows: Array, coordinates: Array, k: int = 10) -> float:
    """How far a map's neighborhoods can be trusted, in [0, 1] (Venna and Kaski 2001).

    Every point's k nearest on the map are looked up in the original space: those that are among the k nearest there
    too cost nothing, the others cost the more the farther down the original order they are. 1 is a perfect map,
    about 0.5 a random one. Equal to scikit-learn's.

    Args:
        rows: (N, D) the original, N at least 3.
        coordinates: (N, 2) the map.
        k: at least 1; lowered below N / 2 for few rows.
    """
    count = len(rows)
    k = max(1, min(k, (count - 1) // 2))
    rows, coordinates = (np.asarray(array, dtype=np.float64) for array in (rows, coordinates))
    penalty = 0
    block = max(1, _BLOCK // (count * k))
    for first in range(0, count, block):
        own = np.arange(first, min(first + block, count))
        near = np.argpartition(squared_distances(coordinates, own), k - 1, axis=1)[:, :k]  # (b, k)
        distances = squared_distances(rows, own)  # (b, N)
        reached = np.take_along_axis(distances, near, axis=1)
        nearer = (distances[:, None, :] < reached[:, :, None]).sum(axis=2)  # (b, k) rows that are before it
        penalty += int(np.maximum(nearer + 1 - k, 0).sum())
    return 1 - penalty * 2 / (count * k * (2 * count - 3 * k - 1))


def neighbors_kept(rows: Array, coordinates: Array, k: int = 10) -> float:
    """Mean share, in [0, 1], of every row's k nearest that are among its k nearest on the map, too.

    Unlike `trustworthiness` it asks only whether, not how far away the others are.

    Args:
        rows: (N, D) the original, N at least 2; of unit vectors the nearest are those of the highest cosine.
        coordinates: (N, 2) the map.
        k: at least 1; at most N - 1 are taken.
    """
    count = len(rows)
    k = max(1, min(k, count - 1))
    spaces = [np.asarray(array, dtype=np.float64) for array in (rows, coordinates)]
    kept = 0
    block = max(1, _BLOCK // count)
    for first in range(0, count, block):
        own = np.arange(first, min(first + block, count))
        near = np.zeros((2, len(own), count), dtype=bool)
        for found, space in zip(near, spaces, strict=True):
            nearest = np.argsort(squared_distances(space, own), axis=1, kind="stable")[:, :k]
            np.put_along_axis(found, nearest, True, axis=1)
        kept += int((near[0] & near[1]).sum())
    return kept / (count * k)


def squared_distances(rows: Doubles, own: Ids) -> Doubles:
    """(b, N) from the rows numbered `own` to all; infinity to themselves."""
    squares = (rows**2).sum(axis=1)
    distances: Doubles = squares[own, None] + squares - 2 * rows[own] @ rows.T
    distances[np.arange(len(own)), own] = np.inf
    return distances
