"""Letters: a model of names learns which letters are alike."""

import streamlit as st

from embedlab.lessons.letters.char_mlp import CharMLP
from embedlab.training.loop import train
from embedlab.ui import shell, widgets
from embedlab.ui.letters import form as letters_form
from embedlab.ui.letters import history, playground, results

shell.open_page(
    "3_Letters.py",
    "Which letters are alike?",
    "Those that can stand in for each other: a model that guesses the next letter of names moves the vowels together, "
    "though it has never heard of vowels.",
)
theme = shell.theme()
form, picture = shell.form_and_picture()
with form:
    asked = letters_form.ask()
with picture:
    learned = results.train(asked, theme)
if learned is None:
    st.stop()
results.figures(learned, asked)

seen, tried = st.columns([2, 1], gap="large")
seen.markdown(f"**What you see**\n{results.seen(learned, asked)}")
tried.markdown("**Try this**")
with tried.container(horizontal=True):
    st.button("English words instead of names", on_click=letters_form.fill, kwargs={"source": "english"})
    st.button("A learning rate that is too large", on_click=letters_form.fill, kwargs={"rate": 3.0})
    st.button("The lecture’s 200,000 steps", on_click=letters_form.fill, kwargs={"recipe": "lecture"})

st.markdown("#### Ask the model")
tabs = ["Invent names", "Surprise", "Next letter", "Nearest letters"]
invented, surprise, following, near = st.tabs(tabs, key="ask", bind="query-params")
if invented.open:
    with invented:
        playground.names(learned, asked)
if surprise.open:
    with surprise:
        playground.surprise(learned, theme)
if following.open:
    with following:
        playground.next_letter(learned, theme)
if near.open:
    with near:
        playground.neighbors(learned, theme)

st.markdown("#### How it learned")
time, rate, sizes = st.tabs(["Over time", "Learning rate", "2 or 10 dimensions"], key="course", bind="query-params")
if time.open:
    with time:
        history.over_time(learned, theme)
if rate.open:
    with rate:
        history.rates(asked, theme)
if sizes.open:
    with sizes:
        history.two_and_ten(learned, asked, theme)

numbers, code, download = st.tabs(["Numbers", "The code", "Download"])
with numbers:
    playground.numbers(learned)
with code:
    widgets.the_code(CharMLP, train)
with download:
    playground.downloads(learned, asked, theme)
widgets.next_page("4_Word2vec.py")
