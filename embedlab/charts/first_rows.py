"""The beginning of a set of vectors as coloured cells: a row for each word, a cell for each number."""

import json
from collections.abc import Sequence

import altair as alt
import numpy as np

from embedlab.charts.heatmaps import DIVERGING
from embedlab.charts.inline import layered, written
from embedlab.charts.theme import Theme

_ROW = 28  # px, the title below shared among them
_LABEL = 80  # px; longer words are cut
_STRONG = 98  # percent of the numbers have weaker colours than the strongest; a few large ones must not pale the others


def first_rows(words: Sequence[str], values: np.ndarray, theme: Theme) -> alt.LayerChart | alt.FacetChart:
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
    names = alt.Axis(
        labelExpr=f"{json.dumps(list(words))}[datum.value]", labelLimit=_LABEL, labelColor=theme.ink, labelFontSize=12,
        labelOverlap=False, ticks=False, domain=False,
    )  # fmt: skip
    across = alt.Axis(labels=False, ticks=False, domain=False)
    colours = alt.Scale(domain=[-limit, 0, limit], range=list(DIVERGING[theme.name]), clamp=True, interpolate="rgb")
    cells = (
        alt.Chart(written(rows, "first_rows"))
        .mark_rect()
        .encode(
            x=alt.X("number:O", title=f"the first {values.shape[1]} numbers of each vector", axis=across),
            y=alt.Y("row:O", title=None, axis=names),
            color=alt.Color("value:Q", scale=colours, legend=None),
            tooltip=[alt.Tooltip("word:N"), alt.Tooltip("number:O"), alt.Tooltip("value:Q", format="+.3f")],
        )
    )
    return layered([cells]).properties(height=_ROW * len(words), width="container")
