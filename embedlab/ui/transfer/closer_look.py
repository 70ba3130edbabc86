"""The closer look of the page Transfer: a typed sentence, unseen words, losses and mistakes, and the data as files."""

from itertools import islice

import numpy as np
import streamlit as st

from embedlab.charts import heatmaps
from embedlab.charts.theme import Theme
from embedlab.formats import as_bytes
from embedlab.lessons.transfer.conclusions import NAMES
from embedlab.lessons.transfer.learning_curves import BAG_OF_WORDS, LearningCurves, accuracy_by_unseen
from embedlab.lessons.transfer.movement import moves
from embedlab.lessons.transfer.predictions import STARTS, Verdict, confusion, judge
from embedlab.lessons.transfer.sentences import MAX_VOCABULARY, Sentences
from embedlab.lessons.transfer.three_starts import ThreeWays
from embedlab.text.tokenization import tokenize
from embedlab.ui import shell, widgets
from embedlab.ui.spreadsheets import to_csv
from embedlab.ui.transfer import charts
from embedlab.ui.transfer.movement import moved_csv
from embedlab.ui.transfer.results import Setup, curves_csv, signed
from embedlab.vectors.word_vectors import WordVectors

SENTENCE = "A dull start, but what an enchanting, luminous finale!"
_RARE = ("disastrous", "appalling", "deplorable", "inept", "pathetic", "shoddy", "regrettable", "ghastly", "lousy")


def unheard(sentences: Sentences, vectors: WordVectors) -> str:
    """Up to three words that no training sentence has: opinions if possible, and with a pretrained vector."""
    seen = {word for row in sentences.rows("train") for word in sentences.tokens[row]}
    candidates = (*(word for word in _RARE if word in vectors), *vectors.words, *_RARE)
    found = (word for word in candidates if word not in seen and tokenize(word) == [word])
    return ", ".join(islice(found, 3)).capitalize() + "."


def sentence(setup: Setup, found: ThreeWays, theme: Theme) -> None:
    """Three verdicts on a sentence, and what each word adds."""
    text = st.text_input("A sentence", SENTENCE, max_chars=400, key="sentence", bind="query-params")
    labels = setup.data.sentences.labels
    label = labels[-1]
    if len(labels) > 2:
        if st.session_state.get("verdict_label", label) not in labels:  # chosen for other data
            del st.session_state["verdict_label"]
        label = st.selectbox("Show what speaks for", labels, len(labels) - 1, key="verdict_label", bind="query-params")
    verdicts = shell.attempt("transfer_sentence", lambda: [judge(run.classifier, text, label) for run in found.runs])
    if verdicts is None:
        return
    told = st.columns(3)
    for column, verdict in zip(told, verdicts, strict=False):  # fewer where training was stopped
        winner = verdict.winner
        said = "knows no word" if winner is None else f"{shell.as_text(winner)} {verdict.probabilities[winner]:.0%}"
        column.metric(NAMES[verdict.start].capitalize(), said)
    chart = charts.verdict_bars(verdicts, theme)
    st.altair_chart(chart, key="verdicts", alt=" ".join(map(_verdict_story, verdicts)))
    st.caption(_how_exact(verdicts[-1], setup) + " " + _strangers(verdicts) + _rarer(text, setup))


def _verdict_story(verdict: Verdict) -> str:
    if verdict.winner is None:
        return f"{NAMES[verdict.start]} knows no word."
    most = max(verdict.shares, key=lambda share: abs(share.amount))
    return f"{NAMES[verdict.start]}: {verdict.winner}; most weight has {most.word}, {most.amount:+.2f} nats."


def _how_exact(verdict: Verdict, setup: Setup) -> str:
    odds = "log-odds" if len(setup.data.sentences.labels) == 2 else "score against the other labels’ mean"
    if verdict.exact:
        return (
            f"Exact: the words’ bars and a bias of {signed(verdict.bias)} ({NAMES[verdict.start]}) add up to the "
            f"{odds} of “{shell.as_text(verdict.label)}”. Words count one by one: the model cannot see what a “not” "
            "refers to."
        )
    return f"With hidden layers a bar is what leaving the word out would change in the {odds}; bars need not add up."


def _strangers(verdicts: list[Verdict]) -> str:
    parts = []
    for verdict in verdicts:
        unknown = [share.word for share in verdict.shares if share.known == "unknown"]
        if unknown:
            words = ", ".join(f"“{shell.as_text(word)}”" for word in dict.fromkeys(unknown))
            parts.append(f"{NAMES[verdict.start]} has no vector for {words}")
    said = "; ".join(parts)
    return f"{said[:1].upper()}{said[1:]}." if parts else ""


def _rarer(text: str, setup: Setup) -> str:
    """What a verdict makes of words that are too rare for the table, which the test sentences go without."""
    vocabulary = setup.data.sentences.vocabulary
    if len(vocabulary) < MAX_VOCABULARY or all(word in vocabulary.index for word in tokenize(text)):
        return ""
    return (
        f" Beyond the {MAX_VOCABULARY:,} most frequent words, a typed sentence uses pretrained vectors where there are "
        "any; the test sentences go without such words."
    )


def choose_size(sizes: list[int], usual: int, *, key: str) -> int:
    """One of the numbers of training sentences; a choice made for other data, which has others, is let go."""
    if st.session_state.get(key, usual) not in sizes:
        del st.session_state[key]
    return int(
        st.select_slider("Training sentences", sizes, usual, key=key, bind="query-params", format_func="{:,}".format)
    )


def unseen(found: LearningCurves, theme: Theme) -> None:
    """Accuracy by the share of words that training never saw."""
    size = choose_size(found.sizes, 100 if 100 in found.sizes else found.sizes[0], key="unseen_after")
    methods = (*STARTS, BAG_OF_WORDS)
    scores = accuracy_by_unseen(found, size, methods)
    if not scores:
        st.info("There are too few test sentences to tell.")
        return
    last = scores[-1].share
    tail = {score.method: score.accuracy for score in scores if score.share == last}
    said = ", ".join(f"{charts.SCREEN[method]} {tail[method]:.0%}" for method in methods if method in tail)
    st.altair_chart(charts.unseen_dots(scores, theme), key="unseen", alt=f"Unseen words: {last}. {said}.")
    st.caption(
        f"After {size:,} training sentences. Where the share of new words is highest ({last}): {said}. From scratch a "
        "new word is a random vector; borrowed vectors know it from elsewhere. Lines are standard errors."
    )


def mistakes(setup: Setup, found: ThreeWays, theme: Theme) -> None:
    """Losses over the updates, and what was taken for what."""
    test = setup.data.sentences.rows("test")
    right, labels = setup.data.sentences.label_ids[test], setup.data.sentences.labels
    shown = [label if len(label) <= 12 else label[:11] + "…" for label in labels]
    top = max(0.8, *(float(np.max(run.validation_losses)) for run in found.runs)) * 1.05
    for column, run in zip(st.columns(3), found.runs, strict=False):
        with column:
            least = float(run.validation_losses.min())
            chart = charts.loss_curves(run, theme, top=min(top, 4.0))
            st.altair_chart(
                chart, key=f"loss_{run.start}", alt=f"{NAMES[run.start]}: lowest validation loss {least:.2f} nats."
            )
            table = confusion(run.predicted, right, labels)
            accuracy = np.trace(table) / max(table.sum(), 1)
            st.markdown(f"**{accuracy:.1%}** of {table.sum():,} right")
            said = f"Confusion matrix: {np.trace(table)} of {table.sum()} on the diagonal."
            matrix = heatmaps.matrix(table.astype(float), shown, shown, theme, digits=0)
            st.altair_chart(matrix, key=f"confusion_{run.start}", alt=said)
    st.caption(f"In the tables, rows are the right labels and columns the verdicts. {_overfitting(found)}")


def _overfitting(found: ThreeWays) -> str:
    """What the validation losses say of the run that went wrong most."""
    worst = max(found.runs, key=lambda run: run.validation_losses[-1] - run.validation_losses.min())
    low = int(worst.updates[worst.validation_losses.argmin()])
    rise = worst.validation_losses[-1] - worst.validation_losses.min()
    if rise < 0.01:
        return "The validation losses are all as low as ever at the end: **early stopping** would gain nothing."
    return (
        f"{NAMES[worst.start].capitalize()}, the validation loss is lowest at update {low:,} and {rise:.2f} nats "
        "higher at the end: from there on it learns the training sentences by heart. **Early stopping** goes back to "
        "that point."
    )


def downloads(setup: Setup, curves: LearningCurves, found: ThreeWays | None) -> None:
    """The data behind the pictures; those of the closer look while it is open and complete."""
    csv = "text/csv"
    files = [widgets.File("Learning curves (CSV)", "learning-curves.csv", csv, lambda: curves_csv(curves))]
    if found is not None and found.complete:
        tuned = found.runs[STARTS.index("fine-tuned")].classifier
        files += [
            widgets.File("Test verdicts (CSV)", "verdicts.csv", csv, lambda: _verdicts_csv(setup, found)),
            widgets.File("Words that moved (CSV)", "words-that-moved.csv", csv, lambda: moved_csv(moves(tuned))),
            widgets.File(
                "Fine-tuned vectors (text)",
                "fine-tuned.txt",
                "text/plain",
                lambda: as_bytes(tuned.word_vectors(), format="word2vec-text"),
            ),
        ]
    widgets.downloads(files)


def _verdicts_csv(setup: Setup, found: ThreeWays) -> str:
    sentences = setup.data.sentences
    head = ("sentence", "right", *(NAMES[run.start] for run in found.runs))
    rows = [
        (sentences.texts[row], sentences.labels[sentences.label_ids[row]], *(sentences.labels[i] for i in verdicts))
        for row, *verdicts in zip(sentences.rows("test"), *(run.predicted for run in found.runs), strict=True)
    ]
    return to_csv(head, rows)
