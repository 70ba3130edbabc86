"""Analogies taken apart: both rankings, the plane of the arithmetic, the shelf, the picture with arrows."""

import re
from typing import Any

import numpy as np
import pytest
import vl_convert
from hypothesis import given
from hypothesis import strategies as st

from embedlab.charts import plane as planes
from embedlab.charts.labels import half_boxes
from embedlab.charts.theme import DARK, LIGHT, Theme
from embedlab.errors import InvalidSetting, InvalidText, UnknownWord
from embedlab.evaluation import classics
from embedlab.evaluation.classics import CLASSICS, FAILURES, Example, Outcome, example_of, fare
from embedlab.library.bundled import bundled_vectors
from embedlab.ui.analogies.charts import HEIGHT, analogy_arrows
from embedlab.vectors.analogy import pair_similarities, plane_through, solve
from embedlab.vectors.queries import analogy, closeness_to_mean, similarity
from embedlab.vectors.word_vectors import WordVectors

TINY = ("man", "woman", "king", "queen", "apple")  # the words of tiny_vectors


@given(seed=st.integers(0, 10_000), dimensions=st.integers(2, 300))
def test_the_plane_holds_its_points_and_the_fourth_corner(seed: int, dimensions: int) -> None:
    rng = np.random.default_rng(seed)
    a, b, c = rng.standard_normal((3, dimensions))
    plane = plane_through(a, b, c)
    np.testing.assert_allclose(plane.basis @ plane.basis.T, np.eye(2), atol=1e-9)
    points = np.stack([a, b, c, b - a + c])
    coordinates, off = plane.project(points)
    np.testing.assert_allclose(off, 0, atol=1e-7 * np.sqrt(dimensions))
    for i in range(4):  # nothing is stretched: distances in the plane are the real ones
        for j in range(4):
            drawn = np.linalg.norm(coordinates[i] - coordinates[j])
            assert drawn == pytest.approx(np.linalg.norm(points[i] - points[j]), abs=1e-6)
    np.testing.assert_allclose(coordinates[3] - coordinates[2], coordinates[1] - coordinates[0], atol=1e-7)
    assert coordinates[0].tolist() == [0, 0]
    assert coordinates[2][0] > 0
    assert coordinates[2][1] == pytest.approx(0, abs=1e-7)
    assert coordinates[1][1] >= 0


def test_the_distance_from_the_plane_is_that_of_geometry() -> None:
    plane = plane_through(np.zeros(3), np.array([0, 2, 0]), np.array([5, 0, 0]))
    coordinates, off = plane.project(np.array([[1, 2, 3], [1, 2, -3], [4, 4, 0]]))
    assert coordinates.tolist() == [[1, 2], [1, 2], [4, 4]]
    assert off.tolist() == [3, 3, 0]


@pytest.mark.parametrize(
    "points",
    [
        np.array([[0, 0, 0], [1, 0, 0], [2, 0, 0]]),  # on one line
        np.array([[1, 1, 1], [1, 1, 1], [2, 0, 0]]),  # b is a
        np.array([[1, 1, 1], [2, 0, 0], [1, 1, 1]]),  # c is a
        np.ones((3, 3)),
        np.array([[0, 0], [3, 4], [6, 8]]),
    ],
)
def test_points_on_a_line_get_a_plane_through_it(points: np.ndarray) -> None:
    plane = plane_through(*points)
    np.testing.assert_allclose(plane.basis @ plane.basis.T, np.eye(2), atol=1e-12)
    np.testing.assert_allclose(plane.project(points)[1], 0, atol=1e-12)


def test_one_dimension_has_no_second_direction() -> None:
    coordinates, off = plane_through(np.array([0.0]), np.array([1.0]), np.array([2.0])).project(np.array([[3.0]]))
    assert coordinates.tolist() == [[3, 0]]
    assert off.tolist() == [0]


def test_a_solved_analogy_has_both_rankings_and_the_plane(tiny_vectors: WordVectors) -> None:
    tiny_vectors = WordVectors(TINY, np.pad(tiny_vectors.matrix, ((0, 0), (0, 1))), source="with a third number, 0")
    found = solve(tiny_vectors, "man", "king", "woman", 4)
    assert list(found.left_out) == analogy(tiny_vectors, ["king", "woman"], ["man"], 4)
    assert list(found.left_in) == analogy(tiny_vectors, ["king", "woman"], ["man"], 4, include_inputs=True)
    assert found.other_answer == analogy(tiny_vectors, ["king", "woman"], ["man"], 1, method="3cosmul")[0].word
    assert found.drawn == ["man", "king", "woman", "king − man + woman", "queen", "apple"]
    assert found.place("queen") == 1
    assert found.place("apple") == 2
    assert found.place("king") is None
    assert found.coordinates.shape == (6, 2)
    np.testing.assert_allclose(found.off, 0, atol=1e-6)  # where the third number is 0 there is nothing off the plane
    unit = tiny_vectors.unit.astype(float)
    assert np.linalg.norm(found.coordinates[4] - found.coordinates[1]) == pytest.approx(
        np.linalg.norm(unit[3] - unit[2]), abs=1e-6
    )
    for array in (found.coordinates, found.off):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_two_numbers_are_drawn_as_they_are(tiny_vectors: WordVectors) -> None:
    found = solve(tiny_vectors, "man", "king", "woman")
    total = tiny_vectors["king"] - tiny_vectors["man"] + tiny_vectors["woman"]
    assert found.coordinates[:3].tolist() == [tiny_vectors[word].tolist() for word in ("man", "king", "woman")]
    assert found.coordinates[3].tolist() == total.tolist() == tiny_vectors["queen"].tolist()
    assert not found.off.any()
    line = WordVectors(["a", "b", "c", "d"], [[1], [2], [4], [-1]], source="made by hand")
    assert solve(line, "a", "b", "c").coordinates[:4].tolist() == [[1, 0], [2, 0], [4, 0], [5, 0]]


def test_the_method_is_kept(tiny_vectors: WordVectors) -> None:
    found = solve(tiny_vectors, "man", "king", "woman", 1, method="3cosmul")
    assert list(found.left_out) == analogy(tiny_vectors, ["king", "woman"], ["man"], 1, method="3cosmul")
    assert found.method == "3cosmul"


def test_spaces_and_capitals_are_forgiven(tiny_vectors: WordVectors) -> None:
    assert solve(tiny_vectors, " Man", "KING ", "woman").inputs == ("man", "king", "woman")


@pytest.mark.parametrize("words", [("", "king", "woman"), ("man", "  ", "woman"), ("", "", "")])
def test_an_empty_word_is_asked_for(tiny_vectors: WordVectors, words: tuple[str, str, str]) -> None:
    with pytest.raises(InvalidText, match="fill in all three boxes"):
        solve(tiny_vectors, *words)


@pytest.mark.parametrize("words", [("man", "man", "king"), ("man", "king", "man"), ("king", "man", "Man")])
def test_a_repeated_word_is_refused(tiny_vectors: WordVectors, words: tuple[str, str, str]) -> None:
    with pytest.raises(InvalidText, match="three different words: change the repeated one"):
        solve(tiny_vectors, *words)


def test_unknown_words_are_all_named(tiny_vectors: WordVectors) -> None:
    with pytest.raises(UnknownWord) as raised:
        solve(tiny_vectors, "mann", "kingg", "woman")
    assert raised.value.words == ("mann", "kingg")


def test_vectors_of_three_words_have_no_answer(tiny_vectors: WordVectors) -> None:
    with pytest.raises(InvalidSetting, match="3 words hold no other word"):
        solve(tiny_vectors.restrict(3), "man", "woman", "king")


def test_pairs_are_compared_and_sorted(tiny_vectors: WordVectors) -> None:
    found = pair_similarities(tiny_vectors, "man woman\n\nking, queen\nMan apple\nman woman\n")
    assert [pair[:2] for pair in found] == [("king", "queen"), ("man", "woman"), ("man", "apple")]
    for a, b, cosine in found:
        assert cosine == similarity(tiny_vectors, a, b)


@pytest.mark.parametrize(
    ("typed", "error", "named"),
    [
        ("", InvalidText, "There is no pair"),
        ("man woman\nking", InvalidText, "Line 2 has 1 word:"),
        ("man woman king", InvalidText, "Line 1 has 3 words"),
        ("\n".join(f"{a} {b}" for a in TINY for b in TINY), InvalidSetting, "25 pairs are too many"),
        ("man wooman\nkingg queen", UnknownWord, "“wooman”.*“kingg”"),
    ],
)
def test_pairs_that_cannot_be_compared_are_named(
    tiny_vectors: WordVectors, typed: str, error: type[Exception], named: str
) -> None:
    with pytest.raises(error) as raised:
        pair_similarities(tiny_vectors, typed)
    assert all(part in str(raised.value) for part in named.split(".*"))


def test_closeness_to_the_mean_ends_with_the_odd_one(tiny_vectors: WordVectors) -> None:
    ranked = closeness_to_mean(tiny_vectors, ["king", "apple", "queen"])
    assert [neighbor.word for neighbor in ranked][-1] == "apple"
    unit = tiny_vectors.unit[[2, 4, 3]].astype(float)
    mean = unit.mean(axis=0) / np.linalg.norm(unit.mean(axis=0))
    assert dict(ranked) == pytest.approx(dict(zip(["king", "apple", "queen"], unit @ mean, strict=True)), abs=1e-6)


def test_of_equally_odd_words_the_first_is_odd() -> None:
    vectors = WordVectors(list("abc"), np.ones((3, 2)), source="")
    assert closeness_to_mean(vectors, ["a", "b", "c"])[-1].word == "a"


def test_the_shelf_holds_the_twelve_classics_and_no_example_twice() -> None:
    asked = [example[:3] for example in (*CLASSICS, *FAILURES)]
    assert len(CLASSICS) == 12
    assert len(set(asked)) == len(asked)
    assert all(example.note for example in FAILURES)
    assert example_of("man", "king", "woman") == CLASSICS[0]
    assert example_of("man", "king", "boy") is None


def test_how_examples_come_out_is_asked_of_the_vectors(tiny_vectors: WordVectors) -> None:
    right, wrong = Example("man", "king", "woman", "queen"), Example("man", "king", "woman", "apple")
    forbidden, unknown = Example("man", "king", "woman", "king"), Example("man", "king", "woman", "princess")
    assert fare(tiny_vectors, [right, wrong, forbidden, unknown]) == [
        Outcome(right, "queen", "woman", 1),
        Outcome(wrong, "queen", "woman", 2),
        Outcome(forbidden, "queen", "woman", None),
    ]


def test_an_expected_word_far_down_has_no_place(tiny_vectors: WordVectors, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(classics, "_DEPTH", 1)
    (outcome,) = fare(tiny_vectors, [Example("man", "king", "woman", "apple")])
    assert outcome.place is None


def test_the_usual_distance_from_the_plane_is_that_of_words_of_all_the_vocabulary() -> None:
    rng = np.random.default_rng(0)
    vectors = WordVectors([f"w{i}" for i in range(1_200)], rng.normal(size=(1_200, 6)), source="test")
    given = vectors.unit[:3].astype(np.float64)
    basis, _ = np.linalg.qr((given[1:] - given[0]).T)  # (D, 2)
    moved = vectors.unit - given[0]
    off = np.linalg.norm(moved - moved @ basis @ basis.T, axis=1)
    found = solve(vectors, "w0", "w1", "w2")
    assert found.usual_distance == pytest.approx(off[::3].mean(), rel=1e-5) == pytest.approx(off.mean(), rel=0.05)


def layers(chart: Any, kind: str) -> list[dict[str, Any]]:
    return [layer for layer in chart["layer"] if layer["mark"]["type"] == kind]


@pytest.fixture
def drawing() -> tuple[list[str], np.ndarray, np.ndarray]:
    names = ["a", "b", "c", "b − a + c", "best", "second"]
    coordinates = np.array([[0, 0], [1, 3], [2, 0], [3, 3], [2, 2.5], [1, 1]])
    return names, coordinates, np.array([0, 0, 0, 0, 0.5, 0.25])


def test_both_arrows_are_the_same_arrow(drawing: tuple[list[str], np.ndarray, np.ndarray]) -> None:
    (heads,) = (layer for layer in layers(analogy_arrows(*drawing, LIGHT), "point") if "angle" in layer["encoding"])
    first, second = heads["data"]["values"]
    assert first["angle"] == second["angle"] == pytest.approx(np.degrees(np.arctan2(1, 3)), abs=1e-3)
    for end, start in (("u2", "u"), ("v2", "v")):
        assert first[end] - first[start] == pytest.approx(second[end] - second[start], abs=2e-4)
    plane = planes.Plane.around(drawing[1], HEIGHT, margin=(0, 0), stretched=False)
    assert [[second["u2"], second["v2"]]] == plane.centered(drawing[1][3:4]).round(4).tolist()


def test_answers_say_how_far_off_the_plane_they_are(drawing: tuple[list[str], np.ndarray, np.ndarray]) -> None:
    points = next(layer for layer in layers(analogy_arrows(*drawing, LIGHT), "point") if "shape" in layer["encoding"])
    rows = points["data"]["values"]
    assert [row["label"] for row in rows] == ["a", "b", "c", "b − a + c", "best ↕0.50", "second ↕0.25"]
    assert [row["kind"] for row in rows] == ["given"] * 3 + ["the sum"] + ["answers"] * 2
    assert all(row["shown"] == [True] * len(planes.WIDTHS) for row in rows[:5])


@pytest.mark.parametrize("example", [*CLASSICS, *FAILURES], ids=lambda example: example.title)
def test_every_answer_has_its_name_at_every_width_and_covers_no_point(example: Example) -> None:
    solved = solve(bundled_vectors(), *example[:3])
    chart = analogy_arrows(solved.drawn, solved.coordinates, solved.off, LIGHT)
    rows = next(layer for layer in layers(chart, "point") if "shape" in layer["encoding"])["data"]["values"]
    assert all(row["shown"] == [True] * len(planes.WIDTHS) for row in rows)
    plane = planes.Plane.around(np.asarray(solved.coordinates), HEIGHT, margin=(64.0, 34.0), stretched=False)
    for tier, width in enumerate(planes.WIDTHS):
        points = plane.pixels(np.asarray(solved.coordinates), width)
        middles = (np.array([[row["lu"][tier], row["lv"][tier]] for row in rows]) * plane._lengths(width)) * [1, -1]
        middles += np.array([width, HEIGHT]) / 2
        names = [row["label" if tier else "brief"] for row in rows]
        half = half_boxes(names, np.array([16.5] * 5 + [12.5] * (len(rows) - 5)))
        inside = (np.abs(middles[4:, None] - points) < half[4:, None]).all(axis=2)
        assert not inside.any()


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
@pytest.mark.parametrize("width", [320, 640])
def test_the_picture_can_be_drawn(drawing: tuple[list[str], np.ndarray, np.ndarray], theme: Theme, width: int) -> None:
    names = ["<img src=x>", *drawing[0][1:]]
    drawn = vl_convert.vegalite_to_svg(analogy_arrows(names, *drawing[1:], theme, width=width))
    for label in ("&lt;img src=x&gt;", "b − a + c", "best ↕0.50"):
        assert label in drawn


def test_long_names_are_cut() -> None:
    names = ["a" * 100, "b", "c", "sum", "d"]
    (points, *_) = layers(analogy_arrows(names, np.random.default_rng(0).random((5, 2)), np.zeros(5), LIGHT), "point")
    assert points["data"]["values"][0]["label"] == "a" * 35 + "…"


def test_points_in_one_place_can_be_drawn() -> None:
    chart = analogy_arrows(["a", "b", "c", "sum", "d"], np.zeros((5, 2)), np.zeros(5), LIGHT)
    assert len(layers(chart, "rule")) == 3


def test_a_picture_that_is_fitted_to_its_place_keeps_its_heights(
    drawing: tuple[list[str], np.ndarray, np.ndarray],
) -> None:
    chart = analogy_arrows(*drawing, LIGHT, width=2_000)  # so wide that the height alone decides
    fitted = chart | {"autosize": {"type": "fit", "contains": "padding"}, "padding": 20}  # as Streamlit does
    heights = [
        re.findall(r"<text[^>]*translate\([-\d.]+,([-\d.]+)\)", vl_convert.vegalite_to_svg(spec))
        for spec in (chart, fitted)
    ]
    assert heights[0] == heights[1] != []
