"""What the page Neighbors is asked: its form, the choice of a map, and the boxes for own axes."""

from contextlib import suppress
from typing import Any, Literal, NamedTuple

import streamlit as st
from streamlit.errors import StreamlitAPIException

from embedlab.errors import InvalidText
from embedlab.ui import vector_choice, widgets
from embedlab.ui.address import address
from embedlab.ui.words.asking import WORD
from embedlab.ui.words.word_boxes import begin_with, knows
from embedlab.vectors import neighborhood
from embedlab.vectors.first_look import some_words, telling_words
from embedlab.vectors.spelling import SEMICOLONS, as_one, as_typed, known_form, split_at, two_words
from embedlab.vectors.word_vectors import WordVectors

Method = Literal["PCA", "t-SNE", "Own axes"]
Start = Literal["pca", "random"]
METHODS: dict[Method, str] = {
    "PCA": "**PCA**: the two directions in which the words differ most. Always the same.",
    "t-SNE": "**t-SNE** keeps near words near. Gaps and sizes of groups mean little.",
    "Own axes": "Each word lies where it falls on the way from one word to another.",
}
ANIMALS = (
    "mouse, rat, rabbit, cat, dog, fox, wolf, bear, lion, tiger, elephant, whale, shark, dolphin, horse, cow, sheep, "
    "pig, chicken, eagle, snake, spider, bee, ant, butterfly, frog, turtle, crocodile, monkey, gorilla, deer, hamster"
)
_FIRST = "king"
_NEAREST = 60  # words on the map besides those asked for
_TO = r"\s+[-–—]\s+|\s*(?:→|->)\s*"
_AXES = {"across": "man - woman", "up": "young - old"}
OF_MAP = ["map", *_AXES, "perplexity", "tsne_seed", "random"]  # keys of what only the map depends on
OWN_AXES = {*_AXES}  # keys of the boxes that are there only with own axes
EXAMPLES: dict[str, dict[str, Any]] = {
    "apple: a fruit and a company on one map": {"word": "apple", "list": "", "map": "PCA", "size": 60},
    "paris, guitar, monday: three groups": {"word": "paris guitar monday", "list": "", "map": "t-SNE", "size": 90},
    "Animals by size and danger: axes of your own": {
        "word": "lion",
        "list": ANIMALS,
        "map": "Own axes",
        "across": "small - large",
        "up": "safe - dangerous",
    },
}


class Settings(NamedTuple):
    """What the form holds."""

    vectors: WordVectors
    typed: str
    size: int  # words on the map besides those asked for, where none are listed
    listed: str
    groups: int  # 0: chosen by the number of words
    perplexity: int
    seed: int
    start: Start


def ask() -> Settings:
    """The form, its state in the link."""
    vectors = vector_choice.choose()
    begin_with(vectors, {WORD: _FIRST}, lambda: telling_words(vectors, 1))
    with st.form("neighbors"):
        typed = st.text_input(
            "A word, or several",
            _FIRST,
            key=WORD,
            bind="query-params",
            help="Separate words by spaces or commas. Capitals matter only where the vectors tell them apart.",
        )
        place = st.container()  # of a slider that depends on what the list below it holds
        with st.expander("More settings"):
            listed = st.text_area(
                "Draw these words instead of the neighbors",
                key="list",
                bind="query-params",
                placeholder="Paste up to 300 words",
            )
            groups = st.slider("Groups (0: automatic)", 0, 8, 0, key="groups", bind="query-params")
            perplexity = st.slider(
                "t-SNE perplexity",
                2,
                50,
                20,
                key="perplexity",
                bind="query-params",
                help="About how many neighbors of each word t-SNE keeps near. Small: many small groups; large: the "
                "overall shape.",
            )
            address.whole("tsne_seed")
            seed = st.number_input(
                "t-SNE seed", 0, 999_999, 0, key="tsne_seed", bind="query-params", help="Same seed, same map."
            )
            random = st.toggle("t-SNE starts at random, not from PCA", key="random", bind="query-params")
        size = _NEAREST
        if not listed.strip():
            size = place.slider(
                "Words on the map",
                10,
                neighborhood.MAX_NEIGHBORS,
                _NEAREST,
                5,
                key="size",
                bind="query-params",
                help="The nearest by **cosine similarity**: 1 where two vectors point the same way, 0 at right angles.",
            )
        st.form_submit_button("Show neighbors", type="primary", width="stretch")
    start: Start = "random" if random else "pca"
    return Settings(vectors, typed, int(size), listed or "", int(groups), int(perplexity), int(seed), start)


def method() -> Method:
    """Which map, chosen above it."""
    chosen = widgets.one_of("Map", list(METHODS), first="t-SNE", key="map", bind="query-params", bare=True)
    st.caption(METHODS[chosen])
    return chosen


def own_axes(vectors: WordVectors) -> list[list[tuple[str, str]]]:
    """One or two axes, each of one pair of words or several, as typed above the map.

    Raises:
        InvalidText: a text that is not pairs of words, or both are empty.
    """
    begin_with(vectors, _AXES, lambda: _own_ends(vectors))
    across, up = st.columns(2)
    pairs_help = "One pair, or several between semicolons, whose differences are averaged: man - woman; he - she."
    texts = (
        across.text_input("From left to right", _AXES["across"], key="across", bind="query-params", help=pairs_help),
        up.text_input("From bottom to top", _AXES["up"], key="up", bind="query-params", help="May be left empty."),
    )
    parts = [[part for part in split_at(f"[{SEMICOLONS}]", text) if part.strip()] for text in texts]
    axes = [[pair(vectors, part) for part in axis] for axis in parts if axis]
    if not axes:
        raise InvalidText("A map needs an axis: fill in two words, such as cheap - expensive.")
    return axes


def _own_ends(vectors: WordVectors) -> list[str]:
    """What the boxes begin with where the vectors lack the usual words: one axis where there are not enough for two."""
    words = list(map(as_one, some_words(vectors, 4)))
    return [f"{words[0]} - {words[1]}", f"{words[2]} - {words[3]}" if len(words) > 3 else ""]


def pair(vectors: WordVectors, text: str) -> tuple[str, str]:
    """Two words from "cheap - expensive", "cheap → expensive" or "cheap, expensive", as the vectors hold them."""
    ends = split_at(_TO, text.strip())
    words = [known_form(vectors, end) for end in ends] if len(ends) == 2 else two_words(vectors, text)
    if words is None or not all(words):
        shown = text.strip()[:60]
        raise InvalidText(
            f"“{shown}” does not name an axis: give two words, such as cheap - expensive. A word that has signs in it "
            'goes into quotes: "c++".'
        )
    return words[0], words[1]


def examples(vectors: WordVectors) -> dict[str, dict[str, Any]]:
    """Settings worth a look, by their buttons: those whose words these vectors hold, else words of theirs."""
    boxes = ("word", "list", "across", "up")
    known = {
        title: values
        for title, values in EXAMPLES.items()
        if knows(vectors, (values.get(box, "").replace(" - ", " ") for box in boxes))
    }
    return known or {word: {"word": as_typed(vectors, [word]), "list": ""} for word in telling_words(vectors, 3)}


def fill(values: dict[str, Any]) -> None:
    """Puts an example into the form; for callbacks."""
    st.session_state.update(values)
    for key in OWN_AXES & values.keys():
        with suppress(StreamlitAPIException):  # a box that is there writes its link itself, one yet to come does not
            st.query_params[key] = values[key]
