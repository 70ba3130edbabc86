"""Evaluation: how good word vectors are (analogies, similarity judgements), and how biased (WEAT)."""

from embedlab.evaluation.question_sets import (
    QUESTIONS,
    SIMILARITY_SETS,
    Pair,
    Question,
    analogy_questions,
    similarity_pairs,
)
from embedlab.evaluation.scores import (
    AnalogyScore,
    SectionScore,
    SimilarityScore,
    analogy_accuracy,
    similarity_correlation,
)
from embedlab.evaluation.weat import Weat, weat
from embedlab.library.gensim_files import gensim_file

__all__ = [
    "QUESTIONS",
    "SIMILARITY_SETS",
    "AnalogyScore",
    "Pair",
    "Question",
    "SectionScore",
    "SimilarityScore",
    "Weat",
    "analogy_accuracy",
    "analogy_questions",
    "gensim_file",
    "similarity_correlation",
    "similarity_pairs",
    "weat",
]
