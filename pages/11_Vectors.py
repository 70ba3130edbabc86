"""Vectors: what is loaded, and loading more."""

import streamlit as st

from embedlab.formats import read_vectors
from embedlab.library import catalogue, download
from embedlab.library.norms import lengths
from embedlab.ui import shell, vector_choice, widgets
from embedlab.ui.vectors import form as vectors_form
from embedlab.ui.vectors import results as view

shell.open_page(
    "11_Vectors.py",
    "Which vectors do you want to ask?",
    "The bundled ones are always here. Load a file of your own, which stays yours alone, or download a published set; "
    "every Explore page can then ask the one you choose.",
)
form, picture = shell.form_and_picture()

with form:
    vectors_form.upload()
    vectors_form.catalogue()

with picture:
    loaded = vector_choice.choice(label="Set to look at")
    found = lengths(loaded.vectors, loaded.report)
    view.picture(loaded, found, shell.theme())
    view.figures(loaded)
    st.markdown(view.what_you_see(loaded, found))
    view.report(loaded)
    view.unload(loaded)

st.markdown("**Try this**")
with st.container(horizontal=True):
    st.button("Load a small file with faults", on_click=vectors_form.load_faulty)
    st.button("Back to the bundled words", on_click=vector_choice.choose_next, args=(vector_choice.BUNDLED,))
    st.button("A set learned from tweets", on_click=st.session_state.update, args=({"entry": "glove-twitter-25"},))

widgets.tabs(
    view.shelf,
    lambda: (read_vectors, catalogue.fetch, download.download),
    lambda: view.export(loaded),
)
widgets.next_page("7_Neighbors.py")
