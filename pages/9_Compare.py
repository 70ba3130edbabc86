"""Compare: two spaces, and how far they agree on what is near."""

import streamlit as st

from embedlab.comparison import agreement, alignment, overlap
from embedlab.ui import shell, vector_choice, widgets
from embedlab.ui.compare import files, pair, tables
from embedlab.ui.compare import results as view

shell.open_page(
    "9_Compare.py",
    "Do two spaces agree on what is near?",
    "Two sets of vectors have no number in common, but each says which words are near. Their neighborhoods can be "
    "compared, and one space can be turned onto the other.",
)
theme = shell.theme()
form, picture = shell.form_and_picture()

with form:
    first = vector_choice.choice("space_a", "First space")
    second = vector_choice.choice("space_b", "Second space", follows=False, first=vector_choice.COUNTED)
    with st.form("compare"):
        typed = st.text_input(
            "A word",
            pair.OPENING,
            key=widgets.WORD,
            bind="query-params",
            help="Capitals do not matter where only one spelling is known.",
        )
        with st.expander("More settings"):
            k = st.slider("Neighbors of each word", 5, 50, 10, 5, key="compare_k", bind="query-params")
            ranked = st.select_slider(
                "Words to rank",
                pair.RANKED,
                2_000,
                key="ranked",
                bind="query-params",
                format_func=lambda count: count if count == pair.ALL else f"{count:,}",
                help="The most frequent shared words. All of them may take a while; you can stop it.",
            )
        st.form_submit_button("Compare", type="primary", width="stretch")
    found = shell.attempt(f"compare {first.name} {second.name}", lambda: pair.pair(first, second))
    if found is None:
        st.stop()
    spaces = (first.vectors, second.vectors)
    row = shell.attempt(
        f"compare word {found.key}",
        lambda: agreement.find_row(found.shared, spaces, found.names, typed),
        remedy=widgets.spellings,
    )
    word = agreement.around(found.shared, found.opening_row if row is None else row, k)

with picture:
    view.side_by_side(found, word, theme)

every, job = pair.agreement(found, k, ranked)
if job.live:
    view.waiting(found, job, k, theme)
    st.stop()
if job.state == "stopped":
    st.button("Rank the rest of the words", on_click=job.again)
if every is None:
    st.stop()
view.figures(found, every, word)

said, spread = st.columns(2, gap="large")
with said:
    st.markdown(view.what_you_see(found, every, word))
    st.markdown("**Try this**")
    view.tries(every)
with spread:
    st.markdown("**How many words agree how far**")
    view.spread(every, theme)

st.subheader("One space turned onto the other", anchor=False)
drawn = view.plane(found, word, theme)
tables.extremes(found, every)

widgets.tabs(
    lambda: tables.everything(every),
    lambda: (overlap.Shared, alignment.align, alignment.padded, alignment.one_plane),
    lambda: widgets.downloads(files.files(found, every, word, drawn, theme)),
)
widgets.next_page("10_Evaluate.py")
