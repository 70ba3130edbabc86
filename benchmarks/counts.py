"""Counting beside guessing: time, memory and quality of co-occurrence counts, PPMI and SVD against skip-gram.

    python -m benchmarks.counts                    wiki6, found under $EMBEDLAB_SHARED or ../shared
    python -m benchmarks.counts --text wiki8       all of wiki8 (shared/tools/make_wiki8.py), V = 20,000

Prints the seconds of each stage, the largest memory that the process ever held, and WordSim-353 and analogies of both
spaces; both have the same vocabulary, window and dimensions. --no-skip-gram leaves the guessing out.
"""

import argparse
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from benchmarks import machine
from benchmarks.figures import Row, Scale, show
from benchmarks.reference import WIKI, opened
from embedlab.evaluation import scores
from embedlab.lessons.counting.cooccurrence import cooccurrence, ppmi, svd_vectors
from embedlab.lessons.word2vec.config import RunConfig
from embedlab.lessons.word2vec.methods import train_with
from embedlab.lessons.word2vec.pairs import PairConfig
from embedlab.text.corpus import encode
from embedlab.vectors.word_vectors import WordVectors

READ = 1 << 20  # characters at a time


class Size(NamedTuple):
    """Of a comparison."""

    words: int  # V, the most frequent
    window: int = 5
    dimensions: int = 100
    passes: int = 1  # of skip-gram; 0 leaves it out


SIZES: dict[Scale, Size] = {"full": Size(20_000), "quick": Size(10_000), "tiny": Size(200, dimensions=5)}


def lines(path: Path) -> Iterator[list[str]]:
    """The words of a text of only letters and spaces, some hundred thousand at a time."""
    rest = ""
    with opened(path) as file:
        while part := file.read(READ):
            *words, rest = (rest + part).split(" ")
            yield [word for word in words if word]
    if rest:
        yield [rest]


def peak_gb() -> float:
    """Largest resident memory of this process so far, GB."""
    import resource  # of Unix

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def quality(vectors: WordVectors) -> str:
    """WordSim and analogies of a space."""
    judged, asked = scores.similarity_correlation(vectors), scores.analogy_accuracy(vectors).overall
    return f"WordSim {judged.spearman:.3f} ({judged.covered} pairs), analogies {asked.accuracy:.2%}"


def compare(path: Path, size: Size) -> Iterator[Row]:
    """Seconds of each stage of counting, with the largest memory so far; then all of it beside skip-gram."""
    began = time.perf_counter()

    def lap() -> float:
        nonlocal began
        begun, began = began, time.perf_counter()
        return began - begun

    text = encode(lines(path), "benchmark", max_size=size.words)
    table = f"V = {len(text.vocabulary):,}"
    yield Row(f"reading {len(text):,} words, {table}", "s", lap(), note=f"{peak_gb():.2f} GB at most so far")
    counts = cooccurrence(text, size.window)
    spent = [lap()]
    yield Row(f"counting {counts.nnz:,} pairs", "s", spent[-1], note=f"{peak_gb():.2f} GB at most so far")
    weighted = ppmi(counts, exponent=0.75)
    spent.append(lap())
    yield Row(f"PPMI, {weighted.nnz:,} above chance", "s", spent[-1], note=f"{peak_gb():.2f} GB at most so far")
    counted = svd_vectors(weighted, text.vocabulary, dimensions=size.dimensions, source="counts")
    spent.append(lap())
    yield Row(f"SVD, D = {size.dimensions}", "s", spent[-1], note=f"{peak_gb():.2f} GB at most so far")
    if not size.passes:
        yield Row(f"vectors by counting, {table}", "s", sum(spent), note=quality(counted))
        return
    lap()
    pairs = PairConfig(window=size.window)
    config = RunConfig(
        methods=("by windows",), dimensions=size.dimensions, passes=size.passes, learning_rate=0.05, pairs=pairs
    )
    *_, snapshot = train_with("by windows", text, config)
    seconds = lap()
    predicted = WordVectors(text.vocabulary.words, snapshot.center, source="skip-gram")
    peer = f"skip-gram, {size.passes} pass{'es' * (size.passes > 1)}"
    note = f"{quality(counted)}; skip-gram {quality(predicted)}"
    yield Row(f"vectors by counting, {table}", "s", sum(spent), peer, seconds, note=note)


def rows(scale: Scale = "full") -> Iterator[Row]:
    yield from compare(WIKI, SIZES[scale])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    usual = SIZES["full"]
    parser.add_argument("--text", type=Path, default=WIKI)
    parser.add_argument("--size", type=int, default=usual.words, help="V, the most frequent words")
    parser.add_argument("--window", type=int, default=usual.window)
    parser.add_argument("--dimensions", type=int, default=usual.dimensions)
    parser.add_argument("--passes", type=int, default=usual.passes, help="of skip-gram")
    parser.add_argument("--no-skip-gram", action="store_true")
    given = parser.parse_args()
    print(machine.describe())
    passes = 0 if given.no_skip_gram else given.passes
    show(compare(given.text, Size(given.size, given.window, given.dimensions, passes)))


if __name__ == "__main__":
    main()
