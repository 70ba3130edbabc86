"""The questions of the page Evaluate one by one: those that failed as a table, all of them as files."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from embedlab.charts.theme import Theme
from embedlab.evaluation.analogies import SECTION_NAMES
from embedlab.ui import widgets
from embedlab.ui.evaluate import charts
from embedlab.ui.evaluate.analogy_scores import AnalogyResult, chart
from embedlab.ui.spreadsheets import records_to_csv, to_csv
from embedlab.ui.widgets import File

_PERCENT = {name: st.column_config.NumberColumn(format="percent") for name in ("right", "low", "high", "left_in")}


def records(result: AnalogyResult, *, failed: bool = True) -> list[dict[str, Any]]:
    """Each question of the spaces with its answer."""
    rows = []
    for space, answers in zip(result.settings.spaces, result.given, strict=False):
        words = answers.vectors.words
        for section in answers.sections:
            for i in np.flatnonzero(~section.right) if failed else range(len(section.asked)):
                a, b, c, d = (words[row] for row in section.rows[i])
                rows.append(
                    {
                        "vectors": space.name,
                        "section": SECTION_NAMES.get(section.name, section.name),
                        "question": f"{a} : {b} :: {c} : ?",
                        "right answer": d,
                        "given answer": words[section.best[i]],
                        "place of the right one": int(section.place[i]),
                        "given with inputs left in": words[section.left_in[i]],
                    }
                )
    return rows


def numbers(result: AnalogyResult) -> None:
    """The questions that failed, and the scores."""
    wanted = st.segmented_control(
        "Table", ["Failed questions", "Sections"], default="Failed questions", required=True, key="evaluate_table"
    )
    if wanted == "Sections":
        st.dataframe([bar._asdict() for bar in result.bars], hide_index=True, column_config=_PERCENT)
        return
    typed = st.text_input("Only with this word", key="evaluate_search").strip().lower()
    rows = records(result)
    shown = [row for row in rows if not typed or typed in " ".join(map(str, row.values())).lower().split()]
    st.caption(f"{len(shown):,} of {len(rows):,} failed questions.")
    st.dataframe(shown, hide_index=True)


def files(result: AnalogyResult, theme: Theme) -> Iterator[File]:
    """Questions, sections, picture."""

    def table() -> str:
        return records_to_csv(records(result, failed=False))

    def sections() -> str:
        return to_csv(charts.SectionBar._fields, result.bars)

    yield File("Questions (CSV)", "analogy-answers.csv", "text/csv", table)
    yield File("Sections (CSV)", "analogy-sections.csv", "text/csv", sections)
    yield from widgets.pictures(partial(chart, result, theme, 720), "Picture", "analogy-sections", theme)
