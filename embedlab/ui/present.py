"""Pages that stand elsewhere, without the menu: before a class, in larger type; or in a frame of another page.

Their addresses say so: `PRESENT`, or Streamlit's own `embed=true`.
"""

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from embedlab.ui.address.address import PRESENT
from embedlab.ui.menu import menu

_STYLE = """<style>
html:root { font-size: clamp(16px, 1.5625vw, 20px); }  /* a small projector shows what a large one does */
[data-testid=stSidebar], [data-testid=stHeader], [data-testid=stExpandSidebarButton] { display: none; }
[data-testid=stDataFrame], .st-key-code_of_home { display: none; }
.stMainBlockContainer { padding: 1.5rem 2rem; }
.numbers table { font-size: 1rem; }  /* read from the last row of a room */
.numbers :is(th, td) { padding: .12rem .25rem; }
.st-key-present_out { position: fixed; top: 0.3rem; right: 0.8rem; width: auto; z-index: 100; }
</style>"""
# In a frame there is little room: a small title, and movie or picture before the form and everything else.
_IN_A_FRAME = """<style>
[data-testid=stSidebar], [data-testid=stHeader], [data-testid=stExpandSidebarButton] { display: none; }
.st-key-guess, .st-key-remember { display: none; }
.stMainBlockContainer { padding: 0.6rem 0.9rem 1rem; }
.stMainBlockContainer h1 { font-size: 1.35rem; padding: 0 0 0.4rem; }
.stMainBlockContainer > .stVerticalBlock { gap: 0.5rem; }
.stMainBlockContainer > .stVerticalBlock > :is(:has(h1), :has(h1) + *) { order: -3; }
.stMainBlockContainer > .stVerticalBlock > :has(> .st-key-form_and_picture) { order: -1; }
.stMainBlockContainer > .stVerticalBlock > :has([class*=st-key-movie_]):not(:has(.stTabs)) { order: -2; }
.st-key-closer_look > :has([class*=st-key-movie_]) { order: -1; }
[class*=st-key-movie_]:not([class*=st-key-movie_fitted_]) { max-width: 560px; }
@media (max-width: 900px) {
  .st-key-form_and_picture > * > .stHorizontalBlock { flex-direction: column; }
  .st-key-form_and_picture > * > .stHorizontalBlock > .stColumn { width: 100%; flex: none; }
  .st-key-form_and_picture > * > .stHorizontalBlock > .stColumn:last-child { order: -1; }
}
</style>"""


def is_in_a_frame() -> bool:
    """Whether this page is embedded in another one."""
    return bool(st.context.is_embedded)


def style_in_a_frame() -> None:
    """Less on the page, and the picture first."""
    st.html(_IN_A_FRAME)


def is_on() -> bool:
    """Whether this page is presented."""
    return all(st.query_params.get(name) == value for name, value in PRESENT.items())


def kept() -> dict[str, str]:
    """What a link to another page adds to its address, so that it is presented, too."""
    return dict(PRESENT) if is_on() else {}


def navigation() -> StreamlitPage:
    """The app's pages, with the menu or without."""
    return st.navigation(menu(), position="hidden" if is_on() or is_in_a_frame() else "sidebar")


def style_and_way_out() -> None:
    """Larger type, less on the page, and a small button that ends it."""
    st.html(_STYLE)
    with st.container(key="present_out"):
        st.button("Leave", key="leave_present", type="tertiary", icon=":material/close:", on_click=_leave)


def _leave() -> None:
    for name in PRESENT:
        del st.query_params[name]
