"""Pages opened by their own address in a process that has served nobody: the full menu, the right title."""

import pytest
from playwright.sync_api import Page

from embedlab.ui.menu import MENU, MenuItem
from tests.browser.steps import main_width, open_settled, reload_settled, settle

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
    reload_settled(browser_page)
    assert menu_of(browser_page) == TITLES
    browser_page.locator("[data-testid=stSidebarNavLink]").first.click()
    settle(browser_page)
    assert browser_page.title() == "Home · embedlab"
    assert menu_of(browser_page) == TITLES


@pytest.mark.parametrize("line", MENU, ids=lambda line: line.title)
def test_every_page_opens_without_an_error_and_fits_a_phone(phone: Page, app_url: str, line: MenuItem) -> None:
    address = app_url if line is MENU[0] else f"{app_url}/{line.file.split('_', 1)[1].removesuffix('.py')}"
    open_settled(phone, address)
    assert phone.title() == f"{line.title} · embedlab"
    assert phone.locator("[data-testid=stException]").count() == 0
    assert phone.locator("[data-testid=stAlertContentError]").count() == 0
    assert phone.get_by_text("Page not found").count() == 0
    phone.wait_for_timeout(1_000)  # charts take their widths
    assert main_width(phone) <= 400
    phone.get_by_test_id("stExpandSidebarButton").click()
    assert menu_of(phone) == TITLES
