"""Back, Next, far ahead and a number, for pages that show a computation step by step; also by arrow keys."""

from functools import cache, partial
from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

PLACE = "one_step"  # key of the container in which a page shows a step, its controls among it
_NO_ROOM = """.st-key-stepping { position: absolute; width: 1px !important; overflow: hidden; }
.st-key-one_step [data-testid=stNumberInputContainer] button { display: none; }"""


@cache
def _component() -> ComponentRenderer:
    script = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
    return st.components.v2.component("embedlab_stepping", css=_NO_ROOM, js=script, isolate_styles=False)


def controls(key: str, most: int, *, far: int, begin: int = 1, help: str | None = None) -> int:
    """Draws the controls in a row that the caller opens; returns the number of the step, from 1 to `most`.

    Args:
        key: of the number, which is in the page's address under it.
        far: how many steps the third button goes.
        begin: the step that the page opens with.
    """
    if st.session_state.get(key, 0) > most:  # of a longer course: the input would refuse it
        st.session_state[key] = most
    go = partial(_go, key, begin, most)
    st.button("Back", shortcut="Left", on_click=go, args=(-1,), key=f"{key}_back")
    st.button("Next", shortcut="Right", on_click=go, args=(1,), key=f"{key}_next")
    st.button(f"{far:,} more", on_click=go, args=(far,), key=f"{key}_far")
    number = st.number_input(
        "Step", 1, most, min(begin, most), key=key, bind="query-params", width=76, label_visibility="collapsed",
        help=help,
    )  # fmt: skip
    _component()(key="stepping", height=1)
    return int(number)


def _go(key: str, begin: int, most: int, steps: int) -> None:
    number = st.session_state.get(key, begin) + steps
    st.session_state[key] = min(max(number, 1), most)
