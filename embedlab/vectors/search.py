"""Exact nearest-neighbor search, for large matrices with a fraction of the memory traffic.

Every search has two steps. A cheap pass gives each row a guess and an upper bound of its cosine; k rows of good guess
are scored exactly, and so is every other row whose bound reaches the worst of them: nothing else can be in the answer.
For small matrices the cheap pass is one product in float32, bounded by its rounding error; for large ones it runs over
8-bit codes (embedlab.vectors.quantization). Both ways end in the same rows and the same numbers.
"""

from collections.abc import Callable, Sequence

import numpy as np

from embedlab.arrays import Doubles, Floats, Ids
from embedlab.vectors.quantization import Codes, fast_product
from embedlab.vectors.word_vectors import WordVectors

# Numbers in a matrix from which on codes answer sooner than float32 (benchmarks/search.py --threshold); making them
# takes as long as a few dozen answers.
LARGE = 12_000_000
_PIECE = 2048  # rows scored at a time
_GROUPS = 64  # rows in each group; good guesses are looked for among the best rows of the groups


def nearest(vectors: WordVectors, direction: Floats, k: int, left_out: Sequence[int] = ()) -> tuple[Ids, Floats]:
    """Rows with the largest cosine to a direction, best first, equal ones in their order, and the cosines.

    Args:
        direction: (D,) float32 of length 1.
        k: at least 1 and at most V less the rows left out.
        left_out: distinct row numbers.

    Returns:
        (k,) rows and (k,) float32 cosines, the same whether or not codes were used.
    """
    exactly = direction.astype(np.float64)

    def score(rows: Ids) -> Doubles:
        # Products of float32 numbers are exact in float64, and a row's sum does not depend on the rows beside it.
        return np.asarray((vectors.unit_rows(rows) * exactly).sum(axis=1))

    if not uses_codes(vectors):
        guess = vectors.unit @ direction  # (V,)
        return best(guess, guess + np.float32(rounding(vectors.dimensions)), k, left_out, score)
    coded = vectors.once(Codes)
    guess, upper = coded.bounds(direction)
    found = best(guess, upper, k, left_out, score, lambda rows, bar: coded.narrow(rows, upper[rows], direction, bar))
    vectors.release()
    return found


def best(
    guess: Floats | Doubles,
    upper: Floats | Doubles,
    k: int,
    left_out: Sequence[int],
    score: Callable[[Ids], Doubles],
    narrow: Callable[[Ids, float], Ids] = lambda rows, bar: rows,
) -> tuple[Ids, Floats]:
    """The k rows of largest score, ties by row, and their (k,) float32 scores.

    Args:
        guess: (V,) what the scores may be; changed here.
        upper: (V,) what they are at most; changed here.
        score: the scores of some rows.
        narrow: leaves out rows that a closer look proves to score below a bar.
    """
    never = np.asarray(left_out, dtype=np.intp)
    guess[never] = upper[never] = -np.inf
    bar = float(_in_pieces(score, _promising(guess, k)).min())
    # Two numbers that differ may be one in float32, and then the earlier row wins: let both in.
    bar -= abs(bar) * float(np.finfo(np.float32).eps)
    rows = narrow(np.flatnonzero(upper >= bar), bar)
    scores = _in_pieces(score, rows).astype(np.float32)
    order = np.argsort(-scores, kind="stable")[:k]
    return rows[order], scores[order]


def rounding(dimensions: int) -> float:
    """How far a float32 product of two vectors of length 1 can be off, in whatever order it is summed."""
    return float((dimensions + 4) * np.finfo(np.float32).eps)


def uses_codes(vectors: WordVectors) -> bool:
    """Whether 8-bit codes pay: the matrix is large, and there is a fast way to multiply them or no room for another."""
    return vectors.matrix.size >= LARGE and (isinstance(vectors.matrix, np.memmap) or fast_product() is not None)


def prepare(vectors: WordVectors) -> None:
    """Makes what the first search would make: a second for 400,000 x 300 on a free machine, less for smaller sets."""
    vectors.once(Codes) if uses_codes(vectors) else vectors.unit


def _in_pieces(score: Callable[[Ids], Doubles], rows: Ids) -> Doubles:
    """(n,) scores, a few megabytes of rows at a time."""
    return np.concatenate([score(rows[start : start + _PIECE]) for start in range(0, len(rows), _PIECE)])


def _promising(guess: Floats | Doubles, k: int) -> Ids:
    """(k,) distinct rows of good guess; there must be k above minus infinity."""
    groups = len(guess) // _GROUPS
    if groups >= 4 * k:
        table = guess[: groups * _GROUPS].reshape(_GROUPS, groups)  # a group is a column: neighbors in a file are apart
        columns = np.argpartition(table.max(axis=0), groups - k)[groups - k :]
        rows: Ids = table[:, columns].argmax(axis=0) * groups + columns
        if np.isfinite(guess[rows]).all():
            return rows
    return np.argpartition(guess, len(guess) - k)[len(guess) - k :]
