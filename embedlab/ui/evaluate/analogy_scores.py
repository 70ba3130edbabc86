"""Scores by section of Google's analogies, of one space or two, for the page Evaluate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

import numpy as np

from embedlab.arrays import Mask
from embedlab.charts.templates import Spec
from embedlab.charts.theme import Theme
from embedlab.evaluation import intervals
from embedlab.evaluation.analogies import (
    GROUPS,
    SECTION_NAMES,
    SEMANTIC,
    SYNTACTIC,
    Answers,
    SectionAnswers,
    gains,
    right_by_any,
)
from embedlab.evaluation.intervals import Interval
from embedlab.evaluation.own.analogy_files import AnalogyQuestions
from embedlab.evaluation.published import Published
from embedlab.evaluation.question_sets import Questions, analogy_questions
from embedlab.ui import cache
from embedlab.ui.evaluate import charts
from embedlab.ui.evaluate.judging.test import Space
from embedlab.ui.pool import Job
from embedlab.vectors.queries import Method

ALL = "all"
_DRAWN = 60  # sections of a set of one's own; the table has all


class OwnQuestions(NamedTuple):
    """Questions from files of one's own; `key` is of their bytes and of how these were read."""

    questions: AnalogyQuestions
    key: str


@dataclass(frozen=True, eq=False)
class AnalogySettings:
    """Everything that the answers depend on."""

    spaces: list[Space]
    method: Method
    among: str
    own: OwnQuestions | None = None  # in place of Google's

    @property
    def key(self) -> str:
        """Names and numbers."""
        own = self.own.key if self.own else ""
        return f"analogies {[space.key for space in self.spaces]} {self.method} {self.among} {own}"

    @cached_property
    def questions(self) -> Questions:
        """By section."""
        return self.own.questions if self.own else analogy_questions()

    @property
    def right_answers(self) -> Mapping[str, Sequence[Sequence[str]]]:
        """Of sections whose questions have several, all of each question's."""
        return self.own.questions.right_answers if self.own else {}

    @property
    def is_bundled(self) -> bool:
        """What the file that ships with the app holds."""
        bundled = len(self.spaces) == 1 and self.spaces[0].vectors is cache.bundled_vectors()
        return bundled and self.method == "3cosadd" and self.among == ALL and not self.own

    @property
    def most(self) -> int | None:
        """How many of each space's words may be asked and answer; None for all."""
        return None if self.among == ALL else int(self.among.replace(",", ""))


@dataclass(frozen=True, eq=False)
class AnalogyResult:
    """The answers of one or two spaces to the same questions."""

    settings: AnalogySettings
    given: tuple[Answers, ...]
    job: Job[tuple[Answers, ...]] | None  # that they came from

    @cached_property
    def bars(self) -> list[charts.SectionBar]:
        """Every space's scores by section, and their sums."""
        return [
            bar
            for space, answers in zip(self.settings.spaces, self.given, strict=False)
            for name, sections in answers.groups().items()
            if (bar := _bar(name, space.name, tuple(sections))) is not None
        ]

    @cached_property
    def right_by_any(self) -> list[float]:
        """Of each space the accuracy where any of a question's right answers counts; none where each has one."""
        if not (several := self.settings.right_answers):
            return []
        return [
            float(np.concatenate([_right_by_any(given, section, several) for section in given.sections]).mean())
            for given in self.given
        ]

    @property
    def is_of_all_googles(self) -> bool:
        """All of Google's sections were answered, so that published scores can stand beside."""
        done = [len(answers.sections) for answers in self.given]
        return not self.settings.own and done == [len(SECTION_NAMES)] * len(self.settings.spaces)

    @property
    def scores(self) -> list[Published]:
        """Of each space, in the form of published ones."""
        found = {(bar.space, bar.section): bar.right for bar in self.bars}
        return [
            Published(space.name, "", "this page", *(found.get((space.name, group)) for group in GROUPS))
            for space in self.settings.spaces
        ]

    def overall(self) -> list[charts.SectionBar]:
        """The sum over all sections, of each space."""
        return [bar for bar in self.bars if bar.section == GROUPS[0]]

    @cached_property
    def gains(self) -> dict[str, Interval]:
        """Second space less first, by section and over all."""
        return gains(*self.given) if len(self.given) > 1 else {}

    def records(self, *, failed: bool) -> list[dict[str, Any]]:
        """The questions of each space with their answers: those that failed, or all."""
        return [record for record, _ in self.asked(failed=failed)]

    def asked(self, *, failed: bool) -> list[tuple[dict[str, Any], list[str]]]:
        """The same, each with the three words of its question."""
        return [
            (
                {
                    "vectors": space.name,
                    "section": SECTION_NAMES.get(section.name, section.name),
                    "question": "{} : {} :: {} : ?".format(*asked),
                    "right answer": words[section.rows[i, 3]],
                    "given answer": words[section.best[i]],
                    "rank": int(section.place[i]),
                    "given with inputs left in": words[section.left_in[i]],
                },
                asked,
            )
            for space, answers in zip(self.settings.spaces, self.given, strict=False)
            for words in [answers.vectors.words]
            for section in answers.sections
            for i in (np.flatnonzero(~section.right) if failed else range(len(section.asked)))
            for asked in [[words[row] for row in section.rows[i, :3]]]
        ]


def _right_by_any(given: Answers, section: SectionAnswers, several: Mapping[str, Sequence[Sequence[str]]]) -> Mask:
    if (right := several.get(section.name)) is None:
        return section.right
    return right_by_any(given.vectors, section, right)


@lru_cache(maxsize=400)  # a look at a job must not draw all pairs again
def _bar(name: str, space: str, sections: tuple[SectionAnswers, ...]) -> charts.SectionBar | None:
    covered = sum(len(section.asked) for section in sections)
    if not covered:
        return None
    right = intervals.accuracy([s.rows for s in sections], [s.right for s in sections])
    left_in = sum(int(section.right_left_in.sum()) for section in sections) / covered
    return charts.SectionBar(name, space, *right, left_in, covered, sum(section.total for section in sections))


def chart(result: AnalogyResult, theme: Theme, width: int | str = "container") -> Spec:
    """Accuracy by section, the semantic sections before the syntactic ones."""
    order = [GROUPS[0], GROUPS[1], *SEMANTIC, GROUPS[2], *SYNTACTIC]
    bars = result.bars
    if result.settings.own:
        order = list(dict.fromkeys(bar.section for bar in bars))[: 1 + _DRAWN]
        bars = [bar for bar in bars if bar.section in order]
    return charts.section_bars(bars, order, GROUPS, theme, width=width)
