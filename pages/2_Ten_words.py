"""Ten words: embeddings being learned, watched step by step."""

import streamlit as st

from embedlab.lessons.ten_words import model
from embedlab.lessons.ten_words.run import TenWordsConfig
from embedlab.lessons.ten_words.tagged_text import TEN_WORDS
from embedlab.training.loop import train
from embedlab.ui import shell, widgets
from embedlab.ui.ten_words import gallery, results

shell.open_page(
    "2_Ten_words.py",
    "How do words find their places?",
    "They start anywhere and are pushed about by one task, guessing each word's part of speech, "
    "until words that behave alike lie together.",
)
theme = shell.theme()
form, picture = shell.form_and_picture()

with form, st.form("ten_words"):
    seed_help = "A random generator puts the words, drawn from N(0, 1), and the first borders. One seed, one movie."
    epochs_help = "An **epoch** is one pass over all sentences; each sentence is one update."
    rate_help = "How far one update moves everything down the slope of the loss."
    optimizer_help = "**SGD** walks straight downhill. **Adam** gives every number a step size of its own."
    with st.container(horizontal=True):
        seed = st.number_input("Seed", value=0, step=1, key="first_seed", bind="query-params", help=seed_help)
        epochs = st.number_input("Epochs", value=200, step=50, key="epochs", bind="query-params", help=epochs_help)
    with st.container(horizontal=True):
        rate = st.number_input(
            "Learning rate", value=0.1, step=0.05, format="%g", key="first_rate", bind="query-params", help=rate_help
        )
        names = {"sgd": "SGD", "adam": "Adam"}
        optimizer = st.selectbox(
            "Optimizer", names, format_func=names.__getitem__, key="optimizer", bind="query-params", help=optimizer_help
        )
    with st.expander("More settings"):
        stops = {
            "never": "after all epochs",
            "perfect": "once every word is right",
            "loss": "once the loss is below 0.1",
        }
        stop = st.selectbox("Stop", stops, format_func=stops.__getitem__, key="stop", bind="query-params")
        second = st.toggle("A second run beside it", key="second", bind="query-params")
        seed_2 = st.number_input("Seed of the second", value=48, step=1, key="second_seed", bind="query-params")
        rate_2 = st.number_input(
            "Learning rate of the second", value=0.1, step=0.05, format="%g", key="second_rate", bind="query-params"
        )
        sentences = st.text_area(
            "Sentences, as word/TAG",
            TEN_WORDS,
            key="tagged",
            bind="query-params",
            height=120,
            help="One sentence a line, up to 100 words and 12 tags. Each word needs one tag, the same everywhere.",
        )
    submitted = st.form_submit_button("Train", type="primary", width="stretch")


accepted: list[results.Experiment] = []  # stays empty where the settings are refused


def compute() -> results.Experiment:
    configs = [TenWordsConfig(int(epochs), float(rate), optimizer, int(seed), stop)]
    if second:
        configs.append(TenWordsConfig(int(epochs), float(rate_2), optimizer, int(seed_2), stop))
    accepted.append(results.experiment(sentences, tuple(configs)))
    return accepted[-1]


with form:
    found = shell.attempt("ten_words", compute)
if found is None:  # a link with settings that cannot be used: the message, and the experiment itself
    found = results.experiment(TEN_WORDS, (TenWordsConfig(),))
pressed = st.session_state.pop("ten_words_play", False) or submitted
plays = st.session_state["ten_words_plays"] = st.session_state.get("ten_words_plays", 0) + bool(pressed and accepted)
with picture:
    results.movie(found, theme, play=f"{found.name} {plays}" if pressed and accepted else "")
results.figures(found)

seen, tried = st.columns([2, 1], gap="large")
seen.markdown(f"**What you see**\n{results.seen(found)}")
tried.markdown("**Try this**")
settings = {"first_seed": 0, "epochs": 200, "first_rate": 0.1, "optimizer": "sgd", "stop": "never", "second": False}


def fill(**changed: object) -> None:
    st.session_state.update(settings | {"tagged": TEN_WORDS, "ten_words_play": True} | changed)


with tried.container(horizontal=True):
    st.button("A beginning that fails", on_click=fill, kwargs={"first_seed": 48})
    st.button(
        "Two beginnings side by side",
        on_click=fill,
        kwargs={"second": True, "first_seed": 11, "second_seed": 48, "second_rate": 0.1},
    )
    st.button("Steps so large that it breaks", on_click=fill, kwargs={"first_rate": 30.0})

st.markdown("#### The same training from other beginnings")
count = st.segmented_control(
    "Beginnings",
    [16, 32, 64],
    default=16,
    required=True,
    key="beginnings",
    bind="query-params",
    help="Seeds 0, 1, 2, …, trained at once as one batched model. Click a map to open its movie above.",
)
gallery.draw(found, theme, int(count))

numbers, code, download = st.tabs(["Numbers", "The code", "Download"])
with numbers:
    results.numbers(found, theme)
with code:
    widgets.the_code(model.TenWords, train, model.ManyTenWords)
with download:
    results.downloads(found, theme)
widgets.next_page("3_Letters.py")
