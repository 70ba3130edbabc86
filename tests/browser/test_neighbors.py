"""Neighbors as a visitor meets it: the first answer, clicks on words, the movie, a phone, and HTML that stays text."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.steps import (
    TITLES,
    box_of,
    expect_to_fit,
    forbid_dialogs,
    menu_of,
    open_settled,
    reload_settled,
    settle,
)

pytestmark = pytest.mark.browser


def word_box(page: Page) -> Locator:
    return page.get_by_role("textbox", name="A word, or several")


def neighborhood_map(page: Page) -> Locator:
    return page.get_by_label(re.compile(r"^Map of \d+ words"))


def label(chart: Locator, word: str) -> Locator:
    """The name of a word in a chart; its ink, which lies on the halo."""
    return chart.locator("svg text").filter(has_text=re.compile(f"^{word}$")).last


def click(target: Locator) -> None:
    """Clicks in the middle of the window, where no bar of the app lies over it."""
    target.evaluate("element => element.scrollIntoView({block: 'center'})")
    box_of(target)  # `force` does not wait until it stays where it is
    target.click(force=True)


def asked(page: Page, word: str) -> None:
    """Waits until a word's answer is on screen."""
    expect(page.get_by_test_id("stMetric").first).to_contain_text(f"Nearest to {word}")
    settle(page)


def test_the_first_answer_of_a_fresh_app_is_there_with_the_full_menu(fresh_app_url: str, browser_page: Page) -> None:
    open_settled(browser_page, f"{fresh_app_url}/Neighbors")
    asked(browser_page, "king")
    expect(label(neighborhood_map(browser_page), "queen")).to_be_visible()
    expect(browser_page.get_by_label(re.compile("^The words nearest to king"))).to_be_visible()
    assert menu_of(browser_page) == TITLES
    expect(browser_page).to_have_title("Neighbors · embedlab")
    word_box(browser_page).fill("violin")
    word_box(browser_page).press("Enter")
    asked(browser_page, "violin")
    expect(browser_page).to_have_url(re.compile("word=violin"))
    reload_settled(browser_page)
    assert menu_of(browser_page) == TITLES
    asked(browser_page, "violin")
    browser_page.locator("[data-testid=stSidebarNavLink]").first.click()
    expect(browser_page).to_have_title("Home · embedlab")
    assert menu_of(browser_page) == TITLES


def test_a_click_on_a_name_on_a_point_and_on_a_bar_asks_for_that_word(app_url: str, browser_page: Page) -> None:
    open_settled(browser_page, f"{app_url}/Neighbors?map=PCA&size=20")
    asked(browser_page, "king")
    click(label(neighborhood_map(browser_page), "queen"))
    asked(browser_page, "queen")
    expect(word_box(browser_page)).to_have_value("queen")
    bars = browser_page.get_by_label(re.compile("^The words nearest to queen"))
    click(label(bars, "king"))
    asked(browser_page, "king")
    points = neighborhood_map(browser_page).locator("svg .mark-symbol path[aria-roledescription=point]")
    click(points.first)
    expect(word_box(browser_page)).not_to_have_value("king")
    expect(browser_page.get_by_test_id("stAlert")).to_have_count(0)


def test_the_iterations_of_tsne_can_be_played_and_html_is_shown_as_typed_and_never_run(
    app_url: str, browser_page: Page
) -> None:
    forbid_dialogs(browser_page)
    open_settled(browser_page, f"{app_url}/Neighbors?map=t-SNE&size=30")
    slider = browser_page.locator("input[type=range][name=frame]")
    said = slider.locator("xpath=following-sibling::span")
    expect(browser_page.get_by_role("button", name="Pause")).to_be_visible()  # it plays once by itself
    expect(browser_page.get_by_role("button", name="Play")).to_be_visible()
    expect(said).to_have_text("750")
    end = slider.input_value()
    name = label(neighborhood_map(browser_page), "queen")
    at_the_end = name.get_attribute("transform")
    browser_page.get_by_role("button", name="Play").click()
    expect(slider).not_to_have_value(end)
    browser_page.wait_for_function("+document.querySelector('input[type=range][name=frame]').value > 40")
    browser_page.get_by_role("button", name="Pause").click()
    caption = neighborhood_map(browser_page).locator(".role-title-subtitle")
    expect(caption).to_contain_text(f"iteration {said.inner_text()},")
    slider.fill("0")
    expect(said).to_have_text("0")
    expect(caption).to_contain_text("iteration 0,")
    assert label(neighborhood_map(browser_page), "king").get_attribute("transform") != at_the_end
    slider.fill(end)
    expect(name).to_have_attribute("transform", str(at_the_end))
    hostile = "<img src=x onerror=alert(1)>"
    word_box(browser_page).fill(hostile)
    word_box(browser_page).press("Enter")
    alert = browser_page.get_by_test_id("stAlert")
    expect(alert).to_contain_text("<img")
    expect(alert).to_contain_text("onerror=alert(1)>")
    expect(word_box(browser_page)).to_have_value(hostile)
    assert browser_page.locator("img[src=x]").count() == 0
    expect(name).to_be_visible()


def test_names_stay_apart_on_a_phone_and_an_example_with_own_axes_is_in_the_link(phone: Page, app_url: str) -> None:
    page = phone
    open_settled(page, f"{app_url}/Neighbors?map=PCA")
    asked(page, "king")
    chart = neighborhood_map(page)
    chart.scroll_into_view_if_needed()
    expect_to_fit(page, 400)
    names = chart.locator("svg .mark-text text").filter(has_text=re.compile(r"^\w+$"))
    places = names.evaluate_all("all => all.map(name => [name.textContent, name.getBoundingClientRect().toJSON()])")
    boxes = list(dict(places).values())  # without the halos
    assert len(boxes) > 25
    for i, a in enumerate(boxes):
        assert a["x"] >= 0
        assert a["x"] + a["width"] <= 401
        for b in boxes[:i]:
            across = min(a["x"] + a["width"], b["x"] + b["width"]) - max(a["x"], b["x"])
            down = min(a["y"] + a["height"], b["y"] + b["height"]) - max(a["y"], b["y"])
            assert across < 4 or down < 6, "two names cover each other"  # a line has some room above its letters
    page.get_by_role("button", name="Animals by size and danger").click()
    asked(page, "lion")
    page.goto(page.url)
    asked(page, "lion")
    expect(page.get_by_role("textbox", name="From left to right")).to_have_value("small - large")
    expect(page.get_by_role("textbox", name="From bottom to top")).to_have_value("safe - dangerous")


def test_senses_open_by_a_link_and_their_words_ask_for_themselves(browser_page: Page, app_url: str) -> None:
    page = browser_page
    open_settled(page, f"{app_url}/Neighbors?word=java&map=PCA&at=senses")
    asked(page, "java")
    box = page.locator(".st-key-at_senses")
    expect(box.get_by_text("of the senses’ weight").first).to_be_in_viewport()
    box.get_by_role("radio", name="sumatra, sulawesi, kalimantan").click()
    without = box.get_by_label(re.compile("^Nearest to java without sumatra"))
    expect(label(without, "javascript")).to_be_visible()
    expect(page).to_have_url(re.compile("without=sumatra"))
    reload_settled(page)
    expect(label(without, "javascript")).to_be_visible()
    page.set_viewport_size({"width": 400, "height": 800})
    expect_to_fit(page, 400)
    click(box.get_by_role("button", name="maluku"))
    asked(page, "maluku")
    expect(page).to_have_url(re.compile("word=maluku"))
    expect(page.get_by_test_id("stAlert")).to_have_count(0)
