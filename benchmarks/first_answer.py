"""First answer of a fresh app against an app that imports torch, gensim and scikit-learn at its top.

    python -m benchmarks.first_answer

Each app is started in a process of its own, opened in Chromium, and timed from the moment the server answers until the
word "queen" is on screen; then its memory is read.
"""

import shutil
import statistics
import tempfile
import time
from pathlib import Path

import psutil
from playwright.sync_api import Page, sync_playwright

from benchmarks import machine
from embedlab.library.bundled import DATA
from tests.browser.conftest import FLAGS, ROOT, running_app
from tests.browser.steps import PATIENCE, SETTLED

REPEATS = 5
NAIVE = f"""
import gensim, numpy as np, sklearn.manifold, streamlit as st, torch
words = open({str(DATA / "vectors/words.txt")!r}, encoding="utf-8").read().split("\\n")
matrix = np.load({str(DATA / "vectors/matrix.npy")!r}).astype(np.float32)
vectors = gensim.models.KeyedVectors(matrix.shape[1])
vectors.add_vectors(words, matrix)
st.table(vectors.most_similar(st.text_input("word", "king")))
"""


def measure(script: Path, path: str, page: Page) -> tuple[float, float]:
    """Seconds to the first answer, and resident MB of the server at that moment."""
    with running_app(script) as address:
        (server,) = (child for child in psutil.Process().children() if "streamlit" in child.cmdline())
        start = time.perf_counter()
        page.goto(f"{address}/{path}")
        answer = page.locator("[aria-label*=queen]").or_(page.get_by_text("queen", exact=True)).first
        answer.wait_for(state="attached", timeout=PATIENCE)
        seconds = time.perf_counter() - start
        page.wait_for_selector(SETTLED)
        return seconds, machine.resident_mb(server.pid)


def main() -> None:
    print(machine.describe())
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        naive = Path(folder) / "naive.py"
        naive.write_text(NAIVE, "utf-8")
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = browser.new_page()
        ours = ROOT / "streamlit_app.py"
        apps = {"naive app": (naive, ""), "embedlab Home": (ours, ""), "embedlab Neighbors": (ours, "Neighbors")}
        found: dict[str, list[tuple[float, float]]] = {name: [] for name in apps}
        for _ in range(REPEATS):
            for name, (script, path) in apps.items():
                found[name].append(measure(script, path, page))
        browser.close()
    for name, runs in found.items():
        seconds, memory = (statistics.median(values) for values in zip(*runs, strict=True))
        print(f"{name:18} first answer {seconds:5.1f} s   resident {memory:5.0f} MB   (median of {REPEATS})")


if __name__ == "__main__":
    main()
