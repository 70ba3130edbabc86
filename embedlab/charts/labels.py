"""Label placement: `label_places` for the frames of a movie, where labels glide; `place_labels` for a map at rest.

In a movie every label has a place that changes smoothly. On a map a label goes near its point, on top of nothing, and
one without such a place is left out.
"""

from collections.abc import Sequence

import numpy as np

from embedlab.arrays import Doubles, Mask

LETTER, LINE = 7.2, 14.0  # pixels of a letter's width and a line's height at the movies' font size
_KEYS = 45  # frames that are solved; between them labels glide
_ROUNDS, _LAST = 60, 12  # rounds of pushing; in the last ones nothing is smoothed away any more
_NEVER = 1e9  # pixels that a label is from itself, so that it does not push itself
_CROWD = 45.0  # pixels within which other points push a label to its own side
_ABOVE = 12.0  # how much a label prefers to sit above its point, in the same unit
_LINE = 1.2  # height of a line, in font sizes
# Widths of letters in font sizes, a little above those of the usual sans-serif fonts.
_WIDTHS = dict.fromkeys("iljI|.,:;'!", 0.27) | dict.fromkeys("ftr-()[] ", 0.36) | dict.fromkeys("mwMW@%", 0.84)
_LETTER, _CAPITAL, _WIDE = 0.54, 0.66, 1.0
GAP, WIDE_GAP = 5.0, 10.0  # px from the middle of a small or a large point to its label
_RINGS = (0.0, 7.0, 15.0, 25.0)  # px farther away, where nearer places are taken
_ANGLES = 16
_CALM = 2  # frames before and after a meeting in which a label of a moving map stays away
_COVERED, _TOO_COSTLY = 14.0, 60.0  # for each point that a label hides; above which there is no label


def label_places(points: Doubles, words: Sequence[str], *, width: float, height: float, glide: bool = True) -> Doubles:
    """Puts each label on the side of its point that looks away from the crowd, then pushes labels apart.

    Args:
        points: (S, N, 2) in pixels of a plot `width` wide and `height` high, from its lower left corner.
        words: N labels.
        glide: from frame to frame no label jumps, though it may lag behind its point where points fly.

    Returns:
        (S, N, 2) float64: the middles of the labels, inside the plot.
    """
    frames = np.arange(len(points))
    keys = np.unique([*frames[:: max(1, -(-len(points) // _KEYS))], frames[-1]])
    solved = _solve(points[keys], words, np.array([width, height]), glide=glide and len(keys) > 2)  # (K, N, 2)
    after = np.clip(np.searchsorted(keys, frames, side="left"), 1, None) if len(keys) > 1 else frames
    if len(keys) == 1:
        return solved
    share = ((frames - keys[after - 1]) / (keys[after] - keys[after - 1]))[:, None, None]
    offsets = solved - points[keys]
    between: Doubles = points + offsets[after - 1] * (1 - share) + offsets[after] * share
    return between


def label_places_at_rest(points: Doubles, words: Sequence[str], sizes: Doubles) -> Doubles:
    """As `label_places`, for one picture in plots of several sizes at once.

    Args:
        points: (T, N, 2) in pixels.
        sizes: (T, 2) width and height of each plot, px.
    """
    return _solve(points, words, sizes[:, None], glide=False)


def _solve(points: Doubles, words: Sequence[str], size: Doubles, *, glide: bool) -> Doubles:
    """(K, N, 2) middles of labels; `glide`: the K are frames, from one to the next of which nothing may jump."""
    half = np.array([[len(word) * LETTER / 2 + 1, LINE / 2] for word in words])  # (N, 2)
    between = points[:, :, None] - points[:, None]  # (K, N, N, 2)
    crowd = (between * np.exp(-(between**2).sum(axis=-1, keepdims=True) / (2 * _CROWD**2))).sum(axis=2)
    side = crowd + np.array([0.0, _ABOVE])
    side /= np.linalg.norm(side, axis=-1, keepdims=True) + 1e-9
    home = points + side * (half + np.array([8.0, 8.0]))
    places, low, high = _smooth(home) if glide else home, half, size - half
    # Across and up as arrays of their own, (K, N, N): pairs of numbers at the end of an array take three times as long.
    near_labels = [half[:, None, axis] + half[:, axis] - _NEVER * np.eye(len(words)) for axis in (0, 1)]  # (N, N) px
    near_points = [half[:, None, axis] + 6.0 for axis in (0, 1)]
    at = np.moveaxis(points, -1, 0)
    for turn in range(_ROUNDS):
        now = np.moveaxis(places, -1, 0)
        push = _apart([place[:, :, None] - place[:, None] for place in now], near_labels)
        push += 0.5 * _apart([now[axis][:, :, None] - at[axis][:, None] for axis in (0, 1)], near_points)
        places = places + np.clip(0.5 * push, -5, 5) + 0.06 * (1 - turn / _ROUNDS) * (home - places)
        places = np.clip(places, low, high)
        if glide and turn % 5 == 4 and turn < _ROUNDS - _LAST:
            places = _smooth(places)
    return places


def _apart(gaps: Sequence[Doubles], reach: Sequence[Doubles]) -> Doubles:
    """(K, N, 2): how far boxes are to move from all others, each along the axis on which the two overlap least."""
    across, up = (near - np.abs(gap) for gap, near in zip(gaps, reach, strict=True))  # (K, N, N) overlaps
    covered, sideways = (across > 0) & (up > 0), across < up
    pushes = (covered & sideways) * np.copysign(across, gaps[0]), (covered & ~sideways) * np.copysign(up, gaps[1])
    return np.stack([push.sum(axis=2) for push in pushes], axis=-1)


def _smooth(places: Doubles, reach: int = 2) -> Doubles:
    """Each label's way averaged over neighboring frames, at least three, so that nothing jumps."""
    padded = np.concatenate([places[:1].repeat(reach, 0), places, places[-1:].repeat(reach, 0)])
    sums = np.cumsum(np.concatenate([np.zeros_like(padded[:1]), padded]), axis=0)
    smooth: Doubles = (sums[2 * reach + 1 :] - sums[: -2 * reach - 1]) / (2 * reach + 1)
    return smooth


def place_labels(
    points: Doubles,
    words: Sequence[str],
    *,
    widths: Sequence[float],
    height: float,
    font: Doubles,
    gaps: Doubles | None = None,
    obstacles: Doubles | None = None,
    guarded: int = 0,
) -> tuple[Doubles, Mask]:
    """Places labels one after the other, so that the first words have the best places, in plots of several widths.

    Args:
        points: (T, N, 2) px from a corner of each plot.
        words: N labels, the most important first.
        widths, height: of the T plots, px; labels stay inside.
        font: (N,) px font sizes.
        gaps: (N,) px from each point to its label at least; `GAP` where not given.
        obstacles: (T, M, 2) px further points that labels had better not cover, such as points along a line.
        guarded: this many first points are never covered.

    Returns:
        (T, N, 2) middles of the labels, px, and (T, N) bool: which labels found a place.
    """
    halves = half_boxes(words, font)
    gaps = np.full(len(words), GAP) if gaps is None else gaps
    plots = np.arange(len(widths))
    middles = points.astype(np.float64)
    shown = np.zeros(points.shape[:2], dtype=bool)
    inside = np.array([[[width, height]] for width in widths])  # (T, 1, 2)
    drawn = points if obstacles is None else np.concatenate([points, obstacles], axis=1)  # (T, N + M, 2)
    for i, half in enumerate(halves):
        steps, cost = _candidates(half, gaps[i])
        places = points[:, i, None] + steps  # (T, C, 2)
        # 1. Impossible: outside the plot, or over a label that has its place.
        free = (places >= half).all(axis=2) & (places <= inside - half).all(axis=2)  # (T, C)
        # Across and up apart, (T, C, i): pairs of numbers at the end of an array take three times as long.
        across, up = (np.abs(places[:, :, None, axis] - middles[:, None, :i, axis]) - half[axis] for axis in (0, 1))
        over = (across <= halves[:i, 0]) & (up <= halves[:i, 1]) & shown[:, None, :i]
        free &= ~over.any(axis=2)
        # 2. Costly: far from its own point, over other points.
        across, up = (np.abs(places[:, :, None, axis] - drawn[:, None, :, axis]) < half[axis] + 3 for axis in (0, 1))
        covered = across & up  # (T, C, N + M)
        covered[:, :, i] = False
        free &= ~covered[:, :, :guarded].any(axis=2)
        total = np.where(free, cost + _COVERED * covered.sum(axis=2), np.inf)
        best = total.argmin(axis=1)  # (T,)
        found = total[plots, best] < _TOO_COSTLY
        middles[found, i], shown[found, i] = places[plots, best][found], True
    return middles, shown


def seen_on_the_way(
    points: Doubles,
    words: Sequence[str],
    offsets: Doubles,
    shown: Mask,
    *,
    size: tuple[float, float],
    font: Doubles,
    guarded: int = 0,
) -> Mask:
    """Which labels are seen in the frames of a movie where each keeps its place beside its point.

    Args:
        points: (S, N, 2) px from a corner of the plot; the last frame is the map at rest.
        words: N labels, the most important first: where two meet, the later one goes.
        offsets: (N, 2) px from points to middles of labels.
        shown: (N,) which labels have a place in the map at rest.
        size: width and height of the plot, px.
        guarded: this many first points are never covered.

    Returns:
        (S, N): none of those seen covers another or leaves the plot; in the last frame all that are shown.
    """
    halves, middles = half_boxes(words, font), points + offsets
    seen = np.zeros(points.shape[:2], dtype=bool)
    for i in np.flatnonzero(shown):
        at, half = middles[:, i], halves[i]
        bad = ((at < half) | (at > np.array(size) - half)).any(axis=1)  # (S,)
        bad |= ((np.abs(middles[:, :i] - at[:, None]) <= halves[:i] + half).all(axis=2) & seen[:, :i]).any(axis=1)
        bad |= ((np.abs(points[:, :guarded] - at[:, None]) < half).all(axis=2) & (np.arange(guarded) != i)).any(axis=1)
        padded = np.pad(bad, _CALM, mode="edge")  # not for a frame or two only, or it would flicker
        seen[:, i] = ~np.lib.stride_tricks.sliding_window_view(padded, 2 * _CALM + 1).any(axis=1)
    seen[-1] = shown
    return seen


def distance_to_box(points: Doubles, middles: Doubles, words: Sequence[str], font: Doubles) -> Doubles:
    """(…, N) px from each of the (…, N, 2) points to the edge of its own label."""
    outside = np.maximum(np.abs(points - middles) - half_boxes(words, font), 0)
    distances: Doubles = np.linalg.norm(outside, axis=-1)
    return distances


def half_boxes(words: Sequence[str], font: Doubles) -> Doubles:
    """(N, 2) px: half the width and height of each label."""
    halves: Doubles = np.array([[text_width(word) / 2, _LINE / 2] for word in words]).reshape(-1, 2) * font[:, None]
    return halves


def text_width(text: str) -> float:
    """Width of a line of text in font sizes, within about a tenth."""
    return sum(_WIDTHS.get(c) or (_WIDE if c > "\u2e80" else _CAPITAL if c.isupper() else _LETTER) for c in text)


def _candidates(half: Doubles, gap: float) -> tuple[Doubles, Doubles]:
    """(C, 2) steps from a point to middles around it, and the (C,) cost of each: right, then left, above and below."""
    angles = np.arange(_ANGLES) * 2 * np.pi / _ANGLES
    toward = np.stack([np.cos(angles), np.sin(angles)], axis=1)  # (A, 2)
    # From the middle of a box to its edge in each direction, so that every label begins `gap` from its point.
    edge = (half / np.maximum(np.abs(toward), 1e-9)).min(axis=1)  # (A,)
    preference = 2.0 * (1 - toward[:, 0]) + 2.0 * np.abs(toward[:, 1])  # (A,)
    rings = np.array(_RINGS)[:, None]  # (R, 1)
    reach = edge + gap + rings  # (R, A)
    return (reach[:, :, None] * toward).reshape(-1, 2), (preference + 1.1 * rings).ravel()
