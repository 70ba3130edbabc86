"""Transfer: embeddings from scratch, fine-tuned, frozen."""

import streamlit as st

from embedlab.lessons.transfer import classifier, initialization, predictions, three_starts
from embedlab.lessons.transfer.classifier import ClassifierConfig
from embedlab.lessons.transfer.learning_curves import CurveConfig, learning_curves
from embedlab.lessons.transfer.three_starts import ThreeWaysConfig
from embedlab.ui import shell, vector_choice, widgets
from embedlab.ui.transfer import closer_look, movement, results
from embedlab.ui.transfer import data as transfer_data

shell.open_page(
    "6_Transfer.py",
    "What are borrowed embeddings worth?",
    "A classifier averages the embeddings of a sentence’s words. They can start at random, or be borrowed from a large "
    "text and trained on, or be borrowed and kept as they are: which is best depends on how many sentences you have.",
)
theme = shell.theme()
form, picture = shell.form_and_picture()
LAYERS = {"none": (), "one": (64,), "two": (64, 64)}

with form:
    data = transfer_data.choose()
    vectors = vector_choice.choose("pretrained", "Pretrained vectors", follows=False)  # not what the Explore pages show
    with st.form("transfer"):
        hidden_help = (
            "Layers of 64 units between the mean and the verdict: the Deep Averaging Network (Iyyer et al. 2015). "
            "Without any, every word's part in a verdict is exact."
        )
        hidden = st.segmented_control(
            "Hidden layers",
            list(LAYERS),
            default="none",
            required=True,
            key="layers",
            bind="query-params",
            help=hidden_help,
        )
        rate_help = "Of **Adam**: how far one update moves the weights."
        rate = st.number_input(
            "Learning rate",
            0.0001,
            10.0,
            0.01,
            0.005,
            format="%g",
            key="learning_rate",
            bind="query-params",
            help=rate_help,
        )
        epochs_help = "Passes over the training sentences; small sets get more of them, until 150 updates are made."
        epochs = st.number_input("Epochs", 1, 50, 2, key="train_epochs", bind="query-params", help=epochs_help)
        seeds_help = (
            "Each point of a curve is the mean of so many runs, on different sentences and from different starts."
        )
        seeds = st.slider("Runs at each point", 2, 10, 5, key="runs", bind="query-params", help=seeds_help)
        with st.expander("More settings"):
            dropout_help = (
                "Each update leaves out this share of the words at random, so that none is relied upon too much."
            )
            dropout = st.slider(
                "Dropout of words", 0.0, 0.9, 0.0, 0.1, key="dropout", bind="query-params", help=dropout_help
            )
            batch = st.number_input(
                "Batch", 1, 1_024, 32, key="batch", bind="query-params", help="Sentences of one update."
            )
            seed = st.number_input("Seed of the closer look", 0, 9_999, 0, key="look_seed", bind="query-params")
            early_help = "In the closer look: go back to where the **validation loss** was lowest."
            early = st.toggle("Early stopping", key="early", bind="query-params", help=early_help)
        st.form_submit_button("Train", type="primary", width="stretch")


def compute() -> results.Setup:
    training = ClassifierConfig(
        hidden=LAYERS[hidden],
        epochs=int(epochs),
        batch=int(batch),
        learning_rate=float(rate),
        word_dropout=float(dropout),
    )
    look = ThreeWaysConfig(seed=int(seed), early_stopping=early, training=training)
    return results.Setup(data, vectors, CurveConfig(seeds=int(seeds), training=training), look)


with form:
    setup = shell.attempt("transfer", compute)
if setup is None:
    st.stop()
with picture:
    curves = results.curves(setup, theme)
results.figures(curves, setup)

seen, tried = st.columns([2, 1], gap="large")
seen.markdown(f"**What you see**\n{results.seen(curves, setup)}")
tried.markdown("**Try this**")
views = ["Try a sentence", "What moved", "Unseen words", "Losses and mistakes"]

USUAL = {"layers": "none", "learning_rate": 0.01, "train_epochs": 2, "dropout": 0.0, "early": False}


def fill(**changed: object) -> None:
    st.session_state.update(USUAL | changed)


tried.button("Only 50 training sentences", on_click=fill, kwargs={"trained_on": 50, "look": views[0]})
tried.button(
    "Words that no training sentence has",
    on_click=lambda: fill(look=views[0], sentence=closer_look.unheard(data.sentences, vectors)),
)
tried.button("Two hidden layers", on_click=fill, kwargs={"layers": "two"})
tried.button("Stop early", on_click=fill, kwargs={"early": True, "look": views[3]})

st.markdown("#### A closer look")
view = st.segmented_control(
    "View", views, default=views[0], required=True, key="look", bind="query-params", label_visibility="collapsed"
)
found = None
if view == "Unseen words":
    if curves is not None:
        closer_look.unseen(curves, theme)
else:
    sizes = CurveConfig().sizes_for(len(data.sentences.rows("train")))
    setup = setup.at(closer_look.choose_size(sizes, sizes[-1], key="trained_on"))
    found = results.three_ways(setup)
    if found is not None:
        draw = {views[0]: closer_look.sentence, views[1]: movement.moved, views[3]: closer_look.mistakes}[view]
        draw(setup, found, theme)

numbers, code, download = st.tabs(["Numbers", "The code", "Download"])
if curves is not None:
    numbers.dataframe(results.records(curves), hide_index=True, column_config=results.COLUMNS)
    with download:
        closer_look.downloads(setup, curves, found)
with code:
    widgets.the_code(
        classifier.CbowClassifier,
        initialization.initial_table,
        classifier.fit,
        learning_curves,
        three_starts.follow,
        predictions.judge,
    )
widgets.next_page("7_Neighbors.py")
