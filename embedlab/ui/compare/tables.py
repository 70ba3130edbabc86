"""The tables of the page Compare: the words that differ or agree most, and all of them."""

from typing import TYPE_CHECKING

import streamlit as st

from embedlab.comparison.agreement import Agreement, around
from embedlab.ui import widgets
from embedlab.ui.compare.pair import Pair
from embedlab.ui.tables import data_table
from embedlab.ui.words import asking
from embedlab.vectors.queries import Neighbor

if TYPE_CHECKING:
    import pyarrow as pa

_LISTED = 12  # words that agree most, and least
_LETTER, _PAD, _WIDEST, _NARROW = 8, 20, 190, 68  # px of a letter, around a word, and of columns: a phone has 370


def extremes(found: Pair, every: Agreement) -> None:
    """The words that differ most or agree most, with their nearest; a click on a word goes there."""
    ends = ("They differ most on", "They agree most on")
    chosen = widgets.one_of("Words", ends, key="compare_end", bind="query-params", bare=True)
    rows = _extremes(_key(found, every), ends.index(chosen), found, every)
    asking.table(
        rows,
        [name for name in rows.column_names if name != "overlap"],
        key=f"compare {chosen} {found.key}",
        box=asking.WORD,
        column_config={
            "word": st.column_config.TextColumn(width=_width(rows)),
            "overlap": st.column_config.NumberColumn(format="percent", width=_NARROW),
        },
        height="content",
    )
    st.caption("Click a word to compare it, a list for its words.")


def everything(found: Pair, every: Agreement) -> None:
    """All compared words, the least alike first; a click on a word goes there."""
    rows = _everything(_key(found, every), every)
    asking.table(
        rows,
        ["word"],
        key="compare_table",
        box=asking.WORD,
        column_config={
            "overlap": st.column_config.NumberColumn(format="percent", help="Neighbors that both spaces have."),
            "rank by frequency": st.column_config.NumberColumn(help="Among the shared words, as the first has them."),
        },
    )
    st.caption("Click a word to compare it.")


def _width(rows: "pa.Table") -> int:
    """px for the column of words: those of its longest, as far as there is room on a phone."""
    return min(_LETTER * max(map(len, rows["word"].to_pylist())) + _PAD, _WIDEST)


def _key(found: Pair, every: Agreement) -> str:
    return f"{found.key} {every.k} {len(every.words)}"


# Tables of Arrow, which are sent as they are: rows would be made into one at every rerun.
@st.cache_resource(show_spinner=False, max_entries=20)
def _extremes(key: str, end: int, _found: Pair, _every: Agreement) -> "pa.Table":
    """The words that agree least (end 0) or most (1); `key` says of which spaces."""
    rows = []
    for i in _every.extremes(_LISTED)[end]:
        near = around(_found.shared, int(i), 5).near
        rows.append({"word": _every.words[i], "overlap": float(_every.overlaps[i])} | _nearest(_found, near))
    return data_table.arrow(rows)


@st.cache_resource(show_spinner=False, max_entries=10)
def _everything(key: str, _every: Agreement) -> "pa.Table":
    """All compared words, the least alike first; `key` says of which spaces."""
    order = _every.ranked()
    words = [_every.words[i] for i in order]
    overlaps, ranks = _every.overlaps[order].tolist(), (order + 1).tolist()
    return data_table.arrow_of({"word": words, "overlap": overlaps, "rank by frequency": ranks})


def _nearest(found: Pair, near: tuple[list[Neighbor], list[Neighbor]]) -> dict[str, list[str]]:
    sides = zip(found.told_apart, near, strict=True)
    return {f"near in {name}": [n.word for n in side] for name, side in sides}
