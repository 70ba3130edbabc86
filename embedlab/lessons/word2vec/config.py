"""How a run of word2vec is asked for, and what to expect of it."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from embedlab.errors import InvalidSetting
from embedlab.lessons.word2vec.pairs import PairConfig
from embedlab.text.corpus import Text

Method = Literal["negative sampling", "full softmax", "by windows", "gensim"]
METHODS: tuple[Method, ...] = ("negative sampling", "full softmax", "by windows", "gensim")
# Words a second seen on one busy core of 2.5 GHz; only for choosing how often to look and what to propose.
_SPEED = {"negative sampling": 60_000.0, "by windows": 400_000.0, "gensim": 150_000.0}
_SOFTMAX_PRODUCTS = 1.5e10  # multiplications a second
_LOOK_EVERY = 0.7  # seconds: a page that stops a run waits for its next frame
_MOST_LOOKS = 300
LINE = 1_000  # words of a line for gensim, which ignores what is beyond 10,000


@dataclass(frozen=True)
class RunConfig:
    """How to train.

    Args:
        methods: one or two of `METHODS`; those in PyTorch learn from the same pairs.
        dimensions: D, 2 to 300.
        passes: over the text, 1 to 100.
        learning_rate: for one pair, at the start; falls linearly to a hundredth.
        pairs: windows, subsampling, noise and the seed of everything.
        validation: words whose neighbors are watched.
        neighbors: how many.
        followed: so many of the most frequent words are recorded in every frame, beside `also`.
        also: further words to record where the text has them.
        frames: at least so many moments to look at.
    """

    methods: tuple[Method, ...] = ("negative sampling", "full softmax")
    dimensions: int = 32
    passes: int = 3
    learning_rate: float = 0.08
    pairs: PairConfig = field(default_factory=PairConfig)
    validation: tuple[str, ...] = ()
    neighbors: int = 5
    followed: int = 300
    also: tuple[str, ...] = ("king", "queen", "prince", "princess")
    frames: int = 30

    def __post_init__(self) -> None:
        limits = {"dimensions": (2, 300), "passes": (1, 100), "learning_rate": (1e-4, 1.0), "frames": (2, 300)}
        for name, (low, high) in limits.items():
            if not low <= getattr(self, name) <= high:
                shown = name.replace("_", " ")
                raise InvalidSetting(f"{shown} {getattr(self, name):g} is not allowed: give {low:g} to {high:g}.")
        if unknown := [method for method in self.methods if method not in METHODS]:
            raise InvalidSetting(f"Method {unknown[0]!r} is not known: give one of {', '.join(METHODS)}.")


def expected_seconds(text: Text, config: RunConfig) -> float:
    """About how long a run takes on one slow core, as a guide for choosing a method."""
    words, products = config.passes * len(text), 6.0 * len(text.vocabulary) * config.dimensions
    per_pair = products / _SOFTMAX_PRODUCTS
    speeds = [
        1 / (per_pair * (config.pairs.window + 1)) if method == "full softmax" else _SPEED[method]
        for method in config.methods
    ]
    return sum(words / speed for speed in speeds)


def looks(text: Text, config: RunConfig) -> int:
    """Moments to look at after the start: the same number in every pass, often enough to stop a slow run."""
    wanted = int(np.clip(expected_seconds(text, config) / _LOOK_EVERY, config.frames, _MOST_LOOKS))
    each = -(-wanted // config.passes)
    if "gensim" in config.methods:
        each = max(1, min(each, len(text) // LINE))
    return each * config.passes


def moments(text: Text, config: RunConfig) -> int:
    """How many frames the run will have; only PyTorch's models can be looked at before the first word."""
    return looks(text, config) + ("gensim" not in config.methods)
