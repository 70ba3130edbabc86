"""What the preparation of a text leaves out, shown on its words."""

import streamlit as st

from embedlab.lessons.word2vec.pairs import expected_dropped, keep_probability, noise_distribution
from embedlab.ui import shell
from embedlab.ui.word2vec.results import Found

_SHOWN = 40  # most frequent words


def left_out(found: Found) -> None:
    """Every step with what it dropped, and subsampling on the most frequent words."""
    text, pairs = found.text, found.settings.config.pairs
    dropped = expected_dropped(text.counts, pairs.subsampling_threshold, pairs.formula)
    for step in (step for step in text.steps if step.dropped):
        examples = f" For example: {', '.join(shell.as_text(word) for word in step.examples)}." if step.examples else ""
        st.markdown(f"- **{step.name}**: {step.dropped:,} of {step.words_before:,} left out.{examples}")
    formula = "(√(f/t) + 1)·t/f, the C program's" if pairs.formula == "word2vec.c" else "√(t/f), the paper's"
    st.markdown(
        f"- **Subsampling** at t = {pairs.subsampling_threshold:g}, with the formula {formula}: of {len(text):,} words "
        f"about {dropped.sum():,.0f} are dropped anew in every pass, nearly all of them of the kind below."
    )
    both = {name: keep_probability(text.counts, pairs.subsampling_threshold, name) for name in ("word2vec.c", "paper")}
    noise = noise_distribution(text.counts, pairs.exponent)
    records = [
        {
            "word": word,
            "count": int(text.counts[i]),
            "share of the text": float(text.counts[i] / text.counts.sum()),
            "kept, word2vec.c": float(both["word2vec.c"][i]),
            "kept, paper": float(both["paper"][i]),
            "dropped here": round(float(dropped[i])),
            "noise": float(noise[i]),
        }
        for i, word in enumerate(text.vocabulary.words[:_SHOWN])
    ]
    percent = st.column_config.NumberColumn(format="percent")
    columns = ("share of the text", "kept, word2vec.c", "kept, paper", "noise")
    st.dataframe(records, hide_index=True, column_config=dict.fromkeys(columns, percent), height=280, key="left_out")
    st.caption(
        f"The {len(records)} most frequent of {len(text.vocabulary):,} words. “noise”: how often it is drawn as a "
        f"negative, in proportion to count to the power {pairs.exponent:g}."
    )
