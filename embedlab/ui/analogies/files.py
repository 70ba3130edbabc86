"""What can be taken away from the page Analogies: both rankings, and the picture."""

from collections.abc import Iterator
from functools import partial

from embedlab.charts.templates import Spec
from embedlab.charts.theme import Theme
from embedlab.ui import widgets
from embedlab.ui.analogies import charts
from embedlab.ui.analogies.results import Found
from embedlab.ui.spreadsheets import to_csv
from embedlab.vectors.analogy import Analogy


def files(found: Found, theme: Theme) -> Iterator[widgets.File]:
    """Both rankings as CSV, the picture as PNG, SVG and stand-alone HTML; each made when it is asked for."""
    solved = found.analogy
    yield widgets.File("Rankings (CSV)", "analogy.csv", "text/csv", lambda: _rankings(solved))

    def draw(theme: Theme) -> Spec:
        return charts.analogy_arrows(solved.drawn, solved.coordinates, solved.off, theme, width=640)

    yield from widgets.pictures(partial(draw, theme), "Picture", "analogy", theme)
    best, top = solved.left_out[0], solved.left_in[0]
    said = f"{solved.sum_name} gives {best.word} ({best.similarity:.2f}) when the three words are left out, "
    said += f"{top.word} ({top.similarity:.2f}) when they are left in."
    title = f"{solved.a} is to {solved.b} as {solved.c} is to …"
    yield widgets.web_page(draw, "Picture", "analogy", title=title, sentence=lambda: said)


def _rankings(found: Analogy) -> str:
    """Both rankings, one row for each word."""
    rows = [
        (inputs, place, neighbor.word, neighbor.similarity)
        for inputs, ranking in (("left out", found.left_out), ("left in", found.left_in))
        for place, neighbor in enumerate(ranking, 1)
    ]
    return to_csv(("inputs", "rank", "word", "score"), rows)
