"""t-SNE of tens of thousands of rows by openTSNE.

It approximates the repulsion, by a tree of cells (Barnes-Hut) or, for many rows, on a grid by fast Fourier transform
(Linderman and others 2019): an iteration takes time in proportion to the rows, where `embedlab.projection.tsne` goes
through all pairs. A grid of half the fineness takes a third of the time, so only the last iterations use openTSNE's
own. It loads scikit-learn.

One thread works: threads of openTSNE wait for one another at full speed, and where others use the machine, two took
three times the processor of one, and longer.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from embedlab.arrays import Doubles, Floats, Ids

PERPLEXITY = 15
_TREE = 4_000  # rows up to which the tree is the faster way
_JITTER = 1e-2  # of the start's spread, so that equal rows do not stay on one spot
_SMALL = 1e-4  # spread of a start


class _Part(NamedTuple):
    iterations: int
    exaggeration: int  # attraction is multiplied by it, which lets groups form
    momentum: float
    cell: int  # width of the grid's cells


_EXAGGERATED = _Part(250, 12, 0.5, 2)
_USUAL = (_Part(650, 1, 0.8, 2), _Part(100, 1, 0.8, 1))


def descend(
    near: Ids,
    distances: Floats,
    start: Doubles,
    *,
    seed: int,
    frames: int,
    exaggerated: bool = True,
) -> Iterator[tuple[int, int, Doubles]]:
    """Draws rows to their nearest, and all apart.

    Args:
        near: (N, k) the nearest rows of each, 45 or all others where they are fewer, with their (N, k) distances.
        start: (N, 2) coordinates to begin with, of any scale.
        seed: of what keeps equal rows apart.
        frames: snapshots, at most.
        exaggerated: whether it begins with strong attraction, so that groups form anew.

    Yields:
        Iteration, how many there will be, and (N, 2) coordinates, which are no longer the same at the next snapshot.
    """
    from openTSNE import TSNEEmbedding
    from openTSNE.affinity import PerplexityBasedNN
    from openTSNE.nearest_neighbors import PrecomputedNeighbors

    index = PrecomputedNeighbors(near, distances.astype(np.float64))
    perplexity = min(PERPLEXITY, near.shape[1] / 3)
    attraction = PerplexityBasedNN(knn_index=index, perplexity=perplexity)
    spread = float(start.std(axis=0).max()) or 1.0
    noise = np.random.default_rng(seed).normal(scale=_JITTER, size=start.shape)
    begin = (start / spread + noise) * _SMALL
    way = "bh" if len(near) <= _TREE else "fft"
    found = TSNEEmbedding(begin, attraction, negative_gradient_method=way, random_state=seed)
    parts = (_EXAGGERATED, *_USUAL) if exaggerated else _USUAL
    total, done = sum(part.iterations for part in parts), 0
    every = -(-total // frames)
    for part in parts:
        end = done + part.iterations
        while done < end:
            steps = min(every, end - done)
            found.optimize(
                steps,
                inplace=True,
                exaggeration=part.exaggeration,
                momentum=part.momentum,
                ints_in_interval=part.cell,
            )
            done += steps
            yield done, total, np.asarray(found)
