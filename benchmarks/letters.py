"""Letters: the lecture's recipe and the fast one on makemore's 32,033 names, to the same dev loss.

    python -m benchmarks.letters             all of it; about four minutes on an idle core
    python -m benchmarks.letters --only 2    the two-dimensional models only

Seconds are of training and of measuring dev loss at every snapshot, as on the page, on one thread: wall time, and time
of this process alone, which other work on the machine changes less. The lecture's run and the fast ones take turns.
"""

import argparse
import os
import statistics
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import torch

from benchmarks import machine
from embedlab.lessons.letters.alphabet import examples, vowel_separation
from embedlab.lessons.letters.char_mlp import run
from embedlab.lessons.letters.config import FAST, LECTURE, CharConfig, sized
from embedlab.lessons.letters.makemore import makemore_names
from embedlab.lessons.letters.names import split
from embedlab.lessons.letters.run import LetterSnapshot

TARGET = 2.263  # the lecture's dev loss in two dimensions
EXAMPLES = (182_625, 22_655, 22_866)
SEEDS = 3  # of the fast preset
EXPECTED = {2: (TARGET, 0.02), 10: (2.17, 0.02)}  # dev loss of the lecture's presets, and how near it must come


class Timed(NamedTuple):
    """A run, and how many seconds it took to each of its snapshots."""

    snapshots: list[LetterSnapshot]
    wall: list[float]
    process: list[float]

    def reaches(self, target: float) -> int | None:
        """Index of the first snapshot with a dev loss of at most `target`."""
        return next((i for i, snapshot in enumerate(self.snapshots) if snapshot.dev_loss <= target), None)


def timed(names: Sequence[str], config: CharConfig) -> Timed:
    """Trains as the page does."""
    snapshots, wall, process = [], [], []
    wall_start, process_start = time.perf_counter(), time.process_time()
    for snapshot in run(names, config):
        snapshots.append(snapshot)
        wall.append(time.perf_counter() - wall_start)
        process.append(time.process_time() - process_start)
    return Timed(snapshots, wall, process)


def names() -> tuple[str, ...]:
    """makemore's list: from the reference data where they are, downloaded where they are not."""
    shared = Path(os.environ.get("EMBEDLAB_SHARED", Path(__file__).parents[2] / "shared")) / "data/names/names.txt"
    return tuple(shared.read_text("ascii").split()) if shared.is_file() else makemore_names().names


def row(name: str, result: Timed) -> None:
    last, apart = result.snapshots[-1], vowel_separation(result.snapshots[-1].model.embeddings)
    at = result.reaches(TARGET)
    reached = "never" if at is None else f"{result.wall[at]:.1f} / {result.process[at]:.1f}"
    print(
        f"{name:34}{last.dev_loss:9.4f}{result.wall[-1]:9.1f} /{result.process[-1]:6.1f}{reached:>16}"
        f"{apart.vowel_vowel:9.2f}{apart.vowel_consonant:7.2f}",
        flush=True,
    )


def compare(listed: Sequence[str], dimensions: int) -> None:
    """One run of the lecture's recipe between runs of the fast one, and what follows."""
    lecture, fast = sized(LECTURE, dimensions), sized(FAST, dimensions)
    print(f"\n{dimensions} dimensions, {lecture.hidden} hidden units")
    print(f"{'':34}{'dev loss':>9}{'s wall / process':>17}{f'to {TARGET}':>16}{'v-v':>9}{'v-c':>7}")
    runs = [timed(listed, fast)]
    row("fast, seed 0", runs[0])
    faithful = timed(listed, lecture)
    row(f"lecture, {lecture.steps:,} steps", faithful)
    for seed in range(1, SEEDS):
        runs.append(timed(listed, replace(fast, seed=seed)))
        row(f"fast, seed {seed}", runs[-1])
    expected, tolerance = EXPECTED[dimensions]
    off = faithful.snapshots[-1].dev_loss - expected
    print(f"lecture's dev loss: {off:+.4f} from {expected} (wanted within {tolerance})")
    found = [(run_, at) for run_ in runs if (at := run_.reaches(TARGET)) is not None]
    if len(found) < len(runs):
        print(f"{len(runs) - len(found)} fast runs never reach {TARGET}")
        return
    for name in ("wall", "process"):
        whole = getattr(faithful, name)[-1]
        to_target = statistics.median(getattr(run_, name)[at] for run_, at in found)
        to_end = statistics.median(getattr(run_, name)[-1] for run_ in runs)
        print(
            f"{name + ' time':14} lecture / fast to {TARGET}: {whole / to_target:5.1f}    lecture / fast to its end: "
            f"{whole / to_end:5.1f}    fast preset whole: {to_end:.1f} s"
        )
    if dimensions == 2:
        worst = max(run_.snapshots[-1].dev_loss for run_ in runs)
        print(f"fast preset's dev loss: at most {worst:.4f} over {len(runs)} seeds (wanted 2.215)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", type=int, choices=(2, 10), help="this many dimensions only")
    only = parser.parse_args().only
    listed = names()
    counts = tuple(len(examples(part, 3).targets) for part in split(listed))
    print(f"{machine.describe()}, torch {torch.__version__}, one thread")
    print(
        f"{len(listed):,} names, examples {counts}: {'as the lecture' if counts == EXAMPLES else 'NOT the lecture’s'}"
    )
    for dimensions in (only,) if only else (2, 10):
        compare(listed, dimensions)


if __name__ == "__main__":
    main()
