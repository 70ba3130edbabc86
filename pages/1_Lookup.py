"""Lookup: an embedding layer is a table."""

import streamlit as st

from embedlab.charts import footprint, heatmaps
from embedlab.models import lookup
from embedlab.ui import shell, widgets

shell.open_page(
    "1_Lookup.py",
    "What does an embedding layer do?",
    "It looks up: every word has a number, and the number fetches one row of a table. That row is the word's embedding.",
)
theme = shell.theme()
form, picture = st.columns([1, 2], gap="large")

with form, st.form("sentences"):
    text = st.text_area(
        "Sentences, one a line",
        "the cat saw the dog\nI saw a cat",
        key="text",
        bind="query-params",
        help="All lines together are a **batch**: what the layer is given at once. Capitals and punctuation are dropped.",
    )
    dimensions = st.slider(
        "Dimensions D", 1, lookup.MAX_DIMENSIONS, 4, key="dim", bind="query-params", help="Numbers per word."
    )
    seed = st.number_input(
        "Seed of the table",
        0,
        999_999,
        0,
        key="seed",
        bind="query-params",
        help="A new table holds random numbers from N(0, 1): mean 0, standard deviation 1. One seed, one table.",
    )
    keep = st.toggle(
        "Padding stays zero",
        True,
        key="pad",
        bind="query-params",
        help="`padding_idx=0` in PyTorch: row 0, which fills up short lines, is zero and never learns.",
    )
    with st.expander("More settings"):
        others = st.text_input("Words that only the table holds", "moon tree", key="others", bind="query-params")
        rate = st.number_input("Learning rate", 0.01, 1.0, 0.1, 0.05, key="rate", bind="query-params")
    st.form_submit_button("Look up", type="primary", width="stretch")


def compute() -> tuple[lookup.Lookup, lookup.LookupConfig]:
    config = lookup.LookupConfig(int(dimensions), int(seed), keep, float(rate))
    return lookup.look_up(text, others, config), config


with form:
    result = shell.attempt("lookup", compute)
if result is None:
    st.stop()
found, config = result
(batch, length), (size, dim) = found.ids.shape, found.table.shape
rows, dims = found.row_labels, [f"d{i}" for i in range(dim)]

with picture:
    st.markdown(f"#### 1. Every word gets a number\nThe ids X, shape (batch, length) = **({batch}, {length})**")
    chosen = st.container()
    line, position, hints = 0, 0, st.container(horizontal=True, vertical_alignment="bottom")
    if batch > 1:
        options = list(range(batch))
        line = hints.segmented_control(
            "Line", options, format_func=lambda i: str(i + 1), default=0, required=True, key="line"
        )
    padded = found.padded(line)
    position = hints.pills(
        "Follow a word", list(range(length)), format_func=padded.__getitem__, default=0, required=True, key=f"at{length}"
    )
    chosen.altair_chart(
        heatmaps.sentences(found.lines, found.ids, theme, padding=lookup.PAD, framed=(line, position)),
        width="content",
        alt=f"Ids of {batch} lines: " + "; ".join(" ".join(map(str, row)) for row in found.ids),
        key="ids",
    )
    row = int(found.ids[line, position])
    word, places = found.words[row], [f"{i} {w}" for i, w in enumerate(padded)]

    def draw(values, labels, columns, framed, alt, digits=2, **more):
        chart = heatmaps.matrix(values, labels, columns, theme, framed=[framed], digits=digits, **more)
        st.altair_chart(chart, width="content", alt=alt, key=alt[:24])

    st.markdown("#### 2. The number fetches a row")
    left, right = st.columns([3, 2])
    with left:
        st.markdown(f"The table E: ({size}, {dim})")
        draw(found.table, rows, dims, row, f"Embedding table of {size} rows; row {row}, {word}, is framed")
    with right:
        st.markdown(f"Line {line + 1} of E[X]: ({length}, {dim})")
        draw(found.fetched[line], places, dims, position, "Rows fetched by index")
    st.markdown("#### 3. One-hot rows times the table give the same")
    left, right = st.columns([3, 2])
    with left:
        st.markdown(f"One-hot rows of line {line + 1}: ({length}, {size})")
        draw(found.one_hot[line], places, list(found.words), position, "One-hot rows", digits=0)
    with right:
        st.markdown(f"One-hot × E: ({length}, {dim})")
        draw(found.product[line], places, dims, position, "One-hot rows times the table")
