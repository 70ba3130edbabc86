"""Jobs as a visitor meets them: a closed tab ends one, a reload finds it, Stop and the queue are obeyed."""

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import running_app
from tests.browser.steps import PATIENCE

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def notes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("notes")


@pytest.fixture(scope="module")
def job_url(notes: Path) -> Iterator[str]:
    with running_app(Path(__file__).with_name("job_app.py"), JOB_NOTES=str(notes)) as address:
        yield address


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE / 1000
    while not condition():
        assert time.monotonic() < deadline, "it never came about"
        time.sleep(0.1)


def frame(page: Page) -> int:
    """The number of the frame on screen, once there is one."""
    shown = page.get_by_text(re.compile(r"Frame \d+"))
    expect(shown).to_be_visible()
    return int(shown.inner_text().split()[1])


def test_closing_the_tab_ends_the_job(browser_page: Page, job_url: str, notes: Path) -> None:
    page = browser_page
    page.goto(f"{job_url}/?job=closed")
    first = frame(page)
    until(lambda: frame(page) > first)
    assert not (notes / "closed.ended").exists()
    page.close()
    until((notes / "closed.ended").exists)


def test_a_reload_finds_the_job_where_it_is(browser_page: Page, job_url: str, notes: Path) -> None:
    page = browser_page
    page.goto(f"{job_url}/?job=reloaded")
    until(lambda: frame(page) >= 20)
    page.reload()
    assert frame(page) >= 20, "it went on, and did not begin again"
    assert (notes / "reloaded.begun").read_text() == "x"
    page.get_by_role("button", name="Stop computing").click()
    until((notes / "reloaded.ended").exists)


def test_stop_ends_it_and_the_frame_stays_until_it_is_started_again(
    browser_page: Page, job_url: str, notes: Path
) -> None:
    page = browser_page
    page.goto(f"{job_url}/?job=stopped")
    until(lambda: frame(page) >= 5)
    page.get_by_role("button", name="Stop computing").click()
    expect(page.get_by_text("Stopped")).to_be_visible()
    until((notes / "stopped.ended").exists)
    assert frame(page) >= 5
    page.get_by_role("button", name="Start again").click()
    expect(page.get_by_text("Running")).to_be_visible()
    assert (notes / "stopped.begun").read_text() == "xx"
    page.close()


def test_a_third_job_waits_and_two_visitors_share_one(open_tab: Callable[[], Page], job_url: str, notes: Path) -> None:
    def watching(name: str) -> Page:
        page = open_tab()
        page.goto(f"{job_url}/?job={name}")
        return page

    pages = [watching(name) for name in ("a", "b")]
    for page in pages:
        frame(page)
    third = watching("c")
    expect(third.get_by_text("Waiting, number 1 in line")).to_be_visible()
    shared = watching("b")
    frame(shared)
    assert (notes / "b.begun").read_text() == "x"
    pages[1].get_by_role("button", name="Stop computing").click()
    expect(pages[1].get_by_text("Stopped")).to_be_visible()
    before = frame(shared)
    until(lambda: frame(shared) > before + 10)
    assert not (notes / "b.ended").exists(), "another visitor still watches"
    pages[0].get_by_role("button", name="Stop computing").click()
    expect(third.get_by_text("Running")).to_be_visible()


def test_a_download_that_a_script_waits_for_outlives_a_click_and_is_canceled(
    browser_page: Page, job_url: str, notes: Path
) -> None:
    page = browser_page
    page.goto(f"{job_url}/?download")
    expect(page.get_by_text(re.compile(r"Downloading: \d+ bytes of"))).to_be_visible()
    anew = page.get_by_role("button", name="Begin the script anew")
    anew.click()
    expect(page.get_by_text(re.compile(r"Downloading: \d+ bytes of"))).to_be_visible()
    page.get_by_role("button", name="Cancel the download").click()
    expect(page.get_by_text("You canceled the download of the words")).to_be_visible()
    assert page.get_by_role("button", name="Cancel the download").count() == 0
    assert page.locator("[data-testid=stAlertContentError]").count() == 0, "nobody's mistake"
    until((notes / "download.ended").exists)
    assert (notes / "download.begun").read_text() == "x"
    anew.click()
    expect(page.get_by_role("button", name="Cancel the download")).to_be_visible()
    assert (notes / "download.begun").read_text() == "xx"
