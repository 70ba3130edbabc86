"""Accuracy against the number of training sentences: three starts, several seeds, and two lines to compare with."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from embedlab.bag_of_words import fit_bag_of_words
from embedlab.errors import InvalidSetting
from embedlab.models.cbow_classifier import ClassifierConfig, Progress, at_once, fit
from embedlab.sentences import PAD, Sentences
from embedlab.vectors import WordVectors
from embedlab.verdicts import STARTS, Start

SIZES = (10, 20, 50, 100, 200, 500)
BAG_OF_WORDS = "bag of words"
MAX_SEEDS = 10


@dataclass(frozen=True)
class CurveConfig:
    """What the curves are made of.

    Raises:
        InvalidSetting: names the value and its range.
    """

    sizes: tuple[int, ...] = SIZES  # training sentences; all of them come last in any case
    seeds: int = 5  # runs at each point, from the seeds 0, 1, 2, ...
    training: ClassifierConfig = field(default_factory=ClassifierConfig)  # its start is ignored

    def __post_init__(self) -> None:
        if not 2 <= self.seeds <= MAX_SEEDS:
            raise InvalidSetting(f"{self.seeds} seeds are not allowed: give 2 to {MAX_SEEDS}, or there is no spread.")
        if any(size < 2 for size in self.sizes):
            raise InvalidSetting(f"Sizes {self.sizes} are not allowed: every one needs at least 2 sentences.")

    def sizes_for(self, count: int) -> list[int]:
        """The sizes that `count` training sentences allow, rising, and `count` itself."""
        return [*sorted({size for size in self.sizes if size < count}), count]


@dataclass(frozen=True, eq=False)
class Point:
    """S runs of one method on one number of training sentences. T test sentences."""

    method: str  # a start, or `BAG_OF_WORDS`
    size: int  # training sentences
    correct: np.ndarray  # (S, T) bool: which test sentences each run got right
    unseen: np.ndarray  # (S, T) float32: share of each test sentence's words that the run had never seen, in [0, 1]

    @property
    def accuracies(self) -> np.ndarray:
        """(S,) in [0, 1]."""
        return self.correct.mean(axis=1)

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
        done = [{p.size for p in self.points if p.method == method} for method in (*STARTS, BAG_OF_WORDS)]
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
                "mean accuracy": p.mean,
                "standard deviation": p.spread,
                **{f"seed {seed}": float(value) for seed, value in enumerate(p.accuracies)},
            }
            for p in self.points
        ]


def training_order(sentences: Sentences, seed: int) -> np.ndarray:
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
    """Trains and tests everything, the smallest numbers of sentences first; yields all points after each new one.

    Every run of a seed trains on the same sentences, whatever the method.

    Raises:
        TrainingError: a run diverged; what was yielded before stays valid.
    """
    test = sentences.rows("test")
    orders = [training_order(sentences, seed) for seed in range(config.seeds)]
    curves = LearningCurves(sentences.name, sentences.majority, len(test))
    for size in config.sizes_for(len(orders[0])):
        rows = [order[:size] for order in orders]
        unseen = np.stack([unseen_shares(sentences, part, test) for part in rows])  # (S, T)
        for method in (*STARTS, BAG_OF_WORDS):
            if method == BAG_OF_WORDS:
                predicted = np.stack([_bag(sentences, part, test) for part in rows])
            else:
                training = replace(config.training, start=method)
                predicted = np.stack([p for p in _predict(sentences, rows, vectors, training, test)])
            correct = predicted == sentences.label_ids[test]  # (S, T)
            for array in (correct, unseen):
                array.flags.writeable = False
            curves = replace(curves, points=(*curves.points, Point(method, size, correct, unseen)))
            yield curves


def points_total(sentences: Sentences, config: CurveConfig) -> int:
    """How many points `learning_curves` will yield."""
    return len(config.sizes_for(len(sentences.rows("train")))) * (len(STARTS) + 1)


def unseen_shares(sentences: Sentences, training: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """(T,) float32: of each sentence in `rows` the share of words that occur in no training sentence, in [0, 1]."""
    ids = sentences.ids[rows]
    real = ids != PAD
    new = ~sentences.seen(training)[ids] & real  # PAD fetches some word, which `real` takes out again
    return (new.sum(axis=1) / np.maximum(real.sum(axis=1), 1)).astype(np.float32)


def _predict(
    sentences: Sentences,
    rows: Sequence[np.ndarray],
    vectors: WordVectors,
    config: ClassifierConfig,
    test: np.ndarray,
) -> Iterator[np.ndarray]:
    """(T,) for each seed."""
    group = at_once(sentences, vectors, len(rows[0]), len(rows))
    for first in range(0, len(rows), group):
        seeds = range(first, min(first + group, len(rows)))
        last: Progress | None = None
        for last in fit(sentences, [rows[seed] for seed in seeds], vectors, config, seeds=seeds):
            pass
        if last is not None:
            yield from (classifier.predict(sentences.ids[test]) for classifier in last.classifiers)


def _bag(sentences: Sentences, rows: np.ndarray, test: np.ndarray) -> np.ndarray:
    model = fit_bag_of_words(
        sentences.ids[rows],
        sentences.label_ids[rows],
        words=len(sentences.vocabulary),
        labels=len(sentences.labels),
    )
    return model.predict(sentences.ids[test])


@dataclass(frozen=True)
class Lead:
    """Who is ahead at one number of training sentences."""

    size: int
    best: Start
    clear: bool  # the difference to the next one is more than twice its standard error over the seeds


def leads(curves: LearningCurves) -> list[Lead]:
    """The best of the three starts at every size.

    Runs of one seed share their sentences, so differences are taken seed by seed.
    """
    found = []
    for size in curves.sizes:
        ranked = sorted(STARTS, key=lambda start: -curves.at(start, size).mean)
        first, second = (curves.at(start, size).accuracies for start in ranked[:2])
        gaps = first - second
        error = gaps.std(ddof=1) / np.sqrt(len(gaps))
        found.append(Lead(size, ranked[0], bool(gaps.mean() > 2 * error)))
    return found


def conclusion(curves: LearningCurves) -> list[str]:
    """What the curves say, in plain words; every statement is computed from them.

    Returns:
        Sentences without any Markdown; none before the first size is complete.
    """
    if not curves.sizes:
        return []
    said = [_stretch(curves, part) for part in _stretches(leads(curves))]
    few, many = curves.sizes[0], curves.sizes[-1]
    gain = {size: _best_pretrained(curves, size) - curves.at("scratch", size).mean for size in (few, many)}
    largest = max(curves.sizes, key=lambda size: _best_pretrained(curves, size) - curves.at("scratch", size).mean)
    gain[largest] = _best_pretrained(curves, largest) - curves.at("scratch", largest).mean
    said.append(
        f"Borrowed vectors help most with {largest:,} sentences: {_points(gain[largest])} over a start from scratch; "
        f"with {many:,} it is {_points(gain[many])}."
        if gain[largest] > 0
        else f"Borrowed vectors never beat a start from scratch here; with {many:,} sentences they are "
        f"{_points(-gain[many])} behind."
    )
    bag = curves.at(BAG_OF_WORDS, many).mean
    best = max(STARTS, key=lambda start: curves.at(start, many).mean)
    lead = curves.at(best, many).mean - bag
    side = f"{_points(lead)} above" if lead >= 0 else f"{_points(-lead)} below"
    said.append(f"With {many:,} sentences, {_named(best)} is {side} logistic regression on a bag of words ({bag:.1%}).")
    return said


def _best_pretrained(curves: LearningCurves, size: int) -> float:
    return max(curves.at(start, size).mean for start in STARTS if start != "scratch")


def _stretches(leads: Sequence[Lead]) -> list[list[Lead]]:
    """Neighboring sizes with the same clear winner, or without one, together."""
    parts: list[list[Lead]] = []
    for lead in leads:
        if parts and parts[-1][0].clear == lead.clear and (not lead.clear or parts[-1][0].best == lead.best):
            parts[-1].append(lead)
        else:
            parts.append([lead])
    return parts


def _stretch(curves: LearningCurves, part: Sequence[Lead]) -> str:
    first, last = part[0].size, part[-1].size
    where = f"With {first:,} training sentences" if first == last else f"From {first:,} to {last:,} training sentences"
    if not part[0].clear:
        return f"{where} no start is clearly ahead of the others."
    figures = ", ".join(f"{_named(start)} {curves.at(start, last).mean:.1%}" for start in STARTS)
    return f"{where}, {_named(part[0].best)} is best ({figures} at {last:,})."


def _named(start: Start) -> str:
    return {"scratch": "from scratch", "fine-tuned": "fine-tuned", "frozen": "frozen"}[start]


def _points(difference: float) -> str:
    value = round(100 * difference, 1)
    return f"{value:.1f} point" if value == 1 else f"{value:.1f} points"
