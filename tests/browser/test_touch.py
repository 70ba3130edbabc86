"""What fingers and keys reach: the essential part of a page early on a phone, and the words of maps without a mouse."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from embedlab.ui.menu import MENU, MenuItem
from tests.browser.steps import PATIENCE, box_of, open_settled, settle

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
FINGERTIP = 24  # px, the least that WCAG 2.2 asks for
# Of every table: the upper edge of its place on the page, both edges of the toolbar, the upper one of its head.
TOOLBARS = """() => [...document.querySelectorAll('.stDataFrame')].filter(table => table.offsetWidth).map(table => {
  const place = table.getBoundingClientRect(), frame = table.closest('.stElementContainer').getBoundingClientRect();
  const bar = table.querySelector('[data-testid=stElementToolbarButtonContainer]').getBoundingClientRect();
  return [frame.top, bar.top, bar.bottom, place.top];
})"""
# Names of the help marks that a tap this far from their middle, in each of four directions, misses.
MISSED = """far => [...document.querySelectorAll('[data-testid=stMain] button[aria-label^=Help]')].filter(mark => {
  mark.scrollIntoView({ block: 'center' });
  const place = mark.getBoundingClientRect(), x = place.left + place.width / 2, y = place.top + place.height / 2;
  return mark.checkVisibility() && [[far, 0], [-far, 0], [0, far], [0, -far]].some(
      ([across, down]) => document.elementFromPoint(x + across, y + down)?.closest('button') !== mark);
}).map(mark => mark.ariaLabel)"""
# Of every option: which of its four edges cannot be seen.
EDGELESS = """() => [...document.querySelectorAll('[role=radiogroup]:has(> :nth-child(4)) > button')].map(option => {
  const style = getComputedStyle(option), sides = ['Top', 'Right', 'Bottom', 'Left'];
  return sides.filter(side => parseFloat(style[`border${side}Width`]) < 1 || style[`border${side}Style`] === 'none' ||
      style[`border${side}Color`].endsWith(', 0)'));
})"""


@pytest.fixture(scope="module")
def touched(chromium: Browser) -> Iterator[Page]:
    """A phone's tab, 400 x 850, in which nothing can be hovered over."""
    context = chromium.new_context(viewport={"width": 400, "height": 850}, has_touch=True, is_mobile=True)
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


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
    expect(page.get_by_role("textbox", name="A word").first).to_have_value(word)
    expect(listed).to_have_value("")


def test_without_a_mouse_a_tables_toolbar_hides_neither_its_head_nor_what_is_above(touched: Page, app_url: str) -> None:
    open_settled(touched, f"{app_url}/Compare")
    expect(touched.get_by_test_id("stElementToolbarButtonContainer").last).to_be_visible()
    expect(touched.locator(".stDataFrame:visible")).to_have_count(2)  # they come after the charts
    expect(touched.locator(".stDataFrame [data-testid=stElementToolbarButtonContainer]:visible")).to_have_count(2)
    tables = touched.evaluate(TOOLBARS)
    assert len(tables) == 2
    for above, top, bottom, head in tables:
        assert above - 1 <= top < bottom <= head
    touched.locator(".stDataFrame").first.get_by_role("button", name="Fullscreen").tap()
    expect(touched.get_by_role("button", name="Close fullscreen")).to_be_visible()
    place = box_of(touched.locator(".stDataFrame").first)
    assert place["y"] + place["height"] <= 850


@pytest.mark.parametrize("page", ["Ten_words", "Evaluate", "Transfer"])
def test_marks_for_help_are_as_large_as_a_fingertip(touched: Page, app_url: str, page: str) -> None:
    open_settled(touched, f"{app_url}/{page}")
    expect(touched.get_by_test_id("stMetric").first).to_be_visible()
    expect(touched.locator("[data-testid=stMain] button[aria-label^=Help]:visible").nth(4)).to_be_visible()
    assert touched.evaluate(MISSED, FINGERTIP / 2 - 1) == []


def test_words_to_tap_are_as_wide_as_a_fingertip(touched: Page, app_url: str) -> None:
    open_settled(touched, f"{app_url}/Vectors")
    words = touched.locator("[data-testid=stMain] [data-testid=stBaseButton-tertiary]:visible")
    expect(words.nth(19)).to_be_visible()  # they come one after the other
    widths = words.evaluate_all("all => all.map(each => each.getBoundingClientRect().width)")
    assert min(widths) >= FINGERTIP


@pytest.mark.parametrize("chosen", ["Debiasing", "Your own"])
def test_options_in_two_lines_keep_their_edges_and_none_is_alone(touched: Page, app_url: str, chosen: str) -> None:
    open_settled(touched, f"{app_url}/Evaluate?evaluated={chosen.replace(' ', '+')}")
    option = touched.get_by_role("radio", name=chosen)
    expect(option).to_be_checked()
    touched.wait_for_function(f"!({EDGELESS})().flat().length")  # the page's style is there
    tops = option.locator("..").locator("> button").evaluate_all("all => all.map(each => each.offsetTop)")
    assert sorted(map(tops.count, {*tops})) == [2, 3]


def test_a_figure_in_words_is_not_cut(touched: Page, app_url: str) -> None:
    open_settled(touched, f"{app_url}/Transfer?sentence=Disastrous,+appalling,+deplorable.")
    said = touched.get_by_test_id("stMetricValue").get_by_text("knows no word")
    expect(said).to_be_visible()
    assert (
        said.evaluate("""text => { for (let box = text; box.dataset.testid !== 'stMetric'; box = box.parentElement)
        if (box.scrollWidth > box.clientWidth && getComputedStyle(box).overflowX === 'hidden') return box.outerHTML;
        return null; }""")
        is None
    )


def test_the_bar_of_two_spaces_lies_beside_the_tools_of_the_map(touched: Page, app_url: str) -> None:
    open_settled(touched, f"{app_url}/Atlas?beside_map=Wikipedia,+counted")
    bar, tools = touched.locator(".embedlab-atlas .spaces"), touched.locator(".embedlab-atlas .tools")
    expect(bar).to_be_visible()
    left, right = box_of(bar), box_of(tools)
    assert left["x"] + left["width"] <= right["x"]
