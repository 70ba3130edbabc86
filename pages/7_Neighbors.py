"""Neighbors: which words are near, and what a map shows of it."""

import streamlit as st

from embedlab.projection import clustering, gradient_descent, pca, semantic_axes, trustworthiness
from embedlab.ui import shell, vector_choice, widgets
from embedlab.ui.neighbors import files
from embedlab.ui.neighbors import form as neighbors_form
from embedlab.ui.neighbors import results as view
from embedlab.vectors import queries
from embedlab.vectors.neighborhood import gather

shell.open_page(
    "7_Neighbors.py",
    "Which words are near?",
    "Words used alike get similar vectors. The bars compare whole vectors; the map squeezes them into two dimensions, "
    "and says how far it can be trusted.",
)
theme = shell.theme()
form, picture = shell.form_and_picture()

with form:
    vectors = vector_choice.choose()
    settings = neighbors_form.form()
    asked_of = f"neighbors {vectors!r}"  # an answer of other vectors is none to fall back on
    hood = shell.attempt(
        asked_of,
        lambda: gather(vectors, settings.typed, settings.size, listed=settings.listed),
        remedy=widgets.spellings,
    )
    if hood is None:  # the very first question had no answer
        first = "king" if "king" in vectors else vectors.words[0]
        hood = shell.attempt(asked_of, lambda: gather(vectors, first, settings.size))
    if hood is None:
        st.stop()
    view.nearest(hood, theme)

with picture:
    method = neighbors_form.method()
    groups = view.group_names(hood, settings.groups)
    make = {
        "PCA": lambda: view.Drawn(hood, pca(hood.unit), groups),
        "t-SNE": lambda: view.draw_tsne(hood, groups, settings),
        "Own axes": lambda: view.Drawn(
            hood, semantic_axes(vectors, neighbors_form.own_axes(vectors), hood.words), groups
        ),
    }
    drawn = shell.attempt(f"{asked_of} map", make[method])
    if drawn is None:  # axes of one's own that do not exist
        drawn = shell.attempt(f"{asked_of} map", make["PCA"])
    if drawn is None:
        st.stop()
    view.picture(drawn, theme)

asked, best = shell.as_text(drawn.hood.asked[0]), drawn.hood.near[0][0]
original, seen = view.both_spaces(drawn)
figures = st.columns(3)
figures[0].metric(f"Nearest to {asked}", shell.as_text(best.word))
figures[1].metric(
    "Trustworthiness",
    f"{drawn.map.trustworthiness:.2f}",
    help="1: whoever is near on the map is near in the original space. About 0.5: the map is no better than chance.",
)
figures[2].metric("Neighbors kept on the map", f"{len(set(original) & set(seen))} of {len(original)}")

said, compared = st.columns([1, 1], gap="large")
said.markdown(view.what_you_see(drawn))
with compared:
    st.markdown(f"**Nearest to {asked}, among the words of the map**")
    view.rankings(drawn, theme)
st.markdown("**Try this**")
neighbors_form.examples()
st.caption("The address of this page holds the whole view: copy it to share what you see.")

ways = {"PCA": pca, "t-SNE": gradient_descent.descend, "Own axes": semantic_axes}
widgets.tabs(
    lambda: st.dataframe(files.records(drawn), hide_index=True),
    lambda: (queries.nearest_neighbors, ways[method], trustworthiness, clustering.clusters),
    lambda: widgets.downloads(files.files(drawn, theme)),
    opens="Download",
)
widgets.next_page("8_Analogies.py")
