"""Transfer: embeddings from scratch, fine-tuned, frozen."""

import streamlit as st

from embedlab.ui import course, shell, widgets
from embedlab.ui.transfer import closer_look, files, form, outcome, results

shell.open_page(
    "6_Transfer.py",
    "What are borrowed embeddings worth?",
    "Much, where labeled sentences are few. The classifier here averages the embeddings of a sentence’s words. It "
    "learns them **from scratch**, or borrows pretrained ones: **fine-tuned** are trained further, **frozen** left "
    "alone.",
)
theme = shell.theme()
left, right = shell.form_and_picture()
with left:
    settings = form.ask()
    found = results.find(settings)
course.guess("6_Transfer.py", lambda: outcome.happened(found), asked=outcome.is_asked(found))
with right:
    results.picture(found, theme)
results.figures(found)

said, tried = st.columns([2, 1], gap="large")
said.markdown(f"**What you see**\n{results.what_you_see(found)}")
with tried:
    results.tries(found)

found = closer_look.show(found, theme)

widgets.tabs(
    lambda: results.numbers(found),
    lambda: results.code(found),
    lambda: widgets.downloads(files.files(found, theme)),
    key="transfer_tab",
)
course.remember("6_Transfer.py")
widgets.next_page("7_Neighbors.py")
