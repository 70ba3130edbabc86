"""Opening a GloVe text file, and opening it again: embedlab against gensim, time and peak memory.

    python -m benchmarks.load_vectors [--rows 10000,100000,400000] [--repeats 3] [--dimensions 100]
    python -m benchmarks.load_vectors --file glove.6B.100d.txt

Every load runs in a child process of its own, the two in turn; seconds are those of the load alone, without imports.
Peak memory is the child's, with its libraries. Both must have read the same words and, bit for bit, the same numbers,
or the run stops. "again": gensim's `KeyedVectors.load(mmap="r")` against `embedlab.library.store.open_store`, which
also verifies the checksum of every byte.
"""

import argparse
import hashlib
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import machine
from benchmarks.figures import Row, Scale, show

_ROWS = 4000
# Rows of the files and how often each is loaded.
SIZES: dict[Scale, tuple[tuple[int, ...], int]] = {
    "full": ((10_000, 100_000, 400_000), 3),
    "quick": ((10_000, 100_000), 3),
    "tiny": ((20,), 1),
}


def make(path: Path, rows: int, dimensions: int) -> None:
    """Writes GloVe-like text: some words not ASCII, numbers of five decimals (850 bytes a row at 100)."""
    import pyarrow as pa
    import pyarrow.compute as compute

    rng = np.random.default_rng(0)
    with path.open("wb") as file:
        for start in range(0, rows, _ROWS):
            count = min(_ROWS, rows - start)
            block = np.round(rng.normal(0, 0.4, (dimensions, count)), 5)  # (D, r)
            words = [f"{'wörd' if i % 7 == 0 else 'word'}{i}" for i in range(start, start + count)]
            lines = compute.binary_join_element_wise(
                pa.array(words), *(pa.array(c).cast(pa.string()) for c in block), " "
            )
            file.write("\n".join(lines.to_pylist()).encode() + b"\n")


def child(task: str, path: Path) -> dict[str, Any]:
    """One load in this process: seconds, peak and resident MB, and a digest of what was loaded."""
    import resource  # of Unix

    for module in ("gensim.models",) if "gensim" in task else ("embedlab.formats", "embedlab.library.store"):
        import_module(module)
    if task == "embedlab":
        import_module("pyarrow.csv")
    start = time.perf_counter()
    if task == "gensim":
        from gensim.models import KeyedVectors

        keyed = KeyedVectors.load_word2vec_format(str(path), no_header=True)
        words, matrix = keyed.index_to_key, keyed.vectors
    elif task == "gensim again":
        from gensim.models import KeyedVectors

        keyed = KeyedVectors.load(str(path), mmap="r")
        words, matrix = keyed.index_to_key, keyed.vectors
    else:
        from embedlab.formats import read_vectors
        from embedlab.library.store import open_store

        vectors, _ = open_store(path) if task == "embedlab again" else read_vectors(path, name=path.name)
        words, matrix = list(vectors.words), vectors.matrix
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    with open("/proc/self/status") as status:
        resident = next(int(line.split()[1]) * 1024 / 1e6 for line in status if line.startswith("VmRSS"))
    digest = hashlib.sha256("\n".join(words).encode() + np.ascontiguousarray(matrix).tobytes()).hexdigest()
    return {"seconds": seconds, "peak": peak, "resident": resident, "digest": digest}


def keep(source: Path) -> tuple[Path, Path]:
    """Keeps the vectors of a text beside it, in gensim's form and in embedlab's."""
    from gensim.models import KeyedVectors

    from embedlab.formats import read_vectors
    from embedlab.library.store import write_store

    vectors, report = read_vectors(source, name=source.name)
    ours, theirs = source.with_name("store"), source.with_name("keyed")
    write_store(vectors, report, ours)
    keyed = KeyedVectors(vectors.dimensions)
    keyed.add_vectors(list(vectors.words), vectors.matrix)
    keyed.save(str(theirs))
    return theirs, ours


def prepare(source: Path) -> tuple[Path, Path]:
    """`keep` in a process of its own, so that its memory is given back."""
    command = [sys.executable, "-m", "benchmarks.load_vectors", "--child", "keep", str(source)]
    said = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    theirs, ours = map(Path, said)
    return theirs, ours


def measure(task: str, path: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.load_vectors", "--child", task, str(path)]
    return dict(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))


def compare(tasks: dict[str, Path], repeats: int) -> dict[str, dict[str, float]]:
    """Medians of each task, the tasks in turn; the digests must agree."""
    runs: dict[str, list[dict[str, Any]]] = {task: [] for task in tasks}
    for _ in range(repeats):
        for task, path in tasks.items():
            runs[task].append(measure(task, path))
    digests = {run["digest"] for found in runs.values() for run in found}
    if len(digests) != 1:
        raise SystemExit("gensim and embedlab read different vectors")
    return {
        task: {key: statistics.median(run[key] for run in found) for key in ("seconds", "peak", "resident")}
        for task, found in runs.items()
    }


def rows(scale: Scale = "full") -> Iterator[Row]:
    yield from compared(*SIZES[scale])


def compared(sizes: Sequence[int], repeats: int, dimensions: int = 100) -> Iterator[Row]:
    """Seconds and memory: at their peak while text is read, and resident once it is opened again."""
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            text = Path(folder) / "vectors.txt"
            make(text, size, dimensions)
            yield from _rows(f"{size:,} x {dimensions} from text", {"gensim": text, "embedlab": text}, "peak", repeats)
            theirs, ours = prepare(text)
            again = {"gensim again": theirs, "embedlab again": ours}
            yield from _rows(f"{size:,} x {dimensions} opened again", again, "resident", repeats)


def of_file(text: Path, repeats: int) -> Iterator[Row]:
    """Seconds and peak memory of reading a GloVe text of one's own."""
    yield from _rows(f"{text.name} from text", {"gensim": text, "embedlab": text}, "peak", repeats)


def _rows(work: str, tasks: dict[str, Path], memory: str, repeats: int) -> Iterator[Row]:
    theirs, ours = compare(tasks, repeats).values()
    for key, unit in (("seconds", "s"), (memory, f"MB {memory}")):
        yield Row(work, unit, ours[key], "gensim", theirs[key])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", default="10000,100000,400000")
    parser.add_argument("--dimensions", type=int, default=100)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--file", type=Path, help="a GloVe text in place of made-up ones")
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        task, path = options.child[0], Path(options.child[1])
        print(json.dumps([*map(str, keep(path))] if task == "keep" else child(task, path)))
        return
    print(machine.describe())
    if options.file:
        show(of_file(options.file, options.repeats))
        return
    show(compared([int(size) for size in options.rows.split(",")], options.repeats, options.dimensions))


if __name__ == "__main__":
    main()
