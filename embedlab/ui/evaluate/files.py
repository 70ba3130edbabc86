"""What can be taken away from the page Evaluate."""

from collections.abc import Iterator

from embedlab.charts.theme import Theme
from embedlab.ui.evaluate.results import Found
from embedlab.ui.widgets import File


def files(found: Found, theme: Theme) -> Iterator[File]:
    """The tables and pictures of the chosen test."""
    yield from found.test.files(found.result, theme)
