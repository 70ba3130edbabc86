"""Two spaces on one map: words move from where one of the two sets that ship has them to where the other does."""

from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from embedlab.atlas.comparing import Moved, moved
from embedlab.atlas.kept_maps import bundled_map
from embedlab.atlas.word_map import WordMap, whole
from embedlab.comparison.overlap import neighbor_overlap
from embedlab.library.bundled import COUNTED, PREDICTED
from embedlab.ui import cache, shell
from embedlab.ui.atlas import canvas, form, table
from embedlab.ui.atlas.results import Found

_MISSING = np.iinfo(np.int16).min  # for a coordinate of a word that the other map lacks
_LISTED = 40  # words
_COMMON = 5_000  # most frequent words among which those that moved farthest are listed


class Pair(NamedTuple):
    """The other of the two sets, and where words move."""

    name: str
    words: Moved
    data: bytes  # for the browser
    farthest: tuple[dict[str, Any], ...]  # one row for each word listed


def draw(found: Found) -> Pair | None:
    """A switch below the map; when it is on, the layer, and what it is moved to."""
    name = form.OTHER.get(found.settings.loaded.name)
    if name is None:
        return None
    on = st.toggle(
        f"Move the words to where “{shell.as_text(name)}” has them",
        key=form.SECOND,
        bind="query-params",
        help="That map was begun with the places on this one, and is turned onto it. Words that it lacks go away.",
    )
    if not on:
        return None
    pair = _pair(found.settings.loaded.name, name)
    canvas.layer(pair.data)
    return pair


@st.cache_resource(show_spinner="Comparing the two spaces", max_entries=2)
def _pair(name: str, other: str) -> Pair:
    first, second = (bundled_map("predicted" if space == PREDICTED else "counted") for space in (name, other))
    both = moved(first, second)
    places = np.full((len(first.words), 2), _MISSING, dtype="<i2")
    places[both.rows[0]] = whole(both.second.clip(-1, 1))
    head = {"kind": "second", "names": [name, other], "places": _district_places(first, both)}
    return Pair(other, both, canvas.layer_bytes(head, places), tuple(_farthest(name, both)))


def _district_places(word_map: WordMap, both: Moved) -> list[list[float]]:
    """Where the names of the districts go: as far as their words do on average."""
    numbers, ways = word_map.districts[both.rows[0]], both.second - both.first
    places: list[list[float]] = []
    for number, place in enumerate(word_map.district_places):
        own = ways[numbers == number]
        places.append(np.round(place + own.mean(axis=0) if len(own) else place, 4).tolist())
    return places


def _farthest(name: str, both: Moved) -> list[dict[str, Any]]:
    """The common words that moved farthest, each with the share of its neighbors that both spaces agree on."""
    common = [at for at in both.farthest(len(both.words)) if both.rows[0][at] < _COMMON][:_LISTED]
    words = [both.words[at] for at in common]
    first, second = cache.bundled_vectors(), cache.counted_vectors()
    if name == COUNTED:
        first, second = second, first
    agreed = neighbor_overlap(first, second, 10, words)
    distances = both.distances[common].tolist()
    return [
        {"word": word, "moved": round(far, 2), "neighbors in common": f"{agreed[word] * 10:.0f} of 10"}
        for word, far in zip(words, distances, strict=True)
    ]


def farthest(pair: Pair) -> None:
    """The words that moved farthest; a click on one picks it."""
    name, both = shell.as_text(pair.name), pair.words
    st.markdown(f"**Moved farthest to “{name}”**")
    st.caption(
        f"Of the {_COMMON:,} most frequent words; 1 is half the map’s width. One map explains "
        f"{both.agreement:.0%} of the other’s places (R²). How far two spaces agree on a word is said by the neighbors "
        "in common, not by its way."
    )
    table.picking(pair.farthest, "word", key="atlas_moved", height=250)
