"""The results of the page Lookup: ids, rows fetched by index, one-hot rows times the table, and which rows learn."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import streamlit as st

from embedlab.arrays import Floats
from embedlab.charts import heatmaps
from embedlab.charts.theme import Theme
from embedlab.formats.limits import shown_word
from embedlab.lessons.lookup import layer
from embedlab.lessons.lookup.cost import Footprint
from embedlab.lessons.lookup.padding import PAD
from embedlab.text import segmentation
from embedlab.ui import shell, turns, widgets
from embedlab.ui.address import address
from embedlab.ui.lookup import charts
from embedlab.ui.lookup.form import BOXES, Settings
from embedlab.ui.words import asking
from embedlab.wording import first_and_more

VOCABULARIES = (1_000, 10_000, 50_000, 400_000, 3_000_000)
_LEARNING = "which_rows_learn"  # key of that part
_FOLLOWED = "_followed_in"  # in the session: the words of the line whose word is followed
DIMENSIONS = (2, 10, 50, 100, 300, 1_024)


@dataclass(frozen=True)
class Found:
    """A lookup, what one step of learning does to its table, and what of it the visitor follows."""

    lookup: layer.Lookup
    step: layer.GradientStep
    line: int = 0  # of the batch
    row: int = 0  # of the table


def find(settings: Settings) -> Found:
    """Looks up; if the settings are invalid, shows the error and keeps the last valid lookup, at first the default."""

    def compute(settings: Settings = settings) -> Found:
        found = layer.look_up(settings.text, settings.others, settings.config())
        return Found(found, found.one_step())

    found = shell.attempt(
        "lookup",
        compute,
        inputs=BOXES,
        still=lambda found: shown_word(" ".join(found.lookup.lines[0])),
        otherwise=lambda: compute(Settings()),
    )
    assert found is not None
    return found


def follow(found: Found, theme: Theme) -> Found:
    """Step 1, the ids; the visitor chooses a line and a word to follow from there on."""
    lookup = found.lookup
    widgets.said_first([segmentation.note(" ".join(lookup.words))])
    batch, length = lookup.ids.shape
    st.markdown(f"#### 1. Every word gets a number, its id\nX, (batch, length) = ({batch}, {length})")
    grid = st.container()
    lines = [f"line {i + 1}" for i in range(batch)]
    line = lines.index(widgets.one_of("Show", lines, key="line", bind="query-params"))
    words = lookup.padded(line)
    before, st.session_state[_FOLLOWED] = st.session_state.get(_FOLLOWED, words), words
    chosen = "follow" in st.query_params or words == before  # else it is what was the first word before
    if not chosen or st.session_state.get("follow", words[0]) not in words:  # the address would go on naming another's
        st.session_state["follow"] = words[0]
    address.never_empty("follow")
    word = st.pills(
        "Follow a word",
        dict.fromkeys(words),
        default=words[0],
        required=True,
        format_func=shell.as_text,
        wrap=True,
        key="follow",
        bind="query-params",
    )
    row = lookup.words.index(word)
    tiles = heatmaps.sentences(lookup.lines, lookup.ids, theme, padding=PAD, framed=row)
    grid.vega_lite_chart(tiles, alt=f"The ids of {batch} lines: {lookup.ids.tolist()}")
    return replace(found, line=line, row=row)


def picture(found: Found, theme: Theme) -> None:
    """Step 2: the rows of one line, by index."""
    lookup, line, row = found.lookup, found.line, found.row
    (length, dim), size = lookup.fetched[line].shape, len(lookup.table)
    words, ids, dims = lookup.padded(line), lookup.ids[line], lookup.column_labels
    places = np.flatnonzero(ids == row).tolist()
    unspoken = [word for word, count in zip(lookup.words, lookup.counts, strict=True) if not count and word != PAD]
    named = first_and_more(unspoken, 3, lambda word: f"“{shell.as_text(word)}”")
    others = f" It also has rows of words that are in no sentence: {named}." if unspoken else ""
    st.markdown(
        f"#### 2. The id fetches a row\n“{shell.as_text(lookup.words[row])}” has id {row} and gets row {row} of an "
        f"untrained table: N(0, 1), seed {lookup.config.seed}.{others}"
    )
    with st.container(horizontal=True, gap="large"):
        _matrix(f"The table E, ({size}, {dim})", lookup.table, lookup.row_labels, dims, theme, [row])
        labels = [f"E[{i}] {word}" for i, word in zip(ids, words, strict=True)]
        _matrix(f"Line {line + 1} of Y = E[X], ({length}, {dim})", lookup.fetched[line], labels, dims, theme, places)


def multiplying(found: Found, theme: Theme) -> None:
    """Step 3: the same by multiplication."""
    lookup, line = found.lookup, found.line
    (length, dim), size = lookup.fetched[line].shape, len(lookup.table)
    words, dims = lookup.padded(line), lookup.column_labels
    places = np.flatnonzero(lookup.ids[line] == found.row).tolist()
    st.markdown(
        "#### 3. Multiplying gives the same\nThe only 1 of a **one-hot** row picks one row of E, and adding zeros "
        "rounds nothing: an embedding layer *is* a linear layer without bias."
    )
    with st.container(horizontal=True, gap="large"):
        title = f"Line {line + 1} as one-hot rows, ({length}, {size})"
        _matrix(title, lookup.one_hot[line], words, lookup.words, theme, places, digits=0)
        _matrix(f"One-hot × E, ({length}, {dim})", lookup.product[line], words, dims, theme, places)


def figures(found: Found) -> None:
    """How exactly both ways agree, and shapes."""
    (batch, length, dim), size = found.lookup.fetched.shape, len(found.lookup.table)
    row = st.columns(4)
    agree = f"{found.lookup.equal_numbers} of {found.lookup.fetched.size}"
    agree_help = "Numbers that E[X] and one-hot × E share bit for bit; so does PyTorch’s `nn.Embedding`."
    row[0].metric("Equal to one-hot × E", agree, help=agree_help)
    row[1].metric("Ids in", f"{batch} × {length}", help="Whole numbers, (batch, length).")
    row[2].metric("Vectors out", f"{batch} × {length} × {dim}", help="A row for each id, (batch, length, dim).")
    row[3].metric("Parameters", f"{size} × {dim} = {size * dim}", help="V × D numbers: the table is all that learns.")


def what_you_see(found: Found) -> str:
    """What the lookup shows, in sentences that name its numbers; Markdown."""
    lookup, dim = found.lookup, found.lookup.table.shape[1]
    often = 1 + int(np.argmax(lookup.counts[1:]))  # not padding
    word, times = shell.as_text(lookup.words[often]), int(lookup.counts[often])
    each = "both times" if times == 2 else f"all {times} times"
    seen = f"“{word}” gets the same {dim} numbers {each}" if times > 1 else f"Each word gets its {dim} numbers"
    lines = [f"{seen}: the layer does not see context."]
    if lookup.gaps:
        lines.append(f"A batch is a rectangle: `<pad>` fills {lookup.gaps} of its {lookup.ids.size} places.")
    return "**What you see**\n" + "\n".join(f"- {line}" for line in lines)


def tries(found: Found) -> None:
    """Other settings, one click away."""
    fill = st.session_state.update
    with widgets.tries():
        again = "One word five times: five equal rows"
        st.button(again, on_click=fill, args=({"lines": "cat cat cat cat cat"},))
        uneven = "A long line and a short one: much padding"
        st.button(uneven, on_click=fill, args=({"lines": "who saw the dog see the cat\nI"},))
        with widgets.changing(_LEARNING):
            st.button("Let padding learn: row 0 gets a gradient", on_click=fill, args=({"pad": False},))


def learning(found: Found, theme: Theme) -> None:
    """Step 4, the gradient: the rows that were looked up, the others faded."""
    lookup, step, row = found.lookup, found.step, found.row
    size, dim = lookup.table.shape
    times, rate = lookup.counts[row], lookup.config.learning_rate
    with st.container(key=_LEARNING):
        st.markdown("#### 4. Which rows learn")
        said, drawn = st.columns([1, 2], gap="large")
    said.markdown(
        f"""The toy loss ½ Σ (Y − 1)² pulls fetched numbers towards 1.
- **{len(step.touched)} of {size} rows** have a gradient; with `sparse=True`, PyTorch stores no others.
- “{shell.as_text(lookup.words[row])}”, looked up {times}×, gets {times} × (E[{row}] − 1){
            ", but padding_idx keeps this row at zero" if row == lookup.config.padding_idx else ""
        }.
- A step at rate {rate:g} takes the loss from {step.loss:.2f} to {step.loss_after:.2f}{
            "." if step.loss_after <= step.loss else ": it overshoots. Try a smaller rate."
        }"""
    )
    with drawn:
        idle, title = set(range(size)) - set(step.touched.tolist()), f"The gradient of E, ({size}, {dim})"
        _matrix(title, step.gradient, lookup.row_labels, lookup.column_labels, theme, [row], muted=idle)


@turns.fragment
def costs(theme: Theme) -> None:
    """Step 5: memory of ids, vectors, table and one-hot rows for a vocabulary and dimensions chosen by slider."""
    st.markdown("#### 5. Why nobody multiplies")
    told, drawn = st.columns([1, 2], gap="large")
    as_number = "{:,}".format
    words = told.select_slider("Vocabulary V", VOCABULARIES, 50_000, as_number, key="v", bind="query-params")
    dims = told.select_slider("Dimensions D", DIMENSIONS, 100, as_number, key="d", bind="query-params")
    cost = Footprint(words, dims)
    told.markdown(
        f"For {cost.batch} sentences of {cost.length} words, one-hot rows take **{words / dims:,.0f}×** the memory of "
        f"their vectors, and {cost.products:,} multiplications."
    )
    drawn.vega_lite_chart(charts.bars(cost.bytes, theme, marked="one-hot rows"), alt=f"Bytes: {cost.bytes}")


def numbers(found: Found) -> None:
    """A line for each row of the table: how often it was looked up, its numbers and its gradient."""
    asking.table(found.lookup.records(found.step), ["word"], key="lookup_rows")


def code(found: Found) -> tuple[Callable[..., Any] | widgets.Listing, ...]:
    """What ran, and the same in Keras."""
    keras = widgets.Listing("The same in Keras (not run here)", layer.in_keras(found.lookup))
    return layer.by_index, layer.by_product, layer.one_hot, layer.by_pytorch, layer.one_step, keras


def _matrix(
    title: str,
    values: Floats,
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
        st.vega_lite_chart(chart, width="content", alt=f"{title}; framed: {', '.join(rows[i] for i in framed)}")
