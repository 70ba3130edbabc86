"""Pages opened by their own address in a process that has served nobody: the full menu, the right title."""

import pytest
from playwright.sync_api import Browser, Page

from embedlab.ui.menu import MENU
from tests.browser.conftest import PATIENCE, open_settled, settle

pytestmark = pytest.mark.browser
TITLES = [line.title for line in MENU]


def menu_of(page: Page) -> list[str]:
    page.wait_for_selector("[data-testid=stSidebarNavLink]")
    links = page.locator("[data-testid=stSidebarNavLink]").all_inner_texts()
    return [text.split("\n")[-1] for text in links]


def test_a_cold_deep_link_shows_the_page_and_the_full_menu(browser_page: Page, fresh_app_url: str) -> None:
    open_settled(browser_page, f"{fresh_app_url}/Analogies")
    assert menu_of(browser_page) == TITLES
    assert browser_page.title() == "Analogies · embedlab"
    browser_page.reload()
    settle(browser_page)
    assert menu_of(browser_page) == TITLES
    browser_page.locator("[data-testid=stSidebarNavLink]").first.click()
    settle(browser_page)
    assert browser_page.title() == "Home · embedlab"
    assert menu_of(browser_page) == TITLES


@pytest.mark.parametrize("line", MENU, ids=lambda line: line.title)
def test_every_page_opens_without_an_error(browser_page: Page, app_url: str, line) -> None:  # type: ignore[no-untyped-def]
    address = app_url if line is MENU[0] else f"{app_url}/{line.file.split('_', 1)[1].removesuffix('.py')}"
    open_settled(browser_page, address)
    assert menu_of(browser_page) == TITLES
    assert browser_page.title() == f"{line.title} · embedlab"
    assert browser_page.locator("[data-testid=stException]").count() == 0
    assert browser_page.locator("[data-testid=stAlertContentError]").count() == 0
    assert browser_page.get_by_text("Page not found").count() == 0


def test_no_page_is_wider_than_a_phone(chromium, app_url: str) -> None:  # type: ignore[no-untyped-def]
    context = chromium.new_context(viewport={"width": 400, "height": 800})
    page = context.new_page()
    page.set_default_timeout(60_000)
    for line in MENU:
        open_settled(
            page, app_url if line is MENU[0] else f"{app_url}/{line.file.split('_', 1)[1].removesuffix('.py')}"
        )
        page.wait_for_timeout(1_000)
        wide = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
        assert wide <= 400, f"{line.title} is {wide} px wide"
    context.close()


def test_a_phone_shows_the_picture_after_the_main_input(chromium: Browser, app_url: str) -> None:
    context = chromium.new_context(viewport={"width": 400, "height": 850})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    open_settled(page, f"{app_url}/Ten_words")
    page.wait_for_selector("svg.marks")
    parts = (
        page.get_by_label("Seed", exact=True),
        page.get_by_role("button", name="Train"),
        page.locator("svg.marks").first,
        page.get_by_label("Learning rate", exact=True),
    )
    tops = [box["y"] for part in parts if (box := part.bounding_box())]
    context.close()
    assert len(tops) == 4
    assert tops == sorted(tops)
