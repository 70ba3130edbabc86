"""The tagger of Ten words: 2-D embeddings and a linear layer, alone and up to 64 at once."""

import math
from collections.abc import Sequence

import torch
from torch import nn
from torch.nn import functional as F


class TenWords(nn.Module):
    """Tags a word by its place on a plane: 2-D embeddings and a linear layer, trained together."""

    def __init__(self, words: int, tags: int, generator: torch.Generator) -> None:
        super().__init__()
        self.embedding = nn.Embedding(words, 2)
        self.linear = nn.Linear(2, tags)
        # PyTorch's own initialization, drawn from a generator of its own.
        nn.init.normal_(self.embedding.weight, generator=generator)
        nn.init.kaiming_uniform_(self.linear.weight, a=math.sqrt(5), generator=generator)
        nn.init.uniform_(self.linear.bias, -1 / math.sqrt(2), 1 / math.sqrt(2), generator=generator)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        logits: torch.Tensor = self.linear(self.embedding(ids))  # (N,) -> (N, 2) -> (N, T)
        return logits

    def loss(self, batch: tuple[torch.Tensor, torch.Tensor]) -> torch.Tensor:
        ids, tags = batch  # (N,), (N,): one sentence
        return F.cross_entropy(self(ids), tags)  # log-softmax and mean negative log-likelihood, in nats

    def embedding_matrix(self) -> torch.Tensor:
        return self.embedding.weight  # (V, 2)


class ManyTenWords(nn.Module):
    """R models of `TenWords`, trained at once: the same layers with one more dimension in front.

    Args:
        models: what to stack; their parameters are copied.
    """

    def __init__(self, models: Sequence[TenWords]) -> None:
        super().__init__()
        self.embedding = nn.Parameter(torch.stack([m.embedding.weight.detach() for m in models]))  # (R, V, 2)
        self.weight = nn.Parameter(torch.stack([m.linear.weight.detach() for m in models]))  # (R, T, 2)
        self.bias = nn.Parameter(torch.stack([m.linear.bias.detach() for m in models]))  # (R, T)

    def loss(self, batch: tuple[torch.Tensor, torch.Tensor]) -> torch.Tensor:
        """The sum of the runs' losses, so that each run receives the gradient it would receive alone."""
        ids, tags = batch
        logits = torch.baddbmm(self.bias[:, None], self.embedding.index_select(1, ids), self.weight.mT)  # (R, N, T)
        return F.cross_entropy(logits.flatten(0, 1), tags.repeat(len(logits)), reduction="sum") / len(ids)

    def embedding_matrix(self) -> torch.Tensor:
        return self.embedding.flatten(0, 1)  # (R * V, 2)
