"""One run of each start on the same sentences, followed closely: losses, early stopping, and the words on their way."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from embedlab import checks
from embedlab.arrays import Doubles, Floats, Ids, frozen
from embedlab.errors import InvalidSetting
from embedlab.lessons.transfer.config import STARTS, ClassifierConfig, Start
from embedlab.lessons.transfer.data.sentences import Sentences
from embedlab.lessons.transfer.learning_curves import training_order
from embedlab.lessons.transfer.predictions import TrainedClassifier
from embedlab.vectors.word_vectors import WordVectors

if TYPE_CHECKING:
    from embedlab.lessons.transfer.classifier import ClassifierSnapshot

_MOST_BYTES = 24 << 20  # a pool that found one result too large would drop what a page still shows


@dataclass(frozen=True)
class ThreeStartsConfig:
    """What is trained (InvalidSetting: names the value and its range)."""

    size: int = 10_000  # training sentences, at most as many as there are
    seed: int = 0
    training: ClassifierConfig = field(default_factory=ClassifierConfig)  # its start is ignored

    def __post_init__(self) -> None:
        checks.within("number of training sentences", self.size, 2)
        checks.within("seed", self.seed, 0, 2**31 - 1)


@dataclass(frozen=True, eq=False)
class StartRun:
    """A finished run of one start, with P snapshots."""

    start: Start
    rows: Ids  # (n,) the training sentences
    updates: Ids  # (P,), the first is 0: before the first update
    training_losses: Doubles  # (P,) nats, mean since the snapshot before; at update 0 the first batch's
    validation_losses: Doubles  # (P,) nats
    validation_accuracies: Doubles  # (P,) in [0, 1]
    classifier: TrainedClassifier  # at `chosen`
    chosen: int  # update that the classifier is from: the last one, or the best where stopped early
    predicted: Ids  # (T,) labels of the test part
    complete: bool  # did not end early because its time was up


def train_start(
    sentences: Sentences, vectors: WordVectors, start: Start, config: ThreeStartsConfig
) -> "Iterator[ClassifierSnapshot | StartRun]":
    """Trains one start, follows it on the validation sentences, and yields the run itself last.

    Raises TrainingError: the run diverged.
    """
    rows = training_order(sentences, config.seed)[: config.size]
    figures: list[tuple[int, float, float, float]] = []  # a snapshot's update, training and validation loss, accuracy
    for last in _snapshots(sentences, rows, vectors, start, config):
        (state,) = last.states
        figures.append((last.update, last.loss, state.loss, state.accuracy))
        yield last
    (classifier,), (kept,) = last.kept_classifiers, last.kept
    updates, losses, validation_losses, accuracies = (frozen(np.array(each)) for each in zip(*figures, strict=True))
    predicted = frozen(classifier.predict(sentences.ids[sentences.rows("test")]))
    yield StartRun(
        start, frozen(rows), updates, losses, validation_losses, accuracies, classifier, kept.update, predicted,
        last.finished,
    )  # fmt: skip


@dataclass(frozen=True)
class ThreeStarts:
    """The runs that are finished."""

    runs: tuple[StartRun, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether all three are there."""
        return len(self.runs) == len(STARTS)

    def with_pretrained(self, vectors: WordVectors) -> "ThreeStarts":
        """The same runs with more pretrained words for typed sentences than training was given."""

        def with_more(run: StartRun) -> StartRun:
            if run.classifier.pretrained is None:
                return run
            return replace(run, classifier=replace(run.classifier, pretrained=vectors))

        return ThreeStarts(tuple(map(with_more, self.runs)))

    @property
    def nbytes(self) -> int:
        """Of the tables, each counted once and all with a limit: what it takes to keep this."""
        tables = {id(a): a.nbytes for run in self.runs for a in (run.classifier.initial, run.classifier.embeddings)}
        return min(sum(tables.values()), _MOST_BYTES)


def run_three_starts(sentences: Sentences, vectors: WordVectors, config: ThreeStartsConfig) -> Iterator[ThreeStarts]:
    """The three starts, one after the other, on the same sentences; yields what is finished, at every snapshot."""
    found = ThreeStarts()
    for start in STARTS:
        for step in train_start(sentences, vectors, start, config):
            if isinstance(step, StartRun):
                found = _with(found, step)
            yield found


def start_snapshots(sentences: Sentences, config: ThreeStartsConfig) -> int:
    """How many times `run_three_starts` yields; fewer where it stops early or runs out of time."""
    size = min(config.size, len(sentences.rows("train")))
    return sum(replace(config.training, start=start).looks(size) + 1 for start in STARTS)  # and the run itself


def _with(found: ThreeStarts, run: StartRun) -> ThreeStarts:
    classifier = run.classifier
    for before in found.runs:  # pretrained tables are the same numbers: one copy is enough
        if np.array_equal(before.classifier.initial, classifier.initial):
            shared = before.classifier.initial
            after = shared if run.start == "frozen" else classifier.embeddings
            run = replace(run, classifier=replace(classifier, initial=shared, embeddings=after))
    return ThreeStarts((*found.runs, run))


def word_paths(
    sentences: Sentences, vectors: WordVectors, start: Start, config: ThreeStartsConfig, words: Sequence[str]
) -> tuple[Ids, Floats]:
    """Where words are at every snapshot: (P,) updates and (P, W, D) embeddings.

    The run is made again from the same seed, which takes less room than keeping every word of every snapshot.

    Raises InvalidSetting: a word that does not occur in the sentences.
    """
    index = sentences.vocabulary.index
    missing = [word for word in words if word not in index]
    if missing:
        raise InvalidSetting(f"The sentences do not hold {', '.join(missing[:5])}: choose words that they hold.")
    at = [index[word] for word in words]
    rows = training_order(sentences, config.seed)[: config.size]
    updates, places = [], []
    for snapshot in _snapshots(sentences, rows, vectors, start, config):
        updates.append(snapshot.update)
        places.append(snapshot.classifiers[0].embeddings[at])
    return np.array(updates, dtype=np.int64), np.stack(places)


def _snapshots(
    sentences: Sentences, rows: Ids, vectors: WordVectors, start: Start, config: ThreeStartsConfig
) -> "Iterator[ClassifierSnapshot]":
    from embedlab.lessons.transfer.classifier import fit  # loads torch

    return fit(sentences, [rows], vectors, replace(config.training, start=start), seeds=[config.seed])
