"""A step's numbers as a table: signs, tints and texts that look like HTML."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from embedlab.ui.tables.number_table import column, in_tex, written


def script() -> None:
    import numpy as np

    from embedlab.charts.theme import LIGHT
    from embedlab.ui.tables import number_table
    from embedlab.ui.tables.number_table import NumberGroup, RowName

    values = np.array([[1.0, -2.0], [np.nan, 0.0]])
    rows = [RowName("<img src=x onerror=alert(1)>", "<b>"), RowName("plain")]
    number_table.draw(rows, [NumberGroup("<i>", values, 1, names=("&", "b"))], LIGHT, first="word")


def test_words_like_html_are_shown_as_text_and_missing_numbers_left_out() -> None:
    app = AppTest.from_function(script).run()
    assert not app.exception
    (body,) = (element.proto.body for element in app.get("html"))
    assert "<bdi>&lt;img src=x onerror=alert(1)&gt;</bdi> <small>&lt;b&gt;</small>" in body
    assert ">&lt;i&gt;</th>" in body
    assert "<bdi>&amp;</bdi>" in body
    assert "<img" not in body
    assert body.count("<td") == 5  # the head's empty corner, and four cells
    assert "nan" not in body
    assert "#D55E006b" in body, "the largest number is tinted most, below zero orange"


@pytest.mark.parametrize(
    ("value", "text"), [(0.125, "0.12"), (-0.001, "0.00"), (-3.456, "−3.46"), (2e7, "2.0e+07"), (-np.inf, "−inf")]
)
def test_numbers_are_written_with_a_true_minus_and_no_minus_zero(value: float, text: str) -> None:
    assert written(value) == text


def test_numbers_for_formulas() -> None:
    assert in_tex(-0.001) == "0.00"
    assert in_tex(3.14159, 3) == "3.142"
    assert in_tex(2.5e7) == r"2.50\cdot 10^{7}"
    assert in_tex(float("inf")) == r"\text{inf}"
    assert column(np.array([1.0, -2.0])) == r"\begin{pmatrix}1.00\\-2.00\end{pmatrix}"
