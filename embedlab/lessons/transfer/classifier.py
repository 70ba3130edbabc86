"""The classifier of the lecture: the mean of a sentence's embeddings, then a linear layer; three ways to start.

It is called CBOW classifier there and is not word2vec's CBOW. With one or two hidden layers it is the Deep Averaging
Network (Iyyer et al. 2015, "Deep Unordered Composition Rivals Syntactic Methods for Text Classification").
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise, repeat

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from embedlab import checks
from embedlab.arrays import Floats, Ids
from embedlab.errors import InvalidSetting
from embedlab.lessons.transfer.config import MAX_RUNS, PATIENCE, SECONDS, ClassifierConfig
from embedlab.lessons.transfer.data.sentences import Sentences
from embedlab.lessons.transfer.early_stopping import Run, State
from embedlab.lessons.transfer.initialization import initial_table
from embedlab.lessons.transfer.predictions import TrainedClassifier, averaging
from embedlab.training.config import TrainConfig
from embedlab.training.loop import train
from embedlab.vectors.word_vectors import WordVectors


class CbowClassifier(nn.Module):
    """S classifiers of one shape at once: mean of embeddings, hidden layers with ReLU, C scores.

    Args:
        table: (1 + R, D): row 0 is padding and stays zero; the S copies look up rows of their own.
        labels: C.
        config: start, hidden layers, word dropout.
        seeds: S of them; each draws its copy's layers and dropped words.
        penalty: on the mean loss, see `ClassifierConfig`.
    """

    def __init__(
        self, table: Floats, labels: int, config: ClassifierConfig, seeds: Sequence[int], penalty: float = 0.0
    ) -> None:
        super().__init__()
        self.config, self.penalty = config, penalty
        self.embedding = nn.Parameter(torch.tensor(table), requires_grad=config.start != "frozen")
        sizes = [table.shape[1], *config.hidden, labels]
        self.generators = [torch.Generator().manual_seed(seed) for seed in seeds]
        self.weights, self.biases = nn.ParameterList(), nn.ParameterList()
        for into, out in pairwise(sizes):
            bound = 1 / math.sqrt(into)  # as torch.nn.Linear starts
            draws = [torch.empty(into + 1, out).uniform_(-bound, bound, generator=g) for g in self.generators]
            both = torch.stack(draws)  # (S, in + 1, out)
            self.weights.append(nn.Parameter(both[:, :-1].clone()))  # (S, in, out)
            self.biases.append(nn.Parameter(both[:, -1:].clone()))  # (S, 1, out)

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """(S, B, C) scores of (S, B, L) rows of the table; 0 is padding and does not count in the mean.

        Means of embeddings that do not change can be given instead: (S, B, D), of floating point.
        """
        x = inputs if inputs.is_floating_point() else self._means(inputs)
        for layer, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            x = torch.baddbmm(bias, F.relu(x) if layer else x, weight)  # (S, B, out)
        return x

    def _means(self, ids: torch.Tensor) -> torch.Tensor:
        if self.training and self.config.word_dropout:
            ids = self._drop(ids)
        means = F.embedding_bag(ids.flatten(0, 1), self.embedding, mode="mean", padding_idx=0)  # (S * B, D)
        return means.view(*ids.shape[:2], -1)

    def _drop(self, ids: torch.Tensor) -> torch.Tensor:
        draws = torch.stack([torch.rand(ids.shape[1:], generator=g) for g in self.generators])  # (S, B, L)
        kept = ids.masked_fill(draws < self.config.word_dropout, 0)
        return torch.where(kept.any(dim=-1, keepdim=True), kept, ids)  # a sentence never loses all its words

    def loss(self, batch: tuple[torch.Tensor, torch.Tensor]) -> torch.Tensor:
        """The sum of the copies' mean losses, so that each receives the gradient it would receive alone."""
        inputs, labels = batch  # (S, B, L) or (S, B, D), and (S, B)
        loss = F.cross_entropy(self(inputs).flatten(0, 1), labels.flatten(), reduction="sum") / labels.shape[1]
        if self.penalty:
            loss = loss + self.penalty / 2 * sum(weight.square().sum() for weight in self.weights)
        return loss

    def embedding_matrix(self) -> torch.Tensor:
        """The rows of all copies without padding."""
        return self.embedding[1:]  # (R, D)


@dataclass(frozen=True, eq=False)
class ClassifierSnapshot:
    """The state of S runs after an update."""

    update: int
    loss: float  # nats: mean over runs and over the updates since the previous one
    runs: Sequence[Run]
    states: Sequence[State]
    kept: Sequence[State]  # what each run would end with: with early stopping the best so far
    finished: bool  # no update will follow, and not because the time is up

    @cached_property
    def classifiers(self) -> tuple[TrainedClassifier, ...]:
        """S classifiers as they were then; made when first asked for."""
        return tuple(run.classifier(state) for run, state in zip(self.runs, self.states, strict=True))

    @cached_property
    def kept_classifiers(self) -> tuple[TrainedClassifier, ...]:
        """S classifiers as they would be kept."""
        return tuple(run.classifier(state) for run, state in zip(self.runs, self.kept, strict=True))


def fit(
    sentences: Sentences, rows: Sequence[Ids], vectors: WordVectors, config: ClassifierConfig, *, seeds: Sequence[int]
) -> Iterator[ClassifierSnapshot]:
    """Trains one classifier for each seed, all at once; each equals the one trained alone.

    Only words that occur in a run's training sentences can move, so only their rows are trained. Early stopping ends
    training when no run has done better on the validation sentences for `PATIENCE` snapshots.

    Args:
        rows: for each seed the sentences to train on, equally many.
        vectors: pretrained vectors; from scratch, only their number of dimensions is used.

    Yields:
        Snapshots before the first update, every `config.updates_between`, and after the last.

    Raises:
        InvalidSetting: no run or too many, or runs of different sizes.
        TrainingError: the runs diverged.
    """
    checks.within("number of runs", len(seeds), 1, MAX_RUNS)
    if len(rows) != len(seeds):
        raise InvalidSetting(f"{len(rows)} runs with {len(seeds)} seeds are not allowed: give each run one seed.")
    count = len(rows[0])
    if count < 1 or any(len(part) != count for part in rows):
        raise InvalidSetting("Runs that are trained at once need equally many sentences, at least one.")
    drawn = seeds if config.start == "scratch" else seeds[:1]  # pretrained vectors are the same for every seed
    tables = [initial_table(config.start, sentences, vectors, seed) for seed in drawn]
    tables *= len(seeds) // len(drawn)
    runs = [Run(sentences, part, config.start, table) for part, table in zip(rows, tables, strict=True)]
    joint, inputs, ends = _joined(sentences, rows, runs, config)
    labels = torch.from_numpy(np.stack([sentences.label_ids[part] for part in rows]))  # (S, n)
    recipe, every = config.resolved(count), config.updates_between(count)
    model = CbowClassifier(joint, len(sentences.labels), config, seeds, recipe.penalty)
    names = [(f"weights.{layer}", f"biases.{layer}") for layer in range(len(model.weights))]
    record = tuple(name for pair in names for name in pair)
    training = TrainConfig(
        config.updates(count), recipe.learning_rate, "adam", every, "linear", seconds=SECONDS, record=record
    )
    kept: list[State] = []
    over = np.zeros(len(seeds), bool)  # runs that would have stopped alone: what they kept stays
    for snapshot in train(model, _batches(inputs, labels, recipe.batch, seeds), training):
        states = []
        for place, run in enumerate(runs):
            layers = tuple((snapshot.recorded[w][place], snapshot.recorded[b][place, 0]) for w, b in names)
            states.append(run.state(snapshot.step, snapshot.embeddings[ends[place] : ends[place + 1]], layers))
        if config.early_stopping and kept and kept[0].update:  # what has not been trained is not kept
            kept = [
                new if new.better_than(old) and not done else old
                for new, old, done in zip(states, kept, over, strict=True)
            ]
        else:
            kept = states
        over |= [snapshot.step - state.update >= PATIENCE * every for state in kept]
        stops = config.early_stopping and bool(over.all())
        finished = stops or snapshot.step == training.steps
        yield ClassifierSnapshot(snapshot.step, snapshot.loss / len(seeds), runs, states, kept, finished)
        if stops:
            return


def _joined(
    sentences: Sentences, rows: Sequence[Ids], runs: Sequence[Run], config: ClassifierConfig
) -> tuple[Floats, torch.Tensor, Ids]:
    """The runs' tables as one, their sentences as the model takes them, and where each run's rows end.

    Frozen embeddings are averaged once and for all; only word dropout makes other means of them in every update.
    """
    averaged = config.start == "frozen" and not config.word_dropout
    in_table = [np.zeros_like(run.seen) if averaged else run.seen for run in runs]  # S of (V,) bool
    ends = np.cumsum([0] + [int(mask.sum()) for mask in in_table])
    padding = np.zeros_like(runs[0].table.matrix[:1])
    joint = np.concatenate([padding, *(run.table.matrix[mask] for run, mask in zip(runs, in_table, strict=True))])
    if averaged:
        means = [
            averaging(sentences.ids[part], len(run.seen)) @ run.table.matrix
            for part, run in zip(rows, runs, strict=True)
        ]
        return joint, torch.from_numpy(np.stack(means)), ends
    places = np.zeros((len(runs), len(runs[0].seen) + 1), dtype=np.int32)  # row of each word in the table; PAD is 0
    for run, mask in enumerate(in_table):
        places[run, :-1][mask] = np.arange(ends[run], ends[run + 1]) + 1
    return joint, torch.from_numpy(np.stack([places[run][sentences.ids[part]] for run, part in enumerate(rows)])), ends


def _batches(
    inputs: torch.Tensor, labels: torch.Tensor, size: int, seeds: Sequence[int]
) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """Batches without end: each run goes through its sentences in an order of its own, a new one for every pass."""
    if inputs.shape[1] <= size:
        yield from repeat((inputs, labels))  # in any order
    orders = [np.random.default_rng([seed, 2]) for seed in seeds]
    count = inputs.shape[1]
    firsts = count * torch.arange(len(seeds))[:, None]  # (S, 1) of each run when all stand one below the other
    inputs, labels = inputs.flatten(0, 1), labels.flatten()
    while True:
        order = torch.from_numpy(np.stack([rng.permutation(count) for rng in orders]))  # (S, n)
        for start in range(0, count, size):
            chosen = firsts + order[:, start : start + size]  # (S, B)
            batch = inputs.index_select(0, chosen.flatten()).unflatten(0, chosen.shape)  # (S, B, L or D)
            if not batch.is_floating_point():
                longest = int((batch != 0).sum(dim=-1).max())
                batch = batch[..., : max(longest, 1)].contiguous()
            yield batch, labels[chosen]
