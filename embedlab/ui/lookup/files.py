"""What the page Lookup offers to download: table, gradient and vectors as CSV, and the table's picture."""

from collections.abc import Iterator
from functools import partial

from embedlab.charts import heatmaps
from embedlab.charts.templates import Spec
from embedlab.charts.theme import Theme
from embedlab.ui import widgets
from embedlab.ui.lookup.results import Found
from embedlab.ui.spreadsheets import records_to_csv


def files(found: Found, theme: Theme) -> Iterator[widgets.File]:
    """The table with its gradient, all vectors, and the table as PNG, SVG and HTML."""
    lookup, step = found.lookup, found.step

    def draw(theme: Theme) -> Spec:
        return heatmaps.matrix(lookup.table, lookup.row_labels, lookup.column_labels, theme)

    table, vectors = lambda: records_to_csv(lookup.records(step)), lambda: records_to_csv(lookup.vector_records())
    yield widgets.File("Table and gradient (CSV)", "table.csv", "text/csv", table)
    yield widgets.File("Vectors Y (CSV)", "vectors.csv", "text/csv", vectors)
    yield from widgets.pictures(partial(draw, theme), "Table", "table", theme)
    size, dimensions = lookup.table.shape
    said = f"Each of {size} words has a row of {dimensions} numbers; {len(lookup.ids.ravel())} rows were looked up."
    yield widgets.web_page(draw, "Table", "table", title="An embedding layer is a table", sentence=lambda: said)
