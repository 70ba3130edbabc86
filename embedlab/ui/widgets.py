"""Parts that pages have in common: inputs, the code that ran, downloads, the way to the next page."""

import ast
import html
import importlib.util
import inspect
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, NoReturn, TypeAlias, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from embedlab.charts.templates import Spec
from embedlab.charts.theme import Theme
from embedlab.formats.limits import shown_word
from embedlab.ui import menu, present, shell, turns
from embedlab.ui.address import address
from embedlab.ui.player.player import Slider

T = TypeVar("T")
Link: TypeAlias = Literal["query-params"] | None  # whether an input is part of the page's address
_FRAME = (640, 960)  # px for a movie in another page


class File(NamedTuple):
    """Something to download."""

    label: str
    name: str
    mime: str
    make: Callable[[], str | bytes]  # called when somebody asks for the file
    help: str | None = None
    movie: str = ""  # title of a page with a movie, to be embedded in other pages


class Listing(NamedTuple):
    """A program that is shown beside the code that ran."""

    caption: str
    text: str


# What "The code" shows: a function or class, "module:name" of one whose module would load PyTorch, or a listing.
Code: TypeAlias = Callable[..., Any] | str | Listing


def one_of(
    label: str,
    options: Sequence[T],
    *,
    key: str,
    first: T | None = None,
    bind: Link = None,
    help: str | None = None,
    bare: bool = False,
    format_func: Callable[[T], str] = str,
) -> T:
    """A segmented control in which one option is always selected, by default `first` or else the first of them.

    `bare` hides the label.
    """
    shown: Literal["collapsed", "visible"] = "collapsed" if bare else "visible"
    default = options[0] if first is None else first
    address.never_empty(key)
    return st.segmented_control(
        label, options, default=default, required=True, key=key, bind=bind, help=help, label_visibility=shown,
        format_func=format_func,
    )  # fmt: skip


def titled(label: str, titles: dict[T, str], *, key: str, bind: Link = None, help: str | None = None) -> T:
    """A select box of keys, shown by their titles."""
    chosen = st.selectbox(label, titles, format_func=titles.__getitem__, key=key, bind=bind, help=help)
    address.note_title(key, titles[chosen])
    return chosen


def encoding(key: str, file: Any) -> str | None:
    """A select box of the encodings that read an uploaded file which is not UTF-8, the likeliest first, each with how a
    line reads in it; nothing is drawn for other files, or none.
    """
    lines = dict(_offers(file.file_id, file)) if file is not None else {}
    if not lines:
        return None
    said = "This file is not UTF-8. The likeliest stand first; the right one makes words of its letters."
    return st.selectbox(
        "Encoding of the file", lines, None, key=key, help=said, placeholder="Choose the one that reads rightly",
        format_func=lambda name: f"{name}: {lines[name]}",
    )  # fmt: skip


@st.cache_resource(show_spinner=False, max_entries=8)
def _offers(file_id: str, _file: Any) -> Sequence[tuple[str, str]]:
    """What reads a file that is not UTF-8."""
    from embedlab.formats.text.encodings import offers_for

    return offers_for(_file.getvalue())


def named(word: str) -> str:
    """A word, or the beginning of a text, in Markdown."""
    return shell.as_text(shown_word(word)[1:-1])


class Form:
    """Tells whether a form's settings are asked for, and keeps what was asked until it is answered.

    Args:
        name: of the form; to be made before its boxes are drawn.
        boxes: keys of those that are in the address.
    """

    def __init__(self, name: str, boxes: Iterable[str]) -> None:
        self._key, self._broken_off, self._boxes = f"_{name}_view", f"_{name}_broken_off", tuple(boxes)
        self._came_with = self._address()

    def is_asked(self, pressed: bool) -> bool:
        """Whether it is to be answered; to be asked once its boxes are drawn.

        Its button was pressed, somebody went to another view of it, or a click elsewhere broke its answer off.
        """
        broken_off = st.session_state.get(self._broken_off) == self._held()
        return self._has_moved() or pressed or broken_off

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Around what takes its time: a script that is broken off there answers in its next run."""
        st.session_state[self._broken_off] = self._held()
        try:
            yield
        except Exception:
            st.session_state[self._broken_off] = None
            raise
        st.session_state[self._broken_off] = None

    def _has_moved(self) -> bool:
        """Whether the address and the boxes changed since the run before, as by Back or Forward."""
        held = self._held()
        before, address = st.session_state.get(self._key, (held, self._came_with))
        st.session_state[self._key] = held, self._address()
        return bool(held != before and self._came_with != address)

    def _held(self) -> dict[str, Any]:
        return {box: st.session_state.get(box) for box in self._boxes}

    def _address(self) -> dict[str, str]:
        return {box: st.query_params[box] for box in self._boxes if box in st.query_params}


def tries(picture: str = "form_and_picture", title: str = "Try this") -> DeltaGenerator:
    """A row for buttons that change what the container of this key shows, which a click also brings into view."""
    st.markdown(f"**{title}**")
    return st.container(key=f"tries_{picture}--{title}", horizontal=True, gap="small")


def changing(picture: str) -> DeltaGenerator:
    """A place in such a row for a button that changes another picture than the others do."""
    return st.container(key=f"tries_{picture}", width="content")


def said_first(notes: Iterable[str]) -> None:
    """What a text lost before anything was learned from it; to stand above the result."""
    if said := " ".join(notes):
        st.warning(shell.as_text(said), icon=":material/warning:")


def downloads(files: Iterable[File]) -> None:
    """A row of download buttons; each file is made when it is asked for.

    A page that asks which vectors to take draws its inputs while it gives the files: they come above the row.
    """
    files, icon = list(files), ":material/download:"
    with st.container(horizontal=True, gap="small"):
        for file in files:
            with st.container(horizontal=True, gap="small", width="content") if file.movie else nullcontext():
                st.download_button(
                    file.label, file.make, file.name, file.mime, on_click="ignore", icon=icon, help=file.help
                )
                if file.movie:
                    _embedding(file)


def _embedding(movie: File) -> None:
    """Lines to be copied, beside the button of a movie."""
    width, height = _FRAME
    with st.popover("Embed", icon=":material/code:", key=f"embed {movie.name}"):
        st.caption(f"Put {movie.name} beside a page of yours, and this line into it:")
        st.code(_iframe(movie.name, movie.movie, f"{width}", height), language="html", wrap_lines=True)
        if address.is_public(link := address.link()):
            st.caption("Or this page itself, to try other settings in:")
            live = f"{link}{'&' if '?' in link else '?'}embed=true"
            st.code(_iframe(live, movie.movie, "100%", height), language="html", wrap_lines=True)


def _iframe(source: str, title: str, width: str, height: int) -> str:
    source, title = html.escape(source), html.escape(title)
    look = f'width="{width}" height="{height}" style="border: 0; max-width: 100%"'
    return f'<iframe src="{source}" title="{title}" {look} loading="lazy"></iframe>'


def pictures(draw: Callable[[], Spec], label: str, name: str, theme: Theme) -> Iterator[File]:
    """A chart as files of this name, drawn on request: PNG and SVG."""

    def make(kind: str) -> bytes:
        from embedlab.charts import export  # pages that draw nothing go without it

        return (export.to_png if kind == "png" else export.to_svg)(draw(), theme)

    for kind, mime in {"png": "image/png", "svg": "image/svg+xml"}.items():
        yield File(f"{label} ({kind.upper()})", f"{name}.{kind}", mime, partial(make, kind))


def web_page(
    draw: Callable[[Theme], Spec],
    label: str,
    name: str,
    *,
    title: str,
    sentence: Callable[[], str],
    slider: Slider | None = None,
) -> File:
    """A chart or a movie as a page of its own, made on request.

    Args:
        draw: the chart in the colors of a theme; the page has it in both.
        label, name: of the file, without "HTML" and its ending.
        title: of the page, as text.
        sentence: what one sees, with the figures of the run, as text.
        slider: makes it a movie.
    """
    link = address.link()  # where the file is made there is no session

    def make() -> bytes:
        from embedlab.ui.player import page  # pages that draw nothing go without it

        return page.write(draw, page.About(title, sentence(), link), slider)

    explained = "One file of about 1 MB that opens in any browser, without a network, in light and in dark."
    return File(f"{label} (HTML)", f"{name}.html", "text/html", make, explained, title if slider else "")


def keep_movie(movie: File) -> None:
    """Says that the page shows this movie; for what only the place that draws it knows."""
    st.session_state.setdefault(shell.MOVIES, {})[movie.name] = movie


def kept_movies() -> Iterator[File]:
    """The movies that the page shows; each file is of what is shown when it is asked for."""
    movies: dict[str, File] = st.session_state.get(shell.MOVIES, {})
    for name, movie in movies.items():
        yield movie._replace(make=partial(_made, movies, name))


def _made(movies: dict[str, File], name: str) -> str | bytes:
    return movies[name].make()


def the_code(*things: Code) -> None:
    """The very source of the functions or classes that ran; listings as they are."""
    for thing in things:
        if isinstance(thing, str):
            thing = Listing(f"`{thing.replace(':', '.')}`", _source(*thing.split(":")))
        elif not isinstance(thing, Listing):
            thing = Listing(f"`{thing.__module__}.{thing.__qualname__}`", inspect.getsource(thing))
        st.caption(thing.caption)
        st.code(thing.text, language="python", wrap_lines=True)


def _source(module: str, name: str) -> str:
    """The source of a function or class of a module, which is read but not imported."""
    spec = importlib.util.find_spec(module)
    assert spec is not None
    assert spec.origin is not None
    text = Path(spec.origin).read_text("utf-8")
    (node,) = (node for node in ast.parse(text).body if getattr(node, "name", None) == name)
    decorators = getattr(node, "decorator_list", [])
    begins = min(part.lineno for part in (node, *decorators))
    return "".join(text.splitlines(keepends=True)[begins - 1 : node.end_lineno])


@turns.fragment
def tabs(
    numbers: Callable[[], object],
    code: Callable[[], Iterable[Code]],
    files: Callable[[], object],
    *,
    key: str,
    others: Mapping[str, Callable[[], object]] = MappingProxyType({}),
    tables: Collection[str] = (),
    opens: str | None = None,
    title: str = "Numbers",
    asks: Collection[str] = (),
) -> None:
    """A page's tabs, each filled when it is opened: what draws the numbers, what ran, what draws the downloads.

    Before a class only the further ones that are no tables.

    Args:
        key: PAGE_tab, the open tab's name in the page's address.
        others: further tabs, which come first.
        tables: those of them that are.
        opens: the tab that is open at first, the first one when None.
        title: of the numbers.
        asks: names in the address of inputs in tabs that are left out before a class.
    """
    usual = {title: numbers, "The code": lambda: the_code(*code()), "Download": files}
    parts = {**others, **usual}
    if present.is_on():
        hidden = {*usual, *tables}
        parts = {name: draw for name, draw in others.items() if name not in hidden}
        address.hide(key, hidden)
        for name in asks:
            address.hide(name)
    if not parts:
        return
    first = opens if opens in parts else next(iter(parts))
    shown = st.tabs(list(parts), default=first, on_change="rerun", key=key, bind="query-params")
    for tab, draw in zip(shown, parts.values(), strict=True):
        with tab:
            if tab.open:
                draw()


def stop(file: str) -> NoReturn:
    """Ends a page that has nothing to show yet, with the way to the following one."""
    next_page(file)
    st.stop()


def next_page(file: str) -> None:
    """The last call of a page: the way to the following one."""
    shell.say_ignored()
    line = menu.item(file)
    label = f"Next: {line.title}. {line.question}"
    st.page_link(menu.PAGES / line.file, label=label, icon=line.icon, query_params=present.kept())


def choose_own_text(source: str, pasted: str) -> None:
    """For the button of a form: a text that was just pasted or uploaded is the one that is meant, which is said.

    Args:
        source: key of the box whose choice "own" is that text.
        pasted: key of the text area; `{pasted}_file` is that of the uploader.
    """
    file = st.session_state.get(f"{pasted}_file")
    given = (st.session_state.get(pasted, ""), file.file_id if file else None)  # also of blanks, which is an error
    before, st.session_state[f"{pasted}_given"] = st.session_state.get(f"{pasted}_given", ("", None)), given
    if given != before and any(given):
        if st.session_state.get(source) != "own":
            st.toast("Your own text is chosen now, under “Text”.")
        st.session_state[source] = "own"
