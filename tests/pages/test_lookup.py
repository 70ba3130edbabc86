"""The Lookup page: what it shows, and what it says to bad input."""

from functools import partial
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from embedlab.text import segmentation
from embedlab.ui.shell import as_text
from tests.conftest import ROOT
from tests.pages.page import charts, checked, figures, open_page, press, spec, told

opened = partial(open_page, "pages/1_Lookup.py")


@pytest.fixture
def page() -> AppTest:
    return opened()


def numbers(chart: Any, field: str = "value") -> list[Any]:
    """What the cells of a heat map hold, row by row."""
    return [cell[field] for cell in spec(chart)["layer"][0]["data"]["values"]]


def submit(app: AppTest) -> AppTest:
    return press(app, "Look up")


def test_it_opens_with_a_finished_lookup(page: AppTest) -> None:
    assert not page.error
    assert [metric.value for metric in page.metric] == ["40 of 40", "2 × 5", "2 × 5 × 4", "9 × 4 = 36"]
    tiles, table, fetched, hot, product, gradient, memory = charts(page)
    assert numbers(tiles, "id") == [1, 2, 3, 1, 4, 5, 3, 6, 2, 0]
    assert numbers(table)[:4] == [0, 0, 0, 0]
    rows = [numbers(table)[4 * i : 4 * i + 4] for i in range(9)]
    assert numbers(fetched) == rows[1] + rows[2] + rows[3] + rows[1] + rows[4]
    assert numbers(product) == numbers(fetched)
    assert sum(numbers(hot)) == 5
    assert numbers(gradient)[4] == pytest.approx(2 * (rows[1][0] - 1), rel=1e-6)
    assert numbers(gradient)[:4] == numbers(gradient)[-4:] == [0, 0, 0, 0]  # padding, and a word not looked up
    assert all(chart.alt for chart in charts(page))
    assert numbers(memory, "size") == ["5.1 kB", "256 kB", "20 MB", "128 MB"]
    assert "**6 of 9 rows**" in told(page)


def test_writing_without_spaces_is_read_and_a_missing_segmenter_is_told(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(segmentation, "_word_breaker", lambda: None)
    page.text_area(key="lines").set_value("今天很好\n今天 iPhone")
    submit(page)
    assert not page.error
    assert "character by character" in page.warning[0].value
    assert [metric.value for metric in page.metric][1] == "2 × 4", "今 天 很 好; 今 天 iphone and padding"


def test_another_line_and_word_can_be_followed(page: AppTest) -> None:
    page.button_group(key="line").set_value("line 2")
    page = checked(page.run())
    page.button_group(key="follow").set_value("<pad>")
    page = checked(page.run())
    assert "“\\<pad\\>” has id 0 and gets row 0 of an untrained table" in told(page)
    assert "N(0, 1), seed 0" in told(page)
    assert "padding_idx keeps this row at zero" in told(page)
    assert numbers(charts(page)[2])[-4:] == [0, 0, 0, 0]


def test_a_first_word_that_nobody_chose_is_not_followed_into_other_lines(page: AppTest) -> None:
    page = press(page, "One word five times: five equal rows")
    assert "“cat” has id 1" in told(page)
    page = press(page, "A long line and a short one: much padding")
    assert "“who” has id 1" in told(page), "as the address says, which names no word"


def test_padding_learns_when_it_may(page: AppTest) -> None:
    page = press(page, "Let padding learn: row 0 gets a gradient")
    assert not page.toggle[0].value
    assert "**7 of 9 rows**" in told(page)
    gradient = numbers(charts(page)[5])
    assert all(gradient[:4])


def test_examples_fill_the_form(page: AppTest) -> None:
    page = press(page, "One word five times: five equal rows")
    assert page.text_area[0].value == "cat cat cat cat cat"
    assert figures(page)["Ids in"] == "1 × 5"
    rows = numbers(charts(page)[2])
    assert rows == rows[:4] * 5
    page = press(page, "A long line and a short one: much padding")
    assert figures(page)["Ids in"] == "2 × 7"
    assert "fills 6 of its 14 places" in told(page)


BAD = [
    ("", "There is no word to look up"),
    ("x" * 1_000, "Line 1 holds a word of 1,000 characters: at most 40 can be drawn."),
    ("a " * 13, "Line 1 has 13 words: at most 12 can be drawn."),
]


def test_bad_text_is_explained_and_the_last_lookup_stays(page: AppTest) -> None:
    page.text_area[0].set_value("a dog\nb")
    page = submit(page)
    before = [metric.value for metric in page.metric]
    assert before[1] == "2 × 2"
    for text, message in BAD:
        page.text_area[0].set_value(text)
        page = submit(page)
        assert as_text(message) in page.error[0].value
        assert [metric.value for metric in page.metric] == before, message
        assert page.text_area[0].value == text
    page.text_area[0].set_value("good again")
    page = submit(page)
    assert not page.error
    assert figures(page)["Ids in"] == "1 × 2"


def test_markup_is_text(page: AppTest) -> None:
    page.text_area[0].set_value("<img src=x onerror=alert(1)> $x$ :red[y]")
    page = submit(page)
    assert numbers(charts(page)[0], "word") == ["<img", "src=x", "onerror=alert(1)>", "x", "red[y"]
    assert "“\\<img” has id 1" in told(page)


def test_it_opens_from_the_menu() -> None:
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60).run()
    app.switch_page("pages/1_Lookup.py")
    assert checked(app.run()).title[0].value == "What does an embedding layer do?"


def test_a_link_restores_the_view() -> None:
    app = opened(
        lines="one two\nthree", table_dim="2", table_seed="7", pad="false", line="line 2", v="10,000", others="four"
    )
    assert [metric.value for metric in app.metric] == ["8 of 8", "2 × 2", "2 × 2 × 2", "5 × 2 = 10"]
    assert app.number_input(key="table_seed").value == 7
    assert not app.toggle[0].value
    assert "Line 2 as one-hot rows" in told(app)
    same = opened(lines="one two\nthree", table_dim="2", table_seed="7", pad="false", line="line 2", others="four")
    assert charts(same)[1].spec == charts(app)[1].spec


def test_the_code_is_the_source_that_ran(page: AppTest) -> None:
    page.session_state["lookup_tab"] = "The code"
    code = [block.value for block in checked(page.run()).code]
    assert any("return table[ids]" in block for block in code)
    assert any("torch.nn.Embedding.from_pretrained" in block for block in code)
    assert any("keras.layers.Embedding" in block and "input_dim=9" in block for block in code)


def test_a_link_that_cannot_be_used_shows_the_message_and_the_default_lookup(page: AppTest) -> None:
    refused = opened(lines="a " * 13)
    assert as_text("Line 1 has 13 words") in refused.error[0].value
    assert [metric.value for metric in refused.metric] == [metric.value for metric in page.metric]
