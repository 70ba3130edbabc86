"""Clustering: groups of words that point the same way (spherical k-means), and names for them."""

from collections.abc import Sequence

import numpy as np

from embedlab.arrays import Floats, Ids
from embedlab.errors import InvalidSetting

_ROUNDS = 50


def usual_count(rows: int) -> int:
    """How many groups make a map of this many words easy to read: one for about 14 words, 2 to 6."""
    return min(max(round(rows / 14), 2), 6)


def clusters(rows: Floats, count: int, *, seed: int = 0, starts: int = 8) -> Ids:
    """Groups rows by direction: spherical k-means (Dhillon and Modha 2001), the best of several random starts.

    Args:
        rows: (N, D) of length 1.
        count: how many groups, at least 1; fewer where there are fewer different rows.
        starts: how many random ones, at least 1.

    Returns:
        (N,) int numbers of groups, in the order in which the groups first appear.

    Raises InvalidSetting: no group, or no rows.
    """
    if count < 1 or not len(rows):
        raise InvalidSetting(f"{len(rows)} words cannot be put into {count} groups: give at least one of each.")
    generator = np.random.default_rng(seed)
    count = min(count, len(np.unique(rows, axis=0)))
    best, tightness = np.zeros(len(rows), dtype=np.int64), -np.inf
    for _ in range(starts):
        centers = rows[_spread(rows, count, generator)]  # (count, D)
        for _ in range(_ROUNDS):
            labels = (rows @ centers.T).argmax(axis=1)
            members = (labels == np.arange(count)[:, None]).astype(rows.dtype)  # (count, N)
            sums = members @ rows
            lengths = np.linalg.norm(sums, axis=1, keepdims=True)
            moved = np.where(lengths > 1e-9, sums / np.maximum(lengths, 1e-9), centers)
            if np.abs(moved - centers).max() < 1e-6:
                break
            centers = moved
        reached = float((rows @ centers.T).max(axis=1).sum())
        if reached > tightness + 1e-6:
            best, tightness = labels, reached
    first_seen = {group: number for number, group in enumerate(dict.fromkeys(best.tolist()))}
    return np.array([first_seen[group] for group in best.tolist()])


def _spread(rows: Floats, count: int, generator: np.random.Generator) -> list[int]:
    """Rows to begin with, far from one another (k-means++, Arthur and Vassilvitskii 2007)."""
    chosen = [int(generator.integers(len(rows)))]
    while len(chosen) < count:
        distance = np.clip(1 - (rows @ rows[chosen].T).max(axis=1), 0, None)
        distance[chosen] = 0
        total = float(distance.sum())
        chosen.append(int(generator.choice(len(rows), p=distance / total) if total > 0 else len(chosen) % len(rows)))
    return chosen


def cluster_names(words: Sequence[str], rows: Floats, labels: Ids) -> list[str]:
    """For each word the name of its group: the two words nearest to the group's middle."""
    names = {}
    for group in np.unique(labels):
        members = np.flatnonzero(labels == group)
        order = np.argsort(-(rows[members] @ rows[members].sum(axis=0)), kind="stable")
        names[int(group)] = ", ".join(words[members[i]] for i in order[:2])
    return [names[int(label)] for label in labels]
