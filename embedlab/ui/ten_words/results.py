"""The parts of the page Ten words: the movie, tables and files."""

import hashlib
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from embedlab.charts import heatmaps
from embedlab.charts.movie import export
from embedlab.charts.movie.movie import learning_movie
from embedlab.charts.theme import Theme
from embedlab.lessons.ten_words.run import Run, TenWordsConfig
from embedlab.lessons.ten_words.tagged_text import read_tagged
from embedlab.ui import jobs, shell, widgets
from embedlab.ui.player import player
from embedlab.ui.spreadsheets import to_csv
from embedlab.ui.ten_words import movie as ten_words_movie

if TYPE_CHECKING:
    import altair as alt


_GIF_FRAMES = 40
_FIGURE = 168  # pixels of a figure's width: four stand in a row, two on a phone
_LOSS_HELP = "The mean **loss** of a token in nats: −ln of the probability that the model gave to the right tag."


@dataclass(frozen=True)
class Experiment:
    """Settings that were trained without an error, and what came of them."""

    sentences: str
    configs: tuple[TenWordsConfig, ...]  # one, or two to be shown side by side
    runs: tuple[Run, ...]

    @property
    def name(self) -> str:
        """A key for everything that depends on nothing but the settings."""
        return hashlib.sha256(f"{self.sentences}\0{self.configs}".encode()).hexdigest()[:24]

    @property
    def titles(self) -> list[str]:
        """A name for each run, as over its map."""
        return ten_words_movie.titles(self.runs)


def experiment(sentences: str, configs: tuple[TenWordsConfig, ...]) -> Experiment:
    """Trains; a run that this or another visitor made before is found again."""
    return Experiment(sentences, configs, tuple(ten_words_run(sentences, config) for config in configs))


def movie(found: Experiment, theme: Theme, *, play: str) -> None:
    """The movie with its controls.

    Args:
        play: plays by itself once for each new value that is not empty.
    """
    spec = dict(cached_movie(found.sentences, found.configs, theme))  # Streamlit takes the datasets out
    count = len(found.runs[0].text.words)
    ends = " ".join(_ending(run) for run in found.runs)
    story = (
        f"A movie: {count} words as points on a plane move while the model learns. {ends} Move the slider to see it."
    )
    key = f"film_{found.name}_{theme.name}"
    with player.stage("ten_words") as stage:
        player.controls(stage, "epoch", autoplay=play)
        st.vega_lite_chart(spec, width="content", key=key, alt=story)


def _ending(run: Run) -> str:
    right, perfect = run.accuracies()[-1], run.first_perfect()
    when = f"; all of them were right first after epoch {perfect}" if perfect is not None else ""
    return f"Seed {run.seed}: after epoch {run.epochs[-1]} {right:.0%} of the words are right{when}."


def figures(found: Experiment) -> None:
    """The numbers that matter, for each run."""
    for run in found.runs:
        perfect, losses = run.first_perfect(), run.losses()
        first_help = "The first epoch after which every word lay in the region of its own tag."
        if (pitch := int(np.diff(run.epochs[:2]).sum())) > 1:
            first_help += f" Of a run this long, every {pitch}th epoch is kept."
        shown = [
            ("Run", f"seed {run.seed}", None, "The seed decides where the words and the borders start."),
            ("Words right", f"{run.accuracies()[-1]:.0%}", None, "**Accuracy** after the last epoch."),
            ("First all right", "never" if perfect is None else f"epoch {perfect}", None, first_help),
            ("Loss", f"{losses[-1]:.3f} nats", f"{losses[-1] - losses[0]:.2f} since the start", _LOSS_HELP),
        ]
        with st.container(horizontal=True, horizontal_alignment="distribute"):
            for label, value, change, explained in shown:
                st.metric(label, value, change, "inverse", help=explained, width=_FIGURE)


def seen(found: Experiment) -> str:
    """What the runs show, in sentences that name their numbers; Markdown."""
    if len(found.runs) == 1:
        return f"{_seen(found.runs[0])} Click a word in the map to see what it answers."
    return "".join(f"\n\n{title}:\n{_seen(run)}" for title, run in zip(found.titles, found.runs, strict=True))


def _seen(run: Run) -> str:
    words, tags, last = run.text.words, run.text.tags, len(run.epochs) - 1
    wrong = np.flatnonzero(run.predicted()[last] != run.text.tag_of)
    perfect = run.first_perfect()
    lines = []
    start, end = run.mean_distances(0), run.mean_distances(last)
    if start and end:
        closer = end[0] / end[1] < start[0] / start[1]
        lines.append(
            f"- At the start, words of one part of speech lie {start[0]:.1f} apart on average, others {start[1]:.1f}. "
            f"At the end it is {end[0]:.1f} against {end[1]:.1f}: **words that behave alike have "
            + ("come together**, though nobody told the model to put them there." if closer else "not come together**.")
        )
    if perfect is not None:
        lines.append(f"- After epoch {perfect}, for the first time, every word lies in the region of its own tag.")
    if len(wrong):
        shown = ", ".join(f"“{shell.as_text(words[i])}”" for i in wrong[:6])
        lines.append(
            f"- Still in a foreign region after epoch {run.epochs[-1]}: {shown}. More epochs may bring them home."
        )
    sure = run.probabilities()[last].max(axis=1)
    least = int(sure.argmin())
    lines.append(
        f"- The model is least sure of “{shell.as_text(words[least])}”: {sure[least]:.0%} for "
        f"{shell.as_text(tags[run.predicted()[last, least]])}."
    )
    return "\n".join(lines)


def numbers(found: Experiment, theme: Theme) -> None:
    """Embeddings, answers and confusion matrix of one run at one epoch."""
    run = found.runs[0]
    if len(found.runs) > 1:
        title = st.segmented_control(
            "Run", found.titles, default=found.titles[0], required=True, key="numbers_run", bind="query-params"
        )
        run = found.runs[found.titles.index(title)]
    words, tags = run.text.words, run.text.tags
    last = int(run.epochs[-1])
    epoch = st.slider("Epoch", 0, last, last, key="numbers_epoch", bind="query-params") if last else 0
    at = int(np.searchsorted(run.epochs, epoch))
    shares, predicted = run.probabilities()[at], run.predicted()[at]
    told, drawn = st.columns([2, 1], gap="medium")
    records = [
        {
            "word": word,
            "tag": tags[tag],
            "predicted": tags[predicted[i]],
            "x": float(run.embeddings[at, i, 0]),
            "y": float(run.embeddings[at, i, 1]),
            **{f"{name} %": float(shares[i, t]) * 100 for t, name in enumerate(tags)},
        }
        for i, (word, tag) in enumerate(zip(words, run.text.tag_of, strict=True))
    ]
    percent_help = "The probability that the model gives to this tag."
    formats = {f"{name} %": st.column_config.NumberColumn(format="%.1f", width=58, help=percent_help) for name in tags}
    formats |= {axis: st.column_config.NumberColumn(format="%.2f", width=52) for axis in ("x", "y")}
    told.dataframe(records, hide_index=True, column_config=formats)
    table = np.zeros((len(tags), len(tags)))
    np.add.at(table, (run.text.tag_of, predicted), 1)
    drawn.markdown(f"**Confusion matrix** at epoch {run.epochs[at]}: rows the right tag, columns the model's.")
    said = f"Confusion matrix of {len(tags)} tags; {np.trace(table):.0f} of {len(words)} words lie on its diagonal."
    drawn.altair_chart(heatmaps.matrix(table, tags, tags, theme, digits=0), key=f"confusion_{run.seed}", alt=said)


def downloads(found: Experiment, theme: Theme) -> None:
    """Coordinates as CSV, the movie as a page that plays by itself, and as a GIF."""

    def page() -> str:
        return export.movie_html(_chart(found, theme), theme=theme, param="epoch")

    def draw() -> None:
        last = max(int(run.epochs[-1]) for run in found.runs)
        steps = np.unique(np.linspace(0, last, _GIF_FRAMES).round().astype(int)).tolist()
        chart = _chart(found, theme, still=True)
        frames = partial(export.movie_gif, chart, steps, theme=theme, param="epoch")
        jobs.submit(key, frames, total=len(steps) + 1)

    key = f"gif {found.name} {theme.name}"
    job = jobs.find(key)
    page_help = "One file of about 1 MB that plays in any browser, without a network."
    files = [
        widgets.File("All coordinates (CSV)", "ten-words.csv", "text/csv", lambda: coordinates(found.runs)),
        widgets.File("The movie (HTML)", "ten-words.html", "text/html", page, page_help),
    ]
    if job is not None and job.state == "finished":
        gif: bytes = job.latest or b""
        files.append(widgets.File("The movie (GIF)", "ten-words.gif", "image/gif", lambda: gif))
    widgets.downloads(files)
    if job is None:
        st.button("Make a GIF", on_click=draw, help="Drawing its frames takes some seconds.")
    elif job.state != "finished":
        jobs.panel(job, lambda job: None, key="gif", stop="Stop drawing", again=draw)


def _chart(found: Experiment, theme: Theme, *, still: bool = False) -> "alt.VConcatChart":
    films = ten_words_movie.films(found.runs, theme)
    return learning_movie(films, theme=theme, param="epoch", unit="epoch", still=still)


def coordinates(runs: tuple[Run, ...]) -> str:
    """Every word's place and answer at every epoch, as CSV."""
    rows = []
    for run in runs:
        predicted = run.predicted()
        for s, epoch in enumerate(run.epochs):
            for i, word in enumerate(run.text.words):
                x, y = run.embeddings[s, i]
                tags = run.text.tags[run.text.tag_of[i]], run.text.tags[predicted[s, i]]
                rows.append((run.seed, int(epoch), word, *tags, round(float(x), 6), round(float(y), 6)))
    return to_csv(("seed", "epoch", "word", "tag", "predicted", "x", "y"), rows)


@st.cache_resource(show_spinner=False, max_entries=200)
def ten_words_run(sentences: str, config: "TenWordsConfig") -> "Run":
    """A trained run of Ten words."""
    from embedlab.lessons.ten_words import run

    return run.run(read_tagged(sentences), config)


@st.cache_resource(show_spinner=False, max_entries=50)
def cached_movie(sentences: str, configs: "tuple[TenWordsConfig, ...]", theme: Theme) -> dict[str, Any]:
    """The movie of one run, or of two side by side, as Vega-Lite."""
    from embedlab.charts.movie import movie
    from embedlab.ui.ten_words import movie as ten_words_movie

    runs = [ten_words_run(sentences, config) for config in configs]
    return movie.movie_spec(ten_words_movie.films(runs, theme), theme=theme, param="epoch", unit="epoch")
