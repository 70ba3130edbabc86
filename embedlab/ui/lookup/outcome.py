"""What really happened, for the guess of the page Lookup."""

from embedlab.teaching import Outcome
from embedlab.ui.lookup.results import Found


def happened(found: Found) -> Outcome:
    """How many rows of the table one step of learning changes."""
    touched, size = len(found.step.touched), len(found.lookup.table)
    those = "those that were looked up" if touched < size else "since all of them were looked up"
    return Outcome(int(touched < size), f"{touched} of {size} rows change, {those}; step 4 shows them.")
