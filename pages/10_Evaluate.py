"""Evaluate: scores of vectors, with what they leave out."""

import streamlit as st

from embedlab.ui import shell, widgets
from embedlab.ui.evaluate import analogies, bias, similarity
from embedlab.ui.evaluate import form as evaluate_form

shell.open_page(
    "10_Evaluate.py",
    "How good are these vectors?",
    "Three tests with known answers: analogies, pairs of words that people judged, and associations that the text left "
    "in the vectors. Each score says what it covers and how much chance is in it.",
)
theme = shell.theme()
VIEWS = {"Analogies": analogies, "Similarity": similarity, "Bias": bias}
name = st.segmented_control(
    "Test",
    list(VIEWS),
    default="Analogies",
    required=True,
    key="evaluated",
    bind="query-params",
    label_visibility="collapsed",
)
view = VIEWS[name]
spaces = evaluate_form.spaces()
form, picture = shell.form_and_picture()
with form:
    setup = view.ask(spaces)
with picture:
    found = view.find(setup, theme)
if found is None:
    st.stop()
view.figures(found)

seen, tried = st.columns([2, 1], gap="large")
seen.markdown(f"**What you see**\n{view.seen(found)}")
with tried:
    st.markdown("**Try this**")
    for title, values in evaluate_form.untried(view.tries()):
        st.button(title, on_click=st.session_state.update, args=(values,), key=f"evaluate {title}")

widgets.tabs(
    lambda: view.numbers(found),
    lambda: view.CODE,
    lambda: widgets.downloads(view.files(found, theme)),
    key="evaluate_more",
)
widgets.next_page("11_Vectors.py")
