"""Faithfulness of a map: how many of a word's nearest in the full space are among its nearest on the map."""

from typing import Any

import numpy as np

from embedlab.arrays import Doubles, Floats
from embedlab.atlas.word_map import Bytes

_AROUND = 40  # neighbors on the map over which shares are averaged
_AT_ONCE = 2_000


def kept_counts(tree: Any, unit: Floats, least: Floats, k: int, others: tuple[Floats, Floats] | None = None) -> Bytes:
    """(n,) how many of the k words nearest on the map are as near in the full space as the k-th nearest is there.

    So a word counts that is as near as one of the k, such as one of many duplicates.

    Args:
        tree: of the positions of N words, among which neighbors are looked for (`tree_of`).
        unit: (N, D) their rows of length 1.
        least: (n,) cosine of each word to its k-th nearest in the full space.
        others: (n, D) rows and (n, 2) positions of other words; None for the N words themselves.
    """
    rows, places = others or (unit, tree.data)
    counts = np.empty(len(least), np.uint8)
    for start in range(0, len(least), _AT_ONCE):
        own = np.arange(start, min(start + _AT_ONCE, len(least)))
        if others is None:
            found = tree.query(places[own], k + 1)[1]  # (b, k + 1)
            itself = found == own[:, None]
            itself[~itself.any(axis=1), -1] = True  # more than k others on the very spot
            found = found[~itself].reshape(len(own), k)
        else:
            found = tree.query(places[own], np.arange(1, k + 1))[1]
        cosines = np.einsum("nkd,nd->nk", unit[found], rows[own])
        counts[own] = (cosines >= least[own, None]).sum(axis=1)
    return counts


def smoothed(positions: Floats, values: Doubles) -> Doubles:
    """(V,) the mean of each word's value and those of its forty nearest on the map; single ones are too noisy."""
    tree, count = tree_of(positions), min(_AROUND + 1, len(positions))
    means = np.empty(len(positions))
    for start in range(0, len(positions), _AT_ONCE):
        block = slice(start, start + _AT_ONCE)
        means[block] = values[tree.query(positions[block], count)[1]].reshape(-1, count).mean(axis=1)
    return means


def tree_of(positions: Floats) -> Any:
    """By which the words nearest on the map are found."""
    from scipy.spatial import KDTree  # not before a map is made

    return KDTree(positions)
