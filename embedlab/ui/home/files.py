"""What Home offers to download."""

from embedlab.charts.theme import Theme
from embedlab.ui import widgets
from embedlab.ui.home.results import Found


def files(found: Found, theme: Theme) -> tuple[widgets.File, ...]:
    """Nothing: the files of a word are on the page Neighbors, which Home links to."""
    return ()
