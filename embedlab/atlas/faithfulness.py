"""Faithfulness of a map: how many of a word's nearest in the full space are among its nearest on the map."""

from typing import Any

import numpy as np

from embedlab.arrays import Doubles, Floats, Ids
from embedlab.atlas.word_map import Bytes

_AROUND = 40  # neighbors on the map over which shares are averaged
_AT_ONCE = 10_000


def kept_counts(positions: Floats, nearest: Ids, places: Floats | None = None) -> Bytes:
    """(n,) how many of the k nearest in the full space are among the k nearest on the map.

    Args:
        positions: (N, 2) of the words among which neighbors are looked for.
        nearest: (n, k) rows of those that are nearest in the full space.
        places: (n, 2) positions of n other words; None for the N words themselves.
    """
    tree, k = _tree(positions), nearest.shape[1]
    counts = np.empty(len(nearest), np.uint8)
    for start in range(0, len(nearest), _AT_ONCE):
        own = np.arange(start, min(start + _AT_ONCE, len(nearest)))
        if places is None:
            found = tree.query(positions[own], k + 1)[1]  # (b, k + 1)
            itself = found == own[:, None]
            itself[~itself.any(axis=1), -1] = True  # more than k others on the very spot
            found = found[~itself].reshape(len(own), k)
        else:
            found = tree.query(places[own], k)[1].reshape(len(own), k)
        counts[own] = (found[:, :, None] == nearest[own][:, None]).any(axis=2).sum(axis=1)
    return counts


def smoothed(positions: Floats, values: Doubles) -> Doubles:
    """(V,) the mean of each word's value and those of its forty nearest on the map; single ones are too noisy."""
    tree, count = _tree(positions), min(_AROUND + 1, len(positions))
    means = np.empty(len(positions))
    for start in range(0, len(positions), _AT_ONCE):
        block = slice(start, start + _AT_ONCE)
        means[block] = values[tree.query(positions[block], count)[1]].reshape(-1, count).mean(axis=1)
    return means


def _tree(positions: Floats) -> Any:
    from scipy.spatial import KDTree  # not before a map is made

    return KDTree(positions)
