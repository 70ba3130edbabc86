"""Teaching in Chromium: present mode, a guess and its answer by keyboard, and a worksheet on paper."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from embedlab.teaching import bundled_course
from tests.browser.steps import box_of, downloaded, expect_to_fit, open_settled, settle

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("calm")]

LOOKUP = bundled_course().of("1_Lookup.py")


def sizes(page: Page) -> tuple[float, float]:
    """Pixels of the title's letters, and of the main part's left edge."""
    letters = page.locator("h1").evaluate("e => getComputedStyle(e).fontSize")
    left = page.get_by_test_id("stMain").bounding_box()
    assert left is not None
    return float(str(letters).removesuffix("px")), left["x"]


def test_a_presented_page_has_no_menu_tables_or_code_and_leads_to_presented_ones(
    browser_page: Page, app_url: str
) -> None:
    page = browser_page
    open_settled(page, f"{app_url}/Word2vec")
    expect(page.get_by_test_id("stSidebarNavLink").first).to_be_visible()
    usual, beside_menu = sizes(page)
    assert beside_menu > 200
    open_settled(page, f"{app_url}/Word2vec?present=true")
    expect(page.get_by_role("button", name="Leave")).to_be_visible()  # drawn after the larger type is set
    larger, left = sizes(page)
    assert left == 0
    assert larger >= 1.2 * usual
    for part in ("stSidebar", "stSidebarNavLink", "stExpandSidebarButton", "stHeader", "stDataFrame"):
        for found in page.get_by_test_id(part).all():
            assert not found.is_visible(), part
    expect(page.locator("svg.marks, canvas.marks").first).to_be_visible()
    assert page.get_by_role("tab", name="The code").count() == 0
    table = page.locator(".st-key-one_step .numbers")  # the page's main thing, as large as its text and all of it there
    expect(table.locator("td").last).to_have_css("font-size", "20px")
    expect_to_fit(page, 1280)
    assert table.evaluate("all => all.scrollWidth <= all.clientWidth")
    page.set_viewport_size({"width": 1024, "height": 768})  # an older projector
    expect_to_fit(page, 1024)
    assert table.evaluate("all => all.scrollWidth <= all.clientWidth")
    page.get_by_role("link", name="Next: Count or predict").click()
    page.wait_for_url("**/Count_or_predict?present=true*")
    settle(page)
    expect(page.get_by_test_id("stSidebarNavLink")).to_have_count(0)
    page.get_by_role("button", name="Leave").click()
    settle(page)
    expect(page.get_by_test_id("stSidebarNavLink").first).to_be_visible()
    expect(page).not_to_have_url(re.compile("present"))


def test_the_course_is_presented_from_home_on(browser_page: Page, app_url: str) -> None:
    page = browser_page
    open_settled(page, f"{app_url}/?present=true")
    expect(page.get_by_text("The code", exact=True).locator("visible=true")).to_have_count(0)
    page.get_by_role("button", name="Start the tour").click()
    page.wait_for_url("**/Lookup?present=true*")
    settle(page)
    expect(page.get_by_test_id("stSidebarNavLink")).to_have_count(0)


def test_a_guess_and_an_answer_by_keyboard(browser_page: Page, app_url: str) -> None:
    page = browser_page
    open_settled(page, f"{app_url}/Lookup?follow=cat")
    expect(page.locator("svg.marks").first).to_be_visible()  # before anybody has guessed
    guess = page.locator(".st-key-guess")
    assert LOOKUP.guess.outcome.sentence not in guess.inner_text()
    right = LOOKUP.guess.choices[LOOKUP.guess.outcome.choice]
    guess.get_by_text(right, exact=True).locator("xpath=ancestor-or-self::button").focus()
    page.keyboard.press("Enter")
    expect(guess).to_contain_text(f"You said “{right}”. Yes.")
    expect(guess).to_contain_text(LOOKUP.guess.outcome.sentence)
    expect(page).to_have_url(re.compile("follow=cat"))  # the view stays
    settle(page)
    check = LOOKUP.check
    end = page.locator(".st-key-remember")
    end.get_by_role("radio").first.focus()
    for _ in range(check.right):
        page.keyboard.press("ArrowDown")
    if check.right == 0:
        page.keyboard.press("Space")
    expect(end).to_contain_text(check.because)
    file = downloaded(page, "Your guesses and answers (CSV)").decode("utf-8")
    assert file.splitlines()[0] == "lesson,kind,question,given_answer,right_answer"
    assert len(file.splitlines()) == 3


def test_the_line_of_a_guess_fits_in_one_row(browser_page: Page, app_url: str) -> None:
    for lesson in bundled_course().lessons:
        open_settled(browser_page, f"{app_url}/{lesson.page.partition('_')[2].removesuffix('.py')}")
        assert box_of(browser_page.locator(".st-key-guess"))["height"] < 50, lesson.title


def test_a_worksheet_is_printed_from_the_same_questions(
    browser_page: Page, open_tab: Callable[[], Page], app_url: str, tmp_path: Path
) -> None:
    open_settled(browser_page, f"{app_url}/Teach?worksheet=Lookup")
    sheet, key = (downloaded(browser_page, f"{name} (HTML)") for name in ("Worksheet", "Answer key"))
    paper = open_tab()
    for name, content in (("sheet", sheet), ("key", key)):
        file = tmp_path / f"{name}.html"
        file.write_bytes(content)
        paper.goto(file.as_uri())
        paper.emulate_media(media="print")
        for question in bundled_course().about("Lookup"):
            expect(paper.get_by_text(question.question)).to_be_visible()
        assert paper.locator("li.right").count() == (0 if name == "sheet" else 5)
        assert paper.pdf(format="A4").startswith(b"%PDF")
        assert paper.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_plan_opens_its_view_before_the_class(browser_page: Page, app_url: str) -> None:
    page = browser_page
    open_settled(page, f"{app_url}/Teach?minutes=20")
    page.get_by_test_id("stMain").get_by_role("link", name="Ten words").click()
    page.wait_for_url("**/Ten_words?*")
    settle(page)
    for part in ("second=true", "first_seed=11", "present=true"):
        expect(page).to_have_url(re.compile(part))
    expect(page.get_by_text("seed 48").first).to_be_visible()
    assert page.get_by_text("Ignored in this page").count() == 0
