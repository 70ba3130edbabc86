"""Maps: many dimensions drawn in two, each with a figure for how far it can be trusted."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from embedlab.arrays import Array, Doubles, Floats, Reals, frozen
from embedlab.errors import EmbedlabError, InvalidSetting
from embedlab.projection.trustworthiness import trustworthiness

FLAT = "as they are"  # the method of a map that loses nothing; see `flat`
MAX_ROWS = 20_000  # more points than a browser draws


@dataclass(frozen=True, eq=False)
class Projection:
    """A map of N rows."""

    coordinates: Floats  # (N, 2), read-only, finite
    method: str  # "PCA", "t-SNE", "axes" or `FLAT`
    rows: Doubles  # (N, D) what is drawn, read-only; the snapshots of one t-SNE share them
    axis_names: tuple[str, str] = ("", "")  # for the screen; empty where an axis means nothing by itself
    explained: tuple[float, float] | None = None  # PCA: each axis's share of the variance, in [0, 1]
    iteration: int | None = None  # t-SNE: how far it is
    divergence: float | None = None  # t-SNE: Kullback-Leibler, nats; what it makes small
    tsne_perplexity: float | None = None  # t-SNE: the one used, which few rows make smaller than the one asked for
    note: str = ""  # a sentence on what was done differently from what was asked

    @cached_property
    def trustworthiness(self) -> float:
        """Share of the map's nearest neighbors that are near in the original space too, in [0, 1]."""
        if self.method == FLAT:  # of how many rows ever
            return 1.0
        return trustworthiness(self.rows, self.coordinates)

    @property
    def nbytes(self) -> int:
        """Bytes of its own: the snapshots of one t-SNE share `rows`."""
        return self.coordinates.nbytes

    def nearest(self, row: int, k: int = 10) -> list[int]:
        """The k rows nearest to a row on the map, nearest first."""
        squared = ((self.coordinates - self.coordinates[row]) ** 2).sum(axis=1)
        order = np.argsort(squared, kind="stable")
        return [int(other) for other in order if other != row][:k]


def checked(matrix: Array, *, most: int = MAX_ROWS, center: bool = True) -> Doubles:
    """(N, D) read-only rows that can be drawn, as exact as float32, their mean taken out where `center`.

    Raises:
        InvalidSetting: not a matrix, NaN, numbers beyond float32, fewer than three different rows, or more than `most`.
    """
    rows = finite(matrix, most=most)
    different = len(np.unique(rows, axis=0))
    if different < 3:
        raise InvalidSetting(f"A map needs at least three different vectors; here are {different}: add words.")
    return frozen(rows - rows.mean(axis=0) if center else rows)


def finite(matrix: Array, *, most: int = MAX_ROWS) -> Doubles:
    """(N, D) a copy of the rows, as exact as float32.

    Raises InvalidSetting: not a matrix, NaN, numbers beyond float32, or more than `most` rows.
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
    return rows


def handed_out(coordinates: Reals) -> Floats:
    """(N, 2), a read-only copy. Raises EmbedlabError: numbers beyond float32."""
    with np.errstate(over="ignore"):
        copy = coordinates.astype(np.float32)
    if not np.isfinite(copy).all():
        raise EmbedlabError("This map cannot be computed from these vectors: leave out the most extreme ones.")
    return frozen(copy)
