"""Quantization: unit rows as 8-bit codes, a quarter of the bytes, with a bound on every cosine computed from them.

The rows are turned onto the principal axes of a sample first, so that a part of their numbers, the head, holds most
of their length. Three facts make bounds, where u is a row, q the query, û and q̂ what their codes stand for:

- turning changes no product;
- head: u·q - û·q̂ = r·q + û·s with u = û + r and q = q̂ + s, at most ‖r‖‖q‖ + (‖u‖ + ‖r‖)‖s‖ (Cauchy and Schwarz),
  and ‖r‖ is at most half a step of the code for each number;
- tail: u·q is at most ‖u‖‖q‖, until its codes are looked at too.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from embedlab.arrays import Floats, Ids
from embedlab.vectors.word_vectors import WordVectors

_THREADS = min(4, os.cpu_count() or 1)
_CHUNK = 1 << 15  # rows, at least, that a thread works on at a time; their bounds stay in the processor's cache
_SAMPLE = 10_000  # rows that the axes are found from
_WIDEST_TURN = 512  # dimensions beyond which finding the axes takes longer than they save
_ROUNDING = 1e-5  # absolute error upper bound for everything computed from a code in float32
_EXACT_IN_FLOAT32 = 1040  # dimensions up to which a sum of products of two codes stays below 2**24
# numkong's product of two matrices wants one of them packed. Packing the query is faster up to so many dimensions, and
# not at all with AVX2 alone; packing the rows, which takes time and memory once, is two to five times as fast.
_QUERY_PACKED, _AVX2_ALONE = 240, {"serial", "haswell"}
_ROWS_PACKED = 256

Int8s: TypeAlias = npt.NDArray[np.int8]


class Coded(NamedTuple):
    """n rows as codes: ``codes * scales[:, None]`` is nearly what they stand for."""

    codes: Int8s  # (n, width)
    scales: Floats  # (n,)

    def part(self, rows: slice | Ids) -> "Coded":
        return Coded(self.codes[rows], self.scales[rows])


class Query(NamedTuple):
    """A query's head or tail as a code."""

    code: Int8s  # (1, width)
    scale: np.float32
    length: np.float32  # of what it stands for
    short: np.float32  # length of what the code leaves out

    @classmethod
    def of(cls, part: Floats) -> "Query":
        (code,), (scale,) = encode(part[None])
        return cls(code[None], scale, np.float32(np.linalg.norm(part)), np.float32(np.linalg.norm(part - code * scale)))

    @property
    def missing_per_scale(self) -> np.float32:
        """Times a row's scale, at least the length of what the row's code leaves out: half a step for each number."""
        return np.float32(0.5001 * np.sqrt(self.code.shape[1]))


class Codes:
    """The codes of V unit rows.

    The heads, which every search multiplies, are laid out for it; the tails are looked up for a few rows.

    Attributes:
        axes: (D, D) float32; ``unit @ axes`` are the turned rows.
        width: how many columns of the turned rows are the head, 1 to D.
        scales: (V,) float32 of the heads' codes.
        tail: codes of the other columns; there may be none.
        lengths: (V,) float32 lengths of the tails.
        error: what turning the rows in float32 may add to a product.
    """

    def __init__(self, vectors: WordVectors) -> None:
        rows, dimensions = vectors.matrix.shape
        self.axes, self.width = principal_axes(vectors)
        # D sums of D products each, none of which is off by more than D roundings.
        self.error = _ROUNDING + (0 if self.width == dimensions else dimensions**1.5 * float(np.finfo(np.float32).eps))
        self.tail = Coded(np.empty((rows, dimensions - self.width), np.int8), np.empty(rows, np.float32))
        self.scales, self.lengths = np.empty(rows, np.float32), np.empty(rows, np.float32)
        self._heads: list[tuple[slice, Callable[[Int8s], Floats]]] = []
        begun, heads = 0, []
        for block in vectors.blocks():
            turned = vectors.unit_rows(block) @ self.axes  # (n, D)
            head, self.scales[block] = encode(turned[:, : self.width])
            self.tail.codes[block], self.tail.scales[block] = encode(turned[:, self.width :])
            self.lengths[block] = np.linalg.norm(turned[:, self.width :], axis=1)
            heads.append(head)
            if block.stop - begun >= _CHUNK or block.stop == rows:  # at once, so that nothing is there twice
                self._heads.append((slice(begun, block.stop), laid_out(np.concatenate(heads))))
                begun, heads = block.stop, []

    def bounds(self, direction: Floats) -> tuple[Floats, Floats]:
        """(V,) guesses and (V,) upper bounds, from the heads, of every row's cosine to a (D,) direction of length 1."""
        head, tail = self._split(direction)
        guess, upper = np.empty(len(self.lengths), np.float32), np.empty(len(self.lengths), np.float32)

        def work(given: tuple[slice, Callable[[Int8s], Floats]]) -> None:
            chunk, product = given
            self._fill(guess[chunk], upper[chunk], product(head.code), self.scales[chunk], head)
            upper[chunk] += self.lengths[chunk] * tail.length

        # NumPy and numkong let other threads run meanwhile; the list raises what a thread raised.
        list(_pool().map(work, self._heads))
        return guess, upper

    def narrow(self, rows: Ids, upper: Floats, direction: Floats, bar: float) -> Ids:
        """Those of some rows, with their upper bounds, whose cosine can reach `bar` with their tails considered."""
        _, tail = self._split(direction)
        if not self.tail.codes.shape[1]:
            return rows
        kept = [rows[:0]]
        for start in range(0, len(rows), _CHUNK):
            part = rows[start : start + _CHUNK]
            product, closer = np.empty(len(part), np.float32), np.empty(len(part), np.float32)
            codes, scales = self.tail.part(part)
            self._fill(product, closer, (fast_product() or plain_product)(codes, tail.code), scales, tail)
            closer += upper[start : start + _CHUNK] - self.lengths[part] * tail.length
            kept.append(part[closer >= bar])
        return np.concatenate(kept)

    def _split(self, direction: Floats) -> tuple[Query, Query]:
        turned = (direction @ self.axes.astype(np.float64)).astype(np.float32)
        return Query.of(turned[: self.width]), Query.of(turned[self.width :])

    def _fill(self, guess: Floats, bound: Floats, product: Floats, scales: Floats, query: Query) -> None:
        """From (n,) products of codes, fills in those of rows no longer than 1 with a query, and their upper bounds."""
        np.multiply(product, scales, out=guess)
        guess *= query.scale
        np.multiply(scales, query.missing_per_scale * (query.length + query.short), out=bound)
        bound += guess
        bound += query.short + np.float32(self.error)


def code_bytes(rows: int, dimensions: int) -> int:
    """Memory that the codes of a matrix take; numkong's order adds up to 36 bytes a row."""
    return rows * (dimensions + 12 + 36)


def encode(part: Floats) -> tuple[Int8s, Floats]:
    """(n, width) int8 codes and (n,) float32 scales of (n, width) numbers."""
    if not part.shape[1]:
        return np.empty(part.shape, np.int8), np.zeros(len(part), np.float32)
    largest = np.maximum(part.max(axis=1), -part.min(axis=1))  # (n,)
    scales = np.maximum(largest / np.float32(127), np.float32(1e-12))
    return np.rint(part * (1 / scales)[:, None]).astype(np.int8), scales


def principal_axes(vectors: WordVectors) -> tuple[Floats, int]:
    """(D, D) float32 orthogonal axes, and how many of them, the first ones, make the head."""
    dimensions = vectors.dimensions
    width = -(-dimensions // 128) * 64  # half of the numbers, whole machine words
    if width >= dimensions or dimensions > _WIDEST_TURN:
        return np.eye(dimensions, dtype=np.float32), dimensions
    sample = vectors.unit_rows(slice(None, None, max(1, len(vectors) // _SAMPLE))).astype(np.float64)
    axes = np.linalg.eigh(sample.T @ sample)[1][:, ::-1]  # longest first
    # One scale serves a row well when its numbers are of one size: spread each part's length over its axes evenly.
    rng = np.random.default_rng(0)
    for part in (slice(None, width), slice(width, None)):
        size = axes[:, part].shape[1]
        axes[:, part] = axes[:, part] @ np.linalg.qr(rng.standard_normal((size, size)))[0]
    return axes.astype(np.float32), width


@cache
def _pool() -> ThreadPoolExecutor:
    """One for all searches: making it takes up to a millisecond, and a search of 12 million numbers only a few."""
    return ThreadPoolExecutor(_THREADS, thread_name_prefix="search")


if hasattr(os, "register_at_fork"):  # a forked process has the pool, but not its threads, and would wait for ever
    os.register_at_fork(after_in_child=_pool.cache_clear)


class FastProduct:
    """Multiplies codes with instructions for 8-bit numbers.

    Args:
        query_packed: dimensions up to which that is faster.
    """

    def __init__(self, query_packed: int) -> None:
        self._query_packed = query_packed

    def __call__(self, codes: Int8s, query: Int8s) -> Floats:
        """(n,) products of (n, width) codes and a (1, width) query code."""
        import numkong

        if codes.shape[1] <= self._query_packed:
            packed = numkong.dots_packed(codes, numkong.dots_pack(query, "int8"))  # (n, 1) int32
            return np.array(packed, dtype=np.float32)[:, 0]
        out = np.empty((1, len(codes)), dtype=np.float32 if codes.shape[1] <= _EXACT_IN_FLOAT32 else np.float64)
        numkong.cdist(query, codes, "dot", out=out)
        return np.asarray(out[0], dtype=np.float32)

    def laid_out(self, codes: Int8s) -> Callable[[Int8s], Floats]:
        """The same products with these codes, which are packed now where that pays."""
        import numkong

        if codes.shape[1] > _ROWS_PACKED:
            return partial(self, codes)
        packed = numkong.dots_pack(codes, "int8")
        return lambda query: np.asarray(numkong.dots_packed(query, packed))[0].astype(np.float32)  # of (1, n) int32


@cache
def fast_product() -> FastProduct | None:
    """None where the library or the processor lacks what it takes."""
    try:
        import numkong

        capabilities = numkong.get_capabilities()
    except (ImportError, AttributeError, OSError):
        return None
    able = {name for name, on in capabilities.items() if on}
    if able <= {"serial"}:
        return None
    product = FastProduct(0 if able <= _AVX2_ALONE else _QUERY_PACKED)
    trial = np.resize(np.arange(-127, 128, dtype=np.int8), (3, _ROWS_PACKED + 1))
    try:
        for codes in (trial, np.ascontiguousarray(trial[:, :_ROWS_PACKED]), np.ascontiguousarray(trial[:, :85])):
            expected = plain_product(codes, codes[:1])
            for found in (product(codes, codes[:1]), product.laid_out(codes)(codes[:1])):
                if not np.array_equal(found, expected):
                    return None
    except (TypeError, ValueError, RuntimeError):
        return None
    return product


def laid_out(codes: Int8s) -> Callable[[Int8s], Floats]:
    """The product of these (n, width) codes with a (1, width) query code, made ready for many queries."""
    product = fast_product()
    return partial(plain_product, codes) if product is None else product.laid_out(codes)


def plain_product(codes: Int8s, query: Int8s) -> Floats:
    """(n,) float32 products of (n, width) codes and a (1, width) query code, exact up to the last rounding."""
    wide = np.float32 if codes.shape[1] <= _EXACT_IN_FLOAT32 else np.float64
    step = max(1, _CHUNK * 16 // codes.shape[1])
    column = query[0].astype(wide)
    pieces = [codes[start : start + step].astype(wide) @ column for start in range(0, len(codes), step)]
    return np.concatenate([np.empty(0, wide), *pieces]).astype(np.float32)
