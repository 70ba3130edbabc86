"""Lookup: an embedding layer is a table."""

import streamlit as st

from embedlab.lessons.lookup import layer as lookup_layer
from embedlab.ui import shell, widgets
from embedlab.ui.lookup import results

SENTENCES, OTHERS = "the cat saw the dog\nI saw a cat", "moon tree"

shell.open_page(
    "1_Lookup.py",
    "What does an embedding layer do?",
    "It looks up: every word has a number, and the number fetches one row of a table. That row is its embedding.",
)
theme = shell.theme()
form, picture = shell.form_and_picture()

with form, st.form("lookup"):
    text = st.text_area(
        "Sentences, one a line",
        SENTENCES,
        key="lines",
        bind="query-params",
        help="The lines together are a **batch**: what the layer is given at once. Case and punctuation are dropped.",
    )
    dims = st.slider(
        "Dimensions D", 1, 8, 4, key="table_dim", bind="query-params", help="How many numbers a word gets."
    )
    seed_help = "A new table holds random numbers from N(0, 1): mean 0, standard deviation 1. One seed, one table."
    seed = st.number_input("Seed of the table", 0, 999_999, 0, key="table_seed", bind="query-params", help=seed_help)
    pad_help = "`padding_idx=0` in PyTorch: row 0, which fills up short lines, starts at zero and never learns."
    keep = st.toggle("Padding stays zero", True, key="pad", bind="query-params", help=pad_help)
    with st.expander("More settings"):
        others = st.text_input("Words that only the table holds", OTHERS, key="others", bind="query-params")
        rate = st.number_input("Learning rate of the step", 0.01, 1.0, 0.1, 0.05, key="step_rate", bind="query-params")
    st.form_submit_button("Look up", type="primary", width="stretch")
    settings = int(dims), int(seed), keep, float(rate)
    found = shell.attempt("lookup", lambda: lookup_layer.look_up(text, others, lookup_layer.LookupConfig(*settings)))
if found is None:  # a link with settings that cannot be used: the message, and the page as it opens
    found = lookup_layer.look_up(SENTENCES, OTHERS, lookup_layer.LookupConfig())
with picture:
    row = results.three_steps(found, theme)

(batch, length), (size, dim) = found.ids.shape, found.table.shape
figures = st.columns(4)
figures[0].metric("Ids in", f"{batch} × {length}", help="Whole numbers, (batch, length).")
figures[1].metric("Vectors out", f"{batch} × {length} × {dim}", help="One row for each id, (batch, length, dim).")
layer = lookup_layer.by_pytorch(found.ids, found.table, found.config.padding_idx)
agree = f"{min(found.equal_numbers, lookup_layer.equal_bits(layer, found.fetched))} of {found.fetched.size}"
agree_help = "Numbers of one-hot × E, and of PyTorch's own layer, that have the same bits in E[X]."
figures[2].metric("Equal to the last bit", agree, help=agree_help)
figures[3].metric("Parameters", f"{size} × {dim} = {size * dim}", help="V × D numbers: the table is all that learns.")

seen, tried = st.columns([2, 1], gap="large")
times, name = int(found.counts[row]), shell.as_text(found.words[row])
seen.markdown(
    f"""**What you see**
- “{name}” occurs {times}× in the batch and gets the same {dim} numbers each time: the layer knows words, not places.
- Indexing, multiplying and PyTorch's `nn.Embedding` give the same {found.fetched.size} numbers to the last bit:
  adding zeros rounds nothing. So the layer *is* a linear layer without bias, fed with one-hot rows; it only skips
  the zeros.
- A batch has one length, its longest line's: `<pad>` fills up {found.gaps} of the {found.ids.size} places here."""
)
tried.markdown("**Try this**")
fill = st.session_state.update
tried.button("One word, five times", on_click=fill, args=({"lines": "cat cat cat cat cat"},))
tried.button("A long line and a short one", on_click=fill, args=({"lines": "who saw the dog see the cat\nI"},))
tried.button("Let padding learn", on_click=fill, args=({"pad": False},))

st.markdown("#### 4. One step of learning touches only the rows that were looked up")
padding_idx, learning_rate = found.config.padding_idx, found.config.learning_rate
step = lookup_layer.one_step(found.ids, found.table, padding_idx=padding_idx, learning_rate=learning_rate)
told, drawn = st.columns([1, 2], gap="large")
told.markdown(
    f"""A made-up task: every fetched number should become 1, so the loss is ½ Σ (Y − 1)². PyTorch finds the gradient.
- **{len(step.touched)} of {size} rows** have one; the faded rows stay as they are.
- “{name}” was looked up {times}×, so its gradient is {times} × (E[{row}] − 1){
        ", but padding_idx keeps this row at zero" if row == padding_idx else ""
    }.
- One step at learning rate {learning_rate:g} takes the loss from {step.loss:.2f} to {step.loss_after:.2f}{
        "." if step.loss_after <= step.loss else ": it overshoots. Try a smaller rate."
    }
- With `sparse=True` PyTorch keeps only the touched rows, which saves much when V is 50,000."""
)
with drawn:
    results.gradient(found, step, row, theme)

st.markdown("#### 5. Why nobody multiplies")
results.costs(theme)

numbers, code, download = st.tabs(["Numbers", "The code", "Download"])
records = found.records(step)
numbers.dataframe(records, hide_index=True)
with download:
    results.downloads(found, step, theme)
with code:
    widgets.the_code(
        lookup_layer.by_index,
        lookup_layer.by_product,
        lookup_layer.one_hot,
        lookup_layer.by_pytorch,
        lookup_layer.one_step,
    )
    st.caption("The same in Keras, as text: Keras is not part of this app.")
    st.code(lookup_layer.in_keras(found), language="python")
widgets.next_page("2_Ten_words.py")
