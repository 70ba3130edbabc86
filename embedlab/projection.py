"""Maps: many dimensions drawn in two, each with a figure for how far it can be trusted."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Literal

import numpy as np

from embedlab import tsne as engine
from embedlab.errors import EmbedlabError, InvalidSetting
from embedlab.vectors import WordVectors

MAX_ROWS = 20_000  # more points than a browser draws
MAX_TSNE_ROWS = 4_000  # its tables of pairs take 130 MB then
MAX_ITERATIONS = 5_000
_BLOCK = 1 << 20  # numbers worked on at a time


@dataclass(frozen=True, eq=False)
class Projection:
    """A map of N rows."""

    coordinates: np.ndarray  # (N, 2) float32, read-only, finite
    method: str  # "PCA", "t-SNE" or "axes"
    measure: Callable[[np.ndarray], float]  # trustworthiness of coordinates against the rows they came from
    axis_names: tuple[str, str] = ("", "")  # for the screen; empty where an axis means nothing by itself
    explained: tuple[float, float] | None = None  # PCA: each axis's share of the variance, in [0, 1]
    iteration: int | None = None  # t-SNE: how far it is
    divergence: float | None = None  # t-SNE: Kullback-Leibler, nats; what it makes small
    tsne_perplexity: float | None = None  # t-SNE: the one used, which few rows make smaller than the one asked for
    note: str = ""  # a sentence on what was done differently from what was asked

    @cached_property
    def trustworthiness(self) -> float:
        """Share of the map's nearest neighbors that are near in the original space too, in [0, 1]; see below."""
        return self.measure(self.coordinates)

    def nearest(self, row: int, k: int = 10) -> list[int]:
        """The k rows nearest to a row on the map, nearest first."""
        squared = ((self.coordinates - self.coordinates[row]) ** 2).sum(axis=1)
        order = np.argsort(squared, kind="stable")
        return [int(other) for other in order if other != row][:k]


def pca(matrix: np.ndarray) -> Projection:
    """Principal component analysis: the plane in which the rows differ most.

    Args:
        matrix: (N, D) finite numbers with at least three different rows.

    Raises:
        InvalidSetting: see `checked`.
    """
    rows = checked(matrix)
    coordinates, explained = _principal(rows)
    names = tuple(f"component {i + 1}: {share:.0%} of the variance" for i, share in enumerate(explained))
    return _projection(rows, coordinates, "PCA", axis_names=names, explained=explained)


def tsne(
    matrix: np.ndarray,
    *,
    perplexity: float = 30,
    seed: int = 0,
    iterations: int = 750,
    every: int = 15,
    start: Literal["pca", "random"] = "pca",
) -> Iterator[Projection]:
    """t-SNE: near rows stay near; distances between groups and the sizes of groups mean little (Wattenberg 2016).

    Args:
        matrix: (N, D) finite numbers with at least three different rows, at most 4,000.
        perplexity: about how many neighbors a row attends to, at least 1; lowered to (N - 1) / 3 for few rows.
        seed: same seed, same map.
        iterations: 1 to 5,000; the first third, at most 250, pulls groups together.
        every: iterations between two frames.
        start: the PCA map, or random places.

    Returns:
        Frames, the first at iteration 0, the last is the result. Nothing is computed before the first one is asked for,
        but settings are checked at once.

    Raises:
        InvalidSetting: see `checked`; or a setting outside its range.
    """
    rows = checked(matrix, most=MAX_TSNE_ROWS)
    if not np.isfinite(perplexity) or perplexity < 1:
        raise InvalidSetting(f"A perplexity of {perplexity} is not allowed: give 1 or more, usually 5 to 50.")
    if not 1 <= iterations <= MAX_ITERATIONS:
        raise InvalidSetting(f"{iterations:,} iterations are not allowed: give 1 to {MAX_ITERATIONS:,}.")
    if every < 1 or seed < 0:
        raise InvalidSetting(f"A frame every {every} iterations with seed {seed}: give 1 or more, and a seed from 0.")
    if start not in ("pca", "random"):
        raise InvalidSetting(f"A start from {start!r} is not known: give pca or random.")
    return _tsne_frames(rows, perplexity, seed, iterations, every, start)


def _tsne_frames(
    rows: np.ndarray, asked: float, seed: int, iterations: int, every: int, start: str
) -> Iterator[Projection]:
    count = len(rows)
    used = min(float(asked), max((count - 1) / 3, 1.5))
    note = "" if used == asked else f"Perplexity {asked:g} needs more than {3 * asked:,.0f} words; {used:.3g} was used."
    first = _principal(rows)[0] if start == "pca" else np.random.default_rng(seed + 1).normal(size=(count, 2))
    measure = partial(trustworthiness, rows)
    for frame in engine.descend(rows, first, perplexity=used, seed=seed, iterations=iterations, every=every):
        yield Projection(
            _handed_out(frame.coordinates),
            "t-SNE",
            measure,
            iteration=frame.iteration,
            divergence=frame.divergence,
            tsne_perplexity=used,
            note=note,
        )


def axes(vectors: WordVectors, pairs: Sequence[tuple[str, str]], words: Sequence[str]) -> Projection:
    """Axes of one's own: how far each word lies from one word towards another (Grand et al. 2022).

    Args:
        pairs: one or two, as ("cheap", "expensive"); the axis points to the second. With one pair, the other axis is
            the direction in which the words differ most once the first is taken out.
        words: the N words to place.

    Returns:
        Coordinates are cosines with the directions, in [-1, 1].

    Raises:
        UnknownWord: every missing word is listed.
        InvalidSetting: no pair, more than two, a pair of words with the same vector, or fewer than three words.
    """
    if not 1 <= len(pairs) <= 2:
        raise InvalidSetting(f"A map has one or two axes of its own, not {len(pairs)}.")
    vectors.rows([*[word for pair in pairs for word in pair], *words])  # one error for all that is missing
    rows = checked(vectors.unit_rows(vectors.rows(words)), center=False)  # (N, D)
    directions = [_direction(vectors, low, high) for low, high in pairs]
    names = [f"{low} → {high}" for low, high in pairs]
    placed = [rows @ direction for direction in directions]
    if len(pairs) == 1:
        rest = rows - placed[0][:, None] * directions[0]
        placed.append(_principal(rest - rest.mean(axis=0))[0][:, 0])
        names.append("where the words differ most besides")
    return _projection(rows, np.stack(placed, axis=1), "axes", axis_names=(names[0], names[1]))


def trustworthiness(rows: np.ndarray, coordinates: np.ndarray, k: int = 10) -> float:
    """How far a map's neighborhoods can be trusted, in [0, 1] (Venna and Kaski 2001).

    Every point's k nearest on the map are looked up in the original space: those that are among the k nearest there
    too cost nothing, the others cost the more the farther down the original order they stand. 1 is a perfect map,
    about 0.5 a random one. Equal to scikit-learn's.

    Args:
        rows: (N, D) the original, N at least 3.
        coordinates: (N, 2) the map.
        k: at least 1; lowered below N / 2 for few rows.
    """
    count = len(rows)
    k = max(1, min(k, (count - 1) // 2))
    rows, coordinates = (np.asarray(array, dtype=np.float64) for array in (rows, coordinates))
    penalty = 0
    block = max(1, _BLOCK // (count * k))
    for first in range(0, count, block):
        own = np.arange(first, min(first + block, count))
        near = np.argpartition(_squared_distances(coordinates, own), k - 1, axis=1)[:, :k]  # (b, k)
        distances = _squared_distances(rows, own)  # (b, N)
        reached = np.take_along_axis(distances, near, axis=1)
        nearer = (distances[:, None, :] < reached[:, :, None]).sum(axis=2)  # (b, k) rows that stand before it
        penalty += int(np.maximum(nearer + 1 - k, 0).sum())
    return 1 - penalty * 2 / (count * k * (2 * count - 3 * k - 1))


def checked(matrix: np.ndarray, *, most: int = MAX_ROWS, center: bool = True) -> np.ndarray:
    """(N, D) float64 rows that can be drawn, as exact as float32, their mean taken out where `center`.

    Raises:
        InvalidSetting: not a matrix, NaN, numbers beyond float32, fewer than three different rows, or more than `most`.
    """
    rows = np.asarray(matrix)
    if rows.ndim != 2 or rows.shape[1] == 0:
        raise InvalidSetting(f"A map needs a matrix (words, dimensions), not an array of shape {rows.shape}.")
    if len(rows) > most:
        raise InvalidSetting(f"{len(rows):,} words are too many for this map: choose at most {most:,}.")
    with np.errstate(over="ignore"):
        rows = rows.astype(np.float32).astype(np.float64)
    if not np.isfinite(rows).all():
        row = int(np.flatnonzero(~np.isfinite(rows).all(axis=1))[0])
        raise InvalidSetting(f"Vector {row + 1} holds NaN, infinity or a number above 1e38: leave that word out.")
    different = len(np.unique(rows, axis=0))
    if different < 3:
        raise InvalidSetting(f"A map needs at least three different vectors; here are {different}: add words.")
    return rows - rows.mean(axis=0) if center else rows


def _principal(rows: np.ndarray) -> tuple[np.ndarray, tuple[float, float]]:
    """(N, 2) coordinates of centered rows in their plane of largest variance, and both shares of the variance."""
    few = len(rows) < rows.shape[1]
    values, sides = np.linalg.eigh(rows @ rows.T if few else rows.T @ rows)  # ascending
    values = np.maximum(values[::-1], 0)
    plane = sides[:, ::-1][:, :2]
    coordinates = plane * np.sqrt(values[:2]) if few else rows @ plane
    if coordinates.shape[1] < 2:  # one dimension
        coordinates = np.column_stack([coordinates, np.zeros(len(rows))])
    # An axis may point either way: the farthest point is on its right, so that the same data give the same picture.
    farthest = coordinates[np.abs(coordinates).argmax(axis=0), [0, 1]]
    shares = np.append(values, 0)[:2] / (values.sum() or 1)
    return coordinates * np.where(farthest < 0, -1, 1), (float(shares[0]), float(shares[1]))


def _direction(vectors: WordVectors, low: str, high: str) -> np.ndarray:
    """(D,) of length 1, from one word to another."""
    a, b = vectors.unit_rows(vectors.rows([low, high])).astype(np.float64)
    length = np.linalg.norm(b - a)
    if length < 1e-6:
        raise InvalidSetting(f"“{low}” and “{high}” have the same vector, so no axis leads from one to the other.")
    return (b - a) / length


def _squared_distances(rows: np.ndarray, own: np.ndarray) -> np.ndarray:
    """(b, N) from the rows numbered `own` to all; infinity to themselves."""
    squares = (rows**2).sum(axis=1)
    distances = squares[own, None] + squares - 2 * rows[own] @ rows.T
    distances[np.arange(len(own)), own] = np.inf
    return distances


def _projection(rows: np.ndarray, coordinates: np.ndarray, method: str, **details: object) -> Projection:
    return Projection(_handed_out(coordinates), method, partial(trustworthiness, rows), **details)  # type: ignore[arg-type]


def _handed_out(coordinates: np.ndarray) -> np.ndarray:
    """(N, 2) float32, read-only, finite."""
    with np.errstate(over="ignore"):
        coordinates = coordinates.astype(np.float32)
    if not np.isfinite(coordinates).all():
        raise EmbedlabError("This map cannot be computed from these vectors: leave out the most extreme ones.")
    coordinates.flags.writeable = False
    return coordinates
