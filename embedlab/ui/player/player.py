"""Play, pause, speed and loop for a chart's own slider: one small component for every movie of the app.

The chart holds all frames and its slider picks one. This component moves that slider in the browser, as a hand
would; nothing is sent to Python. It also scales the picture to the column it stands in.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from embedlab.charts.templates import Spec
from embedlab.ui.tables import data_table


@cache
def _component() -> ComponentRenderer:
    html, css, js = (Path(__file__).with_suffix(kind).read_text(encoding="utf-8") for kind in (".html", ".css", ".js"))
    return st.components.v2.component("embedlab_player", html=html, css=css, js=js, isolate_styles=False)


@contextmanager
def stage(name: str, *, fitted: bool = False) -> Iterator[str]:
    """A container for one movie and its controls, as wide as the column; yields its key, for `controls`.

    Args:
        fitted: the chart itself takes the width of its place; others are shrunk, their words less so.
    """
    key = f"movie_{'fitted_' if fitted else ''}{name}"
    with st.container(key=key):
        yield key


class Slider(NamedTuple):
    """A chart's slider, and how it is played."""

    param: str  # its name in the chart
    seconds: float = 6.0  # that the whole movie takes at speed 1
    # Where the slider goes through frames that are not evenly spaced, what it says of each, such as the iteration:
    counts: Sequence[int] = ()
    unit: str = ""
    glides: bool = True  # whether the chart has pictures between two places of the slider

    def played_in(self, container: str, token: str) -> dict[str, Any]:
        """What player.js is told: the slider, the container of its chart, and what to play by itself."""
        # Streamlit loads pandas to look whether a list is a table; a tuple is none.
        return {"container": container, "token": token, **self._asdict(), "counts": tuple(self.counts)}


def controls(container_key: str, slider: Slider, *, view: str = "") -> Any:
    """Play/Pause, speed and loop for the slider of the chart in a container; to be called before the chart is drawn.

    The slider stands beside the buttons where there is room, and above the picture everywhere.

    Args:
        container_key: from `stage`; the chart comes into the same container.
        view: what the movie shows, by `shell.view`. It plays by itself once for each new one, when it is first seen,
            until the slider is touched (never where the visitor's system asks for less motion); not at all where empty.
    """
    return _component()(key=f"player_{container_key}", data=slider.played_in(container_key, view))


def picture(movie: Spec, *, key: str, alt: str) -> None:
    """The chart of a movie, after its controls; its datasets are sent as Arrow, in which Streamlit sends rows, too.

    Args:
        key: of the chart.
        alt: what is said of it where it is not seen.
    """
    datasets = {name: data_table.arrow(rows) for name, rows in movie["datasets"].items()}
    st.vega_lite_chart(movie | {"datasets": datasets}, width="content", key=key, alt=alt)
