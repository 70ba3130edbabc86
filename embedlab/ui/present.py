"""Present mode: a page before a class, without menu, tables and code, in larger type; on where its address says so."""

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from embedlab.ui.address.address import PRESENT
from embedlab.ui.menu import menu

_STYLE = """<style>
html:root { font-size: 20px; }
[data-testid=stSidebar], [data-testid=stHeader], [data-testid=stExpandSidebarButton] { display: none; }
[data-testid=stDataFrame], .st-key-code_of_home { display: none; }
.stMainBlockContainer { padding: 1.5rem 2rem; }
.numbers table { font-size: 1rem; }  /* read from the last row of a room */
.numbers :is(th, td) { padding: .12rem .25rem; }
.st-key-present_out { position: fixed; top: 0.3rem; right: 0.8rem; width: auto; z-index: 100; }
</style>"""


def is_on() -> bool:
    """Whether this page is presented."""
    return all(st.query_params.get(name) == value for name, value in PRESENT.items())


def kept() -> dict[str, str]:
    """What a link to another page adds to its address, so that it is presented, too."""
    return dict(PRESENT) if is_on() else {}


def navigation() -> StreamlitPage:
    """The app's pages, with the menu or without."""
    return st.navigation(menu(), position="hidden" if is_on() else "sidebar")


def style_and_way_out() -> None:
    """Larger type, less on the page, and a small button that ends it."""
    st.html(_STYLE)
    with st.container(key="present_out"):
        st.button("Leave", key="leave_present", type="tertiary", icon=":material/close:", on_click=_leave)


def _leave() -> None:
    for name in PRESENT:
        del st.query_params[name]
