"""The Letters page in a real browser: train, stop, sample, an own list with bad lines, phone width."""

import csv
import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from embedlab.lessons.letters.alphabet import ALPHABET
from embedlab.lessons.letters.bundled import record
from embedlab.lessons.letters.names import given_names
from tests.browser.steps import downloaded, drawn, forbid_dialogs, open_settled, settle

pytestmark = pytest.mark.browser
MAP = "A movie: 27 letters"


def labels(page: Page) -> list[str]:
    """What is written on the letters' map."""
    return drawn(page, MAP)


def train(page: Page) -> None:
    page.get_by_role("button", name="Train", exact=True).click()
    settle(page)


def number(page: Page, label: str, value: int | float) -> None:
    """Types into a field under More settings."""
    field = page.get_by_role("spinbutton", name=label)
    if not field.is_visible():
        page.get_by_text("More settings", exact=True).click()
    field.fill(str(value))
    field.press("Tab")


def test_the_letters_are_drawn_the_movie_plays_and_names_are_sampled_with_temperature_and_start(
    browser_page: Page, app_url: str
) -> None:
    page = browser_page
    open_settled(page, f"{app_url}/Letters")
    expect(page.locator("svg.marks").first).to_contain_text("step 3,000")  # the movie has played, on arrival
    assert {*"abcdefghijklmnopqrstuvwxyz", "end"} <= set(labels(page))
    page.get_by_role("button", name="Play").first.click()
    expect(page.get_by_role("button", name="Pause").first).to_be_visible()
    page.get_by_role("button", name="Pause").first.click()
    step = next(text for text in labels(page) if text.startswith("step "))
    assert int(step.removeprefix("step ").replace(",", "")) < 3_000
    page.get_by_role("textbox", name="Begin with").fill("Mar")
    page.get_by_role("textbox", name="Begin with").press("Enter")
    settle(page)
    drawn = record().runs[2].model.sample(500, seed=0, start="mar")
    expect(page.get_by_text(drawn[0]).first).to_be_visible()
    expect(page).to_have_url(re.compile("start=Mar"))
    page.get_by_role("tab", name="Download").click()
    rows = list(csv.reader(downloaded(page, "500 invented names").decode().splitlines()))
    known = set(given_names().names)
    assert rows[1:] == [[name, str(name not in known)] for name in drawn]
    rows = list(csv.reader(downloaded(page, "Embeddings (CSV)").decode().splitlines()))
    assert [row[0] for row in rows[1:]] == ["end", *ALPHABET[1:]]
    numbers = [[float(number) for number in row[2:]] for row in rows[1:]]
    np.testing.assert_allclose(numbers, record().runs[2].model.embeddings, rtol=1e-6)
    page.get_by_role("tab", name="Surprise").click()
    settle(page)
    page.get_by_role("textbox", name="A name").fill("Ada")
    page.get_by_role("textbox", name="A name").press("Enter")
    expect(page.locator('[aria-label^="Surprise of each letter of ada"]')).to_be_visible()


def test_training_is_watched_stopped_and_found_after_a_reload(browser_page: Page, app_url: str) -> None:
    page = browser_page
    open_settled(page, f"{app_url}/Letters")
    number(page, "Steps", 300_000)  # more than a minute: it is stopped
    page.get_by_text("The lecture’s", exact=True).click()
    train(page)
    stop = page.get_by_role("button", name="Stop training")
    expect(stop).to_be_visible()
    expect(page.get_by_text(re.compile("Names it invents now"))).to_be_visible()
    step = page.get_by_test_id("stMetric").filter(has_text="Step, of 300,000")
    expect(step).to_contain_text(re.compile(r"300,000\s*[1-9]"))  # there is a snapshot to stop at
    expect(page).to_have_url(re.compile("steps=300000"))
    page.reload()  # within the lease of the run
    expect(stop).to_be_visible()
    expect(page.get_by_text(re.compile("Names it invents now"))).to_be_visible()
    stop.click()
    expect(page.get_by_text("What you see")).to_be_visible()
    settle(page)
    expect(page.get_by_role("button", name="Start again")).to_be_visible()
    expect(page.locator(".embedlab-player .play").first).to_have_text("Play")  # not in the middle of the movie
    shown = next(text for text in labels(page) if text.startswith("step "))
    assert 0 < int(shown.removeprefix("step ").replace(",", "")) < 300_000
    expect(page.get_by_text(re.compile("Of 500 such names"))).to_be_visible()


def test_an_own_list_with_bad_lines_is_learned_and_reported(browser_page: Page, app_url: str) -> None:
    page = browser_page
    forbid_dialogs(page)
    open_settled(page, f"{app_url}/Letters?source=My+own+list&steps=60")
    good = [f"{a}{b}{c}" for a in "bdk" for b in "aeiou" for c in "lmn"]
    bad = ["<img src=x onerror=alert(1)>", "Ольга", "r2d2"]
    page.get_by_role("textbox", name="Your list").fill("\n".join([*good, "Søren", *bad]))
    train(page)
    expect(page.get_by_text(re.compile("46 of 49 entries are used"))).to_be_visible()
    expect(page.get_by_text("What you see")).to_be_visible()
    report = page.get_by_text(re.compile("entries are used"))
    expect(report).to_contain_text("ø → o (1)")
    expect(report).to_contain_text("3 were dropped")
    expect(report).to_contain_text("line 47 “<img src=x onerror=aler…”")
    assert page.locator("[data-testid=stMain] img[src=x]").count() == 0
