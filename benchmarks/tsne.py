"""t-SNE of embedlab beside scikit-learn's and openTSNE's: seconds and trustworthiness, on real word vectors.

    python -m benchmarks.tsne            600, 2,000 and 10,000 words, in turn, medians of three rounds
    python -m benchmarks.tsne --growth   300, 600, 1,200 and 2,400 words, embedlab beside scikit-learn

Everybody works on one thread: on a machine that others use, waiting for a second one makes the peers many times slower
and says nothing about them. --threads 2 gives everybody two, for a quiet machine; embedlab uses them from 4,000 words
on. Rows are GloVe's vectors of the most frequent words where the reference data are there, else the bundled ones, of
length 1. Trustworthiness is scikit-learn's, of 10 neighbors, for everybody.
"""

import argparse
import gzip
import statistics
import time
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from benchmarks import machine
from benchmarks.figures import Row, Scale, show
from benchmarks.reference import SHARED
from embedlab.arrays import unit_rows
from embedlab.projection.tsne import MAX_TSNE_ROWS

GLOVE = SHARED / "data/vectors/glove.6B.50d.top9163.txt.gz"
Peer = Callable[[np.ndarray, int], np.ndarray]
THREADS = 1
# Numbers of words, and how often each is drawn.
SIZES: dict[Scale, tuple[tuple[int, ...], int]] = {
    "full": ((600, 2_000, MAX_TSNE_ROWS), 3),
    "quick": ((600, 2_000), 1),
    "tiny": ((100,), 1),
}


def most_frequent(count: int) -> np.ndarray:
    """(count, D) float32 of length 1."""
    if GLOVE.is_file():
        with gzip.open(GLOVE, "rt", encoding="utf-8") as file:
            matrix = np.array([line.rstrip().split(" ")[1:] for _, line in zip(range(count), file, strict=False)])
    else:
        from embedlab.library.bundled import bundled_vectors

        matrix = bundled_vectors().matrix[:count]
    matrix = matrix.astype(np.float32)
    return unit_rows(matrix)


def ours(threads: int) -> Peer:
    def fit(matrix: np.ndarray, seed: int) -> np.ndarray:
        from embedlab.projection.tsne import tsne

        *_, result = tsne(matrix, seed=seed, threads=threads)  # with its 51 frames
        return np.asarray(result.coordinates)

    return fit


def scikit_learn(threads: int) -> Peer:
    def fit(matrix: np.ndarray, seed: int) -> np.ndarray:
        from sklearn.manifold import TSNE

        return np.asarray(TSNE(init="pca", n_jobs=threads, random_state=seed).fit_transform(matrix))

    return fit


def open_tsne(threads: int) -> Peer:
    def fit(matrix: np.ndarray, seed: int) -> np.ndarray:
        from openTSNE import TSNE

        return np.asarray(TSNE(negative_gradient_method="bh", n_jobs=threads, random_state=seed).fit(matrix))

    return fit


def compare(count: int, peers: dict[str, Peer], rounds: int) -> Iterator[Row]:
    """Seconds of each, who take turns."""
    from sklearn.manifold import trustworthiness

    matrix = most_frequent(count)
    figures: dict[str, list[tuple[float, float]]] = {name: [] for name in peers}  # seconds, trustworthiness
    for seed in range(rounds):
        for name, peer in peers.items():
            begun = time.perf_counter()
            coordinates = peer(matrix, seed)
            seconds = time.perf_counter() - begun
            figures[name].append((seconds, trustworthiness(matrix, coordinates, n_neighbors=10)))
    medians = {
        name: [statistics.median(column) for column in zip(*found, strict=True)] for name, found in figures.items()
    }
    own, trust = medians.pop("embedlab")
    for name, (seconds, theirs) in medians.items():
        note = f"trustworthiness {trust:.3f}, {name} {theirs:.3f}"
        yield Row(f"t-SNE of {count:,} words", "s", own, name, seconds, note=note)


def compared(sizes: Sequence[int], rounds: int, threads: int = THREADS, *, growth: bool = False) -> Iterator[Row]:
    """The peers beside embedlab at each size; scikit-learn alone where only growth is asked for."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    peers: dict[str, Peer] = {"embedlab": ours(threads), "scikit-learn": scikit_learn(threads)}
    if not growth:
        peers["openTSNE"] = open_tsne(threads)
    small = most_frequent(120)
    with threadpool_limits(threads):  # those of BLAS and OpenMP, too
        for peer in peers.values():  # imports and compilation are not what is compared
            peer(small, 0)
        for size in sizes:
            yield from compare(size, peers, rounds)


def rows(scale: Scale = "full") -> Iterator[Row]:
    yield from compared(*SIZES[scale])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--growth", action="store_true", help="how time grows with the number of words")
    parser.add_argument("--words", type=int, nargs="+", help="other numbers of words")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is run (default 3)")
    parser.add_argument("--threads", type=int, default=THREADS, help=f"of each (default {THREADS})")
    given = parser.parse_args()
    print(machine.describe())
    sizes = given.words or ((300, 600, 1_200, 2_400) if given.growth else SIZES["full"][0])
    show(compared(sizes, given.rounds, given.threads, growth=given.growth))


if __name__ == "__main__":
    main()
