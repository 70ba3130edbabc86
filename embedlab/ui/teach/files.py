"""What the page Teach gives to print: worksheets and answer keys."""

from collections.abc import Iterator
from functools import partial

import streamlit as st

from embedlab.teaching import answer_key, bundled_course, worksheet
from embedlab.ui import widgets
from embedlab.ui.widgets import File

_ALL = "All lessons"


def printed() -> None:
    """A choice of lessons, and their worksheet and answer key."""
    titles = [lesson.title for lesson in bundled_course().lessons]
    chosen = st.selectbox("Lesson", [_ALL, *titles], key="worksheet", bind="query-params", width=320)
    widgets.downloads(_files(chosen))


def _files(chosen: str) -> Iterator[File]:
    course = bundled_course()
    lessons = [lesson for lesson in course.lessons if chosen in (_ALL, lesson.title)]
    name = chosen.lower().replace(" ", "-")
    yield File("Worksheet (HTML)", f"worksheet-{name}.html", "text/html", partial(worksheet, course, lessons))
    yield File("Answer key (HTML)", f"answers-{name}.html", "text/html", partial(answer_key, course, lessons))
