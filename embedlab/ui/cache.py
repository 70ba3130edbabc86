"""What several pages keep, keyed by names and numbers; what one page keeps is cached in its own folder.

What is returned is shared between visitors: never change it.
"""

import itertools
import threading
import weakref
from typing import TYPE_CHECKING

import streamlit as st

from embedlab.library import bundled
from embedlab.vectors.word_vectors import WordVectors

if TYPE_CHECKING:
    from embedlab.text.corpus import Corpus
    from embedlab.text.small_world import World
    from embedlab.text.sources import TextChoice

_SERIALS: "weakref.WeakKeyDictionary[WordVectors, int]" = weakref.WeakKeyDictionary()
_SERIAL_LOCK, _NEXT = threading.Lock(), itertools.count()


@st.cache_resource(show_spinner=False)
def bundled_vectors() -> WordVectors:
    """The vectors that ship with the app, with `unit` made ready for the first query."""
    vectors = bundled.bundled_vectors()
    vectors.unit  # noqa: B018  the first visitor should not wait for it
    return vectors


@st.cache_resource(show_spinner=False)
def counted_vectors() -> WordVectors:
    """The counted vectors that ship with the app; loaded when somebody chooses them."""
    return bundled.counted_vectors()


@st.cache_resource(show_spinner="Reading the text", max_entries=8)
def text(key: str, _choice: "TextChoice") -> "Corpus":
    """A text to learn from; `key` is `_choice.key`."""
    from embedlab.text.sources import prepare

    made = world(_choice.world_words, _choice.world_seed) if _choice.source == "world" else None
    return prepare(_choice, made)


@st.cache_resource(show_spinner=False, max_entries=8)
def world(words: int, seed: int) -> "World":
    """The small world with its truth."""
    from embedlab.text.small_world import make_world

    return make_world(words, seed)


def serial(vectors: WordVectors) -> int:
    """A number that no other vectors of this process have or had; for keys."""
    with _SERIAL_LOCK:
        return _SERIALS.setdefault(vectors, next(_NEXT))
