"""What fingers and keys reach: the essential part of a page early on a phone, and the words of maps without a mouse."""

import pytest
from playwright.sync_api import Page, expect

from embedlab.ui.menu import MENU, MenuItem
from tests.browser.steps import PATIENCE, open_settled, settle

pytestmark = pytest.mark.browser

DEEPEST = 2_500  # px from the top of a page, on a phone, to the end of its essential part
# Where that part ends: with "What you see", on Home with the list below the map.
END = """() => {
  const main = document.querySelector('[data-testid=stMain]'), top = main.getBoundingClientRect().top - main.scrollTop;
  const said = [...main.querySelectorAll('[data-testid=stMarkdownContainer], .st-key-home_words')].filter(part =>
      part.matches('.st-key-home_words') || part.innerText.startsWith('What you see'));
  const pictures = main.querySelectorAll('.stVegaLiteChart .marks').length;
  return [pictures, ...said.slice(0, 1).map(part => Math.round(part.getBoundingClientRect().bottom - top))];
}"""
LIST = "Words of the picture"


@pytest.mark.parametrize("line", MENU[:-1], ids=lambda line: line.title)  # Teach has no picture
def test_the_essential_part_of_a_page_comes_early_on_a_phone(phone: Page, app_url: str, line: MenuItem) -> None:
    phone.emulate_media(reduced_motion="reduce")
    name = line.file.split("_", 1)[1].removesuffix(".py")
    open_settled(phone, app_url if line is MENU[0] else f"{app_url}/{name}")
    phone.wait_for_selector("[data-testid=stMain] [class*=_stop]", state="detached")
    now: list[int] = []
    for _ in range(PATIENCE // 500):
        before, now = now, phone.evaluate(END)
        if now == before and len(now) == 2:
            break
        phone.wait_for_timeout(500)  # charts take their heights late
    assert 500 < now[1] <= DEEPEST


@pytest.mark.parametrize(
    ("address", "word"), [("?word=coffee", "tea"), ("Neighbors?word=king", "throne"), ("Compare", "prince")]
)
def test_words_of_a_picture_are_chosen_by_keys_alone_as_by_a_click(
    browser_page: Page, app_url: str, address: str, word: str
) -> None:
    page = browser_page
    open_settled(page, f"{app_url}/{address}")
    listed = page.get_by_role("combobox", name=LIST)
    expect(listed).to_be_visible()
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('aria-label')?.includes('" + LIST + "') ?? false"):
            break
    else:
        pytest.fail("Tab does not lead there")
    page.keyboard.type(word)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**word={word}**")
    settle(page)
    assert page.get_by_role("textbox", name="A word").first.input_value() == word
    expect(listed).to_have_value("")
