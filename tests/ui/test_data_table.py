"""Records as a table: what is sent to the browser, against pandas, and how columns of numbers are written."""

import datetime
import math
import subprocess
import sys
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from embedlab.ui.tables.data_table import arrow, arrow_of, columns_of, for_dataframe

LISTS = st.lists(st.text(), max_size=3), st.lists(st.none() | st.integers(-9, 9), max_size=3)
CELLS = st.one_of(
    *(st.lists(st.none() | each, max_size=9) for each in LISTS),
    st.lists(st.none() | st.text(), max_size=9),
    st.lists(st.none() | st.integers(-(2**63), 2**63 - 1), max_size=9),
    st.lists(st.none() | st.booleans(), max_size=9),
    st.lists(st.none() | st.floats() | st.integers(-1000, 1000), max_size=9),
)


@given(CELLS)
def test_a_column_is_what_pyarrow_makes_of_it(values: list[Any]) -> None:
    (made,) = arrow_of({"x": values}).columns
    made.validate(full=True)
    expected = pa.array(values, from_pandas=True)  # NaN is missing
    assert made.to_pylist() == expected.to_pylist()
    lost = [value for value in values if isinstance(value, float) and math.isnan(value)]
    if not lost:  # of NaN alone, pyarrow says that it is a column of numbers
        assert made.type == expected.type


def test_records_are_columns_in_the_order_in_which_they_are_met() -> None:
    rows = [
        {"word": "a", "near": ["b", "c"]},
        {"word": "b", "count": np.int64(3)},
        {"count": 4, "share": np.float32(0.5)},
    ]
    made = arrow(rows)
    assert made.column_names == ["word", "near", "count", "share"]
    assert made.to_pydict() == {
        "word": ["a", "b", None],
        "near": [["b", "c"], None, None],
        "count": [None, 3, 4],
        "share": [None, None, 0.5],
    }
    assert made.to_pandas()["count"].tolist()[1:] == pd.DataFrame(rows)["count"].tolist()[1:]
    assert arrow([]).num_rows == 0


def test_whole_numbers_keep_their_digits() -> None:
    for numbers in ([2**64 - 1, 0, None], [-(2**63), 2**63 - 1]):
        assert arrow([{"x": number} for number in numbers])["x"].to_pylist() == numbers
    for huge in (2**64, -(2**63) - 1, 10**400):
        assert arrow([{"x": 1}, {"x": huge}])["x"].to_pylist() == ["1", str(huge)]


@pytest.mark.parametrize("other", [2**70, "text", ["a"], datetime.date(2026, 1, 31), math.inf])
def test_values_of_several_kinds_are_texts(other: object) -> None:
    (made,) = arrow([{"x": True}, {"x": None}, {"x": other}]).columns
    assert made.to_pylist() == ["True", None, str(other)]


def test_a_lone_half_of_a_pair_of_surrogates_is_replaced() -> None:
    assert arrow([{"x": "a\ud800"}])["x"].to_pylist() == ["a?"]


def test_an_empty_cell_says_nothing() -> None:
    def script() -> None:
        from embedlab.ui.tables import data_table

        data_table.draw([{"word": "a", "born": None}, {"word": "b", "born": 1901}])

    (drawn,) = AppTest.from_function(script).run().dataframe
    assert drawn.proto.HasField("placeholder")
    assert drawn.proto.placeholder == ""
    assert drawn.value["born"].tolist()[1] == 1901


def test_a_table_loads_no_pandas() -> None:
    script = (
        "import sys\nfrom embedlab.ui.tables import data_table\n"
        "data_table.draw([{'word': 'a', 'near': ['b'], 'count': 3, 'share': 0.5, 'is': True, 'none': None}])\n"
        "print('pandas' in sys.modules, 'pyarrow' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]


def test_columns_with_a_large_number_are_written_in_powers_of_ten_and_are_wider() -> None:
    given = [{"word": "a", "x": 0.5, "y": -1e18}, {"word": "b", "x": -3.0, "y": 0.25}]
    rows, columns = for_dataframe(given, {"x": 2, "y": 2}, width=52)
    assert rows == [{"word": "a", "x": 0.5, "y": "-1.0e+18"}, {"word": "b", "x": -3.0, "y": "2.5e-01"}]
    assert columns["x"]["type_config"]["format"] == "%.2f"
    assert columns["x"]["width"] == 52 < columns["y"]["width"]


def test_numbers_of_a_column_have_as_many_decimals_each() -> None:
    rows = [
        {"word": "a", "count": 2566, "share": 0.25, "loss": 0.51234},
        {"word": "b", "count": 7, "share": 1.0, "loss": 3},
    ]
    formats = {name: column["type_config"]["format"] for name, column in columns_of(rows).items()}
    assert formats == {"count": "localized", "share": "%.2f", "loss": "%.4f"}


def test_numbers_are_never_rounded_to_nothing() -> None:
    assert not columns_of([{"rate": 1e-5}, {"rate": 0.0}])
    assert columns_of([{"rate": 0.0}, {"rate": 1e-5}, {"rate": 0.25}])["rate"]["type_config"]["format"] == "%.2f"


@pytest.mark.parametrize("value", [True, "0.5", 2.8e35, np.nan, [1, 2]])
def test_columns_of_other_things_are_left_to_the_table(value: object) -> None:
    assert not columns_of([{"x": 1.5}, {"x": value}])
    assert columns_of([{"x": np.float32(0.5)}, {"x": None}])["x"]["type_config"]["format"] == "%.1f"
