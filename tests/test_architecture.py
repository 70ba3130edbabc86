"""The rules of docs/architecture.md, read from the source: who may import what, and what must not be loaded."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from embedlab.ui.menu import MENU
from tests.conftest import ROOT

PACKAGE = ROOT / "embedlab"
SOURCES = sorted([*PACKAGE.rglob("*.py"), *(ROOT / "pages").glob("*.py"), ROOT / "streamlit_app.py"])

# Layers from bottom to top; a module imports only from its own layer's packages below, never upwards.
LAYERS = [
    {"errors"},
    {"vocabulary", "vectors"},
    {"codes", "search", "memory", "tables", "corpus", "datasets", "training", "formats", "store"},
    None,  # everything not named elsewhere: models, queries, projection, comparison, evaluation, ...
    {"charts"},
    {"ui"},
    {"__main__", "recipe", "counted"},
]
ALLOWED = {
    "streamlit": ("embedlab/ui/", "pages/", "streamlit_app.py"),
    "altair": ("embedlab/charts/",),
    "torch": ("embedlab/training.py", "embedlab/models/"),
    "gensim": (
        "embedlab/pretrained.py",
        "embedlab/formats",
        "embedlab/evaluation.py",
        "embedlab/word2vec_engine.py",
    ),
    "sklearn": ("embedlab/projection.py", "embedlab/counts.py"),
    "openTSNE": (),  # a peer of the benchmarks; the app does without
}
SAFE_CALLS = {"allow_pickle=True", "weights_only=False", "unsafe_allow_html=True"}


def imports(path: Path) -> Iterator[str]:
    """Full names of the modules that a file imports when it runs, anywhere in it; imports for types do not count."""
    tree = ast.parse(path.read_text("utf-8"))
    for_types = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if node in for_types:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def layer(module: str) -> int:
    """Height of a module of the package; `module` is its path below embedlab, dotted."""
    head = module.split(".")[0]
    named = [i for i, names in enumerate(LAYERS) if names and head in names]
    return named[0] if named else 3


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_libraries_are_imported_only_where_they_belong(path: Path) -> None:
    for module in imports(path):
        library = module.split(".")[0]
        if library in ALLOWED:
            assert name(path).startswith(ALLOWED[library]), f"{name(path)} imports {module}"


@pytest.mark.parametrize("path", [p for p in SOURCES if PACKAGE in p.parents], ids=name)
def test_modules_import_only_downwards(path: Path) -> None:
    own = layer(".".join(path.relative_to(PACKAGE).with_suffix("").parts))
    for module in imports(path):
        if module.startswith("embedlab."):
            below = layer(module.removeprefix("embedlab."))
            assert below <= own, f"{name(path)} (layer {own}) imports {module} (layer {below})"


@pytest.mark.parametrize("path", sorted((PACKAGE / "models").glob("*.py")), ids=name)
def test_no_model_imports_another(path: Path) -> None:
    assert not [module for module in imports(path) if module.startswith("embedlab.models.")]


@pytest.mark.parametrize("path", sorted((ROOT / "pages").glob("*.py")), ids=name)
def test_no_page_imports_another_and_each_opens_through_the_shell(path: Path) -> None:
    assert not [module for module in imports(path) if module.startswith("pages")]
    assert f'shell.open_page(\n    "{path.name}"' in path.read_text("utf-8") or (
        f'shell.open_page("{path.name}"' in path.read_text("utf-8")
    )


def test_no_two_pages_keep_an_input_under_one_name() -> None:
    """Streamlit carries the value of a key in links from page to page: what one page means, another would take over."""
    files: dict[str, set[str]] = {}
    for path in [*(ROOT / "pages").glob("*.py"), *(ROOT / "embedlab" / "ui").glob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            named = {word.arg: word.value for word in node.keywords} if isinstance(node, ast.Call) else {}
            if "bind" in named and isinstance(key := named.get("key"), ast.Constant):
                files.setdefault(str(key.value), set()).add(path.name)
    assert len(files) > 50
    assert {key: where for key, where in files.items() if len(where) > 1} == {}


def test_the_menu_lists_exactly_the_pages() -> None:
    assert sorted(line.file for line in MENU) == sorted(path.name for path in (ROOT / "pages").glob("*.py"))


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_nothing_opens_the_door_to_pickles_or_html(path: Path) -> None:
    calls = {
        f"{keyword.arg}={ast.unparse(keyword.value)}"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        for keyword in node.keywords
    }
    assert not calls & SAFE_CALLS
    assert not {"pickle", "marshal", "shelve", "joblib"} & {module.split(".")[0] for module in imports(path)}


def modules_after(code: str) -> set[str]:
    """Names in sys.modules after `code` ran in a fresh process."""
    report = f"{code}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", report], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(json.loads(run.stdout.splitlines()[-1]))


HEAVY = {"torch", "gensim", "sklearn", "openTSNE"}


def test_importing_the_package_loads_nothing_heavy() -> None:
    assert not modules_after("import embedlab") & (HEAVY | {"numpy", "streamlit", "altair"})


@pytest.mark.parametrize("page", ["0_Home.py", "7_Neighbors.py"])
def test_the_first_answer_needs_no_heavy_library(page: str) -> None:
    code = (
        "from streamlit.testing.v1 import AppTest\n"
        f"app = AppTest.from_file('{ROOT}/streamlit_app.py', default_timeout=60).run()\n"
        f"app.switch_page('pages/{page}').run()\n"
        "assert not app.exception, app.exception\n"
        "assert any('king' in str(element.value) for element in app.text_input), 'no word was asked'\n"
    )
    assert not modules_after(code) & HEAVY
