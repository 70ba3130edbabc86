"""Home: a word and what is near it, then the lessons."""

import streamlit as st

from embedlab.charts import bars, maps
from embedlab.projection import pca, trustworthiness
from embedlab.ui import cache, menu, shell, widgets
from embedlab.vectors.queries import analogy, nearest_neighbors
from embedlab.vectors.spelling import find_words, known_form

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

left, right = st.columns([2, 3], gap="large")
typed = left.text_input(
    "A word",
    "king",
    key=widgets.WORD,
    bind="query-params",
    help="Any of 50,000 English words. Press Enter to look it up. The bars show **cosine similarity**: 1 where two "
    "vectors point the same way, 0 where they have nothing in common.",
)
word, several = known_form(vectors, typed), find_words(vectors, typed)
with left:
    if word not in vectors and len(several) > 1 and several[0] in vectors:  # such as those of the page Neighbors
        word = several[0]
        st.info(f"Here is {shell.as_text(word)}; several words are compared on the page Neighbors.")
    if word:
        found = shell.attempt(
            "home", lambda: (word, nearest_neighbors(vectors, word, ON_MAP)), remedy=widgets.spellings
        )
    else:
        st.info("Type a word to see its neighbors; below are those of the last one.")
        found = shell.last_good("home")
    asked, neighbors = found or ("king", nearest_neighbors(vectors, "king", ON_MAP))
    first = neighbors[:NEAR]
    st.altair_chart(
        bars.neighbor_bars([n.word for n in first], [n.similarity for n in first], theme, clickable=True),
        alt=f"The {NEAR} words nearest to {asked} by cosine similarity: "
        + ", ".join(f"{n.word} {n.similarity:.2f}" for n in first),
        key="home_bars",
        on_select=lambda: widgets.ask_picked("home_bars", bars.PICK),
    )
    st.page_link(
        menu.PAGES / "7_Neighbors.py",
        label=f"More about {shell.as_text(asked)}",
        icon=menu.item("7_Neighbors.py").icon,
        help="Several words side by side, other maps, axes of your own, and files to take away.",
        query_params={widgets.WORD: asked},
    )
with right:
    words = [asked, *(n.word for n in neighbors)]
    plane = pca(vectors.matrix[vectors.rows(words)])
    st.altair_chart(
        maps.word_map(words, plane.coordinates, theme, marked=[asked], clickable=True, height=400),
        alt=f"Map of {asked} and its {ON_MAP} nearest words: " + ", ".join(words),
        key="home_map",
        on_select=lambda: widgets.ask_picked("home_map", maps.PICK, maps.PICK_POINT),
    )
    st.caption(
        f"{vectors.dimensions} dimensions drawn in two; trustworthiness {plane.trustworthiness:.2f} of 1. "
        "Click a word to go there.",
        help="The map is a **PCA**: it looks from the side on which these words differ most. **Trustworthiness** is 1 "
        "where all that is near on the map is near in truth, and about 0.5 where the map is no better than chance.",
    )

st.subheader("Words can be added", anchor=False)
for column, (b, a, c) in zip(st.columns(len(SUMS)), SUMS, strict=True):
    best = analogy(vectors, [b, c], [a], 1)[0]
    column.markdown(f"{b} − {a} + {c} ≈ **{best.word}**")

st.subheader("See how such words are made and used", anchor=False)
lessons = [line for line in menu.MENU if line.section]
for start in range(0, len(lessons), 3):
    for column, line in zip(st.columns(3), lessons[start : start + 3], strict=False):
        with column.container(border=True, height="stretch"):
            st.page_link(menu.PAGES / line.file, label=f"**{line.title}**", icon=line.icon)
            st.markdown(line.question)

with st.expander("The code", on_change="rerun") as code:
    if code.open:
        widgets.the_code(nearest_neighbors, pca, trustworthiness, analogy)
