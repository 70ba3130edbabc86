"""Every cached thing, keyed by names and numbers. What is returned is shared between visitors: never change it."""

import streamlit as st

from embedlab import datasets
from embedlab.vectors import WordVectors


@st.cache_resource(show_spinner=False)
def bundled_vectors() -> WordVectors:
    """The vectors that ship with the app, with `unit` made ready for the first query."""
    vectors = datasets.bundled_vectors()
    vectors.unit  # noqa: B018  the first visitor should not wait for it
    return vectors
