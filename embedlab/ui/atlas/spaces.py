"""Two spaces on one map: words move from where these vectors have them to where another set does."""

from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from embedlab.arrays import Floats, Ids, frozen
from embedlab.atlas import layout
from embedlab.atlas.comparing import Moved, moved
from embedlab.atlas.naming import name_levels
from embedlab.atlas.word_map import WordMap, from_whole, whole
from embedlab.charts.theme import Theme
from embedlab.comparison.overlap import MOST_SHARED, share
from embedlab.errors import EmbedlabError
from embedlab.formats.limits import shown_word
from embedlab.ui import cache, shell, vector_choice
from embedlab.ui.atlas import canvas, form, laying, maps
from embedlab.ui.atlas.results import Found
from embedlab.ui.atlas.selection import Second
from embedlab.ui.words import asking
from embedlab.ui.words.asking import WORD
from embedlab.vectors.word_vectors import WordVectors

_MISSING = np.iinfo(np.int16).min  # for a coordinate of a word that the other map lacks
_LISTED = 40  # words
_COMMON = 5_000  # most frequent words of both sets, among which those that changed most are listed
_NEAREST = 10


class Pair(NamedTuple):
    """The other set, and where words move."""

    second: Second
    words: Moved
    changed: tuple[dict[str, Any], ...]  # one row for each word listed
    common: int  # most frequent words of both sets, among which they are
    all: int  # words on the first map
    kept: float  # share of each word's nearest that the other map keeps near


def draw(found: Found, theme: Theme) -> Pair | None:
    """A choice of another set below the map; where one is chosen, the layer, and what it is moved to.

    A set that was never laid out from this map is laid out first.
    """
    own = found.settings.loaded
    others = [name for name in vector_choice.names() if name != own.name]
    asked = st.query_params.get(form.SECOND, form.NOWHERE)
    vector_choice.say_missing(form.SECOND, None if asked in (form.NOWHERE, own.name, *others) else asked)
    name = st.selectbox(
        f"Move the {found.settings.noun}s to their places in",
        [form.NOWHERE, *others],
        key=form.SECOND,
        bind="query-params",
        help="Its map began with the places on this one. Words that it lacks go away.",
    )
    if name == form.NOWHERE:
        return None
    try:
        with st.spinner(f"Opening {shell.as_text(name)}"):
            other = vector_choice.load(name)
        ready = maps.ready(other.vectors, found.map)
        if ready is None:
            layout.rows_on(found.map, other.vectors.words[: layout.WORDS])
    except EmbedlabError as error:
        shell.show_error(error)
        return None
    word_map = ready.word_map if ready else laying.work(other.vectors, theme, start=found.map)
    if word_map is None:
        return None
    if ready is None:
        maps.keep(other.vectors, word_map, found.map)
    key = f"{found.map.fingerprint} {cache.serial(own.vectors)} {cache.serial(other.vectors)}"
    pair = _pair(key, (own.name, other.name), (found.map, word_map), (own.vectors, other.vectors))
    canvas.layer("second", pair.second.data)
    if found.word not in word_map.index:
        st.caption(f"{shell.as_text(shown_word(found.word))} is not on the map of {shell.as_text(name)}.")
    return pair


@st.cache_resource(show_spinner="Comparing the two spaces", max_entries=4)
def _pair(
    key: str, names: tuple[str, str], _maps: tuple[WordMap, WordMap], _spaces: tuple[WordVectors, WordVectors]
) -> Pair:
    first, second = _maps
    both = moved(first, second)
    count, (there, district_places) = len(first.words), _district_places(first, both)
    rows = np.concatenate([both.rows[0], count + there])
    places = np.full((count + len(first.district_names), 2), _MISSING, dtype="<i2")
    places[rows] = whole(np.concatenate([both.second, district_places]).clip(-1, 1))
    levels = np.zeros(len(places), dtype=np.uint8)
    levels[rows] = name_levels(
        both.words, both.second, [first.district_names[number] for number in there.tolist()], district_places
    )
    there_at = np.where(places == _MISSING, np.float32(np.nan), from_whole(places))[:count]
    data = canvas.layer_bytes(count, {"names": names}, places, levels)
    common = min(_COMMON, len(both.words))
    changed = tuple(_changed(both, common, *_spaces))
    return Pair(Second(names[1], frozen(there_at), data), both, changed, common, len(first.words), second.share_kept)


def _district_places(word_map: WordMap, both: Moved) -> tuple[Ids, Floats]:
    """The districts of which the other set has words, and where their names go: as far as those do on average."""
    numbers, ways = word_map.districts[both.rows[0]], both.second - both.first
    there = np.unique(numbers).astype(np.int64)
    means = [ways[numbers == number].mean(axis=0) for number in there.tolist()]
    return there, word_map.district_places[there] + np.array(means, np.float32)


def _changed(both: Moved, common: int, first: WordVectors, second: WordVectors) -> list[dict[str, Any]]:
    """The common words that keep fewest of their neighbors, of those that keep as many the ones that moved farther."""
    shared = share(first, second, MOST_SHARED)
    k = min(_NEAREST, len(shared.words) - 1)
    rows = np.array([shared.index[word] for word in both.words[:common]], dtype=np.int64)
    agreed = np.rint(np.concatenate(list(shared.overlaps(k, rows))) * k).astype(int)
    listed = np.lexsort((-both.distances[:common], agreed))[:_LISTED]
    return [
        {
            "word": both.words[at],
            "neighbors in common": f"{agreed[at]} of {k}",
            "moved": round(float(both.distances[at]), 2),
        }
        for at in listed.tolist()
    ]


def changed(pair: Pair) -> None:
    """The words that changed most; a click on one picks it."""
    name, both = shell.as_text(pair.second.name), pair.words
    shared, has = len(both.words), ""
    if shared < pair.all:
        has = f"“{name}” has {shared:,} of the {pair.all:,} words; the others go away. "
    among = f"the {pair.common:,} most frequent words" if pair.common < shared else f"{shared:,} words"
    st.markdown(f"**Changed most in “{name}”**")
    st.caption(
        f"{has}Of {among}, those whose nearest the two spaces agree on least. How far a word moved (1 is half the "
        f"map’s width) says less: one map explains {both.agreement:.0%} of the other’s places (R²). The map "
        f"of “{name}” keeps {pair.kept:.0%} of each word’s nearest; colors of “Trust” are of the first map."
    )
    asking.table(pair.changed, ["word"], key=f"atlas_moved {pair.second.name}", box=WORD, height=250)
