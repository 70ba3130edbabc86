"""What can be taken away from the page Word2vec: the learned vectors, the run's losses and times, and its movies."""

from collections.abc import Iterator
from functools import partial

import streamlit as st

from embedlab import formats
from embedlab.charts.theme import Theme
from embedlab.ui import menu, shell, vector_choice, widgets
from embedlab.ui.spreadsheets import records_to_csv
from embedlab.ui.word2vec.results import Found, records


def files(found: Found, theme: Theme) -> Iterator[widgets.File]:
    """The vectors that the inputs ask for, which are drawn first, the run's figures, and the movies shown."""
    learned = found.learned
    method = learned.methods[0]
    if len(learned.methods) > 1:
        method = widgets.one_of("Vectors of", learned.methods, key="taken")
    kind_help = "Each word has two vectors: one as the **center**, word2vec's own, and one as **context** of others."
    kind = widgets.one_of("Table", ("center", "context"), key="table", help=kind_help)
    vectors = getattr(learned.snapshots[-1].tables[learned.methods.index(method)], kind)
    st.caption(f"{len(vectors):,} words × {vectors.dimensions} dimensions, {vectors.source}.")
    if st.button("Open in Neighbors", icon=menu.item("7_Neighbors.py").icon) and vector_choice.offer(
        vectors.source, vectors, show=True
    ):
        shell.go_to("7_Neighbors.py")
    text, npz = (partial(formats.as_bytes, vectors, format=name) for name in ("word2vec-text", "npz"))
    yield widgets.File("Vectors (text)", "word2vec.txt", "text/plain", text)
    yield widgets.File("Vectors (npz)", "word2vec.npz", "application/zip", npz)
    yield widgets.File("Loss and time (CSV)", "word2vec-run.csv", "text/csv", lambda: records_to_csv(records(found)))
    yield from widgets.kept_movies()
