"""Matrices as pictures: every number is there, legible, and labels stay what they are."""

import json
from typing import Any

import numpy as np
import pytest

from embedlab.charts import heatmaps, picks
from embedlab.charts.theme import DARK, LIGHT, Theme
from embedlab.errors import InvalidSetting
from embedlab.ui.lookup import charts


def spec_of(values: np.ndarray, **how: Any) -> dict[str, Any]:
    rows, columns = ([str(i) for i in range(n)] for n in values.shape)
    return heatmaps.matrix(values, rows, columns, LIGHT, **how)


def cells(spec: dict[str, Any]) -> list[dict[str, Any]]:
    return spec["data"]["values"] if "data" in spec else spec["layer"][0]["data"]["values"]


def kinds(spec: dict[str, Any]) -> list[str]:
    return [layer["mark"]["type"] for layer in spec["layer"]]


def test_every_number_is_in_its_cell() -> None:
    values = np.array([[0.125, -1.5], [0.0, -0.001]])
    spec = spec_of(values)
    assert [cell["value"] for cell in cells(spec)] == values.ravel().tolist()
    assert [cell["text"] for cell in cells(spec)] == ["0.12", "−1.50", "0.00", "0.00"]
    assert [(cell["row"], cell["column"]) for cell in cells(spec)] == [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert kinds(spec) == ["rect", "text"]


def test_decimals_give_way_where_there_is_no_room() -> None:
    assert cells(spec_of(np.full((1, 4), -1.234)))[0]["text"] == "−1.23"
    assert cells(spec_of(np.full((1, 8), -1.234)))[0]["text"] == "−1.2"
    wide = spec_of(np.full((1, 40), -1.234))
    assert kinds(wide) == ["rect"]  # no number fits, so a scale is drawn
    assert wide["layer"][0]["encoding"]["color"]["legend"]["orient"] == "bottom"


def test_a_matrix_fits_a_phone() -> None:
    for width in (1, 4, 8, 30, 200):
        spec = spec_of(np.random.default_rng(0).standard_normal((3, width)))
        assert spec["width"]["step"] * width <= max(262, 2 * width)


def test_the_scale_has_zero_in_its_middle() -> None:
    scale = spec_of(np.array([[1.0, -4.0]]))["layer"][0]["encoding"]["color"]["scale"]
    assert scale["domain"] == [-4.0, 0, 4.0]
    assert spec_of(np.zeros((1, 1)))["layer"][0]["encoding"]["color"]["scale"]["domain"] == [-1.0, 0, 1.0]


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_numbers_stand_out_on_every_colour(theme: Theme) -> None:
    for share in np.linspace(-1, 1, 201):
        low, middle, high = (heatmaps._rgb(color) for color in heatmaps.DIVERGING[theme.name])
        fill = middle + abs(share) * ((high if share > 0 else low) - middle)
        text = np.zeros(3) if heatmaps._wants_black(share, theme) else np.ones(3)
        assert heatmaps.contrast(fill, text) >= 4.5  # WCAG 2.2, level AA


def test_contrast_is_the_standards() -> None:
    assert heatmaps.contrast(np.zeros(3), np.ones(3)) == pytest.approx(21)
    assert heatmaps.contrast(heatmaps._rgb("#777777"), np.ones(3)) == pytest.approx(4.48, abs=0.005)


def test_equal_and_hostile_labels_keep_their_places() -> None:
    labels = ["the", "the", '"]<img src=x>', "$x$"]
    chart = heatmaps.matrix(np.eye(4), labels, labels, LIGHT, framed=[1], muted=[0])
    spec = chart
    axis = spec["layer"][0]["encoding"]["y"]["axis"]
    expression = axis["labelExpr"]
    assert json.loads(expression.removesuffix("[datum.value]")) == labels
    assert {cell["of"] for cell in cells(spec)} == set(labels)
    assert [cell["muted"] for cell in cells(spec)][:5] == [True] * 4 + [False]
    assert kinds(spec)[-1] == "rect"


def test_labels_must_fit_the_matrix() -> None:
    with pytest.raises(InvalidSetting, match="2 x 3 matrix does not fit 2 x 1 labels"):
        heatmaps.matrix(np.zeros((2, 3)), ["a", "b"], ["c"], LIGHT)
    with pytest.raises(InvalidSetting, match="40,000 cells are too many"):
        heatmaps.matrix(np.zeros((200, 200)), ["a"] * 200, ["b"] * 200, LIGHT)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_pictures_can_be_drawn(theme: Theme) -> None:
    vl_convert = pytest.importorskip("vl_convert")
    lines = [["the", "cat"], ["<b>x</b>"]]
    tiles = heatmaps.sentences(lines, np.array([[1, 2], [3, 0]]), theme, padding="<pad>", framed=2)
    squares = heatmaps.matrix(np.eye(3), list("abc"), list("abc"), theme, framed=[0])
    for chart, words in ((tiles, ["the", "cat", "&lt;b&gt;x&lt;/b&gt;", "&lt;pad&gt;"]), (squares, ["1.00", "0.00"])):
        drawn = vl_convert.vegalite_to_svg(chart)
        assert all(word in drawn for word in words)


def test_sentences_mark_words_padding_and_what_is_followed() -> None:
    ids = np.array([[1, 2, 1], [3, 0, 0]])
    spec = heatmaps.sentences([["a", "b", "a"], ["c"]], ids, LIGHT, padding="<pad>", framed=1)
    assert [cell["id"] for cell in cells(spec)] == ids.ravel().tolist()
    assert [cell["kind"] for cell in cells(spec)] == ["word"] * 4 + ["padding"] * 2
    assert [cell["chosen"] for cell in cells(spec)] == [True, False, True, False, False, False]


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1_000, "1.0 kB"),
        (5_120, "5.1 kB"),
        (256_000, "256 kB"),
        (999_499, "999 kB"),
        (999_999, "1.0 MB"),
        (7_680_000_000, "7.7 GB"),
    ],
)
def test_bytes_are_written_for_people(size: int, text: str) -> None:
    assert charts.readable(size) == text


def test_footprint_bars_are_sorted_and_labelled() -> None:
    spec = charts.bars({"big": 4_000, "small": 10}, LIGHT, marked="big")
    rows = spec["data"]["values"] if "data" in spec else spec["layer"][0]["data"]["values"]
    assert [(row["array"], row["size"]) for row in rows] == [("small", "10 bytes"), ("big", "4.0 kB")]


def test_labels_and_cells_of_a_matrix_pick_their_words() -> None:
    rows, columns = ["a", "b"], ["c", "a long one", "e"]
    spec = heatmaps.matrix(np.eye(2, 3), rows, columns, LIGHT, clickable=True)
    assert [param["name"] for param in spec["params"][:3]] == [picks.PICK, picks.PICK_ROW, picks.PICK_COLUMN]
    views = [param["views"] for param in spec["params"][:3]]
    cell, left, top = (next(layer for layer in spec["layer"] if layer.get("name") in of) for of in views)
    assert [(one["of"], one["word"]) for one in cells(spec)] == [(row, row) for row in rows for _ in columns]
    assert "column" not in json.dumps(left["encoding"])
    assert {"calculate": "datum.at", "as": "word"} in top["transform"]
    room = {param["name"]: param["value"] for param in spec["params"][3:]}
    assert 4 < room["side"] < 20 < room["head"] < 78
    assert cell["mark"]["cursor"] == left["mark"]["cursor"] == top["mark"]["cursor"] == "pointer"
    assert not spec_of(np.eye(2)).get("params") or "pick" not in json.dumps(spec_of(np.eye(2)))
