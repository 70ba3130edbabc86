"""Vectors: what is loaded, and loading more."""

import streamlit as st

from embedlab.ui import shell, widgets
from embedlab.ui.vectors import downloads, files, form, results, upload

shell.open_page(
    "11_Vectors.py",
    "Which vectors do you want to ask?",
    "Two sets from Wikipedia are always here; add a file, which stays private, or a published set.",
)
theme = shell.theme()
left, right = shell.form_and_picture()
with left:
    upload.upload()
    downloads.catalogue()
with right:
    settings = form.ask()
    found = results.find(settings)
    results.picture(found, theme)
    results.figures(found)
    st.markdown(results.what_you_see(found))
    results.report(found, theme)
    results.unload(found.loaded)

results.tries(found)

widgets.tabs(
    lambda: results.numbers(found),
    lambda: results.code(found),
    lambda: files.export(found, theme),
    key="vectors_tab",
    asks=("format",),
)
widgets.next_page("7_Neighbors.py")
