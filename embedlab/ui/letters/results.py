"""The parts of the page Letters: the run while it learns, its movie, its figures."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st

from embedlab.charts.maps import word_map
from embedlab.charts.theme import Theme
from embedlab.lessons.letters.alphabet import ALPHABET, UNIFORM_LOSS, nearest_to_vowels, vowel_separation
from embedlab.lessons.letters.bundled import record
from embedlab.lessons.letters.char_mlp import FAST, frame_steps, run, sized
from embedlab.lessons.letters.run import Frame, LetterRun
from embedlab.ui import jobs
from embedlab.ui.letters import charts, playground
from embedlab.ui.letters.form import Asked
from embedlab.ui.player import player
from embedlab.ui.pool import Job

FRAMES = 100
_SAMPLES = 500  # names that the share of new ones is counted on
_LIVE_NAMES = 8
_LIVE_HEIGHT = 360
_KEPT = (
    "_letters_kept"  # in the session: of the last run that ended the key, the job unless it finished, what it learned
)
_WATCHED = "_letters_seen_learning"  # in the session: key of the run whose movie then plays by itself
_GATHERED = 1.15  # times the separation at the start, or no order: from there on vowels can be said to have gathered
_WORSE = 0.01  # nats of dev loss above the best that are worth a sentence


def train(asked: Asked, theme: Theme) -> LetterRun | None:
    """The run asked for with its movie: the recorded one, one found again, or one that begins now and is shown live.

    Returns:
        None while it learns, and where there is nothing to show.
    """
    bundled = recorded(asked)
    if bundled is not None:
        movie(asked.key, [bundled], [""], theme)
        return bundled
    key, job, learned = st.session_state.get(_KEPT, ("", None, None))
    if key != asked.key:
        job = submit(asked)
    if job is not None and job.state != "finished":
        jobs.panel(
            job,
            lambda job: _while_learning(job, asked, theme),
            key="letters",
            stop="Stop training",
            again=lambda: st.session_state.pop(_KEPT, None),
        )
    if key != asked.key:
        if job.live:
            return None
        learned = LetterRun.of(job.snapshots) if job.snapshots else None
        # Jobs are forgotten after a while; what a visitor looks at must not be, nor begin again by itself.
        st.session_state[_KEPT] = asked.key, None if job.state == "finished" else job, learned
    if learned is None:
        return None
    fresh = st.session_state.pop(_WATCHED, None) == asked.key and job is not None and job.state == "finished"
    movie(f"{asked.key} {len(learned.steps)}", [learned], [""], theme, play=asked.key if fresh else "")
    return learned


def recorded(asked: Asked) -> LetterRun | None:
    """The bundled run of these settings, if there is one."""
    if asked.source == "names" and asked.config in (FAST, sized(FAST, 10)):
        return record().runs[asked.config.dimensions]
    return None


def submit(asked: Asked) -> Job[Frame]:
    """The training of these settings, found again or begun."""
    names, config = asked.names.names, asked.config
    total = len(frame_steps(config.steps, FRAMES))
    return jobs.submit(asked.key, lambda: run(names, config, frames=FRAMES), total=total)


def _while_learning(job: Job[Frame], asked: Asked, theme: Theme) -> None:
    """The newest map, its loss and names invented just now; nothing once training has ended."""
    if not job.live:
        return
    st.session_state[_WATCHED] = asked.key
    if job.latest is None:
        st.caption("Making ready …" if job.state == "running" else "Two other trainings are under way.")
        return
    step, model = job.latest.step, job.latest.model
    now, apart = LetterRun.of(job.snapshots, milestones=()), vowel_separation(model.embeddings)
    order = [*range(1, len(ALPHABET)), 0]  # a vowel, a consonant, the end: colours as in the movie
    letters = [ALPHABET[i] for i in order]
    groups = [charts.group(letter) for letter in letters]
    names = [charts.named(letter) for letter in letters]
    with st.container(height=_LIVE_HEIGHT + 60, border=False):  # else the page would jump at every picture
        chart = word_map(names, now.plane()[-1][order], theme, groups=groups, height=_LIVE_HEIGHT)
        said = f"Map of the letters at step {step:,}; vowels apart from consonants {apart.ratio:.1f} times."
        playground.picture(chart, "letters_live", said)
    row = st.columns(3)
    row[0].metric(f"Step, of {asked.config.steps:,}", f"{step:,}")
    row[1].metric("Dev loss", f"{job.latest.dev_loss:.3f} nats")
    row[2].metric("Vowels apart", f"{apart.ratio:.2f} ×")
    invented = playground.draws().of(model, _LIVE_NAMES)
    st.markdown(f"Names it invents now: {playground.marked(invented, set(asked.names.names))}")


def movie(key: str, runs: Sequence[LetterRun], titles: Sequence[str], theme: Theme, *, play: str = "") -> None:
    """The letters' way over the plane, of one run or of two side by side, with its controls.

    Args:
        key: says which runs.
        play: plays by itself once for each new value that is not empty.
    """
    spec = dict(letters_movie(key, theme, tuple(titles), tuple(runs)))  # Streamlit takes the datasets out
    apart = runs[0].separations()[:, 2]
    story = (
        f"A movie: 27 letters on a plane move over {runs[0].steps[-1]:,} steps. Vowels and consonants were "
        f"{apart[0]:.1f} times as far apart as vowels among themselves, and are {apart[-1]:.1f} times at the end."
    )
    stage_name = f"letters{len(runs)}"
    with player.stage(stage_name) as stage:
        player.controls(stage, "step", autoplay=play)
        st.vega_lite_chart(spec, width="content", key=f"{stage_name}_{hash((key, theme.name))}", alt=story)


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
        help=f"Vowels lie {near:.2f} from each other and {far:.2f} from consonants on average, in the "
        f"{asked.config.dimensions} dimensions of the embeddings. 1 × means no order.",
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
    apart, dev, best, steps = learned.separations(), learned.dev_losses, learned.best, learned.steps
    if best == 0:
        return (
            f"- It learned nothing: dev loss never came below the {dev[0]:.3f} nats that it began with. The map, the "
            "figures and the names are those of a model that knows nothing."
        )
    top = int(apart[:, 2].argmax())
    gathered = apart[best, 2] > _GATHERED * max(apart[0, 2], 1.0)
    lines = [
        f"- At the start the letters lie anywhere. After {steps[best]:,} steps a vowel is {apart[best, 0]:.2f} from "
        f"other vowels and {apart[best, 1]:.2f} from consonants: **{apart[best, 2]:.1f} times as far**."
    ]
    if gathered:
        lines[0] += (
            " Nobody told the model what a vowel is; it found out because vowels can stand in for each other. "
            f"Vowels and consonants stood apart most at step {steps[top]:,}."
        )
    if dev[best] < UNIFORM_LOSS:
        halfway = steps[np.flatnonzero(dev <= (UNIFORM_LOSS + dev[best]) / 2)[0]]
        lines.append(f"- Half of all it learns about the next letter, it learns in {halfway:,} of {steps[-1]:,} steps.")
    odds = learned.model.next_letter("")
    first = ", ".join(f"{charts.named(ALPHABET[i])} ({odds[i]:.0%})" for i in np.argsort(odds)[::-1][:3])
    lines.append(f"- It expects a {'word' if asked.source == 'english' else 'name'} to begin with {first}.")
    if gathered:
        lines.append(
            f"- Of the consonants, **{nearest_to_vowels(learned.embeddings[best])}** lies nearest to the vowels."
        )
    if dev[-1] > dev[best] + _WORSE:
        by_heart = learned.losses[-1] < learned.losses[best]
        why = "it learned the list by heart rather than how names are built" if by_heart else "it got worse again"
        lines.append(
            f"- After step {steps[best]:,} {why}: dev loss ended at {dev[-1]:.3f}. Figures and names here are from the "
            "better model."
        )
    if asked.config.dimensions > 2:
        lines.append(
            f"- The map shows {learned.plane_share:.0%} of the letters’ spread in {asked.config.dimensions} dimensions."
        )
    return "\n".join(lines)


@st.cache_resource(show_spinner=False, max_entries=40)
def letters_movie(key: str, theme: Theme, titles: tuple[str, ...], _runs: "tuple[LetterRun, ...]") -> dict[str, Any]:
    """The movie of one run of Letters, or of two side by side, as Vega-Lite; `key` says which."""
    from embedlab.charts.movie import movie
    from embedlab.ui.letters import charts

    films = [charts.letters_film(run, title) for run, title in zip(_runs, titles, strict=True)]
    return movie.movie_spec(films, theme=theme)
