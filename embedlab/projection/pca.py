"""Principal component analysis: the plane in which the rows differ most."""

import numpy as np

from embedlab.projection.projection import Projection, checked, projected


def pca(matrix: np.ndarray) -> Projection:
    """Principal component analysis: the plane in which the rows differ most.

    Args:
        matrix: (N, D) finite numbers with at least three different rows.

    Raises:
        InvalidSetting: see `checked`.
    """
    rows = checked(matrix)
    coordinates, explained = principal_plane(rows)
    names = tuple(f"component {i + 1}: {share:.0%} of the variance" for i, share in enumerate(explained))
    return projected(rows, coordinates, "PCA", axis_names=names, explained=explained)


def principal_plane(rows: np.ndarray) -> tuple[np.ndarray, tuple[float, float]]:
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
