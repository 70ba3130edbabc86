"""Words that are clicked, of every kind and wherever they stand: each is asked, and none is read as Markdown."""

import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.steps import box_of, forbid_dialogs, open_settled, settle
from tests.browser.test_neighbors import click
from tests.vectors.test_spelling import ODD

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("calm")]


def leading_on(words: list[str]) -> str:
    """Vectors on an arc, closer and closer: the nearest word of each is the next one."""
    angles = np.cumsum(0.9 ** np.arange(len(words)) / 10)
    return "\n".join(f"{word}\t{np.cos(angle)}\t{np.sin(angle)}\t0" for word, angle in zip(words, angles, strict=True))


def cell(table: Locator, across: float, row: int) -> None:
    """Clicks the cell in this row below the heading, at this share of the table's width."""
    table.evaluate("element => element.scrollIntoView({block: 'center'})")
    place = box_of(table)
    table.page.mouse.click(place["x"] + place["width"] * across, place["y"] + 35 * (row + 1.5))


def test_words_of_all_kinds_are_asked_by_a_click(app_url: str, browser_page: Page, tmp_path: Path) -> None:
    page = browser_page
    forbid_dialogs(page)
    open_settled(page, f"{app_url}/Vectors")
    (tmp_path / "odd.tsv").write_text(leading_on(ODD), "utf-8")
    page.locator("input[type=file]").first.set_input_files(tmp_path / "odd.tsv")
    expect(page.get_by_text("now chosen")).to_be_visible()
    page.locator("[data-testid=stSidebarNavLink]").filter(has_text="Neighbors").click()
    expect(page).to_have_title("Neighbors · embedlab")
    settle(page)
    page.get_by_role("radio", name="PCA").click()  # no map of a thousand steps for each word
    settle(page)
    box = page.get_by_role("textbox", name="A word, or several")
    box.fill(ODD[0])
    box.press("Enter")
    for word, nearest in pairwise(ODD):
        expect(page.get_by_test_id("stMetric").first).to_contain_text(f"Nearest to {word}")
        expect(page.get_by_test_id("stMetricValue").first).to_have_text(nearest)
        expect(page.get_by_test_id("stAlert")).to_have_count(0)
        click(page.get_by_label(f"The words nearest to {word} by").locator("path[aria-label^='word: ']").first)
        expect(box).to_have_value(nearest)
    expect(page.get_by_test_id("stMetric").first).to_contain_text(f"Nearest to {ODD[-1]}")
    expect(page.get_by_test_id("stAlert")).to_have_count(0)


def test_words_in_lists_of_tables_and_in_rows_are_asked_in_the_pages_own_vectors(
    app_url: str, browser_page: Page
) -> None:
    page = browser_page
    open_settled(page, f"{app_url}/Word2vec?view=Near+words")
    table = page.locator(".stDataFrame canvas").first
    cell(table, 0.02, 1)  # a word
    box = page.get_by_role("textbox", name="Nearest to")
    expect(box).not_to_have_value("queen")
    first = box.input_value()
    settle(page)
    box.fill("dog")
    box.press("Enter")
    settle(page)
    cell(table, 0.02, 1)  # once more
    expect(box).to_have_value(first)
    settle(page)
    cell(table, 0.4, 2)  # a list of words
    words = page.locator("[class*='st-key-words-of-near'] button")
    expect(words).to_have_count(5)
    word = words.nth(1).inner_text()
    words.nth(1).click()
    expect(box).to_have_value(word)
    settle(page)
    bars = page.locator(f"[aria-label^='Nearest to {word}: '] .role-mark.mark-text text")
    expect(bars.first).to_be_visible()
    nearest = bars.first.text_content() or ""
    page.get_by_role("radio", name="Map").or_(page.get_by_role("button", name="Map")).first.click()
    settle(page)
    page.get_by_role("tab", name="Subsampling").click()
    settle(page)
    cell(page.locator(".stDataFrame canvas").last, 0.02, 3)  # on another view, which makes way
    expect(page.get_by_role("textbox", name="Nearest to")).not_to_have_value(nearest)
    expect(page.get_by_test_id("stAlert")).to_have_count(0)


def test_a_word_of_a_chart_is_asked_again_after_another(app_url: str, browser_page: Page) -> None:
    page = browser_page
    open_settled(page, f"{app_url}/Count_or_predict")
    box = page.get_by_role("textbox", name="A word", exact=True)
    counts = page.locator("[aria-label^='Counts'] .mark-rect path")
    for at, typed in ((0, "paris"), (0, "dog"), (30, None), (0, None)):
        click(counts.nth(at))
        expect(box).to_have_value({0: "king", 30: "prince"}[at])
        settle(page)
        if typed is not None:
            box.fill(typed)
            box.press("Enter")
            settle(page)
    for word in ("sweet", "the", "pear", "crown"):  # names of columns and of a row
        click(page.locator("[aria-label^='Counts'] .role-axis-label text").get_by_text(word, exact=True))
        expect(box).to_have_value(word)
        settle(page)
    expect(page.get_by_test_id("stAlert")).to_have_count(0)


def test_words_of_a_step_and_of_a_movie_are_asked_and_their_nearest_come_into_view(
    app_url: str, browser_page: Page
) -> None:
    page = browser_page
    open_settled(page, f"{app_url}/Word2vec")
    box = page.get_by_role("textbox", name="Nearest to")
    page.get_by_test_id("stPopover").filter(has_text="Words").get_by_role("button").click()
    page.get_by_role("combobox", name="Words of the picture").click()
    option = page.get_by_role("option").nth(3)
    word = option.inner_text()
    option.click()
    expect(box).to_have_value(word)
    settle(page)
    page.get_by_text("First sentences, and words to click").click()
    settle(page)
    of_the_step = page.locator("[class*='st-key-words-of-the-step'] button").nth(1)
    word = of_the_step.inner_text()
    of_the_step.click()
    expect(box).to_have_value(word)
    expect(page.locator(f"[aria-label^='Nearest to {word}: ']").first).to_be_in_viewport()
    expect(page.get_by_test_id("stAlert")).to_have_count(0)


def test_a_given_word_of_an_analogy_leads_to_neighbors_and_any_other_is_asked(app_url: str, browser_page: Page) -> None:
    page = browser_page
    open_settled(page, f"{app_url}/Analogies")
    bars = page.locator("[aria-label^='Inputs left in'] path[aria-label^='word: ']")
    expect(bars.first).to_be_visible()
    words = [
        (label or "")[len("word: ") :].rpartition("; ")[0]
        for label in bars.evaluate_all("all => all.map(m => m.ariaLabel)")
    ]
    given = next(i for i, word in enumerate(words) if word in ("man", "king", "woman"))
    other = next(i for i, word in enumerate(words) if word not in ("man", "king", "woman"))
    click(bars.nth(other))
    expect(page.get_by_role("textbox", name="as this word is to …?")).to_have_value(words[other])
    settle(page)
    page.go_back()
    settle(page)
    click(page.locator(f"[aria-label^='Inputs left in'] path[aria-label^='word: {words[given]};']").last)
    page.wait_for_url("**/Neighbors*")
    expect(page.get_by_role("textbox", name="A word, or several")).to_have_value(words[given])


def test_back_from_each_of_several_words_asked_on_another_page_is_the_view_that_was_left(
    app_url: str, browser_page: Page
) -> None:
    page, view = browser_page, f"{app_url}/Evaluate?evaluated=Bias"
    open_settled(page, view)
    for _ in range(3):
        click(page.locator("[aria-label^='Words by nearness'] path[aria-label*='word: ']").last)
        page.wait_for_url("**/Neighbors?word=*")
        settle(page)
        page.go_back()
        expect(page).to_have_title("Evaluate · embedlab")
        settle(page)
        expect(page).to_have_url(view)


def test_words_of_dots_senses_and_ones_own_test_are_asked_on_neighbors(app_url: str, browser_page: Page) -> None:
    page = browser_page
    open_settled(page, f"{app_url}/Evaluate?evaluated=Bias")
    row = page.locator("[aria-label^='Words by nearness'] path[aria-label*='word: ']").last
    word = re.search("word: ([^;]+)", row.get_attribute("aria-label") or "")
    assert word is not None
    click(row)
    page.wait_for_url(f"**/Neighbors?word={word[1]}*")
    settle(page)
    open_settled(page, f"{app_url}/Evaluate?evaluated=Your+own")
    click(page.locator("[aria-label^='Own test in'] path[aria-label*='word: ']").last)
    page.wait_for_url("**/Neighbors?word=*")
    settle(page)
    expect(page.get_by_test_id("stAlert")).to_have_count(0)
    open_settled(page, f"{app_url}/Neighbors?word=java&at=senses")
    typical = page.locator("[class*='st-key-words-sense'] button").first
    word_of_sense = typical.inner_text()
    typical.click()
    expect(page.get_by_role("textbox", name="A word, or several")).to_have_value(word_of_sense)
