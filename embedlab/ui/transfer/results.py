"""The learning curves of the page Transfer: computed beforehand or by a job, and what they say."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

import streamlit as st

from embedlab.charts.theme import Theme
from embedlab.lessons.transfer.classifier import SECONDS
from embedlab.lessons.transfer.conclusions import NAMES, conclusion
from embedlab.lessons.transfer.learning_curves import (
    BAG_OF_WORDS,
    MAX_SEEDS,
    CurveConfig,
    LearningCurves,
    frames_total,
    learning_curves,
)
from embedlab.lessons.transfer.predictions import STARTS
from embedlab.lessons.transfer.sentences import MAX_VOCABULARY, coverage
from embedlab.lessons.transfer.three_starts import ThreeWays, ThreeWaysConfig, looks_total, run_three_ways
from embedlab.ui import cache, jobs, pool, shell
from embedlab.ui.spreadsheets import to_csv
from embedlab.ui.transfer import charts
from embedlab.ui.transfer.data import Data
from embedlab.vectors.word_vectors import WordVectors

_LAST = "_transfer_curves"  # the newest curves of this session; some 100 kB
_PATIENCE = 3.0  # seconds that a page waits for a short run before it shows a progress bar


@dataclass(frozen=True, eq=False)
class Setup:
    """Everything that the page's results depend on."""

    data: Data
    vectors: WordVectors
    curve: CurveConfig
    look: ThreeWaysConfig

    @cached_property
    def key(self) -> str:
        """Names and numbers that say which data and which vectors these are."""
        few = self.vectors.matrix[:: max(1, len(self.vectors) // 50)].tobytes()
        mark = hashlib.sha256("\n".join(self.vectors.words[:1000]).encode() + few).hexdigest()[:16]
        return f"{self.data.key} {len(self.vectors)} {mark}"

    @property
    def curves_key(self) -> str:
        """Of the job that trains the curves."""
        return f"transfer curves {self.key} {self.curve}"

    def at(self, size: int) -> "Setup":
        """The same with another number of training sentences in the closer look."""
        return replace(self, look=replace(self.look, size=size))

    @property
    def is_default(self) -> bool:
        """What the curves that ship with the app were computed for."""
        usual = self.vectors is cache.bundled_vectors() and self.curve == CurveConfig()
        return usual and self.data.key == "opinions"


def curves(setup: Setup, theme: Theme) -> LearningCurves | None:
    """Draws the curves, as far as they are, and returns them; None while there is no complete size yet."""
    ready = opinion_curves() if setup.is_default else None
    if ready is not None:
        _draw(ready, theme, ready.sizes)
        st.session_state[_LAST] = (setup.data.key, ready)
        return ready
    sentences, vectors, config = setup.data.sentences, setup.vectors, setup.curve
    job = jobs.submit(
        setup.curves_key,
        lambda: learning_curves(sentences, vectors, config),
        total=frames_total(sentences, vectors, config),
    )
    sizes = config.sizes_for(len(sentences.rows("train")))
    empty = LearningCurves(sentences.name, sentences.majority, len(sentences.rows("test")))
    data, before = st.session_state.get(_LAST, ("", empty))  # what the page showed last, in place of a run that broke

    def so_far(job: pool.Job[LearningCurves]) -> LearningCurves:
        found = job.latest or empty
        return before if job.state == "failed" and not found.sizes and data == setup.data.key else found

    jobs.panel(job, lambda job: _draw(so_far(job), theme, sizes), key="transfer_curves", stop="Stop training")
    found = so_far(job)
    if not found.sizes:
        return None
    if job.state == "failed" and found is not job.latest:
        st.caption("These are still the curves of the settings before.")
    st.session_state[_LAST] = (setup.data.key, found)
    return found


def _draw(found: LearningCurves, theme: Theme, sizes: Sequence[int]) -> None:
    st.vega_lite_chart(_picture(found, theme, tuple(sizes)), key="learning_curves", alt=_story(found))


@lru_cache(maxsize=64)
def _picture(found: LearningCurves, theme: Theme, sizes: tuple[int, ...]) -> dict[str, Any]:
    """The curves as Vega-Lite, put together once for each new point: looking at a job must not slow it down."""
    return charts.learning_curve(found, theme, sizes=sizes).to_dict(validate=False)


def _story(found: LearningCurves) -> str:
    said = "Test accuracy against the number of training sentences, for three starts and a bag of words. "
    return said + " ".join(conclusion(found))


def three_ways(setup: Setup) -> ThreeWays | None:
    """One run of each start; a progress bar and None while they train, and what is finished where that was stopped."""
    job = jobs.submit(
        f"transfer three ways {setup.key} {setup.look}",
        lambda: run_three_ways(setup.data.sentences, setup.vectors, setup.look),
        total=looks_total(setup.data.sentences, setup.look),
    )
    job.wait(_PATIENCE)
    if job.state == "finished" and job.latest is not None:
        updates = setup.look.training.updates(len(job.latest.runs[0].rows))
        if not setup.look.early_stopping and any(run.updates[-1] < updates for run in job.latest.runs):
            st.caption(f"Some runs ended before update {updates:,}, because {SECONDS:.0f} seconds were over.")
        return job.latest
    jobs.panel(job, _progress, key="transfer_ways", stop="Stop training")
    return job.latest if not job.live and job.latest is not None and job.latest.runs else None


def _progress(job: pool.Job[ThreeWays]) -> None:
    done = ", ".join(NAMES[run.start] for run in job.latest.runs) if job.latest else ""
    st.caption(f"Training three ways; finished: {done or 'none yet'}." if job.live else f"Finished: {done or 'none'}.")


def figures(found: LearningCurves | None, setup: Setup) -> None:
    """The numbers that matter; their places while there are none yet."""
    row = st.columns(4)
    if found is None:
        for column in row:
            column.metric("Training" if _trains(setup) else "Not trained", "…", " ", delta_color="off")
        return
    few, many = (min(found.sizes, key=lambda size: abs(size - 50)), found.sizes[-1])
    for column, size in zip(row, dict.fromkeys((few, many)), strict=False):
        best = max(STARTS, key=lambda start: found.at(start, size).mean)
        gain = found.at(best, size).mean - found.at("scratch", size).mean
        runs = len(found.points[0].correct)
        column.metric(
            f"{NAMES[best].capitalize()}, {size:,} sentences",
            f"{found.at(best, size).mean:.1%}",
            f"{100 * gain:+.1f} points over scratch" if best != "scratch" else None,
            help=f"The best of the three: mean **accuracy** of {runs} runs on {found.test_size:,} test sentences.",
        )
    bag = found.at(BAG_OF_WORDS, many).mean
    help_text = "Logistic regression on a **bag of words**: how often each word occurs, and nothing about its meaning."
    row[2].metric(f"Word counts, {many:,} sentences", f"{bag:.1%}", help=help_text)
    known = coverage(setup.data.sentences, setup.vectors)
    help_text = (
        f"{known.words:,} of {known.vocabulary:,} distinct words of the sentences have a pretrained vector; they are "
        f"{known.tokens:.1%} of all running words."
    )
    if known.vocabulary == MAX_VOCABULARY:
        help_text += f" Counted, trained and tested are the {MAX_VOCABULARY:,} most frequent words only."
    if known.missing:
        help_text += f" Without one: {', '.join(shell.as_text(word) for word in known.missing[:8])}, …"
    row[3].metric("Words with a vector", f"{known.words / max(known.vocabulary, 1):.0%}", help=help_text)


def _trains(setup: Setup) -> bool:
    job = jobs.find(setup.curves_key)
    return job is not None and job.live


def seen(found: LearningCurves | None, setup: Setup) -> str:
    """What the curves say; Markdown."""
    if found is None:
        if not _trains(setup):
            return "- Nothing yet: training ended before all methods had one point."
        return "- Training: what the curves say follows when they are complete."
    runs = len(found.points[0].correct)
    lines = [f"- {shell.as_text(said)}" for said in conclusion(found)]
    if not all(point.complete for point in found.points):
        lines.append(f"- Some runs ended before their last update, because {SECONDS:.0f} seconds were over.")
    lines.append(
        "- “Clearly” means by more than twice the standard error of the difference, which counts that other runs and "
        f"other test sentences would give other figures. Bands are one standard deviation of {runs} runs; one of the "
        f"{found.test_size:,} test sentences is {100 / found.test_size:.1f} points."
    )
    return "\n".join(lines)


def records(found: LearningCurves) -> list[dict[str, str | int | float]]:
    """Every point as a row of a table, shares in percent."""
    return [
        {
            name: charts.SCREEN[value] if isinstance(value, str) else 100 * value if name in COLUMNS else value
            for name, value in row.items()
        }
        for row in found.table()
    ]


COLUMNS = {
    name: st.column_config.NumberColumn(format="%.1f%%")
    for name in ("mean accuracy", "standard deviation", *(f"seed {seed}" for seed in range(MAX_SEEDS)))
}


def curves_csv(found: LearningCurves) -> str:
    """Every point as CSV."""
    rows = found.table()
    return to_csv(tuple(rows[0]), [tuple(row.values()) for row in rows])


def signed(value: float) -> str:
    """Two decimals with a minus sign that is as wide as a digit."""
    return f"{value:.2f}".replace("-", "−")


@st.cache_resource(show_spinner=False, max_entries=1)
def opinion_curves() -> "LearningCurves | None":
    """The learning curves that the Transfer page opens with; None where they no longer fit the bundled files."""
    from embedlab.lessons.transfer.bundled import bundled_curves

    return bundled_curves()
