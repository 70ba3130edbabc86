"""Neighbors: which words are near, and what a map shows of it."""

import streamlit as st

from embedlab.ui import shell, widgets
from embedlab.ui.neighbors import files, form, other_maps, results, senses

shell.open_page(
    "7_Neighbors.py",
    "Which words are near?",
    "Those whose vectors point the same way. Bars compare whole vectors; the map flattens them to two dimensions.",
)
theme = shell.theme()
left, right = shell.form_and_picture()
with left:
    settings = form.ask()
    found = results.find(settings)
    if found is not None:
        results.nearest(found, theme)
if found is None:
    widgets.stop("13_Atlas.py")
with right:
    found = results.choose_map(found)
    results.picture(found, theme)
results.figures(found)

said, compared = st.columns([1, 1], gap="large")
said.markdown(results.what_you_see(found))
with compared:
    results.rankings(found, theme)
results.tries(found)
senses.draw(found, theme)
other_maps.draw(found, theme)

widgets.tabs(
    lambda: results.numbers(found),
    lambda: results.code(found),
    lambda: widgets.downloads(files.files(found, theme)),
    key="neighbors_tab",
    opens="Download",
)
widgets.next_page("13_Atlas.py")
