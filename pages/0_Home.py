"""Home: a word and what is near it, then the lessons."""

import streamlit as st

from embedlab.ui import present, shell, widgets
from embedlab.ui.home import cards, form, results

shell.open_page(
    "0_Home.py",
    "Which words live near yours?",
    f"{form.todays()}**Word embeddings** are lists of numbers, learned from Wikipedia, alike for words used alike.",
)
theme = shell.theme()
results.given()
results.style()

found = results.answer(theme)
results.sums(found)
cards.show(theme, present.is_on())

with st.expander("The code", on_change="rerun", key="code_of_home") as code:
    if code.open:
        widgets.the_code(*results.code(found))
shell.say_ignored()
