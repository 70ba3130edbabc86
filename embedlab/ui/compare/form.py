"""The form of the page Compare: two spaces, a word, and how many neighbors and words."""

from typing import NamedTuple

import streamlit as st

from embedlab.library.bundled import COUNTED
from embedlab.ui import vector_choice
from embedlab.ui.compare.pair import ALL, OPENING, RANKED, shared_word
from embedlab.ui.vector_choice import Loaded
from embedlab.ui.words import asking, word_boxes


class Settings(NamedTuple):
    """What the form holds."""

    first: Loaded
    second: Loaded
    typed: str
    k: int  # neighbors of each word
    ranked: int | str  # most frequent shared words to rank, or `ALL`


def ask() -> Settings:
    """Draws the inputs."""
    first = vector_choice.choice("space_a", "First space")
    second = vector_choice.choice("space_b", "Second space", follows=False, first=COUNTED)
    spaces = (first.vectors, second.vectors)
    word_boxes.begin_with(spaces, {asking.WORD: OPENING}, lambda: [shared_word(*spaces)])
    with st.form("compare"):
        typed = st.text_input(
            "A word",
            OPENING,
            key=asking.WORD,
            bind="query-params",
            help="Capitals do not matter where only one spelling is known.",
        )
        with st.expander("More settings"):
            k = st.slider("Neighbors of each word", 5, 50, 10, 5, key="compare_k", bind="query-params")
            ranked = st.select_slider(
                "Words to rank",
                RANKED,
                2_000,
                key="ranked",
                bind="query-params",
                format_func=lambda count: count if count == ALL else f"{count:,}",
                help="The most frequent shared words. All of them may take a while; you can stop it.",
            )
        st.form_submit_button("Compare", type="primary", width="stretch")
    return Settings(first, second, typed, k, ranked)
