"""Ten words, two dimensions, four parts of speech: the embeddingVis experiment, alone and up to 64 at once.

Every word is tagged by itself: `Embedding(V, 2)` → `Linear(2, T)` → log-softmax, one sentence for each update, in fixed
order. Data, sizes and optimizer are the experiment's own; V words and T tags are its ten and four, or the visitor's.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import cycle
from typing import Any, Literal

import numpy as np
import torch

from embedlab.errors import InvalidSetting, TrainingError
from embedlab.lessons.ten_words.model import ManyTenWords, TenWords
from embedlab.lessons.ten_words.tagged_text import TaggedText
from embedlab.training.config import TrainConfig
from embedlab.training.loop import train

MAX_EPOCHS = 2_000
MAX_UPDATES = 6_000  # about a second
MAX_RUNS = 64
_FRAMES = 500  # snapshots kept of a run at most; up to this many epochs, every epoch is one


@dataclass(frozen=True)
class TenWordsConfig:
    """The settings of a run; the defaults are the experiment's.

    Raises:
        InvalidSetting: names the value and its range.
    """

    epochs: int = 200  # passes over all sentences
    learning_rate: float = 0.1
    optimizer: Literal["sgd", "adam"] = "sgd"
    seed: int = 0
    stop: Literal["never", "perfect", "loss"] = "never"  # besides the epochs: all words right; loss below stop_loss
    stop_loss: float = 0.1  # nats

    def __post_init__(self) -> None:
        _whole("number of epochs", self.epochs, 1, MAX_EPOCHS)
        _whole("seed", self.seed, 0, 2**31 - 1)
        if self.stop not in ("never", "perfect", "loss"):
            raise InvalidSetting(f"The stop condition must be never, perfect or loss; “{self.stop}” is not.")

    def training(self, text: TaggedText, record: tuple[str, ...]) -> TrainConfig:
        """How the loop is to train on `text`: one snapshot an epoch, or evenly fewer in long runs."""
        updates = self.epochs * len(text.sentences)
        if updates > MAX_UPDATES:
            most = MAX_UPDATES // len(text.sentences)
            raise InvalidSetting(
                f"{self.epochs:,} epochs of {len(text.sentences):,} sentences are {updates:,} updates; at most "
                f"{MAX_UPDATES:,} are allowed. Use {most:,} epochs or fewer, or fewer sentences."
            )
        every = math.ceil(self.epochs / _FRAMES) * len(text.sentences)
        return TrainConfig(updates, self.learning_rate, self.optimizer, every, seconds=60, record=record)

    @property
    def snapshots(self) -> int:
        """How many a whole run has."""
        return math.ceil(self.epochs / math.ceil(self.epochs / _FRAMES)) + 1

    def expected_seconds(self, text: TaggedText, runs: int) -> float:
        """About how long a core works on so many runs at once."""
        tokens = int(text.counts.sum())
        return self.epochs * (2e-4 * len(text.sentences) + 5e-7 * runs * tokens)


@dataclass(frozen=True, eq=False)
class Run:
    """A finished run, epoch by epoch. S snapshots, V words, T tags; all arrays read-only."""

    seed: int
    text: TaggedText
    epochs: np.ndarray  # (S,) int64, the first is 0: before the first update
    embeddings: np.ndarray  # (S, V, 2) float32
    weights: np.ndarray  # (S, T, 2) float32
    biases: np.ndarray  # (S, T) float32

    def logits(self, points: np.ndarray) -> np.ndarray:
        """(S, N, T): the tags' scores at points (S, N, 2)."""
        return points @ self.weights.transpose(0, 2, 1) + self.biases[:, None]

    def probabilities(self) -> np.ndarray:
        """(S, V, T) in [0, 1]: what the model thinks of each word."""
        return _softmax(self.logits(self.embeddings))

    def answers(self, points: np.ndarray, snapshots: np.ndarray) -> np.ndarray:
        """(len(snapshots), N, T) in [0, 1]: what the model would think of words at points (N, 2)."""
        return _softmax(points @ self.weights[snapshots].transpose(0, 2, 1) + self.biases[snapshots][:, None])

    def predicted(self) -> np.ndarray:
        """(S, V) int64: the likeliest tag of each word."""
        return self.logits(self.embeddings).argmax(axis=-1)

    def accuracies(self) -> np.ndarray:
        """(S,) in [0, 1]: the share of words whose likeliest tag is right."""
        return (self.predicted() == self.text.tag_of).mean(axis=1)

    def losses(self) -> np.ndarray:
        """(S,) in nats: mean negative log-likelihood of the tags of all tokens in the text."""
        logits = self.logits(self.embeddings)
        top = logits.max(axis=-1)
        of_right = logits[:, np.arange(len(self.text.words)), self.text.tag_of]  # (S, V)
        surprise = top + np.log(np.exp(logits - top[..., None]).sum(axis=-1)) - of_right  # never the log of zero
        return surprise @ self.text.counts / self.text.counts.sum()

    def first_perfect(self) -> int | None:
        """The first epoch after which every word is right; None when there is none."""
        perfect = np.flatnonzero(self.accuracies() == 1)
        return int(self.epochs[perfect[0]]) if len(perfect) else None

    def mean_distances(self, at: int) -> tuple[float, float] | None:
        """Mean distance between words of one tag, and of different tags; None where no two words share a tag.

        Args:
            at: number of a snapshot.
        """
        places = self.embeddings[at].astype(np.float64)
        distances = np.linalg.norm(places[:, None] - places[None], axis=-1)  # (V, V)
        same = self.text.tag_of[:, None] == self.text.tag_of[None]
        pairs = np.triu(np.ones_like(same), 1)
        alike, others = distances[same & pairs], distances[~same & pairs]
        return (float(alike.mean()), float(others.mean())) if len(alike) else None

    def until(self, config: TenWordsConfig) -> "Run":
        """The run up to where the stop condition of `config` holds for the first time."""
        met = {"never": np.zeros(len(self.epochs), bool)}
        met["perfect"] = self.accuracies() == 1
        met["loss"] = self.losses() < config.stop_loss
        stops = np.flatnonzero(met[config.stop])
        last = int(stops[0]) + 1 if len(stops) else len(self.epochs)
        kept = (self.epochs[:last], self.embeddings[:last], self.weights[:last], self.biases[:last])
        return replace(self, epochs=kept[0], embeddings=kept[1], weights=kept[2], biases=kept[3])


def make(text: TaggedText, seed: int) -> TenWords:
    """A fresh model for `text`; the same seed gives the same numbers as `torch.manual_seed(seed)` would."""
    return TenWords(len(text.words), len(text.tags), torch.Generator().manual_seed(seed))


def batches(text: TaggedText) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """The sentences as (ids, tags), in fixed order, without end."""
    return cycle([(torch.tensor(ids), torch.tensor(tags)) for ids, tags in text.sentences])


def run(text: TaggedText, config: TenWordsConfig) -> Run:
    """Trains one model from `config.seed` and keeps every epoch.

    Raises:
        TrainingError: the run diverged.
    """
    names = ("linear.weight", "linear.bias")
    snapshots = list(train(make(text, config.seed), batches(text), config.training(text, names)))
    epochs = _frozen(np.array([s.step for s in snapshots]) // len(text.sentences))
    embeddings = _frozen(np.stack([s.embeddings for s in snapshots]))
    borders = [_frozen(np.stack([s.recorded[name] for s in snapshots])) for name in names]
    return Run(config.seed, text, epochs, embeddings, *borders).until(config)


def run_many(text: TaggedText, config: TenWordsConfig, seeds: Sequence[int]) -> list[Run]:
    """Trains one model for each seed, all at once; each run equals the run trained alone.

    Raises:
        InvalidSetting: no seeds, or more than 64.
        TrainingError: the runs diverged.
    """
    *_, runs = follow_many(text, config, seeds)
    return runs


def follow_many(text: TaggedText, config: TenWordsConfig, seeds: Sequence[int]) -> Iterator[list[Run]]:
    """`run_many` for those who wait for it: an empty list at every snapshot, at last the runs."""
    _whole("number of runs", len(seeds), 1, MAX_RUNS)
    names = ("weight", "bias")
    model: Any = ManyTenWords([make(text, seed) for seed in seeds])
    snapshots = []
    try:
        for snapshot in train(model, batches(text), config.training(text, names)):
            snapshots.append(snapshot)
            yield []
    except TrainingError as error:
        raise TrainingError(
            f"Of {len(seeds)} runs from different seeds at least one diverged with learning rate "
            f"{config.learning_rate:g}. Choose a smaller learning rate, for example 0.1.",
            best=error.best,
        ) from None
    epochs = _frozen(np.array([s.step for s in snapshots]) // len(text.sentences))
    shape = (len(seeds), len(text.words), 2)
    arrays = [_frozen(np.stack([s.embeddings.reshape(shape) for s in snapshots], axis=1))]  # each (R, S, …)
    arrays += [_frozen(np.stack([s.recorded[name] for s in snapshots], axis=1)) for name in names]
    yield [Run(seed, text, epochs, *(a[r] for a in arrays)).until(config) for r, seed in enumerate(seeds)]


def _softmax(logits: np.ndarray) -> np.ndarray:
    odds = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return odds / odds.sum(axis=-1, keepdims=True)


def _frozen(array: np.ndarray) -> np.ndarray:
    array.flags.writeable = False
    return array


def _whole(name: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise InvalidSetting(f"The {name} must be from {low:,} to {high:,}; {value:,} is not. Choose one in between.")
