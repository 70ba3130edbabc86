"""Bar charts of nearest words."""

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import altair as alt

from embedlab.charts import picks
from embedlab.charts.labels import text_width
from embedlab.charts.templates import ROWS, Spec, as_high_as, fill, stored, template
from embedlab.charts.theme import Theme

_ROW = 24  # px a bar
_FONT, _LONGEST = 13, 150  # px of the words, and of the room that they get at most


def neighbor_bars(
    words: Sequence[str],
    similarities: Sequence[float],
    theme: Theme,
    *,
    title: str = "cosine similarity",
    marked: Collection[str] = (),
    notes: Mapping[str, str] = MappingProxyType({}),
    hollow: Collection[str] = (),
    clickable: bool = False,
    width: int | str = "container",
) -> Spec:
    """N bars, nearest first: the word at the left, the number in the bar. The scale ends at 1, or at a larger score.

    Args:
        words: distinct.
        similarities: cosines in [-1, 1], or a score of another kind that `title` names.
        title: what the numbers are, for the tooltip.
        marked: words drawn bold and in the second color, such as the inputs of an analogy.
        notes: what the tooltip adds for some words.
        hollow: of these, the words whose bars are drawn as outlines.
        clickable: a click on a row picks its word (`picks.PICK`).
        width: px, or "container" for the place on the page.
    """
    rows = [
        {"word": word, "similarity": round(float(value), 4), "marked": word in marked}
        | ({"hollow": word in hollow, "note": notes.get(word, "–")} if notes else {})
        for word, value in zip(words, similarities, strict=True)
    ]
    room = min(max((text_width(word) for word in words), default=1) * _FONT + 14, _LONGEST)
    low, high = float(min([0.0, *similarities])), float(max([1.0, *similarities]))
    spec = fill(_template(theme, title, clickable, bool(notes), width), rows=rows, low=low, high=high, room=room)
    return spec | as_high_as(max(len(rows), 1), _ROW)


@stored
def _template(theme: Theme, title: str, clickable: bool, noted: bool, width: int | str) -> Spec:
    scale = alt.Scale(domain=["@low", "@high"], range=["@room", alt.expr("width")], nice=False)
    base = alt.Chart(ROWS).encode(
        y=alt.Y("word:N", sort=None, axis=None),
        tooltip=[
            alt.Tooltip("word:N"),
            alt.Tooltip("similarity:Q", title=title, format=".4f"),
            *([alt.Tooltip("note:N")] if noted else []),
        ],
    )
    bold = alt.condition(alt.datum.marked, alt.value(theme.second), alt.value(theme.accent))
    bars = base.mark_bar(cornerRadius=3, height={"band": 0.76})
    bars = bars.encode(x=alt.X("similarity:Q", scale=scale, axis=None), color=bold)
    if noted:
        bars = bars.encode(stroke=bold, fillOpacity=alt.condition(alt.datum.hollow, alt.value(0.12), alt.value(1)))
    # A number is drawn in its bar, or behind it where the bar is too short.
    inside, end = "datum.similarity > 0.25 * high", "max(datum.similarity, 0)"
    numbers = base.transform_calculate(end=end)
    numbers = numbers.encode(x=alt.X("end:Q", scale=scale, axis=None), text=alt.Text("similarity:Q", format=".2f"))
    within = numbers.transform_filter(inside)
    within = within.mark_text(align="right", dx=-6, fontSize=12, fontWeight=600)
    hollow = (
        alt.condition(alt.datum.hollow, alt.value(theme.ink), alt.value(theme.paper))
        if noted
        else alt.value(theme.paper)
    )
    within = within.encode(color=hollow)
    behind = numbers.transform_filter(f"!({inside})").mark_text(align="left", dx=5, fontSize=12, color=theme.ink)
    label: dict[str, Any] = {"align": "left", "fontSize": _FONT, "limit": alt.expr("room - 8"), "color": theme.ink}
    names = base.encode(x=alt.value(0), text="word:N")
    plain = names.transform_filter("!datum.marked").mark_text(**label)
    heavy = names.transform_filter("datum.marked").mark_text(**label, fontWeight=700)
    layers: list[alt.Chart] = [bars, within, behind, plain, heavy]
    if clickable:
        row = base.mark_bar(opacity=0, height={"band": 1.0}, cursor="pointer")
        layers.append(picks.clickable(row.encode(x=alt.value(0), x2=alt.value("width"))))
    return template(layers, numbers=("high", "room"), width=width)
