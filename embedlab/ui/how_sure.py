"""How sure a neighbor, an answer or a score is: what runs on resampled text say of it."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import streamlit as st

from embedlab.evaluation import stability
from embedlab.evaluation.intervals import Interval
from embedlab.vectors.word_vectors import WordVectors


class Sure(NamedTuple):
    """What bars show of it; nothing where there are no runs of these vectors."""

    notes: Mapping[str, str]  # for the tooltip of each word
    unstable: Sequence[str]


def of(vectors: WordVectors, answers: Sequence[str], positive: Sequence[str], negative: Sequence[str] = ()) -> Sure:
    """Of each word among the nearest to a sum of words."""
    runs = stability.about_bundled(vectors)
    counts = stability.agreement(runs, answers, positive, negative) if runs and answers else {}
    if not runs or not counts:
        return Sure({}, ())
    notes = {
        answer: f"among the {stability.NEAREST} nearest in {n} of {len(runs)} runs" for answer, n in counts.items()
    }
    return Sure(notes, stability.unstable(counts, len(runs)))


def effect(vectors: WordVectors, sets: Mapping[str, Sequence[str]]) -> Interval | None:
    """Where the effect size of WEAT would lie in one more run; None where the runs cannot tell."""
    runs = stability.about_bundled(vectors)
    found = stability.effect_sizes(runs, sets) if runs else []
    return stability.prediction_interval(found) if found else None


def explain(vectors: WordVectors) -> None:
    """What an outlined bar means, where there can be one."""
    if runs := stability.about_bundled(vectors):
        st.caption(
            f"Outlined: unsure. Had other paragraphs been read, it might not be here; fewer than half of {len(runs)} "
            "runs on resampled text name it, too.",
        )
