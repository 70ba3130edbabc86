"""The recorded runs that the Letters page opens with: made by `python -m embedlab train-letters`."""

from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from embedlab.arrays import Doubles
from embedlab.lessons.letters.config import FAST, sized
from embedlab.lessons.letters.names import given_names
from embedlab.lessons.letters.run import LetterRun
from embedlab.library import bundled

FILE = "letters_run.npz"


class Record(NamedTuple):
    """The fast preset on the bundled given names."""

    runs: dict[int, LetterRun]  # by dimensions: 2 and 10
    sweep: Doubles  # (P, 2): learning rates and losses of the two-dimensional model


@cache
def record() -> Record:
    """What is bundled; read once, never changed."""
    with np.load(bundled.path(FILE), allow_pickle=False) as file:
        arrays = dict(file)
    return Record({d: LetterRun.load(arrays, f"d{d}_") for d in (2, 10)}, arrays["sweep"])


def make_record(path: Path) -> None:
    """Trains both runs and writes them; about half a minute on one core."""
    from embedlab.lessons.letters.char_mlp import run, sweep

    names = given_names().names
    two = LetterRun.of(list(run(names, FAST)))
    ten = LetterRun.of(list(run(names, sized(FAST, 10))), milestones=())
    rates = np.array(list(sweep(names, FAST)))
    arrays: dict[str, Any] = {**two.arrays("d2_"), **ten.arrays("d10_"), "sweep": rates}
    np.savez_compressed(path, **arrays)
