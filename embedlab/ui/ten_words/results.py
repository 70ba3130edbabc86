"""The results of the page Ten words: the movie, figures, sentences and the table of a training."""

import hashlib
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import streamlit as st

from embedlab.charts import heatmaps
from embedlab.charts.movie import movie
from embedlab.charts.theme import Theme
from embedlab.errors import EmbedlabError
from embedlab.lessons.ten_words.config import TenWordsConfig
from embedlab.lessons.ten_words.one_step import tagger_step
from embedlab.lessons.ten_words.run import TenWordsRun
from embedlab.lessons.ten_words.tagged_text import TAG_NAMES, TEN_WORDS, read_tagged
from embedlab.ui import jobs, shell, widgets
from embedlab.ui.player import player
from embedlab.ui.pool import Job
from embedlab.ui.tables import data_table
from embedlab.ui.ten_words import form
from embedlab.ui.ten_words.movie import films, frame_epochs, titles
from embedlab.ui.words import asking

TRAINING = "embedlab.lessons.ten_words.training"
_PRESSES = "_ten_words_presses"  # in the session: how often a movie was asked for by a button
_PATIENCE = 5.0  # seconds that a page waits for a run, with the start of a process, before it shows a progress bar
_FEW = 75  # epochs, below which the slider has places between them
_RISEN = 10.0  # times the first loss: from there on a run has gone wrong
_CERTAIN = 0.995  # a probability that rounds to 100%
_SEPARATOR = " · "  # between the figures of two runs
_FIGURE = 168  # pixels of a figure's width: four fit in a row, two on a phone
_LOSS_HELP = (
    "Mean cross-entropy of a token: −ln of the probability given to the right tag, in **nats**, units of the natural "
    "logarithm."
)


@dataclass(frozen=True)
class Found:
    """What was trained without an error."""

    sentences: str
    configs: tuple[TenWordsConfig, ...]  # one, or two to be shown side by side
    runs: tuple[TenWordsRun, ...]
    presses: int = 0  # of buttons that asked for a movie: each of them plays it, even with the same settings
    kept: bool = False  # the form asks for other settings, which are being trained or could not be

    @property
    def name(self) -> str:
        """A key for everything that depends on nothing but the settings."""
        return hashlib.sha256(f"{self.sentences}\0{self.configs}".encode()).hexdigest()[:24]

    @property
    def titles(self) -> list[str]:
        """A name for each run, as over its map."""
        return titles(self.runs)


def find(settings: form.Settings) -> Found | None:
    """The runs of these settings; while one is trained, and where there is an error, those that were found last.

    None only where what the page opens with was not recorded, and has not been trained yet.
    """

    def compute() -> Found:
        configs = settings.configs()
        runs = tuple(trained(settings.sentences, config) for config in configs)
        presses = st.session_state[_PRESSES] = st.session_state.get(_PRESSES, 0) + settings.submitted
        return Found(settings.sentences, configs, runs, presses)

    try:
        found = shell.attempt("ten_words", compute, inputs=form.BOXES)
    except _Unfinished as unfinished:
        st.session_state[form.PLAY] = settings.submitted  # asked for now, played once it is there
        jobs.panel(unfinished.job, lambda job: None, key="ten_words", stop="Stop this run")
        found = shell.last_good("ten_words")
    found = found or _opening()
    return found and replace(found, kept=not _is_of(found, settings))


def _is_of(found: Found, settings: form.Settings) -> bool:
    try:
        return (found.sentences, found.configs) == (settings.sentences, settings.configs())
    except EmbedlabError:
        return False


def _opening() -> Found | None:
    """What the page opens with."""
    config = TenWordsConfig()
    try:
        return Found(TEN_WORDS, (config,), (trained(TEN_WORDS, config),))
    except (EmbedlabError, _Unfinished):
        return None


def picture(found: Found, theme: Theme) -> None:
    """The movie with its controls."""
    for run, config in zip(found.runs, found.configs, strict=True):
        if run.broke:
            st.warning(_broke(run, config), icon=":material/warning:")
    with player.stage("ten_words") as stage:
        player.controls(stage, slider(found), view=shell.view(f"{found.name} {found.presses}"))
        said = f"A movie: {story(found)} Move the slider to see it."
        shown = cached_movie(found.name, found.runs, theme)
        player.picture(shown, key=f"film_{found.name}_{theme.name}", alt=said)
    if found.kept:  # below the movie, which would be drawn anew if something came before it
        shell.say_still(_named(found))


def _named(found: Found) -> str:
    """The settings of what is shown, in a few words."""
    text = "" if found.sentences == TEN_WORDS else f", on “{found.sentences.split(chr(10))[0][:40]} …”"
    runs = [
        f"seed {config.seed}, {config.epochs:,} epochs, learning rate {config.learning_rate:g}, "
        f"{form.OPTIMIZERS[config.optimizer]}"
        for config in found.configs
    ]
    return f"{' and '.join(runs)}{text}"


def slider(found: Found) -> player.Slider:
    """The movie's slider."""
    last = max(int(run.epochs[-1]) for run in found.runs)
    frames = frame_epochs(found.runs)
    spread = len({*np.diff(frames)}) > 1  # more of the early ones
    counts = frames if spread else range(last + 1) if last < _FEW else ()  # below, the slider has halves of epochs
    return player.Slider("epoch", counts=counts, unit="epoch")


def story(found: Found) -> str:
    """What the movie shows, with the figures of its runs."""
    moved = (
        f"{len(found.runs[0].text.words)} words, as points on a plane, move while a model learns to tell their tags."
    )
    return " ".join([moved, *map(_ending, found.runs)])


def _broke(run: TenWordsRun, config: TenWordsConfig) -> str:
    """What became of a run whose steps were too large."""
    return (
        f"Seed {run.seed} broke off: at learning rate {config.learning_rate:g} each step overshoots farther than the "
        f"one before, and after epoch {run.epochs[-1]} the loss became infinite. Take a smaller learning rate, for "
        f"example {min(config.learning_rate / 10, 0.1):g}."
    )


def _ending(run: TenWordsRun) -> str:
    right, perfect = run.accuracies()[-1], run.first_perfect()
    when = f"; all of them were right first after epoch {perfect}" if perfect is not None else ""
    return f"Seed {run.seed}: after epoch {run.epochs[-1]}, {right:.0%} of the words are right{when}."


def figures(found: Found) -> None:
    """The numbers that matter; of two runs beside each other."""
    runs = found.runs
    losses, perfect = [run.losses() for run in runs], [run.first_perfect() for run in runs]
    last = dict.fromkeys(f"{run.epochs[-1]:,}" for run in runs)
    both = f"{_SEPARATOR.join(found.titles)}, after" if len(runs) > 1 else "after"
    st.markdown(f"**At the end**, {both} epoch {_SEPARATOR.join(last)}")
    first_help = "The first epoch after which every word lay in the region of its own tag."
    if (between := max(config.epochs_between for config in found.configs)) > 1:
        first_help += f" Of a run this long, every {between}th epoch is kept."
    start = _SEPARATOR.join(_short(each[0], 2) for each in losses)
    right = "Words right" if len(runs) > 1 else f"Words right, seed {runs[0].seed}"
    loss = _SEPARATOR.join(_short(each[-1], 2) for each in losses) + " nats"
    epochs = _SEPARATOR.join("never" if epoch is None else f"epoch {epoch}" for epoch in perfect)
    accuracies = _SEPARATOR.join(f"{run.accuracies()[-1]:.0%}" for run in runs)
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        st.metric(right, accuracies, help="**Accuracy** after the last epoch.", width=_FIGURE)
        st.metric("First all right", epochs, help=first_help, width=_FIGURE)
        wide = _FIGURE + 60 * (len(runs) - 1)  # of two losses
        st.metric("Loss", loss, help=f"{_LOSS_HELP} At the start: {start}.", width=wide)


def _short(number: float, digits: int = 3) -> str:
    return f"{number:.{digits}f}" if abs(number) < 10_000 else f"{number:.2e}"


def what_you_see(found: Found) -> str:
    """What the runs show, in sentences that name their numbers; Markdown."""
    if len(found.runs) == 1:
        shown = f"{_seen(found.runs[0])} Click any word."
    else:
        shown = "".join(f"\n\n{title}:\n{_seen(run)}" for title, run in zip(found.titles, found.runs, strict=True))
    return f"**What you see**\n{shown}"


def _seen(run: TenWordsRun) -> str:
    words, tags, last = run.text.words, run.text.tags, len(run.epochs) - 1
    predicted, sure = run.predicted()[last], run.probabilities()[last].max(axis=1)
    wrong, least = np.flatnonzero(predicted != run.text.tag_of), int(sure.argmin())
    lines = []
    start, end = run.mean_distances(0), run.mean_distances(last)
    losses, farthest = run.losses(), np.abs(run.embeddings).max(axis=(1, 2))
    if losses[-1] > _RISEN * losses[0]:
        lines.append(
            f"- By epoch {run.epochs[-1]} the loss rose from {_short(losses[0], 2)} to {_short(losses[-1], 2)} nats, "
            f"and the largest coordinate from {_short(farthest[0], 1)} to {_short(farthest[-1], 1)}: **the steps were "
            "too large**."
        )
    elif start and end:
        closer = end[0] / end[1] < start[0] / start[1]
        lines.append(
            f"- Words of one part of speech **{'' if closer else 'do not '}come together**, on average from "
            f"{start[0]:.1f} apart to {end[0]:.1f} (others: {start[1]:.1f} to {end[1]:.1f})"
            f"{': one linear layer must answer them alike' if closer else ''}."
        )
    if len(wrong):
        shown = ", ".join(f"“{shell.as_text(words[i])}”" for i in wrong[:6])
        lines.append(
            f"- In a wrong region after epoch {run.epochs[-1]}: {shown}.{'' if run.broke else ' Try more epochs.'}"
        )
    if sure[least] < _CERTAIN:
        lines.append(
            f"- Least certain: “{shell.as_text(words[least])}”, {sure[least]:.0%} "
            f"{shell.as_text(TAG_NAMES.get(tag := tags[predicted[least]], tag))}."
        )
    return "\n".join(lines)


def tries(found: Found) -> None:
    """Other settings, one click away."""
    two = {"second": True, "first_seed": 11, "second_seed": 48, "second_rate": 0.1}
    with widgets.tries():
        st.button("Seed 48: a word stays in a wrong region", on_click=form.fill, kwargs={"first_seed": 48})
        st.button("Seeds 11 and 48: one gets there, one does not", on_click=form.fill, kwargs=two)
        st.button("Learning rate 30: words fly apart", on_click=form.fill, kwargs={"first_rate": 30.0})


def numbers(found: Found) -> None:
    """Embeddings, answers and confusion matrix of one run at one epoch."""
    run = found.runs[0]
    if len(found.runs) > 1:
        title = widgets.one_of("Run", found.titles, key="numbers_run", bind="query-params")
        run = found.runs[found.titles.index(title)]
    tags, last = run.text.tags, int(run.epochs[-1])
    if 0 < last < st.session_state.get("numbers_epoch", 0):  # of a longer run: the slider would refuse it
        st.session_state["numbers_epoch"] = last
    epoch = st.slider("Epoch", 0, last, last, key="numbers_epoch", bind="query-params") if last else 0
    at = int(np.searchsorted(run.epochs, epoch))
    told, drawn = st.columns([2, 1], gap="medium")
    percent_help = "The probability that the model gives to this tag."
    formats = {f"{name} %": st.column_config.NumberColumn(format="%.1f", width=58, help=percent_help) for name in tags}
    rows, places = data_table.for_dataframe(run.records(at), {"x": 2, "y": 2}, width=52)
    with told:
        asking.table(rows, ["word"], key=f"ten_words_rows {run.seed}", column_config=formats | places)
    table = run.confusion(at)
    drawn.markdown(f"**Confusion matrix** at epoch {run.epochs[at]}: true tags in rows.")
    said = f"Confusion matrix of {len(tags)} tags; {table.trace()} of {table.sum()} words lie on its diagonal."
    chart = heatmaps.matrix(table, tags, tags, shell.theme(), digits=0, stretched=True)
    drawn.vega_lite_chart(chart, key=f"confusion_{run.seed}", alt=said)


def code(found: Found) -> tuple[widgets.Code, ...]:
    """What ran."""
    model = "embedlab.lessons.ten_words.model"
    return f"{model}:TenWords", "embedlab.training.loop:train", tagger_step, f"{model}:ManyTenWords"


class _Unfinished(Exception):
    """A run is being trained, or was stopped."""

    def __init__(self, job: Job[TenWordsRun]) -> None:
        self.job = job


def trained(sentences: str, config: TenWordsConfig) -> TenWordsRun:
    """A run on these sentences, after a moment's wait. Raises _Unfinished: it takes longer."""
    try:
        return _trained(sentences, config)
    except _Unfinished as unfinished:  # waited for here, where no lock of the cache keeps others from looking
        unfinished.job.wait(_PATIENCE)
        return _trained(sentences, config)


@st.cache_resource(show_spinner=False, max_entries=200)
def _trained(sentences: str, config: TenWordsConfig) -> TenWordsRun:
    text = read_tagged(sentences)
    job: Job[TenWordsRun] = jobs.submit(
        f"ten words {sentences} {config}", lambda: jobs.compute(f"{TRAINING}:run", text, config),
        recorded="ten_words", short=True,
    )  # fmt: skip
    if job.error is not None:
        job.again()  # whoever asks once more is not told the old error
        raise job.error
    if job.state != "finished" or job.latest is None:
        raise _Unfinished(job)
    return job.latest


@st.cache_resource(show_spinner=False, max_entries=50)
def cached_movie(name: str, _runs: tuple[TenWordsRun, ...], theme: Theme) -> dict[str, Any]:
    """The movie of one run, or of two side by side, as Vega-Lite; `name` says which."""
    return movie.learning_movie(films(_runs, theme), theme=theme, param="epoch", unit="epoch")
