"""Rows that travel inside a chart as they are."""

import json
from collections.abc import Sequence
from typing import Any, TypeAlias

import altair as alt

Chart: TypeAlias = alt.LayerChart | alt.FacetChart  # what Altair says that layers with properties are


def layered(layers: Sequence[alt.Chart]) -> Chart:
    """The layers, and one with nothing in it, so that Altair does not lift rows they share to the whole chart.

    Streamlit sends rows that belong to a whole chart through pandas and pyarrow, 80 MB and most of a second before the
    first answer of a fresh process; the rows of a layer travel as they are.
    """
    return alt.layer(*layers, alt.Chart(alt.Data(values=[])).mark_point())


def written(rows: Sequence[dict[str, Any]], name: str) -> alt.InlineData:
    """Many rows as one text, for a layer; the layers after it take them by ``alt.NamedData(name)``.

    Altair copies and checks every number of a list several times over, which for a map with its iterations takes ten
    times as long as all the rest.
    """
    text = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    return alt.InlineData(values=text, format=alt.JsonDataFormat(type="json"), name=name)
