"""What the page Analogies is asked: three words of given vectors, and how to rank the answers."""

from typing import NamedTuple

import streamlit as st

from embedlab.ui import vector_choice, widgets
from embedlab.ui.words import word_boxes
from embedlab.vectors.first_look import some_words
from embedlab.vectors.queries import Method
from embedlab.vectors.word_vectors import WordVectors

_FIRST = {"a": "man", "b": "king", "c": "woman"}
METHODS: dict[str, Method] = {"3CosAdd": "3cosadd", "3CosMul": "3cosmul"}


class Settings(NamedTuple):
    """What the form holds."""

    vectors: WordVectors
    words: tuple[str, str, str]  # a is to b as c is to what is asked for
    method: Method
    answers: int


def ask() -> Settings:
    """The form, its state in the link."""
    vectors = vector_choice.choose()
    if len(vectors) >= len(_FIRST):
        word_boxes.begin_with(vectors, _FIRST, lambda: some_words(vectors, len(_FIRST)))
    with st.form("analogy"):
        with st.container():  # one question, so that a phone keeps its three words together
            a = st.text_input(
                "This word", _FIRST["a"], key="a", bind="query-params", help="man is to king as woman is to …?"
            )
            b = st.text_input("is to this", _FIRST["b"], key="b", bind="query-params")
            c = st.text_input("as this word is to …?", _FIRST["c"], key="c", bind="query-params")
        with st.expander("More settings"):
            method = widgets.one_of(
                "Method",
                list(METHODS),
                key="method",
                bind="query-params",
                help="**3CosAdd** ranks by cosine to b − a + c. **3CosMul** multiplies the similarities to b and c and "
                "divides by that to a, so that no single one dominates.",
            )
            answers = st.slider("Answers", 3, 20, 10, key="k", bind="query-params")
        st.form_submit_button("Complete it", type="primary", width="stretch")
    return Settings(vectors, (a, b, c), METHODS[method], int(answers))
