"""Ten words: the reference statistics over 500 seeds, and its speed against the plain PyTorch loop.

    python -m benchmarks.ten_words

Prints the statistics with their standard errors beside the reference's, medians of times taken in turn in this one
process, what the movie weighs, and, where Chromium is installed, how fast it is drawn.
"""

import json
import math
import shutil
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch
from torch import nn

from benchmarks import machine
from benchmarks.figures import Row, Scale, show
from embedlab.charts.movie.movie import learning_movie
from embedlab.charts.theme import LIGHT
from embedlab.lessons.ten_words.config import TenWordsConfig
from embedlab.lessons.ten_words.tagged_text import TEN_WORDS, read_tagged
from embedlab.lessons.ten_words.training import follow_many, run
from embedlab.ui.ten_words.movie import films

SEEDS = 500
SIZES: dict[Scale, tuple[int, int]] = {"full": (200, 15), "quick": (200, 5), "tiny": (2, 1)}  # epochs, repeats
PRESSES, PLAYS = 10, 3  # in Chromium
REFERENCE = {"share": 0.9835, "first": 97.0, "loss": 0.045, "mean loss": 0.056}  # over 2,000 seeds
TEXT = read_tagged(TEN_WORDS)


def statistics_of_runs() -> None:
    """The share of perfect runs, when they become so, and their loss; standard errors by resampling the seeds."""
    runs = [r for at in range(0, SEEDS, 50) for r in [*follow_many(TEXT, TenWordsConfig(), range(at, at + 50))][-1]]
    firsts = np.array([math.inf if (first := r.first_perfect()) is None else first for r in runs])
    losses = np.array([r.losses()[-1] for r in runs])
    measures: dict[str, Callable[[np.ndarray, np.ndarray], float]] = {
        "share": lambda first, _: float(np.isfinite(first).mean()),
        "first": lambda first, _: float(np.median(first[np.isfinite(first)])),
        "loss": lambda _, loss: float(np.median(loss)),
        "mean loss": lambda _, loss: float(loss.mean()),
    }
    draws = np.random.default_rng(0).integers(0, SEEDS, (1_000, SEEDS))
    says = {
        "share": "100% of words within 200 epochs",
        "first": "first perfect epoch, median",
        "loss": "final loss, median (nats)",
        "mean loss": "final loss, mean (nats)",
    }
    print(f"{'over ' + str(SEEDS) + ' seeds':36}{'here':>9}{'± s.e.':>9}{'reference':>11}{'z':>7}")
    for name, measure in measures.items():
        here = measure(firsts, losses)
        error = float(np.std([measure(firsts[d], losses[d]) for d in draws]))
        z = (here - REFERENCE[name]) / (error * math.sqrt(1 + SEEDS / 2_000))  # the reference has an error, too
        print(f"{says[name]:36}{here:9.4f}{error:9.4f}{REFERENCE[name]:11.4f}{z:7.1f}")


def plain_loop(epochs: int) -> None:
    """The experiment as its source writes it."""
    torch.manual_seed(0)
    embedding, linear, nll = nn.Embedding(10, 2), nn.Linear(2, 4), nn.NLLLoss()
    optimizer = torch.optim.SGD([*embedding.parameters(), *linear.parameters()], lr=0.1)
    batches = [(torch.tensor(ids), torch.tensor(tags)) for ids, tags in TEXT.sentences]
    for _ in range(epochs):
        for ids, tags in batches:
            optimizer.zero_grad()
            nll(torch.log_softmax(linear(embedding(ids)), dim=-1), tags).backward()
            optimizer.step()


def movie(epochs: int) -> dict[str, Any]:
    """From the settings to what is sent to the browser, as after a press of Train."""
    found = run(TEXT, TenWordsConfig(epochs=epochs))
    return learning_movie(films([found], LIGHT), theme=LIGHT, param="epoch", unit="epoch")


def times(epochs: int, repeats: int) -> Iterator[Row]:
    """Seconds of the processor, each kind of work in turn, on one thread; the plain loop is the peer of all."""
    torch.set_num_threads(1)
    config = TenWordsConfig(epochs=epochs)
    work: dict[str, Callable[[], object]] = {
        "one run, every epoch kept": lambda: run(TEXT, config),
        "16 runs at once": lambda: [*follow_many(TEXT, config, range(16))][-1],
        "64 runs at once": lambda: [*follow_many(TEXT, config, range(64))][-1],
        "one run and its movie": lambda: movie(epochs),
    }
    for job in work.values():
        job()
    loop, *seconds = machine.in_turn([lambda: plain_loop(epochs), *work.values()], repeats, time.process_time)
    for name, own, runs in zip(work, seconds, (1, 16, 64, 1), strict=True):
        peer = "plain PyTorch loop" + f", {runs} times" * (runs > 1)
        yield Row(f"ten words, {epochs} epochs: {name}", "s of processor", own, peer, loop * runs)


def rows(scale: Scale = "full") -> Iterator[Row]:
    """Training beside the plain loop, and, where Chromium is installed, what a visitor sees."""
    epochs, repeats = SIZES[scale]
    yield from times(epochs, repeats)
    size = len(json.dumps(movie(epochs), separators=(",", ":")).encode())
    yield Row("ten words: the movie with all its frames", "kB", size / 1000)
    if scale != "tiny" and shutil.which("chromium"):
        yield from in_chromium()


def in_chromium() -> Iterator[Row]:
    """From the press of Train to the new run's points on screen, and frames of one play."""
    from playwright.sync_api import sync_playwright

    from tests.browser.conftest import FLAGS, running_app
    from tests.browser.steps import PATIENCE, SETTLED

    stage = ".st-key-movie_ten_words"
    places = (
        f"[...document.querySelectorAll('{stage} svg path[aria-roledescription=point]')].map(p => p.ariaLabel).join()"
    )
    press = f"""() => new Promise(done => {{
      const before = {places}, start = performance.now();
      const look = () => {{
        const now = {places};
        now && now !== before ? done((performance.now() - start) / 1000) : requestAnimationFrame(look);
      }};
      document.querySelector('[data-testid=stFormSubmitButton] button').click();
      look();
    }})"""
    frames = f"""() => new Promise(done => {{
      let drawn = 0, shown = "", start = performance.now();
      const look = () => {{
        const texts = [...document.querySelectorAll('{stage} svg text')].map(t => t.textContent);
        const now = texts.find(text => text.startsWith("epoch "));
        if (now !== shown) {{ drawn += 1; shown = now; }}
        const left = document.querySelector('.embedlab-player .play').classList.contains('playing');
        left ? requestAnimationFrame(look) : done([drawn, performance.now() - start]);
      }};
      document.querySelector('.embedlab-player .play').click();
      look();
    }})"""
    with running_app() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
        page.set_default_timeout(PATIENCE)
        page.goto(f"{address}/Ten_words")
        page.wait_for_selector(f"{stage} svg.marks")
        page.wait_for_selector(SETTLED)
        waits = []
        for seed in range(100, 100 + PRESSES):
            page.get_by_label("Seed", exact=True).fill(str(seed))
            page.get_by_label("Seed", exact=True).press("Tab")
            waits.append(page.evaluate(press))
            page.wait_for_selector(SETTLED)
        rates = [drawn / taken * 1000 for drawn, taken in (page.evaluate(frames) for _ in range(PLAYS))]
        browser.close()
    longest = f"at most {max(waits):.2f} s"
    yield Row("ten words: button to movie in Chromium", "s", statistics.median(waits), note=longest)
    yield Row("ten words: a play in Chromium", "frames a second", statistics.median(rates), more_is_better=True)


def main() -> None:
    print(machine.describe())
    statistics_of_runs()
    print()
    show(rows())


if __name__ == "__main__":
    main()
