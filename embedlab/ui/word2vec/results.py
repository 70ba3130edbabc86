"""The figures of a word2vec run, what they say, tables and files."""

import numpy as np
import streamlit as st

from embedlab import formats
from embedlab.lessons.word2vec.history import RunHistory
from embedlab.text.corpus import Text
from embedlab.ui import shell, vector_choice, widgets
from embedlab.ui.spreadsheets import to_csv
from embedlab.ui.word2vec import form, run
from embedlab.ui.word2vec.form import Asked


def figures(found: RunHistory, asked: Asked, text: Text) -> None:
    """The numbers that matter, for each method."""
    begin = run.starts(asked, text)
    for m, method in enumerate(found.methods):
        st.markdown(f"**{method.capitalize()}**, V = {len(text.vocabulary):,}, D = {asked.config.dimensions}")
        row = iter(st.columns(4))
        means = found.pass_losses(m)
        loss = means[-1] if means else float(found.losses(m)[-1])
        loss_help = f"Mean over the pairs of the last pass, nats. Knowing nothing: {begin[method].name}."
        next(row).metric(
            "Loss per pair", f"{loss:.3f} nats", f"{loss - begin[method].y:.2f}", "inverse", help=loss_help
        )
        speed = found.words_seen[-1] / max(found.seconds(m)[-1], 1e-9)
        next(row).metric(
            "Learning took", f"{found.seconds(m)[-1]:.1f} s", f"{speed:,.0f} words/s", "off", delta_arrow="off"
        )
        truth = found.truths(m)[-1]
        if np.isfinite(truth):
            truth_help = "Of the analogies that must hold here (couples, capitals, languages, tenses), those that do."
            next(row).metric("Known analogies", f"{truth:.0%}", help=truth_help)
        near = run.queen(found, m)
        if near:
            queen_help = "The word nearest to that sum, the three given ones left out; its **cosine** below."
            next(row).metric(
                "king − man + woman",
                near[0].word,
                f"{near[0].similarity:.2f}",
                "off",
                help=queen_help,
                delta_arrow="off",
            )


def seen(found: RunHistory, asked: Asked, text: Text) -> str:
    """What this run shows, in sentences that name its numbers; Markdown."""
    lines = []
    for m, method in enumerate(found.methods):
        mark = run.starts(asked, text)[method]
        lines.append(
            f"- **{method}** begins at {mark.name} nats, knowing nothing, and ends at {found.losses(m)[-1]:.2f}"
            f" after {found.words_seen[-1]:,} words."
        )
        near = run.queen(found, m)
        if near:
            right = near[0].word == "queen"
            verdict = ("as it must be here" if asked.is_world else "queen it is") if right else "not queen"
            lines.append(f"- king − man + woman: {run.as_words(near)}: {verdict}.")
    if found.methods[-1] == "full softmax" and len(found.methods) > 1:
        times = found.seconds(0)[-1], found.seconds(1)[-1]
        cheap = f"choosing among so {'few words costs little' if times[1] < times[0] else 'many words is dear'}"
        lines.append(
            f"- Negative sampling took {times[0]:.1f} s, the full softmax {times[1]:.1f} s: with V = "
            f"{len(text.vocabulary):,}, {cheap}. The softmax's cost grows with V, the other's does not."
        )
    moved = [word for word, near in zip(asked.config.validation, found.snapshots[-1].neighbors[0], strict=True) if near]
    if moved:
        word, company = moved[-1], found.snapshots[-1].neighbors[0][asked.config.validation.index(moved[-1])]
        named = ", ".join(shell.as_text(one) for one in company[:3])
        lines.append(f"- “{shell.as_text(word)}” ends up near {named}: nobody told it so, they keep the same company.")
    return "\n".join(lines)


def tries() -> None:
    """Settings worth a look."""
    fill = form.fill
    st.button("Two dimensions only", on_click=fill, kwargs={"dims": 2, "passes": 10, "engine": "negatives"})
    st.button("Nearest words only: window 1", on_click=fill, kwargs={"window": 1})
    news = {"text": "news", "engine": "windows", "passes": 10, "min_count": 3}
    st.button("Real news instead", on_click=fill, kwargs=news)


def numbers(found: RunHistory) -> None:
    """Every moment of every method as a row."""
    records = [
        {
            "words read": frame.words_seen, "method": method, "loss, nats per pair": frame.losses[m],
            "learning, s": frame.seconds[m], "known analogies": frame.truths[m],
        }
        for m, method in enumerate(found.methods)
        for frame in found.snapshots
    ]  # fmt: skip
    if found.snapshots[-1].truths[0] is None:
        for record in records:
            del record["known analogies"]
    formats_of = {"words read": "localized", "loss, nats per pair": "%.3f", "learning, s": "%.2f"}
    columns = {name: st.column_config.NumberColumn(format=shown) for name, shown in formats_of.items()}
    columns["known analogies"] = st.column_config.NumberColumn(format="percent")
    st.dataframe(records, hide_index=True, column_config=columns, key="word2vec_numbers")


def downloads(found: RunHistory, asked: Asked) -> None:
    """The vectors, into files and into the Explore pages."""
    method = found.methods[0]
    if len(found.methods) > 1:
        method = st.segmented_control("Vectors of", found.methods, default=method, required=True, key="taken")
    kinds = ("center", "context")
    kind_help = "Each word has two vectors: one as the **center**, word2vec's own, and one as **context** of others."
    kind = st.segmented_control("Table", kinds, default="center", required=True, key="table", help=kind_help)
    vectors = getattr(found.snapshots[-1].tables[found.methods.index(method)], kind)
    st.caption(f"{len(vectors):,} words × {vectors.dimensions} dimensions, {vectors.source}.")
    if st.button("Open in Neighbors", icon="🧭") and vector_choice.offer(vectors.source, vectors, show=True):
        shell.go_to("7_Neighbors.py")
    rows = [
        (frame.words_seen, name, f"{frame.losses[m]:.6g}", f"{frame.seconds[m]:.4g}")
        for frame in found.snapshots
        for m, name in enumerate(found.methods)
    ]
    header = ("words_read", "method", "loss_nats_per_pair", "seconds")
    as_file = lambda format: formats.as_bytes(vectors, format=format)  # noqa: E731
    widgets.downloads(
        [
            widgets.File("Vectors (text)", "word2vec.txt", "text/plain", lambda: as_file("word2vec-text")),
            widgets.File("Vectors (npz)", "word2vec.npz", "application/zip", lambda: as_file("npz")),
            widgets.File("Loss and time (CSV)", "word2vec-run.csv", "text/csv", lambda: to_csv(header, rows)),
        ]
    )
