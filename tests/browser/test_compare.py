"""The Compare page in a real browser: both neighborhoods, a click, the link, files, all words, phone width."""

import io
import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from embedlab.library.bundled import COUNTED, PREDICTED
from tests.browser.steps import downloaded, drawn, expect_to_fit, open_settled, reload_settled, settle

pytestmark = pytest.mark.browser


def test_a_click_goes_to_a_neighbor_the_link_keeps_it_and_files_hold_what_was_computed(
    browser_page: Page, app_url: str
) -> None:
    page = browser_page
    open_settled(page, f"{app_url}/Compare?ranked=500")
    drawn(page, f"Nearest to king in {COUNTED}", "throne")
    bars = page.locator(f'[aria-label^="Nearest to king in {COUNTED}"]')
    bars.locator('path[aria-label^="word: duke"]').last.click()
    settle(page)
    assert drawn(page, f"Nearest to duke in {PREDICTED}")
    drawn(page, "duke and", "duke")
    expect(page).to_have_url(re.compile("word=duke"))
    reload_settled(page)
    assert drawn(page, f"Nearest to duke in {PREDICTED}")
    page.get_by_role("tab", name="Download").click()
    table = downloaded(page, "Agreement of 500 words (CSV)").decode().splitlines()
    assert table[0] == "word,overlap,k,rank_by_frequency"
    assert len(table) == 501
    assert downloaded(page, "Histogram (PNG)").startswith(b"\x89PNG")
    assert b"<svg" in downloaded(page, "Both in one plane (SVG)")
    with (
        np.load(io.BytesIO(downloaded(page, "Aligned, first space (npz)"))) as first,
        np.load(io.BytesIO(downloaded(page, "Aligned, second space (npz)"))) as second,
    ):
        names = sorted(first.files)
        matrix, words = sorted(names, key=lambda name: first[name].ndim, reverse=True)[:2]
        assert (first[words] == second[words]).all()
        cosines = np.einsum("sd,sd->s", first[matrix], second[matrix])
        assert f"{cosines.mean():.2f}" == page.get_by_test_id("stMetricValue").nth(3).inner_text()
    page.set_viewport_size({"width": 400, "height": 800})
    expect_to_fit(page, 400)
    drawn(page, "duke and", "duke")
