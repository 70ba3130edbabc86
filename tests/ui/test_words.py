"""Words that can be clicked: shown as they are, whatever is in them, and asked as that very word."""

from collections.abc import Callable
from types import SimpleNamespace

import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from embedlab.ui.words import asking
from tests.pages.page import row_of
from tests.pages.test_small_sets import AWKWARD


def rows_of_words() -> None:
    import streamlit as st

    from embedlab.ui.words import asking

    asking.row(st.session_state["words"], key="odd", box=asking.Box("box", {"view": "box"}), said="Odd")
    if st.session_state.get("view") == "box":
        st.text_input("Box", key="box")


@pytest.mark.parametrize("word", AWKWARD)
def test_a_word_of_a_row_is_shown_as_it_is_and_asked(word: str) -> None:
    app = AppTest.from_function(rows_of_words)
    app.session_state["words"] = ["plain", word, word]
    app.run()
    assert row_of(app, "odd") == ["plain", word.replace("\\", "")]
    assert not app.text_input
    app.button(key=f"odd: {word}").click().run()
    assert not app.exception
    assert app.text_input(key="box").value == word


@pytest.mark.parametrize("arrow", [False, True])
def test_cells_of_tables_are_words_or_lists_of_words(arrow: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{"word": "a, b", "near": ["c", "d,"], "cosine": 0.5}, {"word": "e", "near": ["f"], "cosine": 1.0}]
    drawn: list[list[str]] = []
    picked: list[str] = []
    monkeypatch.setattr(asking, "row", lambda words, **_: drawn.append(list(words)))
    monkeypatch.setattr(asking, "pick", lambda word, box: picked.append(word))
    monkeypatch.setattr(asking, "go", lambda: None)
    state: dict[str, object] = {}
    monkeypatch.setattr(asking.st, "session_state", state)

    def shown(cell: tuple[int, str]) -> bool:
        """Whether the cell stays selected."""
        state["table"] = chosen = SimpleNamespace(selection=SimpleNamespace(cells=[cell]))

        def draw(*_: object, on_select: Callable[[], None], **__: object) -> object:
            on_select()
            return chosen if state["table"] is chosen else SimpleNamespace(selection=SimpleNamespace(cells=[]))

        monkeypatch.setattr(asking.st, "dataframe", draw)
        asking.table(pa.Table.from_pylist(rows) if arrow else rows, ["word", "near"], key="table")
        return state["table"] is chosen

    stays = [shown(cell) for cell in ((0, "word"), (0, "near"), (1, "cosine"), (9, "word"))]
    assert picked == ["a, b"]
    assert drawn == [["c", "d,"]]
    assert stays == [False, True, True, True]


def test_a_chart_whose_word_was_asked_is_another_one_with_nothing_selected(monkeypatch: pytest.MonkeyPatch) -> None:
    state: dict[str, object] = {}
    keys: list[str] = []
    monkeypatch.setattr(asking.st, "session_state", state)

    def draw(word: str | None) -> None:
        def chart(*_: object, key: str, on_select: Callable[[], None], **__: object) -> None:
            keys.append(key)
            points = [{"word": word}]
            state[key] = SimpleNamespace(selection={"pick": points})
            on_select()

        monkeypatch.setattr(asking.st, "vega_lite_chart", chart)
        asking.chart({}, alt="A chart", key="chart", box="box")

    for word in ("a", None, "a"):  # the sum of an analogy is no word
        draw(word)
    assert state["box"] == "a"
    assert keys[0] != keys[1] == keys[2]


def rows_of_two_kinds() -> None:
    import streamlit as st

    from embedlab.ui.words import asking

    asking.row(["elsewhere"], key="asks Neighbors")
    asking.row([f"word {i}" for i in range(70)], key="many", box="box")
    st.text_input("Box", key="box")


def test_each_row_asks_where_it_says_also_below_one_that_asks_elsewhere() -> None:
    app = AppTest.from_function(rows_of_two_kinds).run()
    app.button(key="many: word 3").click().run()
    assert not app.exception
    assert app.text_input(key="box").value == "word 3"
    assert [caption.value for caption in app.caption] == ["and 10 more"]


def rows_and_lists_that_refuse() -> None:
    import streamlit as st

    from embedlab.ui.words import asking

    st.session_state["left"] = []
    asking.shell.go_to = lambda page, **inputs: st.session_state["left"].append((page, inputs))
    box = asking.Box("box", refuses=("given",))
    asking.row(["given", "other"], key="words", box=box)
    asking.choose(["given", "other"], "list", box)
    st.text_input("Box", key="box")


def test_a_word_that_a_box_would_refuse_is_asked_on_neighbors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking.shell, "go_to", asking.shell.go_to)  # put back after what the app does to it
    app = AppTest.from_function(rows_and_lists_that_refuse).run()
    app.button(key="words: other").click().run()
    assert app.text_input(key="box").value == "other"
    assert not app.session_state["left"]
    app.button(key="words: given").click().run()
    assert app.session_state["left"] == [("7_Neighbors.py", {"word": "given"})]
    app.selectbox(key="list").set_value("given").run()
    assert app.session_state["left"] == [("7_Neighbors.py", {"word": "given"})]
    assert app.text_input(key="box").value == "other"
