"""Label placement on pictures at rest, by two rules; `charts.movie.labels` has that of movies.

`label_places_at_rest` gives every label a place, as far from the others as it can. By `place_labels` a label goes near
its point, on top of nothing, and one without such a place is left out.
"""

from collections.abc import Sequence

import numpy as np

from embedlab.arrays import Doubles, Ids, Mask

LETTER, LINE = 7.2, 14.0  # pixels of a letter's width and a line's height at 13 px, a little above
_ROUNDS = 60  # of pushing
_NEVER = 1e9  # pixels that a label is from itself, so that it does not push itself
_CROWD = 45.0  # pixels within which other points push a label to its own side
_ABOVE = 12.0  # how much a label prefers to sit above its point, in the same unit
_LINE = 1.2  # height of a line, in font sizes
# Widths of letters in font sizes, a little above those of the usual sans-serif fonts.
_WIDTHS = dict.fromkeys("iljI|.,:;'!", 0.27) | dict.fromkeys("ftr-()[] ", 0.36) | dict.fromkeys("mwMW@%", 0.84)
_LETTER, _CAPITAL, _WIDE = 0.54, 0.66, 1.0
GAP, WIDE_GAP = 5.0, 10.0  # px from the middle of a small or a large point to its label
RINGS = (0.0, 7.0, 15.0, 25.0)  # px farther away, where nearer places are taken
FAR_RINGS = (*RINGS, 40.0, 60.0, 85.0, 115.0)  # for labels that a line joins to their points
_ANGLES = 16
# What a label of a moving map pays in each frame for being hidden, for each point that it covers, for being away from
# its place at rest and for each so many px that it is farther from its point; and for coming to a place and for being
# hidden from a frame on.
_UNSEEN, _COVERING, _AWAY, _AWAY_PX, _COMING, _GOING = 1.0, 0.5, 0.1, 100.0, 5.0, 1.0
_COVERED, _TOO_COSTLY = 14.0, 60.0  # for each point that a label hides; above which there is no label


def label_places_at_rest(points: Doubles, words: Sequence[str], sizes: Doubles) -> Doubles:
    """Puts each label on the side of its point that looks away from the crowd, then pushes labels apart.

    Args:
        points: (T, N, 2) in pixels of each plot, from its lower left corner.
        words: N labels.
        sizes: (T, 2) width and height of each plot, px.

    Returns:
        (T, N, 2) float64: the middles of the labels, inside the plot.
    """
    half = np.array([[len(word) * LETTER / 2 + 1, LINE / 2] for word in words])  # (N, 2)
    home = points + away_from_crowd(points) * (half + np.array([8.0, 8.0]))
    places: Doubles = home
    low, high = half, sizes[:, None] - half
    # Across and up as arrays of their own, (T, N, N): pairs of numbers at the end of an array take three times as long.
    near_labels = [half[:, None, axis] + half[:, axis] - _NEVER * np.eye(len(words)) for axis in (0, 1)]  # (N, N) px
    near_points = [half[:, None, axis] + 6.0 for axis in (0, 1)]
    at = np.moveaxis(points, -1, 0)
    for turn in range(_ROUNDS):
        now = np.moveaxis(places, -1, 0)
        push = _apart([place[:, :, None] - place[:, None] for place in now], near_labels)
        push += 0.5 * _apart([now[axis][:, :, None] - at[axis][:, None] for axis in (0, 1)], near_points)
        places = places + np.clip(0.5 * push, -5, 5) + 0.06 * (1 - turn / _ROUNDS) * (home - places)
        places = np.clip(places, low, high)
    return places


def away_from_crowd(points: Doubles) -> Doubles:
    """(T, N, 2) directions in which each of the (T, N, 2) points looks away from those around it, upwards if alone."""
    between = points[:, :, None] - points[:, None]  # (T, N, N, 2)
    crowd = (between * np.exp(-(between**2).sum(axis=-1, keepdims=True) / (2 * _CROWD**2))).sum(axis=2)
    side = crowd + np.array([0.0, _ABOVE])
    directions: Doubles = side / (np.linalg.norm(side, axis=-1, keepdims=True) + 1e-9)
    return directions


def _apart(gaps: Sequence[Doubles], reach: Sequence[Doubles]) -> Doubles:
    """(K, N, 2): how far boxes are to move from all others, each along the axis on which the two overlap least."""
    across, up = (near - np.abs(gap) for gap, near in zip(gaps, reach, strict=True))  # (K, N, N) overlaps
    covered, sideways = (across > 0) & (up > 0), across < up
    pushes = (covered & sideways) * np.copysign(across, gaps[0]), (covered & ~sideways) * np.copysign(up, gaps[1])
    return np.stack([push.sum(axis=2) for push in pushes], axis=-1)


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
    rings: Sequence[float] = RINGS,
) -> tuple[Doubles, Mask]:
    """Places labels one after the other, so that the first words have the best places, in plots of several widths.

    Args:
        points: (T, N, 2) px from a corner of each plot.
        words: N labels, the most important first.
        widths, height: of the T plots, px; labels stay inside.
        font: (N,) px font sizes.
        gaps: (N,) px from each point to its label at least; `GAP` where not given.
        obstacles: (T, M, 2) px further points that labels had better not cover, such as points along a line.
        guarded: this many first points, then obstacles, are never covered.
        rings: px beyond its gap at which a label may stand.

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
        steps, toward, farther = candidates(half, gaps[i], rings)
        near = np.minimum(farther, RINGS[-1])  # beyond, where a line leads to the point, farther is hardly worse
        # Best is right, then left, above and below.
        cost = 2.0 * (1 - toward[:, 0]) + 2.0 * np.abs(toward[:, 1]) + 1.1 * near + 0.2 * (farther - near)  # (C,)
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


def places_on_the_way(
    points: Doubles,
    words: Sequence[str],
    rest: Doubles,
    shown: Mask,
    *,
    size: tuple[float, float],
    font: Doubles,
    gaps: Doubles,
    guarded: int = 0,
) -> tuple[Doubles, Ids]:
    """Where labels are in the frames of a movie: each keeps its place beside its point for as long as it can.

    Placed one after the other, by dynamic programming over the frames. A label pays for being hidden or away from where
    it rests, and for each change; it goes nowhere where a more important one is.

    Args:
        points: (S, N, 2) px from a corner of the plot; the last frame is the map at rest.
        words: N labels, the most important first.
        rest: (N, 2) px from points to middles of labels in the map at rest.
        shown: (N,) which labels have a place there.
        size: width and height of the plot, px.
        font: (N,) px font sizes.
        gaps: (N,) px from each point to its label at least.
        guarded: this many first points are never covered.

    Returns:
        (N, P, 2) px from points to labels in P places, the first of which is `rest`, and (S, N): 0 for hidden, or 1
        and more for one of the places. None of those seen covers another or leaves the plot.
    """
    halves, middles = half_boxes(words, font), points.astype(np.float64)
    chosen = np.zeros(points.shape[:2], dtype=np.int64)
    every: list[Doubles] = []
    for i, half in enumerate(halves):
        steps, _, farther = (part[::2] for part in candidates(half, gaps[i], RINGS))
        places = np.concatenate([rest[i, None], steps])  # (C, 2)
        at = points[:, i, None] + places  # (S, C, 2)
        bad = ((at < half) | (at > np.array(size) - half)).any(axis=2)
        bad |= (_over(at, middles[:, :i], half + halves[:i]) & (chosen[:, None, :i] > 0)).any(axis=2)
        covered = _over(at, points, np.broadcast_to(half, points.shape[1:]))
        covered[:, :, i] = False
        bad |= covered[:, :, :guarded].any(axis=2)
        bad[-1, 1:], bad[-1, 0] = True, not shown[i]
        cost = np.array([0.0, *(_AWAY + farther / _AWAY_PX)]) + _COVERING * np.count_nonzero(covered, axis=2)
        cost[bad] = _NEVER
        hidden = np.full((len(cost), 1), _UNSEEN)
        hidden[-1] += _NEVER * shown[i]
        way = _calmest(np.concatenate([cost, hidden], axis=1), np.array([*[_COMING] * len(places), _GOING]))
        seen = way < len(places)
        chosen[seen, i] = way[seen] + 1
        middles[seen, i] = at[seen, way[seen]]
        every.append(places)
    return np.stack(every), chosen


def _over(places: Doubles, others: Doubles, reach: Doubles) -> Mask:
    """(S, C, N): which of (S, C, 2) places are within a `reach` across and up of which of the (S, N, 2) others."""
    # Across and up as arrays of their own: pairs of numbers at the end of an array take three times as long.
    at, to = (np.ascontiguousarray(np.moveaxis(ends, -1, 0), dtype=np.float32) for ends in (places, others))
    across, up = (np.abs(at[axis][:, :, None] - to[axis][:, None]) <= np.float32(reach[:, axis]) for axis in (0, 1))
    over: Mask = across & up
    return over


def _calmest(cost: Doubles, change: Doubles) -> Ids:
    """(S,) the number of a place in each frame: the least sum of the (S, C) costs and of the (C,) of changes to one."""
    best, stays, others = cost[0], np.ones(cost.shape, dtype=bool), [0] * len(cost)
    for frame in range(1, len(cost)):
        others[frame] = other = int(best.argmin())
        changed = best[other] + change
        np.less_equal(best, changed, out=stays[frame])
        best = np.minimum(best, changed) + cost[frame]
    way = np.full(len(cost), best.argmin())
    for frame in range(len(cost) - 1, 0, -1):
        way[frame - 1] = way[frame] if stays[frame, way[frame]] else others[frame]
    return way


def distance_to_box(points: Doubles, middles: Doubles, words: Sequence[str], font: Doubles) -> Doubles:
    """(…, N) px from each of the (…, N, 2) points to the edge of its own label."""
    outside = np.maximum(np.abs(points - middles) - half_boxes(words, font), 0)
    distances: Doubles = np.linalg.norm(outside, axis=-1)
    return distances


def half_boxes(words: Sequence[str], font: Doubles) -> Doubles:
    """(N, 2) px: half the width and height of each label."""
    halves: Doubles = np.array([[text_width(word) / 2, _LINE / 2] for word in words]).reshape(-1, 2) * font[:, None]
    return halves


def widest(words: Sequence[str], font: float, most: float) -> float:
    """px that the widest of some words takes, at most so many."""
    return min(max(map(text_width, words), default=0) * font, most)


def text_width(text: str) -> float:
    """Width of a line of text in font sizes, within about a tenth."""
    return sum(_WIDTHS.get(c) or (_WIDE if c > "\u2e80" else _CAPITAL if c.isupper() else _LETTER) for c in text)


def candidates(half: Doubles, gap: float, rings: Sequence[float]) -> tuple[Doubles, Doubles, Doubles]:
    """Places of a label around its point, in directions all around it.

    Args:
        half: (2,) half its width and height.
        gap: px from the point to the label at least.
        rings: px farther away.

    Returns:
        (C, 2) steps from the point to the middles, their (C, 2) directions, and (C,) how much farther they are.
    """
    angles = np.arange(_ANGLES) * 2 * np.pi / _ANGLES
    toward = np.stack([np.cos(angles), np.sin(angles)], axis=1)  # (A, 2)
    # From the middle of a box to its edge in each direction, so that every label begins `gap` from its point.
    edge = (half / np.maximum(np.abs(toward), 1e-9)).min(axis=1)  # (A,)
    reach = edge + gap + np.array(rings)[:, None]  # (R, A)
    steps = (reach[:, :, None] * toward).reshape(-1, 2)
    return steps, np.tile(toward, (len(rings), 1)), np.repeat(np.array(rings), _ANGLES)
