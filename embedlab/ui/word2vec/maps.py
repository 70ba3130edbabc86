"""Two further maps of the page Word2vec: t-SNE of the most frequent words, and the recorded real run."""

from functools import partial

import numpy as np
import streamlit as st

from embedlab.arrays import Doubles
from embedlab.charts.movie.curves import Curve, Measure
from embedlab.charts.movie.film import Film
from embedlab.charts.theme import Theme
from embedlab.checks import within
from embedlab.lessons.word2vec.history import (
    main_direction,
    mean_similarity,
    on_one_plane,
    similarities_over_time,
)
from embedlab.library import bundled
from embedlab.projection.projection import Projection
from embedlab.projection.tsne import tsne
from embedlab.ui import jobs, shell, turns, widgets
from embedlab.ui.player import player
from embedlab.ui.pool import Job
from embedlab.ui.word2vec import views
from embedlab.ui.word2vec.results import Found
from embedlab.ui.words import asking

_MOST = 600  # words, as in the lesson
_LABELLED = 60
_REAL = ("frame", "words read")  # the slider of the recorded run, and what it counts
_PERPLEXITY, _ITERATIONS, _EVERY = 30, 750, 15


def six_hundred(found: Found, theme: Theme) -> None:
    """t-SNE of up to 600 of the most frequent words, after a button, as it iterates."""
    learned = found.learned
    method = learned.methods[0]
    vectors = learned.snapshots[-1].tables[0].center
    words = vectors.words[: min(_MOST, len(vectors))]
    key = f"tsne {found.settings.key} {learned.words_seen[-1]} {len(words)}"
    job: Job[Projection] | None = jobs.find(key)
    told = f"t-SNE of the {len(words)} most frequent words, {method}"
    if job is None and st.button(f"Draw {told}", help="**t-SNE** keeps near words near; far distances mean little."):
        matrix = vectors.unit[: len(words)]
        make = partial(tsne, matrix, perplexity=_PERPLEXITY, iterations=_ITERATIONS, every=_EVERY)
        job = jobs.submit(key, make, total=_ITERATIONS // _EVERY + 1)
    if job is None:
        return
    if job.live:
        jobs.panel(job, lambda job: None, key="tsne")
    elif job.snapshots:
        _tsne_movie(job, words, views.groups_of(found.settings), theme, told)


def _tsne_movie(job: Job[Projection], words: tuple[str, ...], groups: dict[str, str], theme: Theme, told: str) -> None:
    snapshots = [snapshot for snapshot in job.snapshots if snapshot.iteration is not None]
    coordinates = np.stack([snapshot.coordinates for snapshot in snapshots])  # (S, W, 2)
    kinds = [groups.get(word, "other words" if groups else "words") for word in words]
    labelled = np.zeros(len(words), bool)
    labelled[np.linspace(0, len(words) - 1, min(_LABELLED, len(words))).round().astype(int)] = True
    divergence = np.array([snapshot.divergence or 0.0 for snapshot in snapshots])
    steps = [int(snapshot.iteration or 0) for snapshot in snapshots]
    film = Film(
        steps=steps, coordinates=coordinates, words=words, groups=kinds, group_names=list(dict.fromkeys(kinds)),
        title="t-SNE", labelled=labelled.tolist(), curves=[Curve(Measure("divergence", "nats"), steps, divergence)],
    )  # fmt: skip
    with player.stage("word2vec_tsne") as stage:
        chart = views.film_chart(f"{job.key} {len(snapshots)}", film, theme, "iteration", "iteration")
        player.controls(stage, player.Slider("iteration"), view=shell.view(job.key))
        player.picture(chart, key=f"tsne_{theme.name}", alt=f"A movie of {told}.")
    last = snapshots[-1]
    said = f"{told}: after iteration {steps[-1]} the map’s trustworthiness is {last.trustworthiness:.2f} of 1."
    st.caption(
        f"At the end, trustworthiness {last.trustworthiness:.2f} of 1. Sizes of groups and distances between them mean "
        "little.",
        help="**Trustworthiness** is 1 where all words near on the map are near in the original space, and about 0.5 "
        "by chance.",
    )
    asking.choose(words, "tsne_words", views.BOX, invites=views.INVITES)
    slider, name = ("iteration", "iteration"), "word2vec-tsne"
    widgets.downloads([views.film_page(film, slider, "t-SNE movie", name, title="A map of frequent words", said=said)])


@turns.fragment
def real_run(theme: Theme) -> None:
    """The recorded training of the bundled vectors: chosen words on one plane, and the four words over time."""
    found = shell.attempt("real_run", recorded_run)
    if found is None:
        return
    seen = found.words_seen
    st.markdown(
        f"How the Wikipedia vectors were learned: {len(found.words)} words at {len(seen)} moments, from {seen[0]:,} to "
        f"{seen[-1]:,} words read."
    )
    kinds = list(dict.fromkeys(found.groups))
    start = [kind for kind in ("royalty", "family") if kind in kinds] or kinds[:2]
    chosen = st.pills("Kinds of words", kinds, selection_mode="multi", default=start, wrap=True, key="real_kinds")
    named = [word for word, kind in zip(found.words, found.groups, strict=True) if kind in chosen]
    with st.expander("Single words"):
        words = st.multiselect("Words", found.words, named, key=f"real_words_{'_'.join(chosen)}")
        asking.choose(words, "real_run_words", None, invites=views.INVITES)
    movie = shell.attempt("real_movie", lambda: _real_film(found, tuple(words)), inputs=["real_words"])
    similarity = _king_and_queen(found)
    if movie is not None:
        film, shown = movie
        with player.stage("word2vec_real") as stage:
            chart = views.film_chart(f"real {seen[-1]} {' '.join(words)}", film, theme, *_REAL)
            moving, when = f"{len(film.words)} words", f"while {seen[-1] / 1e6:,.0f} million words are read."
            player.controls(stage, views.slider(film, *_REAL), view=shell.view(f"real {' '.join(words)}"))
            player.picture(chart, key=f"real_{theme.name}", alt=f"A movie of {moving} {when}")
            st.caption(f"PCA: {shown:.0%} of the final variance.")
        ends = ""
        if similarity is not None:
            ends = (
                f" The similarity of king and queen is {similarity[0]:.2f} at first, {similarity[-1]:.2f} at the end."
            )
        said = f"{moving} move on a plane {when}{ends}"
        widgets.downloads(
            [views.film_page(film, _REAL, "The real run", "real-run", title="Words in a real run", said=said)]
        )
    st.markdown("**King, queen, prince, princess**")
    views.four_words(found.vectors, found.words, seen, theme, key="real", log=True)
    if similarity is not None:
        others = mean_similarity(found.vectors[[0, -1]])
        st.caption(
            f"king – queen goes from {shell.decimal(similarity[0])} to {shell.decimal(similarity[-1])}, the mean of "
            f"all pairs from {shell.decimal(others[0])} to {shell.decimal(others[1])}."
        )
    st.markdown(_why_it_jumps())


@st.cache_resource(show_spinner=False, max_entries=1)  # sixty decompositions
def _why_it_jumps() -> str:
    """Why similarities leap up and down early in the run, where vectors have learned one thing only."""
    found = recorded_run()
    shares = [main_direction(vectors, found.words) for vectors in found.vectors]
    at = int(np.argmax([one.share for one in shares]))
    most, rate = shares[at], 1 - found.words_seen[at] / found.words_seen[-1]
    return (
        f"**Why they leap around {found.words_seen[at] / 1e6:,.1f} million words.** The first thing learned is a "
        f"single distinction: one direction of {found.vectors.shape[2]} then holds {most.share:.0%} of the vectors’ "
        f"squared length ({shares[0].share:.0%} at the start, {shares[-1].share:.0%} at the end), from "
        f"{_listed(most.low)} to {_listed(most.high)}. Two words are then nearly parallel or nearly opposite, and a "
        "rare one that crosses the middle turns from one to the other. The learning rate, still at "
        f"{rate:.1%} of its start, is no cause."
    )


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(f"“{shell.as_text(word)}”" for word in words)


def _king_and_queen(found: bundled.Movie) -> Doubles | None:
    """(S,) their cosine over time; None where one of them was not recorded."""
    if not {"king", "queen"} <= set(found.words):
        return None
    rows = [found.words.index(word) for word in ("king", "queen")]
    return similarities_over_time(found.vectors[:, rows], ("king", "queen"))["king", "queen"]


def _real_film(found: bundled.Movie, words: tuple[str, ...]) -> tuple[Film, float]:
    """The movie's data, and the share of the spread that its plane shows."""
    within("number of words", len(words), 3, _LABELLED)
    rows = [found.words.index(word) for word in words]
    coordinates, shown = on_one_plane(found.vectors[:, rows])
    groups = [found.groups[row] for row in rows]
    steps = list(range(len(found.words_seen)))
    curves = []
    if (similarity := _king_and_queen(found)) is not None:
        curves.append(Curve(Measure("king – queen", format=".2f", high=1.0), steps, similarity))
    film = Film(
        steps=steps, coordinates=coordinates, words=words, groups=groups, group_names=list(dict.fromkeys(groups)),
        title=bundled.PREDICTED, curves=curves, counts=found.words_seen.tolist(),
    )  # fmt: skip
    return film, shown


@st.cache_resource(show_spinner=False, max_entries=1)
def recorded_run() -> bundled.Movie:
    """The recorded training run of the bundled vectors."""
    return bundled.movie()
