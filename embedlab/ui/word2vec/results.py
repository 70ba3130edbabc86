"""What the page Word2vec answers: a run while it learns and when it has ended, its figures, and what they say."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import streamlit as st

from embedlab.charts.theme import Theme
from embedlab.lessons.word2vec.config import expected_seconds
from embedlab.lessons.word2vec.gensim_engine import train_word2vec
from embedlab.lessons.word2vec.history import RunHistory
from embedlab.lessons.word2vec.one_step import LOSSES, score_multiplications, skip_gram_update
from embedlab.lessons.word2vec.pairs import keep_probability, noise_distribution, window_pairs
from embedlab.lessons.word2vec.run import RunSnapshot
from embedlab.text.corpus import Corpus
from embedlab.ui import cache, jobs, shell, widgets
from embedlab.ui.pool import Job
from embedlab.ui.tables import data_table
from embedlab.ui.widgets import Code
from embedlab.ui.word2vec import form, views
from embedlab.ui.word2vec.form import Settings
from embedlab.ui.words import asking
from embedlab.vectors import queries

_FEW = 200_000  # words of a real text, below which most neighbors say little


@dataclass(frozen=True, eq=False)
class Found:
    """A run, under way or ended."""

    settings: Settings
    text: Corpus
    job: Job[RunSnapshot]

    @property
    def ended(self) -> bool:
        """Whether nothing more will be learned, and something was."""
        return not self.job.live and bool(self.job.snapshots) and self.job.snapshots[-1].words_seen > 0

    @cached_property
    def learned(self) -> RunHistory:
        """What was learned; to be asked once the run has ended."""
        return views.history(self.job, self.settings, self.text)


def find(settings: Settings) -> Found:
    """The run, begun or joined; a short one is waited for."""
    choice, config = settings.choice, settings.config
    text = cache.text(choice.key, choice)
    truth = cache.world(choice.world_words, choice.world_seed).analogies if settings.is_world else None
    job: Job[RunSnapshot] = jobs.submit(
        settings.key, lambda: jobs.compute("embedlab.lessons.word2vec.run:run", text, config, truth),
        total=config.snapshots(text), recorded=None if settings.live else "word2vec",
    )  # fmt: skip
    if expected_seconds(text, config) < 8:
        with st.spinner("Learning from the text"):
            job.wait(20)
    return Found(settings, text, job)


def picture(found: Found, theme: Theme) -> None:
    """The run as far as it is."""
    text, job = found.text, found.job
    widgets.said_first(text.notes)

    def draw(job: Job[RunSnapshot]) -> None:
        if job.live:
            views.while_learning(job, found.settings, text, theme)
        elif found.ended:
            views.finished(found.learned, found.settings, text, theme)
        elif job.state == "stopped":
            st.info("It was stopped before anything was learned.")

    jobs.panel(job, draw, key="word2vec", stop="Stop training")
    jobs.say_if_recorded(job, "Train")


def figures(found: Found) -> None:
    """The numbers that matter, those of two methods side by side; none before the end."""
    if not found.ended:
        return
    learned = found.learned
    methods = range(len(learned.methods))
    names = " · ".join(map(views.name_of, learned.methods))
    end = "at the end" if found.job.state == "finished" else f"after {learned.words_seen[-1]:,} words"
    st.markdown(
        f"**{names[:1].upper()}{names[1:]}**, V = {len(found.text.vocabulary):,}, D = "
        f"{found.settings.config.dimensions}, {end}"
    )
    row = iter(st.columns(4))
    truths, queens = [learned.truths(m)[-1] for m in methods], [_queen(learned, m) for m in methods]
    if np.isfinite(truths).all():
        truth_help = "Share of the analogies that must hold here (couples, capitals, languages, tenses) that do."
        next(row).metric("Known analogies", " · ".join(f"{truth:.0%}" for truth in truths), help=truth_help)
    if all(queens):
        listed = (", ".join(f"{shell.as_text(n.word)} {shell.decimal(n.similarity)}" for n in near) for near in queens)
        queen_help = f"Nearest to that sum by cosine, the three given words left out: {' · '.join(listed)}."
        words = " · ".join(shell.as_text(near[0].word) for near in queens)
        next(row).metric("king − man + woman", words, help=queen_help)
    losses = " · ".join(f"{learned.losses(m)[-1]:.3f}" for m in methods)
    loss_help = (
        "Mean over the pairs since the moment before, as at the movie’s end, in **nats**: −ln of the probability of "
        "the right answers; nats are units of the natural logarithm."
    )
    guessing = " · ".join(f"{mark.y:.2f}" for mark in views.starts(found.settings, found.text).values())
    next(row).metric("Loss per pair", losses, f"nats; at first {guessing}", "off", delta_arrow="off", help=loss_help)
    config = found.settings.config
    if set(learned.methods) <= set(LOSSES):  # what does not depend on the machine
        cost = score_multiplications([len(found.text.vocabulary)], config.dimensions, config.pairs.negatives)
        of = {"negative sampling": cost.negative_sampling[0], "full softmax": cost.softmax[0]}
        products = " · ".join(f"{of[method]:,}" for method in learned.methods)
        cost_help = (
            "For the scores of a pair: (K + 1)·D by negative sampling, V·D by the full softmax; the "
            "gradients take twice as many again."
        )
        next(row).metric("Multiplications per pair", products, help=cost_help)
    else:
        times = " · ".join(f"{learned.seconds(m)[-1]:.1f}" for m in methods)
        next(row).metric("Training took", f"{times} s", help=f"For {learned.words_seen[-1]:,} words.")


def what_you_see(found: Found) -> str:
    """What this run shows, in sentences that name its numbers; Markdown. Nothing before the end."""
    if not found.ended:
        return ""
    learned, settings, text = found.learned, found.settings, found.text
    costs = [f"{mark.name} nats for {views.name_of(method)}" for method, mark in views.starts(settings, text).items()]
    apart = ": **two scales**, so compare each loss with its own start, not with the other" if len(costs) > 1 else ""
    lines = ["**What you see**", f"- The loss begins by guessing, at {' and '.join(costs)}{apart}."]
    watched = zip(settings.config.validation, learned.snapshots[-1].neighbors[0], strict=True)
    if moved := [(word, near) for word, near in watched if near]:
        word, company = moved[-1]
        named = ", ".join(shell.as_text(one) for one in company[:3])
        few = not settings.is_world and len(text) < _FEW
        why = f". On few words, {len(text):,} here, much of that is chance" if few else ": they share contexts"
        lines.append(f"- “{shell.as_text(word)}” ends up near {named}{why}.")
    return "\n".join(lines)


def _queen(learned: RunHistory, method: int) -> list[queries.Neighbor]:
    """king - man + woman in the vectors of a method; empty where the text lacks one of the words."""
    vectors = learned.snapshots[-1].tables[method].center
    if any(word not in vectors for word in ("king", "man", "woman")):
        return []
    return queries.analogy(vectors, ["king", "woman"], ["man"], 3)


def tries(found: Found) -> None:
    """Settings worth a look."""
    two, news = {"dims": 2, "passes": 10, "engine": "negatives"}, {"text": "news", "engine": "windows", "passes": 10}
    with widgets.tries():
        st.button("2 dimensions: hardly any analogy holds", on_click=form.fill, kwargs=two)
        st.button("Window 1: fewer analogies hold", on_click=form.fill, kwargs={"window": 1})
        st.button("News: 60,000 words do not find queen", on_click=form.fill, kwargs=news | {"min_count": 3})


def numbers(found: Found) -> None:
    """Every snapshot of every method as a row."""
    formats_of = {"words read": "localized", "loss": "%.3f", "seconds": "%.2f", "known analogies": "percent"}
    helps = {"loss": "Nats per pair.", "seconds": "Of learning."}
    columns = {
        name: st.column_config.NumberColumn(format=shown, help=helps.get(name)) for name, shown in formats_of.items()
    }
    data_table.draw(records(found), column_config=columns, key="word2vec_numbers")
    learned = found.learned
    st.markdown(f"**The words of the map** at the end, {learned.methods[0]}")
    vectors, groups = learned.snapshots[-1].tables[0].center, views.groups_of(found.settings)
    words = [
        {"word": word, "group": groups.get(word, ""), "nearest": [near.word for near in nearest]}
        for word in learned.words
        for nearest in [queries.nearest_neighbors(vectors, word, 3)]
    ]
    asking.table(words, ["word", "nearest"], key="word2vec_words", box=views.BOX)


def records(found: Found) -> list[dict[str, Any]]:
    """Every snapshot of every method."""
    learned = found.learned
    rows = [
        {
            "words read": snapshot.words_seen, "method": method, "loss": snapshot.losses[m],
            "seconds": snapshot.seconds[m], "known analogies": snapshot.truths[m],
        }
        for m, method in enumerate(learned.methods)
        for snapshot in learned.snapshots
    ]  # fmt: skip
    if learned.snapshots[-1].truths[0] is None:
        for row in rows:
            del row["known analogies"]
    return rows


def code(found: Found) -> tuple[Code, ...]:
    """The models of the methods that ran, how they get their pairs, and the training loop."""
    skip_gram = "embedlab.lessons.word2vec.skip_gram"
    models: dict[str, tuple[Code, ...]] = {
        "negative sampling": (f"{skip_gram}:SkipGramNegativeSampling",),
        "full softmax": (f"{skip_gram}:SkipGramSoftmax",),
        "by windows": (f"{skip_gram}:SkipGramWindows", f"{skip_gram}:windows_loss"),
        "gensim": (train_word2vec,),
    }
    used = [thing for method in found.settings.config.methods for thing in models[method]]
    return skip_gram_update, *used, window_pairs, keep_probability, noise_distribution, "embedlab.training.loop:train"
