"""What can be taken away from the page Count or predict: both spaces, and the surprising pairs."""

from collections.abc import Iterator
from functools import partial

import streamlit as st

from embedlab import formats
from embedlab.charts.theme import Theme
from embedlab.ui import menu, shell, vector_choice, widgets
from embedlab.ui.count_or_predict.results import Found, records, vocabulary_records
from embedlab.ui.spreadsheets import records_to_csv


def files(found: Found, theme: Theme) -> Iterator[widgets.File]:
    """The vectors that the input asks for, which is drawn first, and the surprising pairs."""
    both = found.both
    spaces = {"counted": both.counted, "predicted": both.predicted}
    kind = widgets.one_of("Vectors", list(spaces), key="c_taken")
    vectors = spaces[kind]
    if st.button("Open both in Compare", icon=menu.item("9_Compare.py").icon) and all(
        vector_choice.offer(space.source, space, show=space is both.counted) for space in spaces.values()
    ):
        vector_choice.choose_next(both.predicted.source, "space_b")
        shell.go_to("9_Compare.py")
    npz, text = (partial(formats.as_bytes, vectors, format=name) for name in ("npz", "word2vec-text"))
    yield widgets.File("Vectors (npz)", f"{kind}.npz", "application/zip", npz)
    yield widgets.File("Vectors (text)", f"{kind}.txt", "text/plain", text)
    csv = "text/csv"
    yield widgets.File("Vocabulary (CSV)", "vocabulary.csv", csv, lambda: records_to_csv(vocabulary_records(found)))
    yield widgets.File("Surprising pairs (CSV)", "pairs.csv", csv, lambda: records_to_csv(records(found)))
