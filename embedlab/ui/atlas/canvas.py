"""The canvas: components that are one map in the browser.

`draw` sends the map itself, which never changes and is therefore sent once; `show` what it shows now, which also draws
the picked word's neighbors as bars, a few hundred bytes with each run of the page; `layer` the colors, and the places
of a second map. Their scripts, and that of the stand-alone page, are the files beside this one; they are put together
here.
"""

import json
import re
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from embedlab.arrays import Array, Doubles
from embedlab.atlas import naming
from embedlab.atlas.word_map import with_head
from embedlab.charts.theme import DARK, LIGHT, Theme, rgb
from embedlab.ui.address import address

KEY = "atlas_map"  # of the component; its clicks come under this key
VIEW, MOVED = "view", "moved"  # names in the address, which the browser writes itself
DRIFTING = {
    VIEW: re.compile(r"-?\d+(\.\d+)?,-?\d+(\.\d+)?,\d+(\.\d+)?"),  # the place on the map, and how large it is
    MOVED: re.compile(r"0(\.\d+)?"),  # how far words have moved to their places on a second map, if not all the way
}
_OF_NAMES = ("FONT", "LOUD", "LONGEST", "LOWEST", "STEPS", "DISTRICTS_UNTIL")  # what scripts and `naming` must share
DRAWING = ("points.js", "picture.js", "gestures.js", "atlas.js")
SCALE = 7  # colors of a scale


def beside(name: str) -> str:
    """The text of a file of this folder."""
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


def drawing(last: str) -> str:
    """The scripts that draw a map, with the one of this name, which puts it into a page."""
    given = {name: getattr(naming, name) for name in _OF_NAMES} | {"MARKUP": beside("map.html")}
    constants = [f"const {name} = {json.dumps(value, ensure_ascii=False)};" for name, value in given.items()]
    return "\n".join([*constants, *map(beside, (*DRAWING, last))])


@cache
def _component(name: Literal["map", "shown", "paint", "second"]) -> ComponentRenderer:
    if name == "map":
        css, script = beside("atlas.css"), drawing("streamlit.js")
    else:
        css, script = None, beside("part.js").replace("KIND", name)  # short, as it is sent with each run
    return st.components.v2.component(f"embedlab_atlas_{name}", css=css, js=script, isolate_styles=False)


class Outline(NamedTuple):
    """A line that a visitor drew around words."""

    corners: Sequence[Sequence[float]]
    mix: float = 0  # how far words had moved to their places on the second map


class Shown(NamedTuple):
    """What a map shows."""

    words: int  # on the map that this is about; another map leaves it alone
    word: int  # row of the word that is picked; -1: none
    near: Sequence[int]  # rows of its nearest in the full space
    cosines: Sequence[float]  # of these
    outline: Outline | None = None

    def as_data(self) -> dict[str, Any]:
        """For the browser; its values are tuples, which Streamlit takes for no tables (see `Slider.played_in`)."""
        said: dict[str, Any] = self._asdict() | {"near": tuple(self.near), "cosines": tuple(self.cosines)}
        return said if said.pop("outline") is None else said | {"outline": self.outline}


def scale(theme: Theme, steps: int = SCALE) -> list[str]:
    """Colors from the theme's second color over a gray one to its accent: safe for color-blind readers."""
    low, middle, high = (np.array(rgb(color)) for color in (theme.second, theme.muted, theme.accent))
    found = []
    for part in np.linspace(0, 1, steps):
        mixed = low + (middle - low) * 2 * part if part < 0.5 else middle + (high - middle) * (2 * part - 1)
        found.append(_hex(mixed))
    return found


def _hex(color: Doubles) -> str:
    return "#" + "".join(f"{round(value):02x}" for value in color.tolist())


def pale(theme: Theme) -> list[str]:
    """The theme's palette, a quarter of the way to its paper: for what names stand upon."""
    paper = np.array(rgb(theme.paper))
    mixed = [0.75 * np.array(rgb(color)) + 0.25 * paper for color in theme.palette]
    return [_hex(color) for color in mixed]


STEPS = {theme.name: scale(theme) for theme in (LIGHT, DARK)}
PALE = {theme.name: pale(theme) for theme in (LIGHT, DARK)}


def layer_bytes(words: int, head: dict[str, Any], *arrays: Array) -> bytes:
    """A layer for the browser upon a map of so many words: a head in JSON and arrays, as a map's bytes."""
    return with_head(head | {"words": words}, *(numbers.tobytes() for numbers in arrays))


def draw(map_bytes: bytes, *, on_pick: Callable[[int], None], on_outline: Callable[[Outline], None]) -> None:
    """The map; a click on a word calls back with its row, a line around words with that."""

    def picked() -> None:
        if (row := st.session_state[KEY].get("picked")) is not None:
            on_pick(int(row))

    def outlined() -> None:
        if drawn := st.session_state[KEY].get("outline"):
            on_outline(Outline(**drawn))

    for name, form in DRIFTING.items():
        if form.fullmatch(st.query_params.get(name, "")):
            address.understood(name)
    _component("map")(key=KEY, data=map_bytes, on_picked_change=picked, on_outline_change=outlined)


def show(shown: Shown) -> None:
    """What the map shows; draws the neighbors of the picked word as bars, of which a click picks one."""
    _component("shown")(key="atlas_shown", data=shown.as_data())


def layer(kind: Literal["paint", "second"], data: bytes) -> None:
    """A layer upon the map: colors, or the places of a second map."""
    _component(kind)(key=f"atlas_layer_{kind}", data=data, height=1)
