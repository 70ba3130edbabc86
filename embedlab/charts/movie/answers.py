"""Bars of a model's answers for one word at the slider's step, beside a movie."""

import json
from collections.abc import Sequence

import altair as alt

from embedlab.charts.movie.film import group_colors
from embedlab.charts.templates import Layers
from embedlab.charts.theme import Theme

_NAMES = 62  # pixels of a group's name, which the bars leave free: the movie would be pushed together otherwise
_CURVES = 38  # of them, that the other panels have for their axes, too


def answer_bars(groups: Sequence[str], *, theme: Theme, size: tuple[int, int]) -> Layers:
    """The shares of all groups for the word that was clicked in the first map; the right group is ticked.

    Args:
        groups: G names in the order of the palette; the shares are in the dataset "film0".
        size: width and height in pixels.
    """
    names, width, height = list(groups), size[0] + _CURVES - _NAMES, max(size[1], 13 * len(groups))
    rows = (
        alt.Chart(alt.NamedData("film0"))
        .transform_filter({"param": "pick0"})
        .transform_calculate(shares="split(datum.shares, ' ')", name=json.dumps(names), place=f"sequence({len(names)})")
        .transform_flatten(["name", "place"])  # before what a frame changes: rows made anew pile up in the browser
        .transform_calculate(share=f"toNumber(datum.shares[frame0 * {len(names)} + datum.place]) / 100")
        .transform_calculate(said="format(datum.share, '.0%')")
    )
    y = alt.Y("name:N", title=None, sort=names).axis(
        domain=False,
        ticks=False,
        labelPadding=4,
        labelOverlap=False,
        labelFlush=False,
        labelFontSize=11 if len(names) < 8 else 10,
        labelLimit=_NAMES,
    )
    x = alt.X("share:Q", title=None).scale(domain=[0, 2.2]).axis(None)
    color = alt.Color("name:N", legend=None).scale(domain=names, range=list(group_colors(theme, len(names))))
    bars = rows.mark_bar(cornerRadius=2, height={"band": 0.72}).encode(x=x, y=y, color=color)
    said = rows.mark_text(align="left", dx=4, fontSize=11, color=theme.ink).encode(x=x, y=y, text="said:N")
    tick = rows.transform_filter("datum.name == datum.group").mark_text(align="right", fontSize=11, text="✓")
    tick = tick.encode(x=alt.value(width), y=y, color=alt.value(theme.ink))
    word = (
        rows.transform_filter(alt.datum.name == names[0])
        .mark_text(align="left", baseline="bottom", fontSize=12, color=theme.muted, limit=width + _NAMES)
        .transform_calculate(asked="'answer for “' + datum.word + '”'")
        .encode(x=alt.value(-_NAMES), y=alt.value(-6), text="asked:N")
    )
    return alt.layer(bars, said, tick, word).properties(width=width, height=height)
