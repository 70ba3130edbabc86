"""What the page Analogies answers: the plane with its arrows, both rankings, what they say, and the shelf."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple

import streamlit as st

from embedlab.charts import bars
from embedlab.charts.theme import Theme
from embedlab.errors import EmbedlabError
from embedlab.evaluation import classics
from embedlab.ui import cache, shell, widgets
from embedlab.ui.analogies import charts, form
from embedlab.ui.analogies.form import Settings
from embedlab.ui.words import asking, looks, sureness, word_boxes
from embedlab.vectors import queries
from embedlab.vectors.analogy import Analogy, plane_through, solve
from embedlab.vectors.first_look import some_words
from embedlab.vectors.measures.side_by_side import side_by_side
from embedlab.vectors.subwords import composed_note
from embedlab.vectors.word_vectors import WordVectors

_INPUTS = 3  # words of an analogy
SCORES = {"3cosadd": "cosine similarity to the sum", "3cosmul": "3CosMul score"}


class Found(NamedTuple):
    """An analogy that was solved."""

    vectors: WordVectors
    analogy: Analogy
    typed: tuple[str, str, str]


def find(settings: Settings) -> Found | None:
    """The analogy; where it cannot be solved, the last one that could, which at first is one that these vectors can."""
    vectors, words, method, answers = settings
    if len(vectors) <= _INPUTS:
        st.info(f"An analogy needs {_INPUTS} words and an answer; these vectors hold {len(vectors)}. Choose others.")
        looks.few_words(vectors, shell.theme())
        return None
    usual = ("man", "king", "woman")
    first = usual if all(word in vectors for word in usual) else some_words(vectors, _INPUTS)

    def solved(a: str, b: str, c: str) -> Found:
        return Found(vectors, solve(vectors, a, b, c, answers, method=method), (a, b, c))

    def begin() -> Found | None:
        with suppress(EmbedlabError):  # of a set that has no answer to any, which is said already
            return solved(*first)
        return None

    return shell.attempt(
        f"analogy {cache.serial(vectors)}",
        lambda: solved(*words),
        inputs=["a", "b", "c"],
        remedy=lambda error: word_boxes.spellings(error, "abc"),
        still=lambda found: word_boxes.named(found.typed),
        otherwise=begin,
    )


def _box(solved: Analogy) -> asking.Box:
    """Of the third word, which must be none of those given."""
    return asking.Box("c", refuses=solved.inputs)


def picture(found: Found, theme: Theme) -> None:
    """The plane of the three words."""
    solved = found.analogy
    word_boxes.say_taken(found.vectors, *found.typed, single=True)
    if solved.composed:
        st.caption(shell.as_text(composed_note(solved.composed, len(found.vectors))))
    a, b, c = solved.inputs
    first = solved.drawn[4] if len(solved.drawn) > 4 else "none"
    chart = charts.analogy_arrows(solved.drawn, solved.coordinates, solved.off, theme, clickable=True)
    asking.chart(
        chart,
        alt=f"The plane of {a}, {b} and {c}: an arrow from {a} to {b}, the same arrow from {c} to the sum, and the "
        f"answers dropped onto the plane; the best is {first}.",
        key=f"analogy_arrows {solved.inputs}",
        selections=asking.ON_MAP,
        box=_box(solved),
    )
    if found.vectors.dimensions <= 2:
        st.caption("Each word’s own numbers; the ranking scales them to length 1 first. ● given words ◆ sum ■ answers.")
        return
    st.caption(
        f"The plane through {shell.as_text(a)}, {shell.as_text(b)} and {shell.as_text(c)}, all vectors of length 1. "
        f"● given ◆ sum ■ answers, projected; ↕: distance from the plane, {solved.usual_distance:.2f} for a word at "
        "random."
    )


def figures(found: Found) -> None:
    """The answer, how good it is, and how much of it is custom."""
    solved = found.analogy
    best = solved.left_out[0]
    score = "Cosine to the sum" if solved.method == "3cosadd" else "3CosMul score"
    columns = st.columns(4)
    columns[0].metric("Answer", shell.as_text(best.word))
    columns[1].metric(score, shell.decimal(best.similarity))
    columns[2].metric("With the inputs left in", shell.as_text(solved.left_in[0].word))
    off_help = "Of the answer, which the picture projects onto the plane; every word is at distance 1 from the origin."
    columns[3].metric("Distance from the plane", f"{solved.off[4]:.2f}", help=off_help)


def what_you_see(found: Found) -> str:
    """Sentences with this run's numbers, in Markdown."""
    solved = found.analogy
    a, b, c = (shell.as_text(word) for word in solved.inputs)
    best, top = solved.left_out[0], solved.left_in[0]
    name = shell.as_text(best.word)
    second = [f", before {shell.as_text(word)}" for word, _ in solved.left_out[1:2]]
    other = next(label for label, method in form.METHODS.items() if method != solved.method)
    lines = [f"{b} − {a} + {c} ≈ **{name}**{''.join(second)}; {other} answers {shell.as_text(solved.other_answer)}."]
    if top.word in solved.inputs:
        lines.append(
            f"With the inputs left in, **{shell.as_text(top.word)}** comes first ({shell.decimal(top.similarity)}): "
            "the sum stays close to its own terms."
        )
    else:
        lines.append(f"Even with the inputs left in, {shell.as_text(top.word)} comes first.")
    example = classics.example_of(*solved.inputs)
    place = solved.place(example.expected) if example else 1
    if example and place != 1:
        stands = f"number {place}" if place else f"not among the first {len(solved.left_out)}"
        lines.append(f"Expected: {example.expected}, {stands}. {example.note}")
    return "**What you see**\n" + "\n".join(f"- {line}" for line in lines)


def rankings(found: Found, theme: Theme) -> None:
    """Both rankings side by side, inputs in the second color. A click on a word makes it the third one."""
    solved = found.analogy
    a, b, c = solved.inputs
    sure = sureness.of_answers(found.vectors, [neighbor.word for neighbor in solved.left_out], [b, c], [a])
    left, right = st.columns(2, gap="large")
    for place, title, ranking in (
        (left, "Inputs left out, as usual", solved.left_out),
        (right, "Inputs left in (bold)", solved.left_in),
    ):
        place.markdown(f"**{title}**")
        words, scores = [neighbor.word for neighbor in ranking], [neighbor.similarity for neighbor in ranking]
        chart = bars.neighbor_bars(
            words,
            scores,
            theme,
            title=SCORES[solved.method],
            marked=solved.inputs,
            clickable=True,
            **(sure.of_bars if ranking is solved.left_out else {}),
        )
        said = ", ".join(f"{word} {score:.2f}" for word, score in zip(words, scores, strict=True))
        key = f"analogy_bars {title}"
        with place:
            asking.chart(chart, alt=f"{title}: {said}", key=key, box=_box(solved))
    st.caption("A click on a word makes it the third one; a given one leads to Neighbors.")
    sureness.say([sure])
    answers = [neighbor.word for neighbor in (*solved.left_out, *solved.left_in)]
    asking.choose((word for word in answers if word not in solved.inputs), "analogy_words", box=_box(solved))


def tries(found: Found) -> None:
    """Buttons that set the form, for what these vectors hold of the shelf, and how all of that comes out."""
    outcomes = shelf(cache.serial(found.vectors), found.vectors)
    known = {outcome.example for outcome in outcomes}
    if not known:
        st.markdown("These vectors hold none of its words.")
        return
    for title, examples in (("Classics", classics.CLASSICS), ("Failures, and why", classics.FAILURES)):
        if known.isdisjoint(examples):
            continue
        with widgets.tries(title=title):
            for example in filter(known.__contains__, examples):
                words = dict(zip("abc", example, strict=False))
                st.button(
                    example.title.removesuffix(" : ?"),
                    on_click=st.session_state.update,
                    args=(words,),
                    key=f"shelf {example.title}",
                )
    asked = [outcome for outcome in outcomes if outcome.example in classics.CLASSICS]
    right = sum(outcome.place == 1 for outcome in asked)
    honest = sum(outcome.first_of_all == outcome.example.expected for outcome in asked)
    st.markdown(f"**{right} of {len(asked)} classics** are right; with the inputs left in, {honest} of {len(asked)}.")
    with st.expander("How each one comes out"):
        asking.table(
            [
                {
                    "question": outcome.example.title,
                    "right answer": outcome.example.expected,
                    "given answer": outcome.first,
                    "rank": outcome.place,
                    "given with inputs left in": outcome.first_of_all,
                }
                for outcome in outcomes
            ],
            ["right answer", "given answer", "given with inputs left in"],
            key="analogy_shelf",
        )


@st.cache_resource(show_spinner=False, max_entries=8)
def shelf(serial: int, _vectors: WordVectors) -> list[classics.Outcome]:
    """How the shelf of analogies comes out; `serial` is the vectors'."""
    return classics.fare(_vectors, (*classics.CLASSICS, *classics.FAILURES))


def numbers(found: Found) -> None:
    """Both rankings as one sortable table."""
    asking.table(
        [
            {
                "rank": i + 1,
                "inputs left out": out.word,
                "score, inputs left out": out.similarity,
                "inputs left in": kept.word,
                "score, inputs left in": kept.similarity,
            }
            for i, (out, kept) in enumerate(zip(found.analogy.left_out, found.analogy.left_in, strict=False))
        ],
        ["inputs left out", "inputs left in"],
        key=f"analogy_numbers {found.analogy.inputs}",
        box=_box(found.analogy),
    )


def code(found: Found) -> tuple[Callable[..., Any], ...]:
    """What ran."""
    return queries.analogy, plane_through, side_by_side, queries.closeness_to_mean, queries.similarity
