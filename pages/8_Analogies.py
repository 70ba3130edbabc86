"""Analogies: words added and subtracted."""

import streamlit as st

from embedlab.ui import course, shell, widgets
from embedlab.ui.analogies import files, form, outcome, questions, results
from embedlab.ui.places import places

shell.open_page(
    "8_Analogies.py",
    "Is king to man as queen is to woman?",
    "king − man + woman points near queen, if the three given words are left out.",
)
theme = shell.theme()
left, right = shell.form_and_picture()
with left:
    settings = form.ask()
    found = results.find(settings)
if found is None:
    widgets.stop("9_Compare.py")
course.guess("8_Analogies.py", lambda: outcome.happened(found), asked=outcome.is_asked(found))
with right:
    results.picture(found, theme)
results.figures(found)

st.markdown(results.what_you_see(found))
results.rankings(found, theme)
st.subheader("Try this", anchor=False)
results.tries(found)

st.subheader("Any sum of words", anchor=False)
questions.any_sum(found.vectors, theme)

with places.place("lists"):
    st.subheader("Two lists side by side", anchor=False)
    questions.two_lists(found.vectors, theme)

left, right = st.columns(2, gap="large")
with left:
    st.subheader("Odd one out", anchor=False)
    questions.odd_one_out(found.vectors, theme)
with right, places.place("pairs"):
    st.subheader("How similar are two words?", anchor=False)
    questions.similar_pairs(found.vectors, theme)

widgets.tabs(
    lambda: results.numbers(found),
    lambda: results.code(found),
    lambda: widgets.downloads(files.files(found, theme)),
    key="analogies_tab",
)
course.remember("8_Analogies.py")
widgets.next_page("9_Compare.py")
