"""What really happened, for the guess of the page Ten words."""

from embedlab.lessons.ten_words.run import agreement_by_chance, agreement_in_place, in_company
from embedlab.teaching import Outcome
from embedlab.ui.ten_words import gallery
from embedlab.ui.ten_words.results import Found

_AGREE = 0.8  # of directions, from which on places are the same


def happened(found: Found) -> Outcome | None:
    """Whether words end in the same places, or in the same company; once the gallery has been drawn."""
    if (endings := gallery.endings()) is None:
        return None
    gathered, agreement = in_company(endings), agreement_in_place(endings)
    choice = 0 if agreement > _AGREE else 1 if gathered > len(endings) / 2 else 2
    alike = "are the same" if choice == 0 else "agree hardly more than by chance"
    return Outcome(
        choice,
        f"In {gathered} of {len(endings)} runs words of one part of speech end nearer to each other than to the rest; "
        f"their directions {alike} ({agreement:.2f} of 1; chance: {agreement_by_chance(len(endings)):.2f}).",
    )
