"""Lookup: an embedding layer is a table."""

import streamlit as st

from embedlab.ui import course, shell, widgets
from embedlab.ui.lookup import files, form, outcome, results

shell.open_page(
    "1_Lookup.py",
    "What does an embedding layer do?",
    "It looks words up: a word’s number fetches one row of a table, its embedding.",
)
theme = shell.theme()
left, right = shell.form_and_picture()
with left:
    settings = form.ask()
    found = results.find(settings)
course.guess("1_Lookup.py", lambda: outcome.happened(found))
with right:
    found = results.follow(found, theme)
    results.picture(found, theme)
results.figures(found)

said, tried = st.columns([2, 1], gap="large")
said.markdown(results.what_you_see(found))
with tried:
    results.tries(found)

results.multiplying(found, theme)
results.learning(found, theme)
results.costs(theme)

widgets.tabs(
    lambda: results.numbers(found),
    lambda: results.code(found),
    lambda: widgets.downloads(files.files(found, theme)),
    key="lookup_tab",
)
course.remember("1_Lookup.py")
widgets.next_page("2_Ten_words.py")
