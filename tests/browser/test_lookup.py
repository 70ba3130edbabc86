"""The Lookup page in a real browser: what is drawn, what a click does, phone width."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import drawn, expect_to_fit, forbid_dialogs, open_settled, reload_settled, settle

pytestmark = pytest.mark.browser


def submit(page: Page) -> None:
    page.get_by_role("button", name="Look up").click()
    settle(page)


def test_a_word_is_followed_through_all_pictures_and_the_link_keeps_it(browser_page: Page, app_url: str) -> None:
    page = browser_page
    open_settled(page, f"{app_url}/Lookup")
    fetched, product = drawn(page, "Line 1 of Y"), drawn(page, "One-hot ×")
    assert len(fetched) == 20
    assert fetched == product
    page.get_by_role("radio", name="dog", exact=True).click()
    settle(page)
    expect(page.get_by_text("“dog” has id 4 and gets row 4 of an untrained table")).to_be_visible()
    expect(page).to_have_url(re.compile("follow=dog"))
    reload_settled(page)
    expect(page.get_by_text("“dog” has id 4 and gets row 4 of an untrained table")).to_be_visible()
    assert drawn(page, "Line 1 of Y") == fetched


def test_an_empty_form_says_what_to_do_markup_is_drawn_as_text_and_no_other_page_takes_it(
    browser_page: Page, app_url: str
) -> None:
    page = browser_page
    forbid_dialogs(page)
    open_settled(page, f"{app_url}/Lookup?table_seed=7")
    page.get_by_role("textbox", name="Sentences, one a line").fill("")
    submit(page)
    expect(page.get_by_text("There is no word to look up")).to_be_visible()
    assert len(drawn(page, "Line 1 of Y")) == 20  # the pictures stay
    page.get_by_role("textbox", name="Sentences, one a line").fill(
        "<img src=x onerror=alert(1)> [x](javascript:alert(1)) <b>b</b>"
    )
    submit(page)
    drawn(page, "The ids of", "<img", "<b>b</b>")
    page.locator('[aria-label^="The ids of"] .role-mark.mark-text text').first.hover()
    expect(page.locator("#vg-tooltip-element")).to_contain_text("<img")
    assert page.locator("[data-testid=stMain] img[src=x]").count() == 0
    page.get_by_role("link", name="Ten words").first.click()
    movie = page.locator(".st-key-movie_ten_words [aria-label^='A movie']").first
    expect(movie).to_have_attribute("aria-label", re.compile("Seed 0"))
    settle(page)
    expect(page.get_by_test_id("stAlert")).to_have_count(0)


def test_it_fits_a_phone(phone: Page, app_url: str) -> None:
    page = phone
    text = "one two three four five six seven eight nine ten eleven twelve%0Asupercalifragilistic <pad>"
    open_settled(page, f"{app_url}/Lookup?table_dim=8&lines={text}")
    expect(page.locator('[aria-label^="One-hot ×"]')).to_be_visible()
    expect_to_fit(page, 400)


def test_back_and_forward_bring_back_each_row_even_from_a_click_that_was_not_waited_for(
    browser_page: Page, app_url: str
) -> None:
    page, address = browser_page, f"{app_url}/Lookup"

    def follow(word: str) -> None:
        page.get_by_role("radio", name=word, exact=True).click()

    def expect_row(word: str, number: int, shown: str) -> None:
        expect(page.locator('[aria-label^="The table E"]')).to_have_attribute(
            "aria-label", re.compile(f"framed: {number} {word}$")
        )
        page.wait_for_function("address => location.href === address", arg=shown)
        settle(page)
        page.wait_for_timeout(300)  # until the address bar has its entry
        assert page.url == shown

    open_settled(page, address)
    expect_row("the", 1, address)
    follow("dog")
    expect_row("dog", 4, f"{address}?follow=dog")
    follow("saw")
    page.evaluate("history.back()")
    expect_row("the", 1, address)
    page.go_forward()
    expect_row("dog", 4, f"{address}?follow=dog")
    page.get_by_role("radio", name="line 2", exact=True).click()  # which has no dog
    expect_row("i", 5, f"{address}?line=line+2")
    page.go_back()
    expect_row("dog", 4, f"{address}?follow=dog")
    page.go_forward()
    expect_row("i", 5, f"{address}?line=line+2")
