"""What can be taken away from the page Compare: the ranking, the pictures, and the aligned vectors."""

from collections.abc import Iterator
from functools import partial

from embedlab import formats
from embedlab.charts.theme import Theme
from embedlab.comparison.agreement import Agreement, Around
from embedlab.comparison.alignment import OnePlane
from embedlab.ui import widgets
from embedlab.ui.compare import results
from embedlab.ui.compare.pair import Pair
from embedlab.ui.spreadsheets import to_csv
from embedlab.ui.widgets import File


def overlaps_csv(every: Agreement) -> str:
    """One row for each compared word, the least alike first."""
    rows = [(every.words[i], f"{every.overlaps[i]:.6g}", i + 1) for i in every.ranked()]
    return to_csv(("word", f"overlap_of_{every.k}_neighbors", "place_by_frequency"), rows)


def files(found: Pair, every: Agreement, word: Around, drawn: OnePlane | None, theme: Theme) -> Iterator[File]:
    """Each made when it is asked for."""
    yield File("Agreement of all words (CSV)", "agreement.csv", "text/csv", lambda: overlaps_csv(every))
    histogram = partial(results.spread_chart, every, theme, 640)
    yield from widgets.pictures(histogram, "Histogram", "agreement", theme)
    if drawn is not None:
        plane = lambda: results.plane_chart(found, word, drawn, theme).properties(width=760)  # noqa: E731
        yield from widgets.pictures(plane, "Both in one plane", "aligned", theme)
    alignment, second = found.turned
    for which, vectors in (("first", alignment.vectors), ("second", second)):
        yield File(
            f"Aligned, {which} space (npz)",
            f"aligned-{which}.npz",
            "application/zip",
            partial(formats.as_bytes, vectors, format="npz"),
            "The shared words, rows of length 1; both files have the same words and the same directions.",
        )
