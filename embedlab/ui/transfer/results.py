"""The learning curves of the page Transfer: computed beforehand or by a job, and what they say."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import streamlit as st

from embedlab.charts.theme import Theme
from embedlab.lessons.transfer import learning_curves
from embedlab.lessons.transfer.baselines import predict_by_baseline
from embedlab.lessons.transfer.bundled import bundled_curves
from embedlab.lessons.transfer.conclusions import NAMES, conclusion, gains
from embedlab.lessons.transfer.config import SECONDS, STARTS
from embedlab.lessons.transfer.data.sentences import MAX_VOCABULARY, coverage, unseen_words
from embedlab.lessons.transfer.initialization import initial_table, known_vectors
from embedlab.lessons.transfer.learning_curves import MAX_SEEDS, CurveConfig, LearningCurves
from embedlab.lessons.transfer.predictions import explain
from embedlab.lessons.transfer.three_starts import ThreeStarts, ThreeStartsConfig, train_start
from embedlab.ui import cache, jobs, pool, shell, widgets
from embedlab.ui.tables import data_table
from embedlab.ui.transfer import charts
from embedlab.ui.transfer.data import Data
from embedlab.ui.transfer.form import Settings
from embedlab.vectors.word_vectors import WordVectors

LESSON = "embedlab.lessons.transfer"
SENTENCE = "A slow start, but a charming story and a wonderful finale!"  # that the closer look begins with
_LAST = "_transfer_curves"  # the newest curves of this session; some 100 kB
PLACE = "closer_look"  # key of its container
VIEWS = ("Try a sentence", "What moved", "Unseen words", "Losses and mistakes")  # of the closer look
_USUAL = {"layers": "none", "learning_rate": None, "train_epochs": None, "dropout": 0.0, "early": True}
MISSED = {  # opinions that are negative
    "Negation: the verdict is wrong": "It is not beautiful, not charming and not worth the money.",
    "Irony: the verdict is wrong": "Great, another beautiful film that put me to sleep.",
}
_OPINIONATED = (
    "disastrous", "appalling", "deplorable", "inept", "pathetic", "shoddy", "regrettable", "ghastly", "lousy"
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Found:
    """What the page shows: the learning curves of these settings so far, and the runs of the closer look."""

    data: Data
    vectors: WordVectors
    curve: CurveConfig
    look: ThreeStartsConfig
    runs: ThreeStarts | None = None  # once the closer look has trained them

    @cached_property
    def key(self) -> str:
        """Names and numbers that say which data and which vectors these are."""
        return f"{self.data.key} {cache.serial(self.vectors)}"

    @property
    def usual(self) -> bool:
        """Whether sentences and vectors are those that come with the app."""
        return self.data.key == "opinions" and self.vectors is cache.bundled_vectors()

    @property
    def job(self) -> pool.Job[LearningCurves] | None:
        """What trains the curves; None where they are ready."""
        if self._ready is not None:
            return None
        sentences, vectors, config = self.data.sentences, known_vectors(self.data.sentences, self.vectors), self.curve
        return jobs.submit(
            f"transfer curves {self.key} {config}",
            lambda: jobs.compute(f"{LESSON}.learning_curves:learning_curves", sentences, vectors, config),
            total=learning_curves.curve_snapshots(sentences, vectors, config),
        )

    @property
    def trains(self) -> bool:
        """Whether the curves are still being trained."""
        job = self.job
        return job is not None and job.live

    @property
    def curves(self) -> LearningCurves:
        """The curves so far; in place of a run that broke at once, what the page showed last of these sentences."""
        sentences, job = self.data.sentences, self.job
        empty = LearningCurves(sentences.name, sentences.majority, len(sentences.rows("test")))
        newest = self._ready if job is None else job.latest
        before: tuple[str, LearningCurves] = st.session_state.get(_LAST, ("", empty))
        if job is not None and job.state == "failed" and not (newest and newest.sizes) and before[0] == self.data.key:
            newest = before[1]
        if newest and newest.sizes:
            st.session_state[_LAST] = (self.data.key, newest)
        return newest or empty

    @property
    def _ready(self) -> LearningCurves | None:
        return _opinion_curves() if self.usual and self.curve == CurveConfig() else None


def find(settings: Settings) -> Found:
    """What is asked for; the work itself is a job that `picture` shows."""
    return Found(settings.data, settings.vectors, settings.curve, settings.look)


def picture(found: Found, theme: Theme) -> None:
    """Draws the learning curves, as far as they are."""
    if found.data.file is not None:
        found.data.file.preview()
    if found.data.instead_of:
        instead = shell.as_text(found.data.instead_of)
        st.info(f"These are the opinions, not {instead}: it is not read yet.", icon=":material/info:")
    widgets.said_first(found.data.sentences.notes)
    sizes = found.curve.sizes_for(len(found.data.sentences.rows("train")))
    job = found.job
    if job is None:
        _draw(found.curves, theme, sizes)
        return
    jobs.panel(job, lambda _: _draw(found.curves, theme, sizes), key="transfer_curves", stop="Stop training the curves")
    if job.state == "failed" and found.curves.sizes and found.curves is not job.latest:
        shell.say_still("the curves of the settings before")


def _draw(curves: LearningCurves, theme: Theme, sizes: Sequence[int]) -> None:
    st.vega_lite_chart(charts.learning_curve(curves, theme, sizes=sizes), key="learning_curves", alt=_story(curves))


def _story(curves: LearningCurves) -> str:
    methods = "for three starts, word counts and TF-IDF of words and pairs"
    return " ".join([f"Test accuracy against the number of training sentences, {methods}.", *conclusion(curves)])


def figures(found: Found) -> None:
    """The row of metrics; placeholders while there are no numbers yet."""
    row, curves = st.columns(4), found.curves
    if not curves.sizes:
        for column in row:
            column.metric("Training" if found.trains else "Not trained", "…", " ", delta_color="off")
        return
    gained, many = gains(curves), curves.sizes[-1]
    most = max(gained, key=gained.__getitem__)
    gain_help = "Mean **accuracy** of the better pretrained start less that from scratch, in percentage points."
    labels = (f"Gain with {most:,} sentences", f"Gain with all {many:,}")
    for column, label, size in zip(row, labels, dict.fromkeys((most, many)), strict=False):
        value = f"{gained[size]:+.1f} points".replace("-", "−")
        column.metric(label, value, help=gain_help)
    best = max(STARTS, key=lambda start: curves.at(start, many).mean)
    best_help = (
        f"The best of the three starts with {many:,} sentences: mean **accuracy** of {len(curves.points[0].correct)} "
        f"runs on {curves.test_size:,} test sentences, one of which is {100 / curves.test_size:.1f} points. Word "
        "counts and TF-IDF choose their penalty on the validation sentences."
    )
    row[2].metric(f"Best, {NAMES[best]}", f"{curves.at(best, many).mean:.1%}", help=best_help)
    known = coverage(found.data.sentences, found.vectors)
    help_text = (
        f"{known.words:,} of {known.vocabulary:,} distinct words of the sentences have a pretrained vector; they are "
        f"{known.tokens:.1%} of all tokens."
    )
    if known.vocabulary == MAX_VOCABULARY:
        help_text += f" Counted, trained and tested are the {MAX_VOCABULARY:,} most frequent words only."
    if known.missing:
        help_text += f" Without one: {', '.join(shell.as_text(word) for word in known.missing[:8])}, …"
    row[3].metric("Words with a vector", f"{known.words / max(known.vocabulary, 1):.0%}", help=help_text)


def what_you_see(found: Found) -> str:
    """What the curves say; Markdown."""
    curves = found.curves
    if not curves.sizes:
        if found.trains:
            return "- Training: what the curves say follows at the end."
        return "- Nothing yet: training ended before all methods had one point."
    lines = [f"- Of the opinions, not of {shell.as_text(found.data.instead_of)}."] * bool(found.data.instead_of)
    lines += [f"- {shell.as_text(said)}" for said in conclusion(curves, brief=True)]
    lines.append("- “Clearly”: by two standard errors, over runs and test sentences. Bands: one standard deviation.")
    if not all(point.complete for point in curves.points):
        lines.append(f"- Some runs ended before their last update, because {SECONDS:.0f} seconds were over.")
    return "\n".join(lines)


def tries(found: Found) -> None:
    """Buttons that fill the form and open a view of the closer look."""
    with widgets.tries(PLACE):
        fewer = "50 sentences: far less certain verdicts"
        st.button(fewer, on_click=_fill, kwargs={"trained_on": 50, "look": VIEWS[0]})
        st.button("Unseen words: from scratch knows none", on_click=_unseen, args=(found,))
        two = {"layers": "two", "look": VIEWS[0], "sentence": SENTENCE}
        st.button("Two hidden layers: bars no longer add up", on_click=_fill, kwargs=two)
        if found.data.key == "opinions":
            for name, sentence in MISSED.items():
                st.button(name, on_click=_fill, kwargs={"sentence": sentence, "look": VIEWS[0]})
        st.button("No early stopping: losses rise", on_click=_fill, kwargs={"early": False, "look": VIEWS[3]})


def _fill(**changed: object) -> None:
    st.session_state.update(_USUAL | changed)


def _unseen(found: Found) -> None:
    """Asks for a sentence of words new to training: opinions if possible, and with a pretrained vector."""
    candidates = (*(word for word in _OPINIONATED if word in found.vectors), *found.vectors.words, *_OPINIONATED)
    words = unseen_words(found.data.sentences, candidates, 3)
    _fill(look=VIEWS[0], sentence=", ".join(words).capitalize() + ".")


def numbers(found: Found) -> None:
    """The table of all points, shares in percent."""
    if not found.curves.sizes:
        st.caption("Training: the table follows when it ends." if found.trains else "There are no points yet.")
        return
    shares = ("accuracy", "standard deviation", *(f"seed {seed}" for seed in range(MAX_SEEDS)))
    percent = st.column_config.NumberColumn(format="%.1f%%")

    def shown(name: str, value: Any) -> Any:
        return 100 * value if name in shares else value

    rows = [{name: shown(name, value) for name, value in row.items()} for row in records(found)]
    data_table.draw(rows, column_config=dict.fromkeys(shares, percent))


def records(found: Found) -> list[dict[str, Any]]:
    """All points; methods as the page calls them."""
    return [row | {"method": NAMES[str(row["method"])]} for row in found.curves.table()]


def code(found: Found) -> tuple[widgets.Code, ...]:
    """What ran."""
    model = (f"{LESSON}.classifier:CbowClassifier", initial_table, f"{LESSON}.classifier:fit")
    return *model, learning_curves.learning_curves, predict_by_baseline, train_start, explain


@st.cache_resource(show_spinner=False, max_entries=1)
def _opinion_curves() -> LearningCurves | None:
    """The learning curves that the page opens with; None where they no longer fit the bundled files."""
    return bundled_curves()
