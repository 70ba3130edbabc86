"""Hours in minutes: does memory come back, in a browser that is kept busy and in a server whose visitors come and go?

    python -m benchmarks.soak                both, half an hour for the browser
    python -m benchmarks.soak --minutes 5    a shorter one
    python -m benchmarks.soak --only server  without the browser

In the browser, two tabs of one Chromium: the movie of Ten words plays in a loop, and 300 words are asked on Home. Each
tab's heap of scripts is measured without garbage, once it has warmed up, and six times until the end. At the server,
100 sessions are opened, asked and closed over the websocket, through all pages; its resident memory is read after a
first round of sessions and at the end, both times when Streamlit has forgotten the closed sessions.
"""

import argparse
import asyncio
import re
import shutil
import time
from collections.abc import Sequence
from typing import NamedTuple

import psutil
from playwright.sync_api import CDPSession, Page, expect, sync_playwright

from benchmarks import machine
from benchmarks.load import PAGES, connected
from embedlab.library.bundled import DATA
from tests.browser.conftest import FLAGS, running_app
from tests.browser.steps import PATIENCE, open_settled

WORDS, SESSIONS, SAMPLES = 300, 100, 6
# Before the first measurement: scripts are compiled, and what many visitors share is made.
FIRST_WORDS, FIRST_SESSIONS = 100, 100
HEAP, RESIDENT = 0.10, 0.05  # by how much each may have grown
FORGOTTEN = 125  # seconds; Streamlit keeps a closed session for 120, should its visitor come back
FRAMES = """() => {
  window.frames_drawn = 0;
  const count = () => { window.frames_drawn += 1; };
  const picture = document.querySelector('.st-key-movie_ten_words svg.marks');
  new MutationObserver(count).observe(picture, {subtree: true, childList: true, attributes: true});
}"""


class Growth(NamedTuple):
    """Memory of something over time."""

    name: str
    sizes: Sequence[float]  # MB, 10^6 bytes, the first after a warm-up
    allowed: float  # share by which the last may exceed the first
    meanwhile: str  # what was done

    @property
    def share(self) -> float:
        return self.sizes[-1] / self.sizes[0] - 1

    def __str__(self) -> str:
        verdict = "holds" if self.share <= self.allowed else "MISSED"
        sizes = " → ".join(f"{size:.1f}" for size in self.sizes)
        return (
            f"{self.name}: {sizes} MB over {self.meanwhile}: {self.share:+.1%}, at most {self.allowed:+.0%}: {verdict}"
        )


def heap_mb(session: CDPSession) -> float:
    """Heap of a tab's scripts without garbage, MB."""
    for _ in range(3):  # what one collection finalizes, the next can free
        session.send("HeapProfiler.collectGarbage")
    metrics = session.send("Performance.getMetrics")["metrics"]
    return float(next(metric["value"] for metric in metrics if metric["name"] == "JSHeapUsedSize")) / 1e6


def ask(page: Page, word: str) -> None:
    """Another word on Home, until its neighbors are drawn."""
    box = page.get_by_role("textbox", name="A word")
    box.fill(word)
    box.press("Enter")
    expect(page.locator(f"[aria-label*='nearest to {word} ']").first).to_be_attached()


def browser(address: str, words: Sequence[str], minutes: float) -> list[Growth]:
    """Heaps of a tab that plays and of one that asks, over the given minutes."""
    with sync_playwright() as playwright:
        # Tabs of one process would share one heap, and two figures be one.
        flags = [flag for flag in FLAGS if flag != "--process-per-site"]
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
        # A movie that plays by itself on arrival would be paused by the click that is to start it.
        movie, home = (
            chromium.new_page(viewport={"width": 1280, "height": 900}, reduced_motion="reduce") for _ in range(2)
        )
        for page in (movie, home):
            page.set_default_timeout(PATIENCE)
        open_settled(movie, f"{address}/Ten_words")
        movie.wait_for_selector(".st-key-movie_ten_words svg.marks")
        movie.click(".embedlab-player .loop")
        movie.click(".embedlab-player .play")
        open_settled(home, address)
        for word in words[:FIRST_WORDS]:
            ask(home, word)
        movie.evaluate(FRAMES)
        sessions = [page.context.new_cdp_session(page) for page in (movie, home)]
        for session in sessions:
            session.send("Performance.enable")
        play = movie.locator(".embedlab-player .play")

        def measured() -> list[float]:
            """MB of each tab; the movie pauses meanwhile, since frames being drawn are no leak."""
            play.click()
            movie.wait_for_timeout(1_000)
            found = [heap_mb(session) for session in sessions]
            play.click()
            return found

        sizes = [measured()]
        start, asked = time.monotonic(), words[FIRST_WORDS:]
        for number, word in enumerate(asked, 1):
            ask(home, word)
            home.wait_for_timeout(max(0, 1000 * (start + 60 * minutes * number / len(asked) - time.monotonic())))
            if number % (len(asked) // SAMPLES) == 0:
                sizes.append(measured())
        expect(play).to_have_text("Pause")  # it has played all the while
        changes = movie.evaluate("window.frames_drawn")
        taken = (time.monotonic() - start) / 60
        chromium.close()
    played = f"{taken:.1f} minutes of playing ({changes:,} frames)"
    typed = f"{len(asked)} words in {taken:.1f} minutes"
    of_movie, of_home = zip(*sizes, strict=True)
    return [
        Growth("Heap of the tab with a movie", of_movie, HEAP, played),
        Growth("Heap of the tab with Home", of_home, HEAP, typed),
    ]


async def come_and_go(address: str, words: Sequence[str], visits: int) -> None:
    """Sessions one after the other, each on the next page: opened, asked for a word where there is a box, closed."""
    pages = list(PAGES)
    for number in range(visits):
        page = pages[number % len(pages)]
        async with connected(address, page) as visitor:
            answers = [await visitor.run()]
            if box := PAGES[page][1]:
                answers.append(await visitor.run(**{box: words[number]}))
        if any(answer.failed for answer in answers):
            raise SystemExit(f"{page} drew an exception")


def settled_mb(address: str, server: psutil.Process) -> float:
    """Resident memory once closed sessions are forgotten, which happens when the next one is closed."""
    time.sleep(FORGOTTEN)
    asyncio.run(come_and_go(address, ["king"], 1))
    time.sleep(5)
    return machine.resident_mb(server.pid)


def server_memory(address: str, server: psutil.Process, words: Sequence[str], visits: int) -> Growth:
    """Resident memory of the server before and after many visits."""
    asyncio.run(come_and_go(address, words, FIRST_SESSIONS))
    before = settled_mb(address, server)
    asyncio.run(come_and_go(address, words[FIRST_SESSIONS:], visits))
    return Growth("Server", (before, settled_mb(address, server)), RESIDENT, f"{visits} sessions")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=30, help="of the browser (default 30)")
    parser.add_argument("--only", choices=("browser", "server"), help="one of the two")
    arguments = parser.parse_args()
    print(machine.describe(), flush=True)
    listed = (DATA / "vectors/words.txt").read_text("utf-8").split("\n")[300:3_000]
    words = [word for word in listed if re.fullmatch("[a-z]{3,}", word)]  # they stand in a selector
    if arguments.only != "server":
        with running_app() as address:
            for growth in browser(address, words[: FIRST_WORDS + WORDS], arguments.minutes):
                print(growth, flush=True)
    if arguments.only != "browser":
        with running_app() as address:
            print(server_memory(address, machine.server(), words, SESSIONS), flush=True)


if __name__ == "__main__":
    main()
