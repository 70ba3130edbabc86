"""The plane in which an analogy's arithmetic takes place, and how far other words are off it."""

from dataclasses import dataclass

import numpy as np

_FLAT = 1e-6  # directions closer to parallel than this span no plane


@dataclass(frozen=True, eq=False)
class PlaneThrough:
    """The plane through three points, with c to the right of a and b above the line through both.

    Args:
        origin: (D,) the point a.
        basis: (2, D) orthonormal rows; the second is zero when D is 1.
    """

    origin: np.ndarray
    basis: np.ndarray

    def project(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(N, 2) coordinates of (N, D) points dropped onto the plane, and their (N,) distances from it."""
        moved = points - self.origin  # (N, D)
        coordinates = moved @ self.basis.T  # (N, 2)
        return coordinates, np.linalg.norm(moved - coordinates @ self.basis, axis=1)


def plane_through(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> PlaneThrough:
    """The plane that holds a, b, c and so b - a + c, the fourth corner of their parallelogram.

    Args:
        a, b, c: (D,) finite. Where they lie on one line, a plane through that line.
    """
    a, b, c = (np.asarray(point, dtype=np.float64) for point in (a, b, c))
    right = _direction(c - a, [])
    up = _direction(b - a, [right])
    return PlaneThrough(a, np.stack([right, up]))


def _direction(vector: np.ndarray, others: list[np.ndarray]) -> np.ndarray:
    """(D,) the part of `vector` that is perpendicular to `others`, of length 1; any such direction if there is none."""
    rest = _perpendicular(vector, others)
    if np.linalg.norm(rest) <= _FLAT * max(float(np.linalg.norm(vector)), _FLAT):
        choices = [_perpendicular(axis, others) for axis in np.eye(len(vector))]
        rest = max(choices, key=lambda choice: float(np.linalg.norm(choice)))
    length = float(np.linalg.norm(rest))
    return rest / length if length > _FLAT else np.zeros_like(rest)


def _perpendicular(vector: np.ndarray, others: list[np.ndarray]) -> np.ndarray:
    for other in others:
        vector = vector - (vector @ other) * other
    return vector
