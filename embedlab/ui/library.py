"""The vectors that a visitor can choose from on the Explore pages."""

import streamlit as st

from embedlab.ui import cache
from embedlab.vectors import WordVectors

_OWN = "_own_vectors"


def offer(name: str, vectors: WordVectors) -> None:
    """Adds vectors made in this session (trained, uploaded) to what its Explore pages can choose."""
    st.session_state.setdefault(_OWN, {})[name] = vectors


def choose(key: str = "vectors") -> WordVectors:
    """The vectors to query; a select box where there is more than one kind. The choice is part of the link."""
    own: dict[str, WordVectors] = st.session_state.get(_OWN, {})
    if not own:
        return cache.bundled_vectors()
    name = st.selectbox("Vectors", ["bundled", *own], key=key, bind="query-params")
    return own.get(name) or cache.bundled_vectors()
