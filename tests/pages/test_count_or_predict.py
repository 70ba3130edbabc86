"""The page Count or predict: both ways side by side, and settings that change what is seen."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from embedlab.ui.count_or_predict.form import DEFAULTS
from tests.pages.page import alts, chart, checked, figures, open_page, plain, press, rows, told, wait


@pytest.fixture(scope="module")
def opened() -> AppTest:
    """The page, opened once."""
    return run_to_the_end(open_page("pages/5_Count_or_predict.py"))


@pytest.fixture
def page(opened: AppTest) -> AppTest:
    """The page with its form as at first."""
    first = {"c_word_world": "king", "c_pasted": "", "c_Words_world": "king queen apple pear", "counts_go": True}
    for key, value in (DEFAULTS | first).items():
        opened.session_state[key] = value
    return run_to_the_end(opened)


def run_to_the_end(app: AppTest) -> AppTest:
    """Runs the page until its work is over, which a busy machine may not manage in the first run."""
    return wait(checked(app.run()), lambda: app.metric or app.error)


def test_it_opens_with_both_ways_done(page: AppTest) -> None:
    assert not page.error
    shown = figures(page)
    assert int(shown["Counted, known analogies"].rstrip("%")) >= 95
    assert int(shown["Predicted, known analogies"].rstrip("%")) >= 80
    assert 0 < int(shown["Neighbors in common"].rstrip("%")) <= 100
    said = alts(page)
    assert any(alt.startswith("Counted: queen") for alt in said)
    assert sum(alt.startswith("Predicted: ") for alt in said) == 1
    assert sum(" by " in alt and "king" in alt for alt in said) == 4
    king = {cell["at"]: cell["value"] for cell in rows(chart(page, "Counts, ")) if cell["of"] == "king"}
    assert max(king, key=king.__getitem__) == "the"
    assert "co-occur 0 times" in told(page)


def test_fewer_dimensions_lose_what_more_of_them_know(page: AppTest) -> None:
    page.session_state["c_dims"] = 16
    page.session_state["counts_go"] = True
    run_to_the_end(page)
    assert int(figures(page)["Counted, known analogies"].rstrip("%")) < 90


def test_typed_words_are_found_in_any_capitals_and_quotes(page: AppTest) -> None:
    page.text_input(key="c_word_world").set_value(" “King” ")
    page.text_input(key="c_Words_world").set_value("KING, Queen; pear").run()
    assert not page.error
    assert any(alt.startswith("Counted: queen") for alt in alts(page))
    assert any("king, queen, pear by" in alt for alt in alts(page))


def test_unknown_words_are_named_and_the_last_answer_stays(page: AppTest) -> None:
    page.text_input(key="c_word_world").set_value("kign").run()
    assert "kign" in page.error[0].value
    assert "Still shown: “king”." in plain(told(page))
    assert any(alt.startswith("Counted: queen") for alt in alts(page))
    page.text_input(key="c_word_world").set_value(" ").run()
    assert "Type a word" in page.error[0].value
    page.text_input(key="c_Words_world").set_value("king").run()
    assert any("from 2 to 12" in plain(error.value) for error in page.error)


def test_what_an_own_text_lost_is_said_and_can_be_kept(page: AppTest) -> None:
    page.session_state["c_text"], page.session_state["c_dims"] = "own", 2
    page.session_state["c_pasted"] = "the cat 17 saw 4 of 9 dogs in 1999\n" * 60
    page.session_state["counts_go"] = True
    run_to_the_end(page)
    assert "words with digits (17, 4, 9, 1999)" in plain(page.warning[0].value)
    page.session_state["c_digits"] = page.session_state["counts_go"] = True
    run_to_the_end(page)
    assert not page.error
    assert not page.warning


@pytest.mark.parametrize(("more", "words", "offered"), [("", 7, 2), ("The tree fell.", 9, 8), ("The tree.", 8, 8)])
def test_too_many_dimensions_for_a_small_text_are_refused_with_what_helps(
    page: AppTest, more: str, words: int, offered: int
) -> None:
    page.session_state["c_text"], page.session_state["c_dims"] = "own", 100
    page.session_state["c_pasted"] = f"The cat saw the small dog. A dog saw the small bird. {more} " * 40
    page.session_state["counts_go"] = True
    run_to_the_end(page)
    assert f"the {words} words" in page.error[0].value
    assert f"to {offered}, or" in page.error[0].value
    page.session_state["c_dims"] = offered
    page.session_state["counts_go"] = True
    run_to_the_end(page)
    assert not page.error
    assert figures(page)["Counted, WordSim-353"] == "–"


def test_predicted_vectors_that_have_hardly_parted_are_called_so_and_more_passes_part_them(page: AppTest) -> None:
    words = [f"{a}{b}{c}" for a in "bdfgk" for b in "aeiou" for c in "lmnrst"]  # 150, at random: nothing to be learned
    order = np.random.default_rng(0).integers(0, len(words), 4_000).tolist()
    sentences = [" ".join(words[i] for i in order[at : at + 10]) for at in range(0, 4_000, 10)]
    page.session_state["c_pasted"] = ". ".join(sentences)
    page.session_state["c_text"], page.session_state["c_dims"] = "own", 16
    page.session_state["counts_go"] = True
    run_to_the_end(page)
    assert "4,000 words are few" in told(page)
    press(page, "20 passes: the predicted vectors part")
    run_to_the_end(page)
    assert page.session_state["c_passes"] == 20
    assert page.session_state["c_dims"] == 16
    assert "words are few" not in told(page)
