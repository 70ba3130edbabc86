"""How a run of the page Letters learned: losses over time, learning rates, and two sizes side by side."""

from dataclasses import replace
from functools import partial

import numpy as np
import numpy.typing as npt
import streamlit as st

from embedlab.charts.theme import Theme
from embedlab.lessons.letters.alphabet import apart_on_a_line
from embedlab.lessons.letters.bundled import record
from embedlab.lessons.letters.config import FAST, SWEEP_POINTS, sized
from embedlab.lessons.letters.run import LetterRun
from embedlab.ui import jobs
from embedlab.ui.letters import charts, playground, results
from embedlab.ui.letters.results import Found


def over_time(found: Found, theme: Theme) -> None:
    """Losses and vowel separation over the steps."""
    learned = found.run
    if len(learned.steps) < 3:
        st.caption("There are too few steps to draw.")
        return
    alphabet = learned.alphabet
    left, right = st.columns(2, gap="large")
    left.markdown("**Loss**, training and held-out (dev)")
    apart = learned.separations()
    train, dev = learned.losses[-1], learned.dev_losses[-1]
    guessing = f"ln {len(alphabet)} is {alphabet.uniform_loss:.3f}"
    said = f"Train loss ends at {train:.3f} nats, dev loss at {dev:.3f}; {guessing}."
    with left:
        playground.show(charts.loss_chart(learned, theme), "letters_loss", said)
    if not alphabet.knows_vowels:
        return
    right.markdown("**Distances** from a vowel")
    said = f"A vowel is {apart[-1, 0]:.2f} from vowels and {apart[-1, 1]:.2f} from consonants at the end."
    with right:
        playground.show(charts.separation_chart(learned, theme), "letters_apart", said)


def rates(found: Found, theme: Theme) -> None:
    """The learning-rate sweep of these settings."""
    settings = found.settings
    st.markdown(
        "In this **sweep** the learning rate grows from 0.001 to 1 over 1,000 steps. Good rates lie where the loss "
        "falls fastest, before it becomes noisy."
    )
    key = f"sweep {settings.key}"
    points: npt.NDArray[np.float64] | None = None
    if results.recorded(settings) is not None and settings.config == FAST:
        points = record().sweep
    else:
        job = jobs.find(key)
        if job is None:
            names, config = settings.names.names, settings.config

            def begin() -> None:
                jobs.submit(key, lambda: jobs.compute(f"{results.CHAR_MLP}:sweep", names, config), total=SWEEP_POINTS)

            st.button("Try 1,000 learning rates", on_click=begin)
        elif job.state != "finished":
            jobs.panel(job, lambda job: None, key="letters_sweep")
        else:
            points = np.array(job.snapshots)
    if points is not None and not len(points):
        st.caption("Training diverged from the smallest rate on: there is no curve to draw.")
    elif points is not None:
        best, end = points[points[:, 1].argmin()], points[-1]
        chosen = settings.config.learning_rate
        said = f"Lowest loss {best[1]:.2f} nats, near a learning rate of {best[0]:.2g}; this run began with {chosen:g}."
        playground.show(
            charts.sweep_chart(points, chosen, theme, settings.config.alphabet), "letters_sweep_chart", said
        )
        if end[0] < 0.9:
            st.caption(f"Above a rate of {end[0]:.2g} training diverged.")


def two_and_ten(found: Found, theme: Theme) -> None:
    """This run beside the same with the other number of dimensions."""
    sizes = {d: replace(found.settings, config=sized(found.settings.config, d)) for d in (2, 10)}
    runs = {found.settings.config.dimensions: found.run}
    (missing,) = sizes.keys() - runs.keys()
    other = sizes[missing]
    beside = results.recorded(other)
    if beside is None:
        job = jobs.find(other.key)

        def begin() -> None:
            results.submit(other)

        if job is None:
            st.button(f"Train with {missing} dimensions, too", on_click=begin)
        elif job.state != "finished":
            stop, done = "Stop the other training", partial(results.done, other)
            jobs.panel(job, lambda job: None, key="letters_other", stop=stop, again=begin, done=done)
        else:
            beside = LetterRun.of(job.snapshots)
    if beside is None:
        return
    runs[missing] = beside
    (two, narrow), (ten, wide) = ((runs[d], sizes[d].config) for d in (2, 10))
    st.markdown(
        f"Dev loss is **{ten.dev_losses[ten.best]:.3f}** nats in 10 dimensions with {wide.hidden} hidden units, "
        f"**{two.dev_losses[two.best]:.3f}** in 2 with {narrow.hidden}. The right map shows only "
        f"{ten.plane_share:.0%} of the variance."
    )
    if two.alphabet.knows_vowels:
        st.markdown(_why_less_apart(two, ten))
    titles = ("2 dimensions, as they are", "10 dimensions, by PCA")
    key = f"{found.settings.key} beside {len(two.steps)} {len(ten.steps)}"
    results.movie(key, [two, ten], titles, theme)


def _why_less_apart(two: LetterRun, ten: LetterRun) -> str:
    """Why vowels seem less apart in ten dimensions: what the other dimensions add to all distances."""
    ratios = [run.separations()[run.best, 2] for run in (two, ten)]
    now = [apart_on_a_line(run.embeddings[run.best], run.alphabet) for run in (two, ten)]
    first = [apart_on_a_line(run.embeddings[0], run.alphabet) for run in (two, ten)]
    return (
        f"**Vowels apart** is {ratios[0]:.2f} × in 2 dimensions, {ratios[1]:.2f} × in 10, where letters also differ "
        "in the other directions: these add to every distance, which pulls the ratio towards 1. The centers of vowels "
        f"and consonants are {now[0].distance:.2f} apart in 2, {now[1].distance:.2f} in 10; along the line through "
        f"both the ratio is **{now[0].ratio:.1f} ×** and **{now[1].ratio:.1f} ×** (untrained {first[0].ratio:.1f} × "
        f"and {first[1].ratio:.1f} ×)."
    )
