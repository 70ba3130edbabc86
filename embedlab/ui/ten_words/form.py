"""What the page Ten words asks for: sentences, and how one run or two are to learn."""

from typing import Any, NamedTuple

import streamlit as st

from embedlab.lessons.ten_words.config import TenWordsConfig
from embedlab.lessons.ten_words.tagged_text import TEN_WORDS
from embedlab.ui import widgets
from embedlab.ui.address import address

OPTIMIZERS = {"sgd": "SGD", "adam": "Adam"}
STOPS = {"never": "after all epochs", "perfect": "once every word is right", "loss": "once the loss is below 0.1"}
_START = {"first_seed": 0, "epochs": 200, "first_rate": 0.1, "optimizer": "sgd", "stop": "never", "second": False}
_TEXT_HELP = (
    "One sentence a line, up to 100 words and 12 tags. Each word has one tag. These are DET, determiner; NN, noun; V, "
    "verb; ADJ, adjective."
)
BOXES = [*_START, "second_seed", "second_rate", "tagged"]  # keys of all inputs
PLAY = "ten_words_play"  # in the session: the next movie is to play by itself, since a button asked for it


class Settings(NamedTuple):
    """What the form holds, not yet checked."""

    sentences: str
    epochs: int
    optimizer: Any  # key of OPTIMIZERS
    stop: Any  # key of STOPS
    starts: tuple[tuple[int, float], ...]  # seed and learning rate of one run, or of two to be shown side by side
    submitted: bool  # by its button, or by one that filled it

    def configs(self) -> tuple[TenWordsConfig, ...]:
        """The settings of each run.

        Raises:
            InvalidSetting: names the value and its range.
        """
        return tuple(TenWordsConfig(self.epochs, rate, self.optimizer, seed, self.stop) for seed, rate in self.starts)


def ask() -> Settings:
    """Draws the form."""
    with st.form("ten_words"):
        with st.container(horizontal=True):
            seed_help = "Draws the words’ first places, from N(0, 1), and the first borders. One seed, one movie."
            address.whole("first_seed", "epochs", "second_seed")
            seed = st.number_input("Seed", value=0, step=1, key="first_seed", bind="query-params", help=seed_help)
            epochs_help = "An **epoch** is one pass over all sentences; each sentence is one update."
            epochs = st.number_input("Epochs", value=200, step=50, key="epochs", bind="query-params", help=epochs_help)
        with st.container(horizontal=True):
            lr_help = "How far one update moves the parameters down the gradient."
            rate = st.number_input(
                "Learning rate", value=0.1, step=0.05, format="%g", key="first_rate", bind="query-params", help=lr_help
            )
            step_help = "**SGD** follows the gradient. **Adam** gives every parameter a step size of its own."
            optimizer = widgets.titled("Optimizer", OPTIMIZERS, key="optimizer", bind="query-params", help=step_help)
        with st.expander("More settings"):
            stop = widgets.titled("Stop", STOPS, key="stop", bind="query-params")
            second = st.toggle("A second run beside it", key="second", bind="query-params")
            seed_2 = st.number_input("Seed of the second", value=48, step=1, key="second_seed", bind="query-params")
            rate_2 = st.number_input(
                "Learning rate of the second", value=0.1, step=0.05, format="%g", key="second_rate", bind="query-params"
            )
            sentences = st.text_area(
                "Sentences, as word/TAG", TEN_WORDS, 120, key="tagged", bind="query-params", help=_TEXT_HELP
            )
        submitted = st.form_submit_button("Train", type="primary", width="stretch")
    starts = [(int(seed), float(rate)), (int(seed_2), float(rate_2))]
    submitted |= st.session_state.pop(PLAY, False)
    return Settings(sentences, int(epochs), optimizer, stop, tuple(starts[: 1 + second]), submitted)


def fill(**changed: object) -> None:
    """Sets the form, for buttons: everything not named goes back to its beginning. The movie then plays."""
    st.session_state.update(_START | {"tagged": TEN_WORDS, PLAY: True} | changed)
