"""Which labelled sentences the Transfer page trains on: the bundled ones, a download, or a visitor's own table."""

import hashlib
from dataclasses import dataclass

import streamlit as st

from embedlab.lessons.transfer.data.film_reviews import download_polarity, polarity_sentences
from embedlab.lessons.transfer.data.sentence_tables import TableReport, read_table
from embedlab.lessons.transfer.data.sentences import Sentences, bundled_sentences
from embedlab.library.catalogue import downloads_folder
from embedlab.ui import shell, widgets

SOURCES = {"opinions": "Opinions", "reviews": "Film reviews", "own": "Your own table"}  # in links, too
_WANTED = "_film_reviews_wanted"
_HELP = (
    "Labelled sentences. **Opinions** are 1,450, written for embedlab: books, food, places, devices, films. **Film "
    "reviews** are 10,662, the polarity set of Pang and Lee (2005), fetched from NLTK's collection when you ask for it."
)


@dataclass(frozen=True, eq=False)
class Data:
    """What is trained on, and a name for it that says which content it is."""

    key: str
    sentences: Sentences


def choose() -> Data:
    """The chosen sentences, with a download button or an upload; the bundled ones until others are ready."""
    source = widgets.titled("Sentences", SOURCES, key="data", bind="query-params", help=_HELP)
    found = _reviews() if source == "reviews" else _own() if source == "own" else None
    return found or Data("opinions", opinions())


def _reviews() -> Data | None:
    if not st.session_state.get(_WANTED):
        st.caption("Half a megabyte from NLTK’s data collection. Until then the opinions are shown.")
        if not st.button("Download the film reviews"):
            return None
        st.session_state[_WANTED] = True
    found = shell.attempt("film_reviews", lambda: Data("reviews", film_reviews()))
    if found is None:
        st.session_state[_WANTED] = False  # so that the button can be tried again
    return found


def _own() -> Data | None:
    table_help = (
        "One sentence and its label on each line, separated by tab, comma or semicolon. 10 to 50,000 rows, 2 to "
        "20 labels, at most 20 MB, UTF-8. A first line may name the columns `text` and `label`, and `split` for "
        "train, validation and test."
    )
    file = st.file_uploader("A table of texts and labels", ["csv", "tsv", "txt"], key="own_table", help=table_help)
    if file is None:
        st.caption("Until a table is there the opinions are shown.")
        return None
    content = file.getvalue()
    digest = hashlib.sha256(content).hexdigest()
    found = shell.attempt("own_table", lambda: (digest, *sentence_table(digest, content, file.name)))
    if found is None or found[0] != digest:  # an earlier table is still there; this one could not be read
        return None
    _, sentences, report = found
    left_out = f", {report.read - report.kept:,} left out" if report.dropped else ""
    with st.expander(f"{report.kept:,} rows read{left_out}"):
        st.markdown("\n".join(f"- {shell.as_text(line)}" for line in report.lines()))
    return Data(f"own {digest}", sentences)


@st.cache_resource(show_spinner=False, max_entries=1)
def opinions() -> Sentences:
    """The bundled labelled sentences."""
    return bundled_sentences()


@st.cache_resource(show_spinner="Fetching the film reviews", max_entries=1)
def film_reviews() -> Sentences:
    """The film-review polarity set, downloaded once for everybody."""
    return polarity_sentences(download_polarity(downloads_folder()))


@st.cache_resource(show_spinner="Reading the table", max_entries=6)
def sentence_table(digest: str, _data: bytes, name: str) -> tuple[Sentences, TableReport]:
    """A visitor's own table; `digest` is of its content."""
    return read_table(_data, name)
