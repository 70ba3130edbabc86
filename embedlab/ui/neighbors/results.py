"""The parts of the page Neighbors: bars, the map as it comes, both rankings, and what they say."""

import hashlib
from typing import NamedTuple

import numpy as np
import streamlit as st

from embedlab.charts import bars, maps
from embedlab.charts.theme import Theme
from embedlab.projection import clustering, pca, tsne
from embedlab.projection.projection import Projection
from embedlab.ui import jobs, shell
from embedlab.ui.neighbors import charts
from embedlab.ui.neighbors.form import Settings
from embedlab.ui.player import player
from embedlab.ui.pool import Job
from embedlab.ui.widgets import ask_picked
from embedlab.vectors.neighborhood import SHOWN, Neighborhood

_FRAMES = 51
_PATIENCE = 0.6  # seconds that a map may take without a progress bar


class Drawn(NamedTuple):
    """A map and what its colours mean."""

    hood: Neighborhood
    map: Projection
    groups: list[str]
    way: tuple[Projection, ...] = ()  # t-SNE's iterations
    job: Job[Projection] | None = None  # t-SNE's, which may still be at work


def group_names(hood: Neighborhood, count: int) -> list[str]:
    """A name for each word's group: the word asked for that it is nearest to, or its cluster.

    Args:
        count: how many clusters; 0 for one asked-for word each, or by the number of words.
    """
    if not count and len(hood.asked) > 1 and not hood.listed:
        return [f"near {hood.asked[i]}" for i in hood.nearest_asked]
    labels = clustering.clusters(hood.unit, count or int(np.clip(round(len(hood.words) / 14), 2, 6)))
    return clustering.cluster_names(hood.words, hood.unit, labels)


def nearest(hood: Neighborhood, theme: Theme) -> None:
    """The nearest of all words, as bars; one picture for each word asked for."""
    for word, found in zip(hood.asked, hood.near, strict=True):
        near = found if len(hood.asked) < 3 else found[:5]
        if len(hood.asked) > 1:
            st.markdown(f"near **{shell.as_text(word)}**")
        key = f"bars {word}"
        st.altair_chart(
            bars.neighbor_bars([n.word for n in near], [n.similarity for n in near], theme, clickable=True),
            alt=f"The words nearest to {word} by cosine similarity: "
            + ", ".join(f"{n.word} {n.similarity:.2f}" for n in near),
            key=key,
            on_select=lambda key=key: ask_picked(key, bars.PICK),
        )


def draw_tsne(hood: Neighborhood, groups: list[str], settings: Settings) -> Drawn:
    """The t-SNE map as far as it is, after a moment's wait; the PCA map where there is nothing of it yet.

    Raises:
        InvalidSetting: see `projection.tsne`.
    """
    rows = hood.unit
    frames = tsne(rows, perplexity=settings.perplexity, seed=settings.seed, start=settings.start)
    key = f"tsne {hashlib.sha256(rows.tobytes()).hexdigest()} {settings.perplexity} {settings.seed} {settings.start}"
    job = jobs.submit(key, lambda: frames, total=_FRAMES)
    job.wait(_PATIENCE)
    if job.error:
        raise job.error
    way = tuple(job.snapshots)
    return Drawn(hood, way[-1] if way else pca(rows), groups, way, job)


def picture(drawn: Drawn, theme: Theme) -> None:
    """The map. A click on a word asks for it; t-SNE is shown as it iterates, and can be played afterwards."""
    hood, found, job = drawn.hood, drawn.map, drawn.job
    if job is not None and job.live:
        jobs.panel(job, lambda job: _so_far(drawn, job.latest or found, theme), key="neighbors", stop="Stop the map")
        return
    if job is not None and job.state == "stopped":
        st.button("Start the map again", on_click=job.again)
    key = f"map {found.method} {' '.join(hood.asked)}"
    said = f"Map of {len(hood.words)} words by {found.method}, trustworthiness {found.trustworthiness:.2f}: "
    with player.stage("neighbors") if drawn.way else st.container() as stage:
        if drawn.way:
            player.controls(str(stage), maps.ITERATION, seconds=4)
        st.altair_chart(
            chart(drawn, theme, clickable=True),
            alt=said + ", ".join(hood.words[:40]),
            key=key,
            on_select=lambda: ask_picked(key, maps.PICK, maps.PICK_POINT),
        )


def _so_far(drawn: Drawn, found: Projection, theme: Theme) -> None:
    st.altair_chart(chart(drawn._replace(map=found), theme), alt="The map so far", key="map_so_far")


def chart(drawn: Drawn, theme: Theme, *, clickable: bool = False, width: int | str = "container") -> maps.Chart:
    """The map as Altair has it."""
    hood, found = drawn.hood, drawn.map
    return maps.word_map(
        hood.words,
        found.coordinates,
        theme,
        groups=drawn.groups,
        marked=hood.asked,
        title=f"trustworthiness {found.trustworthiness:.2f} of 1",
        subtitle=caption(found),
        axes=_ends(found) if found.method == "axes" else None,
        frames=[frame.coordinates for frame in drawn.way] if clickable else (),
        last=found.iteration or 0,
        clickable=clickable,
        width=width,
        height=maps.HEIGHT if width == "container" else 700,
    )


def caption(found: Projection) -> str:
    """How a map was made, in a few words."""
    if found.explained:
        return f"PCA: {sum(found.explained):.0%} of the variance"
    if found.iteration is not None:
        made = f"t-SNE: iteration {found.iteration}, perplexity {found.tsne_perplexity:.3g}, "
        return made + f"divergence {found.divergence:.2f} nats"
    return " · ".join(name for name in found.axis_names if name)


def _ends(found: Projection) -> maps.Axes:
    across, up = ((*name.split(" → "), "")[:2] if " → " in name else ("", "") for name in found.axis_names)
    return maps.Axes((across[0], across[1]), (up[0], up[1]))


def both_spaces(drawn: Drawn, k: int = SHOWN) -> tuple[list[str], list[str]]:
    """The words nearest to the first one asked for: among the words of the map by their vectors, and on the map."""
    words = drawn.hood.words
    return [words[i] for i in drawn.hood.nearest(0, k)], [words[i] for i in drawn.map.nearest(0, k)]


def rankings(drawn: Drawn, theme: Theme) -> None:
    """Neighbors in the original space beside neighbors on the map."""
    original, seen = both_spaces(drawn)
    titles = (f"in {drawn.hood.unit.shape[1]} dimensions", "on the map")
    key = f"ranks {drawn.map.method} {drawn.hood.asked[0]}"
    st.altair_chart(
        charts.two_rankings(original, seen, theme, titles=titles, clickable=True),
        alt=f"Nearest to {drawn.hood.asked[0]} {titles[0]}: {', '.join(original)}; {titles[1]}: {', '.join(seen)}",
        key=key,
        on_select=lambda: ask_picked(key, charts.PICK_LEFT, charts.PICK_RIGHT),
    )


def what_you_see(drawn: Drawn) -> str:
    """Sentences with this run's numbers, in Markdown."""
    hood, found = drawn.hood, drawn.map
    near = hood.near[0]
    original, seen = both_spaces(drawn)
    kept = [word for word in original if word in seen]
    asked = shell.as_text(hood.asked[0])
    lines = []
    if near:
        first, last = near[0], near[-1]
        lines.append(
            f"Of all {hood.size:,} words, **{shell.as_text(first.word)}** is nearest to {asked} "
            f"({first.similarity:.2f}); number {len(near)}, {shell.as_text(last.word)}, has {last.similarity:.2f}."
        )
    lines.append(
        f"{_faith(found)} Of {asked}’s {len(original)} nearest words here, {len(kept)} are also near on the map."
    )
    strays = [word for word in seen if word not in original]
    if strays:
        order = hood.nearest(0, len(hood.words))
        stray = max(strays, key=lambda word: order.index(hood.words.index(word)))
        place = order.index(hood.words.index(stray)) + 1
        lines.append(
            f"**{shell.as_text(stray)}** is drawn close to {asked}, but by its vector it is only number {place} "
            f"of these {len(order)} words."
        )
    if found.method == "axes":
        lines += _extremes(drawn)
    sizes = {name: drawn.groups.count(name) for name in dict.fromkeys(drawn.groups)}
    told = "; ".join(f"{shell.as_text(name)} ({size})" for name, size in sizes.items())
    lines.append(f"Colors and shapes are {len(sizes)} groups found in the vectors, not on the map: {told}.")
    if found.method == "t-SNE":
        lines.append("How large a group is drawn, and how far groups lie apart, means little with t-SNE.")
    lines += [found.note] if found.note else []
    if hood.left_out:
        lines.append(f"Not among the vectors, so left out: {shell.as_text(', '.join(hood.left_out))}.")
    return "**What you see**\n" + "\n".join(f"- {line}" for line in lines)


def _extremes(drawn: Drawn) -> list[str]:
    """For each axis that leads from a word to a word, who lies farthest towards either."""
    lines = []
    for axis, name in enumerate(drawn.map.axis_names):
        if " → " in name:
            low, high = (shell.as_text(word) for word in name.split(" → "))
            order = np.argsort(drawn.map.coordinates[:, axis])
            first, last = (shell.as_text(drawn.hood.words[int(i)]) for i in (order[0], order[-1]))
            lines.append(f"Farthest towards {high}: **{last}**; towards {low}: **{first}**.")
    return lines


def _faith(found: Projection) -> str:
    trust = found.trustworthiness
    grades = (
        (0.95, "nearly all neighbors on it are real ones"),
        (0.85, "most neighbors on it are real ones"),
        (0.7, "many neighbors on it are real ones, others are not"),
    )
    said = next((words for least, words in grades if trust >= least), "few neighbors on it are real ones")
    return f"This map’s trustworthiness is {trust:.2f}: {said}."
