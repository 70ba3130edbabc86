"""The one contract of pages, read from the source: the same parts under the same names, and thin scripts."""

import ast
from pathlib import Path

import pytest

from embedlab.teaching import bundled_course
from embedlab.ui.menu import MENU, PAGES
from tests.conftest import ROOT

RESULTS = {
    "find": ["settings"],
    "picture": ["found", "theme"],
    "figures": ["found"],
    "what_you_see": ["found"],
    "tries": ["found"],
    "numbers": ["found"],
    "code": ["found"],
}
FILES = {"files": ["found", "theme"]}
WAYS_ON = ("widgets.next_page", "widgets.stop")
# Home answers in a fragment, and has no tabs; Teach asks for nothing and computes nothing.
WITH_CONTRACT = [item.file for item in MENU if item.file not in ("0_Home.py", "12_Teach.py")]
WITH_LESSON = [lesson.page for lesson in bundled_course().lessons]
LONGEST_SCRIPT = 90  # lines


def functions(path: Path) -> dict[str, list[str]]:
    """The functions of a module and their parameters."""
    tree = ast.parse(path.read_text("utf-8"))
    return {node.name: [a.arg for a in node.args.args] for node in tree.body if isinstance(node, ast.FunctionDef)}


def classes(path: Path) -> set[str]:
    return {node.name for node in ast.parse(path.read_text("utf-8")).body if isinstance(node, ast.ClassDef)}


def called(path: Path) -> set[str]:
    """Names of the functions that a module calls, without the modules that they are in."""
    calls = [node.func for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
    return {ast.unparse(function).rpartition(".")[2] for function in calls}


def folder_of(file: str) -> Path:
    return ROOT / "embedlab/ui" / file.removesuffix(".py").split("_", 1)[1].lower()


@pytest.mark.parametrize("file", WITH_CONTRACT)
def test_a_page_has_the_parts_of_all_pages(file: str) -> None:
    folder = folder_of(file)
    assert "ask" in functions(folder / "form.py")
    assert "Settings" in classes(folder / "form.py")
    assert "Found" in classes(folder / "results.py")
    for module, wanted in (("results.py", RESULTS), ("files.py", FILES)):
        found = functions(folder / module)
        assert {name: found.get(name) for name in wanted} == wanted, module


@pytest.mark.parametrize("file", WITH_CONTRACT)
def test_a_page_shows_the_parts_that_it_has(file: str) -> None:
    arranged = called(PAGES / file)
    if "answer" in arranged:  # in a fragment, which has a module of its own
        arranged |= called(folder_of(file) / "answer.py")
    assert arranged >= {"ask", *RESULTS}
    assert "files" in arranged | called(folder_of(file) / "files.py")


@pytest.mark.parametrize("file", WITH_LESSON)
def test_a_lesson_lets_guess_says_what_happened_and_asks_at_its_end(file: str) -> None:
    assert functions(folder_of(file) / "outcome.py")["happened"] == ["found"]
    assert called(PAGES / file) >= {"guess", "happened", "remember"}
    source = (PAGES / file).read_text("utf-8")
    assert source.count(f'"{file}"') == 3, "the shell, the guess and the end are told of the same page"


@pytest.mark.parametrize("file", [item.file for item in MENU])
def test_a_script_only_arranges(file: str) -> None:
    source = (PAGES / file).read_text("utf-8")
    tree = ast.parse(source)
    assert source.count("\n") <= LONGEST_SCRIPT
    assert not [node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.For | ast.While)], "a loop is a function's"


@pytest.mark.parametrize("file", WITH_CONTRACT)
def test_a_page_that_stops_early_leads_on_as_at_its_end(file: str) -> None:
    calls = [node for node in ast.walk(ast.parse((PAGES / file).read_text("utf-8"))) if isinstance(node, ast.Call)]
    ways = [ast.unparse(node.args[0]) for node in calls if ast.unparse(node.func) in WAYS_ON]
    assert len(set(ways)) == 1
    stops = [path for path in (PAGES / file, *folder_of(file).glob("*.py")) if "st.stop()" in path.read_text("utf-8")]
    assert not stops, "widgets.stop draws the way on, too"
