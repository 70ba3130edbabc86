"""A chart or a movie as a page of its own: what stands in it, in both themes, and that no word becomes markup."""

import json
import re
from html.parser import HTMLParser
from typing import Any

import numpy as np
import vl_convert

from embedlab.charts import maps
from embedlab.charts.export import specification
from embedlab.charts.templates import Spec
from embedlab.charts.theme import DARK, LIGHT, Theme
from embedlab.ui.address import address
from embedlab.ui.player import page
from embedlab.ui.player.player import Slider

HOSTILE = ["<img src=x onerror=alert(1)>", "</script><script>alert(1)</script>", "&amp;", "“a”", "${title}", "$title"]
ABOUT = page.About("<b>words</b>", "6 words & their map: $what", 'https://a.example/Neighbors?word=king&x="y"')
FRAMES = [np.random.default_rng(seed).normal(size=(6, 2)) for seed in range(3)]


def draw(theme: Theme) -> Spec:
    return maps.word_map(HOSTILE, FRAMES[-1], theme, groups=list("aabbcc"), frames=FRAMES, title=["<i>"] * 3)


class Read(HTMLParser):
    """What a browser reads: texts by the tags they stand in, and the attributes of links."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.inside: list[str] = []
        self.texts: dict[str, str] = {}
        self.tags: list[str] = []
        self.links: list[dict[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.inside.append(tag)
        self.links += [dict(attrs)] if tag == "a" else []

    def handle_endtag(self, tag: str) -> None:
        while self.inside and self.inside.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self.inside and data.strip():
            self.texts[self.inside[-1]] = self.texts.get(self.inside[-1], "") + data


def written(slider: Slider | None) -> str:
    return page.write(draw, ABOUT, slider).decode()


def in_the_page(text: str) -> dict[str, Any]:
    (found,) = re.findall(r'<script type="application/json" id="what">(.*?)</script>', text, re.DOTALL)
    return dict(json.loads(found))


def test_it_says_what_one_sees_who_made_it_and_where() -> None:
    read = Read(written(Slider(maps.FRAME)))
    assert read.texts["title"] == read.texts["h1"] == ABOUT.title
    assert ABOUT.sentence in read.texts["p"]
    assert "Made with embedlab" in read.texts["footer"]
    assert [link["href"] for link in read.links] == [ABOUT.link]


def test_where_the_app_s_address_is_unknown_or_no_web_address_nothing_is_linked() -> None:
    for link in ("", "javascript:alert(1)"):
        read = Read(page.write(draw, ABOUT._replace(link=link)).decode())
        assert not read.links
        assert "Made with embedlab" in read.texts["footer"]


def test_no_word_becomes_markup() -> None:
    text = written(Slider(maps.FRAME))
    read = Read(text)
    assert not {"img", "b", "i", "link"} & set(read.tags)
    assert read.tags.count("script") == 4
    assert not re.search(r"<script[^>]*\ssrc=|@import|url\(", text.partition("<script>")[0]), "it would need a network"


def test_it_holds_the_chart_in_both_themes() -> None:
    what = in_the_page(written(None))
    compiled = [
        json.loads(json.dumps(vl_convert.vegalite_to_vega(specification(draw(theme), theme))))
        for theme in (LIGHT, DARK)
    ]
    chart = what["chart"]
    assert chart == compiled[0]
    for path, value in what["dark"]:
        inside = chart
        for key in path[:-1]:
            inside = inside[key]
        inside[path[-1]] = value
    assert chart == compiled[1]
    assert len(json.dumps(what["dark"])) < len(json.dumps(chart)) / 2, "frames and words are in it once"


def test_only_a_movie_has_the_player_which_is_that_of_the_app() -> None:
    slider = Slider(maps.FRAME, seconds=4.0, counts=range(3), unit="iteration")
    told = {
        "container": "movie_page",
        "param": maps.FRAME,
        "seconds": 4.0,
        "counts": [0, 1, 2],
        "unit": "iteration",
        "glides": True,
    }
    movie = written(slider)
    assert in_the_page(movie)["player"] == told | {"token": "once"}
    assert "button" in Read(movie).tags
    assert "window.embedlabPlayer = function" in movie
    assert "export default" not in movie
    still = written(None)
    assert in_the_page(still)["player"] is None
    assert "button" not in Read(still).tags


def test_which_addresses_lead_to_the_app_from_other_machines() -> None:
    public = ["https://embedlab.streamlit.app/Ten_words", "http://10.0.0.7:8501/", "https://lab.example.edu/?word=king"]
    local = ["", "http://localhost:8501/Ten_words", "http://127.0.0.1:8501", "http://[::1]:8501/", "http://0.0.0.0/"]
    assert [link for link in public + local if address.is_public(link)] == public
