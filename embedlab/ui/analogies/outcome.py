"""What really happened, for the guess of the page Analogies."""

from embedlab.evaluation.classics import CLASSICS
from embedlab.teaching import Outcome
from embedlab.ui import cache
from embedlab.ui.analogies.results import Found, shelf


def is_asked(found: Found) -> bool:
    """Whether the guess asks about what the page shows: what the bundled vectors answer."""
    return found.vectors is cache.bundled_vectors()


def happened(found: Found) -> Outcome:
    """How many classics the bundled vectors answer right with the inputs left in."""
    vectors = cache.bundled_vectors()
    classics = [each for each in shelf(cache.serial(vectors), vectors) if each.example in CLASSICS]
    left_in = sum(each.first_of_all == each.example.expected for each in classics)
    choice = 0 if left_in == len(classics) else 2 if left_in < len(classics) / 2 else 1
    why = ": in most of the others the sum stays nearest to a word that went into it" if choice == 2 else ""
    return Outcome(choice, f"{left_in} of {len(classics)} classics{why}.")
