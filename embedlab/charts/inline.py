"""Layers that keep their rows."""

from collections.abc import Sequence

import altair as alt


def layered(layers: Sequence[alt.Chart]) -> alt.LayerChart | alt.FacetChart:
    """The layers, and one with nothing in it, so that Altair does not lift rows they share to the whole chart.

    Streamlit sends rows that belong to a whole chart through pandas and pyarrow, 80 MB and most of a second before the
    first answer of a fresh process; the rows of a layer travel as they are.
    """
    return alt.layer(*layers, alt.Chart(alt.Data(values=[])).mark_point())
