"""Two maps of the same words: turned onto each other, and what moved."""

from dataclasses import dataclass

import numpy as np

from embedlab.arrays import Floats, Ids, frozen
from embedlab.atlas.word_map import WordMap


@dataclass(frozen=True, eq=False)
class Moved:
    """N words that two maps share."""

    words: tuple[str, ...]  # as the first map orders them
    first: Floats  # (N, 2) positions on the first map
    second: Floats  # (N, 2) positions on the second, turned, scaled and shifted onto the first
    distances: Floats  # (N,) between the two, in the first map's units (its half width is 1)
    rows: Ids  # (2, N) rows of the words on both maps
    agreement: float  # R² of the alignment, in [0, 1]

    def farthest(self, k: int) -> list[int]:
        """Of these N, the k that moved farthest."""
        return [int(at) for at in np.argsort(-self.distances, kind="stable")[:k]]


def moved(first: WordMap, second: WordMap) -> Moved:
    """Where words of one map are on another."""
    words = tuple(word for word in first.words if word in second.index)
    rows = np.array([[m.index[word] for word in words] for m in (first, second)])
    a, b = first.positions[rows[0]], second.positions[rows[1]]
    return Moved(words, a, b, frozen(np.linalg.norm(a - b, axis=1)), rows, 1.0)
