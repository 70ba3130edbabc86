"""The page Ten words without a browser: a finished run when it opens, clear messages, the last good movie."""

import re
import sys
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from embedlab.errors import EmbedlabError
from embedlab.lessons.ten_words.config import TenWordsConfig
from embedlab.lessons.ten_words.one_step import step_of_run
from embedlab.lessons.ten_words.tagged_text import TEN_WORDS, read_tagged
from embedlab.lessons.ten_words.training import run
from embedlab.text import segmentation
from embedlab.ui import jobs
from embedlab.ui.shell import as_text
from embedlab.ui.ten_words import results
from tests.pages import page
from tests.pages.page import alts, chart, checked, figures, finished, labels, open_page, plain, spec, told, wait

STOP = "Stop this run"
LARGE = "\n".join(" ".join(f"w{i}/T{i % 12}" for i in range(at, at + 10)) for at in range(0, 100, 10))


def opened(**link: str) -> AppTest:
    return finished(open_page("pages/2_Ten_words.py", **link), STOP)


def press(app: AppTest, label: str) -> AppTest:
    return finished(page.press(app, label), STOP)


@pytest.fixture
def app() -> AppTest:
    return opened()


def movie(app: AppTest) -> Any:
    return chart(app, "A movie")


def reached(app: AppTest) -> str:
    """How many runs of the gallery reach 100%; empty while there is none."""
    said = next((text.value for text in app.markdown if "** reach 100% within" in text.value), "")
    return said.removeprefix("**").partition("**")[0]


def train(app: AppTest, **settings: Any) -> AppTest:
    for key, value in settings.items():
        next(
            w for kind in ("number_input", "selectbox", "toggle", "text_area") for w in app.get(kind) if w.key == key
        ).set_value(value)
    return press(app, "Train")


def test_a_finished_run_is_there_when_the_page_opens(app: AppTest) -> None:
    assert not app.exception
    assert not app.error
    shown = figures(app)
    assert (shown["Words right, seed 0"], shown["First all right"]) == ("100%", "epoch 126")
    assert reached(app) == "16 of 16"
    assert "10 words" in movie(app).alt
    assert "epoch 126" in movie(app).alt
    assert spec(movie(app))["vconcat"]
    assert all(alts(app))


def test_the_payload_of_the_movie_is_at_most_400_kb(app: AppTest) -> None:
    assert len(movie(app).SerializeToString()) <= 400_000


def test_a_new_seed_is_another_run_and_plays_once(app: AppTest) -> None:
    before = movie(app).spec, [data.data.data for data in movie(app).datasets]
    train(app, first_seed=48)
    assert figures(app)["First all right"] == "never"
    assert [data.data.data for data in movie(app).datasets] != before[1]
    assert "In a wrong region" in " ".join(text.value for text in app.markdown)


BAD: list[tuple[dict[str, Any], str]] = [
    ({"first_rate": -1.0}, "learning rate must be from"),
    ({"epochs": 0}, "epochs must be from 1 to 2,000; 0 is not"),
    ({"epochs": 10**9}, "1,000,000,000 is not"),
    ({"first_seed": -5}, "seed must be from 0"),
    ({"tagged": ""}, "There is no sentence"),
    ({"tagged": "🐶/NN eats/V"}, "Line 1: in “🐶/NN”"),
    ({"tagged": "<img src=x onerror=alert(1)>/NN eats/V"}, "“<img” has no tag"),
    ({"tagged": "<b>dog</b>/NN eats/V"}, "contains “<”"),
    ({"tagged": "dog/NN\ndog/V"}, "Line 2: “dog” is tagged V here and NN in line 1"),
    ({"second": True, "second_rate": -1.0}, "learning rate must be from"),
    ({"second": True, "second_seed": -1}, "seed must be"),
]


def test_bad_input_is_named_and_the_last_good_movie_stays(app: AppTest) -> None:
    good = {"first_seed": 3, "first_rate": 0.1, "epochs": 200, "tagged": TEN_WORDS}
    good |= {"second": False, "second_rate": 0.1, "second_seed": 48}
    before = movie(train(app, **good)).alt
    for settings, message in BAD:
        train(app, **good | settings)
        assert not app.exception, settings
        assert len(app.error) == 1, settings
        assert as_text(message) in app.error[0].value, settings
        assert movie(app).alt == before, settings
        assert "Words right, seed 3" in figures(app), settings
    assert not train(app, **good).error


def test_own_sentences_are_learned(app: AppTest) -> None:
    train(app, tagged="I/PRON see/V you/PRON\nyou/PRON hear/V me/PRON", epochs=50)
    assert not app.error
    assert "5 words" in movie(app).alt
    tables = [frame.value for frame in app.dataframe]
    assert any(set(table["tag"]) == {"PRON", "V"} for table in tables if "tag" in table)


def test_two_runs_stand_side_by_side(app: AppTest) -> None:
    train(app, second=True, first_seed=11, second_seed=48)
    assert "Seed 11" in movie(app).alt
    assert "Seed 48" in movie(app).alt
    shown = figures(app)  # one row for both
    assert (shown["Words right"], shown["First all right"]) == ("100% · 90%", "epoch 50 · never")
    assert shown["Loss"] == "0.03 · 0.16 nats"
    told = next(text.value for text in app.markdown if text.value.startswith("**What you see**"))
    assert "seed 11:\n- Words of one part of speech" in told
    assert "seed 48:\n- Words of one part of speech" in told
    first = next(frame.value for frame in app.dataframe if "predicted" in frame.value)
    next(group for group in app.get("button_group") if group.key == "numbers_run").set_value("seed 48").run()
    second = next(frame.value for frame in app.dataframe if "predicted" in frame.value)
    assert list(first["x"]) != list(second["x"])


def test_words_that_did_not_come_together_are_not_said_to(app: AppTest) -> None:
    def told() -> str:
        return next(text.value for text in app.markdown if text.value.startswith("**What you see**"))

    assert "Words of one part of speech **come together**" in told()
    train(app, tagged="a/X b/Y c/Z")
    assert "together" not in told(), "no two words share a tag"
    train(app, tagged=TEN_WORDS, epochs=1, first_rate=1e-6)
    assert "After epoch" not in told().replace("after epoch 1:", "")


def test_a_stop_condition_ends_the_run_early(app: AppTest) -> None:
    train(app, stop="perfect")
    assert "after epoch 126" in movie(app).alt
    train(app, stop="loss")
    assert "after epoch 200" not in movie(app).alt


def test_what_to_try_can_be_tried(app: AppTest) -> None:
    for label in ("Seed 48: a word stays in a wrong region", "Seeds 11 and 48: one gets there, one does not"):
        assert not press(app, label).error, label
    assert not press(app, "Seed 48: a word stays in a wrong region").error


@pytest.mark.parametrize("second", [False, True])
def test_a_run_that_breaks_is_shown_until_it_does(app: AppTest, second: bool) -> None:
    press(app, "Learning rate 30: words fly apart")
    if second:
        train(app, first_rate=0.1, second=True, second_rate=30.0, second_seed=0)
    said = plain(app.warning[0].value)
    assert "after epoch 7 the loss became infinite" in said
    assert "Take a smaller learning rate, for example 0.1." in said
    assert "after epoch 7, 30% of the words are right" in movie(app).alt
    assert "the steps were too large" in " ".join(text.value for text in app.markdown)
    assert figures(app)["Loss"].endswith("e+35 nats") or second
    assert all("diverged" in error.value for error in app.error), "of the gallery's other seeds"
    assert not press(app, "Seed 48: a word stays in a wrong region").warning


def test_more_beginnings(app: AppTest) -> None:
    next(group for group in app.get("button_group") if group.key == "beginnings").set_value(64).run()
    assert reached(app) == "62 of 64"


def test_a_gallery_that_takes_longer_is_trained_in_the_background() -> None:
    app = opened(tagged=LARGE, beginnings="64", epochs="10")

    def over() -> bool:
        if "Stop training" not in labels(app):
            return True
        assert "100 words" in movie(app).alt, "the movie does not wait for it"
        assert not reached(app)
        return False

    wait(app, over)
    assert reached(app).endswith("of 64")
    jobs._pool.clear()  # what ten minutes do as well
    assert "Stop training" not in labels(app.run())
    assert reached(app).endswith("of 64")


def test_a_gallery_in_the_background_can_be_stopped_and_begun_again() -> None:
    app = opened(tagged=LARGE, beginnings="64", epochs="600")
    press(app, "Stop training")
    assert not reached(app)
    press(app, "Start again")
    assert "Stop training" in labels(app)


def test_a_gallery_in_the_background_whose_runs_break_off_says_so() -> None:
    app = opened(tagged=LARGE, beginnings="64", first_seed="2", first_rate="40")
    finished(app)
    assert not app.error
    assert reached(app) == "0 of 64"
    assert re.search(r"epochs\. \d+ broke off: with learning rate 40 the steps are too large\.", told(app))


def test_a_link_holds_the_epoch_and_the_run_of_the_table() -> None:
    app = opened(second="true", first_seed="11", second_seed="48", numbers_run="seed 48", numbers_epoch="7")
    assert not app.exception
    told = [text.value for text in app.markdown if text.value.startswith("**Confusion matrix**")]
    assert "at epoch 7:" in told[0]
    shown = next(frame.value for frame in app.dataframe if "predicted" in frame.value)
    expected = run(read_tagged(TEN_WORDS), TenWordsConfig(seed=48)).embeddings[7, :, 0]
    np.testing.assert_allclose(shown["x"], expected, rtol=1e-6)


@pytest.mark.parametrize("link", [{"numbers_epoch": "999"}, {"numbers_epoch": "x"}, {"numbers_run": "seed 5"}])
def test_a_link_to_an_epoch_or_run_that_is_not_there_shows_the_last_of_the_first(link: dict[str, str]) -> None:
    app = opened(**link, second="true")
    assert not app.exception
    assert any("at epoch 200:" in text.value for text in app.markdown)


def test_the_epoch_of_the_table_goes_back_to_the_last_when_a_run_is_shorter(app: AppTest) -> None:
    app.slider(key="numbers_epoch").set_value(150).run()
    train(app, epochs=40)
    assert not app.exception
    assert any("at epoch 40:" in text.value for text in app.markdown)


def test_the_table_shows_any_epoch(app: AppTest) -> None:
    app.slider[0].set_value(0).run()
    assert not app.exception
    table = next(frame.value for frame in app.dataframe if "predicted" in frame.value)
    assert list(table["word"]) == list(dict.fromkeys(w.rpartition("/")[0] for w in TEN_WORDS.split()))
    assert (table["tag"] != table["predicted"]).any()


def cells(app: AppTest, number: int) -> list[list[str]]:
    """The cells of one of the tables of a step, row by row."""
    bodies = [e.proto.body for e in app.get("html") if "<tbody>" in e.proto.body]
    rows = re.findall(r"<tr>(.*?)</tr>", bodies[number].split("<tbody>")[1])
    return [[re.sub("<.*?>", "", cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row)] for row in rows]


def test_a_link_opens_one_step_with_every_number() -> None:
    app = opened(ten_words_tab="One step", step_number="62")
    found = run(read_tagged(TEN_WORDS), TenWordsConfig())
    step = step_of_run(found, 62, 0.1)
    forward, rows, layer = (cells(app, n) for n in range(3))
    assert [row[0] for row in forward] == ["the DET", "dog NN", "eats V", "the DET", "green ADJ", "apple NN"]
    expected = np.column_stack(
        [step.vectors.round(2), step.scores.round(2), step.probabilities.round(2), step.losses.round(3),
         step.score_gradients.round(3)]
    )  # fmt: skip
    np.testing.assert_allclose([[float(c.replace("−", "-")) for c in row[1:]] for row in forward], expected, atol=1e-9)
    assert [row[0] for row in rows] == ["the", "dog", "eats", "green", "apple"]
    assert [row[0] for row in layer] == ["DET", "NN", "V", "ADJ"]
    after = [[float(cell.replace("−", "-")) for cell in row[-3:]] for row in layer]
    np.testing.assert_allclose(after, np.column_stack([step.after.weights, step.after.biases]).round(3), atol=1e-9)
    assert not [info.value for info in app.info if "Ignored" in info.value]


def test_a_run_of_the_gallery_is_opened_from_a_list(app: AppTest) -> None:
    listed = app.selectbox(key="map_of_seed")
    assert len(listed.options) == 16
    assert listed.options[11].startswith("seed 11: ")
    finished(checked(listed.set_value(11).run()), STOP)
    assert "Words right, seed 11" in figures(app)
    assert app.selectbox(key="map_of_seed").value is None


def test_steps_go_back_and_on_and_far_and_end_with_the_run() -> None:
    app = opened(ten_words_tab="One step", epochs="20")
    begun = cells(app, 0)
    assert [row[0] for row in begun] == ["the DET", "dog NN", "eats V"]
    press(app, "Next")
    assert app.number_input(key="step_number").value == 2
    assert [row[0] for row in cells(app, 0)] == ["the DET", "dog NN", "eats V", "the DET", "green ADJ", "apple NN"]
    press(app, "Back")
    assert cells(app, 0) == begun
    press(app, "Back")
    assert app.number_input(key="step_number").value == 1
    press(app, "30 more")  # ten epochs of three sentences
    assert "Epoch 11, sentence 1 of 3" in told(app)
    assert [row[0] for row in cells(app, 0)] == [row[0] for row in begun]
    press(app, "30 more")
    assert app.number_input(key="step_number").value == 60, "the run has twenty epochs"


def test_the_step_of_a_shorter_run_is_its_last(app: AppTest) -> None:
    app.session_state["ten_words_tab"] = "One step"
    app.run()
    app.number_input(key="step_number").set_value(450).run()
    train(app, epochs=40)
    assert app.number_input(key="step_number").value == 120
    train(app, optimizer="adam")
    assert any("Adam" in caption.value for caption in app.caption)


def test_writing_without_spaces_that_is_not_cut_is_said_beside_ones_own_words(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "icu4py.breakers", None)
    segmentation._word_breaker.cache_clear()
    try:
        app.session_state["own_words"] = True
        app.run()
        for typed, said in (("我喜欢你", "character by character"), ("ฉันรักเธอ", "left whole"), ("Мы пьём чай", "")):
            app.text_area(key="own_plain").set_value(typed).run()
            assert not app.error
            assert [said in plain(warning.value) for warning in app.warning] == [True] * bool(said)
    finally:
        segmentation._word_breaker.cache_clear()


def test_the_code_is_what_ran(app: AppTest) -> None:
    app.session_state["ten_words_tab"] = "The code"
    code = " ".join(block.value for block in app.run().code)
    assert "class TenWords(nn.Module)" in code
    assert "def train(" in code


def test_other_beginnings_that_diverge_are_small_maps_that_say_so(app: AppTest) -> None:
    train(app, first_seed=3, first_rate=5.0)
    assert not app.exception
    assert not app.warning
    assert not app.error
    assert "Start again" not in labels(app)
    assert "Words right, seed 3" in figures(app)
    alone = [run(read_tagged(TEN_WORDS), TenWordsConfig(learning_rate=5.0, seed=seed)) for seed in range(16)]
    broke = [each.seed for each in alone if each.broke]
    assert 0 < len(broke) < 16
    assert f"{len(broke)} broke off: with learning rate 5 the steps are too large." in told(app)
    ends = app.selectbox(key="map_of_seed").options
    assert [seed for seed, end in enumerate(ends) if "broke off" in end] == broke
    assert ends[broke[0]] == (
        f"seed {broke[0]}: broke off after epoch {alone[broke[0]].epochs[-1]}, since its steps were too large"
    )


class Held:
    """`jobs.compute` whose runs of one movie wait until the test lets them go on; the gallery is not held."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.go, self._compute = threading.Event(), jobs.compute
        monkeypatch.setattr(jobs, "compute", self)
        monkeypatch.setattr(results, "_PATIENCE", 0.1)

    def __call__(self, task: str, *arguments: Any) -> Iterator[Any]:
        while task.endswith(":run") and not self.go.wait(0.01):
            yield None
        yield from self._compute(task, *arguments)


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The view that the player was told of in each run of the page; it plays each once by itself."""
    told: list[str] = []
    controls = results.player.controls

    def noted(*arguments: Any, view: str = "", **others: Any) -> None:
        told.append(view)
        controls(*arguments, view=view, **others)

    monkeypatch.setattr(results.player, "controls", noted)
    return told


def test_a_run_that_takes_longer_keeps_the_movie_before_it_and_plays_at_its_end(
    app: AppTest, played: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Held(monkeypatch)
    app.number_input(key="first_seed").set_value(3001)
    page.press(app, "Train")
    assert STOP in labels(app)
    assert "Words right, seed 0" in figures(app)
    assert "Still shown: seed 0, 200 epochs, learning rate 0.1, SGD." in plain(told(app))
    app.run()  # whatever else was touched meanwhile
    held.go.set()
    finished(app, STOP)
    assert "Words right, seed 3001" in figures(app)
    assert "Still shown" not in told(app)
    app.run()
    assert len(set(played)) == 2
    assert played == sorted(played, key=played.index), "none comes back"
    press(app, "Train")  # the same settings
    assert len(set(played)) == 3


def test_a_run_can_be_stopped_and_begun_again(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    held = Held(monkeypatch)
    app.number_input(key="first_seed").set_value(3002)
    page.press(app, "Train")
    page.press(app, STOP)
    assert STOP not in labels(app)
    assert "Words right, seed 0" in figures(app)
    page.press(app, "Start again")
    assert STOP in labels(app)
    held.go.set()
    finished(app, STOP)
    assert "Words right, seed 3002" in figures(app)


def test_a_run_whose_process_is_ended_says_so_and_is_begun_again_by_its_button(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ended(task: str, *arguments: Any) -> Iterator[Any]:
        raise EmbedlabError("The process was ended.")

    app.number_input(key="first_seed").set_value(3003)
    with monkeypatch.context() as patch:
        patch.setattr(jobs, "compute", ended)
        press(app, "Train")
        assert "The process was ended" in plain(app.error[0].value)
        assert "Words right, seed 0" in figures(app)
    press(app, "Train")
    assert "Words right, seed 3003" in figures(app)


def test_without_a_record_the_page_trains_what_it_opens_with(monkeypatch: pytest.MonkeyPatch) -> None:
    results._trained.clear()
    monkeypatch.setattr(jobs.runs, "find", lambda name, key: None)
    held = Held(monkeypatch)
    app = open_page("pages/2_Ten_words.py")
    assert STOP in labels(app)
    held.go.set()
    assert "Words right, seed 0" in figures(finished(app, STOP))
