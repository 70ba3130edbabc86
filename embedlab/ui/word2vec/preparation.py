"""What the preparation of a text leaves out, shown on its words."""

import streamlit as st

from embedlab.lessons.word2vec.pairs import expected_dropped, keep_probability, noise_distribution
from embedlab.ui import shell
from embedlab.ui.word2vec import views
from embedlab.ui.word2vec.results import Found
from embedlab.ui.words import asking

_SHOWN = 40  # most frequent words


def left_out(found: Found) -> None:
    """Every step with what it dropped, and subsampling on the most frequent words."""
    text, pairs = found.text, found.settings.config.pairs
    dropped = expected_dropped(text.counts, pairs.subsampling_threshold, pairs.formula)
    for step in (step for step in text.steps if step.dropped):
        examples = f" For example: {', '.join(shell.as_text(word) for word in step.examples)}." if step.examples else ""
        st.markdown(f"- **{step.name}**: {step.dropped:,} of {step.words_before:,} left out.{examples}")
    formula = "(√(f/t) + 1)·t/f of word2vec.c" if pairs.formula == "word2vec.c" else "√(t/f) of the paper"
    st.markdown(
        f"- In each pass about {dropped.sum():,.0f} of {len(text):,} words are dropped at random: a word with share f "
        f"of the text is kept with probability {formula}, t = {pairs.subsampling_threshold:g}."
    )
    both = {name: keep_probability(text.counts, pairs.subsampling_threshold, name) for name in ("word2vec.c", "paper")}
    noise = noise_distribution(text.counts, pairs.exponent)
    records = [
        {
            "word": word,
            "count": int(text.counts[i]),
            "share of the text": 100 * float(text.counts[i] / text.counts.sum()),
            "kept, word2vec.c": 100 * float(both["word2vec.c"][i]),
            "kept, paper": 100 * float(both["paper"][i]),
            "dropped here": round(float(dropped[i])),
            "negatives": 100 * float(noise[i]),
        }
        for i, word in enumerate(text.vocabulary.words[:_SHOWN])
    ]
    percent = st.column_config.NumberColumn(format="%.2f%%")
    columns = ("share of the text", "kept, word2vec.c", "kept, paper", "negatives")
    config = dict.fromkeys(columns, percent)
    asking.table(records, ["word"], key="left_out", box=views.BOX, column_config=config, height=280)
    st.caption(
        f"The {len(records)} most frequent of {len(text.vocabulary):,} words. Negatives are drawn in proportion to "
        f"count to the power {pairs.exponent:g}."
    )
