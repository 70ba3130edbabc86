"""Stratified sampling: fewer rows of a table, with every label in its proportion."""

import numpy as np

from embedlab.arrays import Ids


def stratified_sample(strata: Ids, size: int, seed: int, *, least: int = 1) -> Ids:
    """(size,) rows of a sample, in their order.

    Args:
        strata: (N,) a number for each row, such as its label's. Each has its proportion, rounded by largest remainder.
        size: at most N.
        least: rows of each stratum that has them, however rare it is.
    """
    _, of_row, counts = np.unique(strata, return_inverse=True, return_counts=True)
    wanted = counts * (size / len(strata))
    takes = np.minimum(np.maximum(np.floor(wanted).astype(np.int64), least), counts)
    # The largest remainders get one more; where rare strata got more than their due, the largest strata give it.
    by_remainder = np.argsort(takes - wanted, kind="stable")
    while (missing := size - int(takes.sum())) > 0:
        takes[[i for i in by_remainder if takes[i] < counts[i]][:missing]] += 1
    while takes.sum() > size:
        takes[takes.argmax()] -= 1
    rng = np.random.default_rng(seed)
    drawn = [rng.permutation(np.flatnonzero(of_row == i))[:take] for i, take in enumerate(takes.tolist())]
    return np.sort(np.concatenate(drawn))
