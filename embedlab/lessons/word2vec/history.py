"""Learning curves of a word2vec run: losses, similarities over time, agreement of methods, and one fixed plane."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import NamedTuple

import numpy as np

from embedlab.arrays import Doubles, Floats, Ids, Reals
from embedlab.lessons.word2vec.run import RunSnapshot
from embedlab.projection.pca import principal_plane

FOUR = ("king", "queen", "prince", "princess")


@dataclass(frozen=True, eq=False)
class RunHistory:
    """S snapshots of M methods."""

    methods: tuple[str, ...]  # M names
    words: tuple[str, ...]  # W followed words, in the order of `RunSnapshot.vectors`
    snapshots: Sequence[RunSnapshot]  # S of them, oldest first, at least one
    passes: int  # over the text

    @cached_property
    def words_seen(self) -> Ids:
        """(S,) int64."""
        return np.array([snapshot.words_seen for snapshot in self.snapshots], dtype=np.int64)

    def losses(self, method: int) -> Doubles:
        """(S,) nats per pair."""
        return np.array([snapshot.losses[method] for snapshot in self.snapshots])

    def seconds(self, method: int) -> Doubles:
        """(S,) spent on learning."""
        return np.array([snapshot.seconds[method] for snapshot in self.snapshots])

    def truths(self, method: int) -> Doubles:
        """(S,) share of the known analogies that hold; NaN where nothing is known."""
        return np.array([snapshot.truths[method] for snapshot in self.snapshots], dtype=np.float64)  # None: NaN

    def pass_losses(self, method: int) -> list[float]:
        """Mean loss of each finished pass in nats per pair; all of its pairs count alike."""
        per_pass = self.snapshots[-1].words_seen / self.passes if len(self.snapshots) > 1 else 0
        if not per_pass:
            return []
        seen, losses = self.words_seen, self.losses(method)
        begun = np.ceil(np.round(seen / per_pass, 6)).astype(int)  # snapshot s tells of the words up to seen[s]
        return [float(losses[begun == n].mean()) for n in range(1, self.passes + 1) if (begun == n).any()]

    def vectors(self, method: int, words: Sequence[str]) -> Floats:
        """(S, len(words), D) float32."""
        rows = [self.words.index(word) for word in words]
        return np.stack([snapshot.vectors[method][rows] for snapshot in self.snapshots]).astype(np.float32)

    def agreement(self, method: int, reference: int) -> Doubles:
        """(S,) share of each validation word's neighbors that the reference ends with, in [0, 1].

        NaN where there are no validation words.
        """
        final = self.snapshots[-1].neighbors[reference]
        wanted = sum(len(near) for near in final)
        if not wanted:
            return np.full(len(self.snapshots), np.nan)
        found = [snapshot.neighbors[method] for snapshot in self.snapshots]
        both = [sum(len({*a} & {*b}) for a, b in zip(near, final, strict=True)) for near in found]
        return np.asarray(np.array(both) / wanted)

    def seconds_until(self, method: int, reference: int, share: float) -> float | None:
        """Seconds of learning until that share of the reference's final neighbors is found; None if never."""
        reached = np.flatnonzero(self.agreement(method, reference) >= share)
        return float(self.seconds(method)[reached[0]]) if len(reached) else None


def similarities_over_time(vectors: Reals, words: Sequence[str]) -> dict[tuple[str, str], Doubles]:
    """Cosine of every two words over time.

    Args:
        vectors: (S, W, D).
        words: W.

    Returns:
        (S,) for each pair; NaN where a vector is zero.
    """
    unit = _unit_snapshots(vectors, np.nan)
    return {
        (words[i], words[j]): np.einsum("sd,sd->s", unit[:, i], unit[:, j])
        for i, j in combinations(range(len(words)), 2)
    }


def mean_similarity(vectors: Reals) -> Doubles:
    """(S,) mean cosine of all pairs of different words: what two words have in common by being words.

    Args:
        vectors: (S, W, D) with W of at least 2; zero vectors count as similar to nothing.
    """
    unit = _unit_snapshots(vectors, 1)
    count = vectors.shape[1]
    total = (unit.sum(axis=1) ** 2).sum(axis=1) - (unit**2).sum(axis=(1, 2))  # of ordered pairs
    return np.asarray(total / (count * (count - 1)))


class MainDirection(NamedTuple):
    """The direction in which words differ most at one snapshot."""

    share: float  # of their squared lengths, made 1 each; 1 when all lie on one line, about 1 / D at random
    low: tuple[str, ...]  # words at one end
    high: tuple[str, ...]  # words at the other


def main_direction(vectors: Reals, words: Sequence[str], count: int = 3) -> MainDirection:
    """How much of (W, D) vectors lies along one direction, and `count` words at each of its ends."""
    unit = _unit_snapshots(vectors[None], 1)[0]
    along, directions = np.linalg.eigh(unit.T @ unit)
    order = np.argsort(unit @ directions[:, -1], kind="stable")
    low, high = (tuple(words[i] for i in part) for part in (order[:count], order[::-1][:count]))
    return MainDirection(float(along[-1] / along.sum()), *sorted((low, high)))


def _unit_snapshots(vectors: Reals, length_of_zero: float) -> Doubles:
    """(S, W, D) rows of length 1; a zero row is divided by `length_of_zero`."""
    norms = np.linalg.norm(vectors.astype(np.float64), axis=2, keepdims=True)  # (S, W, 1)
    return vectors / np.where(norms > 0, norms, length_of_zero)


def on_one_plane(vectors: Reals) -> tuple[Floats, float]:
    """All snapshots on the plane on which the last one is spread most (PCA), so that only the words move.

    Args:
        vectors: (S, W, D) with W of at least 2.

    Returns:
        Coordinates (S, W, 2) float32, and the share of the last snapshot's variance that the plane shows, in [0, 1].
    """
    coordinates, shares = principal_plane(vectors, vectors[-1])
    return coordinates.astype(np.float32), sum(shares) or 1.0  # no share is 0 unless there is no variance to show
