"""What can be taken away from the page Compare: the ranking, the pictures, and the aligned vectors."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from embedlab import formats
from embedlab.agreement import Agreement, Around, OnePlane
from embedlab.charts import agreement as pictures
from embedlab.charts import export
from embedlab.charts.theme import Theme
from embedlab.ui import compare_view
from embedlab.ui.compare_pair import Pair
from embedlab.ui.widgets import File


def overlaps_csv(every: Agreement) -> str:
    """One row for each compared word, the least alike first."""
    rows = [(every.words[i], f"{every.overlaps[i]:.6g}", i + 1) for i in every.ranked()]
    return formats.to_csv(("word", f"overlap_of_{every.k}_neighbors", "place_by_frequency"), rows)


def files(found: Pair, every: Agreement, word: Around, drawn: OnePlane | None, theme: Theme) -> Iterator[File]:
    """Each made when it is asked for."""
    yield File("Agreement of all words (CSV)", "agreement.csv", "text/csv", lambda: overlaps_csv(every))
    for kind, mime, make in (("PNG", "image/png", export.to_png), ("SVG", "image/svg+xml", export.to_svg)):
        name = f"agreement.{kind.lower()}"
        yield File(f"Histogram ({kind})", name, mime, partial(_histogram, every, theme, make))
        if drawn is not None:
            draw = partial(_plane, found, word, drawn, theme, make)
            yield File(f"Both in one plane ({kind})", f"aligned.{kind.lower()}", mime, draw)
    alignment, second = found.turned
    for which, vectors in (("first", alignment.vectors), ("second", second)):
        yield File(
            f"Aligned, {which} space (npz)",
            f"aligned-{which}.npz",
            "application/zip",
            partial(formats.as_bytes, vectors, format="npz"),
            "The shared words, rows of length 1; both files have the same words and the same directions.",
        )


Make = Callable[[Any, Theme], bytes]


def _histogram(every: Agreement, theme: Theme, make: Make) -> bytes:
    counts, edges = every.histogram()
    chart = pictures.overlap_histogram(
        counts.tolist(), edges.tolist(), theme, mean=every.mean, chance=every.chance, width=640
    )
    return make(chart, theme)


def _plane(found: Pair, word: Around, drawn: OnePlane, theme: Theme, make: Make) -> bytes:
    return make(compare_view.plane_chart(found, word, drawn, theme).properties(width=760), theme)
