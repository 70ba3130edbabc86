"""Chosen words in two dimensions, in two spaces side by side: each on the plane that all its words lie closest to."""

from collections.abc import Mapping, Sequence

import numpy as np
import streamlit as st

from embedlab.arrays import Doubles
from embedlab.charts.maps import Axes, word_map
from embedlab.charts.theme import Theme
from embedlab.checks import within
from embedlab.projection.svd import on_plane, svd_plane
from embedlab.ui import cache, shell
from embedlab.ui.words import asking, word_boxes
from embedlab.vectors.spelling import as_typed, find_words
from embedlab.vectors.word_vectors import WordVectors

_MOST = 40  # words
_HEIGHT = 340
_NUMBERS = Axes(("", "first number"), ("", "second number"))
_AXES = Axes(("", "first direction"), ("", "second direction"))


def draw(spaces: Mapping[str, WordVectors], first: Sequence[str], theme: Theme, *, key: str, box: str) -> None:
    """A box for words and a plane for each space, closed until somebody opens it.

    Args:
        spaces: two, by their names for the screen.
        first: the words that the box begins with.
        key: of the page; the words are in its link under it.
        box: key of the box in which a word that is clicked is asked.
    """
    with st.expander(
        "Chosen words in two dimensions", key=f"{key}_plane", on_change="rerun", bind="query-params"
    ) as opened:
        if opened.open:
            _draw(spaces, first, theme, key, box)


def _draw(spaces: Mapping[str, WordVectors], first: Sequence[str], theme: Theme, key: str, box: str) -> None:
    typed = st.text_input(
        "Words to draw", as_typed(next(iter(spaces.values())), first), key=f"{key}_drawn", bind="query-params"
    )
    scaled = st.toggle(
        "Scale rows to length 1", key=f"{key}_scaled", bind="query-params", help="Leaves only each word’s direction."
    )

    def find() -> list[str]:
        words = list(dict.fromkeys(word for space in spaces.values() for word in find_words(space, typed)))
        within("number of words", len(words), 2, _MOST)
        for space in spaces.values():
            space.rows(words)  # an error that names all missing words
        return words

    words = shell.attempt(
        f"{key} drawn {[cache.serial(space) for space in spaces.values()]}",
        find,
        inputs=[f"{key}_drawn"],
        still=word_boxes.named,
    )
    if words is None:
        return
    for (name, space), column in zip(spaces.items(), st.columns(len(spaces), gap="medium"), strict=True):
        places = on_plane(space, words, _plane(cache.serial(space), space), scaled=scaled)
        column.markdown(f"**{shell.as_text(name)}**")
        said = "; ".join(f"{word} {x:.2f} {y:.2f}" for word, (x, y) in zip(words, places.tolist(), strict=True))
        plain = space.dimensions <= 2  # drawn as they are
        chart = word_map(
            words, places, theme, axes=_NUMBERS if plain else _AXES, true=plain, clickable=True, height=_HEIGHT
        )
        alt = f"Places of words in {name}: {said}"
        with column:
            asking.chart(chart, key=f"{key}_plane_{name}", alt=alt, selections=asking.ON_MAP, box=box)
    st.caption(
        "The first two directions of each space’s own **truncated SVD**, or its numbers where it has no more than two; "
        "the cross is the origin. Compare which words lie together, not where."
    )


@st.cache_resource(show_spinner="Finding the plane", max_entries=8)
def _plane(serial: int, _vectors: WordVectors) -> Doubles:
    return svd_plane(_vectors) if _vectors.dimensions > 2 else np.eye(_vectors.dimensions, 2)
