"""The atlas as a visitor meets it: names, clicks, keys, fingers, links, exports, two spaces, and a theme that turns."""

import io
import json
import re
import shutil
import subprocess
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from embedlab.atlas.kept_maps import bundled_map
from embedlab.library.bundled import COUNTED, PREDICTED, bundled_vectors
from embedlab.ui.atlas import canvas
from embedlab.vectors.queries import nearest_neighbors
from tests.browser.steps import (
    box_of,
    downloaded,
    expect_entries,
    history_length,
    open_settled,
    reload_settled,
    settle,
)

pytestmark = pytest.mark.browser

ATLAS = "window.embedlabAtlas?.atlas"
READY = f"{ATLAS}?.near.length"
# Two names that cover each other: boxes as they were drawn, whose heights have some room.
COVERED = """atlas => { atlas.draw(); const found = [];
  atlas.drawn.forEach((a, i) => atlas.drawn.slice(0, i).forEach((b) => {
    const across = Math.min(a.box[0] + a.box[2], b.box[0] + b.box[2]) - Math.max(a.box[0], b.box[0]);
    const down = Math.min(a.box[1] + a.box[3], b.box[1] + b.box[3]) - Math.max(a.box[1], b.box[1]);
    if (across > 2 && down > 4) found.push([a.text, b.text]);
  })); return [atlas.drawn.length, found]; }"""


def atlas(page: Page, code: str) -> Any:
    """What an expression or a function says of the map."""
    said = f"const atlas = {ATLAS}, said = {code}; return typeof said === 'function' ? said(atlas) : said;"
    return page.evaluate(f"() => {{ {said} }}")


def opened(page: Page, url: str, link: str = "") -> Page:
    open_settled(page, f"{url}/Atlas{link}")
    page.wait_for_function(READY)
    return page


def at_rest(page: Page) -> None:
    """Waits until the map has not moved for a moment, and the address says where it is."""
    before = None
    while before != (now := atlas(page, "JSON.stringify(atlas.view)")):
        before = now
        page.wait_for_timeout(400)


def picked(page: Page, word: str) -> None:
    """Waits until a word is picked, with its neighbors."""
    page.wait_for_function(f"{ATLAS}.words[{ATLAS}.picked] === {json.dumps(word)} && {ATLAS}.near.length")
    settle(page)


def click_on(page: Page, word: str) -> None:
    """Moves the map until a word is in its middle, and clicks it."""
    atlas(page, f"atlas.look(...atlas.at.subarray(2 * atlas.words.indexOf('{word}')).slice(0, 2), 60)")
    at_rest(page)
    box = box_of(page.locator(".embedlab-atlas canvas"))
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def test_a_click_on_a_word_shows_its_neighbors_and_is_one_step_back(app_url: str, browser_page: Page) -> None:
    page = opened(browser_page, app_url)
    length = history_length(page)
    index, words = bundled_map("predicted").index, bundled_map("predicted").words
    row = index["violin"]
    assert atlas(page, f"atlas.nearest(atlas.screen({row}), 3)") == row
    click_on(page, "violin")
    picked(page, "violin")
    expected = [near.word for near in nearest_neighbors(bundled_vectors(), "violin", 10)]
    assert [words[near] for near in atlas(page, "atlas.near")] == expected
    expect(page.get_by_role("textbox", name="Find a word")).to_have_value("violin")
    page.wait_for_url(re.compile("word=violin"))
    page.wait_for_url(re.compile("view="))
    expect_entries(page, length + 1)
    click_on(page, "bacteria")
    picked(page, "bacteria")
    page.wait_for_url(re.compile("word=bacteria"))
    expect_entries(page, length + 2)
    page.go_back()
    picked(page, "violin")
    page.wait_for_function(f"{ATLAS}.view.zoom === 60")
    page.go_back()
    picked(page, "king")


def place_of(page: Page) -> list[float]:
    return [round(part, 3) for part in atlas(page, "[atlas.view.x, atlas.view.y, atlas.view.zoom]")]


def test_the_address_keeps_the_place_when_a_word_is_clicked_after_a_link(app_url: str, browser_page: Page) -> None:
    page = opened(browser_page, app_url, "?word=violin&view=0.0000,0.0000,1.00&color=Trust")
    click_on(page, "bacteria")
    picked(page, "bacteria")
    page.wait_for_url(re.compile("word=bacteria"))
    place = place_of(page)
    assert place[2] == 60
    reload_settled(page)
    page.wait_for_function(READY)
    assert atlas(page, "atlas.words[atlas.picked]") == "bacteria"
    assert place_of(page) == pytest.approx(place, abs=1e-3)


def test_back_restores_the_place_though_the_map_flies_and_though_words_come_late(
    app_url: str, browser_page: Page
) -> None:
    page = opened(browser_page, app_url, "?word=violin&view=0.3000,0.1000,3.00")
    before = history_length(page)
    box = page.get_by_role("textbox", name="Find a word")
    box.fill("java")
    box.press("Enter")
    picked(page, "java")
    expect_entries(page, before + 1)
    atlas(page, "atlas.animate('flight', 60_000, (part) => atlas.look(part, part, 9))")
    page.go_back()
    picked(page, "violin")
    row = bundled_map("predicted").index
    late = "{ words: atlas.n, word: %d, near: [%d], cosines: [1], outline: [] }"
    for word in ("bacteria", "violin"):  # of runs of entries that were left, and of this one
        atlas(page, f"atlas.show({late % (row[word], row['king'])})")
    at_rest(page)
    assert place_of(page) == [0.3, 0.1, 3]


def test_forward_to_an_entry_left_during_a_flight_comes_to_where_it_was_to_end(
    app_url: str, browser_page: Page
) -> None:
    page = opened(browser_page, app_url, "?word=violin&view=0.3000,0.1000,3.00")
    before = history_length(page)
    box = page.get_by_role("textbox", name="Find a word")
    box.fill("java")
    page.evaluate("""() => {  // flights of ten hours
      const { atlas } = window.embedlabAtlas, animate = atlas.animate.bind(atlas);
      atlas.animate = (name, ms, step) => animate(name, 36_000_000, step);
    }""")
    box.press("Enter")
    picked(page, "java")
    expect_entries(page, before + 1)
    assert place_of(page)[:2] == pytest.approx([0.3, 0.1], abs=0.01)
    page.go_back()
    picked(page, "violin")
    page.go_forward()
    picked(page, "java")
    at_rest(page)
    x, y = bundled_map("predicted").positions[bundled_map("predicted").index["java"]].tolist()
    assert place_of(page)[:2] == pytest.approx([x, y], abs=2e-3)
    assert place_of(page)[2] > 3


def test_a_place_is_that_of_the_view_to_come_not_of_the_one_before(app_url: str, browser_page: Page) -> None:
    page = opened(browser_page, app_url, "?word=violin&view=0.3000,0.1000,3.00")
    page.get_by_role("textbox", name="Find a word").focus()
    page.keyboard.press("Shift")  # the view that was opened has settled, and the visitor does something
    page.wait_for_timeout(400)
    length = history_length(page)
    page.evaluate("""() => {  // as on a slow machine: the map rests before the new word's view has settled
      const to = new URL(location);
      to.searchParams.set("word", "java");
      history.replaceState({}, "", to);
      window.embedlabAddress.drift("view", "0.5000,0.5000,9.00");
      window.embedlabAddress.settle();
    }""")
    expect_entries(page, length + 1)
    page.wait_for_url(re.compile("view=0.5000"))
    page.evaluate("history.back()")
    page.wait_for_url(re.compile("word=violin"))
    page.wait_for_url(re.compile("view=0.3000(,|%2C)0.1000(,|%2C)3.00"))


def test_the_map_of_other_vectors_opens_at_the_word_and_not_at_the_place_before(
    app_url: str, browser_page: Page
) -> None:
    page = opened(browser_page, app_url, "?word=violin&view=0.1388,0.0175,40")
    assert atlas(page, "atlas.view.zoom") == 40
    page.get_by_role("combobox", name="Vectors").click()
    page.get_by_role("option", name=COUNTED).click()
    page.wait_for_function(f"{ATLAS}.n === 20000 && {READY}")
    settle(page)
    at_rest(page)
    counted = bundled_map("counted")
    x, y = counted.positions[counted.index["violin"]].tolist()
    view = atlas(page, "atlas.view")
    assert (view["x"], view["y"]) == pytest.approx((x, y), abs=1e-3)
    page.wait_for_url(re.compile(f"view={x:.2f}"))
    page.go_back()
    page.wait_for_function(f"{ATLAS}.n === 50000 && {READY}")
    at_rest(page)
    view = atlas(page, "atlas.view")
    assert (view["x"], view["y"], view["zoom"]) == (0.1388, 0.0175, 40)


def test_a_place_on_the_map_comes_into_no_other_page_s_address_and_again_when_one_returns(
    app_url: str, browser_page: Page
) -> None:
    page = opened(browser_page, app_url, "?word=violin")
    at_rest(page)
    links = page.get_by_test_id("stSidebarNavLink")
    atlas(page, "atlas.look(0.1, 0.2, 9)")
    links.filter(has_text="Neighbors").click()
    page.wait_for_url(re.compile("/Neighbors"))
    page.wait_for_timeout(1_000)
    settle(page)
    assert "view=" not in page.url
    links.filter(has_text="Atlas").click()
    page.wait_for_url(re.compile("/Atlas.*view=0.1000%2C0.2000%2C9.00"))


def test_a_word_that_the_second_set_lacks_is_shown_where_the_first_has_it(app_url: str, browser_page: Page) -> None:
    page = opened(browser_page, app_url, f"?beside_map={COUNTED}")
    page.wait_for_function(f"{ATLAS}.mix === 1")
    assert "confessor" not in bundled_map("counted").index
    box = page.get_by_role("textbox", name="Find a word")
    box.fill("confessor")
    box.press("Enter")
    picked(page, "confessor")
    at_rest(page)
    first = bundled_map("predicted")
    view = atlas(page, "atlas.view")
    assert (view["x"], view["y"]) == pytest.approx(first.positions[first.index["confessor"]].tolist(), abs=1e-3)
    assert atlas(page, "atlas.mix") == 0
    expect(page.get_by_role("slider", name="From")).to_have_value("0")


def test_names_never_cover_each_other_and_stay_as_the_map_is_enlarged(app_url: str, browser_page: Page) -> None:
    page = opened(browser_page, app_url)
    x, y = bundled_map("predicted").positions[bundled_map("predicted").index["music"]].tolist()
    before: set[str] = set()
    for zoom in (1, 1.4, 2, 3, 5, 9, 20, 50, 150):
        atlas(page, f"atlas.look({x}, {y}, {zoom})")
        count, covered = atlas(page, COVERED)
        assert covered == []
        assert count
        names = set(atlas(page, "atlas.drawn.map(({ text }) => text)"))
        if "music" in before:
            assert "music" in names
        before = names
    assert "music" in before


def test_a_typed_word_is_flown_to_and_an_unknown_one_is_said(app_url: str, browser_page: Page) -> None:
    page = opened(browser_page, app_url)
    box = page.get_by_role("textbox", name="Find a word")
    box.fill("bacteria")
    box.press("Enter")
    picked(page, "bacteria")
    at_rest(page)
    x, y = bundled_map("predicted").positions[bundled_map("predicted").index["bacteria"]].tolist()
    view = atlas(page, "atlas.view")
    assert (view["x"], view["y"]) == pytest.approx((x, y), abs=1e-3)
    assert view["zoom"] > 1.5
    box.fill("bactereia")
    box.press("Enter")
    expect(page.get_by_role("button", name="bacteria", exact=True).first).to_be_visible()
    assert atlas(page, "atlas.words[atlas.picked]") == "bacteria"


def test_keys_move_enlarge_and_pick_and_buttons_say_what_is_drawn(app_url: str, browser_page: Page) -> None:
    page = opened(browser_page, app_url)
    page.emulate_media(reduced_motion="reduce")
    drawing = page.locator(".embedlab-atlas canvas")
    expect(drawing).to_have_attribute(
        "aria-label", re.compile("^Map of 50,000 words by t-SNE. Picked: king; nearest to it kings, ")
    )
    drawing.focus()
    for key in ("+", "+", "ArrowRight", "ArrowUp"):
        drawing.press(key)
    view = atlas(page, "atlas.view")
    assert view["zoom"] == pytest.approx(2.25)
    assert view["x"] > 0 < view["y"]
    drawing.press("Enter")
    page.wait_for_function(f"{ATLAS}.words[{ATLAS}.picked] !== 'king' && {ATLAS}.near.length")
    settle(page)
    drawing.press("0")
    assert atlas(page, "atlas.view") == {"x": 0, "y": 0, "zoom": 1}
    neighbor = page.locator(".embedlab-bars button").first
    word = neighbor.inner_text()
    neighbor.press("Enter")
    picked(page, word)
    page.locator(".embedlab-atlas .list").get_by_role("button", name="church, christian").press("Enter")
    assert atlas(page, "atlas.view.zoom") == 6


def test_neighbors_and_districts_are_one_stop_of_the_tab_key_each(app_url: str, browser_page: Page) -> None:
    page = opened(browser_page, app_url)
    page.emulate_media(reduced_motion="reduce")
    focused = "document.activeElement.textContent"
    near, districts = atlas(page, "[atlas.near.map(i => atlas.words[i]), atlas.head.districts]")
    page.locator(".embedlab-atlas [data-do=picture]").focus()
    page.keyboard.press("Tab")
    assert page.evaluate(focused) == districts[0]
    page.keyboard.press("ArrowUp")
    assert page.evaluate(focused) == districts[-1]
    page.keyboard.press("Tab")
    assert not page.evaluate("document.activeElement.closest('.embedlab-atlas')")
    page.locator(".embedlab-bars button").first.focus()
    page.keyboard.press("ArrowDown")
    assert page.evaluate(focused) == near[1]
    page.keyboard.press("Tab")
    assert not page.evaluate("document.activeElement.closest('.embedlab-bars')")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate(focused) == near[0]
    page.keyboard.press("Enter")
    picked(page, near[0])
    after = atlas(page, "atlas.near.map(i => atlas.words[i])")
    assert page.evaluate(focused) == after[0], "the list of another word goes on where the visitor is"


def test_bars_are_as_long_as_cosines_and_a_click_on_one_flies_to_its_word(app_url: str, browser_page: Page) -> None:
    page = opened(browser_page, app_url)
    page.emulate_media(reduced_motion="reduce")
    near = nearest_neighbors(bundled_vectors(), "king", 10)
    bars = page.locator(".embedlab-bars button")
    assert [bar.inner_text() for bar in bars.all()] == [neighbor.word for neighbor in near]
    length = "bar => [bar.dataset.cosine, parseFloat(getComputedStyle(bar, '::after').width), bar.clientWidth]"
    for bar, neighbor in zip(bars.all(), near, strict=True):
        said, drawn, all_of_it = bar.evaluate(length)
        assert said == f"{neighbor.similarity:.2f}"
        room = all_of_it - bar.locator("span").evaluate("word => word.getBoundingClientRect().width")
        assert drawn / room == pytest.approx(neighbor.similarity, abs=0.02)
    bars.nth(2).click()
    picked(page, near[2].word)
    place = bundled_map("predicted").positions[bundled_map("predicted").index[near[2].word]].tolist()
    assert list(atlas(page, "[atlas.view.x, atlas.view.y]")) == pytest.approx(place, abs=1e-3)


def test_names_keep_clear_of_buttons_and_of_the_edge(app_url: str, phone: Page) -> None:
    page = opened(phone, app_url)
    inside = """atlas => {
      atlas.draw();
      const { tools, size } = atlas;
      const under = (right, y) => right > tools.offsetLeft && y < tools.offsetTop + tools.offsetHeight;
      return atlas.drawn.filter(({ box: [x, y, wide] }) => x + wide > size[0] || under(x + wide, y))
        .map((name) => name.text);
    }"""
    districts = set(bundled_map("predicted").district_names)
    for zoom in (1, 3, 10, 60):
        atlas(page, f"atlas.look(0.6, 0.3, {zoom})")
        assert set(atlas(page, inside)) <= districts, "only names that stand upon the middle of a district are cut"
        assert atlas(page, "atlas.drawn.length") > 2


def test_a_map_of_other_vectors_takes_the_place_of_the_one_before(app_url: str, browser_page: Page) -> None:
    page = opened(browser_page, app_url)
    trust = page.get_by_text("This map keeps")
    expect(trust).to_contain_text(f"{bundled_map('predicted').share_kept:.0%}")
    choice = page.get_by_role("combobox", name="Vectors")
    for name, shown in ((COUNTED, "counted"), (PREDICTED, "predicted")):
        choice.click()
        page.get_by_role("option", name=name, exact=True).click()
        page.wait_for_function(f"{ATLAS}.head.source === {json.dumps(name)} && {ATLAS}.near.length")
        settle(page)
        expect(page.locator(".embedlab-atlas")).to_have_count(1)
        expect(trust).to_have_count(1)
        expect(trust).to_contain_text(f"{bundled_map(shown).share_kept:.0%}")
    near = atlas(page, "atlas.near")
    of_another = "{ words: atlas.n + 1, word: atlas.n, near: [atlas.n], cosines: [1], outline: [] }"
    assert atlas(page, f"(atlas.show({of_another}), atlas.draw(), atlas.near)") == near


def test_a_part_that_is_drawn_twice_for_a_moment_stays(app_url: str, browser_page: Page) -> None:
    page = opened(browser_page, app_url)
    script = canvas.beside("part.js").replace("KIND", "shown")
    left = page.evaluate(
        """async (script) => {
          const { default: draw } = await import("data:text/javascript," + encodeURIComponent(script));
          const { bars, n, near, picked } = window.embedlabAtlas.atlas, place = bars.parentElement;
          const data = { words: n, word: picked, near, cosines: near.map(() => 1), outline: [] };
          const other = document.createElement("div");
          document.body.append(other);
          const leave = draw({ data, parentElement: other }), moved = bars.parentElement === other;
          other.remove();
          leave();
          return [moved, bars.parentElement === place, bars.childElementCount];
        }""",
        script,
    )
    assert left == [True, True, 10]


def test_a_click_at_the_whole_map_names_its_place(app_url: str, browser_page: Page) -> None:
    page = opened(browser_page, app_url)
    spot = atlas(page, "atlas.screen(atlas.words.indexOf('violin'))")
    page.locator(".embedlab-atlas canvas").click(position={"x": spot[0], "y": spot[1]})
    page.wait_for_url(re.compile("word="))
    word = atlas(page, "atlas.words[atlas.picked]")
    settle(page)
    reload_settled(page)
    picked(page, word)
    at_rest(page)
    assert place_of(page) == [0, 0, 1]


def test_a_click_runs_the_answer_alone(app_url: str, browser_page: Page) -> None:
    page = opened(browser_page, app_url)
    drawn: list[bytes | str] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: drawn.append(frame)))
    reload_settled(page)
    page.wait_for_function(READY)
    drawn.clear()
    click_on(page, "violin")
    picked(page, "violin")
    frames = [frame if isinstance(frame, bytes) else frame.encode() for frame in drawn]
    assert b"violin" in b"".join(frames)
    assert b"Where does every word lie?" not in b"".join(frames)
    packed = zlib.compressobj(wbits=-12, memLevel=5)  # as the server does
    size = sum(len(packed.compress(frame) + packed.flush(zlib.Z_SYNC_FLUSH)) for frame in frames)
    assert size <= 5_000


def test_a_link_restores_word_place_and_colors_and_files_hold_the_same_map(
    app_url: str, browser_page: Page, tmp_path: Path
) -> None:
    page = opened(browser_page, app_url, "?view=0.2000,-0.1000,4.00&word=paris&color=Trust")
    assert atlas(page, "[atlas.view.x, atlas.view.y, atlas.view.zoom, atlas.words[atlas.picked]]") == [
        0.2, -0.1, 4, "paris",
    ]  # fmt: skip
    expect(page.locator(".embedlab-atlas .legend span")).to_have_count(7)
    assert page.get_by_text("Ignored in this page’s address").count() == 0
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Picture of this view (PNG").click()
    size = Image.open(io.BytesIO(Path(waiting.value.path()).read_bytes())).size
    assert list(size) == [4 * length for length in atlas(page, "atlas.size")]
    page.get_by_role("tab", name="Download").click()
    rows = downloaded(page, "Coordinates (CSV)").decode().splitlines()
    assert len(rows) == 50_001
    (tmp_path / "atlas.html").write_bytes(downloaded(page, "Offline map (HTML)"))
    page.context.set_offline(True)
    try:
        page.goto((tmp_path / "atlas.html").as_uri())
        page.wait_for_function("document.querySelector('.embedlab-atlas canvas').width > 300")
        page.get_by_label("Find a word").fill("Violin")
        page.get_by_label("Find a word").press("Enter")
        expect(page.locator(".embedlab-bars button")).to_have_count(0)
        expect(page.locator("canvas")).to_have_attribute("aria-label", "Map of 50,000 words by t-SNE. Picked: violin")
        expect(page.get_by_role("button", name="Select words")).to_have_count(0)
        pixels = "c.getContext('2d').getImageData(0, 0, c.width, c.height).data.buffer"
        colors = page.locator("canvas").evaluate(f"c => new Set(new Int32Array({pixels})).size")
        assert colors > 20
    finally:
        page.context.set_offline(False)


def test_the_map_turns_dark_with_the_page(app_url: str, browser_page: Page) -> None:
    page = opened(browser_page, app_url)
    corner = "[...atlas.canvas.getContext('2d').getImageData(3, 3, 1, 1).data].slice(0, 3)"
    page.wait_for_function(f"() => {{ const atlas = {ATLAS}; return Math.min(...{corner}) > 200; }}")
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(
        f"Math.max(...{ATLAS}.canvas.getContext('2d').getImageData(3, 3, 1, 1).data.slice(0, 3)) < 60"
    )
    page.emulate_media(color_scheme="light")
    page.wait_for_function(
        f"Math.min(...{ATLAS}.canvas.getContext('2d').getImageData(3, 3, 1, 1).data.slice(0, 3)) > 200"
    )


def test_words_move_to_their_places_in_the_other_space(app_url: str, browser_page: Page) -> None:
    page = opened(browser_page, app_url)
    button = page.get_by_role("button", name="See them move to “Wikipedia, counted”")
    box = button.bounding_box()
    assert box is not None
    assert box["width"] > 100
    button.click()
    page.wait_for_function(f"{ATLAS}.mix === 1")
    first, second = bundled_map("predicted"), bundled_map("counted")
    row = first.index["music"]
    assert atlas(page, f"[...atlas.first.places.slice(2 * {row}, 2 * {row} + 2)]") == pytest.approx(
        first.positions[row].tolist(), abs=1e-4
    )
    there = atlas(page, f"[...atlas.at.slice(2 * {row}, 2 * {row} + 2)]")
    assert there != pytest.approx(first.positions[row].tolist(), abs=1e-3)
    assert sum(atlas(page, "[...Array(atlas.n).keys()].map(i => Number.isNaN(atlas.at[2 * i]) ? 0 : 1)")) == len(
        set(first.words) & set(second.words)
    )
    expect(page.get_by_text("Changed most in")).to_be_visible()
    assert atlas(page, "atlas.view") == {"x": 0, "y": 0, "zoom": 1}
    page.get_by_label("From Wikipedia, predicted to Wikipedia, counted").fill("0")
    page.wait_for_function(f"{ATLAS}.mix === 0")
    assert atlas(page, f"[...atlas.at.slice(2 * {row}, 2 * {row} + 2)]") == pytest.approx(
        first.positions[row].tolist(), abs=1e-4
    )


def test_a_link_restores_the_place_on_a_map_whose_words_move(app_url: str, browser_page: Page) -> None:
    page = opened(browser_page, app_url, "?beside_map=Wikipedia, counted&view=0.2000,-0.1000,4.00")
    page.wait_for_function(f"{ATLAS}.mix === 1")
    assert atlas(page, "[atlas.view.x, atlas.view.y, atlas.view.zoom]") == [0.2, -0.1, 4]
    page.get_by_role("combobox", name="Move the words to their places in").click()
    page.get_by_role("option", name="None", exact=True).click()
    page.wait_for_function(f"{ATLAS}.mix === 0 && {ATLAS}.second === null")
    assert atlas(page, "[atlas.spaces.hidden, atlas.view.zoom]") == [True, 4]


def test_a_click_on_a_word_of_the_table_picks_it_and_brings_the_map_into_view(app_url: str, browser_page: Page) -> None:
    page = opened(browser_page, app_url, "?atlas_tab=Words")
    page.emulate_media(reduced_motion="reduce")
    rows = page.get_by_test_id("stDataFrame").last
    rows.scroll_into_view_if_needed()
    expect(rows.locator("canvas").first).to_be_visible()
    box = box_of(rows)
    page.mouse.click(box["x"] + 40, box["y"] + 2.5 * 35)  # the second row, below the heading
    picked(page, bundled_map("predicted").words[1])
    place = f"{ATLAS}.root.getBoundingClientRect()"
    page.wait_for_function(f"{place}.top >= 0 && {place}.bottom <= innerHeight")


def test_an_outline_selects_words(app_url: str, browser_page: Page) -> None:
    page = opened(browser_page, app_url)
    outlined(page, 60)
    page.get_by_role("tab", name="Words").click()
    said = page.get_by_test_id("stTabs").get_by_text(re.compile(r"[\d,]+ words inside the outline"))  # also said above
    expect(said).to_be_visible()
    number = int(re.sub(r"\D", "", said.inner_text().split(" words")[0]))
    side = 60 / atlas(page, "atlas.scale")
    places = bundled_map("predicted").positions
    inside = ((places[:, 0] > 0) & (places[:, 0] < side) & (places[:, 1] < 0) & (places[:, 1] > -side)).sum()
    assert number == pytest.approx(int(inside), rel=0.05)
    assert len(downloaded(page, "These words (CSV)").decode().splitlines()) == number + 1
    corners = atlas(page, "atlas.path.corners.length")
    lasso = page.get_by_role("button", name="Select words by drawing around them")
    lasso.click()
    page.locator(".embedlab-atlas canvas").click()  # no outline: the one before stays
    assert atlas(page, "[atlas.path.corners.length, atlas.selecting]") == [corners, False]
    lasso.click()
    page.keyboard.press("Escape")
    assert not atlas(page, "atlas.selecting")
    page.get_by_role("button", name="Remove the outline").click()
    expect(page.get_by_text("50,000 words on the map")).to_be_visible()
    page.wait_for_function(f"{ATLAS}.path === null")


def vectors_of(words: Sequence[str]) -> str:
    """Words with numbers made at random, as CSV."""
    numbers = np.random.default_rng(0).normal(size=(len(words), 5)).round(3).tolist()
    lines = [",".join([word, *map(str, row)]) for word, row in zip(words, numbers, strict=True)]
    return "\n".join(["word,d0,d1,d2,d3,d4", *lines])


def table_of_towns(path: Path) -> None:
    """Eighty words with a kind and a day each."""
    numbers = np.random.default_rng(0).normal(size=(80, 6)).round(3)
    lines = ["word,kind,day,d0,d1,d2,d3,d4,d5"]
    for i, row in enumerate(numbers.tolist()):
        lines.append(",".join([f"town{i}", "far" if i % 4 else "near", f"2020-{i % 12 + 1:02}-07", *map(str, row)]))
    path.write_text("\n".join(lines), "utf-8")


def test_a_link_to_a_file_that_is_not_loaded_is_kept_until_it_is(
    app_url: str, browser_page: Page, tmp_path: Path
) -> None:
    page = browser_page
    link = "vectors=towns.csv&word=town9&color=Column: day&filter=kind&filter_values_kind=near&view=0.1000,0.2000,2.00"
    opened(page, app_url, f"?{link}")
    expect(page.get_by_text("“towns.csv” is not loaded")).to_be_visible()
    links = page.get_by_test_id("stSidebarNavLink")
    links.filter(has_text="Vectors").click()
    expect(page).to_have_title("Vectors · embedlab")
    settle(page)
    table_of_towns(tmp_path / "towns.csv")
    page.locator("input[type=file]").first.set_input_files(tmp_path / "towns.csv")
    expect(page.get_by_text("now chosen")).to_be_visible()
    links.filter(has_text="Atlas").click()
    page.wait_for_function(f"{ATLAS}.n === 80 && {ATLAS}.few")
    picked(page, "town9")
    expect(page.get_by_text("20 words left by the filter")).to_be_visible()
    assert atlas(page, "[...atlas.classes].filter(kind => kind !== 255).length") == 20
    assert place_of(page) == [0.1, 0.2, 2]
    atlas(page, "atlas.draw()")
    near = atlas(page, "[atlas.picked, ...atlas.near].map(i => atlas.words[i])")
    names = set(atlas(page, "atlas.drawn.filter(({ i }) => i < atlas.n).map(({ text }) => text)"))
    assert names - set(near) <= {f"town{i}" for i in range(0, 80, 4)}, "words that are left out have no name"
    for i in range(1, 80, 4):
        if f"town{i}" not in near:
            assert atlas(page, f"atlas.nearest(atlas.screen({i}), 1)") != i
    assert len(atlas(page, "[...atlas.legend.children].map(part => part.textContent)")) == 7


def test_a_second_set_that_is_not_loaded_is_kept_too(app_url: str, browser_page: Page, tmp_path: Path) -> None:
    page = browser_page
    (tmp_path / "few.csv").write_text(vectors_of(bundled_map("predicted").words[:200]), "utf-8")
    opened(page, app_url, "?beside_map=few.csv&word=other&view=0.1000,0.2000,2.00&moved=0.5")
    expect(page.get_by_text("“few.csv” is not loaded")).to_be_visible()
    links = page.get_by_test_id("stSidebarNavLink")
    links.filter(has_text="Vectors").click()
    expect(page).to_have_title("Vectors · embedlab")
    settle(page)
    page.locator("input[type=file]").first.set_input_files(tmp_path / "few.csv")
    expect(page.get_by_text("now chosen")).to_be_visible()
    links.filter(has_text="Atlas").click()
    page.wait_for_function(f"{ATLAS}.n === 50000 && {ATLAS}.second && {ATLAS}.mix === 0.5")
    picked(page, "other")
    assert place_of(page) == [0.1, 0.2, 2]


def test_the_offline_map_is_that_of_the_view(app_url: str, browser_page: Page, tmp_path: Path) -> None:
    link = f"?beside_map={COUNTED}&word=violin&view=0.1000,0.2000,3.00&moved=0.25&color=Trust&atlas_tab=Download"
    page = opened(browser_page, app_url, link)
    outlined(page, 60)
    corners = atlas(page, "atlas.path.corners.length")
    script = downloaded(page, "Offline map (HTML)").decode().replace("const atlas =", "const atlas = window.atlas =", 1)
    (tmp_path / "atlas.html").write_text(script, "utf-8")
    page.goto((tmp_path / "atlas.html").as_uri())
    page.wait_for_function("window.atlas?.drawn.length")
    said = "[atlas.words[atlas.picked], ...Object.values(atlas.view), atlas.mix, atlas.path.corners.length]"
    assert page.evaluate(said) == ["violin", 0.1, 0.2, 3, 0.25, corners]


def outlined(page: Page, side: int) -> None:
    """Draws a square below and to the right of the middle."""
    page.get_by_role("button", name="Select words by drawing around them").click()
    box = box_of(page.locator(".embedlab-atlas canvas"))
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for right, down in ((side, 0), (side, side), (0, side), (0, 5)):
        page.mouse.move(x + right, y + down, steps=8)
    page.mouse.up()
    settle(page)


def test_an_outline_on_the_way_to_another_space_selects_what_it_holds_there(app_url: str, browser_page: Page) -> None:
    page = opened(browser_page, app_url, f"?beside_map={COUNTED}&moved=0.75&atlas_tab=Words")
    page.wait_for_function(f"{ATLAS}.mix === 0.75")
    at_rest(page)
    assert page.get_by_text("Ignored in this page’s address").count() == 0
    outlined(page, 60)
    said = page.get_by_test_id("stTabs").get_by_text(re.compile(r"[\d,]+ words inside the outline"))
    expect(said).to_be_visible()
    side = 60 / atlas(page, "atlas.scale")
    x, y = (f"(atlas.at[2 * i{at}] - atlas.view.{axis})" for at, axis in (("", "x"), (" + 1", "y")))
    inside = f"[...Array(atlas.n).keys()].filter(i => {x} > 0 && {x} < {side} && {y} < 0 && {y} > -{side}).length"
    number = int(re.sub(r"\D", "", said.inner_text().split(" words")[0]))
    assert number == pytest.approx(atlas(page, inside), rel=0.05)
    assert "on their way to their places in “Wikipedia, counted”" in said.inner_text()
    page.get_by_label("From Wikipedia, predicted to").fill("0.5")
    page.wait_for_url(re.compile("moved=0.5"))
    reload_settled(page)
    page.wait_for_function(f"{ATLAS}?.mix === 0.5")


def test_what_was_seen_of_two_spaces_is_seen_again_when_one_returns(app_url: str, browser_page: Page) -> None:
    page = opened(browser_page, app_url, f"?beside_map={COUNTED}")
    page.wait_for_function(f"{ATLAS}.mix === 1")
    page.get_by_label("From Wikipedia, predicted to").fill("0.25")
    atlas(page, "atlas.look(0.1, 0.2, 9)")
    at_rest(page)
    links = page.get_by_test_id("stSidebarNavLink")
    links.filter(has_text="Neighbors").click()
    expect(page).to_have_title("Neighbors · embedlab")
    settle(page)
    links.filter(has_text="Atlas").click()
    expect(page).to_have_title("Atlas · embedlab")
    settle(page)
    page.wait_for_function(f"{ATLAS}.second && {ATLAS}.mix === 0.25")
    at_rest(page)
    assert place_of(page) == [0.1, 0.2, 9]


def test_a_name_is_clicked_and_other_buttons_and_empty_places_pick_nothing(app_url: str, browser_page: Page) -> None:
    page = opened(browser_page, app_url)
    page.emulate_media(reduced_motion="reduce")
    middle = "({ box: [x, y, wide, high] }) => [x + wide / 2, y + high / 2]"
    canvas = page.locator(".embedlab-atlas canvas")
    x, y = atlas(page, f"({middle})(atlas.drawn.find(({{ i }}) => i >= atlas.n))")
    canvas.click(position={"x": x, "y": y})
    page.wait_for_function(f"{ATLAS}.view.zoom === 6")
    assert atlas(page, "atlas.words[atlas.picked]") == "king", "a district is entered"
    atlas(page, "atlas.draw()")
    others = "atlas.drawn.filter(({ i }) => i < atlas.n && i !== atlas.picked && !atlas.near.includes(i))"
    row = atlas(page, f"{others}.find(({{ box: [x, y] }}) => x > 90 && y > 90).i")
    x, y = atlas(page, f"({middle})(atlas.drawn.find(({{ i }}) => i === {row}))")
    canvas.click(position={"x": x, "y": y}, button="middle")
    canvas.click(position={"x": x, "y": y}, button="right")
    page.keyboard.press("Escape")
    assert atlas(page, "atlas.words[atlas.picked]") == "king"
    canvas.click(position={"x": x, "y": y})
    picked(page, bundled_map("predicted").words[row])


def test_no_place_of_the_view_is_off_the_map_and_the_whole_is_in_its_middle(app_url: str, browser_page: Page) -> None:
    page = opened(browser_page, app_url)
    reach = float(np.hypot(*bundled_map("predicted").positions.T).max())
    for zoom in (1, 1.5, 4, 40):
        atlas(page, f"atlas.look(1, 1, {zoom})")
        x, y, _ = atlas(page, "[atlas.view.x, atlas.view.y, 0]")
        assert x == pytest.approx(y)
        assert np.hypot(x, y) == pytest.approx(reach * (1 - 1 / zoom**2), abs=1e-3)
    box = box_of(page.locator(".embedlab-atlas canvas"))
    page.mouse.move(box["x"] + 40, box["y"] + box["height"] - 40)
    for _ in range(30):
        page.mouse.wheel(0, 300)
    page.wait_for_function(f"{ATLAS}.view.zoom === 1")
    assert place_of(page) == [0, 0, 1]


def test_a_finger_scrolls_the_page_two_enlarge_and_a_tap_picks(app_url: str, phone: Page) -> None:
    page = opened(phone, app_url)
    page.locator(".embedlab-atlas").evaluate("map => map.scrollIntoView({block: 'center'})")
    box = box_of(page.locator(".embedlab-atlas canvas"))
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 400
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    devtools = page.context.new_cdp_session(page)
    devtools.send("Emulation.setTouchEmulationEnabled", {"enabled": True, "maxTouchPoints": 2})
    top = "document.querySelector('[data-testid=stMain]').scrollTop"

    def touch(*ways: tuple[tuple[float, float], tuple[float, float]]) -> None:
        """Fingers that go, at once, each from a place to another."""
        for part in range(17):
            at = [
                {"x": a + (c - a) * part / 16, "y": b + (d - b) * part / 16, "id": i}
                for i, ((a, b), (c, d)) in enumerate(ways)
            ]
            devtools.send(
                "Input.dispatchTouchEvent", {"type": "touchMove" if part else "touchStart", "touchPoints": at}
            )
        devtools.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    before = page.evaluate(top)
    touch(((x, y), (x, y - 150)))
    page.wait_for_function(f"{top} > {before + 100}")
    assert atlas(page, "atlas.view") == {"x": 0, "y": 0, "zoom": 1}
    page.wait_for_timeout(800)  # what a swipe leaves of its swing
    page.evaluate(f"{top} = {before}")
    touch(((x - 20, y), (x - 60, y)), ((x + 20, y), (x + 60, y)))
    page.wait_for_function(f"Math.abs({ATLAS}.view.zoom - 3) < 0.6")
    assert page.evaluate("window.visualViewport.scale") == 1
    touch(((x, y), (x - 100, y)))
    page.wait_for_function(f"{ATLAS}.view.x > 0.1")
    row = int(atlas(page, f"atlas.under([{x - box['x']}, {y - box['y']}], 24)"))
    touch(((x, y), (x, y)))
    picked(page, bundled_map("predicted").words[row])
    page.get_by_role("button", name="Select words by drawing around them").click()
    before = atlas(page, "atlas.view.zoom")
    touch(((x - 20, y), (x - 40, y)), ((x + 20, y), (x + 40, y)))
    page.wait_for_function(f"{ATLAS}.view.zoom > {1.5 * before}")
    assert atlas(page, "[atlas.path, atlas.drawing, atlas.selecting]") == [None, None, True], "two fingers draw nothing"
    page.locator("h1").click()
    page.keyboard.press("Escape")
    assert not atlas(page, "atlas.selecting"), "wherever the focus is"
    devtools.detach()


@pytest.mark.parametrize("name", [*canvas.DRAWING, "streamlit.js", "part.js", "page.js"])
def test_each_script_is_read_without_an_error(name: str) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs Node.js")
    script = canvas.beside(name)
    done = subprocess.run([node, "--check", "--input-type=module"], input=script, text=True, capture_output=True)
    assert done.returncode == 0, done.stderr
