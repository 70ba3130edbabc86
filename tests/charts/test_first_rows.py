"""The first vectors of a set as colored cells."""

import numpy as np
import pytest

from embedlab.charts.theme import DARK, LIGHT, Theme
from embedlab.ui.vectors.charts import first_rows


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_every_number_is_a_cell_that_names_its_word(theme: Theme) -> None:
    values = np.array([[0.5, -1.0, 0.25], [0.0, 2.0, -0.125]], np.float32)
    spec = first_rows(["a", "a"], values, theme)
    (cells,) = spec["layer"]
    rows = cells["data"]["values"]
    assert [(cell["row"], cell["word"], cell["number"], cell["value"]) for cell in rows] == [
        (0, "a", 1, 0.5), (0, "a", 2, -1.0), (0, "a", 3, 0.25), (1, "a", 1, 0.0), (1, "a", 2, 2.0), (1, "a", 3, -0.125),
    ]  # fmt: skip
    scale = cells["encoding"]["color"]["scale"]
    assert scale["domain"][0] == -scale["domain"][2] < scale["domain"][1] == 0 < scale["domain"][2] <= 2


def test_only_zeros_have_a_colour_too() -> None:
    spec = first_rows(["a"], np.zeros((1, 2), np.float32), LIGHT)
    assert spec["layer"][0]["encoding"]["color"]["scale"]["domain"] == [-1, 0, 1]
