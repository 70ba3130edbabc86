"""What all pages offer to download: one naming of columns, one rounding, and pages with a title and a sentence."""

import csv
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from embedlab.ui import widgets
from embedlab.ui.menu import MENU
from embedlab.ui.spreadsheets import COLUMNS, FAMILIES, kind
from tests.conftest import ROOT
from tests.pages.page import open_page, wait

VIEWS: list[tuple[str, dict[str, str]]] = [
    ("1_Lookup.py", {}),
    ("2_Ten_words.py", {}),
    ("3_Letters.py", {}),
    ("4_Word2vec.py", {}),
    ("5_Count_or_predict.py", {}),
    ("6_Transfer.py", {"look": "What moved"}),
    ("7_Neighbors.py", {"word": "king queen", "map": "PCA"}),
    ("7_Neighbors.py", {}),
    ("13_Atlas.py", {}),
    ("8_Analogies.py", {}),
    ("9_Compare.py", {}),
    ("10_Evaluate.py", {}),
    ("10_Evaluate.py", {"evaluated": "Similarity"}),
    ("10_Evaluate.py", {"evaluated": "Bias"}),
    ("10_Evaluate.py", {"evaluated": "Debiasing"}),
    ("10_Evaluate.py", {"evaluated": "Your own"}),
    ("10_Evaluate.py", {"evaluated": "Your own", "own_test_example": "Categories"}),
    ("10_Evaluate.py", {"evaluated": "Your own", "own_test_example": "Analogies"}),
    ("11_Vectors.py", {}),
    ("12_Teach.py", {}),
]
# Names of columns that only tables on the pages have, which are not offered as files.
ONLY_SHOWN = {
    "most frequent", "nearest", "negatives", "noise", "dropped here", "share of the text", "kept, word2vec.c",
    "kept, paper",
    "inputs left out", "inputs left in", "score, inputs left out", "score, inputs left in",
    "set", "words", "dimensions", "license", "disk, MB", "memory, MB", "source", "state",
    "meaning", "grammar", "learned from",  # of published scores
    "measure", "value", "without bias", "what it is",  # of other measures of bias
    "DET %", "NN %", "V %", "ADJ %",
}  # fmt: skip
# How numbers are written: with so many digits after the point, or in all, zeros in front not counted.
DIGITS = {
    "text": r"(?s:.*)",
    "whole number": r"-?\d*",
    "4 decimals": r"(-?\d+(\.\d{1,4})?(e[+-]\d+)?|-?inf|)",
    "as given": r"(?s:.*)",
    "4 digits": r"-?(0\.0*)?\d(\.?\d){0,3}(e[+-]\d+)?",
    "float32": r"-?(0\.0*)?[\d.]{0,10}(e[+-]\d+)?",
}


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> list[widgets.File]:
    """The files that a page offers once it has been opened, its tabs as well."""
    files: list[widgets.File] = []

    def tabs(numbers: Callable[[], Any], code: Any, files: Callable[[], Any], **_: Any) -> None:
        numbers()
        files()

    monkeypatch.setattr(widgets, "tabs", tabs)
    monkeypatch.setattr(widgets, "downloads", files.extend)
    return files


def opened(script: str, link: dict[str, str]) -> AppTest:
    return open_page(f"pages/{script}", **link)


def test_the_views_are_of_all_pages_that_offer_something() -> None:
    assert {script for script, _ in VIEWS} == {line.file for line in MENU} - {"0_Home.py"}


@pytest.mark.parametrize(
    ("script", "link"), VIEWS, ids=lambda given: " ".join(given.values()) if isinstance(given, dict) else given
)
def test_columns_have_the_names_of_one_list_and_numbers_their_digits(
    script: str, link: dict[str, str], offered: list[widgets.File]
) -> None:
    app = opened(script, link)
    wait(app, lambda: offered)  # what a job computes
    for file in offered:
        if file.name.endswith(".csv"):
            head, *rows = csv.reader(io.StringIO(str(file.make())))
            assert rows
            assert len(set(head)) == len(head)
            for column, cells in zip(head, zip(*rows, strict=True), strict=True):
                pattern = DIGITS[kind(column)]  # a name that is not in the list has none
                odd = [cell for cell in cells if not re.fullmatch(pattern, cell)]
                assert not odd, f"{file.name}, {column}: {odd[:3]}"
    shown = {str(name) for frame in app.dataframe for name in frame.value.columns}
    assert {name for name in shown if not known(name)} == set(), "columns of the page's own tables"


def known(name: str) -> bool:
    try:
        kind(name.replace(" ", "_"))
    except KeyError:
        return name in ONLY_SHOWN or name.startswith(("nearest, ", "near in "))
    return True


def test_the_documentation_lists_every_column() -> None:
    text = (ROOT / "docs/files.md").read_text("utf-8").partition("## Tables to take away")[2]
    told = set(re.findall(r"`([a-z_0-9]+)(?=`|…`)", text))
    assert told == {*COLUMNS, *FAMILIES}
