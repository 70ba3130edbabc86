"""The bank of questions as a test, on the page Teach; whoever takes it can take the answers along."""

from functools import partial

import streamlit as st

from embedlab.teaching import Question, bundled_course
from embedlab.teaching.questions import KINDS
from embedlab.ui import course, shell, turns
from embedlab.ui.spreadsheets import records_to_csv

_DONE = "_bank_done"  # in the session: what was chosen when the test was handed in, by the question's id


def test() -> None:
    """The test, drawn when somebody opens it."""
    questions = bundled_course().questions
    with st.expander(f"Take the test: {len(questions)} questions", on_change="rerun", key="bank") as opened:
        if opened.open:
            _test(questions)


@turns.fragment
def _test(questions: tuple[Question, ...]) -> None:
    done: dict[str, str | None] | None = st.session_state.get(_DONE)
    if done is not None:
        _result(questions, done)
    with st.form("bank_form", border=False):
        for number, question in enumerate(questions, 1):
            label = f"**{number}.** {shell.as_text(question.question)}"
            if done is None:
                course.ask(question, f"bank {question.id}", label)
            else:
                course.explain(question, label, done[question.id])
        st.form_submit_button(
            "Hand in", type="primary", disabled=done is not None, on_click=partial(_hand_in, questions)
        )


def _hand_in(questions: tuple[Question, ...]) -> None:
    st.session_state[_DONE] = {question.id: st.session_state[f"bank {question.id}"] for question in questions}


def _result(questions: tuple[Question, ...], done: dict[str, str | None]) -> None:
    """How many are right, by kind, and the answers as a file."""
    records = answers(questions, done)
    row = st.columns(1 + len(KINDS))
    row[0].metric("Right", f"{_right(records)} of {len(records)}")
    for column, kind in zip(row[1:], KINDS, strict=True):
        some = [record for record in records if record["kind"] == kind]
        column.metric(kind.capitalize(), f"{_right(some)} of {len(some)}")
    with st.container(horizontal=True):
        st.download_button(
            "Answers (CSV)", records_to_csv(records), "test-answers.csv", "text/csv", on_click="ignore",
            icon=":material/download:",
        )  # fmt: skip
        st.button("Start again", on_click=_again, args=(questions,))


def _again(questions: tuple[Question, ...]) -> None:
    del st.session_state[_DONE]
    for question in questions:
        st.session_state.pop(f"bank {question.id}", None)


def answers(questions: tuple[Question, ...], done: dict[str, str | None]) -> list[dict[str, object]]:
    """A row for each question, with what was chosen."""
    return [
        {
            "question id": question.id, "lesson": question.lesson, "kind": question.kind, "question": question.question,
            "given answer": done[question.id] or "", "right answer": question.choices[question.right],
            "is right": done[question.id] == question.choices[question.right],
        }
        for question in questions
    ]  # fmt: skip


def _right(records: list[dict[str, object]]) -> int:
    return sum(bool(record["is right"]) for record in records)
