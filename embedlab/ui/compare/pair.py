"""What the page Compare works on: two spaces made ready, and the job that ranks their words."""

from typing import NamedTuple

import numpy as np
import streamlit as st

from embedlab.arrays import Doubles
from embedlab.comparison.alignment import Alignment
from embedlab.comparison.overlap import MOST_SHARED, Shared
from embedlab.ui import cache, jobs, shell
from embedlab.ui.pool import Job
from embedlab.ui.vector_choice import Loaded
from embedlab.vectors.first_look import some_words
from embedlab.vectors.word_vectors import WordVectors
from embedlab.workers import recorded

ALL = "all"
OPENING = "king"
RANKED: tuple[int | str, ...] = (500, 1_000, 2_000, 5_000, 10_000, ALL)  # words whose neighbors are compared
_TELLING = 8  # words that are tried first
_PATIENCE = 2.5  # seconds that ranking may take without a progress bar


class Pair(NamedTuple):
    """Two spaces and what they share."""

    names: tuple[str, str]
    dimensions: tuple[int, int]
    sizes: tuple[int, int]  # words of either
    key: str
    shared: Shared
    turned: tuple[Alignment, WordVectors]
    cka: float  # linear CKA; nan where all words of a space have one vector

    @property
    def same(self) -> bool:
        """A space beside itself."""
        return self.names[0] == self.names[1]

    @property
    def opening_row(self) -> int:
        """The row of the word that the page opens with, or the first one that has neighbors where it has none."""
        row = self.shared.index.get(OPENING)
        return row if row is not None and self.shared.directed[row] else int(self.shared.directed.argmax())

    @property
    def told_apart(self) -> tuple[str, str]:
        """The names, numbered where they are the same."""
        first, second = self.names
        return (f"{first} (1)", f"{second} (2)") if self.same else self.names

    @property
    def shown(self) -> tuple[str, str]:
        """The same for Markdown."""
        first, second = (shell.as_text(name) for name in self.told_apart)
        return first, second


def pair(first: Loaded, second: Loaded) -> Pair:
    """Two spaces made ready.

    Raises:
        InvalidSetting: fewer than two shared words.
    """
    spaces = (first.vectors, second.vectors)
    names = (first.name, second.name)
    shipped = spaces[0] is cache.bundled_vectors() and spaces[1] is cache.counted_vectors()
    key = recorded.shipped_sets() if shipped else f"{cache.serial(spaces[0])} {cache.serial(spaces[1])}"
    shared, turned, cka = cached_shared(key, spaces, names, MOST_SHARED)
    dimensions, sizes = (spaces[0].dimensions, spaces[1].dimensions), (len(spaces[0]), len(spaces[1]))
    return Pair(names, dimensions, sizes, key, shared, turned, cka)


def shared_word(first: WordVectors, second: WordVectors) -> str:
    """A word to begin with, where they do not share the usual one: a telling one of the first, else any shared one."""
    words = (*some_words(first, _TELLING), *first.words)
    return next((word for word in words if word in second and first[word].any() and second[word].any()), OPENING)


def ranking(found: Pair, k: int, ranked: int | str) -> Job[Doubles]:
    """The job that computes the overlap of the most frequent words, after a moment's wait; shows why it failed."""
    shared = found.shared
    count = len(shared.words) if ranked == ALL else min(int(ranked), len(shared.words))
    job: Job[Doubles] = jobs.submit(
        f"compare {found.key} {k} {count}",
        lambda: shared.overlaps(k, np.arange(count)),
        total=-(-count // shared.rows_at_once),
        recorded="compare",
    )
    job.wait(_PATIENCE)
    if job.error is not None:
        shell.show_error(job.error)
        st.button("Rank the words again", on_click=job.again)
    return job


@st.cache_resource(show_spinner=False, max_entries=3)  # up to 120 MB and as much again for what is turned
def cached_shared(
    key: str, _spaces: tuple[WordVectors, WordVectors], names: tuple[str, str], most: int
) -> "tuple[Shared, tuple[Alignment, WordVectors], float]":
    """What two spaces share, the first turned onto the second, and CKA; `key` is of both `serial` numbers."""
    from embedlab.comparison.alignment import turn
    from embedlab.comparison.cka import linear_cka
    from embedlab.comparison.overlap import share

    common = share(*_spaces, most)
    return common, turn(common, names), linear_cka(common)
