"""Analogy files: Google's sections, MSR's three words and one, BATS's pairs with several right answers."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from embedlab.errors import InvalidText
from embedlab.evaluation.own.lines import Given, Line, NamedFile, fields_of, files_in, lines_in, opened, refused, stem
from embedlab.evaluation.question_sets import Question
from embedlab.vectors.spelling import SEPARATORS

MOST_QUESTIONS = 1_000_000
_ENDINGS = (".txt", ".questions")  # of a folder's files
_TAG = re.compile(r"[A-Z]+\$?_[A-Z]+\$?")  # MSR's kinds: JJ_JJR
_EXAMPLE = "man king woman queen"
_EXPECTED = "four words, or two (a pair) in every line"


class AnalogyQuestions(dict[str, list[Question]]):
    """Questions by section, what `analogy_accuracy` takes.

    Attributes:
        right_answers: of sections whose questions have several, all of each question's, the first first.
    """

    def __init__(
        self,
        sections: Mapping[str, list[Question]],
        right_answers: Mapping[str, Sequence[tuple[str, ...]]] | None = None,
    ) -> None:
        super().__init__(sections)
        self.right_answers = dict(right_answers or {})


def read_analogies(path: Given | Sequence[Given], *, encoding: str | None = None) -> AnalogyQuestions:
    """Questions "a is to b as c is to d" from a file, several files, or all text files of a folder.

    Each file has one of three layouts, told apart by its lines:

    - Google's: four words a line, below ": section" lines; without any, the file is one section. Colons may stand
      between the words: a : b :: c : d.
    - MSR's: three words, a tag such as JJ_JJR that names the section, and the answer; or three words a line in
      NAME.questions, with NAME.answers beside it (a tag and the answer).
    - BATS's: a pair a line, its second side one answer or several between "/". Each two pairs make a question, so that
      50 lines are 2,450 questions; b is the first answer of its pair.

    Args:
        path: of a file or folder; or `NamedFile`s, names and bytes.
        encoding: where the files are not UTF-8 and have no byte-order mark; see `formats.text.encodings.TEXT_CHOICES`.

    Raises:
        InvalidText: no such file, another encoding, no question, too many, or a line that does not fit.
        InvalidSetting: an unknown encoding.
    """
    sections: dict[str, list[Question]] = {}
    right: dict[str, Sequence[tuple[str, ...]]] = {}
    names = []
    for file in files_in(path, _ENDINGS):
        names.append(file.name)
        if file.name.endswith(".answers"):
            continue  # read with its questions
        lines = lines_in(file, encoding)
        if file.name.endswith(".questions") and all(len(_fields(line.text)) == 3 for line in lines):
            found = _with_answers(file, lines, _answers_beside(path, file), encoding)
        elif lines and not lines[0].text.startswith(":") and _are_pairs(lines):
            found, answers = _of_pairs(file.name, lines)
            right |= answers
        else:
            found = _of_fours(file.name, lines)
        for name, questions in found.items():
            sections.setdefault(name, []).extend(questions)
        if (count := sum(map(len, sections.values()))) > MOST_QUESTIONS:
            raise InvalidText(
                f"More than {MOST_QUESTIONS:,} questions ({count:,}) are too many: give some of the files."
            )
    if not any(sections.values()):
        raise InvalidText(f"{', '.join(names)} holds no analogy: write lines such as {_EXAMPLE}")
    return AnalogyQuestions(
        sections, {name: answers for name, answers in right.items() if len(answers) == len(sections[name])}
    )


def _answers_beside(path: Given | Sequence[Given], file: NamedFile) -> NamedFile:
    """NAME.answers of NAME.questions."""
    wanted = f"{stem(file.name)}.answers"
    for given in [path] if isinstance(path, str | Path | NamedFile) else path:
        if isinstance(given, NamedFile):
            if given.name == wanted:
                return given
        else:
            place = Path(given)
            for beside in place.rglob(wanted) if place.is_dir() else [place.with_name(wanted)]:
                if beside.is_file():
                    return opened(beside)
    raise InvalidText(f"{file.name} has questions without answers: put {wanted} beside it.")


def _fields(line: str) -> list[str]:
    """Between tabs; or commas or semicolons, where they part four words; or colons, as in a : b :: c : d; or blanks."""
    if "::" in line:
        return [field.strip() for field in re.split(":+", line)]
    if "\t" in line:
        return [field for field in fields_of(line, "\t") if field]
    for delimiter in filter(line.__contains__, SEPARATORS):
        if len(found := fields_of(line, delimiter)) in (4, 5) and all(found):
            return found
    return line.split()


def _of_fours(name: str, lines: Sequence[Line]) -> dict[str, list[Question]]:
    sections: dict[str, list[Question]] = {}
    section = stem(name)
    for line in lines:
        if (line.text.startswith(":") and len(line.text.split()) != 4) or re.match(r":\s", line.text):
            section = line.text[1:].strip() or section
            sections.setdefault(section, [])
            continue
        words = _fields(line.text)
        here = section
        if len(words) == 5 and _TAG.fullmatch(words[3]):
            here = words.pop(3)
        if len(words) != 4:
            raise refused(name, line, _EXPECTED, _EXAMPLE)
        sections.setdefault(here, []).append((words[0], words[1], words[2], words[3]))
    return sections


def _with_answers(
    file: NamedFile, lines: Sequence[Line], beside: NamedFile, encoding: str | None
) -> dict[str, list[Question]]:
    answers = lines_in(beside, encoding)
    if len(answers) != len(lines):
        raise InvalidText(
            f"{file.name} has {len(lines):,} questions, {beside.name} {len(answers):,} answers: give files "
            "that belong together."
        )
    sections: dict[str, list[Question]] = {}
    for line, answer in zip(lines, answers, strict=True):
        a, b, c = _fields(line.text)
        *tag, d = _fields(answer.text)
        if len(tag) > 1:
            raise refused(beside.name, answer, "a tag and one word", "JJ_JJR rougher")
        sections.setdefault(tag[0] if tag else stem(file.name), []).append((a, b, c, d))
    return sections


def _are_pairs(lines: Sequence[Line]) -> bool:
    return sum(len(_fields(line.text)) == 2 for line in lines) > 0.8 * len(lines)


def _of_pairs(name: str, lines: Sequence[Line]) -> tuple[dict[str, list[Question]], dict[str, list[tuple[str, ...]]]]:
    pairs: list[tuple[str, tuple[str, ...]]] = []
    for line in lines:
        sides = _fields(line.text)
        answers = tuple(dict.fromkeys(answer for answer in sides[-1].split("/") if answer))
        if len(sides) != 2 or not answers:
            raise refused(name, line, "a word, a tab and its answers between “/”", "mouse	mice/rodents")
        pairs.append((sides[0], answers))
    if len(pairs) ** 2 > MOST_QUESTIONS:
        raise InvalidText(f"{name} has {len(pairs):,} pairs, and so too many questions: give at most 1,000 lines.")
    if len(pairs) < 2:
        raise InvalidText(f"{name} has one pair, and a question is made of two: add a line.")
    both = [(left, right) for left in pairs for right in pairs if left is not right]
    questions = [(a, b[0], c, d[0]) for (a, b), (c, d) in both]
    several = any(len(answers) > 1 for _, answers in pairs)
    return {stem(name): questions}, {stem(name): [d for _, (_, d) in both]} if several else {}
