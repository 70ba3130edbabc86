"""A running app and a real Chromium to look at it with."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SETTLED = "[data-testid=stApp][data-test-script-state=notRunning]"
PATIENCE = 60_000  # ms: a loaded machine with two cores opens a page with torch in 20 s
expect.set_options(timeout=PATIENCE)  # in place of 5 s; what comes sooner costs no wait


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_app(script: Path = ROOT / "streamlit_app.py", **environment: str) -> tuple[subprocess.Popen[bytes], str]:
    """A fresh server process for `script` and its address."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.headless=true"]
    command += [f"--server.port={port}", "--server.address=127.0.0.1", "--server.fileWatcherType=none"]
    server = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + PATIENCE / 1000
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=1)
            return server, address
        except OSError:
            time.sleep(0.2)
    server.kill()
    raise RuntimeError(f"The app did not answer at {address} within {PATIENCE // 1000} s.")


@pytest.fixture(scope="session")
def app_url() -> Iterator[str]:
    """Address of one app for the whole test run."""
    server, address = start_app()
    yield address
    server.terminate()
    server.wait(10)


@pytest.fixture
def fresh_app_url() -> Iterator[str]:
    """Address of an app in a process that has served nobody yet."""
    server, address = start_app()
    yield address
    server.terminate()
    server.wait(10)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    executable = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if executable is None:
        pytest.skip("needs Chromium (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def browser_page(chromium: Browser) -> Iterator[Page]:
    """A new window of 1280 x 900 that fails on a script error in the page."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert not errors, errors


def open_settled(page: Page, address: str) -> None:
    """Opens an address and waits until the script has run to its end."""
    page.goto(address)
    settle(page)


def settle(page: Page) -> None:
    """Waits until the script has run to its end."""
    page.wait_for_timeout(300)  # a rerun takes a moment to be announced
    page.wait_for_selector(SETTLED)
