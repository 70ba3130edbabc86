"""What really happened, for the guess of the page Count or predict."""

from embedlab.lessons.counting.count_and_predict import most_beside
from embedlab.teaching import Outcome
from embedlab.ui.count_or_predict.results import Found

_THE = 2  # its place among the choices


def is_asked(found: Found) -> bool:
    """Whether the guess asks about what the page shows: the company of king in the small world."""
    return found.settings.is_world


def happened(found: Found) -> Outcome | None:
    """Which word stands most often beside king, and which one is the most telling."""
    if not (found.ended and "king" in found.both.counted):
        return None
    counted, telling = most_beside(found.both, "king")
    if counted != "the" or counted == telling:  # of other settings there is another story
        return None
    return Outcome(
        _THE,
        f"“the” stands beside nearly every word; weighed against chance, by PPMI, “{telling}” comes first.",
    )
