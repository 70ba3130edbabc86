"""What really happened, for the guess of the page Ten words."""

from embedlab.lessons.ten_words.run import agreement_by_chance, agreement_in_place, in_company
from embedlab.teaching import Outcome
from embedlab.ui.ten_words import gallery
from embedlab.ui.ten_words.results import Found

_AGREE = 0.8  # of directions, from which on places are the same


def happened(found: Found) -> Outcome | None:
    """Whether words end in the same places, or in the same company; None before the gallery has their runs."""
    if (endings := gallery.endings(found)) is None:
        return None
    gathered, agreement = in_company(endings), agreement_in_place(endings)
    choice = 0 if agreement > _AGREE else 1 if gathered > len(endings) / 2 else 2
    broke = sum(ending.run.broke for ending in endings)
    which = f", {broke} of which broke off," if broke else ""
    alike = "agrees" if choice == 0 else "agrees hardly more than by chance"
    return Outcome(
        choice,
        f"In {gathered} of {len(endings)} runs{which} words of one part of speech end nearer to each other than to the "
        f"rest; on which side of the origin a word lies {alike} ({agreement:.2f}; by chance "
        f"{agreement_by_chance(len(endings)):.2f}; 1: the same in every run).",
    )
