"""The menu: one line a page."""

from typing import NamedTuple

import streamlit as st

from embedlab.places import ROOT

PAGES = ROOT / "pages"


class Entry(NamedTuple):
    """A line of the menu."""

    section: str
    file: str
    title: str
    icon: str
    question: str  # for the cards on Home


MENU = (
    Entry("", "0_Home.py", "Home", "🏠", ""),
    Entry("Learn", "1_Lookup.py", "Lookup", "🔎", "What does an embedding layer do?"),
    Entry("Learn", "2_Ten_words.py", "Ten words", "🎬", "How do words find their places?"),
    Entry("Learn", "3_Letters.py", "Letters", "🔤", "Which letters are alike?"),
    Entry("Learn", "4_Word2vec.py", "Word2vec", "📖", "Can words be learned just by reading?"),
    Entry("Learn", "5_Count_or_predict.py", "Count or predict", "🧮", "Must a machine guess, or is counting enough?"),
    Entry("Learn", "6_Transfer.py", "Transfer", "🎒", "What are borrowed embeddings worth?"),
    Entry("Explore", "7_Neighbors.py", "Neighbors", "🧭", "Which words are near?"),
    Entry("Explore", "8_Analogies.py", "Analogies", "👑", "Is king to man as queen is to woman?"),
    Entry("Explore", "9_Compare.py", "Compare", "⚖️", "Do two spaces agree on what is near?"),
    Entry("Explore", "10_Evaluate.py", "Evaluate", "🎯", "How good are these vectors?"),
    Entry("Explore", "11_Vectors.py", "Vectors", "📦", "Which vectors do you want to ask?"),
)


def entry(file: str) -> Entry:
    """The menu's line for a page file."""
    return next(line for line in MENU if line.file == file)


def menu() -> dict[str, list]:
    """Sections and pages in the form `st.navigation` takes."""
    sections: dict[str, list] = {}
    for line in MENU:
        page = st.Page(PAGES / line.file, title=line.title, icon=line.icon, default=line is MENU[0])
        sections.setdefault(line.section, []).append(page)
    return sections
