"""Parts that pages have in common: the code that ran, downloads, the way to the next page."""

import inspect
from collections.abc import Callable
from typing import Any

import streamlit as st

from embedlab.ui import shell


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
