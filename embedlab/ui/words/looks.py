"""A first look at vectors, where a page cannot ask them anything yet, or they hold too few words for it."""

from itertools import combinations

import streamlit as st

from embedlab.charts import bars
from embedlab.charts.theme import Theme
from embedlab.ui import shell, widgets
from embedlab.ui.words import asking
from embedlab.vectors import first_look as look
from embedlab.vectors.queries import similarity
from embedlab.vectors.word_vectors import WordVectors

_NUMBERS = 10  # of a vector that are drawn


def first_look(vectors: WordVectors, key: str, said: str = "**Nearest words**, by cosine") -> None:
    """A few telling words with their nearest; a click on a word asks the page Neighbors for it.

    Args:
        key: which vectors these are, of all that the page may show.
        said: what stands above, in Markdown.
    """
    st.markdown(said)
    with st.container(key=f"first_look {key}", gap="xsmall"):
        for at, (word, nearest) in enumerate(vectors.once(look.first_look)):
            shown = [(word, f"**{widgets.named(word)}**")]
            shown += [(near.word, f"{widgets.named(near.word)} {shell.decimal(near.similarity)}") for near in nearest]
            with st.container(horizontal=True, gap="small"):
                for one, label in shown:
                    name = f"look {key} {at} {one}"
                    st.button(label, key=name, type="tertiary", on_click=asking.pick, args=(one, None))
    asking.go()


def known_instead(vectors: WordVectors, name: str, key: str) -> None:
    """A first look below a message that too few words are known: what these vectors, of that name, do know."""
    first_look(vectors, key, f"Words that **{shell.as_text(name)}** does know, each with its nearest by cosine")


def few_words(vectors: WordVectors, theme: Theme) -> None:
    """All there is to see of one to three words: their cosines, or the numbers of the only one."""
    words = vectors.words
    if len(words) > 1:
        pairs = list(combinations(words, 2))
        names, values = [f"{a} – {b}" for a, b in pairs], [similarity(vectors, a, b) for a, b in pairs]
        said = "Cosine similarity of its words"
    else:
        values = vectors.matrix[0, :_NUMBERS].tolist()
        names, said = [f"number {i}" for i in range(1, len(values) + 1)], f"The first numbers of {words[0]}"
    st.markdown(f"**{shell.as_text(said)}**")
    alt = "; ".join(f"{name} {value:.2f}" for name, value in zip(names, values, strict=True))
    st.vega_lite_chart(bars.neighbor_bars(names, values, theme, title="value"), alt=f"{said}: {alt}")
