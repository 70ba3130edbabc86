"""The senses of a word on the page Neighbors, each with words that ask for themselves, and the word without one."""

import streamlit as st

from embedlab.charts import bars
from embedlab.charts.theme import Theme
from embedlab.ui import cache, shell, turns, widgets
from embedlab.ui.address import address
from embedlab.ui.neighbors.results import Found
from embedlab.ui.places import places
from embedlab.ui.words import asking
from embedlab.vectors.measures.senses import (
    ASKED,
    NEAR,
    TOLD,
    TOLD_WRONGLY,
    Evidence,
    Sense,
    senses,
    without_sense,
)
from embedlab.vectors.measures.senses import evidence as evidence_of
from embedlab.vectors.word_vectors import WordVectors

PLACE = "senses"  # in links
_WITHOUT, _NOTHING = "without", "nothing"
_OF = "_senses_of"  # in the session: the word whose senses were drawn
_HOW_TOLD = (
    "How far the vector reaches toward a second sense, beyond the words nearest to the first, or the other way around. "
    "The same is measured in nine pools of words drawn from one normal distribution, where no senses are. With the "
    f"bundled vectors this finds a second sense in {TOLD} of {ASKED} words with two meanings, and in {TOLD_WRONGLY} of "
    f"{ASKED} with one."
)
_NAMED = 5  # words of a sense


@turns.fragment
def draw(found: Found, theme: Theme) -> None:
    """A box with the senses of the first word asked for, worked out when it is open."""
    word = found.hood.asked[0]
    if st.session_state.setdefault(_OF, word) != word:  # the sense left out was of the word before
        st.session_state[_OF] = word
        address.hide(_WITHOUT, {st.session_state.get(_WITHOUT, _NOTHING)})
        st.session_state[_WITHOUT] = _NOTHING
    linked = st.query_params.get(places.AT) == PLACE or _WITHOUT in st.query_params
    title = f"Senses: does {shell.as_text(word)} mean several things?"
    with (
        places.place(PLACE),
        st.expander(title, key="neighbors_senses", on_change="rerun", expanded=linked) as box,
    ):
        if box.open:
            _draw(found.settings.vectors, word, theme)


def _draw(vectors: WordVectors, word: str, theme: Theme) -> None:
    serial = cache.serial(vectors)
    split = shell.attempt(f"senses {serial}", lambda: (word, _senses(f"{serial} {word}", word, vectors)))
    if split is None or split[0] != word:
        return
    found, evidence = split[1]
    if not found:
        st.markdown("These vectors hold too few words to tell senses apart.")
        return
    if len(found) == 1:
        st.markdown(f"**One sense**: no other has a tenth of the weight in {shell.as_text(word)}.")
    else:
        st.markdown(_verdict(word, evidence), help=_HOW_TOLD)
    for column, sense in zip(st.columns(max(len(found), 2)), found, strict=False):
        with column:
            st.markdown(f"**{shell.as_text(sense.name)}**")
            st.caption(
                f"{sense.share:.0%} of the senses’ weight; "
                f"{sense.near} of its {min(NEAR, len(vectors) - 1)} nearest words"
            )
            asking.row(sense.words[:_NAMED], key=f"sense {sense.name}", box=asking.WORD)
    if len(found) == 1:
        return
    names = [_NOTHING, *(sense.name for sense in found)]
    help_text = (
        "The vector’s part along a sense is projected out: what is left is nearest to words of the other senses."
    )
    left_out = widgets.one_of(f"{word} without", names, key=_WITHOUT, bind="query-params", help=help_text)
    if left_out == _NOTHING:
        return
    near = without_sense(vectors, word, found[names.index(left_out) - 1])
    words, cosines = [n.word for n in near], [n.similarity for n in near]
    listed = ", ".join(f"{name} {cosine:.2f}" for name, cosine in zip(words, cosines, strict=True))
    chart = bars.neighbor_bars(words, cosines, theme, clickable=True)
    alt = f"Nearest to {word} without {left_out}: {listed}"
    asking.chart(chart, alt=alt, key=f"without_bars {word} {left_out}", box=asking.WORD)


def _verdict(word: str, evidence: Evidence) -> str:
    """Whether a second sense is clear, in Markdown."""
    reached = (
        f"Toward a second one its vector reaches {evidence.gap:.1f} standard deviations; where there is none, up to "
        f"{max(evidence.by_chance):.1f}"
    )
    if evidence.is_clear:
        return f"**More than one sense** is clear in {shell.as_text(word)}. {reached}."
    return f"**One sense** is clear in {shell.as_text(word)}. {reached}: the others may be noise."


@st.cache_resource(show_spinner=False, max_entries=200)
def _senses(key: str, word: str, _vectors: WordVectors) -> tuple[list[Sense], Evidence]:
    """The senses, and how clear a second one is; `key` is of the vectors and the word."""
    return senses(_vectors, word), evidence_of(_vectors, word)
