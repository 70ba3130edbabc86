"""Letters: a model of names learns which letters are alike."""

import streamlit as st

from embedlab.ui import course, shell, widgets
from embedlab.ui.letters import files, form, history, outcome, playground, results

shell.open_page(
    "3_Letters.py",
    "Which letters are alike?",
    "Those that the same letters follow: a model that learns to continue names groups the vowels.",
)
theme = shell.theme()
left, right = shell.form_and_picture()
with left:
    settings = form.ask()
with right:
    found = results.find(settings)  # here, because it shows the run while it learns
    if found is not None:
        course.guess("3_Letters.py", lambda: outcome.happened(found), asked=outcome.is_asked(found))
        results.picture(found, theme)
if found is None:
    widgets.stop("4_Word2vec.py")
if not found.failed:
    results.figures(found)

said, tried = st.columns([2, 1], gap="large")
said.markdown(results.what_broke(found) if found.failed else results.what_you_see(found))
with tried:
    results.tries(found)
if found.failed:
    widgets.stop("4_Word2vec.py")

st.markdown("#### Ask the model")
names = ["Invent names", "Surprise", "Next letter", "Nearest letters"]
invented, surprise, following, near = st.tabs(names, key="ask", bind="query-params")
if invented.open:
    with invented:
        playground.names(found.run, found.settings.names)
if surprise.open:
    with surprise:
        playground.surprise(found.run, found.settings.names, theme)
if following.open:
    with following:
        playground.next_letter(found.run, found.settings.names, theme)
if near.open:
    with near:
        playground.neighbors(found.run, theme)

st.markdown("#### How it learned")
time, rate, sizes = st.tabs(["Over time", "Learning rate", "2 or 10 dimensions"], key="course", bind="query-params")
if time.open:
    with time:
        history.over_time(found, theme)
if rate.open:
    with rate:
        history.rates(found, theme)
if sizes.open:
    with sizes:
        history.two_and_ten(found, theme)

widgets.tabs(
    lambda: results.numbers(found),
    lambda: results.code(found),
    lambda: widgets.downloads(files.files(found, theme)),
    key="letters_tab",
)
course.remember("3_Letters.py")
widgets.next_page("4_Word2vec.py")
