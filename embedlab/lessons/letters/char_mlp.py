"""Letters: the character model of Bengio et al. (2003) in the size of makemore, part 2, and two recipes to train it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import torch
from torch import nn
from torch.nn import functional as F

from embedlab.errors import InvalidSetting, TrainingError
from embedlab.lessons.letters.alphabet import ALPHABET, MAX_CONTEXT, Examples, examples, tally
from embedlab.lessons.letters.letter_model import WEIGHTS, LetterModel
from embedlab.lessons.letters.names import split
from embedlab.lessons.letters.run import Frame
from embedlab.training.config import TrainConfig
from embedlab.training.loop import train

MAX_DIMENSIONS, MAX_HIDDEN, MAX_STEPS = 32, 500, 300_000
_SNAPSHOTS = 1_000  # of a run at most, from which its frames are chosen
SWEEP = (1e-3, 1.0)  # learning rates tried, the lecture's 10**linspace(-3, 0, 1000)
SWEEP_STEPS, SWEEP_POINTS = 1_000, 100
_DECAY = 10.0  # the fast recipe's weight decay times the number of examples: short lists need more of it
_MOST_CONTEXTS = 200_000  # different ones, up to which the fast recipe tallies them: 20 MB


class CharMLP(nn.Module):
    """The next letter from the letters before: look up, hidden tanh layer, scores (Bengio et al. 2003).

    V = 27 symbols, D numbers for each, C letters before, H hidden units, B examples in a batch.
    """

    def __init__(self, config: "CharConfig", generator: torch.Generator) -> None:
        super().__init__()
        V, D, C, H = len(ALPHABET), config.dimensions, config.context, config.hidden
        embedding, hidden, hidden_bias, output, output_bias = config.scales

        def normal(*shape: int) -> torch.Tensor:
            return torch.randn(*shape, generator=generator)

        self.embeddings = nn.Parameter(normal(V, D) * embedding)  # (V, D)
        self.hidden_weights = nn.Parameter(normal(C * D, H) * hidden)  # (C * D, H)
        self.hidden_bias = nn.Parameter(normal(H) * hidden_bias)  # (H,)
        self.output_weights = nn.Parameter(normal(H, V) * output)  # (H, V)
        self.output_bias = nn.Parameter(normal(V) * output_bias)  # (V,)

    def forward(self, contexts: torch.Tensor) -> torch.Tensor:
        looked_up = F.embedding(contexts, self.embeddings)  # (B, C) -> (B, C, D)
        together = looked_up.flatten(1)  # (B, C * D)
        hidden = torch.tanh(torch.addmm(self.hidden_bias, together, self.hidden_weights))  # (B, H)
        return torch.addmm(self.output_bias, hidden, self.output_weights)  # (B, V) scores

    def loss(self, batch: tuple[torch.Tensor, torch.Tensor]) -> torch.Tensor:
        contexts, targets = batch  # (B, C); (B,) what followed, or (B, V) shares of all that followed
        return F.cross_entropy(self(contexts), targets)  # mean of -ln p(target), in nats

    def embedding_matrix(self) -> torch.Tensor:
        return self.embeddings  # (V, D)


@dataclass(frozen=True)
class CharConfig:
    """Sizes and recipe of a run; checked when made. The defaults are the fast preset in two dimensions.

    Raises:
        InvalidSetting: names the value and its range.
    """

    dimensions: int = 2  # D, numbers for each letter
    hidden: int = 100  # H, units between
    context: int = 3  # C, letters that the model looks back
    # "lecture": all weights N(0, 1), SGD on single examples, learning rate divided by 10 after half of the steps.
    # "fast": weights scaled to the number of inputs, Adam, learning rate falling to 0, a little weight decay, and
    # batches of contexts with the shares of all letters that followed them: the same gradient with less noise.
    recipe: Literal["fast", "lecture"] = "fast"
    steps: int = 3_000
    batch: int = 512  # B, examples or contexts for each step, drawn with replacement
    learning_rate: float = 0.03
    seed: int = 0

    def __post_init__(self) -> None:
        limits = {"dimensions": MAX_DIMENSIONS, "hidden": MAX_HIDDEN, "context": MAX_CONTEXT, "steps": MAX_STEPS}
        for name, high in (limits | {"batch": 8_192}).items():
            if not 1 <= (value := getattr(self, name)) <= high:
                raise InvalidSetting(f"The {name} must be 1 to {high:,}; {value:,} is not. Choose one in between.")
        if not 1e-6 <= self.learning_rate <= 100:  # also refuses NaN
            raise InvalidSetting(f"The learning rate must be 0.000001 to 100; {self.learning_rate:g} is not.")
        if self.recipe not in ("fast", "lecture"):
            raise InvalidSetting(f"The recipe must be fast or lecture; “{self.recipe}” is not.")
        if not 0 <= self.seed < 2**31:
            raise InvalidSetting(f"The seed must be from 0 to {2**31 - 1:,}; {self.seed:,} is not.")

    @property
    def scales(self) -> tuple[float, float, float, float, float]:
        """Standard deviations at the start: embeddings, hidden weights and bias, output weights and bias."""
        if self.recipe == "lecture":
            return 1.0, 1.0, 1.0, 1.0, 1.0
        # Embeddings near each other can still pass each other: from N(0, 1), one vowel in some runs stays behind for
        # good. 5/3 is tanh's gain, as torch.nn.init.calculate_gain has it; output near 0 makes p near 1/27.
        return 0.5, 5 / 3 / (self.context * self.dimensions) ** 0.5, 1.0, 0.1 / self.hidden**0.5, 0.0

    def training(self, count: int) -> TrainConfig:
        """The recipe as `train` takes it, for `count` examples."""
        config = TrainConfig(
            steps=self.steps,
            learning_rate=self.learning_rate,
            snapshot_every=-(-self.steps // _SNAPSHOTS),
            seconds=1_800,
            record=WEIGHTS,
        )
        if self.recipe == "lecture":
            tenth = self.learning_rate / 10
            return replace(config, schedule="step", change_at=self.steps // 2 + 1, final_learning_rate=tenth)
        return replace(config, optimizer="adam", schedule="linear", weight_decay=_DECAY / count)


FAST = CharConfig()
LECTURE = CharConfig(recipe="lecture", steps=200_000, batch=32, learning_rate=0.1)
PRESETS = {"fast": FAST, "lecture": LECTURE}


def sized(config: CharConfig, dimensions: int) -> CharConfig:
    """The same in the lecture's other size: 10 dimensions come with 200 hidden units, 2 with 100; another H stays."""
    usual, wanted = (200 if d > 2 else 100 for d in (config.dimensions, dimensions))
    return replace(config, dimensions=dimensions, hidden=wanted if config.hidden == usual else config.hidden)


def run(names: Sequence[str], config: CharConfig, *, frames: int = 100) -> Iterator[Frame]:
    """Trains on 80% of the names and measures on another 10%; nothing runs before the first `next`.

    Args:
        names: of a-z, in the order that the split shuffles.
        frames: how many to yield at most after the first, closer together at the beginning.

    Yields:
        Frames in rising steps, from step 0 to the last.

    Raises:
        TrainingError: the run diverged; frames yielded before stay valid.
    """
    wanted = frame_steps(config.steps, frames)
    parts = split(names)
    learned, measured = examples(parts.train, config.context), tally(examples(parts.dev, config.context))
    generator = torch.Generator().manual_seed(config.seed)
    batch, recipe = batches(learned, config, generator), config.training(len(learned.targets))
    total, before, since = 0.0, 0, 0  # of the loss over the steps since the last frame
    for snapshot in train(CharMLP(config, generator), batch, recipe):
        updates = max(snapshot.step - before, 1)
        total, since, before = total + snapshot.loss * updates, since + updates, snapshot.step
        if snapshot.step in wanted:
            letters = LetterModel.of(snapshot.recorded)
            yield Frame(snapshot.step, total / since, letters.loss(measured), letters)
            total, since = 0.0, 0


def frame_steps(steps: int, frames: int) -> list[int]:
    """At which steps a run yields frames: ever further apart, because letters move most at the beginning."""
    every = -(-steps // _SNAPSHOTS)
    grown = (steps * (i / frames) ** 2 for i in range(frames))
    return sorted({*(round(step / every) * every for step in grown), steps})


def batches(
    learned: Examples, config: CharConfig, generator: torch.Generator
) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """What `CharMLP.loss` takes, drawn with replacement, without end.

    Yields:
        For the lecture's recipe (B, C) contexts and (B,) targets. For the fast one (B, C) contexts, drawn as often as
        they occur, and (B, V) the shares of what followed them: what the targets are on average.
    """
    few = min(len(ALPHABET) ** config.context, len(learned.targets)) <= _MOST_CONTEXTS
    if config.recipe == "lecture" or not few:
        contexts, targets = (torch.from_numpy(array) for array in learned)
        while True:
            drawn = torch.randint(len(targets), (config.batch,), generator=generator)  # (B,)
            yield contexts[drawn], targets[drawn]
    contexts, counts = (torch.from_numpy(array) for array in tally(learned))
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
    learned = examples(split(names).train, config.context)
    generator = torch.Generator().manual_seed(config.seed)
    climb = replace(
        config.training(len(learned.targets)),
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
