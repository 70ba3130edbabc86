"""Analogies: words added and subtracted."""

import streamlit as st

from embedlab.ui import shell, vector_choice, widgets
from embedlab.ui.analogies import results
from embedlab.vectors import queries
from embedlab.vectors.analogy import plane_through, solve

shell.open_page(
    "8_Analogies.py",
    "Is king to man as queen is to woman?",
    "Vectors can be added: king − man + woman points near queen. Two rankings show how much of that is the custom of "
    "leaving the input words out.",
)
theme = shell.theme()
form, picture = shell.form_and_picture()

with form:
    vectors = vector_choice.choose()
    with st.form("analogy"):
        with st.container():  # one question, so that a phone keeps its three words together
            a = st.text_input("This word", "man", key="a", bind="query-params", help="man is to king as woman is to …?")
            b = st.text_input("is to this", "king", key="b", bind="query-params")
            c = st.text_input("as this word is to …?", "woman", key="c", bind="query-params")
        with st.expander("More settings"):
            method = st.segmented_control(
                "Method",
                list(results.METHODS),
                default="3CosAdd",
                required=True,
                key="method",
                bind="query-params",
                help="**3CosAdd** ranks by cosine to b − a + c. **3CosMul** multiplies the similarities to b and c and "
                "divides by that to a, so that no single one decides.",
            )
            k = st.slider("Answers", 3, 20, 10, key="k", bind="query-params")
        st.form_submit_button("Complete it", type="primary", width="stretch")
        way = results.METHODS[method]
        found = shell.attempt(f"analogy {vectors!r}", lambda: solve(vectors, a, b, c, k, method=way))
        if found is None:  # the very first question had no answer
            first = ("man", "king", "woman") if "king" in vectors and "woman" in vectors else vectors.words[:3]
            found = shell.attempt(f"analogy {vectors!r}", lambda: solve(vectors, *first, k, method=way))
if found is None:
    st.stop()
with picture:
    results.picture(found, theme)

best = found.left_out[0]
score = "Cosine to the sum" if found.method == "3cosadd" else "3CosMul score"
figures = st.columns(4)
figures[0].metric("Answer", shell.as_text(best.word))
figures[1].metric(score, f"{best.similarity:.2f}")
figures[2].metric("With the inputs left in", shell.as_text(found.left_in[0].word))
off_help = "How far the answer is from the plane of the picture; every word is 1 from the origin."
figures[3].metric("Off the plane", f"{found.off[4]:.2f}", help=off_help)

st.markdown(results.what_you_see(found))
results.rankings(found, theme)
st.subheader("Try this: a shelf of classics and failures", anchor=False)
results.shelf(vectors)

left, right = st.columns(2, gap="large")
with left:
    st.subheader("Odd one out", anchor=False)
    results.odd_one_out(vectors, theme)
with right:
    st.subheader("How similar are two words?", anchor=False)
    results.similar_pairs(vectors, theme)

numbers, code, files = st.tabs(["Numbers", "The code", "Download"])
with numbers:
    results.table(found)
with code:
    widgets.the_code(queries.analogy, plane_through, queries.closeness_to_mean, queries.similarity)
with files:
    results.downloads(found, theme)
widgets.next_page("9_Compare.py")
