"""Truncated singular value decomposition (SVD): the plane through the origin that all vectors lie closest to.

Unlike PCA it takes no mean out, and unlike a map of some words its plane belongs to all words of a space, so that any
list of them can be put on it.
"""

from collections.abc import Sequence

import numpy as np

from embedlab.arrays import Doubles, Floats, frozen
from embedlab.projection.pca import signs_of_largest
from embedlab.vectors.word_vectors import WordVectors

_BLOCK = 20_000  # rows whose products are added up at a time, in float64 between blocks


def svd_plane(vectors: WordVectors) -> Doubles:
    """(D, 2) the first two right singular vectors of all V rows; with one dimension, zeros for the second.

    Signs are fixed so that the largest weight of each is positive: the same vectors give the same plane.
    """
    matrix = vectors.matrix
    products = np.zeros((matrix.shape[1], matrix.shape[1]))  # (D, D)
    for start in range(0, len(matrix), _BLOCK):
        rows = matrix[start : start + _BLOCK]
        products += rows.T @ rows
    _, sides = np.linalg.eigh(products)  # ascending
    plane = sides[:, ::-1][:, :2]
    plane = plane * signs_of_largest(plane)
    return frozen(np.pad(plane, ((0, 0), (0, 2 - plane.shape[1]))))


def on_plane(vectors: WordVectors, words: Sequence[str], plane: Doubles, *, scaled: bool = False) -> Floats:
    """(N, 2) places of words.

    Args:
        plane: (D, 2) of `svd_plane`.
        scaled: whether each place is moved to a distance of 1 from the origin, so that only directions are left;
            what lies at the origin stays there.

    Raises UnknownWord: every missing word is listed.
    """
    places = vectors.vectors_of(words).astype(np.float64) @ plane
    if scaled:
        places /= np.maximum(np.linalg.norm(places, axis=1, keepdims=True), np.finfo(np.float64).tiny)
    return frozen(places.astype(np.float32))
