"""What a visitor does in several browser tests, and what they look at."""

from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Page, TimeoutError, expect

from embedlab.ui.menu import MENU

TITLES = [line.title for line in MENU]
PATIENCE = 120_000  # ms: two loaded cores take that long for a page with torch, a movie or a short training
SETTLED = "[data-testid=stApp][data-test-script-state=notRunning]"
RUNNING = "[data-testid=stApp]:not([data-test-script-state=notRunning])"
expect.set_options(timeout=PATIENCE)  # in place of 5 s; what comes sooner costs no wait


def open_settled(page: Page, address: str) -> None:
    """Opens an address and waits until the script has run to its end."""
    page.goto(address)
    page.wait_for_selector(SETTLED)  # before its first run, a page is neither running nor not


def reload_settled(page: Page) -> None:
    page.reload()
    page.wait_for_selector(SETTLED)


def settle(page: Page) -> None:
    """Waits until the script has run to its end after a click or a key."""
    with suppress(TimeoutError):  # a rerun takes a moment to be announced
        page.wait_for_selector(RUNNING, timeout=300)
    page.wait_for_selector(SETTLED)


def menu_of(page: Page) -> list[str]:
    """The titles in the menu."""
    page.wait_for_selector("[data-testid=stSidebarNavLink]")
    links = page.locator("[data-testid=stSidebarNavLink]").all_inner_texts()
    return [text.split("\n")[-1] for text in links]


def drawn(page: Page, said: str) -> list[str]:
    """The words and numbers drawn in the chart whose alternative text begins with `said`."""
    texts = page.locator(f'[aria-label^="{said}"] .role-mark.mark-text text')
    expect(texts.first).to_be_visible()
    return texts.all_text_contents()


def downloaded(page: Page, label: str) -> bytes:
    """What the button with this label, in the open tab, gives."""
    with page.expect_download() as waiting:
        page.get_by_role("button", name=label).click()
    return Path(waiting.value.path()).read_bytes()


def forbid_dialogs(page: Page) -> None:
    """Fails the test where a script in typed words runs: `alert` is what such words try."""
    page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))


def main_width(page: Page) -> int:
    """Pixels that the main part of the page takes, scrolled parts included."""
    return int(page.get_by_test_id("stMain").evaluate("main => main.scrollWidth"))
