"""Principal component analysis: the plane in which the rows differ most."""

import numpy as np

from embedlab.arrays import Array, Doubles, Ids, Reals
from embedlab.projection.projection import Projection, checked, handed_out


def pca(matrix: Array) -> Projection:
    """Principal component analysis: the plane in which the rows differ most.

    Args:
        matrix: (N, D) finite numbers with at least three different rows.

    Raises InvalidSetting: see `checked`.
    """
    rows = checked(matrix)
    coordinates, explained = principal_plane(rows)
    across, up = (f"component {i}: {share:.0%} of the variance" for i, share in enumerate(explained, 1))
    return Projection(handed_out(coordinates), "PCA", rows, axis_names=(across, up), explained=explained)


def signs_of_largest(columns: Doubles) -> Ids:
    """(K,) the sign of the largest entry in each of (N, K) columns: times it, an axis no longer points either way."""
    largest = np.take_along_axis(columns, np.abs(columns).argmax(axis=0)[None], axis=0)[0]
    return np.where(largest < 0, -1, 1)


def principal_plane(rows: Reals, reference: Reals | None = None) -> tuple[Doubles, tuple[float, float]]:
    """Coordinates on a plane of largest variance, with zeros for the second where there is one dimension.

    An axis may point either way. Without a reference, the farthest point is on its right, so that the same data give
    the same picture. With one, the axis's largest weight is positive: the reference alone decides.

    Args:
        rows: (N, D) with a mean of zero; with a reference any (..., D).
        reference: (M, D) rows whose plane it is, such as the last snapshot's in a movie; None for `rows` themselves.

    Returns:
        (..., 2) coordinates, and each axis's share of the variance (of the reference's), in [0, 1]; 0 without any.
    """
    if reference is None:
        few = len(rows) < rows.shape[1]
        values, sides = np.linalg.eigh(rows @ rows.T if few else rows.T @ rows)  # ascending
        values = np.maximum(values[::-1], 0)
        plane = sides[:, ::-1][:, :2]
        coordinates = plane * np.sqrt(values[:2]) if few else rows @ plane  # (N, 1 or 2)
        signs = signs_of_largest(coordinates)
    else:
        last = reference.astype(np.float64)
        _, lengths, axes = np.linalg.svd(last - last.mean(axis=0), full_matrices=False)
        values, plane = lengths**2, axes[:2].T  # (D, 1 or 2)
        coordinates = (rows.astype(np.float64) - last.mean(axis=0)) @ plane
        signs = signs_of_largest(plane)
    coordinates = coordinates * signs
    missing = [(0, 0)] * (coordinates.ndim - 1) + [(0, 2 - coordinates.shape[-1])]
    shares = np.append(values, 0)[:2] / (values.sum() or 1)
    return np.pad(coordinates, missing), (float(shares[0]), float(shares[1]))
