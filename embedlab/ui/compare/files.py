"""What can be taken away from the page Compare: the ranking, the pictures, and the aligned vectors."""

from collections.abc import Iterator
from functools import partial

from embedlab import formats
from embedlab.charts.theme import Theme
from embedlab.comparison.agreement import Agreement
from embedlab.ui import widgets
from embedlab.ui.compare import charts, results
from embedlab.ui.compare.results import Found
from embedlab.ui.spreadsheets import to_csv
from embedlab.ui.widgets import File


def overlaps_csv(every: Agreement) -> str:
    """One row for each compared word, the least alike first."""
    rows = [(every.words[i], float(every.overlaps[i]), every.k, int(i) + 1) for i in every.ranked()]
    return to_csv(("word", "overlap", "k", "rank by frequency"), rows)


def files(found: Found, theme: Theme) -> Iterator[File]:
    """Each made when it is asked for."""
    every = found.ranked
    yield File(
        f"Agreement of {len(every.words):,} words (CSV)", "agreement.csv", "text/csv", lambda: overlaps_csv(every)
    )
    histogram = partial(charts.spread_chart, every, theme, 640)
    yield from widgets.pictures(histogram, "Histogram", "agreement", theme)
    plane = results.plane(found)
    yield from widgets.pictures(
        lambda: charts.plane_chart(plane, found.word, theme) | {"width": 760},
        "Both in one plane",
        "aligned",
        theme,
    )
    alignment, second = found.pair.turned
    for which, vectors in (("first", alignment.vectors), ("second", second)):
        yield File(
            f"Aligned, {which} space (npz)",
            f"aligned-{which}.npz",
            "application/zip",
            partial(formats.as_bytes, vectors, format="npz"),
            "The shared words, rows of length 1; both files have the same words and the same directions.",
        )
