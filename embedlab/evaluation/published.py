"""Published scores: what known vectors reach on the tests that ship with the app, each with its source.

Scores of a paper are over its own vocabulary of hundreds of thousands of words, among which right answers are harder to
find, and over its own text; so they say what is usual, not which vectors are better.

There is no agreed figure of GoogleNews on all of Google's analogies, as it depends on how many of its 3 million words
may answer; so none stands here. GluonNLP leaves out 58 questions, and 21 pairs of WordSim-353, whose words it does not
find.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

PENNINGTON = "Pennington, Socher and Manning 2014"
BOJANOWSKI = "Bojanowski, Grave, Joulin and Mikolov 2017"
MIKOLOV = "Mikolov, Chen, Corrado and Dean 2013"
HILL = "Hill, Reichart and Korhonen 2015"
GLUON = "GluonNLP, dmlc/gluon-nlp, scripts/word_embeddings/results"  # 3CosAdd; sections summed by their questions
WIKIPEDIA2VEC = "Wikipedia2Vec, docs/benchmarks"
NOT_AGREED = (
    "no agreed figure, as it depends on how many words may answer; among the 30,000 most frequent 74.3% of 7,614 "
    "questions (gist iamaziz/8d8d8c08c7eeda707b9e)"
)
MEASURED = "measured with this program, among the words of the bundled vectors"
_GIGAWORD, _GOOGLE_NEWS = "Wikipedia and Gigaword, 6 billion", "Google News, 100 billion"


class Published(NamedTuple):
    """Scores of known vectors, shares or correlations in [-1, 1]."""

    vectors: str
    text: str  # what they were learned from, with its size in tokens
    source: str
    score: float | None  # overall; None where the source gives none
    semantic: float | None = None  # of analogies
    syntactic: float | None = None


ANALOGIES = "Google’s analogies"
PUBLISHED: dict[str, tuple[Published, ...]] = {
    ANALOGIES: (
        Published("GloVe, 300-d", "Common Crawl, 42 billion", f"{PENNINGTON}, table 2", 0.750, 0.819, 0.693),
        Published("GloVe 6B, 300-d", _GIGAWORD, f"{PENNINGTON}, table 2", 0.717, 0.774, 0.670),
        Published("Skip-gram, 300-d", _GIGAWORD, f"{PENNINGTON}, table 2", 0.691, 0.730, 0.660),
        Published("GloVe 6B, 100-d", _GIGAWORD, MEASURED, 0.661),
        Published("CBOW, 300-d", _GIGAWORD, f"{PENNINGTON}, table 2", 0.657, 0.636, 0.674),
        Published("Skip-gram, 1000-d", "Google News, 6 billion", f"{MIKOLOV}, table 6", 0.656, 0.661, 0.651),
        Published("GloVe, 100-d", "Wikipedia, 1.6 billion", f"{PENNINGTON}, table 2", 0.603, 0.675, 0.543),
        Published("fastText, 300-d", "Wikipedia", f"{BOJANOWSKI}, table 2", None, 0.778, 0.749),
        Published("fastText wiki.en, 300-d", "Wikipedia", GLUON, 0.749, 0.777, 0.726),
        Published("GoogleNews word2vec, 300-d", _GOOGLE_NEWS, NOT_AGREED, None),
        Published("GloVe 6B, 200-d", _GIGAWORD, GLUON, 0.700, 0.746, 0.661),
        Published("GloVe 6B, 100-d", _GIGAWORD, GLUON, 0.633, 0.658, 0.613),
        Published("GloVe 6B, 50-d", _GIGAWORD, GLUON, 0.464, 0.488, 0.444),
    ),
    "WordSim-353": (
        Published("GloVe, 300-d", "Common Crawl, 42 billion", f"{PENNINGTON}, table 3", 0.759),
        Published("fastText, 300-d", "Wikipedia", f"{BOJANOWSKI}, table 1", 0.71),
        Published("GoogleNews word2vec, 300-d", _GOOGLE_NEWS, f"{PENNINGTON}, table 3", 0.684),
        Published("GloVe 6B, 300-d", _GIGAWORD, f"{PENNINGTON}, table 3", 0.658),
        Published("Skip-gram, 300-d", _GIGAWORD, f"{PENNINGTON}, table 3", 0.628),
        Published("CBOW, 300-d", _GIGAWORD, f"{PENNINGTON}, table 3", 0.572),
        Published("GloVe 6B, 100-d", _GIGAWORD, MEASURED, 0.545),
        Published("fastText crawl, 300-d", "Common Crawl, 600 billion", GLUON, 0.792),
        Published("GloVe 6B, 200-d", _GIGAWORD, GLUON, 0.591),
        Published("GloVe 6B, 100-d", _GIGAWORD, GLUON, 0.554),
        Published("GloVe 6B, 50-d", _GIGAWORD, GLUON, 0.521),
    ),
    "SimLex-999": (
        Published("Skip-gram", "Wikipedia, 1 billion", HILL, 0.414),
        Published("GloVe 6B, 100-d", _GIGAWORD, MEASURED, 0.302),
        Published("fastText crawl, 300-d", "Common Crawl, 600 billion", GLUON, 0.505),
        Published("GoogleNews word2vec, 300-d", _GOOGLE_NEWS, WIKIPEDIA2VEC, 0.442),
        Published("fastText wiki.en, 300-d", "Wikipedia", GLUON, 0.382),
        Published("GloVe, 300-d", "Common Crawl, 42 billion", WIKIPEDIA2VEC, 0.374),
        Published("GloVe 6B, 300-d", _GIGAWORD, GLUON, 0.369),
        Published("GloVe 6B, 200-d", _GIGAWORD, GLUON, 0.339),
        Published("GloVe 6B, 100-d", _GIGAWORD, GLUON, 0.296),
        Published("GloVe 6B, 50-d", _GIGAWORD, GLUON, 0.263),
    ),
}


def beside(test: str, ours: Sequence[Published]) -> list[Published]:
    """Published scores of a test of `PUBLISHED` and one's own, the best first, those without an overall score last."""
    return sorted([*ours, *PUBLISHED[test]], key=lambda one: -np.inf if one.score is None else one.score, reverse=True)


def span(test: str) -> tuple[float, float]:
    """The lowest and the highest published score of a test of `PUBLISHED`."""
    scores = [one.score for one in PUBLISHED[test] if one.score is not None and one.source != MEASURED]
    return min(scores), max(scores)
