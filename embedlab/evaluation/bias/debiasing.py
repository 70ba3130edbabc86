"""Debiasing: a direction such as gender taken out of vectors, by hard debiasing or by half-sibling regression.

Both take vectors and give vectors, so that what is left can be asked everything; `recovery` asks whether it is gone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from embedlab.arrays import Doubles, Floats, Reals, unit_rows
from embedlab.checks import within
from embedlab.errors import InvalidSetting, TooFewWords
from embedlab.vectors.spelling import known_row
from embedlab.vectors.word_vectors import WordVectors

Pair = tuple[str, str]
# Of the half-sibling regression on rows of length 1: chosen on the bundled vectors, whose figures it flatters.
ALPHA = 0.1
_SAME = 1e-6  # length of a difference that is no difference


@dataclass(frozen=True, eq=False)
class Direction:
    """A direction in which pairs of words differ."""

    vector: Doubles  # (D,) of length 1; from the first words of the pairs to the second ones
    explained: float  # its share of the pairs' variance, in (0, 1]
    pairs: tuple[Pair, ...]  # those that it was made from

    def cosines(self, vectors: WordVectors, words: Sequence[str]) -> Doubles:
        """(n,) cosines of words with it, in [-1, 1]; positive toward the second words. Raises UnknownWord."""
        return np.asarray(vectors.unit_vectors_of(words) @ self.vector)


def bias_direction(vectors: WordVectors, pairs: Sequence[Pair]) -> Direction:
    """The first principal component of pairs of words, each pair around its own middle (Bolukbasi et al. 2016).

    Args:
        pairs: such as ("he", "she"); a pair with an unknown word, or with equal vectors, is passed over.

    Raises TooFewWords: no pair is left.
    """
    known = [pair for pair in pairs if len(_known(vectors, pair)) == 2]
    halves = np.array([_half(vectors, pair) for pair in known]).reshape(-1, vectors.dimensions)  # (P, D)
    kept = np.linalg.norm(halves, axis=1) > _SAME
    if not kept.any():
        named = ", ".join("–".join(pair) for pair in pairs) or "none"
        raise TooFewWords(f"No pair gives a direction ({named}): name two words that are both known, and differ.")
    halves = halves[kept]
    # Both words of a pair stand around its middle, half of their difference to either side: their sum is zero, and
    # the rows with the other sign change nothing about the components.
    _, lengths, axes = np.linalg.svd(halves, full_matrices=False)
    sign = 1.0 if float((halves @ axes[0]).sum()) >= 0 else -1.0
    explained = float(lengths[0] ** 2 / (lengths**2).sum())
    return Direction(sign * axes[0], explained, tuple(pair for pair, keep in zip(known, kept, strict=True) if keep))


def neutralize(rows: Reals, direction: Reals) -> Doubles:
    """(..., D) rows without what lies along a direction: at right angles to it.

    Args:
        rows: (..., D) of any length.
        direction: (D,) of any length but 0.
    """
    axis = _axis(direction)
    return np.asarray(rows - (rows @ axis)[..., None] * axis, dtype=np.float64)


def equalize(a: Reals, b: Reals, direction: Reals) -> tuple[Doubles, Doubles]:
    """A pair of vectors made alike but for their sides of a direction (Bolukbasi et al. 2016).

    Both get the pair's middle without the direction, and opposite parts along it that bring their length to 1. So each
    neutral vector is equally near to both. Vectors that are longer than 1 are taken as they are, as in the course of
    deeplearning.ai: the part along the direction then has the length √|1 − |middle|²|.

    Args:
        a, b: (D,) each.
        direction: (D,) of any length but 0.
    """
    axis = _axis(direction)
    middle = neutralize((a + b) / 2, axis)  # (D,)
    along = np.sqrt(abs(1 - middle @ middle)) * (1.0 if (b - a) @ axis >= 0 else -1.0)
    return middle - along * axis, middle + along * axis


def hard_debias(
    vectors: WordVectors, direction: Direction, *, gendered: Sequence[str], equalized: Sequence[Pair]
) -> WordVectors:
    """Hard debiasing (Bolukbasi et al. 2016): neutralizes all words but some, then equalizes pairs.

    Args:
        gendered: words that mean what the direction is about, such as "wife": left as they are.
        equalized: pairs that are made alike but for the direction; a pair with an unknown word is passed over.

    Returns:
        Rows of length 1; zero rows stay zero. Character n-grams are not taken along: a composed word would bring the
        direction back.
    """
    unit = vectors.unit
    pairs = [rows for pair in equalized if len(rows := _known(vectors, pair)) == 2]
    kept = [*_known(vectors, gendered), *(row for rows in pairs for row in rows)]
    matrix = unit_rows(neutralize(unit, direction.vector)).astype(np.float32)  # (V, D)
    matrix[kept] = unit[kept]
    for a, b in pairs:
        matrix[a], matrix[b] = equalize(unit[a].astype(np.float64), unit[b].astype(np.float64), direction.vector)
    return _made(vectors, matrix)


def half_sibling(vectors: WordVectors, *, gendered: Sequence[str], alpha: float = ALPHA) -> WordVectors:
    """Half-sibling regression (Yang and Feng 2020): takes out of each word what gendered words predict of it.

    Words that mean a gender and words that do not share what the text says of gender. A ridge regression predicts the
    numbers of each other word from those of the gendered words; what it predicts is taken away.

    Args:
        gendered: words that mean a gender, fewer than there are dimensions, or little is left of any word; they stay as
            they are.
        alpha: of the ridge, above 0: the larger, the less is taken away. The paper's 60 is for rows much longer than 1;
            here rows are brought to length 1 first.

    Raises:
        TooFewWords: none of the gendered words is known.
        InvalidSetting: alpha is not positive.
    """
    within("alpha of the regression", alpha, 1e-6)
    rows = _known(vectors, gendered)
    if not rows:
        raise TooFewWords("None of the words that mean a gender is known: name some that are.")
    unit = vectors.unit
    known = unit[rows].astype(np.float64).T  # (D, n)
    # W = (K'K + αI)⁻¹ K'N and N − KW: one (D, D) matrix for all words.
    predicted = known @ np.linalg.solve(known.T @ known + alpha * np.eye(len(rows)), known.T)  # (D, D)
    matrix = (unit - unit @ predicted).astype(np.float32)
    matrix[rows] = unit[rows]
    return _made(vectors, matrix)


def _made(vectors: WordVectors, matrix: Floats) -> WordVectors:
    matrix.flags.writeable = False
    return WordVectors(vectors.words, matrix, source=f"{vectors.source}, debiased")


def _axis(direction: Reals) -> Doubles:
    length = float(np.linalg.norm(direction))
    if length < _SAME:
        raise InvalidSetting("A direction of length 0 leads nowhere: give two words with different vectors.")
    return np.asarray(direction / length, dtype=np.float64)


def _known(vectors: WordVectors, words: Sequence[str]) -> list[int]:
    """Rows of the words that are known, each as if it were typed; repeated ones once."""
    found = (known_row(vectors, word) for word in words)
    return list(dict.fromkeys(row for row in found if row is not None))


def _half(vectors: WordVectors, pair: Pair) -> Doubles:
    """(D,) half of the difference, from the first word to the second."""
    first, second = vectors.unit_rows(_known(vectors, pair)).astype(np.float64)
    return np.asarray((second - first) / 2)
