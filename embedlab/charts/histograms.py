"""How often numbers of each size occur."""

from collections.abc import Sequence

import altair as alt

from embedlab.charts.inline import layered
from embedlab.charts.theme import Theme

_HEIGHT = 220


def lengths_histogram(counts: Sequence[int], edges: Sequence[float], theme: Theme) -> alt.LayerChart | alt.FacetChart:
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
    axis = alt.Axis(grid=False, values=[(edges[0] + edges[1]) / 2], format=".3g") if one else alt.Axis(grid=False)
    scale = alt.Scale(domain=[edges[0] - margin, edges[-1] + margin], nice=False, zero=False)
    bars = (
        alt.Chart(alt.Data(values=rows))
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
    return layered([bars]).properties(height=_HEIGHT, width="container")
