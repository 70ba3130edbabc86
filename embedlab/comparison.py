"""Two spaces side by side: which words keep their neighbors, and how one space turns onto the other."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from embedlab.errors import InvalidSetting
from embedlab.vectors import WordVectors

_BLOCK = 512  # words whose neighbors are ranked at once


@dataclass(frozen=True)
class Alignment:
    """`vectors`, turned onto another space by a rotation or reflection, which keeps all its similarities."""

    vectors: WordVectors
    rotation: np.ndarray  # (D, D) orthogonal; rows of the first space times this lie in the second
    mean_similarity: float  # mean cosine of the shared words after turning, in [-1, 1]
    shared: int


def shared_words(a: WordVectors, b: WordVectors) -> list[str]:
    """Words in both spaces, in the order of `a`."""
    return [word for word in a.words if word in b.index]


def neighbor_overlap(
    a: WordVectors, b: WordVectors, k: int = 10, words: Sequence[str] | None = None
) -> dict[str, float]:
    """Share of each word's k nearest neighbors that the two spaces agree on, in [0, 1].

    Neighbors are looked for among the shared words only, so that different vocabularies can be compared.

    Args:
        k: at least 1; lowered where fewer other words are shared.
        words: shared words to report; all when None, which takes V * V * D multiplications.

    Raises:
        InvalidSetting: k below 1, or fewer than two shared words.
        UnknownWord: a word asked for is missing from one of the spaces.
    """
    if k < 1:
        raise InvalidSetting(f"Cannot compare {k} neighbors: give 1 or more.")
    shared = shared_words(a, b)
    if len(shared) < 2:
        raise InvalidSetting(f"The two spaces share {len(shared)} words: at least 2 are needed to compare neighbors.")
    asked = shared if words is None else list(dict.fromkeys(words))
    for space in (a, b):
        space.rows(asked)
    k = min(k, len(shared) - 1)
    position = {word: i for i, word in enumerate(shared)}
    targets = np.array([position[word] for word in asked], dtype=np.int64)  # (n,)
    tables = [space.unit_rows(space.rows(shared)) for space in (a, b)]  # (S, D) each, D may differ
    overlap: dict[str, float] = {}
    for start in range(0, len(targets), _BLOCK):
        block = targets[start : start + _BLOCK]
        first, second = (_nearest(table, block, k) for table in tables)  # (n, k)
        common = (first[:, :, None] == second[:, None, :]).sum(axis=(1, 2))  # (n,)
        overlap |= {shared[row]: int(count) / k for row, count in zip(block, common, strict=True)}
    return overlap


def align(a: WordVectors, b: WordVectors, words: Sequence[str] | None = None) -> Alignment:
    """Turns `a` onto `b` by orthogonal Procrustes (Schönemann 1966) on the unit vectors of shared words.

    Args:
        words: the anchors; all shared words when None.

    Raises:
        InvalidSetting: different dimensions, or no shared word.
    """
    if a.dimensions != b.dimensions:
        raise InvalidSetting(
            f"{a.dimensions} and {b.dimensions} dimensions cannot be turned onto each other: choose two spaces of the "
            "same size, or compare their neighbors, which needs no turning."
        )
    anchors = shared_words(a, b) if words is None else list(words)
    if not anchors:
        raise InvalidSetting("The two spaces share no word, so nothing says how to turn one onto the other.")
    source, target = a.unit_rows(a.rows(anchors)), b.unit_rows(b.rows(anchors))  # (S, D)
    left, _, right = np.linalg.svd(source.T.astype(np.float64) @ target)
    rotation = (left @ right).astype(np.float32)  # (D, D)
    mean = float(np.einsum("sd,sd->s", source @ rotation, target).mean())
    turned = WordVectors(a.words, a.matrix @ rotation, source=f"{a.source}, turned onto {b.source}")
    return Alignment(turned, rotation, mean, len(anchors))


def _nearest(table: np.ndarray, rows: np.ndarray, k: int) -> np.ndarray:
    """(n, k) rows nearest to each of `rows`, itself left out; ties by row, so that both spaces break them alike."""
    scores = table[rows] @ table.T  # (n, S)
    scores[np.arange(len(rows)), rows] = -np.inf
    return np.argsort(-scores, axis=1, kind="stable")[:, :k]
