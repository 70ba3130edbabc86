"""What can be taken away from the page Neighbors: its numbers and its map."""

from collections.abc import Iterator

from embedlab.charts.theme import Theme
from embedlab.ui.neighbors import charts
from embedlab.ui.neighbors.results import Found, records, slider, story
from embedlab.ui.widgets import File, pictures, web_page
from embedlab.vectors.word_vectors import WordVectors


def files(found: Found, theme: Theme) -> Iterator[File]:
    """Each made when it is asked for: what makes them is imported then, too."""
    hood = found.hood
    name = "neighbors-" + "-".join("".join(c for c in word if c.isalnum())[:20] or "word" for word in hood.asked)

    def table() -> str:
        from embedlab.ui.spreadsheets import records_to_csv

        return records_to_csv(records(found))

    def projector() -> bytes:
        from embedlab.formats import as_bytes

        return as_bytes(WordVectors(hood.words, hood.matrix, source=hood.source), format="projector-tsv")

    yield File("Words (CSV)", f"{name}.csv", "text/csv", table)
    yield from pictures(
        lambda: charts.neighborhood_map(hood, found.map, found.groups, theme, width=900), "Map", name, theme
    )
    yield web_page(
        lambda theme: charts.neighborhood_map(hood, found.map, found.groups, theme, snapshots=found.way),
        "Movie of the map" if found.way else "Map",
        name,
        title=f"Words near {', '.join(hood.asked)}",
        sentence=lambda: story(found),
        slider=slider(found) if found.way else None,
    )
    yield File(
        "Embedding Projector (TSV)",
        f"{name}-projector.zip",
        "application/zip",
        projector,
        "Vectors and words as projector.tensorflow.org loads them.",
    )
