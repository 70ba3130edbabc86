"""What every page begins with: menu, titles, colors, and errors as sentences.

Streamlit runs a page without the entrypoint when its address is the first thing asked of a fresh process, and in
tests that switch pages. So whichever comes first draws the menu: `run_app` says in the session that it has done so,
`open_page` draws it when nobody did.
"""

import re
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer
from streamlit.delta_generator import DeltaGenerator

from embedlab.charts.theme import DARK, LIGHT, Theme
from embedlab.errors import DownloadCanceled, EmbedlabError, TooFewWords
from embedlab.library import memory
from embedlab.ui import present
from embedlab.ui.address import address
from embedlab.ui.menu import PAGES, item
from embedlab.ui.turns import SCRIPTS
from embedlab.wording import first_and_more

T = TypeVar("T")
_PAPER = """.st-key-theme { position: absolute; width: 1px !important; overflow: hidden; }
.st-key-theme i { display: block; height: 1px; background: var(--st-background-color); transition: background 1ms; }"""
LOGO, ICON = (Path(__file__).with_name(name) for name in ("logo.svg", "icon.svg"))
_TURNING = "\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069"
_TURNS = re.compile(f"(\u2068[^{_TURNING}]*\u2069)|[{_TURNING}]")  # isolated words, which turn nothing else, and signs
# A row of figures; not the row of a form and a picture that has figures below it.
_COLUMN = "> .stColumn > .stVerticalBlock > .stElementContainer > .stMetric"
_FIGURES = f".stHorizontalBlock:has({_COLUMN}, > .stElementContainer > .stMetric)"
_STYLE = """<style>
.stMainBlockContainer { padding-top: 3.4rem; padding-bottom: 2.5rem; }  /* in place of 6rem and 10rem */
/* Of a row of figures the first is the headline. */
FIGURES > :not(:first-child) [data-testid=stMetricValue] { font-size: 1.35rem; }
.st-key-small_figures .stHorizontalBlock .stMetric [data-testid=stMetricValue] { font-size: 1.35rem; }
/* Buttons under "Try this" say what will be seen, on two lines where one is too short. */
[class*=st-key-tries_] button { height: auto; text-align: left; }
[class*=st-key-tries_] button * { white-space: normal; overflow: visible; }
/* A chart's toolbar lies on the chart, never on what stands above it: a button, or the controls of a movie. */
[data-testid=stFullScreenFrame]:has(.stVegaLiteChart) [data-testid=stElementToolbar] { top: 0; }
/* Above a matrix, whose last columns have their names there, to be clicked. */
[class*=st-key-matrix_] [data-testid=stFullScreenFrame] [data-testid=stElementToolbar] { top: -3.25rem; }
/* In two lines where one is too short. */
:is([data-testid=stMetricLabel], [data-testid=stMetricValue]) * {
  white-space: normal !important; overflow: visible !important;
}
[data-testid=stMetricValue] { overflow-wrap: anywhere; }
[data-testid=stMetricLabel] { height: auto; }
[data-testid=stPageLink] :is([data-testid=stMarkdownContainer], :has(> [data-testid=stMarkdownContainer]), p) {
  white-space: normal !important;
}
[class*=st-key-first_look] button { min-height: 0; padding-block: .1rem; }
/* `address.js` marks a form whose inputs are not those of the picture any more. Said below the button, which must not
   move away from the click that ends an input. */
[data-testid=stForm][data-changed] [data-testid=stFormSubmitButton]::after {
  content: "Changed, not yet used."; display: block; font-size: .875rem; padding-top: .3rem;
}
/* Where a form is longer than the window, the button and what it says stay in sight. */
[data-testid=stForm][data-changed] .stElementContainer:has([data-testid=stFormSubmitButton]) {
  position: sticky; bottom: 0; z-index: 1; padding-block: .4rem; background: PAPER;
}
[data-testid=stMain]:has([data-changed]) { scroll-padding-bottom: 6rem; }  /* it hides no input that Tab goes to */
.katex-display { overflow: visible !important; }  /* no formula here is wider than a phone, whatever its font */
/* Streamlit's colors of code are too light, most of all in light mode. */
.stCode code .token[class] { color: inherit; }
.stCode code .token:is(.keyword, .function, .class-name, .tag) { color: ACCENT; }
.stCode code .token:is(.string, .comment) { color: MUTED; }
[data-testid=stCaptionContainer] :is(a, code) { color: inherit; }  /* their own colors are too light in small print */
@media (hover: none) {
  /* Without a mouse a table's toolbar always shows: it has a line of its own, and hides neither names of columns nor
     buttons above. */
  [data-testid=stFullScreenFrame] > .stDataFrame { margin-top: 2.25rem; }
  [data-testid=stFullScreenFrame] > .stDataFrame > [data-testid=stElementToolbar] { top: -2.75rem; }
  [data-testid=stFullScreenFrame]:has([aria-label="Close fullscreen"]) > .stDataFrame { margin-top: 1.25rem; }
  /* What is smaller than a fingertip is reached 24 px wide and high. */
  button[aria-label^=Help] { position: relative; }
  button[aria-label^=Help]::after { content: ""; position: absolute; inset: -.25rem; }
  [data-testid=stBaseButton-tertiary], [data-testid^=stTabsScroll] { min-width: 1.5rem; }
}
@media (max-width: 640px) {
  /* Options that need two lines are single buttons, of lines alike in length: joined ones would lack an edge where a
     line ends. */
  [role=radiogroup]:has(> [data-variant=segmented_control]:nth-child(4)) {
    display: block; margin-bottom: -.25rem; text-wrap: balance;
  }
  [role=radiogroup]:has(> :nth-child(4)) > [data-variant=segmented_control] {
    margin: 0 .25rem .25rem 0; border-radius: .5rem; vertical-align: top;
  }
  [role=radiogroup]:has(> :nth-child(4)) > [data-variant=segmented_control]:not([data-selected]) {
    border-color: color-mix(in srgb, currentColor 20%, transparent) !important;
  }
  [data-testid=stFileUploaderDropzoneInstructions] * { white-space: normal; }
  .stMainBlockContainer { padding-top: 4rem; }
  .stMainBlockContainer h1 { font-size: 2rem; padding: 0.4rem 0; }
  .stElementContainer:has(.katex-display) { padding-bottom: .6rem; }  /* tall brackets reach below their box */
  .stMainBlockContainer .stVerticalBlock, .stMainBlockContainer .stHorizontalBlock { gap: 0.5rem; }
  FIGURES > :not(:first-child) [data-testid=stMetricValue] { font-size: 1.25rem; }
  FIGURES > :first-child [data-testid=stMetricValue] { font-size: 1.75rem; }
  .stMainBlockContainer FIGURES { column-gap: 1rem; }  /* or two figures read as one */
  FIGURES > .stColumn { flex: 1 1 42%; min-width: 42%; }
}
</style>""".replace("FIGURES", _FIGURES)
# Streamlit writes white on the primary color, which is too light for that in dark mode.
_DARK_STYLE = (
    "<style>:is([data-testid^=stBaseButton-primary], .stMultiSelect [data-tag], .stMultiSelect [data-tag] *) "
    f"{{ color: {DARK.paper}; }}</style>"
)
_MENU_DRAWN, _STARTED_COLD, _IGNORED, _GOOD = "_menu_drawn", "_started_cold", "_ignored", "_good_"
_BELOW_TITLE = "_below_title"
_LONGEST_NAMED, _MOST_NAMED = 60, 10  # characters; settings of an address that was not understood
MOVIES = "_movies"  # in the session: files of the movies that the page shows, by their names


def run_app() -> None:
    """The whole of the entrypoint."""
    with SCRIPTS.taken():
        st.set_page_config(page_icon=ICON, layout="wide")  # a page_title here would override the pages' own
        page = present.navigation()
        st.session_state[_MENU_DRAWN] = True
        page.run()


def open_page(file: str, question: str, answer: str) -> None:
    """First call of every page file: tab title, menu if missing, the question as title, its answer in a sentence.

    Args:
        file: of the page.
    """
    st.set_page_config(page_title=f"{item(file).title} · embedlab", page_icon=ICON, layout="wide")
    if not st.session_state.pop(_MENU_DRAWN, False):
        present.navigation()
        if not st.session_state.get(_STARTED_COLD, False):
            # Widgets made now would have other identities than after the first click, which would then be lost.
            st.session_state[_STARTED_COLD] = True
            st.rerun()
    _prepare_process()
    address.restore()
    address.use_present_names()
    address.keep()
    _theme_follower()(key="theme", data={"dark": theme() is DARK}, on_turned_change=lambda: None, height=1)
    st.session_state[MOVIES] = {}
    st.html(_style(theme()))
    if present.is_on():
        present.style_and_way_out()
    elif present.is_in_a_frame():
        present.style_in_a_frame()
    else:
        st.logo(LOGO, size="large", icon_image=ICON)
    st.title(question, anchor=False)
    st.markdown(answer)
    address.remember_link(file)
    st.session_state[_IGNORED] = st.empty()
    st.session_state[_BELOW_TITLE] = st.container()


@cache
def _theme_follower() -> ComponentRenderer:
    script = Path(__file__).with_name("follow_theme.js").read_text(encoding="utf-8")
    return st.components.v2.component("embedlab_theme", html="<i></i>", css=_PAPER, js=script, isolate_styles=False)


def _style(theme: Theme) -> str:
    style = _STYLE + (_DARK_STYLE if theme is DARK else "")
    for name in ("paper", "accent", "muted"):
        style = style.replace(name.upper(), getattr(theme, name))
    return style


def below_title() -> DeltaGenerator:
    """A place between the page's title and its form, for what is known only when the page has its answer."""
    place: DeltaGenerator = st.session_state[_BELOW_TITLE]
    return place


def view(name: str) -> str:
    """A name for what a page shows, another one whenever the visitor comes to the page; for `player.controls`."""
    return f"{address.visits()} {name}"


def say_ignored() -> None:
    """Last call of a page: names, below its title, what its address asked for in vain."""
    if (ignored := address.ignored()) and (place := st.session_state.get(_IGNORED)):
        names = first_and_more(ignored, _MOST_NAMED, lambda text: f"“{as_text(text[:_LONGEST_NAMED])}”")
        place.info(f"Ignored in this page’s address: {names}. This view has no such setting or value.")


@st.cache_resource(show_spinner=False)
def _prepare_process() -> None:
    """Once in a server's life."""
    memory.give_back_freed()


def go_to(file: str, **inputs: str) -> None:
    """Leaves for another page at once, with these of its inputs set.

    Without a dict, if an empty one, Streamlit refuses to leave a page whose address holds values of bound inputs.
    """
    st.switch_page(PAGES / file, query_params=present.kept() | inputs)


def form_and_picture() -> list[DeltaGenerator]:
    """Columns for a page's form and its picture; on a phone they stand below one another."""
    with st.container(key="form_and_picture"):
        return st.columns([1, 2], gap="large")


def theme() -> Theme:
    """Colors for charts in the mode that the visitor's browser shows."""
    return DARK if st.context.theme.type == "dark" else LIGHT


def attempt(
    key: str,
    compute: Callable[[], T],
    *,
    inputs: Sequence[str] = (),
    typed: str | None = None,
    remedy: Callable[[EmbedlabError], None] | None = None,
    still: Callable[[T], str] | None = None,
    otherwise: Callable[[], T | None] | None = None,
) -> T | None:
    """The result of `compute`; when it raises an `EmbedlabError`, the message and the last good result.

    Args:
        key: names the result in this session.
        inputs: what the result depends on, by names in the address, on pages with several results.
        typed: as of `address.refused`.
        remedy: draws suggestions below the message.
        still: what a result is of, to be said below the message, as text.
        otherwise: the result where there has been no good one yet.

    Returns:
        None only when there has been no good result yet, nor another.
    """
    try:
        good: T | None = compute()
    except EmbedlabError as error:
        good = last_good(key)
        if good is None and otherwise:
            good = otherwise()
        with address.refused(inputs, typed):
            show_error(error)
            if remedy:
                remedy(error)
            if still and good is not None:
                say_still(still(good))
    else:
        st.session_state[_GOOD + key] = good
    return good


def last_good(key: str) -> Any:
    """What `attempt` last computed under this key in this session; None before."""
    return st.session_state.get(_GOOD + key)


def say_still(said: str) -> None:
    """Says whose results a page goes on showing, where those of what was asked cannot be, or not yet; as text."""
    st.caption(as_text(f"Still shown: {said.removesuffix('.')}."))


def show_error(error: EmbedlabError) -> None:
    """The error's message as text: words in it are shown as typed, never as Markdown or HTML."""
    if isinstance(error, (TooFewWords, DownloadCanceled)):  # nobody's mistake
        st.info(as_text(str(error)), icon=":material/info:")
        return
    st.error(as_text(str(error)), icon=":material/error:")


def decimal(number: float, digits: int = 2) -> str:
    """A number for the screen: so many decimals, and a minus sign that is as wide as a digit."""
    return f"{number:.{digits}f}".replace("-", "−")


def as_text(words: str) -> str:
    """`words` for a place that reads Markdown, with every sign that Markdown, HTML or TeX would act on escaped.

    Signs that turn the direction of writing are replaced, unless they isolate a word: they would turn the rest of the
    sentence around.
    """
    words = _TURNS.sub(lambda found: found[1] or "\N{REPLACEMENT CHARACTER}", words)
    escaped = "".join(f"\\{c}" if c in r"\`*_{}[]()<>#+-.!|$~:^=&@/" else c for c in words)
    return escaped.replace("\n", "  \n")
