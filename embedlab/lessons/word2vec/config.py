"""Settings of a word2vec run: methods, dimensions, passes, pairs; and how long it will take."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from embedlab.checks import one_of, within
from embedlab.lessons.word2vec.pairs import PairConfig
from embedlab.text.corpus import Corpus

Method = Literal["negative sampling", "full softmax", "by windows", "gensim"]
METHODS: tuple[Method, ...] = ("negative sampling", "full softmax", "by windows", "gensim")
# Words a second seen on one busy core of 2.5 GHz; only for choosing how many snapshots to take and what to propose.
_SPEED = {"negative sampling": 60_000.0, "by windows": 400_000.0, "gensim": 150_000.0}
_SOFTMAX_PRODUCTS = 1.5e10  # multiplications a second
_SNAPSHOT_EVERY = 0.7  # seconds: a page that stops a run waits for its next snapshot
_MOST_SNAPSHOTS = 300
LINE = 1_000  # words of a line for gensim, which ignores what is beyond 10,000


@dataclass(frozen=True)
class RunConfig:
    """How to train."""

    # one or two of `METHODS`; those in PyTorch learn from the same pairs
    methods: tuple[Method, ...] = ("negative sampling", "full softmax")
    dimensions: int = 32  # D, 2 to 300
    passes: int = 3  # over the text, 1 to 100
    learning_rate: float = 0.08  # for one pair, at the start; falls linearly to a hundredth
    pairs: PairConfig = field(default_factory=PairConfig)  # windows, subsampling, noise and the seed of everything
    validation: tuple[str, ...] = ()  # words whose neighbors are watched
    neighbors: int = 5  # how many
    followed: int = 300  # how many of the most frequent words every snapshot records, beside `also`
    also: tuple[str, ...] = ("king", "queen", "prince", "princess")  # further words to record where the text has them
    least_snapshots: int = 30  # after the start, 2 to 300; slow runs have more

    def __post_init__(self) -> None:
        within("dimensions", self.dimensions, 2, 300)
        within("passes", self.passes, 1, 100)
        within("learning rate", self.learning_rate, 1e-4, 1.0)
        within("least snapshots", self.least_snapshots, 2, _MOST_SNAPSHOTS)
        for method in self.methods:
            one_of("method", method, METHODS)

    def later_snapshots(self, text: Corpus) -> int:
        """Snapshots after the start: the same number in every pass, often enough to stop a slow run."""
        wanted = int(np.clip(expected_seconds(text, self) / _SNAPSHOT_EVERY, self.least_snapshots, _MOST_SNAPSHOTS))
        each = -(-wanted // self.passes)
        if "gensim" in self.methods:
            each = max(1, min(each, len(text) // LINE))
        return each * self.passes

    def snapshots(self, text: Corpus) -> int:
        """How many the run will have; only PyTorch's models show themselves before the first word."""
        return self.later_snapshots(text) + ("gensim" not in self.methods)


def expected_seconds(text: Corpus, config: RunConfig) -> float:
    """About how long a run takes on one slow core, as a guide for choosing a method."""
    words, products = config.passes * len(text), 6.0 * len(text.vocabulary) * config.dimensions
    per_pair = products / _SOFTMAX_PRODUCTS
    speeds = [
        1 / (per_pair * (config.pairs.window + 1)) if method == "full softmax" else _SPEED[method]
        for method in config.methods
    ]
    return sum(words / speed for speed in speeds)
