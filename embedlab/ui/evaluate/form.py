"""Whose scores the page Evaluate shows: one space, and a second one beside it."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import streamlit as st

from embedlab.charts.theme import Theme
from embedlab.errors import EmbedlabError
from embedlab.ui import cache, shell, vector_choice, widgets
from embedlab.ui.evaluate.charts import Chart
from embedlab.ui.widgets import File
from embedlab.vectors.word_vectors import WordVectors

NONE = "none"
_TRIED = 2  # examples of a test that are offered


class Space(NamedTuple):
    """A set of vectors under its name in the library."""

    name: str
    vectors: WordVectors

    @property
    def key(self) -> str:
        """For what depends on this space."""
        return f"{self.name} {cache.serial(self.vectors)}"


def spaces() -> list[Space]:
    """One space or two, chosen above the tests' own forms."""
    left, right = st.columns(2, gap="small")
    with left:
        first = vector_choice.choice()
    chosen = [Space(first.name, first.vectors)]
    others = [name for name in vector_choice.names() if name != first.name]
    with right:
        if (asked := st.query_params.get("beside", NONE)) not in (NONE, first.name, *others):
            vector_choice.say_missing(asked)
        help_text = "A second set, scored on the same questions. Both then know only the words that they share."
        name = st.selectbox("Beside it", [NONE, *others], key="beside", bind="query-params", help=help_text)
        if name != NONE:
            try:
                with st.spinner(f"Opening {shell.as_text(name)}"):
                    chosen.append(Space(name, vector_choice.load(name).vectors))
            except EmbedlabError as error:
                shell.show_error(error)
    return chosen


def compared(spaces: Sequence[Space], values: Sequence[str]) -> dict[str, Any]:
    """The second space's value under its name, for the line under a metric; nothing where there is one value."""
    if len(values) < 2:
        return {}
    return {"delta": f"{shell.as_text(spaces[1].name)}: {values[1]}", "delta_color": "off", "delta_arrow": "off"}


def untried(examples: dict[str, dict[str, str]]) -> list[tuple[str, dict[str, str]]]:
    """At most two of a test's examples that would change something, and one that sets both boxes."""
    ours = {
        "Beside vectors that were counted": {"vectors": vector_choice.BUNDLED, "beside": vector_choice.COUNTED},
        "The bundled vectors alone": {"vectors": vector_choice.BUNDLED, "beside": NONE},
    }

    def new(values: dict[str, str]) -> bool:
        return any(st.session_state.get(key) != value for key, value in values.items())

    first, last = ([(title, values) for title, values in few.items() if new(values)] for few in (examples, ours))
    return [*first[:_TRIED], *last[:1]]


def pictures(spaces: Sequence[Space], charts: Sequence[Callable[[], Chart]], name: str, theme: Theme) -> Iterator[File]:
    """Each space's chart as files; the name without its ending."""
    for number, (space, draw) in enumerate(zip(spaces, charts, strict=True), 1):
        which, ending = (f", {shell.as_text(space.name)}", f"-{number}") if len(charts) > 1 else ("", "")
        yield from widgets.pictures(draw, f"Picture{which}", f"{name}{ending}", theme)
