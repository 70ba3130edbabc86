"""Letters: the lecture's recipe and the fast one on makemore's 32,033 names, to the same dev loss.

    python -m benchmarks.letters             all of it; about four minutes on an idle core
    python -m benchmarks.letters --only 2    the two-dimensional models only

Seconds are of training and of measuring dev loss at every snapshot, as on the page, on one thread: wall time, and time
of this process alone, which other work on the machine changes less. The lecture's run and the fast ones take turns.
"""

import argparse
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import torch

from benchmarks import machine
from benchmarks.figures import Missing, Row, Scale, show
from benchmarks.reference import SHARED
from embedlab.errors import EmbedlabError
from embedlab.lessons.letters.alphabet import examples, vowel_separation
from embedlab.lessons.letters.char_mlp import run
from embedlab.lessons.letters.config import FAST, LECTURE, CharConfig, sized
from embedlab.lessons.letters.makemore import makemore_names
from embedlab.lessons.letters.names import split
from embedlab.lessons.letters.run import LetterSnapshot

TARGET = 2.263  # the lecture's dev loss in two dimensions
EXAMPLES = (182_625, 22_655, 22_866)
SIZES: dict[Scale, tuple[tuple[int, ...], int]] = {  # dimensions, and seeds of the fast preset
    "full": ((2, 10), 3),
    "quick": ((2,), 1),
    "tiny": ((2,), 1),
}
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
    shared = SHARED / "data/names/names.txt"
    if shared.is_file():
        return tuple(shared.read_text("ascii").split())
    try:
        return makemore_names().names
    except EmbedlabError as error:
        raise Missing(f"makemore's names: {error}") from error


def runs(listed: Sequence[str], dimensions: int, seeds: int, steps: int | None = None) -> Iterator[tuple[str, Timed]]:
    """The lecture's recipe after the first of the fast runs, each with its name; the first word says which it is."""
    lecture, fast = sized(LECTURE, dimensions), sized(FAST, dimensions)
    if steps is not None:
        lecture, fast = replace(lecture, steps=steps), replace(fast, steps=steps)
    yield "fast, seed 0", timed(listed, fast)
    yield f"lecture, {lecture.steps:,} steps", timed(listed, lecture)
    for seed in range(1, seeds):
        yield f"fast, seed {seed}", timed(listed, replace(fast, seed=seed))


def compare(dimensions: int, found: Sequence[tuple[str, Timed]]) -> Iterator[Row]:
    """Seconds of the lecture's whole run beside those of the fast one to the lecture's loss, and to its end."""
    (lecture,) = (run for name, run in found if name.startswith("lecture"))
    fast = [run for name, run in found if name.startswith("fast")]
    work, peer = f"letters, {dimensions} dimensions", "the lecture's recipe"
    theirs = lecture.process[-1]
    reached = [run.process[at] for run in fast if (at := run.reaches(TARGET)) is not None]
    if len(reached) == len(fast):
        yield Row(f"{work}: to dev loss {TARGET}", "s of processor", statistics.median(reached), peer, theirs)
    worst, seeds = max(run.snapshots[-1].dev_loss for run in fast), f"{len(fast)} seed{'s' * (len(fast) > 1)}"
    note = f"dev loss {worst:.3f} at most of {seeds}, lecture {lecture.snapshots[-1].dev_loss:.3f}"
    ended = statistics.median(run.process[-1] for run in fast)
    yield Row(f"{work}: to the end", "s of processor", ended, peer, theirs, note=note)


def rows(scale: Scale = "full") -> Iterator[Row]:
    listed = names()
    dimensions, seeds = SIZES[scale]
    for count in dimensions:
        if scale == "tiny":
            yield from compare(count, [*runs(listed[:200], count, seeds, steps=20)])
        else:
            yield from compare(count, [*runs(listed, count, seeds)])


def line(name: str, result: Timed) -> str:
    """One run, as the command prints it."""
    last, apart = result.snapshots[-1], vowel_separation(result.snapshots[-1].model.embeddings)
    at = result.reaches(TARGET)
    reached = "never" if at is None else f"{result.wall[at]:.1f} / {result.process[at]:.1f}"
    return (
        f"{name:34}{last.dev_loss:9.4f}{result.wall[-1]:9.1f} /{result.process[-1]:6.1f}{reached:>16}"
        f"{apart.vowel_vowel:9.2f}{apart.vowel_consonant:7.2f}"
    )


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
    dimensions, seeds = SIZES["full"]
    for count in (only,) if only else dimensions:
        print(f"\n{count} dimensions")
        print(f"{'':34}{'dev loss':>9}{'s wall / process':>17}{f'to {TARGET}':>16}{'v-v':>9}{'v-c':>7}")
        found = []
        for name, result in runs(listed, count, seeds):
            print(line(name, result), flush=True)
            found.append((name, result))
            if name.startswith("lecture"):
                expected, tolerance = EXPECTED[count]
                off = result.snapshots[-1].dev_loss - expected
                print(f"lecture's dev loss: {off:+.4f} from {expected} (wanted within {tolerance})")
        show(compare(count, found))


if __name__ == "__main__":
    main()
