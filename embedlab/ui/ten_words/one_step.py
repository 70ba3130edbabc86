"""One step of Ten words with every number, as a tab: a sentence forward and backward, and what it changes."""

import numpy as np
import streamlit as st

from embedlab.charts.theme import Theme
from embedlab.lessons.ten_words.one_step import TaggerStep, step_of_run, steps_of_run
from embedlab.ui import shell, widgets
from embedlab.ui.address import address
from embedlab.ui.stepping import stepping
from embedlab.ui.tables import number_table
from embedlab.ui.tables.number_table import NumberGroup, RowName, column, in_tex
from embedlab.ui.ten_words.results import Found

_FAR = 10  # epochs of the button that goes far


def draw(found: Found, theme: Theme) -> None:
    """A step of a run, the chosen one."""
    run, config = found.runs[0], found.configs[0]
    if len(found.runs) > 1:
        title = widgets.one_of("Run", found.titles, key="step_run", bind="query-params")
        place = found.titles.index(title)
        run, config = found.runs[place], found.configs[place]
    count = len(run.text.sentences)
    with st.container(key=stepping.PLACE):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            sentence_help = "A step learns from one sentence; after the last one the next epoch begins."
            address.whole("step_number")
            number = stepping.controls("step_number", steps_of_run(run), far=_FAR * count, help=sentence_help)
        epoch, sentence = divmod(number - 1, count)
        step = step_of_run(run, number, config.learning_rate)
        words, tags = run.text.words, run.text.tags
        said = " ".join(f"{words[i]}/{tags[t]}" for i, t in zip(step.ids, step.tags, strict=True))
        st.markdown(
            f"Epoch {epoch + 1:,}, sentence {sentence + 1} of {count}: **{shell.as_text(said)}**. Loss {step.loss:.3f} "
            f"nats, the mean of its {len(step.ids)} words."
        )
        if config.optimizer != "sgd":
            st.caption("This run used Adam; the step shown is plain SGD’s.")
        _forward(step, words, tags, theme)
        _formulas(step, config.learning_rate)
        _backward(step, words, tags, theme)


def _forward(step: TaggerStep, words: tuple[str, ...], tags: tuple[str, ...], theme: Theme) -> None:
    st.markdown(f"**Forward**: each word’s row is scored for {', '.join(map(shell.as_text, tags))}.")
    groups = [
        NumberGroup("row x", step.vectors, names=("x₁", "x₂")),
        NumberGroup("scores W·x + b", step.scores, names=tags),
        NumberGroup("P = softmax", step.probabilities, tinted=False, names=tags),
        NumberGroup("loss −ln P", step.losses[:, None], 3, tinted=False),
        NumberGroup("gradient (P − target) / N", step.score_gradients, 3, names=tags),
    ]
    rows = [RowName(words[i], tags[t]) for i, t in zip(step.ids, step.tags, strict=True)]
    number_table.draw(rows, groups, theme, first="word")


def _formulas(step: TaggerStep, rate: float) -> None:
    """The first word's numbers in the formulas."""
    tag, count, word = int(step.tags[0]), len(step.ids), int(step.ids[0])
    share = float(step.probabilities[0, tag])
    loss = (
        r"\begin{aligned}L &= -\frac{1}{N}\sum_{n=1}^{N}\ln P_n(\text{right tag})\\"
        rf"&= \frac{{1}}{{{count}}}\left(-\ln {in_tex(share)}{'' if count == 1 else ' - ' + chr(92) + 'dots'}\right)"
        rf" = {in_tex(step.loss, 3)}\end{{aligned}}"
    )
    row = (
        rf"x' = x - \eta\,\frac{{\partial L}}{{\partial x}} = {column(step.before.embeddings[word])}"
        rf" - {rate:g}{column(step.gradient.embeddings[word], 3)} = {column(step.after.embeddings[word], 3)}"
    )
    with st.container(horizontal=True, gap="medium"):
        for formula in (loss, row):
            st.latex(formula, width="content")


def _backward(step: TaggerStep, words: tuple[str, ...], tags: tuple[str, ...], theme: Theme) -> None:
    st.markdown("**Backward**: only this sentence’s words and the linear layer move.")
    used = list(dict.fromkeys(step.ids.tolist()))
    parts = (step.before, step.gradient, step.after)
    named = ("before", "gradient", "after")
    rows = [RowName(words[i]) for i in used]
    embeddings = [part.embeddings[used] for part in parts]
    layer = [np.column_stack([part.weights, part.biases]) for part in parts]
    with st.container(horizontal=True):
        groups = _groups(named, embeddings, ("x₁", "x₂"))
        number_table.draw(rows, groups, theme, first="word", width="content")
        groups = _groups(named, layer, ("w₁", "w₂", "b"))
        number_table.draw([RowName(tag) for tag in tags], groups, theme, first="tag", width="content")


def _groups(titles: tuple[str, ...], values: list[np.ndarray], names: tuple[str, ...]) -> list[NumberGroup]:
    return [NumberGroup(title, part, 3, names=names) for title, part in zip(titles, values, strict=True)]
