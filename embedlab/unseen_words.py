"""Accuracy on test sentences by how many of their words training never saw."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from embedlab.learning_curves import LearningCurves, Point

EDGES = (0.0, 0.1, 0.25, 0.5, 1.0)  # upper ends, each included; the first bin holds sentences without unseen words
NAMES = ("none", "up to 10%", "10 to 25%", "25 to 50%", "over 50%")
_FEWEST = 20  # runs times sentences; an accuracy of fewer says nothing


class UnseenScore(NamedTuple):
    """One method on test sentences with a similar share of unseen words."""

    method: str
    share: str  # one of `NAMES`
    accuracy: float  # in [0, 1]
    error: float  # standard error: sentences are drawn, and runs of one sentence are not independent
    sentences: int  # summed over the runs


def accuracy_by_unseen(curves: LearningCurves, size: int, methods: Sequence[str]) -> list[UnseenScore]:
    """Scores of each method, from no unseen words to most; bins with hardly a sentence are left out."""
    return [score for method in methods for score in _scores(curves.at(method, size))]


def _scores(point: Point) -> list[UnseenScore]:
    bins = np.searchsorted(EDGES, point.unseen, side="left")  # (S, T)
    found = []
    for number, name in enumerate(NAMES):
        here = bins == number
        count = int(here.sum())
        if count < _FEWEST:
            continue
        accuracy = float(point.correct[here].mean())
        sentences = max(int(here.any(axis=0).sum()), 1)
        found.append(
            UnseenScore(point.method, name, accuracy, float(np.sqrt(accuracy * (1 - accuracy) / sentences)), count)
        )
    return found
