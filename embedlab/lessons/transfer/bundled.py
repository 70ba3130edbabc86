"""What was computed beforehand, so that the Transfer page opens with finished pictures: learning curves, three runs.

The curves are made by `python -m benchmarks.transfer --bundle`, the runs by `python -m embedlab record-runs`, with the
page's own defaults; both hold only for the very sentences and vectors that they were made from.
"""

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from embedlab.arrays import Floats, frozen
from embedlab.lessons.transfer.baselines import STRENGTHS
from embedlab.lessons.transfer.config import RECIPES
from embedlab.lessons.transfer.data.sentences import BUNDLED, bundled_sentences
from embedlab.lessons.transfer.initialization import InitialTable, initial_table
from embedlab.lessons.transfer.learning_curves import METHODS, CurveConfig, LearningCurves, Point
from embedlab.lessons.transfer.three_starts import StartRun, ThreeStarts, ThreeStartsConfig
from embedlab.library import bundled
from embedlab.vectors.word_vectors import WordVectors
from embedlab.workers import recorded

FILE, RUNS = "transfer_curves.npz", "transfer"
_MADE_FROM = (BUNDLED, "vectors/matrix.npy", "vectors/words.txt")


def made_from() -> list[str]:
    """The sha256 of what the curves depend on, as it is now."""
    return [bundled.registry()[file]["sha256"] for file in _MADE_FROM]


def _settings() -> str:
    """The default settings, with what their None stands for."""
    return f"{CurveConfig()} {RECIPES} {STRENGTHS}"


def bundled_curves() -> LearningCurves | None:
    """The curves of the bundled sentences, vectors and default settings; None where they have gone stale."""
    if not bundled.is_here(FILE):
        return None
    with np.load(bundled.path(FILE), allow_pickle=False) as file:
        made = (file["made_from"].tolist(), str(file["config"]), file["methods"].tolist())
        if made != (made_from(), _settings(), list(METHODS)):
            return None
        return _unpack(file)


def save_curves(curves: LearningCurves, path: Path) -> None:
    """Writes finished curves of the default settings."""
    correct = np.stack([[curves.at(method, size).correct for method in METHODS] for size in curves.sizes])
    stream = io.BytesIO()
    np.savez_compressed(
        stream,
        made_from=np.array(made_from()),
        config=np.array(_settings()),
        methods=np.array(METHODS),
        name=np.array(curves.name),
        majority=np.array(curves.majority),
        sizes=np.array(curves.sizes),
        shape=np.array(correct.shape),  # (sizes, methods, S, T)
        correct=np.packbits(correct),
        unseen=np.stack([curves.at(METHODS[0], size).unseen for size in curves.sizes]),  # (sizes, S, T)
    )
    path.write_bytes(stream.getvalue())


def bundled_three_starts(vectors: WordVectors, config: ThreeStartsConfig) -> ThreeStarts | None:
    """The recorded runs of the bundled sentences, vectors and these settings; None where there are none.

    Args:
        vectors: the bundled ones.
    """
    snapshots = recorded.find(RUNS, _key(config))
    if snapshots is None:
        return None
    sentences = bundled_sentences()
    tables = {run.start: initial_table(run.start, sentences, vectors, config.seed) for run in snapshots[-1].runs}
    pretrained = frozen(tables["frozen"].matrix)
    return ThreeStarts(tuple(_restored(run, tables[run.start], pretrained) for run in snapshots[-1].runs))


def save_three_starts(three: ThreeStarts, config: ThreeStartsConfig, path: Path) -> None:
    """Writes finished runs: what training changed, as float16; where it began can be made again."""
    recorded.write(path, _key(config), [ThreeStarts(tuple(map(_condensed, three.runs)))])


def _key(config: ThreeStartsConfig) -> str:
    return f"three starts {config} {RECIPES} {made_from()}"


def _condensed(run: StartRun) -> StartRun:
    learned = run.classifier
    nothing = learned.initial[:0]
    changed: Any = nothing if run.start == "frozen" else learned.embeddings[learned.seen].astype(np.float16)
    return replace(run, classifier=replace(learned, initial=nothing, embeddings=changed, pretrained=None))


def _restored(run: StartRun, table: InitialTable, pretrained: Floats) -> StartRun:
    learned = run.classifier
    initial = frozen(table.matrix) if run.start == "scratch" else pretrained  # one copy for both
    embeddings = initial
    if run.start != "frozen":
        embeddings = initial.copy()
        embeddings[learned.seen] = learned.embeddings
    whole = replace(learned, initial=initial, embeddings=frozen(embeddings), pretrained=table.pretrained)
    return replace(run, classifier=whole)


def _unpack(file: Any) -> LearningCurves:
    shape = tuple(file["shape"].tolist())
    correct = np.unpackbits(file["correct"], count=int(np.prod(shape))).reshape(shape).astype(bool)
    correct, unseen = frozen(correct), frozen(file["unseen"])
    points = tuple(
        Point(method, size, correct[i, j], unseen[i])
        for i, size in enumerate(file["sizes"].tolist())
        for j, method in enumerate(METHODS)
    )
    return LearningCurves(str(file["name"]), float(file["majority"]), shape[3], points)
