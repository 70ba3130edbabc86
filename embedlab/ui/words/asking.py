"""Words on a page that can be clicked and asked, whatever is in them: those of a chart, a table, a list.

Each asks where the page asks for words: in a box of its own, or, where it has none, on the page Neighbors.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import streamlit as st
from streamlit.elements.arrow import DataframeState
from streamlit.runtime.scriptrunner import get_script_run_ctx

from embedlab.charts import picks
from embedlab.charts.templates import Spec
from embedlab.ui import shell, widgets
from embedlab.ui.tables import data_table

if TYPE_CHECKING:
    import pyarrow as pa

WORD = "word"  # key of the box for a word, and its name in links: Home and Neighbors hand it to each other
ON_MAP = (picks.PICK, picks.PICK_POINT)  # selections of a map
ON_MATRIX = (picks.PICK, picks.PICK_ROW, picks.PICK_COLUMN)  # of a matrix
_LEAVING = "_asked_elsewhere"  # in the session: a word just clicked, to be asked on the page Neighbors
_ASKED = "_asked_here"  # in the session: that one was just clicked that went into a box of the page
_TURNS = "_turns_of_charts"  # in the session: how many clicks on each chart have asked for a word
_LISTED = 60  # words in a row of buttons
_NOTHING: dict[str, dict[str, list[str]]] = {"selection": {"cells": []}}  # is selected in a table


class Box(NamedTuple):
    """The box of a page that does not always draw it, or not for all words."""

    key: str
    shown_by: Mapping[str, str] = MappingProxyType({})  # inputs, each with the value for which the page draws the box
    refuses: Collection[str] = ()  # words that it would not take, to be asked on the page Neighbors


def ask(word: str, box: str = WORD) -> None:
    """Puts a word into the box, where it is that very word, whatever is in it; for callbacks."""
    st.session_state[box] = word


def pick(word: str, box: Box | str | None = None) -> None:
    """A word was clicked: it is asked in a box of this page, or else on the page Neighbors; for callbacks.

    What can be clicked calls `go` once it is drawn.
    """
    if box is None or (isinstance(box, Box) and word in box.refuses):
        st.session_state[_LEAVING] = word
        return
    if isinstance(box, Box):
        st.session_state.update(box.shown_by)
        box = box.key
    ask(word, box)
    st.session_state[_ASKED] = True


def go(*, here: bool = False) -> None:
    """After what can be clicked: shows a word that was just picked.

    Args:
        here: its box stands in the same part of the page, which has it already.
    """
    if (word := st.session_state.pop(_LEAVING, None)) is not None:
        shell.go_to("7_Neighbors.py", **{WORD: word})
    context = get_script_run_ctx()
    if st.session_state.pop(_ASKED, False) and not here and context is not None and context.fragment_ids_this_run:
        st.rerun()  # the whole page: the box is in another part of it


def chart(
    spec: Spec,
    *,
    alt: str,
    key: str,
    selections: Sequence[str] = (picks.PICK,),
    box: Box | str | None = None,
    here: bool = False,
    asked: Mapping[str, str] = MappingProxyType({}),
    **look: Any,
) -> None:
    """A chart in which a click on a word asks for it.

    Args:
        key: of the chart.
        selections: those of its selections that pick a word, in the field "word".
        box: as for `pick`.
        here: as for `go`.
        asked: what is asked for a mark of another name than its word.
        look: further arguments of `st.vega_lite_chart`.
    """
    turns: dict[str, int] = st.session_state.get(_TURNS, {})
    drawn = f"{key} {turns[key]}" if key in turns else key  # another one, of which nothing is selected

    def chosen() -> None:
        for name in selections:
            points = st.session_state[drawn].selection.get(name)
            if points and (word := points[0]["word"]):  # none for what stands for no word
                pick(asked.get(word, word), box)
                # A second click on a word that is selected would not be told.
                st.session_state[_TURNS] = turns | {key: turns.get(key, 0) + 1}

    st.vega_lite_chart(spec, alt=alt, key=drawn, on_select=chosen, **look)
    go(here=here)


def table(
    rows: "Sequence[Mapping[str, Any]] | pa.Table",
    words: Collection[str],
    *,
    key: str,
    box: Box | str | None = None,
    asked: Sequence[Mapping[str, Any]] = (),
    **look: Any,
) -> None:
    """A table in which a click on a word asks for it; one on a list of words draws them below, to be clicked.

    Args:
        words: columns whose cells are a word, or a list of words, each.
        key: of the table; should name what it shows, so that another one begins with nothing chosen.
        box: as for `pick`.
        asked: the rows with the words themselves, where cells say more than these.
        look: further arguments of `st.dataframe`.
    """

    def cells(state: DataframeState) -> list[str | list[str]]:
        chosen = [(row, column) for row, column in state.selection.cells if column in words]
        if isinstance(rows, Sequence):
            return [(asked or rows)[row][column] for row, column in chosen if row < len(rows)]
        return [rows[column][row].as_py() for row, column in chosen if row < len(rows)]

    def chosen() -> None:
        for cell in cells(st.session_state[key]):
            if isinstance(cell, str):
                pick(cell, box)
                st.session_state[key] = _NOTHING  # a second click on a cell that is selected would not be told

    state = data_table.draw(rows, key=key, on_select=chosen, selection_mode="single-cell", **look)
    for cell in cells(state):
        if not isinstance(cell, str):
            row(cell, key=f"of {key}", box=box)
    go()


def row(words: Iterable[str], *, key: str, box: Box | str | None = None, said: str = "") -> None:
    """A row of words, of which a click on one asks for it.

    Args:
        key: of the row.
        box: as for `pick`.
        said: what they are, in small print before them; Markdown.
    """
    with st.container(horizontal=True, gap="small", key=f"words {key}", vertical_alignment="center"):
        if said:
            st.caption(said, width="content")
        different = list(dict.fromkeys(words))
        for word in different[:_LISTED]:
            name = f"{key}: {word}"
            st.button(widgets.named(word), key=name, type="tertiary", on_click=pick, args=(word, box))
        if more := different[_LISTED:]:
            st.caption(f"and {len(more):,} more", width="content")
    go()


def choose(
    words: Iterable[str],
    key: str,
    box: Box | str | None = WORD,
    *,
    here: bool = False,
    invites: str = "Or choose one of its words",
) -> None:
    """A list of the words of a picture, for who clicks none: the chosen one is asked for, as by a click on it.

    Args:
        words: the most important first.
        key: of the list, this page's alone.
        box: as for `pick`.
        here: as for `go`.
        invites: what stands in it before a word is chosen.
    """

    def ask_chosen() -> None:
        if (word := st.session_state[key]) is not None:
            pick(word, box)
            st.session_state[key] = None

    label = "Words of the picture"
    st.selectbox(
        label,
        list(dict.fromkeys(words)),
        None,
        key=key,
        on_change=ask_chosen,
        placeholder=invites,
        label_visibility="collapsed",
    )
    go(here=here)
