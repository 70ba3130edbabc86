"""Templates: holes are filled, values are not looked through, and what is kept is never changed."""

import copy
import json

import altair as alt
import pytest

from benchmarks import store_templates
from embedlab.charts import templates
from embedlab.charts.bars import neighbor_bars
from embedlab.charts.templates import ROWS, fill, template
from embedlab.charts.theme import DARK


def points() -> alt.Chart:
    return alt.Chart(ROWS).mark_point().encode(x="x:Q", y=alt.Y("y:Q", scale=alt.Scale(domain=["@ends"])))


def test_the_first_layer_carries_the_rows_and_the_others_name_them() -> None:
    spec = template([points(), points()], numbers=("far",), width=300)
    filled = fill(spec, rows=[{"x": 1, "y": 2}], ends=[0, 5], far=7)
    assert [layer["data"] for layer in filled["layer"][:2]] == [
        {"name": "rows", "values": [{"x": 1, "y": 2}]},
        {"name": "rows"},
    ]
    assert filled["layer"][1]["encoding"]["y"]["scale"]["domain"] == [0, 5]
    assert filled["params"] == [{"name": "far", "value": 7}]
    assert filled["width"] == 300
    assert "data" not in filled, "rows of a whole chart would go through pandas"


def test_rows_used_by_two_layers_stay_in_them_and_no_theme_of_the_process_comes_in() -> None:
    lines = alt.Chart(alt.InlineData(values="@lines")).encode(x="x:Q")
    filled = fill(template([lines.mark_rule(), lines.mark_point()]), lines=[{"x": 3}])
    assert [layer["data"] for layer in filled["layer"]] == [{"values": [{"x": 3}]}] * 2
    assert "datasets" not in filled
    assert filled["config"] == {"axisY": {"labelFlush": False}}


def test_words_that_look_like_holes_are_words() -> None:
    rows = [{"word": "@ends", "x": 1, "y": 1}]
    assert fill(template([points()]), rows=rows, ends=["@rows"])["layer"][0]["data"]["values"] == rows


def test_a_template_stays_as_it_is() -> None:
    spec = template([points()])
    before = copy.deepcopy(spec)
    fill(spec, rows=[], ends=[0, 1])["layer"].clear()
    assert spec == before


def test_a_hole_without_a_value_is_a_mistake() -> None:
    with pytest.raises(KeyError, match="ends"):
        fill(template([points()]), rows=[])


def test_the_stored_templates_are_of_these_sources() -> None:
    file = json.loads(templates.FILE.read_text("utf-8"))
    assert file["made_from"] == templates.made_from(), "a chart has changed: run python -m benchmarks.store_templates"
    assert len(file["templates"]) > 60


def test_a_stored_template_is_what_altair_builds(monkeypatch: pytest.MonkeyPatch) -> None:
    def chart() -> templates.Spec:
        return neighbor_bars(["queen"], [0.7], DARK, clickable=True)

    monkeypatch.setattr(templates, "_made", {})
    from_file = chart()
    assert templates.made().items() <= json.loads(templates.FILE.read_text("utf-8"))["templates"].items()
    monkeypatch.setattr(templates, "_made", {})
    monkeypatch.setattr(templates, "_in_file", dict)
    assert chart() == from_file


@pytest.mark.long
def test_all_stored_templates_are_what_altair_builds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(templates, "_made", {})
    monkeypatch.setattr(templates, "_in_file", dict)
    built = json.loads(json.dumps(store_templates.collect()))
    assert built == json.loads(templates.FILE.read_text("utf-8"))["templates"]


def test_a_chart_that_met_half_of_pandas_is_built_again() -> None:
    met = []

    def build() -> templates.Spec:
        met.append("half" if not met else "all")
        if met == ["half"]:
            raise AttributeError("partially initialized module 'pandas' has no attribute 'Timestamp'")
        return {"width": 3}

    assert templates.stored(build)() == {"width": 3}
    assert met == ["half", "all"]


def test_another_error_of_a_chart_is_told() -> None:
    def build() -> templates.Spec:
        raise AttributeError("no such channel")

    with pytest.raises(AttributeError, match="no such channel"):
        templates.stored(build)()
