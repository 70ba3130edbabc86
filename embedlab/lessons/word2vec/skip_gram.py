"""Skip-gram (Mikolov et al. 2013): from a word, the words around it. Two losses, and a fast form of the second.

Each model has two tables. `center_embeddings` are what word2vec calls its vectors; `context_embeddings` score them.
Both start as word2vec does, centers within half a unit over D and contexts at zero, so that every first loss is known:
ln V nats with the full softmax, (K + 1) ln 2 with negative sampling.

Losses are means over pairs. word2vec's learning rate is for one pair; for a mean over B pairs it is B times that.
"""

from collections.abc import Callable
from typing import Self

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from embedlab.arrays import Array
from embedlab.lessons.word2vec.pairs import NoisyPairs, Pairs
from embedlab.lessons.word2vec.windows import Windows


def device() -> torch.device:
    """The graphics card when there is one for PyTorch to use, else the processor."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


class _TwoTables(nn.Module):
    """What the models have in common.

    Args:
        size: V.
        dimensions: D.
        seed: fixes the starting vectors.
        sparse: gradients hold only the rows of a batch; for plain SGD and large vocabularies.
    """

    def __init__(self, size: int, dimensions: int, *, seed: int = 1, sparse: bool = False) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(seed)
        start = (torch.rand(size, dimensions, generator=generator) - 0.5) / dimensions  # (V, D)
        self.center_embeddings = nn.Embedding(size, dimensions, sparse=sparse, _weight=start)
        self.context_embeddings = nn.Embedding(size, dimensions, sparse=sparse, _weight=torch.zeros(size, dimensions))

    def embedding_matrix(self) -> Tensor:
        """The center embeddings, (V, D)."""
        return self.center_embeddings.weight

    def _ids(self, values: Array) -> Tensor:
        return torch.as_tensor(values, device=self.center_embeddings.weight.device)


class SkipGramSoftmax(_TwoTables):
    """Embedding, Linear, log-softmax over all V words, negative log-likelihood. One step touches every word."""

    def loss(self, batch: Pairs) -> Tensor:
        """Mean of -log P(context | center) in nats; ln V for a model that knows nothing."""
        centers = self.center_embeddings(self._ids(batch.centers))  # (B, D)
        scores = F.linear(centers, self.context_embeddings.weight)  # (B, V), a Linear layer without bias
        return F.nll_loss(F.log_softmax(scores, dim=1), self._ids(batch.contexts))


class SkipGramNegativeSampling(_TwoTables):
    """Is this a true pair or a drawn one? K + 1 yes-or-no questions in place of one among V words."""

    def loss(self, batch: NoisyPairs) -> Tensor:
        """Mean of -log s(c.o) - sum over K of log s(-c.n) in nats; (K + 1) ln 2 for a model that knows nothing."""
        centers = self.center_embeddings(self._ids(batch.centers))  # (B, D)
        contexts = self.context_embeddings(self._ids(batch.contexts))  # (B, D)
        negatives = self.context_embeddings(self._ids(batch.negatives))  # (B, K, D)
        true = F.logsigmoid((centers * contexts).sum(dim=1))  # (B,)
        drawn = F.logsigmoid(-(negatives @ centers[:, :, None]).squeeze(2))  # (B, K)
        return -(true + drawn.sum(dim=1)).mean()


class SkipGramWindows(_TwoTables):
    """Negative sampling over whole stretches of text at once, with noise words that a block of centers shares.

    The expected gradient is that of `SkipGramNegativeSampling` on dynamic windows. What differs is the work: a block's
    words are fetched and written back once for all its pairs, its scores are one matrix product, each context counts as
    often as windows reach it on average, and the n noise words meet each of the block's centers with the weight (pairs
    of the center) * K / n. Gradients are written by hand (`windows_loss` says of what), and `update` adds them to the
    rows that a batch holds, each as far as the batch says, without an optimizer. Half of a batch's time, or more, is
    calls of PyTorch, so there are few of them.
    """

    def __init__(self, size: int, dimensions: int, *, seed: int = 1) -> None:
        super().__init__(size, dimensions, seed=seed)
        self._join()

    def _join(self) -> None:
        """Lays the tables into one, so that a batch's rows of both are fetched, and written back, in one go."""
        parts = self.center_embeddings.weight, self.context_embeddings.weight
        self._tables = torch.cat([part.data for part in parts])  # (2 V, D)
        parts[0].data, parts[1].data = self._tables.chunk(2)
        self._room: _Room | None = None

    def _apply(self, fn: Callable[[Tensor], Tensor], recurse: bool = True) -> Self:
        """What `to` and `double` call: it moves the two tables apart."""
        super()._apply(fn, recurse)  # type: ignore[no-untyped-call]
        self._join()
        return self

    def loss(self, batch: Windows) -> Tensor:
        """Mean over the batch's pairs in nats; keeps what `update` needs."""
        room = self._room_for(batch)
        room.take(batch)
        torch.index_select(self._tables, 0, room.ids, out=room.rows)
        torch.bmm(room.h, room.o_turned, out=room.scores)
        room.noise.neg_()
        right = room.scores.sigmoid_()  # probability of the right answer: true for contexts, drawn for noise
        torch.add(right, 1e-38, out=room.losses).log_()  # 0 would have no logarithm
        loss = torch.dot(room.losses.view(-1), room.weights.view(-1)).mul_(-1 / room.pairs)
        right.sub_(1).mul_(room.weights)  # slopes of the loss by the score: s(x) - 1 for contexts, 1 - s(-x) for noise
        room.noise.neg_()
        return loss

    def update(self, learning_rate: float) -> None:
        """A step down the gradients of the last loss; `Windows.steps` says how much of it each row takes."""
        assert self._room is not None
        room, slopes = self._room, self._room.scores
        rate = -learning_rate / room.pairs
        of_h = torch.baddbmm(room.of_h, slopes, room.o, beta=0, alpha=rate, out=room.of_h)
        slopes.mul_(room.steps_o)
        # Changes take the rows' place, still in the cache.
        torch.baddbmm(room.o, room.scores_turned, room.h, beta=0, alpha=rate, out=room.o)
        torch.mul(of_h, room.steps_h, out=room.h)
        self._tables.index_add_(0, room.ids, room.rows)

    def _room_for(self, batch: Windows) -> "_Room":
        sizes = (*batch.weights.shape, batch.noise)
        if self._room is None or self._room.sizes != sizes:
            self._room = _Room(self._tables, sizes)
        return self._room


class _Room:
    """Memory reused for every batch, and its parts: making them again would take longer than the products.

    Args:
        like: of the same type, on the same device, (any, D).
        sizes: G, b, m and n of `Windows`.
    """

    def __init__(self, like: Tensor, sizes: tuple[int, ...]) -> None:
        self.sizes = sizes
        (groups, b, m, n), dimensions = sizes, like.shape[1]
        self.rows = like.new_empty(groups * (b + m), dimensions)  # those of h, then those of o
        self.h = self.rows[: groups * b].view(groups, b, dimensions)
        self.o = self.rows[groups * b :].view(groups, m, dimensions)
        self.of_h = torch.empty_like(self.h)
        self.scores, self.losses = like.new_empty(groups, b, m), like.new_empty(groups, b, m)
        self.noise = self.scores[:, :, m - n :]
        self.o_turned, self.scores_turned = self.o.transpose(1, 2), self.scores.transpose(1, 2)

    def take(self, batch: Windows) -> None:
        """Brings the batch's arrays to where the tables are."""
        (groups, b, m, _), device = self.sizes, self.rows.device
        self.ids = torch.from_numpy(batch.rows).to(device)
        self.weights = torch.from_numpy(batch.weights).to(device)
        steps = torch.from_numpy(batch.steps).to(device)
        self.steps_h = steps[: groups * b].view(groups, b, 1)
        self.steps_o = steps[groups * b :].view(groups, 1, m)
        self.pairs = batch.pairs


def windows_loss(
    center: Tensor, context: Tensor, centers: Tensor, others: Tensor, weights: Tensor, noise: int
) -> Tensor:
    """The loss of `SkipGramWindows` as plain operations that PyTorch can derive by itself. The tests compare the two.

    Args:
        center, context: the (V, D) tables.
        centers: (G, b) words of each block.
        others: (G, m) words to tell apart, the last `noise` of them drawn.
        weights: (G, b, m): of contexts, how often windows reach them; for noise, (pairs of the center) * K / n; else 0.
        noise: n.
    """
    scores = center[centers] @ context[others].transpose(1, 2)  # (G, b, m)
    true, drawn = scores[:, :, :-noise], scores[:, :, -noise:]
    losses = -F.logsigmoid(torch.cat([true, -drawn], dim=2)) * weights
    return losses.sum() / weights[:, :, :-noise].sum()
