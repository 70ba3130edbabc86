"""Charts of the page Vectors: the first rows as colored cells, and the histogram of the norms."""

import json
from collections.abc import Sequence

import altair as alt
import numpy as np

from embedlab.arrays import Reals
from embedlab.charts.heatmaps import DIVERGING
from embedlab.charts.templates import ROWS, Spec, fill, stored, template
from embedlab.charts.theme import Theme

_ROW = 28  # px, the title below shared among them
_LABEL = 80  # px; longer words are cut
_STRONG = 98  # percent of the numbers have weaker colors than the strongest; a few large ones must not pale the others
_HEIGHT = 220


def first_rows(words: Sequence[str], values: Reals, theme: Theme) -> Spec:
    """Blue above zero, orange below, as wide as the page allows.

    Args:
        words: R labels.
        values: (R, C) their numbers.
    """
    limit = float(np.percentile(np.abs(values), _STRONG)) or 1.0
    rows = [
        {"row": i, "number": j + 1, "value": float(f"{number:.4g}"), "word": word}
        for i, word in enumerate(words)
        for j, number in enumerate(values[i].tolist())
    ]
    labels, title = f"{json.dumps(list(words))}[datum.value]", f"the first {values.shape[1]} numbers of each vector"
    spec = fill(_rows_template(theme), rows=rows, low=-limit, high=limit, labels=labels, title=title)
    return spec | {"height": _ROW * len(words)}


@stored
def _rows_template(theme: Theme) -> Spec:
    names = alt.Axis(
        labelExpr="@labels", labelLimit=_LABEL, labelColor=theme.ink, labelFontSize=12,
        labelOverlap=False, ticks=False, domain=False,
    )  # fmt: skip
    across = alt.Axis(labels=False, ticks=False, domain=False)
    colors = alt.Scale(domain=["@low", 0, "@high"], range=list(DIVERGING[theme.name]), clamp=True, interpolate="rgb")
    cells = (
        alt.Chart(ROWS)
        .mark_rect()
        .encode(
            x=alt.X("number:O", title="@title", axis=across),
            y=alt.Y("row:O", title=None, axis=names),
            color=alt.Color("value:Q", scale=colors, legend=None),
            tooltip=[alt.Tooltip("word:N"), alt.Tooltip("number:O"), alt.Tooltip("value:Q", format="+.3f")],
        )
    )
    return template([cells], width="container")


def lengths_histogram(counts: Sequence[int], edges: Sequence[float], theme: Theme) -> Spec:
    """Words by the length of their vectors.

    Args:
        counts: of each of B bins.
        edges: (B + 1) ascending; all equal where every vector has the same length, which gives one bar.
    """
    if edges[0] == edges[-1]:
        counts, edges = [sum(counts)], [edges[0] - 0.02, edges[0] + 0.02]
    rows = [
        {"from": float(low), "to": float(high), "words": int(count)}
        for count, low, high in zip(counts, edges[:-1], edges[1:], strict=True)
    ]
    one = len(rows) == 1
    margin = (edges[-1] - edges[0]) * (1.5 if one else 0.02)
    ends = [float(edges[0] - margin), float(edges[-1] + margin)]
    return fill(_norms_template(theme, one=one), rows=rows, ends=ends, only=[float(edges[0] + edges[1]) / 2])


@stored
def _norms_template(theme: Theme, *, one: bool) -> Spec:
    axis = alt.Axis(grid=False, values=["@only"], format=".3g") if one else alt.Axis(grid=False)
    scale = alt.Scale(domain=["@ends"], nice=False, zero=False)
    bars = (
        alt.Chart(ROWS)
        .mark_bar(color=theme.accent, stroke=theme.paper, strokeWidth=1)
        .encode(
            x=alt.X("from:Q", bin="binned", title="length of the vector", scale=scale, axis=axis),
            x2="to:Q",
            y=alt.Y("words:Q", title="words", axis=alt.Axis(format="~s", tickCount=4, tickMinStep=1)),
            tooltip=[
                alt.Tooltip("from:Q", format=".3g"),
                alt.Tooltip("to:Q", format=".3g"),
                alt.Tooltip("words:Q", format=","),
            ],
        )
    )
    return template([bars], height=_HEIGHT, width="container")
