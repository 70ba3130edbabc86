"""Home in Chromium: first answer, a click on a word, the link, words as text; test_shell.py has the phone."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import forbid_dialogs, open_settled, reload_settled, settle

pytestmark = pytest.mark.browser


def ask(page: Page, word: str) -> None:
    box = page.get_by_role("textbox", name="A word")
    box.fill(word)
    box.press("Enter")
    settle(page)


def test_the_first_answer_is_on_screen_and_typing_changes_it_and_the_link(browser_page: Page, app_url: str) -> None:
    open_settled(browser_page, app_url)
    expect(browser_page.locator("[aria-label*='nearest to king']").first).to_be_attached()
    assert "queen" in (browser_page.locator("[aria-label*='Map of king']").first.get_attribute("aria-label") or "")
    ask(browser_page, "violin")
    expect(browser_page.locator("[aria-label*='nearest to violin']").first).to_be_attached()
    assert "word=violin" in browser_page.url
    reload_settled(browser_page)
    expect(browser_page.locator("[aria-label*='nearest to violin']").first).to_be_attached()


def test_the_answer_follows_the_typing_and_what_begins_a_word_is_no_error(browser_page: Page, app_url: str) -> None:
    page = browser_page
    open_settled(page, app_url)
    box = page.get_by_role("textbox", name="A word")
    box.fill("")
    box.press_sequentially("guita", delay=60)
    expect(page.get_by_text("These begin so")).to_be_visible()
    assert page.get_by_test_id("stAlert").count() == 0
    box.press_sequentially("r")
    expect(page.locator("[aria-label*='nearest to guitar']").first).to_be_attached()
    assert page.evaluate("document.activeElement.value") == "guitar", "the box keeps the keys"
    assert "word=guitar" in page.url
    box.press_sequentially("xx")
    expect(page.get_by_test_id("stAlert")).to_contain_text("Did you mean")


def test_a_click_on_a_bar_asks_for_its_word_and_html_in_a_word_is_shown_as_text(
    browser_page: Page, app_url: str
) -> None:
    forbid_dialogs(browser_page)
    open_settled(browser_page, app_url)
    chart = browser_page.locator("[data-testid=stVegaLiteChart]").first
    chart.wait_for()
    chart.click(position={"x": 120, "y": 14})
    expect(browser_page.get_by_role("textbox", name="A word")).not_to_have_value("king")
    asked = browser_page.get_by_role("textbox", name="A word").input_value()
    expect(browser_page.locator(f"[aria-label*='nearest to {asked} ']").first).to_be_attached()
    ask(browser_page, "<img src=x onerror=alert(1)>")
    error = browser_page.locator("[data-testid=stAlert]").first
    expect(error).to_contain_text("<img src=x onerror=alert(1)>")
    assert error.locator("img[src=x]").count() == 0
