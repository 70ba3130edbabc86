"""A running app and a real Chromium to look at it with."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, ViewportSize, sync_playwright

from embedlab.workers.processes import IN_PROCESS
from tests.browser.steps import ASKED, PATIENCE, Asked, history_length

ROOT = Path(__file__).parents[2]
# The shell is Chromium without windows, menus and bookmarks: the same pages for a fifth less processor time.
CHROMIUMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--process-per-site",
    "--enable-features=NetworkServiceInProcess2",  # a page's hundred scripts cross one process less
]
# Hundreds of pages stand for seconds each: what code gains from being optimized is less than the optimizing costs.
NOT_OPTIMIZED = "--js-flags=--no-opt --no-maglev"
# Streamlit's signs of what is still to come, which would be drawn anew sixty times a second.
STILL = """const still = new CSSStyleSheet();
still.replaceSync(":is([data-testid=stSkeleton], [data-testid=stSkeleton] *) { animation: none !important; }");
document.adoptedStyleSheets.push(still);"""
SIZE: ViewportSize = {"width": 1280, "height": 900}
ENTRIES = 20  # of a tab's history, which ends at 50


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def as_served() -> dict[str, str]:
    """The environment of this process, but with trainings in processes of their own, and compiled modules kept."""
    return {name: value for name, value in os.environ.items() if name not in (IN_PROCESS, "PYTHONDONTWRITEBYTECODE")}


@contextmanager
def running_app(script: Path = ROOT / "streamlit_app.py", **environment: str) -> Iterator[str]:
    """The address of a fresh server process for `script`, which ends with the context."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.headless=true"]
    command += [f"--server.port={port}", "--server.address=127.0.0.1", "--server.fileWatcherType=none"]
    server = subprocess.Popen(
        command, cwd=ROOT, env=as_served() | environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + PATIENCE / 1000
        while not answers(f"{address}/_stcore/health"):
            if time.monotonic() > deadline:
                raise RuntimeError(f"The app did not answer at {address} within {PATIENCE // 1000} s.")
            time.sleep(0.1)
        yield address
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:  # a job, or a tab that a broken-off run left open, holds it
            server.kill()
            server.wait()


def answers(address: str) -> bool:
    try:
        urllib.request.urlopen(address, timeout=1)
    except OSError:
        return False
    return True


@pytest.fixture(scope="session")
def app_url() -> Iterator[str]:
    """Address of one app for all tests of this process."""
    with running_app() as address:
        yield address


@pytest.fixture
def fresh_app_url() -> Iterator[str]:
    """Address of an app in a process that has served nobody yet."""
    with running_app() as address:
        yield address


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    executable = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if executable is None:
        pytest.skip("needs Chromium (Debian: apt-get install chromium-headless-shell, or chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=[*FLAGS, NOT_OPTIMIZED])
        yield browser
        browser.close()


class Profile:
    """Where all tests open their tabs, so that Streamlit's scripts are fetched and compiled once.

    A tab that stays open keeps the process that has compiled them, which saves half of the processor time of a test. A
    test gets the tab of the one before, which has forgotten what that told it: a new one costs a quarter more.
    """

    def __init__(self, browser: Browser, idle: str) -> None:
        self.idle = idle  # address of an empty page
        self.context = browser.new_context(viewport=SIZE)
        self.context.set_default_timeout(PATIENCE)
        self.context.add_init_script(STILL)
        stays = self.context.new_page()
        stays.goto(idle)
        self.devtools = self.context.new_cdp_session(stays)
        self.spare: Page | None = None

    def tab(self) -> Page:
        tab, self.spare = self.spare, None
        if tab is None:
            tab = self.context.new_page()
            ASKED[tab] = Asked(tab)
        tab.bring_to_front()
        return tab

    def take_back(self, tab: Page, failed: bool) -> None:
        with suppress(Error):  # one that is closed or hangs
            tab.goto(self.idle)
            if self.spare is None and not failed and history_length(tab) <= ENTRIES:
                self.keep(tab)
                return
        tab.close()

    def keep(self, tab: Page) -> None:
        tab.evaluate("sessionStorage.clear()")
        tab.set_viewport_size(SIZE)
        tab.emulate_media(media="null", color_scheme="null", reduced_motion="null")
        tab.mouse.move(0, 0)
        self.spare = tab

    def forget(self) -> None:
        self.context.clear_cookies()
        everything = {"origin": "*", "storageTypes": "local_storage,indexeddb,cache_storage,service_workers"}
        self.devtools.send("Storage.clearDataForOrigin", everything)


@pytest.fixture(scope="session")
def profile(chromium: Browser, app_url: str) -> Iterator[Profile]:
    profile = Profile(chromium, f"{app_url}/_stcore/health")
    yield profile
    profile.context.close()


@contextmanager
def opening_tabs(profile: Profile, session: pytest.Session) -> Iterator[Callable[[], Page]]:
    """Opens tabs of 1280 x 900; a script error in one fails the test. What they stored is gone after it."""
    tabs: list[Page] = []
    failures = session.testsfailed
    errors: list[str] = []

    def note(error: Error) -> None:
        errors.append(str(error))

    def opened() -> Page:
        tab = profile.tab()
        tab.on("pageerror", note)
        tabs.append(tab)
        return tab

    yield opened
    for tab in tabs:
        profile.take_back(tab, failed=session.testsfailed > failures)
        tab.remove_listener("pageerror", note)
    profile.forget()
    assert not errors, errors


@pytest.fixture
def open_tab(profile: Profile, request: pytest.FixtureRequest) -> Iterator[Callable[[], Page]]:
    with opening_tabs(profile, request.session) as open_tab:
        yield open_tab


@pytest.fixture(scope="module")
def kept_tab(profile: Profile, request: pytest.FixtureRequest) -> Iterator[Page]:
    """One such tab for all tests of a file that leave its page as it was, or as easily put back."""
    with opening_tabs(profile, request.session) as open_tab:
        yield open_tab()


@pytest.fixture
def browser_page(open_tab: Callable[[], Page]) -> Page:
    """One such tab."""
    return open_tab()


@pytest.fixture
def calm(browser_page: Page) -> None:
    """In that tab movies wait for a press: where they are no matter, a page that plays one costs half as much again."""
    browser_page.emulate_media(reduced_motion="reduce")


@pytest.fixture
def phone(browser_page: Page) -> Page:
    """One such tab as narrow as a phone, 400 x 800."""
    browser_page.set_viewport_size({"width": 400, "height": 800})
    return browser_page
