"""What Home asks for: a word."""

from typing import NamedTuple

import streamlit as st

from embedlab.ui.home import words
from embedlab.ui.words import asking

_FIRST = "_home_first"  # in the session, which keeps its word over midnight: a box does not change by itself


class Settings(NamedTuple):
    """What the box holds."""

    typed: str


def first() -> str:
    """What the box begins with: the word of the day on which the session began."""
    word: str = st.session_state.setdefault(_FIRST, words.word_of(words.today()))
    return word


def todays() -> str:
    """Says that the word in the box is the one of the day; nothing once another is asked."""
    return f"Today’s word is **{first()}**. " if st.session_state.get(asking.WORD, first()) == first() else ""


def ask() -> Settings:
    """Draws the box."""
    return Settings(
        st.text_input(
            "A word",
            first(),
            key=asking.WORD,
            bind="query-params",
            live=True,
            help="Any of 50,000 English words; the answer follows as you type. The bars show **cosine similarity**: 1 "
            "where two vectors point the same way, 0 where they are at right angles.",
        )
    )
