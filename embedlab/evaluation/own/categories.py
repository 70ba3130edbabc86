"""Categories: words with the category that each belongs to, and the purity of clusters of their vectors."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from embedlab.arrays import Doubles, Ids
from embedlab.errors import InvalidText, TooFewWords
from embedlab.evaluation.intervals import DRAWS, Interval, wilson
from embedlab.evaluation.own.lines import Given, delimiter_of, fields_of, lines_in, opened, refused
from embedlab.projection.clustering import clusters
from embedlab.vectors.spelling import BETWEEN, SEPARATORS, known_row
from embedlab.vectors.word_vectors import WordVectors

_EXAMPLE = "apple, fruit"
_HEADINGS = {"category", "class", "label", "cluster"}  # of the column with the categories
_NAMED = re.compile(rf"[^\s:{SEPARATORS}][^:\t{SEPARATORS}]*:\s+\S.*")


@dataclass(frozen=True, eq=False)
class CategoryScore:
    """Clusters of n words beside their categories."""

    words: tuple[str, ...]  # n, as the vectors hold them
    categories: tuple[str, ...]  # n
    labels: Ids  # (n,) cluster of each word, from 0
    total: int  # different words of the set

    @property
    def covered(self) -> int:
        return len(self.words)

    @property
    def purity(self) -> float:
        """Share in (0, 1] of words that belong to the most frequent category of their cluster."""
        return sum(name == self.named[label] for name, label in self._places) / self.covered

    @property
    def interval(self) -> Interval:
        """Purity with its 95% interval (Wilson), for other words of the same categories and clusters."""
        return wilson(self.purity, self.covered)

    @cached_property
    def by_chance(self) -> Doubles:
        """(DRAWS,) purities of the same clusters with the categories dealt out at random."""
        _, categories = np.unique(self.categories, return_inverse=True)
        generator = np.random.default_rng(0)
        size = int(categories.max()) + 1
        pure = np.empty(DRAWS)
        for draw in range(DRAWS):
            counts = np.bincount(self.labels * size + generator.permutation(categories), minlength=size)
            pure[draw] = np.pad(counts, (0, -len(counts) % size)).reshape(-1, size).max(axis=1).sum() / self.covered
        return pure

    @property
    def chance(self) -> float:
        """The mean purity by chance."""
        return float(self.by_chance.mean())

    @property
    def p_value(self) -> float:
        """How likely the clusters are at least as pure by chance: the share of random draws, the found one counted."""
        return float((1 + (self.by_chance >= self.purity - 1e-12).sum()) / (1 + len(self.by_chance)))

    @cached_property
    def named(self) -> dict[int, str]:
        """The most frequent category of each cluster; of equally frequent ones the first in the alphabet."""
        found = {}
        for label in sorted(set(self.labels.tolist())):
            counted = Counter(name for name, place in self._places if place == label)
            found[label] = min(counted, key=lambda name: (-counted[name], name))
        return found

    @property
    def errors(self) -> list[tuple[str, str, str]]:
        """Words that are in a cluster of another category: (word, its category, that of the cluster)."""
        named = self.named
        return [
            (word, name, named[label])
            for word, (name, label) in zip(self.words, self._places, strict=True)
            if name != named[label]
        ]

    def rows(self) -> list[dict[str, Any]]:
        """Every covered word as a row of a table."""
        named = self.named
        return [
            {"word": word, "category": name, "cluster of": named[label], "is right": name == named[label]}
            for word, (name, label) in zip(self.words, self._places, strict=True)
        ]

    def table(self) -> tuple[Ids, list[str], list[str]]:
        """(C, K) counts of words, with the names of C categories and of K clusters."""
        categories = list(dict.fromkeys(self.categories))
        order = sorted(self.named, key=lambda label: categories.index(self.named[label]))
        counts = np.array([[self._places.count((name, label)) for label in order] for name in categories])
        return counts, categories, [self.named[label] for label in order]

    @property
    def _places(self) -> list[tuple[str, int]]:
        return list(zip(self.categories, self.labels.tolist(), strict=True))


def read_categories(path: Given, *, encoding: str | None = None) -> dict[str, list[str]]:
    """Words by category, in one of three layouts.

    - A word and its category in each line, between tabs, semicolons, commas or blanks. A heading such as "word,
      category" says which is which; without one, categories are on the side that has fewer different ones.
    - Words below ": category" lines, one a line or several between commas, semicolons or tabs.
    - "category: word, word, ..." in each line.

    Args:
        path: of the file; or a `NamedFile`, its name and bytes.
        encoding: where it is not UTF-8 and has no byte-order mark.

    Raises:
        InvalidText: no such file, another encoding, fewer than two categories, or a line that does not fit.
        InvalidSetting: an unknown encoding.
    """
    file = opened(path)
    lines = lines_in(file, encoding)
    found: dict[str, list[str]] = {}
    if lines and lines[0].text.startswith(":"):
        words: list[str] = []
        for line in lines:
            if line.text.startswith(":"):
                words = found.setdefault(line.text[1:].strip(), [])
            else:
                words += _several(line.text)
    elif lines and is_named(lines[0].text):
        for line in lines:
            name, _, listed = line.text.partition(":")
            if not is_named(line.text):
                raise refused(file.name, line, "a category, a colon and its words", "fruit: apple, pear")
            found.setdefault(name.strip(), []).extend(_several(listed, blanks=True))
    else:
        delimiter = delimiter_of(lines, 2, 2)
        if delimiter is None:
            raise InvalidText(f"{file.name} holds no categories: write a word and its category in a line: {_EXAMPLE}")
        named = [field.lower() in _HEADINGS for field in fields_of(lines[0].text, delimiter)]
        pairs = []
        for line in lines[any(named) :]:
            fields = fields_of(line.text, delimiter)
            if len(fields) != 2 or not all(fields):
                raise refused(file.name, line, "a word and its category", _EXAMPLE)
            pairs.append(fields)
        # Without a heading the categories are on the side with fewer different ones.
        first = named[0] if any(named) else len({a for a, _ in pairs}) < len({b for _, b in pairs})
        for pair in pairs:
            name, word = pair if first else pair[::-1]
            found.setdefault(name, []).append(word)
    if len(found) < 2:
        raise InvalidText(f"{file.name} has {len(found)} category; clusters need 2 or more: add words of another.")
    return found


def is_named(line: str) -> bool:
    """Whether a line gives a category with its words: "fruit: apple, pear"."""
    return "::" not in line and bool(_NAMED.fullmatch(line))


def _several(listed: str, *, blanks: bool = False) -> list[str]:
    """Words between commas, semicolons or tabs; between blanks where there are none of these, if that is asked for."""
    parts = BETWEEN.split(listed) if not blanks or BETWEEN.search(listed) else listed.split()
    return [word for part in parts if (word := part.strip(' "'))]


def category_purity(
    vectors: WordVectors,
    categories: Mapping[str, Sequence[str]],
    *,
    beside: Sequence[WordVectors] = (),
    seed: int = 0,
) -> CategoryScore:
    """Clusters the words by spherical k-means into as many clusters as categories, and says how pure they are.

    Purity is that of Manning, Raghavan and Schütze (2008, section 16.3): it is 1 where each cluster is a category, and
    never below the share of the largest category.

    Args:
        categories: words by category, found as typed ones are; a word of several counts for the first, and one whose
            vector is zero does not count as known.
        beside: other vectors that must know a word, too, so that all are scored on the same words.

    Raises TooFewWords: known words of fewer than two categories.
    """
    places: dict[int, str] = {}  # category by row
    asked: set[int | str] = set()  # rows, and words that are none
    for name, words in categories.items():
        for word in words:
            row = known_row(vectors, word)
            asked.add(word if row is None else row)
            if row is not None and all(known_row(other, word) is not None for other in beside):
                places.setdefault(row, name)
    rows = np.array(list(places), dtype=np.int64)
    unit = vectors.unit_rows(rows) if len(rows) else np.empty((0, vectors.dimensions), np.float32)
    directed = unit.any(axis=1)
    rows, unit = rows[directed], unit[directed]
    names = tuple(places[row] for row in rows.tolist())
    if len(set(names)) < 2:
        raise TooFewWords(
            f"Of {len(categories)} categories, {len(set(names))} has a known word; 2 are needed: choose vectors that "
            "hold more of these words."
        )
    labels = clusters(unit, len(set(names)), seed=seed)
    return CategoryScore(tuple(vectors.words[row] for row in rows.tolist()), names, labels, len(asked))
