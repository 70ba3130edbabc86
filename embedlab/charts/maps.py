"""Word maps: words on a plane, each with its name where there is room for it.

The plot is as wide as its place on the page. Python places labels for a few widths (`charts.plane`) and the browser
takes the widest of these that fits, so that a map stays legible on a phone and shows more names on a large screen.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import altair as alt
import numpy as np

from embedlab.arrays import Doubles, Reals
from embedlab.charts import picks
from embedlab.charts import plane as planes
from embedlab.charts.plane import Plane, across, up
from embedlab.charts.templates import ROWS, Spec, fill, stored, template
from embedlab.charts.theme import SHAPES, Theme

FRAME = "frame"  # name of the slider
HEIGHT = 520
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
    title: str | Sequence[str] = "",
    subtitle: str | Sequence[str] = "",
    axes: Axes | None = None,
    frames: Sequence[Reals] = (),
    true: bool = False,
    clickable: bool = False,
    width: int | str = "container",
    height: int = HEIGHT,
) -> Spec:
    """A map of N words.

    Args:
        words: distinct, the most important first: they get their labels first.
        coordinates: (N, 2) finite.
        groups: N names; color and shape follow them, in the order of their first appearance. One group where empty.
        marked: words drawn large and bold, such as what was asked for.
        links: pairs of row numbers to join with a line.
        title, subtitle: above the map; with frames, one for each.
        axes: ends of the axes, which then fill the plot each by itself and show where zero is.
        frames: (N, 2) maps on the way to this one, the last of which is `coordinates`; a slider (`FRAME`, for
            `ui.player`) goes through them.
        true: a unit is as long on both axes whatever the width, with `axes`, too.
        clickable: a click on a name or a point picks its word (`picks.PICK`, `picks.PICK_POINT`).
        width: px, or "container" for the place on the page.
    """
    coordinates = np.asarray(coordinates, dtype=np.float64)
    margin = _AXES_MARGIN if axes else _MARGIN
    plane = Plane.around(coordinates, height, margin=margin, stretched=axes is not None and not true, true=true)
    rows = planes.map_rows(words, coordinates, plane, groups=groups or [""] * len(words), marked=marked, frames=frames)
    zero_x, zero_y = plane.centered(np.zeros(2)).tolist()
    (left, right), (bottom, top) = (axes or Axes()).across, (axes or Axes()).up
    look = _MapLook(
        theme,
        width,
        height,
        titled=bool(title),
        grouped=bool(groups),
        linked=bool(links),
        crossed=axes is not None,
        frames=len(frames),
        clickable=clickable,
    )
    names = list(dict.fromkeys(groups))
    return fill(
        _template(look),
        rows=rows,
        links=_link_rows(links, plane.centered(coordinates)),
        groups=names,
        colors=[theme.palette[i % len(theme.palette)] for i in range(len(names))],
        shapes=[SHAPES[(i + i // len(SHAPES)) % len(SHAPES)] for i in range(len(names))],
        zero_x=zero_x,
        zero_y=zero_y,
        upright=[{}] * (abs(zero_x) < 0.5),
        level=[{}] * (abs(zero_y) < 0.5),
        left=left and f"← {left}",
        right=right and f"{right} →",
        top=top and f"↑ {top}",
        bottom=bottom and f"↓ {bottom}",
        title=_by_frame(title),
        subtitle=_by_frame(subtitle),
        **plane.lengths(),
    )


class _MapLook(NamedTuple):
    """All that a map's template depends on."""

    theme: Theme
    width: int | str
    height: int
    titled: bool
    grouped: bool
    linked: bool
    crossed: bool
    frames: int
    clickable: bool


def _by_frame(text: str | Sequence[str]) -> str | dict[str, str]:
    """A text, or the one that belongs to the frame shown."""
    return text if isinstance(text, str) else {"expr": f"{json.dumps(list(text))}[{FRAME}]"}


@stored
def _template(look: _MapLook) -> Spec:
    theme = look.theme
    base = _placed(moving=look.frames > 1)
    points, (halo, ink) = _points(base, theme, grouped=look.grouped), _names(base, theme)
    if look.clickable:
        points, ink = picks.clickable(points, picks.PICK_POINT), picks.clickable(ink)
    layers = [
        *(_cross(look.height, theme) if look.crossed else []),
        *([_links(theme)] if look.linked else []),
        _leaders(base, theme),
        halo,  # below the points: no label of a movie hides one that it passes
        points,
        ink,
    ]
    params = [*planes.LENGTHS]
    if look.frames > 1:
        slider = alt.binding_range(min=0, max=look.frames - 1, step=1, name=f"{FRAME} ")
        params.append(alt.param(name=FRAME, value=look.frames - 1, bind=slider))
    # The height is that of the plot, with title and legend outside; Streamlit's own choice would count them in.
    fit = alt.AutoSizeParams(type="fit-x" if look.width == "container" else "pad", contains="padding")
    properties: dict[str, Any] = {"width": look.width, "height": look.height, "autosize": fit}
    if look.titled:
        font: dict[str, Any] = {"fontSize": 14, "subtitleFontSize": 12.5, "subtitleColor": theme.muted}
        title = alt.Title("@title", subtitle="@subtitle", anchor="start", offset=8, color=theme.ink, **font)
        properties["title"] = title
    return template(layers, params, ("zero_x", "zero_y") if look.crossed else (), **properties)


def _placed(*, moving: bool) -> alt.Chart:
    """Rows of `planes.map_rows` with px places for the width that the plot has, in the frame shown where it moves."""
    chart = alt.Chart(ROWS)
    if moving:  # texts become lists once, places at every move of the slider
        chart = chart.transform_calculate(us="split(datum.us, ' ')", vs="split(datum.vs, ' ')")
    chart = chart.transform_calculate(tier=planes.tier())
    if moving:
        chart = chart.transform_calculate(**{s: f"toNumber(datum.{s}s[{FRAME}]) / {planes.FINE}" for s in "uv"})
        chart = chart.transform_calculate(spot=planes.spot(FRAME))
    at = "[datum.tier][datum.spot - 1]" if moving else "[datum.tier]"  # undefined for what is not seen
    return chart.transform_calculate(
        px=across("datum.u"),
        py=up("datum.v"),
        tx=f"clamp({across(f'(datum.u + datum.lu{at})')}, datum.half, width - datum.half)",
        ty=up(f"(datum.v + datum.lv{at})"),
        labelled="datum.spot > 0" if moving else "datum.shown[datum.tier]",
        apart=f"datum.far{at}",  # another name, or a change of width would read its own result
    )


def _points(base: alt.Chart, theme: Theme, *, grouped: bool) -> alt.Chart:
    size = alt.condition(alt.datum.marked, alt.value(200), alt.value(64))
    mark: alt.Chart = base.mark_point(filled=True, opacity=0.92, stroke=theme.paper, strokeWidth=1, cursor="pointer")
    if not grouped:
        return mark.encode(x=_X, y=_Y, size=size, color=alt.value(theme.accent), tooltip="word:N")
    symbols: dict[str, Any] = {"symbolSize": 90, "symbolOpacity": 1, "symbolStrokeWidth": 0}
    columns = alt.expr(f"width < {planes.WIDTHS[1]} ? 2 : 3")
    legend = alt.Legend(orient="bottom", title=None, labelFontSize=12, labelLimit=200, columns=columns, **symbols)
    return mark.encode(
        x=_X,
        y=_Y,
        size=size,
        color=alt.Color("group:N", legend=legend).scale(domain=["@groups"], range=["@colors"]),
        shape=alt.Shape("group:N", legend=legend).scale(domain=["@groups"], range=["@shapes"]),
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


def _link_rows(links: Sequence[tuple[int, int]], at: Doubles) -> list[dict[str, float]]:
    ends = at.round(4).tolist()
    return [dict(zip(("u", "v", "u2", "v2"), [*ends[a], *ends[b]], strict=True)) for a, b in links]


def _links(theme: Theme) -> alt.Chart:
    places = {"px": across("datum.u"), "px2": across("datum.u2"), "py": up("datum.v"), "py2": up("datum.v2")}
    lines = alt.Chart(alt.InlineData(values="@links")).transform_calculate(**places)
    rules: alt.Chart = lines.mark_rule(color=theme.accent, strokeWidth=1.4, opacity=0.35, aria=False)
    return rules.encode(x=_X, y=_Y, x2="px2:Q", y2="py2:Q")


def _cross(height: int, theme: Theme) -> list[alt.Chart]:
    """Lines where the axes are zero, if that is in the plot, and names at their ends."""
    line: dict[str, Any] = {"color": theme.muted, "strokeDash": [4, 4], "opacity": 0.7, "aria": False}
    upright, level = (alt.Chart(alt.InlineData(values=hole)).mark_rule(**line) for hole in ("@upright", "@level"))
    x, y = (alt.value(alt.expr(place)) for place in (across("zero_x"), up("zero_y")))
    layers = [
        upright.encode(x=x, y=alt.value(0), y2=alt.value(height)),
        level.encode(y=y, x=alt.value(0), x2=alt.value("width")),
    ]
    start, end = alt.value(0), alt.value(alt.expr("width"))
    for hole, at, px, align in (
        ("@left", start, height - 8, "left"),
        ("@right", end, height - 8, "right"),
        ("@top", start, 10, "left"),
        ("@bottom", start, height - 28, "left"),
    ):
        look: dict[str, Any] = {"align": align, "fontSize": 14, "fontWeight": 700, "limit": 260}
        mark = alt.Chart(alt.Data(values=[{}])).mark_text(**look, color=theme.second, text=hole)
        layers.append(mark.encode(x=at, y=alt.value(px)))
    return layers
