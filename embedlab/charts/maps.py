"""Word maps: words on a plane, each with its name where there is room for it.

The plot is as wide as its place on the page. Python places labels for a few widths (`charts.plane`) and the browser
takes the widest of these that fits, so that a map stays legible on a phone and shows more names on a large screen.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np

from embedlab.arrays import Reals
from embedlab.charts import plane as planes
from embedlab.charts.layers import Chart, layered, written
from embedlab.charts.plane import Plane
from embedlab.charts.theme import SHAPES, Theme

PICK, PICK_POINT = "pick", "pick_point"  # names of the selections: a click on a name, a click on a point
ITERATION = "iteration"  # name of the slider
HEIGHT = 520
_ROWS = "words"  # name of the rows that the layers share
_MARGIN, _AXES_MARGIN = (44.0, 18.0), (60.0, 46.0)  # px
_X, _TX = (alt.X(f"{place}:Q", scale=None, axis=None) for place in ("px", "tx"))
_Y, _TY = (alt.Y(f"{place}:Q", scale=None, axis=None) for place in ("py", "ty"))


@dataclass(frozen=True)
class Axes:
    """What the ends of a map's axes are called; an axis whose ends are empty has no name."""

    across: tuple[str, str] = ("", "")  # left, right
    up: tuple[str, str] = ("", "")  # bottom, top


def word_map(
    words: Sequence[str],
    coordinates: Reals,
    theme: Theme,
    *,
    groups: Sequence[str] = (),
    marked: Collection[str] = (),
    links: Sequence[tuple[int, int]] = (),
    title: str = "",
    subtitle: str = "",
    axes: Axes | None = None,
    frames: Sequence[Reals] = (),
    last: int = 0,
    clickable: bool = False,
    width: int | str = "container",
    height: int = HEIGHT,
) -> Chart:
    """A map of N words.

    Args:
        words: distinct, the most important first: they get their labels first.
        coordinates: (N, 2) finite.
        groups: N names; colour and shape follow them, in the order of their first appearance. One group where empty.
        marked: words drawn large and bold, such as what was asked for.
        links: pairs of row numbers to join with a line.
        title, subtitle: above the map.
        axes: ends of the axes, which then fill the plot each by itself and show where zero is.
        frames: (N, 2) maps on the way to this one, evenly spaced, the last of which is `coordinates`; a slider
            (`ITERATION`, for `ui.player`) goes through them.
        last: the iteration of the last one; the first is 0.
        clickable: a click selects a word (`PICK` or `PICK_POINT`, field "word"); for `on_select="rerun"`.
        width: px, or "container" for the place on the page.
    """
    coordinates = np.asarray(coordinates, dtype=np.float64)
    margin = _AXES_MARGIN if axes else _MARGIN
    plane = Plane.around(coordinates, height, margin=margin, stretched=axes is not None)
    rows = planes.map_rows(words, coordinates, plane, groups=groups or [""] * len(words), marked=marked, frames=frames)
    way = _share_of_way(len(frames), last)
    leaders = _leaders(_placed(written(rows, _ROWS), plane, way), theme)
    base = _placed(alt.NamedData(_ROWS), plane, way)
    points, names = _points(base, list(dict.fromkeys(groups)), theme), _names(base, theme)
    if clickable:
        points, names[1] = points.add_params(_click(PICK_POINT)), names[1].add_params(_click(PICK))
    layers = [
        *(_cross(axes, plane, theme) if axes else []),
        *([_links(links, coordinates, plane, theme)] if links else []),
        leaders,
        points,
        *names,
    ]
    # The height is that of the plot, with title and legend outside; Streamlit's own choice would count them in.
    fit = alt.AutoSizeParams(type="fit-x" if width == "container" else "pad", contains="padding")
    chart = layered(layers).properties(width=width, height=height, autosize=fit)
    if len(frames) > 1:
        slider = alt.binding_range(min=0, max=last, step=max(1, last // 150), name=f"{ITERATION} ")
        chart = chart.add_params(alt.param(name=ITERATION, value=last, bind=slider))
    if not title:
        return chart
    look: dict[str, Any] = {"fontSize": 14, "subtitleFontSize": 12.5, "subtitleColor": theme.muted, "color": theme.ink}
    return chart.properties(title=alt.Title(title, subtitle=subtitle, anchor="start", offset=8, **look))


def _placed(rows: alt.InlineData | alt.NamedData, plane: Plane, way: str) -> alt.Chart:
    """Rows of `planes.map_rows` with px places for the width that the plot has.

    Args:
        way: the Vega expression of how many frames have passed; empty where there are none.
    """
    chart = alt.Chart(rows).transform_calculate(tier=planes.tier())
    if way:
        chart = chart.transform_calculate(i=f"floor({way})", j=f"ceil({way})", part=f"{way} - floor({way})")
        places = {s: f"datum.{s}s[datum.i] * (1 - datum.part) + datum.{s}s[datum.j] * datum.part" for s in "uv"}
        chart = chart.transform_calculate(**places)
    return chart.transform_calculate(
        px=plane.across("datum.u"),
        py=plane.up("datum.v"),
        tx=plane.across("(datum.u + datum.lu[datum.tier])"),
        ty=plane.up("(datum.v + datum.lv[datum.tier])"),
        labelled="datum.shown[datum.tier]",
        apart="datum.far[datum.tier]",  # another name, or a change of width would read its own result
    )


def _share_of_way(frames: int, last: int) -> str:
    return f"{ITERATION} / {last} * {frames - 1}" if frames > 1 else ""


def _points(base: alt.Chart, groups: list[str], theme: Theme) -> alt.Chart:
    size = alt.condition(alt.datum.marked, alt.value(200), alt.value(64))
    mark: alt.Chart = base.mark_point(filled=True, opacity=0.92, stroke=theme.paper, strokeWidth=1, cursor="pointer")
    if not groups:
        return mark.encode(x=_X, y=_Y, size=size, color=alt.value(theme.accent), tooltip="word:N")
    symbols: dict[str, Any] = {"symbolSize": 90, "symbolOpacity": 1, "symbolStrokeWidth": 0}
    columns = alt.expr(f"width < {planes.WIDTHS[1]} ? 2 : 3")
    legend = alt.Legend(orient="bottom", title=None, labelFontSize=12, labelLimit=200, columns=columns, **symbols)
    colors = [theme.palette[i % len(theme.palette)] for i in range(len(groups))]
    shapes = [SHAPES[(i + i // len(SHAPES)) % len(SHAPES)] for i in range(len(groups))]
    return mark.encode(
        x=_X,
        y=_Y,
        size=size,
        color=alt.Color("group:N", legend=legend).scale(domain=groups, range=colors),
        shape=alt.Shape("group:N", legend=legend).scale(domain=groups, range=shapes),
        tooltip=["word:N", "group:N"],
    )


def _names(base: alt.Chart, theme: Theme) -> list[alt.Chart]:
    """Halo and ink; clicks go to the ink."""
    size = alt.condition(alt.datum.marked, alt.value(planes.MARKED_FONT), alt.value(planes.FONT))
    text = base.transform_filter("datum.labelled").encode(x=_TX, y=_TY, text="word:N", size=size)
    weight = alt.expr("datum.marked ? 700 : 400")
    halo = text.mark_text(fontWeight=weight, stroke=theme.paper, strokeWidth=3.5, strokeJoin="round", aria=False)
    return [halo, text.mark_text(fontWeight=weight, color=theme.ink, cursor="pointer")]


def _leaders(base: alt.Chart, theme: Theme) -> alt.Chart:
    """Lines from points to labels that are some way off."""
    lines = base.transform_filter("datum.labelled && datum.apart")
    rules: alt.Chart = lines.mark_rule(color=theme.muted, strokeWidth=0.8, opacity=0.7, aria=False)
    return rules.encode(x=_X, y=_Y, x2="tx:Q", y2="ty:Q")


def _links(links: Sequence[tuple[int, int]], coordinates: Reals, plane: Plane, theme: Theme) -> alt.Chart:
    ends = plane.centered(coordinates).round(4).tolist()
    rows = [dict(zip(("u", "v", "u2", "v2"), [*ends[a], *ends[b]], strict=True)) for a, b in links]
    places = {name: plane.across(f"datum.{end}") for name, end in (("px", "u"), ("px2", "u2"))}
    places |= {name: plane.up(f"datum.{end}") for name, end in (("py", "v"), ("py2", "v2"))}
    lines = alt.Chart(alt.Data(values=rows)).transform_calculate(**places)
    rules: alt.Chart = lines.mark_rule(color=theme.accent, strokeWidth=1.4, opacity=0.35, aria=False)
    return rules.encode(x=_X, y=_Y, x2="px2:Q", y2="py2:Q")


def _cross(axes: Axes, plane: Plane, theme: Theme) -> list[alt.Chart]:
    """Lines where the axes are zero, if that is in the plot, and names at their ends."""
    zero = plane.centered(np.zeros(2))
    line: dict[str, Any] = {"color": theme.muted, "strokeDash": [4, 4], "opacity": 0.7, "aria": False}
    one = alt.Chart(alt.Data(values=[{}]))
    layers = []
    if abs(zero[0]) < 0.5:
        at = alt.value(alt.expr(plane.across(f"{zero[0]:.4f}")))
        layers.append(one.mark_rule(**line).encode(x=at, y=alt.value(0), y2=alt.value(plane.height)))
    if abs(zero[1]) < 0.5:
        at = alt.value(alt.expr(plane.up(f"({zero[1]:.4f})")))
        layers.append(one.mark_rule(**line).encode(y=at, x=alt.value(0), x2=alt.value("width")))
    (left, right), (bottom, top) = axes.across, axes.up
    right_end = alt.value(alt.expr("width"))
    for text, x, y, align in (
        (left and f"← {left}", alt.value(0), plane.height - 8, "left"),
        (right and f"{right} →", right_end, plane.height - 8, "right"),
        (top and f"↑ {top}", alt.value(0), 10, "left"),
        (bottom and f"↓ {bottom}", alt.value(0), plane.height - 28, "left"),
    ):
        if text:
            look: dict[str, Any] = {
                "align": align,
                "fontSize": 14,
                "fontWeight": 700,
                "color": theme.second,
                "limit": 260,
            }
            layers.append(one.mark_text(**look, text=text).encode(x=x, y=alt.value(y)))
    return layers


def _click(name: str) -> alt.Parameter:
    return alt.selection_point(name=name, fields=["word"], on="click", clear=False)
