"""Odd-one-out groups: words that belong together and one that does not (outlier detection)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from embedlab.errors import InvalidText, TooFewWords
from embedlab.evaluation.intervals import Interval, wilson
from embedlab.evaluation.own.lines import (
    Given,
    Line,
    NamedFile,
    all_lines_in,
    delimiter_of,
    fields_of,
    files_in,
    refused,
)
from embedlab.vectors import queries
from embedlab.vectors.spelling import SEPARATORS, known_form
from embedlab.vectors.word_vectors import WordVectors

_EXAMPLE = "apple pear plum hammer"
_ODD = re.compile(r"odd([ _-]?(one|word|one[ _-]out))?|outlier|intruder", re.IGNORECASE)  # headings of a column
_WORD = re.compile(r"(word|item|term|member|group|w)?[ _-]?\d+|(word|item|term|member|group|cluster)s?", re.IGNORECASE)
_SIGNS = rf"\s|{SEPARATORS}"  # between words
_WORDS = re.compile(rf"[^{_SIGNS}]+")
_STARRED = re.compile(rf"(?<![^{_SIGNS}])(\*+[^*{_SIGNS}]+\**|[^*{_SIGNS}]+\*+)(?![^{_SIGNS}])")


class Group(NamedTuple):
    """Two or more words that belong together, and the odd one."""

    words: tuple[str, ...]
    odd: str


class GroupAnswer(NamedTuple):
    """A covered group, and the word that the vectors take for the odd one; all as the vectors hold them."""

    group: Group
    answer: str
    chance: float  # of guessing it: one over the number of words
    margin: float  # cosine to the mean of all: the least of the words that belong together, less the odd one's

    @property
    def is_right(self) -> bool:
        return self.answer == self.group.odd


@dataclass(frozen=True)
class GroupScore:
    """How many odd ones were found."""

    answers: tuple[GroupAnswer, ...]  # of the covered groups: all words known, and different
    total: int

    @property
    def covered(self) -> int:
        return len(self.answers)

    @property
    def accuracy(self) -> Interval:
        """Share of covered groups whose odd one was found, with its 95% interval (Wilson); nan with none covered."""
        if not self.answers:
            return Interval(float("nan"), 0.0, 1.0)
        return wilson(sum(answer.is_right for answer in self.answers) / self.covered, self.covered)

    @property
    def interval(self) -> Interval:
        """The accuracy, under the name that all scores of one's own sets give theirs."""
        return self.accuracy

    @property
    def chance(self) -> float:
        """The accuracy of guessing, in [0, 1]; nan with none covered."""
        return sum(answer.chance for answer in self.answers) / self.covered if self.answers else float("nan")

    @property
    def p_value(self) -> float:
        """How likely at least as many are found by guessing (exact, as groups may differ in size); nan with none."""
        if not self.answers:
            return float("nan")
        chances = np.ones(1)  # of finding 0, 1, … of the groups so far
        for answer in self.answers:
            chances = np.convolve(chances, [1 - answer.chance, answer.chance])
        return min(float(chances[sum(answer.is_right for answer in self.answers) :].sum()), 1.0)

    @property
    def errors(self) -> list[GroupAnswer]:
        """The groups whose odd one was not found."""
        return [answer for answer in self.answers if not answer.is_right]

    def rows(self) -> list[dict[str, Any]]:
        """Every covered group as a row of a table."""
        return [
            {
                "group": ", ".join(answer.group.words),
                "right answer": answer.group.odd,
                "given answer": answer.answer,
                "is right": answer.is_right,
                "margin": round(answer.margin, 4),
            }
            for answer in self.answers
        ]


def read_groups(path: Given | Sequence[Given], *, encoding: str | None = None) -> list[Group]:
    """Groups of words, one a line, from a file, several files, or all text files of a folder.

    Which word is odd, the first of these that a file has says:

    - a heading that calls one column "odd" or "outlier" and the others "word 1", "word 2", …;
    - a star before or behind one word of each line: breakfast cereal* lunch;
    - a bar that parts one word from the others: cereal | breakfast lunch;
    - nothing: the last word of each line is the odd one.

    Fields are between tabs, semicolons, commas, bars or blanks. With one word a line, a file has clusters with their
    outliers below, blank lines between, as in the 8-8-8 set (Camacho-Collados and Navigli 2016): each outlier makes a
    group with its whole cluster.

    Args:
        path: of a file or folder; or `NamedFile`s, names and bytes.
        encoding: where the files are not UTF-8 and have no byte-order mark.

    Raises:
        InvalidText: no such file, another encoding, no group, or a line that does not fit.
        InvalidSetting: an unknown encoding.
    """
    return [group for file in files_in(path) for group in _groups_in(file, encoding)]


def _groups_in(file: NamedFile, encoding: str | None) -> list[Group]:
    every = all_lines_in(file, encoding)
    lines = [line for line in every if line.text]
    delimiter = delimiter_of(lines, 3)
    if delimiter is None:
        return _clusters_and_outliers(file.name, every)
    column = odd_column(fields_of(lines[0].text, delimiter))
    starred = column is None and any(is_starred(line.text) for line in lines)
    groups = []
    for line in lines[column is not None :]:
        words = [word for word in fields_of(line.text.replace("|", delimiter), delimiter) if word not in ("", ":")]
        if column is not None:
            at: int | None = column if column < len(words) else None
        elif starred:
            marked = [i for i, word in enumerate(words) if is_starred(word)]
            at, words = marked[0] if len(marked) == 1 else None, [word.strip("*") for word in words]
        else:
            at = _behind_bar(line.text, delimiter, len(words))
        if at is None:
            raise refused(file.name, line, "words one of which is marked as the odd one", "breakfast cereal* lunch")
        if len(words) < 3 or len(set(words)) < len(words):
            raise refused(file.name, line, "three or more different words, the odd one last", _EXAMPLE)
        groups.append(Group((*words[:at], *words[at + 1 :]), words[at]))
    return groups


def odd_column(fields: Sequence[str]) -> int | None:
    """Which column of a heading is that of the odd words; None where the fields are no heading."""
    odd = [i for i, field in enumerate(fields) if _ODD.fullmatch(field)]
    others = [field for field in fields if _WORD.fullmatch(field)]
    return odd[0] if len(odd) == 1 and len(others) == len(fields) - 1 >= 2 else None


def is_starred(text: str) -> bool:
    """Whether a word of a line has a star at one of its ends."""
    return bool(_STARRED.search(text))


def is_barred(text: str) -> bool:
    """Whether one bar parts one word of a line from several."""
    sides = [len(_WORDS.findall(side)) for side in text.split("|")]
    return len(sides) == 2 and min(sides) == 1 < max(sides)


def _behind_bar(text: str, delimiter: str, words: int) -> int | None:
    """The place of the word that a bar parts from the others, or the last where there is none; None where it is in
    their middle."""
    if delimiter == "|" or "|" not in text.strip("|"):
        return words - 1
    sides = [
        [word for word in fields_of(side, delimiter) if word not in ("", ":")] for side in text.strip("|").split("|")
    ]
    if len(sides) != 2 or 1 not in map(len, sides):
        return None
    return words - 1 if len(sides[1]) == 1 else 0


def _clusters_and_outliers(name: str, lines: Iterable[Line]) -> list[Group]:
    parts: list[list[str]] = [[]]
    for line in lines:
        if line.text:
            parts[-1].append(line.text)
        elif parts[-1]:
            parts.append([])
    parts = [part for part in parts if part]
    if not parts or len(parts) % 2 or any(len(cluster) < 2 for cluster in parts[::2]):
        raise InvalidText(
            f"{name} holds no groups: write three or more words a line, the odd one last, such as {_EXAMPLE}; or one "
            "word a line, those that belong together first, then a blank line and the odd ones."
        )
    return [
        Group(tuple(cluster), odd)
        for cluster, outliers in zip(parts[::2], parts[1::2], strict=True)
        for odd in outliers
    ]


def odd_one_out_accuracy(
    vectors: WordVectors, groups: Sequence[Group], *, beside: Sequence[WordVectors] = ()
) -> GroupScore:
    """How often the word least similar to the mean of its group is the odd one (`queries.odd_one_out`).

    Args:
        groups: words are found as typed ones are; a group with an unknown word is not covered.
        beside: other vectors that must know a group's words, too, so that all are scored on the same groups.

    Raises TooFewWords: no group.
    """

    def known(space: WordVectors, word: str) -> bool:
        form = known_form(space, word)
        return form in space or space.composes(form)

    if not groups:
        raise TooFewWords("There is no group to look at: give at least one.")
    answers = []
    for group in groups:
        asked = (*group.words, group.odd)
        words = [known_form(vectors, word) for word in asked]
        if len(set(words)) < len(words) or not all(
            known(space, word) for space in (vectors, *beside) for word in asked
        ):
            continue
        if not vectors.unit_vectors_of(words).mean(axis=0).any():
            continue  # they point nowhere together
        ranked = queries.closeness_to_mean(vectors, words)
        cosines = dict(ranked)
        margin = min(cosines[word] for word in words[:-1]) - cosines[words[-1]]
        answers.append(GroupAnswer(Group(tuple(words[:-1]), words[-1]), ranked[-1].word, 1 / len(words), margin))
    return GroupScore(tuple(answers), len(groups))
