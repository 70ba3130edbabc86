"""Ten words: embeddings being learned, watched step by step."""

import streamlit as st

from embedlab.ui import course, shell, widgets
from embedlab.ui.ten_words import files, form, gallery, one_step, outcome, own_words, results

shell.open_page(
    "2_Ten_words.py",
    "How do words find their places?",
    "They start at random; learning to predict their parts of speech moves them.",
)
theme = shell.theme()
left, right = shell.form_and_picture()
with left:
    settings = form.ask()
    own_words.ask()
    found = results.find(settings)
if found is None:
    widgets.stop("3_Letters.py")
with right:
    results.picture(found, theme)
results.figures(found)

said, tried = st.columns([2, 1], gap="large")
said.markdown(results.what_you_see(found))
with tried:
    results.tries(found)

gallery.draw(found, theme)
course.guess("2_Ten_words.py", lambda: outcome.happened(found))  # here, because it is about the gallery

widgets.tabs(
    lambda: results.numbers(found),
    lambda: results.code(found),
    lambda: files.downloads(found, theme),
    others={"One step": lambda: one_step.draw(found, theme)},
    tables=("One step",),
    opens="Numbers",
    key="ten_words_tab",
    asks=("numbers_run", "numbers_epoch", "step_run", "step_number"),
)
course.remember("2_Ten_words.py")
widgets.next_page("3_Letters.py")
