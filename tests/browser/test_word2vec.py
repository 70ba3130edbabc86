"""Word2vec and Count or predict in a real browser: what is drawn, what moves, and what a phone shows."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import (
    box_of,
    expect_entries,
    expect_to_fit,
    forbid_dialogs,
    history_length,
    open_settled,
    settle,
    stand,
)

pytestmark = pytest.mark.browser
MOVIE = ".st-key-movie_word2vec"
POINT = f"{MOVIE} svg path[aria-roledescription=point][aria-label*='word: ']"
FINISHED = "[data-testid=stMetric]"


def opened(page: Page, address: str) -> Page:
    """The page with its first run finished."""
    open_settled(page, address)
    page.wait_for_selector(FINISHED)
    return page


def points(page: Page) -> list[str]:
    """What each point of the map says of itself: word, kind and place."""
    return sorted(page.locator(POINT).evaluate_all("all => all.map(m => m.ariaLabel)"))


def test_the_page_opens_with_a_map_whose_slider_goes_back_to_one_spot_and_views_change_without_training_again(
    browser_page: Page, app_url: str
) -> None:
    page = opened(browser_page, f"{app_url}/Word2vec")
    page.wait_for_selector(f"{MOVIE} svg.marks")
    slider, play = page.locator(f"{MOVIE} input[type=range]"), page.locator(f"{MOVIE} .play")
    play.scroll_into_view_if_needed()
    page.locator(f"{MOVIE} svg.marks").first.scroll_into_view_if_needed()
    expect(play).to_have_text("Pause")  # it plays once by itself, until the slider is touched
    slider.evaluate("s => { s.value = s.max; s.dispatchEvent(new Event('input', {bubbles: true})); }")
    expect(play).to_have_text("Play")
    stand(page)
    end = points(page)
    assert any("word: queen" in label for label in end)
    assert len(end) == 36  # 20 people, 8 countries, 8 capitals
    last = page.locator(POINT).first.get_attribute("aria-label")
    slider.evaluate("s => { s.value = s.min; s.dispatchEvent(new Event('input', {bubbles: true})); }")
    page.wait_for_function(f"end => document.querySelector(`{POINT}`).ariaLabel !== end", arg=last)
    stand(page)
    begin = points(page)

    def spread(labels: list[str]) -> float:
        found = [re.search(r"x: ([−-]?[\d.]+)", label) for label in labels]
        numbers = [float(match.group(1).replace("−", "-")) for match in found if match]
        return max(numbers) - min(numbers)

    assert spread(begin) < 0.2 * spread(end)  # all words start within half a unit over D of one another
    recorded = page.get_by_text("Recorded; “Train” runs it live.")
    expect(recorded).to_be_visible()
    for view, alt in (
        ("King and queen", "Similarities over words read"),
        ("Two losses", "final neighbors"),
        ("Loss", "Loss in nats"),
    ):
        page.get_by_role("radio", name=view, exact=True).or_(page.get_by_text(view, exact=True)).first.click()
        settle(page)
        expect(page.locator(f"[aria-label*='{alt}']").first).to_be_visible()
    expect(recorded).to_be_visible()


def test_training_is_stopped_and_its_result_kept(browser_page: Page, app_url: str) -> None:
    # All passes over the largest world, softmax included: far longer than the test waits for.
    page = browser_page
    page.goto(f"{app_url}/Word2vec?passes=20&world_words=200000&dims=100")
    stop = page.get_by_role("button", name="Stop training")
    expect(stop).to_be_visible()
    expect(page.get_by_text("words read, about")).to_be_visible()
    stop.click()
    page.wait_for_selector(FINISHED)
    settle(page)
    expect(page.get_by_text(re.compile(r"^Stopped, [\d.]+ s$")).first).to_be_visible()
    kept = page.locator(POINT).or_(page.get_by_test_id("stAlert"))
    expect(kept).not_to_have_count(0)


def opens_elsewhere(page: Page, button: str, question: str) -> None:
    """Takes what was learned to another page, which must not be asked for this one's dimensions."""
    assert "dims=16" in page.url
    page.get_by_role("tab", name="Download").click()
    settle(page)
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("heading", name=question)).to_be_visible()
    settle(page)
    assert page.locator("[data-testid=stException], [data-testid=stAlert]").count() == 0
    expect(page).not_to_have_url(re.compile("dims=16"))


def test_what_was_predicted_opens_in_neighbors_whatever_the_address_holds(browser_page: Page, app_url: str) -> None:
    engine = "engine=PyTorch%3A+negative+sampling"
    page = opened(browser_page, f"{app_url}/Word2vec?passes=2&dims=16&{engine}")
    opens_elsewhere(page, "Open in Neighbors", "Which words are near?")


def test_a_typed_word_like_html_is_shown_as_text_and_both_spaces_open_in_compare(
    browser_page: Page, app_url: str
) -> None:
    forbid_dialogs(browser_page)
    hostile = "%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E"
    page = opened(browser_page, f"{app_url}/Count_or_predict?c_dims=16&c_word_world={hostile}")
    expect(page.get_by_text("is not among the 230 words").first).to_be_visible()
    assert page.locator("img[src='x']").count() == 0
    opens_elsewhere(page, "Open both in Compare", "Do two spaces agree on what is near?")


def step_of(page: Page) -> tuple[str, list[str]]:
    """The number of the step that is shown, and the cells of its table."""
    cells = page.locator(".st-key-one_step .numbers tbody :is(th, td)").all_inner_texts()
    return page.get_by_label("Step", exact=True).input_value(), cells


def test_arrow_keys_walk_through_the_steps_and_the_address_brings_one_back(
    browser_page: Page, open_tab: Callable[[], Page], app_url: str
) -> None:
    page = opened(browser_page, f"{app_url}/Word2vec")
    first, entries = step_of(page), history_length(page)
    assert first[0] == "1001"
    box = box_of(page.locator(".st-key-one_step .numbers"))
    assert box["y"] + box["height"] < 800, "the step is in the first screen"
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**step=1002**")
    expect_entries(page, entries + 1)  # until this view has its own in the history
    settle(page)
    assert step_of(page)[1] != first[1]
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("!location.search.includes('step=')")
    expect_entries(page, entries + 2)
    settle(page)
    assert step_of(page) == first
    page.get_by_role("button", name="1,000 more").click()
    page.wait_for_url("**step=2001**")
    expect_entries(page, entries + 3)
    settle(page)
    page.get_by_text("full softmax", exact=True).first.click()
    page.wait_for_url("**step_loss=full**")
    expect_entries(page, entries + 4)
    settle(page)
    shown = step_of(page)
    other = opened(open_tab(), page.url)
    assert step_of(other) == shown
    page.go_back()
    page.wait_for_function("!location.search.includes('step_loss')")
    settle(page)
    assert step_of(page)[0] == "2001"
    assert step_of(page)[1] != shown[1]


def test_arrow_keys_walk_on_after_a_click_on_the_loss_and_belong_to_it_for_who_came_by_keyboard(
    browser_page: Page, app_url: str
) -> None:
    page = opened(browser_page, f"{app_url}/Word2vec")
    loss, number = page.get_by_role("radiogroup", name="Loss of the step"), page.get_by_label("Step", exact=True)
    full, noise = (loss.get_by_role("radio", name=name) for name in ("full softmax", "negative sampling"))
    full.click()
    expect(full).to_have_attribute("aria-checked", "true")
    settle(page)
    page.keyboard.press("ArrowRight")
    expect(number).to_have_value("1002")
    settle(page)
    full.focus()
    page.keyboard.press("ArrowLeft")
    expect(noise).to_be_focused()
    page.keyboard.press("Space")
    expect(noise).to_have_attribute("aria-checked", "true")
    settle(page)
    page.keyboard.press("ArrowRight")
    expect(full).to_be_focused()
    expect(number).to_have_value("1002")


def test_on_a_phone_step_form_picture_and_figures_come_before_2500_pixels(phone: Page, app_url: str) -> None:
    page = opened(phone, f"{app_url}/Word2vec")
    page.wait_for_selector(f"{MOVIE} svg.marks")
    expect_to_fit(page, 400)
    bottom = page.locator(FINISHED).last.evaluate(
        "e => e.getBoundingClientRect().bottom + document.querySelector('[data-testid=stMain]').scrollTop"
    )
    assert bottom < 2_500


def test_on_a_phone_the_table_of_a_step_fades_at_its_edge_until_it_is_scrolled_to_its_end(
    phone: Page, app_url: str
) -> None:
    open_settled(phone, f"{app_url}/Word2vec")
    fade = "getComputedStyle(document.querySelector('.st-key-one_step .numbers'), '::after')"
    phone.wait_for_function(f"{fade}.position === 'sticky'")
    edges = phone.locator(".st-key-one_step .numbers").evaluate("""numbers => {
        const fade = getComputedStyle(numbers, "::after"), right = () => numbers.getBoundingClientRect().right;
        const over = () => numbers.firstChild.getBoundingClientRect().right - right() + parseFloat(fade.flexBasis);
        const begin = over();
        numbers.scrollLeft = numbers.scrollWidth;
        return [fade.position, fade.right, begin, over()];
    }""")
    assert edges[:2] == ["sticky", "0px"]
    assert edges[2] > 300, "columns lie beyond the edge, and beneath the fade"
    assert edges[3] <= 1, "at the end no column is faded"
