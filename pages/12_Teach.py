"""Teach: lesson plans, worksheets and a test."""

import streamlit as st

from embedlab.ui import shell
from embedlab.ui.teach import assignments, bank, files, lessons

shell.open_page(
    "12_Teach.py",
    "How can this be taught?",
    "Let them guess, then look, then say it in a sentence. Every link opens the same view on every screen: same words, "
    "same seed.",
)
st.markdown("#### A lesson of 5, 20 or 45 minutes")
lessons.plans()
st.markdown("#### Assignments of known courses")
assignments.listed()
st.markdown("#### To print")
files.printed()
st.markdown("#### To test")
st.markdown("A third of the questions ask what a page says, a third ask why, and a third are about a new case.")
bank.test()
shell.say_ignored()
