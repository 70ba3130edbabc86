"""Evaluation: how good word vectors are (analogies, similarity judgements), and how biased (WEAT)."""

from embedlab.evaluation.own.analogy_files import AnalogyQuestions, read_analogies
from embedlab.evaluation.own.categories import CategoryScore, category_purity, read_categories
from embedlab.evaluation.own.groups import Group, GroupScore, odd_one_out_accuracy, read_groups
from embedlab.evaluation.own.word_pairs import read_word_pairs
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
from embedlab.evaluation.similarity import Correlation
from embedlab.evaluation.weat import Weat, weat
from embedlab.library.gensim_files import gensim_file

__all__ = [
    "QUESTIONS",
    "SIMILARITY_SETS",
    "AnalogyQuestions",
    "AnalogyScore",
    "CategoryScore",
    "Correlation",
    "Group",
    "GroupScore",
    "Pair",
    "Question",
    "SectionScore",
    "SimilarityScore",
    "Weat",
    "analogy_accuracy",
    "analogy_questions",
    "category_purity",
    "gensim_file",
    "odd_one_out_accuracy",
    "read_analogies",
    "read_categories",
    "read_groups",
    "read_word_pairs",
    "similarity_correlation",
    "similarity_pairs",
    "weat",
]
