"""Every cached thing, keyed by names and numbers. What is returned is shared between visitors: never change it."""

from typing import TYPE_CHECKING

import streamlit as st

from embedlab import datasets
from embedlab.charts.theme import Theme
from embedlab.tagged import read_tagged
from embedlab.vectors import WordVectors

if TYPE_CHECKING:
    import altair as alt

    from embedlab.models.ten_words import Run, TenWordsConfig


@st.cache_resource(show_spinner=False)
def bundled_vectors() -> WordVectors:
    """The vectors that ship with the app, with `unit` made ready for the first query."""
    vectors = datasets.bundled_vectors()
    vectors.unit  # noqa: B018  the first visitor should not wait for it
    return vectors


@st.cache_resource(show_spinner=False, max_entries=200)
def ten_words_run(sentences: str, config: "TenWordsConfig") -> "Run":
    """A trained run of Ten words."""
    from embedlab.models import ten_words

    return ten_words.run(read_tagged(sentences), config)


@st.cache_resource(show_spinner=False, max_entries=50)
def ten_words_gallery(sentences: str, config: "TenWordsConfig", count: int) -> "list[Run]":
    """Runs from the seeds 0 to count - 1, trained at once."""
    from embedlab.models import ten_words

    return ten_words.run_many(read_tagged(sentences), config, range(count))


@st.cache_resource(show_spinner=False, max_entries=50)
def ten_words_movie(sentences: str, configs: "tuple[TenWordsConfig, ...]", theme: Theme) -> "alt.VConcatChart":
    """The movie of one run, or of two side by side."""
    from embedlab.charts import movies, ten_words

    runs = [ten_words_run(sentences, config) for config in configs]
    return movies.learning_movie(ten_words.films(runs, theme), theme=theme, param="epoch", unit="epoch")
