"""Every cached thing, keyed by names and numbers. What is returned is shared between visitors: never change it."""

import itertools
import threading
import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import streamlit as st

from embedlab import datasets
from embedlab.charts.theme import Theme
from embedlab.tagged import read_tagged
from embedlab.vectors import WordVectors

if TYPE_CHECKING:
    import altair as alt

    from embedlab.analogy_answers import Answers
    from embedlab.charts.film import Film
    from embedlab.charts.gallery import Gallery
    from embedlab.classics import Outcome
    from embedlab.comparison import Alignment, Shared
    from embedlab.learning_curves import LearningCurves
    from embedlab.letter_run import LetterRun
    from embedlab.models.ten_words import Run, TenWordsConfig
    from embedlab.names import NameList
    from embedlab.sentence_tables import TableReport
    from embedlab.sentences import Sentences
    from embedlab.text_sources import TextChoice
    from embedlab.texts import Text
    from embedlab.world import World

_SERIALS: "weakref.WeakKeyDictionary[WordVectors, int]" = weakref.WeakKeyDictionary()
_SERIAL_LOCK, _NEXT = threading.Lock(), itertools.count()


@st.cache_resource(show_spinner=False)
def bundled_vectors() -> WordVectors:
    """The vectors that ship with the app, with `unit` made ready for the first query."""
    vectors = datasets.bundled_vectors()
    vectors.unit  # noqa: B018  the first visitor should not wait for it
    return vectors


@st.cache_resource(show_spinner=False)
def counted_vectors() -> WordVectors:
    """The counted vectors that ship with the app; loaded when somebody chooses them."""
    return datasets.counted_vectors()


@st.cache_resource(show_spinner=False, max_entries=200)
def ten_words_run(sentences: str, config: "TenWordsConfig") -> "Run":
    """A trained run of Ten words."""
    from embedlab.models import ten_words

    return ten_words.run(read_tagged(sentences), config)


@st.cache_resource(show_spinner=False, max_entries=50)
def ten_words_movie(sentences: str, configs: "tuple[TenWordsConfig, ...]", theme: Theme) -> dict[str, Any]:
    """The movie of one run, or of two side by side, as Vega-Lite."""
    from embedlab.charts import movies, ten_words

    runs = [ten_words_run(sentences, config) for config in configs]
    return movies.movie_spec(ten_words.films(runs, theme), theme=theme, param="epoch", unit="epoch")


@st.cache_resource(show_spinner=False, max_entries=50)
def ten_words_gallery(sentences: str, config: "TenWordsConfig", count: int, theme: Theme) -> "Gallery | None":
    """How the runs from the seeds 0 to count - 1 ended."""
    from embedlab.charts import gallery
    from embedlab.models import ten_words

    training = ten_words.follow_many(read_tagged(sentences), config, range(count))
    *_, ended = gallery.gallery(training, theme)
    return ended


@st.cache_resource(show_spinner=False, max_entries=60)
def film(key: str, _film: "Film", theme: Theme, param: str, unit: str) -> "alt.VConcatChart":
    """The movie of a film; `key` says everything that the film depends on."""
    from embedlab.charts import movies

    return movies.learning_movie([_film], theme=theme, param=param, unit=unit)


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


@st.cache_resource(show_spinner=False, max_entries=1)
def opinions() -> "Sentences":
    """The bundled labelled sentences."""
    from embedlab.sentences import bundled_sentences

    return bundled_sentences()


@st.cache_resource(show_spinner="Fetching the film reviews", max_entries=1)
def film_reviews() -> "Sentences":
    """The film-review polarity set, downloaded once for everybody."""
    from embedlab.polarity import download_polarity, polarity_sentences

    return polarity_sentences(download_polarity())


@st.cache_resource(show_spinner="Reading the table", max_entries=6)
def sentence_table(digest: str, _data: bytes, name: str) -> "tuple[Sentences, TableReport]":
    """A visitor's own table; `digest` is of its content."""
    from embedlab.sentence_tables import read_table

    return read_table(_data, name)


@st.cache_resource(show_spinner=False, max_entries=1)
def opinion_curves() -> "LearningCurves | None":
    """The learning curves that the Transfer page opens with; None where they no longer fit the bundled files."""
    from embedlab.bundled_curves import bundled_curves

    return bundled_curves()


@st.cache_resource(show_spinner="Reading the list", max_entries=8)
def own_names(digest: str, _content: str | bytes) -> "NameList":
    """A visitor's own list of names; `digest` is of its content."""
    from embedlab.names import read_names

    return read_names(_content, "your list")


@st.cache_resource(show_spinner="Fetching 32,033 names", max_entries=1)
def makemore_names() -> "NameList":
    """makemore's names, downloaded once for everybody."""
    from embedlab.makemore import makemore_names

    return makemore_names()


@st.cache_resource(show_spinner=False, max_entries=40)
def letters_movie(key: str, theme: Theme, titles: tuple[str, ...], _runs: "tuple[LetterRun, ...]") -> dict[str, Any]:
    """The movie of one run of Letters, or of two side by side, as Vega-Lite; `key` says which."""
    from embedlab.charts import letters, movies

    films = [letters.letters_film(run, title) for run, title in zip(_runs, titles, strict=True)]
    return movies.movie_spec(films, theme=theme)


@st.cache_resource(show_spinner=False, max_entries=8)
def shelf(serial: int, _vectors: WordVectors) -> "list[Outcome]":
    """How the shelf of analogies comes out; `serial` is the vectors'."""
    from embedlab.classics import CLASSICS, FAILURES, fare

    return fare(_vectors, (*CLASSICS, *FAILURES))


@st.cache_resource(show_spinner=False, max_entries=3)  # up to 120 MB and as much again for what is turned
def shared(
    key: str, _spaces: tuple[WordVectors, WordVectors], names: tuple[str, str], most: int
) -> "tuple[Shared, tuple[Alignment, WordVectors]]":
    """What two spaces share, and the first turned onto the second; `key` is of both `serial` numbers."""
    from embedlab.agreement import turn
    from embedlab.comparison import share

    common = share(*_spaces, most)
    return common, turn(common, names)


def serial(vectors: WordVectors) -> int:
    """A number that no other vectors of this process have or had; for keys."""
    with _SERIAL_LOCK:
        return _SERIALS.setdefault(vectors, next(_NEXT))


@st.cache_resource(show_spinner=False, max_entries=1)
def bundled_analogies() -> "Answers | None":
    """The answers that Evaluate opens with; None where they no longer fit the bundled files."""
    from embedlab.bundled_answers import bundled_answers

    return bundled_answers(bundled_vectors())


@st.cache_resource(show_spinner=False, max_entries=40)
def picture(key: str, _make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """A picture as Vega-Lite, put together once; `key` says everything that it depends on."""
    return _make()
