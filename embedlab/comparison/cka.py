"""Linear CKA, centered kernel alignment: how alike the similarities are that two spaces give their words."""

import numpy as np

from embedlab.arrays import Doubles
from embedlab.comparison.overlap import Shared

_AT_ONCE = 8_192  # words whose vectors are copied


def linear_cka(shared: Shared) -> float:
    """Linear CKA (Kornblith et al. 2019) of the unit vectors of S shared words, in [0, 1].

    1 where the spaces differ by a rotation or reflection alone; their dimensions may differ. By chance it is not 0 but
    about D over S. nan where all words of a space have one vector.
    """
    means = [table.mean(axis=0, dtype=np.float64) for table in shared.tables]
    sizes = [table.shape[1] for table in shared.tables]
    across = np.zeros(sizes)
    within: list[Doubles] = [np.zeros((size, size)) for size in sizes]
    for start in range(0, len(shared.words), _AT_ONCE):
        rows = slice(start, start + _AT_ONCE)
        first, second = (table[rows] - mean for table, mean in zip(shared.tables, means, strict=True))
        across += first.T @ second
        within[0] += first.T @ first  # of one array: half of the work
        within[1] += second.T @ second
    size = float(np.linalg.norm(within[0]) * np.linalg.norm(within[1]))
    return float(np.clip((across**2).sum() / size, 0, 1)) if size > 1e-9 else float("nan")
