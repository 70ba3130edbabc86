"""Sets of one word or two, of one number or two, with zeros, in another script: every page opens with a result."""

import re

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from embedlab.ui import vector_choice
from embedlab.vectors.word_vectors import WordVectors
from tests.pages.page import alts, charts, finished, open_page, plain, spec, told

WORDS = (
    "river", "lake", "pond", "bridge", "tower", "market", "cellar", "garden", "wall", "gate", "path", "mill", "barn",
    "well",
)  # fmt: skip
RUSSIAN = (
    "река", "озеро", "пруд", "мост", "башня", "рынок", "подвал", "сад", "стена", "ворота", "путь", "мельница", "амбар"
)  # fmt: skip
AWKWARD = [
    "a.b[0]", "quote'd \"x\"", "$x^2$", ":smile:", "**bold**", "<b>tag</b>", "null", "NaN", "2020-01-01", "1e5",
    "1,000", "__proto__", "שלום", "مرحبا", "back\\slash", "50%", "c++", "a&b=c", "#tag", "👨‍👩‍👧", ":red[hot]",
    "new york",
    ",", "a - b",
    "“q”", "and;or", "/c/en/tea", "duck|NOUN", " leading",
]  # fmt: skip
RANDOM = np.random.default_rng(0)
SETS = {
    "one": (WORDS[:1], RANDOM.normal(size=(1, 5))),
    "two": (WORDS[:2], RANDOM.normal(size=(2, 5))),
    "three": (WORDS[:3], RANDOM.normal(size=(3, 5))),
    "line": (WORDS, RANDOM.normal(size=(14, 1))),
    "long line": ([f"word{i}" for i in range(25)], np.array([[(-1.0) ** (i // 6) * (1 + i)] for i in range(25)])),
    "plane": (WORDS, RANDOM.normal(size=(14, 2))),
    "zeros": (WORDS, np.vstack([np.zeros((3, 5)), RANDOM.normal(size=(11, 5))])),
    "one zero": (WORDS, np.vstack([np.zeros((1, 5)), RANDOM.normal(size=(13, 5))])),
    "copies": (WORDS, np.tile(RANDOM.normal(size=(1, 5)), (14, 1))),
    "signs": ((",", ";", '"', "*", "- -", "→"), RANDOM.normal(size=(6, 3))),
    "russian": (RUSSIAN, RANDOM.normal(size=(13, 5))),
}
VIEWS = {
    "7_Neighbors.py": ({}, {"map": "Own axes"}, {"at": "senses"}),
    "8_Analogies.py": ({},),
    "9_Compare.py": ({}, {"space_b": "small"}),
    "10_Evaluate.py": (
        {},
        *({"evaluated": test} for test in ("Similarity", "Bias", "Debiasing", "Your own")),
        *({"evaluated": "Your own", "own_test_example": example} for example in ("Categories", "Analogies")),
        {"evaluated": "Debiasing", "debias_method": "Half-sibling"},
    ),
    "11_Vectors.py": ({},),
    "13_Atlas.py": ({},),
}


def vectors_of(name: str) -> WordVectors:
    words, matrix = SETS[name]
    return WordVectors(words, matrix, source="made by hand")


def opened(file: str, vectors: WordVectors, **link: str) -> AppTest:
    """A page in a session that chose these vectors, which are called “small”."""
    visitor = vector_choice.Visitor()
    vector_choice.holdings().put((visitor.id, "small"), vectors, None, name="small", owner=visitor.id, user=visitor.id)
    state = {"_visitor": visitor, "_own_vectors": {"small": None}}
    chosen = {"space_a": "small"} if "Compare" in file else {"vectors": "small"}
    app = open_page(f"pages/{file}", state, **chosen, **link)
    for stop in ("Stop the map", "Stop ranking", "Stop answering", "Stop removing"):
        finished(app, stop)
    return app


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("file", VIEWS)
def test_every_page_opens_with_a_result(file: str, name: str) -> None:
    for link in VIEWS[file]:
        app = opened(file, vectors_of(name), **link)
        assert [error.value for error in app.error] == [], link
        assert charts(app) or re.search(r"[Nn]earest( words\*\*,)? by cosine", told(app)), link


def test_where_all_vectors_are_zeros_a_sentence_says_so() -> None:
    vectors = WordVectors(WORDS, np.zeros((14, 5)), source="made by hand")
    for file, links in VIEWS.items():
        for link in links:
            app = opened(file, vectors, **link)
            assert [error.value for error in app.error] == [], link
            assert charts(app) or app.info, link
            said = "zeros" in " ".join(info.value for info in app.info)
            assert said == (file in ("7_Neighbors.py", "8_Analogies.py", "9_Compare.py")), link


def test_a_word_that_points_nowhere_is_named_and_not_compared() -> None:
    app = opened("9_Compare.py", vectors_of("zeros"), word="lake")
    assert "“lake” has a vector of zeros in “small”" in app.error[0].value
    assert "Still shown: “bridge”" in plain(told(app))


@pytest.mark.parametrize(
    ("file", "link", "boxes"),
    [
        ("7_Neighbors.py", {"map": "Own axes", "across": "река - озеро"}, ("across", "up")),
        ("7_Neighbors.py", {"map": "Own axes", "up": "пруд - мост"}, ("across", "up")),
        ("8_Analogies.py", {"c": "река"}, ("a", "b", "c")),
    ],
)
def test_a_link_that_names_some_boxes_leaves_the_others_to_words_of_the_set(
    file: str, link: dict[str, str], boxes: tuple[str, ...]
) -> None:
    app = opened(file, vectors_of("russian"), **link)
    assert [error.value for error in app.error] == []
    held = {box: app.text_input(key=box).value for box in boxes}
    assert len({*held.values()}) == len(boxes)
    assert held.items() >= {box: text for box, text in link.items() if box in boxes}.items()


def test_two_numbers_are_drawn_as_they_are() -> None:
    """Neither turned, moved nor scaled, and a unit as long on both axes."""
    vectors = vectors_of("plane")
    app = opened("7_Neighbors.py", vectors)
    drawn = spec(next(chart for chart in charts(app) if chart.alt.startswith("Map of 14 words as they are")))
    layers = [layer["data"].get("values") or [{}] for layer in drawn["layer"]]
    rows = next(rows for rows in layers if "lu" in rows[0])
    places = np.array([vectors[row["word"]] for row in rows])  # (14, 2)
    span, middle = np.ptp(places, axis=0), (places.max(axis=0) + places.min(axis=0)) / 2
    assert [[row["u"], row["v"]] for row in rows] == pytest.approx((places - middle) / span, abs=1e-3)
    lengths = {param["name"]: param["expr"] for param in drawn["params"] if "expr" in param}
    ratio, high = re.fullmatch(r"min\(max\(width - 120, 1\) \* ([^ ]+) \* 1, (.+)\)", lengths["up"]).groups()
    assert lengths["across"] == f"min(max(width - 120, 1), {float(high) / float(ratio):.6g})"
    assert float(ratio) == pytest.approx(span[1] / span[0], rel=1e-4)


def test_one_number_is_drawn_on_a_line() -> None:
    app = opened("7_Neighbors.py", vectors_of("line"))
    assert "Each vector is one number: drawn on a line." in told(app)
    assert app.metric[1].value == "1.00"


def test_where_nothing_is_shared_both_sets_are_shown() -> None:
    app = opened("9_Compare.py", vectors_of("russian"))
    assert "share no word" in app.info[0].value
    assert told(app).count("**Nearest words**, by cosine") == 2


@pytest.fixture(scope="module")
def awkward() -> WordVectors:
    return WordVectors(AWKWARD, np.random.default_rng(1).normal(size=(len(AWKWARD), 8)), source="made by hand")


@pytest.mark.parametrize("word", AWKWARD)
def test_a_word_that_is_shown_can_be_asked_by_a_link_whatever_is_in_it(word: str, awkward: WordVectors) -> None:
    app = opened("7_Neighbors.py", awkward, word=word, map="PCA")
    assert not app.error
    assert app.text_input(key="word").value == word
    assert alts(app)[0].startswith(f"The words nearest to {word} by cosine")
    app = opened("9_Compare.py", awkward, word=word, space_b="small")
    assert not app.error
    assert any(alt.startswith(f"Nearest to {word} in small") for alt in alts(app))
