"""What really happened, for the guess of the page Evaluate."""

from embedlab.teaching import Outcome
from embedlab.ui import cache
from embedlab.ui.evaluate.analogy_scores import AnalogyResult
from embedlab.ui.evaluate.results import Found

_SECTIONS = ("well-known capitals", "plurals", "opposites")  # as the choices name them


def is_asked(found: Found) -> bool:
    """Whether the guess asks about what the page shows: the analogies that the bundled vectors answer."""
    result = found.result
    is_googles = isinstance(result, AnalogyResult) and not result.settings.own
    return is_googles and found.spaces[0].vectors is cache.bundled_vectors()


def happened(found: Found) -> Outcome | None:
    """Which of three kinds of analogy the bundled vectors answer best; None where one of them was not asked."""
    bars = {bar.section: bar.right for bar in found.result.bars if bar.space == found.spaces[0].name}
    if not all(section in bars for section in _SECTIONS):
        return None
    capitals, plurals, opposites = (bars[section] for section in _SECTIONS)
    best = max(_SECTIONS, key=bars.__getitem__)
    return Outcome(
        _SECTIONS.index(best),
        f"Right are {capitals:.0%} of the questions on well-known capitals, {plurals:.0%} on plurals, {opposites:.0%} "
        "on opposites such as possible and impossible.",
    )
