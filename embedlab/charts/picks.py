"""Picks: marks of a chart that can be clicked, each of which selects the word that it stands for."""

import altair as alt

# Names of the selections: a click on a name or its bar, on a point, on the name of a row or a column of a matrix.
PICK, PICK_POINT, PICK_ROW, PICK_COLUMN = "pick", "pick_point", "pick_row", "pick_column"


def clickable(layer: alt.Chart, name: str = PICK) -> alt.Chart:
    """A layer whose marks select the field "word" of their row when they are clicked; for `on_select` of a page."""
    picking: alt.Chart = layer.add_params(alt.selection_point(name=name, fields=["word"], on="click", clear=False))
    return picking
