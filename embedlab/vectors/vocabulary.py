"""Vocabulary: words with their ids and counts."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from embedlab.checks import within
from embedlab.errors import InvalidSetting


@dataclass(frozen=True)
class Vocabulary:
    """Words by falling count; a word's position is its id."""

    words: tuple[str, ...]  # V distinct words
    counts: tuple[int, ...]  # how often each was seen, aligned with `words`

    def __post_init__(self) -> None:
        if len(self.words) != len(self.counts):
            raise InvalidSetting(
                f"{len(self.words)} words but {len(self.counts)} counts; every word needs exactly one count."
            )
        if len(set(self.words)) != len(self.words):
            raise InvalidSetting("A vocabulary lists every word once; merge the counts of repeated words first.")

    @classmethod
    def from_tokens(cls, tokens: Iterable[str], *, min_count: int = 1, max_size: int | None = None) -> "Vocabulary":
        """Counts tokens; equally frequent words keep the order in which they first appeared."""
        return cls.from_counts(Counter(tokens), min_count=min_count, max_size=max_size)

    @classmethod
    def from_counts(cls, counts: Mapping[str, int], *, min_count: int = 1, max_size: int | None = None) -> "Vocabulary":
        """Keeps words seen at least `min_count` times, the `max_size` most frequent of them."""
        within("minimum count", min_count, 1)
        kept = sorted((item for item in counts.items() if item[1] >= min_count), key=lambda item: -item[1])
        kept = kept[:max_size]
        return cls(tuple(word for word, _ in kept), tuple(count for _, count in kept))

    @cached_property
    def index(self) -> Mapping[str, int]:
        return MappingProxyType({word: i for i, word in enumerate(self.words)})

    @property
    def total(self) -> int:
        """Tokens covered by the vocabulary."""
        return sum(self.counts)

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word: object) -> bool:
        return word in self.index

    def __iter__(self) -> Iterator[str]:
        return iter(self.words)

    def ids(self, tokens: Sequence[str]) -> list[int]:
        """Ids of the known tokens, in order; unknown ones are left out."""
        index = self.index
        return [index[token] for token in tokens if token in index]
