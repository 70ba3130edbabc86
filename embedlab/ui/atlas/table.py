"""The words of a map as a table, in which a click picks a word, and as a file; what one's own table says of a word."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from embedlab.arrays import Ids
from embedlab.formats import LoadedTable
from embedlab.ui import shell
from embedlab.ui.atlas import selection
from embedlab.ui.atlas.results import Found
from embedlab.ui.tables import data_table
from embedlab.ui.words import asking
from embedlab.ui.words.asking import WORD
from embedlab.wording import counted

_ROWS = 1_000  # of a table on the page; files have all
_OF_MAP = ("word", "district", "neighbors kept")
_SAID = 12  # columns that are said of a word


def show(found: Found, rows: Ids) -> None:
    """The row of the word that is picked, and these words in a table; a click on one picks it, and the map flies there.

    The table stays as it is when another word is picked: it is not sent again, and whoever scrolled it finds it there.
    """
    drawn = selection.outline(found.settings, found.second)
    what = _limits(found) or "on the map"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"**{counted(len(rows), found.settings.noun)} {what}**"
            + (f", the first {_ROWS:,} below" if len(rows) > _ROWS else "")
        )
        if len(rows):
            st.download_button(
                f"These {found.settings.noun}s (CSV)", lambda: as_csv(found, rows), "atlas-words.csv", "text/csv",
                on_click="ignore", icon=":material/download:",
            )  # fmt: skip
        if drawn and st.button("Remove the outline"):
            selection.remove_outline()
            st.rerun()  # the whole page, of which the tab is a part that runs alone
    if drawn is None:
        st.caption(f"To select {found.settings.noun}s, draw around them on the map: the button with the dashed square.")
    picked, *records = _records(found, [found.row, *rows[:_ROWS].tolist()])
    fractions = {name for record in (picked, *records) for name, value in record.items() if isinstance(value, float)}
    whole = {name: st.column_config.Column() for name in map(_own, _columns(found)) if name not in fractions}
    data_table.draw([picked], column_config=whole)  # without separators: a year is no count
    if records:
        asking.table(records, ["word"], key="atlas_rows", box=WORD, column_config=whole)


def say_selected(found: Found, rows: Ids) -> None:
    """How many words an outline and a filter leave, where there is one."""
    if what := _limits(found):
        st.caption(f"**{counted(len(rows), found.settings.noun)}** {what}: see “Words” below.")


def _limits(found: Found) -> str:
    """What selects words of the map; empty where all of them are shown."""
    what = []
    if drawn := selection.outline(found.settings, found.second):
        what.append("inside the outline")
        if drawn.mix and found.second:
            how = "at their places" if drawn.mix == 1 else "on their way to their places"
            what[0] += f" that was drawn {how} in “{shell.as_text(found.second.name)}”"
    return " and ".join(what + ["left by the filter"] * bool(found.settings.filter))


def _columns(found: Found) -> Mapping[str, Sequence[Any]]:
    return found.vectors.columns if isinstance(found.vectors, LoadedTable) else {}


def _own(name: str) -> str:
    """What a column of one's own table is called on the page: another name than those of the map."""
    return f"{name} (own)" if name in _OF_MAP else name


def _records(found: Found, rows: Sequence[int], own: Callable[[str], str] = _own) -> list[dict[str, Any]]:
    word_map, columns = found.map, _columns(found)
    return [
        {
            "word": word_map.words[row],
            **{own(name): values[row] for name, values in columns.items()},
            "district": word_map.district_names[int(word_map.districts[row])],
            "neighbors kept": int(word_map.kept_counts[row]),
        }
        for row in rows
    ]


def as_csv(found: Found, rows: Ids) -> str:
    """These words with their district, how many of their neighbors the map keeps, and their places, on both maps."""
    from embedlab.ui.spreadsheets import records_to_csv

    records = _records(found, rows.tolist(), "column_{}".format)
    maps = {"": found.map.positions} | ({"other_": found.second.places} if found.second else {})
    for of, places in maps.items():
        for record, (x, y) in zip(records, places[rows].tolist(), strict=True):
            record |= {f"{of}x": x, f"{of}y": y}
    return records_to_csv(records)


def say_columns(found: Found) -> None:
    """What the table says of the word that is picked."""
    said = [f"{name}: {values[found.row]}" for name, values in _columns(found).items() if values[found.row] is not None]
    more = [f"{len(said) - _SAID} more under Words"] if len(said) > _SAID else []
    if said:
        st.caption(shell.as_text(" · ".join(said[:_SAID] + more)))
