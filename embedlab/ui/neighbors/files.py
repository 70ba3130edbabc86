"""What can be taken away from the page Neighbors: its numbers and its map."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from embedlab.charts.theme import Theme
from embedlab.ui.neighbors.results import Drawn, chart
from embedlab.ui.widgets import File
from embedlab.vectors.word_vectors import WordVectors


def records(drawn: Drawn) -> list[dict[str, Any]]:
    """One row for each word of the map: its group, similarities, and both coordinates."""
    hood = drawn.hood
    rows = []
    for i, word in enumerate(hood.words):
        similarities = {f"similarity to {asked}": _short(hood.similarities[i, n]) for n, asked in enumerate(hood.asked)}
        x, y = (_short(number) for number in drawn.map.coordinates[i])
        rows.append({"word": word, "group": drawn.groups[i], **similarities, "x": x, "y": y})
    return rows


def _short(number: float) -> float:
    """Seven digits, which is what float32 holds."""
    return float(f"{number:.7g}")


def files(drawn: Drawn, theme: Theme) -> Iterator[File]:
    """Each made when it is asked for: what makes them is imported then, too."""
    hood = drawn.hood
    name = "neighbors-" + "-".join("".join(c for c in word if c.isalnum())[:20] or "word" for word in hood.asked)

    def table() -> str:
        from embedlab.ui.spreadsheets import records_to_csv

        return records_to_csv(records(drawn))

    def projector() -> bytes:
        from embedlab.formats import as_bytes

        return as_bytes(WordVectors(hood.words, hood.matrix, source=hood.source), format="projector-tsv")

    yield File("Words (CSV)", f"{name}.csv", "text/csv", table)
    for kind, mime in (("PNG", "image/png"), ("SVG", "image/svg+xml"), ("HTML", "text/html")):
        yield File(f"Map ({kind})", f"{name}.{kind.lower()}", mime, partial(_map, drawn, theme, kind))
    yield File(
        "Embedding Projector (TSV)",
        f"{name}-projector.zip",
        "application/zip",
        projector,
        "Vectors and words as projector.tensorflow.org loads them.",
    )


def _map(drawn: Drawn, theme: Theme, kind: str) -> bytes:
    from embedlab.charts import export

    picture = chart(drawn, theme, width=900)
    if kind == "HTML":
        return export.to_html(picture, theme, title=f"Words near {', '.join(drawn.hood.asked)}")
    return export.to_png(picture, theme) if kind == "PNG" else export.to_svg(picture, theme)
