"""Districts: clusters of the full space (spherical k-means), each named by two typical words where it is densest."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from embedlab.arrays import Floats, Ids, unit_rows
from embedlab.projection.clustering import clusters

MOST = 40
_WORDS_EACH = 50  # at least, on average: a small set has fewer districts
_COMMON = 0.06  # how much a word's frequency counts beside its cosine in a name
_JOINING = 300  # most frequent words, many of which only join others: none of them counts as more frequent
_CELLS = 64  # on a side of the grid on which the densest place is looked for
_STARTS = 2


@dataclass(frozen=True, eq=False)
class Districts:
    """K districts, the largest first."""

    numbers: Ids  # (n,) the district of each word
    names: tuple[str, ...]
    places: Floats  # (K, 2) the middle of the densest cell
    centers: Floats  # (K, D) of length 1

    def of(self, rows: Floats) -> Ids:
        """(m,) the districts that further rows of length 1 belong to."""
        return np.asarray((rows @ self.centers.T).argmax(axis=1))


def divide(unit: Floats, words: Sequence[str], positions: Floats, *, seed: int = 0) -> Districts:
    """Divides words into up to 40 districts.

    A district is one of the full space, so on the map it may lie in several pieces; its name stands at the densest.

    Args:
        unit: (n, D) rows of length 1.
        words: n, most frequent first.
        positions: (n, 2) on the map, in [-1, 1].
        seed: same seed, same districts.
    """
    found = clusters(unit, min(MOST, max(1, len(words) // _WORDS_EACH)), seed=seed, starts=_STARTS)
    sizes = np.bincount(found)
    order = np.argsort(-sizes, kind="stable")
    numbers = np.argsort(order, kind="stable")[found]  # the largest is number 0
    members = [np.flatnonzero(numbers == number) for number in range(len(sizes))]
    centers = unit_rows(np.stack([unit[rows].sum(axis=0) for rows in members]))
    rarity = _COMMON * np.log(np.maximum(np.arange(len(words)), _JOINING))
    names, places = [], []
    for rows, center in zip(members, centers, strict=True):
        typical = rows[np.argsort(rarity[rows] - unit[rows] @ center, kind="stable")[:2]]
        names.append(", ".join(words[row] for row in typical.tolist()))
        places.append(_densest(positions[rows]))
    return Districts(numbers, tuple(names), np.array(places, np.float32), centers)


def hues(places: Floats, count: int) -> list[int]:
    """For each of K districts at (K, 2) places one of so many hues: that whose districts so far are farthest away."""
    found: list[int] = []
    for at, place in enumerate(places):
        gaps = np.full(count, np.inf)
        np.minimum.at(gaps, np.array(found, dtype=int), np.linalg.norm(places[:at] - place, axis=1))
        found.append(int(gaps.argmax()))
    return found


def _densest(positions: Floats) -> Floats:
    """(2,) the middle of the points in the cell that holds most, with those around it."""
    cells = ((positions + 1) / 2 * _CELLS).astype(int).clip(0, _CELLS - 1)
    counts = np.zeros((_CELLS + 2, _CELLS + 2), dtype=int)  # a margin on all sides
    np.add.at(counts, (cells[:, 0] + 1, cells[:, 1] + 1), 1)
    around = sum(counts[i : i + _CELLS, j : j + _CELLS] for i in range(3) for j in range(3))
    at = np.unravel_index(np.argmax(around), (_CELLS, _CELLS))
    return np.asarray(np.median(positions[(np.abs(cells - at) <= 1).all(axis=1)], axis=0))
