"""The rules of docs/architecture.md, read from the source: who may import what, and what must not be loaded."""

import ast
import importlib
import json
import os
import re
import subprocess
import sys
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from hypothesis import settings

import embedlab
from embedlab.ui.menu import MENU
from tests.conftest import ROOT

PACKAGE, PAGES = ROOT / "embedlab", ROOT / "pages"
SOURCES = sorted([*PACKAGE.rglob("*.py"), *PAGES.glob("*.py"), ROOT / "streamlit_app.py"])

# From bottom to top. A folder or file directly below embedlab/ imports from the floors below its own, never from its
# own or a higher one; what is in no list fails.
FLOORS = (
    {"arrays", "errors", "locks", "places", "wording"},
    {"checks"},
    {"vectors", "charts"},
    {"projection", "formats", "training"},
    {"library", "comparison"},
    {"text", "evaluation", "workers", "teaching"},
    {"lessons", "atlas"},
    {"recipes", "ui"},
    {"cli"},
    {"__main__"},
)
# The same inside each folder that has subfolders, of these and of the modules beside them.
BESIDE = "modules beside the subfolders"
SUBFLOORS = {
    "vectors": ({BESIDE}, {"measures"}),
    "charts": ({BESIDE}, {"movie"}),
    "evaluation": ({BESIDE}, {"bias", "own"}),
    "lessons": ({"letters", "lookup", "ten_words", "transfer", "word2vec"}, {"counting"}),
    "lessons/transfer": ({"data"}, {BESIDE}),
    "ui": (
        {"address", "stepping", "tables"},
        {"places", "player"},
        {BESIDE},
        {"words"},
        {line.file.removesuffix(".py").partition("_")[2].lower() for line in MENU},
    ),
    "ui/evaluate": ({"judging"}, {BESIDE}),
}
UNSETTLED = {"formats"}  # its subfolders import one another
LESSONS_TOGETHER = {("counting", "word2vec")}  # the one lesson that uses another
MOST_MEMORY = 350 * 10**6 >> 20  # MiB, of a process that has shown every page; 290 seen, elsewhere some more
MOST_MODULES = 12  # in a folder, beside its __init__
LIBRARIES = {
    "streamlit": ("pages/", "embedlab/ui/"),
    "altair": ("embedlab/charts/", "embedlab/ui/[a-z_0-9]+/charts\\.py"),
    "torch": ("embedlab/training/", "embedlab/lessons/[a-z_0-9]+/"),
    "gensim": ("embedlab/lessons/word2vec/gensim_engine.py", "embedlab/vectors/word_vectors.py"),
    "sklearn": ("embedlab/lessons/transfer/baselines.py",),
    "openTSNE": ("embedlab/atlas/fast_tsne.py",),
}
UNIX_ONLY = {"fcntl", "grp", "pty", "pwd", "resource", "termios"}
UNSAFE_CALLS = {"allow_pickle=True", "weights_only=False", "unsafe_allow_html=True"}
HEAVY = {"torch", "gensim", "sklearn", "openTSNE"}


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def parsed(path: Path) -> tuple[ast.AST, ...]:
    """Every node of a file, in the order of `ast.walk`."""
    return tuple(ast.walk(ast.parse(path.read_text("utf-8"))))


@cache
def imports(path: Path) -> frozenset[str]:
    """Full names of all that a file imports when it runs, anywhere in it; imports for types do not count."""
    for_types = {
        inner
        for node in parsed(path)
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
        for inner in ast.walk(node)
    }
    found: set[str] = set()
    for node in parsed(path):
        if node in for_types:
            continue
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.module, f"{name(path)} imports relatively"
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return frozenset(found)


def module(path: Path) -> str:
    """Its dotted name; a package's is its folder's."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {module(path): path for path in SOURCES if PACKAGE in path.parents}


def below(path: Path) -> set[str]:
    """Modules of the package that a file imports, without the packages that only lead to them."""
    own = {m for m in imports(path) if m in MODULES and m != module(path)}
    return {m for m in own if not any(other.startswith(f"{m}.") for other in own)}


def rooms(of: str) -> list[str]:
    """Folders and file of a module below embedlab/."""
    return of.split(".")[1:]


def floor(of: str) -> int:
    room = rooms(of)[0]
    found = [i for i, names in enumerate(FLOORS) if room in names]
    assert found, f"{room} is on no floor: add it to FLOORS and to docs/architecture.md"
    return found[0]


@pytest.mark.parametrize("path", [p for m, p in MODULES.items() if m != "embedlab"], ids=name)
def test_modules_import_only_downwards(path: Path) -> None:
    own = module(path)
    for other in below(path):
        if other != "embedlab" and rooms(other)[0] != rooms(own)[0]:
            assert floor(other) < floor(own), f"{own} (floor {floor(own)}) imports {other} (floor {floor(other)})"


def test_no_imports_go_round_in_a_circle() -> None:
    graph = {m: below(path) for m, path in MODULES.items()}
    assert len(list(TopologicalSorter(graph).static_order())) == len(MODULES)  # raises CycleError, which names it


def subfolders(folder: Path) -> set[str]:
    return {path.parent.name for path in folder.glob("*/__init__.py")}


def crossing(folder: str) -> set[tuple[str, str]]:
    """Pairs of subfolders of embedlab/<folder>/ of which the first imports from the second; BESIDE is one of them."""
    above, inner = folder.split("/"), subfolders(PACKAGE / folder)

    def part(of: str) -> str:
        """Empty for what is not in the folder, and for the folder itself."""
        inside = rooms(of)[len(above) :] if rooms(of)[: len(above)] == above else []
        return "" if not inside else inside[0] if inside[0] in inner else BESIDE

    found = {(part(own), part(other)) for own, path in MODULES.items() for other in below(path)}
    return {(a, b) for a, b in found if a and b and a != b}


def test_every_subfolder_has_its_place() -> None:
    holding = {name(path.parent.parent).removeprefix("embedlab/") for path in PACKAGE.glob("*/*/**/__init__.py")}
    assert holding == SUBFLOORS.keys() | UNSETTLED
    for folder, floors in SUBFLOORS.items():
        listed = [part for parts in floors for part in parts]
        assert sorted({*listed} - {BESIDE}) == sorted(subfolders(PACKAGE / folder)), folder
        assert len({*listed}) == len(listed), folder


@pytest.mark.parametrize("folder", SUBFLOORS)
def test_subfolders_import_only_downwards(folder: str) -> None:
    at = {part: i for i, parts in enumerate(SUBFLOORS[folder]) for part in parts}
    assert [(a, b) for a, b in crossing(folder) if at[b] >= at[a]] == []


def test_no_lesson_imports_another_but_for_counting() -> None:
    assert crossing("lessons") == LESSONS_TOGETHER


def test_no_folder_is_crowded() -> None:
    counts = {name(d): len([*d.glob("*.py")]) - 1 for d in {path.parent for path in MODULES.values()} - {PACKAGE}}
    assert len(counts) > 20
    assert {d: n for d, n in counts.items() if n > MOST_MODULES} == {}


def test_the_document_draws_the_tree_as_it_is() -> None:
    drawn = re.findall(
        r"^\| `(embedlab/[^`]*)` \| ([^|]*) \|", (ROOT / "docs/architecture.md").read_text("utf-8"), re.M
    )
    modules: dict[str, set[str]] = {}
    for path in MODULES.values():
        modules.setdefault(f"{name(path.parent)}/", set()).update({path.stem} - {"__init__", "__main__"})
    assert {place: set(re.findall(r"\b\w+\b", listed)) for place, listed in drawn if "(" not in listed} == {
        place: names for place, names in modules.items() if names
    }


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_libraries_are_imported_only_where_they_belong(path: Path) -> None:
    for imported in imports(path):
        places = LIBRARIES.get(imported.split(".")[0])
        if places is not None:
            assert any(re.match(place, name(path)) for place in places), f"{name(path)} imports {imported}"
            draws = name(path).startswith("embedlab/charts/") or path.name == "charts.py"
            assert not (draws and imported.startswith("streamlit")), f"{name(path)} draws and knows Streamlit"


def test_no_place_of_a_library_is_without_it() -> None:
    for library, places in LIBRARIES.items():
        importing = [name(path) for path in SOURCES if library in {full.split(".")[0] for full in imports(path)}]
        for place in places:
            assert any(re.match(place, path) for path in importing), f"{place} does without {library}"


@pytest.mark.parametrize("path", sorted(PAGES.glob("*.py")), ids=name)
def test_no_page_imports_another_and_each_opens_through_the_shell(path: Path) -> None:
    assert not [imported for imported in imports(path) if imported.startswith("pages")]
    assert re.search(rf'shell\.open_page\(\s*"{re.escape(path.name)}"', path.read_text("utf-8"))


def page_of(path: Path) -> str:
    """The page that a file belongs to: ten_words for pages/2_Ten_words.py and for all of embedlab/ui/ten_words/."""
    if path.parent == PAGES:
        return path.stem.partition("_")[2].lower()
    return path.parent.name if path.parent.parent.name == "ui" else name(path)


def test_every_fragment_takes_turns_with_the_scripts() -> None:
    asking = {name(path) for path in SOURCES if "st.fragment" in path.read_text("utf-8")}
    assert asking == {"embedlab/ui/turns.py"}


def test_no_two_pages_keep_an_input_under_one_name() -> None:
    """Streamlit carries the value of a key in links from page to page: what one page means, another would take over."""
    pages: dict[str, set[str]] = {}
    for path in [*PAGES.glob("*.py"), *(PACKAGE / "ui").rglob("*.py")]:
        for node in parsed(path):
            named = {word.arg: word.value for word in node.keywords} if isinstance(node, ast.Call) else {}
            if "bind" in named and isinstance(key := named.get("key"), ast.Constant):
                pages.setdefault(str(key.value), set()).add(page_of(path))
    assert len(pages) > 50
    assert {key: where for key, where in pages.items() if len(where) > 1} == {}


def test_the_menu_lists_exactly_the_pages() -> None:
    assert sorted(line.file for line in MENU) == sorted(path.name for path in PAGES.glob("*.py"))


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_nothing_opens_the_door_to_pickles_or_html(path: Path) -> None:
    calls = {
        f"{keyword.arg}={ast.unparse(keyword.value)}"
        for node in parsed(path)
        if isinstance(node, ast.Call)
        for keyword in node.keywords
    }
    assert not calls & UNSAFE_CALLS
    assert not {"pickle", "marshal", "shelve", "joblib"} & {imported.split(".")[0] for imported in imports(path)}


def modules_after(code: str, **environment: str) -> set[str]:
    """Names in sys.modules after `code` ran in a fresh process."""
    report = f"{code}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    command, env = [sys.executable, "-c", report], os.environ | environment
    run = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return set(json.loads(run.stdout.splitlines()[-1]))


def test_importing_the_package_loads_nothing_heavy() -> None:
    assert not modules_after("import embedlab") & (HEAVY | {"numpy", "streamlit", "altair"})


def test_every_public_name_is_there_when_it_is_asked_for() -> None:
    assert len(embedlab.__all__) == 32
    assert set(embedlab.__all__) <= set(dir(embedlab))
    for public in embedlab.__all__:
        thing = getattr(embedlab, public)
        assert thing.__name__ == public
        assert thing.__module__.startswith("embedlab."), public
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        embedlab.nothing  # noqa: B018


def test_names_of_the_first_edition_are_where_they_were() -> None:
    places = {
        "vectors": "WordVectors Vocabulary Neighbor nearest_neighbors analogy similarity odd_one_out",
        "formats": "read_vectors write_vectors convert LoadReport Limits",
        "projection": "pca tsne axes semantic_axes trustworthiness",
        "evaluation": "analogy_accuracy similarity_correlation weat analogy_questions similarity_pairs gensim_file",
    }
    for package, names in places.items():
        module = importlib.import_module(f"embedlab.{package}")
        for name in names.split():
            assert callable(getattr(module, name)), f"embedlab.{package}.{name} is a module or missing"


def test_every_module_can_be_imported_where_the_system_is_not_unix_and_hides_no_name() -> None:
    """Windows has no fcntl, os.geteuid or os.sysconf; libraries that ask for them are loaded before they go.

    An import of embedlab.vectors.analogy makes the module an attribute of embedlab.vectors, where a function is: of no
    package may a name be lost that way, whatever was imported.
    """
    code = (
        "import importlib, os, sys, types\n"
        "import altair, filelock, gensim.models, numpy, pandas, psutil, scipy.sparse, streamlit, torch\n"
        "sys.modules['fcntl'] = None\n"
        "del os.geteuid, os.sysconf\n"
        f"loaded = [importlib.import_module(module) for module in {sorted(MODULES)}]\n"
        "for package in loaded:\n"
        "    for name in getattr(package, '__all__', ()):\n"
        "        assert not isinstance(getattr(package, name), types.ModuleType), (package, name)\n"
    )
    assert set(MODULES) - {"embedlab.__main__"} <= modules_after(code)


def test_no_example_of_a_property_is_timed() -> None:
    assert settings().deadline is None


def test_no_module_or_test_asks_for_a_library_of_unix_when_it_is_imported() -> None:
    """Windows has none of them; a function that needs one imports it, and its test is skipped there."""
    asking = set()
    for path in [*SOURCES, *(ROOT / "tests").rglob("*.py"), *(ROOT / "benchmarks").glob("*.py")]:
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.Import) and UNIX_ONLY & {alias.name for alias in node.names}:
                asking.add(name(path))
            if isinstance(node, ast.ImportFrom) and node.module in UNIX_ONLY:
                asking.add(name(path))
    assert asking == set()


def test_first_visitors_at_once_meet_whole_modules() -> None:
    """Streamlit runs their scripts in threads; one that sees what another is still importing would fail."""
    code = (
        "import importlib, sys, threading\n"
        "sys.setswitchinterval(1e-5)\n"
        "first = ['vectors', 'vectors.word_vectors', 'vectors.search', 'projection']\n"
        "failed, ready = [], threading.Barrier(len(first))\n"
        "def visit(module):\n"
        "    ready.wait()\n"
        "    try:\n"
        "        importlib.import_module('embedlab.ui')\n"
        "        importlib.import_module(f'embedlab.{module}')\n"
        "    except Exception as error:\n"
        "        failed.append(repr(error))\n"
        "visitors = [threading.Thread(target=visit, args=(module,)) for module in first]\n"
        "[visitor.start() for visitor in visitors], [visitor.join() for visitor in visitors]\n"
        "assert not failed, failed\n"
    )
    for _ in range(3):
        modules_after(code)


def test_all_pages_open_without_heavy_libraries_or_processes_and_in_little_memory() -> None:
    """In one process, as a server's; no button is pressed."""
    code = (
        "import psutil\n"
        "from streamlit.testing.v1 import AppTest\n"
        "took = {}\n"
        f"app = AppTest.from_file({str(ROOT / 'streamlit_app.py')!r}, default_timeout=60).run()\n"
        f"for page in {sorted(path.name for path in PAGES.glob('*.py'))}:\n"
        "    before = psutil.Process().memory_info().rss\n"
        "    app.switch_page(f'pages/{page}').run()\n"
        "    assert not app.exception, app.exception\n"
        "    took[page] = (psutil.Process().memory_info().rss - before) >> 20\n"
        "total = psutil.Process().memory_info().rss >> 20\n"
        f"assert total <= {MOST_MEMORY}, f'{{total}} MiB: {{took}}'\n"
        "assert not psutil.Process().children(), 'a training was begun'\n"
    )
    assert not modules_after(code, EMBEDLAB_IN_PROCESS="0") & (HEAVY | {"pandas", "vl_convert", "scipy.special"})
