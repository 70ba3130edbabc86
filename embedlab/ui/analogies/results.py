"""The parts of the page Analogies: the plane with its arrows, both rankings, what they say, the shelf, and files."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from embedlab.charts import bars, export
from embedlab.charts.theme import Theme
from embedlab.evaluation import classics
from embedlab.ui import cache, shell
from embedlab.ui.analogies import charts
from embedlab.ui.spreadsheets import to_csv
from embedlab.vectors import queries
from embedlab.vectors.analogy import Analogy, pair_similarities
from embedlab.vectors.queries import Method
from embedlab.vectors.spelling import find_words
from embedlab.vectors.word_vectors import WordVectors

if TYPE_CHECKING:
    from embedlab.evaluation.classics import Outcome


METHODS: dict[str, Method] = {"3CosAdd": "3cosadd", "3CosMul": "3cosmul"}
SCORES = {"3cosadd": "cosine similarity to the sum", "3cosmul": "3CosMul score"}


def picture(found: Analogy, theme: Theme) -> None:
    """The plane of the three words."""
    a, b, c = found.inputs
    first = found.drawn[4] if len(found.drawn) > 4 else "none"
    chart = charts.analogy_arrows(found.drawn, found.coordinates, found.off, theme)
    st.altair_chart(
        chart,
        alt=f"The plane of {a}, {b} and {c}: an arrow from {a} to {b}, the same arrow from {c} to the sum, and the "
        f"answers dropped onto the plane; the best is {first}.",
    )
    st.caption(
        f"The plane that holds {shell.as_text(a)}, {shell.as_text(b)} and {shell.as_text(c)}, every word scaled to "
        "length 1. ● the three words ◆ the sum ■ the best answers. Both arrows are the same one; ↕ says how far off "
        "this plane an answer really is."
    )


def rankings(found: Analogy, theme: Theme) -> None:
    """Both rankings side by side, inputs in the second colour."""
    left, right = st.columns(2, gap="large")
    for place, title, ranking in (
        (left, "Input words left out, as is the custom", found.left_out),
        (right, "Input words left in (in bold)", found.left_in),
    ):
        place.markdown(f"**{title}**")
        words, scores = [neighbor.word for neighbor in ranking], [neighbor.similarity for neighbor in ranking]
        chart = bars.neighbor_bars(words, scores, theme, title=SCORES[found.method], marked=found.inputs)
        said = ", ".join(f"{word} {score:.2f}" for word, score in zip(words, scores, strict=True))
        place.altair_chart(chart, alt=f"{title}: {said}")


def what_you_see(found: Analogy) -> str:
    """Sentences with this run's numbers, in Markdown."""
    a, b, c = (shell.as_text(word) for word in found.inputs)
    best, top = found.left_out[0], found.left_in[0]
    name = shell.as_text(best.word)
    second = [f", before {shell.as_text(word)} ({score:.2f})" for word, score in found.left_out[1:2]]
    lines = [f"{b} − {a} + {c} gives **{name}** ({best.similarity:.2f}){''.join(second)}."]
    if top.word in found.inputs:
        lines.append(
            f"With the inputs left in, **{shell.as_text(top.word)}** would come first ({top.similarity:.2f}): the sum "
            "has not moved far from what went into it. Leaving inputs out makes analogies look better than they are."
        )
    else:
        lines.append(f"Even with the inputs left in, {shell.as_text(top.word)} comes first.")
    lines.append(
        f"{name} is drawn where its shadow falls on the plane; it really lies {found.off[4]:.2f} off it, "
        "in a space where every word is 1 long."
    )
    other = next(label for label, method in METHODS.items() if method != found.method)
    lines.append(f"{other} answers {shell.as_text(found.other_answer)}.")
    example = classics.example_of(*found.inputs)
    if example:
        place = found.place(example.expected)
        stands = f"comes out at place {place}" if place else f"is not among the first {len(found.left_out)}"
        lines.append(f"The expected word is {example.expected}: it {stands}. {example.note if place != 1 else ''}")
    return "**What you see**\n" + "\n".join(f"- {line}" for line in lines)


def shelf(vectors: WordVectors) -> None:
    """Buttons that set the form, and how all of the shelf comes out with these vectors."""
    outcomes = cached_shelf(cache.serial(vectors), vectors)
    for title, examples in (("Classics", classics.CLASSICS), ("Failures, and why", classics.FAILURES)):
        st.markdown(f"**{title}**")
        with st.container(horizontal=True, gap="small"):
            for example in examples:
                words = dict(zip("abc", example, strict=False))
                st.button(
                    example.title.removesuffix(" : ?"),
                    on_click=st.session_state.update,
                    args=(words,),
                    key=f"shelf {example.title}",
                )
    right = sum(outcome.place == 1 for outcome in outcomes if outcome.example in classics.CLASSICS)
    asked = sum(outcome.example in classics.CLASSICS for outcome in outcomes)
    honest = sum(outcome.first_of_all == outcome.example.expected for outcome in outcomes)
    st.markdown(
        f"With these vectors **{right} of {asked} classics** come out right. With the inputs left in, the expected "
        f"word comes first in {honest} of all {len(outcomes)}."
    )
    with st.expander("How each one comes out"):
        st.dataframe(
            [
                {
                    "analogy": outcome.example.title,
                    "expected": outcome.example.expected,
                    "answer": outcome.first,
                    "place of the expected": outcome.place,
                    "answer with inputs left in": outcome.first_of_all,
                }
                for outcome in outcomes
            ],
            hide_index=True,
        )


@st.fragment
def odd_one_out(vectors: WordVectors, theme: Theme) -> None:
    """Which of some words does not belong, and by how much."""
    with st.form("odd form", border=False):
        typed = st.text_input("Words", "breakfast lunch dinner car", key="odd", bind="query-params")
        st.form_submit_button("Find the odd one")
    ranked = shell.attempt(f"odd {vectors!r}", lambda: queries.closeness_to_mean(vectors, find_words(vectors, typed)))
    if ranked:
        odd = ranked[-1].word
        words, scores = [neighbor.word for neighbor in ranked], [neighbor.similarity for neighbor in ranked]
        chart = bars.neighbor_bars(words, scores, theme, title="cosine to the mean of all", marked=[odd])
        st.markdown(f"**{shell.as_text(odd)}** does not belong: it is least similar to the mean of all of them.")
        st.altair_chart(chart, alt=f"Cosine of each word to the mean; {odd} is lowest")


@st.fragment
def similar_pairs(vectors: WordVectors, theme: Theme) -> None:
    """Cosines of pairs of words."""
    with st.form("pairs form", border=False):
        start = "cat dog\ncat car\nhot cold\ncup championship"
        typed = st.text_area("Two words a line", start, key="pairs", bind="query-params")
        st.form_submit_button("Compare")
    pairs = shell.attempt(f"pairs {vectors!r}", lambda: pair_similarities(vectors, typed))
    if pairs:
        names = [f"{first} – {second}" for first, second, _ in pairs]
        chart = bars.neighbor_bars(names, [cosine for *_, cosine in pairs], theme)
        st.altair_chart(
            chart, alt="; ".join(f"{name} {cosine:.2f}" for name, (*_, cosine) in zip(names, pairs, strict=True))
        )


def downloads(found: Analogy, theme: Theme) -> None:
    """Both rankings as CSV and the picture as PNG, SVG and stand-alone HTML."""

    def draw(make: Callable[[Any, Theme], bytes]) -> bytes:
        return make(charts.analogy_arrows(found.drawn, found.coordinates, found.off, theme, width=640), theme)

    with st.container(horizontal=True):
        st.download_button("Rankings (CSV)", lambda: rankings_csv(found), "analogy.csv", "text/csv", on_click="ignore")
        for kind, mime, make in (
            ("PNG", "image/png", export.to_png),
            ("SVG", "image/svg+xml", export.to_svg),
            ("HTML", "text/html", export.to_html),
        ):
            file = f"analogy.{kind.lower()}"
            st.download_button(f"Picture ({kind})", partial(draw, make), file, mime, on_click="ignore")


def table(found: Analogy) -> None:
    """Both rankings as one sortable table."""
    st.dataframe(
        [
            {
                "place": i + 1,
                "inputs left out": out.word,
                "score": out.similarity,
                "inputs left in": kept.word,
                "score ": kept.similarity,
            }
            for i, (out, kept) in enumerate(zip(found.left_out, found.left_in, strict=False))
        ],
        hide_index=True,
    )


def rankings_csv(found: Analogy) -> str:
    """Both rankings, one row for each word."""
    rows = [
        (inputs, place, neighbor.word, f"{neighbor.similarity:.6f}")
        for inputs, ranking in (("left out", found.left_out), ("left in", found.left_in))
        for place, neighbor in enumerate(ranking, 1)
    ]
    return to_csv(("inputs", "place", "word", "score"), rows)


@st.cache_resource(show_spinner=False, max_entries=8)
def cached_shelf(serial: int, _vectors: WordVectors) -> "list[Outcome]":
    """How the shelf of analogies comes out; `serial` is the vectors'."""
    from embedlab.evaluation.classics import CLASSICS, FAILURES, fare

    return fare(_vectors, (*CLASSICS, *FAILURES))
