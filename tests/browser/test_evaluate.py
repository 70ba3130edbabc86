"""The page Evaluate in a real browser: its tests, links, a job with two spaces, downloads, phone width."""

import re
from pathlib import Path

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
    expect(page).to_have_url(re.compile("evaluated=Similarity"))
    page.get_by_role("radio", name="Bias", exact=True).click()
    settle(page)
    page.get_by_role("textbox", name="X: male names").fill("John Paul Mike <img src=x>")
    page.get_by_role("button", name="Test these words").click()
    settle(page)
    expect(page.get_by_text("Not among the vectors, so left out:")).to_be_visible()
    expect(page.locator("[class*='st-key-words-weat'] button")).to_have_text(["<img", "src=x>"])
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


def test_gender_is_removed_step_by_step_kept_and_asked_on_a_phone(browser_page: Page, app_url: str) -> None:
    page = browser_page
    open_settled(page, f"{app_url}/Evaluate?evaluated=Debiasing")
    figure = page.get_by_test_id("stMetric").filter(has_text="Effect size")
    expect(figure).to_contain_text("before: +1.31")
    expect(page.locator(f'{CHART}[aria-label^="Occupations by their cosine"]')).to_be_visible()
    page.get_by_text("Step by step: neutralize and equalize").click()
    expect(page.get_by_test_id("stExpanderDetails").get_by_test_id("stDataFrame")).to_be_visible()
    page.get_by_role("radio", name="Half-sibling").click()
    page.get_by_role("button", name="Remove gender").click()
    expect(page).to_have_url(re.compile("debias_method=Half-sibling"))
    settle(page)
    page.get_by_role("button", name="Keep the debiased set").click()
    name = f"{PREDICTED}, debiased by half-sibling regression"
    expect(page.get_by_text(f"“{name}” is among the vectors of every page.")).to_be_visible()
    page.set_viewport_size({"width": 400, "height": 800})
    expect_to_fit(page, 400)
    page.get_by_role("tab", name="Download").click()
    assert downloaded(page, "Occupations (CSV)").startswith(b"word,before,after")
    page.get_by_role("radio", name="Similarity").click()
    settle(page)
    page.get_by_role("combobox", name="Beside it").click()
    page.get_by_role("option", name=name).click()
    expect(page.get_by_text(f"“{name}” minus “{PREDICTED}”")).to_be_visible()


def test_a_file_of_ones_own_is_told_by_its_lines(browser_page: Page, app_url: str, tmp_path: Path) -> None:
    page = browser_page
    open_settled(page, f"{app_url}/Evaluate?evaluated=Your+own")
    expect(page.get_by_text("odd-ones.txt, read as groups with an odd one: 16 groups.")).to_be_visible()
    (tmp_path / "mine.csv").write_text("apple, fruit\npear, fruit\nplum, fruit\ndog, animal\ncat, animal\n", "utf-8")
    page.locator("input[type=file]").set_input_files(tmp_path / "mine.csv")
    expect(page.get_by_text("mine.csv, read as categories: 5 words in 2 categories.")).to_be_visible()
    expect(page.get_by_test_id("stMetric").filter(has_text="Purity")).to_contain_text("100.0%")
    expect(page.get_by_role("button", name="Read as analogies instead")).to_be_visible()
    page.set_viewport_size({"width": 400, "height": 800})
    expect_to_fit(page, 400)
    page.get_by_role("tab", name="Download").click()
    table = downloaded(page, "Items (CSV)").decode("utf-8-sig").splitlines()
    assert table[0] == "vectors,word,category,cluster_of,is_right"
    assert len(table) == 6


def test_published_scores_open_beside_ours(browser_page: Page, app_url: str) -> None:
    page = browser_page
    open_settled(page, f"{app_url}/Evaluate?evaluated=Similarity")
    page.get_by_text("Is that good? Published scores").click()
    expect(page.get_by_text("➤ these vectors.")).to_be_visible()
