"""Counting beside guessing: time, memory and quality of co-occurrence counts, PPMI and SVD against skip-gram.

    python -m benchmarks.counts                    wiki6, found under $EMBEDLAB_SHARED or ../shared
    python -m benchmarks.counts --text wiki8       all of wiki8 (shared/tools/make_wiki8.py), V = 20,000

Prints the seconds of each stage, the largest memory that the process ever held, and WordSim-353 and analogies of both
spaces; both have the same vocabulary, window and dimensions. --no-skip-gram leaves the guessing out.
"""

import argparse
import bz2
import os
import resource
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks import machine
from embedlab.evaluation import scores
from embedlab.lessons.counting.cooccurrence import cooccurrence, ppmi, svd_vectors
from embedlab.lessons.word2vec.config import RunConfig
from embedlab.lessons.word2vec.methods import train_with
from embedlab.lessons.word2vec.pairs import PairConfig
from embedlab.text.corpus import encode
from embedlab.vectors.word_vectors import WordVectors

SHARED = Path(os.environ.get("EMBEDLAB_SHARED", Path(__file__).parents[2] / "shared"))
READ = 1 << 20  # characters at a time


def lines(path: Path) -> Iterator[list[str]]:
    """The words of a text of only letters and spaces, some hundred thousand at a time."""
    rest = ""
    with bz2.open(path, "rt") if path.suffix == ".bz2" else path.open() as file:
        while part := file.read(READ):
            *words, rest = (rest + part).split(" ")
            yield [word for word in words if word]
    if rest:
        yield [rest]


def peak_gb() -> float:
    """Largest resident memory of this process so far, GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def quality(name: str, vectors: WordVectors) -> None:
    """WordSim and analogies of a space."""
    judged, asked = scores.similarity_correlation(vectors), scores.analogy_accuracy(vectors).overall
    similar = f"WordSim {judged.spearman:.3f} ({judged.covered} pairs)"
    print(f"{name:26} {similar}   analogies {asked.accuracy:.2%} of {asked.covered:,}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--text", type=Path, default=SHARED / "data" / "corpus" / "wiki6.bz2")
    parser.add_argument("--size", type=int, default=20_000, help="V, the most frequent words")
    parser.add_argument("--window", type=int, default=5)
    parser.add_argument("--dimensions", type=int, default=100)
    parser.add_argument("--passes", type=int, default=1, help="of skip-gram")
    parser.add_argument("--no-skip-gram", action="store_true")
    options = parser.parse_args()
    if not options.text.is_file():
        raise SystemExit(
            f"{options.text} is missing: give --text, or set EMBEDLAB_SHARED to the folder that holds data/."
        )
    print(machine.describe())
    began = time.perf_counter()

    def lap(name: str, more: str = "") -> None:
        nonlocal began
        print(
            f"{name:26} {time.perf_counter() - began:8.1f} s   at most {peak_gb():.2f} GB so far   {more}", flush=True
        )
        began = time.perf_counter()

    text = encode(lines(options.text), "benchmark", max_size=options.size)
    lap("reading and numbering", f"{len(text):,} words, V = {len(text.vocabulary):,}")
    counts = cooccurrence(text, options.window)
    lap("counting", f"{counts.nnz:,} pairs of {len(text.vocabulary) ** 2:,}")
    table = ppmi(counts, exponent=0.75)
    lap("PPMI", f"{table.nnz:,} above chance")
    counted = svd_vectors(table, text.vocabulary, dimensions=options.dimensions, source="counts")
    lap("SVD", f"D = {options.dimensions}")
    quality("counted", counted)
    if options.no_skip_gram:
        return
    began = time.perf_counter()
    pairs = PairConfig(window=options.window)
    config = RunConfig(
        methods=("by windows",), dimensions=options.dimensions, passes=options.passes, learning_rate=0.05, pairs=pairs
    )
    *_, snapshot = train_with("by windows", text, config)
    lap(f"skip-gram, {options.passes} passes")
    quality("predicted", WordVectors(text.vocabulary.words, snapshot.center, source="skip-gram"))


if __name__ == "__main__":
    main()
