"""Home: a word and what is near it, then the lessons."""

import streamlit as st

from embedlab.ui import shell, widgets
from embedlab.ui.home import cards, form, results

shell.open_page(
    "0_Home.py",
    "Which words live near yours?",
    f"Type a word; today’s is **{form.first()}**. The answers come from 50,000 **word embeddings**: lists of numbers, "
    "learned from Wikipedia, in which words used alike lie near one another.",
)
theme = shell.theme()
results.given()
results.style()

found = results.answer(theme)
results.sums(found)
cards.show(theme)

with st.expander("The code", on_change="rerun") as code:
    if code.open:
        widgets.the_code(*results.code(found))
shell.say_ignored()
