"""Linear CKA, centered kernel alignment: how alike the similarities are that two spaces give their words."""

import numpy as np

from embedlab.arrays import Doubles, Floats
from embedlab.comparison.overlap import Shared

_AT_ONCE = 8_192  # words whose vectors are copied


def linear_cka(shared: Shared) -> float:
    """Linear CKA (Kornblith et al. 2019) of the unit vectors of S shared words, in [0, 1].

    1 where the spaces differ by a rotation or reflection alone; their dimensions may differ. By chance it is not 0 but
    about D over S. nan where all words of a space have one vector.
    """
    first, second = shared.tables
    across = _products(first, second)  # (D, E)
    within = [float(np.linalg.norm(_products(table, table))) for table in (first, second)]
    size = within[0] * within[1]
    return float(np.clip((across**2).sum() / size, 0, 1)) if size > 1e-9 else float("nan")


def _products(first: Floats, second: Floats) -> Doubles:
    """(D, E) products of the columns of (S, D) and (S, E), each column less its mean."""
    means = [table.mean(axis=0, dtype=np.float64) for table in (first, second)]
    total: Doubles = np.zeros((first.shape[1], second.shape[1]))
    for start in range(0, len(first), _AT_ONCE):
        a, b = (table[start : start + _AT_ONCE] - mean for table, mean in zip((first, second), means, strict=True))
        total += a.T @ b
    return total
