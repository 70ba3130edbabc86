"""Two rankings side by side: the words nearest to two sums of words, and which of them are in one list only."""

from typing import NamedTuple

from embedlab.vectors.measures.expression import Expression
from embedlab.vectors.queries import Neighbor
from embedlab.vectors.word_vectors import WordVectors


class SideBySide(NamedTuple):
    """The words nearest to either of two sums, best first."""

    left: tuple[Neighbor, ...]
    right: tuple[Neighbor, ...]

    @property
    def shared(self) -> tuple[str, ...]:
        """Words of both lists, in the order of the left one."""
        right = {near.word for near in self.right}
        return tuple(near.word for near in self.left if near.word in right)

    @property
    def only_left(self) -> tuple[str, ...]:
        """Words of the left list alone."""
        return tuple(near.word for near in self.left if near.word not in self.shared)

    @property
    def only_right(self) -> tuple[str, ...]:
        """Words of the right list alone."""
        return tuple(near.word for near in self.right if near.word not in self.shared)


def side_by_side(vectors: WordVectors, left: Expression, right: Expression, k: int = 10) -> SideBySide:
    """The k words nearest to each of two sums, its own words left out.

    Raises:
        UnknownWord: every missing word is listed.
        InvalidSetting: the words of a sum cancel out, or k is below 1.
    """
    return SideBySide(tuple(left.nearest(vectors, k)), tuple(right.nearest(vectors, k)))
