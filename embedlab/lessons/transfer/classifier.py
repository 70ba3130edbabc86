"""The classifier of the lecture: the mean of a sentence's embeddings, then a linear layer; three ways to start.

It is called CBOW classifier there and is not word2vec's CBOW. With one or two hidden layers it is the Deep Averaging
Network (Iyyer et al. 2015, "Deep Unordered Composition Rivals Syntactic Methods for Text Classification").
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import pairwise

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from embedlab import checks
from embedlab.arrays import Floats, Ids, Mask, frozen
from embedlab.errors import InvalidSetting
from embedlab.lessons.transfer.config import MAX_RUNS, SECONDS, ClassifierConfig, Start
from embedlab.lessons.transfer.data.sentences import Sentences
from embedlab.lessons.transfer.initialization import initial_table
from embedlab.lessons.transfer.predictions import TrainedClassifier
from embedlab.training.config import TrainConfig
from embedlab.training.loop import Snapshot, train
from embedlab.vectors.word_vectors import WordVectors


class CbowClassifier(nn.Module):
    """S classifiers of one shape at once: mean of embeddings, hidden layers with ReLU, C scores.

    Args:
        table: (1 + R, D): row 0 is padding and stays zero; the S copies look up rows of their own.
        labels: C.
        config: start, hidden layers, word dropout, penalty.
        seeds: S of them; each draws its copy's layers and dropped words.
    """

    def __init__(self, table: Floats, labels: int, config: ClassifierConfig, seeds: Sequence[int]) -> None:
        super().__init__()
        self.config = config
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

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """(S, B, C) scores of (S, B, L) rows of the table; 0 is padding and does not count in the mean."""
        copies, batch, length = ids.shape
        if self.training and self.config.word_dropout:
            ids = self._drop(ids)
        mean = F.embedding_bag(ids.view(-1, length), self.embedding, mode="mean", padding_idx=0)  # (S * B, D)
        x = mean.view(copies, batch, -1)
        for layer, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            x = torch.baddbmm(bias, F.relu(x) if layer else x, weight)  # (S, B, out)
        return x

    def _drop(self, ids: torch.Tensor) -> torch.Tensor:
        draws = torch.stack([torch.rand(ids.shape[1:], generator=g) for g in self.generators])  # (S, B, L)
        kept = ids.masked_fill(draws < self.config.word_dropout, 0)
        return torch.where(kept.any(dim=-1, keepdim=True), kept, ids)  # a sentence never loses all its words

    def loss(self, batch: tuple[torch.Tensor, torch.Tensor]) -> torch.Tensor:
        """The sum of the copies' mean losses, so that each receives the gradient it would receive alone."""
        ids, labels = batch  # (S, B, L), (S, B)
        loss = F.cross_entropy(self(ids).flatten(0, 1), labels.flatten(), reduction="sum") / labels.shape[1]
        if self.config.penalty:
            loss = loss + self.config.penalty / 2 * sum(weight.square().sum() for weight in self.weights)
        return loss

    def embedding_matrix(self) -> torch.Tensor:
        """The rows of all copies without padding."""
        return self.embedding[1:]  # (R, D)


@dataclass(frozen=True, eq=False)
class ClassifierSnapshot:
    """The state of S runs after an update."""

    update: int
    loss: float  # nats: mean over runs and over the updates since the previous one
    make: Callable[[], tuple[TrainedClassifier, ...]]

    @cached_property
    def classifiers(self) -> tuple[TrainedClassifier, ...]:
        """S classifiers as they were then; made when first asked for."""
        return self.make()


def fit(
    sentences: Sentences,
    rows: Sequence[Ids],
    vectors: WordVectors,
    config: ClassifierConfig,
    *,
    seeds: Sequence[int],
    every: int | None = None,
) -> Iterator[ClassifierSnapshot]:
    """Trains one classifier for each seed, all at once; each equals the one trained alone.

    Only words that occur in a run's training sentences can move, so only their rows are trained.

    Args:
        rows: for each seed the sentences to train on, equally many.
        vectors: pretrained vectors; from scratch, only their number of dimensions is used.
        every: updates between two snapshots; only the last is yielded when None.

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
    tables = [initial_table(config.start, sentences, vectors, seed) for seed in seeds]
    seen = [frozen(sentences.seen(part)) for part in rows]  # S of (V,) bool
    places = np.zeros((len(seeds), len(seen[0]) + 1), dtype=np.int32)  # row of each word in the joint table; PAD is 0
    ends = np.cumsum([0] + [int(mask.sum()) for mask in seen])
    for run, mask in enumerate(seen):
        places[run, :-1][mask] = np.arange(ends[run], ends[run + 1]) + 1
    joint = np.concatenate(
        [np.zeros_like(tables[0].matrix[:1]), *(t.matrix[m] for t, m in zip(tables, seen, strict=True))]
    )
    ids = torch.from_numpy(np.stack([places[run][sentences.ids[part]] for run, part in enumerate(rows)]))  # (S, n, L)
    labels = torch.from_numpy(np.stack([sentences.label_ids[part] for part in rows]))  # (S, n)
    model = CbowClassifier(joint, len(sentences.labels), config, seeds)
    names = [(f"weights.{layer}", f"biases.{layer}") for layer in range(len(model.weights))]
    updates = config.updates(count)
    record = tuple(name for pair in names for name in pair)
    training = TrainConfig(
        updates, config.learning_rate, "adam", every or updates, "linear", seconds=SECONDS, record=record
    )

    def classifiers(snapshot: Snapshot) -> tuple[TrainedClassifier, ...]:
        return tuple(
            TrainedClassifier(
                config.start,
                sentences.vocabulary.words,
                sentences.labels,
                tables[run].matrix,
                _moved(tables[run].matrix, seen[run], snapshot.embeddings[ends[run] : ends[run + 1]], config.start),
                seen[run],
                tuple((snapshot.recorded[w][run], snapshot.recorded[b][run, 0]) for w, b in names),
                tables[run].pretrained,
                tables[run].scale,
            )
            for run in range(len(seeds))
        )

    for snapshot in train(model, _batches(ids, labels, config.batch, seeds), training):
        if every or snapshot.step:
            yield ClassifierSnapshot(snapshot.step, snapshot.loss / len(seeds), partial(classifiers, snapshot))


def _moved(initial: Floats, seen: Mask, rows: Floats, start: Start) -> Floats:
    """(V, D) read-only: the initial table with the trained rows in place."""
    if start == "frozen":
        return frozen(initial)
    after = frozen(initial).copy()
    after[seen] = rows
    return frozen(after)


def _batches(
    ids: torch.Tensor, labels: torch.Tensor, size: int, seeds: Sequence[int]
) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """Batches without end: each run goes through its sentences in an order of its own, a new one for every pass."""
    orders = [np.random.default_rng([seed, 2]) for seed in seeds]
    count = ids.shape[1]
    size = min(size, count)
    copies = torch.arange(len(seeds))[:, None]  # (S, 1)
    while True:
        order = torch.from_numpy(np.stack([rng.permutation(count) for rng in orders]))  # (S, n)
        for start in range(0, count, size):
            chosen = order[:, start : start + size]  # (S, B)
            batch = ids[copies, chosen]  # (S, B, L)
            longest = int((batch != 0).sum(dim=-1).max())
            yield batch[..., : max(longest, 1)].contiguous(), labels[copies, chosen]
