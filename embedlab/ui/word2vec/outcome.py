"""What really happened, for the guess of the page Word2vec."""

from embedlab.teaching import Outcome
from embedlab.ui.word2vec.results import Found
from embedlab.vectors.queries import similarity


def is_asked(found: Found) -> bool:
    """Whether the guess asks about what the page shows: the king of the small world and his company."""
    return found.settings.is_world


def happened(found: Found) -> Outcome | None:
    """Whether king ends nearer to queen or to throne; None before the end."""
    if not found.ended:
        return None
    vectors = found.learned.snapshots[-1].tables[0].center
    if not {"king", "queen", "throne"} <= set(vectors.words):
        return None
    queen, throne = (similarity(vectors, "king", other) for other in ("queen", "throne"))
    why = ": sharing contexts counts, not meeting" if queen > throne else ""
    return Outcome(
        int(queen <= throne), f"The cosine of king is {queen:.2f} with queen, {throne:.2f} with throne{why}."
    )
