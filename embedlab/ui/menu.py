"""The menu: one line a page."""

from typing import NamedTuple

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from embedlab.places import ROOT

PAGES = ROOT / "pages"


class MenuItem(NamedTuple):
    """A line of the menu."""

    section: str
    file: str
    title: str
    icon: str
    question: str  # for the cards on Home


MENU = (
    MenuItem("", "0_Home.py", "Home", ":material/home:", ""),
    MenuItem("Learn", "1_Lookup.py", "Lookup", ":material/search:", "What does an embedding layer do?"),
    MenuItem("Learn", "2_Ten_words.py", "Ten words", ":material/movie:", "How do words find their places?"),
    MenuItem("Learn", "3_Letters.py", "Letters", ":material/match_case:", "Which letters are alike?"),
    MenuItem("Learn", "4_Word2vec.py", "Word2vec", ":material/menu_book:", "Can words be learned just by reading?"),
    MenuItem(
        "Learn",
        "5_Count_or_predict.py",
        "Count or predict",
        ":material/calculate:",
        "Must a machine guess, or is counting enough?",
    ),
    MenuItem("Learn", "6_Transfer.py", "Transfer", ":material/backpack:", "What are borrowed embeddings worth?"),
    MenuItem("Explore", "7_Neighbors.py", "Neighbors", ":material/explore:", "Which words are near?"),
    MenuItem("Explore", "13_Atlas.py", "Atlas", ":material/public:", "Where does every word lie?"),
    MenuItem("Explore", "8_Analogies.py", "Analogies", ":material/function:", "Is king to man as queen is to woman?"),
    MenuItem("Explore", "9_Compare.py", "Compare", ":material/compare_arrows:", "Do two spaces agree on what is near?"),
    MenuItem("Explore", "10_Evaluate.py", "Evaluate", ":material/target:", "How good are these vectors?"),
    MenuItem("Explore", "11_Vectors.py", "Vectors", ":material/database:", "Which vectors do you want to ask?"),
    MenuItem("Teach", "12_Teach.py", "Teach", ":material/school:", "How can this be taught?"),
)


def item(file: str) -> MenuItem:
    """The menu's line for a page file."""
    return next(line for line in MENU if line.file == file)


def menu() -> dict[str, list[StreamlitPage]]:
    """Sections and pages in the form `st.navigation` takes."""
    sections: dict[str, list[StreamlitPage]] = {}
    for line in MENU:
        page = st.Page(PAGES / line.file, title=line.title, icon=line.icon, default=line is MENU[0])
        sections.setdefault(line.section, []).append(page)
    return sections
