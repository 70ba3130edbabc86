"""How a sentence classifier is trained: where its embeddings start, its layers, its updates."""

import math
from dataclasses import dataclass
from typing import Literal

from embedlab import checks

Start = Literal["scratch", "fine-tuned", "frozen"]
STARTS: tuple[Start, ...] = ("scratch", "fine-tuned", "frozen")
MAX_RUNS = 20  # trained at once
SECONDS = 120.0  # after which runs end, with fewer updates than asked for


@dataclass(frozen=True)
class ClassifierConfig:
    """How to train; the defaults suit short sentences (InvalidSetting: names the value and its range)."""

    start: Start = "scratch"
    hidden: tuple[int, ...] = ()  # sizes of up to two hidden layers
    epochs: int = 2  # passes over the training sentences, ...
    least_updates: int = 150  # ... or more of them where they are few: every run makes at least this many updates
    batch: int = 32  # sentences of an update, at most
    learning_rate: float = 0.01  # of Adam at the start; falls evenly to 0, which averages the last batches out
    word_dropout: float = 0.0  # share of the words that each update leaves out, in [0, 0.9]
    penalty: float = 0.0  # l: l/2 of the squared weights of the linear layers is added to the loss

    def __post_init__(self) -> None:
        checks.one_of("start", self.start, STARTS)
        checks.within("number of hidden layers", len(self.hidden), 0, 2)
        for size in self.hidden:
            checks.within("number of units in a hidden layer", size, 1, 512)
        checks.within("number of epochs", self.epochs, 1, 500)
        checks.within("least number of updates", self.least_updates, 1, 20_000)
        checks.within("batch", self.batch, 1, 1_024)
        checks.within("word dropout", self.word_dropout, 0.0, 0.9)
        checks.within("penalty", self.penalty, 0.0, 100.0)

    def updates(self, count: int) -> int:
        """Updates of a run on `count` training sentences."""
        return max(self.epochs * math.ceil(count / min(self.batch, count)), self.least_updates)
