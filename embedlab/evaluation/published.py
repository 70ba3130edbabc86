"""Published scores: what known vectors reach on the tests that ship with the app, each with its source.

Scores of a paper are over its own vocabulary of hundreds of thousands of words, among which right answers are harder to
find, and over its own text; so they say what is usual, not which vectors are better.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

PENNINGTON = "Pennington, Socher and Manning 2014"
BOJANOWSKI = "Bojanowski, Grave, Joulin and Mikolov 2017"
MIKOLOV = "Mikolov, Chen, Corrado and Dean 2013"
HILL = "Hill, Reichart and Korhonen 2015"
MEASURED = "measured with this program, among the words of the bundled vectors"


class Published(NamedTuple):
    """Scores of known vectors, shares or correlations in [-1, 1]."""

    vectors: str
    text: str  # what they were learned from, with its size in tokens
    source: str
    score: float | None  # overall; None where the paper gives none
    semantic: float | None = None  # of analogies
    syntactic: float | None = None


ANALOGIES = "Google’s analogies"
PUBLISHED: dict[str, tuple[Published, ...]] = {
    ANALOGIES: (
        Published("GloVe, 300-d", "Common Crawl, 42 billion", f"{PENNINGTON}, table 2", 0.750, 0.819, 0.693),
        Published(
            "GloVe 6B, 300-d", "Wikipedia and Gigaword, 6 billion", f"{PENNINGTON}, table 2", 0.717, 0.774, 0.670
        ),
        Published(
            "Skip-gram, 300-d", "Wikipedia and Gigaword, 6 billion", f"{PENNINGTON}, table 2", 0.691, 0.730, 0.660
        ),
        Published("GloVe 6B, 100-d", "Wikipedia and Gigaword, 6 billion", MEASURED, 0.661),
        Published("CBOW, 300-d", "Wikipedia and Gigaword, 6 billion", f"{PENNINGTON}, table 2", 0.657, 0.636, 0.674),
        Published("Skip-gram, 1000-d", "Google News, 6 billion", f"{MIKOLOV}, table 6", 0.656, 0.661, 0.651),
        Published("GloVe, 100-d", "Wikipedia, 1.6 billion", f"{PENNINGTON}, table 2", 0.603, 0.675, 0.543),
        Published("fastText, 300-d", "Wikipedia", f"{BOJANOWSKI}, table 2", None, 0.778, 0.749),
    ),
    "WordSim-353": (
        Published("GloVe, 300-d", "Common Crawl, 42 billion", f"{PENNINGTON}, table 3", 0.759),
        Published("fastText, 300-d", "Wikipedia", f"{BOJANOWSKI}, table 1", 0.71),
        Published("GoogleNews word2vec, 300-d", "Google News, 100 billion", f"{PENNINGTON}, table 3", 0.684),
        Published("GloVe 6B, 300-d", "Wikipedia and Gigaword, 6 billion", f"{PENNINGTON}, table 3", 0.658),
        Published("Skip-gram, 300-d", "Wikipedia and Gigaword, 6 billion", f"{PENNINGTON}, table 3", 0.628),
        Published("CBOW, 300-d", "Wikipedia and Gigaword, 6 billion", f"{PENNINGTON}, table 3", 0.572),
        Published("GloVe 6B, 100-d", "Wikipedia and Gigaword, 6 billion", MEASURED, 0.545),
    ),
    "SimLex-999": (
        Published("Skip-gram", "Wikipedia, 1 billion", HILL, 0.414),
        Published("GloVe 6B, 100-d", "Wikipedia and Gigaword, 6 billion", MEASURED, 0.302),
    ),
}


def beside(test: str, ours: Sequence[Published]) -> list[Published]:
    """Published scores of a test of `PUBLISHED` and one's own, the best first, those without an overall score last."""
    return sorted([*ours, *PUBLISHED[test]], key=lambda one: -np.inf if one.score is None else one.score, reverse=True)


def span(test: str) -> tuple[float, float]:
    """The lowest and the highest published score of a test of `PUBLISHED`."""
    scores = [one.score for one in PUBLISHED[test] if one.score is not None and one.source != MEASURED]
    return min(scores), max(scores)
