"""Which words of a map are colored by a column, left by a filter, or inside an outline that a visitor drew."""

from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from embedlab.arrays import Floats, Ids
from embedlab.atlas import columns, districts
from embedlab.atlas.word_map import WordMap
from embedlab.charts.theme import DARK, LIGHT
from embedlab.formats import LoadedTable
from embedlab.ui import cache
from embedlab.ui.atlas import canvas, form
from embedlab.ui.atlas.canvas import Outline
from embedlab.ui.atlas.form import Settings
from embedlab.ui.atlas.maps import Ready
from embedlab.vectors.word_vectors import WordVectors

_LEFT_OUT = 255  # class of a word that the filter leaves out
_OUTLINE = "_atlas_outline"
_CORNERS = 80  # of an outline, at most: they are sent with each run


class Second(NamedTuple):
    """Another set, to whose places words move."""

    name: str
    places: Floats  # (V, 2) read-only; NaN where it lacks a word
    data: bytes  # these and its districts', for the browser


def paint(settings: Settings, ready: Ready) -> bytes:
    """The layer of colors, and of what a filter leaves out."""
    return _painted(
        f"{ready.word_map.fingerprint} {cache.serial(settings.loaded.vectors)}",
        settings.color,
        settings.filter,
        ready,
        settings.loaded.vectors,
    )


@st.cache_resource(show_spinner=False, max_entries=20)
def _painted(key: str, color: str, chosen: form.Filter | None, _ready: Ready, _vectors: WordVectors) -> bytes:
    word_map, table = _ready.word_map, _vectors if isinstance(_vectors, LoadedTable) else None
    head: dict[str, Any]
    if color.startswith(form.COLUMN) and table is not None:
        name = color.removeprefix(form.COLUMN)
        classes = columns.divide(form.scale_of(table, name) or table.columns[name])
        numbers = classes.numbers.copy()
        others = {theme.name: [*theme.palette[: columns.CLASSES], theme.muted] for theme in (LIGHT, DARK)}
        head = {"labels": classes.labels, "colors": canvas.STEPS if classes.ordered else others}
    elif color == form.KEPT:
        low, high = _ready.ends
        numbers = (
            ((word_map.kept - low) / ((high - low) or 1) * canvas.SCALE).clip(0, canvas.SCALE - 1).astype(np.uint8)
        )
        shares = np.linspace(low, high, canvas.SCALE)
        head = {
            "labels": [f"{share:.0%}{' kept' * (at == 0)}" for at, share in enumerate(shares)],
            "colors": canvas.STEPS,
        }
    else:
        numbers = np.array(districts.hues(word_map.district_places, len(LIGHT.palette)), np.uint8)[word_map.districts]
        head = {"colors": canvas.PALE}
    if chosen is not None:
        numbers[~chosen.left(_vectors)] = _LEFT_OUT
    return canvas.layer_bytes(len(word_map.words), head, numbers)


def outline(settings: Settings, second: Second | None) -> Outline | None:
    """What was drawn around words of these vectors, where they are on their way to the places that they had then."""
    key, drawn = st.session_state.get(_OUTLINE, (None, None))
    there = drawn is not None and key == _key(settings, drawn) and not (drawn.mix and second is None)
    return drawn if there else None


def note_outline(settings: Settings, drawn: Outline) -> None:
    """Keeps an outline, of no more corners than it needs; for callbacks."""
    every = max(1, -(-len(drawn.corners) // _CORNERS))
    drawn = drawn._replace(corners=[[round(part, 4) for part in corner] for corner in drawn.corners[::every]])
    st.session_state[_OUTLINE] = (_key(settings, drawn), drawn)


def remove_outline() -> None:
    """Forgets the outline."""
    st.session_state.pop(_OUTLINE, None)


def _key(settings: Settings, drawn: Outline) -> tuple[int, str | None]:
    """The vectors, and the set to whose places they had moved."""
    return cache.serial(settings.loaded.vectors), st.session_state.get(form.SECOND) if drawn.mix else None


def selected(settings: Settings, word_map: WordMap, second: Second | None) -> Ids:
    """Rows of the words that the filter leaves and the outline holds."""
    kept = np.ones(len(word_map.words), dtype=bool)
    if settings.filter is not None:
        kept &= settings.filter.left(settings.loaded.vectors)
    if drawn := outline(settings, second):
        places = word_map.positions
        if second is not None and drawn.mix:
            places = places + (second.places - places) * np.float32(drawn.mix)
        kept &= columns.inside(places, drawn.corners)
    return np.flatnonzero(kept)
