"""First answer of a fresh app against an app that imports torch, gensim and scikit-learn at its top.

    python -m benchmarks.first_answer

Each app is started in a process of its own, opened in Chromium, and timed from the moment the server answers until the
word "queen" is on screen; then its memory is read.
"""

import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks import machine
from benchmarks.figures import Missing, Row, Scale, show
from embedlab.library.bundled import DATA
from tests.browser.conftest import FLAGS, ROOT, running_app
from tests.browser.steps import PATIENCE, SETTLED

REPEATS: dict[Scale, int] = {"full": 5, "quick": 3, "tiny": 1}
NAIVE = f"""
import gensim, numpy as np, sklearn.manifold, streamlit as st, torch
def load():
    words = open({str(DATA / "vectors/words.txt")!r}, encoding="utf-8").read().split("\\n")
    matrix = np.load({str(DATA / "vectors/matrix.npy")!r}).astype(np.float32)
    vectors = gensim.models.KeyedVectors(matrix.shape[1])
    vectors.add_vectors(words, matrix)
    return vectors
st.table(load().most_similar(st.text_input("word", "king")))
"""


@contextmanager
def naive_app(*, cached: bool = False) -> Iterator[Path]:
    """The script of the naive app, as a file.

    Args:
        cached: it loads its vectors once, not at each run.
    """
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "naive.py"
        script.write_text(NAIVE.replace("def load", "@st.cache_resource\ndef load") if cached else NAIVE, "utf-8")
        yield script


def measure(script: Path, path: str, page: Page) -> tuple[float, float]:
    """Seconds to the first answer, and resident MB of the server at that moment."""
    with running_app(script) as address:
        server = machine.server()
        start = time.perf_counter()
        page.goto(f"{address}/{path}")
        answer = page.locator("[aria-label*=queen]").or_(page.get_by_text("queen", exact=True)).first
        answer.wait_for(state="attached")
        seconds = time.perf_counter() - start
        page.wait_for_selector(SETTLED)
        return seconds, machine.resident_mb(server.pid)


def rows(scale: Scale = "full") -> Iterator[Row]:
    """Seconds and memory of Home and Neighbors beside the naive app."""
    executable = shutil.which("chromium")
    if executable is None:
        raise Missing("Chromium is missing (Debian: apt-get install chromium)")
    ours = ROOT / "streamlit_app.py"
    with sync_playwright() as playwright, naive_app() as naive:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        page = browser.new_page()
        page.set_default_timeout(PATIENCE)
        apps = {"naive app": (naive, ""), "Home": (ours, "?word=king"), "Neighbors": (ours, "Neighbors")}
        found: dict[str, list[tuple[float, float]]] = {name: [] for name in apps}
        for _ in range(REPEATS[scale]):
            for name, (script, path) in apps.items():
                found[name].append(measure(script, path, page))
        browser.close()
    medians = {name: [statistics.median(column) for column in zip(*runs, strict=True)] for name, runs in found.items()}
    for name in ("Home", "Neighbors"):
        for unit, own, theirs in zip(("s", "MB resident"), medians[name], medians["naive app"], strict=True):
            yield Row(f"first answer of a fresh app, {name}", unit, own, "naive app", theirs)


def main() -> None:
    print(machine.describe())
    show(rows())


if __name__ == "__main__":
    main()
