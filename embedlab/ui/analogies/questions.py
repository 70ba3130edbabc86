"""Smaller questions of the page Analogies: sums of words, two lists of answers, the odd one out, similar pairs."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

import streamlit as st

from embedlab.charts import bars
from embedlab.charts.templates import Spec
from embedlab.charts.theme import Theme
from embedlab.formats.limits import shown_word
from embedlab.ui import cache, shell, turns
from embedlab.ui.analogies.results import SCORES
from embedlab.ui.words import asking, word_boxes
from embedlab.vectors import queries
from embedlab.vectors.analogy import pair_similarities
from embedlab.vectors.first_look import some_words, words_with_a_mean
from embedlab.vectors.measures.expression import Expression, parse_expression
from embedlab.vectors.measures.side_by_side import SideBySide, side_by_side
from embedlab.vectors.queries import Neighbor
from embedlab.vectors.spelling import as_typed, find_words, quoted, remarks
from embedlab.vectors.subwords import composed_note
from embedlab.vectors.word_vectors import WordVectors

_TWO = {"left_sum": "woman + profession - man", "right_sum": "man + profession - woman"}
_SUM, _ANSWERS = "king - man + woman", 10
_ODD, _PAIRS = "breakfast lunch dinner car", "cat dog\ncat car\nhot cold\ncup championship"


@turns.fragment
def any_sum(vectors: WordVectors, theme: Theme) -> None:
    """Words nearest to any sum of words, with weights and parentheses."""
    if len(vectors) < 2:
        return
    word_boxes.begin_with(
        vectors, {"sum": _SUM}, lambda: [" + 0.5 * ".join(map(quoted, some_words(vectors, 2)))]
    )  # which never cancel out
    with st.form("sum form", border=False):
        typed = st.text_input(
            "Expression",
            _SUM,
            key="sum",
            bind="query-params",
            help="Any number of words, with +, −, weights and parentheses: 0.5 * (king + queen) - man. A word with "
            'signs or blanks in it goes into quotes: "new york".',
        )
        st.form_submit_button("Compute it")

    serial = cache.serial(vectors)
    found = shell.attempt(
        f"sum {serial}",
        lambda: _nearest(serial, typed, vectors),
        inputs=["sum"],
        remedy=lambda error: word_boxes.spellings(error, ["sum"]),
        still=lambda found: shown_word(found[0].text),
    )
    if found:
        expression, near = found
        said = list(remarks(expression.matches))
        if said:
            st.caption(shell.as_text(" ".join(said)))
        _say_composed(vectors, [word for word, _ in expression.terms])
        if not near:
            st.markdown("All words of these vectors are in the sum, and none is left to answer.")
            return
        words, scores = [neighbor.word for neighbor in near], [neighbor.similarity for neighbor in near]
        answers = f"nearest to **{shell.as_text(words[0])}**, cosine {shell.decimal(scores[0])}"
        st.markdown(f"{shell.as_text(expression.text)} is {answers}. v(…) is a vector of length 1.")
        chart = bars.neighbor_bars(words, scores, theme, title=SCORES["3cosadd"], clickable=True)
        listed = ", ".join(f"{word} {score:.2f}" for word, score in zip(words, scores, strict=True))
        _to_click(chart, f"sum_bars {expression.text}", f"Nearest to {expression.text}: {listed}")


@turns.fragment
def two_lists(vectors: WordVectors, theme: Theme) -> None:
    """The words nearest to two sums, side by side; those that are in one list only are marked."""
    if len(vectors) < 3:
        return
    word_boxes.begin_with(vectors, _TWO, lambda: [quoted(word) for word in some_words(vectors, 2)])
    with st.form("two lists form", border=False):
        one, other = st.columns(2, gap="large")
        typed = (
            one.text_input("One sum", _TWO["left_sum"], key="left_sum", bind="query-params"),
            other.text_input("The other", _TWO["right_sum"], key="right_sum", bind="query-params"),
        )
        st.form_submit_button("Compare the lists")

    serial, boxes = cache.serial(vectors), list(_TWO)
    found = shell.attempt(
        f"two lists {serial}", lambda: _two_nearest(serial, *typed, vectors), inputs=boxes,
        remedy=lambda error: word_boxes.spellings(error, boxes),
        still=lambda found: word_boxes.named([expression.text for expression in found[0]]),
    )  # fmt: skip
    if found:
        sums, lists = found
        said = list(remarks([match for expression in sums for match in expression.matches]))
        if said:
            st.caption(shell.as_text(" ".join(dict.fromkeys(said))))
        _say_composed(vectors, dict.fromkeys(word for expression in sums for word, _ in expression.terms))
        columns = st.columns(2, gap="large")
        only = (lists.only_left, lists.only_right)
        for side, column, expression, near, marked in zip(("left", "right"), columns, sums, lists, only, strict=True):
            column.markdown(f"**{shell.as_text(expression.text)}**")
            words, scores = [neighbor.word for neighbor in near], [neighbor.similarity for neighbor in near]
            chart = bars.neighbor_bars(words, scores, theme, title=SCORES["3cosadd"], marked=marked, clickable=True)
            listed = ", ".join(f"{word} {score:.2f}" for word, score in zip(words, scores, strict=True))
            with column:
                alt = f"Nearest to {expression.text}: {listed}. Only here: {', '.join(marked)}"
                _to_click(chart, f"list_bars {side} {expression.text}", alt)
        st.markdown(f"{len(lists.shared)} of {len(lists.left)} words are in both lists; bold ones are in one only.")


@turns.fragment
def odd_one_out(vectors: WordVectors, theme: Theme) -> None:
    """Which of some words does not belong, and by how much."""
    word_boxes.begin_with(vectors, {"odd": _ODD}, lambda: [as_typed(vectors, words_with_a_mean(vectors, 4))])
    with st.form("odd form", border=False):
        typed = st.text_input("Words", _ODD, key="odd", bind="query-params")
        st.form_submit_button("Find the odd one")
    ranked = shell.attempt(
        f"odd {cache.serial(vectors)}",
        lambda: queries.closeness_to_mean(vectors, find_words(vectors, typed)),
        inputs=["odd"],
        remedy=lambda error: word_boxes.spellings(error, ["odd"]),
        still=lambda ranked: word_boxes.named([neighbor.word for neighbor in ranked]),
    )
    if ranked:
        odd = ranked[-1].word
        words, scores = [neighbor.word for neighbor in ranked], [neighbor.similarity for neighbor in ranked]
        word_boxes.say_taken(vectors, typed)
        _say_composed(vectors, words)
        chart = bars.neighbor_bars(
            words, scores, theme, title="cosine to the mean of all", marked=[odd], clickable=True
        )
        st.markdown(f"**{shell.as_text(odd)}** does not belong: it is least similar to the mean of all.")
        _to_click(chart, f"odd_bars {words}", f"Cosine of each word to the mean; {odd} is lowest")


@turns.fragment
def similar_pairs(vectors: WordVectors, theme: Theme) -> None:
    """Cosines of pairs of words."""
    word_boxes.begin_with(vectors, {"pairs": _PAIRS}, lambda: [as_typed(vectors, some_words(vectors, 2))])
    with st.form("pairs form", border=False):
        pairs_help = "Drawn is the **cosine** of their vectors; the cosine distance is 1 minus it."
        typed = st.text_area("Two words a line", _PAIRS, key="pairs", bind="query-params", help=pairs_help)
        st.form_submit_button("Compare")
    pairs = shell.attempt(
        f"pairs {cache.serial(vectors)}",
        lambda: pair_similarities(vectors, typed),
        inputs=["pairs"],
        remedy=lambda error: word_boxes.spellings(error, ["pairs"]),
        still=lambda pairs: word_boxes.named([f"{first} – {second}" for first, second, _ in pairs]),
    )
    if pairs:
        _say_composed(vectors, dict.fromkeys(word for first, second, _ in pairs for word in (first, second)))
        names = [f"{first} – {second}" for first, second, _ in pairs]
        chart = bars.neighbor_bars(names, [cosine for *_, cosine in pairs], theme, clickable=True)
        alt = "; ".join(f"{name} {cosine:.2f}" for name, (*_, cosine) in zip(names, pairs, strict=True))
        both = [as_typed(vectors, [first, second]) for first, second, _ in pairs]
        _to_click(chart, f"pair_bars {names}", alt, dict(zip(names, both, strict=True)))


def _to_click(chart: Spec, key: str, alt: str, asked: Mapping[str, str] = MappingProxyType({})) -> None:
    """Bars; a click on one asks the page Neighbors for its word, or for what `asked` has for it."""
    asking.chart(chart, alt=alt, key=key, asked=asked)
    st.caption("Click a bar to see its neighbors.")


@st.cache_resource(show_spinner=False, max_entries=100)
def _nearest(serial: int, typed: str, _vectors: WordVectors) -> tuple[Expression, list[Neighbor]]:
    """A sum and the words nearest to it; `serial` is the vectors'."""
    expression = parse_expression(_vectors, typed)
    return expression, expression.nearest(_vectors, _ANSWERS)


@st.cache_resource(show_spinner=False, max_entries=100)
def _two_nearest(
    serial: int, left: str, right: str, _vectors: WordVectors
) -> tuple[tuple[Expression, Expression], SideBySide]:
    """Two sums and the words nearest to either; `serial` is the vectors'."""
    sums = parse_expression(_vectors, left), parse_expression(_vectors, right)
    return sums, side_by_side(_vectors, *sums, k=_ANSWERS)


def _say_composed(vectors: WordVectors, words: Iterable[str]) -> None:
    """Names the words whose vectors are composed, if there are any."""
    if composed := [word for word in words if word not in vectors]:
        st.caption(shell.as_text(composed_note(composed, len(vectors))))
