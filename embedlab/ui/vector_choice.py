"""The vectors that a visitor can choose from: the bundled ones, downloads, and what this visitor made or uploaded.

All of them lie in one shelf for the whole process (`embedlab.library.shelf`); a session keeps names only.
"""

import uuid
import weakref
from collections.abc import Callable
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import NamedTuple

import streamlit as st
from streamlit.errors import StreamlitAPIException
from streamlit.runtime.scriptrunner import get_script_run_ctx

from embedlab.errors import EmbedlabError, InvalidSetting
from embedlab.formats.report import LoadReport
from embedlab.library import bundled, catalogue, memory
from embedlab.library.bundled import COUNTED, PREDICTED
from embedlab.library.given import Reading
from embedlab.library.given import given as given_file
from embedlab.library.shelf import Holdings, expected_bytes, held_bytes
from embedlab.ui import cache, shell
from embedlab.ui.address import address
from embedlab.vectors import search
from embedlab.vectors.word_vectors import WordVectors

SHIPPED = {PREDICTED: "vectors", COUNTED: "counted"}  # always there, shared by all visitors; folders under data/
_PACKED = {".gz", ".tgz", ".bz2", ".xz", ".zst", ".zip"}  # endings of files that are smaller than what is in them
_UNPACKED = 3  # bytes of memory for one of a packed file: vectors as text take 2 to 3
_LONGEST_ASKED = 80  # letters of a name in a link that are shown
_VISITOR, _OWN, _NEXT, _SHOWN = "_visitor", "_own_vectors", "_vectors_to_choose", "_vectors_shown"


class Loaded(NamedTuple):
    """A set of vectors with what is known of it."""

    name: str
    vectors: WordVectors
    report: LoadReport | None
    licence: str
    bytes: int  # of memory


class Visitor:
    """A session, as the shelf knows it; when Streamlit drops the session, its sets are released."""

    def __init__(self) -> None:
        self.id = uuid.uuid4().hex
        weakref.finalize(self, holdings().leave, self.id)


@st.cache_resource(show_spinner=False)
def holdings() -> Holdings:
    """The shelf."""
    return Holdings()


def offer(name: str, vectors: WordVectors, *, show: bool = False) -> bool:
    """Adds vectors trained in this session to those that its Explore pages can choose.

    Args:
        name: under which they are chosen; what had the same name before is replaced.
        show: the next page with a choice of vectors starts with these.

    Returns:
        False when there is no room for them; the reason is on the page then.
    """
    try:
        add(name, vectors, None, show=show)
    except EmbedlabError as error:
        shell.show_error(error)
        return False
    return True


def add(name: str, vectors: WordVectors, report: LoadReport | None, *, show: bool) -> None:
    """As `offer`, with the report of the file they were read from; raises NotEnoughMemory if there is no room."""
    if _is_taken(name) or name == given():
        name = f"{name} (yours)"
    visitor = _visitor()
    known = holdings().find((visitor, name), user=visitor)
    if known is None or known.vectors is not vectors:
        holdings().put((visitor, name), vectors, report, name=name, owner=visitor, user=visitor)
    st.session_state.setdefault(_OWN, {})[name] = None
    if show:
        choose_next(name)


def choose_next(name: str, key: str = "") -> None:
    """The next page with a choice of vectors starts with these; with a key, the box of that key does."""
    st.session_state[_NEXT + key] = name


def names() -> list[str]:
    """What this visitor can choose, what ships first."""
    return [*SHIPPED, *filter(None, [given()]), *st.session_state.get(_OWN, {}), *catalogue.here()]


def given() -> str | None:
    """Name of the set that the app was started with (`embedlab app FILE`), if it was."""
    if (found := given_file()) is None:
        return None
    name = found[0].name
    return f"{name} (file)" if _is_taken(name) else name


def _is_taken(name: str) -> bool:
    """Whether an address that asks for this name means what ships, or a download."""
    return name in SHIPPED or name in bundled.WORDS or name in catalogue.catalogue()


def load(name: str) -> Loaded:
    """The set of a name, opened if it is not; visitors share it.

    Raises:
        InvalidSetting: no such name, or a set of this visitor that had to make room.
        NotEnoughMemory, VectorFileError: it cannot be opened.
    """
    visitor = _visitor()
    if name in SHIPPED:
        vectors = cache.bundled_vectors() if name == PREDICTED else cache.counted_vectors()
        return Loaded(name, vectors, None, str(bundled.card(SHIPPED[name])["licence"]), held_bytes(vectors))
    if name in st.session_state.get(_OWN, {}):
        held = holdings().find((visitor, name), user=visitor)
        if held is None:
            forget(name)
            raise InvalidSetting(f"“{name}” was unloaded to make room for others: load or train it again.")
        return Loaded(name, held.vectors, held.report, "your own", held.bytes)
    if name == given() and (found := given_file()):
        path, reading = found
        if not path.exists():
            raise InvalidSetting(f"“{path.name}” is not there any more: choose other vectors, or start the app anew.")

        def read() -> tuple[WordVectors, LoadReport]:
            return reading.read(path, name=name, limits=memory.limits(held=holdings().bytes, searched=True))

        return _open(name, read, _room_for(path, reading), "your own", visitor)
    entry = catalogue.find(name)
    return _open(name, lambda: catalogue.open_entry(entry), needs(entry), entry.licence, visitor)


def _room_for(path: Path, reading: Reading) -> int:
    """Bytes to free before a file is read: about what it takes, or 0 where that cannot be told.

    What it really takes is limited while it is read, and checked again after that.
    """
    if reading.keep is not None or path.is_dir():
        return 0
    return path.stat().st_size * (_UNPACKED if path.suffix.lower() in _PACKED else 1)


def _open(
    name: str, read: Callable[[], tuple[WordVectors, LoadReport]], bytes_: int, licence: str, visitor: str
) -> Loaded:
    def ready() -> tuple[WordVectors, LoadReport]:
        vectors, report = read()
        search.prepare(vectors)  # the first question should not wait for it
        return vectors, report

    held = holdings().open(name, ready, needs=bytes_, name=name, user=visitor)
    return Loaded(name, held.vectors, held.report, licence, held.bytes)


def choose(key: str = "vectors", label: str = "Vectors", *, follows: bool = True) -> WordVectors:
    """The vectors to query, from a select box. The choice is part of the link."""
    return choice(key, label, follows=follows).vectors


def choice(key: str = "vectors", label: str = "Vectors", *, follows: bool = True, first: str = PREDICTED) -> Loaded:
    """The chosen vectors with what is known of them; the first ones where the chosen ones cannot be opened.

    Args:
        first: of those that ship, what the box shows when nothing was chosen; the file that the app was started with
            comes before the predicted ones.
        follows: whether the box shows what was just loaded or trained; else it leaves that to the next box that does.
    """
    start = (given() or first) if first == PREDICTED else first
    # Back to an address without a choice shows the first option, whatever the index was; so it must be the one.
    options = sorted(names(), key=lambda name: name != start)
    wanted = _first(key, follows)
    if kept := address.take_up(options):
        wanted = kept.get(key, [start])[-1]
    asked = st.query_params.get(key, start)
    say_missing(key, asked if asked not in options and wanted is None else None, whole=True)
    if wanted in options:
        st.session_state[key] = wanted
        if wanted != start:
            with suppress(StreamlitAPIException):  # a box that was there before writes its link itself, a new one not
                st.query_params[key] = wanted
    sets_help = (
        "**Predicted**: learned by predicting words of Wikipedia. **Counted**: from counts of the same words (PPMI and "
        "SVD). More, and your own, on the page **Vectors**."
    )
    name = st.selectbox(label, options, key=key, bind="query-params", help=sets_help)
    st.session_state[f"{_SHOWN}_{key}"] = (_page(), name)
    opening = nullcontext() if name == PREDICTED or is_open(name) else st.spinner(f"Opening {shell.as_text(name)}")
    try:
        with opening:
            return load(name)
    except EmbedlabError as error:
        shell.show_error(error)
        return load(first)


def say_missing(key: str, name: str | None, *, whole: bool = False) -> None:
    """Says that a link asks for a set that this visitor cannot choose.

    Args:
        key: of the box.
        name: of the set; None: in this run the link asks for none, but may have done so when the page was opened.
        whole: whether nothing of the link is shown now: other inputs come after the box, and begin without it.
    """
    if (asked := address.missing(key, name)) is None:
        return
    address.put_off(asked, whole=whole)
    shown = shell.as_text(asked[:_LONGEST_ASKED])
    if asked in catalogue.catalogue():
        said = f"“{shown}” is not loaded. The page Vectors downloads it; this view is here then."
    else:
        said = (
            f"“{shown}” is not loaded: a file of your own stays until a reload. Drop it again on the page Vectors; "
            "this view is here then."
        )
    st.info(said, icon=":material/inventory_2:")


def _first(key: str, follows: bool) -> str | None:
    """What the box is to show in this run: a set just loaded, or on a page just come to, the one of the page before.

    Streamlit itself carries a box's value from page to page only if it was there for two runs. Back and forward in the
    browser go to an address that was seen before, and that decides alone.
    """
    for wanted in (_NEXT + key, *([_NEXT] if follows else [])):
        if wanted in st.session_state:
            return str(st.session_state.pop(wanted))
    page, name = st.session_state.get(f"{_SHOWN}_{key}", (_page(), None))
    if name is None and follows:  # a box of another name opens with a visitor's own set that other pages showed
        shown = st.session_state.get(f"{_SHOWN}_vectors", ("", None))[1]
        page, name = (page, None) if shown in SHIPPED else ("", shown)
    context = get_script_run_ctx()
    back = context is not None and context.is_history_navigation
    return None if page == _page() or back or key in st.query_params else name


def _page() -> str:
    """Which page runs."""
    context = get_script_run_ctx()
    return context.page_script_hash if context is not None else ""


def forget(name: str) -> None:
    """Unloads a set. A download stays on disk and can be opened again; a visitor's own set is gone."""
    own = st.session_state.get(_OWN, {})
    holdings().drop((_visitor(), name) if name in own else name)
    own.pop(name, None)


def own() -> list[Loaded]:
    """What ships and the sets of this session."""
    return [load(name) for name in [*SHIPPED, *st.session_state.get(_OWN, {})] if name in SHIPPED or is_open(name)]


def is_open(name: str) -> bool:
    """Whether a set is in memory now; does not count as use."""
    return any(held.key in (name, (_visitor(), name)) for held in holdings().held)


def needs(entry: catalogue.Entry) -> int:
    """Bytes of memory that a download takes while it is loaded."""
    return expected_bytes(entry.rows, entry.dimensions)


def others(name: str) -> int:
    """How many other visitors have used a download's vectors in the last ten minutes."""
    return holdings().others(name, _visitor())


def _visitor() -> str:
    if _VISITOR not in st.session_state:
        st.session_state[_VISITOR] = Visitor()
    return str(st.session_state[_VISITOR].id)
