"""What really happened, for the guess of the page Evaluate."""

import streamlit as st

from embedlab.errors import EmbedlabError
from embedlab.evaluation.question_sets import similarity_pairs
from embedlab.evaluation.similarity import judged_pairs
from embedlab.teaching import Outcome
from embedlab.ui import cache
from embedlab.ui.evaluate.results import Found


def is_asked(found: Found) -> bool:
    """Whether the guess asks about what the page shows: how good the bundled vectors are."""
    return found.spaces[0].vectors is cache.bundled_vectors()


def happened(found: Found) -> Outcome | None:
    """How far the bundled vectors agree with people on what goes together and what is alike."""
    try:
        related, alike = _correlations()
    except EmbedlabError:  # the sets come with gensim
        return None
    return Outcome(
        int(alike > related),
        f"Rank correlation {related:.2f} with WordSim-353, where cup and coffee are close, {alike:.2f} with "
        "SimLex-999, where likeness alone counts: cup and jar, not cup and spoon. The test Similarity shows both.",
    )


@st.cache_resource(show_spinner=False)
def _correlations() -> tuple[float, float]:
    vectors = cache.bundled_vectors()
    related, alike = (judged_pairs(vectors, similarity_pairs(name)) for name in ("WordSim-353", "SimLex-999"))
    return related.spearman, alike.spearman
