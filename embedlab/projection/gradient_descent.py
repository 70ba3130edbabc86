"""t-SNE, exact, in NumPy: for the few thousand words of a map it is faster than the approximations.

Van der Maaten and Hinton (2008), with learning rates as Belkina et al. (2019) derive them, the number of points
over the exaggeration, but without a least one: longer steps make the first part of a small map a tumble that loses its
start. Repulsion is between all points: the (N, N) pass of each iteration goes block by block through the processor's
cache, in several threads where there are many points, which keeps up with Barnes-Hut trees to some thousand rows
(benchmarks/tsne.py). Attraction is between near rows only: of many rows it runs over a list of pairs, of few it goes
along with repulsion.
"""

from collections.abc import Callable, Container, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from embedlab.arrays import Doubles, Floats, Ids

# Attraction in the first part is multiplied, so that clusters form early. By 2: by 4 as in the first paper, and by 12,
# which is usual for many thousand points, maps of 60 to 2,000 words end at a higher divergence.
_EXAGGERATION = 2.0
_EARLY = 250  # iterations of that part
_RATES = (0.25, 1.0)  # learning rates of both parts, for each point
_MOMENTUM = (0.5, 0.8)
_LONGEST_STEP = 5.0  # in units of the map
# Numbers in a block: 0.5 MB of float32, made by two products. OpenBLAS gives larger ones to threads of its own, whose
# waiting for one another makes them many times slower on busy cores.
_BLOCK = 1 << 17
_PAIRS = 1 << 14  # pairs that attract each other, worked on at a time
_MANY = 1 / 6  # of all pairs: beyond, going through all is faster than fetching those that attract each other
_DISTANCES = 1 << 21  # distances between rows held at once: 16 MB of float64
_START = 1e-4  # spread of the points at iteration 0
_WORTH_THREADS = 4_000  # points from which on threads are used; on two cores they made 2,000 points slower by half

Each: TypeAlias = Callable[..., Iterable[Any]]  # `map`, or that of a pool of threads: the sums are the same


class MapSnapshot(NamedTuple):
    """The map at an iteration."""

    iteration: int
    coordinates: Floats  # (N, 2), a copy
    divergence: float  # Kullback-Leibler, nats


class Affinities(NamedTuple):
    """Joint probabilities of the n pairs of rows of which one is near the other; each pair is here in both orders."""

    rows: Ids  # (n,) rising; every row is among them
    columns: Ids  # (n,)
    values: Floats  # (n,) sum to 1
    starts: Ids  # (N + 1,) row i has the pairs starts[i]:starts[i + 1]
    table: Floats | None  # (N, N) of the same, zero for all other pairs; None where n is a small part of N * N


def first_part(iterations: int) -> int:
    """The iteration at which attraction is no longer multiplied."""
    return min(_EARLY, iterations // 3)


def descend(
    matrix: Doubles,
    start: Doubles,
    *,
    perplexity: float,
    seed: int,
    iterations: int,
    shown: Container[int],
    threads: int,
) -> Iterator[MapSnapshot]:
    """Moves the points of a map until their similarities match those of the rows.

    Args:
        matrix: (N, D) rows, finite and of moderate size.
        start: (N, 2) where the points begin, in any unit; only the shape counts.
        perplexity: between 1 and N - 1.
        seed: for the small noise on the start, without which equal rows would never part.
        shown: iterations that are handed out; the last is, in any case.
        threads: that share the work of each iteration, at least 1; the map is the same to the bit. Fewer than 4,000
            points are moved by one.
    """
    count = len(matrix)
    noise = np.random.default_rng(seed).normal(size=(count, 2))
    points = start / (start.std(axis=0).max() or 1.0) + 0.05 * noise  # (N, 2)
    points = (_START * (points - points.mean(axis=0))).astype(np.float32)
    gains, step = np.ones_like(points), np.zeros_like(points)
    turn = first_part(iterations)
    attraction = affinities(matrix, perplexity)
    with ThreadPoolExecutor(threads) as pool:  # which starts no thread before it is given work
        each: Each = pool.map if count >= _WORTH_THREADS and threads > 1 else map
        for iteration in range(iterations + 1):
            early = iteration < turn
            gradient, total = _gradient_and_total(points, attraction, _EXAGGERATION if early else 1.0, each)
            if iteration in shown or iteration == iterations:
                yield MapSnapshot(iteration, points.copy(), _divergence(points, attraction, total))
            if iteration == turn:  # the gains have come to rest, and would hold the second part back
                gains, step = np.ones_like(points), np.zeros_like(points)
            # Each coordinate speeds up while its direction stays and slows down when it turns (Jacobs 1988).
            gains = np.where(gradient * step < 0, gains + 0.2, np.maximum(gains * 0.8, 0.01))
            step = _MOMENTUM[not early] * step - np.float32(_RATES[not early] * count) * gains * gradient
            step *= np.minimum(1, _LONGEST_STEP / np.maximum(np.linalg.norm(step, axis=1, keepdims=True), 1e-12))
            points = points + step
            points -= points.mean(axis=0)


def affinities(matrix: Doubles, perplexity: float) -> Affinities:
    """Joint probabilities of pairs of rows.

    Every row spreads over its 3 x perplexity nearest rows, by a Gaussian as wide as makes the entropy log(perplexity).
    """
    count = len(matrix)
    near, distances = _nearest(matrix, min(count - 1, int(3 * perplexity) + 1))  # (N, kept)
    distances -= distances.min(axis=1, keepdims=True)
    distances /= np.maximum(distances.mean(axis=1, keepdims=True), 1e-300)
    low, high, precision = np.zeros((count, 1)), np.full((count, 1), np.inf), np.ones((count, 1))
    for _ in range(64):  # bisection; far more than float64 can tell apart
        weights = np.exp(-distances * precision)
        total = weights.sum(axis=1, keepdims=True)  # at least 1: the nearest weighs 1
        entropy = np.log(total) + precision * (distances * weights).sum(axis=1, keepdims=True) / total
        wide = entropy > np.log(perplexity)
        low, high = np.where(wide, precision, low), np.where(wide, high, precision)
        precision = np.where(np.isinf(high), precision * 2, (low + high) / 2)
    conditional = (weights / total / (2 * count)).ravel()
    one, other = np.repeat(np.arange(count), near.shape[1]), near.ravel()
    pairs, which = np.unique(np.concatenate([one * count + other, other * count + one]), return_inverse=True)
    values = np.bincount(which, np.tile(conditional, 2)).astype(np.float32)  # (n,)
    rows, columns = np.divmod(pairs, count)
    table = None
    if len(pairs) > _MANY * count**2:
        table = np.zeros((count, count), dtype=np.float32)
        table[rows, columns] = values
    return Affinities(rows, columns, values, np.searchsorted(rows, np.arange(count + 1)), table)


def _nearest(matrix: Doubles, kept: int) -> tuple[Ids, Doubles]:
    """(N, kept) nearest other rows of each row, in any order, and their squared distances."""
    count = len(matrix)
    near, distances = np.empty((count, kept), dtype=np.intp), np.empty((count, kept))
    squares = (matrix**2).sum(axis=1)
    step = max(1, _DISTANCES // count)
    for first in range(0, count, step):
        rows = slice(first, first + step)
        among = squares[rows, None] + squares - 2 * matrix[rows] @ matrix.T  # (step, N)
        among[np.arange(len(among)), np.arange(count)[rows]] = np.inf
        near[rows] = np.argpartition(among, kept - 1, axis=1)[:, :kept]
        distances[rows] = np.maximum(np.take_along_axis(among, near[rows], axis=1), 0)
    return near, distances


def gradient_of(points: Floats, attraction: Affinities, exaggeration: float = 1.0, each: Each = map) -> Floats:
    """(N, 2) gradient of the divergence, without its constant factor 4.

    Row i is sum_j (exaggeration p_ij - q_ij) w_ij (y_i - y_j) with w_ij = 1 / (1 + |y_i - y_j|^2) and q = w / sum w.
    """
    return _gradient_and_total(points, attraction, exaggeration, each)[0]


def _gradient_and_total(
    points: Floats, attraction: Affinities, exaggeration: float, each: Each
) -> tuple[Floats, float]:
    """The gradient, and the sum of all w on the way."""
    (pushed, *more), total = _all_pairs(points, attraction.table, each)
    (pulled,) = more or [_near_pairs(points, attraction, each)]
    return np.ascontiguousarray((np.float32(exaggeration) * pulled - pushed / np.float32(total)).T), total


def _near_pairs(points: Floats, attraction: Affinities, each: Each) -> Floats:
    """(2, N) of sum_j p_ij w_ij (y_i - y_j)."""
    count = len(points)
    pulled = np.empty((2, count), dtype=np.float32)
    step = max(1, _PAIRS * count // len(attraction.rows))  # rows at a time

    def pull(first: int) -> None:
        rows = slice(first, min(first + step, count))
        starts = attraction.starts[rows]
        ways, weights = _ways(points, attraction, rows)
        np.divide(attraction.values[starts[0] : starts[0] + len(weights)], weights, out=weights)
        for axis, way in enumerate(ways):
            way *= weights
            pulled[axis, rows] = np.add.reduceat(way, starts - starts[0])

    list(each(pull, range(0, count, step)))  # the list raises what a thread raised
    return pulled


def _ways(points: Floats, attraction: Affinities, rows: slice) -> tuple[list[Floats], Floats]:
    """Of the pairs of some rows y_i - y_j, one (pairs,) array for each axis, and 1 + |y_i - y_j|^2."""
    starts = attraction.starts[rows.start : rows.stop + 1]
    columns, lengths = attraction.columns[starts[0] : starts[-1]], np.diff(starts)
    ways = []
    for axis in points.T:
        way = np.repeat(axis[rows], lengths)
        way -= np.ascontiguousarray(axis).take(columns)
        ways.append(way)
    squares = ways[0] * ways[0]
    squares += ways[1] * ways[1]
    squares += 1
    return ways, squares


def _all_pairs(points: Floats, table: Floats | None, each: Each) -> tuple[list[Floats], float]:
    """Sums over all pairs of points.

    Returns:
        A list of (2, N) sum_j w_ij^2 (y_i - y_j) and, where p is given as an (N, N) table, sum_j p_ij w_ij (y_i - y_j);
        and the sum of the w_ij of two different points.
    """
    count = len(points)
    one = np.ones(count, dtype=np.float32)
    columns = (points[:, 0].copy(), points[:, 1].copy(), one)
    left, right = _factors(points)
    push, *more = sums = np.empty((1 if table is None else 2, 3, count), dtype=np.float32)
    half = max(1, _BLOCK // 2 // count)  # rows of a product that OpenBLAS leaves to this thread

    def add(first: int) -> float:
        """Fills in the sums of some rows, and gives that of their weights."""
        rows = slice(first, min(first + 2 * half, count))
        weights = np.empty((rows.stop - first, count), dtype=np.float32)
        np.matmul(left[rows][:half], right, out=weights[:half])
        np.matmul(left[rows][half:], right, out=weights[half:])
        np.divide(1, weights, out=weights)
        # Row by row, because a product with the whole block may be given to several threads, too.
        total = float(np.vecdot(weights, one).sum(dtype=np.float64))
        if table is not None:
            product = table[rows] * weights
            for axis, column in enumerate(columns):
                more[0][axis, rows] = np.vecdot(product, column)
        np.multiply(weights, weights, out=weights)
        for axis, column in enumerate(columns):
            push[axis, rows] = np.vecdot(weights, column)
        return total

    total = sum(each(add, range(0, count, 2 * half))) - count  # a point's weight with itself is 1
    return [force[2] * points.T - force[:2] for force in sums], total


def divergence(points: Floats, attraction: Affinities) -> float:
    """Kullback-Leibler divergence of the map's similarities from the rows', in nats; 0 is a perfect map."""
    return _divergence(points, attraction, _all_pairs(points, None, map)[1])


def _divergence(points: Floats, attraction: Affinities, total: float) -> float:
    pairs = attraction.values > 0
    p = attraction.values[pairs].astype(np.float64)
    _, distances = _ways(points, attraction, slice(0, len(points)))
    return float((p * np.log(p * distances[pairs])).sum() + np.log(total))


def _factors(points: Floats) -> tuple[Floats, Floats]:
    """(N, 4) and (4, N) whose product is 1 + the squared distance of every pair."""
    one = np.ones(len(points), dtype=np.float32)
    squares = (points**2).sum(axis=1)
    return np.column_stack([-2 * points, one, 1 + squares]), np.stack([*points.T, squares, one])
