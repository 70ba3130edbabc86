"""t-SNE of embedlab beside scikit-learn's and openTSNE's: seconds and trustworthiness, on real word vectors.

    python -m benchmarks.tsne            600 and 2,000 words, in turn, medians of three rounds
    python -m benchmarks.tsne --growth   300, 600, 1,200 and 2,400 words, embedlab beside scikit-learn

Set OMP_NUM_THREADS=1 where others use the machine: waiting for a second thread makes the peers many times slower there.
Rows are the most frequent words' GloVe vectors where ../shared has them, else the bundled ones, of length 1.
Trustworthiness is scikit-learn's, of 10 neighbors, for everybody.
"""

import argparse
import gzip
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks import machine
from embedlab.arrays import unit_rows

ROOT = Path(__file__).parents[1]
SHARED = Path(os.environ.get("EMBEDLAB_SHARED", ROOT.parent / "shared"))
GLOVE = SHARED / "data/vectors/glove.6B.50d.top9163.txt.gz"
Peer = Callable[[np.ndarray, int], np.ndarray]


def rows(count: int) -> np.ndarray:
    """(count, D) float32 of length 1."""
    if GLOVE.is_file():
        with gzip.open(GLOVE, "rt", encoding="utf-8") as file:
            matrix = np.array([line.rstrip().split(" ")[1:] for _, line in zip(range(count), file, strict=False)])
    else:
        from embedlab.library.bundled import bundled_vectors

        matrix = bundled_vectors().matrix[:count]
    matrix = matrix.astype(np.float32)
    return unit_rows(matrix)


def ours(matrix: np.ndarray, seed: int) -> np.ndarray:
    from embedlab.projection.tsne import tsne

    *_, result = tsne(matrix, seed=seed)  # with its 51 frames
    return np.asarray(result.coordinates)


def scikit_learn(matrix: np.ndarray, seed: int) -> np.ndarray:
    from sklearn.manifold import TSNE

    return np.asarray(TSNE(init="pca", random_state=seed).fit_transform(matrix))


def open_tsne(matrix: np.ndarray, seed: int) -> np.ndarray:
    from openTSNE import TSNE

    return np.asarray(TSNE(negative_gradient_method="bh", n_jobs=os.cpu_count(), random_state=seed).fit(matrix))


def compare(count: int, peers: dict[str, Peer], rounds: int) -> None:
    """Prints a line for each peer, who take turns."""
    from sklearn.manifold import trustworthiness

    matrix = rows(count)
    figures: dict[str, list[tuple[float, float, float]]] = {name: [] for name in peers}  # seconds, of processor, trust
    for seed in range(rounds):
        for name, peer in peers.items():
            begun, worked = time.perf_counter(), time.process_time()
            coordinates = peer(matrix, seed)
            seconds, processor = time.perf_counter() - begun, time.process_time() - worked
            figures[name].append((seconds, processor, trustworthiness(matrix, coordinates, n_neighbors=10)))
    medians = {
        name: [statistics.median(column) for column in zip(*found, strict=True)] for name, found in figures.items()
    }
    own = medians["embedlab"]
    for name, (seconds, processor, trust) in medians.items():
        print(
            f"{count:7,}  {name:12} {seconds:8.2f} s {seconds / own[0]:7.1f} x {processor:10.2f} s "
            f"{processor / own[1]:7.1f} x {trust:10.3f}",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--growth", action="store_true", help="how time grows with the number of words")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is run (default 3)")
    arguments = parser.parse_args()
    peers: dict[str, Peer] = {"embedlab": ours, "scikit-learn": scikit_learn}
    if not arguments.growth:
        peers["openTSNE"] = open_tsne
    small = rows(120)
    for peer in peers.values():  # imports and compilation are not what is compared
        peer(small, 0)
    print(machine.describe())
    print(f"{'words':>7}  {'':12} {'median':>10} {'/ own':>9} {'processor':>12} {'/ own':>9} {'trust':>10}")
    for count in (300, 600, 1200, 2400) if arguments.growth else (600, 2000):
        compare(count, peers, arguments.rounds)


if __name__ == "__main__":
    main()
