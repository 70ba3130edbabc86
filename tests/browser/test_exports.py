"""Pages that are taken away: opened from a file, offline, in light and in dark; and the lines that embed them."""

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from embedlab.charts.theme import DARK, LIGHT, Theme
from tests.browser.steps import downloaded, open_settled

pytestmark = pytest.mark.browser
SLIDER = "input[type=range]"
STAGE = "[class*=st-key-movie_]"


@contextmanager
def alone(chromium: Browser, file: Path, scheme: str = "light", **options: object) -> Iterator[Page]:
    """A page opened from a file without a network; nothing but the file itself may be asked for."""
    context = chromium.new_context(offline=True, color_scheme=scheme, **options)  # type: ignore[arg-type]
    page = context.new_page()
    asked: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text))
    page.goto(file.as_uri())
    page.wait_for_selector("svg.marks")
    yield page
    assert [url for url in asked if not url.startswith(("data:", "blob:"))] == [file.as_uri()]
    assert errors == []
    context.close()


def rgb(color: str) -> str:
    return f"rgb({', '.join(str(int(color[i : i + 2], 16)) for i in (1, 3, 5))})"


@pytest.fixture(scope="module")
def movies(kept_tab: Page, app_url: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, str]]:
    """Files of movies, and the addresses of the views that they were made from."""
    folder, made = tmp_path_factory.mktemp("movies"), {}
    kept_tab.emulate_media(reduced_motion="reduce")  # which plays meanwhile is no matter
    for name, path, label in (
        ("ten words", "/Ten_words?first_seed=3", "The movie (HTML)"),
        ("letters", "/Letters", "The movie (HTML)"),
        ("word2vec", "/Word2vec", "The movie (HTML)"),
        ("real run", "", "The real run (HTML)"),
        ("transfer", "/Transfer?look=What+moved&moved_as=Movie", "The movie (HTML)"),
        ("t-SNE", "/Neighbors?word=lion", "Movie of the map (HTML)"),
    ):
        if path:  # the one before has this movie, too
            open_settled(kept_tab, f"{app_url}{path}")
        kept_tab.get_by_role("tab", name="A real run" if name == "real run" else "Download").click()
        file = folder / f"{name}.html"
        file.write_bytes(downloaded(kept_tab, label))
        made[name] = file, re.sub(r"[?&]\w+_tab=Download$", "", kept_tab.url)
    return made


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
@pytest.mark.parametrize("name", ["ten words", "letters", "word2vec", "real run", "transfer", "t-SNE"])
def test_a_movie_opens_from_a_file_says_what_it_is_and_plays(
    chromium: Browser, movies: dict[str, tuple[Path, str]], name: str, theme: Theme
) -> None:
    file, address = movies[name]
    with alone(chromium, file, theme.name, reduced_motion="reduce") as page:  # so that it waits for the button
        expect(page.get_by_role("heading")).to_have_text(page.title())
        assert re.search(r"\d", page.locator("header p").inner_text()), "a sentence with this run's figures"
        expect(page.locator("footer")).to_contain_text("Made with embedlab")
        at = re.compile(re.escape(address) + r"([?&]\w+_tab=Download)?$")  # a movie above its tab was linked before
        expect(page.get_by_role("link")).to_have_attribute("href", at)
        expect(page.locator("body")).to_have_css("background-color", rgb(theme.paper))
        expect(page.locator("svg.marks")).to_have_css("background-color", rgb(theme.paper))
        end = page.input_value(SLIDER)
        picture = page.locator("svg.marks").inner_html()
        page.get_by_role("button", name="Play").click()
        page.wait_for_function(f"end => +document.querySelector('{SLIDER}').value < +end", arg=end)
        page.get_by_role("button", name="Pause").click()
        paused = page.input_value(SLIDER)
        page.wait_for_function("picture => document.querySelector('svg.marks').innerHTML !== picture", arg=picture)
        page.get_by_role("button", name="Speed").click()
        page.get_by_role("button", name="Play").click()
        page.wait_for_function(f"paused => +document.querySelector('{SLIDER}').value > +paused", arg=paused)


def test_a_movie_plays_once_by_itself_and_follows_the_system_into_the_dark(
    chromium: Browser, movies: dict[str, tuple[Path, str]]
) -> None:
    with alone(chromium, movies["ten words"][0]) as page:
        expect(page.get_by_role("button", name="Pause")).to_be_visible()
        page.get_by_role("button", name="Pause").click()
        page.locator(SLIDER).fill("40")
        page.emulate_media(color_scheme="dark")
        expect(page.locator("svg.marks")).to_have_css("background-color", rgb(DARK.paper))
        expect(page.locator("body")).to_have_css("background-color", rgb(DARK.paper))
        expect(page.locator(SLIDER)).to_have_value("40")


def test_a_movie_fits_a_phone(chromium: Browser, movies: dict[str, tuple[Path, str]]) -> None:
    for name in ("ten words", "t-SNE"):
        with alone(chromium, movies[name][0], viewport={"width": 400, "height": 800}) as page:
            page.wait_for_function("document.documentElement.scrollWidth === 400")


def test_the_line_to_paste_embeds_the_file_without_bars_to_scroll_by(
    chromium: Browser, kept_tab: Page, app_url: str, movies: dict[str, tuple[Path, str]], tmp_path: Path
) -> None:
    page = kept_tab
    open_settled(page, f"{app_url}/Ten_words?first_seed=3")
    page.get_by_role("tab", name="Download").click()
    page.get_by_role("button", name="Embed").click()
    lines = page.get_by_test_id("stPopoverBody").locator("code")
    expect(lines).to_have_count(1)  # on this machine's own address nobody else finds the app
    line = lines.inner_text()
    assert html.unescape(line).startswith('<iframe src="ten-words.html" title="Words find their places"')
    for name, (file, _) in movies.items():
        (tmp_path / "ten-words.html").write_bytes(file.read_bytes())
        course = tmp_path / "course.html"
        course.write_text(f"<!DOCTYPE html><html><body>{line}</body></html>", "utf-8")
        context = chromium.new_context(offline=True, viewport={"width": 1280, "height": 1200})
        tab = context.new_page()
        tab.goto(course.as_uri())
        inside = tab.frame_locator("iframe")
        expect(inside.locator("svg.marks")).to_be_visible()
        high, wide = inside.locator("html").evaluate("root => [root.scrollHeight, root.scrollWidth]")
        frame = tab.locator("iframe").bounding_box()
        assert frame is not None
        assert (high, wide) <= (frame["height"], frame["width"]), name
        context.close()


@pytest.mark.parametrize(("width", "scheme"), [(700, "light"), (400, "dark")])
@pytest.mark.parametrize(
    "path", ["Ten_words?", "Letters?", "Word2vec?", "Transfer?look=What+moved&moved_as=Movie&", "Neighbors?"]
)
def test_a_page_in_a_frame_shows_its_movie_first_and_no_menu(
    chromium: Browser, app_url: str, tmp_path: Path, path: str, width: int, scheme: str
) -> None:
    course = tmp_path / "course.html"
    course.write_text(f'<iframe src="{app_url}/{path}embed=true" width="{width}" height="500"></iframe>', "utf-8")
    context = chromium.new_context(
        viewport={"width": width + 20, "height": 520},
        color_scheme=scheme,  # type: ignore[arg-type]
        reduced_motion="reduce",
    )
    tab = context.new_page()
    tab.goto(course.as_uri())
    inside = tab.frame_locator("iframe")
    expect(inside.locator(f"{STAGE} svg.marks").first).to_be_visible()
    expect(inside.get_by_role("heading").first).to_be_in_viewport()
    expect(inside.get_by_role("button", name="Play").first).to_be_in_viewport()
    expect(inside.locator(f"{STAGE} svg.marks").first).to_be_in_viewport(ratio=0.2)
    for hidden in ("stSidebar", "stHeader", "stExpandSidebarButton"):
        expect(inside.get_by_test_id(hidden)).not_to_be_visible()
    tab.frames[1].wait_for_function("document.documentElement.scrollWidth <= innerWidth")
    context.close()


NAMES = """([stage, share]) => {
  const [svg, slider] = ["svg.marks", "input[type=range]"].map(part => document.querySelector(`${stage} ${part}`));
  slider.value = +slider.min + share * (slider.max - slider.min);
  slider.dispatchEvent(new Event("input", { bubbles: true }));
  return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(
    [...svg.querySelectorAll(".role-mark.mark-text:not([aria-hidden=true]) text")]
      .filter(text => text.textContent && +getComputedStyle(text).opacity > 0)
      .map(text => [text.textContent, text.getBoundingClientRect()])
      .map(([said, { left, right, top, bottom }]) => [said, left, right, top, bottom])))));
}"""


@pytest.mark.parametrize("width", [1280, 400])
def test_names_on_a_movie_lie_apart_as_they_are_drawn(
    chromium: Browser, movies: dict[str, tuple[Path, str]], width: int
) -> None:
    """Lines of text are higher than letters by a quarter."""
    for name, (file, _) in movies.items():
        if name == "real run":
            continue  # the same movie of other words
        with alone(chromium, file, reduced_motion="reduce", viewport={"width": width, "height": 900}) as page:
            for share in (0, 0.03, 0.155, 0.3, 0.385, 0.5, 0.7, 0.9, 1):
                boxes = page.evaluate(NAMES, ["main", share])
                assert len(boxes) > 5, name
                for i, (said, left, right, top, bottom) in enumerate(boxes):
                    for other, left2, right2, top2, bottom2 in boxes[:i]:
                        across = min(right, right2) - max(left, left2)
                        up = min(bottom, bottom2) - max(top, top2) - 0.2 * (bottom - top)
                        assert min(across, up) < 2, (name, share, said, other)
