"""Which labeled sentences the Transfer page trains on: the bundled ones, a download, or a visitor's own table."""

from dataclasses import dataclass

import streamlit as st

from embedlab.lessons.transfer.data.film_reviews import WANTED, download_polarity, polarity_sentences
from embedlab.lessons.transfer.data.sentences import Sentences, bundled_sentences
from embedlab.library.catalogue import downloads_folder
from embedlab.ui import jobs, shell, widgets
from embedlab.ui.transfer import own_table

SOURCES = {"opinions": "Opinions", "reviews": "Film reviews", "own": "Your own table"}  # in links, too
_WANTED = "_film_reviews_wanted"
_HELP = (
    "Labeled sentences. **Opinions** are 1,450, written for embedlab: books, food, places, devices, films. **Film "
    "reviews** are 10,662, the polarity set of Pang and Lee (2005), fetched from NLTK's collection when you ask for it."
)


@dataclass(frozen=True, eq=False)
class Data:
    """What is trained on, and a name for it that says which content it is."""

    key: str
    sentences: Sentences
    file: own_table.OwnTable | None = None  # the one in the form

    @property
    def instead_of(self) -> str:
        """The file that was asked for, where others are shown."""
        return self.file.name if self.file is not None and self.file.sentences is None else ""


def choose() -> Data:
    """The chosen sentences, with a download button or an upload; the bundled ones until others are ready."""
    source = widgets.titled("Sentences", SOURCES, key="data", bind="query-params", help=_HELP)
    if source == "own":
        file = own_table.ask()
        if file is not None and file.sentences is not None:
            return Data(file.key, file.sentences, file)
        return Data("opinions", opinions(), file)
    return (_reviews() if source == "reviews" else None) or Data("opinions", opinions())


def _reviews() -> Data | None:
    wanted = st.session_state.get(_WANTED, False)
    found = shell.attempt("film_reviews", lambda: Data("reviews", _fetched())) if wanted else None
    if found is None:
        st.session_state[_WANTED] = False
        st.caption("Half a megabyte from NLTK’s data collection. Until then the opinions are shown.")
        st.button("Download the film reviews", on_click=_want)
    return found


def _want() -> None:
    st.session_state[_WANTED] = True


def _fetched() -> Sentences:
    jobs.await_file("the film reviews", WANTED)
    return film_reviews()


@st.cache_resource(show_spinner=False, max_entries=1)
def opinions() -> Sentences:
    """The bundled labeled sentences."""
    return bundled_sentences()


@st.cache_resource(show_spinner="Reading the film reviews", max_entries=1)
def film_reviews() -> Sentences:
    """The film-review polarity set, downloaded once for everybody."""
    return polarity_sentences(download_polarity(downloads_folder()))
