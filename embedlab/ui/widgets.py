"""Parts that pages have in common: the code that ran, downloads, the way to the next page."""

import inspect
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import streamlit as st

from embedlab.ui import shell


class File(NamedTuple):
    """Something to download."""

    label: str
    name: str
    mime: str
    make: Callable[[], str | bytes]  # called when somebody asks for the file
    help: str | None = None


def downloads(files: Iterable[File]) -> None:
    """A row of download buttons; each file is made when it is asked for."""
    with st.container(horizontal=True, gap="small"):
        for file in files:
            st.download_button(
                file.label,
                file.make,
                file.name,
                file.mime,
                on_click="ignore",
                icon=":material/download:",
                help=file.help,
            )


def the_code(*objects: Callable[..., Any]) -> None:
    """The very source of the functions or classes that ran."""
    for thing in objects:
        module = inspect.getmodule(thing)
        st.caption(f"`{module.__name__ if module else ''}.{thing.__qualname__}`")
        st.code(inspect.getsource(thing), language="python")


def next_page(file: str) -> None:
    """The way to the following page, at a page's end."""
    line = shell.entry(file)
    st.page_link(shell.PAGES / line.file, label=f"Next: {line.title}. {line.question}", icon=line.icon)
