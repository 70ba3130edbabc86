"""Columns of a table on its map, against plain Python."""

import numpy as np
import pytest

from embedlab.atlas.columns import CLASSES, MISSING, are_numbers, categories, divide, inside, matching

NUMBERS = [None if i == 3 else float(i) for i in range(100)]
NAMES = ["red", "green", None, "red", "blue", 3, "red", "green"]


def test_a_scale_is_cut_into_equal_parts_and_a_missing_value_is_none_of_them() -> None:
    assert are_numbers(NUMBERS)
    found = divide(NUMBERS)
    assert found.ordered
    assert found.numbers[3] == MISSING
    low, high = np.nanquantile([np.nan if v is None else v for v in NUMBERS], (0.02, 0.98))
    for value, number in zip(NUMBERS, found.numbers.tolist(), strict=True):
        if value is not None:
            assert number == min(CLASSES - 1, max(0, int((value - low) / (high - low) * CLASSES)))
    assert len(found.labels) == CLASSES


@pytest.mark.parametrize(
    ("low", "high", "count", "labels"),
    [
        (1900, 1939, 40, ("1903", "1909", "1914", "1920", "1925", "1930", "1936")),
        (0, 999, 1000, ("90", "230", "360", "500", "640", "770", "910")),
        (0.0, 1.0, 99, ("0.09", "0.23", "0.36", "0.5", "0.64", "0.77", "0.91")),
        (-0.5, 0.5, 99, ("-0.41", "-0.27", "-0.14", "0", "0.14", "0.27", "0.41")),
        (0.0, 3e7, 99, ("2.7e+06", "6.8e+06", "1.09e+07", "1.5e+07", "1.91e+07", "2.32e+07", "2.73e+07")),
    ],
)
def test_parts_of_a_scale_are_called_by_their_middles(
    low: float, high: float, count: int, labels: tuple[str, ...]
) -> None:
    assert divide(np.linspace(low, high, count).tolist()).labels == labels


def test_the_most_frequent_values_have_classes_of_their_own() -> None:
    assert not are_numbers(NAMES)
    assert categories(NAMES) == ["red", "green", "blue", "3"]
    assert divide(NAMES).numbers.tolist() == [0, 1, MISSING, 0, 2, 3, 0, 1]
    many = divide([f"c{i % 12}" for i in range(120)])
    assert many.labels == (*(f"c{i}" for i in range(CLASSES)), "other")
    assert many.numbers.max() == CLASSES
    assert divide([True, False, True]).labels == ("True", "False")
    assert not are_numbers([1, 2, 2, 1])  # a few numbers are names


@pytest.mark.parametrize(("wanted", "left"), [({"red", "3"}, [0, 3, 5, 6]), ((2.0, 3.0), [5])])
def test_a_filter_keeps_texts_or_a_range(wanted: set[str] | tuple[float, float], left: list[int]) -> None:
    assert np.flatnonzero(matching(NAMES, wanted)).tolist() == left


def test_an_outline_holds_what_lies_inside_it() -> None:
    points = np.random.default_rng(0).uniform(-1, 1, size=(2_000, 2)).astype(np.float32)
    corners = [[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [0.0, 0.0], [-0.5, 0.5]]  # a square without its upper triangle
    x, y = points.T
    expected = (abs(x) < 0.5) & (y > -0.5) & (y < abs(x))
    assert (inside(points, corners) == expected).all()
    assert (inside(points, corners[::-1]) == expected).all()
