"""Compare: two spaces, and how far they agree on what is near."""

import streamlit as st

from embedlab.comparison import alignment, overlap
from embedlab.ui import shell, widgets
from embedlab.ui.compare import files, form, pair, results, tables

shell.open_page(
    "9_Compare.py",
    "Do two spaces agree on what is near?",
    "Two sets of vectors have no number in common, but each says which words are near. Their neighborhoods can be "
    "compared, and one space can be turned onto the other.",
)
theme = shell.theme()
left, right = shell.form_and_picture()

with left:
    settings = form.ask()
    found = results.find(settings)
if found is None:
    st.stop()
compared, word = found

with right:
    results.picture(found, theme)

every, job = pair.agreement(compared, settings.k, settings.ranked)
if job.live:
    results.waiting(compared, job, settings.k, theme)
    st.stop()
if job.state == "stopped":
    st.button("Rank the rest of the words", on_click=job.again)
if every is None:
    st.stop()
results.figures(compared, every, word)

said, spread = st.columns(2, gap="large")
with said:
    st.markdown(results.what_you_see(compared, every, word))
    st.markdown("**Try this**")
    results.tries(every)
with spread:
    st.markdown("**How many words agree how far**")
    results.spread(every, theme)

st.subheader("One space turned onto the other", anchor=False)
drawn = results.plane(compared, word, theme)
tables.extremes(compared, every)

widgets.tabs(
    lambda: tables.everything(every),
    lambda: (overlap.Shared, alignment.align, alignment.padded, alignment.one_plane),
    lambda: widgets.downloads(files.files(compared, every, word, drawn, theme)),
)
widgets.next_page("10_Evaluate.py")
