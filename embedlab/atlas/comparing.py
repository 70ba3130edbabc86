"""Two maps of the same words: one turned onto the other (Procrustes), and what moved."""

from dataclasses import dataclass

import numpy as np

from embedlab.arrays import Floats, Ids, frozen
from embedlab.atlas.word_map import WordMap
from embedlab.errors import TooFewWords


@dataclass(frozen=True, eq=False)
class Moved:
    """N words that two maps share."""

    words: tuple[str, ...]  # as the first map orders them
    first: Floats  # (N, 2) positions on the first map
    second: Floats  # (N, 2) on the second, which is turned, scaled and shifted onto the first
    distances: Floats  # (N,) between the two; the first map's half width is 1
    rows: Ids  # (2, N) rows of the words on both maps
    agreement: float  # R², in [0, 1]: share of the variance of positions that the second map explains


def moved(first: WordMap, second: WordMap) -> Moved:
    """Where words of one map are on another, once that is turned, scaled and shifted onto the first.

    Raises TooFewWords: fewer than three shared words.
    """
    words = tuple(word for word in first.words if word in second.index)
    if len(words) < 3:
        raise TooFewWords(f"The two maps share {len(words)} words: give maps of one language, spelled alike.")
    rows = np.array([[word_map.index[word] for word in words] for word_map in (first, second)])
    target, source = (m.positions[own].astype(np.float64) for m, own in zip((first, second), rows, strict=True))
    centered, turning = target - target.mean(axis=0), source - source.mean(axis=0)
    left, strengths, right = np.linalg.svd(turning.T @ centered)
    spread = (turning**2).sum() or 1.0
    onto = turning @ (left @ right) * (strengths.sum() / spread) + target.mean(axis=0)
    distances = np.linalg.norm(target - onto, axis=1)
    agreement = 1 - (distances**2).sum() / ((centered**2).sum() or 1.0)
    return Moved(
        words,
        frozen(target.astype(np.float32)),
        frozen(onto.astype(np.float32)),
        frozen(distances.astype(np.float32)),
        frozen(rows),
        float(agreement),
    )
