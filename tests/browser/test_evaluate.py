"""The page Evaluate in a real browser: all three tests, links, a job with two spaces, downloads, phone width."""

import pytest
from playwright.sync_api import Page, expect

from embedlab.library.bundled import COUNTED, PREDICTED
from tests.browser.steps import downloaded, expect_to_fit, open_settled, reload_settled, settle

pytestmark = pytest.mark.browser
CHART = "[data-testid=stVegaLiteChart]"


def test_the_three_tests_open_with_results_and_links_keep_them_on_a_phone_as_well(
    browser_page: Page, app_url: str
) -> None:
    page = browser_page
    open_settled(page, f"{app_url}/Evaluate")
    shares = page.locator(f'{CHART}[aria-label^="Share of analogies answered right: all"]')
    expect(shares).to_be_visible()
    page.get_by_role("tab", name="Download").click()
    for label, begins in (("Questions (CSV)", b"vectors,section,question,"), ("Picture (PNG)", b"\x89PNG")):
        assert downloaded(page, label).startswith(begins)
    page.set_viewport_size({"width": 400, "height": 800})
    expect(shares).to_be_visible()
    expect_to_fit(page, 400)
    page.get_by_role("radio", name="Similarity").click()
    settle(page)
    expect(page.locator(f'{CHART}[aria-label*="pairs of WordSim-353"]')).to_be_visible()
    expect_to_fit(page, 400)
    assert "evaluated=Similarity" in page.url
    page.get_by_role("radio", name="Bias", exact=True).click()
    settle(page)
    page.get_by_role("textbox", name="X: male names").fill("John Paul Mike <img src=x>")
    page.get_by_role("button", name="Test these words").click()
    settle(page)
    expect(page.get_by_text("Not among the vectors, so left out: <img, src=x>.")).to_be_visible()
    reload_settled(page)
    expect(page.get_by_role("textbox", name="X: male names")).to_have_value("John Paul Mike <img src=x>")
    expect(page.locator(f'{CHART}[aria-label^="Words by nearness to career"]')).to_be_visible()
    expect_to_fit(page, 400)


def test_a_second_space_is_answered_by_a_job(browser_page: Page, app_url: str) -> None:
    page = browser_page
    open_settled(page, f"{app_url}/Evaluate?beside=counted&among=10%2C000")
    told = page.get_by_text("on the same questions and among the words that both know")
    expect(page.get_by_text(f"“{COUNTED}” minus “{PREDICTED}”")).to_be_visible()  # of “counted”, too
    expect(told).to_be_visible()  # they are answered anew
    expect(page.get_by_text("Done,")).to_be_visible()
