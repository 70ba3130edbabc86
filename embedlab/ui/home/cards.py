"""The cards on Home: the lessons of the course in their order, then what explores vectors."""

from pathlib import Path

import streamlit as st

from embedlab.charts.theme import Theme
from embedlab.ui import menu, present
from embedlab.ui.menu import MenuItem

SIZE = (480, 270)  # px of a picture
_PICTURES = Path(__file__).with_name("thumbnails")


def picture_of(file: str, theme: Theme) -> Path:
    """Where the picture of a page lies; python -m benchmarks.draw_thumbnails draws it from the page's own chart."""
    return _PICTURES / f"{file.removesuffix('.py').partition('_')[2].lower()}_{theme.name}.png"


def lessons() -> list[MenuItem]:
    """The pages of the course, in their order."""
    return [line for line in menu.MENU if line.section == "Learn"]


@st.cache_resource(show_spinner=False)  # which says it again as it was: drawn anew, this would be a third of a rerun
def show(theme: Theme, presented: bool) -> None:
    """A numbered card for each lesson, a smaller one for each page that asks vectors, and a line for teachers.

    Args:
        presented: whether its links lead to presented pages.
    """
    st.subheader("The course: how embeddings are made", anchor=False)
    with st.container(key="home_course"):
        for number, line in enumerate(lessons(), 1):
            _card(line, f"{number} · {line.title}", theme)
    st.subheader("Explore these vectors, or your own", anchor=False)
    with st.container(key="home_explore"):
        for line in menu.MENU:
            if line.section == "Explore":
                _card(line, line.title, theme)
    for line in menu.MENU:
        if line.section == "Teach":
            label = f"{line.title}: lesson plans, worksheets and a test"
            st.page_link(menu.PAGES / line.file, label=label, icon=line.icon, query_params=present.kept())


def _card(line: MenuItem, title: str, theme: Theme) -> None:
    """A picture, which says nothing that the words do not, the title as the link of the whole card, the question."""
    with st.container(border=True, height="stretch", gap="xxsmall", key=f"home_card_{line.file.partition('_')[0]}"):
        st.image(picture_of(line.file, theme), alt="", width="stretch")
        st.page_link(menu.PAGES / line.file, label=f"**{title}**", query_params=present.kept())
        st.caption(line.question)
