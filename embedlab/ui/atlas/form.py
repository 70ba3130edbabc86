"""What the page Atlas is asked: which vectors, which word, and what colors are to say."""

from collections.abc import Collection
from typing import NamedTuple

import streamlit as st

from embedlab.atlas import columns
from embedlab.formats import LoadedTable
from embedlab.library.bundled import COUNTED, PREDICTED
from embedlab.ui import shell, vector_choice
from embedlab.ui.vector_choice import Loaded
from embedlab.ui.words import word_boxes
from embedlab.ui.words.asking import WORD
from embedlab.vectors.first_look import telling_words

DISTRICTS, KEPT, COLUMN = "Districts", "Trust", "Column: "
FIRST = "king"
SECOND, NOWHERE = "beside_map", "None"  # key of the choice of a set to whose places words move, and that of none
_LISTED = 100  # values that can be chosen from


OTHER = {PREDICTED: COUNTED, COUNTED: PREDICTED}


class Filter(NamedTuple):
    """Which words of a table are left."""

    column: str
    wanted: Collection[str] | tuple[float, float]


class Settings(NamedTuple):
    """What the form holds."""

    loaded: Loaded
    typed: str
    color: str  # one of the above, the last with the name of a column
    filter: Filter | None = None


def ask() -> Settings:
    """The form, its state in the link."""
    loaded = vector_choice.choice()
    vectors = loaded.vectors
    word_boxes.begin_with(vectors, {WORD: FIRST}, lambda: telling_words(vectors, 1))
    typed = st.text_input(
        "Find a word",
        FIRST,
        key=WORD,
        bind="query-params",
        help="Or click one on the map.",
    )
    table = vectors if isinstance(vectors, LoadedTable) else None
    color = st.selectbox(
        "Colors show",
        [DISTRICTS, KEPT, *(COLUMN + name for name in (table.columns if table else ()))],
        key="color",
        bind="query-params",
        help=f"**{DISTRICTS}**: groups found by k-means. **{KEPT}**: how many of the ten nearest are kept.",
    )
    return Settings(loaded, typed, color, _filter(table) if table and table.columns else None)


def _filter(table: LoadedTable) -> Filter | None:
    """Which of a table's words are left, by one of its columns; None: all."""
    names = list(table.columns)
    column = st.selectbox("Only words by", [None, *names], key="filter", bind="query-params", format_func=_named)
    if column is None:
        return None
    values, label = table.columns[column], shell.as_text(column)
    if columns.are_numbers(values):
        known = [float(value) for value in values if value is not None]
        ends = min(known), max(known)
        if all(value.is_integer() for value in known):  # the slider then steps by whole numbers, such as years
            ends = int(ends[0]), int(ends[1])
        low, high = st.slider(label, *ends, ends, key=f"filter_range_{column}", bind="query-params")
        return Filter(column, (low, high))
    all_values = columns.categories(values)
    few = len(all_values) <= _LISTED
    chosen = st.multiselect(
        label,
        all_values[:_LISTED],
        key=f"filter_values_{column}",
        bind="query-params",
        accept_new_options=not few,
        help=None if few else f"The {_LISTED} most frequent of {len(all_values):,}; type any other as it is written.",
    )
    return Filter(column, frozenset(chosen)) if chosen else None


def _named(column: str | None) -> str:
    return "All words" if column is None else column
