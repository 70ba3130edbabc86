"""Word vectors: words with one vector each, which every query, map and comparison takes."""

import mmap
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import numpy.typing as npt

from embedlab.arrays import Array, Floats, frozen, read_only
from embedlab.checks import within
from embedlab.errors import InvalidSetting, UnknownWord
from embedlab.vectors.forms import Forms
from embedlab.vectors.subwords import Subwords
from embedlab.vectors.suggestions import LONGEST_SPELLING, Letters, foreign, parts_of, scripts, suggested

if TYPE_CHECKING:
    from gensim.models import KeyedVectors

_BLOCK = 1 << 20  # numbers worked on at a time: 4 MB of float32
_SIGNS = {"+", "-", "–", "−"}  # of a sum of words, typed where one word or several are asked for
_ONE = 1e-6  # how far from 1 a length may be through rounding
Made = TypeVar("Made")


class WordVectors:
    """V words and their (V, D) matrix; nothing in it changes after it is made.

    Args:
        words: V distinct words, by falling frequency where the source has it.
        matrix: (V, D) finite numbers. Copied to float32, unless it is a read-only float32 array already (memory-mapped
            files stay on disk).
        source: where the vectors come from, in a few words for the screen.
        subwords: character n-grams, of which the vectors of other words are composed (fastText). Such a word is not
            among the words (``in``, `rows`, `index`), but can be asked for like one.

    Raises InvalidSetting: lengths differ, a word is repeated or empty, the matrix is not two-dimensional or not finite.
    """

    def __init__(self, words: Sequence[str], matrix: Array, *, source: str, subwords: Subwords | None = None) -> None:
        matrix = np.asanyarray(matrix)
        if matrix.ndim != 2 or matrix.shape[1] == 0:
            raise InvalidSetting(f"A matrix of shape {matrix.shape} cannot hold vectors: give (words, dimensions).")
        if len(words) != len(matrix):
            raise InvalidSetting(f"{len(words):,} words but {len(matrix):,} rows: every word needs exactly one row.")
        if matrix.dtype != np.float32 or matrix.flags.writeable or not matrix.flags.c_contiguous:
            matrix = read_only(np.asarray(matrix, dtype=np.float32))  # (V, D)
        # A memory-mapped file was checked when it was written; reading it whole here would undo the mapping.
        if not isinstance(matrix, np.memmap) and not np.isfinite(matrix).all():
            row = int(np.flatnonzero(~np.isfinite(matrix).all(axis=1))[0])
            raise InvalidSetting(
                f"The vector of “{words[row]}” holds NaN or infinity: drop the row or mend the number."
            )
        if subwords is not None and subwords.rows.shape[1:] != matrix.shape[1:]:
            raise InvalidSetting(f"N-grams of shape {subwords.rows.shape} do not fit a matrix of {matrix.shape}.")
        self._hold(tuple(str(word) for word in words), matrix, source, subwords)
        if len(self.index) != len(self.words) or "" in self.index:
            raise InvalidSetting("Words must be distinct and not empty: merge or drop the repeated ones.")

    def _hold(self, words: tuple[str, ...], matrix: Floats, source: str, subwords: Subwords | None = None) -> None:
        self._words, self._matrix, self._source, self._subwords = words, matrix, source, subwords
        self._made: dict[Callable[..., Any], Any] = {}
        self._making = threading.RLock()  # making one thing may need another

    @property
    def words(self) -> tuple[str, ...]:
        """V words."""
        return self._words

    @property
    def matrix(self) -> Floats:
        """(V, D) float32, read-only."""
        return self._matrix

    @property
    def source(self) -> str:
        """Where the vectors come from, in a few words."""
        return self._source

    @property
    def subwords(self) -> Subwords | None:
        """The character n-grams of which the vectors of other words are composed; None where there are none."""
        return self._subwords

    @staticmethod
    def from_gensim(keyed_vectors: "KeyedVectors", *, source: str = "gensim") -> "WordVectors":
        """The words and numbers of gensim's KeyedVectors, in their order; a copy.

        The character n-grams of FastTextKeyedVectors are taken along. Numbers that gensim has mapped from a file
        (``load(..., mmap="r")``) stay in that file.

        Raises InvalidSetting: no KeyedVectors of gensim 4, or as `WordVectors`.
        """
        if hasattr(keyed_vectors, "wv"):
            kind = type(keyed_vectors).__name__
            raise InvalidSetting(f"A whole {kind} model holds more than word vectors: give its vectors, model.wv.")
        if not (hasattr(keyed_vectors, "index_to_key") and hasattr(keyed_vectors, "vectors")):
            kind = type(keyed_vectors).__name__
            raise InvalidSetting(f"This is {kind}, not KeyedVectors of gensim 4: give those, such as model.wv.")
        subwords = None
        if getattr(keyed_vectors, "bucket", 0) and getattr(keyed_vectors, "vectors_ngrams", None) is not None:
            rows = np.asarray(keyed_vectors.vectors_ngrams, dtype=np.float32)  # (buckets, D)
            rows = read_only(rows) if rows.flags.writeable else rows
            subwords = Subwords(rows, int(keyed_vectors.min_n), int(keyed_vectors.max_n))
        # As a plain array, a mapped file is looked through for numbers that are not finite.
        matrix = np.asarray(keyed_vectors.vectors)  # (V, D)
        return WordVectors(keyed_vectors.index_to_key, matrix, source=source, subwords=subwords)

    def to_gensim(self) -> "KeyedVectors":
        """A copy of the words and numbers as gensim's KeyedVectors; they have no place for character n-grams."""
        from gensim.models import KeyedVectors

        keyed_vectors = KeyedVectors(self.dimensions)
        keyed_vectors.add_vectors(list(self.words), np.asarray(self.matrix))
        return keyed_vectors

    def once(self, make: Callable[["WordVectors"], Made]) -> Made:
        """What `make` makes of these vectors: made at the first call, kept as long as they are."""
        with self._making:  # two visitors asking at once must not make, and pay for, two
            if make not in self._made:
                self._made[make] = make(self)
            made: Made = self._made[make]
            return made

    @cached_property
    def index(self) -> Mapping[str, int]:
        """Row of each word."""
        return MappingProxyType({word: row for row, word in enumerate(self.words)})

    @property
    def unit(self) -> Floats:
        """(V, D) float32 rows of length 1, read-only; a zero row stays zero. `matrix` itself where its rows are so."""
        return self.once(_unit)

    @property
    def unit_ready(self) -> Floats | None:
        """`unit` where it has been made; None before."""
        return self._made.get(_unit)

    def unit_rows(self, rows: Sequence[int] | npt.NDArray[np.integer[Any]] | slice) -> Floats:
        """(n, D) float32, equal to ``unit[rows]``, without making the other rows when `unit` is not there yet."""
        ready = self.unit_ready
        return ready[rows] if ready is not None else _normalized(self.matrix[rows])

    def blocks(self) -> Iterator[slice]:
        """All rows in slices of a few megabytes; the pages loaded from a file are freed after each."""
        step = max(1, _BLOCK // self.dimensions)
        for start in range(0, len(self), step):
            yield slice(start, min(start + step, len(self)))
            self.release()

    def release(self) -> None:
        """Frees the pages that reading a memory-mapped matrix has loaded; they are loaded again when read."""
        if isinstance(self.matrix, np.memmap) and self.matrix.mode == "r" and hasattr(mmap, "MADV_DONTNEED"):
            self.matrix._mmap.madvise(mmap.MADV_DONTNEED)  # type: ignore[attr-defined]

    @property
    def dimensions(self) -> int:
        """D."""
        return int(self.matrix.shape[1])

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word: object) -> bool:
        return word in self.index

    def __getitem__(self, word: str) -> Floats:
        """(D,) read-only vector of a word, composed where it can be. Raises UnknownWord: with near spellings."""
        row = self.index.get(word)
        return np.asarray(self.matrix[row]) if row is not None else frozen(self.vectors_of([word])[0])

    def composes(self, word: str) -> bool:
        """Whether a word that is not among these has a vector all the same, composed of its character n-grams."""
        return self._composed(word) is not None

    def vectors_of(self, words: Sequence[str]) -> Floats:
        """(n, D) float32 vectors of words, composed where they can be. Raises UnknownWord: as `rows`."""
        composed = {word: vector for word in words if (vector := self._composed(word)) is not None}
        given = [word not in composed for word in words]
        known = self.matrix[self.rows([word for word in words if word not in composed])]
        if not composed:
            return np.asarray(known)
        vectors = np.empty((len(words), self.dimensions), np.float32)  # (n, D)
        vectors[given] = known
        vectors[np.logical_not(given)] = [composed[word] for word in words if word in composed]
        return vectors

    def unit_vectors_of(self, words: Sequence[str]) -> Floats:
        """(n, D) float32, `vectors_of` at length 1; of words among these, equal to rows of `unit`."""
        return _normalized(self.vectors_of(words))

    def _composed(self, word: str) -> Floats | None:
        return None if self.subwords is None or word in self.index else self.subwords.vector(word)

    def __repr__(self) -> str:
        return f"WordVectors({len(self):,} words x {self.dimensions} dimensions, {self.source})"

    def rows(self, words: Sequence[str]) -> list[int]:
        """Row numbers of words. Raises UnknownWord: one error that lists every missing word."""
        missing = list(dict.fromkeys(word for word in words if word not in self.index))
        if missing:
            raise self.unknown(missing)
        return [self.index[word] for word in words]

    def restrict(self, n: int) -> "WordVectors":
        """The first n words, which are the n most frequent where the source is sorted so."""
        within("number of words to keep", n, 1)
        return WordVectors(self.words[:n], self.matrix[:n], source=self.source, subwords=self.subwords)

    @property
    def forms(self) -> Forms:
        """The words by the forms in which they may be typed; made when first asked for."""
        return self.once(_forms)

    def suggest(self, word: str, k: int = 3) -> list[str]:
        """Up to k words that `word` may have been meant to be; see `suggestions.suggested`."""
        short = len(word) <= LONGEST_SPELLING
        return suggested(self.forms, self.once(_letters) if short else None, word, k)

    def unknown(self, words: Sequence[str], k: int = 3) -> UnknownWord:
        """The error that lists words as missing: each with k suggestions, its parts, or the script foreign here."""
        suggestions = {word: self.suggest(word, k) for word in words}
        hints = {}
        for word in words:
            if word in _SIGNS:
                hints[word] = "Sums of words, such as king - man + woman, are for Analogies."
                continue
            if suggestions[word]:
                continue
            if parts := parts_of(self.forms, word):
                suggestions[word] = parts
                hints[word] = f"As words of their own, these vectors hold {' and '.join(parts)}."
            else:
                hints[word] = foreign(self.once(_scripts), self.words, word)
        return UnknownWord(words, suggestions, size=len(self), hints=hints)


def _forms(vectors: WordVectors) -> Forms:
    return Forms(vectors.words)


def _letters(vectors: WordVectors) -> Letters:
    return Letters(vectors.words)


def _scripts(vectors: WordVectors) -> Counter[str]:
    return scripts(vectors.words)


def _unit(vectors: WordVectors) -> Floats:
    unit = _normalized(vectors.matrix)
    return vectors.matrix if np.array_equal(unit, vectors.matrix) else frozen(unit)


def _normalized(matrix: Floats) -> Floats:
    """(n, D) float32 rows of length 1; a row's result does not depend on the rows beside it.

    A row whose length is 1 but for rounding stays as it is.
    """
    matrix = np.asarray(matrix)
    with np.errstate(over="ignore"):
        norms = np.linalg.norm(matrix, axis=1, keepdims=True)  # (n, 1)
    unit = np.divide(matrix, np.where((norms > 0) & (np.abs(norms - 1) > _ONE), norms, 1), dtype=np.float32)
    # Squares of numbers below about 1e-19 or above 1e19 do not fit into float32: such rows are done in float64.
    odd = (norms[:, 0] < 1e-15) | ~np.isfinite(norms[:, 0])
    for row in np.flatnonzero(odd):
        exact = matrix[row].astype(np.float64)
        unit[row] = exact / (np.linalg.norm(exact) or 1)
    return unit
