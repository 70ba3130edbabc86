"""Label placement over the frames of a movie: labels keep to their points, and none that is seen lies on another.

They are placed one after the other, each by dynamic programming over time: at every moment a label has a few places
around its point, or is hidden. It pays for distance, for covering points, for moving and for being hidden, and does not
go where a label is that was placed before. Those that still meet on their way fade.
"""

from collections.abc import Sequence

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from embedlab.arrays import Doubles, Ids, Mask
from embedlab.charts.labels import away_from_crowd, candidates, half_boxes

FONT = 13.0  # px
SEEN = 4  # how much of a label is seen, at most: it fades in so many steps
_PLACED, _APART = 14.75, 14.5  # px that the font is taken to be: on a phone labels shrink less than the picture
_KEYS = 45  # frames at which places are chosen; between them labels glide
_MOMENTS = 200  # of a movie, at which labels may not meet; where it has more frames, each of them
_CALM = 7  # moments that a label is seen at least, or it would flicker
_GAP, _RINGS = 6.0, (0.0, 8.0, 18.0, 30.0, 45.0)  # px from a point to its label, and px more where it is crowded
# What a label pays at each key, in px of distance:
_FACING = 6.0  # for facing the crowd
_COVERED, _CLEAR = 14.0, 4.0  # for each point that it covers, or is nearer to than so many px
_MEETING = 20.0  # for meeting another halfway to the next key
_HIDDEN, _AT_REST = 40.0, 1000.0  # for being hidden; at the last frame, which stays on the screen
_FLIP = 25.0  # for beginning or ceasing to be hidden
_MOVE, _LEAP = 0.15, 0.015  # for each px and each square px of a move
_NEVER = 1e6


def moments_per_frame(frames: int) -> int:
    """Into how many moments the way from one frame to the next is divided."""
    return max(1, round(_MOMENTS / frames))


def label_places(points: Doubles, words: Sequence[str], *, width: float, height: float) -> tuple[Doubles, Ids]:
    """Where labels are while their points move, and how much of them is seen.

    Args:
        points: (S, N, 2) in pixels of a plot `width` wide and `height` high, from its lower left corner.
        words: N labels, the most important first: where two meet, the later one fades.

    Returns:
        (S, N, 2) from points to the middles of their labels, px, and (M, N) from 0 for hidden to `SEEN`, at all
        M = (S - 1) * `moments_per_frame(S)` + 1 moments.
    """
    frames = np.arange(len(points), dtype=float)
    keys = np.unique([*frames[:: max(1, -(-len(points) // _KEYS))], frames[-1]])
    halfway = np.sort([*keys, *(keys[1:] + keys[:-1]) / 2])  # and the keys
    offsets, chosen = _placed(_at(points, halfway), words, np.array([width, height]))
    steps = _at(offsets, np.interp(frames, halfway, np.arange(len(halfway))))
    parts = moments_per_frame(len(points))
    moments = np.arange((len(points) - 1) * parts + 1) / parts
    key = np.interp(moments, keys, np.arange(len(keys)))
    # Between a key where it is hidden and one where it is not, a label is hidden as long as it meets others.
    seen = chosen[np.floor(key).astype(int)] | chosen[np.ceil(key).astype(int)]
    return steps, _faded(_at(points + steps, moments), words, seen)


def _at(values: Doubles, when: Doubles) -> Doubles:
    """Values (S, …) at places between their rows, on straight lines."""
    low = np.floor(when).astype(int)
    share = (when - low).reshape(-1, *[1] * (values.ndim - 1))
    between: Doubles = values[low] * (1 - share) + values[np.ceil(when).astype(int)] * share
    return between


def _placed(points: Doubles, words: Sequence[str], size: Doubles) -> tuple[Doubles, Mask]:
    """Chooses places at K keys, from the (2 K - 1, N, 2) points at the keys and halfway between them.

    Returns:
        (2 K - 1, N, 2) steps from points to labels, and (K, N): whether they are seen.
    """
    halves = half_boxes(words, np.full(len(words), _PLACED))
    sides = away_from_crowd(points[::2])
    keys, halfway = np.arange(0, len(points), 2), np.arange(len(points))
    offsets, middles, there = np.zeros_like(points), points.copy(), np.zeros(points.shape[:2], dtype=bool)
    for i, half in enumerate(halves):
        steps, toward, farther = candidates(half, _GAP, _RINGS)
        places = points[:, i, None] + steps  # (2 K - 1, C, 2)
        meets: Mask = np.any(_over(places, middles[:, :i], half + halves[:i]) & there[:, None, :i], axis=2)
        covers = _over(places[::2], points[::2], half + _CLEAR)
        covers[:, :, i] = False
        cost = farther + _FACING * (1 - sides[:, i] @ toward.T) + _COVERED * covers.sum(axis=2)  # (K, C)
        cost[1:] += _MEETING * meets[1::2]
        cost[:-1] += _MEETING * meets[1::2]
        outside = ((places[::2] < half) | (places[::2] > size - half)).any(axis=2)
        cost[outside | meets[::2]] = _NEVER
        way = _cheapest(cost, steps)
        seen = way < len(steps)
        if seen.any():  # while it is hidden it goes where it will be seen next
            chosen = steps[way[seen]]
            offsets[:, i] = np.stack([np.interp(halfway, keys[seen], chosen[:, axis]) for axis in (0, 1)], axis=1)
        middles[:, i] += offsets[:, i]
        there[::2, i], there[1::2, i] = seen, seen[1:] | seen[:-1]
    return offsets, there[::2]


def _over(places: Doubles, others: Doubles, reach: Doubles) -> Mask:
    """(T, C, N): which of (T, C, 2) places are within a `reach` across and up of which of (T, N, 2) others."""
    # Across and up as arrays of their own: pairs of numbers at the end of an array take three times as long.
    at, to = (np.ascontiguousarray(np.moveaxis(ends, -1, 0), dtype=np.float32) for ends in (places, others))
    across, up = (np.abs(at[axis][:, :, None] - to[axis][:, None]) < np.float32(reach[..., axis]) for axis in (0, 1))
    over: Mask = across & up
    return over


def _cheapest(cost: Doubles, steps: Doubles) -> Ids:
    """(K,) the number of a place at each key, C for hidden: the least sum of the (K, C) costs and those of moves."""
    count = len(steps)
    squares = ((steps[:, None] - steps) ** 2).sum(axis=2)
    moving = np.full((count + 1, count + 1), _FLIP)  # to, from
    moving[:count, :count] = _MOVE * np.sqrt(squares) + _LEAP * squares
    moving[count, count] = 0.0
    hidden = np.full((len(cost), 1), _HIDDEN)
    hidden[-1] = _AT_REST
    cost = np.concatenate([cost, hidden], axis=1)
    every, best, come_from = np.arange(count + 1), cost[0], np.zeros(cost.shape, dtype=np.int64)
    for key in range(1, len(cost)):
        total = moving + best
        come_from[key] = total.argmin(axis=1)
        best = total[every, come_from[key]] + cost[key]
    way = np.full(len(cost), best.argmin())
    for key in range(len(cost) - 1, 0, -1):
        way[key - 1] = come_from[key, way[key]]
    return way


def _faded(middles: Doubles, words: Sequence[str], seen: Mask) -> Ids:
    """(M, N) how much of each label is seen: nothing while it meets a more important one, or where it is not `seen`."""
    halves, seen = half_boxes(words, np.full(len(words), _APART)), seen.copy()
    for i, half in enumerate(halves):
        meets = _over(middles[:, i, None], middles[:, :i], half + halves[:i])[:, 0]  # (M, i)
        calm = _window(seen[:, i] & ~(meets & seen[:, :i]).any(axis=1), _CALM - 1, _CALM - 1, _CALM).all(axis=-1)
        seen[:, i] = sliding_window_view(calm, _CALM).any(axis=-1)
    # As far from where it is hidden as it is seen.
    shown: Ids = np.sum([_window(seen, far, far, 2 * far + 1).all(axis=-1) for far in range(SEEN)], axis=0)
    return shown


def _window(values: Mask, before: int, after: int, length: int) -> Mask:
    """(M, …, length) of all stretches of rows, the first and last of which go on as they are."""
    padding = [(before, after), *[(0, 0)] * (values.ndim - 1)]
    return sliding_window_view(np.pad(values, padding, mode="edge"), length, axis=0)
