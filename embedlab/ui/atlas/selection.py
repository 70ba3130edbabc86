"""Which words of a map are colored by a column, left by a filter, or inside an outline that a visitor drew."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st

from embedlab.arrays import Ids, Mask
from embedlab.atlas import columns, districts
from embedlab.atlas.word_map import WordMap
from embedlab.charts.theme import DARK, LIGHT
from embedlab.formats import LoadedTable
from embedlab.ui import cache
from embedlab.ui.atlas import canvas, form
from embedlab.ui.atlas.form import Settings
from embedlab.ui.atlas.maps import Ready
from embedlab.vectors.word_vectors import WordVectors

_LEFT_OUT = 255  # class of a word that the filter leaves out
_OUTLINE = "_atlas_outline"
_CORNERS = 80  # of an outline, at most: they are sent with each run


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
        classes = columns.divide(table.columns[color.removeprefix(form.COLUMN)])
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
    if chosen is not None and table is not None:
        numbers[~_left(table, chosen)] = _LEFT_OUT
    return canvas.layer_bytes(len(word_map.words), head, numbers)


def _left(table: LoadedTable, chosen: form.Filter) -> Mask:
    return columns.matching(table.columns[chosen.column], chosen.wanted)


def outline(settings: Settings) -> Sequence[Sequence[float]]:
    """The corners that were drawn around words of these vectors."""
    key, corners = st.session_state.get(_OUTLINE, (None, ()))
    return corners if key == cache.serial(settings.loaded.vectors) else ()


def note_outline(settings: Settings, corners: Sequence[Sequence[float]]) -> None:
    """Keeps an outline of no more corners than it needs, none where it is empty; for callbacks."""
    every = max(1, -(-len(corners) // _CORNERS))
    corners = [[round(part, 4) for part in corner] for corner in corners[::every]]
    st.session_state[_OUTLINE] = (cache.serial(settings.loaded.vectors), corners)


def selected(settings: Settings, word_map: WordMap) -> Ids:
    """Rows of the words that the filter leaves and the outline holds."""
    vectors, chosen, corners = settings.loaded.vectors, settings.filter, outline(settings)
    kept = np.ones(len(word_map.words), dtype=bool)
    if isinstance(vectors, LoadedTable) and chosen is not None:
        kept &= _left(vectors, chosen)
    if corners:
        kept &= columns.inside(word_map.positions, corners)
    return np.flatnonzero(kept)
