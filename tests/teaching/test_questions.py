"""Questions: the bundled ones are whole and fair, a broken file is refused by name, and what is printed is theirs."""

import copy
import html
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedlab.errors import EmbedlabError, InvalidText
from embedlab.library import bundled
from embedlab.teaching import PLANS, answer_key, bundled_course, read_course, worksheet
from embedlab.teaching.questions import KINDS
from embedlab.ui.menu import MENU

COURSE = bundled_course()
EVERY = [*COURSE.questions, *(lesson.check for lesson in COURSE.lessons if lesson.check not in COURSE.questions)]
RAW: dict[str, Any] = json.loads(bundled.path("questions.json").read_text("utf-8"))
LEARN = [line.title for line in MENU if line.section == "Learn"]


def read(tmp_path: Path, whole: Any) -> None:
    file = tmp_path / "questions.json"
    file.write_text(json.dumps(whole), "utf-8")
    read_course(file)


def refusal(tmp_path: Path, whole: Any) -> str | None:
    """What reading says against a file; anything but an error for the screen fails the test."""
    try:
        read(tmp_path, whole)
    except EmbedlabError as refused:
        return str(refused)
    return None


def test_the_bank_has_eight_of_each_kind_and_four_of_each_lesson() -> None:
    assert Counter(question.kind for question in COURSE.questions) == dict.fromkeys(KINDS, 8)
    assert Counter(question.lesson for question in COURSE.questions) == dict.fromkeys(LEARN, 4)
    for lesson in LEARN:
        assert {question.kind for question in COURSE.questions if question.lesson == lesson} == {*KINDS}


def test_lessons_are_the_course_and_two_pages_more_each_with_a_check_about_a_new_case() -> None:
    assert [lesson.title for lesson in COURSE.lessons] == [*LEARN, "Analogies", "Evaluate"]
    for lesson in COURSE.lessons:
        assert next(line.title for line in MENU if line.file == lesson.page) == lesson.title
        assert lesson.check.lesson == lesson.title
        assert lesson.check.kind == "transfer"
        in_bank = lesson.check in COURSE.questions
        assert in_bank == (lesson.title in LEARN)


def test_neither_place_nor_length_tells_which_choice_is_right() -> None:
    """Of n choices the right one is the longest in 1/n of the questions by chance: here at most 1.5 times as often."""
    places = Counter(question.right for question in EVERY)
    assert max(places.values()) < len(EVERY) / 2
    longest = sum(max(question.choices, key=len) == question.choices[question.right] for question in EVERY)
    assert longest <= 1.5 * sum(1 / len(question.choices) for question in EVERY)


def test_questions_choices_and_ids_are_different_and_explanations_short() -> None:
    for texts in ([question.id for question in EVERY], [question.question for question in EVERY]):
        assert len({*texts}) == len(texts)
    for question in EVERY:
        assert 3 <= len(question.choices) <= 4, question.id
        assert len(re.findall(r"[.!?](?= |$)", question.because)) <= 2, question.id
    for lesson in COURSE.lessons:
        assert len(re.findall(r"[.!?](?= |$)", lesson.remember)) == 1, lesson.title


def test_figures_in_explanations_are_right() -> None:
    because = {question.id: question.because for question in EVERY}
    assert "150,000" in because["lookup-step"]
    assert 500 * 300 == 150_000
    assert 500 * 300 / (30_000 * 300) < 0.02
    assert "1.39" in because["count-pmi"]
    assert "0.72 × 0.40 = 0.29 and 0.65 × 0.95 = 0.62" in because["evaluate-coverage"]
    assert [round(0.72 * 0.40, 2), round(0.65 * 0.95, 2)] == [0.29, 0.62]


def changed(*path: str | int, to: Any) -> dict[str, Any]:
    whole = copy.deepcopy(RAW)
    place: Any = whole
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = to
    return whole


def without_last_question() -> dict[str, Any]:
    return RAW | {"questions": RAW["questions"][:-1]}


@pytest.mark.parametrize(
    ("whole", "said"),
    [
        ([], "must be an object"),
        ({"questions": [], "further": []}, "“lessons” is missing; it must be a list"),
        (changed("questions", 0, "right", to=4), "questions 1: “right” is 4; it must be from 0 to 3"),
        (changed("questions", 0, "right", to=True), "“right” is true; it must be a whole number"),
        (changed("questions", 0, "right", to="1"), "“right” is \"1\"; it must be a whole number"),
        (changed("questions", 1, "kind", to="hard"), "“kind” is “hard”; it must be one of recall, deep, transfer"),
        (changed("questions", 1, "choices", to=["a", "a"]), "2 to 4 different texts"),
        (changed("questions", 1, "choices", to=["a", 1]), "“choices” must be texts"),
        (changed("questions", 1, "question", to=" "), "“question” is empty"),
        (changed("questions", 1, "page", to="99_None.py"), "there is no page “99_None.py”"),
        (changed("questions", 1, "page", to="../streamlit_app.py"), "there is no page"),
        (changed("questions", 1, "parameters", to={"v": 1}), "“parameters” must be texts"),
        (changed("questions", 1, "id", to="lookup-shape"), "two questions have the id “lookup-shape”"),
        (changed("questions", 1, "lesson", to="Cooking"), "of the lesson “"),
        (changed("lessons", 0, "check", to="nothing"), "“check” is “nothing”; it must be the id of a question"),
        (changed("lessons", 0, "check", to="lookup-shape"), "which is of the kind recall; it must be transfer"),
        (changed("lessons", 0, "guess", "outcome", to=-1), "lessons 1, guess: “outcome” is -1"),
        (changed("lessons", 0, "guess", to="?"), "“guess” is \"?\"; it must be an object"),
        (without_last_question(), "the bank has 7 questions of the kind “transfer”; it must have 8"),
    ],
)  # fmt: skip
def test_a_broken_file_is_refused_by_name(tmp_path: Path, whole: Any, said: str) -> None:
    with pytest.raises(InvalidText) as refused:
        read(tmp_path, whole)
    assert said in str(refused.value)
    assert "Correct the file" in str(refused.value)


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\x00", b"{", b"[" * 100_000], ids=["empty", "no text", "cut", "deep"]
)
def test_what_is_no_json_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "questions.json"
    file.write_bytes(content)
    with pytest.raises(InvalidText, match=r"questions\.json is not JSON"):
        read_course(file)
    with pytest.raises(InvalidText, match="cannot be read"):
        read_course(tmp_path / "missing.json")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(data=st.data())
def test_whatever_stands_in_one_place_of_the_file_it_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    whole = copy.deepcopy(RAW)
    place: Any = whole
    while True:  # to any place, however deep
        key = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
        if not (isinstance(place[key], dict | list) and place[key] and data.draw(st.booleans())):
            break
        place = place[key]
    place[key] = data.draw(JSON)
    assert "questions.json" in (refusal(tmp_path_factory.mktemp("questions"), whole) or "questions.json")


def test_a_page_without_a_lesson_is_named() -> None:
    with pytest.raises(InvalidText, match=r"“9_Compare\.py” is no page with a lesson: choose one of 1_Lookup\.py"):
        COURSE.of("9_Compare.py")


def shown(page: str) -> str:
    return html.unescape(page)


def test_a_worksheet_asks_everything_and_tells_nothing() -> None:
    sheet, key = worksheet(COURSE, COURSE.lessons), answer_key(COURSE, COURSE.lessons)
    for question in EVERY:
        for text in (question.question, *question.choices):
            assert text in shown(sheet), question.id
            assert text in shown(key), question.id
        assert question.because in shown(key)
        assert question.because not in shown(sheet)
    for lesson in COURSE.lessons:
        assert lesson.guess.question in shown(sheet)
        assert lesson.guess.outcome.sentence in shown(key)
        assert lesson.guess.outcome.sentence not in shown(sheet)
        assert lesson.remember not in shown(sheet)
    assert 'class="right"' not in sheet
    marked = re.findall(r'<li class="right">(.*?)</li>', key)
    assert len(marked) == len(EVERY) + len(COURSE.lessons)
    assert {question.choices[question.right] for question in EVERY} <= {shown(text) for text in marked}


def test_a_worksheet_stands_alone_prints_and_shows_signs_as_text() -> None:
    sheet = worksheet(COURSE, COURSE.lessons[:1])
    assert "@page" in sheet
    assert "&lt;pad&gt;" in sheet
    assert not re.search(r"https?://|<script|src=", sheet)
    assert COURSE.lessons[1].guess.question not in shown(sheet)


def test_plans_take_the_minutes_that_they_promise_and_open_pages_of_the_menu() -> None:
    assert sorted(PLANS) == [5, 20, 45]
    for minutes, steps in PLANS.items():
        assert sum(step.minutes for step in steps) == minutes
        assert {step.page for step in steps} <= {line.file for line in MENU}
