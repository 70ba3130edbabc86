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
    from embedlab.text_sources import TextChoice
    from embedlab.texts import Text
    from embedlab.world import World


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


@st.cache_resource(show_spinner="Reading the text", max_entries=8)
def text(key: str, _choice: "TextChoice") -> "Text":
    """A text to learn from; `key` is `_choice.key`."""
    from embedlab.text_sources import prepare

    return prepare(_choice)


@st.cache_resource(show_spinner=False, max_entries=8)
def world(words: int, seed: int) -> "World":
    """The small world with its truth."""
    from embedlab.world import make_world

    return make_world(words, seed)


@st.cache_resource(show_spinner=False, max_entries=1)
def real_run() -> datasets.Movie:
    """The recorded training run of the bundled vectors."""
    return datasets.movie()
