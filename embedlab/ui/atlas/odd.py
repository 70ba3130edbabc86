"""Near duplicates and outliers of a set: looked for when somebody asks, at once in small sets."""

from collections.abc import Iterator

import streamlit as st

from embedlab.atlas import kept_maps, oddities
from embedlab.atlas.oddities import Survey
from embedlab.ui import jobs, shell
from embedlab.ui.atlas import maps
from embedlab.ui.atlas.results import Found
from embedlab.ui.words import asking
from embedlab.ui.words.asking import WORD

_PATIENCE = 0.5  # seconds that the survey may take without a progress bar


def show(found: Found) -> None:
    """Two lists; a click on a word picks it."""
    vectors = found.vectors
    key = f"survey {kept_maps.checksum(vectors)}"

    def survey() -> Iterator[Survey | None]:
        return oddities.survey(vectors)

    def begin() -> None:
        jobs.submit(key, survey)

    if jobs.find(key) is None and len(vectors) > maps.AT_ONCE:
        st.caption("Compares each word with all others: about half a minute for 50,000 words.")
        st.button("Look for near duplicates and outliers", on_click=begin)
        return
    job = jobs.submit(key, survey)
    job.wait(_PATIENCE)
    if job.latest is None:
        jobs.panel(job, lambda job: None, key="atlas_survey", stop="Stop looking")
        return
    _lists(job.latest)


def _lists(survey: Survey) -> None:
    left, right = st.columns(2)
    with left:
        threshold = st.slider("Near duplicates: cosine at least", 0.8, 1.0, 0.95, 0.01, key="atlas_threshold")
        pairs = survey.near_duplicates(threshold=threshold)
        _list([pair._asdict() for pair in pairs], "atlas_pairs", "No two words are that much alike.")
    with right:
        st.markdown("**Outliers**: least similar to their ten nearest")
        _list([outlier._asdict() for outlier in survey.outliers()], "atlas_outliers", "There are none.")


def _list(rows: list[dict[str, object]], key: str, none: str) -> None:
    if rows:
        asking.table(rows, [name for name in rows[0] if name != "similarity"], key=key, box=WORD)
    else:
        st.caption(shell.as_text(none))
