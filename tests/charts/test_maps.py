"""Pictures of neighbors: labels that do not collide, places that the browser agrees on, files that stand alone."""

import json
import re
from typing import Any

import numpy as np
import pytest
import vl_convert

from embedlab.charts import arrows, export, maps, picks, plane
from embedlab.charts.bars import neighbor_bars
from embedlab.charts.labels import (
    GAP,
    WIDE_GAP,
    distance_to_box,
    half_boxes,
    place_labels,
    places_on_the_way,
    text_width,
)
from embedlab.charts.plane import Plane, map_rows
from embedlab.charts.templates import Spec
from embedlab.charts.theme import DARK, LIGHT
from embedlab.ui.neighbors.charts import two_rankings

WORDS = [f"word{i}" + "x" * (i % 7) for i in range(80)]
HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "it's",
    'a"b',
    "$x$",
    "[a](javascript:b)",
]


def cloud(count: int = 80, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(count, 2))


def texts(svg: bytes) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg.decode())


def placed(points: np.ndarray, words: list[str], *, width: float, **rest: Any) -> tuple[np.ndarray, np.ndarray]:
    """`place_labels` in one plot."""
    middles, shown = place_labels(points[None], words, widths=[width], **rest)
    return middles[0], shown[0]


# Labels -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", plane.WIDTHS)
def test_labels_cover_neither_each_other_nor_the_edge(width: int) -> None:
    points = (cloud() * 0.15 + 0.5) * [width, 500]
    font = np.full(80, 12.5)
    middles, shown = placed(points, WORDS, width=width, height=500, font=font)
    half = np.array([[text_width(word) / 2, 0.6] for word in WORDS]) * 12.5
    assert shown.sum() > 20
    low, high = (middles - half)[shown], (middles + half)[shown]
    assert (low >= 0).all()
    assert (high <= [width, 500]).all()
    apart = ((low[:, None] >= high) | (low >= high[:, None])).any(axis=2)
    np.fill_diagonal(apart, True)
    assert apart.all()


def test_labels_of_points_with_room_are_all_there_beside_their_points() -> None:
    points = np.stack(np.meshgrid(np.arange(100, 700, 120), np.arange(50, 500, 60)), axis=-1).reshape(-1, 2)
    words, font = WORDS[: len(points)], np.full(len(points), 12.0)
    middles, shown = placed(points, words, width=800, height=520, font=font)
    assert shown.all()
    assert distance_to_box(points, middles, words, font).max() < 10


def test_the_first_words_get_labels_where_not_all_can_have_one() -> None:
    points = np.full((40, 2), 200.0) + cloud(40)
    _, shown = placed(points, WORDS[:40], width=400, height=400, font=np.full(40, 12.0))
    assert shown[0]
    assert not shown.all()
    assert shown[:20].sum() > shown[20:].sum()


def test_the_label_of_a_large_point_begins_beside_it() -> None:
    point, word, font = np.array([[200.0, 200.0]]), ["king"], np.array([plane.MARKED_FONT])
    for gap in (GAP, WIDE_GAP):
        middles, _ = placed(point, word, width=400, height=400, font=font, gaps=np.array([gap]))
        assert distance_to_box(point, middles, word, font)[0] == pytest.approx(gap)


def test_guarded_points_are_never_covered() -> None:
    points = np.full((30, 2), 150.0) + 12 * cloud(30)
    middles, shown = placed(points, WORDS[:30], width=300, height=300, font=np.full(30, 12.0), guarded=3)
    half = np.array([[text_width(word) / 2, 0.6] for word in WORDS[:30]]) * 12
    for i in np.flatnonzero(shown):
        others = [j for j in range(3) if j != i]
        assert not (np.abs(middles[i] - points[others]) < half[i]).all(axis=1).any()


# Python's pixels are the browser's -----------------------------------------------------------------------------------


def drawn_at(chart: Spec, width: int) -> dict[str, tuple[float, float]]:
    """Middle of each label in px, as Vega draws it."""
    svg = vl_convert.vegalite_to_svg(chart | {"width": width, "padding": 0})
    pattern = r'<text text-anchor="middle" transform="translate\(([-\d.]+),([-\d.]+)\)[^>]*>([^<]*)</text>'
    return {word: (float(x), float(y)) for x, y, word in re.findall(pattern, svg)}


@pytest.mark.parametrize("width", [300, 440, 610, 900])
@pytest.mark.parametrize("stretched", [False, True])
def test_the_browser_puts_labels_where_python_placed_them(width: int, stretched: bool) -> None:
    coordinates = cloud(12) * [3, 1]
    words = WORDS[:12]
    axes = maps.Axes() if stretched else None
    chart = maps.word_map(words, coordinates, LIGHT, axes=axes, width=width)
    margin = maps._AXES_MARGIN if stretched else maps._MARGIN
    own = Plane.around(coordinates, maps.HEIGHT, margin=margin, stretched=stretched)
    rows = map_rows(words, coordinates, own, groups=[""] * 12, marked=())
    tier = max(i for i, least in enumerate(plane.WIDTHS) if least <= width)
    places = drawn_at(chart, width)
    for row, point in zip(rows, own.pixels(coordinates, width), strict=True):
        if row["shown"][tier]:
            there = np.array([row["u"] + row["lu"][tier], row["v"] + row["lv"][tier]])
            expected = np.array([width, maps.HEIGHT]) / 2 + there * own._lengths(width) * [1, -1]
            # Vega counts a text's place from its baseline.
            assert places[row["word"]][0] == pytest.approx(expected[0], abs=0.6)
            assert places[row["word"]][1] == pytest.approx(expected[1], abs=6)
            assert np.linalg.norm(expected - point) < 120


def test_a_unit_is_as_long_on_both_axes_and_nothing_leaves_the_plot() -> None:
    coordinates = cloud() * [5, 1]
    own = Plane.around(coordinates, 520, margin=(44, 18), stretched=False)
    pixels = own.pixels(coordinates, 600)
    ratio = (pixels[:, 0].max() - pixels[:, 0].min()) / (pixels[:, 1].max() - pixels[:, 1].min())
    assert ratio == pytest.approx(np.ptp(coordinates[:, 0]) / np.ptp(coordinates[:, 1]))
    assert (pixels.min(axis=0) >= [43.9, 17.9]).all()
    assert (pixels.max(axis=0) <= [556.1, 502.1]).all()


@pytest.mark.parametrize("coordinates", [np.zeros((3, 2)), np.array([[0, 0], [1, 0], [2, 0]]), cloud(3) * 1e30])
def test_flat_and_huge_maps_are_drawn(coordinates: np.ndarray) -> None:
    rows = map_rows(["a", "b", "c"], coordinates, Plane.around(coordinates, 520, margin=(44, 18), stretched=False),
                    groups=["", "", ""], marked=())  # fmt: skip
    assert all(np.isfinite([row["u"], row["v"], *row["lu"], *row["lv"]]).all() for row in rows)


# What charts say ------------------------------------------------------------------------------------------------------


def marks(spec: dict[str, Any]) -> list[str]:
    return [layer["mark"]["type"] for layer in spec["layer"]]


def clicks(spec: Spec) -> list[str]:
    """Names of what clicks select."""
    return [param["name"] for param in spec["params"] if "select" in param]


def test_clicks_are_caught_by_names_and_points() -> None:
    spec = maps.word_map(WORDS, cloud(), LIGHT, clickable=True)
    assert set(clicks(spec)) == {picks.PICK, picks.PICK_POINT}
    assert not clicks(maps.word_map(WORDS, cloud(), LIGHT))


def test_groups_have_colour_and_shape_and_a_legend_below() -> None:
    spec = maps.word_map(WORDS, cloud(), DARK, groups=["north", "south"] * 40)
    (points,) = [layer for layer in spec["layer"] if "shape" in layer.get("encoding", {})]
    for channel in ("color", "shape"):
        assert points["encoding"][channel]["scale"]["domain"] == ["north", "south"]
        assert points["encoding"][channel]["legend"]["orient"] == "bottom"
        assert len(set(points["encoding"][channel]["scale"]["range"])) == 2


def test_own_axes_name_their_ends() -> None:
    ends = maps.Axes(("cheap", "expensive"), ("small", "large"))
    svg = export.to_svg(maps.word_map(WORDS[:9], cloud(9), LIGHT, axes=ends, width=500), LIGHT)
    assert {"← cheap", "expensive →", "↓ small", "↑ large"} <= set(texts(svg))


def movie(frames: list[np.ndarray], words: list[str]) -> Spec:
    numbers = range(len(frames))
    titles = {"title": [f"title {i}" for i in numbers], "subtitle": [f"subtitle {i}" for i in numbers]}
    return maps.word_map(words, frames[-1], LIGHT, frames=frames, marked=words[:1], **titles)  # type: ignore[arg-type]


def at_frame(spec: Spec, frame: int, width: int) -> Spec:
    params = [param | {"value": frame} if param["name"] == maps.FRAME else param for param in spec["params"]]
    return spec | {"params": params, "width": width}


def test_frames_have_a_slider_that_ends_at_the_last() -> None:
    spec = movie([cloud(9, seed) for seed in range(5)], WORDS[:9])
    (slider,) = [param for param in spec["params"] if param["name"] == maps.FRAME]
    assert (slider["value"], slider["bind"]["min"], slider["bind"]["max"]) == (4, 0, 4)


def test_titles_and_points_are_those_of_the_frame_shown() -> None:
    frames = [cloud(9, seed) for seed in range(5)]
    spec = movie(frames, WORDS[:9])
    for frame in (0, 3, 4):
        svg = vl_convert.vegalite_to_svg(at_frame(spec, frame, 600)).replace("−", "-")
        assert {f"title {frame}", f"subtitle {frame}"} <= set(re.findall(r"<text[^>]*>([^<]*)</text>", svg))
        pattern = r'aria-roledescription="point"[^>]*transform="translate\(([-\d.]+),([-\d.]+)\)"'
        drawn = np.array([[float(x), float(y)] for x, y in re.findall(pattern, svg)])
        low, high = drawn.min(axis=0), drawn.max(axis=0)
        wide = np.ptp(frames[frame], axis=0)
        assert (high - low)[0] / (high - low)[1] == pytest.approx(wide[0] / wide[1], rel=0.02)
        assert len(drawn) == 9


@pytest.mark.parametrize("width", plane.WIDTHS)
def test_labels_of_a_movie_never_cover_each_other_and_at_its_end_are_those_of_the_map_at_rest(width: int) -> None:
    start = cloud(40)
    frames = [start * [1, share] for share in (0.02, 0.02, 0.1, 0.3, 0.6, 1, 1, 1)]
    spec = movie(frames, WORDS[:40])
    seen = []
    for frame in range(8):
        middles = drawn_at(at_frame(spec, frame, width), width)
        names = list(middles)
        font = np.where(np.array(names) == WORDS[0], plane.MARKED_FONT, plane.FONT)
        half = np.array([[text_width(word) / 2, 0.6] for word in names]) * font[:, None]
        places = np.array(list(middles.values()))
        apart = (np.abs(places[:, None] - places) >= half[:, None] + half - [0.1, 2]).any(axis=2)  # from the baseline
        np.fill_diagonal(apart, True)
        assert apart.all()
        seen.append(set(names))
    assert WORDS[0] in seen[0]
    assert len(seen[0]) < len(seen[-1])
    still = maps.word_map(WORDS[:40], frames[-1], LIGHT, marked=WORDS[:1])
    assert seen[-1] == set(drawn_at(still, width))


def test_a_label_of_a_movie_goes_out_of_the_way_of_a_point_that_stays_where_it_rests() -> None:
    words, font, gaps = ["coffee", "tea"], np.full(2, plane.FONT), np.full(2, 5.0)
    points = np.tile([[200.0, 200.0], [300.0, 60.0]], (60, 1, 1))  # 60 frames
    rest, half = np.array([[30.0, 0.0], [30.0, 0.0]]), half_boxes(words, font)[0]
    points[10:50, 1] = points[10:50, 0] + rest[0]
    for guarded in (0, 2):
        places, chosen = places_on_the_way(
            points, words, rest, np.ones(2, dtype=bool), size=(400, 400), font=font, gaps=gaps, guarded=guarded
        )
        middles = points[:, 0] + places[0][chosen[:, 0] - 1]
        over = (np.abs(middles - points[:, 1]) < half).all(axis=1)
        assert chosen[:, 0].all()
        assert not over.any()
        assert chosen[-1, 0] == 1  # at rest


@pytest.mark.parametrize("width", [430, 590])
def test_labels_of_a_movie_stay_in_a_plot_that_is_wider_than_the_one_they_were_placed_for(width: int) -> None:
    spec = movie([cloud(20, seed) * [1.5, 1] for seed in range(5)], WORDS[:20])
    for frame in range(5):
        for word, (middle, _) in drawn_at(at_frame(spec, frame, width), width).items():
            half = text_width(word) / 2 * (plane.MARKED_FONT if word == WORDS[0] else plane.FONT)
            assert half - 0.1 <= middle <= width - half + 0.1


def test_rows_travel_once_for_all_layers() -> None:
    spec = maps.word_map(WORDS, cloud(), LIGHT, groups=["a"] * 80, clickable=True)
    shared = [layer["data"] for layer in spec["layer"] if "name" in layer.get("data", {})]
    assert [("values" in data) for data in shared] == [True, False, False, False]
    assert [row["word"] for row in shared[0]["values"]] == WORDS


def test_links_join_their_words() -> None:
    spec = maps.word_map(WORDS[:9], cloud(9), LIGHT, links=[(0, 3), (0, 5)], width=400)
    assert marks(spec).count("rule") == 2  # links, and lines to labels that stand apart


def test_bars_show_words_and_numbers_and_mark_some() -> None:
    chart = neighbor_bars(["queen", "man", "rock"], [0.91, 0.5, -0.2], LIGHT, marked=["man"], clickable=True, width=300)
    shown = texts(export.to_svg(chart, LIGHT))
    assert {"queen", "man", "rock", "0.91", "0.50", "−0.20"} <= set(shown)
    assert clicks(chart) == ["pick"]
    assert neighbor_bars([], [], LIGHT)["height"] > 0


def test_rankings_join_the_words_that_stand_in_both() -> None:
    chart = two_rankings(["a", "b", "c"], ["c", "x", "a"], LIGHT, titles=("left", "right")) | {"width": 400}
    svg = export.to_svg(chart, LIGHT)
    assert sorted(texts(svg)) == sorted(["left", "right", "a", "b", "c", "c", "x", "a"])
    assert svg.count(b"<line") == 2


# Files ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_files_are_what_they_say_and_carry_the_theme(theme) -> None:
    chart = maps.word_map(WORDS[:20], cloud(20), theme, width=500, title="a title")
    assert export.to_png(chart, theme).startswith(b"\x89PNG")
    svg = export.to_svg(chart, theme)
    assert theme.paper.encode() in svg
    assert WORDS[0] in texts(svg)
    assert "a title" in texts(svg)


def test_hostile_words_are_text_in_pictures() -> None:
    svg = export.to_svg(maps.word_map(HOSTILE, cloud(6), LIGHT, width=800), LIGHT).decode()
    assert "<img" not in svg
    assert "&lt;img src=x onerror=alert(1)&gt;" in svg
    json.dumps(neighbor_bars(HOSTILE, [0.5] * 6, LIGHT, marked=HOSTILE[2:4]))


def test_the_meaning_of_the_way_across_stands_below_every_name_of_a_map_of_moves() -> None:
    moved = [arrows.Arrow(f"word{i}", (i - 5, -i), (i - 4.2, -i), "right") for i in range(10)]
    spec = arrows.moves_map(moved, ["right"], LIGHT, meaning="left to right") | {"width": 600}
    places = re.findall(
        r'transform="translate\([-\d.]+,([-\d.]+)\)"[^>]*>([^<]+)</text>', vl_convert.vegalite_to_svg(spec)
    )
    (below,) = (float(y) for y, said in places if said == "left to right")
    lowest = max(float(y) for y, said in places if said.startswith("word"))
    assert below - 12 > lowest  # text of 12 pixels: its baseline is below its top
