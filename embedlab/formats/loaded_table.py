"""Loaded table: word vectors with the further columns of the table that they were read from."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from embedlab.arrays import Array
from embedlab.errors import InvalidSetting
from embedlab.vectors.word_vectors import WordVectors


class LoadedTable(WordVectors):
    """Word vectors and what their table says of each word beside its numbers: a year, a class, a count.

    Args:
        words, matrix, source: as in `WordVectors`.
        columns: V values under the name of each further column, in the order of the words; None where one is empty.

    Raises InvalidSetting: as `WordVectors`, or a column of another length.
    """

    def __init__(
        self, words: Sequence[str], matrix: Array, columns: Mapping[str, Sequence[Any]], *, source: str
    ) -> None:
        super().__init__(words, matrix, source=source)
        for name, values in columns.items():
            if len(values) != len(self):
                raise InvalidSetting(f"The column “{name}” has {len(values):,} values for {len(self):,} words.")
        self._columns = MappingProxyType({name: tuple(values) for name, values in columns.items()})

    @property
    def columns(self) -> Mapping[str, tuple[Any, ...]]:
        """V values under each name, in the order of `words`."""
        return self._columns

    def restrict(self, n: int) -> "LoadedTable":
        """The first n words with their columns."""
        first = super().restrict(n)
        columns = {name: values[:n] for name, values in self.columns.items()}
        return LoadedTable(first.words, first.matrix, columns, source=self.source)
