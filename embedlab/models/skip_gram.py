"""Skip-gram (Mikolov et al. 2013): from a word, the words around it. Two losses, and a fast form of the second.

Each model has two tables. `center_embeddings` are what word2vec calls its vectors; `context_embeddings` score them.
Both start as word2vec does, centers within half a unit over D and contexts at zero, so that every first loss is known:
ln V nats with the full softmax, (K + 1) ln 2 with negative sampling.

Losses are means over pairs. word2vec's learning rate is for one pair; for a mean over B pairs it is B times that.
"""

from collections.abc import Mapping
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from embedlab.pairs import NoisyPairs, Pairs
from embedlab.windows import Windows


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

    def metrics(self) -> Mapping[str, float]:
        """None beside the loss."""
        return {}

    def _ids(self, values: np.ndarray) -> Tensor:
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

    The pairs are those of dynamic windows, the expected gradient that of `SkipGramNegativeSampling`. What differs is
    the work: every word's two rows are fetched and written back once for all its pairs, the scores of a block are one
    matrix product, and the n noise words of a block meet each of its centers with the weight (its pairs) * K / n.

    Args:
        steps: (V,) in (0, 1], by which each word's gradients are multiplied (`windows.step_lengths`); None for ones.
    """

    def __init__(self, size: int, dimensions: int, *, seed: int = 1, steps: np.ndarray | None = None) -> None:
        super().__init__(size, dimensions, seed=seed, sparse=True)
        self.register_buffer("steps", None if steps is None else torch.from_numpy(steps))

    def loss(self, batch: Windows) -> Tensor:
        """Mean over the batch's pairs in nats, with gradients written by hand (`WindowsLoss`)."""
        tables = self.center_embeddings.weight, self.context_embeddings.weight
        parts = (torch.from_numpy(part).to(tables[0].device) for part in batch[:4])
        return cast(Tensor, WindowsLoss.apply(*tables, *parts, self.steps))


def windows_loss(
    center: Tensor, context: Tensor, ids: Tensor, mask: Tensor, negatives: Tensor, weights: Tensor
) -> Tensor:
    """What `WindowsLoss` computes, as plain operations that PyTorch can derive by itself. The tests compare them.

    Args:
        center, context: the (V, D) tables.
        ids: (G, b + 2 w) words of each block with w more on either side.
        mask: (G, b, b + 2 w) float, 1 where that word is a context of that center.
        negatives: (G, n) noise words of each block.
        weights: (G, b, 1) float: how often each noise word counts for each center, (its pairs) * K / n.
    """
    b = mask.shape[1]
    w = (ids.shape[1] - b) // 2
    h, o, noise = center[ids[:, w : w + b]], context[ids], context[negatives]  # (G, b, D), (G, b + 2 w, D), (G, n, D)
    true = -F.logsigmoid(h @ o.transpose(1, 2)) * mask  # (G, b, b + 2 w)
    drawn = -F.logsigmoid(-(h @ noise.transpose(1, 2))) * weights  # (G, b, n)
    return (true.sum() + drawn.sum()) / mask.sum().clamp(min=1)  # subsampling may leave lone words only


class WindowsLoss(torch.autograd.Function):
    """`windows_loss` with its gradients by hand, as sparse tensors of just the rows that the batch holds.

    A last input (V,) shortens the gradients of words that are in a batch too often to add all of them up.
    """

    @staticmethod
    def forward(ctx: Any, *inputs: Tensor | None) -> Tensor:
        """The loss; keeps what the gradients need."""
        center, context, ids, mask, negatives, weights = (part for part in inputs[:6] if part is not None)
        (groups, b, wide), dimensions = mask.shape, center.shape[1]
        w = (wide - b) // 2
        middle = ids[:, w : w + b].reshape(-1)  # (G * b,)
        h = center.index_select(0, middle).view(groups, b, dimensions)
        o = context.index_select(0, ids.reshape(-1)).view(groups, wide, dimensions)
        noise = context.index_select(0, negatives.reshape(-1)).view(groups, -1, dimensions)  # (G, n, D)
        true = torch.bmm(h, o.transpose(1, 2))  # (G, b, b + 2 w)
        drawn = torch.bmm(h, noise.transpose(1, 2))  # (G, b, n)
        pairs = mask.sum().clamp(min=1)
        total = (F.softplus(-true) * mask).sum() + (F.softplus(drawn) * weights).sum()
        # The slope of -log s(x) is s(x) - 1, that of -log s(-x) is s(x).
        slope_true = true.sigmoid_().sub_(1).mul_(mask)
        slope_drawn = drawn.sigmoid_().mul_(weights)
        ctx.save_for_backward(h, o, noise, slope_true, slope_drawn, pairs, middle, ids, negatives)
        ctx.shape, ctx.steps = center.shape, inputs[6]
        return total / pairs

    @staticmethod
    def backward(ctx: Any, *slopes: Tensor) -> tuple[Tensor | None, ...]:
        """Sparse gradients of the two tables."""
        h, o, noise, slope_true, slope_drawn, pairs, middle, ids, negatives = ctx.saved_tensors
        scale = slopes[0] / pairs
        dimensions = h.shape[2]
        of_h = torch.bmm(slope_true, o).baddbmm_(slope_drawn, noise).view(-1, dimensions)
        of_o = torch.bmm(slope_true.transpose(1, 2), h).view(-1, dimensions)
        of_noise = torch.bmm(slope_drawn.transpose(1, 2), h).view(-1, dimensions)
        rows = torch.cat([ids.reshape(-1), negatives.reshape(-1)])
        center = _rows(middle, of_h.mul_(scale), ctx.shape, ctx.steps)
        context = _rows(rows, torch.cat([of_o, of_noise]).mul_(scale), ctx.shape, ctx.steps)
        return center, context, None, None, None, None, None


def _rows(rows: Tensor, values: Tensor, shape: torch.Size, steps: Tensor | None) -> Tensor:
    if steps is not None:
        values.mul_(steps.index_select(0, rows)[:, None])
    return torch.sparse_coo_tensor(rows[None], values, shape, check_invariants=False)
