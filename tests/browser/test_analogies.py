"""The Analogies page in a real browser: the answer, the shelf, the link, markup as text, phone width."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import (
    box_of,
    downloaded,
    drawn,
    expect_to_fit,
    forbid_dialogs,
    open_settled,
    reload_settled,
    settle,
)

pytestmark = pytest.mark.browser
PLANE = '[aria-label^="The plane of"]'


def test_the_first_answer_is_there_and_an_example_changes_it(browser_page: Page, app_url: str) -> None:
    page = browser_page
    open_settled(page, f"{app_url}/Analogies")
    words = drawn(page, "The plane of")
    assert {"man", "king", "woman", "king − man + woman"} <= set(words)
    assert any(word.startswith("queen ↕") for word in words)
    page.get_by_role("button", name="japan : tokyo :: germany").click()
    settle(page)
    drawn(page, "The plane of", "tokyo − japan + germany")
    drawn(page, "Inputs left out", "berlin")
    expect(page).to_have_url(re.compile("a=japan"))
    reload_settled(page)
    drawn(page, "The plane of", "tokyo − japan + germany")


def test_rankings_are_downloaded_and_words_typed_and_misspelt(browser_page: Page, app_url: str) -> None:
    page = browser_page
    forbid_dialogs(page)
    open_settled(page, f"{app_url}/Analogies?k=5")
    page.get_by_role("tab", name="Download").click()
    for label, begins in (
        ("Rankings (CSV)", b"inputs,rank,word,score\nleft out,1,queen,"),
        ("Picture (PNG)", b"\x89PNG"),
    ):
        assert downloaded(page, label).startswith(begins)
    page.get_by_role("textbox", name="is to this", exact=True).fill("<img src=x onerror=alert(1)>")
    page.get_by_role("button", name="Complete it").click()
    settle(page)
    expect(page.get_by_text("“<img src=x onerror=alert(1)>” is not among the 50,000 words.")).to_be_visible()
    assert page.locator("[data-testid=stMain] img[src=x]").count() == 0
    drawn(page, "The plane of", "king − man + woman")
    page.get_by_role("textbox", name="is to this", exact=True).fill("uncle")
    page.get_by_role("button", name="Complete it").click()
    settle(page)
    drawn(page, "The plane of", "uncle − man + woman")


def test_the_picture_follows_a_change_of_width_and_fits_a_phone(browser_page: Page, app_url: str) -> None:
    page = browser_page
    errors: list[str] = []
    page.on("console", lambda said: errors.append(said.text) if "TypeError" in said.text else None)
    open_settled(page, f"{app_url}/Analogies?a=monday&b=tuesday&c=saturday")
    target = page.locator(PLANE).get_by_text("tuesday − monday + saturday", exact=True).last
    wide = box_of(target)
    for width in (1000, 700, 400):
        page.set_viewport_size({"width": width, "height": 900})
        expect_to_fit(page, width)
    narrow = box_of(target)
    assert wide["x"] + wide["width"] > 400 >= narrow["x"] + narrow["width"]
    for text in page.locator(f"{PLANE} .role-mark.mark-text text").all():
        place = text.bounding_box()
        assert place is not None
        assert place["x"] >= 0
        assert place["x"] + place["width"] <= 400
    assert not errors


def test_a_click_on_a_word_of_a_table_or_of_the_smaller_questions_asks_for_it(browser_page: Page, app_url: str) -> None:
    page = browser_page
    open_settled(page, f"{app_url}/Analogies")
    table = page.locator(".stDataFrame canvas").last
    table.scroll_into_view_if_needed()
    place = box_of(table)
    page.mouse.click(place["x"] + place["width"] * 0.3, place["y"] + 35 * 2.5)  # the second row's "inputs left out"
    expect(page.get_by_label("as this word is to", exact=False).first).to_have_value("consort")
    settle(page)
    page.locator("[aria-label^='Cosine of each word to the mean'] path[aria-label^='word: lunch']").last.click()
    page.wait_for_url("**/Neighbors?word=lunch*")
