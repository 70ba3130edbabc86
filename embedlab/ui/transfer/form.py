"""The form of the page Transfer: sentences, pretrained vectors, and how to train."""

from dataclasses import dataclass

import streamlit as st

from embedlab.lessons.transfer.conclusions import NAMES
from embedlab.lessons.transfer.config import RECIPES, ClassifierConfig
from embedlab.lessons.transfer.learning_curves import CurveConfig
from embedlab.lessons.transfer.three_starts import ThreeStartsConfig
from embedlab.ui import vector_choice, widgets
from embedlab.ui.address import address
from embedlab.ui.transfer import data
from embedlab.vectors.word_vectors import WordVectors

LAYERS = {"none": (), "one": (64,), "two": (64, 64)}
_OWN = "each way’s own"


@dataclass(frozen=True, eq=False)
class Settings:
    """What the inputs hold."""

    data: data.Data
    vectors: WordVectors
    curve: CurveConfig
    look: ThreeStartsConfig  # the closer look's


def ask() -> Settings:
    """Draws the inputs."""
    chosen = data.choose()
    vectors = vector_choice.choose("pretrained", "Pretrained vectors", follows=False)  # not what the Explore pages show
    with st.form("transfer"):
        hidden_help = (
            "Layers of 64 units between the mean and the prediction: a Deep Averaging Network (Iyyer et al. 2015). "
            "Without any, each word’s contribution is exact."
        )
        hidden = widgets.one_of("Hidden layers", list(LAYERS), key="layers", bind="query-params", help=hidden_help)
        rate_help = f"Of **Adam**. {_own('learning_rate', 'g')}"
        rate = st.number_input(
            "Learning rate", 1e-4, 10.0, None, 5e-3, "%g",
            key="learning_rate", bind="query-params", placeholder=_OWN, help=rate_help,
        )  # fmt: skip
        epochs_help = (
            "Passes over the training sentences at most; small sets get more of them, until some "
            f"{RECIPES['scratch'].least_updates} updates are made. {_own('epochs', 'd')}"
        )
        address.whole("train_epochs", "batch", "look_seed")
        epochs = st.number_input(
            "Epochs", 1, 50, None, key="train_epochs", bind="query-params", placeholder=_OWN, help=epochs_help
        )
        runs_help = "Each point is the mean of so many runs, with different training sentences and seeds."
        runs = st.slider("Runs at each point", 2, 10, 5, key="runs", bind="query-params", help=runs_help)
        with st.expander("More settings"):
            dropout_help = (
                "Share of the words that each update leaves out at random, so that none is relied upon too much."
            )
            dropout = st.slider(
                "Dropout of words", 0.0, 0.9, 0.0, 0.1, key="dropout", bind="query-params", help=dropout_help
            )
            batch_help = f"Sentences of one update. {_own('batch', 'd')}"
            batch = st.number_input(
                "Batch size", 1, 1_024, None, key="batch", bind="query-params", placeholder=_OWN, help=batch_help
            )
            seed = st.number_input("Seed of the closer look", 0, 9_999, 0, key="look_seed", bind="query-params")
            early_help = (
                "Stop when no more **validation sentences** come out right, and go back to where most did. Off: "
                "every run makes all its updates."
            )
            early = st.toggle("Early stopping", True, key="early", bind="query-params", help=early_help)
        st.form_submit_button("Train", type="primary", width="stretch")
    training = ClassifierConfig(
        hidden=LAYERS[hidden],
        epochs=epochs,
        batch=batch,
        learning_rate=rate,
        word_dropout=dropout,
        early_stopping=early,
    )
    look = ThreeStartsConfig(seed=seed, training=training)
    return Settings(chosen, vectors, CurveConfig(seeds=runs, training=training), look)


def _own(field: str, format_: str) -> str:
    """What each way uses where nothing is typed in, chosen on held-out sentences."""
    values = (f"{getattr(recipe, field):{format_}} {NAMES[start]}" for start, recipe in RECIPES.items())
    return f"Left empty, each way has its own, chosen on held-out sentences: {', '.join(values)}."
