"""The Analogies page: its answer, its honesty, and what it says to bad input."""

from functools import partial

import pytest
from streamlit.testing.v1 import AppTest

from embedlab.evaluation.classics import CLASSICS, FAILURES
from embedlab.evaluation.stability import agreement, bundled_resamples, unstable
from embedlab.library.bundled import bundled_vectors
from embedlab.ui.shell import as_text
from embedlab.ui.words import sureness
from embedlab.vectors.measures.sums import most_similar
from embedlab.vectors.queries import Neighbor, analogy, odd_one_out, similarity
from tests.conftest import ROOT
from tests.pages.ngrams import with_ngrams
from tests.pages.page import alts, chart, checked, open_page, plain, press, rows, told

opened = partial(open_page, "pages/8_Analogies.py")


@pytest.fixture
def page() -> AppTest:
    return opened()


def ask(app: AppTest, a: str, b: str, c: str) -> AppTest:
    for key, word in zip("abc", (a, b, c), strict=True):
        app.text_input(key=key).set_value(word)
    return press(app, "Complete it")


def bars(app: AppTest, said: str) -> list[tuple[str, float]]:
    """Words and numbers of a bar chart."""
    return [(row["word"], row["similarity"]) for row in rows(chart(app, said))]


def rounded(ranking: list[Neighbor]) -> list[tuple[str, float]]:
    return [(word, round(score, 4)) for word, score in ranking]


def test_it_opens_with_a_finished_analogy(page: AppTest) -> None:
    vectors = bundled_vectors()
    without = analogy(vectors, ["king", "woman"], ["man"])
    with_inputs = analogy(vectors, ["king", "woman"], ["man"], include_inputs=True)
    assert not page.error
    assert page.metric[0].value == as_text(without[0].word)
    assert page.metric[1].value == f"{without[0].similarity:.2f}"
    assert page.metric[2].value == as_text(with_inputs[0].word)
    assert bars(page, "Inputs left out") == rounded(without)
    assert bars(page, "Inputs left in") == rounded(with_inputs)
    assert f"≈ **{without[0].word}**" in told(page)
    assert all(alts(page))
    assert "an arrow from man to king" in chart(page, "The plane of").alt


def test_another_analogy_by_the_other_method(page: AppTest) -> None:
    page.button_group(key="method").set_value("3CosMul")
    page.slider(key="k").set_value(3)
    page = ask(page, "Spain", " spanish ", "france")
    expected = analogy(bundled_vectors(), ["spanish", "france"], ["spain"], 3, method="3cosmul")
    assert bars(page, "Inputs left out") == rounded(expected)
    assert page.metric[1].label == "3CosMul score"


def test_the_shelf_sets_the_form(page: AppTest) -> None:
    example = FAILURES[0]
    page = press(page, example.title.removesuffix(" : ?"))
    assert [page.text_input(key=key).value for key in "abc"] == list(example[:3])
    assert f"Expected: {example.expected}," in told(page)


def test_the_bundled_vectors_know_every_word_of_the_shelf() -> None:
    bundled_vectors().rows([word for example in (*CLASSICS, *FAILURES) for word in example[:4]])


def test_the_shelf_says_how_it_comes_out(page: AppTest) -> None:
    vectors = bundled_vectors()
    right = sum(analogy(vectors, [b, c], [a], 1)[0].word == d for a, b, c, d, _ in CLASSICS)
    assert f"**{right} of 12 classics**" in told(page)


def test_tables_name_questions_and_answers_as_those_of_evaluate_do(page: AppTest) -> None:
    shelf = page.dataframe[0].value
    assert list(shelf) == ["question", "right answer", "given answer", "rank", "given with inputs left in"]
    vectors = bundled_vectors()
    for (_, row), (a, b, c, right, _) in zip(shelf.iterrows(), (*CLASSICS, *FAILURES), strict=True):
        assert row["question"] == f"{a} : {b} :: {c} : ?"
        assert row["right answer"] == right
        assert row["given answer"] == analogy(vectors, [b, c], [a], 1)[0].word
        assert row["given with inputs left in"] == analogy(vectors, [b, c], [a], 1, include_inputs=True)[0].word
    numbers = page.dataframe[1].value
    for side, include in (("out", False), ("in", True)):
        ranking = analogy(vectors, ["king", "woman"], ["man"], include_inputs=include)
        assert numbers[f"inputs left {side}"].tolist() == [near.word for near in ranking]
        assert numbers[f"score, inputs left {side}"].tolist() == pytest.approx([near.similarity for near in ranking])


BAD = [
    (("", "king", "woman"), "An analogy needs three words: fill in all three boxes."),
    (("man", "man", "woman"), "must be three different words"),
    (("man", "kingg", "wooman"), "“kingg” is not among the 50,000 words. Did you mean king"),
    (("man", "x" * 1_000, "woman"), "“" + "x" * 57 + "...” is not among"),
    (("<img src=x onerror=alert(1)>", "king", "woman"), "“<img src=x onerror=alert(1)>” is not among"),
]


def test_an_answer_is_made_the_third_word_without_a_mouse(page: AppTest) -> None:
    answers = page.selectbox(key="analogy_words")
    ranked = analogy(bundled_vectors(), ["king", "woman"], ["man"])
    assert answers.options[: len(ranked)] == [near.word for near in ranked]
    assert not {"man", "king", "woman"} & set(answers.options), "inputs would make no analogy"
    page = checked(answers.select(ranked[1].word).run())
    assert page.text_input(key="c").value == ranked[1].word
    assert [page.text_input(key=key).value for key in "ab"] == ["man", "king"]
    assert bars(page, "Inputs left out") == rounded(analogy(bundled_vectors(), ["king", ranked[1].word], ["man"]))
    assert page.selectbox(key="analogy_words").value is None


def test_bad_words_are_explained_and_the_last_answer_stays(page: AppTest) -> None:
    page = ask(page, "car", "cars", "dog")
    before = [metric.value for metric in page.metric]
    for words, message in BAD:
        page = ask(page, *words)
        assert as_text(message) in page.error[0].value
        assert [metric.value for metric in page.metric] == before, message
        assert page.text_input(key="b").value == words[1]
    assert not ask(page, "man", "king", "woman").error


def test_it_opens_from_the_menu() -> None:
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60).run()
    app.switch_page("pages/8_Analogies.py")
    assert checked(app.run()).title[0].value == "Is king to man as queen is to woman?"


def test_a_link_restores_the_view() -> None:
    app = opened(a="japan", b="tokyo", c="germany", k="5", method="3CosMul", odd="red green blue dog", pairs="sun moon")
    assert [app.text_input(key=key).value for key in "abc"] == ["japan", "tokyo", "germany"]
    assert len(bars(app, "Inputs left out")) == 5
    assert app.metric[1].label == "3CosMul score"
    assert bars(app, "sun – moon") == [("sun – moon", round(similarity(bundled_vectors(), "sun", "moon"), 4))]
    assert "**dog** does not belong" in told(app)


def test_odd_one_out(page: AppTest) -> None:
    words = ["breakfast", "lunch", "dinner", "car"]
    odd = odd_one_out(bundled_vectors(), words)
    assert f"**{odd}** does not belong" in told(page)
    page.text_input(key="odd").set_value("one, two")
    page = press(page, "Find the odd one")
    assert as_text("at least three different words, not 2") in page.error[0].value
    assert f"**{odd}** does not belong" in told(page)


def test_pairs_of_words(page: AppTest) -> None:
    page.text_area(key="pairs").set_value("dog cat\nking unicornn")
    page = press(page, "Compare")
    assert as_text("“unicornn” is not among") in page.error[0].value
    page.text_area(key="pairs").set_value("dog cat\nKing queen")
    page = press(page, "Compare")
    assert not page.error
    assert {name for name, _ in bars(page, alts(page)[-1])} == {"dog – cat", "king – queen"}


def test_the_code_is_the_source_that_ran(page: AppTest) -> None:
    page.session_state["analogies_tab"] = "The code"
    checked(page.run())
    assert any("def analogy(" in block.value for block in page.code)
    assert any("def plane_through(" in block.value for block in page.code)


def test_a_link_with_an_unknown_word_says_so_and_shows_the_first_example() -> None:
    app = opened(a="xxqq")
    assert "xxqq" in app.error[0].value
    assert app.metric[0].value == "queen"


def test_composed_words_are_asked_like_others_and_said_to_be_so() -> None:
    app, vectors = with_ngrams(opened)
    app = ask(app, "river", "rivers", "lake")
    assert not app.error
    expected = rounded(analogy(vectors, ["rivers", "lake"], ["river"], 10))
    assert bars(app, "Inputs left out") == expected[: len(bars(app, "Inputs left out"))]
    assert app.metric[0].value == expected[0][0]
    said = "“rivers” is not among the 12 words: its vector is composed of its character n-grams."
    assert plain(told(app)).count(said) == 1
    assert "an arrow from river to rivers" in chart(app, "The plane of").alt
    app = ask(app, "river", "pond", "lake")
    assert said not in plain(told(app))


def test_composed_words_in_the_smaller_questions_are_said_too() -> None:
    app, vectors = with_ngrams(opened)
    app.text_area(key="pairs").set_value("river rivers\nlake pond")
    app = press(app, "Compare")
    assert bars(app, "river – rivers" if similarity(vectors, "river", "rivers") > 0 else "lake")
    assert "“rivers” is not among the 12 words" in plain(told(app))
    app.text_input(key="odd").set_value("lakes ponds River")
    app = press(app, "Find the odd one")
    assert "“lakes” and “ponds” are not among" in plain(told(app)) or "“ponds” and “lakes” are not" in plain(told(app))


def test_a_misspelt_word_is_mended_by_a_click(page: AppTest) -> None:
    page = ask(page, "man", "kingg", "woman")
    page = press(page, "king")
    assert not page.error
    assert page.text_input(key="b").value == "king"
    page = press(ask(page, "man", "„kingg“", "woman"), "king")
    assert page.text_input(key="b").value == "king"
    page.text_input(key="odd").set_value("one、two、three、‹breakfastt›")
    page = press(press(page, "Find the odd one"), "breakfast")
    assert not page.error
    assert page.text_input(key="odd").value == "one、two、three、breakfast"


@pytest.mark.parametrize("typed", ["New York", '"new york"', "new_york"])
def test_a_name_that_is_two_words_here_is_mended_by_a_click(page: AppTest, typed: str) -> None:
    page = ask(page, "man", typed, "woman")
    assert "new and york" in plain(page.error[0].value)
    page = press(page, "york")
    assert not page.error
    assert page.text_input(key="b").value == "york"


def test_any_sum_of_words_is_printed_as_vectors_and_answered(page: AppTest) -> None:
    vectors = bundled_vectors()
    assert bars(page, "Nearest to v(king) − v(man) + v(woman)") == rounded(analogy(vectors, ["king", "woman"], ["man"]))
    page.text_input(key="sum").set_value("2*paris - (france - Italy)")
    app = press(page, "Compute it")
    near = most_similar(vectors, [("paris", 2.0), ("france", -1.0), ("italy", 1.0)])
    assert bars(app, "Nearest to 2 · v(paris) − v(france) + v(italy)") == rounded(near)
    app.text_input(key="sum").set_value("paris (rome")
    app = press(app, "Compute it")
    assert as_text("Between “paris” and “(” a sign is missing") in app.error[0].value
    app.text_input(key="sum").set_value("king - breakfastt")
    app = press(app, "Compute it")
    assert as_text("“breakfastt” is not among") in app.error[0].value


def test_two_lists_stand_side_by_side_and_what_is_in_one_only_is_marked(page: AppTest) -> None:
    vectors = bundled_vectors()
    page.text_input(key="left_sum").set_value("nurse - woman")
    page.text_input(key="right_sum").set_value("doctor - man")
    app = press(page, "Compare the lists")
    left, right = (most_similar(vectors, [(a, 1.0), (b, -1.0)]) for a, b in (("nurse", "woman"), ("doctor", "man")))
    assert bars(app, "Nearest to v(nurse) − v(woman)") == rounded(left)
    assert bars(app, "Nearest to v(doctor) − v(man)") == rounded(right)
    both = {near.word for near in left} & {near.word for near in right}
    marked = {row["word"] for row in rows(chart(app, "Nearest to v(nurse)")) if row["marked"]}
    assert marked == {near.word for near in left} - both
    assert f"{len(both)} of 10 words are in both lists" in told(app)
    app.text_input(key="right_sum").set_value("doctor - mann mann")
    app = press(app, "Compare the lists")
    assert app.error
    assert bars(app, "Nearest to v(doctor) − v(man)") == rounded(right)


def test_of_twenty_answers_each_is_looked_for_among_twenty() -> None:
    """Among the ten nearest of a run the last ten of twenty could hardly be."""
    vectors, runs = bundled_vectors(), bundled_resamples()
    answers = [near.word for near in analogy(vectors, ["king", "woman"], ["man"], 20)]
    sure = sureness.of_answers(vectors, answers, ["king", "woman"], ["man"])
    counts = agreement(runs, answers, ["king", "woman"], ["man"], 20)
    assert {word: int(note.split(" in ")[1][0]) for word, note in sure.notes.items()} == counts
    assert sure.hollow == unstable(counts, len(runs))
    assert len(sure.hollow) < len(unstable(agreement(runs, answers, ["king", "woman"], ["man"]), len(runs)))
