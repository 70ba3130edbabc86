"""Scores: the accuracy on analogies by section, and the rank correlation with similarities that people judged."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from embedlab.evaluation.analogies import SectionAnswers, answers, right_by_any, states_total, with_known_answers
from embedlab.evaluation.question_sets import Pair, Question, Questions, analogy_questions, similarity_pairs
from embedlab.evaluation.similarity import Correlation, judged_pairs
from embedlab.vectors.word_vectors import WordVectors


@dataclass(frozen=True)
class SectionScore:
    """One section of an analogy set."""

    name: str
    correct: int
    covered: int  # questions whose four words are all known
    total: int
    correct_by_any: int | None = None  # of questions with several right answers, those answered with any of them

    @property
    def accuracy(self) -> float:
        """Share of covered questions answered right, in [0, 1]; 0 when none is covered."""
        return self.correct / self.covered if self.covered else 0.0

    @property
    def accuracy_by_any(self) -> float:
        """The same where each right answer of a question counts, and not only the first that the vectors hold."""
        right = self.correct if self.correct_by_any is None else self.correct_by_any
        return right / self.covered if self.covered else 0.0

    @property
    def coverage(self) -> float:
        """Share of questions that could be asked, in [0, 1]."""
        return self.covered / self.total if self.total else 0.0


class AnalogyError(NamedTuple):
    """A question that was answered wrong; words as the vectors hold them."""

    section: str
    question: Question  # with its right answer
    answer: str  # that was given
    place: int  # of the right answer in the ranking, from 2


@dataclass(frozen=True)
class AnalogyScore:
    """All sections of an analogy set."""

    sections: tuple[SectionScore, ...]
    errors: tuple[AnalogyError, ...] = ()  # questions answered with none of their right answers

    @property
    def overall(self) -> SectionScore:
        """The sum of the sections."""
        several = any(section.correct_by_any is not None for section in self.sections)
        by_any = sum(
            section.correct if section.correct_by_any is None else section.correct_by_any for section in self.sections
        )
        return SectionScore(
            "overall",
            sum(section.correct for section in self.sections),
            sum(section.covered for section in self.sections),
            sum(section.total for section in self.sections),
            by_any if several else None,
        )


@dataclass(frozen=True)
class SimilarityScore:
    """How well cosines order word pairs as people do."""

    spearman: float  # rank correlation in [-1, 1]; nan with fewer than three covered pairs
    covered: int
    total: int
    spearman_of: Correlation  # the same with its 95% interval and p-value
    pearson_of: Correlation  # of the numbers themselves

    @property
    def pearson(self) -> float:
        """Correlation of the cosines with the judgements themselves, in [-1, 1]."""
        return self.pearson_of.value


def analogy_accuracy(
    vectors: WordVectors, questions: Questions | None = None, *, progress: Callable[[int, int], None] | None = None
) -> AnalogyScore:
    """Accuracy on analogies: the share completed first try by 3CosAdd with the inputs left out, section by section.

    Args:
        questions: by section; Google's 19,544 when None, or what `read_analogies` gives. A word counts as known where
            typing it would find it; of several right answers the first known one is asked for, and any counts for
            `SectionScore.correct_by_any`.
        progress: called with the number of parts that are done and of all, after each part of well under a second.
    """
    questions = analogy_questions() if questions is None else questions
    several = getattr(questions, "right_answers", {})
    asked = {name: with_known_answers(vectors, fours, several.get(name)) for name, fours in questions.items()}
    total = states_total(len(vectors), asked)
    sections: tuple[SectionAnswers, ...] = ()
    for number, state in enumerate(answers(vectors, asked), 1):
        sections = state.sections
        if progress is not None:
            progress(number, total)
    found = [_scored(vectors, one, several.get(one.name)) for one in sections]
    return AnalogyScore(tuple(score for score, _ in found), tuple(error for _, errors in found for error in errors))


def _scored(
    vectors: WordVectors, answered: SectionAnswers, right: Sequence[Sequence[str]] | None
) -> tuple[SectionScore, list[AnalogyError]]:
    any_right = answered.right if right is None else right_by_any(vectors, answered, right)
    by_any = None if right is None else int(any_right.sum())
    score = SectionScore(answered.name, int(answered.right.sum()), len(answered.asked), answered.total, by_any)
    words, errors = vectors.words, []
    for i in np.flatnonzero(~any_right).tolist():
        a, b, c, d = (words[row] for row in answered.rows[i])
        errors.append(AnalogyError(answered.name, (a, b, c, d), words[answered.best[i]], int(answered.place[i])))
    return score, errors


def similarity_correlation(vectors: WordVectors, pairs: Sequence[Pair] | str = "WordSim-353") -> SimilarityScore:
    """Correlation of cosines with people's judgements, Spearman's and Pearson's.

    Args:
        pairs: (word, word, judgement), such as `read_word_pairs` gives, or the name of a set in `SIMILARITY_SETS`.

    Raises InvalidText: a judgement is no finite number.
    """
    found = judged_pairs(vectors, similarity_pairs(pairs) if isinstance(pairs, str) else pairs)
    return SimilarityScore(found.spearman, len(found.known), len(found.pairs), found.rank_correlated, found.correlated)
