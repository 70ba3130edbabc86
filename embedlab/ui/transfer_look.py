"""The closer look of the page Transfer: a typed sentence, the words that moved, losses and mistakes."""

import numpy as np
import streamlit as st

from embedlab.charts import arrows, bars, heatmaps, movies, transfer
from embedlab.charts.curves import Curve, Measure
from embedlab.charts.film import Film
from embedlab.charts.theme import Theme
from embedlab.curve_conclusions import NAMES
from embedlab.errors import UnknownWord
from embedlab.movement import Move, common_plane, moves, pair_similarities
from embedlab.queries import nearest_neighbors
from embedlab.three_ways import ThreeWays, WayRun, word_paths
from embedlab.ui import library, player, shell
from embedlab.ui.transfer_view import Setup
from embedlab.verdicts import STARTS, Verdict, confusion, judge

SENTENCE = "A dull start, but what an enchanting, luminous finale!"
_SHOWN, _SMALL = 22, 8  # words on the map, neighbors of a word
_LOSS = Measure("validation loss", "nats", ".2f")


def sentence(setup: Setup, found: ThreeWays, theme: Theme) -> None:
    """Three verdicts on a sentence, and what each word adds."""
    text = st.text_input("A sentence", SENTENCE, max_chars=400, key="sentence", bind="query-params")
    labels = setup.data.sentences.labels
    label = labels[-1]
    if len(labels) > 2:
        label = st.selectbox("Show what speaks for", labels, len(labels) - 1, key="verdict_label")
    verdicts = shell.attempt("transfer_sentence", lambda: [judge(run.classifier, text, label) for run in found.runs])
    if verdicts is None:
        return
    told = st.columns(3)
    for column, verdict in zip(told, verdicts, strict=True):
        column.metric(
            NAMES[verdict.start].capitalize(), f"{verdict.winner} {verdict.probabilities[verdict.winner]:.0%}"
        )
    chart = transfer.verdict_bars(verdicts, theme)
    st.altair_chart(chart, key="verdicts", alt=" ".join(map(_verdict_story, verdicts)))
    st.caption(_how_exact(verdicts[-1], setup) + " " + _strangers(verdicts))


def _verdict_story(verdict: Verdict) -> str:
    most = max(verdict.shares, key=lambda share: abs(share.amount))
    return f"{NAMES[verdict.start]}: {verdict.winner}; most weight has {most.word}, {most.amount:+.2f} nats."


def _how_exact(verdict: Verdict, setup: Setup) -> str:
    odds = "log-odds" if len(setup.data.sentences.labels) == 2 else "score against the other labels’ mean"
    if verdict.exact:
        return (
            f"Exact: the words’ bars and a bias of {_signed(verdict.bias)} (frozen) add up to the {odds} of "
            f"“{shell.as_text(verdict.label)}”. Words count one by one: the model cannot see what a “not” refers to."
        )
    return f"With hidden layers a bar is what leaving the word out would change in the {odds}; bars need not add up."


def _strangers(verdicts: list[Verdict]) -> str:
    parts = []
    for verdict in verdicts:
        unknown = [share.word for share in verdict.shares if share.known == "unknown"]
        if unknown:
            words = ", ".join(f"“{shell.as_text(word)}”" for word in dict.fromkeys(unknown))
            parts.append(f"{NAMES[verdict.start]} has no vector for {words}")
    return f"Left out: {'; '.join(parts)}." if parts else ""


def moved(setup: Setup, found: ThreeWays, theme: Theme) -> None:
    """Where fine-tuning took words, and what became of antonyms and neighbors."""
    run = found.runs[STARTS.index("fine-tuned")]
    every = moves(run.classifier)
    start = run.classifier.initial
    index = {word: row for row, word in enumerate(run.classifier.words)}
    able = [move for move in every if start[index[move.word]].any()]  # a start at zero has no direction
    chosen = st.multiselect(
        "Words on the map",
        [move.word for move in able],
        key="moved_words",
        placeholder=f"the {_SHOWN} that moved farthest",
        max_selections=30,
        help="Any words of the training sentences that have a pretrained vector.",
    )
    shown = [move for move in able if move.word in chosen] if len(chosen) > 1 else able[:_SHOWN]
    if len(shown) < 2:
        st.info("Fewer than two words moved: train on more sentences.")
        return
    _map(setup, run, shown, theme)
    opposites, table = st.columns(2, gap="large")
    with opposites:
        st.markdown("**Opposites in the three spaces**")
        pairs = pair_similarities([each.classifier for each in found.runs])
        if pairs:
            _antonyms(pairs, theme)
        else:
            st.info("None of the pairs looked for (good · bad, best · worst, …) occurs in the training sentences.")
    with table:
        st.markdown("**Every word that moved**")
        st.dataframe(_records(every), hide_index=True, height=430)
        st.caption(
            "Cosine: with its own start. Leant, leans: its part in the log-odds as one of ten words, before and after; "
            "judged by the trained layer both times."
        )
    _neighbors(found, theme)


def _map(setup: Setup, run: WayRun, shown: list[Move], theme: Theme) -> None:
    words = [move.word for move in shown]
    labels = setup.data.sentences.labels
    last = labels[-1]
    groups = [f"towards {last}", f"away from {last}"]
    sides = [groups[move.after <= move.before] for move in shown]
    plane = common_plane(run.classifier, words)
    view = st.segmented_control(
        "As",
        ["Arrows", "Movie"],
        default="Arrows",
        required=True,
        key="moved_as",
        bind="query-params",
        label_visibility="collapsed",
    )
    if view == "Arrows":
        rows = [run.classifier.words.index(word) for word in words]
        before, after = (plane.coordinates(m[rows]) for m in (run.classifier.initial, run.classifier.embeddings))
        ways = [
            arrows.Arrow(word, (float(a[0]), float(a[1])), (float(b[0]), float(b[1])), side)
            for word, a, b, side in zip(words, before, after, sides, strict=True)
        ]
        chart = arrows.moves_map(ways, groups, theme, meaning=plane.meaning)
        story = f"Arrows from before to after fine-tuning for {len(words)} words: {', '.join(words[:8])}."
        st.altair_chart(chart, key="moves", alt=story)
    else:
        updates, paths = word_paths(setup.data.sentences, setup.vectors, "fine-tuned", setup.look, words)
        kept = updates <= run.chosen
        curve = Curve(_LOSS, run.updates[: kept.sum()].tolist(), run.validation_losses[: kept.sum()])
        film = Film(updates[kept].tolist(), plane.coordinates(paths[kept]), words, sides, groups, curves=(curve,))
        with player.stage("moves") as stage:
            movie = movies.learning_movie([film], theme=theme, param="update", unit="update")
            story = (
                f"A movie: {len(words)} words on their way from their pretrained places while the classifier learns."
            )
            st.altair_chart(movie, width="content", key="moves_movie", alt=story)
            player.controls(stage, "update", seconds=4.0)
    far = shown[0]
    st.caption(
        f"{len(words)} words after {run.chosen:,} updates. “{shell.as_text(far.word)}” moved farthest: its vector "
        f"turned to a cosine of {far.turn:.2f} with its start. Only the {int(run.classifier.seen.sum()):,} words "
        "of the training sentences can move."
    )


def _antonyms(pairs: list, theme: Theme) -> None:
    means = {start: float(np.mean([p.similarity for p in pairs if p.space == start])) for start in STARTS}
    count = len(pairs) // len(STARTS)
    said = ", ".join(f"{NAMES[start]} {_signed(value)}" for start, value in means.items())
    st.altair_chart(
        transfer.antonym_dots(pairs[: 3 * 14], theme), key="antonyms", alt=f"Mean cosine of {count} pairs: {said}."
    )
    st.caption(
        f"Mean cosine of {count} pairs: {said}. Opposites keep the same company in running text, so borrowed vectors "
        "have them close together; this task has a reason to part them."
    )


def _neighbors(found: ThreeWays, theme: Theme) -> None:
    st.markdown("**Neighbors of a word in each space**")
    word = (
        st.text_input("Word", "good", max_chars=60, key="word", bind="query-params", label_visibility="collapsed")
        .strip()
        .lower()
    )
    for column, run in zip(st.columns(3), found.runs, strict=True):
        space = run.classifier.word_vectors()
        with column:
            st.caption(f"{NAMES[run.start].capitalize()}, {len(space):,} words")
            try:
                near = nearest_neighbors(space, word, _SMALL)
            except UnknownWord as error:
                shell.show_error(error)
                continue
            chart = bars.neighbor_bars([n.word for n in near], [n.similarity for n in near], theme)
            st.altair_chart(
                chart, key=f"near_{run.start}", alt=f"Nearest to {word}: {', '.join(n.word for n in near)}."
            )
    if st.button("Keep these three spaces for Neighbors and Compare", icon="🧭"):
        for run in found.runs:
            library.offer(f"Transfer, {NAMES[run.start]}", run.classifier.word_vectors())
        st.success("Choose them under “Vectors” on the Explore pages of this session.")


def _records(every: list[Move]) -> list[dict[str, str | float]]:
    return [
        {
            "word": move.word,
            "distance": round(move.distance, 3),
            "cosine": round(move.turn, 3),
            "leant": round(move.before / 10, 2),
            "leans": round(move.after / 10, 2),
        }
        for move in every[:2000]
    ]


def mistakes(setup: Setup, found: ThreeWays, theme: Theme) -> None:
    """Losses over the updates, and what was taken for what."""
    test = setup.data.sentences.rows("test")
    right, labels = setup.data.sentences.label_ids[test], setup.data.sentences.labels
    shown = [label if len(label) <= 12 else label[:11] + "…" for label in labels]
    top = max(0.8, *(float(np.max(run.validation_losses)) for run in found.runs)) * 1.05
    for column, run in zip(st.columns(3), found.runs, strict=True):
        with column:
            least = float(run.validation_losses.min())
            chart = transfer.loss_curves(run, theme, top=min(top, 4.0))
            st.altair_chart(
                chart, key=f"loss_{run.start}", alt=f"{NAMES[run.start]}: lowest validation loss {least:.2f} nats."
            )
            table = confusion(run.predicted, right, labels)
            accuracy = np.trace(table) / max(table.sum(), 1)
            st.markdown(f"**{accuracy:.1%}** of {table.sum():,} right")
            said = f"Confusion matrix: {np.trace(table)} of {table.sum()} on the diagonal."
            matrix = heatmaps.matrix(table.astype(float), shown, shown, theme, digits=0)
            st.altair_chart(matrix, key=f"confusion_{run.start}", alt=said)
    worst = max(found.runs, key=lambda run: run.validation_losses[-1] - run.validation_losses.min())
    low = int(worst.updates[worst.validation_losses.argmin()])
    rise = worst.validation_losses[-1] - worst.validation_losses.min()
    st.caption(
        f"In the tables, rows are the right labels and columns the verdicts. {NAMES[worst.start].capitalize()}, the "
        f"validation loss is lowest at update {low:,} and {rise:.2f} nats higher at the end: from there on it learns "
        "the training sentences by heart. **Early stopping** goes back to that point."
    )


def _signed(value: float) -> str:
    """Two decimals with a minus sign that is as wide as a digit."""
    return f"{value:.2f}".replace("-", "−")
