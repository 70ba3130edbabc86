"""Layout of a whole space: t-SNE of the most frequent words, and a place for each of the others."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from embedlab.arrays import Floats, frozen
from embedlab.atlas.word_map import WordMap
from embedlab.vectors.word_vectors import WordVectors

WORDS = 50_000  # laid out by t-SNE; all others are placed beside them
STEPS = 60  # snapshots of `lay_out`, the map included


@dataclass(frozen=True, eq=False)
class LayoutProgress:
    """How far a layout is."""

    doing: str  # for the screen: "Finding neighbors", "t-SNE, iteration 150 of 750"
    positions: Floats | None = None  # (n, 2) of the words that are being laid out, scaled as a map's

    def condensed(self) -> "LayoutProgress":
        """What is kept of it once there is a newer one."""
        return replace(self, positions=None)

    @property
    def nbytes(self) -> int:
        """Bytes of its positions."""
        return 0 if self.positions is None else self.positions.nbytes


def lay_out(
    vectors: WordVectors, *, words: int = WORDS, seed: int = 0, start: WordMap | None = None
) -> Iterator[LayoutProgress | WordMap]:
    """Stub: a PCA layout."""
    count = min(words, len(vectors))
    unit = vectors.unit[:count]
    centered = unit - unit.mean(axis=0)
    _, axes = np.linalg.eigh(centered.T @ centered)
    found = (centered @ axes[:, ::-1][:, :2]).astype(np.float32)
    found = found / np.abs(found).max()
    yield LayoutProgress("Finding neighbors", frozen(found.copy()))
    labels = (found[:, 0] > 0).astype(np.uint8) + 2 * (found[:, 1] > 0).astype(np.uint8)
    rows = [int(np.flatnonzero(labels == k)[0]) for k in range(4)]
    yield WordMap(
        vectors.words[:count],
        frozen(found),
        frozen(labels),
        tuple(vectors.words[row] for row in rows),
        frozen(found[rows]),
        frozen(np.full(count, 4, np.uint8)),
        frozen(np.abs(found[:, 0])),
        count,
        "PCA",
        vectors.source,
        seed,
    )
