"""Where labels go so that they do not cover each other, smoothly over the frames of a movie."""

import numpy as np

LETTER, LINE = 7.6, 15.0  # pixels of a letter's width and a line's height at the movies' font size
_ROUNDS = 60


def label_places(points: np.ndarray, words: tuple[str, ...], *, width: float, height: float) -> np.ndarray:
    """Pushes labels apart, away from points, and back towards their own point.

    Args:
        points: (S, N, 2) in pixels of a plot `width` wide and `height` high.
        words: N labels.

    Returns:
        (S, N, 2) float64: the middles of the labels, inside the plot.
    """
    frames, count, _ = points.shape
    half = np.array([[len(word) * LETTER / 2 + 1, LINE / 2] for word in words])  # (N, 2)
    reach = half[:, None] + half[None, :]  # (N, N, 2): nearer than this, two labels overlap
    clear = half + np.array([7.0, 8.0])  # nearer than this, a label covers a point
    home = points + np.array([0.0, 15.0])
    middle = points.mean(axis=1, keepdims=True)
    places = home + 0.02 * (points - middle)  # outwards a little, so that equal points part
    others = 1.0 - np.eye(count)
    low, high = half, np.array([width, height]) - half
    for turn in range(_ROUNDS):
        push = _apart(places[:, :, None] - places[:, None], reach) * others[..., None]
        shift = 0.5 * push.sum(axis=2) + 0.5 * _apart(places[:, :, None] - points[:, None], clear[:, None]).sum(axis=2)
        places = places + np.clip(shift, -6, 6) + 0.06 * (home - places)
        places = np.clip(places, low, high)
        if turn % 6 == 5:
            places = _smooth(places)
    return np.clip(places, low, high)


def _apart(gap: np.ndarray, reach: np.ndarray) -> np.ndarray:
    """How far to move along the axis on which two boxes overlap least; zero where they do not overlap."""
    overlap = reach - np.abs(gap)  # (…, 2)
    covered = (overlap > 0).all(axis=-1, keepdims=True)
    sideways = overlap[..., :1] < overlap[..., 1:]
    chosen = np.concatenate([sideways, ~sideways], axis=-1)
    return np.where(covered & chosen, np.where(gap < 0, -overlap, overlap), 0.0)


def _smooth(places: np.ndarray, reach: int = 3) -> np.ndarray:
    """Each label's way averaged over neighboring frames, so that nothing jumps."""
    if len(places) < 3:
        return places
    padded = np.concatenate([places[:1].repeat(reach, 0), places, places[-1:].repeat(reach, 0)])
    sums = np.cumsum(np.concatenate([np.zeros_like(padded[:1]), padded]), axis=0)
    return (sums[2 * reach + 1 :] - sums[: -2 * reach - 1]) / (2 * reach + 1)
