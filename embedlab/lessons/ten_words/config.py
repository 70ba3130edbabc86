"""Settings of Ten words; the defaults are the embeddingVis experiment's."""

import math
from dataclasses import dataclass
from typing import Literal

from embedlab.checks import one_of, within
from embedlab.lessons.ten_words.tagged_text import TaggedText

MAX_EPOCHS = 2_000
_SNAPSHOTS = 500  # kept of a run at most; up to this many epochs, every epoch is one


@dataclass(frozen=True)
class TenWordsConfig:
    """The settings of a run; checked when made (InvalidSetting: names the value and its range)."""

    epochs: int = 200  # passes over all sentences
    learning_rate: float = 0.1
    optimizer: Literal["sgd", "adam"] = "sgd"
    seed: int = 0
    stop: Literal["never", "perfect", "loss"] = "never"  # besides the epochs: all words right; loss below stop_loss
    stop_loss: float = 0.1  # nats

    def __post_init__(self) -> None:
        within("number of epochs", self.epochs, 1, MAX_EPOCHS)
        within("seed", self.seed, 0, 2**31 - 1)
        one_of("stop condition", self.stop, ("never", "perfect", "loss"))

    @property
    def epochs_between(self) -> int:
        """Epochs from one snapshot to the next: 1, or more in long runs."""
        return math.ceil(self.epochs / _SNAPSHOTS)

    @property
    def snapshots(self) -> int:
        """How many a whole run has."""
        return math.ceil(self.epochs / self.epochs_between) + 1

    def expected_seconds(self, text: TaggedText, runs: int) -> float:
        """About how many seconds a core works on that many runs at once."""
        tokens = int(text.counts.sum())
        return self.epochs * (2e-4 * len(text.sentences) + 5e-7 * runs * tokens)
