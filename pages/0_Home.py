"""Which words live near yours? The search box first, then the lessons."""

import streamlit as st

from embedlab.ui import library, shell

shell.open_page("0_Home.py", "Which words live near yours?", "x")
word = st.text_input("word", "king", key="word", bind="query-params")
st.write(library.choose().suggest(word))
