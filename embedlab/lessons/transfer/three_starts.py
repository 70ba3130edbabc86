"""One run of each start on the same sentences, followed closely: losses, early stopping, and the words on their way."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from embedlab.errors import InvalidSetting
from embedlab.lessons.transfer.classifier import ClassifierConfig, Progress, fit
from embedlab.lessons.transfer.learning_curves import training_order
from embedlab.lessons.transfer.predictions import STARTS, Start, TrainedClassifier
from embedlab.lessons.transfer.sentences import Sentences
from embedlab.vectors.word_vectors import WordVectors

_LOOKS = 30  # times that the validation loss is measured in a run
_COUNTED = 24 << 20  # bytes at most: a pool that found one result too large would drop what a page still shows
_PATIENCE = 5  # looks without a better validation loss before an early stop


@dataclass(frozen=True)
class ThreeWaysConfig:
    """What is trained.

    Raises:
        InvalidSetting: names the value and its range.
    """

    size: int = 10_000  # training sentences, at most as many as there are
    seed: int = 0
    early_stopping: bool = False  # stop, and go back, when the validation loss has not fallen for five looks
    training: ClassifierConfig = field(default_factory=ClassifierConfig)  # its start is ignored

    def __post_init__(self) -> None:
        if self.size < 2:
            raise InvalidSetting(f"{self.size} training sentences are not enough: give at least 2.")
        if not 0 <= self.seed < 2**31:
            raise InvalidSetting(f"Seed {self.seed} is not allowed: give 0 to {2**31 - 1:,}.")


@dataclass(frozen=True, eq=False)
class WayRun:
    """A finished run. P looks."""

    start: Start
    rows: np.ndarray  # (n,) the training sentences
    updates: np.ndarray  # (P,) int64, the first is 0: before the first update
    training_losses: np.ndarray  # (P,) nats, mean since the look before; at update 0 the first batch's
    validation_losses: np.ndarray  # (P,) nats
    classifier: TrainedClassifier  # at `chosen`
    chosen: int  # update that the classifier is from: the last one, or the best where stopped early
    predicted: np.ndarray  # (T,) its verdicts on the test part


@dataclass(frozen=True)
class Following:
    """A run under way."""

    start: Start
    done: float  # share of its updates, in [0, 1]; 1 also where it stopped early


def follow(
    sentences: Sentences, vectors: WordVectors, start: Start, config: ThreeWaysConfig
) -> Iterator[Following | WayRun]:
    """Trains one start and looks at the validation part about thirty times on the way; the run itself comes last.

    Raises:
        TrainingError: the run diverged.
    """
    rows = training_order(sentences, config.seed)[: config.size]
    validation, test = sentences.rows("validation"), sentences.rows("test")
    total = config.training.updates(len(rows))
    figures: list[tuple[int, float, float]] = []  # update, training loss, validation loss
    best, best_look = None, 0
    for last in _progress(sentences, rows, vectors, start, config):
        loss = last.classifiers[0].loss(sentences.ids[validation], sentences.label_ids[validation])
        if best is None or loss < figures[best_look][2]:
            best, best_look = last, len(figures)
        figures.append((last.update, last.loss, loss))
        yield Following(start, last.update / total)
        if config.early_stopping and len(figures) - 1 - best_look >= _PATIENCE:
            break
    kept = best if config.early_stopping and best is not None else last
    classifier = kept.classifiers[0]
    updates, losses, validation_losses = (np.array(column) for column in zip(*figures, strict=True))
    predicted = classifier.predict(sentences.ids[test])
    yield WayRun(start, rows, updates, losses, validation_losses, classifier, kept.update, predicted)


def run_way(sentences: Sentences, vectors: WordVectors, start: Start, config: ThreeWaysConfig) -> WayRun:
    """One start's finished run."""
    return next(found for found in follow(sentences, vectors, start, config) if isinstance(found, WayRun))


@dataclass(frozen=True)
class Held:
    """Memory, for the pool of jobs, which counts what has `nbytes`."""

    nbytes: int = 0


@dataclass(frozen=True)
class ThreeWays:
    """The runs that are finished."""

    runs: tuple[WayRun, ...] = ()
    held: Held = Held()

    @property
    def complete(self) -> bool:
        """Whether all three are there."""
        return len(self.runs) == len(STARTS)


def run_three_ways(sentences: Sentences, vectors: WordVectors, config: ThreeWaysConfig) -> Iterator[ThreeWays]:
    """The three starts, one after the other, on the same sentences; yields what is finished, at every look."""
    found = ThreeWays()
    for start in STARTS:
        for step in follow(sentences, vectors, start, config):
            if isinstance(step, WayRun):
                found = _with(found, step)
            yield found


def looks_total(sentences: Sentences, config: ThreeWaysConfig) -> int:
    """How many times `run_three_ways` will yield; fewer where it stops early or runs out of time."""
    updates = config.training.updates(min(config.size, len(sentences.rows("train"))))
    return len(STARTS) * (-(-updates // _every(updates)) + 2)  # before the first update, at each look, and the run


def _with(found: ThreeWays, run: WayRun) -> ThreeWays:
    classifier = run.classifier
    for before in found.runs:  # pretrained tables are the same numbers: one copy is enough
        if np.array_equal(before.classifier.initial, classifier.initial):
            shared = before.classifier.initial
            after = shared if run.start == "frozen" else classifier.embeddings
            run = replace(run, classifier=replace(classifier, initial=shared, embeddings=after))
    runs = (*found.runs, run)
    tables = {id(a): a.nbytes for r in runs for a in (r.classifier.initial, r.classifier.embeddings)}
    return ThreeWays(runs, Held(min(sum(tables.values()), _COUNTED)))


def word_paths(
    sentences: Sentences, vectors: WordVectors, start: Start, config: ThreeWaysConfig, words: Sequence[str]
) -> tuple[np.ndarray, np.ndarray]:
    """Where words are at every look: (P,) updates and (P, W, D) float32 embeddings.

    The run is made again from the same seed, which takes less room than keeping every look of every word.

    Raises:
        InvalidSetting: a word that does not occur in the sentences.
    """
    index = sentences.vocabulary.index
    missing = [word for word in words if word not in index]
    if missing:
        raise InvalidSetting(f"The sentences do not hold {', '.join(missing[:5])}: choose words that they hold.")
    at = [index[word] for word in words]
    rows = training_order(sentences, config.seed)[: config.size]
    updates, places = [], []
    for progress in _progress(sentences, rows, vectors, start, config):
        updates.append(progress.update)
        places.append(progress.classifiers[0].embeddings[at])
    return np.array(updates, dtype=np.int64), np.stack(places)


def _progress(
    sentences: Sentences, rows: np.ndarray, vectors: WordVectors, start: Start, config: ThreeWaysConfig
) -> Iterator[Progress]:
    training = replace(config.training, start=start)
    every = _every(training.updates(len(rows)))
    return fit(sentences, [rows], vectors, training, seeds=[config.seed], every=every)


def _every(updates: int) -> int:
    """Updates between two looks."""
    return max(1, updates // _LOOKS)
