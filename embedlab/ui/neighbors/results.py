"""What the page Neighbors answers: the nearest words as bars and as a map, both rankings, and what they say."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from embedlab.charts import bars, maps
from embedlab.charts.templates import Spec
from embedlab.charts.theme import Theme
from embedlab.errors import EmbedlabError
from embedlab.projection import (
    clustering,
    flat,
    gradient_descent,
    moments,
    pca,
    semantic_axes,
    trustworthiness,
    tsne,
)
from embedlab.projection.projection import FLAT, Projection
from embedlab.projection.trustworthiness import neighbors_kept
from embedlab.ui import cache, jobs, shell, widgets
from embedlab.ui.neighbors import charts, form
from embedlab.ui.neighbors.form import Settings
from embedlab.ui.player import player
from embedlab.ui.pool import Job
from embedlab.ui.tables import data_table
from embedlab.ui.words import asking, sureness, word_boxes
from embedlab.vectors import queries
from embedlab.vectors.first_look import telling_words
from embedlab.vectors.measures.senses import senses
from embedlab.vectors.neighborhood import SHOWN, Neighborhood, gather
from embedlab.vectors.spelling import as_typed
from embedlab.vectors.subwords import composed_note

_ITERATIONS = 750
_MOMENTS = moments(_ITERATIONS, 130)  # iterations that are shown
_SECONDS = 3.5  # of the movie at speed 1: more than thirty frames a second
_PATIENCE = 0.6  # seconds that a map may take without a progress bar


class Found(NamedTuple):
    """A neighborhood with its map."""

    settings: Settings
    hood: Neighborhood
    groups: list[str]  # a name for each word's group, which gives its color
    map: Projection
    way: tuple[Projection, ...] = ()  # t-SNE's iterations, the last of which is the map
    job: Job[Projection] | None = None  # t-SNE's, which may still be at work


def find(settings: Settings) -> Found | None:
    """The neighborhood of the words typed with its PCA map, or flat; at first, of a word that these vectors hold."""
    vectors = settings.vectors

    def drawn(typed: str, listed: str) -> tuple[Neighborhood, Projection]:
        hood = gather(vectors, typed, settings.size, listed=listed)
        if vectors.dimensions > 2 and hood.listed:  # a list that is too short is a mistake, a set is not
            return hood, pca(hood.unit)
        return hood, flat(hood.matrix if vectors.dimensions <= 2 else hood.unit) or pca(hood.unit)

    def begin() -> tuple[Neighborhood, Projection] | None:  # where the very first question had no answer
        with suppress(EmbedlabError):  # of a set that is too small for any map, which is said already
            return drawn(as_typed(vectors, telling_words(vectors, 1)), "")
        return None

    key = _key(settings)
    made = shell.attempt(
        key,
        lambda: drawn(settings.typed, settings.listed),
        inputs=[asking.WORD, "list"],
        remedy=word_boxes.spellings,
        still=lambda made: word_boxes.named(made[0].asked),
        otherwise=begin,
    )
    if made is None:
        return None
    hood, plane = made
    return Found(settings, hood, _group_names(hood, settings.groups), plane)


def choose_map(found: Found) -> Found:
    """Asks which map, and makes it; where that cannot be done, the last one that could, or the PCA."""
    if found.map.method == FLAT:  # no map could be better
        st.caption(_how(found))
        return found
    method = form.method()
    if method == "PCA":
        return found

    def make() -> Found:
        if method == "t-SNE":
            return _tsne(found)
        vectors = found.settings.vectors
        return found._replace(map=semantic_axes(vectors, form.own_axes(vectors), found.hood.words))

    return (
        shell.attempt(
            f"{_key(found.settings)} map",
            make,
            inputs=form.OF_MAP,
            still=lambda kept: kept.map.method,
            otherwise=lambda: found,
        )
        or found
    )


def _key(settings: Settings) -> str:
    return f"neighbors {cache.serial(settings.vectors)}"  # an answer of other vectors is none to fall back on


def _group_names(hood: Neighborhood, count: int) -> list[str]:
    """A name for each word's group: the word asked for that it is nearest to, or its cluster.

    Args:
        count: how many clusters; 0 for one asked-for word each, or by the number of words.
    """
    if not count and len(hood.asked) > 1 and not hood.listed:
        return [f"near {hood.asked[i]}" for i in hood.nearest_asked]
    labels = clustering.clusters(hood.unit, count or clustering.usual_count(len(hood.words)))
    return clustering.cluster_names(hood.words, hood.unit, labels)


def nearest(found: Found, theme: Theme) -> None:
    """The nearest of all words, as bars; one picture for each word asked for."""
    hood = found.hood
    word_boxes.say_taken(found.settings.vectors, found.settings.typed, found.settings.listed)
    if hood.composed:
        st.caption(shell.as_text(composed_note(hood.composed, hood.size)))
    shown: list[sureness.Sureness] = []
    for word, neighbors in zip(hood.asked, hood.near, strict=True):
        near = neighbors if len(hood.asked) < 3 else neighbors[:5]
        if len(hood.asked) > 1:
            st.markdown(f"near **{shell.as_text(word)}**")
        if not near:
            st.markdown("There is no other word.")
            continue
        key = f"bars {word}"
        words = [n.word for n in near]
        sure = sureness.of_answers(found.settings.vectors, words, [word])
        shown.append(sure)
        asking.chart(
            bars.neighbor_bars(words, [n.similarity for n in near], theme, clickable=True, **sure.of_bars),
            alt=f"The words nearest to {word} by cosine similarity: "
            + ", ".join(f"{n.word} {n.similarity:.2f}" for n in near),
            key=key,
            box=asking.WORD,
        )
    sureness.say(shown)
    if hood.left_out:
        asking.row(hood.left_out, key="left_out", box=asking.WORD, said="Not among the vectors, so left out:")


def _tsne(found: Found) -> Found:
    """With the t-SNE map as far as it is, after a moment's wait; the PCA map stays where there is nothing of it yet.

    Raises:
        InvalidSetting: see `projection.tsne`.
    """
    settings, rows = found.settings, found.hood.unit
    snapshots = _figured(
        tsne(
            rows,
            perplexity=settings.perplexity,
            seed=settings.seed,
            iterations=_ITERATIONS,
            shown=_MOMENTS,
            start=settings.start,
        )
    )
    key = f"tsne {hashlib.sha256(rows.tobytes()).hexdigest()} {settings.perplexity} {settings.seed} {settings.start}"
    job = jobs.submit(key, lambda: snapshots, total=len(_MOMENTS))
    job.wait(_PATIENCE)
    if job.error:
        raise job.error
    way = tuple(job.snapshots)
    return found._replace(map=way[-1] if way else found.map, way=way, job=job)


def _figured(snapshots: Iterator[Projection]) -> Iterator[Projection]:
    """The same, each with its trustworthiness, which is kept: for all visitors it is worked out once."""
    for snapshot in snapshots:
        _ = snapshot.trustworthiness
        yield snapshot


def picture(found: Found, theme: Theme) -> None:
    """The map. A click on a word asks for it; t-SNE is shown as it iterates, and can be played afterwards."""
    hood, drawn, job = found.hood, found.map, found.job
    if job is not None and job.live:
        jobs.panel(job, lambda job: _so_far(found, job.latest or drawn, theme), key="neighbors", stop="Stop the map")
        return
    if job is not None and job.state == "stopped":
        st.button("Start the map again", on_click=job.again)
    key = f"map {drawn.method} {' '.join(hood.asked)}"
    trust = f"trustworthiness {drawn.trustworthiness:.2f}{' at the end' if found.way else ''}"
    way = drawn.method if drawn.method == FLAT else f"by {drawn.method}"
    said = f"Map of {len(hood.words)} words {way}, {trust}: "
    with player.stage("neighbors", fitted=True) if found.way else st.container() as stage:
        if found.way:
            view = shell.view(f"{job.key} {len(found.way)}") if job else ""
            player.controls(str(stage), slider(found), view=view)
        asking.chart(
            _movie(found, theme)
            if found.way
            else charts.neighborhood_map(hood, drawn, found.groups, theme, clickable=True),
            alt=said + ", ".join(hood.words[:40]),
            key=key,
            selections=asking.ON_MAP,
            box=asking.WORD,
        )
    asking.choose(hood.words, "map_words")


def slider(found: Found) -> player.Slider:
    """That of the movie of t-SNE's iterations."""
    iterations = [snapshot.iteration or 0 for snapshot in found.way]
    return player.Slider(maps.FRAME, seconds=_SECONDS, counts=iterations, unit="iteration", glides=False)


def _movie(found: Found, theme: Theme) -> Spec:
    """The map with the way to it; made once, since its labels are thinned out in each frame."""
    key = f"{found.job and found.job.key} {len(found.way)} {found.hood.words} {found.groups} {found.hood.asked}"
    return dict(_cached_movie(key, theme, found))  # a page may change its own


@st.cache_resource(show_spinner=False, max_entries=40)
def _cached_movie(key: str, theme: Theme, _found: Found) -> Spec:
    return charts.neighborhood_map(_found.hood, _found.map, _found.groups, theme, snapshots=_found.way, clickable=True)


def _so_far(found: Found, latest: Projection, theme: Theme) -> None:
    chart = charts.neighborhood_map(found.hood, latest, found.groups, theme)
    st.vega_lite_chart(chart, alt="The map so far", key="map_so_far")


def figures(found: Found) -> None:
    """The nearest word, and how far the map can be trusted."""
    original, on_map = both_spaces(found)
    columns = st.columns(3)
    first = [near.word for near in found.hood.near[0][:1]] or ["–"]
    columns[0].metric(f"Nearest to {shell.as_text(found.hood.asked[0])}", shell.as_text(first[0]))
    end = " at the end" if found.way else ""  # of the movie above
    columns[1].metric(
        f"Trustworthiness{end}",
        f"{found.map.trustworthiness:.2f}",
        help="1: all words near on the map are near in the original space. About 0.5: no better than chance.",
    )
    columns[2].metric(f"Neighbors kept on the map{end}", f"{len(set(original) & set(on_map))} of {len(original)}")


def both_spaces(found: Found, k: int = SHOWN) -> tuple[list[str], list[str]]:
    """The words nearest to the first one asked for: among the words of the map by their vectors, and on the map."""
    hood = found.hood
    return [hood.words[i] for i in hood.nearest(0, k)], [hood.words[i] for i in found.map.nearest(0, k)]


def rankings(found: Found, theme: Theme) -> None:
    """Neighbors in the original space beside neighbors on the map."""
    asked = found.hood.asked[0]
    st.markdown(f"**Nearest to {shell.as_text(asked)}, among the words of the map**")
    original, on_map = both_spaces(found)
    titles = (f"in {found.hood.unit.shape[1]} dimensions", "on the map")
    key = f"ranks {found.map.method} {asked}"
    asking.chart(
        charts.two_rankings(original, on_map, theme, titles=titles, clickable=True),
        alt=f"Nearest to {asked} {titles[0]}: {', '.join(original)}; {titles[1]}: {', '.join(on_map)}",
        key=key,
        selections=(charts.PICK_LEFT, charts.PICK_RIGHT),
        box=asking.WORD,
    )


def what_you_see(found: Found) -> str:
    """Sentences with this run's numbers, in Markdown."""
    hood, drawn = found.hood, found.map
    original, _ = both_spaces(found)
    asked = shell.as_text(hood.asked[0])
    lines = [f"{_faith(found)}." if drawn.method != FLAT else _how(found)]
    strays = [row for row in drawn.nearest(0, SHOWN) if hood.words[row] not in original]
    if strays and drawn.method == FLAT:
        far = ", ".join(shell.as_text(hood.words[row]) for row in strays[:3])
        lines.append(
            f"Near {asked} on the map, but not among the nearest by cosine, which only compares angles: {far}."
        )
    elif strays:
        stray, place = hood.farthest(0, strays)
        lines[0] = (
            f"{_faith(found)}; **{shell.as_text(hood.words[stray])}**, drawn close to {asked}, is only number {place} "
            f"of {len(hood.words) - 1} by its vector."
        )
    if drawn.method == "axes":
        lines += _extremes(found)
    lines.append(f"Colors and shapes: {len(set(found.groups))} groups, found in the whole vectors, not on the map.")
    lines += [drawn.note] if drawn.note else []
    return "**What you see**\n" + "\n".join(f"- {line}" for line in lines)


def _how(found: Found) -> str:
    """What a map shows that loses nothing."""
    numbers = found.hood.matrix.shape[1]
    if numbers > 2:
        return "Here are fewer than three different vectors: they lie on a line, as far apart as they are."
    return (
        "Each vector is one number: drawn on a line." if numbers == 1 else "Vectors of two numbers: drawn as they are."
    )


def _extremes(found: Found) -> list[str]:
    """For each axis that leads from a word to a word, who lies farthest towards either."""
    lines = []
    for axis, name in enumerate(found.map.axis_names):
        if " → " in name:
            low, _, high = (shell.as_text(part) for part in name.partition(" → "))
            order = np.argsort(found.map.coordinates[:, axis])
            first, last = (shell.as_text(found.hood.words[int(i)]) for i in (order[0], order[-1]))
            lines.append(f"Farthest towards {high}: **{last}**; towards {low}: **{first}**.")
    return lines


def _faith(found: Found) -> str:
    share, count = neighbors_kept(found.hood.unit, found.map.coordinates, SHOWN), min(SHOWN, len(found.hood.words) - 1)
    return f"Of each word’s {count} nearest by its vector, the map keeps **{share:.0%}** on average"


def story(found: Found) -> str:
    """What the map shows, with its figures, in a sentence without Markdown."""
    hood, drawn = found.hood, found.map
    original, on_map = both_spaces(found)
    kept = sum(word in on_map for word in original)
    first = hood.asked[0]
    way = {"axes": "placed by own axes", FLAT: "drawn as they are"}.get(drawn.method, f"placed by {drawn.method}")
    return (
        f"{len(hood.words)} words, {way}: of the {len(original)} that are nearest to {first} by their "
        f"vectors, {kept} are near it on the map, too. The map’s trustworthiness is {drawn.trustworthiness:.2f} of 1."
    )


def tries(found: Found) -> None:
    """Buttons that fill the form with something surprising."""
    with widgets.tries():
        for title, values in form.examples(found.settings.vectors).items():
            st.button(title, on_click=form.fill, args=(values,), key=f"example {title}")


def numbers(found: Found) -> None:
    """Every word of the map in a table."""
    rows, columns = data_table.for_dataframe(records(found), {"x": 4, "y": 4})
    asking.table(rows, ["word"], key=f"words {found.hood.words}", box=asking.WORD, column_config=columns)


def records(found: Found) -> list[dict[str, Any]]:
    """One row for each word of the map: its group, similarities, and both coordinates.

    Where vectors of some are composed of their n-grams, each row says whether its own is.
    """
    hood = found.hood
    columns = ["similarity"] if len(hood.asked) == 1 else [f"similarity to {word}" for word in hood.asked]
    rows = []
    for i, word in enumerate(hood.words):
        similarities = dict(zip(columns, hood.similarities[i].tolist(), strict=True))
        x, y = found.map.coordinates[i].tolist()
        composed = {"composed": word in hood.composed} if hood.composed else {}
        rows.append({"word": word, **composed, "group": found.groups[i], **similarities, "x": x, "y": y})
    return rows


def code(found: Found) -> tuple[Callable[..., Any], ...]:
    """What ran."""
    ways: dict[str, Callable[..., Any]] = {"PCA": pca, "t-SNE": gradient_descent.descend, "axes": semantic_axes}
    ways[FLAT] = flat
    return queries.nearest_neighbors, ways[found.map.method], trustworthiness, clustering.clusters, senses
