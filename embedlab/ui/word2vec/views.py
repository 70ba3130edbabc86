"""The views of a run: while it learns its loss and nearest words; then a movie, near words, losses, four words."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from embedlab.charts import lines as charts
from embedlab.charts.bars import neighbor_bars
from embedlab.charts.movie.curves import Curve, Measure
from embedlab.charts.movie.film import Film
from embedlab.charts.templates import Spec
from embedlab.charts.theme import Theme
from embedlab.formats.limits import shown_word
from embedlab.lessons.word2vec.history import FOUR, RunHistory, mean_similarity, on_one_plane, similarities_over_time
from embedlab.lessons.word2vec.methods import loss_at_start
from embedlab.lessons.word2vec.run import RunSnapshot, followed_words
from embedlab.text.corpus import Corpus
from embedlab.ui import cache, shell, widgets
from embedlab.ui.player import player
from embedlab.ui.pool import Job
from embedlab.ui.tables import data_table
from embedlab.ui.word2vec.form import Settings
from embedlab.ui.words import asking, word_boxes
from embedlab.vectors.queries import Neighbor, nearest_neighbors
from embedlab.vectors.spelling import known_form

VIEWS = ("Map", "Near words", "Loss", "King and queen", "Two losses")
BOX = asking.Box("w_word", {"view": "Near words"})  # for a word of the text, whose nearest that view draws
_ASKED, _NEAREST = "queen", 8  # what it begins with, and how many it draws
_ON_MAP = 60  # words
INVITES = "Nearest to one of these words"  # what stands in the list of a movie's words, whose points take no clicks
_FUNCTION_WORDS = 100  # the most frequent words of a text say little about one another; of a short one, a third


def name_of(method: str) -> str:
    """What sentences and titles call it."""
    return "negative sampling by windows" if method == "by windows" else method


def history(job: Job[RunSnapshot], settings: Settings, text: Corpus) -> RunHistory:
    """What the job has learned so far; it must have a snapshot."""
    words = followed_words(text, settings.config)
    return RunHistory(settings.config.methods, words, job.snapshots, settings.config.passes)


def starts(settings: Settings, text: Corpus) -> dict[str, charts.Mark]:
    """The loss with which each method starts, knowing nothing."""
    size, negatives = len(text.vocabulary), settings.config.pairs.negatives
    return {method: charts.Mark(*loss_at_start(method, size, negatives)) for method in settings.config.methods}


def while_learning(job: Job[RunSnapshot], settings: Settings, text: Corpus, theme: Theme) -> None:
    """Loss, time left and nearest words of a run under way."""
    if len(job.snapshots) < 2:
        st.caption("Preparing …")
        return
    found, done = history(job, settings, text), job.progress or 0.0
    left = job.elapsed * (1 - done) / done if done else 0.0
    st.caption(f"{found.words_seen[-1]:,} words read, about {left:,.0f} s left. Stopping keeps what was learned.")
    loss(found, settings, text, theme, key="live")
    near_words(found, settings, len(found.snapshots) - 1)


def loss(found: RunHistory, settings: Settings, text: Corpus, theme: Theme, *, key: str) -> None:
    """Loss of each method over the words read, with the level of knowing nothing."""
    given = [charts.Line(method, found.words_seen, found.losses(m)) for m, method in enumerate(found.methods)]
    marks = list(dict.fromkeys(starts(settings, text).values()))
    chart = charts.lines(given, marks=marks, x_title="words read", y_title="loss, nats per pair", theme=theme)
    ends = "; ".join(f"{line.name} from {line.y[0]:.2f} to {line.y[-1]:.2f}" for line in given)
    st.vega_lite_chart(chart, key=f"loss_{key}", alt=f"Loss in nats per pair over words read: {ends}.")
    if len(given) > 1:
        st.caption("Compare each line with its own dashed one, not with the other: they answer different questions.")


def near_words(found: RunHistory, settings: Settings, at: int) -> None:
    """A table of the watched words and their neighbors at a moment; what is new since the moment before is marked."""
    records: list[dict[str, str | list[str]]] = [{"word": word} for word in settings.config.validation]
    asked: list[dict[str, str | list[str]]] = [dict(record) for record in records]
    for m, method in enumerate(found.methods):
        now, column = found.snapshots[at].neighbors[m], f"nearest, {method}"
        before = found.snapshots[max(at - 1, 0)].neighbors[m]
        for record, plain, near, old in zip(records, asked, now, before, strict=True):
            record[column] = [word if word in old else f"+{word}" for word in near]
            plain[column] = list(near)
    asking.table(records, list(records[0]), key=f"near_{len(found.methods)}", box=BOX, asked=asked)
    st.caption(
        "+: new since the moment before. The first half are frequent words. Click a word, or a list for its words."
    )


def nearest(found: RunHistory, theme: Theme) -> None:
    """The words nearest to one of the text's, of each method at the end, in bars to click."""
    tables = [table.center for table in found.snapshots[-1].tables]
    known, middle = tables[0], tables[0].words[len(tables[0]) // 3]
    word_boxes.begin_with(known, {BOX.key: _ASKED}, lambda: [middle])
    typed = st.text_input("Nearest to", _ASKED, key=BOX.key, bind="query-params")

    def look() -> tuple[str, list[list[Neighbor]]]:
        word = known_form(known, typed)
        return word, [nearest_neighbors(table, word, _NEAREST) for table in tables]

    key = f"word2vec nearest {cache.serial(known)}"
    shown = shell.attempt(
        key,
        look,
        inputs=[BOX.key],
        remedy=lambda error: word_boxes.spellings(error, [BOX.key]),
        still=lambda shown: shown_word(shown[0]),
    )
    if shown is None:
        return
    word, near = shown
    word_boxes.say_taken(known, typed, single=True)
    for column, method, words in zip(st.columns(max(len(near), 2)), found.methods, near, strict=False):
        with column:
            st.markdown(f"“{shell.as_text(word)}”, {name_of(method)}")
            listed, values = [one.word for one in words], [one.similarity for one in words]
            said = ", ".join(f"{one.word} {one.similarity:.2f}" for one in words)
            chart = neighbor_bars(listed, values, theme, clickable=True)
            asking.chart(chart, alt=f"Nearest to {word}: {said}", key=f"nearest_{method} {word}", box=BOX)


def finished(found: RunHistory, settings: Settings, text: Corpus, theme: Theme) -> None:
    """The chosen view of a run that has ended."""
    views = VIEWS if len(found.methods) > 1 else VIEWS[:-1]
    view = widgets.one_of("View", views, key="view", bind="query-params", bare=True)
    method, row = 0, st.container(horizontal=True, gap="small")
    if len(found.methods) > 1 and view in ("Map", "King and queen"):
        with row:
            name = widgets.one_of("Method", found.methods, key="shown", bind="query-params", bare=True)
        method = found.methods.index(name)
    if view == "Map":
        groups = groups_of(settings)
        with row:
            words = _choose_words(found, groups, settings.choice.key)
        movie(found, settings, text, theme, method, words, groups)
    elif view == "Near words":
        seen = found.words_seen.tolist()
        moment = st.select_slider("After words read", seen, seen[-1], format_func="{:,}".format)
        near_words(found, settings, int(np.searchsorted(found.words_seen, moment)))
        nearest(found, theme)
    elif view == "Loss":
        loss(found, settings, text, theme, key="end")
        _passes(found)
    elif view == "King and queen":
        four_words(found.vectors(method, found.words), found.words, found.words_seen, theme, key="run")
    else:
        two_losses(found, len(text.vocabulary), theme)


def movie(
    found: RunHistory,
    settings: Settings,
    text: Corpus,
    theme: Theme,
    method: int,
    words: list[str],
    groups: dict[str, str],
) -> None:
    """Chosen words on the plane on which they end up most spread, while the method learns.

    Args:
        groups: what kind each word is, where the text says so.
    """
    if not 3 <= len(words) <= _ON_MAP:
        st.info(f"{len(words)} words are chosen: choose 3 to {_ON_MAP}, so that their names can be read.")
        return
    coordinates, shown = on_one_plane(found.vectors(method, words))
    kinds = [groups.get(word, "words") for word in words]
    curves = [Curve(Measure("loss", "nats", low=None), found.words_seen, found.losses(method))]
    if groups:
        curves.append(Curve(Measure("known analogies", format=".0%", high=1.0), found.words_seen, found.truths(method)))
    film = Film(
        steps=found.words_seen.tolist(), coordinates=coordinates, words=words, groups=kinds,
        group_names=list(dict.fromkeys(kinds)), title=name_of(found.methods[method]), curves=curves,
    )  # fmt: skip
    key = f"{settings.key} {found.words_seen[-1]} {method} {' '.join(words)}"
    chart = film_chart(key, film, theme, "words", "words read")
    told = f"{len(words)} words move on a plane while {film.title} reads {found.words_seen[-1]:,} words."
    with player.stage("word2vec") as stage:
        player.controls(stage, player.Slider("words"), view=shell.view(key))
        player.picture(chart, key=f"map_{method}_{theme.name}", alt=f"A movie: {told}")
    losses = found.losses(method)
    told += f" The loss is {losses[0]:.2f} nats a pair at first and {losses[-1]:.2f} at the end."
    file = film_page(
        film, ("words", "words read"), "The movie", "word2vec", title="Words learned by reading", said=told
    )
    widgets.keep_movie(file)
    st.caption(f"PCA: {shown:.0%} of the final variance.")


def groups_of(settings: Settings) -> dict[str, str]:
    """What kind each word is, where the text says so."""
    choice = settings.choice
    return dict(cache.world(choice.world_words, choice.world_seed).groups) if choice.source == "world" else {}


def _choose_words(found: RunHistory, groups: dict[str, str], text: str) -> list[str]:
    """The words of some kinds where the text says what kind each is; single words otherwise."""
    if groups:
        with st.popover("Words"):
            kinds = st.pills(
                "Kinds of words", list(dict.fromkeys(groups.values())), selection_mode="multi",
                default=["people", "countries", "capitals"], wrap=True, key="kinds", label_visibility="collapsed",
            )  # fmt: skip
            words = [word for word in found.words if groups.get(word) in kinds]
            asking.choose(words, "movie_words", BOX, invites=INVITES)
        return words
    four = [word for word in FOUR if word in found.words]
    left_out = min(_FUNCTION_WORDS, len(found.words) // 3)
    first = [*four, *(word for word in found.words[left_out:] if word not in FOUR)]
    with st.popover("Words"):
        words = st.multiselect("Words", found.words, first[:40], key=f"map {text}", label_visibility="collapsed")
        asking.choose(words, "movie_words", BOX, invites=INVITES)
    return words


def four_words(
    vectors: np.ndarray, words: Sequence[str], seen: np.ndarray, theme: Theme, *, key: str, log: bool = False
) -> None:
    """The pairwise similarities of king, queen, prince and princess over the words read.

    Args:
        vectors: (S, W, D) of all words followed.
        words: W.
        seen: (S,) words read.
    """
    four = [word for word in FOUR if word in words]
    if len(four) < 2:
        st.info(f"This text does not have at least two of the words {', '.join(FOUR)}: choose another one.")
        return
    pairs = similarities_over_time(vectors[:, [words.index(word) for word in four]], four)
    other = charts.Line("any two words", seen, mean_similarity(vectors))
    given = [charts.Line(f"{a} – {b}", seen, values) for (a, b), values in pairs.items()]
    chart = charts.lines(
        given, x_title="words read", y_title="similarity (cosine)", theme=theme, log_x=log, other=other,
        y_range=(min(-0.2, *(float(np.nanmin(line.y)) for line in given)), 1.0),
    )  # fmt: skip
    said = ", ".join(f"{line.name} {line.y[-1]:.2f}" for line in [*given, other])
    st.vega_lite_chart(chart, key=f"four_{key}", alt=f"Similarities over words read; at the end {said}.")


def two_losses(found: RunHistory, size: int, theme: Theme) -> None:
    """How soon, in seconds of learning, each loss finds the neighbors that the full softmax ends with; V is `size`."""
    reference = found.methods.index("full softmax")
    given = [charts.Line(name, found.seconds(m), found.agreement(m, reference)) for m, name in enumerate(found.methods)]
    chart = charts.lines(
        given, x_title="seconds of learning", y_title="of the final neighbors", theme=theme,
        y_range=(0.0, 1.0), y_format=".0%", counts=False,
    )  # fmt: skip
    alt = "Share of the full softmax's final neighbors that each loss has found, over seconds."
    st.vega_lite_chart(chart, key="two_losses", alt=alt)
    told = [
        f"{name} finds half of them {'never' if seconds is None else f'in {seconds:.2f} s'}"
        for name, seconds in zip(found.methods, _seconds_to_half(found), strict=True)
    ]
    sooner = why_sooner(found, size)
    st.markdown(f"Both learn from the same pairs in the same order: {told[0]}; {told[1]}. {sooner}")


def why_sooner(found: RunHistory, size: int) -> str:
    """Why the full softmax learns sooner though it costs more a pair, where both were trained and it does; else "".

    Args:
        size: V.
    """
    if len(found.methods) < 2:
        return ""
    by = dict(zip(found.methods, _seconds_to_half(found), strict=True))
    softmax, sampling = by["full softmax"], by["negative sampling"]
    if softmax is None or (sampling is not None and sampling <= softmax):
        return ""
    return (
        f"V = {size:,} is too small for negative sampling’s saving to pay: one step of the softmax moves all {size:,} "
        "words, and so learns more from each pair."
    )


def _seconds_to_half(found: RunHistory) -> list[float | None]:
    """By method, when it has found half of the full softmax's final neighbors."""
    reference = found.methods.index("full softmax")
    return [found.seconds_until(m, reference, 0.5) for m in range(len(found.methods))]


def _passes(found: RunHistory) -> None:
    records: list[dict[str, Any]] = [
        {"method": name, **{f"pass {n}": round(value, 3) for n, value in enumerate(found.pass_losses(m), 1)}}
        for m, name in enumerate(found.methods)
    ]
    data_table.draw(records)
    st.caption("Mean over all pairs of a pass, in nats. The two losses cannot be compared.")


def film_page(film: Film, counting: tuple[str, str], label: str, name: str, *, title: str, said: str) -> widgets.File:
    """A movie as a file.

    Args:
        counting: the slider's name in the chart, and what it counts.
        label, name, title: as in `widgets.web_page`.
        said: what one sees.
    """
    param, unit = counting
    draw = partial(_film_chart, film, param=param, unit=unit)
    moved = slider(film, param, unit)
    return widgets.web_page(draw, label, name, title=title, sentence=lambda: said, slider=moved)


def slider(film: Film, param: str, unit: str) -> player.Slider:
    """The slider of a film's movie, which says how many units each frame has counted."""
    return player.Slider(param, counts=film.counts, unit=unit if film.counts else "")


@st.cache_resource(show_spinner=False, max_entries=60)
def film_chart(key: str, _film: Film, theme: Theme, param: str, unit: str) -> Spec:
    """The movie of a film; `key` says everything that the film depends on."""
    return _film_chart(_film, theme, param=param, unit=unit)


def _film_chart(film: Film, theme: Theme, *, param: str, unit: str) -> Spec:
    from embedlab.charts.movie import movie

    return movie.learning_movie([film], theme=theme, param=param, unit=unit)
