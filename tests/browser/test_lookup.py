"""The Lookup page in a real browser: what is drawn, what a click does, phone width."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import open_settled, settle

pytestmark = pytest.mark.browser


def cells(page: Page, title: str) -> list[str]:
    """The numbers drawn in the heat map whose alternative text begins with `title`."""
    texts = page.locator(f'[aria-label^="{title}"] .role-mark.mark-text text')
    expect(texts.first).to_be_visible()
    return texts.all_text_contents()


def submit(page: Page) -> None:
    page.get_by_role("button", name="Look up").click()
    settle(page)


def test_a_word_is_followed_through_all_pictures_and_the_link_keeps_it(browser_page: Page, app_url: str) -> None:
    page = browser_page
    open_settled(page, f"{app_url}/Lookup")
    fetched, product = cells(page, "Line 1 of Y"), cells(page, "One-hot ×")
    assert len(fetched) == 20
    assert fetched == product
    page.get_by_role("radio", name="dog", exact=True).click()
    settle(page)
    expect(page.get_by_text("“dog” is number 4: it gets row 4 of the table.")).to_be_visible()
    assert "follow=dog" in page.url
    page.reload()
    settle(page)
    expect(page.get_by_text("“dog” is number 4: it gets row 4 of the table.")).to_be_visible()
    assert cells(page, "Line 1 of Y") == fetched


def test_markup_is_drawn_as_text(browser_page: Page, app_url: str) -> None:
    page = browser_page
    page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    open_settled(page, f"{app_url}/Lookup")
    page.get_by_role("textbox", name="Sentences, one a line").fill(
        "<img src=x onerror=alert(1)> [x](javascript:alert(1)) <b>b</b>"
    )
    submit(page)
    shown = page.locator('[aria-label^="The ids of"] .role-mark.mark-text text').all_text_contents()
    assert "<img" in shown
    assert "<b>b</b>" in shown
    page.locator('[aria-label^="The ids of"] .role-mark.mark-text text').first.hover()
    expect(page.locator("#vg-tooltip-element")).to_contain_text("<img")
    assert page.locator("[data-testid=stMain] img[src=x]").count() == 0


def test_an_empty_form_says_what_to_do_and_keeps_the_pictures(browser_page: Page, app_url: str) -> None:
    page = browser_page
    open_settled(page, f"{app_url}/Lookup")
    page.get_by_role("textbox", name="Sentences, one a line").fill("")
    submit(page)
    expect(page.get_by_text("There is no word to look up")).to_be_visible()
    assert len(cells(page, "Line 1 of Y")) == 20


def test_it_fits_a_phone(browser_page: Page, app_url: str) -> None:
    page = browser_page
    page.set_viewport_size({"width": 400, "height": 800})
    text = "one two three four five six seven eight nine ten eleven twelve%0Asupercalifragilistic <pad>"
    open_settled(page, f"{app_url}/Lookup?table_dim=8&lines={text}")
    expect(page.locator('[aria-label^="One-hot ×"]')).to_be_visible()
    assert page.locator("[data-testid=stMain]").evaluate("main => main.scrollWidth") <= 400
    for box in page.locator("[data-testid=stVegaLiteChart] svg").all():
        place = box.bounding_box()
        assert place is not None
        assert place["x"] + place["width"] <= 400
