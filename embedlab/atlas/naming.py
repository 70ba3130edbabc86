"""Which names stand on a map at which scale: each from where on no name of a more important word touches it.

So no two cover each other, none flickers while the map is moved, and none goes away while it is enlarged, but those of
districts, which do beyond the last level that they are of use at. A name that comes later itself than it would be
clear of another one keeps that one from nothing.
"""

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np

from embedlab.arrays import Doubles, Floats, Ids
from embedlab.atlas.word_map import Bytes
from embedlab.charts.labels import text_width
from embedlab.text.languages import language_of

LOWEST = 120.0  # px a unit of the map at level 0
STEPS = 8  # levels from one scale to the doubled one
NEVER = 255  # level of what is not named
DISTRICTS_UNTIL = 39  # last level of districts' names
FONT, LOUD = 12.5, 14.0  # px of names, and of districts'
LONGEST = 36  # letters of a name that are shown
_COMMON = 1_200  # names at level 0 are of so many words, at twice the scale of twice as many
_NAMED = 60_000  # words, at most
_JOINING = 300  # most frequent words among which those that only join others are looked for
_LATER = 2_500  # place in the order of names for words that only join others
_MARGIN = 1.05  # widths are known within about a tenth
_CELL = np.array([100.0, 20.0])  # px of a usual name: what is near is told by it
_NEAR = 24  # others that a name is compared with


class _Boxes(NamedTuple):
    places: Doubles  # (N, 2) on the map
    reaches: Doubles  # (N, 3) px from there to the left, to the right, and up and down

    def part(self, rows: Ids | slice) -> "_Boxes":
        return _Boxes(self.places[rows], self.reaches[rows])


def name_levels(
    words: Sequence[str],
    positions: Floats,
    districts: Sequence[str],
    district_places: Floats,
    *,
    late: Collection[int] | None = None,
) -> Bytes:
    """(V + K,) levels from which on names stand: of V words at (V, 2), most frequent first, and K districts at (K, 2).

    Args:
        late: rows of frequent words that are named as if they were rare; None: those of the words' language that only
            join others.
    """
    late = _joining(words) if late is None else late
    early = np.setdiff1d(np.arange(len(words)), list(late))
    order = np.concatenate([early[:_LATER], sorted(late), early[_LATER:]]).astype(np.int64)[:_NAMED]
    widths = np.array([_MARGIN * FONT * text_width(words[row][:LONGEST]) for row in order.tolist()])
    sides = np.full(len(order), -2.0), widths + 14, np.full(len(order), 10.0)
    own = _Boxes(positions[order].astype(np.float64), np.stack(sides, axis=1))
    halves = np.array([_MARGIN * LOUD * text_width(name[:LONGEST]) / 2 + 8 for name in districts])
    theirs = _Boxes(district_places.astype(np.float64), np.stack([halves, halves, np.full(len(halves), 13.0)], axis=1))

    numbers = np.arange(len(districts))
    among = np.tril(_clear_from(theirs.part(numbers[:, None]), theirs), -1)  # (K, K)
    district_scales = _in_turn(np.zeros(len(districts)), np.tile(numbers, (len(numbers), 1)), among)
    until = LOWEST * 2 ** ((DISTRICTS_UNTIL + 1) / STEPS)  # where districts go away
    least = np.arange(len(order)) * LOWEST / _COMMON
    for number, scale in enumerate(district_scales.tolist()):
        clear = _clear_from(own, theirs.part(slice(number, number + 1)))
        least = np.maximum(least, np.where(clear > scale, np.minimum(clear, until), 0))
    scales = _in_turn(least, *_near(own))
    levels = np.full(len(words) + len(districts), NEVER, np.uint8)
    levels[order] = _levels(scales)
    levels[len(words) :] = _levels(district_scales)
    return levels


def _joining(words: Sequence[str]) -> list[int]:
    first = words[:_JOINING]
    language = language_of(" ".join(first))
    return [row for row, word in enumerate(first) if language and word in language.common]


def _clear_from(some: _Boxes, others: _Boxes) -> Doubles:
    """The scales from which on boxes do not touch others: they draw apart as the map is enlarged."""
    ways = some.places - others.places
    right, left = some.reaches[..., 0] + others.reaches[..., 1], some.reaches[..., 1] + others.reaches[..., 0]
    with np.errstate(divide="ignore"):
        wide = np.where(ways[..., 0] > 0, right, left) / np.abs(ways[..., 0])
        high = (some.reaches[..., 2] + others.reaches[..., 2]) / np.abs(ways[..., 1])
    return np.asarray(np.minimum(wide, high))


def _near(boxes: _Boxes) -> tuple[Ids, Doubles]:
    """(N, k) which others are near each, and the scales from which on it is clear of them; 0 for later ones."""
    from scipy.spatial import KDTree  # not before a map is shown

    cells, count = boxes.places / _CELL, min(_NEAR, len(boxes.places))
    near = np.zeros((len(cells), count), np.int64)
    for power in range((len(cells) - 1).bit_length()):  # among as many more, so that about half come before
        own = np.arange(2**power, min(2 ** (power + 1), len(cells)))
        found = KDTree(cells[: own[-1] + 1]).query(cells[own], np.arange(1, min(count, own[-1]) + 1), p=np.inf)[1]
        near[own, : found.shape[1]] = found
    rows = np.arange(len(cells))[:, None]
    clear = _clear_from(boxes.part(rows), boxes.part(near))
    clear[near >= rows] = 0
    return near, clear


def _in_turn(least: Doubles, near: Ids, clear: Doubles) -> Doubles:
    """(N,) the scales at which names come, which depend on those before.

    Args:
        least: (N,) scales below which none comes.
        near: (N, k) others that are near each.
        clear: (N, k) scales from which on it is clear of them; 0 for those that come after it.
    """
    scales: list[float] = []
    for scale, others, ends in zip(least.tolist(), near.tolist(), clear.tolist(), strict=True):
        waits = [end for other, end in zip(others, ends, strict=True) if end > scale and scales[other] < end]
        scales.append(max(waits, default=scale))
    return np.array(scales)


def _levels(scales: Doubles) -> Bytes:
    with np.errstate(divide="ignore"):
        exact = np.ceil(STEPS * np.log2(scales / LOWEST) - 1e-9)
    return np.asarray(exact.clip(0, NEVER).astype(np.uint8))
