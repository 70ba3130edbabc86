"""What really happened, for the guess of the page Transfer."""

from embedlab.teaching import Outcome
from embedlab.ui.transfer.results import Found
from embedlab.vectors.queries import similarity

_ALIKE = 0.3  # cosine


def is_asked(found: Found) -> bool:
    """Whether the guess asks about what the page shows: vectors that have fast and slow."""
    return "fast" in found.vectors and "slow" in found.vectors


def happened(found: Found) -> Outcome:
    """How similar two opposites are in the pretrained vectors."""
    cosine = similarity(found.vectors, "fast", "slow")
    why = ": opposites stand in the same sentences. Only a task tells them apart; “What moved” shows how"
    choice = 0 if cosine < -_ALIKE else 1 if cosine < _ALIKE else 2
    return Outcome(choice, f"Their cosine is {cosine:.2f}{why if choice == 2 else ''}.")
