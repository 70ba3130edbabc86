"""How sure neighbors are: how many runs on resampled text name them, too, and what a page says of it."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import streamlit as st

from embedlab.evaluation import stability
from embedlab.vectors.word_vectors import WordVectors


class Sureness(NamedTuple):
    """How sure each word nearest to a sum is; nothing where there are no runs on resampled text to ask."""

    notes: dict[str, str]  # of the words that the runs hold
    hollow: list[str]  # those that are unsure
    said: str

    @property
    def of_bars(self) -> dict[str, Any]:
        """What `bars.neighbor_bars` takes of it."""
        return {"notes": self.notes, "hollow": self.hollow} if self.notes else {}


def of_answers(
    vectors: WordVectors, answers: Sequence[str], positive: Sequence[str], negative: Sequence[str] = ()
) -> Sureness:
    """How sure each of the words nearest to a sum is."""
    runs, k = stability.about_bundled(vectors), max(len(answers), stability.NEAREST)
    counts = stability.agreement(runs, answers, positive, negative, k) if runs else {}
    if not runs or not counts:
        return Sureness({}, [], "")
    total, hollow = len(runs), stability.unstable(counts, len(runs))
    notes = {answer: f"among the {k} nearest in {n} of {total} runs" for answer, n in counts.items()}
    if hollow:
        said = f"Outlined: unsure. Fewer than half of {total} runs on resampled text name it, too."
    elif len(counts) == len(answers):
        said = f"None is unsure: most of {total} runs on resampled text name each of them, too."
    else:
        said = ""
    return Sureness(notes, hollow, said)


def say(shown: Iterable[Sureness]) -> None:
    """What an outlined bar means, where one is; else that none is, where all could be asked about."""
    found = list(shown)
    unsure = [one.said for one in found if one.hollow]
    if unsure:
        st.caption(unsure[0])
    elif found and all(one.said for one in found):
        st.caption(found[0].said)
