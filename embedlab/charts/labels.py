"""Where labels go so that they do not cover each other, smoothly over the frames of a movie."""

from collections.abc import Sequence

import numpy as np

LETTER, LINE = 7.2, 14.0  # pixels of a letter's width and a line's height at the movies' font size
_KEYS = 45  # frames that are solved; between them labels glide
_ROUNDS, _LAST = 60, 12  # rounds of pushing; in the last ones nothing is smoothed away any more
_CROWD = 45.0  # pixels within which other points push a label to its own side
_ABOVE = 12.0  # how much a label prefers to sit above its point, in the same unit


def label_places(points: np.ndarray, words: Sequence[str], *, width: float, height: float) -> np.ndarray:
    """Puts each label on the side of its point that looks away from the crowd, then pushes labels apart.

    Args:
        points: (S, N, 2) in pixels of a plot `width` wide and `height` high, from its lower left corner.
        words: N labels.

    Returns:
        (S, N, 2) float64: the middles of the labels, inside the plot.
    """
    frames = np.arange(len(points))
    keys = np.unique([*frames[:: max(1, -(-len(points) // _KEYS))], frames[-1]])
    solved = _solve(points[keys], words, width, height)  # (K, N, 2)
    after = np.clip(np.searchsorted(keys, frames, side="left"), 1, None) if len(keys) > 1 else frames
    if len(keys) == 1:
        return solved
    share = ((frames - keys[after - 1]) / (keys[after] - keys[after - 1]))[:, None, None]
    offsets = solved - points[keys]
    return points + offsets[after - 1] * (1 - share) + offsets[after] * share


def _solve(points: np.ndarray, words: Sequence[str], width: float, height: float) -> np.ndarray:
    half = np.array([[len(word) * LETTER / 2 + 1, LINE / 2] for word in words])  # (N, 2)
    others = 1.0 - np.eye(len(words))[..., None]
    reach = half[:, None] + half[None, :]  # (N, N, 2): nearer than this, two labels overlap
    clear = (half + 6.0)[:, None]  # nearer than this, a label covers a point
    between = points[:, :, None] - points[:, None]  # (K, N, N, 2)
    crowd = (between * np.exp(-(between**2).sum(axis=-1, keepdims=True) / (2 * _CROWD**2))).sum(axis=2)
    side = crowd + np.array([0.0, _ABOVE])
    side /= np.linalg.norm(side, axis=-1, keepdims=True) + 1e-9
    home = points + side * (half + np.array([8.0, 8.0]))
    places, low, high = _smooth(home), half, np.array([width, height]) - half
    for turn in range(_ROUNDS):
        push = (_apart(places[:, :, None] - places[:, None], reach) * others).sum(axis=2)
        push += 0.5 * _apart(places[:, :, None] - points[:, None], clear).sum(axis=2)
        places = places + np.clip(0.5 * push, -5, 5) + 0.06 * (1 - turn / _ROUNDS) * (home - places)
        places = np.clip(places, low, high)
        if turn % 5 == 4 and turn < _ROUNDS - _LAST:
            places = _smooth(places)
    return places


def _apart(gap: np.ndarray, reach: np.ndarray) -> np.ndarray:
    """How far to move along the axis on which two boxes overlap least; zero where they do not overlap."""
    overlap = reach - np.abs(gap)  # (…, 2)
    covered = (overlap > 0).all(axis=-1, keepdims=True)
    sideways = overlap[..., :1] < overlap[..., 1:]
    chosen = np.concatenate([sideways, ~sideways], axis=-1)
    return np.where(covered & chosen, np.where(gap < 0, -overlap, overlap), 0.0)


def _smooth(places: np.ndarray, reach: int = 2) -> np.ndarray:
    """Each label's way averaged over neighboring frames, so that nothing jumps."""
    if len(places) < 3:
        return places
    padded = np.concatenate([places[:1].repeat(reach, 0), places, places[-1:].repeat(reach, 0)])
    sums = np.cumsum(np.concatenate([np.zeros_like(padded[:1]), padded]), axis=0)
    return (sums[2 * reach + 1 :] - sums[: -2 * reach - 1]) / (2 * reach + 1)
