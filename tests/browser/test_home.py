"""Home in Chromium: first answer, clicks, links and cards, how the map moves; test_shell.py has the phone, too."""

import re

import pytest
from playwright.sync_api import Page, expect

from embedlab.ui.home.words import WORDS
from tests.browser.steps import (
    SETTLED,
    box_of,
    expect_entries,
    expect_to_fit,
    forbid_dialogs,
    history_length,
    open_settled,
    reload_settled,
    settle,
)

pytestmark = pytest.mark.browser


def ask(page: Page, word: str) -> None:
    box = page.get_by_role("textbox", name="A word")
    box.fill(word)
    box.press("Enter")
    settle(page)


def test_the_first_answer_is_on_screen_and_typing_changes_it_and_the_link(browser_page: Page, app_url: str) -> None:
    open_settled(browser_page, app_url)
    box = browser_page.get_by_role("textbox", name="A word")
    expect(box).not_to_have_value("")
    today = box.input_value()
    assert today in WORDS
    expect(browser_page.locator(f"[aria-label*='nearest to {today} ']").first).to_be_attached()
    assert "?" not in browser_page.url
    open_settled(browser_page, f"{app_url}/?word=king")
    expect(browser_page.locator("[aria-label*='nearest to king']").first).to_be_attached()
    assert "queen" in (browser_page.locator("[aria-label*='Map of king']").first.get_attribute("aria-label") or "")
    ask(browser_page, "violin")
    expect(browser_page.locator("[aria-label*='nearest to violin']").first).to_be_attached()
    expect(browser_page).to_have_url(re.compile("word=violin"))
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
    expect(page).to_have_url(re.compile("word=guitar"))
    box.press_sequentially("xx")
    expect(page.get_by_test_id("stAlert")).to_contain_text("Did you mean")


def test_a_click_on_a_bar_asks_for_its_word_and_html_in_a_word_is_shown_as_text(
    browser_page: Page, app_url: str
) -> None:
    forbid_dialogs(browser_page)
    open_settled(browser_page, f"{app_url}/?word=king")
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


MOVED = """() => {
    const seen = window.seen ?? [];
    window.seen = [];
    return seen.filter((name) => name == 'home-arrive').length;
}"""


def test_the_map_moves_into_place_for_each_new_word_unless_less_motion_is_wanted(
    browser_page: Page, app_url: str
) -> None:
    page = browser_page
    page.emulate_media(reduced_motion="no-preference")
    open_settled(page, f"{app_url}/?word=king")
    page.locator(".st-key-home_map .mark-symbol path").first.wait_for()
    page.wait_for_timeout(1_500)  # the first movement
    page.evaluate("() => addEventListener('animationstart', (e) => (window.seen ??= []).push(e.animationName), true)")
    ask(page, "violin")
    expect(page.locator("[aria-label*='Map of violin']").first).to_be_attached()
    page.wait_for_function("() => window.seen?.filter((name) => name == 'home-arrive').length > 30")
    box_of(page.locator(".st-key-home_map .mark-symbol path").first)  # it comes to rest
    page.emulate_media(reduced_motion="reduce")
    page.evaluate(MOVED)
    ask(page, "piano")
    expect(page.locator("[aria-label*='Map of piano']").first).to_be_attached()
    page.wait_for_timeout(500)
    assert page.evaluate(MOVED) == 0


def test_a_card_is_a_link_all_over_and_the_tour_begins(browser_page: Page, app_url: str) -> None:
    page = browser_page
    open_settled(page, app_url)
    page.locator(".st-key-home_card_4 img").wait_for()
    page.locator(".st-key-home_card_4").click(position={"x": 40, "y": 40})
    expect(page.get_by_role("heading", name="Can words be learned just by reading?")).to_be_visible()
    settle(page)
    page.go_back()
    expect(page.get_by_role("heading", name="Which words live near yours?")).to_be_visible()
    page.get_by_role("link", name="tokyo − japan").click()
    expect(page.get_by_label("is to this", exact=True)).to_have_value("tokyo")
    page.wait_for_selector(SETTLED)
    assert page.get_by_text("Ignored in").count() == 0
    open_settled(page, f"{app_url}/?word=moon")
    page.get_by_role("button", name="Start the tour").click()
    expect(page).to_have_title("Lookup · embedlab")
    expect(page).not_to_have_url(re.compile("word="))


def test_cards_leave_no_holes_and_the_map_is_the_largest_thing(browser_page: Page, app_url: str) -> None:
    page = browser_page
    page.set_viewport_size({"width": 1280, "height": 900})
    open_settled(page, app_url)
    page.locator(".st-key-home_card_11 img").wait_for()
    expect_to_fit(page, 1280)  # and stand still
    tops = [page.locator(f".st-key-home_card_{n}").bounding_box()["y"] for n in range(1, 12)]  # type: ignore[index]
    assert [tops.count(top) for top in dict.fromkeys(tops)] == [3, 3, 5]
    heights = [page.locator(f".st-key-home_card_{n}").bounding_box()["height"] for n in range(4, 7)]  # type: ignore[index]
    assert max(heights) - min(heights) < 1
    drawn = page.locator(".st-key-home_map svg.marks").bounding_box()
    assert drawn is not None
    assert drawn["width"] > 480
    assert drawn["y"] + drawn["height"] < 900


def test_a_phone_shows_box_bars_button_and_map_first(phone: Page, app_url: str) -> None:
    open_settled(phone, app_url)
    expect_to_fit(phone, 400)
    parts = (
        phone.get_by_role("textbox", name="A word"),
        phone.locator(".st-key-home_bars"),
        phone.get_by_role("button", name="Start the tour"),
        phone.locator(".st-key-home_map"),
    )
    boxes = [box for part in parts if (box := part.bounding_box())]
    assert len(boxes) == 4
    assert [box["y"] for box in boxes] == sorted(box["y"] for box in boxes)
    assert boxes[-1]["y"] + boxes[-1]["height"] < 2_500


@pytest.mark.parametrize("typed", ["", "rocke"])
def test_a_word_that_is_not_there_yet_makes_no_address(browser_page: Page, app_url: str, typed: str) -> None:
    open_settled(browser_page, f"{app_url}/?word=king")
    before = history_length(browser_page)
    ask(browser_page, "piano")
    expect(browser_page.locator("[aria-label*='nearest to piano ']").first).to_be_attached()
    expect_entries(browser_page, before + 1)
    address = browser_page.url
    ask(browser_page, typed)
    expect(browser_page.get_by_text("Still shown: “piano”")).to_be_visible()
    browser_page.wait_for_function("address => location.href === address", arg=address)
    browser_page.wait_for_timeout(800)  # another address would be written once the page has run
    assert browser_page.url == address
    assert history_length(browser_page) == before + 1
