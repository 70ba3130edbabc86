"""An analogy's arithmetic as arrows: b - a drawn where it is, and again from c to the sum."""

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np

from embedlab.arrays import Doubles, Mask
from embedlab.charts import picks
from embedlab.charts import plane as planes
from embedlab.charts.labels import FAR_RINGS, GAP, WIDE_GAP, half_boxes, place_labels
from embedlab.charts.plane import LENGTHS, Plane, across, up
from embedlab.charts.templates import ROWS, Spec, fill, stored, template
from embedlab.charts.theme import Theme

HEIGHT = 430
KINDS = ("given", "the sum", "answers")
_SHAPES = ("circle", "diamond", "square")
_MARGIN = (64.0, 34.0)  # px around the points, for their labels
_GAP, _LEADER = 9.0, 11.0  # px from a point to its label, and from which on a line joins them
_BOLD = 1.1  # how much wider bold letters are
_LONGEST = 36  # letters of a label; the tooltip has the whole
_SUM = 3  # among the names, after the three words that are given
_HEAD = 9.0  # px from an arrow's end back to the middle of its head


def analogy_arrows(
    names: Sequence[str],
    coordinates: Doubles,
    off: Doubles,
    theme: Theme,
    *,
    clickable: bool = False,
    width: int | str = "container",
    height: int = HEIGHT,
) -> Spec:
    """The plane of an analogy.

    Args:
        names: a, b, c, the sum, and answers, best first.
        coordinates: (N, 2) of these in the plane of a, b, c.
        off: (N,) distances from that plane, written beside the answers.
        clickable: a click on a name or a point picks its word (`picks.PICK`, `picks.PICK_POINT`).
        width: px, or "container" for the place on the page.
    """
    coordinates = np.asarray(coordinates, dtype=np.float64)
    plane = Plane.around(coordinates, height, margin=_MARGIN, stretched=False)
    rows = _rows(names, coordinates, off, plane)
    at = plane.centered(coordinates)
    a, b, c, target = at[:4]
    sides = [_line(a, c, coordinates[[0, 2]]), _line(b, target, coordinates[[1, 3]])]
    arrows = [_line(a, b, coordinates[[0, 1]]), _line(c, target, coordinates[[2, 3]])]
    return fill(
        _template(theme, width, height, clickable=clickable), rows=rows, sides=sides, arrows=arrows, **plane.lengths()
    )


@stored
def _template(theme: Theme, width: int | str, height: int, *, clickable: bool) -> Spec:
    layers = [
        _rules("@sides").mark_rule(color=theme.muted, strokeDash=[4, 4], opacity=0.7, aria=False),
        _rules("@arrows").mark_rule(color=theme.second, strokeWidth=2.5, aria=False),
        picks.clickable(_points(theme), picks.PICK_POINT) if clickable else _points(theme),
        _heads("@arrows", theme),
        *_labels(theme, clickable=clickable),
    ]
    return template(layers, LENGTHS, width=width, height=height)


def _rows(names: Sequence[str], coordinates: Doubles, off: Doubles, plane: Plane) -> list[dict[str, Any]]:
    """One row for each point, with the place of its label for each of `planes.WIDTHS`."""
    short = [name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "…" for name in names]
    labels = [*short[:4], *(f"{name} ↕{far:.2f}" for name, far in zip(short[4:], off[4:], strict=True))]
    brief = [*labels[:5], *short[5:]]  # on a phone, where there is no room for all of the distances
    kinds = [KINDS[0]] * 3 + [KINDS[1]] + [KINDS[2]] * (len(names) - 4)
    rows: list[dict[str, Any]] = [
        {
            "name": name,
            "word": None if i == _SUM else name,
            "label": label,
            "brief": narrow,
            "kind": kind,
            "off": round(float(far), 4),
            "marked": i < 5,
        }
        | {"u": round(float(u), 4), "v": round(float(v), 4)}
        for i, (name, label, narrow, kind, far, (u, v)) in enumerate(
            zip(names, labels, brief, kinds, off, plane.centered(coordinates), strict=True)
        )
    ]
    fonts = np.array([planes.MARKED_FONT * _BOLD if row["marked"] else planes.FONT for row in rows])
    points = np.stack([plane.pixels(coordinates, width) for width in planes.WIDTHS])  # (T, N, 2)
    phone, wider = slice(1), slice(1, None)
    parts = [
        _label_places(said, points[plots], fonts, list(planes.WIDTHS)[plots], plane.height)
        for said, plots in ((brief, phone), (labels, wider))
    ]
    middles, half, shown = (np.concatenate([part[i] for part in parts]) for i in range(3))
    edges = np.clip(points, middles - half, middles + half)  # where a line from point to label ends
    apart = np.linalg.norm(points - edges, axis=2) > _LEADER
    shares = [
        np.stack([plane.shares(*plot) for plot in zip(places, planes.WIDTHS, strict=True)]).round(4).T.tolist()
        for places in (middles, edges)
    ]  # for each of both: across and up, of N points in T plots
    for row, lu, lv, eu, ev, drawn, far in zip(
        rows, *shares[0], *shares[1], shown.T.tolist(), apart.T.tolist(), strict=True
    ):
        row |= {"lu": lu, "lv": lv, "eu": eu, "ev": ev, "shown": drawn, "far": far}
    return rows


def _label_places(
    labels: Sequence[str], points: Doubles, fonts: Doubles, widths: Sequence[float], height: float
) -> tuple[Doubles, Doubles, Mask]:
    """Middles of the labels, half their sizes, and which are shown.

    a and c stand below, b and the sum above their points, the answers clear of all that is drawn.

    Args:
        points: (T, N, 2) px from the upper left corners of plots of these widths.
    """
    half = half_boxes(labels, fonts)
    corners = [_corners(plot, half[:4], width, height) for plot, width in zip(points, widths, strict=True)]
    gaps = np.where(np.arange(len(labels) - 4) == 0, WIDE_GAP, GAP)  # the best answer is drawn large
    # Points stand for what is not to be covered: the labels of the corners never, the arrows if it can be helped.
    along = np.linspace(0, 1, 48)[:, None]  # closer than a label is high, so that none lies between two of them
    arrows = [
        points[:, start, None] + along * (points[:, end] - points[:, start])[:, None]
        for start, end in ((0, 1), (2, 3), (0, 2), (1, 3))
    ]
    shares = np.linspace(-1, 1, 16)[:, None]
    edges = np.concatenate([shares * [1, 0] + [0, side] for side in (-1, 1)])  # upper and lower, of a box
    boxes = [np.array(corners)[:, i, None] + edges * half[i] for i in range(4)]
    named = np.concatenate([points[:, :4], *boxes], axis=1)
    obstacles = np.concatenate([named, *arrows], axis=1)
    middles, shown = place_labels(
        points[:, 4:],
        labels[4:],
        widths=widths,
        height=height,
        font=fonts[4:],
        gaps=gaps,
        obstacles=obstacles,
        guarded=len(labels) - 4 + named.shape[1],
        rings=FAR_RINGS,
    )
    inside = np.abs(middles[:, :, None] - points[:, None]) < half[4:, None]  # (T, N - 4, N, 2)
    over: Mask = np.any(np.all(inside, axis=3), axis=2)  # covers a point
    shown[:, 1:] &= ~over[:, 1:]  # the best answer keeps its name whatever it covers
    middles = np.concatenate([corners, middles], axis=1)
    return middles, np.broadcast_to(half, middles.shape), np.pad(shown, ((0, 0), (4, 0)), constant_values=True)


def _corners(points: Doubles, half: Doubles, width: float, height: float) -> Doubles:
    """(4, 2) px: middles of the labels of the three words and the sum, below, above, below, above their points."""
    toward = np.array([1.0, -1.0, 1.0, -1.0])[:, None] * [0, 1]
    corners: Doubles = np.clip(points[:4] + toward * (half + _GAP), half, [width, height] - half)
    for first, second in ((0, 2), (1, 3)):  # side by side where there is room, one above the other where there is none
        if abs(corners[first, 0] - corners[second, 0]) < half[first, 0] + half[second, 0] + _GAP:
            corners[second] += toward[second] * 2.2 * half[second]
    return corners


def _line(start: Doubles, end: Doubles, real: Doubles) -> dict[str, float]:
    """A line's ends in shares of the plot, and its direction as x, y of length 1 and as degrees from upright."""
    along = real[1] - real[0]
    length = float(np.linalg.norm(along))
    x, y = along / length if length else (0.0, 1.0)
    ends = {"u": start[0], "v": start[1], "u2": end[0], "v2": end[1]}
    rest = {"x": x, "y": y, "angle": np.degrees(np.arctan2(x, y))}
    return {name: round(float(value), 4) for name, value in (ends | rest).items()}


def _rules(lines: str) -> alt.Chart:
    chart = alt.Chart(alt.InlineData(values=lines)).transform_calculate(
        px=across("datum.u"), py=up("datum.v"), px2=across("datum.u2"), py2=up("datum.v2")
    )
    placed: alt.Chart = chart.encode(x=_px("px"), y=_py("py"), x2="px2:Q", y2="py2:Q")
    return placed


def _heads(arrows: str, theme: Theme) -> alt.Chart:
    chart = alt.Chart(alt.InlineData(values=arrows)).transform_calculate(
        hx=f"{across('datum.u2')} - {_HEAD:g} * datum.x", hy=f"{up('datum.v2')} + {_HEAD:g} * datum.y"
    )
    mark = chart.mark_point(shape="triangle", filled=True, size=150, color=theme.second, opacity=1, aria=False)
    placed: alt.Chart = mark.encode(x=_px("hx"), y=_py("hy"), angle=alt.Angle("angle:Q", scale=None))
    return placed


def _points(theme: Theme) -> alt.Chart:
    colors = [theme.accent, theme.second, theme.palette[2]]
    points = _placed().mark_point(filled=True, opacity=1, stroke=theme.paper, strokeWidth=1)
    placed: alt.Chart = points.encode(
        x=_px("px"),
        y=_py("py"),
        size=alt.condition(alt.datum.marked, alt.value(130), alt.value(60)),
        color=alt.Color("kind:N", legend=None).scale(domain=KINDS, range=colors),
        shape=alt.Shape("kind:N", legend=None).scale(domain=KINDS, range=_SHAPES),
        tooltip=[
            alt.Tooltip("name:N", title="word"),
            alt.Tooltip("kind:N", title="kind"),
            alt.Tooltip("off:Q", title="distance from the plane", format=".2f"),
        ],
    )
    return placed


def _labels(theme: Theme, *, clickable: bool) -> list[alt.Chart]:
    """Halo and ink, and a line to labels that stand apart from their point."""
    base = _placed().transform_filter("datum.labelled")
    size = alt.condition(alt.datum.marked, alt.value(planes.MARKED_FONT), alt.value(planes.FONT))
    text = base.encode(x=_px("tx"), y=_py("ty"), text="said:N", size=size)
    weight = alt.expr("datum.marked ? 700 : 400")
    lines = base.transform_filter("datum.apart").mark_rule(color=theme.muted, strokeWidth=0.8, opacity=0.7, aria=False)
    ink = text.mark_text(fontWeight=weight, color=theme.ink)
    return [
        lines.encode(x=_px("px"), y=_py("py"), x2="ex:Q", y2="ey:Q"),
        text.mark_text(fontWeight=weight, stroke=theme.paper, strokeWidth=3.5, strokeJoin="round", aria=False),
        picks.clickable(ink) if clickable else ink,
    ]


def _placed() -> alt.Chart:
    chart = alt.Chart(ROWS).transform_calculate(tier=planes.tier())
    return chart.transform_calculate(
        px=across("datum.u"),
        py=up("datum.v"),
        tx=across("datum.lu[datum.tier]"),
        ty=up("datum.lv[datum.tier]"),
        ex=across("datum.eu[datum.tier]"),
        ey=up("datum.ev[datum.tier]"),
        said="datum.tier ? datum.label : datum.brief",
        labelled="datum.shown[datum.tier]",
        apart="datum.far[datum.tier]",  # another name, or a change of width would read its own result
    )


def _px(field: str) -> alt.X:
    return alt.X(f"{field}:Q", scale=None, axis=None)


def _py(field: str) -> alt.Y:
    return alt.Y(f"{field}:Q", scale=None, axis=None)
