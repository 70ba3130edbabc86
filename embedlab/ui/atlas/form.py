"""What the page Atlas is asked: which vectors, which word, and what colors are to say."""

import re
import weakref
from collections.abc import Collection
from datetime import date, datetime, timedelta
from math import ceil, floor, log10
from typing import Any, NamedTuple

import streamlit as st

from embedlab.arrays import Mask
from embedlab.atlas import columns
from embedlab.atlas.columns import Scale
from embedlab.formats import LoadedTable
from embedlab.library.bundled import COUNTED, PREDICTED
from embedlab.ui import shell, vector_choice
from embedlab.ui.vector_choice import Loaded
from embedlab.ui.words import word_boxes
from embedlab.ui.words.asking import WORD
from embedlab.vectors.first_look import telling_words
from embedlab.vectors.word_vectors import WordVectors
from embedlab.wording import counted

DISTRICTS, KEPT, COLUMN = "Districts", "Trust", "Column: "
FIRST = "king"
SECOND, NOWHERE = "beside_map", "None"  # key of the choice of a set to whose places words move, and that of none
PART = "What they contain"  # choice of a filter by a part of words and texts themselves
_LISTED = 100  # values that can be chosen from
_WHOLE_DAY = 1 - 1e-9  # from its first moment to its last
_LARGEST = 2**53  # whole numbers below it are exact in a browser, which counts dates in microseconds since 1970
_MANY_DAYS = timedelta(days=7)
_FIRST_DAY, _LAST_DAY = datetime(1684, 8, 1), datetime(2255, 6, 1)  # so that a slider has these
_ROOM = 1e-6  # of a step, by which a slider's numbers may be off
_LOOKED_AT, _LONG = 200, 100  # entries that show whether they are texts, and letters of each
_UNPARTED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_A_WORD = 6  # of these signs, of writing without blanks, count as a blank does: no word is twice as long


OTHER = {PREDICTED: COUNTED, COUNTED: PREDICTED}


class Filter(NamedTuple):
    """Which words are left."""

    column: str | None  # of their table; None: the words themselves
    wanted: Collection[str] | str = ""  # values, or what they contain
    between: tuple[float, float] | None = None  # of a scale, in place of these

    def left(self, vectors: WordVectors) -> Mask:
        """(V,) whether a word is left."""
        if not isinstance(vectors, LoadedTable) or self.column is None:
            return columns.matching(vectors.words, self.wanted)
        if self.between and (found := scale_of(vectors, self.column)):
            return found.within(*self.between)
        return columns.matching(vectors.columns[self.column], self.wanted)


# Of each table the columns that were looked at, None for one that is no scale.
_SCALES: "weakref.WeakKeyDictionary[LoadedTable, dict[str, Scale | None]]" = weakref.WeakKeyDictionary()


def scale_of(table: LoadedTable, column: str) -> Scale | None:
    """A column as a scale, if it is one; worked out once for all visitors."""
    known = _SCALES.setdefault(table, {})
    if column not in known:
        known[column] = columns.scale(table.columns[column])
    return known[column]


def noun(vectors: WordVectors) -> str:
    """What the entries are called: word, or text where they have several words, or many signs without blanks."""
    first = [entry[:_LONG] for entry in vectors.words[:_LOOKED_AT]]
    signs = sum(entry.count(" ") * _A_WORD + len(_UNPARTED.findall(entry)) for entry in first)
    return "text" if signs >= 2 * _A_WORD * len(first) else "word"


class Settings(NamedTuple):
    """What the form holds."""

    loaded: Loaded
    typed: str
    color: str  # one of the above, the last with the name of a column
    filter: Filter | None = None

    @property
    def noun(self) -> str:
        """What the entries are called."""
        return noun(self.loaded.vectors)


def ask() -> Settings:
    """The form, its state in the link."""
    loaded = vector_choice.choice()
    vectors = loaded.vectors
    word_boxes.begin_with(vectors, {WORD: FIRST}, lambda: telling_words(vectors, 1))
    typed = st.text_input(
        f"Find a {noun(vectors)}",
        FIRST,
        key=WORD,
        bind="query-params",
        help="Or click one on the map." if noun(vectors) == "word" else "Or a part of one; or click one on the map.",
    )
    table = vectors if isinstance(vectors, LoadedTable) and vectors.columns else None
    color = st.selectbox(
        "Colors show",
        [DISTRICTS, KEPT, *(COLUMN + name for name in (table.columns if table else ()))],
        key="color",
        bind="query-params",
        help=f"**{DISTRICTS}**: groups found by k-means. **{KEPT}**: how many of the ten nearest are kept.",
    )
    return Settings(loaded, typed, color, _filter(vectors) if table or noun(vectors) == "text" else None)


def _filter(vectors: WordVectors) -> Filter | None:
    """Which words are left, by one of their table's columns or by what they contain; None: all."""
    table, entries = vectors if isinstance(vectors, LoadedTable) else None, f"{noun(vectors)}s"
    none = f"All {entries}"
    names = {f"{name} (own)" if name in (none, PART) else name: name for name in (table.columns if table else ())}
    chosen = st.selectbox(f"Only {entries} by", [none, *names, PART], key="filter", bind="query-params")
    if chosen == none:
        return None
    if chosen == PART or table is None:
        return _containing(PART, "filter_part", None)
    column = names[chosen]
    label = shell.as_text(column)
    if found := scale_of(table, column):
        return Filter(column, between=_range(label, f"filter_range_{column}", found, noun(vectors)))
    all_values = columns.categories(table.columns[column])
    if not all_values:
        st.caption(f"No {noun(vectors)} has a value here.")
        return None
    if len(all_values) > _LISTED:
        return _containing(label, f"filter_part_{column}", column)
    values = st.multiselect(label, all_values, key=f"filter_values_{column}", bind="query-params")
    return Filter(column, frozenset(values)) if values else None


def _containing(label: str, key: str, column: str | None) -> Filter | None:
    part = st.text_input(label, key=key, bind="query-params", help="A part of it, in capitals or not.").strip()
    return Filter(column, part) if part else None


def _dates(label: str, bound: dict[str, Any], first: datetime, last: datetime) -> tuple[float, float]:
    """A part of a scale of dates: of days, of minutes where there are few days, of years where a slider has no days."""
    if first < _FIRST_DAY or last > _LAST_DAY:
        low, high = st.slider(label, first.year, last.year, (first.year, last.year), **bound)
        first_day, last_day = date(low, 1, 1), date(high, 12, 31)
    elif last - first >= _MANY_DAYS:
        ends = first.date(), last.date()
        first_day, last_day = st.slider(label, *ends, ends, **bound)
    else:
        minute = timedelta(minutes=1)
        start, end = (when.replace(second=0, microsecond=0) for when in (first, last + minute))
        since, until = st.slider(label, start, end, (start, end), step=minute, format="YYYY-MM-DD HH:mm", **bound)
        return columns.day_number(since), columns.day_number(until)
    return columns.day_number(first_day), columns.day_number(last_day) + _WHOLE_DAY


def _numbers(label: str, bound: dict[str, Any], found: Scale) -> tuple[float, float]:
    """A part of a scale of numbers: of whole ones, such as years, or in steps of about a hundredth of it."""
    first, last = found.ends
    if found.whole and max(-first, last) < _LARGEST:
        start, end = int(first), int(last)
        low, high = st.slider(label, start, end, (start, end), **bound)
        return low, high
    digits = 2 - floor(log10(last / 2 - first / 2) + log10(2))  # behind the point
    step = 10.0**-digits
    lowest, highest = floor(first / step) * step, ceil(last / step) * step
    form = f"%.{digits}f" if digits >= 0 else "%.4g"
    low, high = st.slider(label, lowest, highest, (lowest, highest), step, form, **bound)
    return low - step * _ROOM, high + step * _ROOM


def _range(label: str, key: str, found: Scale, noun: str) -> tuple[float, float]:
    """A part of a scale; says how many words have no place on it."""
    bound = {"key": key, "bind": "query-params"}
    chosen = _dates(label, bound, *map(columns.moment, found.ends)) if found.dates else _numbers(label, bound, found)
    if found.missing:
        have = "has no value and is" if found.missing == 1 else "have no value and are"
        st.caption(f"{counted(found.missing, noun)} {have} left out.")
    return chosen
