"""Evaluate: scores of vectors, with what they leave out."""

import streamlit as st

from embedlab.ui import course, shell, widgets
from embedlab.ui.evaluate import files, form, outcome, results

shell.open_page(
    "10_Evaluate.py",
    "How good are these vectors?",
    "By analogies, by similarity as people judge it, by bias, by bias once removed, or by a test of your own.",
)
theme = shell.theme()
test, spaces = form.choose()
left, right = shell.form_and_picture()
with left:
    settings = form.ask(test, spaces)
with right:
    found = results.find(settings)
    if found is not None:
        course.guess("10_Evaluate.py", lambda: outcome.happened(found), asked=outcome.is_asked(found))
        results.picture(found, theme)
if found is None:
    widgets.stop("11_Vectors.py")
results.figures(found)

said, tried = st.columns([2, 1], gap="large")
said.markdown(results.what_you_see(found))
with tried:
    results.tries(found)

widgets.tabs(
    lambda: results.numbers(found),
    lambda: results.code(found),
    lambda: widgets.downloads(files.files(found, theme)),
    key="evaluate_tab",
)
course.remember("10_Evaluate.py")
widgets.next_page("11_Vectors.py")
