"""The lookup drawn in steps: ids, rows fetched by index, one-hot rows times the table, and which rows learn."""

from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from embedlab.charts import export, heatmaps
from embedlab.charts.theme import Theme
from embedlab.lessons.lookup.cost import Footprint
from embedlab.lessons.lookup.layer import Lookup, Step
from embedlab.lessons.lookup.padding import PAD
from embedlab.ui import shell
from embedlab.ui.lookup import charts as footprints
from embedlab.ui.spreadsheets import records_to_csv

VOCABULARIES = (1_000, 10_000, 50_000, 400_000, 3_000_000)
DIMENSIONS = (2, 10, 50, 100, 300, 1_024)


def three_steps(found: Lookup, theme: Theme) -> int:
    """Ids, index and product of one line; the visitor chooses the line and a word to follow through all of them.

    Returns:
        The id of that word.
    """
    (batch, length), (size, dim) = found.ids.shape, found.table.shape
    st.markdown(f"#### 1. Every word gets a number\nThe ids X, shape (batch, length) = **({batch}, {length})**:")
    grid = st.container()
    lines = [f"line {i + 1}" for i in range(batch)]
    shown = st.segmented_control("Show", lines, default=lines[0], required=True, key="line", bind="query-params")
    line = lines.index(shown)
    here, ids, dims = found.padded(line), found.ids[line], _dims(found)
    word = st.pills(
        "Follow a word",
        dict.fromkeys(here),
        default=here[0],
        required=True,
        format_func=shell.as_text,
        wrap=True,
        key="follow",
        bind="query-params",
    )
    row, places = found.words.index(word), [i for i, other in enumerate(here) if other == word]
    tiles = heatmaps.sentences(found.lines, found.ids, theme, padding=PAD, framed=row)
    grid.altair_chart(tiles, alt=f"The ids of {batch} lines: {found.ids.tolist()}")

    st.markdown(
        f"#### 2. The number fetches a row\n“{shell.as_text(word)}” is number {row}: it gets row {row} of the table. "
        f"Before any learning, a table is random numbers from N(0, 1); these have seed {found.config.seed}."
    )
    with st.container(horizontal=True, gap="large"):
        _matrix(f"The table E, ({size}, {dim})", found.table, found.row_labels, dims, theme, [row])
        labels = [f"E[{i}] {other}" for i, other in zip(ids, here, strict=True)]
        _matrix(f"Line {line + 1} of Y = E[X], ({length}, {dim})", found.fetched[line], labels, dims, theme, places)

    st.markdown(
        "#### 3. Multiplying gives the same\nA **one-hot** row is all zeros but for a 1 at the word's number. "
        f"Times E it keeps that row alone: {found.equal_numbers} of {found.fetched.size} numbers agree to the last bit."
    )
    with st.container(horizontal=True, gap="large"):
        title = f"Line {line + 1} as one-hot rows, ({length}, {size})"
        _matrix(title, found.one_hot[line], here, found.words, theme, places, digits=0)
        _matrix(f"One-hot × E, ({length}, {dim})", found.product[line], here, dims, theme, places)
    return row


def gradient(found: Lookup, step: Step, row: int, theme: Theme) -> None:
    """What one step would change: the rows that were looked up, the others faded."""
    size, dim = found.table.shape
    idle = set(range(size)) - set(step.touched.tolist())
    title = f"The gradient of E, ({size}, {dim})"
    _matrix(title, step.gradient, found.row_labels, _dims(found), theme, [row], muted=idle)


@st.fragment
def costs(theme: Theme) -> None:
    """Memory of ids, vectors, table and one-hot rows for a vocabulary and dimensions chosen by slider."""
    told, drawn = st.columns([1, 2], gap="large")
    as_number = "{:,}".format
    words = told.select_slider("Words V", VOCABULARIES, 50_000, as_number, key="v", bind="query-params")
    dims = told.select_slider("Dimensions D", DIMENSIONS, 100, as_number, key="d", bind="query-params")
    cost = Footprint(words, dims)
    told.markdown(
        f"{cost.batch} sentences of {cost.length} words: as one-hot rows **{words / dims:,.0f}×** the memory of their "
        f"vectors, and {cost.products:,} multiplications where fetching needs none. "
        f"To learn: {cost.parameters:,} numbers."
    )
    drawn.altair_chart(footprints.bars(cost.bytes, theme, marked="one-hot rows"), alt=f"Bytes: {cost.bytes}")


def downloads(found: Lookup, step: Step, theme: Theme) -> None:
    """The table with its gradient as CSV, all vectors as CSV, and the table's picture as PNG, SVG and HTML."""

    def picture(make: Callable[[Any, Theme], bytes]) -> bytes:
        return make(heatmaps.matrix(found.table, found.row_labels, _dims(found), theme), theme)

    records = found.records(step)
    with st.container(horizontal=True):
        for label, file, mime, data in (
            ("Table and gradient (CSV)", "table.csv", "text/csv", lambda: records_to_csv(records)),
            ("Vectors Y (CSV)", "vectors.csv", "text/csv", lambda: records_to_csv(found.vector_records())),
            ("Table (PNG)", "table.png", "image/png", partial(picture, export.to_png)),
            ("Table (SVG)", "table.svg", "image/svg+xml", partial(picture, export.to_svg)),
            ("Table (HTML)", "table.html", "text/html", partial(picture, export.to_html)),
        ):
            st.download_button(label, data, file, mime, on_click="ignore")


def _dims(found: Lookup) -> list[str]:
    return [f"d{i}" for i in range(found.table.shape[1])]


def _matrix(
    title: str,
    values: np.ndarray,
    rows: Sequence[str],
    columns: Sequence[str],
    theme: Theme,
    framed: Collection[int],
    *,
    digits: int = 2,
    muted: Collection[int] = (),
) -> None:
    chart = heatmaps.matrix(values, rows, columns, theme, framed=framed, digits=digits, muted=muted)
    with st.container(width="content"):
        st.markdown(title)
        st.altair_chart(chart, width="content", alt=f"{title}; framed: {', '.join(rows[i] for i in framed)}")
