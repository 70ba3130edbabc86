"""Figures: what a benchmark measured, as plain rows that its command prints and `python -m benchmarks` collects.

Every benchmark has a function `rows(scale)` that yields them as they are measured.
"""

from collections.abc import Iterable
from typing import Literal, NamedTuple, TypeAlias

Scale: TypeAlias = Literal["full", "quick", "tiny"]  # of the data and repeats; "tiny" is for tests and measures nothing


class Missing(SystemExit):
    """What a benchmark needs is not here; the message says what, and how to get it. Its command ends with that."""


class Row(NamedTuple):
    """One kind of work, as embedlab does it and as a peer does, in turn in the same run."""

    work: str  # with its size
    unit: str  # of both figures
    ours: float
    peer: str = ""  # "" where nobody else was measured
    theirs: float | None = None
    more_is_better: bool = False  # a rate; time and memory are better when less
    note: str = ""  # what must be known beside the speed, such as how good the results are

    @property
    def ratio(self) -> float | None:
        """How many times better embedlab is: 2 is twice as fast, or half the memory. None without a peer."""
        if self.theirs is None:
            return None
        return self.ours / self.theirs if self.more_is_better else self.theirs / self.ours

    @property
    def times(self) -> str:
        """The ratio, as it is written; nothing without a peer."""
        return "" if self.ratio is None else f"{self.ratio:.2f}x" if self.ratio < 10 else f"{self.ratio:,.0f}x"

    def __str__(self) -> str:
        figures = f"{number(self.theirs):>10} {number(self.ours):>10} {self.unit:15} {self.times:>8}"
        return f"{self.work:56} {self.peer:34} {figures}  {self.note}".rstrip()


class Result(NamedTuple):
    """What came of one benchmark."""

    name: str  # of its module
    rows: tuple[Row, ...]
    skipped: str = ""  # why it, or its rest, was not measured


HEAD = f"{'':56} {'peer':34} {'peer':>10} {'embedlab':>10} {'':15} {'ratio':>8}"


def number(value: float | None) -> str:
    """With about three digits; nothing for None."""
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.3g}"


def show(rows: Iterable[Row]) -> None:
    """Prints rows as they come."""
    print(HEAD)
    for row in rows:
        print(row, flush=True)
