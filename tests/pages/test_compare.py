"""The Compare page: what it computes, what it draws, and what it says to bad input."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from embedlab.comparison.cka import linear_cka
from embedlab.comparison.overlap import MOST_SHARED, neighbor_overlap, share, shared_words
from embedlab.library.bundled import COUNTED, PREDICTED, bundled_vectors, counted_vectors
from embedlab.ui import vector_choice
from embedlab.ui.shell import as_text
from embedlab.vectors.queries import nearest_neighbors
from embedlab.vectors.word_vectors import WordVectors
from tests.conftest import ROOT
from tests.pages.page import alts, chart, checked, labels, open_page, plain, press, rows, told, wait


@pytest.fixture(autouse=True)
def nobodys_sets() -> None:
    vector_choice.holdings.clear()


def opened(**link: str) -> AppTest:
    """The page, opened by a link with these parameters."""
    return ranked(open_page("pages/9_Compare.py", **link))


def with_sets(sets: dict[str, WordVectors], **link: str) -> AppTest:
    """The page in a session that offers sets of its own."""
    app = opened()
    visitor = app.session_state["_visitor"]
    for name, vectors in sets.items():
        vector_choice.holdings().put((visitor.id, name), vectors, None, name=name, owner=visitor.id, user=visitor.id)
    app.session_state["_own_vectors"] = dict.fromkeys(sets)
    ranked(app.run())
    for name, value in link.items():
        app.selectbox(key=name).set_value(value)
    return ranked(app.run())


def ranked(app: AppTest) -> AppTest:
    """The page with the words ranked, which a busy machine may take longer for than a run waits."""
    return wait(checked(app), lambda: app.metric or "Stop ranking" not in labels(app))


def ask(app: AppTest, word: str) -> AppTest:
    app.text_input(key="word").set_value(word)
    return ranked(press(app, "Compare"))


def figure(app: AppTest, label: str) -> str:
    return next(metric.value for metric in app.metric if metric.label.startswith(label))


def test_it_opens_with_both_spaces_that_ship() -> None:
    app = opened()
    first, second = bundled_vectors(), counted_vectors()
    shared = shared_words(first, second)
    overlaps = neighbor_overlap(first, second, 10, shared[:2000])
    assert not app.error
    assert [box.value for box in app.selectbox[:2]] == [PREDICTED, COUNTED]
    assert figure(app, "Mean of ") == f"{np.mean(list(overlaps.values())):.0%}"
    assert figure(app, "Of king’s nearest") == f"{overlaps['king'] * 10:.0f} of 10"
    assert figure(app, "Shared words") == "20,000"
    near = nearest_neighbors(second, "king", 10)
    drawn = rows(chart(app, f"Nearest to king in {COUNTED}"))
    assert [row["word"] for row in drawn] == [n.word for n in near]
    assert sum(row["marked"] for row in drawn) == overlaps["king"] * 10
    counts = [row["words"] for row in rows(chart(app, "Of 2,000 words"))]
    assert counts == np.bincount([round(10 * value) for value in overlaps.values()], minlength=11).tolist()
    assert f"the 100 dimensions of “{COUNTED}” are padded with 40 zeros" in told(app)
    assert all(alts(app))
    table = app.dataframe[-1].value
    assert len(table) == 2000
    assert dict(zip(table["word"], table["overlap"], strict=True)) == pytest.approx(overlaps)
    assert table["overlap"].is_monotonic_increasing


def test_a_try_sets_the_word_and_the_neighbors() -> None:
    app = opened()
    label = next(label for label in labels(app) if label.startswith("Least alike"))
    word = label.removeprefix(as_text("Least alike: "))
    app = ranked(press(app, label))
    assert app.text_input(key="word").value == word
    assert figure(app, f"Of {word}’s nearest") == "0 of 10"
    app = ranked(press(app, "30 neighbors instead of 10: more in common"))
    assert app.slider(key="compare_k").value == 30
    assert figure(app, f"Of {word}’s nearest").endswith("of 30")


BAD = [
    ("", "Type a word"),
    ("citibank", f"“citibank” is in “{PREDICTED}” but not in “{COUNTED}”"),
    ("kingg", "“kingg” is not among the 20,000 words. Did you mean king"),
    ("<b>x</b>", "“<b>x</b>” is not among"),
]


def test_bad_words_are_explained_and_the_last_answer_stays() -> None:
    app = ask(opened(), "Bank")
    assert figure(app, "Of bank’s nearest")
    for typed, message in BAD:
        app = ask(app, typed)
        assert as_text(message) in app.error[0].value
        assert figure(app, "Of bank’s nearest"), typed
    assert not ask(app, "paris").error


def test_a_link_restores_the_view() -> None:
    app = opened(space_a=COUNTED, space_b=PREDICTED, word="paris", compare_k="15", ranked="500")
    assert [box.value for box in app.selectbox[:2]] == [COUNTED, PREDICTED]
    assert figure(app, "Of paris’s nearest").endswith("of 15")
    assert chart(app, "Of 500 words")


def test_links_of_the_time_when_the_sets_had_other_names() -> None:
    app = opened(space_a="counted", space_b="bundled", ranked="500")
    assert [box.value for box in app.selectbox[:2]] == [COUNTED, PREDICTED]
    assert not app.info, "nothing is said to be missing"


def test_a_space_beside_itself_is_told_so_and_not_ranked() -> None:
    app = opened(space_b=PREDICTED)
    assert "are one space: their 50,000 words have the same unit vectors" in app.info[0].value
    assert not app.metric


def test_linear_cka_is_beside_the_agreement() -> None:
    expected = linear_cka(share(bundled_vectors(), counted_vectors(), MOST_SHARED))
    assert figure(opened(), "Linear CKA") == f"{expected:.2f}"


def test_spaces_that_share_nothing_or_nearly_nothing() -> None:
    rng = np.random.default_rng(0)

    def made(*words: str) -> WordVectors:
        return WordVectors(words, rng.normal(size=(len(words), 3)), source="test")

    sets = {"none": made("qqxx", "qqyy"), "one": made("king", "qqyy"), "two": made("queen", "king", "zz zz")}
    app = with_sets(sets, space_b="none")
    assert "share no word" in app.info[0].value
    assert not app.error
    assert sum("**Nearest words**, by cosine" in text.value for text in app.markdown) == 2
    app = with_sets(sets, space_b="one")
    assert "share only the word “king”" in app.info[0].value
    app = with_sets(sets, space_b="two")
    assert not app.error
    assert figure(app, "Of king’s nearest") == "1 of 1"
    assert figure(app, "Mean of ") == "100%"


def test_the_words_that_agree_most_can_be_shown() -> None:
    app = opened()
    app.button_group(key="compare_end").set_value("They agree most on")
    app = ranked(app.run())
    assert (app.dataframe[0].value["overlap"] == 1).all()


def test_vectors_of_one_number_are_drawn_on_a_line() -> None:
    flat = WordVectors(["north", "south", "pole"], np.array([[1.0], [2.0], [-1.0]]), source="")
    other = WordVectors(flat.words, np.array([[1.0], [-2.0], [-1.0]]), source="")
    app = with_sets({"flat": flat, "other": other}, space_a="flat", space_b="other")
    assert not app.error
    assert any(alt.startswith("north and 2 neighbors as both spaces have them") for alt in alts(app))
    assert figure(app, "Mean of ") == "100%"
    assert len(app.dataframe) == 2


def test_a_link_with_an_unknown_word_shows_the_page_as_it_opens() -> None:
    app = opened(word="zzunknown")
    assert as_text("“zzunknown” is not among") in app.error[0].value
    assert "king" in " ".join(metric.label for metric in app.metric)
    assert "Still shown: “king”." in plain(told(app))
    app = ask(ask(opened(), "paris"), "zzunknown")
    assert "Still shown: “paris”." in plain(told(app))
    assert "Of paris’s nearest" in [metric.label for metric in app.metric]
    assert "Still shown" not in told(ask(app, "paris"))


def test_of_several_typed_words_the_page_says_which_one_it_shows() -> None:
    app = opened(word="queen king")
    assert any(metric.label == "Of queen’s nearest" for metric in app.metric)
    assert [info.value for info in app.info if "“queen”" in info.value]
    assert not opened(word="queen").info


def test_a_set_of_ones_own_that_another_page_showed_comes_first() -> None:
    app = AppTest.from_file(str(ROOT / "pages/9_Compare.py"), default_timeout=60)
    app.session_state["_vectors_shown_vectors"] = ("another page", COUNTED)
    assert [box.value for box in ranked(app.run()).selectbox[:2]] == [PREDICTED, COUNTED]
    visitor = app.session_state["_visitor"]
    own = WordVectors(["king", "queen", "man"], np.random.default_rng(0).normal(size=(3, 4)), source="")
    vector_choice.holdings().put((visitor.id, "own"), own, None, name="own", owner=visitor.id, user=visitor.id)
    page = AppTest.from_file(str(ROOT / "pages/9_Compare.py"), default_timeout=60)
    page.session_state["_visitor"], page.session_state["_own_vectors"] = visitor, {"own": None}
    page.session_state["_vectors_shown_vectors"] = ("another page", "own")
    assert [box.value for box in ranked(page.run()).selectbox[:2]] == ["own", COUNTED]
