"""Questions of courses, each answered by a page that its link sets up: Teach lists them."""

import re
from itertools import pairwise
from urllib.parse import urlencode

import numpy as np
import pytest
from playwright.sync_api import Page, expect
from sklearn.decomposition import TruncatedSVD

from embedlab.library.bundled import COUNTED, PREDICTED
from embedlab.teaching import ASSIGNMENTS, Assignment
from embedlab.text.sources import TWO_SENTENCES
from tests.browser.steps import drawn, open_settled, settle

pytestmark = pytest.mark.browser
ALL = {one.number: one for assignments in ASSIGNMENTS.values() for one in assignments}


def opened(page: Page, app_url: str, number: str) -> Assignment:
    """Opens the view of an assignment."""
    found = ALL[number]
    name = found.page.split("_", 1)[1].removesuffix(".py")
    open_settled(page, f"{app_url}/{name}?{urlencode(found.parameters)}")
    expect(page.get_by_test_id("stAlert")).to_have_count(0)
    return found


def counts(words: list[str]) -> np.ndarray:
    """Neighbors of the two sentences by two loops."""
    table = np.zeros((len(words), len(words)))
    for sentence in TWO_SENTENCES:
        ids = [words.index(word) for word in ["<s>", *sentence.split(), "</s>"]]
        for left, right in pairwise(ids):
            table[left, right] += 1
            table[right, left] += 1
    return table


def places(page: Page, name: str) -> dict[str, np.ndarray]:
    """Words and where they are, as the alternative text of a plane tells them."""
    chart = page.locator(f'[aria-label^="Places of words in {name}: "]')
    expect(chart).to_be_visible()
    told = (chart.get_attribute("aria-label") or "").split(": ", 1)[1]
    return {word: np.array([float(x), float(y)]) for word, x, y in (part.split(" ") for part in told.split("; "))}


def test_distinct_words(browser_page: Page, app_url: str) -> None:
    opened(browser_page, app_url, "1.1")
    expect(browser_page.get_by_text("Vocabulary: 7 different words")).to_be_visible()


def test_cooccurrence_with_boundary_tokens(browser_page: Page, app_url: str) -> None:
    opened(browser_page, app_url, "1.2")
    asked = browser_page.get_by_role("textbox", name="Neighbors", exact=True)
    expect(asked).to_have_value(re.compile("cat"))
    words = asked.input_value().split()
    assert sorted(words) == sorted({"<s>", "</s>", *" ".join(TWO_SENTENCES).split()})
    shown = [int(number) for number in drawn(browser_page, "Counts: ") if number.isdigit()]
    assert shown == counts(words).astype(int).ravel().tolist()


def test_counts_in_two_dimensions(browser_page: Page, app_url: str) -> None:
    opened(browser_page, app_url, "1.3, 1.4")
    found = places(browser_page, "Counted")
    words = list(found)
    reduced = TruncatedSVD(2, algorithm="arpack", random_state=0).fit_transform(counts(words))
    ours = np.array(list(found.values()))
    np.testing.assert_allclose(np.abs(ours), np.abs(reduced), atol=0.006)  # told with two decimals


def test_ten_words_counted_and_pretrained(browser_page: Page, app_url: str) -> None:
    ten = opened(browser_page, app_url, "1.5, 2.1").parameters["compare_drawn"].split()
    for space in (PREDICTED, COUNTED):
        found = places(browser_page, space)
        assert list(found) == ten
        assert [float(np.linalg.norm(place)) for place in found.values()] == pytest.approx([1] * 10, abs=0.01)


def test_two_meanings_of_one_word(browser_page: Page, app_url: str) -> None:
    opened(browser_page, app_url, "2.2")
    chart = browser_page.locator("[aria-label^='The words nearest to mercury']").first
    near = set(re.findall(r"\w+", chart.get_attribute("aria-label") or ""))
    assert len(near & {"jupiter", "mars", "venus", "apollo", "lunar", "gemini"}) > 2, "planets and the way to them"
    assert len(near & {"cadmium", "palladium", "tellurium", "thermometers"}) > 2, "metals and what they are used for"


def test_a_synonym_that_is_farther_than_an_antonym(browser_page: Page, app_url: str) -> None:
    opened(browser_page, app_url, "2.3")
    chart = browser_page.locator('[aria-label^="happy – "]')
    expect(chart).to_be_visible()
    told = dict(re.findall(r"happy – (\w+) (\d\.\d\d)", chart.get_attribute("aria-label") or ""))
    assert float(told["sad"]) > float(told["cheerful"])


@pytest.mark.parametrize(
    ("number", "expression", "answer"),
    [("2.4", "grandfather − man + woman", "grandmother"), ("2.5", "france − paris + tokyo", "japan")],
)
def test_an_analogy_that_holds(browser_page: Page, app_url: str, number: str, expression: str, answer: str) -> None:
    opened(browser_page, app_url, number)
    assert expression in drawn(browser_page, "The plane of")
    assert drawn(browser_page, "Inputs left out")[0:20].count(answer) == 1
    expect(browser_page.get_by_text(f"{expression} ≈ {answer}")).to_be_visible()


def test_an_analogy_that_fails(browser_page: Page, app_url: str) -> None:
    opened(browser_page, app_url, "2.6")
    expect(browser_page.get_by_text("glove − hand + foot ≈")).to_be_visible()
    assert "sock" not in drawn(browser_page, "Inputs left out")[:6]


def test_the_first_loss_of_letters(browser_page: Page, app_url: str) -> None:
    opened(browser_page, app_url, "E02")
    expect(browser_page.get_by_text("ln 27 is 3.30", exact=False)).to_be_visible()


def test_direct_connections(browser_page: Page, app_url: str) -> None:
    opened(browser_page, app_url, "E03")
    browser_page.wait_for_selector("text=Stop training", state="detached")
    settle(browser_page)
    expect(browser_page.get_by_text("Dev loss", exact=True).first).to_be_visible()
    expect(browser_page.get_by_text("What you see")).to_be_visible()


@pytest.mark.parametrize("number", ["2.7–2.9", "E01"])
def test_what_is_tried_by_oneself_opens_with_a_result(browser_page: Page, app_url: str, number: str) -> None:
    opened(browser_page, app_url, number)
    browser_page.wait_for_selector("text=Stop training", state="detached")
    expect(browser_page.get_by_text("What you see")).to_be_visible()


@pytest.mark.parametrize(("number", "place"), [("2.3", "pairs"), ("1.5, 2.1", "planes")])
def test_what_is_asked_further_down_a_page_is_in_view_until_the_visitor_goes_elsewhere(
    browser_page: Page, app_url: str, number: str, place: str
) -> None:
    opened(browser_page, app_url, number)
    section = browser_page.locator(f".st-key-at_{place}")
    expect(section.locator("svg.marks").first).to_be_visible()
    top = "section => section.getBoundingClientRect().top"
    browser_page.wait_for_timeout(1_000)
    assert 0 <= section.evaluate(top) < 250
    browser_page.mouse.move(700, 400)
    browser_page.mouse.wheel(0, -10_000)
    expect(browser_page.get_by_role("heading", level=1)).to_be_in_viewport()
    browser_page.get_by_role("link", name="Teach").click()
    expect(browser_page.get_by_role("heading", name="How can this be taught?")).to_be_visible()
    settle(browser_page)
    browser_page.go_back()
    expect(section.locator("svg.marks").first).to_be_visible()
    browser_page.wait_for_timeout(1_000)
    assert section.evaluate(top) > 250, "Back leaves the page where it opens"
