"""Lookup: an embedding layer is a table."""

from collections.abc import Collection, Sequence
from typing import Any

import streamlit as st

from embedlab.charts import footprint as footprints
from embedlab.charts import heatmaps
from embedlab.footprint import Footprint
from embedlab.models import lookup
from embedlab.padding import PAD, PAD_ID
from embedlab.ui import shell, widgets

shell.open_page(
    "1_Lookup.py",
    "What does an embedding layer do?",
    "It looks up: every word has a number, and the number fetches one row of a table. That row is its embedding.",
)
theme = shell.theme()
form, picture = st.columns([1, 2], gap="large")

with form, st.form("lookup"):
    text = st.text_area(
        "Sentences, one a line",
        "the cat saw the dog\nI saw a cat",
        key="text",
        bind="query-params",
        help="The lines together are a **batch**: what the layer is given at once. Case and punctuation are dropped.",
    )
    dims = st.slider("Dimensions D", 1, 8, 4, key="dim", bind="query-params", help="How many numbers a word gets.")
    seed_help = "A new table holds random numbers from N(0, 1): mean 0, standard deviation 1. One seed, one table."
    seed = st.number_input("Seed of the table", 0, 999_999, 0, key="seed", bind="query-params", help=seed_help)
    pad_help = "`padding_idx=0` in PyTorch: row 0, which fills up short lines, starts at zero and never learns."
    keep = st.toggle("Padding stays zero", True, key="pad", bind="query-params", help=pad_help)
    with st.expander("More settings"):
        others = st.text_input("Words that only the table holds", "moon tree", key="others", bind="query-params")
        rate = st.number_input("Learning rate of the step", 0.01, 1.0, 0.1, 0.05, key="rate", bind="query-params")
    st.form_submit_button("Look up", type="primary", width="stretch")
    settings = int(dims), int(seed), keep, float(rate)
    result = shell.attempt("lookup", lambda: lookup.look_up(text, others, lookup.LookupConfig(*settings)))
if result is None:
    st.stop()
found = result
(batch, length), (size, dim) = found.ids.shape, found.table.shape
columns = [f"d{i}" for i in range(dim)]


def draw(place: Any, title: str, values: Any, rows: Sequence[str], framed: Collection[int], **how: Any) -> None:
    chart = heatmaps.matrix(values, rows, how.pop("columns", columns), theme, framed=framed, **how)
    place.markdown(title)
    place.altair_chart(chart, width="content", alt=f"{title}; framed: {', '.join(rows[i] for i in framed)}")


with picture:
    st.markdown(f"#### 1. Every word gets a number\nThe ids X, shape (batch, length) = **({batch}, {length})**:")
    grid, choice = st.container(), st.container(horizontal=True)
    lines = {f"line {i + 1}": i for i in range(batch)}
    line = lines[choice.segmented_control("Show", lines, default="line 1", required=True)] if batch > 1 else 0
    here, ids = found.padded(line), found.ids[line]
    word = choice.pills("Follow a word", dict.fromkeys(here), default=here[0], required=True)
    row, places, name = found.words.index(word), [i for i in range(length) if here[i] == word], shell.as_text(word)
    tiles = heatmaps.sentences(found.lines, found.ids, theme, padding=PAD, framed=row)
    grid.altair_chart(tiles, width="content", alt=f"The ids of {batch} lines: {found.ids.tolist()}")

    st.markdown(f"#### 2. The number fetches a row\n“{name}” is number {row}, so it gets row {row} of the table.")
    left, right = st.columns([3, 2])
    labels = [f"E[{i}] {other}" for i, other in zip(ids, here, strict=True)]
    draw(left, f"The table E, ({size}, {dim})", found.table, found.row_labels, [row])
    draw(right, f"Line {line + 1} of Y = E[X], ({length}, {dim})", found.fetched[line], labels, places)

    st.markdown("#### 3. Multiplying gives the same\nA **one-hot** row is all zeros but for a 1 at the word's number.")
    left, right = st.columns([3, 2])
    title = f"Line {line + 1} as one-hot rows, ({length}, {size})"
    draw(left, title, found.one_hot[line], here, places, columns=found.words, digits=0)
    draw(right, f"One-hot × E, ({length}, {dim})", found.product[line], here, places)

figures = st.columns(4)
figures[0].metric("Ids in", f"{batch} × {length}", help="Whole numbers, (batch, length).")
figures[1].metric("Vectors out", f"{batch} × {length} × {dim}", help="One row for each id, (batch, length, dim).")
figures[2].metric("Equal bits", f"{found.equal_numbers} of {found.fetched.size}", help="One-hot × E against E[X].")
figures[3].metric("To learn", f"{size} × {dim} = {size * dim}", help="V × D numbers: the table is all that learns.")

see, buttons = st.columns([2, 1], gap="large")
times = int(found.counts[row])
see.markdown(
    f"""**What you see**
- “{name}” occurs {times}× in the batch and gets the same {dim} numbers each time: the layer knows words, not places.
- Indexing and multiplying give the same {found.fetched.size} numbers to the last bit: adding zeros rounds nothing.
  So the layer *is* a linear layer without bias, fed with one-hot rows; it only skips the zeros.
- A batch has one length, its longest line's: `<pad>` fills up {found.gaps} of the {found.ids.size} places here."""
)
buttons.markdown("**Try this**")
fill = st.session_state.update
buttons.button("One word, five times", on_click=fill, args=({"text": "cat cat cat cat cat"},))
buttons.button("A long line and a short one", on_click=fill, args=({"text": "who saw the dog see the cat\nI"},))
buttons.button("Let padding learn", on_click=fill, args=({"pad": False},))

st.markdown("#### 4. One step of learning touches only the rows that were looked up")
padding_idx = found.config.padding_idx
step = lookup.one_step(found.ids, found.table, padding_idx=padding_idx, learning_rate=found.config.learning_rate)
told, drawn = st.columns([1, 2], gap="large")
told.markdown(
    f"""A made-up task: every fetched number should become 1, so the loss is ½ Σ (Y − 1)². PyTorch finds the gradient.
- **{len(step.touched)} of {size} rows** have one; the faded rows stay as they are.
- “{name}” was looked up {times}×, so its gradient is {times} × (E[{row}] − 1){
        ", but row 0 is told to keep its zeros" if row == padding_idx else ""
    }.
- One step at learning rate {found.config.learning_rate:g} takes the loss from {step.loss:.2f} to {step.loss_after:.2f}.
- With `sparse=True` PyTorch keeps only the touched rows, which saves much when V is 50,000."""
)
idle = set(range(size)) - set(step.touched.tolist())
draw(drawn, f"The gradient of E, ({size}, {dim})", step.gradient, found.row_labels, [row], muted=idle)

st.markdown("#### 5. Why nobody multiplies")


@st.fragment
def costs() -> None:
    told, drawn = st.columns([1, 2], gap="large")
    v = told.select_slider("Words V", [1_000, 10_000, 50_000, 400_000, 3_000_000], 50_000, key="v", bind="query-params")
    d = told.select_slider("Dimensions D", [2, 10, 50, 100, 300, 1_024], 100, key="d", bind="query-params")
    cost = Footprint(v, d)
    told.markdown(
        f"{cost.batch} sentences of {cost.length} words: as one-hot rows **{v / d:,.0f}×** the memory of the vectors, "
        f"and {cost.products:,} multiplications where fetching needs none. To learn: {cost.parameters:,} numbers."
    )
    drawn.altair_chart(footprints.bars(cost.bytes, theme, marked="one-hot rows"), alt=f"Bytes: {cost.bytes}")


costs()
numbers, code, download = st.tabs(["Numbers", "The code", "Download"])
numbers.dataframe(found.records(step), hide_index=True)
with code:
    widgets.the_code(lookup.by_index, lookup.by_product, lookup.one_hot, lookup.by_pytorch, lookup.one_step)
    st.caption("The same in Keras, as text: Keras is not part of this app.")
    st.code(lookup.in_keras(found), language="python")
widgets.next_page("2_Ten_words.py")
