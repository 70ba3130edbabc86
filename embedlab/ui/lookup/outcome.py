"""What really happened, for the guess of the page Lookup."""

from embedlab.teaching import Outcome
from embedlab.ui.lookup.results import Found


def happened(found: Found) -> Outcome:
    """How many rows of the table one step of learning changes."""
    touched, size = len(found.step.touched), len(found.lookup.table)
    those = "those looked up" if touched < size else "all were looked up"
    return Outcome(int(touched < size), f"{touched} of {size} rows change: {those}, as step 4 shows.")
