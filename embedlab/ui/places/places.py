"""Places of a page that a link can open it at: `?at=pairs` brings the section "pairs" into view on arrival at the page.

Back and Forward, and whatever is clicked on the page, leave the view where it is.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from embedlab.ui.address import address

AT = "at"  # in the address
_STYLE = """[class*=st-key-at_] { scroll-margin-top: 4rem; }
.st-key-place { position: absolute; width: 1px !important; overflow: hidden; }"""


@cache
def _component() -> ComponentRenderer:
    script = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
    return st.components.v2.component("embedlab_place", css=_STYLE, js=script, isolate_styles=False)


@contextmanager
def place(name: str) -> Iterator[None]:
    """A section that links can lead to; what is drawn in it stands there."""
    with st.container(key=f"at_{name}"):
        if st.query_params.get(AT) == name:
            address.understood(AT)
            if arrival := address.arrival():
                _component()(key="place", data={"place": f"at_{name}", "arrival": arrival}, height=1)
        yield
