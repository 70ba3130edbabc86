"""Exact top-10 by cosine: embedlab against gensim's most_similar, and how time and memory grow with the vocabulary.

    python -m benchmarks.search               the comparison and the growth of time and memory
    python -m benchmarks.search --threshold   where 8-bit codes begin to pay (embedlab.vectors.search.LARGE)

Every size runs in a process of its own; within it both answer the same questions, in turns of eight. "same words" is
the share of questions with the same ten. Resident memory is the process's after the questions, the matrix on disk.
"""

import argparse
import ctypes
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks import machine
from benchmarks.figures import Row, Scale, show

QUESTIONS = 40


class Sizes(NamedTuple):
    """(V, D) of what is compared beside the bundled vectors, and V at D = 300 of what grows."""

    compared: tuple[tuple[int, int], ...]
    growth: tuple[int, ...] = ()


SIZES: dict[Scale, Sizes] = {
    "full": Sizes(((400_000, 100), (400_000, 300)), (10_000, 50_000, 100_000, 400_000, 1_000_000, 3_000_000)),
    "quick": Sizes(((400_000, 100), (400_000, 300)), (10_000, 100_000)),
    "tiny": Sizes(((500, 20),), (500,)),
}


def make(path: Path, rows: int, dimensions: int) -> None:
    """Writes a (rows, dimensions) float32 matrix block by block: clusters of uneven size, falling spectrum."""
    rng = np.random.default_rng(0)
    spectrum = (np.arange(1, dimensions + 1) ** -0.35).astype(np.float32)
    centers = rng.standard_normal((2000, dimensions), dtype=np.float32)
    out = np.lib.format.open_memmap(path, mode="w+", dtype=np.float32, shape=(rows, dimensions))
    for start in range(0, rows, 10_000):
        part = out[start : start + 10_000]
        of = (rng.random(len(part)) ** 2 * 2000).astype(int)
        part[:] = (0.7 * centers[of] + rng.standard_normal(part.shape, dtype=np.float32)) * spectrum
    out.flush()


def median_ms(questions: list[int], *ways: Callable[[int], object]) -> list[float]:
    """Median milliseconds of each way, in turn, eight questions at a time.

    One at a time would measure how the threads of one library, still spinning, slow the other down.
    """
    times: list[list[float]] = [[] for _ in ways]
    for first in range(0, len(questions), 8):
        for way, spent in zip(ways, times, strict=True):
            way(questions[first])  # not counted
            for question in questions[first : first + 8]:
                start = time.perf_counter()
                way(question)
                spent.append((time.perf_counter() - start) * 1000)
    return [statistics.median(spent) for spent in times]


def measure(path: str | None, peer: bool) -> dict[str, float | str]:
    """One size, in this process: {"rows", "dimensions", "first", "ms", "resident", and the peer's figures}."""
    from embedlab.library import bundled
    from embedlab.vectors import search
    from embedlab.vectors.queries import nearest_neighbors
    from embedlab.vectors.word_vectors import WordVectors

    if path is None:
        vectors = bundled.bundled_vectors()
    else:
        matrix = np.load(path, mmap_mode="r")
        vectors = WordVectors([f"w{row}" for row in range(len(matrix))], matrix, source="benchmark")
        del matrix
    questions = np.random.default_rng(1).integers(0, len(vectors), QUESTIONS).tolist()

    def ours(row: int) -> list[str]:
        return [word for word, _ in nearest_neighbors(vectors, vectors.words[row], 10)]

    start = time.perf_counter()
    ours(questions[0])
    found: dict[str, float | str] = {
        "rows": len(vectors),
        "dimensions": vectors.dimensions,
        "way": "codes" if search.uses_codes(vectors) else "float32",
        "first": time.perf_counter() - start,
    }
    (found["ms"],) = median_ms(questions, ours)
    if sys.platform == "linux":
        ctypes.CDLL(None).malloc_trim(0)
    found["resident"] = machine.resident_mb()
    if peer:
        from gensim.models import KeyedVectors

        keyed = KeyedVectors(vectors.dimensions)
        keyed.index_to_key = list(vectors.words)
        keyed.key_to_index = dict(vectors.index)
        keyed.vectors = np.array(vectors.matrix)
        keyed.fill_norms()

        def theirs(row: int) -> list[str]:
            return [word for word, _ in keyed.most_similar(vectors.words[row], topn=10)]

        theirs(questions[0])
        found["peer_ms"], found["ms"] = median_ms(questions, theirs, ours)
        found["exact"] = sum(ours(row) == theirs(row) for row in questions) / len(questions)
    return found


def in_child(path: Path | None, *, peer: bool, large: int | None = None) -> dict[str, float | str]:
    """`measure` in a fresh process."""
    command = [sys.executable, "-m", "benchmarks.search", "--measure", str(path or ""), *(["--peer"] if peer else [])]
    command += ["--large", str(large)] if large is not None else []
    return dict(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))


def rows(scale: Scale = "full") -> Iterator[Row]:
    """Milliseconds of a query beside gensim's, and how they and memory grow."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "matrix.npy"
        for size in (None, *SIZES[scale].compared):
            if size:
                make(path, *size)
            found = in_child(path if size else None, peer=True)
            yield Row(
                f"top 10 of {found['rows']:,} x {found['dimensions']}", "ms", float(found["ms"]),
                "gensim", float(found["peer_ms"]), note=f"same words {float(found['exact']):.0%}, {found['way']}",
            )  # fmt: skip
        for count in SIZES[scale].growth:
            make(path, count, 300)
            found = in_child(path, peer=False)
            first = f"first query {float(found['first']):.2f} s, {found['way']}"
            yield Row(f"top 10 of {count:,} x 300 on disk", "ms", float(found["ms"]), note=first)
            yield Row(f"top 10 of {count:,} x 300 on disk", "MB resident", float(found["resident"]))


def threshold(folder: Path) -> None:
    """Prints both ways at sizes around the one where they are equally fast."""
    print(f"{'rows x D':>16} {'numbers':>8} {'float32 ms':>11} {'codes ms':>9} {'first codes s':>14}")
    for dimensions in (100, 300):
        for rows in (10_000, 20_000, 40_000, 80_000, 160_000, 320_000):
            make(folder / "matrix.npy", rows, dimensions)
            plain = in_child(folder / "matrix.npy", peer=False, large=10**12)
            codes = in_child(folder / "matrix.npy", peer=False, large=0)
            print(
                f"{rows:>10,} x {dimensions:>3} {rows * dimensions / 1e6:>7.1f}M {plain['ms']:>11.2f} "
                f"{codes['ms']:>9.2f} {codes['first']:>14.2f}"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threshold", action="store_true")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    parser.add_argument("--peer", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--large", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure is not None:
        if given.large is not None:
            from embedlab.vectors import search

            search.LARGE = given.large
        print(json.dumps(measure(given.measure or None, given.peer)))
        return
    print(machine.describe())
    if given.threshold:
        with tempfile.TemporaryDirectory() as folder:
            threshold(Path(folder))
    else:
        show(rows())


if __name__ == "__main__":
    main()
