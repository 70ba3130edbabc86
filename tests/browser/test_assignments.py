"""Questions of courses, each answered by a page that its link sets up: docs/assignments.md lists them."""

import re
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote_plus

import numpy as np
import pytest
from playwright.sync_api import Page, expect
from sklearn.decomposition import TruncatedSVD

from embedlab.text.sources import TWO_SENTENCES
from tests.browser.steps import drawn, open_settled, settle

pytestmark = pytest.mark.browser
LISTED = (Path(__file__).parents[2] / "docs/assignments.md").read_text("utf-8")
COUNTED = "Count_or_predict?c_text=two+sentences&c_edges=true&c_window=1&c_weighting=flat"
PLANE = f"{COUNTED}&c_measure=counts&c_dims=2&c_power=1.0&c_two_plane=true"
TEN = "barrels oil energy industry petroleum venezuela iraq kuwait ecuador exports"


def opened(page: Page, app_url: str, link: str) -> None:
    """Opens a link that the document lists."""
    assert f"`/{link}`" in LISTED
    open_settled(page, f"{app_url}/{link}")
    expect(page.get_by_test_id("stAlert")).to_have_count(0)


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
    opened(browser_page, app_url, "Count_or_predict?c_text=two+sentences&c_dims=2")
    expect(browser_page.get_by_text("Vocabulary: 7 different words")).to_be_visible()


def test_cooccurrence_with_boundary_tokens(browser_page: Page, app_url: str) -> None:
    opened(browser_page, app_url, COUNTED + "&c_dims=2")
    asked = browser_page.get_by_role("textbox", name="Neighbors", exact=True)
    expect(asked).to_have_value(re.compile("cat"))
    words = asked.input_value().split()
    assert sorted(words) == sorted({"<s>", "</s>", *" ".join(TWO_SENTENCES).split()})
    shown = [int(number) for number in drawn(browser_page, "Counts, weighted by distance") if number.isdigit()]
    assert shown == counts(words).astype(int).ravel().tolist()


def test_counts_in_two_dimensions(browser_page: Page, app_url: str) -> None:
    opened(browser_page, app_url, PLANE)
    found = places(browser_page, "Counted")
    words = list(found)
    reduced = TruncatedSVD(2, algorithm="arpack", random_state=0).fit_transform(counts(words))
    ours = np.array(list(found.values()))
    np.testing.assert_allclose(np.abs(ours), np.abs(reduced), atol=0.006)  # told with two decimals


def test_ten_words_counted_and_pretrained(browser_page: Page, app_url: str) -> None:
    opened(browser_page, app_url, f"Compare?compare_plane=true&compare_scaled=true&compare_drawn={quote_plus(TEN)}")
    for space in ("bundled", "counted"):
        found = places(browser_page, space)
        assert list(found) == TEN.split()
        assert [float(np.linalg.norm(place)) for place in found.values()] == pytest.approx([1] * 10, abs=0.01)


def test_two_meanings_of_one_word(browser_page: Page, app_url: str) -> None:
    opened(browser_page, app_url, "Neighbors?word=mercury")
    chart = browser_page.locator("[aria-label^='The words nearest to mercury']").first
    near = set(re.findall(r"\w+", chart.get_attribute("aria-label") or ""))
    assert len(near & {"jupiter", "mars", "venus", "apollo", "lunar", "gemini"}) > 2, "planets and the way to them"
    assert len(near & {"cadmium", "palladium", "tellurium", "thermometers"}) > 2, "metals and what they are used for"


def test_a_synonym_that_is_farther_than_an_antonym(browser_page: Page, app_url: str) -> None:
    opened(browser_page, app_url, "Analogies?pairs=happy%2C+cheerful%0Ahappy%2C+sad")
    chart = browser_page.locator('[aria-label^="happy – "]')
    expect(chart).to_be_visible()
    told = dict(re.findall(r"happy – (\w+) (\d\.\d\d)", chart.get_attribute("aria-label") or ""))
    assert float(told["sad"]) > float(told["cheerful"])


@pytest.mark.parametrize(
    ("link", "expression", "answer"),
    [
        ("Analogies?a=man&b=grandfather&c=woman", "grandfather − man + woman", "grandmother"),
        ("Analogies?a=paris&b=france&c=tokyo", "france − paris + tokyo", "japan"),
    ],
)
def test_an_analogy_that_holds(browser_page: Page, app_url: str, link: str, expression: str, answer: str) -> None:
    opened(browser_page, app_url, link)
    assert expression in drawn(browser_page, "The plane of")
    assert drawn(browser_page, "Inputs left out")[0:20].count(answer) == 1
    expect(browser_page.get_by_text(f"{expression} ≈ {answer}")).to_be_visible()


def test_an_analogy_that_fails(browser_page: Page, app_url: str) -> None:
    opened(browser_page, app_url, "Analogies?a=hand&b=glove&c=foot")
    expect(browser_page.get_by_text("glove − hand + foot ≈")).to_be_visible()
    assert "sock" not in drawn(browser_page, "Inputs left out")[:6]


def test_the_first_loss_of_letters(browser_page: Page, app_url: str) -> None:
    opened(browser_page, app_url, "Letters")
    expect(browser_page.get_by_text("ln 27 is 3.30", exact=False)).to_be_visible()


def test_direct_connections(browser_page: Page, app_url: str) -> None:
    opened(browser_page, app_url, "Letters?direct=true")
    browser_page.wait_for_selector("text=Stop training", state="detached")
    settle(browser_page)
    expect(browser_page.get_by_text("Dev loss", exact=True).first).to_be_visible()
    expect(browser_page.get_by_text("What you see")).to_be_visible()
