"""Word maps: positions of tens of thousands of words, the districts of the map, and how far to trust it."""

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from embedlab.arrays import Floats, Reals, frozen

NEAREST = 10  # words that count as a word's neighbors
FINEST = 32_767  # positions are sent and stored as whole numbers up to this, for 1
Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class WordMap:
    """V words on one map."""

    words: tuple[str, ...]  # V distinct, most frequent first
    positions: Floats  # (V, 2) in [-1, 1], read-only; one factor for both axes
    districts: Bytes  # (V,) the district of each word
    district_names: tuple[str, ...]  # K: two typical words each
    district_places: Floats  # (K, 2) where each district is densest
    kept_counts: Bytes  # (V,) how many of a word's nearest in the full space are among its nearest on the map
    kept: Floats  # (V,) their share, smoothed over the neighbors on the map, in [0, 1]
    levels: Bytes  # (V + K,) from which on the names of words and districts stand on the map; see `naming`
    laid_out: int  # words placed by the method, which are the first ones; each other one at its nearest
    method: str  # "t-SNE" or "PCA"
    source: str  # of the vectors
    seed: int
    started_from: str = ""  # source of the map whose positions this one began with

    @property
    def share_kept(self) -> float:
        """Mean share of the nearest words that the map keeps near, of the words laid out, in [0, 1]."""
        return float(self.kept_counts[: self.laid_out].mean()) / self.nearest

    @property
    def nearest(self) -> int:
        """How many words count as a word's neighbors: ten, or all others where there are fewer."""
        return min(NEAREST, self.laid_out - 1)

    @property
    def nbytes(self) -> int:
        """Bytes of its arrays."""
        parts = (self.positions, self.districts, self.district_places, self.kept_counts, self.kept, self.levels)
        return sum(part.nbytes for part in parts)

    @cached_property
    def index(self) -> Mapping[str, int]:
        """Row of each word."""
        return MappingProxyType({word: row for row, word in enumerate(self.words)})

    @cached_property
    def district_shares(self) -> Mapping[str, float]:
        """Share of neighbors kept, of each district that has words."""
        counts = np.bincount(self.districts, minlength=len(self.district_names))
        sums = np.bincount(self.districts, self.kept_counts, minlength=len(counts))
        shares = zip(self.district_names, counts.tolist(), sums.tolist(), strict=True)
        return MappingProxyType({name: kept / (count * self.nearest) for name, count, kept in shares if count})

    @cached_property
    def fingerprint(self) -> str:
        """Names its words and where they are."""
        digest = blake2b("\n".join(self.words).encode("utf-8", "surrogatepass"), digest_size=16)
        digest.update(whole(self.positions).astype("<i2").tobytes())
        return digest.hexdigest()

    def kept_of(self, word: str) -> int:
        """How many of a word's `nearest` in the full space are among its nearest on the map."""
        return int(self.kept_counts[self.index[word]])


def to_bytes(word_map: WordMap) -> bytes:
    """A map as a browser reads it: under 0.8 MB for 50,000 words.

    u32 length of the head; the head in JSON, filled up with blanks so that what follows begins at a multiple of 4; V +
    K times int16 x and y, 32,767 for 1, of the words and then of the districts; V + K times u8 level of their names;
    the words in UTF-8, one a line. All numbers are little-endian.
    """
    head = {
        "words": len(word_map.words),
        "districts": word_map.district_names,
        "method": word_map.method,
        "source": word_map.source,
    }
    # A word cannot hold the sign that parts them; where a file has one with it, a blank stands for it.
    words = "\n".join(word.replace("\n", " ") for word in word_map.words).encode("utf-8", "replace")
    places = whole(np.concatenate([word_map.positions, word_map.district_places]))
    return with_head(head, places.astype("<i2").tobytes(), word_map.levels.tobytes(), words)


def with_head(head: Mapping[str, Any], *parts: bytes) -> bytes:
    """Parts behind a head in JSON that says what they are, as `to_bytes` begins."""
    text = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    text += b" " * (-len(text) % 4)
    return struct.pack("<I", len(text)) + text + b"".join(parts)


def whole(positions: Floats) -> npt.NDArray[np.int16]:
    """Positions as whole numbers, `FINEST` for 1."""
    numbers: npt.NDArray[np.int16] = np.rint(positions * np.float32(FINEST)).astype(np.int16)
    return numbers


def from_whole(numbers: npt.NDArray[np.int16]) -> Floats:
    """The positions that `whole` numbers stand for, read-only: a map holds no others, and keeping it loses nothing."""
    return frozen(numbers.astype(np.float32) / np.float32(FINEST))


def scaled(coordinates: Reals) -> Floats:
    """Coordinates moved and enlarged, by one factor, to fill [-1, 1], read-only."""
    low, high = coordinates.min(axis=0), coordinates.max(axis=0)
    half = float((high - low).max()) / 2 or 1.0
    return frozen(((coordinates - (low + high) / 2) / half).clip(-1, 1).astype(np.float32))
