"""The parts of the page Letters: the run while it learns, its movie, its figures, and how it came about."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from embedlab.charts import letters as charts
from embedlab.charts.maps import word_map
from embedlab.charts.theme import Theme
from embedlab.letter_record import record
from embedlab.letter_run import Frame, LetterRun
from embedlab.letters import ALPHABET, UNIFORM_LOSS, vowel_separation
from embedlab.models.char_mlp import FAST, SWEEP_POINTS, run, sized, sweep
from embedlab.ui import cache, jobs, player
from embedlab.ui.letters_form import Asked
from embedlab.ui.pool import Job

FRAMES = 100
_SAMPLES = 500  # names that the share of new ones is counted on
_LIVE_HEIGHT = 360


def train(asked: Asked, theme: Theme) -> LetterRun | None:
    """The run asked for with its movie: the recorded one, one found again, or one that begins now and is shown live.

    Returns:
        None while it learns, and where there is nothing to show.
    """
    bundled = recorded(asked)
    if bundled is not None:
        _movie(asked.key, [bundled], [""], theme)
        return bundled
    job = _job(asked)
    if job.live or job.state != "finished":
        jobs.panel(job, lambda job: _while_learning(job, asked, theme), key="letters", stop="Stop training")
    if job.live or not job.frames:
        return None
    learned = LetterRun.of(job.frames)
    fresh = st.session_state.pop("_letters_watched", None) == asked.key
    _movie(f"{asked.key} {len(job.frames)}", [learned], [""], theme, play=asked.key if fresh else "")
    return learned


def recorded(asked: Asked) -> LetterRun | None:
    """The bundled run of these settings, if there is one."""
    if asked.source == "names" and asked.config in (FAST, sized(FAST, 10)):
        return record().runs[asked.config.dimensions]
    return None


def _job(asked: Asked) -> Job[Frame]:
    names, config = asked.names.names, asked.config
    frames = -(-config.steps // -(-config.steps // FRAMES)) + 1
    return jobs.submit(asked.key, lambda: run(names, config, frames=FRAMES), total=frames)


def _while_learning(job: Job[Frame], asked: Asked, theme: Theme) -> None:
    """The newest map, its loss and names invented just now; nothing once training has ended."""
    if not job.live:
        return
    st.session_state["_letters_watched"] = asked.key
    with st.container(height=_LIVE_HEIGHT + 250, border=False):
        if job.latest is None:
            st.caption("Making ready …" if job.state == "running" else "Two other trainings are under way.")
            return
        now = LetterRun.of(job.frames, milestones=())
        apart = vowel_separation(job.latest.model.embeddings)
        words = [charts.group(letter) for letter in ALPHABET]
        chart = word_map(list(ALPHABET), now.plane()[-1], theme, groups=words, height=_LIVE_HEIGHT)
        said = f"Map of the letters at step {job.latest.step:,}; vowels apart from consonants {apart.ratio:.1f} times."
        st.altair_chart(chart, key="letters_live", alt=said)
        row = st.columns(3)
        row[0].metric("Step", f"{job.latest.step:,} of {asked.config.steps:,}")
        row[1].metric("Dev loss", f"{job.latest.dev_loss:.3f} nats")
        row[2].metric("Vowels apart", f"{apart.ratio:.2f} ×")
        st.caption("Names it invents now: " + ", ".join(job.latest.model.sample(8, seed=1)))


def _movie(key: str, runs: Sequence[LetterRun], titles: Sequence[str], theme: Theme, *, play: str = "") -> None:
    chart = cache.letters_movie(key, theme, tuple(titles), tuple(runs))
    apart = runs[0].separations()[:, 2]
    story = (
        f"A movie: 27 letters on a plane move over {runs[0].steps[-1]:,} steps. Vowels and consonants were "
        f"{apart[0]:.1f} times as far apart as vowels among themselves, and are {apart[-1]:.1f} times at the end."
    )
    stage_name = f"letters{len(runs)}"
    with player.stage(stage_name) as stage:
        st.altair_chart(chart, width="content", key=f"{stage_name}_{hash((key, theme.name))}", alt=story)
        player.controls(stage, "step", autoplay=play)


def figures(learned: LetterRun, asked: Asked) -> None:
    """The numbers that matter."""
    dev, (near, far, ratio) = float(learned.dev_losses[learned.best]), learned.separations()[learned.best]
    row = st.columns(4)
    row[0].metric(
        "Dev loss",
        f"{dev:.3f} nats",
        f"{dev - UNIFORM_LOSS:.2f} against ln 27",
        "inverse",
        help="Mean surprise over a tenth of the names that the model does not learn from, at the step where that is "
        "lowest. **Nats**: minus the natural logarithm of the probability that it gave to the right letter. Knowing "
        f"nothing costs ln 27 = {UNIFORM_LOSS:.3f}.",
    )
    row[1].metric(
        "So it chooses among", f"{np.exp(dev):.1f} letters", help="e to the dev loss: its language-model perplexity."
    )
    row[2].metric(
        "Vowels apart",
        f"{ratio:.2f} ×",
        help=f"Vowels lie {near:.2f} from each other and {far:.2f} from consonants on average, in the {asked.config.dimensions} "
        "dimensions of the embeddings. 1 × means no order.",
    )
    row[3].metric(
        "Invented names that are new",
        f"{new_share(learned, asked):.0%}",
        help=f"Of {_SAMPLES} names drawn at temperature 1: how many are not in the list that it learned from.",
    )


def new_share(learned: LetterRun, asked: Asked) -> float:
    """Share of 500 sampled names that are not in the list."""
    known = set(asked.names.names)
    return float(np.mean([name not in known for name in learned.model.sample(_SAMPLES, seed=0)]))


def seen(learned: LetterRun, asked: Asked) -> str:
    """What this run shows, in sentences that name its numbers; Markdown."""
    apart = learned.separations()
    best, steps = learned.best, learned.steps
    halfway = steps[np.flatnonzero(learned.dev_losses <= (UNIFORM_LOSS + learned.dev_losses[best]) / 2)[0]]
    top = int(apart[:, 2].argmax())
    order = np.argsort(learned.model.next_letter(""))[::-1][:3]
    first = ", ".join(f"{ALPHABET[i]} ({learned.model.next_letter('')[i]:.0%})" for i in order)
    lines = [
        f"- At the start the letters lie anywhere. After {steps[best]:,} steps a vowel is {apart[best, 0]:.2f} from other "
        f"vowels and {apart[best, 1]:.2f} from consonants: **{apart[best, 2]:.1f} times as far**. Nobody told the model what "
        f"a vowel is; it found out because vowels can stand in for each other. They were most apart at step {steps[top]:,}.",
        f"- Half of what it learns about the next letter, it learns in the first {halfway:,} of {steps[-1]:,} steps.",
        f"- It expects a name to begin with {first}.",
    ]
    if best < len(steps) - 1:
        lines.append(
            f"- From step {steps[best]:,} on it learned the list by heart rather than how names are built: dev loss rose "
            f"to {learned.dev_losses[-1]:.3f}. Names and figures below are from the better model."
        )
    if asked.config.dimensions > 2:
        lines.append(
            f"- The map shows {learned.plane_share:.0%} of the letters’ spread in {asked.config.dimensions} dimensions."
        )
    return "\n".join(lines)


def over_time(learned: LetterRun, theme: Theme) -> None:
    """Losses and vowel separation over the steps."""
    left, right = st.columns(2, gap="large")
    left.markdown("**Loss** on names it learns from (train) and on others (dev)")
    apart = learned.separations()
    said = (
        f"Train loss ends at {learned.losses[-1]:.3f} nats, dev loss at {learned.dev_losses[-1]:.3f}; ln 27 is 3.296."
    )
    left.altair_chart(charts.loss_chart(learned, theme, (330, 240)), key="letters_loss", alt=said)
    right.markdown("**Vowel separation**: from a vowel to the others, and to consonants")
    said = f"A vowel is {apart[-1, 0]:.2f} from vowels and {apart[-1, 1]:.2f} from consonants at the end."
    right.altair_chart(charts.separation_chart(learned, theme, (310, 240)), key="letters_apart", alt=said)


def rates(asked: Asked, theme: Theme) -> None:
    """The learning-rate sweep of these settings."""
    st.markdown(
        "Which **learning rate**? The lecture’s way to find out: one training of 1,000 steps, each with a slightly larger "
        "rate, from 0.001 to 1. Where the loss falls fastest and is not yet shaken, a rate is good."
    )
    key = f"sweep {asked.key}"
    points: np.ndarray | None = None
    if recorded(asked) is not None and asked.config == FAST:
        points = record().sweep
    else:
        job = jobs.find(key)
        if job is None and st.button("Try 1,000 learning rates"):
            names, config = asked.names.names, asked.config
            job = jobs.submit(key, lambda: sweep(names, config), total=SWEEP_POINTS)
        if job is not None and job.state != "finished":
            jobs.panel(job, lambda job: None, key="letters_sweep")
        elif job is not None:
            points = np.array(job.frames)
    if points is not None and len(points):
        best, end = points[points[:, 1].argmin()], points[-1]
        said = f"Loss over the learning rate: lowest, {best[1]:.2f} nats, near {best[0]:.2g}; this run began with {asked.config.learning_rate:g}."
        st.altair_chart(
            charts.sweep_chart(points, asked.config.learning_rate, theme, (560, 260)),
            key="letters_sweep_chart",
            alt=said,
        )
        if end[0] < 0.9:
            st.caption(f"Above a rate of {end[0]:.2g} training diverged.")


def two_and_ten(learned: LetterRun, asked: Asked, theme: Theme) -> None:
    """This run beside the same with the other number of dimensions."""
    here = asked.config.dimensions
    other = Asked(asked.source, asked.names, asked.digest, sized(asked.config, 10 if here == 2 else 2))
    beside = recorded(other)
    if beside is None:
        job = jobs.find(other.key)
        if job is None and st.button(f"Train it with {other.config.dimensions} dimensions, too"):
            job = _job(other)
        if job is not None and job.live:
            jobs.panel(job, lambda job: None, key="letters_other", stop="Stop the other training")
        elif job is not None and job.frames:
            beside = LetterRun.of(job.frames)
    if beside is None:
        return
    pair = sorted([(learned, asked), (beside, other)], key=lambda item: item[1].config.dimensions)
    (two, _), (ten, wide) = pair
    st.markdown(
        f"In 10 dimensions, with {wide.config.hidden} hidden units, dev loss is **{ten.dev_losses.min():.3f}** nats against "
        f"**{two.dev_losses.min():.3f}** in 2. The plane on the right shows only {ten.plane_share:.0%} of the letters’ spread, "
        "so two letters that look near in it may be far apart."
    )
    titles = ["2 dimensions, as they are", "10 dimensions, their main plane (PCA)"]
    _movie(f"{asked.key} beside {len(two.steps)} {len(ten.steps)}", [two, ten], titles, theme)
