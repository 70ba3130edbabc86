"""Words that can be clicked: shown as they are, whatever is in them, and asked as that very word."""

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
    monkeypatch.setattr(asking, "go", lambda box: None)
    state: dict[str, object] = {}
    monkeypatch.setattr(asking.st, "session_state", state)

    def shown(cell: tuple[int, str]) -> None:
        state["table"] = SimpleNamespace(selection=SimpleNamespace(cells=[cell]))
        monkeypatch.setattr(asking.st, "dataframe", lambda *_, on_select, **__: on_select())
        asking.table(pa.Table.from_pylist(rows) if arrow else rows, ["word", "near"], key="table")

    for cell in ((0, "word"), (0, "near"), (1, "cosine"), (9, "word")):
        shown(cell)
    assert picked == ["a, b"]
    assert drawn == [["c", "d,"]]
