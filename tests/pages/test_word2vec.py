"""The page Word2vec: it opens with a finished run, obeys its form, and bad texts leave the last result standing."""

from collections.abc import Iterator

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from embedlab.library import bundled
from embedlab.ui.word2vec import maps
from embedlab.ui.word2vec.form import DEFAULTS
from tests.pages.page import alts, checked, open_page, plain, told, wait

PAGE = "pages/4_Word2vec.py"


def synthetic_movie() -> bundled.Movie:
    """Eight words on twelve moments, turning slowly."""
    words = ("king", "queen", "prince", "princess", "man", "woman", "france", "italy")
    groups = ("royalty",) * 4 + ("family",) * 2 + ("countries",) * 2
    start = np.random.default_rng(0).normal(size=(2, 8, 6))
    vectors = np.stack([start[0] * (1 - t) + start[1] * t for t in np.linspace(0, 1, 12)]).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=2, keepdims=True)
    return bundled.Movie(words, groups, np.geomspace(1e5, 1e9, 12).astype(np.int64), vectors)


@pytest.fixture(scope="module")
def opened() -> Iterator[AppTest]:
    """The page, opened once: a rerun costs far less than the first run with its imports."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bundled, "movie", synthetic_movie)
        maps.recorded_run.clear()
        yield run_to_the_end(open_page(PAGE))
    maps.recorded_run.clear()


@pytest.fixture
def page(opened: AppTest) -> AppTest:
    """The page with its form as at first; the next run takes it up."""
    for key, value in (DEFAULTS | {"view": "Map", "pasted": "", "word2vec_go": True}).items():
        opened.session_state[key] = value
    return opened


def run_to_the_end(app: AppTest) -> AppTest:
    """Runs the page until its training is over, which a busy machine may not manage in the first run."""
    return wait(checked(app.run()), lambda: app.metric or app.error)


def figures(app: AppTest) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for metric in app.metric:
        found.setdefault(metric.label, []).append(metric.value)
    return found


def test_it_opens_with_a_finished_run_in_which_queen_is_found(opened: AppTest) -> None:
    page = opened
    assert not page.error
    shown = figures(page)
    assert shown["king − man + woman"] == ["queen · queen"]
    assert len(shown["Loss per pair"][0].split(" · ")) == 2
    assert all(int(value.rstrip("%")) >= 80 for value in shown["Known analogies"][0].split(" · "))
    assert "(K + 1) ln 2 = 4.16" in told(page)
    assert "ln V = ln 230 = 5.44" in told(page)
    assert any("words move on a plane" in alt for alt in alts(page))
    assert all(alts(page))


def test_the_real_run_is_replayed_on_one_plane(page: AppTest) -> None:
    run_to_the_end(page)
    movies = [alt for alt in alts(page) if "million words are read" in alt]
    assert movies == ["A movie of 6 words while 1,000 million words are read."]
    similar = [alt for alt in alts(page) if alt.startswith("Similarities over words read")]
    assert len(similar) == 1
    assert "king – queen" in similar[0]
    assert "any two words" in similar[0]
    vectors = synthetic_movie().vectors
    king_and_queen = np.einsum("sd,sd->s", vectors[:, 0], vectors[:, 1])
    said = next(element.value for element in page.caption if element.value.startswith("king – queen goes"))
    assert f"from {king_and_queen[0]:.2f} to {king_and_queen[-1]:.2f},".replace("-", "−") in said


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        ("Loss", "Loss in nats per pair"),
        ("King and queen", "Similarities"),
        ("Two losses", "full softmax's final neighbors"),
    ],
)
def test_each_view_has_its_picture(page: AppTest, view: str, expected: str) -> None:
    page.session_state["view"] = view
    run_to_the_end(page)
    assert any(expected in alt for alt in alts(page)), alts(page)


def test_the_watched_words_can_be_chosen_and_their_neighbors_are_those_of_their_kind(page: AppTest) -> None:
    page.session_state["view"] = "Near words"
    page.session_state["watched"] = "paris, king apple"
    run_to_the_end(page)
    near = next(frame.value for frame in page.dataframe if "nearest, full softmax" in frame.value.columns)
    assert near["word"].tolist() == ["paris", "king", "apple"]
    assert "queen" in near["nearest, negative sampling"][1].replace("+", "")


def test_words_that_the_text_does_not_have_are_named_and_the_last_result_stays(page: AppTest) -> None:
    run_to_the_end(page)
    page.session_state["watched"] = "king zebra unicorn"
    page.session_state["word2vec_go"] = True
    run_to_the_end(page)
    assert "zebra" in page.error[0].value
    assert "unicorn" in page.error[0].value
    assert figures(page)["king − man + woman"] == ["queen · queen"]


BAD = [
    ("", "no text of your own yet"),
    ("🙂 🙃 " * 50, "No two words"),
    ("king \0 queen " * 50, "is zero"),
    ("yes no. " * 90, "Only 2"),
]


def test_bad_texts_get_a_message_and_the_last_result_stays(page: AppTest) -> None:
    run_to_the_end(page)
    page.session_state["text"] = "own"
    for content, message in BAD:
        page.session_state["word2vec_go"] = True
        page.session_state["pasted"] = content
        run_to_the_end(page)
        assert message in plain(page.error[0].value)
        assert figures(page)["king − man + woman"] == ["queen · queen"], message


def test_an_own_text_is_learned_and_its_words_are_shown_as_text(page: AppTest) -> None:
    page.session_state["text"] = "own"
    page.session_state["pasted"] = "The cat saw the small dog. A dog saw the small bird. The bird saw a cat. " * 40
    page.session_state["engine"] = "gensim"
    run_to_the_end(page)
    assert not page.error
    assert "Known analogies" not in figures(page)
    assert any("Gensim**, V = 7" in element.value for element in page.markdown)


def test_inputs_that_were_changed_wait_for_the_button(page: AppTest) -> None:
    before = figures(run_to_the_end(page))
    page.session_state["passes"] = 1
    page.run()
    assert figures(page) == before


def test_settings_out_of_range_in_a_link_are_refused_in_words(page: AppTest) -> None:
    page.session_state["threshold"] = 1e-9
    run_to_the_end(page)
    assert any("threshold" in error.value for error in page.error)
