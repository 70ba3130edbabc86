"""The tables of the page Compare: the words that differ or agree most, and all of them."""

import streamlit as st

from embedlab.comparison.agreement import Agreement, around
from embedlab.ui import widgets
from embedlab.ui.compare.pair import Pair
from embedlab.vectors.queries import Neighbor

_LISTED = 12  # words that agree most, and least


def extremes(found: Pair, every: Agreement) -> None:
    """The words that differ most or agree most, with their nearest; a click on a row goes there."""
    ends = ("They differ most on", "They agree most on")
    chosen = st.segmented_control(
        "Words",
        ends,
        default=ends[0],
        required=True,
        key="compare_end",
        bind="query-params",
        label_visibility="collapsed",
    )
    rows = []
    for i in every.extremes(_LISTED)[ends.index(chosen)]:
        near = around(found.shared, int(i), 5).near
        rows.append({"word": every.words[i], "agree": float(every.overlaps[i])} | _nearest(found, near))
    words, key = [str(row["word"]) for row in rows], f"compare {chosen}"
    st.dataframe(
        rows,
        hide_index=True,
        key=key,
        column_config={"agree": st.column_config.NumberColumn(format="percent", width="small")},
        selection_mode="single-row",
        on_select=lambda: _ask_row(key, words),
    )


def everything(every: Agreement) -> None:
    """All compared words, the least alike first; a click on a row goes there."""
    order = every.ranked()
    words = [every.words[i] for i in order]
    st.dataframe(
        [
            {"word": word, "agree": float(every.overlaps[i]), "place by frequency": int(i) + 1}
            for word, i in zip(words, order, strict=True)
        ],
        hide_index=True,
        key="compare_table",
        column_config={
            "agree": st.column_config.NumberColumn(format="percent", help="Neighbors that both spaces have."),
            "place by frequency": st.column_config.NumberColumn(help="Among the shared words, as the first has them."),
        },
        selection_mode="single-row",
        on_select=lambda: _ask_row("compare_table", words),
    )
    st.caption("Sort by a column's head, search with the magnifying glass above the table, click a row to go there.")


def _nearest(found: Pair, near: tuple[list[Neighbor], list[Neighbor]]) -> dict[str, str]:
    sides = zip(found.told_apart, near, strict=True)
    return {f"near in {name}": ", ".join(n.word for n in side) for name, side in sides}


def _ask_row(key: str, words: list[str]) -> None:
    """A chosen row of a table asks for its word; for callbacks."""
    rows = st.session_state[key].selection.rows
    if rows:
        widgets.ask(words[rows[0]])
