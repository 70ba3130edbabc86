"""t-SNE, checked and frame by frame."""

from collections.abc import Iterator
from functools import partial
from typing import Literal

import numpy as np

from embedlab.errors import InvalidSetting
from embedlab.projection import gradient_descent as engine
from embedlab.projection.pca import principal_plane
from embedlab.projection.projection import Projection, checked, handed_out
from embedlab.projection.trustworthiness import trustworthiness

MAX_TSNE_ROWS = 4_000  # its tables of pairs take 130 MB then
MAX_ITERATIONS = 5_000


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
    first = principal_plane(rows)[0] if start == "pca" else np.random.default_rng(seed + 1).normal(size=(count, 2))
    measure = partial(trustworthiness, rows)
    for frame in engine.descend(rows, first, perplexity=used, seed=seed, iterations=iterations, every=every):
        yield Projection(
            handed_out(frame.coordinates),
            "t-SNE",
            measure,
            iteration=frame.iteration,
            divergence=frame.divergence,
            tsne_perplexity=used,
            note=note,
        )
