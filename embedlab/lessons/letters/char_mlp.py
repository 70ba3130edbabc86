"""The neural character model of Bengio et al. (2003) in the size of makemore, part 2, and its training."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import torch
from torch import nn
from torch.nn import functional as F

from embedlab.arrays import read_only
from embedlab.errors import TrainingError
from embedlab.lessons.letters.alphabet import Examples, examples, tally
from embedlab.lessons.letters.config import (
    MOST_STATES,
    SNAPSHOTS,
    SWEEP,
    SWEEP_POINTS,
    SWEEP_STEPS,
    CharConfig,
    snapshot_steps,
)
from embedlab.lessons.letters.letter_model import DIRECT, WEIGHTS, LetterModel
from embedlab.lessons.letters.names import split
from embedlab.lessons.letters.run import LetterSnapshot
from embedlab.training.config import TrainConfig
from embedlab.training.loop import train

_DECAY = 10.0  # the fast recipe's weight decay times the number of examples: short lists need more of it
_MOST_COUNTS = 5_400_000  # of what followed different contexts, up to which the fast recipe counts: 20 MB


class CharMLP(nn.Module):
    """The next letter from the letters before: look up, hidden tanh layer, scores (Bengio et al. 2003).

    V symbols (the lecture's 27, or a list's), D numbers for each, C letters before, H hidden units, B examples in a
    batch.
    """

    def __init__(self, config: CharConfig, generator: torch.Generator) -> None:
        super().__init__()
        V, D, C, H = len(config.alphabet), config.dimensions, config.context, config.hidden
        embedding, hidden, hidden_bias, output, output_bias, direct = config.scales

        def normal(*shape: int) -> torch.Tensor:
            return torch.randn(*shape, generator=generator)

        self.embeddings = nn.Parameter(normal(V, D) * embedding)  # (V, D)
        self.hidden_weights = nn.Parameter(normal(C * D, H) * hidden)  # (C * D, H)
        self.hidden_bias = nn.Parameter(normal(H) * hidden_bias)  # (H,)
        self.output_weights = nn.Parameter(normal(H, V) * output)  # (H, V)
        self.output_bias = nn.Parameter(normal(V) * output_bias)  # (V,)
        self.direct_weights = nn.Parameter(normal(C * D, V) * direct) if config.direct else None  # (C * D, V)

    def forward(self, contexts: torch.Tensor) -> torch.Tensor:
        looked_up = F.embedding(contexts, self.embeddings)  # (B, C) -> (B, C, D)
        together = looked_up.flatten(1)  # (B, C * D)
        hidden = torch.tanh(torch.addmm(self.hidden_bias, together, self.hidden_weights))  # (B, H)
        scores = torch.addmm(self.output_bias, hidden, self.output_weights)  # (B, V)
        return scores if self.direct_weights is None else torch.addmm(scores, together, self.direct_weights)

    def loss(self, batch: tuple[torch.Tensor, torch.Tensor]) -> torch.Tensor:
        contexts, targets = batch  # (B, C); (B,) what followed, or (B, V) shares of all that followed
        return F.cross_entropy(self(contexts), targets)  # mean of -ln p(target), in nats

    def embedding_matrix(self) -> torch.Tensor:
        return self.embeddings  # (V, D)


def run(names: Sequence[str], config: CharConfig, *, snapshots: int = SNAPSHOTS) -> Iterator[LetterSnapshot]:
    """Trains on 80% of the names and measures on another 10%; nothing runs before the first `next`.

    Args:
        names: of letters of the config's alphabet, in the order that the split shuffles.
        snapshots: how many to yield at most after the first, closer together at the beginning.

    Yields:
        Snapshots in rising steps, from step 0 to the last, or to the last state before the run diverged.

    Raises TrainingError: the run diverged; snapshots yielded before stay valid.
    """
    wanted = snapshot_steps(config.steps, snapshots)
    parts = split(names)
    alphabet = config.alphabet
    learned = examples(parts.train, config.context, alphabet)
    measured = tally(examples(parts.dev, config.context, alphabet), len(alphabet))
    generator = torch.Generator().manual_seed(config.seed)
    drawn, recipe = batches(learned, config, generator), training(config, len(learned.targets))
    total, before, since = 0.0, 0, 0  # of the loss over the steps since the last snapshot
    model = CharMLP(config, generator)
    try:
        for state in train(model, drawn, recipe):
            updates = max(state.step - before, 1)
            total, since, before = total + state.loss * updates, since + updates, state.step
            if state.step in wanted:
                letters = LetterModel.of(state.recorded, alphabet)
                yield LetterSnapshot(state.step, total / since, letters.loss(measured), letters)
                total, since = 0.0, 0
    except TrainingError as error:
        done = error.step - 1  # updates before the loss that was too high, except at the very end of a run
        if before < done < config.steps - 1:  # the state just before shows where it was going
            weights = model.state_dict()
            letters = LetterModel.of(
                {name: read_only(weights[name].numpy().copy()) for name in recipe.record}, alphabet
            )
            dev_loss = letters.loss(measured)
            if math.isfinite(dev_loss):
                yield LetterSnapshot(done, state.loss, dev_loss, letters)
        raise


def training(config: CharConfig, count: int) -> TrainConfig:
    """The recipe as `train` takes it, for `count` examples."""
    every = -(-config.steps // MOST_STATES)
    kept = (*WEIGHTS, DIRECT) if config.direct else WEIGHTS
    recipe = TrainConfig(config.steps, config.learning_rate, snapshot_every=every, seconds=1_800, record=kept)
    if config.recipe == "lecture":
        tenth = config.learning_rate / 10
        return replace(recipe, schedule="step", change_at=config.steps // 2 + 1, final_learning_rate=tenth)
    return replace(recipe, optimizer="adam", schedule="linear", weight_decay=_DECAY / count)


def batches(
    learned: Examples, config: CharConfig, generator: torch.Generator
) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """What `CharMLP.loss` takes, drawn with replacement, without end.

    Yields:
        For the lecture's recipe (B, C) contexts and (B,) targets. For the fast one (B, C) contexts, drawn as often as
        they occur, and (B, V) the shares of what followed them: what the targets are on average.
    """
    symbols = len(config.alphabet)
    few = min(symbols**config.context, len(learned.targets)) * symbols <= _MOST_COUNTS
    if config.recipe == "lecture" or not few:
        contexts, targets = (torch.from_numpy(array) for array in learned)
        while True:
            drawn = torch.randint(len(targets), (config.batch,), generator=generator)  # (B,)
            yield contexts[drawn], targets[drawn]
    contexts, counts = (torch.from_numpy(array) for array in tally(learned, symbols))
    occurs = counts.sum(dim=1, keepdim=True)  # (U, 1)
    shares = counts / occurs  # (U, V)
    upto = occurs[:, 0].cumsum(0)  # (U,): a whole number below the last falls to a context as often as it occurs
    while True:
        number = torch.randint(len(learned.targets), (config.batch,), generator=generator)
        drawn = torch.searchsorted(upto, number, right=True)  # (B,)
        yield contexts[drawn], shares[drawn]


def sweep(names: Sequence[str], config: CharConfig) -> Iterator[tuple[float, float]]:
    """Loss while the learning rate climbs from 0.001 to 1 in 1,000 steps, each step at a higher one.

    Yields:
        Learning rate, and the loss in nats as a mean over ten steps at rates around it. It ends early where training
        diverges.
    """
    learned = examples(split(names).train, config.context, config.alphabet)
    generator = torch.Generator().manual_seed(config.seed)
    climb = replace(
        training(config, len(learned.targets)),
        steps=SWEEP_STEPS,
        snapshot_every=SWEEP_STEPS // SWEEP_POINTS,
        schedule="exponential",
        learning_rate=SWEEP[0],
        final_learning_rate=SWEEP[1],
        record=(),
    )
    try:
        for snapshot in train(CharMLP(config, generator), batches(learned, config, generator), climb):
            if snapshot.step:
                yield climb.learning_rate_at(snapshot.step - climb.snapshot_every // 2), snapshot.loss
    except TrainingError:
        return  # the curve's end is the answer: beyond it, rates are too high
