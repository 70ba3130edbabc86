"""How a sentence classifier is trained: where its embeddings start, its layers, its updates."""

import math
from dataclasses import dataclass
from typing import Literal, NamedTuple

from embedlab import checks

Start = Literal["scratch", "fine-tuned", "frozen"]
STARTS: tuple[Start, ...] = ("scratch", "fine-tuned", "frozen")
LOOKS = 20  # at the validation sentences in a run that does not stop early
PATIENCE = 5  # looks without a gain before an early stop
MAX_RUNS = 20  # trained at once
SECONDS = 120.0  # after which runs end, with fewer updates than asked for


class Recipe(NamedTuple):
    """What suits a way to start: chosen by held-out losses, which `python -m benchmarks.transfer --choose` prints."""

    learning_rate: float  # of Adam at the start
    epochs: int  # passes over the training sentences at most, ...
    least_updates: int  # ... or more of them where they are few
    batch: int  # sentences of an update, at most
    penalty: float  # on half the squared weights of the linear layers, beside the loss of all training sentences


RECIPES: dict[Start, Recipe] = {
    "scratch": Recipe(0.007, 5, 150, 32, 0.0),
    "fine-tuned": Recipe(0.007, 5, 150, 32, 0.0),
    "frozen": Recipe(0.05, 20, 300, 256, 3.0),
}


@dataclass(frozen=True)
class ClassifierConfig:
    """How to train (InvalidSetting: names the value and its range); None stands for the start's own, in `RECIPES`."""

    start: Start = "scratch"
    hidden: tuple[int, ...] = ()  # sizes of up to two hidden layers
    epochs: int | None = None  # passes over the training sentences at most, ...
    least_updates: int | None = None  # ... or more of them where they are few
    batch: int | None = None  # sentences of an update, at most
    learning_rate: float | None = None  # of Adam at the start; falls evenly to 0, which averages the last batches out
    word_dropout: float = 0.0  # share of the words that each update leaves out, in [0, 0.9]
    penalty: float | None = None  # l: l/2 of the squared weights of the linear layers is added to the mean loss
    early_stopping: bool = True  # stop where the validation accuracy no longer rises, and go back to its highest

    def __post_init__(self) -> None:
        checks.one_of("start", self.start, STARTS)
        checks.within("number of hidden layers", len(self.hidden), 0, 2)
        for size in self.hidden:
            checks.within("number of units in a hidden layer", size, 1, 512)
        recipe = self.resolved(1)
        checks.within("number of epochs", recipe.epochs, 1, 500)
        checks.within("least number of updates", recipe.least_updates, 1, 20_000)
        checks.within("batch", recipe.batch, 1, 1_024)
        checks.within("word dropout", self.word_dropout, 0.0, 0.9)
        checks.within("penalty", recipe.penalty, 0.0, 100.0)

    def resolved(self, count: int) -> Recipe:
        """What is used on `count` training sentences; the penalty is that of the mean loss."""
        own = RECIPES[self.start]
        own = own._replace(penalty=own.penalty / count)
        given = {name: value for name in Recipe._fields if (value := getattr(self, name)) is not None}
        return own._replace(**given)

    def updates(self, count: int) -> int:
        """Updates of a run on `count` training sentences that does not stop early."""
        recipe = self.resolved(count)
        return max(recipe.epochs * math.ceil(count / recipe.batch), recipe.least_updates)

    def updates_between(self, count: int) -> int:
        """Updates between two looks at the validation sentences."""
        return max(1, self.updates(count) // LOOKS)

    def looks(self, count: int) -> int:
        """At the validation sentences: before the first update, in between, and after the last."""
        return math.ceil(self.updates(count) / self.updates_between(count)) + 1
