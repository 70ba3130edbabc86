"""Guess, see, remember: what a page asks before it says what happened, and what it asks about a new case at its end.

Guesses and answers stay in the visitor's session and are sent to nobody; the visitor can take them along.
"""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import streamlit as st

from embedlab.teaching import Lesson, Outcome, Question, bundled_course
from embedlab.ui import menu, present, shell, turns
from embedlab.ui.spreadsheets import records_to_csv

_GIVEN = "_course_given"  # in the session: guesses and answers by their keys, in the order in which they were given
_SHOW = "Show me"


class Given(NamedTuple):
    """A guess or an answer; the fields are the columns of the file."""

    lesson: str
    kind: str  # of question, or "guess"
    question: str
    given_answer: str
    right_answer: str  # empty until it is known what happened


def guess(page: str, happened: Callable[[], Outcome | None], *, asked: bool = True) -> None:
    """A line below the title that asks for a guess, and says beside it what happened once there is one.

    Args:
        page: its file.
        happened: what came true with what the page shows; None where that cannot be told yet.
        asked: whether the guess is about what the page shows; it is left out where not.
    """
    if asked:
        with shell.below_title():
            _guess(page, happened)


@turns.fragment
def _guess(page: str, happened: Callable[[], Outcome | None]) -> None:
    lesson, key = bundled_course().of(page), f"guess {page}"
    asked, given = lesson.guess, _given().get(key)
    with st.container(key="guess", horizontal=True, vertical_alignment="center", gap="small"):
        question = f"**Guess first:** {shell.as_text(asked.question)}"
        if given is None:
            st.markdown(question, width="content")
            new = Given(lesson.title, "guess", asked.question, "", "")
            st.pills(
                question, [*asked.choices, _SHOW], key=key, label_visibility="collapsed", wrap=True,
                format_func=shell.as_text,
                on_change=partial(_keep, key, new),
            )  # fmt: skip
            return
        now = happened()
        outcome, usual = (now, "") if now else (asked.outcome, "As the page opens: ")
        shown = asked.choices[outcome.choice]
        right = given.right_answer or shown  # the guess was about the view in which it was made
        if now:
            _given()[key] = given._replace(right_answer=right)
        if right != shown:
            usual = "With what is shown now: "
        said = f"You said “{given.given_answer}”. " if given.given_answer else ""
        verdict = "Yes." if given.given_answer == right else f"It is “{right}”."
        st.markdown(f"{question} {shell.as_text(said + verdict)}  \n{shell.as_text(usual + outcome.sentence)}")


@turns.fragment
def remember(page: str) -> None:
    """The end of a lesson: its sentence, a question about a new case, and how far the visitor has come."""
    lesson, key = bundled_course().of(page), f"check {page}"
    with st.container(key="remember", border=True):
        st.markdown(f"**Remember:** {shell.as_text(lesson.remember)}")
        check, given = lesson.check, _given().get(key)
        label = f"**A new case:** {shell.as_text(check.question)}"
        if given is None:
            new = Given(lesson.title, check.kind, check.question, "", check.choices[check.right])
            ask(check, key, label, partial(_keep, key, new))
        else:
            explain(check, label, given.given_answer, on=page)
        with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
            st.caption(_progress(lesson), width="content")
            if _given():
                st.download_button(
                    "Your guesses and answers (CSV)", _csv(), "guesses-and-answers.csv", "text/csv", type="tertiary",
                    on_click="ignore", icon=":material/download:", key=f"take {page}",
                )  # fmt: skip


def ask(question: Question, key: str, label: str, on_change: Callable[[], None] | None = None) -> str | None:
    """The choices of a question, none of them taken at first; returns the one that is."""
    chosen: str | None = st.radio(
        label, question.choices, None, key=key, format_func=shell.as_text, on_change=on_change
    )
    return chosen


def explain(question: Question, label: str, given: str | None, *, on: str = "") -> None:
    """The choices with the one that was taken and the right one, why, and where it can be seen.

    Args:
        on: file of the page that this stands on: no link leads there.
    """
    lines = [label, *(f"{_mark(question, choice, given)} {shell.as_text(choice)}" for choice in question.choices)]
    st.markdown("  \n".join(lines))
    right = given == question.choices[question.right]
    st.markdown(
        f"**{'Right.' if right else 'Not quite.' if given else 'Not answered.'}** {shell.as_text(question.because)}"
    )
    if question.page == on:
        return
    where = menu.item(question.page)
    st.page_link(
        menu.PAGES / question.page,
        label=f"See it on {where.title}",
        icon=where.icon,
        query_params=dict(question.parameters) | present.kept(),
    )


def _mark(question: Question, choice: str, given: str | None) -> str:
    if choice == question.choices[question.right]:
        return ":green[:material/check_circle:]"
    return ":red[:material/cancel:]" if choice == given else ":material/radio_button_unchecked:"


def _given() -> dict[str, Given]:
    given: dict[str, Given] = st.session_state.setdefault(_GIVEN, {})
    return given


def _keep(key: str, given: Given) -> None:
    if (chosen := st.session_state[key]) is not None:
        _given()[key] = given._replace(given_answer="" if chosen == _SHOW else chosen)


def _progress(lesson: Lesson) -> str:
    """Which lesson of the course this is, and which ones are done: their new cases were answered."""
    course = [line for line in menu.MENU if line.section == "Learn"]
    done = [f"✓ {line.title}" for line in course if f"check {line.file}" in _given()]
    files = [line.file for line in course]
    if lesson.page in files:
        place = f"Lesson {files.index(lesson.page) + 1} of {len(files)}, {len(done)} done"
    else:
        place = f"{len(done)} of {len(files)} lessons done"
    return f"{place}{': ' if done else ''}{', '.join(done)}."


def _csv() -> str:
    return records_to_csv([given._asdict() for given in _given().values()])
