"""Learning curves that were computed beforehand, so that the Transfer page opens with a finished picture.

They are made by `python -m benchmarks.transfer --bundle` with the page's own defaults, and hold only for the very
sentences and vectors that they were made from.
"""

import io
from pathlib import Path
from typing import Any

import numpy as np

from embedlab.arrays import frozen
from embedlab.lessons.transfer.learning_curves import METHODS, CurveConfig, LearningCurves, Point
from embedlab.lessons.transfer.sentences import BUNDLED
from embedlab.library import bundled

FILE = "transfer_curves.npz"
_MADE_FROM = (BUNDLED, "vectors/matrix.npy", "vectors/words.txt")


def made_from() -> list[str]:
    """The sha256 of what the curves depend on, as it is now."""
    return [bundled.registry()[file]["sha256"] for file in _MADE_FROM]


def bundled_curves() -> LearningCurves | None:
    """The curves of the bundled sentences, vectors and default settings; None where they have gone stale."""
    if FILE not in bundled.registry() or not (bundled.DATA / FILE).is_file():
        return None
    with np.load(bundled.path(FILE), allow_pickle=False) as file:
        made = (file["made_from"].tolist(), str(file["config"]), file["methods"].tolist())
        if made != (made_from(), repr(CurveConfig()), list(METHODS)):
            return None
        return _unpack(file)


def save_curves(curves: LearningCurves, path: Path) -> None:
    """Writes finished curves of the default settings."""
    correct = np.stack([[curves.at(method, size).correct for method in METHODS] for size in curves.sizes])
    stream = io.BytesIO()
    np.savez_compressed(
        stream,
        made_from=np.array(made_from()),
        config=np.array(repr(CurveConfig())),
        methods=np.array(METHODS),
        name=np.array(curves.name),
        majority=np.array(curves.majority),
        sizes=np.array(curves.sizes),
        shape=np.array(correct.shape),  # (sizes, methods, S, T)
        correct=np.packbits(correct),
        unseen=np.stack([curves.at(METHODS[0], size).unseen for size in curves.sizes]),  # (sizes, S, T)
    )
    path.write_bytes(stream.getvalue())


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
