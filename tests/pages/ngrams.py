"""A page in a session that chose a fastText model, whose n-grams compose vectors of other words."""

import io
from collections.abc import Callable

import numpy as np
from streamlit.testing.v1 import AppTest

from embedlab.formats import read_vectors
from embedlab.ui import vector_choice
from embedlab.vectors.word_vectors import WordVectors
from tests.hostile import fasttext_cases
from tests.pages.page import checked

WORDS = ("river", "lake", "pond", "bridge", "tower", "market", "cellar", "garden", "wall", "gate", "mill", "barn")


def with_ngrams(opened: Callable[..., AppTest], **link: str) -> tuple[AppTest, WordVectors]:
    """A page with a model of twelve words and fifty rows for n-grams, and the model.

    Args:
        opened: opens the page at a link.
    """
    matrix = np.random.default_rng(5).normal(size=(62, 6))
    data = fasttext_cases.model(WORDS, matrix, dim=6, bucket=50, maxn=4)
    vectors, _ = read_vectors(io.BytesIO(data), name="mini.bin")
    app = opened(**link)
    visitor = app.session_state["_visitor"].id
    vector_choice.holdings().put((visitor, "mini.bin"), vectors, None, name="mini.bin", owner=visitor, user=visitor)
    app.session_state["_own_vectors"] = {"mini.bin": None}
    checked(app.run())
    app.selectbox(key="vectors").set_value("mini.bin")
    return checked(app.run()), vectors
