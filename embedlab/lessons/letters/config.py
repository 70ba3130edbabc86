"""Settings of the character model: sizes, the lecture's recipe and the fast one, and when a run is looked at."""

from dataclasses import dataclass, replace
from typing import Literal

from embedlab.checks import one_of, within
from embedlab.lessons.letters.alphabet import LECTURE as A_TO_Z
from embedlab.lessons.letters.alphabet import MAX_CONTEXT, Alphabet

MAX_DIMENSIONS, MAX_HIDDEN, MAX_STEPS, MAX_BATCH = 32, 500, 300_000, 8_192
SNAPSHOTS = 100  # that a run yields at most after the first
MOST_STATES = 1_000  # that the training loop hands out; a run's snapshots are chosen among them
SWEEP = (1e-3, 1.0)  # learning rates tried, the lecture's 10**linspace(-3, 0, 1000)
SWEEP_STEPS, SWEEP_POINTS = 1_000, 100


@dataclass(frozen=True)
class CharConfig:
    """Sizes and recipe of a run; checked when made. The defaults are the fast preset in two dimensions.

    Raises InvalidSetting: names the value and its range.
    """

    dimensions: int = 2  # D, numbers for each letter
    hidden: int = 100  # H, units of the hidden layer
    context: int = 3  # C, letters that the model looks back
    # "lecture": all weights N(0, 1), SGD on single examples, learning rate divided by 10 after half of the steps.
    # "fast": weights scaled to the number of inputs, Adam, learning rate falling to 0, a little weight decay, and
    # batches of contexts with the shares of all letters that followed them: the same gradient with less noise.
    recipe: Literal["fast", "lecture"] = "fast"
    steps: int = 3_000
    batch: int = 512  # B, examples or contexts for each step, drawn with replacement
    learning_rate: float = 0.03
    seed: int = 0
    # V symbols. The lecture's 27, or those of a list.
    alphabet: Alphabet = A_TO_Z
    direct: bool = False  # whether letters also lead straight to the scores, past the hidden layer (Bengio et al. 2003)

    def __post_init__(self) -> None:
        within("dimensions", self.dimensions, 1, MAX_DIMENSIONS)
        within("hidden units", self.hidden, 1, MAX_HIDDEN)
        within("context", self.context, 1, MAX_CONTEXT)
        within("steps", self.steps, 1, MAX_STEPS)
        within("batch", self.batch, 1, MAX_BATCH)
        within("learning rate", self.learning_rate, 1e-6, 100)
        within("seed", self.seed, 0, 2**31 - 1)
        one_of("recipe", self.recipe, ("fast", "lecture"))

    @property
    def scales(self) -> tuple[float, float, float, float, float, float]:
        """Standard deviations at the start, in the order in which `CharMLP` draws its weights."""
        if self.recipe == "lecture":
            return 1.0, 1.0, 1.0, 1.0, 1.0, 1.0
        # Embeddings near each other can still pass each other: from N(0, 1), one vowel in some runs stays behind for
        # good. 5/3 is tanh's gain, as torch.nn.init.calculate_gain has it; output near 0 makes p near 1/V.
        return 0.5, 5 / 3 / (self.context * self.dimensions) ** 0.5, 1.0, 0.1 / self.hidden**0.5, 0.0, 0.0


FAST = CharConfig()
LECTURE = CharConfig(recipe="lecture", steps=200_000, batch=32, learning_rate=0.1)
PRESETS = {"fast": FAST, "lecture": LECTURE}


def sized(config: CharConfig, dimensions: int) -> CharConfig:
    """The same in the lecture's other size: 10 dimensions come with 200 hidden units, 2 with 100; another H stays."""
    usual, wanted = (200 if d > 2 else 100 for d in (config.dimensions, dimensions))
    return replace(config, dimensions=dimensions, hidden=wanted if config.hidden == usual else config.hidden)


def snapshot_steps(steps: int, snapshots: int) -> list[int]:
    """At which steps a run yields snapshots: ever further apart, because letters move most at the beginning."""
    every = -(-steps // MOST_STATES)
    grown = (steps * (i / snapshots) ** 2 for i in range(snapshots))
    return sorted({*(round(step / every) * every for step in grown), steps})
