"""Every page as a phone shows it: no error, the right title, the full menu, nothing too wide, accessible to all."""

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from embedlab.ui.menu import MENU, MenuItem
from tests.browser.steps import TITLES, expect_to_fit, history_length, menu_of, open_settled, reload_settled

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("line", MENU, ids=lambda line: line.title)
def test_every_page_opens_without_an_error_and_fits_a_phone(phone: Page, app_url: str, line: MenuItem) -> None:
    warnings: list[str] = []
    phone.on("console", lambda message: warnings.append(message.text) if message.type == "warning" else None)
    address = app_url if line is MENU[0] else f"{app_url}/{line.file.split('_', 1)[1].removesuffix('.py')}"
    phone.emulate_media(color_scheme="dark")
    open_settled(phone, address)
    expect(phone).to_have_title(f"{line.title} · embedlab")
    assert phone.locator("[data-testid=stException]").count() == 0
    assert phone.locator("[data-testid=stAlertContentError]").count() == 0
    assert phone.get_by_text("Page not found").count() == 0
    phone.wait_for_selector("[data-testid=stMain] [class*=_stop]", state="detached")  # all that it computes
    expect_to_fit(phone, 400, pictures=line.title != "Teach")
    if line.title in FIRST:
        FIRST[line.title](phone)
    assert warnings == []
    assert serious(phone) == []
    phone.get_by_test_id("stExpandSidebarButton").click()
    assert menu_of(phone) == TITLES
    phone.emulate_media(color_scheme="light")
    reload_settled(phone)  # which shuts the menu as well: of what that covers, no color is judged
    assert serious(phone, "color-contrast") == []  # colors alone are others


@pytest.mark.parametrize("mode", ["dark", "light"])
def test_code_and_chosen_words_are_accessible_too(phone: Page, app_url: str, mode: Literal["dark", "light"]) -> None:
    phone.emulate_media(color_scheme=mode)
    open_settled(phone, f"{app_url}/Transfer?look=What+moved&moved_words=good&moved_words=bad&transfer_tab=The+code")
    expect(phone.locator("[data-tag]")).to_have_count(2)
    phone.locator("[data-tag]").first.scroll_into_view_if_needed()  # of what is out of sight, no color is judged
    assert serious(phone) == []
    phone.locator(".token.keyword").first.scroll_into_view_if_needed()
    assert serious(phone) == []


def test_charts_follow_from_light_to_dark_without_a_click(browser_page: Page, app_url: str) -> None:
    page = browser_page
    page.emulate_media(color_scheme="light")
    open_settled(page, f"{app_url}/Neighbors?word=lion")
    names = page.locator("svg.marks .role-mark.mark-text text").first
    entries, light = history_length(page), names.get_attribute("fill")
    page.emulate_media(color_scheme="dark")
    expect(names).not_to_have_attribute("fill", str(light))
    assert serious(page, "color-contrast") == []
    assert history_length(page) == entries
    assert page.url.endswith("?word=lion")


def serious(page: Page, *rules: str) -> list[str]:
    """What axe-core finds serious or worse by these or all rules, but for the menu's list, which is Streamlit's."""
    options = {"resultTypes": ["violations"]} | ({"runOnly": list(rules)} if rules else {})
    found = Axe().run(page, options=options).response["violations"]
    grave = [each for each in found if each["impact"] in ("serious", "critical")]
    return [
        f"{each['id']}: {node['html']}"
        for each in grave
        if each["id"] not in ("list", "listitem")
        for node in each["nodes"]
    ]


def home_answers_below_its_box(page: Page) -> None:
    box = page.get_by_role("textbox", name="A word").bounding_box()
    chart = page.locator("[data-testid=stVegaLiteChart]").first.bounding_box()
    assert box is not None
    assert chart is not None
    assert box["y"] < chart["y"] < box["y"] + 200


def the_movie_follows_the_form(page: Page) -> None:
    assert page.locator(".embedlab-player .play").bounding_box()["width"] > 60  # type: ignore[index]
    parts = (
        page.get_by_label("Seed", exact=True),
        page.get_by_label("Learning rate", exact=True),
        page.get_by_role("button", name="Train"),
        page.locator("svg.marks").first,
    )
    tops = [box["y"] for part in parts if (box := part.bounding_box())]
    assert len(tops) == 4
    assert tops == sorted(tops)


FIRST = {"Home": home_answers_below_its_box, "Ten words": the_movie_follows_the_form}  # on the screen
