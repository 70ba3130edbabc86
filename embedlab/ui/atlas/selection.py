"""Which words of a map are colored by a column, left by a filter, or inside an outline that a visitor drew."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st

from embedlab.arrays import Ids, Mask
from embedlab.atlas import columns
from embedlab.atlas.columns import MISSING
from embedlab.atlas.word_map import WordMap
from embedlab.charts.theme import DARK, LIGHT
from embedlab.formats import LoadedTable
from embedlab.ui import cache
from embedlab.ui.atlas import canvas, form
from embedlab.ui.atlas.form import Settings

_LEFT_OUT = 255  # class of a word that the filter leaves out
_OUTLINE = "_atlas_outline"


def paint(settings: Settings) -> bytes | None:
    """The layer of colors by a column, and of what a filter leaves out; None where there is neither."""
    column = settings.color.removeprefix(form.COLUMN) if settings.color.startswith(form.COLUMN) else None
    vectors = settings.loaded.vectors
    if not isinstance(vectors, LoadedTable) or (column is None and settings.filter is None):
        return None
    return _painted(cache.serial(vectors), column, settings.filter, vectors)


@st.cache_resource(show_spinner=False, max_entries=20)
def _painted(key: int, column: str | None, chosen: form.Filter | None, _table: LoadedTable) -> bytes:
    head: dict[str, Any] = {}
    numbers = np.full(len(_table), MISSING, dtype=np.uint8)
    if column is not None:
        classes = columns.divide(_table.columns[column])
        numbers = classes.numbers.copy()
        others = {theme.name: [*theme.palette[: columns.CLASSES], theme.muted] for theme in (LIGHT, DARK)}
        head |= {"labels": classes.labels, "colors": canvas.STEPS if classes.ordered else others}
    if chosen is not None:
        numbers[~_left(_table, chosen)] = _LEFT_OUT
    return canvas.layer_bytes(head, numbers)


def _left(table: LoadedTable, chosen: form.Filter) -> Mask:
    return columns.matching(table.columns[chosen.column], chosen.wanted)


def outline(settings: Settings) -> Sequence[Sequence[float]]:
    """The corners that were drawn around words of these vectors."""
    key, corners = st.session_state.get(_OUTLINE, (None, ()))
    return corners if key == cache.serial(settings.loaded.vectors) else ()


def note_outline(settings: Settings, corners: Sequence[Sequence[float]]) -> None:
    """Keeps an outline, none where it is empty; for callbacks."""
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
