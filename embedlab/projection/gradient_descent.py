"""t-SNE, exact, in NumPy: for the few thousand words of a map it is faster than the approximations.

Van der Maaten and Hinton (2008), with the learning rate of Belkina et al. (2019). The (N, N) pass of each iteration
goes block by block through the processor's cache, which makes it several times faster than Barnes-Hut trees up to
about 3,000 rows (benchmarks/tsne.py).
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from embedlab.arrays import Doubles, Floats

# Attraction in the first part is multiplied, so that clusters form early. By 4 as in the first paper: by 12, which is
# usual for many thousand points, these small maps end at a higher divergence.
_EXAGGERATION = 4.0
_EARLY = 250  # iterations of that part
_MOMENTUM = (0.5, 0.8)
_LONGEST_STEP = 5.0  # in units of the map
_BLOCK = 1 << 17  # numbers per block: 0.5 MB of float32
_START = 1e-4  # spread of the points at iteration 0


class MapSnapshot(NamedTuple):
    """The map at an iteration."""

    iteration: int
    coordinates: Floats  # (N, 2), a copy
    divergence: float  # Kullback-Leibler, nats


def descend(
    matrix: Doubles, start: Doubles, *, perplexity: float, seed: int, iterations: int, every: int
) -> Iterator[MapSnapshot]:
    """Moves the points of a map until their similarities match those of the rows.

    Args:
        matrix: (N, D) rows, finite and of moderate size.
        start: (N, 2) where the points begin, in any unit; only the shape counts.
        perplexity: between 1 and N - 1.
        seed: for the small noise on the start, without which equal rows would never part.
        every: iterations from one snapshot to the next; the first is iteration 0 and the last is `iterations`.
    """
    count = len(matrix)
    noise = np.random.default_rng(seed).normal(size=(count, 2))
    points = start / (start.std(axis=0).max() or 1.0) + 0.05 * noise  # (N, 2)
    points = (_START * (points - points.mean(axis=0))).astype(np.float32)
    rate = np.float32(max(200.0, count / 12))
    gains, step = np.ones_like(points), np.zeros_like(points)
    turn = min(_EARLY, iterations // 3)  # last iteration of the first part
    attraction = affinities(matrix, perplexity)  # (N, N)
    yield MapSnapshot(0, points.copy(), divergence(points, attraction))
    for iteration in range(1, iterations + 1):
        early = iteration <= turn
        if iteration == turn + 1:  # the gains have come to rest, and would hold the second part back
            gains, step = np.ones_like(points), np.zeros_like(points)
        gradient = gradient_of(points, attraction, _EXAGGERATION if early else 1.0)
        # Each coordinate speeds up while its direction stays and slows down when it turns (Jacobs 1988).
        gains = np.where(gradient * step < 0, gains + 0.2, np.maximum(gains * 0.8, 0.01))
        step = _MOMENTUM[not early] * step - rate * gains * gradient
        step *= np.minimum(1, _LONGEST_STEP / np.maximum(np.linalg.norm(step, axis=1, keepdims=True), 1e-12))
        points = points + step
        points -= points.mean(axis=0)
        if iteration % every == 0 or iteration == iterations:
            yield MapSnapshot(iteration, points.copy(), divergence(points, attraction))


def affinities(matrix: Doubles, perplexity: float) -> Floats:
    """(N, N) joint probabilities of pairs of rows; they sum to 1.

    Every row spreads over its 3 x perplexity nearest rows, by a Gaussian as wide as makes the entropy log(perplexity).
    """
    count = len(matrix)
    kept = min(count - 1, int(3 * perplexity) + 1)
    squares = (matrix**2).sum(axis=1)
    distances = np.maximum(squares[:, None] + squares - 2 * matrix @ matrix.T, 0)  # (N, N) squared
    np.fill_diagonal(distances, np.inf)
    near = np.argpartition(distances, kept - 1, axis=1)[:, :kept]
    distances = np.take_along_axis(distances, near, axis=1)  # (N, kept)
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
    conditional = np.zeros((count, count), dtype=np.float32)
    np.put_along_axis(conditional, near, (weights / total / (2 * count)).astype(np.float32), axis=1)
    return conditional + conditional.T


def gradient_of(points: Floats, attraction: Floats, exaggeration: float = 1.0) -> Floats:
    """(N, 2) gradient of the divergence, without its constant factor 4.

    Row i is sum_j (exaggeration p_ij - q_ij) w_ij (y_i - y_j) with w_ij = 1 / (1 + |y_i - y_j|^2) and q = w / sum w.
    """
    count = len(points)
    one = np.ones(count, dtype=np.float32)
    columns = (points[:, 0].copy(), points[:, 1].copy(), one)
    left, right = _factors(points)
    pull, push = np.empty((3, count), dtype=np.float32), np.empty((3, count), dtype=np.float32)
    total = 0.0
    block = max(1, _BLOCK // count)
    room = np.empty((2, min(block, count), count), dtype=np.float32)
    for first in range(0, count, block):
        rows = slice(first, first + block)
        weights, product = room[:, : len(points[rows])]
        np.divide(1, np.matmul(left[rows], right, out=weights), out=weights)
        np.multiply(attraction[rows], weights, out=product)
        # Row by row, because a product with the whole block may be given to several threads, whose waiting for one
        # another makes it many times slower on busy cores.
        total += float(np.vecdot(weights, one).sum(dtype=np.float64))
        np.multiply(weights, weights, out=weights)
        for axis, column in enumerate(columns):
            pull[axis, rows] = np.vecdot(product, column)
            push[axis, rows] = np.vecdot(weights, column)
    total -= count  # a point's weight with itself is 1
    pulled, pushed = (force[2] * points.T - force[:2] for force in (pull, push))  # (2, N) each
    return np.ascontiguousarray((np.float32(exaggeration) * pulled - pushed / np.float32(total)).T)


def divergence(points: Floats, attraction: Floats) -> float:
    """Kullback-Leibler divergence of the map's similarities from the rows', in nats; 0 is a perfect map."""
    left, right = _factors(points)
    count = len(points)
    block = max(1, _BLOCK // count)
    sums = np.zeros(3)
    for first in range(0, count, block):
        rows = slice(first, first + block)
        distances = left[rows] @ right  # 1 + squared distance
        part = attraction[rows]
        some = part > 0
        p = part[some].astype(np.float64)
        spread = np.log(np.maximum(distances[some], 1))
        sums += ((p * np.log(p)).sum(), (p * spread).sum(), (1 / distances).sum(dtype=np.float64))
    entropy, spread, total = sums
    return float(entropy + spread + np.log(total - count))


def _factors(points: Floats) -> tuple[Floats, Floats]:
    """(N, 4) and (4, N) whose product is 1 + the squared distance of every pair."""
    one = np.ones(len(points), dtype=np.float32)
    squares = (points**2).sum(axis=1)
    return np.column_stack([-2 * points, one, 1 + squares]), np.stack([*points.T, squares, one])
