"""Neighbors: what it shows when it opens, what a query, a list, axes and a link bring, and what bad input leaves."""

import csv
import io
import json
import zipfile
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from embedlab.charts.theme import LIGHT
from embedlab.errors import InvalidText
from embedlab.evaluation.stability import agreement, bundled_resamples, unstable
from embedlab.library.bundled import bundled_vectors
from embedlab.projection import pca, semantic_axes, tsne
from embedlab.ui.neighbors import files, results
from embedlab.ui.neighbors.form import ANIMALS, EXAMPLES, Settings, pair
from embedlab.ui.shell import as_text
from embedlab.vectors.measures.senses import evidence, senses, without_sense
from embedlab.vectors.neighborhood import gather
from embedlab.vectors.queries import nearest_neighbors
from embedlab.vectors.spelling import quoted
from embedlab.vectors.word_vectors import WordVectors
from tests.pages.ngrams import with_ngrams
from tests.pages.page import (
    chart,
    charts,
    checked,
    figures,
    finished,
    open_page,
    plain,
    press,
    row_of,
    rows,
    spec,
    told,
)


def run(app: AppTest) -> AppTest:
    """Runs the page until its map is no longer being made."""
    return finished(checked(app.run()), "Stop the map")


def opened(**link: str) -> AppTest:
    """The page, opened by a link with these parameters."""
    return finished(open_page("pages/7_Neighbors.py", **link), "Stop the map")


@pytest.fixture
def app() -> AppTest:
    return opened(map="PCA")


def bars(app: AppTest, number: int = 0) -> list[str]:
    """Words of a picture of bars, nearest first."""
    return [row["word"] for row in rows(charts(app)[number])]


def on_map(app: AppTest) -> dict[str, dict[str, Any]]:
    """Rows of the map by word."""
    layers = [layer for chart in charts(app) for layer in spec(chart)["layer"]]
    found = next(rows for layer in layers if "lu" in ((rows := layer["data"].get("values")) or [{}])[0])
    return {row["word"]: row for row in found}


def nearest(word: str, k: int = 10) -> list[str]:
    return [n.word for n in nearest_neighbors(bundled_vectors(), word, k)]


def submit(app: AppTest) -> AppTest:
    app.button[0].click()
    return run(app)


def test_it_opens_with_the_answer_and_a_tsne_map_that_can_be_played() -> None:
    app = opened()
    assert not app.error
    assert app.text_input(key="word").value == "king"
    assert bars(app) == nearest("king")
    assert set(on_map(app)) == {"king", *nearest("king", 60)}
    *_, last = way = list(tsne(gather(bundled_vectors(), "king", 60).unit, perplexity=20, shown=results._MOMENTS))
    assert len(on_map(app)["king"]["us"].split()) == len(way) > 100
    titles = [drawn["title"] for drawn in map(spec, charts(app)) if "title" in drawn]
    said, captions = (json.loads(titles[0][line]["expr"].removesuffix("[frame]")) for line in ("text", "subtitle"))
    assert said == [f"trustworthiness {snapshot.trustworthiness:.2f} of 1" for snapshot in way]
    assert [caption.split(",")[0] for caption in captions] == [f"t-SNE: iteration {s.iteration}" for s in way]
    assert all(f"divergence {s.divergence:.2f}" in caption for s, caption in zip(way, captions, strict=True))
    assert figures(app)["Trustworthiness at the end"] == f"{last.trustworthiness:.2f}"


def test_most_words_have_their_names_also_while_the_map_is_a_ball() -> None:
    rows = on_map(opened()).values()
    for tier, least in enumerate((0.25, 0.35, 0.5, 0.5)):
        seen = np.array([[sign != "0" for sign in row["seen"][tier]] for row in rows]).mean(axis=0)
        assert seen.min() >= least
        assert seen[-1] == np.mean([row["shown"][tier] for row in rows])


def test_quotes_around_a_name_that_is_two_words_go_with_it(app: AppTest) -> None:
    app.text_input(key="word").set_value('paris, "new york"')
    app = submit(app)
    assert "new and york" in plain(app.error[0].value)
    app = finished(press(app, "york"), "Stop the map")
    assert not app.error
    assert app.text_input(key="word").value == "paris, york"


def test_pca_map_has_the_figures_of_the_projection(app: AppTest) -> None:
    expected = pca(gather(bundled_vectors(), "king", 60).unit)
    values = figures(app)
    assert values["Trustworthiness"] == f"{expected.trustworthiness:.2f}"
    assert values["Nearest to king"] == nearest("king")[0]
    assert figures(app)["Trustworthiness"] == f"{expected.trustworthiness:.2f}"


def test_a_query_changes_everything_at_once(app: AppTest) -> None:
    app.text_input(key="word").set_value(" Violin ")
    app.slider(key="size").set_value(25)
    submit(app)
    assert bars(app) == nearest("violin")
    assert set(on_map(app)) == {"violin", *nearest("violin", 25)}
    assert app.metric[0].label == "Nearest to violin"


def test_several_words_are_compared(app: AppTest) -> None:
    app.text_input(key="word").set_value("paris, guitar monday")
    submit(app)
    assert [bars(app, i) for i in range(3)] == [nearest(word, 5) for word in ("paris", "guitar", "monday")]
    groups = {row["group"] for row in on_map(app).values()}
    assert groups == {"near paris", "near guitar", "near monday"}


BAD = ["kingg", "x" * 1_000, "<img src=x onerror=alert(1)>", "$x$ `y`", "a b c d e f g", ""]


def test_what_cannot_be_asked_is_said_and_the_last_answer_stays(app: AppTest) -> None:
    app.text_input(key="word").set_value("violin")
    submit(app)
    for typed in BAD:
        app.text_input(key="word").set_value(typed)
        submit(app)
        assert len(app.error) == 1, typed
        assert len(app.error[0].value) < 1_000, typed
        assert bars(app) == nearest("violin"), typed
        assert "violin" in on_map(app), typed
        assert app.text_input(key="word").value == typed, "what was typed stays"


def test_the_same_words_with_other_settings_are_drawn_on_demand_also_by_a_link_and_one_can_be_taken() -> None:
    app = opened(size="30")
    assert not app.toggle(key="other_maps").value
    assert not any("Small map" in chart.alt for chart in charts(app))
    app = opened(size="30", other_maps="true")
    assert app.toggle(key="other_maps").value
    small = [alt for alt in (chart.alt for chart in charts(app)) if alt.startswith("Small map")]
    assert len(small) == 8
    unit = gather(bundled_vectors(), "king", 30).unit
    *_, last = tsne(unit, perplexity=20, seed=2, start="random")
    assert f"Small map with seed 2, trustworthiness {last.trustworthiness:.2f}" in small
    finished(press(app, "Show the map with perplexity 4"), "Stop the map")
    assert app.slider(key="perplexity").value == 4
    finished(press(app, "Show the map with seed 2"), "Stop the map")
    assert (app.number_input(key="tsne_seed").value, app.toggle(key="random").value) == (2, True)
    *_, last = tsne(unit, perplexity=4, seed=2, start="random")
    assert figures(app)["Trustworthiness at the end"] == f"{last.trustworthiness:.2f}"


def test_suggestions_are_buttons_that_ask(app: AppTest) -> None:
    app.text_input(key="word").set_value("violin kingg")
    submit(app)
    finished(press(app, "king"), "Stop the map")
    assert app.text_input(key="word").value == "violin king"
    assert not app.error


def test_only_the_misspelt_word_is_replaced(app: AppTest) -> None:
    app.text_input(key="word").set_value("kingg, kinggs")
    submit(app)
    finished(press(app, as_text("kingg → king")), "Stop the map")
    assert app.text_input(key="word").value == "king, kinggs"


def test_a_list_is_drawn_instead_of_the_neighbors_and_unknown_words_are_named(app: AppTest) -> None:
    app.text_area(key="list").set_value("london, Berlin\nqqqqq rome")
    submit(app)
    assert set(on_map(app)) == {"king", "london", "berlin", "rome"}
    assert "left out" in told(app)
    assert row_of(app, "left_out") == ["qqqqq"]


def test_own_axes_place_words_and_say_who_is_farthest() -> None:
    app = opened(map="Own axes", word="lion", list=ANIMALS, across="small - large", up="")
    words = gather(bundled_vectors(), "lion", 60, listed=ANIMALS).words
    expected = semantic_axes(bundled_vectors(), [("small", "large")], words)
    assert f"Farthest towards large: **{words[int(np.argmax(expected.coordinates[:, 0]))]}**" in told(app)
    assert "large →" in json.dumps([*map(spec, charts(app))], ensure_ascii=False)


def test_a_list_too_short_for_a_map_is_said_and_the_last_map_stays(app: AppTest) -> None:
    before = on_map(app)
    app.text_area(key="list").set_value("king")
    submit(app)
    assert "at least three" in app.error[0].value
    assert on_map(app) == before
    assert "at least three" in opened(list="king").error[0].value, "also where there is no map yet"


def test_axes_that_do_not_exist_are_said_and_the_last_map_stays() -> None:
    app = opened(map="Own axes")
    before = on_map(app)
    for across, message in (("small", "does not name an axis"), ("small - smalll", "not among")):
        app.text_input(key="across").set_value(across)
        run(app)
        assert message in plain(app.error[0].value)
        assert on_map(app) == before, across


def test_a_link_restores_the_view() -> None:
    app = opened(word="paris rome", size="30", map="PCA", groups="3", perplexity="7", tsne_seed="9")
    assert app.text_input(key="word").value == "paris rome"
    assert app.slider(key="size").value == 30
    assert app.slider(key="perplexity").value == 7
    assert len(on_map(app)) <= 32
    assert len({row["group"] for row in on_map(app).values()}) == 3


def test_the_same_link_gives_the_same_tsne_map_and_another_seed_another() -> None:
    maps = [on_map(opened(word="paris", size="20", tsne_seed=seed)) for seed in ("4", "4", "5")]
    assert maps[0] == maps[1]
    assert maps[0] != maps[2]


def test_examples_fill_the_form(app: AppTest) -> None:
    for title, example in EXAMPLES.items():
        finished(press(app, title), "Stop the map")
        assert not app.error, title
        assert app.text_input(key="word").value == example["word"]
        assert f"Nearest to {example['word'].split()[0]}" == app.metric[0].label


@pytest.mark.parametrize(
    "text", ["cheap - expensive", "cheap → expensive", "cheap->expensive", " cheap, expensive ", "cheap expensive"]
)
def test_an_axis_is_two_words(text: str) -> None:
    vectors = WordVectors(["cheap", "expensive", "cheap_expensive", "New_York"], np.eye(4), source="made by hand")
    assert pair(vectors, text) == ("cheap", "expensive")
    assert pair(vectors, "well-known - unknown") == ("well-known", "unknown")
    assert pair(vectors, "‹New York› - »cheap expensive«") == ("New_York", "cheap_expensive")
    assert pair(vectors, "New York -> “cheap expensive”") == ("New_York", "cheap_expensive")


@pytest.mark.parametrize(
    "text",
    [
        '"a → b" → "c - d"',
        '"a → b" - "c - d"',
        "“a → b” - «c - d»",
        '"a → b", "c - d"',
        '"a → b"→"c - d"',
        '"a → b" "c - d"',
    ],
)
def test_an_axis_between_words_of_signs_is_that_of_the_quoted_words(text: str) -> None:
    words = ["a → b", "c - d", 'the "x"; y', "say “hi”", '5"', '6"']
    vectors = WordVectors(words, np.eye(6), source="made by hand")
    assert pair(vectors, text) == ("a → b", "c - d")
    assert pair(vectors, f"{quoted(words[2])} → say “hi”") == (words[2], words[3])
    assert pair(vectors, '5" - 6"') == ('5"', '6"')
    with pytest.raises(InvalidText, match="quotes"):
        pair(vectors, "a → b - c - d")


@pytest.fixture
def drawn() -> results.Found:
    settings = Settings(bundled_vectors(), "king", 12, "", 0, 20, 0, "pca")
    hood = gather(settings.vectors, settings.typed, settings.size)
    return results.Found(settings, hood, ["a"] * 13, pca(hood.unit))


def test_downloads_hold_the_map(drawn: results.Found) -> None:
    made = {file.name.rsplit(".")[-1]: file.make() for file in files.files(drawn, LIGHT)}
    table = list(csv.DictReader(io.StringIO(str(made["csv"]))))
    assert [row["word"] for row in table] == list(drawn.hood.words)
    assert float(table[1]["similarity"]) == pytest.approx(drawn.hood.similarities[1, 0], abs=5e-5)
    assert float(table[1]["x"]) == pytest.approx(drawn.map.coordinates[1, 0], rel=5e-4)
    assert bytes(made["png"]).startswith(b"\x89PNG")
    assert b"king" in made["svg"]
    assert b"<html" in made["html"]
    with zipfile.ZipFile(io.BytesIO(made["zip"])) as archive:
        lines = {name: archive.read(name).decode().splitlines() for name in archive.namelist()}
    assert {len(rows) for rows in lines.values()} == {13}
    assert [rows[0] for rows in lines.values() if "\t" not in rows[0]] == ["king"]


def test_the_two_rankings_are_of_the_vectors_and_of_the_map(drawn: results.Found) -> None:
    original, seen = results.both_spaces(drawn, 5)
    assert original == nearest("king", 5)
    distance = np.linalg.norm(drawn.map.coordinates - drawn.map.coordinates[0], axis=1)
    assert seen == [drawn.hood.words[i] for i in np.argsort(distance)[1:6]]


def test_axes_are_found_in_other_capitals() -> None:
    app = opened(map="Own axes", across="Small - LARGE", up="")
    assert not app.error
    assert "large →" in json.dumps([*map(spec, charts(app))], ensure_ascii=False)


def test_a_link_without_axes_says_what_to_fill_in_and_shows_another_map() -> None:
    app = opened(map="Own axes", across="", up="")
    assert "fill in two words" in app.error[0].value
    assert app.metric[1].label == "Trustworthiness"


def test_a_word_that_is_composed_is_asked_like_any_other_and_said_to_be_so() -> None:
    app, vectors = with_ngrams(opened, map="PCA")
    app.text_input(key="word").set_value("rivers")
    app = submit(app)
    assert not app.error
    assert bars(app) == [n.word for n in nearest_neighbors(vectors, "rivers", 10)]
    assert figures(app)["Nearest to rivers"] == bars(app)[0]
    assert "rivers" in on_map(app)
    said = "“rivers” is not among the 12 words: its vector is composed of its character n-grams."
    assert said in plain(told(app))
    app.text_input(key="word").set_value("River, rivers, zz top")
    app = submit(app)
    assert not app.error
    assert {"river", "rivers", "zz", "top"} <= set(on_map(app))
    assert "“rivers”, “zz” and “top” are not among the 12 words" in plain(told(app))
    app.text_input(key="word").set_value("River")
    app = submit(app)
    assert bars(app) == [n.word for n in nearest_neighbors(vectors, "river", 10)]
    assert "n-grams" not in told(app)


def test_the_numbers_say_which_words_are_composed(drawn: results.Found) -> None:
    _, vectors = with_ngrams(opened, map="PCA")
    hood = gather(vectors, "rivers", 10)
    found = drawn._replace(hood=hood, groups=["a"] * len(hood.words), map=pca(hood.unit))
    assert [row["word"] for row in results.records(found) if row["composed"]] == ["rivers"]
    assert "composed" not in results.records(drawn)[0]


def test_a_list_needs_no_number_of_words() -> None:
    app = opened(word="lion", size="90", map="PCA")
    press(app, "Animals by size and danger")
    assert "size" not in [slider.key for slider in app.slider]
    press(app, "apple: a fruit and a company")
    assert app.slider(key="size").value == 60
    assert len(on_map(app)) == 61


def test_a_word_of_a_link_may_be_changed() -> None:
    app = opened(word="paris", map="PCA")
    app.text_input(key="word").set_value("rome")
    submit(app)
    assert not app.info, "the address’s word was not ignored"


def test_senses_are_named_with_their_shares_and_one_is_projected_out() -> None:
    vectors = bundled_vectors()
    found = senses(vectors, "java")
    app = opened(map="PCA", word="java", at="senses")
    assert all(f"**{plain(sense.name)}**" in plain(told(app)) for sense in found)
    assert f"{found[0].share:.0%} of the senses’ weight; {found[0].near} of its 100 nearest words" in told(app)
    app.button_group(key="without").set_value(found[1].name)
    app = checked(app.run())
    shown = rows(chart(app, f"Nearest to java without {found[1].name}"))
    assert [row["word"] for row in shown] == [near.word for near in without_sense(vectors, "java", found[1])]
    app = opened(map="PCA", word="java", without=found[0].name)
    assert rows(chart(app, f"Nearest to java without {found[0].name}"))[0]["word"] == "sumatra"
    assert not app.info
    app.button(key=f"sense {found[1].name}: {found[1].words[0]}").click()
    app = run(app)
    assert app.text_input(key="word").value == found[1].words[0]
    assert not app.error


def test_a_word_without_a_clear_second_sense_is_told_so() -> None:
    found = evidence(bundled_vectors(), "cathedral")
    app = opened(map="PCA", word="cathedral", at="senses")
    assert not found.is_clear
    assert "**One sense** is clear in cathedral" in told(app)
    assert (
        f"reaches {found.gap:.1f} standard deviations; where there is none, up to {max(found.by_chance):.1f}"
        in told(app)
    )
    assert "**More than one sense** is clear in java" in told(opened(map="PCA", word="java", at="senses"))


def test_senses_are_worked_out_when_their_box_is_opened(app: AppTest) -> None:
    assert "of the vector" not in told(app)


@pytest.mark.parametrize("word", ["king", "monday", "king monday", "coffee"])
def test_what_an_outline_means_is_said_where_there_is_one(word: str) -> None:
    app = opened(word=word, map="PCA")
    runs, asked = bundled_resamples(), word.split()
    outlined = [
        unstable(agreement(runs, [n.word for n in nearest_neighbors(bundled_vectors(), one, 10)], [one]), len(runs))
        for one in asked
    ]
    assert ("Outlined: unsure" in told(app)) == any(outlined)
    assert any(outlined) == ("king" in asked)
