"""What really happened, for the guess of the page Letters."""

import numpy as np

from embedlab.lessons.letters.bundled import record
from embedlab.teaching import Outcome
from embedlab.ui.letters.results import Found

_FAR = 0.8  # times the letters that the model hesitates between


def is_asked(found: Found) -> bool:
    """Whether the guess asks about what the page shows: a list of which both runs were recorded."""
    return found.settings.source == "names"


def happened(found: Found) -> Outcome:
    """What ten numbers a letter gain over two, in the recorded runs."""
    runs = record().runs
    two, ten = (float(runs[dimensions].dev_losses[runs[dimensions].best]) for dimensions in (2, 10))
    ratio = np.exp(ten - two)
    choice = 0 if ratio < _FAR else 1 if ratio < 1 else 2
    return Outcome(
        choice,
        f"Dev loss {'falls' if ten < two else 'rises'} from {two:.3f} to {ten:.3f} nats, perplexity from "
        f"{np.exp(two):.1f} letters to {np.exp(ten):.1f}. The tab “2 or 10 dimensions” shows both.",
    )
