"""Learning curves: accuracy against the number of training sentences, for three starts and two baselines."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from embedlab import checks
from embedlab.arrays import Doubles, Floats, Ids, Mask, frozen
from embedlab.lessons.transfer.baselines import BASELINES, predict_by_baseline
from embedlab.lessons.transfer.config import STARTS, ClassifierConfig
from embedlab.lessons.transfer.data.sentences import Sentences
from embedlab.vectors.word_vectors import WordVectors

SIZES = (10, 20, 50, 100, 200, 500)
METHODS = (*STARTS, *BASELINES)
MAX_SEEDS = 10
_AT_ONCE = 1_500_000  # numbers in the tables of runs trained together; beyond the cache it no longer pays
EDGES = (0.0, 0.1, 0.25, 0.5, 1.0)  # upper ends, each included; the first bin holds sentences without unseen words
BINS = ("none", "up to 10%", "10 to 25%", "25 to 50%", "over 50%")
_FEWEST = 20  # runs times sentences; an accuracy of fewer says nothing


@dataclass(frozen=True)
class CurveConfig:
    """What the curves are made of (InvalidSetting: names the value and its range)."""

    sizes: tuple[int, ...] = SIZES  # training sentences; all of them come last in any case
    seeds: int = 5  # runs at each point, from the seeds 0, 1, 2, ...
    training: ClassifierConfig = field(default_factory=ClassifierConfig)  # its start is ignored

    def __post_init__(self) -> None:
        checks.within("number of seeds", self.seeds, 2, MAX_SEEDS)
        for size in self.sizes:
            checks.within("number of training sentences", size, 2)

    def sizes_for(self, count: int) -> list[int]:
        """The sizes that `count` training sentences allow, rising, and `count` itself."""
        return [*sorted({size for size in self.sizes if size < count}), count]


@dataclass(frozen=True, eq=False)
class Point:
    """S runs of one method on one number of training sentences. T test sentences."""

    method: str  # one of `METHODS`
    size: int  # training sentences
    correct: Mask  # (S, T): which test sentences each run got right
    unseen: Floats  # (S, T) in [0, 1]: share of each test sentence's words that the run never saw
    complete: bool = True  # no run ended early because its time was up

    @property
    def accuracies(self) -> Doubles:
        """(S,) in [0, 1]."""
        return np.asarray(self.correct.mean(axis=1))

    @property
    def mean(self) -> float:
        """Mean accuracy over the runs, in [0, 1]."""
        return float(self.accuracies.mean())

    @property
    def spread(self) -> float:
        """Standard deviation of the accuracy over the runs."""
        return float(self.accuracies.std(ddof=1))


@dataclass(frozen=True, eq=False)
class LearningCurves:
    """All points so far."""

    name: str  # of the data
    majority: float  # accuracy of always naming the most frequent label, in [0, 1]
    test_size: int  # T
    points: tuple[Point, ...] = ()

    @property
    def sizes(self) -> list[int]:
        """Numbers of training sentences at which all methods were measured, rising."""
        done = [{p.size for p in self.points if p.method == method} for method in METHODS]
        return sorted(set.intersection(*done))

    def at(self, method: str, size: int) -> Point:
        """A point that was measured."""
        return next(p for p in self.points if p.method == method and p.size == size)

    def table(self) -> list[dict[str, str | int | float]]:
        """One row for each point, for the screen and for a file."""
        return [
            {
                "training sentences": p.size,
                "method": p.method,
                "accuracy": p.mean,
                "standard deviation": p.spread,
                **{f"seed {seed}": float(value) for seed, value in enumerate(p.accuracies)},
            }
            for p in self.points
        ]


def training_order(sentences: Sentences, seed: int) -> Ids:
    """(n,) all training sentences in an order whose every beginning holds the labels in proportion, as far as it can.

    The first 50 are among the first 100, so that a curve compares more sentences with fewer of the same.
    """
    rng = np.random.default_rng([seed, 0])
    rows = rng.permutation(sentences.rows("train"))
    labels = sentences.label_ids[rows]
    rank = np.zeros(len(rows))
    for label in range(len(sentences.labels)):
        of_label = np.flatnonzero(labels == label)
        rank[of_label] = (np.arange(len(of_label)) + rng.uniform(0.25, 0.75)) / max(len(of_label), 1)
    return rows[np.argsort(rank, kind="stable")]


def learning_curves(sentences: Sentences, vectors: WordVectors, config: CurveConfig) -> Iterator[LearningCurves]:
    """Trains and tests everything, the smallest numbers of sentences first.

    Every run of a seed trains on the same sentences, whatever the method.

    Yields:
        All points so far, several times between two points, so that a page can follow; see `curve_snapshots`.

    Raises TrainingError: a run diverged; what was yielded before stays valid.
    """
    test = sentences.rows("test")
    orders = [training_order(sentences, seed) for seed in range(config.seeds)]
    curves = LearningCurves(sentences.name, sentences.majority, len(test))
    for size in config.sizes_for(len(orders[0])):
        rows = [order[:size] for order in orders]
        unseen = np.stack([sentences.unseen_shares(part, test) for part in rows])  # (S, T)
        starts = [(start, _runs(sentences, rows, vectors, replace(config.training, start=start))) for start in STARTS]
        for method, steps in (*starts, *((name, _baseline_runs(name, sentences, rows)) for name in BASELINES)):
            predicted: list[Ids] = []  # (T,) for each seed
            complete = True
            for finished, in_time in steps:
                predicted += finished
                complete &= in_time
                yield curves
            correct = np.stack(predicted) == sentences.label_ids[test]  # (S, T)
            point = Point(method, size, frozen(correct), frozen(unseen), complete)
            curves = replace(curves, points=(*curves.points, point))
            yield curves


def curve_snapshots(sentences: Sentences, vectors: WordVectors, config: CurveConfig) -> int:
    """How many times `learning_curves` will yield; fewer where runs stop early or are out of time."""
    total = 0
    for size in config.sizes_for(len(sentences.rows("train"))):
        groups = -(-config.seeds // at_once(sentences, vectors, size, config.seeds))
        looks = [replace(config.training, start=start).looks(size) for start in STARTS]
        total += groups * sum(looks) + len(STARTS) + len(BASELINES) * (config.seeds + 1)
    return total


def at_once(sentences: Sentences, vectors: WordVectors, count: int, runs: int) -> int:
    """How many of `runs` runs on `count` sentences are worth training together, at least 1."""
    words = min(len(sentences.vocabulary), 10 * count)
    return max(1, min(runs, _AT_ONCE // max(words * vectors.dimensions, 1)))


def _runs(
    sentences: Sentences, rows: Sequence[Ids], vectors: WordVectors, config: ClassifierConfig
) -> Iterator[tuple[list[Ids], bool]]:
    """(T,) predictions of each run in the group just finished, and whether its time sufficed.

    Every now and then before, an empty list.
    """
    from embedlab.lessons.transfer.classifier import fit  # loads torch

    test = sentences.rows("test")
    group = at_once(sentences, vectors, len(rows[0]), len(rows))
    for first in range(0, len(rows), group):
        seeds = range(first, min(first + group, len(rows)))
        for last in fit(sentences, [rows[s] for s in seeds], vectors, config, seeds=seeds):
            if not last.finished:
                yield [], True
        yield [classifier.predict(sentences.ids[test]) for classifier in last.kept_classifiers], last.finished


def _baseline_runs(method: str, sentences: Sentences, rows: Sequence[Ids]) -> Iterator[tuple[list[Ids], bool]]:
    """As `_runs`; one run at a time, always to its end."""
    for part in rows:
        yield [predict_by_baseline(method, sentences, part)], True


class UnseenScore(NamedTuple):
    """One method on test sentences with a similar share of unseen words."""

    method: str
    share: str  # one of `BINS`
    accuracy: float  # in [0, 1]
    error: float  # standard error: sentences are drawn, and runs of one sentence are not independent
    sentences: int  # summed over the runs


def accuracy_by_unseen(curves: LearningCurves, size: int, methods: Sequence[str]) -> list[UnseenScore]:
    """Scores of each method, from no unseen words to most; bins with hardly a sentence are left out."""
    return [score for method in methods for score in _scores(curves.at(method, size))]


def _scores(point: Point) -> list[UnseenScore]:
    bins = np.searchsorted(EDGES, point.unseen, side="left")  # (S, T)
    found = []
    for number, name in enumerate(BINS):
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
