"""Line charts over words read, seconds or ranks: each has its name at its end, its own color and dashes."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import altair as alt
import numpy as np

from embedlab.arrays import Ids, Reals
from embedlab.charts.templates import ROWS, Spec, fill, stored, template
from embedlab.charts.theme import Theme

_DASHES = ([1, 0], [7, 3], [2, 2], [8, 3, 2, 3], [12, 4], [4, 4])
_POINTS = 300  # of a line, sent to the browser
_LINE = 14  # pixels between the names at the right
_COUNTS = (
    "datum.value >= 1e9 ? format(datum.value / 1e9, '~g') + ' billion' : datum.value >= 1e6 ? "
    "format(datum.value / 1e6, '~g') + ' million' : format(datum.value, ',')"
)


@dataclass(frozen=True, eq=False)
class Line:
    """One named line; values that are not finite are left out."""

    name: str
    x: Reals | Ids  # (S,)
    y: Reals  # (S,)


@dataclass(frozen=True)
class Mark:
    """A level worth knowing, drawn across."""

    name: str
    y: float


class Upright(NamedTuple):
    """A place on the horizontal axis worth knowing."""

    name: str
    x: float


def lines(
    given: Sequence[Line],
    *,
    x_title: str,
    y_title: str,
    theme: Theme,
    marks: Sequence[Mark] = (),
    log_x: bool = False,
    log_y: bool = False,
    y_range: tuple[float, float] | None = None,
    counts: bool = True,
    uprights: Sequence[Upright] = (),
    other: Line | None = None,
    y_format: str = "~g",
    height: int = 260,
) -> Spec:
    """Up to six lines with their names at their ends.

    Args:
        marks: levels drawn as thin lines across, named at the left.
        log_x: a logarithmic axis; values at or below zero are left out.
        log_y: the same upwards, which needs `y_range`, above zero.
        y_range: from the data where None.
        y_format: of the numbers on the axis, as d3-format writes them.
        counts: x counts something that may go into the millions.
        uprights: places worth knowing, drawn upwards.
        other: one more line, in the background, to compare with.
        height: of the plot in pixels; it is as wide as the page allows.
    """
    everything = [*given, *([other] if other else [])]
    rows = [row for line in everything for row in _rows(line, log_x)]
    ends = {row["name"]: row for row in rows}  # the last of each
    values = [float(row["y"]) for row in rows] + [mark.y for mark in marks]
    low, high = y_range or _round_up(values)
    tens = _tens([float(row["x"]) for row in rows]) if log_x else []
    look = _LinesLook(
        theme, x_title, y_title, y_format, height, counts, log_x, log_y,
        at_tens=len(tens) > 1, marked=bool(marks), upright=bool(uprights),
    )  # fmt: skip
    scale = _Upwards(low, high, height, log_y)
    spots = _apart([scale.pixels(float(row["y"])) for row in ends.values()])
    return fill(
        _template(look),
        rows=rows,
        names=[line.name for line in everything],
        colors=[theme.palette[i % len(theme.palette)] for i in range(len(given))] + [theme.muted] * (other is not None),
        dashes=[*_DASHES[: len(given)], *([[1, 3]] if other else [])],
        low=low,
        high=high,
        tens=tens,
        marks=[{"y": mark.y, "name": mark.name} for mark in marks],
        uprights=[{"x": one.x, "name": one.name} for one in uprights],
        places=[{"name": name, "y": scale.value(spot)} for name, spot in zip(ends, spots, strict=True)],
    )


class _Upwards(NamedTuple):
    """The vertical axis."""

    low: float
    high: float
    height: int  # pixels
    log: bool

    def pixels(self, value: float) -> float:
        """From the bottom."""
        if self.log:
            return math.log(value / self.low) / math.log(self.high / self.low) * self.height
        return (value - self.low) / max(self.high - self.low, 1e-9) * self.height

    def value(self, pixels: float) -> float:
        """The inverse."""
        if self.log:
            return float(self.low * (self.high / self.low) ** (pixels / self.height))
        return self.low + pixels / self.height * max(self.high - self.low, 1e-9)


class _LinesLook(NamedTuple):
    """All that the template depends on."""

    theme: Theme
    x_title: str
    y_title: str
    y_format: str
    height: int
    counts: bool
    log_x: bool
    log_y: bool
    at_tens: bool
    marked: bool
    upright: bool


@stored
def _template(look: _LinesLook) -> Spec:
    theme = look.theme
    tint = alt.Color("name:N", legend=None).scale(domain=["@names"], range=["@colors"])
    dash = alt.StrokeDash("name:N", legend=None).scale(domain=["@names"], range=["@dashes"])
    x = alt.X("x:Q", title=look.x_title, scale=alt.Scale(type="log" if look.log_x else "linear", nice=False))
    ticks: dict[str, Any] = {"values": ["@tens"]} if look.at_tens else {"tickCount": 5, "labelOverlap": True}
    x = x.axis(grid=False, labelExpr=_COUNTS if look.counts else "datum.label", **ticks)
    kind: Any = "log" if look.log_y else "linear"
    y = alt.Y("y:Q", title=look.y_title, scale=alt.Scale(type=kind, domain=["@low", "@high"], nice=False))
    y = y.axis(tickCount=5, format=look.y_format)
    base = alt.Chart(ROWS)
    hover = [alt.Tooltip("name:N", title="line"), alt.Tooltip("x:Q", title=look.x_title, format=",.4~r")]
    hover.append(alt.Tooltip("y:Q", title=look.y_title, format=".3f"))
    layers: list[alt.Chart] = [
        base.mark_line(strokeWidth=2).encode(x=x, y=y, color=tint, strokeDash=dash),
        base.mark_point(opacity=0, size=120).encode(x=x, y=y, tooltip=hover),
    ]
    if look.marked:
        levels = alt.Chart(alt.InlineData(values="@marks")).encode(y=y)
        label: dict[str, Any] = {"align": "right", "baseline": "bottom", "dx": -4, "dy": -2, "fontSize": 11}
        halo = levels.mark_text(**label, stroke=theme.paper, strokeWidth=4, strokeJoin="round", aria=False)
        said = levels.mark_text(**label, color=theme.muted)
        layers.insert(0, levels.mark_rule(color=theme.muted, strokeDash=[3, 3]))
        # Above the lines, so that they stay readable.
        layers += [text.encode(x=alt.value(alt.expr("width")), text="name:N") for text in (halo, said)]
    if look.upright:
        at = alt.Chart(alt.InlineData(values="@uprights")).encode(x=x)
        layers.insert(0, at.mark_rule(color=theme.muted, strokeDash=[3, 3]))
        layers.append(at.mark_text(align="left", dx=5, color=theme.muted).encode(y=alt.value(8), text="name:N"))
    named = alt.Chart(alt.InlineData(values="@places")).mark_text(align="left", fontSize=12, fontWeight=600)
    layers.append(named.encode(x=alt.value(alt.expr("width + 7")), y=y, text="name:N", color=tint))
    return template(layers, width="container", height=look.height)


def _rows(line: Line, log_x: bool) -> list[dict[str, float | str]]:
    x, y = np.asarray(line.x, np.float64), np.asarray(line.y, np.float64)
    good = np.flatnonzero(np.isfinite(x) & np.isfinite(y) & ((x > 0) | (not log_x)))
    stride = max(1, -(-len(good) // _POINTS))
    kept = sorted({*good[::stride].tolist(), *good[-1:].tolist()})
    return [{"name": line.name, "x": float(f"{x[i]:.5g}"), "y": float(f"{y[i]:.5g}")} for i in kept]


def _tens(values: Sequence[float]) -> list[float]:
    """Powers of ten from the smallest of the values, all above zero, to the largest."""
    if not values:
        return []
    first, last = math.ceil(math.log10(min(values))), math.floor(math.log10(max(values)))
    return [10.0**power for power in range(first, last + 1)]


def _round_up(values: Sequence[float]) -> tuple[float, float]:
    low, high = min([*values, 0.0]), max([*values, 1e-9])
    return low, high + 0.08 * (high - low)


def _apart(spots: Sequence[float]) -> list[float]:
    """Places of the names, in pixels from the bottom, moved so that none covers another."""
    order = np.argsort(spots, kind="stable")
    places = np.array(spots, dtype=np.float64)
    for _ in range(200):
        for a, b in pairwise(order):
            lacking = _LINE - (places[b] - places[a])
            if lacking > 1e-6:
                places[a] -= lacking / 2
                places[b] += lacking / 2
    return [float(place) for place in places]
