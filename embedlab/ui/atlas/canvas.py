"""The canvas: components that are one map in the browser.

`draw` sends the map itself, which never changes and is therefore sent once; `show` what it shows now, a few hundred
bytes with each run of the page; `layer` colors by a column, and the places of a second map. Their scripts, and that of
the stand-alone page, are the files beside this one; they are put together here.
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

from embedlab.arrays import Array
from embedlab.atlas import districts
from embedlab.atlas.word_map import WordMap, to_bytes, with_head
from embedlab.charts.theme import DARK, LIGHT, Theme, rgb
from embedlab.text.languages import language_of
from embedlab.ui.address import address

KEY = "atlas_map"  # of the component; its clicks come under this key
VIEW = "view"  # in the address: the place on the map and how large it is, which the browser writes itself
_PLACE = re.compile(r"-?\d+(\.\d+)?,-?\d+(\.\d+)?,\d+(\.\d+)?")
DRAWING = ("names.js", "points.js", "picture.js", "gestures.js", "atlas.js")
_JOINING = 300  # most frequent words among which those that only join others are named late
SCALE = 7  # colors of a scale


def beside(name: str) -> str:
    """The text of a file of this folder."""
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


def drawing(last: str) -> str:
    """The scripts that draw a map, with the one of this name, which puts it into a page."""
    colors = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in _COLORS.items())
    return colors + "\n".join(map(beside, (*DRAWING, last)))


@cache
def _component(name: Literal["map", "control", "paint", "second"]) -> ComponentRenderer:
    if name == "map":
        css, script = beside("atlas.css"), drawing("streamlit.js")
    elif name == "control":
        css, script = None, beside("control.js")
    else:
        css, script = None, beside("layer.js") + f'export default layer("{name}");\n'
    return st.components.v2.component(f"embedlab_atlas_{name}", css=css, js=script, isolate_styles=False)


class Shown(NamedTuple):
    """What a map shows."""

    words: int  # on the map that this is about; another map leaves it alone
    word: int  # row of the word that is picked; -1: none
    near: Sequence[int]  # rows of its nearest in the full space
    said: str  # the picture in words
    scheme: str = "district"  # what colors say: district, kept, layer
    range: tuple[float, float] = (0.0, 1.0)  # of shares kept, from one end of the scale to the other
    labels: Sequence[str] = ()  # of the scale
    outline: Sequence[Sequence[float]] = ()  # around words that are selected: its corners

    def as_data(self) -> dict[str, Any]:
        """For the browser."""
        return self._asdict()


def scale(theme: Theme, steps: int = SCALE) -> list[str]:
    """Colors from the theme's second color over a gray one to its accent: safe for color-blind readers."""
    low, middle, high = (np.array(rgb(color)) for color in (theme.second, theme.muted, theme.accent))
    found = []
    for part in np.linspace(0, 1, steps):
        mixed = low + (middle - low) * 2 * part if part < 0.5 else middle + (high - middle) * (2 * part - 1)
        found.append("#" + "".join(f"{round(value):02x}" for value in mixed.tolist()))
    return found


STEPS = {theme.name: scale(theme) for theme in (LIGHT, DARK)}
_COLORS = {"PALETTE": {theme.name: list(theme.palette) for theme in (LIGHT, DARK)}, "STEPS": STEPS}


def map_bytes(word_map: WordMap) -> bytes:
    """A map for the browser, with the words that are named late and the hue of each district."""
    first = word_map.words[:_JOINING]
    language = language_of(" ".join(first))
    common = language.common if language else frozenset()
    late = [row for row, word in enumerate(first) if word in common]
    return to_bytes(word_map, late=late, hues=districts.hues(word_map.district_places, len(LIGHT.palette)))


def layer_bytes(head: dict[str, Any], numbers: Array) -> bytes:
    """A layer for the browser: a head in JSON and one array, as a map's bytes."""
    return with_head(head | {"words": len(numbers)}, numbers.tobytes())


def draw(map_bytes: bytes, *, on_pick: Callable[[int], None], on_outline: Callable[[list[list[float]]], None]) -> None:
    """The map; a click on a word calls back with its row, an outline around words with its corners."""

    def picked() -> None:
        if (row := st.session_state[KEY].get("picked")) is not None:
            on_pick(int(row))

    def outlined() -> None:
        if corners := st.session_state[KEY].get("outline"):
            on_outline(corners)

    if _PLACE.fullmatch(st.query_params.get(VIEW, "")):
        address.understood(VIEW)
    _component("map")(key=KEY, data=map_bytes, on_picked_change=picked, on_outline_change=outlined)


def show(shown: Shown) -> None:
    """What the map shows."""
    _component("control")(key="atlas_control", data=shown.as_data(), height=1)


def layer(kind: Literal["paint", "second"], data: bytes) -> None:
    """A layer upon the map: colors, or the places of a second map."""
    _component(kind)(key=f"atlas_layer_{kind}", data=data, height=1)
