"""The closer look of the page Transfer: a typed sentence, unseen words, losses and mistakes."""

from dataclasses import replace

import numpy as np
import streamlit as st

from embedlab.charts import heatmaps
from embedlab.charts.theme import Theme
from embedlab.formats.limits import shown_word
from embedlab.lessons.transfer.bundled import bundled_three_starts
from embedlab.lessons.transfer.conclusions import NAMES, why_wrong
from embedlab.lessons.transfer.config import RECIPES, SECONDS
from embedlab.lessons.transfer.data.sentences import MAX_VOCABULARY
from embedlab.lessons.transfer.initialization import known_vectors
from embedlab.lessons.transfer.learning_curves import METHODS, CurveConfig, LearningCurves, accuracy_by_unseen
from embedlab.lessons.transfer.predictions import Prediction, confusion, explain
from embedlab.lessons.transfer.three_starts import ThreeStarts, ThreeStartsConfig, start_snapshots
from embedlab.text.tokenization import sentence_tokens
from embedlab.ui import jobs, pool, shell, widgets
from embedlab.ui.transfer import charts, movement
from embedlab.ui.transfer.results import LESSON, MISSED, PLACE, SENTENCE, VIEWS, Found
from embedlab.ui.words import asking
from embedlab.vectors.word_vectors import WordVectors

_ENOUGH = 100  # validation sentences, below which a rise of their loss may be chance
_PATIENCE = 6.0  # seconds that a page waits for a short run before it shows a progress bar


def show(found: Found, theme: Theme) -> Found:
    """Draws the view that is chosen; returns what was found with the runs that the view needed."""
    with st.container(key=PLACE):
        return _show(found, theme)


def _show(found: Found, theme: Theme) -> Found:
    st.markdown("#### A closer look")
    view = widgets.one_of("View", VIEWS, key="look", bind="query-params", bare=True)
    if view == "Unseen words":
        if found.curves.sizes:
            _unseen(found.curves, theme)
        return found
    sizes = CurveConfig().sizes_for(len(found.data.sentences.rows("train")))
    size = _choose_size(sizes, sizes[-1], key="trained_on")
    found = replace(found, look=replace(found.look, size=size))
    runs = _three_starts(found)
    if runs is None:
        return found
    found = replace(found, runs=runs)
    if view == "Try a sentence":
        _sentence(found, runs, theme)
    elif view == "What moved":
        movement.moved(found, runs, theme)
    else:
        _mistakes(found, runs, theme)
    return found


def _three_starts(found: Found) -> ThreeStarts | None:
    """One run of each start; a progress bar and None while they train, the finished ones if training was stopped."""
    sentences, look = found.data.sentences, found.look
    if found.usual and (bundled := _bundled(found.vectors, look)) is not None:
        return bundled
    vectors = known_vectors(sentences, found.vectors)
    key, total = f"transfer three ways {found.key} {look}", start_snapshots(sentences, look)
    job: pool.Job[ThreeStarts] = jobs.submit(
        key, lambda: jobs.compute(f"{LESSON}.three_starts:run_three_starts", sentences, vectors, look), total=total
    )
    job.wait(_PATIENCE)
    three = None if job.latest is None else job.latest.with_pretrained(found.vectors)
    if job.state == "finished" and three is not None:
        if not all(run.complete for run in three.runs):
            ended = ", ".join(f"{NAMES[run.start]} after {run.updates[-1]:,}" for run in three.runs if not run.complete)
            st.caption(f"Some updates were not made, because {SECONDS:.0f} seconds were over: {ended}.")
        return three
    jobs.panel(job, _progress, key="transfer_ways", stop="Stop training for the closer look")
    return three if not job.live and three is not None and three.runs else None


@st.cache_resource(show_spinner=False, max_entries=1)
def _bundled(_vectors: WordVectors, look: ThreeStartsConfig) -> ThreeStarts | None:
    """The recorded runs of the bundled sentences and vectors; None for other settings."""
    return bundled_three_starts(_vectors, look)


def _progress(job: pool.Job[ThreeStarts]) -> None:
    done = ", ".join(NAMES[run.start] for run in job.latest.runs) if job.latest else ""
    st.caption(f"Training three ways; finished: {done or 'none yet'}." if job.live else f"Finished: {done or 'none'}.")


def _sentence(found: Found, runs: ThreeStarts, theme: Theme) -> None:
    """Three predictions for a sentence, and what each word adds."""
    text = st.text_input("A sentence", SENTENCE, max_chars=400, key="sentence", bind="query-params")
    labels, rules = found.data.sentences.labels, found.data.sentences.rules
    label = labels[-1]
    if len(labels) > 2:
        if st.session_state.get("verdict_label", label) not in labels:  # chosen for other data
            del st.session_state["verdict_label"]
        label = st.selectbox("Show what speaks for", labels, len(labels) - 1, key="verdict_label", bind="query-params")
    shown = shell.attempt(
        "transfer_sentence",
        lambda: (text, [explain(run.classifier, text, label, rules) for run in runs.runs]),
        inputs=["sentence"],
        still=lambda shown: shown_word(shown[0]),
    )
    if shown is None:
        return
    text, predictions = shown
    with st.container(key="small_figures"):
        columns = st.columns(3)
    for column, each in zip(columns, predictions, strict=False):  # fewer where training was stopped
        winner = each.winner
        said = "knows no word" if winner is None else f"{shell.as_text(winner)} {each.probabilities[winner]:.0%}"
        column.metric(NAMES[each.start].capitalize(), said)
    chart = charts.contribution_bars(predictions, theme)
    alt = " ".join(map(_story, predictions))
    asking.chart(chart, key=f"verdicts {text}", alt=alt, selections=asking.ON_MAP)
    if found.data.key == "opinions" and text in MISSED.values() and (why := why_wrong(predictions, labels[0])):
        st.markdown(why)
    st.caption(
        f"{_how_exact(predictions, found)} {_unknown_words(predictions)}{_rarer(text, found)}",
        help="**Nats**: units of the natural logarithm. Log-odds of 2.3 nats are odds of e²·³ = 10 to 1.",
    )


def _story(prediction: Prediction) -> str:
    if prediction.winner is None:
        return f"{NAMES[prediction.start]} knows no word."
    most = max(prediction.contributions, key=lambda each: abs(each.amount))
    return f"{NAMES[prediction.start]}: {prediction.winner}; most weight has {most.word}, {most.amount:+.2f} nats."


def _how_exact(predictions: list[Prediction], found: Found) -> str:
    prediction = predictions[-1]
    odds = "log-odds" if len(found.data.sentences.labels) == 2 else "score against the other labels’ mean"
    if prediction.exact:
        return (
            f"Bars and bias ({NAMES[prediction.start]}: {shell.decimal(prediction.bias)}) add up to the {odds} of "
            f"“{shell.as_text(prediction.label)}”; word order, and so what “not” negates, is ignored."
        )
    total = shell.decimal(sum(each.amount for each in prediction.contributions), 1)
    return (
        f"With hidden layers, a bar is how the {odds} of “{shell.as_text(prediction.label)}” change when the word is "
        f"left out of the mean: bars do not add up ({NAMES[prediction.start]}: {total}, where the {odds} are "
        f"{shell.decimal(prediction.log_odds, 1)}).{_why_contrary(predictions)}"
    )


def _why_contrary(predictions: list[Prediction]) -> str:
    """Why a word that speaks for the verdict has a bar against it; nothing where none does."""
    contrary = [(each, *each.milder) for each in predictions if each.milder]
    if not contrary:
        return ""
    prediction, bar, alone = max(contrary, key=lambda found: abs(found[1].amount))
    away, farther = ("right", "below") if prediction.log_odds < 0 else ("left", "above")
    return (
        f" {NAMES[prediction.start].capitalize()}, “{shell.as_text(bar.word)}” by itself is at "
        f"{shell.decimal(alone, 1)}, yet its bar points {away}: it is milder than the others, and the mean without it "
        f"is even farther {farther} 0."
    )


def _unknown_words(predictions: list[Prediction]) -> str:
    parts = []
    for prediction in predictions:
        unknown = [each.word for each in prediction.contributions if each.known == "unknown"]
        if unknown:
            words = ", ".join(f"“{shell.as_text(word)}”" for word in dict.fromkeys(unknown))
            parts.append(f"{NAMES[prediction.start]} has no vector for {words}")
    said = "; ".join(parts)
    return f"{said[:1].upper()}{said[1:]}." if parts else ""


def _rarer(text: str, found: Found) -> str:
    """How a typed sentence treats words too rare for the vocabulary, which test sentences leave out."""
    vocabulary, rules = found.data.sentences.vocabulary, found.data.sentences.rules
    if len(vocabulary) < MAX_VOCABULARY or all(word in vocabulary.index for word in sentence_tokens(text, rules)):
        return ""
    return (
        f" Beyond the {MAX_VOCABULARY:,} most frequent words, a typed sentence uses pretrained vectors if any; test "
        "sentences leave such words out."
    )


def _choose_size(sizes: list[int], usual: int, *, key: str) -> int:
    """The number of training sentences; a choice made for other data, with other sizes, is dropped."""
    if st.session_state.get(key, usual) not in sizes:
        del st.session_state[key]
    return int(
        st.select_slider("Training sentences", sizes, usual, key=key, bind="query-params", format_func="{:,}".format)
    )


def _unseen(curves: LearningCurves, theme: Theme) -> None:
    """Accuracy by the share of words that training never saw."""
    size = _choose_size(curves.sizes, 100 if 100 in curves.sizes else curves.sizes[0], key="unseen_after")
    scores = accuracy_by_unseen(curves, size, METHODS)
    if not scores:
        st.info("Too few test sentences to tell.")
        return
    last = scores[-1].share
    tail = {score.method: score.accuracy for score in scores if score.share == last}
    said = ", ".join(f"{NAMES[method]} {tail[method]:.0%}" for method in METHODS if method in tail)
    st.vega_lite_chart(charts.unseen_dots(scores, theme), key="unseen", alt=f"Unseen words: {last}. {said}.")
    st.caption(
        f"Where most words are unseen ({last}): {said}. From scratch, an unseen word keeps its random vector. Lines: "
        "standard errors."
    )


def _mistakes(found: Found, runs: ThreeStarts, theme: Theme) -> None:
    """Losses over the updates, and confusion matrices."""
    test = found.data.sentences.rows("test")
    right, labels = found.data.sentences.label_ids[test], found.data.sentences.labels
    shown = [label if len(label) <= 12 else label[:11] + "…" for label in labels]
    top = max(0.8, *(float(np.max(run.validation_losses)) for run in runs.runs)) * 1.05
    for column, run in zip(st.columns(3), runs.runs, strict=False):
        with column:
            said = f"{NAMES[run.start]}: lowest validation loss {run.validation_losses.min():.2f} nats."
            st.vega_lite_chart(charts.loss_curves(run, theme, top=min(top, 4.0)), key=f"loss_{run.start}", alt=said)
            table = confusion(run.predicted, right, labels)
            accuracy = np.trace(table) / max(table.sum(), 1)
            st.markdown(f"**{accuracy:.1%}** of {table.sum():,} right")
            said = f"Confusion matrix: {np.trace(table)} of {table.sum()} on the diagonal."
            matrix = heatmaps.matrix(table.astype(float), shown, shown, theme, digits=0, stretched=True)
            st.vega_lite_chart(matrix, key=f"confusion_{run.start}", alt=said)
    st.caption(f"Rows: true labels; columns: predictions. {_stopping(found, runs)}")


def _stopping(found: Found, runs: ThreeStarts) -> str:
    """What the validation sentences say about where to stop."""
    parts = []
    for run in runs.runs:
        rated = zip(run.validation_accuracies[1:], -run.validation_losses[1:], run.updates[1:], strict=True)
        accuracy, _, update = max(rated, key=lambda each: each[:2])  # as early stopping chooses
        parts.append(f"{NAMES[run.start]} after {update:,} updates ({accuracy:.1%})")
    ends = [(run, float(run.validation_losses[-1]), float(run.validation_losses.min())) for run in runs.runs]
    risen = [(round(last, 2) - round(lowest, 2), run) for run, last, lowest in ends]  # as they are shown
    rise, worst = max(risen, key=lambda pair: pair[0])
    heart = (
        f" {NAMES[worst.start].capitalize()}, the loss ends {rise:.2f} nats above its lowest: too sure of itself, the "
        "model **overfits**."
    )
    penalized = [NAMES[run.start] for run in runs.runs if RECIPES[run.start].penalty]
    penalty = f" The training loss of {' and '.join(penalized)} includes a penalty on large weights." * bool(penalized)
    enough = len(found.data.sentences.rows("validation")) >= _ENOUGH
    return f"Validation accuracy peaks {', '.join(parts)}.{heart if enough and rise > 0.005 else ''}{penalty}"
