"""Multiple-choice questions: what a lesson lets guess, see and remember, read from a JSON file and checked.

A bank of 24 questions belongs to the six lessons of the course: eight ask to recall what the page says, eight why it is
so or what would be otherwise, eight are about a case that is on no page.
"""

import json
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from embedlab.errors import InvalidText
from embedlab.library import bundled
from embedlab.places import ROOT

KINDS = ("recall", "deep", "transfer")
T = TypeVar("T")
_FILE = "questions.json"
_EACH = 8  # questions of a kind in the bank
_OF_A_LESSON = 4
_CHOICES = (2, 4)  # at least and at most
_REMEDY = "Correct the file, or take the one that comes with embedlab."


class Outcome(NamedTuple):
    """What really happened, as the answer to a guess."""

    choice: int  # which one came true
    sentence: str  # with the figures that show it


class Guess(NamedTuple):
    """What a page asks before it says what happened."""

    question: str
    choices: tuple[str, ...]
    outcome: Outcome  # with what the page opens with; other settings may have another


class Question(NamedTuple):
    """A question with one right answer."""

    id: str
    lesson: str
    kind: str  # one of KINDS
    question: str
    choices: tuple[str, ...]
    right: int  # which of the choices
    because: str  # why, in a sentence or two
    page: str  # file of the page that shows it, ...
    parameters: Mapping[str, str]  # ... opened with these in its address


class Lesson(NamedTuple):
    """What a page lets guess, remember and answer."""

    title: str
    page: str  # its file
    guess: Guess
    remember: str  # one sentence
    check: Question  # about a new case


class Course(NamedTuple):
    """Everything that is asked."""

    lessons: tuple[Lesson, ...]
    questions: tuple[Question, ...]  # the bank, lesson by lesson

    def of(self, page: str) -> Lesson:
        """The lesson of a page, by its file. Raises InvalidText: it has none."""
        return _found({lesson.page: lesson for lesson in self.lessons}, page, "page with a lesson")

    def about(self, lesson: str) -> list[Question]:
        """The bank's questions about a lesson, and its check where that is none of them."""
        check = [each.check for each in self.lessons if each.title == lesson and each.check not in self.questions]
        return [*(question for question in self.questions if question.lesson == lesson), *check]


@cache
def bundled_course() -> Course:
    """The questions that come with embedlab."""
    return read_course(bundled.path(_FILE))


def read_course(path: Path) -> Course:
    """Reads lessons and questions, and checks them.

    Args:
        path: of a JSON object with the lists `lessons`, `questions` (the bank) and `further` (checks outside the bank).

    Raises InvalidText: names the entry, what is wrong with it and what is allowed.
    """
    try:
        given = json.loads(path.read_bytes())
    except OSError as error:
        raise InvalidText(f"{path.name} cannot be read: {error.strerror}. {_REMEDY}") from error
    except (ValueError, RecursionError) as error:  # no JSON, or no text
        raise InvalidText(f"{path.name} is not JSON: {error}. {_REMEDY}") from error
    whole = _Entry(given, path.name)
    bank, further = ([_question(entry) for entry in whole.entries(name)] for name in ("questions", "further"))
    by_id = {question.id: question for question in (*bank, *further)}
    if len(by_id) < len(bank) + len(further):
        twice = Counter(question.id for question in (*bank, *further)).most_common(1)[0][0]
        raise whole.wrong(f"two questions have the id “{twice}”; each needs its own")
    lessons = tuple(_lesson(entry, by_id) for entry in whole.entries("lessons"))
    kinds = Counter(question.kind for question in bank)
    for what, counts, each in (
        ("kind", {kind: kinds[kind] for kind in KINDS}, _EACH),
        ("lesson", Counter(question.lesson for question in bank), _OF_A_LESSON),
    ):
        for name, count in counts.items():
            if count != each:
                raise whole.wrong(f"the bank has {count} questions of the {what} “{name}”; it must have {each}")
    titles = [lesson.title for lesson in lessons]
    for question in by_id.values():
        if question.lesson not in titles:
            raise whole.wrong(f"“{question.id}” is of the lesson “{question.lesson}”; there are {', '.join(titles)}")
    return Course(lessons, tuple(bank))


class _Entry:
    """An object of the file, whose fields are asked for by name and type."""

    def __init__(self, given: Any, where: str) -> None:
        self.given, self.where = given, where
        if not isinstance(given, dict):
            raise self.wrong("must be an object with named fields")

    def wrong(self, what: str) -> InvalidText:
        return InvalidText(f"{self.where}: {what}. {_REMEDY}")

    def field(self, name: str, kind: type[T], said: str) -> T:
        value = self.given.get(name)
        if not isinstance(value, kind) or isinstance(value, bool):
            shown = "is missing" if name not in self.given else f"is {json.dumps(value, ensure_ascii=False)[:60]}"
            raise self.wrong(f"“{name}” {shown}; it must be {said}")
        return value

    def text(self, name: str) -> str:
        value = self.field(name, str, "a text")
        if not value.strip():
            raise self.wrong(f"“{name}” is empty; it must be a text")
        return value

    def entries(self, name: str) -> "list[_Entry]":
        return [_Entry(each, f"{self.where}, {name} {i}") for i, each in enumerate(self.field(name, list, "a list"), 1)]

    def choices(self) -> tuple[str, ...]:
        given, (least, most) = self.field("choices", list, "a list of texts"), _CHOICES
        if not all(isinstance(each, str) and each.strip() for each in given):
            raise self.wrong("“choices” must be texts")
        if not least <= len(given) <= most or len({*given}) < len(given):
            raise self.wrong(f"“choices” must be {least} to {most} different texts; these are {len(given)}")
        return tuple(given)

    def which(self, name: str, choices: tuple[str, ...]) -> int:
        number = self.field(name, int, "a whole number")
        if not 0 <= number < len(choices):
            raise self.wrong(f"“{name}” is {number}; it must be from 0 to {len(choices) - 1}, the number of a choice")
        return number

    def page(self) -> str:
        file = self.text("page")
        if Path(file).name != file or not (ROOT / "pages" / file).is_file():
            raise self.wrong(f"there is no page “{file[:60]}”; it must be the name of a file in pages/")
        return file


def _question(entry: _Entry) -> Question:
    kind, choices = entry.text("kind"), entry.choices()
    if kind not in KINDS:
        raise entry.wrong(f"“kind” is “{kind[:60]}”; it must be one of {', '.join(KINDS)}")
    parameters = entry.field("parameters", dict, "an object of texts")
    if not all(isinstance(value, str) for value in parameters.values()):
        raise entry.wrong("“parameters” must be texts, as they stand in an address")
    return Question(
        entry.text("id"), entry.text("lesson"), kind, entry.text("question"), choices, entry.which("right", choices),
        entry.text("because"), entry.page(), parameters,
    )  # fmt: skip


def _lesson(entry: _Entry, questions: Mapping[str, Question]) -> Lesson:
    asked = _Entry(entry.field("guess", dict, "an object with named fields"), f"{entry.where}, guess")
    choices = asked.choices()
    outcome = Outcome(asked.which("outcome", choices), asked.text("seen"))
    guess, check = Guess(asked.text("question"), choices, outcome), entry.text("check")
    if check not in questions:
        raise entry.wrong(f"“check” is “{check[:60]}”; it must be the id of a question")
    if questions[check].kind != "transfer":
        raise entry.wrong(f"“check” is “{check}”, which is of the kind {questions[check].kind}; it must be transfer")
    return Lesson(entry.text("title"), entry.page(), guess, entry.text("remember"), questions[check])


def _found(named: Mapping[str, T], name: str, said: str) -> T:
    if name not in named:
        raise InvalidText(f"“{name}” is no {said}: choose one of {', '.join(named)}.")
    return named[name]
