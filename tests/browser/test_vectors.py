"""The Vectors page in a browser: upload, link, download with cancel, hostile words; nothing stays in memory."""

import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ROOT, running_app
from tests.browser.steps import open_settled, settle
from tests.loopback import GensimData, entry_and_content, serving

pytestmark = pytest.mark.browser
ENTRY, CONTENT = entry_and_content(rows=9000, dimensions=12)
TEXT = b"cat 1 2 3\n<img/src=x/onerror=alert(1)> 3 4 5\n$x^2$ 5 6 1\n[a](javascript:alert(1)) 1 1 2\n"
SCRIPT = """
import sys
sys.path.insert(0, {root!r})
from embedlab.library import catalogue
from embedlab.ui import shell
from tests.loopback import entry_and_content
entry, _ = entry_and_content(rows=9000, dimensions=12)
catalogue.catalogue = lambda: {{entry.name: entry}}
shell.run_app()
"""


@pytest.fixture(scope="module")
def gensim_data() -> Iterator[GensimData]:
    with serving(ENTRY, CONTENT) as data:
        yield data


@pytest.fixture(scope="module")
def vectors_url(gensim_data: GensimData, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An app whose catalogue holds one small set, on a server of this machine."""
    folder = tmp_path_factory.mktemp("vectors")
    script = folder / "app.py"
    script.write_text(SCRIPT.format(root=str(ROOT)))
    with running_app(script, EMBEDLAB_HOME=str(folder / "home"), EMBEDLAB_MIRROR=gensim_data.url) as address:
        yield f"{address}/Vectors"


def upload(page: Page, folder: Path, content: bytes, name: str = "mine.txt") -> None:
    """Drops a file, which reads it."""
    (folder / name).write_bytes(content)
    with page.expect_response(re.compile("/_stcore/upload_file/")):
        page.locator("input[type=file]").first.set_input_files(folder / name)
    expect(page.get_by_text(f"“{name}”").or_(page.locator("input[value='" + name + "']")).first).to_be_visible()
    settle(page)


def uploaded_bytes(address: str) -> int:
    """What Streamlit holds of uploaded files."""
    metrics = urllib.request.urlopen(f"{address.removesuffix('/Vectors')}/_stcore/metrics", timeout=5).read().decode()
    return sum(int(n) for n in re.findall(r'cache_memory_bytes\{cache_type="UploadedFileManager".*\} (\d+)', metrics))


def test_a_broken_file_is_refused_in_words_and_a_good_one_is_loaded_shown_as_text_and_its_bytes_let_go(
    browser_page: Page, vectors_url: str, tmp_path: Path
) -> None:
    open_settled(browser_page, vectors_url)
    upload(browser_page, tmp_path, b"5 2\ncat 1 2\n", "broken.txt")
    expect(browser_page.get_by_text("“broken.txt”, line 1: header says 5 rows")).to_be_visible()
    expect(browser_page.get_by_text("50,000 × 140", exact=True)).to_be_visible()
    upload(browser_page, tmp_path, TEXT)
    for word in ("<img/src=x/onerror=alert(1)>", "[a](javascript:alert(1))"):
        expect(browser_page.get_by_role("button", name=word, exact=True).first).to_be_visible()
    expect(browser_page.get_by_text("mine.txt: 4 words read; now chosen.")).to_be_visible()
    expect(browser_page).to_have_url(re.compile("vectors=mine.txt"))
    assert not browser_page.locator("img[src=x]").count()
    assert uploaded_bytes(vectors_url) == 0
    browser_page.get_by_role("button", name="Unload").click()
    settle(browser_page)
    expect(browser_page.get_by_text("50,000 × 140", exact=True)).to_be_visible()


def test_the_choice_goes_along_to_another_page(browser_page: Page, vectors_url: str, tmp_path: Path) -> None:
    open_settled(browser_page, vectors_url)
    upload(browser_page, tmp_path, TEXT)
    go_to(browser_page, "Neighbors", "mine.txt")
    go_to(browser_page, "Analogies", "mine.txt")


def go_to(page: Page, title: str, chosen: str) -> None:
    """Opens a page from the menu, where the set must be chosen still, in the box and in the address."""
    page.get_by_test_id("stSidebarNav").get_by_text(title).click()
    expect(page).to_have_url(re.compile(rf"/{title}.*[?&]vectors={re.escape(chosen)}"))
    expect(page.get_by_role("combobox", name="Vectors")).to_have_value(chosen)


def test_a_download_can_be_cancelled_and_gone_on_with(
    browser_page: Page, vectors_url: str, gensim_data: GensimData
) -> None:
    gensim_data.fault = "slow"
    open_settled(browser_page, vectors_url)
    browser_page.get_by_role("button", name="Download", exact=True).click()
    expect(browser_page.get_by_text("Downloading: ")).to_be_visible()
    browser_page.get_by_role("button", name="Cancel the download").click()
    expect(browser_page.get_by_text("Stopped")).to_be_visible()
    gensim_data.fault = ""
    browser_page.get_by_role("button", name="Start again").click()
    expect(browser_page.get_by_text("9,000 × 12", exact=True)).to_be_visible()
    assert gensim_data.asked[-1][1] > 0
    expect(browser_page).to_have_url(re.compile("vectors=tiny-vectors"))
    open_settled(browser_page, f"{vectors_url}?vectors=tiny-vectors")
    expect(browser_page.get_by_text("9,000 × 12", exact=True)).to_be_visible()
    go_to(browser_page, "Analogies", "tiny-vectors")
