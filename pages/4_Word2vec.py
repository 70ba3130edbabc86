"""Word2vec: words learned from a text, step by step."""

import streamlit as st

from embedlab.ui import shell, widgets
from embedlab.ui.word2vec import files, form, maps, preparation, results

shell.open_page(
    "4_Word2vec.py",
    "Can words be learned just by reading?",
    "Yes: word2vec learns to predict the words around a word, and so gives words that occur in the same contexts "
    "similar vectors.",
    later=("view", "shown"),
)
theme = shell.theme()
left, right = shell.form_and_picture()
with left:
    settings = form.ask()
found = results.find(settings)
with right:
    results.picture(found, theme)
results.figures(found)

said, tried = st.columns([2, 1], gap="large")
if found.ended:
    said.markdown(results.what_you_see(found))
with tried:
    results.tries(found)

st.markdown("#### Subsampling: frequent words that are left out")
preparation.left_out(found)
if found.ended:
    st.markdown("#### A map of the most frequent words")
    maps.six_hundred(found, theme)
st.markdown("#### How the bundled vectors were learned from Wikipedia")
maps.real_run(theme)

if not found.ended:
    widgets.stop("5_Count_or_predict.py")
widgets.tabs(
    lambda: results.numbers(found), lambda: results.code(found), lambda: widgets.downloads(files.files(found, theme))
)
widgets.next_page("5_Count_or_predict.py")
