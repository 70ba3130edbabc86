"""The page Atlas without a browser: what it says, other sets and their layout, tables of one's own."""

import csv
import dataclasses
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from embedlab.atlas import districts, kept_maps
from embedlab.atlas.comparing import moved
from embedlab.atlas.kept_maps import bundled_map
from embedlab.atlas.word_map import whole
from embedlab.charts.theme import LIGHT
from embedlab.comparison.overlap import neighbor_overlap
from embedlab.formats import LoadedTable
from embedlab.library.bundled import COUNTED, bundled_vectors, counted_vectors
from embedlab.ui import cache, vector_choice
from embedlab.ui.atlas import canvas, maps, table
from embedlab.ui.atlas.canvas import Outline
from embedlab.ui.atlas.form import Settings
from embedlab.ui.atlas.results import Found
from embedlab.ui.atlas.selection import Second
from embedlab.vectors.queries import nearest_neighbors
from embedlab.vectors.word_vectors import WordVectors
from tests.pages.page import figures, finished, open_page, plain, press, told

STOP = "Stop the layout"
RANDOM = np.random.default_rng(0)
LEFT = [[-1, -1], [0, -1], [0, 1], [-1, 1]]  # the left half of a map
CENTERS = RANDOM.normal(size=(3, 8))
KINDS = ("fruit", "tool", "town")
TABLE = LoadedTable(
    [f"{KINDS[i % 3]} {i}" for i in range(240)],
    np.float32([CENTERS[i % 3] + 0.3 * RANDOM.normal(size=8) for i in range(240)]),
    {
        "kind": [KINDS[i % 3] for i in range(240)],
        "year": [None if i == 5 else 1900 + i % 40 for i in range(240)],
        "district": [f"own {i}" for i in range(240)],
    },
    source="made by hand",
)


@pytest.fixture(autouse=True)
def no_map_is_kept_from_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMBEDLAB_HOME", str(tmp_path))


def opened(vectors: WordVectors, after: WordVectors | None = None, **link: str | list[str]) -> AppTest:
    """The page in a session that chose these vectors, which are called “mine”, and has others, called “after”."""
    visitor = vector_choice.Visitor()
    own = {"mine": vectors} | ({} if after is None else {"after": after})
    for name, one in own.items():
        vector_choice.holdings().put((visitor.id, name), one, None, name=name, owner=visitor.id, user=visitor.id)
    state = {"_visitor": visitor, "_own_vectors": dict.fromkeys(own)}
    return open_page("pages/13_Atlas.py", state, vectors="mine", **link)


def components(app: AppTest) -> dict[str, Any]:
    """What each component of the canvas was given, by its name."""
    found = {}
    for element in app.get("bidi_component"):
        name = element.proto.component_name.rpartition(".")[2].removeprefix("embedlab_atlas_")
        found[name] = json.loads(element.proto.json) if element.proto.json else element.proto.bytes
    return found


def changed(table: LoadedTable) -> WordVectors:
    """The same words but for the first forty, of which the last hundred have turned into another group."""
    matrix = table.matrix.copy()
    matrix[140:] = np.roll(matrix[140:], 1, axis=0)
    return WordVectors(table.words[40:], matrix[40:], source="changed")


def layer(data: bytes) -> tuple[dict[str, Any], Any]:
    """A layer's head and its numbers."""
    length = int.from_bytes(data[:4], "little")
    return json.loads(data[4 : 4 + length]), np.frombuffer(data, np.uint8, offset=4 + length)


def test_the_first_view_names_what_the_map_keeps() -> None:
    app = open_page("pages/13_Atlas.py")
    shown, drawn = components(app)["shown"], bundled_map("predicted")
    near = nearest_neighbors(bundled_vectors(), "king", 10)
    assert [drawn.words[row] for row in shown["near"]] == [neighbor.word for neighbor in near]
    assert drawn.words[shown["word"]] == "king"
    assert figures(app)["Nearest to “king” kept near"] == f"{drawn.kept_of('king')} of 10"
    assert figures(app)["Kept near by those around it"] == f"{drawn.kept[drawn.index['king']]:.0%}"
    assert f"This map keeps **{drawn.share_kept:.0%}**" in told(app)
    assert len(components(app)["map"]) < 800_000
    assert shown["cosines"] == pytest.approx([neighbor.similarity for neighbor in near], abs=0.005)
    assert len(json.dumps(shown)) < 300
    head, numbers = layer(components(app)["paint"])
    assert "labels" not in head
    hues = districts.hues(drawn.district_places, len(LIGHT.palette))
    np.testing.assert_array_equal(numbers, np.array(hues)[drawn.districts])
    press(app, "Where the map can be trusted")
    head, numbers = layer(components(app)["paint"])
    low, high = np.quantile(drawn.kept, [0.03, 0.97])
    assert [int(label.split("%")[0]) for label in head["labels"]] == [
        round(100 * share) for share in np.linspace(low, high, 7).tolist()
    ]
    order = np.argsort(drawn.kept, kind="stable")
    assert (np.diff(numbers[order].astype(int)) >= 0).all()
    assert set(numbers.tolist()) == set(range(7))


def test_the_words_that_changed_most_keep_fewest_neighbors() -> None:
    app = open_page("pages/13_Atlas.py", beside_map=COUNTED)
    rows = app.dataframe[0].value
    common = moved(bundled_map("predicted"), bundled_map("counted")).words[:5_000]
    agreed = neighbor_overlap(bundled_vectors(), counted_vectors(), 10, common)
    counts = [int(said.split()[0]) for said in rows["neighbors in common"]]
    assert counts == [round(agreed[word] * 10) for word in rows["word"]]
    assert counts == sorted(round(share * 10) for share in agreed.values())[:40]
    for count in set(counts):
        own = [far for far, other in zip(rows["moved"], counts, strict=True) if other == count]
        assert own == sorted(own, reverse=True)


def test_a_small_set_is_laid_out_at_once_and_colored_filtered_and_listed_by_its_columns() -> None:
    app = opened(TABLE, color="Column: kind", atlas_tab="Words")
    finished(app, STOP)
    shown = components(app)
    head, numbers = layer(shown["paint"])
    assert head["labels"] == list(KINDS)
    assert numbers.tolist() == [i % 3 for i in range(240)]
    assert "kind: " in plain(told(app))
    app.selectbox(key="color").select("Column: year").run()
    head, numbers = layer(components(app)["paint"])
    assert numbers[5] == 254
    assert numbers.max() == 254
    assert sorted(set(numbers.tolist()) - {254}) == list(range(7))
    app.selectbox(key="filter").select("kind").run()
    app.multiselect(key="filter_values_kind").select("tool").run()
    _, numbers = layer(components(app)["paint"])
    assert [i for i, number in enumerate(numbers) if number != 255] == list(range(1, 240, 3))
    assert list(app.dataframe[0].value["word"]) == [TABLE.words[0]], "the one that is picked"
    records = app.dataframe[1].value
    assert set(records["kind"]) == {"tool"}
    assert len(records) == 80
    assert list(records["district (own)"][:2]) == ["own 1", "own 4"]
    shown = json.loads(app.dataframe[1].proto.columns)
    assert shown["neighbors kept"]["type_config"]["format"] == "localized"
    assert "type_config" not in shown["year"], "a year is no count"
    found = maps.ready(TABLE)
    assert found is not None
    app.session_state["_atlas_outline"] = ((cache.serial(TABLE), None), Outline(LEFT))
    app.run()
    half = int((found.word_map.positions[1::3, 0] < 0).sum())
    assert f"{half} words inside the outline and left by the filter" in plain(told(app))
    assert f"**{half} words** inside the outline and left by the filter" in app.caption[2].value
    settings = Settings(vector_choice.Loaded("mine", TABLE, None, "", 0), "", "Districts")
    text = table.as_csv(Found(settings, found, TABLE.words[0], []), np.array([5, 7]))
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["word"] for row in rows] == ["town 5", "tool 7"]
    assert [(row["column_kind"], row["column_year"]) for row in rows] == [("town", ""), ("tool", "1907")]
    assert [(row["column_district"], row["district"]) for row in rows] == [
        (f"own {row}", found.word_map.district_names[found.word_map.districts[row]]) for row in (5, 7)
    ]
    assert [float(row["x"]) for row in rows] == pytest.approx(found.word_map.positions[[5, 7], 0].tolist(), abs=1e-3)


def test_of_several_typed_words_the_first_is_shown_and_that_is_said() -> None:
    app = open_page("pages/13_Atlas.py", word="paris london")
    drawn = bundled_map("predicted")
    assert drawn.words[components(app)["shown"]["word"]] == "paris"
    assert [info.value for info in app.info] == ["Only “paris” is shown; the page Neighbors compares several words."]
    app.text_input(key="word").input("paris").run()
    assert not app.info
    app.text_input(key="word").input("paris zzqqx").run()
    assert not app.info, "there is no other word to compare"
    assert "“zzqqx” is not among the 50,000 words" in plain(app.error[0].value)
    assert drawn.words[components(app)["shown"]["word"]] == "paris"
    app.text_input(key="word").input("qqxz qqzx").run()
    assert not app.info, "none of them is shown"


def test_where_some_words_are_placed_by_others_the_card_says_which_are_counted_and_which_are_listed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = open_page("pages/13_Atlas.py", word="king")
    assert "nearest of all" not in plain(told(app))
    part = maps.Ready(dataclasses.replace(bundled_map("predicted"), laid_out=40_000))
    monkeypatch.setattr(maps, "ready", lambda *_: part)
    app.run()
    said = plain(told(app))
    assert "Of its 10 nearest among the first 40,000 words, **3** are near here." in said
    assert "Bars and lines show the nearest of all 50,000." in said


def test_nothing_is_said_of_a_word_s_missing_value() -> None:
    app = opened(TABLE, word="town 5")
    finished(app, STOP)
    assert "kind: town" in plain(told(app))
    assert "year" not in plain(told(app))


def test_words_move_to_another_set_of_one_s_own_from_whose_start_it_is_laid_out_and_kept() -> None:
    after = changed(TABLE)
    app = opened(TABLE, after, color="Column: kind", beside_map="after")
    finished(app, STOP)
    first = maps.ready(TABLE)
    assert first is not None
    second = maps.ready(after, first.word_map)
    assert second is not None
    assert second.word_map.started_from == TABLE.source
    both = moved(first.word_map, second.word_map)
    head, places = layer(components(app)["second"])
    assert head["names"] == ["mine", "after"]
    numbers = places[: len(places) // 5 * 4].view("<i2").reshape(-1, 2)[:240]  # then the districts', and levels
    assert (numbers[:40] == -32_768).all()
    assert "“after” has 200 of the 240 words; the others go away. Of 200 words" in plain(told(app))
    assert f"“{TABLE.words[0]}” is not on the map of after." in plain(told(app))
    assert f"keeps {second.word_map.share_kept:.0%} of each word’s nearest" in plain(told(app))
    np.testing.assert_array_equal(numbers[both.rows[0]], whole(both.second.clip(-1, 1)))
    assert layer(components(app)["paint"])[0]["labels"] == list(KINDS)
    rows = app.dataframe[0].value
    agreed = neighbor_overlap(TABLE, after, 10, list(rows["word"]))
    assert [int(said.split()[0]) for said in rows["neighbors in common"]] == [
        round(share * 10) for share in agreed.values()
    ]
    again = kept_maps.find_map(after, first.word_map)
    assert again is not None
    np.testing.assert_array_equal(again.positions, second.word_map.positions)
    assert kept_maps.find_map(after) is None


@pytest.mark.parametrize("mix", [1, 0.25])
def test_an_outline_holds_the_words_that_are_inside_where_they_had_moved_to(mix: float) -> None:
    after = changed(TABLE)
    app = opened(TABLE, after, beside_map="after", atlas_tab="Words")
    finished(app, STOP)
    app.session_state["_atlas_outline"] = ((cache.serial(TABLE), "after"), Outline(LEFT, mix))
    app.run()
    first = maps.ready(TABLE)
    assert first is not None
    second = maps.ready(after, first.word_map)
    assert second is not None
    places = dict(zip(after.words, moved(first.word_map, second.word_map).second, strict=True))
    at = {word: (1 - mix) * first.word_map.positions[i, 0] for i, word in enumerate(TABLE.words) if word in places}
    inside = [word for word, x in at.items() if x + mix * places[word][0] < 0]
    how = "at their places" if mix == 1 else "on their way to their places"
    assert f"{len(inside)} words inside the outline that was drawn {how} in “after”" in plain(told(app))
    assert list(app.dataframe[-1].value["word"]) == inside
    assert components(app)["shown"]["outline"] == [LEFT, mix]
    settings = Settings(vector_choice.Loaded("mine", TABLE, None, "", 0), "", "Districts")
    there = np.float32([places.get(word, (np.nan, np.nan)) for word in TABLE.words])
    text = table.as_csv(Found(settings, first, "", [], second=Second("after", there, b"")), np.array([0, 50]))
    lacks, has = csv.DictReader(io.StringIO(text))
    assert (lacks["other_x"], lacks["other_y"]) == ("", "")
    assert [float(has[name]) for name in ("other_x", "other_y")] == pytest.approx(there[50].tolist(), rel=1e-3)
    app.selectbox(key="beside_map").select("None").run()
    assert "outline" not in components(app)["shown"], "no word is there any more"
    assert "inside the outline" not in plain(told(app))


DAYS = [None if i == 5 else f"{2000 + i // 12}-{i % 12 + 1:02}-15" for i in range(240)]
WEIGHTS = [float("inf") if i == 7 else i / 10 for i in range(240)]


def test_dates_and_numbers_are_filtered_by_a_range_and_words_without_one_are_counted() -> None:
    dated = LoadedTable(
        TABLE.words, TABLE.matrix[::-1], {"day": DAYS, "weight": WEIGHTS, "empty": [None] * 240}, source="d"
    )
    app = opened(dated, color="Column: day", filter="day", filter_range_day=["2003-01-15", "2003-12-14"])
    finished(app, STOP)
    head, numbers = layer(components(app)["paint"])
    assert len(head["labels"]) == 7
    assert head["colors"] == canvas.STEPS
    assert np.flatnonzero(numbers != 255).tolist() == list(range(36, 47))
    assert "1 word has no value and is left out" in plain(told(app))
    app.selectbox(key="filter").select("weight").run()
    app.slider(key="filter_range_weight").set_range(0.0, 1.0).run()
    _, numbers = layer(components(app)["paint"])
    assert np.flatnonzero(numbers != 255).tolist() == [0, 1, 2, 3, 4, 5, 6, 8, 9, 10]
    app.selectbox(key="filter").select("empty").run()
    assert "No word has a value here." in plain(told(app))
    assert (layer(components(app)["paint"])[1] != 255).all()


ODD = {  # columns of numbers and dates that a slider does not take as they are
    "small": [i * 1e-7 for i in range(60)],
    "long": [2**60 + 1000 * i for i in range(60)],
    "huge": [1e290 * i for i in range(60)],
    "negative": [-i / 7 for i in range(60)],
    "far away": [f"{1 + i * 150:04}-07-01" for i in range(60)],
    "one day": [f"2024-01-01 {i // 4:02}:{i % 4 * 15:02}" for i in range(60)],
}


@pytest.mark.parametrize("name", ODD)
def test_a_range_leaves_all_words_until_it_is_narrowed(name: str) -> None:
    table = LoadedTable(TABLE.words[:60], TABLE.matrix[100:160], ODD, source="odd numbers")
    app = opened(table, filter=name)
    finished(app, STOP)
    assert (layer(components(app)["paint"])[1] != 255).all()
    box = app.slider(key=f"filter_range_{name}")
    least, most = box.value
    middle = least + (most - least) / 2
    box.set_range(least, int(middle) if isinstance(least, int) else middle).run()
    left = np.flatnonzero(layer(components(app)["paint"])[1] != 255)
    half = np.arange(30, 60) if name == "negative" else np.arange(30)
    assert len(set(left.tolist()) ^ set(half.tolist())) <= 2, "the words of one half"


def test_a_part_of_a_text_finds_it_and_leaves_only_those_that_contain_it() -> None:
    texts = [f"a text about {KINDS[i % 3]} number {i} of many" for i in range(60)]
    app = opened(LoadedTable(texts, TABLE.matrix[:60], {"id": list(range(60))}, source="texts"), word="NUMBER 1")
    finished(app, STOP)
    holding = [i for i, text in enumerate(texts) if "number 1" in text]
    assert components(app)["shown"]["word"] == holding[0] == 1
    assert f"First of {len(holding)} texts with “NUMBER 1”." in plain(told(app))
    app.selectbox(key="filter").select("What they contain").run()
    app.text_input(key="filter_part").input("Tool").run()
    _, numbers = layer(components(app)["paint"])
    assert np.flatnonzero(numbers != 255).tolist() == list(range(1, 60, 3))
    assert "**20 texts** left by the filter" in plain(told(app))
    app.text_input(key="word").input("no such thing").run()
    assert "None of the 60 texts has “no such thing” in it" in plain(app.error[0].value)


def test_a_district_without_a_word_in_the_other_set_has_no_place_there() -> None:
    first = opened(TABLE)
    finished(first, STOP)
    ready = maps.ready(TABLE)
    assert ready is not None
    drawn = ready.word_map
    left_out = int(drawn.districts[0])
    rows = np.flatnonzero(drawn.districts != left_out)
    after = WordVectors([TABLE.words[row] for row in rows.tolist()], TABLE.matrix[rows], source="without a district")
    app = opened(TABLE, after, beside_map="after")
    finished(app, STOP)
    _, data = layer(components(app)["second"])
    places = data[: len(data) // 5 * 4].view("<i2").reshape(-1, 2)[240:]
    assert len(places) == len(drawn.district_names)
    assert np.flatnonzero((places == -32_768).all(axis=1)).tolist() == [left_out]


def test_another_set_that_shares_no_words_moves_nothing() -> None:
    other = WordVectors([f"w{i}" for i in range(50)], RANDOM.normal(size=(50, 8)), source="other")
    app = opened(TABLE, other, beside_map="after")
    finished(app, STOP)
    assert "shares 0 of these words" in plain(app.info[0].value)
    assert "second" not in components(app)


def test_a_link_keeps_what_a_filter_leaves() -> None:
    app = opened(TABLE, filter="kind", filter_values_kind="tool", atlas_tab="Words")
    finished(app, STOP)
    assert len(app.dataframe[1].value) == 80
    app = opened(TABLE, filter="year", filter_range_year=["1910", "1912"], atlas_tab="Words")
    finished(app, STOP)
    assert set(app.dataframe[1].value["year"]) == {1910, 1911, 1912}


def test_vectors_of_the_same_name_and_size_have_no_answer_of_the_ones_before() -> None:
    app = opened(TABLE, word=TABLE.words[0])
    finished(app, STOP)
    other = WordVectors([f"w{i}" for i in range(240)], RANDOM.normal(size=(240, 8)), source=TABLE.source)
    assert repr(other) == repr(TABLE).replace("LoadedTable", "WordVectors")
    visitor = app.session_state["_visitor"]
    vector_choice.holdings().put((visitor.id, "mine"), other, None, name="mine", owner=visitor.id, user=visitor.id)
    app.text_input(key="word").set_value("").run()
    finished(app, STOP)
    assert components(app)["shown"]["words"] == 240
    assert not app.error


def test_of_a_link_to_a_set_that_is_not_loaded_only_that_is_said() -> None:
    asked = {"color": "Column: kind", "filter": "kind", "filter_values_kind": "tool", "word": "town 5", "view": "0,0,2"}
    app = open_page("pages/13_Atlas.py", vectors="mine", **asked)
    assert len(app.info) == 1
    assert app.info[0].value.startswith("“mine” is not loaded")
    assert not app.error
    assert bundled_map("predicted").words[components(app)["shown"]["word"]] == "king"


def test_an_empty_box_leaves_the_word_and_says_nothing() -> None:
    app = open_page("pages/13_Atlas.py", word="violin")
    app.text_input(key="word").set_value("").run()
    assert bundled_map("predicted").words[components(app)["shown"]["word"]] == "violin"
    assert not app.error


def test_a_long_text_is_cut_in_sentences_and_whole_in_its_card() -> None:
    texts = [f"a text about {KINDS[i % 3]} number {i} that goes on, " * 3 for i in range(60)]
    app = opened(WordVectors(texts, TABLE.matrix[:60], source="texts"), word=texts[7])
    finished(app, STOP)
    assert components(app)["shown"]["word"] == 7
    assert f"> {texts[7]}".strip() in plain(told(app))
    assert texts[7] not in "".join(figures(app))


def test_a_larger_set_waits_for_a_button_and_keeps_its_map(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maps, "AT_ONCE", 100)
    vectors = WordVectors([f"w{i}" for i in range(150)], RANDOM.normal(size=(150, 6)), source="made by hand")
    app = opened(vectors)
    assert "map" not in components(app)
    assert [button for button in app.button if str(button.key).startswith("look atlas ")]
    press(app, "Lay out its 150 words")
    finished(app, STOP)
    assert components(app)["shown"]["word"] >= 0
    again = WordVectors(vectors.words, vectors.matrix, source="made by hand")
    assert "map" in components(opened(again))


def test_vectors_that_lie_on_one_spot_are_said_to_make_no_map() -> None:
    app = opened(WordVectors([f"w{i}" for i in range(30)], np.ones((30, 4)), source="made by hand"))
    finished(app, STOP)
    assert not app.error
    assert "3 different directions or more; these vectors have 1" in plain(app.info[0].value)
    assert any(str(button.key).startswith("look atlas ") for button in app.button), (
        "what they hold is shown all the same"
    )
    assert "map" not in components(app)
