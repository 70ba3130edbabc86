"""How a run of the page Letters came about: losses over time, learning rates, and two sizes side by side."""

import numpy as np
import streamlit as st

from embedlab.charts.theme import Theme
from embedlab.lessons.letters.alphabet import UNIFORM_LOSS
from embedlab.lessons.letters.bundled import record
from embedlab.lessons.letters.char_mlp import FAST, SWEEP_POINTS, sized, sweep
from embedlab.lessons.letters.run import LetterRun
from embedlab.ui import jobs
from embedlab.ui.letters import charts, playground, results
from embedlab.ui.letters.form import Asked


def over_time(learned: LetterRun, theme: Theme) -> None:
    """Losses and vowel separation over the steps."""
    if len(learned.steps) < 3:
        st.caption("There are too few steps to draw.")
        return
    left, right = st.columns(2, gap="large")
    left.markdown("**Loss** on names it learns from (train) and on others (dev)")
    apart = learned.separations()
    train, dev = learned.losses[-1], learned.dev_losses[-1]
    said = f"Train loss ends at {train:.3f} nats, dev loss at {dev:.3f}; ln 27 is {UNIFORM_LOSS:.3f}."
    with left:
        playground.picture(charts.loss_chart(learned, theme), "letters_loss", said)
    right.markdown("**Vowel separation**: from a vowel to the others, and to consonants")
    said = f"A vowel is {apart[-1, 0]:.2f} from vowels and {apart[-1, 1]:.2f} from consonants at the end."
    with right:
        playground.picture(charts.separation_chart(learned, theme), "letters_apart", said)


def rates(asked: Asked, theme: Theme) -> None:
    """The learning-rate sweep of these settings."""
    st.markdown(
        "Which **learning rate**? The lecture’s way to find out: one training of 1,000 steps, each with a slightly "
        "larger rate, from 0.001 to 1. Where the loss falls fastest and is not yet shaken, a rate is good."
    )
    key = f"sweep {asked.key}"
    points: np.ndarray | None = None
    if results.recorded(asked) is not None and asked.config == FAST:
        points = record().sweep
    else:
        job = jobs.find(key)
        if job is None:
            names, config = asked.names.names, asked.config

            def begin() -> None:
                jobs.submit(key, lambda: sweep(names, config), total=SWEEP_POINTS)

            st.button("Try 1,000 learning rates", on_click=begin)
        elif job.state != "finished":
            jobs.panel(job, lambda job: None, key="letters_sweep")
        else:
            points = np.array(job.snapshots)
    if points is not None and not len(points):
        st.caption("Training diverged from the smallest rate on: there is no curve to draw.")
    elif points is not None:
        best, end = points[points[:, 1].argmin()], points[-1]
        chosen = asked.config.learning_rate
        said = f"Lowest loss {best[1]:.2f} nats, near a learning rate of {best[0]:.2g}; this run began with {chosen:g}."
        playground.picture(charts.sweep_chart(points, chosen, theme), "letters_sweep_chart", said)
        if end[0] < 0.9:
            st.caption(f"Above a rate of {end[0]:.2g} training diverged.")


def two_and_ten(learned: LetterRun, asked: Asked, theme: Theme) -> None:
    """This run beside the same with the other number of dimensions."""
    here = asked.config.dimensions
    other = Asked(asked.source, asked.names, asked.digest, sized(asked.config, 10 if here == 2 else 2))
    beside = results.recorded(other)
    if beside is None:
        job = jobs.find(other.key)

        def begin() -> None:
            results.submit(other)

        if job is None:
            st.button(f"Train it with {other.config.dimensions} dimensions, too", on_click=begin)
        elif job.state != "finished":
            jobs.panel(job, lambda job: None, key="letters_other", stop="Stop the other training", again=begin)
        else:
            beside = LetterRun.of(job.snapshots)
    if beside is None:
        return
    pair = sorted([(learned, asked), (beside, other)], key=lambda item: item[1].config.dimensions)
    (two, narrow), (ten, wide) = pair
    st.markdown(
        f"In 10 dimensions, with {wide.config.hidden} hidden units, dev loss is **{ten.dev_losses.min():.3f}** nats "
        f"against **{two.dev_losses.min():.3f}** in 2, with {narrow.config.hidden}. The plane on the right shows only "
        f"{ten.plane_share:.0%} of the letters’ spread, so two letters that look near in it may be far apart."
    )
    titles = ["2 dimensions, as they are", "10 dimensions, their main plane (PCA)"]
    results.movie(f"{asked.key} beside {len(two.steps)} {len(ten.steps)}", [two, ten], titles, theme)
