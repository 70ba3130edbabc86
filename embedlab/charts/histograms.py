"""How often numbers of each size occur."""

from collections.abc import Sequence

import altair as alt

from embedlab.charts.theme import Theme

_HEIGHT = 220


def lengths_histogram(counts: Sequence[int], edges: Sequence[float], theme: Theme) -> alt.LayerChart:
    """N vectors by length, as bars with their counts on top.

    Args:
        counts: of each of B bins.
        edges: (B + 1) ascending; all equal where every vector has the same length.
    """
    if edges[0] == edges[-1]:  # one bar, as wide as the picture's middle
        counts, edges = [sum(counts)], [edges[0] * 0.99 - 0.005, edges[0] * 1.01 + 0.005]
    rows = [
        {"from": float(low), "to": float(high), "words": int(count)}
        for count, low, high in zip(counts, edges[:-1], edges[1:], strict=True)
    ]
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X("from:Q", bin="binned", title="length of the vector", scale=alt.Scale(zero=False, nice=False)),
        x2="to:Q",
        y=alt.Y("words:Q", title="words", scale=alt.Scale(nice=False, padding=14), axis=alt.Axis(format="~s")),
        tooltip=[
            alt.Tooltip("from:Q", title="from", format=".3g"),
            alt.Tooltip("to:Q", title="to", format=".3g"),
            alt.Tooltip("words:Q", title="words", format=","),
        ],
    )
    bars = base.mark_bar(color=theme.accent, stroke=theme.paper, strokeWidth=1)
    few = len(rows) <= 1
    labels = base.mark_text(dy=-6, fontSize=11, color=theme.ink, opacity=1 if few else 0).encode(
        x=alt.X("middle:Q"), text=alt.Text("words:Q", format=",")
    ).transform_calculate(middle="(datum.from + datum.to) / 2")
    return alt.layer(bars, labels).properties(height=_HEIGHT, width="container") if few else alt.layer(bars).properties(
        height=_HEIGHT, width="container"
    )
