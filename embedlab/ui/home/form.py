"""What Home asks for: a word."""

from typing import NamedTuple

import streamlit as st

from embedlab.ui import widgets


class Settings(NamedTuple):
    """What the box holds."""

    typed: str = "king"


def ask() -> Settings:
    """Draws the box."""
    return Settings(
        st.text_input(
            "A word",
            Settings().typed,
            key=widgets.WORD,
            bind="query-params",
            live=True,
            help="Any of 50,000 English words; the answer follows as you type. The bars show **cosine similarity**: 1 "
            "where two vectors point the same way, 0 where they have nothing in common.",
        )
    )
