"""Printable worksheets and their answer keys: stand-alone HTML from the questions that the pages ask."""

from collections.abc import Sequence
from html import escape

from embedlab.teaching.questions import Course, Guess, Lesson, Question

_SHORT = 24  # letters of a choice that may stand beside others: four to a line

_STYLE = """
@page { margin: 18mm; }
body { font: 11pt/1.45 Georgia, "Times New Roman", serif; color: #111; background: #fff; }
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin: 2rem 0 0.5rem; border-bottom: 1px solid #888; }
.who { display: flex; gap: 2rem; } .who span { flex: 1; border-bottom: 1px solid #888; }
section { break-before: page; } section:first-of-type { break-before: auto; }
.asked { break-inside: avoid; margin: 0.9rem 0; } .asked p { margin: 0.2rem 0; }
ul { list-style: none; margin: 0.2rem 0; padding-left: 1.2rem; } li::before { content: "☐ "; }
ul.short { display: grid; grid-template-columns: repeat(auto-fill, minmax(10.4rem, 1fr)); }
li.right { font-weight: bold; } li.right::before { content: "☑ "; }
.line { border-bottom: 1px solid #888; height: 1.7rem; } .why { font-style: italic; }
@media print { body { margin: 0; max-width: none; padding: 0; } }
"""


def worksheet(course: Course, lessons: Sequence[Lesson]) -> str:
    """The questions of these lessons, with room for answers, as an HTML page for printing."""
    return _page("Worksheet", course, lessons, answers=False)


def answer_key(course: Course, lessons: Sequence[Lesson]) -> str:
    """The same page with the right answers marked and explained."""
    return _page("Answer key", course, lessons, answers=True)


def _page(title: str, course: Course, lessons: Sequence[Lesson], *, answers: bool) -> str:
    who = "" if answers else '<p class="who">Name <span></span> Date <span></span></p>\n'
    body = "\n".join(_lesson(course, lesson, answers=answers) for lesson in lessons)
    heading = f"{title}: {', '.join(lesson.title for lesson in lessons) if len(lessons) < 3 else 'word embeddings'}"
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{escape(heading)}</title>\n'
        f'<meta name="viewport" content="width=device-width">\n<style>{_STYLE}</style>\n</head>\n<body>\n'
        f"<h1>{escape(heading)}</h1>\n{who}{body}\n</body>\n</html>\n"
    )


def _lesson(course: Course, lesson: Lesson, *, answers: bool) -> str:
    asked = [_asked(i, question, answers=answers) for i, question in enumerate(course.about(lesson.title), 1)]
    remember = f"<p>{escape(lesson.remember)}</p>" if answers else '<div class="line"></div>'
    return (
        f"<section>\n<h2>{escape(lesson.title)}</h2>\n{_guess(lesson.guess, answers=answers)}\n"
        + "\n".join(asked)
        + f'\n<div class="asked"><p><b>To remember, in one sentence</b></p>{remember}</div>\n</section>'
    )


def _guess(guess: Guess, *, answers: bool) -> str:
    happened = f'<p class="why">{escape(guess.outcome.sentence)}</p>' if answers else '<div class="line"></div>'
    marked = guess.outcome.choice if answers else None
    return (
        f'<div class="asked"><p><b>Guess first.</b> {escape(guess.question)}</p>{_choices(guess.choices, marked)}'
        f"<p>What happened:</p>{happened}</div>"
    )


def _asked(number: int, question: Question, *, answers: bool) -> str:
    why = f'<p class="why">{escape(question.because)}</p>' if answers else ""
    marked = question.right if answers else None
    return (
        f'<div class="asked"><p><b>{number}.</b> {escape(question.question)}</p>'
        f"{_choices(question.choices, marked)}{why}</div>"
    )


def _choices(choices: Sequence[str], marked: int | None) -> str:
    classes = ["right" if i == marked else "choice" for i in range(len(choices))]
    items = (f'<li class="{name}">{escape(choice)}</li>' for name, choice in zip(classes, choices, strict=True))
    form = ' class="short"' if max(map(len, choices)) <= _SHORT else ""
    return f"<ul{form}>{''.join(items)}</ul>"
