"""Home: a word and what is near it, then the lessons."""

import streamlit as st

from embedlab import projection
from embedlab.charts.bars import PICK, neighbor_bars
from embedlab.charts.maps import word_map
from embedlab.queries import analogy, nearest_neighbors
from embedlab.ui import cache, shell

NEAR, ON_MAP = 10, 32
SUMS = (("king", "man", "woman"), ("tokyo", "japan", "germany"), ("swimming", "swim", "walk"))

shell.open_page(
    "0_Home.py",
    "Which words live near yours?",
    "Type a word. The answers come from 50,000 **word embeddings**: lists of numbers, learned from Wikipedia, in which "
    "words used alike lie near one another.",
)
vectors = cache.bundled_vectors()
theme = shell.theme()


def ask(word: str) -> None:
    st.session_state["word"] = word


def ask_picked(chart: str) -> None:
    """A click on a word asks for it."""
    points = st.session_state[chart].selection.get(PICK) or []
    if points:
        ask(points[0]["word"])


left, right = st.columns([2, 3], gap="large")
typed = left.text_input(
    "A word",
    "king",
    key="word",
    bind="query-params",
    help="Any of 50,000 English words, lower case. Press Enter to look it up.",
)
word = typed.strip()
if not word:
    left.info("Type a word to see its neighbors; below are those of the last one.")
near = shell.attempt("home", lambda: (word, nearest_neighbors(vectors, word, ON_MAP))) if word else None
near = near or st.session_state.get("_good_home") or ("king", nearest_neighbors(vectors, "king", ON_MAP))
asked, neighbors = near
first = neighbors[:NEAR]

with left:
    st.altair_chart(
        neighbor_bars([n.word for n in first], [n.similarity for n in first], theme, clickable=True),
        alt=f"The {NEAR} words nearest to {asked} by cosine similarity: "
        + ", ".join(f"{n.word} {n.similarity:.2f}" for n in first),
        key="home_bars",
        on_select=lambda: ask_picked("home_bars"),
    )
with right:
    words = [asked, *(n.word for n in neighbors)]
    plane = projection.pca(vectors.matrix[vectors.rows(words)])
    st.altair_chart(
        word_map(words, plane.coordinates, theme, marked=[asked], clickable=True, height=400),
        alt=f"Map of {asked} and its {ON_MAP} nearest words: " + ", ".join(words),
        key="home_map",
        on_select=lambda: ask_picked("home_map"),
    )
    st.caption(
        f"{vectors.dimensions} dimensions drawn in two, by PCA; trustworthiness {plane.trustworthiness:.2f} of 1. "
        "Click a word to go there."
    )

st.subheader("Words can be added", anchor=False)
for column, (b, a, c) in zip(st.columns(len(SUMS)), SUMS, strict=True):
    best = analogy(vectors, [b, c], [a], 1)[0]
    column.markdown(f"{b} − {a} + {c} ≈ **{best.word}**")

st.subheader("See how such words are made and used", anchor=False)
lessons = [line for line in shell.MENU if line.section]
for start in range(0, len(lessons), 3):
    for column, line in zip(st.columns(3), lessons[start : start + 3], strict=False):
        with column.container(border=True, height="stretch"):
            st.page_link(shell.PAGES / line.file, label=f"**{line.title}**", icon=line.icon)
            st.markdown(line.question)
