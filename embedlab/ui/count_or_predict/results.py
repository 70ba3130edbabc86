"""The parts of the page Count or predict: neighbors side by side, the table in three states, figures and files."""

import numpy as np
import streamlit as st

from embedlab import formats
from embedlab.charts import heatmaps
from embedlab.charts.bars import neighbor_bars
from embedlab.charts.theme import Theme
from embedlab.errors import InvalidSetting
from embedlab.lessons.counting.cooccurrence import block
from embedlab.lessons.counting.count_and_predict import Both, Score, apart
from embedlab.text.corpus import Text
from embedlab.ui import shell, vector_choice, widgets
from embedlab.ui.count_or_predict import form
from embedlab.ui.count_or_predict.form import Asked
from embedlab.ui.pool import Job
from embedlab.ui.spreadsheets import to_csv
from embedlab.vectors import queries
from embedlab.vectors.word_vectors import WordVectors

_IN_BLOCK = 12  # words on a side of the heat maps
_NEAR = 8
# Rows and columns of the heat maps.
_BLOCKS = {
    "world": ("king queen prince princess man woman paris france rome italy apple pear",
              "he she crown throne bench rules plays french seine italian tree sweet"),
    "news": ("israeli palestinian australia cricket bin government minister police economy",
             "leader security test match laden federal prime officers growth said the of"),
}  # fmt: skip


def progress(job: Job[str | Both]) -> None:
    """What is being done."""
    if job.live:
        st.caption(job.latest if isinstance(job.latest, str) else "Making ready …")


def figures(found: Both, text: Text) -> None:
    """The numbers that matter, counted beside predicted."""
    row = st.columns(4)
    counted, predicted = found.scores
    score_help = (
        "Share of the analogies that must hold in this text."
        if counted.test == "known analogies"
        else (f"Rank correlation with people's judgements; {counted.covered} of {counted.total} pairs are covered.")
    )
    row[0].metric(f"Counted, {counted.test}", _score(counted), help=score_help)
    row[1].metric(f"Predicted, {predicted.test}", _score(predicted), help=score_help)
    agree_help = "Mean share of a word's 10 nearest words that both spaces have; by chance it would be near zero."
    row[2].metric("The two agree", f"{found.agreement:.0%}", help=agree_help)
    counting = sum(found.seconds[name] for name in ("counts", "PPMI", "SVD"))
    row[3].metric(
        "Counting took", f"{counting:.2g} s", f"skip-gram {found.seconds['skip-gram']:.1f} s", "off", delta_arrow="off"
    )


def _score(score: Score) -> str:
    if not np.isfinite(score.value):
        return "too few words"
    return f"{score.value:.0%}" if score.test == "known analogies" else f"{score.value:.2f}"


def side_by_side(found: Both, asked: Asked, theme: Theme) -> None:
    """One word's neighbors in both spaces; those that both have are bold."""
    known = found.counted.words
    first = _BLOCKS[asked.choice.source][0].split()[0] if asked.choice.source in _BLOCKS else known[len(known) // 3]
    word = st.text_input("A word", first, key=f"c_word_{asked.choice.source}", bind="query-params").strip().lower()

    def look() -> tuple[str, list[queries.Neighbor], list[queries.Neighbor]]:
        near = [queries.nearest_neighbors(space, word, _NEAR) for space in (found.counted, found.predicted)]
        return word, near[0], near[1]

    result = shell.attempt("counts_word", look)
    if result is None:
        return
    shown, *near = result
    both = {one.word for one in near[0]} & {one.word for one in near[1]}
    for name, column, given in zip(("Counted", "Predicted"), st.columns(2), near, strict=True):
        column.markdown(f"**{name}**: nearest to “{shell.as_text(shown)}”")
        words, values = [one.word for one in given], [one.similarity for one in given]
        chart = neighbor_bars(words, values, theme, marked=both)
        said = ", ".join(f"{one.word} {one.similarity:.2f}" for one in given)
        column.altair_chart(chart, key=f"c_near_{name}", alt=f"{name}: {said}.")
    st.caption(f"Bold: in both lists, {len(both)} of {_NEAR}.")


def three_tables(found: Both, asked: Asked, theme: Theme) -> None:
    """A block of the table between chosen words and neighbors: counts, PPMI, and what the vectors make of it."""
    source, frequent = asked.choice.source, found.counted.words
    rarer = min(40, len(frequent) // 3)
    first = _BLOCKS.get(source, (" ".join(frequent[rarer : rarer + 10]), " ".join(frequent[:10])))
    asking = zip(st.columns(2), ("Words", "Neighbors"), first, strict=True)
    given = [column.text_input(label, default, key=f"c_{label}_{source}") for column, label, default in asking]

    def chosen() -> list[list[str]]:
        lists = [list(dict.fromkeys(text.lower().replace(",", " ").split())) for text in given]
        for words in lists:
            if not 2 <= len(words) <= _IN_BLOCK:
                raise InvalidSetting(f"{len(words)} words are given: give 2 to {_IN_BLOCK}, so that they can be read.")
        found.counted.rows([*lists[0], *lists[1]])  # an error that names all missing words
        return lists

    result = shell.attempt(f"counts_block_{source}", chosen)
    if result is None:
        return
    words, others = result
    rows, columns = found.counted.rows(words), found.counted.rows(others)
    unit = [space.unit[rows] for space in (found.counted, found.predicted)]
    tables = {
        "**Counts**, weighted by distance": (block(found.counts, rows, columns), others, 0, None),
        "**PPMI**, nats": (block(found.table, rows, columns), others, 1, None),
        "**Counted vectors**, cosine": (unit[0] @ unit[0].T, words, 1, 1.0),
        "**Predicted vectors**, cosine": (unit[1] @ unit[1].T, words, 1, 1.0),
    }
    with st.container(horizontal=True, gap="large"):
        for title, (values, labels, digits, limit) in tables.items():
            with st.container(width="content"):
                st.markdown(title)
                chart = heatmaps.matrix(values, words, labels, theme, digits=digits, limit=limit, max_width=330)
                said = f"{title.replace('*', '')}: {', '.join(words)} by {', '.join(labels)}."
                st.altair_chart(chart, width="content", key=f"c_table_{title}", alt=said)


def seen(found: Both, asked: Asked, text: Text) -> str:
    """What this run shows, in sentences that name its numbers; Markdown."""
    size, (counted, predicted) = len(text.vocabulary), found.scores
    strange = found.surprising[0] if found.surprising else None
    differ = ", ".join(f"“{shell.as_text(word)}”" for word in apart(found, 4))
    lines = [
        f"- Of {size**2:,} possible pairs {found.counts.nnz:,} occur ({found.counts.nnz / size**2:.1%}), and "
        f"{found.table.nnz:,} of them more often than by chance: that is all that has to be kept.",
        f"- Tested by {counted.test}, counting gets {_score(counted)} and predicting {_score(predicted)}. Nothing is "
        "guessed in the first, nothing is counted in the second.",
        f"- Of ten nearest words, {10 * found.agreement:.1f} are the same. They differ most on {differ}.",
    ]
    if asked.is_world:
        king, queen = found.counted.rows(["king", "queen"])
        together, near = (
            block(found.counts, [king], [queen])[0, 0],
            found.counted.unit[king] @ found.counted.unit[queen],
        )
        lines.append(
            f"- “king” and “queen” were counted side by side {together:.0f} times, and yet their vectors have "
            f"similarity {near:.2f}: what counts is that their neighbors are the same."
        )
    if strange:
        ratio = np.exp(strange.ppmi) * asked.config.counts.shift
        lines.append(
            f"- The most surprising pair is “{shell.as_text(strange.word)}” and “{shell.as_text(strange.other)}”: "
            f"{ratio:,.0f} times as often together as chance would have it."
        )
    return "\n".join(lines)


def tries() -> None:
    """Settings worth a look."""
    st.button("Twice the dimensions", on_click=form.fill, kwargs={"c_dims": 128})
    st.button("Shift k = 5, as 5 negatives", on_click=form.fill, kwargs={"c_shift": 5})
    st.button("Real news instead", on_click=form.fill, kwargs={"c_text": "news", "c_min": 3, "c_passes": 10})


def surprises(found: Both) -> None:
    """The pairs with the highest PPMI."""
    columns = {name: st.column_config.NumberColumn(format="%.2f") for name in ("counted", "ppmi")}
    st.dataframe(
        [pair._asdict() for pair in found.surprising], hide_index=True, column_config=columns, key="c_surprising"
    )
    st.caption(
        "Among pairs counted at least 5 times (weighted by distance). PPMI in nats; e to that power is the ratio."
    )


def downloads(found: Both) -> None:
    """Both spaces, into files and into the Explore pages."""
    spaces: dict[str, WordVectors] = {"counted": found.counted, "predicted": found.predicted}
    kind = st.segmented_control("Vectors", spaces, default="counted", required=True, key="c_taken")
    vectors = spaces[kind]
    if st.button("Open both in Compare", icon="⚖️") and all(
        vector_choice.offer(space.source, space, show=space is found.counted) for space in spaces.values()
    ):
        vector_choice.choose_next(found.predicted.source, "space_b")
        shell.go_to("9_Compare.py")
    pairs = [(pair.word, pair.other, f"{pair.counted:.6g}", f"{pair.ppmi:.6g}") for pair in found.surprising]
    header = ("word", "other", "counted", "ppmi_nats")
    widgets.downloads(
        [
            widgets.File(
                "Vectors (npz)", f"{kind}.npz", "application/zip", lambda: formats.as_bytes(vectors, format="npz")
            ),
            widgets.File(
                "Vectors (text)", f"{kind}.txt", "text/plain", lambda: formats.as_bytes(vectors, format="word2vec-text")
            ),
            widgets.File("Surprising pairs (CSV)", "pairs.csv", "text/csv", lambda: to_csv(header, pairs)),
        ]
    )
