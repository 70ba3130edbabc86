"""The results of the page Letters: the run while it learns, its movie, its figures."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from embedlab.charts.maps import word_map
from embedlab.charts.movie.movie import learning_movie
from embedlab.charts.theme import Theme
from embedlab.lessons.letters.alphabet import in_text, nearest_to_vowels
from embedlab.lessons.letters.bundled import record
from embedlab.lessons.letters.config import FAST, SNAPSHOTS, sized, snapshot_steps
from embedlab.lessons.letters.run import LetterRun, LetterSnapshot
from embedlab.ui import jobs, shell, widgets
from embedlab.ui.letters import charts, form, playground
from embedlab.ui.letters.form import Settings
from embedlab.ui.player import player
from embedlab.ui.pool import Job
from embedlab.ui.tables import data_table
from embedlab.vectors.queries import nearest_neighbors

CHAR_MLP = "embedlab.lessons.letters.char_mlp"
_LIVE_NAMES = 8
_LIVE_HEIGHT = 360
# In the session: of the last run that ended the key, the job unless it finished, what it learned.
_KEPT = "_letters_kept"
_SHOWN = "_letters_shown"  # in the session: what the page showed last


@dataclass(frozen=True)
class Found:
    """A run, and the settings that it was trained with."""

    settings: Settings
    run: LetterRun
    failed: bool = False  # it diverged after the last snapshot
    before: bool = False  # of the settings before: those asked for are being learned, or came to nothing


def find(settings: Settings) -> Found | None:
    """The run of these settings: recorded, found again, or begun now and shown live; until there is something learned,
    the run that the page showed before. None where there was none.
    """
    before: Found | None = st.session_state.get(_SHOWN)
    found = _find(settings, below=before is not None)
    if found is not None:
        st.session_state[_SHOWN] = found
        return found
    if before is None:
        return None
    shell.say_still(form.named(before.settings))
    return replace(before, before=True)


def _find(settings: Settings, *, below: bool) -> Found | None:
    """The run of these settings; None while nothing is learned.

    Args:
        below: whether the page goes on below with the run before.
    """
    bundled = recorded(settings)
    if bundled is not None:
        return Found(settings, bundled)
    key, job, learned = st.session_state.get(_KEPT, ("", None, None))
    if key != settings.key:
        job = submit(settings)
    if job is not None and job.state != "finished":

        def draw(job: Job[LetterSnapshot]) -> None:
            if job.live:
                _while_learning(job, settings, shell.theme(), below=below)

        again = partial(st.session_state.pop, _KEPT, None)
        jobs.panel(job, draw, key="letters", stop="Stop training", again=again, done=partial(done, settings))
    if key != settings.key:
        if job.live:
            return None
        learned = LetterRun.of(job.snapshots) if job.snapshots else None
        # Jobs are forgotten after a while; what a visitor looks at must not be, nor begin again by itself.
        st.session_state[_KEPT] = settings.key, None if job.state == "finished" else job, learned
    if learned is None:
        return None
    return Found(settings, learned, failed=job is not None and job.state == "failed")


def picture(found: Found, theme: Theme) -> None:
    """The movie of the run; not of the one before, where another is shown as it learns."""
    if found.before:
        return
    bundled = recorded(found.settings) is not None
    key = found.settings.key if bundled else f"{found.settings.key} {len(found.run.steps)}"
    movie(key, [found.run], [""], theme, view=shell.view(key))


def recorded(settings: Settings) -> LetterRun | None:
    """The bundled run of these settings, if there is one."""
    if settings.source == "names" and settings.config in (FAST, sized(FAST, 10)):
        return record().runs[settings.config.dimensions]
    return None


def submit(settings: Settings) -> Job[LetterSnapshot]:
    """The training of these settings, found again or begun."""
    names, config = settings.names.names, settings.config
    total = len(snapshot_steps(config.steps, SNAPSHOTS))
    return jobs.submit(settings.key, lambda: jobs.compute(f"{CHAR_MLP}:run", names, config), total=total)


def done(settings: Settings, snapshot: LetterSnapshot) -> float:
    """How much of a training is done at a snapshot, 0 to 1; most snapshots are of its beginning."""
    return snapshot.step / settings.config.steps


def _while_learning(job: Job[LetterSnapshot], settings: Settings, theme: Theme, *, below: bool) -> None:
    """The newest map, its loss and names invented just now; how, is asked for `below` if that is shown."""
    if job.latest is None:
        st.caption("Preparing …" if job.state == "running" else "Two other trainings are under way.")
        return
    step, model = job.latest.step, job.latest.model
    now, alphabet = LetterRun.of(job.snapshots, milestones=()), model.alphabet
    kinds = [charts.group(letter, alphabet) for letter in alphabet.symbols]
    place = {kind: i for i, kind in enumerate(charts.groups(alphabet))}
    # One of each kind comes first, in the order of their colors in the movie.
    order = sorted(range(len(alphabet)), key=lambda i: (i != kinds.index(kinds[i]), place[kinds[i]], i))
    letters = [alphabet.symbols[i] for i in order]
    groups = [kinds[i] for i in order]
    names = [charts.named(letter) for letter in letters]
    apart = now.separations()[-1, 2]
    with st.container(height=_LIVE_HEIGHT + 60, border=False):  # else the page would jump at every picture
        chart = word_map(names, now.plane()[-1][order], theme, groups=groups, height=_LIVE_HEIGHT)
        said = f"Map of the letters at step {step:,}"
        said += f"; vowels apart from consonants {apart:.1f} times." if alphabet.knows_vowels else "."
        playground.show(chart, "letters_live", said)
    row = st.columns(3)
    row[0].metric(f"Step, of {settings.config.steps:,}", f"{step:,}")
    row[1].metric("Dev loss", f"{job.latest.dev_loss:.3f} nats")
    if alphabet.knows_vowels:
        row[2].metric("Vowels apart", f"{apart:.2f} ×")
    chosen = playground.chosen_draws(alphabet) if below else playground.draws(alphabet)
    invented = chosen.of(model, _LIVE_NAMES)
    st.markdown(f"Names it invents now: {playground.marked(invented, settings.names)}")


def movie(key: str, runs: Sequence[LetterRun], titles: Sequence[str], theme: Theme, *, view: str = "") -> None:
    """The letters' paths over the plane, of one run or of two side by side.

    Args:
        key: says which.
        view: as in `player.controls`.
    """
    stage_name = f"letters{len(runs)}"
    with player.stage(stage_name) as stage:
        player.controls(stage, slider(runs), view=view)
        said = f"A movie: {story(runs[0])}"
        shown = letters_movie(key, theme, tuple(titles), tuple(runs))
        player.picture(shown, key=f"{stage_name}_{hash((key, theme.name))}", alt=said)


def slider(runs: Sequence[LetterRun]) -> player.Slider:
    """The slider of a movie of these runs."""
    return player.Slider("step", counts=max((run.steps for run in runs), key=len).tolist(), unit="step")


def story(run: LetterRun) -> str:
    """What the movie of a run shows, with its figures."""
    apart = run.separations()[:, 2]
    moved = f"{len(run.alphabet)} letters, as points on a plane, move over {run.steps[-1]:,} steps."
    if not run.alphabet.knows_vowels:
        return moved
    return (
        f"{moved} Vowels and consonants were {apart[0]:.1f} times as far apart as vowels among themselves, and are "
        f"{apart[-1]:.1f} times at the end."
    )


def figures(found: Found) -> None:
    """The numbers that matter."""
    learned, settings = found.run, found.settings
    dev, (near, far, ratio) = float(learned.dev_losses[learned.best]), learned.separations()[learned.best]
    new = settings.names.new_share(learned.model.sample(playground.COUNTED, seed=0))
    at = "At the end" if learned.best == len(learned.steps) - 1 else "Where dev loss was lowest"
    st.markdown(f"**{at}**, after step {learned.steps[learned.best]:,}")
    row, alphabet = st.columns(4), learned.alphabet
    vowels_help = (
        f"Mean distance from a vowel to a consonant ({far:.2f}) over that to another vowel ({near:.2f}), in all "
        f"{settings.config.dimensions} dimensions. 1 ×: no order."
    )
    if alphabet.knows_vowels:
        row[0].metric("Vowels apart", f"{ratio:.2f} ×", help=vowels_help)
    else:
        said = "Which of these letters are vowels is not known here, or the script writes none."
        row[0].metric("Symbols", f"{len(alphabet)}", help=said)
    loss_help = (
        "Mean cross-entropy over the tenth of the names that it does not learn from: −ln of the probability given to "
        f"the right letter, in **nats**, units of the natural "
        f"logarithm. Guessing costs ln {len(alphabet)} = {alphabet.uniform_loss:.3f}."
    )
    row[1].metric("Dev loss", f"{dev:.3f} nats", help=loss_help)
    perplexity_help = (
        f"e to the dev loss: as unsure as among so many equally likely letters; {len(alphabet)} is guessing."
    )
    row[2].metric("Perplexity", f"{np.exp(dev):.1f} letters", help=perplexity_help)
    new_help = f"Of {playground.COUNTED} names drawn at temperature 1, those that are not in the list."
    row[3].metric("New invented names", f"{new:.0%}", help=new_help)


def what_you_see(found: Found) -> str:
    """What this run shows, in sentences that name its numbers; Markdown."""
    learned, config = found.run, found.settings.config
    apart, dev, best, steps = learned.separations(), learned.dev_losses, learned.best, learned.steps
    if best == 0:
        return (
            f"**What you see**\n- It learned nothing: dev loss never fell below its first {dev[0]:.3f} nats. Map, "
            "figures and names are the untrained model’s."
        )
    alphabet, first = learned.alphabet, learned.losses[0]
    uniform, symbols = alphabet.uniform_loss, len(alphabet)
    half, sure = learned.half_learned, "by guessing" if first < uniform + 0.1 else "sure and wrong"
    start = "" if first < uniform + 0.1 else f" from ln {symbols}"
    fall = "" if half is None else f"; half of the fall{start} comes in the first {half:,} of {steps[-1]:,} steps"
    lines = ["**What you see**"]
    if alphabet.knows_vowels:
        top = int(apart[:, 2].argmax())
        lines.append(
            f"- After {steps[best]:,} steps consonants are **{apart[best, 2]:.2f} times** as far from a vowel as other "
            f"vowels ({apart[0, 2]:.2f} at the start"
            + (f", at most {apart[top, 2]:.2f} at step {steps[top]:,})." if learned.gathered else ").")
        )
    lines.append(f"- It begins {sure}, at {first:.2f} nats (ln {symbols} = {uniform:.2f}){fall}.")
    if learned.gathered:
        near = in_text(charts.named(nearest_to_vowels(learned.embeddings[best], alphabet)))
        lines.append(f"- The vowels’ nearest consonant: **{near}**.")
    if learned.worsened:
        why = "it **overfits** the list" if learned.overfitted else "it gets worse again"
        lines.append(
            f"- After step {steps[best]:,} {why}: dev loss ends at {dev[-1]:.3f}. Figures and names are those of step "
            f"{steps[best]:,}."
        )
    if config.dimensions > 2:
        lines.append(
            f"- The map shows {learned.plane_share:.0%} of the letters’ variance in {config.dimensions} dimensions."
        )
    return "\n".join(lines)


def what_broke(found: Found) -> str:
    """What is shown of a run that diverged; Markdown."""
    run = found.run
    last, dev, farthest = run.steps[-1], run.dev_losses, np.abs(run.embeddings).max(axis=(1, 2))
    where = "before the first update" if last == 0 else "the last state before training diverged"
    lines = [f"The letters up to step {last:,}, {where}."]
    if last:
        lines.append(
            f"Dev loss went from {dev[0]:,.2f} to {dev[-1]:,.2f} nats, and the largest coordinate from "
            f"{farthest[0]:.1f} to {farthest[-1]:,.1f}: **the steps were too large**."
        )
    lines.append("It is no result: there are no figures, and no names.")
    return "\n".join(["**What you see**", *(f"- {line}" for line in lines)])


def tries(found: Found) -> None:
    """Other settings, one click away."""
    with widgets.tries():
        st.button("English words: the vowels part again", on_click=form.fill, kwargs={"source": "english"})
        st.button("Learning rate 3: it learns nothing", on_click=form.fill, kwargs={"rate": 3.0})
        st.button("The lecture’s 200,000 steps: a minute", on_click=form.fill, kwargs={"recipe": "lecture"})


def numbers(found: Found) -> None:
    """The embedding matrix, and the figures of the run."""
    learned, alphabet = found.run, found.run.alphabet
    vectors = learned.model.vectors()
    nearest = {letter: charts.named(nearest_neighbors(vectors, letter, 1)[0].word) for letter in alphabet.symbols}
    records = [
        {"letter": charts.named(letter), "group": charts.group(letter, alphabet), "nearest": nearest[letter]}
        | {f"d{i}": float(value) for i, value in enumerate(row)}
        for letter, row in zip(alphabet.symbols, vectors.matrix, strict=True)
    ]
    shown, columns = data_table.for_dataframe(records, {f"d{i}": 3 for i in range(vectors.dimensions)})
    st.markdown(f"**The embedding matrix**, ({len(alphabet)}, {vectors.dimensions})")
    data_table.draw(shown, column_config=columns, key="letters_matrix")
    st.markdown("**The run**, losses in nats")
    course = zip(learned.steps, learned.losses, learned.dev_losses, learned.separations(), strict=True)
    rows = [
        {"step": int(step), "train loss": loss, "dev loss": dev}
        | ({"vowel to vowel": v, "vowel to consonant": c, "ratio": ratio} if alphabet.knows_vowels else {})
        for step, loss, dev, (v, c, ratio) in course
    ]
    data_table.draw(rows, key="letters_run")


def code(found: Found) -> tuple[str, ...]:
    """What ran."""
    return f"{CHAR_MLP}:CharMLP", "embedlab.training.loop:train"


@st.cache_resource(show_spinner=False, max_entries=40)
def letters_movie(key: str, theme: Theme, titles: tuple[str, ...], _runs: tuple[LetterRun, ...]) -> dict[str, Any]:
    """The movie of one run, or of two side by side, as Vega-Lite; `key` says which."""
    films = [charts.letters_film(run, title) for run, title in zip(_runs, titles, strict=True)]
    return learning_movie(films, theme=theme)
