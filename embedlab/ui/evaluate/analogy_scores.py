"""What the page Evaluate knows of Google's analogies once they are answered: scores by section, of one space or two."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from embedlab.charts.theme import Theme
from embedlab.evaluation import intervals
from embedlab.evaluation.analogies import Answers, SectionAnswers
from embedlab.evaluation.intervals import Interval
from embedlab.ui import cache
from embedlab.ui.evaluate import charts
from embedlab.ui.evaluate.form import Space
from embedlab.vectors.queries import Method

ALL = "all"
NAMES = {
    "capital-common-countries": "well-known capitals", "capital-world": "capitals of the world",
    "currency": "currencies", "city-in-state": "cities and states", "family": "family",
    "gram1-adjective-to-adverb": "adverbs", "gram2-opposite": "opposites", "gram3-comparative": "comparatives",
    "gram4-superlative": "superlatives", "gram5-present-participle": "participles",
    "gram6-nationality-adjective": "nationalities", "gram7-past-tense": "past tense", "gram8-plural": "plurals",
    "gram9-plural-verbs": "plural of verbs",
}  # fmt: skip
HEADS = ("all questions", "meaning", "grammar")


@dataclass(frozen=True, eq=False)
class Setup:
    """Everything that the answers depend on."""

    spaces: list[Space]
    method: Method
    among: str

    @property
    def key(self) -> str:
        """Names and numbers."""
        return f"analogies {[space.key for space in self.spaces]} {self.method} {self.among}"

    @property
    def is_bundled(self) -> bool:
        """What the file that ships with the app holds."""
        bundled = len(self.spaces) == 1 and self.spaces[0].vectors is cache.bundled_vectors()
        return bundled and self.method == "3cosadd" and (self.among == ALL)

    def rows(self) -> list[np.ndarray]:
        """The rows of each space that may be asked and answer: frequent ones, that all spaces know."""
        limit = None if self.among == ALL else int(self.among.replace(",", ""))
        vocabularies = [space.vectors.words[:limit] for space in self.spaces]
        if len(self.spaces) == 1:
            return [np.arange(len(vocabularies[0]))]
        shared = set(vocabularies[0]) & set(vocabularies[1])
        return [np.array([i for i, word in enumerate(words) if word in shared], np.int64) for words in vocabularies]


@dataclass(frozen=True, eq=False)
class Found:
    """The answers of one or two spaces to the same questions."""

    setup: Setup
    given: tuple[Answers, ...]

    @cached_property
    def bars(self) -> list[charts.SectionBar]:
        """Every space's scores by section, and their sums."""
        return [
            bar
            for space, answers in zip(self.setup.spaces, self.given, strict=False)
            for name, sections in groups(answers).items()
            if (bar := _bar(name, space.name, tuple(sections))) is not None
        ]

    def overall(self) -> list[charts.SectionBar]:
        """The sum over all sections, of each space."""
        return [bar for bar in self.bars if bar.section == HEADS[0]]

    @cached_property
    def gains(self) -> dict[str, Interval]:
        """Second space less first, by section and over all."""
        if len(self.given) < 2:
            return {}
        first, second = (groups(answers) for answers in self.given)
        found = {}
        for name in (name for name in first if name in second):
            pairs = list(zip(first[name], second[name], strict=False))
            rows, right = [a.rows for a, _ in pairs], [[a.right for a, _ in pairs], [b.right for _, b in pairs]]
            if sum(map(len, rows)):
                found[name] = intervals.difference(rows, *right)
        return found


def groups(answers: Answers) -> dict[str, list[SectionAnswers]]:
    """The sections under the names of the screen: all, those of meaning, those of grammar."""
    kinds = [[s for s in answers.sections if s.name.startswith("gram") is grammar] for grammar in (False, True)]
    found = {HEADS[0]: list(answers.sections)}
    for head, sections in zip(HEADS[1:], kinds, strict=True):
        found |= {head: sections} | {NAMES.get(s.name, s.name): [s] for s in sections}
    return found


@lru_cache(maxsize=400)  # a look at a job must not draw all pairs again
def _bar(name: str, space: str, sections: tuple[SectionAnswers, ...]) -> charts.SectionBar | None:
    covered = sum(len(section.asked) for section in sections)
    if not covered:
        return None
    right = intervals.accuracy([s.rows for s in sections], [s.right for s in sections])
    left_in = sum(int(section.right_left_in.sum()) for section in sections) / covered
    return charts.SectionBar(name, space, *right, left_in, covered, sum(section.total for section in sections))


def chart(found: Found, theme: Theme, width: int | str = "container") -> charts.Chart:
    grammar = [name for section, name in NAMES.items() if section.startswith("gram")]
    meaning = [name for name in NAMES.values() if name not in grammar]
    order = [HEADS[0], HEADS[1], *meaning, HEADS[2], *grammar]
    return charts.section_bars(found.bars, order, HEADS, theme, width=width)
