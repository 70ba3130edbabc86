"""The atlas: laying out a whole space beside openTSNE and UMAP, and what the map costs a browser and the wire.

    python -m benchmarks.atlas

All lay out the same rows, of length 1, on one thread, the peers at their defaults (UMAP where it is installed);
embedlab's time holds naming the districts and counting what the map keeps. "kept" is the share of each word's ten
nearest that are among its ten nearest on the map.

The map is drawn in headless Chromium without a GPU, 800 px wide: frames are those drawn while the mouse drags it. A
click lasts from the mouse until the word's neighbors are joined to it. The first paint is one of a browser that has
fetched Streamlit's scripts before. A run is what the server sends when another word is typed, as it travels: the form,
the card, what the map shows, figures and tabs, but neither menu nor styles.
"""

import asyncio
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, sync_playwright

from benchmarks import machine
from benchmarks.figures import Missing, Row, Scale, show
from benchmarks.load import connected
from embedlab.arrays import Floats
from embedlab.atlas.faithfulness import kept_counts, tree_of
from embedlab.atlas.kept_maps import bundled_map
from embedlab.atlas.layout import blocks, finished, lay_out, nearest_of
from embedlab.atlas.naming import name_levels
from embedlab.atlas.word_map import NEAREST, WordMap, from_whole, to_bytes, whole
from embedlab.charts.theme import LIGHT
from embedlab.library.bundled import bundled_vectors
from embedlab.vectors.word_vectors import WordVectors
from tests.browser.conftest import FLAGS, running_app
from tests.browser.steps import PATIENCE, open_settled, settle

SIZES: dict[Scale, tuple[int, ...]] = {"full": (4_000, 50_000), "quick": (500,), "tiny": (60,)}
REPEATS: dict[Scale, int] = {"full": 7, "quick": 2, "tiny": 0}  # in the browser
MANY = 340_000  # words of a large set
_TRUST = 5_000  # words of which trustworthiness is computed, at most: all pairs are held
_DRAG = 2_000  # ms
_WORDS = ("violin", "bacteria", "java", "paris", "monday", "seven", "soccer", "iron")
_ATLAS = "window.embedlabAtlas?.atlas"
# Drags a map to and fro as fast as the browser draws; milliseconds of each drawing.
_DRAGGED = """async ([ms, name]) => {
  const atlas = eval(name), { canvas } = atlas, box = canvas.getBoundingClientRect(), spent = [];
  const draw = atlas.draw.bind(atlas), middle = box.left + box.width / 2, begin = performance.now();
  const place = { clientY: box.top + 99, pointerId: 1 };
  const tell = (kind, clientX) => canvas.dispatchEvent(new PointerEvent(kind, { ...place, clientX }));
  canvas.setPointerCapture = () => {};
  atlas.draw = (...given) => {
    const start = performance.now();
    draw(...given);
    spent.push(performance.now() - start);
  };
  tell("pointerdown", middle);
  while (performance.now() < begin + ms) {
    tell("pointermove", middle + 150 * Math.sin((performance.now() - begin) / 300));
    await new Promise(requestAnimationFrame);
  }
  tell("pointercancel", middle);
  return spent;
}"""
# Notes when the map is drawn first, in milliseconds from the start of the page.
_PAINTED = """window.embedlabAtlas = { set atlas(made) {
  const draw = made.draw;
  made.draw = (...given) => { draw.apply(made, given); window.painted ??= performance.now(); };
  Object.defineProperty(this, "atlas", { value: made, writable: true });
} };"""
# Milliseconds from the mouse's going up on a word until its neighbors are joined to it.
_CLICKED = """row => { window.clicked = new Promise((done) => {
  const { atlas } = window.embedlabAtlas;
  atlas.canvas.addEventListener("pointerup", () => {
    const begin = performance.now(), look = () => atlas.picked === row && atlas.near.length
      ? done(performance.now() - begin) : requestAnimationFrame(look);
    look();
  }, { once: true });
}); }"""


def ours(vectors: WordVectors) -> Floats:
    return finished(lay_out(vectors, words=len(vectors))).positions


def open_tsne(vectors: WordVectors) -> Floats:
    from openTSNE import TSNE

    return np.asarray(TSNE(n_jobs=1, random_state=0).fit(np.array(vectors.unit)))


def umap(vectors: WordVectors) -> Floats:
    from umap import UMAP  # type: ignore[import-not-found]

    return np.asarray(UMAP(n_jobs=1, random_state=0).fit_transform(np.array(vectors.unit)))


def quality(vectors: WordVectors, positions: Floats, least: Floats) -> str:
    """What a layout keeps, for a note."""
    from sklearn.manifold import trustworthiness

    said = f"kept {kept_counts(tree_of(positions), vectors.unit, least, NEAREST).mean() / NEAREST:.0%}"
    if len(vectors) <= _TRUST:
        said += f" (trustworthiness {trustworthiness(vectors.unit, positions, n_neighbors=NEAREST):.3f})"
    return said


def layouts(scale: Scale) -> Iterator[Row]:
    """Seconds of a layout, and what it keeps, beside the peers."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    peers: dict[str, Callable[[WordVectors], Floats]] = {"embedlab": ours, "openTSNE": open_tsne}
    if find_spec("umap"):
        peers["UMAP"] = umap
    with threadpool_limits(1):
        for peer in peers.values():
            peer(bundled_vectors().restrict(60))  # imports and compilation are not what is compared
        for count in SIZES[scale]:
            vectors = bundled_vectors().restrict(count)
            unit = vectors.unit
            near = [nearest_of(unit, unit[own], NEAREST, left_out=own)[1][:, -1] for own in blocks(count, 0, count)]
            found: dict[str, tuple[float, str]] = {}
            for name, peer in peers.items():
                begun = time.perf_counter()
                positions = peer(vectors)
                seconds = time.perf_counter() - begun
                found[name] = seconds, quality(vectors, positions.astype(np.float32), np.concatenate(near))
            own_seconds, own_quality = found.pop("embedlab")
            for name, (seconds, good) in found.items():
                work = f"layout of {count:,} x {vectors.dimensions}"
                yield Row(work, "s", own_seconds, name, seconds, note=f"{own_quality}, {name} {good}")


def repeated(word_map: WordMap, count: int) -> WordMap:
    """So many words, which lie as those of a map do, again and again, beside one another."""
    rows = np.arange(count) % len(word_map.words)
    shifted = word_map.positions[rows] + np.random.default_rng(0).normal(scale=0.004, size=(count, 2))
    words = [f"{word_map.words[row]}{at}" for at, row in enumerate(rows.tolist())]
    positions = from_whole(whole(shifted.clip(-1, 1).astype(np.float32)))
    return replace(
        word_map,
        words=tuple(words),
        positions=positions,
        districts=word_map.districts[rows],
        kept_counts=word_map.kept_counts[rows],
        kept=word_map.kept[rows],
        levels=name_levels(words, positions, word_map.district_names, word_map.district_places),
    )


def frames(browser: Browser, word_map: WordMap) -> Iterator[Row]:
    """How often, and how fast, a map is drawn while it is dragged: one in a page of its own."""
    from embedlab.ui.atlas import canvas, page
    from embedlab.ui.player.page import About

    words = f"{len(word_map.words):,} words"
    data = to_bytes(word_map)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "atlas.html"
        nothing = canvas.Shown(len(word_map.words), -1, (), ())
        paint = canvas.layer_bytes(
            len(word_map.words), {"colors": canvas.PALE}, word_map.districts % len(LIGHT.palette)
        )
        path.write_bytes(page.write(data, paint, nothing, About("Atlas", words, "")))
        tab = browser.new_page(viewport={"width": 860, "height": 1100})
        tab.set_default_timeout(PATIENCE)
        # Scripts of a page are modules, whose names are their own.
        path.write_bytes(path.read_bytes().replace(b"const atlas =", b"const atlas = window.atlas =", 1))
        tab.goto(path.as_uri())
        tab.wait_for_function("window.atlas?.drawn.length")
        spent = tab.evaluate(_DRAGGED, [_DRAG, "window.atlas"])
        tab.close()
    yield Row(f"{words}: drawn while dragged", "frames/s", 1000 * len(spent) / _DRAG, more_is_better=True)
    yield Row(f"{words}: a drawing", "ms", statistics.median(spent), note=f"slowest {max(spent):.0f}")
    yield Row(f"{words}: the map as it is sent", "MB", len(data) / 1e6)


def app(browser: Browser, repeats: int) -> Iterator[Row]:
    """What a visitor of the page waits for, and what a run sends."""
    index, paints, clicks = bundled_map("predicted").index, [], []
    with running_app() as address, browser.new_context(viewport={"width": 1280, "height": 1000}) as visitor:
        visitor.set_default_timeout(PATIENCE)
        visitor.add_init_script(_PAINTED)
        for turn in range(repeats + 1):
            tab = visitor.new_page()
            tab.goto(f"{address}/Atlas")
            tab.wait_for_function("window.painted")
            paints.append(tab.evaluate("window.painted") / 1000)
            if turn < repeats:
                tab.close()
        open_settled(tab, f"{address}/Atlas")
        tab.wait_for_function(f"{_ATLAS}?.near.length")
        for word in _WORDS[: repeats + 1]:
            row = index[word]
            tab.evaluate(f"() => {{ const {{ atlas }} = embedlabAtlas; atlas.look(...atlas.place({row}), 200); }}")
            tab.wait_for_timeout(600)
            tab.evaluate(_CLICKED, row)
            box: Any = tab.locator(".embedlab-atlas canvas").bounding_box()
            tab.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
            clicks.append(tab.evaluate("() => window.clicked"))
            settle(tab)
        tab.close()
    yield Row("the page Atlas: first paint, warm", "s", statistics.median(paints[1:]))
    yield Row("the page Atlas: a click", "ms", statistics.median(clicks[1:]), note=f"slowest {max(clicks[1:]):.0f}")


def wire() -> Iterator[Row]:
    """What a run sends."""

    async def runs(address: str) -> list[int]:
        async with connected(address, "Atlas") as visitor:
            await visitor.run()
            return [(await visitor.run(**{"Find a word": word})).bytes for word in _WORDS]

    with running_app() as address:
        yield Row("the page Atlas: a run", "kB", statistics.median(asyncio.run(runs(address))) / 1000)


def rows(scale: Scale = "full") -> Iterator[Row]:
    yield from layouts(scale)
    if scale == "tiny":
        return
    yield from wire()
    executable = shutil.which("chromium")
    if executable is None:
        raise Missing("Chromium is missing (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        drawn = bundled_map("predicted")
        yield from frames(browser, drawn)
        yield from frames(browser, repeated(drawn, MANY))
        yield from app(browser, REPEATS[scale])
        browser.close()


def main() -> None:
    print(machine.describe())
    show(rows())


if __name__ == "__main__":
    main()
