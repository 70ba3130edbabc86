"""requirements.txt is what the app imports: no line more, no library less."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

from tests.conftest import ROOT

OPTIONAL = {"icu4py"}  # what a part of the app does without, and says so
SOURCES = [*(ROOT / "embedlab").rglob("*.py"), *(ROOT / "pages").glob("*.py"), ROOT / "streamlit_app.py"]


def imported() -> set[str]:
    """Names on the package index of all libraries that the app imports, anywhere, for types too."""
    modules: set[str] = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                modules.update(alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                modules.add(str(node.module).partition(".")[0])
    distributions = packages_distributions()
    return {
        distributions.get(module, [module])[0].lower().replace("_", "-")
        for module in modules - sys.stdlib_module_names - {"embedlab"}
    }


def required() -> dict[str, str]:
    """Lines of requirements.txt: the version of each library."""
    text = (ROOT / "requirements.txt").read_text("utf-8")
    return {name.lower(): version for name, version in re.findall(r"^([\w.-]+)==(\S+)", text, re.M)}


def test_every_library_that_is_imported_is_required_and_every_one_required_is_imported() -> None:
    assert imported() - OPTIONAL == set(required())
    assert imported() >= OPTIONAL


def test_what_is_optional_is_pinned_for_the_tests_and_named_for_pip() -> None:
    pinned = set(re.findall(r"^([\w.-]+)==", (ROOT / "requirements-dev.txt").read_text("utf-8"), re.M))
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    assert {line.partition("=")[0] for lines in extras.values() for line in lines} == OPTIONAL <= pinned


def test_every_line_names_a_version() -> None:
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    assert len(required()) == len([line for line in lines if line and not line.startswith("#")])
