"""Transfer in a real browser: drawn at any width, restored from its link, and its movie plays."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import box_of, expect_to_fit, forbid_dialogs, open_settled, settle

pytestmark = pytest.mark.browser
CURVES = "[aria-label^='Test accuracy against the number']"
VERDICTS = "[aria-label^='from scratch: ']"


def opened(page: Page, app_url: str, query: str = "") -> Page:
    open_settled(page, f"{app_url}/Transfer{query}")
    page.wait_for_selector(f"{CURVES} svg")
    page.wait_for_selector("text=Stop training", state="detached")
    settle(page)
    return page


def test_a_cold_deep_link_shows_finished_curves_and_verdicts_and_typed_markup_is_shown_as_text(
    browser_page: Page, app_url: str
) -> None:
    forbid_dialogs(browser_page)
    page = opened(browser_page, app_url, "?trained_on=50&sentence=A+shoddy+but+lovely+soup")
    expect(page.get_by_text("What you see")).to_be_visible()
    points = page.locator(f"{CURVES} svg path[aria-roledescription=point]")
    expect(points).to_have_count(35)  # five methods at seven sizes
    field = page.get_by_label("A sentence", exact=True)
    expect(field).to_have_value("A shoddy but lovely soup")
    words = page.locator(f"{VERDICTS} svg text")
    for word in ("shoddy", "lovely", "soup"):
        expect(words.filter(has_text=re.compile(f"^{word}$"))).not_to_have_count(0)
    field.fill("<img src=x onerror=alert(1)> [zzzxqj](javascript:alert(1)) was good")
    field.press("Enter")
    settle(page)
    expect(page.get_by_text("“zzzxqj”")).to_be_visible()
    assert page.locator("[data-testid=stMain] img[src=x]").count() == 0
    expect(words.filter(has_text=re.compile("^zzzxqj$"))).not_to_have_count(0)
    page.get_by_text("What moved", exact=True).click()
    settle(page)
    expect(page).to_have_url(re.compile("look=What"))
    expect(page).to_have_url(re.compile("trained_on=50"))


def test_nothing_is_wider_than_the_page(browser_page: Page, app_url: str) -> None:
    page = opened(browser_page, app_url)
    for view in ("Try a sentence", "What moved", "Unseen words", "Losses and mistakes"):
        choice = page.get_by_role("radio", name=view)
        choice.click()
        expect(choice).to_be_checked()
        settle(page)
        page.wait_for_selector("text=Stop training", state="detached")
        for width in (1280, 400):
            page.set_viewport_size({"width": width, "height": 900})
            expect_to_fit(page, width)


def test_the_movie_of_the_words_plays_and_the_three_spaces_open_in_neighbors(browser_page: Page, app_url: str) -> None:
    page = opened(browser_page, app_url, "?look=What+moved&moved_as=Movie&trained_on=50&near_word=bad")
    slider = ".st-key-movie_moves input[name=update]"
    page.wait_for_selector(slider)
    last = int(page.get_attribute(slider, "max") or 0)  # the update that early stopping keeps
    assert last > 0
    page.locator(".st-key-movie_moves").scroll_into_view_if_needed()
    page.wait_for_function(f"+document.querySelector('{slider}').value < {last}")  # it plays once by itself
    page.wait_for_function(f"+document.querySelector('{slider}').value === {last}")
    page.click(".st-key-movie_moves_player .play, .embedlab-player .play")
    page.wait_for_function(f"+document.querySelector('{slider}').value < {last}")
    page.wait_for_function(f"+document.querySelector('{slider}').value === {last}")
    page.get_by_role("button", name="Keep the three spaces for the Explore pages").click()
    page.get_by_role("link", name="Open “bad” in Neighbors").click()
    expect(page.get_by_role("heading", name="Which words are near?")).to_be_visible()
    settle(page)
    assert page.locator("[data-testid=stException], [data-testid=stAlert]").count() == 0
    expect(page.locator("[data-testid=stSelectbox] input").first).to_have_value("Transfer, fine-tuned")
    expect(page.get_by_label("A word, or several", exact=True)).to_have_value("bad")


def test_words_that_all_have_vectors_or_have_none_are_drawn_without_a_warning(browser_page: Page, app_url: str) -> None:
    warnings: list[str] = []
    browser_page.on("console", lambda said: warnings.append(said.text) if said.type == "warning" else None)
    for sentence, unknown in (("good+soup", 0), ("zzzxqj", 3)):
        page = opened(browser_page, app_url, f"?sentence={sentence}")
        marks = page.locator("[data-testid=stMain] svg text").filter(has_text="no vector")
        expect(marks).to_have_count(unknown)
    assert warnings == []


def test_a_charts_toolbar_lies_on_the_chart(browser_page: Page, app_url: str) -> None:
    for page_name in ("Transfer", "Ten_words"):
        open_settled(browser_page, f"{app_url}/{page_name}")
        chart = browser_page.locator("[data-testid=stFullScreenFrame]:has(.stVegaLiteChart)").first
        chart.locator("svg.marks").hover()
        toolbar, picture = chart.get_by_test_id("stElementToolbar"), chart.locator("svg.marks")
        expect(toolbar).to_have_css("opacity", "1")
        inner, outer = box_of(toolbar), box_of(picture)
        assert inner["y"] >= outer["y"]
        assert inner["y"] + inner["height"] <= outer["y"] + outer["height"] + 8
