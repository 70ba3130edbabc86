"""t-SNE, with checked settings and a snapshot every few iterations."""

import os
from collections.abc import Collection, Iterator
from typing import Literal

import numpy as np

from embedlab.arrays import Array, Doubles
from embedlab.checks import one_of, within
from embedlab.projection.gradient_descent import descend, first_part
from embedlab.projection.pca import principal_plane
from embedlab.projection.projection import Projection, checked, handed_out

MAX_TSNE_ROWS = 10_000  # every iteration goes through all pairs: about three minutes, where the Atlas takes half of one
_MOST_PAIRS = 16_000_000  # that attract each other: about 1 GB while they are looked for
MAX_ITERATIONS = 5_000
_THREADS = min(4, os.cpu_count() or 1)


def tsne(
    matrix: Array,
    *,
    perplexity: float = 30,
    seed: int = 0,
    iterations: int = 750,
    every: int = 15,
    shown: Collection[int] = (),
    start: Literal["pca", "random"] = "pca",
    threads: int = _THREADS,
) -> Iterator[Projection]:
    """t-SNE: near rows stay near; distances between groups and the sizes of groups mean little (Wattenberg 2016).

    Args:
        matrix: (N, D) finite numbers with at least three different rows, at most 10,000.
        perplexity: about how many neighbors a row attends to, 1 to 1,000,000; lowered to (N - 1) / 3 for few rows,
            and to 16,000,000 / (3 N) for more than 4,000.
        seed: same seed, same map.
        iterations: 1 to 5,000; the first third, at most 250, pulls groups together.
        every: iterations between two snapshots, at least 1.
        shown: in place of `every`, the iterations of which there are snapshots beside the last; see `moments`.
        start: the PCA map, or random places.
        threads: that share the work of each iteration, at least 1; any number gives the same map.

    Returns:
        Snapshots, the first at iteration 0, the last is the result. Settings are checked at once, but nothing is
        computed before the first snapshot is asked for.

    Raises InvalidSetting: see `checked`; or a setting outside its range.
    """
    rows = checked(matrix, most=MAX_TSNE_ROWS)
    within("perplexity", perplexity, 1, 1_000_000)
    within("number of iterations", iterations, 1, MAX_ITERATIONS)
    within("number of iterations between two snapshots", every, 1)
    within("seed", seed, 0)
    within("number of threads", threads, 1)
    one_of("start", start, ("pca", "random"))
    return _descent(rows, perplexity, seed, iterations, shown or range(0, iterations, every), start, threads)


def moments(iterations: int, count: int) -> list[int]:
    """Up to `count` + 1 iterations for a movie, from 0 to the last: close together where both parts of t-SNE begin.

    That is where points move; at the end of each part they rest.
    """
    turn = first_part(iterations)
    parts = ((0, turn), (turn, iterations))
    share = np.expm1(np.linspace(0, np.log(41), count // 2 + 1)) / 40  # the last step is about forty times the first
    return sorted({round(first + (last - first) * s) for first, last in parts for s in share.tolist()})


def _descent(
    rows: Doubles, asked: float, seed: int, iterations: int, shown: Collection[int], start: str, threads: int
) -> Iterator[Projection]:
    count = len(rows)
    enough, most = max((count - 1) / 3, 1.5), _MOST_PAIRS / 3 / count
    used = min(float(asked), enough, most)
    few = f"Perplexity {asked:g} needs more than {3 * asked:,.0f} words; for these {count:,}, {used:.3g} was used."
    many = f"Perplexity {asked:g} is too much for {count:,} words; {used:.3g} was used."
    note = "" if used == asked else few if used == enough else many
    first = principal_plane(rows)[0] if start == "pca" else np.random.default_rng(seed + 1).normal(size=(count, 2))
    steps = descend(rows, first, perplexity=used, seed=seed, iterations=iterations, shown=shown, threads=threads)
    for at, coordinates, loss in steps:
        map_ = handed_out(coordinates)
        yield Projection(map_, "t-SNE", rows, iteration=at, divergence=loss, tsne_perplexity=used, note=note)
