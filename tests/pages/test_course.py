"""Guess, see, remember on the pages with a lesson: nothing is hidden, and what is told is what the page computes."""

import csv
import io
import re
from typing import Any
from urllib.parse import parse_qsl

import pytest
from streamlit.testing.v1 import AppTest

from embedlab.library.bundled import COUNTED
from embedlab.teaching import PLANS, Lesson, bundled_course
from embedlab.ui import course, menu
from embedlab.ui.lookup import outcome
from embedlab.ui.menu import MENU, MenuItem
from embedlab.ui.teach.bank import answers
from tests.conftest import ROOT
from tests.pages.page import charts, checked, finished, open_page, plain, press, told

COURSE = bundled_course()
EVERY = [*COURSE.questions, *(lesson.check for lesson in COURSE.lessons if lesson.check not in COURSE.questions)]
LINKS = {
    f"{page} {sorted(parameters.items())}": (page, dict(parameters))
    for page, parameters in [
        *((question.page, question.parameters) for question in EVERY),
        *((step.page, step.parameters) for steps in PLANS.values() for step in steps),
    ]
}


def opened(lesson: Lesson) -> AppTest:
    return open_page(f"pages/{lesson.page}")


def guess(app: AppTest, lesson: Lesson, choice: str) -> str:
    """Guesses; returns what the page says to it."""
    app.button_group(key=f"guess {lesson.page}").set_value(choice)
    return guessed(checked(app.run()))


def guessed(app: AppTest) -> str:
    return plain(next(text.value for text in app.markdown if text.value.startswith("**Guess first:**")))


def answer(app: AppTest, lesson: Lesson, choice: int) -> AppTest:
    app.radio(key=f"check {lesson.page}").set_value(lesson.check.choices[choice])
    return checked(app.run())


def taken_along(app: AppTest) -> list[dict[str, str]]:
    """What the learner's file holds."""
    given = app.session_state["_course_given"].values()
    assert [button.label for button in app.get("download_button")].count("Your guesses and answers (CSV)") == 1
    return list(csv.DictReader(io.StringIO(course.records_to_csv([each._asdict() for each in given]))))


@pytest.mark.parametrize("lesson", COURSE.lessons, ids=lambda lesson: lesson.title)
def test_a_guess_hides_nothing_and_what_happened_is_what_the_page_computes(lesson: Lesson) -> None:
    app = opened(lesson)
    pictures, figures = len(charts(app)), [metric.label for metric in app.metric]
    assert pictures
    assert figures
    recorded = lesson.guess.outcome
    assert recorded.sentence not in plain(told(app))
    said = guess(app, lesson, "Show me")
    assert recorded.sentence in said
    assert f"It is “{lesson.guess.choices[recorded.choice]}”" in said
    assert "what the page opens with" not in said, "it was computed from what the page shows"
    assert (len(charts(app)), [metric.label for metric in app.metric]) == (pictures, figures)


@pytest.mark.parametrize("lesson", COURSE.lessons, ids=lambda lesson: lesson.title)
def test_a_lesson_ends_with_its_sentence_and_a_new_case_that_is_explained_after_the_answer(lesson: Lesson) -> None:
    app, check = opened(lesson), lesson.check
    assert lesson.remember in plain(told(app))
    assert check.because not in plain(told(app))
    wrong = (check.right + 1) % len(check.choices)
    answer(app, lesson, wrong)
    assert f"**Not quite.** {check.because}" in plain(told(app))
    last = taken_along(app)[-1]
    assert (last["given_answer"], last["right_answer"]) == (check.choices[wrong], check.choices[check.right])
    app = answer(opened(lesson), lesson, check.right)
    assert f"**Right.** {check.because}" in plain(told(app))


@pytest.mark.parametrize("lesson", COURSE.lessons, ids=lambda lesson: lesson.title)
def test_no_answer_leads_to_the_page_that_it_stands_on(lesson: Lesson) -> None:
    app = answer(opened(lesson), lesson, 0)
    shown = [link.proto.label for link in app.get("page_link")]
    there = menu.item(lesson.check.page).title
    assert (f"See it on {there}" in shown) == (lesson.check.page != lesson.page)


def test_a_right_guess_and_a_wrong_one_are_told_apart_and_go_into_the_file() -> None:
    lesson = COURSE.of("1_Lookup.py")
    choices, right = lesson.guess.choices, lesson.guess.outcome.choice
    app = opened(lesson)
    assert f"You said “{choices[right]}”. Yes." in guess(app, lesson, choices[right])
    app = opened(lesson)
    assert f"You said “{choices[0]}”. It is “{choices[right]}”." in guess(app, lesson, choices[0])
    answer(app, lesson, lesson.check.right)
    rows = taken_along(app)
    assert [row["kind"] for row in rows] == ["guess", "transfer"]
    assert (rows[0]["given_answer"], rows[0]["right_answer"]) == (choices[0], choices[right])


def test_what_happened_follows_the_settings() -> None:
    app = open_page("pages/1_Lookup.py", lines="cat", others="")
    said = guess(app, COURSE.of("1_Lookup.py"), "one")
    assert "1 of 2 rows change" in said
    app = open_page("pages/8_Analogies.py", a="france", b="paris", c="italy")
    assert COURSE.of("8_Analogies.py").guess.outcome.sentence in guess(app, COURSE.of("8_Analogies.py"), "10")

    app = finished(open_page("pages/6_Transfer.py", pretrained=COUNTED))
    said = guess(app, COURSE.of("6_Transfer.py"), "alike")
    assert "Their cosine is" in said
    assert COURSE.of("6_Transfer.py").guess.outcome.sentence not in said, "other vectors, another cosine"


OTHER_VIEWS = {
    "3_Letters.py": {"source": "english"},
    "4_Word2vec.py": {"text": "news"},
    "5_Count_or_predict.py": {"c_text": "news"},
    "8_Analogies.py": {"vectors": COUNTED},
    "10_Evaluate.py": {"evaluated": "Similarity"},
}


@pytest.mark.parametrize("page", OTHER_VIEWS)
def test_a_guess_about_another_text_or_other_vectors_is_not_asked(page: str) -> None:
    app = open_page(f"pages/{page}", OTHER_VIEWS[page])
    assert not [info.value for info in app.info if "Ignored" in info.value]
    assert COURSE.of(page).guess.question not in plain(told(app))


def test_the_outcome_of_ten_words_is_of_the_runs_that_are_shown() -> None:
    lesson = COURSE.of("2_Ten_words.py")
    app = opened(lesson)
    assert guess(app, lesson, "the same company").endswith(lesson.guess.outcome.sentence)
    app = finished(press(app, "Learning rate 30"))
    said = guessed(app)
    assert lesson.guess.outcome.sentence not in said
    assert re.search(r"In \d+ of 16 runs", said)
    assert "nan" not in said


def test_a_guess_is_about_the_view_in_which_it_was_made_and_another_view_is_told_as_such() -> None:
    lesson = COURSE.of("1_Lookup.py")
    app = open_page("pages/1_Lookup.py")
    said = guess(app, lesson, "those looked up")
    assert "Yes." in said
    assert taken_along(app)[0]["right_answer"] == "those looked up"
    app.text_area(key="lines").set_value("cat dog\ncat")
    app.text_input(key="others").set_value("")
    app.toggle(key="pad").set_value(False)
    press(app, "Look up")
    assert "You said “those looked up”. Yes." in guessed(app)
    assert "With what is shown now: " in guessed(app)
    assert taken_along(app)[0]["right_answer"] == "those looked up"


def test_where_it_cannot_be_told_it_is_that_of_the_first_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outcome, "happened", lambda found: None)
    lesson = COURSE.of("1_Lookup.py")
    said = guess(open_page("pages/1_Lookup.py", lines="cat"), lesson, "all")
    assert f"As the page opens: {lesson.guess.outcome.sentence}" in said


def test_the_course_keeps_a_tick_for_each_lesson_and_all_answers_while_pages_change() -> None:
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=120).run()
    for number, lesson in enumerate(COURSE.lessons[:2], 1):
        app = checked(app.switch_page(f"pages/{lesson.page}").run())
        guess(app, lesson, "Show me")
        answer(app, lesson, 0)
        assert f"Lesson {number} of 6, {number} done: " in told(app)
    assert "✓ Lookup, ✓ Ten words" in told(app)
    app = checked(app.switch_page(f"pages/{COURSE.lessons[0].page}").run())
    assert COURSE.lessons[0].guess.outcome.sentence in guessed(app), "it is not asked again"
    assert not app.radio
    assert len(taken_along(app)) == 4


@pytest.mark.parametrize("link", LINKS)
def test_every_link_of_a_question_or_a_plan_opens_what_it_names(link: str) -> None:
    page, parameters = LINKS[link]
    app = finished(open_page(f"pages/{page}", **parameters))
    assert not app.error
    assert not [text.value for text in app.info if "Ignored" in text.value]
    assert charts(app)


def test_a_plan_links_its_views_presented_or_not() -> None:
    app = open_page("pages/12_Teach.py", minutes="45")
    assert queries(app)["**Ten words**"] == {
        "second": "true", "first_seed": "11", "second_seed": "48", "present": "true",
    }  # fmt: skip
    assert len(queries(app)) == len(PLANS[45])
    app.toggle(key="presented").set_value(False)
    assert "present" not in queries(checked(app.run()))["**Ten words**"]
    assert len(queries(open_page("pages/12_Teach.py"))) == len(PLANS[5])


def queries(app: AppTest) -> dict[str, dict[str, str]]:
    """Parameters of the links on a page, by their labels."""
    return {link.proto.label: dict(parse_qsl(link.proto.query_string)) for link in app.get("page_link")}


def test_the_bank_is_a_test_for_whoever_opens_it_with_a_score_by_kind_and_a_file() -> None:
    app = open_page("pages/12_Teach.py")
    assert not app.radio, "nobody has to take it"
    app = open_page("pages/12_Teach.py", state={"bank": True})
    assert len(app.radio) == len(COURSE.questions)
    for question in COURSE.questions:
        if question.kind == "recall":
            app.radio(key=f"bank {question.id}").set_value(question.choices[question.right])
        if question.kind == "deep":
            app.radio(key=f"bank {question.id}").set_value(question.choices[question.right - 1])
    press(app, "Hand in")
    shown = {metric.label: metric.value for metric in app.metric}
    assert shown == {"Right": "8 of 24", "Recall": "8 of 8", "Deep": "0 of 8", "Transfer": "0 of 8"}
    for question in COURSE.questions:
        assert question.because in plain(told(app))
    assert told(app).count("**Not answered.**") == 8
    assert "Answers (CSV)" in [button.label for button in app.get("download_button")]
    press(app, "Start again")
    assert not app.metric
    assert all(radio.value is None for radio in app.radio)


def test_the_file_of_the_test_has_a_row_for_each_question() -> None:
    done: dict[str, str | None] = {question.id: None for question in COURSE.questions}
    first = COURSE.questions[0]
    done[first.id] = first.choices[first.right]
    rows: list[dict[str, Any]] = answers(COURSE.questions, done)
    assert [row["question id"] for row in rows] == [question.id for question in COURSE.questions]
    assert [row["is right"] for row in rows] == [True] + [False] * 23
    assert rows[1]["given answer"] == ""


@pytest.mark.parametrize("line", [line for line in MENU if line.section], ids=lambda line: line.title)
def test_a_presented_page_has_no_tabs_of_numbers_and_code_and_leads_on(line: MenuItem) -> None:
    app = open_page(f"pages/{line.file}", present="true")
    finished(app)
    assert "The code" not in [tab.label for tab in app.tabs]
    assert not [text.value for text in app.info if "Ignored" in text.value]
    forward = {label: query for label, query in queries(app).items() if label.startswith("Next: ")}
    assert [query.get("present") for query in forward.values()] == ["true"] * (line.title != "Teach")
    press(app, "Leave")
    assert "present" not in app.query_params
    assert "Leave" not in [button.label for button in app.button]


LEFT_OUT = [
    ("2_Ten_words.py", "ten_words_tab", ["One step", "Numbers", "The code", "Download"], {"step_number": "7"}),
    ("4_Word2vec.py", "word2vec_tab", ["Numbers", "The code", "Download"], {}),
]


@pytest.mark.parametrize(("page", "key", "tabs", "others"), LEFT_OUT, ids=[page for page, *_ in LEFT_OUT])
def test_a_tab_that_a_presented_page_leaves_out_is_not_asked_for_in_vain(
    page: str, key: str, tabs: list[str], others: dict[str, str]
) -> None:
    for tab in tabs:
        app = finished(open_page(f"pages/{page}", present="true", **others, **{key: tab}))
        assert not [text.value for text in app.info if "Ignored" in text.value], tab
        assert not {*tabs} & {shown.label for shown in app.tabs}
    app = finished(open_page(f"pages/{page}", present="true", **{key: "Nothing"}))
    assert any(f"{key}=Nothing" in plain(text.value) for text in app.info)


def test_other_values_of_present_are_named_as_ignored() -> None:
    app = open_page("pages/1_Lookup.py", present="maybe")
    assert "present=maybe" in plain(app.info[0].value)
    assert "Leave" not in [button.label for button in app.button]
