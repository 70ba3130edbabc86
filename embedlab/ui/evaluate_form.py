"""Whose scores the page Evaluate shows: one space, and a second one beside it."""

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

import streamlit as st

from embedlab.charts import export, scores
from embedlab.charts.theme import Theme
from embedlab.errors import EmbedlabError
from embedlab.ui import cache, library, shell
from embedlab.ui.widgets import File
from embedlab.vectors import WordVectors

NONE = "none"
_LONGEST_ASKED = 80  # letters of a name in a link that are shown
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
        first = library.choice()
    chosen = [Space(first.name, first.vectors)]
    others = [name for name in library.names() if name != first.name]
    with right:
        if (asked := st.query_params.get("beside", NONE)) not in (NONE, first.name, *others):
            shown = shell.as_text(asked[:_LONGEST_ASKED])
            st.info(f"“{shown}” is not loaded here: load or download it on the page Vectors.", icon="📦")
        help_text = "A second set, scored on the same questions. Both then know only the words that they share."
        name = st.selectbox("Beside it", [NONE, *others], key="beside", bind="query-params", help=help_text)
        if name != NONE:
            try:
                with st.spinner(f"Opening {shell.as_text(name)}"):
                    chosen.append(Space(name, library.load(name).vectors))
            except EmbedlabError as error:
                shell.show_error(error)
    return chosen


def compared(values: list[str]) -> dict[str, str]:
    """The second space's value for the line under a metric."""
    return {"delta": values[1], "delta_color": "off", "delta_arrow": "off"} if len(values) > 1 else {}


def untried(examples: dict[str, dict[str, str]]) -> list[tuple[str, dict[str, str]]]:
    """At most two of a test's examples that would change something, and one that sets both boxes."""
    ours = {
        "Beside vectors that were counted": {"vectors": library.BUNDLED, "beside": library.COUNTED},
        "The bundled vectors alone": {"vectors": library.BUNDLED, "beside": NONE},
    }

    def new(values: dict[str, str]) -> bool:
        return any(st.session_state.get(key) != value for key, value in values.items())

    first, last = ([(title, values) for title, values in few.items() if new(values)] for few in (examples, ours))
    return [*first[:_TRIED], *last[:1]]


def pictures(chart: scores.Chart, label: str, name: str, theme: Theme) -> Iterator[File]:
    """A chart as files; the name without its ending."""
    for kind, mime, make in (("PNG", "image/png", export.to_png), ("SVG", "image/svg+xml", export.to_svg)):
        yield File(f"{label} ({kind})", f"{name}.{kind.lower()}", mime, partial(make, chart, theme))
