"""Scores: the accuracy on analogies by section, and the rank correlation with similarities that people judged."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from embedlab.evaluation.analogies import SectionAnswers, answers, states_total
from embedlab.evaluation.question_sets import Pair, Questions, analogy_questions, similarity_pairs
from embedlab.evaluation.similarity import judged_pairs
from embedlab.vectors.word_vectors import WordVectors


@dataclass(frozen=True)
class SectionScore:
    """One section of an analogy set."""

    name: str
    correct: int
    covered: int  # questions whose four words are all known
    total: int

    @property
    def accuracy(self) -> float:
        """Share of covered questions answered right, in [0, 1]; 0 when none is covered."""
        return self.correct / self.covered if self.covered else 0.0

    @property
    def coverage(self) -> float:
        """Share of questions that could be asked, in [0, 1]."""
        return self.covered / self.total if self.total else 0.0


@dataclass(frozen=True)
class AnalogyScore:
    """All sections of an analogy set."""

    sections: tuple[SectionScore, ...]

    @property
    def overall(self) -> SectionScore:
        """The sum of the sections."""
        return SectionScore(
            "overall",
            sum(section.correct for section in self.sections),
            sum(section.covered for section in self.sections),
            sum(section.total for section in self.sections),
        )


@dataclass(frozen=True)
class SimilarityScore:
    """How well cosines order word pairs as people do."""

    spearman: float  # rank correlation in [-1, 1]; nan with fewer than three covered pairs
    covered: int
    total: int


def analogy_accuracy(
    vectors: WordVectors, questions: Questions | None = None, *, progress: Callable[[int, int], None] | None = None
) -> AnalogyScore:
    """Accuracy on analogies: the share completed first try by 3CosAdd with the inputs left out, section by section.

    Args:
        questions: by section; Google's 19,544 when None. A word counts as known where typing it would find it.
        progress: called with the number of parts that are done and of all, after each part of well under a second.
    """
    questions = analogy_questions() if questions is None else questions
    total = states_total(len(vectors), questions)
    sections: tuple[SectionAnswers, ...] = ()
    for number, state in enumerate(answers(vectors, questions), 1):
        sections = state.sections
        if progress is not None:
            progress(number, total)
    scores = (SectionScore(one.name, int(one.right.sum()), len(one.asked), one.total) for one in sections)
    return AnalogyScore(tuple(scores))


def similarity_correlation(vectors: WordVectors, pairs: Sequence[Pair] | str = "WordSim-353") -> SimilarityScore:
    """Spearman correlation of cosines with people's judgements.

    Args:
        pairs: (word, word, judgement), or the name of a set in `SIMILARITY_SETS`.
    """
    found = judged_pairs(vectors, similarity_pairs(pairs) if isinstance(pairs, str) else pairs)
    return SimilarityScore(found.spearman, len(found.known), len(found.pairs))
