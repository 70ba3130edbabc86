"""Compare: two spaces, and how far they agree on what is near."""

import streamlit as st

from embedlab.ui import shell, widgets
from embedlab.ui.compare import files, form, results, tables
from embedlab.ui.places import places

shell.open_page(
    "9_Compare.py",
    "Do two spaces agree on what is near?",
    "Their numbers cannot be compared, but their neighborhoods can.",
)
theme = shell.theme()
left, right = shell.form_and_picture()
with left:
    settings = form.ask()
    found = results.find(settings)
if found is None:
    widgets.stop("10_Evaluate.py")
with right:
    results.picture(found, theme)
if not results.is_ranked(found):
    widgets.stop("10_Evaluate.py")
found = results.rank(found, theme)
if not found.ended:
    widgets.stop("10_Evaluate.py")
results.figures(found)

said, spread = st.columns(2, gap="large")
with said:
    st.markdown(results.what_you_see(found))
    results.tries(found)
with spread:
    st.markdown("**Words by how far their neighbors agree**")
    results.spread(found, theme)

st.subheader("One space rotated onto the other", anchor=False)
results.show_plane(found, theme)
tables.extremes(found.pair, found.ranked)
with places.place("planes"):
    results.planes(found, theme)

widgets.tabs(
    lambda: results.numbers(found),
    lambda: results.code(found),
    lambda: widgets.downloads(files.files(found, theme)),
    key="compare_tab",
)
widgets.next_page("10_Evaluate.py")
