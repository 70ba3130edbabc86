"""Agreement of two spaces: the overlap of neighbors over many words, and both neighborhoods of one of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from embedlab.arrays import Doubles, Ids
from embedlab.comparison.overlap import Shared
from embedlab.errors import InvalidSetting, UnknownWord
from embedlab.vectors.queries import Neighbor
from embedlab.vectors.spelling import find_words
from embedlab.vectors.word_vectors import WordVectors

_BINS = 20  # of the histogram at most


@dataclass(frozen=True, eq=False)
class Agreement:
    """The overlap of n words' neighbors, the words in the order of the first space."""

    words: tuple[str, ...]
    overlaps: Doubles  # (n,) in [0, 1]
    k: int  # neighbors that were compared
    shared: int  # S, words among which they were looked for

    @classmethod
    def of_blocks(cls, shared: Shared, blocks: Sequence[Doubles], k: int) -> "Agreement":
        """Of the first words, from what `shared.overlaps` has given for them so far; at least one block."""
        overlaps = np.concatenate(blocks)
        size = len(shared.words)
        return cls(shared.words[: len(overlaps)], overlaps, min(k, size - 1), size)

    @property
    def mean(self) -> float:
        """Over the n words."""
        return float(self.overlaps.mean())

    @property
    def chance(self) -> float:
        """What two spaces that know nothing of one another come to on average: k of S - 1 words drawn twice."""
        return self.k / (self.shared - 1)

    def ranked(self) -> Ids:
        """(n,) positions, the words that agree least first; of equal ones the earlier word."""
        return np.argsort(self.overlaps, kind="stable")

    def extremes(self, count: int) -> tuple[Ids, Ids]:
        """Positions of the words that agree least and of those that agree most, at most `count` of either."""
        return self.ranked()[:count], np.argsort(-self.overlaps, kind="stable")[:count]

    def histogram(self) -> tuple[Ids, Doubles]:
        """(B,) counts and (B + 1,) edges; each of the k + 1 possible overlaps in the middle of a bin while k < 20."""
        bins = min(self.k, _BINS) + 1
        edges = (np.arange(bins + 1) - 0.5) / (bins - 1)
        return np.histogram(self.overlaps, edges)[0], edges


@dataclass(frozen=True, eq=False)
class Around:
    """One word's neighbors in both spaces, nearest first."""

    word: str
    row: int  # among the shared words
    near: tuple[list[Neighbor], list[Neighbor]]

    @property
    def both(self) -> list[str]:
        """Words that are near in both spaces, in the order of the first."""
        second = {neighbor.word for neighbor in self.near[1]}
        return [neighbor.word for neighbor in self.near[0] if neighbor.word in second]

    @property
    def only(self) -> tuple[list[str], list[str]]:
        """Words that are near in the first space alone, and in the second alone."""
        both = set(self.both)
        first, second = ([n.word for n in near if n.word not in both] for near in self.near)
        return first, second


def around(shared: Shared, row: int, k: int) -> Around:
    """The k nearest of the shared words to one of them."""
    return Around(shared.words[row], row, shared.nearest(row, k))


def find_row(shared: Shared, spaces: Sequence[WordVectors], names: Sequence[str], typed: str) -> int:
    """The row of a typed word; the first one known where several were typed.

    Raises:
        InvalidSetting: nothing typed, a word of one space alone, or one whose vector is zero.
        UnknownWord: a word of neither, with near spellings that both hold.
    """
    tried = [find_words(space, typed) for space in spaces]
    forms = dict.fromkeys([*tried[0], *tried[1]])
    if not forms:
        raise InvalidSetting("Type a word to see its neighbors in both spaces.")
    found = next((shared.index[form] for form in forms if form in shared.index), None)
    if found is not None:
        if not shared.directed[found]:
            word, space = shared.words[found], names[1 if shared.tables[0][found].any() else 0]
            raise InvalidSetting(
                f"“{word}” has a vector of zeros in “{space}”, which points nowhere: give another word."
            )
        return found
    raise _missing(shared, spaces, names, list(forms))


def _missing(
    shared: Shared, spaces: Sequence[WordVectors], names: Sequence[str], forms: Sequence[str]
) -> InvalidSetting | UnknownWord:
    holders = [[form for form in forms if form in space] for space in spaces]
    first = next(iter([*holders[0], *holders[1], *forms]))
    shown = first if len(first) <= 60 else first[:57] + "..."
    if holders[0] and holders[1]:
        return InvalidSetting(
            f"“{shown}” is not among the {len(shared.words):,} most frequent words that both spaces hold: give a more "
            "common word."
        )
    if holders[0] or holders[1]:
        has, lacks = (names[0], names[1]) if holders[0] else (names[1], names[0])
        return InvalidSetting(f"“{shown}” is in “{has}” but not in “{lacks}”: give a word that both hold.")
    unknown = spaces[0].unknown([first], 9)  # some of which the second space may lack
    near = [word for word in unknown.suggestions[first] if word in spaces[1]][:3]
    return UnknownWord([first], {first: near}, size=len(shared.words), hints=unknown.hints)
