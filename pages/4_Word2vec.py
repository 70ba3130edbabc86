"""Word2vec: words learned from a text, one step and then a run."""

import streamlit as st

from embedlab.ui import course, shell, widgets
from embedlab.ui.word2vec import cost, files, form, maps, one_step, outcome, preparation, results

shell.open_page(
    "4_Word2vec.py",
    "Can words be learned just by reading?",
    "Yes: word2vec learns vectors by predicting the words around each one.",
)
theme = shell.theme()
above = st.container()
st.markdown("#### A run: all pairs of the text")
left, right = shell.form_and_picture()
with left:
    settings = form.ask()
with above:
    one_step.draw(form.text(settings), settings.choice.key, theme)
found = results.find(settings)
course.guess("4_Word2vec.py", lambda: outcome.happened(found), asked=outcome.is_asked(found))
with right:
    results.picture(found, theme)
results.figures(found)

said, tried = st.columns([2, 1], gap="large")
if found.ended:
    said.markdown(results.what_you_see(found))
with tried:
    results.tries(found)

if not found.ended:
    widgets.stop("5_Count_or_predict.py")
widgets.tabs(
    lambda: results.numbers(found),
    lambda: results.code(found),
    lambda: widgets.downloads(files.files(found, theme)),
    others={
        "Cost": lambda: cost.draw(found, theme),
        "Subsampling": lambda: preparation.left_out(found),
        "A real run": lambda: maps.real_run(theme),
        "600 words": lambda: maps.six_hundred(found, theme),
    },
    key="word2vec_tab",
)
course.remember("4_Word2vec.py")
widgets.next_page("5_Count_or_predict.py")
