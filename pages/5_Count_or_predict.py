"""Count or predict: two ways to word vectors on one text."""

import streamlit as st

from embedlab.ui import course, shell, widgets
from embedlab.ui.count_or_predict import files, form, outcome, results

shell.open_page(
    "5_Count_or_predict.py",
    "Must a machine guess, or is counting enough?",
    "Counting is enough, if each count is weighed against chance.",
)
theme = shell.theme()
left, right = shell.form_and_picture()
with left:
    settings = form.ask()
found = results.find(settings)
course.guess("5_Count_or_predict.py", lambda: outcome.happened(found), asked=outcome.is_asked(found))
with right:
    results.picture(found, theme)
if not found.ended:
    widgets.stop("6_Transfer.py")
results.figures(found)

said, tried = st.columns([2, 1], gap="large")
with said:
    st.markdown(results.what_you_see(found))
    results.differing(found)
with tried:
    results.tries(found)

st.markdown("#### From counts to vectors")
results.three_tables(found, theme)
results.planes(found, theme)

widgets.tabs(
    lambda: results.numbers(found),
    lambda: results.code(found),
    lambda: widgets.downloads(files.files(found, theme)),
    key="count_or_predict_tab",
)
course.remember("5_Count_or_predict.py")
widgets.next_page("6_Transfer.py")
