"""Neighbor overlap: which words keep their nearest neighbors from one space to another."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from embedlab.arrays import Doubles, Floats, Ids, Mask, frozen
from embedlab.checks import within
from embedlab.errors import TooFewWords
from embedlab.vectors.queries import Neighbor
from embedlab.vectors.word_vectors import WordVectors

MOST_SHARED = 50_000  # words to look for neighbors among: two tables of 300 dimensions take 120 MB
_SCORES = 3_000_000  # cosines ranked at once: 12 MB
_GROUP = 16  # of which the largest is looked at first


@dataclass(frozen=True, eq=False)
class Shared:
    """S words that two spaces have in common, with their rows of length 1."""

    words: tuple[str, ...]  # in the order of the first space
    tables: tuple[Floats, Floats]  # (S, D) each, D may differ

    @cached_property
    def index(self) -> dict[str, int]:
        """The row of each word."""
        return {word: row for row, word in enumerate(self.words)}

    @cached_property
    def directed(self) -> Mask:
        """(S,) which words have neighbors in both spaces: no vector of theirs is zero."""
        first, second = (table.any(axis=1) for table in self.tables)
        return np.asarray(first & second)

    def nearest(self, row: int, k: int) -> tuple[list[Neighbor], list[Neighbor]]:
        """The k most similar of the shared words, in the first space and in the second."""
        first, second = (self._nearest(table, row, k) for table in self.tables)
        return first, second

    def _nearest(self, table: Floats, row: int, k: int) -> list[Neighbor]:
        scores = np.clip(table @ table[row], -1, 1)  # (S,)
        scores[row] = -np.inf
        order = np.argsort(-scores, kind="stable")[: min(k, len(scores) - 1)]
        return [Neighbor(self.words[i], float(scores[i])) for i in order]

    def overlaps(self, k: int, rows: Ids) -> Iterator[Doubles]:
        """For each of `rows` in turn the share of its k nearest words that the spaces agree on, some rows at a time.

        Raises InvalidSetting: k below 1.
        """
        within("number of neighbors", k, 1)
        k, step = min(k, len(self.words) - 1), self.rows_at_once
        for start in range(0, len(rows), step):
            block = rows[start : start + step]
            first, second = (nearest_rows(table, table[block], k, left_out=block) for table in self.tables)  # (n, k)
            both = np.sort(np.concatenate([first, second], axis=1), axis=1)  # a row that is in both stands twice
            yield (both[:, 1:] == both[:, :-1]).sum(axis=1) / k

    @cached_property
    def is_one_space(self) -> bool:
        """Whether both spaces have the same unit vectors for these words: a ranking would say nothing."""
        return np.array_equal(*self.tables)

    @property
    def rows_at_once(self) -> int:
        """Rows of a block of `overlaps`."""
        return max(1, _SCORES // len(self.words))


def share(a: WordVectors, b: WordVectors, most: int | None = None) -> Shared:
    """What two spaces have in common.

    Args:
        most: at most this many words, the first of `a`.

    Raises TooFewWords: fewer than two shared words whose vectors are not zero.
    """
    words = shared_words(a, b)[:most]
    if len(words) < 2:
        found = f"only the word “{words[0]}”" if words else "no word"
        raise TooFewWords(
            f"The two spaces share {found}: at least 2 words are needed to compare neighbors. Choose two spaces of one "
            "language, spelled alike."
        )
    first, second = (frozen(space.unit_rows(space.rows(words))) for space in (a, b))
    shared = Shared(tuple(words), (first, second))
    if np.count_nonzero(shared.directed) < 2:
        raise TooFewWords(
            f"Of the {len(words):,} words that the two spaces share, fewer than 2 have vectors in both that are not "
            "zeros and so point somewhere: choose spaces with 2 such words or more."
        )
    return shared


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
        InvalidSetting: k below 1.
        TooFewWords: fewer than two shared words.
        UnknownWord: a word asked for is missing from one of the spaces.
    """
    shared = share(a, b)
    asked = shared.words if words is None else list(dict.fromkeys(words))
    for space in (a, b):
        space.rows(asked)
    rows = np.array([shared.index[word] for word in asked], dtype=np.int64)  # (n,)
    found = [value for block in shared.overlaps(k, rows) for value in block.tolist()]
    return dict(zip(asked, found, strict=True))


def nearest_rows(table: Floats, queries: Floats, k: int, *, left_out: Ids | None = None) -> Ids:
    """(n, k) rows of a table with the largest products with each of n queries, in any order.

    Of equally near ones the first rows, so that both spaces break ties alike.

    Args:
        table: (S, D) rows of length 1.
        queries: (n, D).
        k: at most S, or S - 1 where rows are left out.
        left_out: for each query a row that is not to be found, such as itself.
    """
    size, stride = len(table), -(-len(table) // _GROUP)
    scores = np.full((len(queries), _GROUP * stride), -np.inf, dtype=np.float32)  # (n, S and some more)
    scores[:, :size] = queries @ table.T
    if left_out is not None:
        scores[np.arange(len(queries)), left_out] = -np.inf
    # The k largest lie in the k groups with the largest maxima; only those are searched.
    maxima = scores.reshape(len(queries), _GROUP, stride).max(axis=1)  # (n, groups)
    groups = np.argpartition(maxima, -min(k, stride), axis=1)[:, -min(k, stride) :]
    columns = (groups[:, :, None] + stride * np.arange(_GROUP)).reshape(len(queries), -1)
    near = np.take_along_axis(scores, columns, axis=1)
    top = np.argpartition(near, -k, axis=1)[:, -k:]
    found, least = np.take_along_axis(columns, top, axis=1), np.take_along_axis(near, top, axis=1).min(axis=1)
    for row in np.flatnonzero((scores >= least[:, None]).sum(axis=1) > k):  # more that tie, any of which were taken
        found[row] = np.argsort(-scores[row], kind="stable")[:k]
    return found
