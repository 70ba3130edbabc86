"""Analogy questions, each with its answer, and the comparison of two spaces on the same ones.

The questions of a section share few words (506 about capitals are made of 46), so cosines are computed once for each
word, and the scores of a question are put together from three rows of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np

from embedlab.arrays import Floats, Ids, Int32s, Mask
from embedlab.checks import one_of
from embedlab.evaluation.intervals import Interval, difference
from embedlab.evaluation.question_sets import Question, Questions
from embedlab.vectors.queries import MULTIPLICATIVE_EPSILON, Method
from embedlab.vectors.spelling import known_row
from embedlab.vectors.word_vectors import WordVectors

SECTION_NAMES = {  # of Google's sections, as the screen says them
    "capital-common-countries": "well-known capitals", "capital-world": "capitals of the world",
    "currency": "currencies", "city-in-state": "cities and states", "family": "family",
    "gram1-adjective-to-adverb": "adverbs", "gram2-opposite": "opposites", "gram3-comparative": "comparatives",
    "gram4-superlative": "superlatives", "gram5-present-participle": "participles",
    "gram6-nationality-adjective": "nationalities", "gram7-past-tense": "past tense", "gram8-plural": "plurals",
    "gram9-plural-verbs": "plural of verbs",
}  # fmt: skip
SYNTACTIC = tuple(name for section, name in SECTION_NAMES.items() if section.startswith("gram"))
SEMANTIC = tuple(name for name in SECTION_NAMES.values() if name not in SYNTACTIC)
GROUPS = ("all questions", "meaning", "grammar")  # sums over all sections, the semantic and the syntactic ones
METHODS: tuple[Method, ...] = ("3cosadd", "3cosmul")
_CELLS = 1 << 21  # cosines held at once: 8 MB
_STRETCH = 1 << 13  # words met at once, at most
_ROOM = 1 << 18  # scores worked on at once: 1 MB
_STATE = 60_000_000  # scores between two states: well under a second


@dataclass(frozen=True, eq=False)
class SectionAnswers:
    """How the questions of one section were answered. n of its `total` questions are covered: all four words known."""

    name: str
    total: int
    asked: Int32s  # (n,) which of the section's questions
    rows: Int32s  # (n, 4) of a, b, c and d among the vectors
    best: Int32s  # (n,) row of the answer, the three input words left out
    left_in: Int32s  # (n,) row of the answer with the inputs left in
    place: Int32s  # (n,) of d in the ranking without the inputs, from 1

    @property
    def right(self) -> Mask:
        """(n,) bool: the answer is d."""
        return np.equal(self.best, self.rows[:, 3])

    @property
    def right_left_in(self) -> Mask:
        """(n,) bool: the answer is d even though the inputs could be answers, too."""
        return np.equal(self.left_in, self.rows[:, 3])

    @property
    def input_left_in(self) -> Mask:
        """(n,) bool: with the inputs left in, the answer is one of them."""
        a, b, c, _ = self.rows.T
        return np.asarray((self.left_in == a) | (self.left_in == b) | (self.left_in == c))


@dataclass(frozen=True, eq=False)
class Answers:
    """The sections answered so far."""

    vectors: WordVectors
    sections: tuple[SectionAnswers, ...]

    def groups(self) -> dict[str, list[SectionAnswers]]:
        """The sections under their names on the screen, and of Google's set those of each of `GROUPS`."""
        if any(section.name not in SECTION_NAMES for section in self.sections):
            return {GROUPS[0]: list(self.sections)} | {section.name: [section] for section in self.sections}
        kinds = [[s for s in self.sections if s.name.startswith("gram") is syntactic] for syntactic in (False, True)]
        found = {GROUPS[0]: list(self.sections)}
        for group, sections in zip(GROUPS[1:], kinds, strict=True):
            found |= {group: sections} | {SECTION_NAMES.get(s.name, s.name): [s] for s in sections}
        return found


def gains(first: Answers, second: Answers) -> dict[str, Interval]:
    """Accuracy of the second space less that of the first, by section and group, with 95% intervals.

    Args:
        first, second: answers to the same questions; a group that either lacks, or that has no answer, is left out.
    """
    groups, others = first.groups(), second.groups()
    found = {}
    for name in (name for name in groups if name in others):
        pairs = list(zip(groups[name], others[name], strict=False))  # the second may have answered fewer
        if any(len(a.rows) for a, _ in pairs):
            found[name] = difference(
                [a.rows for a, _ in pairs], [a.right for a, _ in pairs], [b.right for _, b in pairs]
            )
    return found


def common_rows(spaces: Sequence[WordVectors], most: int | None = None) -> list[Ids]:
    """Of each space the rising row numbers of the words that all spaces hold, which may be asked and answer.

    Args:
        most: only that many words of each space, its most frequent; all when None.
    """
    vocabularies = [vectors.words[:most] for vectors in spaces]
    shared = set(vocabularies[0]).intersection(*vocabularies[1:])
    return [np.array([i for i, word in enumerate(words) if word in shared], np.int64) for words in vocabularies]


def states_total(words: int, questions: Questions) -> int:
    """How many states `answers` yields when that many words may answer."""
    return sum(_parts(words, len(asked)) for asked in questions.values())


def answers(
    vectors: WordVectors, questions: Questions, *, method: Method = "3cosadd", among: Ids | None = None
) -> Iterator[Answers]:
    """Answers questions section by section; the last state is the result.

    Args:
        questions: by section. A word counts as known where typing it would find it.
        method: what an answer must have most of; see `queries.analogy`.
        among: (m,) rising row numbers of the words that may be asked and answer; all when None.

    Raises InvalidSetting: an unknown method.
    """
    one_of("analogy method", method, METHODS)
    among = np.arange(len(vectors)) if among is None else among
    done: tuple[SectionAnswers, ...] = ()
    for name, asked in questions.items():
        which, rows = covered(vectors, asked, among)
        race = _Race(vectors, rows, among, method)
        ends = np.linspace(0, len(among), _parts(len(among), len(asked)) + 1).astype(int)
        for start, end in pairwise(ends):
            race.run(int(start), int(end))
            if end < len(among):
                yield Answers(vectors, done)
        done = (*done, SectionAnswers(name, len(asked), which, rows, race.best, race.left_in, race.place))
        vectors.release()
        yield Answers(vectors, done)


def covered(vectors: WordVectors, asked: Sequence[Question], among: Ids | None = None) -> tuple[Int32s, Int32s]:
    """(n,) numbers of the questions whose four words are all known, and (n, 4) their rows.

    A word is looked for as one that is typed, among the allowed rows only: two spaces that may answer with the words
    they share find the same form of it, though one of them may hold others as well.
    """
    allowed = np.ones(len(vectors), dtype=bool)
    if among is not None:
        allowed[:] = False
        allowed[among] = True

    @cache  # a set asks for the same words again and again
    def row(word: str) -> int:
        known = known_row(vectors, word, allowed)
        return -1 if known is None else known

    rows = np.array([[row(word) for word in question] for question in asked], dtype=np.int32).reshape(-1, 4)
    which = np.flatnonzero((rows >= 0).all(axis=1)).astype(np.int32)
    return which, rows[which]


def with_known_answers(
    vectors: WordVectors,
    asked: Sequence[Question],
    right: Sequence[Sequence[str]] | None,
    among: Ids | None = None,
) -> Sequence[Question]:
    """The questions with the first right answer that the vectors hold in place of the first of all.

    Args:
        right: all right answers of each question; None where it has one.
        among: row numbers of the words that may answer; all when None.
    """
    if right is None:
        return asked
    allowed = None
    if among is not None:
        allowed = np.zeros(len(vectors), dtype=bool)
        allowed[among] = True

    @cache
    def known(word: str) -> bool:
        return known_row(vectors, word, allowed) is not None

    answers_held = (next((word for word in words if known(word)), words[0]) for words in right)
    return [(a, b, c, d) for (a, b, c, _), d in zip(asked, answers_held, strict=True)]


def right_by_any(vectors: WordVectors, answered: SectionAnswers, right: Sequence[Sequence[str]]) -> Mask:
    """(n,) bool: the answer of a covered question is one of its right answers.

    Args:
        right: all right answers of each of the section's questions, covered or not.
    """

    @cache
    def row(word: str) -> int | None:
        return known_row(vectors, word)

    found = [best in map(row, right[i]) for i, best in zip(answered.asked, answered.best.tolist(), strict=True)]
    return np.array(found, dtype=bool)


def _parts(words: int, questions: int) -> int:
    return max(1, -(-words * questions // _STATE))


class _Race:
    """The best answers of n questions among the words seen so far.

    Questions with the same a and b differ in c alone, so they lie side by side, and what a and b give to each word's
    score is computed once for all of them. A few questions at a time meet a stretch of words, so that their scores stay
    in the processor's cache. What the stretch cannot change, having no better answer and none above d, is left alone.
    """

    def __init__(self, vectors: WordVectors, rows: Int32s, among: Ids, method: Method) -> None:
        n = len(rows)
        self.vectors, self.rows, self.among, self.method = vectors, rows, among, method
        words, inverse = np.unique(rows, return_inverse=True)  # (U,)
        self.local = inverse.reshape(rows.shape)  # (n, 4)
        self.unit = vectors.unit_rows(words)  # (U, D)
        self.at = np.searchsorted(among, rows)  # (n, 4) places in `among`
        cosines = self.unit @ self.unit.T  # (U, U)
        a, b, c = (cosines[self.local[:, i], self.local[:, 3]] for i in range(3))
        self._score(a, b, c)
        self.goal = c  # (n,) of d
        self.best, self.left_in = np.zeros(n, np.int32), np.zeros(n, np.int32)
        self.place = np.ones(n, np.int32)
        self._scored = {"best": np.full(n, -np.inf, np.float32), "left_in": np.full(n, -np.inf, np.float32)}
        self._order = np.lexsort(self.local.T[2::-1])  # (n,) by a, then b, then c
        self._step = int(np.clip(_CELLS // max(len(words), 1), 256, _STRETCH))
        self._at_once = min(max(1, _ROOM // self._step), n)
        self._room = np.empty(self._at_once * self._step, np.float32)

    def run(self, start: int, end: int) -> None:
        """Sees the words `among[start:end]`."""
        if not len(self.rows):
            return
        for first in range(start, end, self._step):
            candidates = self.among[first : min(first + self._step, end)]  # (m,)
            cosines = self.unit @ self._unit_rows(candidates).T  # (U, m)
            for some in range(0, len(self.rows), self._at_once):
                self._meet(self._order[some : some + self._at_once], candidates, first, cosines)

    def _unit_rows(self, candidates: Ids) -> Floats:
        low, high = int(candidates[0]), int(candidates[-1]) + 1
        return self.vectors.unit_rows(slice(low, high) if high - low == len(candidates) else candidates)  # no copy

    def _meet(self, some: Ids, candidates: Ids, first: int, cosines: Floats) -> None:
        """Lets some questions see some words, the first of which is `among[first]`."""
        n, m = len(some), len(candidates)
        local, goal = self.local[some], self.goal[some]
        scores = self._room[: n * m].reshape(n, m)
        np.take(cosines, local[:, 2], axis=0, out=scores, mode="clip")  # the default mode makes a copy first
        same = np.flatnonzero((local[1:, :2] != local[:-1, :2]).any(axis=1)) + 1  # where another a or b begins
        for low, high in pairwise([0, *same.tolist(), n]):
            a, b = local[low, :2]
            self._score(cosines[a], cosines[b], scores[low:high])
        at = self.at[some] - first
        which, word = np.nonzero((at >= 0) & (at < m))
        here = at[which, word]
        d = word == 3
        scores[which[d], here[d]] = goal[which[d]]  # the same number in both, or rounding would change the place
        winner = scores.argmax(axis=1)
        self._keep("left_in", some, candidates[winner], scores[np.arange(n), winner])
        scores[which[~d], here[~d]] = -np.inf  # the inputs
        again = np.flatnonzero(scores[np.arange(n), winner] == -np.inf)
        winner[again] = scores[again].argmax(axis=1)
        score = scores[np.arange(n), winner]
        self._keep("best", some, candidates[winner], score)
        for i in np.flatnonzero(score > goal):
            self.place[some[i]] += np.count_nonzero(scores[i] > goal[i])

    def _keep(self, kind: str, some: Ids, winner: Ids, score: Floats) -> None:
        better = score > self._scored[kind][some]  # equal ones by row, as in every ranking
        self._scored[kind][some[better]] = score[better]
        getattr(self, kind)[some[better]] = winner[better]

    def _score(self, a: Floats, b: Floats, c: Floats) -> None:
        """Turns cosines to c into scores, given those to a and b; the sum's length, which all share, is left out."""
        if self.method == "3cosadd":
            c += b - a
        else:
            c += 1
            c *= 1 + b
            c /= 2 * (1 + a) + np.float32(4 * MULTIPLICATIVE_EPSILON)
