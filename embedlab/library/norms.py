"""Vector norms: how long vectors are, which cosine similarity ignores."""

from dataclasses import dataclass

import numpy as np

from embedlab.arrays import Doubles
from embedlab.formats.report import LoadReport
from embedlab.vectors.word_vectors import WordVectors

_BINS = 20
_ENDS = 1000  # words at the beginning and at the end of a file that are compared
_FEW = 100  # words below which ends are not compared
_ALIKE = 1e-3  # relative difference up to which lengths count as one: float16 rounds by half of it


@dataclass(frozen=True)
class Lengths:
    """Lengths of V vectors."""

    counts: tuple[int, ...]  # histogram, B bins
    edges: tuple[float, ...]  # (B + 1) from the shortest length to the longest; all equal where the lengths are
    first: float  # mean length of the first and last words, `ends` of each
    last: float
    ends: int  # how many; 0 where there are too few words to compare

    @property
    def alike(self) -> bool:
        """Whether all have the same length."""
        return self.edges[-1] - self.edges[0] <= _ALIKE * self.edges[-1]


def lengths(vectors: WordVectors, report: LoadReport | None = None) -> Lengths:
    """Lengths of all vectors; the histogram is the report's where there is one."""
    ends = min(_ENDS, len(vectors) // 3) if len(vectors) >= _FEW else 0
    first = float(_norms(vectors, slice(0, ends)).mean()) if ends else 0.0
    last = float(_norms(vectors, slice(len(vectors) - ends, None)).mean()) if ends else 0.0
    if report is not None:
        counts, edges = report.norm_counts, report.norm_edges
    else:
        norms = np.concatenate([_norms(vectors, block) for block in vectors.blocks()])  # (V,)
        if norms.max() - norms.min() <= _ALIKE * norms.max():
            counts, edges = (len(norms), *[0] * (_BINS - 1)), (float(norms.mean()),) * (_BINS + 1)
        else:
            found, limits = np.histogram(norms, _BINS)
            counts, edges = tuple(int(n) for n in found), tuple(float(edge) for edge in limits)
    vectors.release()
    return Lengths(counts, edges, first, last, ends)


def _norms(vectors: WordVectors, rows: slice) -> Doubles:
    """(n,) float64 lengths."""
    return np.asarray(np.linalg.norm(np.asarray(vectors.matrix[rows], dtype=np.float64), axis=1))
