"""Home: an answer is there when it opens, and bad input leaves it there."""

from functools import partial
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from embedlab.library.bundled import bundled_vectors
from embedlab.ui.menu import MENU
from embedlab.vectors.queries import nearest_neighbors
from tests.pages.page import charts, open_page, plain, press, rows

opened = partial(open_page, "pages/0_Home.py")


@pytest.fixture
def app() -> AppTest:
    return opened()


def bars(app: AppTest) -> list[str]:
    """Words of the first chart, nearest first."""
    return [row["word"] for row in rows(charts(app)[0])]


def nearest(word: str) -> list[str]:
    return [n.word for n in nearest_neighbors(bundled_vectors(), word, 10)]


def test_it_opens_with_an_answer_and_all_lessons(app: AppTest) -> None:
    assert not app.error
    assert app.text_input[0].value == "king"
    assert bars(app) == nearest("king")
    assert any("king − man + woman ≈ **queen**" in text.value for text in app.markdown)
    shown = {text.value for text in app.markdown}
    assert {line.question for line in MENU if line.section} <= shown


def test_a_word_is_looked_up(app: AppTest) -> None:
    app.text_input[0].set_value("  violin ").run()
    assert bars(app) == nearest("violin")
    assert not app.error


def test_an_unknown_word_says_so_and_keeps_the_last_answer(app: AppTest) -> None:
    app.text_input[0].set_value("violin").run()
    for typed in ("violinn", "x" * 1_000, "<img src=x onerror=alert(1)>", "$x$", "qqqq two"):
        app.text_input[0].set_value(typed).run()
        assert not app.exception, typed
        assert len(app.error) == 1, typed
        assert "50,000 words" in plain(app.error[0].value)
        assert bars(app) == nearest("violin"), typed


def test_of_several_words_the_first_is_shown_and_where_they_are_compared(app: AppTest) -> None:
    app.text_input[0].set_value("paris guitar").run()
    assert not app.error
    assert "page Neighbors" in app.info[0].value
    assert bars(app) == nearest("paris")


def test_capitals_do_not_matter(app: AppTest) -> None:
    for typed in ("Paris", "PARIS "):
        app.text_input[0].set_value(typed).run()
        assert not app.error
        assert bars(app) == nearest("paris")


def test_a_word_that_is_being_typed_is_no_error_and_a_click_ends_it(app: AppTest) -> None:
    app.text_input[0].set_value("violin").run()
    app.text_input[0].set_value("Guita").run()
    assert not app.error
    assert any("These begin so" in text.value for text in app.markdown)
    assert bars(app) == nearest("violin")
    press(app, "guitar")
    assert bars(app) == nearest("guitar")


def test_near_spellings_are_suggested_and_a_click_asks_for_them(app: AppTest) -> None:
    app.text_input[0].set_value("Violinn").run()
    assert "violin" in app.error[0].value
    press(app, "violin")
    assert not app.error
    assert bars(app) == nearest("violin")


def test_an_empty_box_asks_for_a_word_and_keeps_the_last_answer(app: AppTest) -> None:
    app.text_input[0].set_value("violin").run()
    app.text_input[0].set_value(" ").run()
    assert not app.exception
    assert not app.error
    assert "Type a word" in app.info[0].value
    assert bars(app) == nearest("violin")


def test_the_link_restores_the_word() -> None:
    app = opened(word="violin")
    assert app.text_input[0].value == "violin"
    assert bars(app) == nearest("violin")


def test_the_file_that_the_app_was_started_with_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "my*set.txt").write_text("cat 1 2\ndog 3 4\n")
    monkeypatch.setenv("EMBEDLAB_FILE", str(tmp_path / "my*set.txt"))
    app = opened()
    (said,) = (plain(box.value) for box in app.info)
    assert said.startswith("my*set.txt is open")
    assert str(tmp_path) not in said
