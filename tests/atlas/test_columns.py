"""Columns of a table on its map, against plain Python and pandas."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from embedlab.atlas.columns import (
    CLASSES,
    MISSING,
    Scale,
    categories,
    day_number,
    divide,
    inside,
    matching,
    moment,
    scale,
)

NUMBERS = [None if i == 3 else float(i) for i in range(100)]
NAMES = ["red", "green", None, "red", "blue", 3, "red", "green"]


def scaled(values: Sequence[Any]) -> Scale:
    found = scale(values)
    assert found is not None
    return found


def test_a_scale_is_cut_into_equal_parts_and_a_missing_value_is_none_of_them() -> None:
    found = divide(scaled(NUMBERS))
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
    assert divide(scaled(np.linspace(low, high, count).tolist())).labels == labels


def test_the_most_frequent_values_have_classes_of_their_own() -> None:
    assert scale(NAMES) is None
    assert categories(NAMES) == ["red", "green", "blue", "3"]
    assert divide(NAMES).numbers.tolist() == [0, 1, MISSING, 0, 2, 3, 0, 1]
    many = divide([f"c{i % 12}" for i in range(120)])
    assert many.labels == (*(f"c{i}" for i in range(CLASSES)), "other")
    assert many.numbers.max() == CLASSES
    assert divide([True, False, True]).labels == ("True", "False")
    assert scale([1, 2, 2, 1]) is None, "a few numbers are names"
    assert scale([True, *range(20)]) is None


@pytest.mark.parametrize(("wanted", "left"), [({"red", "3"}, [0, 3, 5, 6]), ("RE", [0, 1, 3, 6, 7]), ("3", [5])])
def test_a_filter_keeps_texts_or_what_contains_one(wanted: set[str] | str, left: list[int]) -> None:
    assert np.flatnonzero(matching(NAMES, wanted)).tolist() == left


def test_a_number_that_is_not_finite_is_a_missing_one() -> None:
    values = [float("inf"), -float("inf"), 10**400, None, *range(20)]
    found = scaled(values)
    assert (found.missing, found.ends, found.whole) == (4, (0, 19), True)
    assert np.flatnonzero(found.within(3, 5)).tolist() == [7, 8, 9]
    assert divide(found).numbers[:4].tolist() == [MISSING] * 4
    assert not found.numbers.flags.writeable


STAMPS = ["2024-01-02T03:04:05Z", "2024-01-02 03:04:05+0200", "2024-01-02 03:04:05.5", "2024-01-02 03:04", "1969-12-31"]


def test_dates_are_a_scale_as_pandas_reads_them() -> None:
    days = [str(date(2020, 1, 1) + timedelta(days=5 * at)) for at in range(40)]
    found = scaled([None, *days, *STAMPS, "2024-01", "2024/01/02"])
    assert found.dates
    read = [
        pd.Timestamp(text.replace("2024-01", "2024-01-01") if len(text) == 7 else text) for text in [*days, *STAMPS]
    ]
    utc = [stamp.tz_convert(None) if stamp.tz else stamp for stamp in read]
    expected = [(stamp - pd.Timestamp(0)) / pd.Timedelta(days=1) for stamp in utc]
    start = day_number(date(1970, 1, 1))
    assert (found.numbers[1:46] - start).tolist() == pytest.approx(expected, abs=1e-6)
    assert moment(found.numbers[46]) == datetime(2024, 1, 1)
    assert moment(found.numbers[47]) == datetime(2024, 1, 2)
    assert np.isnan(found.numbers[0])
    assert scale([*days, "2024-02-31"]) is None
    assert scale([*days, "soon"]) is None
    assert scale([f"1{at:03}-56" for at in range(20)]) is None, "no such month"
    assert scale([f"{2000 + at}/{at % 12 + 1:02}" for at in range(20)]) is None, "seasons"
    assert scale([["2020-01-01"], *days]) is None
    last = scaled([*days, "9999-12-31 23:59:59.999999", "0001-01-01"])
    assert moment(last.ends[1]).year == 9999
    assert moment(scaled([f"2020-01-{at:02} 03:04" for at in range(1, 30)]).ends[0]) == datetime(2020, 1, 1, 3, 4)


def test_a_column_that_is_nearly_all_one_value_is_divided_all_the_same() -> None:
    found = divide(scaled([0] * 2_000 + list(range(1, 11))))
    assert len(set(found.labels)) == CLASSES
    assert set(found.numbers[:2_000].tolist()) == {0}
    assert found.numbers[-1] == CLASSES - 1


@pytest.mark.parametrize(
    ("step", "labels"),
    [
        (timedelta(days=150), ("2021", "2023", "2025")),
        (timedelta(days=20), ("2020-03", "2020-06", "2020-10")),
        (timedelta(days=1), ("2020-01-04", "2020-01-09", "2020-01-15")),
        (timedelta(seconds=5), ("2020-01-01 00:00:17", "2020-01-01 00:00:44", "2020-01-01 00:01:10")),
        (timedelta(hours=1), ("2020-01-01 03:27", "2020-01-01 08:48", "2020-01-01 14:09")),
    ],
)
def test_parts_of_a_scale_of_dates_are_called_by_what_tells_them_apart(
    step: timedelta, labels: tuple[str, ...]
) -> None:
    found = divide(scaled([str(datetime(2020, 1, 1) + at * step) for at in range(40)]))
    assert found.ordered
    assert len(set(found.labels)) == CLASSES
    assert found.labels[:3] == labels


def test_an_outline_holds_what_lies_inside_it() -> None:
    points = np.random.default_rng(0).uniform(-1, 1, size=(2_000, 2)).astype(np.float32)
    corners = [[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [0.0, 0.0], [-0.5, 0.5]]  # a square without its upper triangle
    x, y = points.T
    expected = (abs(x) < 0.5) & (y > -0.5) & (y < abs(x))
    assert (inside(points, corners) == expected).all()
    assert (inside(points, corners[::-1]) == expected).all()
