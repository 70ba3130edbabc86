"""Tables as CSV: names of columns, and how numbers are written."""

import csv
import io
import math

import numpy as np
import pytest

from embedlab.ui.spreadsheets import records_to_csv, to_csv


def cells(column: str, *values: object) -> list[str]:
    head, *rows = csv.reader(io.StringIO(to_csv(["word", column], [("w", value) for value in values])))
    assert head == ["word", column.replace(" ", "_")]
    return [row[1] for row in rows]


def test_cosines_losses_and_shares_have_four_decimals_and_whole_numbers_none() -> None:
    values = [0.123456789, np.float32(0.1), 1.0, -0.00001, 1 / 3, 2.50001, 12, math.inf, None, math.nan]
    assert cells("similarity", *values) == ["0.1235", "0.1", "1", "0", "0.3333", "2.5", "12", "inf", "", ""]
    assert cells("loss", 3.14159) == cells("seed 0", 3.14159) == cells("similarity to a b", 3.14159) == ["3.1416"]


def test_numbers_of_vectors_read_back_as_the_same_float32() -> None:
    rng = np.random.default_rng(0)
    numbers = np.concatenate([rng.normal(size=2000), rng.normal(size=2000) * 10.0 ** rng.integers(-30, 30, 2000)])
    numbers = numbers.astype(np.float32)
    for column in ("d0", "gradient of d12"):
        written = cells(column, *numbers.tolist())
        assert (np.array(written, np.float32) == numbers).all()
        digits = [text.partition("e")[0].lstrip("-").replace(".", "").strip("0") for text in written]
        assert max(map(len, digits)) <= 9
    assert cells("d0", 0.1, 1.0, -0.5) == ["0.1", "1", "-0.5"]


def test_places_on_a_map_have_four_significant_digits_whatever_its_scale() -> None:
    values = [-23.456789, np.float32(0.123456), 0.00123456, 1234.56, 2.0, -0.0, math.nan]
    assert cells("x", *values) == cells("y", *values) == ["-23.46", "0.1235", "0.001235", "1235", "2", "0", ""]


def test_numbers_of_one_s_own_columns_come_back_as_they_were_given() -> None:
    values = [106.06, 1956193.7, -2391314.8, 1e-9, 12345678, 3.0, None, math.nan, "a"]
    expected = ["106.06", "1956193.7", "-2391314.8", "1e-09", "12345678", "3", "", "", "a"]
    assert cells("column price", *values) == expected


def test_whole_numbers_and_text_stay_as_they_are() -> None:
    assert cells("rank", 1, np.int64(20_000_000)) == ["1", "20000000"]
    assert cells("new", True, False) == ["True", "False"]
    assert records_to_csv([{"word": "=1", "given answer": "-a"}]) == "word,given_answer\n'=1,'-a\n"


@pytest.mark.parametrize("column", ["cosine", "Word", "place", "d", "dx", "seed one", "similarity to", ""])
def test_a_column_that_is_not_in_the_list_is_refused(column: str) -> None:
    with pytest.raises(KeyError):
        to_csv([column], [(1,)])
