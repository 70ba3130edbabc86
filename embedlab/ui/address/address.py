"""The address bar: one entry of the browser's history for each view, never one for a view that is not shown.

A component without a face, drawn once on every page; `address.js` says what it does. It knows what a page shows by
keys of containers: `refused` while an input could not be used, `working` while a job runs, `tries` around buttons that
change a picture, which it brings into view.
"""

from collections.abc import Callable, Collection, Sequence
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.state.query_params import QueryParams

from embedlab.library import bundled

_REFUSALS, _OPENED, _ONCE, _VISITS, _ARRIVAL, _LINK, _WHOLE, _LATER, _VAIN, _MISSING, _WAITS, _TITLE = (
    "_refusals", "_opened", "_opened_once", "_visits", "_arrival", "_link", "_whole_link", "_link_for_later",
    "_vain", "_missing", "_link_waits", "_title_",
)  # fmt: skip
PRESENT = {"present": "true"}  # in the address while a page is shown to a class; see `ui.present`
_EMBEDDING = {"embed", "embed_options"}  # names that Streamlit keeps for itself
_PRESENT = PRESENT.items()
_CHOICES = (
    "vectors",
    "beside",
    "beside_map",
    "space_a",
    "space_b",
    "pretrained",
)  # of vectors, which themselves say what is not there
_NO_ROOM = ".st-key-address { position: absolute; width: 1px !important; overflow: hidden; }"


@cache
def _component() -> ComponentRenderer:
    script = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
    return st.components.v2.component("embedlab_address", css=_NO_ROOM, js=script, isolate_styles=False)


def keep() -> None:
    """Draws the component."""
    _component()(key="address", height=1)


def restore() -> None:
    """Asks for all that the address holds which Back or Forward has come to.

    Of a page that is come to from another one, Streamlit drops what that one has an input of the same name for.
    """
    context = get_script_run_ctx()
    if context is None or not context.is_history_navigation:
        return
    asked = parse_qs(context.query_string, keep_blank_values=True)
    dropped = asked.keys() - st.query_params.to_dict().keys() - _EMBEDDING
    for name in sorted(dropped):
        st.query_params[name] = asked[name]
    if dropped:
        with context.session_state.query_params() as parameters:
            parameters.set_initial_query_params_from_current()


def use_present_names() -> None:
    """Inputs read the present names of sets of vectors where the address has words of former times.

    The address itself stays as it is: Streamlit would make a further entry of the browser's history of another one.
    """
    names = [(key, text) for key in st.query_params for text in st.query_params.get_all(key)]
    present = [(key, bundled.WORDS.get(text, text) if key in _CHOICES else text) for key, text in names]
    context = get_script_run_ctx()
    if present == names or context is None:
        return
    with context.session_state.query_params() as parameters:
        parameters.populate_from_query_string(urlencode(present))
        parameters.set_initial_query_params_from_current()


def refused(inputs: Sequence[str] = (), typed: str | None = None) -> DeltaGenerator:
    """A container for what says that inputs could not be used; the address keeps what they were in the last view.

    Args:
        inputs: their names in the address; none: all that changed.
        typed: what the only input held. For a box that sends each letter: the visitor may have typed on meanwhile.
    """
    number = st.session_state[_REFUSALS] = st.session_state.get(_REFUSALS, 0) + 1  # keys must differ
    return st.container(
        key="--".join(["refused_", *inputs, str(number), *([] if typed is None else ["of" + _mark(typed)])])
    )


def _mark(text: str) -> str:
    """A number for a text, the same in address.js (FNV-1a of its UTF-8, 32 bits)."""
    mark = 2166136261
    for byte in text.encode("utf-8", "replace"):
        mark = (mark ^ byte) * 16777619 & 0xFFFFFFFF
    return str(mark)


def remember_link(page: str) -> None:
    """Keeps what the address asks for, where it is the one that a page is opened with; for `ignored`.

    Args:
        page: its file.
    """
    context = get_script_run_ctx()
    other = st.session_state.get(_OPENED) != page
    st.session_state[_VISITS] = visits() + other
    travelled = context is not None and context.is_history_navigation
    if other:
        st.session_state[_ARRIVAL] = "" if travelled else str(visits())
    opened = other or travelled
    again, st.session_state[_OPENED] = st.session_state.get(_ONCE), page
    st.session_state[_ONCE] = opened
    waited = st.session_state.pop(_WAITS, False)
    if opened:
        asked = {name: st.query_params.get_all(name) for name in st.query_params}
        st.session_state[_LINK] = {name: texts for name, texts in asked.items() if (name, texts[-1]) not in _PRESENT}
        st.session_state[_WHOLE] = dict(st.session_state[_LINK])
    if opened or not (again or waited):  # Streamlit may run a page twice when it is opened, a job does when it ends
        st.session_state[_VAIN] = []
        st.session_state[_MISSING] = {}


def visits() -> int:
    """How often the visitor has come to a page from another one, or from outside."""
    count: int = st.session_state.get(_VISITS, 0)
    return count


def arrival() -> str:
    """A name for the visitor's coming to this page; empty where they came by Back or Forward."""
    name: str = st.session_state.get(_ARRIVAL, "")
    return name


def never_empty(name: str) -> None:
    """Says, before an input is drawn of which one option is always chosen, that a link with no text asks in vain.

    Streamlit would choose none.
    """
    _refuse(name, lambda text: not text)


def whole(*names: str) -> None:
    """Says, before inputs for whole numbers are drawn, that a link with another number asks in vain.

    Streamlit would cut its decimals off, and fails where it is infinite.
    """
    for name in names:
        _refuse(name, lambda text: not _is_whole(text))


def _is_whole(text: str) -> bool:
    try:
        return float(text).is_integer()
    except ValueError:
        return False


def _refuse(name: str, in_vain: Callable[[str], bool]) -> None:
    """Takes an input's text out of the address that a view is opened with."""
    context = get_script_run_ctx()
    if name not in st.query_params or context is None or not in_vain(st.query_params[name]):
        return
    with context.session_state.query_params() as parameters:
        _remove(parameters, [name])


def _remove(parameters: QueryParams, names: Collection[str]) -> None:
    """Takes names out of the address; an input of such a name then begins as it would without the link."""
    for name in names:
        parameters.remove_param(name)
    if names:
        parameters.set_initial_query_params_from_current()


def wait() -> None:
    """Says that the view of the address is still to come: what no input has asked for yet may be asked for then."""
    st.session_state[_WAITS] = True


def understood(name: str) -> None:
    """Says that what the address asks for under this name is shown, though no input has it."""
    st.session_state.get(_LINK, {}).pop(name, None)


def ignored() -> list[str]:
    """What the address asked for and the page does not show: values that an input cannot take, and names of none.

    To be asked once the page has drawn all that its view has. Names of no input are taken out of the address, whether
    the page has none of that name or has it in another view only; Streamlit does so with values.
    """
    vain: list[str] = st.session_state.setdefault(_VAIN, [])
    asked: dict[str, list[str]] = st.session_state.get(_LINK, {})
    context = get_script_run_ctx()
    if not asked or context is None:
        return vain
    with context.session_state.query_params() as parameters:
        drawn = {name for name in asked if parameters.is_bound(name)}
        to_come = set(asked) - drawn if st.session_state.get(_WAITS) else set()
        unknown = set(asked) - drawn - to_come
        _remove(parameters, unknown)
    for name, texts in asked.items():
        if name not in to_come:
            vain += [f"{name}={text}" for text in texts if name in unknown or not _is_shown(name, text)]
    st.session_state[_LINK] = {name: texts for name, texts in asked.items() if name in to_come}
    return vain


def missing(name: str, text: str | None) -> str | None:
    """A set of vectors that the address asks for and that is not there, as long as what else is ignored is named.

    Streamlit takes it out of the address in the run that draws its input, and a job may end right after that.

    Args:
        name: of the input.
        text: what it cannot show in this run; None: nothing.
    """
    asked: dict[str, str] = st.session_state.setdefault(_MISSING, {})
    if text is not None:
        asked[name] = text
    return asked.get(name)


def put_off(text: str, *, whole: bool) -> None:
    """Keeps all that the address asks for, of a page that is opened with a set of vectors which is not there.

    Args:
        text: as of `missing`.
        whole: whether nothing of it is shown now.
    """
    asked: dict[str, list[str]] = st.session_state.pop(_WHOLE, {})
    page, later = st.session_state.get(_OPENED), st.session_state.setdefault(_LATER, {})
    if asked:
        later[page] = (asked, {text})
        st.session_state[_LINK] = {}
        context = get_script_run_ctx()
        if whole and context is not None:
            with context.session_state.query_params() as parameters:
                _remove(parameters, [name for name in asked if not parameters.is_bound(name)])
    elif page in later:
        later[page][1].add(text)


def take_up(there: Collection[str]) -> dict[str, list[str]]:
    """What was put off, once all the sets that it lacked are there; before the inputs of the page are drawn.

    Returns what the address asks for now by that; empty where nothing was put off, or still is.
    """
    page, later = st.session_state.get(_OPENED), st.session_state.get(_LATER, {})
    asked: dict[str, list[str]]
    asked, lacks = later.get(page, ({}, set()))
    context = get_script_run_ctx()
    if st.session_state.get(_LINK) or not asked or context is None or not lacks <= set(there):
        return {}
    del later[page]
    for name, texts in asked.items():
        st.query_params[name] = texts
    with context.session_state.query_params() as parameters:
        parameters.set_initial_query_params_from_current()
    st.session_state[_LINK], st.session_state[_WHOLE] = dict(asked), dict(asked)
    return asked


def link() -> str:
    """The address of the view, as the visitor's browser has it; empty where that is not known."""
    query = [(name, value) for name in st.query_params for value in st.query_params.get_all(name)]
    return f"{url}{'?' if query else ''}{urlencode(query)}" if (url := st.context.url) else ""


def is_public(link: str) -> bool:
    """Whether an address leads to the same app from other machines, too."""
    host = urlsplit(link).hostname or ""
    local = host in ("", "localhost", "0.0.0.0", "::1") or host.endswith(".localhost") or host.startswith("127.")
    return not local


def note_title(name: str, title: str) -> None:
    """Says how the value of an input is written in the address, where that is not as in the session."""
    st.session_state[_TITLE + name] = title


def hide(name: str, texts: Collection[str] | None = None) -> None:
    """Says that an input is left out of this view on purpose, so that it is not asked for in vain.

    Args:
        texts: the values of which that is true; None: all.
    """
    asked: dict[str, list[str]] = st.session_state.get(_LINK, {})
    if name in asked and (texts is None or asked[name][-1] in texts):
        del asked[name]


def _is_shown(name: str, text: str) -> bool:
    """Whether an input has the value that the address asked for; Streamlit takes those it cannot have out of it."""
    if name not in st.session_state:
        return False
    if name in _CHOICES or text in st.query_params.get_all(name):
        return True
    value = st.session_state[name]
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            return float(text.replace(",", "")) == value
        except ValueError:
            return False
    if not text:
        return value in (None, "", [])
    return text.casefold() in (str(value).casefold(), st.session_state.get(_TITLE + name, "").casefold())


def working(name: str) -> DeltaGenerator:
    """A container for the progress of a job: while it is there, the view of the address is still to come."""
    wait()
    return st.container(key=f"working_{name}")
