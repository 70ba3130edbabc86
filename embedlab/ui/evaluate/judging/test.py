"""What the tests of the page Evaluate have in common: what each has to do, and the spaces that it is about."""

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, Protocol, TypeVar

import streamlit as st

from embedlab.charts.templates import Spec
from embedlab.charts.theme import Theme
from embedlab.errors import EmbedlabError, TooFewWords
from embedlab.evaluation.intervals import Interval
from embedlab.evaluation.published import PUBLISHED, Published, beside
from embedlab.ui import cache, shell, widgets
from embedlab.ui.tables import data_table
from embedlab.ui.widgets import File
from embedlab.ui.words import looks
from embedlab.vectors.word_vectors import WordVectors

S = TypeVar("S")  # what a test's form holds
R = TypeVar("R")  # what a test finds
F = TypeVar("F", covariant=True)  # what comes of a form
Shown = TypeVar("Shown", contravariant=True)


class Space(NamedTuple):
    """A set of vectors under its name in the library."""

    name: str
    vectors: WordVectors

    @property
    def key(self) -> str:
        """For what depends on this space."""
        return f"{self.name} {cache.serial(self.vectors)}"


def look_instead(spaces: Sequence[Space]) -> Callable[[EmbedlabError], None]:
    """For `shell.attempt`: where the spaces know too few words of a test, the first look at each."""

    def draw(error: EmbedlabError) -> None:
        if isinstance(error, TooFewWords):
            for side, space in enumerate(spaces):
                looks.known_instead(space.vectors, space.name, f"{side} {space.key}")

    return draw


class Form(Protocol[S, F]):
    """What a person fills in, and what comes of it."""

    def ask(self, spaces: list[Space]) -> S:
        """Draws the test's form."""

    def find(self, settings: S) -> F | None:
        """The result; shows the error itself where there is none."""

    def tries(self) -> dict[str, dict[str, str]]:
        """Titles of examples, and the inputs that each sets."""


class Judge(Protocol[Shown]):
    """What shows a result: the contract of pages from `picture` to `files`."""

    def picture(self, result: Shown, theme: Theme) -> None:
        """The test's charts."""

    def figures(self, result: Shown) -> None:
        """The row of metrics."""

    def what_you_see(self, result: Shown) -> list[str]:
        """Sentences with this run's numbers, in Markdown."""

    def numbers(self, result: Shown) -> None:
        """The table."""

    def code(self) -> tuple[Callable[..., Any], ...]:
        """What ran."""

    def files(self, result: Shown, theme: Theme) -> Iterator[File]:
        """Tables and pictures to take away."""


class Test(Form[S, R], Judge[R], Protocol[S, R]):
    """One of the tests that share this page, and that shows what it finds."""


class Judged(NamedTuple):
    """A result, and what shows it."""

    by: Judge[Any]
    result: Any


def attempt_on(subject: str, key: str, compute: Callable[[], R], spaces: Sequence[Space]) -> R | None:
    """As `shell.attempt`, but a result of another subject does not stay below an error: it would look like this one's.

    Args:
        subject: what the result is about.
        key: names the result in this session.
        spaces: looked at where they know too few words.
    """
    given = shell.attempt(key, lambda: (subject, compute()), remedy=look_instead(spaces))
    return given[1] if given is not None and given[0] == subject else None


def metrics(spaces: Sequence[Space], *shown: tuple[str, Sequence[str], str]) -> None:
    """A row of metrics, each of a label, its value in each space (the second below the first), and help."""
    for column, (label, values, explained) in zip(st.columns(len(shown)), shown, strict=True):
        second = f"{shell.as_text(spaces[1].name)}: {values[1]}" if len(values) > 1 else None
        column.metric(label, values[0], second, "off", help=explained, delta_arrow="off")


def is_that_good(test: str, ours: Sequence[Published], *, percent: bool) -> None:
    """Published scores of a test with those shown here among them, in a box that opens."""
    with st.expander("Is that good? Published scores"):
        columns = {"score": "score", "semantic": "meaning", "syntactic": "grammar"}
        shown = [name for name in columns if any(getattr(one, name) is not None for one in PUBLISHED[test])]

        def said(score: float | None) -> str:
            return "" if score is None else f"{score:.1%}" if percent else shell.decimal(score, 3)

        rows = beside(test, ours)
        sources = list(dict.fromkeys(one.source for one in rows if one not in ours))
        data_table.draw(
            [
                {"vectors": f"➤ {one.vectors}" if one in ours else one.vectors}
                | {columns[name]: said(getattr(one, name)) for name in shown}
                | {"source": "" if one in ours else f"[{sources.index(one.source) + 1}]", "learned from": one.text}
                for one in rows
            ],
            column_config={columns[name]: st.column_config.TextColumn(alignment="right") for name in shown},
        )
        st.caption(
            "➤ these vectors. Papers ask among other words, and their vectors learned from other texts: the figures "
            "say what is usual, not which vectors are better."
        )
        st.caption("  \n".join(f"[{place}] {shell.as_text(source)}" for place, source in enumerate(sources, 1)))


def signed(number: float, digits: int) -> str:
    """With its sign, for a sentence."""
    return f"{number:+.{digits}f}".replace("-", "−")


def p_value(number: float) -> str:
    """Two digits, or what it is below; a dash where there is none."""
    return "–" if math.isnan(number) else "below 0.0001" if number < 1e-4 else f"{number:.2g}"


def verdict(gain: Interval) -> str:
    """What the interval of a difference says."""
    return "The difference is significant." if gain.is_clear else "The difference could be chance."


def pictures(spaces: Sequence[Space], charts: Sequence[Callable[[], Spec]], name: str, theme: Theme) -> Iterator[File]:
    """Each space's chart as files; the name without its ending."""
    for number, (space, draw) in enumerate(zip(spaces, charts, strict=True), 1):
        which, ending = (f": {shell.as_text(space.name)}", f"-{number}") if len(charts) > 1 else ("", "")
        yield from widgets.pictures(draw, f"Picture{which}", f"{name}{ending}", theme)
