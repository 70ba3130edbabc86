"""The Compare page in a real browser: both neighborhoods, a click, the link, files, all words, phone width."""

import io
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import open_settled, settle

pytestmark = pytest.mark.browser


def drawn(page: Page, said: str) -> list[str]:
    """The words drawn in the chart whose alternative text begins with `said`."""
    texts = page.locator(f'[aria-label^="{said}"] .role-mark.mark-text text')
    expect(texts.first).to_be_visible(timeout=30_000)
    return texts.all_text_contents()


def test_a_click_goes_to_a_neighbor_and_the_link_keeps_it(browser_page: Page, app_url: str) -> None:
    page = browser_page
    open_settled(page, f"{app_url}/Compare?ranked=500")
    assert "throne" in drawn(page, "Nearest to king in counted")
    bars = page.locator('[aria-label^="Nearest to king in counted"]')
    bars.locator('path[aria-label^="word: duke"]').last.click()
    settle(page)
    assert drawn(page, "Nearest to duke in bundled")
    assert "duke" in drawn(page, "duke and")
    assert "word=duke" in page.url
    page.reload()
    settle(page)
    assert drawn(page, "Nearest to duke in bundled")


def test_files_hold_what_was_computed(browser_page: Page, app_url: str) -> None:
    page = browser_page
    open_settled(page, f"{app_url}/Compare?ranked=500")
    page.get_by_role("tab", name="Download").click()

    def fetched(label: str) -> bytes:
        with page.expect_download() as waiting:
            page.get_by_role("button", name=label).click()
        return Path(waiting.value.path()).read_bytes()

    table = fetched("Agreement of all words (CSV)").decode().splitlines()
    assert table[0] == "word,overlap_of_10_neighbors,place_by_frequency"
    assert len(table) == 501
    assert fetched("Histogram (PNG)").startswith(b"\x89PNG")
    assert b"<svg" in fetched("Both in one plane (SVG)")
    with (
        np.load(io.BytesIO(fetched("Aligned, first space (npz)"))) as first,
        np.load(io.BytesIO(fetched("Aligned, second space (npz)"))) as second,
    ):
        names = sorted(first.files)
        matrix, words = sorted(names, key=lambda name: first[name].ndim, reverse=True)[:2]
        assert (first[words] == second[words]).all()
        cosines = np.einsum("sd,sd->s", first[matrix], second[matrix])
        assert f"{cosines.mean():.2f}" == page.get_by_test_id("stMetricValue").nth(3).inner_text()


def test_it_fits_a_phone(browser_page: Page, app_url: str) -> None:
    page = browser_page
    page.set_viewport_size({"width": 400, "height": 800})
    open_settled(page, f"{app_url}/Compare?ranked=500&word=bank")
    assert "bank" in drawn(page, "bank and")
    assert page.locator("[data-testid=stMain]").evaluate("main => main.scrollWidth") <= 400
