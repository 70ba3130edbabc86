"""What a visitor does in several browser tests, and what they look at."""

import re
import time
from contextlib import suppress
from pathlib import Path
from weakref import WeakKeyDictionary

import pytest
from playwright.sync_api import FloatRect, Locator, Page, TimeoutError, WebSocket, expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from embedlab.ui.menu import MENU

TITLES = [line.title for line in MENU]
PATIENCE = 120_000  # ms: two loaded cores take that long for a page with torch, a movie or a short training
JOB = 3 * PATIENCE  # ms for several trainings, one after the other on a machine that does more than this
SETTLED = "[data-testid=stApp][data-test-script-state=notRunning]"
RUNNING = "[data-testid=stApp]:not([data-test-script-state=notRunning])"
IDLE = "new Promise(done => requestIdleCallback(() => done(true), { timeout: 1500 }))"  # what came is taken in
# No script of an element is still fetched, and every chart that is shown is drawn.
DRAWN = f"""async () => await {IDLE} && !document.querySelector('[data-testid=stSkeleton]') &&
    [...document.querySelectorAll('[data-testid=stVegaLiteChart]')].every(chart =>
        !chart.checkVisibility() || chart.querySelector('.marks .root, canvas.marks'))"""
# Left and right ends of the whole page, of its scrolled main part, and of every picture that is shown.
EDGES = """() => [[0, document.documentElement.scrollWidth],
    [0, document.querySelector('[data-testid=stMain]').scrollWidth],
    ...[...document.querySelectorAll('[data-testid=stMain] :is(.marks, .embedlab-atlas canvas)')]
        .map(picture => picture.getBoundingClientRect()).filter(place => place.width)
        .map(place => [Math.ceil(place.left), Math.floor(place.right)])]"""
expect.set_options(timeout=PATIENCE)  # in place of 5 s; what comes sooner costs no wait


def open_settled(page: Page, address: str) -> None:
    """Opens an address and waits until the page stands."""
    page.goto(address)
    stand(page)


def reload_settled(page: Page) -> None:
    page.reload()
    stand(page)


def stand(page: Page) -> None:
    """Waits until the script has run to its end, and what it shows is drawn, which comes a moment later."""
    page.wait_for_selector(SETTLED)  # before its first run, a page is neither running nor not
    page.wait_for_function(DRAWN)


class Asked:
    """What a tab asks of its server, and whether that has begun: on a busy machine the page itself says so late."""

    def __init__(self, tab: Page) -> None:
        self.unanswered = False
        tab.on("websocket", self.listen)

    def listen(self, socket: WebSocket) -> None:
        self.unanswered = False  # what the page before asked for is of no account
        socket.on("framesent", self.sent)
        socket.on("framereceived", self.received)

    def sent(self, frame: bytes | str) -> None:
        asked = BackMsg.FromString(frame) if isinstance(frame, bytes) else BackMsg()
        if asked.HasField("rerun_script") and not asked.rerun_script.is_auto_rerun:
            self.unanswered = True

    def received(self, frame: bytes | str) -> None:
        if self.unanswered and isinstance(frame, bytes):
            self.unanswered = not ForwardMsg.FromString(frame).HasField("new_session")


ASKED: WeakKeyDictionary[Page, Asked] = WeakKeyDictionary()


def settle(page: Page) -> None:
    """Waits until the page stands after a click or a key."""
    with suppress(TimeoutError):  # a rerun takes a moment to be asked for
        page.wait_for_selector(RUNNING, timeout=300)
    deadline = time.monotonic() + 30  # a part of the page that is gone by now is not run again
    while page in ASKED and ASKED[page].unanswered and time.monotonic() < deadline:
        page.wait_for_timeout(50)
    page.wait_for_function(IDLE)
    stand(page)


def history_length(page: Page) -> int:
    """How many entries the history of this tab has."""
    return int(page.evaluate("history.length"))


def expect_entries(page: Page, count: int) -> None:
    """Waits for so many entries, as a view gets its own once it is drawn, and a moment for one that should not come."""
    page.wait_for_function("count => history.length >= count", arg=count)
    page.wait_for_timeout(300)
    assert history_length(page) == count


def menu_of(page: Page) -> list[str]:
    """The titles in the menu."""
    page.wait_for_selector("[data-testid=stSidebarNavLink]")
    links = page.locator("[data-testid=stSidebarNavLink]").all_inner_texts()
    return [text.split("\n")[-1] for text in links]


def drawn(page: Page, said: str, *awaited: str) -> list[str]:
    """The words and numbers drawn in the chart whose alternative text begins with `said`.

    Args:
        awaited: words to wait for, as the chart of the view before may still stand there.
    """
    texts = page.locator(f'[aria-label^="{said}"] .role-mark.mark-text text')
    expect(texts.first).to_be_visible()
    for word in awaited:
        expect(texts.filter(has_text=re.compile(f"^{re.escape(word)}$"))).not_to_have_count(0)
    return texts.all_text_contents()


def box_of(part: Locator) -> FloatRect:
    """Where something lies on the screen, once it stays there: what is above it may still grow."""
    before, place = None, part.bounding_box()
    for _ in range(PATIENCE // 100):
        if place is not None and place == before:
            return place
        part.page.wait_for_timeout(100)
        before, place = place, part.bounding_box()
    pytest.fail(f"{part} does not come to rest: {place}")


def downloaded(page: Page, label: str) -> bytes:
    """What the button with this label, in the open tab, gives."""
    with page.expect_download() as waiting:
        page.get_by_role("button", name=label).click()
    return Path(waiting.value.path()).read_bytes()


def forbid_dialogs(page: Page) -> None:
    """Fails the test where a script in typed words runs: `alert` is what such words try."""
    page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))


def expect_to_fit(page: Page, width: int, *, pictures: int = 1) -> None:
    """Waits until pictures are drawn and keep their places, none of them, nor the page, beyond a screen this wide.

    Args:
        pictures: how many there are at least.
    """
    edges: list[list[int]] = []
    for _ in range(PATIENCE // 250):
        before, edges = edges, page.evaluate(EDGES)
        if (
            edges == before
            and len(edges) >= 2 + pictures
            and all(left >= 0 and right <= width for left, right in edges)
        ):
            return
        page.wait_for_timeout(250)  # charts take their widths late, one after the other
    pytest.fail(f"pictures beyond {width} pixels: {edges}")
