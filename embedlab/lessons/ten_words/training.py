"""Part-of-speech tagging with two-dimensional embeddings: the embeddingVis experiment, alone and up to 64 at once.

Every word is tagged by itself: `Embedding(V, 2)` → `Linear(2, T)` → log-softmax, one sentence for each update, in fixed
order. Data, sizes and optimizer are the experiment's; V words and T tags are its ten and four, or the visitor's.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import cycle
from typing import Any

import numpy as np
import torch

from embedlab.arrays import read_only
from embedlab.checks import within
from embedlab.errors import InvalidSetting, TrainingError
from embedlab.lessons.ten_words.config import TenWordsConfig
from embedlab.lessons.ten_words.model import ManyTenWords, TenWords
from embedlab.lessons.ten_words.run import Ending, TenWordsRun
from embedlab.lessons.ten_words.tagged_text import TaggedText
from embedlab.training.config import TrainConfig
from embedlab.training.loop import train

MAX_UPDATES = 6_000  # about a second
MAX_RUNS = 64


def make(text: TaggedText, seed: int) -> TenWords:
    """A fresh model for `text`; the same seed gives the same numbers as `torch.manual_seed(seed)` would."""
    return TenWords(len(text.words), len(text.tags), torch.Generator().manual_seed(seed))


def batches(text: TaggedText) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """The sentences as (ids, tags), in fixed order, without end."""
    return cycle([(torch.tensor(ids), torch.tensor(tags)) for ids, tags in text.sentences])


def training(text: TaggedText, config: TenWordsConfig, record: tuple[str, ...]) -> TrainConfig:
    """How the loop is to train on `text`. Raises InvalidSetting: more updates than allowed."""
    updates = config.epochs * len(text.sentences)
    if updates > MAX_UPDATES:
        raise InvalidSetting(
            f"{config.epochs:,} epochs of {len(text.sentences):,} sentences are {updates:,} updates; at most "
            f"{MAX_UPDATES:,} are allowed. Use {MAX_UPDATES // len(text.sentences):,} epochs or fewer, or fewer "
            "sentences."
        )
    every = config.epochs_between * len(text.sentences)
    return TrainConfig(updates, config.learning_rate, config.optimizer, every, seconds=60, record=record)


def run(text: TaggedText, config: TenWordsConfig) -> TenWordsRun:
    """Trains one model from `config.seed` and keeps every epoch, of a run that breaks those before it did.

    A loss that rises is shown as it is; a run breaks where numbers are no longer finite.
    """
    names, snapshots, broke = ("linear.weight", "linear.bias"), [], False
    try:
        recipe = replace(training(text, config, names), diverged=math.inf)
        for snapshot in train(make(text, config.seed), batches(text), recipe):
            snapshots.append(snapshot)
    except TrainingError:
        broke = True
    epochs = read_only(np.array([s.step for s in snapshots]) // len(text.sentences))
    embeddings = read_only(np.stack([s.embeddings for s in snapshots]))
    borders = [read_only(np.stack([s.recorded[name] for s in snapshots])) for name in names]
    weights, biases = borders
    return TenWordsRun(config.seed, text, epochs, embeddings, weights, biases, broke).finite().until(config)


def follow_many(text: TaggedText, config: TenWordsConfig, seeds: Sequence[int]) -> Iterator[list[TenWordsRun]]:
    """Trains one model for each seed, all at once; each run equals the run trained alone.

    Yields:
        An empty list at every snapshot, to show progress; at last the runs.

    Raises:
        InvalidSetting: no seeds, or more than 64.
        TrainingError: the runs diverged.
    """
    within("number of runs", len(seeds), 1, MAX_RUNS)
    names = ("weight", "bias")
    model: Any = ManyTenWords([make(text, seed) for seed in seeds])
    snapshots = []
    try:
        for snapshot in train(model, batches(text), training(text, config, names)):
            snapshots.append(snapshot)
            yield []
    except TrainingError as error:
        raise TrainingError(
            f"Of {len(seeds)} runs from different seeds at least one diverged with learning rate "
            f"{config.learning_rate:g}. Choose a smaller learning rate, for example 0.1.",
            step=error.step,
            best=error.best,
        ) from None
    epochs = read_only(np.array([s.step for s in snapshots]) // len(text.sentences))
    shape = (len(seeds), len(text.words), 2)
    arrays = [read_only(np.stack([s.embeddings.reshape(shape) for s in snapshots], axis=1))]  # each (R, S, …)
    arrays += [read_only(np.stack([s.recorded[name] for s in snapshots], axis=1)) for name in names]
    yield [TenWordsRun(seed, text, epochs, *(a[r] for a in arrays)).until(config) for r, seed in enumerate(seeds)]


def endings(text: TaggedText, config: TenWordsConfig, seeds: Sequence[int]) -> Iterator[list[Ending]]:
    """As `follow_many`, with how the runs ended in place of the runs, which may take tens of megabytes.

    Where one of them diverges each is trained alone, so that those that break do not end the others.
    """
    try:
        for runs in follow_many(text, config, seeds):
            yield [Ending.of(each) for each in runs]
    except TrainingError:
        ends = []
        for seed in seeds:
            ends.append(Ending.of(run(text, replace(config, seed=seed))))
            yield []
        yield ends
