"""Exact nearest rows; for large matrices at a quarter of the memory traffic.

Every search has two steps. A cheap pass gives each row an interval that is sure to hold its cosine; rows whose upper
end reaches the k-th largest lower end are scored again in float64, and nothing else can be in the answer. For small
matrices the cheap pass is one product in float32, with its rounding error as the interval. For large ones it runs
over 8-bit codes: a unit row u = û + r and the query q = q̂ + s give |u·q - û·q̂| = |r·q + û·s|, which by
Cauchy and Schwarz is at most ‖r‖‖q‖ + (1 + ‖r‖)‖s‖. So both ways end in the same rows and the same numbers.
"""

import mmap
import threading
import weakref
from collections.abc import Callable, Iterator, Sequence
from functools import cache

import numpy as np

from embedlab.vectors import WordVectors

# Numbers in a matrix from which on codes answer sooner than float32 and, after ten questions, have earned their making
# (benchmarks/search.py --threshold).
LARGE = 16_000_000
_BLOCK = 1 << 20  # numbers worked on at a time: 4 MB of float32
_GROUPS = 64  # rows per group when the k-th largest is bounded from below
_ROUNDING = 4e-6  # absolute error of everything that is computed about a code in float32, generously
_NARROW = 240  # dimensions up to which numkong's packed product is the faster one; beyond, it is half as fast
_EXACT_IN_FLOAT32 = 1040  # dimensions up to which a sum of products of two codes stays below 2**24


def nearest(
    vectors: WordVectors, direction: np.ndarray, k: int, left_out: Sequence[int] = ()
) -> tuple[np.ndarray, np.ndarray]:
    """Rows with the largest cosine to a direction, best first, equal ones in their order, and the cosines.

    Args:
        direction: (D,) float32 of length 1.
        k: at least 1 and at most V less the rows left out.
        left_out: distinct row numbers.

    Returns:
        (k,) rows and (k,) float32 cosines, the same whether or not codes were used.
    """
    interval = codes(vectors).cosines if uses_codes(vectors) else float32_cosines
    lower, upper = interval(vectors, direction)  # (V,) each
    if len(left_out):
        lower[left_out] = upper[left_out] = -np.inf
    rows = screen(lower, upper, k)
    scores = np.concatenate(
        [(vectors.unit_rows(part) * direction.astype(np.float64)).sum(axis=1) for part in parts(rows, vectors.dimensions)]
    ).astype(np.float32)
    release(vectors.matrix)
    return best(rows, scores, k)


def screen(lower: np.ndarray, upper: np.ndarray, k: int) -> np.ndarray:
    """Rows that can be among the k best when row i's score lies in [lower[i], upper[i]], ascending."""
    groups = len(lower) // _GROUPS
    if groups > 4 * k:
        # k different groups have a maximum this large, so at least k rows do: never above the k-th largest.
        maxima = lower[: groups * _GROUPS].reshape(_GROUPS, groups).max(axis=0)
        rows = np.flatnonzero(upper >= _kth_largest(maxima, k))
    else:
        rows = np.arange(len(lower))
    return rows[upper[rows] >= _kth_largest(lower[rows], k)]


def best(rows: np.ndarray, scores: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """The k best of rows given in ascending order, with their scores; ties stay in that order."""
    order = np.argsort(-scores, kind="stable")[:k]
    return rows[order], scores[order]


def float32_cosines(vectors: WordVectors, direction: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(V,) lower and (V,) upper bounds of every row's cosine: one product in float32, and what it may have rounded."""
    scores = vectors.unit @ direction
    error = np.float32(rounding(vectors.dimensions))
    return scores - error, scores + error


def rounding(dimensions: int) -> float:
    """How far a float32 product of two vectors of length 1 can be off, in whatever order it is summed."""
    return float((dimensions + 4) * np.finfo(np.float32).eps)


def parts(rows: np.ndarray, dimensions: int) -> Iterator[np.ndarray]:
    """`rows` in pieces whose vectors take a few megabytes; one empty piece when there are none."""
    step = max(1, _BLOCK // dimensions)
    return (rows[start : start + step] for start in range(0, max(len(rows), 1), step))


def blocks(vectors: WordVectors) -> Iterator[slice]:
    """All rows in slices whose vectors take a few megabytes; a file's pages are handed back after each."""
    step = max(1, _BLOCK // vectors.dimensions)
    for start in range(0, len(vectors), step):
        yield slice(start, min(start + step, len(vectors)))
        release(vectors.matrix)


def release(matrix: np.ndarray) -> None:
    """Lets go of the pages that reading a memory-mapped matrix has pulled in; they come back when read again."""
    if isinstance(matrix, np.memmap) and matrix.mode == "r" and hasattr(mmap, "MADV_DONTNEED"):
        matrix._mmap.madvise(mmap.MADV_DONTNEED)  # type: ignore[attr-defined]


def uses_codes(vectors: WordVectors) -> bool:
    """Whether 8-bit codes pay: the matrix is large, and there is a fast way to multiply them or no room for another."""
    return vectors.matrix.size >= LARGE and (isinstance(vectors.matrix, np.memmap) or fast_product() is not None)


def code_bytes(rows: int, dimensions: int) -> int:
    """Memory that the codes of a matrix take."""
    return rows * (dimensions + 8)


class Codes:
    """One signed byte for each number of each unit row, one scale and one error bound for each row.

    Attributes:
        codes: (V, D) int8.
        scales: (V,) float32; ``codes * scales[:, None]`` is nearly ``unit``.
        residuals: (V,) float32, at least the length of what is missing.
    """

    def __init__(self, vectors: WordVectors) -> None:
        self.codes = np.empty(vectors.matrix.shape, dtype=np.int8)  # (V, D)
        self.scales = np.empty(len(vectors), dtype=np.float32)  # (V,)
        self.residuals = np.empty(len(vectors), dtype=np.float32)  # (V,)
        for block in blocks(vectors):
            self.codes[block], self.scales[block], self.residuals[block] = encode(vectors.unit_rows(block))

    def cosines(self, vectors: WordVectors, direction: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(V,) lower and (V,) upper bounds of every row's cosine to a (D,) direction of length 1."""
        query, (scale,), (missing,) = encode(direction[None])
        product = (fast_product() or _product)(self.codes, query)  # (V,)
        product *= self.scales
        product *= scale
        error = self.residuals * (1 + missing) + (missing + np.float32(_ROUNDING))  # (V,)
        return product - error, np.add(product, error, out=product)


def encode(unit: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(n, D) int8 codes, (n,) scales and (n,) lengths of the remainder of (n, D) float32 rows of length 1 or 0."""
    largest = np.maximum(unit.max(axis=1), -unit.min(axis=1))  # (n,)
    scales = np.where(largest > 0, largest / np.float32(127), np.float32(1))
    exact = unit * (1 / scales)[:, None]  # (n, D)
    rounded = np.rint(exact)
    rounded.clip(-127, 127, out=rounded)
    remainder = unit - rounded * scales[:, None]
    missing = np.sqrt(np.einsum("ij,ij->i", remainder, remainder)) * np.float32(1 + rounding(unit.shape[1]))  # (n,)
    return rounded.astype(np.int8), scales, missing


class _Once:
    """A place for codes, with the lock of whoever makes them."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.codes: Codes | None = None


_made: "weakref.WeakKeyDictionary[WordVectors, _Once]" = weakref.WeakKeyDictionary()
_adding = threading.Lock()


def codes(vectors: WordVectors) -> Codes:
    """The codes of these vectors, made by whoever asks first and kept as long as the vectors are."""
    with _adding:
        place = _made.setdefault(vectors, _Once())
    with place.lock:  # two visitors asking at once must not make, and pay for, two
        if place.codes is None:
            place.codes = Codes(vectors)
        return place.codes


@cache
def fast_product() -> Callable[[np.ndarray, np.ndarray], np.ndarray] | None:
    """Multiplies codes with instructions for 8-bit numbers; None where the library or the processor lacks them."""
    try:
        import numkong

        able = numkong.get_capabilities()
    except (ImportError, AttributeError, OSError):
        return None
    if not any(on for name, on in able.items() if name != "serial"):
        return None

    def product(codes: np.ndarray, query: np.ndarray) -> np.ndarray:
        if codes.shape[1] <= _NARROW:
            packed = numkong.dots_packed(codes, numkong.dots_pack(query, "int8"))  # (V, 1) int32
            return np.asarray(packed)[:, 0].astype(np.float32)
        out = np.empty((1, len(codes)), dtype=np.float32 if codes.shape[1] <= _EXACT_IN_FLOAT32 else np.float64)
        numkong.cdist(query, codes, "dot", out=out)
        return out[0].astype(np.float32, copy=False)

    trial = np.resize(np.arange(-127, 128, dtype=np.int8), (3, _NARROW + 1))
    try:
        same = all(
            np.array_equal(product(codes, codes[:1]), _product(codes, codes[:1]))
            for codes in (trial, np.ascontiguousarray(trial[:, :85]))
        )
    except (TypeError, ValueError, RuntimeError):
        return None
    return product if same else None


def _product(codes: np.ndarray, query: np.ndarray) -> np.ndarray:
    """(V,) float32 products of (V, D) codes and a (1, D) query code, exact up to the last rounding."""
    wide = np.float32 if codes.shape[1] <= _EXACT_IN_FLOAT32 else np.float64
    step = max(1, _BLOCK // codes.shape[1])
    column = query[0].astype(wide)
    pieces = [codes[start : start + step].astype(wide) @ column for start in range(0, len(codes), step)]
    return np.concatenate(pieces).astype(np.float32)


def _kth_largest(values: np.ndarray, k: int) -> np.floating:
    return np.partition(values, len(values) - k)[len(values) - k]
