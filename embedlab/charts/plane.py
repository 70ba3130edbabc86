"""Scales of a map: from coordinates to pixels of a plot whose width only the browser knows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np

from embedlab.arrays import Doubles, Ids, Reals
from embedlab.charts.labels import GAP, WIDE_GAP, distance_to_box, half_boxes, place_labels, places_on_the_way

WIDTHS = (300, 440, 600, 820)  # px for which labels are placed; the browser takes the widest that fits
FONT, MARKED_FONT = 12.5, 15.0
_NARROW, _STRETCH = 440, 1.5  # px up to which a map may be that much taller than true, to use a phone's height
FINE = 2000  # places of frames travel in such parts of the span: less than half a pixel
_SIGNS = "0123456789abcdefghijklmnopqrstuvwxyz"  # for a hidden label, and for places of labels in a movie
_LEADER = 11.0  # px from a point to its label from which on a line joins them


@dataclass(frozen=True)
class Plane:
    """A rectangle of the plane and the plot that shows it.

    A unit is as long on both axes, because distances are what a map is about, unless `stretched`; on a phone it may be
    longer upwards.
    """

    middle: Doubles  # (2,)
    span: Doubles  # (2,) above 0
    height: float  # px
    margin: tuple[float, float]  # px around the points, for their labels
    stretched: bool
    true: bool = False  # no longer upwards on a phone either

    @classmethod
    def around(
        cls, coordinates: Reals, height: float, *, margin: tuple[float, float], stretched: bool, true: bool = False
    ) -> "Plane":
        """The plane that holds all of the (N, 2) coordinates."""
        low, high = coordinates.min(axis=0), coordinates.max(axis=0)
        span = high - low
        span = np.maximum(span, max(float(span.max()), 1e-30) * 1e-3)  # a flat map keeps some height
        return cls((low + high) / 2, span, height, margin, stretched, true)

    def centered(self, coordinates: Reals) -> Doubles:
        """(…, 2) in shares of the span, the middle at 0; what travels to the browser."""
        return (coordinates - self.middle) / self.span

    def pixels(self, coordinates: Reals, width: float) -> Doubles:
        """(…, 2) px from the upper left corner of a plot of this width."""
        sign = np.array([1.0, -1.0])
        pixels: Doubles = np.array([width, self.height]) / 2 + self.centered(coordinates) * self._lengths(width) * sign
        return pixels

    def shares(self, pixels: Doubles, width: float) -> Doubles:
        """The inverse of `pixels`, in shares of the span."""
        sign = np.array([1.0, -1.0])
        shares: Doubles = (pixels - np.array([width, self.height]) / 2) / self._lengths(width) * sign
        return shares

    def _room(self, width: float) -> Doubles:
        room: Doubles = np.maximum(np.array([width, self.height]) - 2 * np.array(self.margin), 1)
        return room

    def _lengths(self, width: float) -> Doubles:
        """(2,) px of the span in a plot of this width."""
        room = self._room(width)
        if self.stretched:
            return room
        lengths = self.span * np.min(room / self.span)
        if width < _NARROW and not self.true:
            lengths[1] = min(lengths[1] * _STRETCH, room[1])
        return lengths

    def lengths(self) -> dict[str, str]:
        """`_lengths` as Vega expressions, for the holes of `LENGTHS`; `width` is the browser's."""
        room = f"max(width - {2 * self.margin[0]:g}, 1)"
        high = float(self._room(0)[1])
        middle = f"{self.height / 2:g}"  # Vega's own height is less where a chart is fitted to its place
        if self.stretched:
            return {"across": room, "up": f"{high:g}", "middle": middle}
        ratio = float(self.span[0] / self.span[1])
        taller = "1" if self.true else f"(width < {_NARROW} ? {_STRETCH} : 1)"
        up = f"min({room} * {1 / ratio:.6g} * {taller}, {high:.6g})"
        return {"across": f"min({room}, {high * ratio:.6g})", "up": up, "middle": middle}


# Parameters of a template, px: how long a plane’s span is in the plot, which the browser works out, and its middle.
LENGTHS = tuple(alt.param(name=name, expr=f"@{name}") for name in ("across", "up", "middle"))


def across(share: str) -> str:
    """The Vega expression of a horizontal place in px."""
    return f"width / 2 + {share} * across"


def up(share: str) -> str:
    """The Vega expression of a vertical place in px."""
    return f"middle - {share} * up"


def map_rows(
    words: Sequence[str],
    coordinates: Reals,
    plane: Plane,
    *,
    groups: Sequence[str],
    marked: Collection[str],
    frames: Sequence[Reals] = (),
) -> list[dict[str, Any]]:
    """One row for each word: its places, and for each of `WIDTHS` whether it has a label and where from its place.

    `half` of the label’s width keeps it inside of a plot that is wider than the one of `WIDTHS` it was placed for.

    Args:
        frames: (N, 2) coordinates on the way to `coordinates`, each drawn as large as fits.
    """
    order = sorted(range(len(words)), key=lambda i: words[i] not in marked)
    names = [words[i] for i in order]
    large = np.array([word in marked for word in names])
    font, gaps = np.where(large, MARKED_FONT, FONT), np.where(large, WIDE_GAP, GAP)
    at = plane.centered(coordinates)
    rows: list[dict[str, Any]] = [
        {"word": word, "group": group, "marked": word in marked, "u": _short(u), "v": _short(v)}
        for word, group, (u, v) in zip(words, groups, at, strict=True)
    ]
    points = np.stack([plane.pixels(coordinates[order], width) for width in WIDTHS])  # (T, N, 2)
    middles, shown = place_labels(
        points, names, widths=WIDTHS, height=plane.height, font=font, gaps=gaps, guarded=int(large.sum())
    )
    far = distance_to_box(points, middles, names, font) > _LEADER
    steps = np.stack([plane.shares(*plot) for plot in zip(middles, WIDTHS, strict=True)]) - at[order]
    halves = half_boxes(names, font)[:, 0].round(1).tolist()
    for n, place in enumerate(order):
        lu, lv = steps[:, n].T.round(4).tolist()
        rows[place] |= {"half": halves[n], "lu": lu, "lv": lv, "shown": shown[:, n].tolist(), "far": far[:, n].tolist()}
    if len(frames):
        way = np.stack([_fitted(frame, plane.span)[order] for frame in frames])  # (S, N, 2)
        for n, place in enumerate(order):
            us, vs = (" ".join(map(str, axis)) for axis in np.rint(way[:, n].T * FINE).astype(int).tolist())
            rows[place] |= {"us": us, "vs": vs, "lu": [], "lv": [], "far": [], "seen": []}
        for tier, width in enumerate(WIDTHS):
            there = np.array([width, plane.height]) / 2 + way * plane._lengths(width) * [1, -1]
            rest, size = middles[tier] - points[tier], (width, plane.height)
            places, chosen = places_on_the_way(
                there, names, rest, shown[tier], size=size, font=font, gaps=gaps, guarded=int(large.sum())
            )
            for n, place in enumerate(order):
                rows[place] = _with_places(
                    rows[place], places[n], chosen[:, n], plane._lengths(width), names[n], font[n]
                )
    return sorted(rows, key=lambda row: row["marked"])  # drawn in this order: what was asked for is on top


def _with_places(
    row: dict[str, Any], places: Doubles, chosen: Ids, lengths: Doubles, word: str, font: float
) -> dict[str, Any]:
    """A row with the places that its label has in a movie in a plot of one more width, and a sign for each frame."""
    used = np.unique(chosen[chosen > 0])[: len(_SIGNS) - 1]
    steps = places[used - 1]
    lu, lv = (steps / lengths * [1, -1]).round(4).T.tolist()
    far = distance_to_box(np.zeros_like(steps), steps, [word] * len(used), np.full(len(used), font)) > _LEADER
    number = np.zeros(len(places) + 1, dtype=int)
    number[used] = np.arange(1, len(used) + 1)
    own = {"lu": lu, "lv": lv, "far": far.tolist(), "seen": "".join(_SIGNS[n] for n in number[chosen])}
    return row | {name: [*row[name], value] for name, value in own.items()}


def _fitted(frame: Reals, span: Doubles) -> Doubles:
    """(N, 2) shares of a span in which a frame is as large as it can be without being stretched."""
    frame = np.asarray(frame, dtype=np.float64)
    low, high = frame.min(axis=0), frame.max(axis=0)
    fitted: Doubles = (frame - (low + high) / 2) / np.max(np.maximum(high - low, 1e-30) / span) / span
    return fitted


def spot(frame: str) -> str:
    """The Vega expression of which of its places a word's label has in this frame, from 1 on; 0: none."""
    return f"indexof('{_SIGNS}', datum.seen[datum.tier][{frame}])"


def tier() -> str:
    """The Vega expression of which of `WIDTHS` fits the plot."""
    return " + ".join(f"(width >= {width} ? 1 : 0)" for width in WIDTHS[1:])


def _short(number: float) -> float:
    return round(float(number), 4)
