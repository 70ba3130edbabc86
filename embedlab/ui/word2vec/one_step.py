"""One step of word2vec with every number, the first thing on the page: window, scores, loss, gradients, new rows."""

import html

import numpy as np
import streamlit as st

from embedlab.charts.theme import Theme
from embedlab.lessons.word2vec.one_step import (
    LOSSES,
    MOST_STEPS,
    Loss,
    RowUpdate,
    StepConfig,
    StepCourse,
    StepPlace,
    StepTables,
    drawn_again,
    first_sentences,
    likeliest,
    next_update,
    other_contexts,
    starting_tables,
    step_course,
    tables_after,
)
from embedlab.text.corpus import Corpus
from embedlab.ui import shell, turns, widgets
from embedlab.ui.address import address
from embedlab.ui.stepping import stepping
from embedlab.ui.tables import number_table
from embedlab.ui.tables.number_table import NumberGroup, RowName, column, in_tex
from embedlab.ui.word2vec import views
from embedlab.ui.words import asking

FIRST = 1_001  # step that the page opens with: after a thousand there is something to see
_FAR = 1_000  # steps of the button that goes far
_AROUND = 9  # words shown on either side of the center
_OTHERS = 5  # words shown beside the context where all V take part
_STYLE = """<style>
.window { display: flex; flex-wrap: wrap; gap: .3rem; align-items: start; }
.window span { padding: .05rem .4rem; border-radius: .4rem; border: 2px solid transparent; text-align: center; }
.window small { display: block; font-size: .68rem; line-height: 1.1; }
/* A phone has no room for what stands elsewhere, too: roles in the table, the losses at first in "What you see". */
@media (max-width: 640px) { .stElementContainer:has(> .stMetric) [data-testid=stMetricDelta] { display: none; } }
@media (max-width: 640px) { div:has(> .st-key-step_roles), .st-key-step_roles { display: none; } }
</style>"""


@turns.fragment
def draw(text: Corpus, key: str, theme: Theme) -> None:
    """The step that the address or the buttons name, on a text whose key this is."""
    with st.container(key=stepping.PLACE):
        loss, number = _ask()
        shown = shell.attempt("one_step", lambda: _computed(text, key, loss, number))
        if shown is None:
            return
        course, step, place = shown
        words = text.vocabulary.words
        _sentence(place, step, words, loss, theme)
        _roles(step, words, loss)
        if loss == "negative sampling":
            _say_twice(step, place, words)
        _table(step, words, loss, theme)
        _formulas(step, loss, course.config)
        _words(text, place, step)


def _ask() -> tuple[Loss, int]:
    """Draws the controls: which loss, and which step."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        loss = widgets.one_of("Loss of the step", LOSSES, key="step_loss", bind="query-params", bare=True)
        with st.popover("Settings"):
            _settings()
        pair_help = "A step learns from one pair of words. At step 1 nothing is known yet."
        address.whole("step")
        number = stepping.controls("step", MOST_STEPS, far=_FAR, begin=FIRST, help=pair_help)
    return loss, number


def _settings() -> None:
    st.slider("Window of a step", 1, 5, 2, key="step_window", bind="query-params")
    st.slider("Negatives K", 1, 8, 5, key="step_negatives", bind="query-params")
    st.slider("Dimensions D", 2, 5, 3, key="step_dims", bind="query-params")
    rates = [0.03, 0.1, 0.3]  # at 1 the rows grow without end
    st.select_slider("Learning rate η", rates, 0.3, key="step_eta", bind="query-params")
    address.whole("step_seed")
    st.number_input("Seed", 0, 999_999, 1, key="step_seed", bind="query-params")
    st.caption("Of this step alone: the run below also drops frequent words and varies its window.")


def _computed(text: Corpus, key: str, loss: Loss, number: int) -> tuple[StepCourse, RowUpdate, StepPlace]:
    asked = st.session_state
    config = StepConfig(
        asked["step_window"], asked["step_negatives"], asked["step_dims"], asked["step_eta"], seed=asked["step_seed"]
    )
    course = _course(key, config, text)
    return course, _update(key, config, loss, number, course), course.place(number)


@st.cache_resource(show_spinner=False, max_entries=16)
def _course(key: str, config: StepConfig, _text: Corpus) -> StepCourse:
    return step_course(_text, config)


@st.cache_resource(show_spinner=False, max_entries=16)
def _update(key: str, config: StepConfig, loss: Loss, number: int, _course: StepCourse) -> RowUpdate:
    done = number - 1
    return next_update(_course, tables_after(_course, done, _tables(key, config, loss, done // _FAR, _course)))


@st.cache_resource(show_spinner=False, max_entries=24)
def _tables(key: str, config: StepConfig, loss: Loss, thousands: int, _course: StepCourse) -> StepTables:
    """The tables after so many thousand steps, each from those a thousand before."""
    if not thousands:
        return starting_tables(_course, loss)
    return tables_after(_course, thousands * _FAR, _tables(key, config, loss, thousands - 1, _course))


def _sentence(place: StepPlace, step: RowUpdate, words: tuple[str, ...], loss: Loss, theme: Theme) -> None:
    """The sentence with the window on it, and the negatives."""

    def tile(word: str, role: str, color: str, *, full: bool = False) -> str:
        style = f"border-color:{color};" + (f"background:{color};color:{theme.paper}" if full else "")
        below = f"<small>{role}</small>" if role else ""
        return f'<span style="{style}"><bdi>{html.escape(word)}</bdi>{below}</span>'

    tiles = []
    begin, end = max(place.center - _AROUND, 0), min(place.center + _AROUND + 1, len(place.sentence))
    for position in range(begin, end):
        word = words[place.sentence[position]]
        if position == place.center:
            tiles.append(tile(word, "center", theme.accent, full=True))
        elif position == place.context:
            tiles.append(tile(word, "this context", theme.accent))
        elif position in place.window:
            tiles.append(tile(word, "context", theme.muted))
        else:
            tiles.append(tile(word, "", "transparent"))
    tiles = ["<span>…</span>"] * (begin > 0) + tiles + ["<span>…</span>"] * (end < len(place.sentence))
    drawn = ""
    if loss == "negative sampling":
        noise = "".join(tile(words[i], "", theme.second) for i in step.outputs[1:])
        drawn = f'<div class="window" style="margin-top:.3rem"><span>negatives:</span>{noise}</div>'
    st.html(f'{_STYLE}<div class="window">{"".join(tiles)}</div>{drawn}')


def _roles(step: RowUpdate, words: tuple[str, ...], loss: Loss) -> None:
    """Names the words of the step by their roles, before the table speaks of them in letters."""
    center, context = (f"“{shell.as_text(words[i])}”" for i in (step.center, step.outputs[int(step.targets.argmax())]))
    others = (
        f"all other {len(words) - 1:,} words"
        if loss == "full softmax"
        else f"{len(step.outputs) - 1} **negatives**, words drawn at random"
    )
    with st.container(key="step_roles"):
        st.markdown(
            f"The **center** {center}, row v, is to score high with its neighbor {context}, the **context**, row u₊, "
            f"and low with {others}, rows u. What is missing is the error e; η is the learning rate."
        )


def _say_twice(step: RowUpdate, place: StepPlace, words: tuple[str, ...]) -> None:
    """Names the negatives that the step has in another part as well; most steps have none."""
    right, lines = int(step.outputs[0]), []
    for word in drawn_again(step):
        errors = step.errors[step.outputs == word]
        what = "is the context and was drawn as a negative, too" if word == right else f"was drawn {len(errors)} times"
        each = "both gradients" if len(errors) == 2 else f"all {len(errors)} gradients"
        named = ", ".join(number_table.written(float(error), 3) for error in errors)
        lines.append(f"“{shell.as_text(words[word])}” {what}: its row gets {each}, of the errors {named}.")
    center = shell.as_text(words[step.center])
    lines += [
        f"“{shell.as_text(words[word])}” is drawn here by chance, and a context of “{center}” in another step: its row "
        "leaves v here, nears it there."
        for word in other_contexts(step, place)
    ]
    if lines:
        st.caption("  \n".join(lines))


def _table(step: RowUpdate, words: tuple[str, ...], loss: Loss, theme: Theme) -> None:
    """Every number of the step: of the center's row, then of the rows that are scored."""
    softmax = loss == "full softmax"
    chosen = likeliest(step, _OTHERS) if softmax else np.arange(len(step.outputs))
    roles = ["context u₊", *["other" if softmax else "negative u"] * (len(chosen) - 1)]
    rows = [RowName(words[step.center], "center v")]
    rows += [RowName(words[step.outputs[i]], role) for i, role in zip(chosen, roles, strict=True)]
    none = np.full((1, 1), np.nan)

    def single(values: np.ndarray) -> np.ndarray:
        return np.concatenate([none, values[chosen, None]])

    def both(vector: np.ndarray, others: np.ndarray) -> np.ndarray:
        return np.concatenate([vector[None], others[chosen]])

    digits = 3
    groups = [
        NumberGroup("row before", both(step.vector, step.rows)),
        NumberGroup("score v·u", single(step.scores), tinted=False),
        NumberGroup("P = softmax" if softmax else "σ(score)", single(step.probabilities), digits, tinted=False),
        NumberGroup("target", single(step.targets), 0, tinted=False),
        NumberGroup("error e", single(step.errors), digits),
        NumberGroup("gradient", both(step.vector_gradient, step.row_gradients), digits),
        NumberGroup("row after", both(step.new_vector, step.new_rows)),
    ]
    number_table.draw(rows, groups, theme, first="word")
    if softmax:
        left = np.ones(len(step.outputs), bool)
        left[chosen] = False
        st.caption(
            f"The other {left.sum():,} of V = {len(step.outputs):,} words share P = "
            f"{step.probabilities[left].sum():.3f}; each of their rows gets a gradient, too."
        )


def _words(text: Corpus, place: StepPlace, step: RowUpdate) -> None:
    """The text's first sentences; their words and those of the step, to be clicked."""
    title = "First sentences, and words to click"
    with st.expander(title, key="step_words", on_change="rerun") as opened:
        if not opened.open:
            return
        words, sentences = text.vocabulary.words, first_sentences(text)
        for sentence in sentences:
            st.markdown(f"- {shell.as_text(' '.join(sentence))}")
        outputs = step.outputs if len(step.outputs) < len(words) else likeliest(step, _OTHERS)
        shown = [words[i] for i in (step.center, *outputs, *place.sentence)]
        with widgets.changing("form_and_picture"):
            known = (word for sentence in sentences for word in sentence if word in text.vocabulary.index)
            asking.row([*shown, *known], key="of the step", box=views.BOX, said="Nearest to")


def _formulas(step: RowUpdate, loss: Loss, config: StepConfig) -> None:
    """The loss and both kinds of update, with this step's numbers."""
    right = int(step.targets.argmax())
    rate = f"{config.learning_rate:g}"
    value = in_tex(step.loss, 3)
    if loss == "full softmax":
        score, share = float(step.scores[right]), float(step.probabilities[right])
        total = in_tex(float(np.exp(score)) / share if share else np.inf, 1)
        said = (
            r"\begin{aligned}L &= -\ln\frac{e^{v\cdot u_+}}{\sum_{j=1}^{V} e^{v\cdot u_j}}\\"
            rf"&= -\ln\frac{{e^{{{in_tex(score)}}}}}{{{total}}} = -\ln {in_tex(share, 4)} = {value}\end{{aligned}}"
        )
        moved = r"\textstyle\sum_{j=1}^{V} e_j u_j"
    else:
        answers = np.where(step.targets == 1, step.probabilities, 1 - step.probabilities)
        logs = " ".join(rf"-\ln {in_tex(float(p), 3)}" for p in answers)
        said = (
            r"\begin{aligned}L &= -\ln\sigma(v\cdot u_+) - \sum_{k=1}^{K}\ln\sigma(-v\cdot u_k)\\"
            rf"&= {logs} = {value}\end{{aligned}}"
        )
        moved = r"\textstyle\sum_{j=0}^{K} e_j u_j"
    same = step.outputs == step.outputs[right]  # also drawn as noise
    error = in_tex(float(step.errors[same].sum()), 3)
    u = (
        rf"u_+' &= u_+ - \eta\, e_+ v = {column(step.rows[right])} - {rate}\cdot({error})"
        rf"{column(step.vector)} = {column(step.new_rows[right])}"
    )
    v = (
        rf"v' &= v - \eta {moved} = {column(step.vector)} - {rate}"
        rf"{column(step.vector_gradient, 3)} = {column(step.new_vector)}"
    )
    with st.container(horizontal=True, gap="small"):
        st.latex(said, width="content")
        st.latex(rf"\begin{{aligned}}{u}\\[.3em]{v}\end{{aligned}}", width="content")
