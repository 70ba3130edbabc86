"""Subwords: a vector for a word that was never seen, composed of the vectors of its character n-grams (fastText).

Bojanowski et al. 2017, Enriching Word Vectors with Subword Information. An n-gram's vector is the row of a table that
its hash points to, so that any word has n-grams there, and two n-grams may share a row.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from embedlab.arrays import Floats, Ids

_END_OF_SENTENCE = b"</s>"
_BLOCK = 1 << 22  # numbers gathered at a time: 16 MB of float32
_LONGEST = 4096  # bytes of a word that is composed
_SHOWN = 60  # letters of a word inside a sentence


def _as_it_was() -> None:
    """Nothing can change rows in memory."""


@dataclass(frozen=True, eq=False)
class Subwords:
    """The rows of all character n-grams, and which n-grams a word has."""

    rows: Floats  # (buckets, D) float32, read-only; may stay on disk
    minn: int  # characters of the shortest and the longest n-gram, those of "<" and ">" around the word included
    maxn: int
    encoding: str = "utf-8"  # of the bytes that are hashed
    check: Callable[[], None] = _as_it_was  # raises an EmbedlabError when rows on disk are not those of before

    def vector(self, word: str) -> Floats | None:
        """(D,) float32, the mean of the rows of the word's n-grams.

        None where it has no n-gram or more than 4,096 bytes, where the encoding lacks one of its letters, and where the
        mean points nowhere (zero or not finite). Raises an EmbedlabError: the rows on disk have changed.
        """
        try:
            data = word.encode(self.encoding)
        except UnicodeEncodeError:
            return None
        if not data or len(data) > _LONGEST or not len(self.rows):
            return None
        self.check()
        sums, counts = ngram_sums([data], self.rows, self.minn, self.maxn)
        vector = sums[0] / np.float32(max(1, counts[0]))  # (D,)
        return vector if np.isfinite(vector).all() and vector.any() else None


def composed_note(words: Sequence[str], size: int) -> str:
    """A sentence for the screen on words with composed vectors; empty where there are none.

    Args:
        size: how many words the vectors hold.
    """
    if not words:
        return ""
    shown = [f"“{word if len(word) <= _SHOWN else word[: _SHOWN - 3] + '...'}”" for word in words]
    if len(words) == 1:
        return f"{shown[0]} is not among the {size:,} words: its vector is composed of its character n-grams."
    listed = f"{', '.join(shown[:-1])} and {shown[-1]}"
    return f"{listed} are not among the {size:,} words: their vectors are composed of their character n-grams."


def ngram_sums(words: Sequence[bytes], rows: Floats, minn: int, maxn: int) -> tuple[Floats, Ids]:
    """The sum of the n-grams' rows of each of r words, and how many n-grams it has.

    Args:
        rows: (buckets, D) float32.

    Returns:
        (r, D) float32 and (r,).
    """
    owners, buckets = ngram_rows(words, minn, maxn, len(rows))
    sums = np.zeros((len(words), rows.shape[1]), np.float32)  # (r, D)
    step = max(1, _BLOCK // rows.shape[1])
    with np.errstate(over="ignore", invalid="ignore"):
        for start in range(0, len(owners), step):
            found, first = np.unique(owners[start : start + step], return_index=True)
            sums[found] += np.add.reduceat(rows[buckets[start : start + step]], first, axis=0)
    return sums, np.bincount(owners, minlength=len(words))


def ngram_rows(words: Sequence[bytes], minn: int, maxn: int, buckets: int) -> tuple[Ids, npt.NDArray[np.uint32]]:
    """The n-grams of minn to maxn characters of each ``<word>``: which word they belong to, growing, and their bucket.

    A bucket is FNV-1a of the n-gram's UTF-8 bytes. As in fastText (dictionary.cc), bytes above 127 are sign-extended, a
    bare "<" or ">" is no n-gram, and the end of a sentence has none.
    """
    padded = [b"<" + word + b">" for word in words]
    data = np.frombuffer(b"".join(padded), np.uint8)
    signed = data.view(np.int8).astype(np.uint32)
    starts = np.flatnonzero((data & 0xC0) != 0x80)  # of characters; bytes 10xxxxxx go on with one
    ends = np.append(starts[1:], len(data))
    owner = np.repeat(np.arange(len(words)), [len(word) for word in padded])[starts]  # word of each character
    stop = np.searchsorted(owner, owner, side="right")  # the character after the word's last
    begins = np.searchsorted(owner, owner, side="left") == np.arange(len(starts))
    silent = np.array([word == _END_OF_SENTENCE for word in words], bool)[owner]
    values = np.full(len(starts), 2166136261, np.uint32)
    found: list[tuple[Ids, npt.NDArray[np.uint32]]] = []
    for n in range(1, maxn + 1):
        character = np.flatnonzero((np.arange(len(starts)) + n <= stop) & ~silent)  # where an n-gram starts
        if not len(character):
            break
        last = character + n - 1
        for k in range(4):  # bytes of a character
            inside = starts[last] + k < ends[last]
            at = character[inside]
            values[at] = (values[at] ^ signed[starts[last[inside]] + k]) * np.uint32(16777619)
        if n >= minn:
            kept = character if n > 1 else character[~begins[character] & (character + 1 < stop[character])]
            found.append((owner[kept], values[kept] % np.uint32(buckets)))
    if not found:
        return np.empty(0, int), np.empty(0, np.uint32)
    owners, rows = (np.concatenate(parts) for parts in zip(*found, strict=True))
    order = np.argsort(owners, kind="stable")
    return owners[order], rows[order]
