"""The page Letters without a browser: a finished run when it opens, training, own lists, clear messages."""

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from embedlab.errors import TrainingError
from embedlab.lessons.letters import char_mlp
from embedlab.lessons.letters.alphabet import in_text, written
from embedlab.lessons.letters.bundled import record
from embedlab.lessons.letters.names import given_names, read_names
from embedlab.ui import jobs
from tests.pages.page import alts, checked, figures, finished, labels, open_page, plain, press, told, wait

opened = partial(open_page, "pages/3_Letters.py")


@pytest.fixture
def app() -> AppTest:
    return opened()


def find(app: AppTest, key: str) -> Any:
    kinds = ("selectbox", "number_input", "slider", "text_input", "text_area", "button_group")
    return next(widget for kind in kinds for widget in app.get(kind) if widget.key == key)


def turn(app: AppTest, **tabs: str) -> AppTest:
    """Opens tabs."""
    for key, label in tabs.items():
        app.session_state[key] = label
    return checked(app.run())


def quick(app: AppTest, **settings: Any) -> AppTest:
    """Trains for a few steps."""
    for key, value in ({"steps": 40} | settings).items():
        find(app, key).set_value(value)
    return finished(press(app, "Train"))


def test_it_opens_with_a_finished_run(app: AppTest) -> None:
    assert app.title[0].value == "Which letters are alike?"
    assert not app.error
    run = record().runs[2]
    shown = figures(app)
    assert shown["Dev loss"] == f"{run.dev_losses[run.best]:.3f} nats"
    assert shown["Vowels apart"] == f"{run.separations()[run.best, 2]:.2f} ×"
    assert shown["New invented names"].endswith("%")
    assert "consonants are **2.99 times** as far" in told(app)
    assert all(alts(app))
    assert any(alt.startswith("A movie: 27 letters") for alt in alts(app))
    tables = [table.value for table in app.dataframe]
    assert any("d0" in table and len(table) == 27 for table in tables)
    assert "class CharMLP(nn.Module)" in "\n".join(block.value for block in turn(app, letters_tab="The code").code)


def test_the_sweep_of_the_first_run_is_there(app: AppTest) -> None:
    turn(app, course="Learning rate")
    (said,) = [alt for alt in alts(app) if "learning rate" in alt]
    assert said.endswith("this run began with 0.03.")
    assert "training diverged" in told(app)


def test_a_sweep_that_diverges_at_once_says_so(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(char_mlp, "sweep", lambda names, config: iter(()))
    turn(app, course="Learning rate")
    quick(app, seed=8)
    press(app, "Try 1,000 learning rates")
    wait(app, lambda: "Training diverged from the smallest rate on" in told(app))


def test_ten_dimensions_open_at_once_beside_two(app: AppTest) -> None:
    turn(app, course="2 or 10 dimensions")
    find(app, "dim").set_value(10)
    press(app, "Train")
    assert "Stop training" not in labels(app)
    assert figures(app)["Dev loss"] == f"{record().runs[10].dev_losses[-1]:.3f} nats"
    assert "of the letters’ variance in 10 dimensions" in told(app)
    assert "nats in 10 dimensions with 200 hidden units" in told(app)


def test_training_shows_its_own_run_and_the_link_restores_it() -> None:
    app = quick(opened(), seed=5, context=1)
    first = figures(app)
    assert not app.error
    assert first["Dev loss"] != figures(opened())["Dev loss"]
    again = finished(opened(seed="5", context="1", steps="40"))
    assert figures(again) == first
    assert "After 40 steps" in told(again)


def test_a_finished_run_stays_on_the_page_when_its_job_is_forgotten() -> None:
    app = quick(opened(), seed=6)
    first = figures(app)
    jobs._pool.clear()  # what ten minutes do as well
    checked(app.run())
    assert "Stop training" not in labels(app)
    assert figures(app) == first


def test_a_stopped_run_stays_when_its_job_is_forgotten_until_started_again() -> None:
    app = opened(steps="300000", recipe="The lecture’s", seed="7")
    wait(app, lambda: "Names it invents now" in told(app))
    step = int(figures(app)["Step, of 300,000"].replace(",", ""))
    assert app.get("progress")[0].proto.value == int(100 * step / 300_000), "the share of the steps, not of the frames"
    press(app, "Stop training")
    first = figures(app)
    jobs._pool.clear()
    checked(app.run())
    assert "Stop training" not in labels(app)
    assert figures(app) == first
    press(app, "Start again")
    press(app, "Stop training")


def test_names_invented_while_it_learns_are_as_asked_for_and_marked() -> None:
    app = opened(steps="300000", recipe="The lecture’s", temperature="0.2", start="mar")
    wait(app, lambda: "Names it invents now" in told(app))
    (line,) = [text.value for text in app.markdown if text.value.startswith("Names it invents now: ")]
    names = line.removeprefix("Names it invents now: ").split(" · ")
    assert len(names) == 8
    for name in names:
        known = name.strip("* ↺") in given_names().names
        assert name == (f"{name.strip('* ↺')} ↺" if known else f"**{name.strip('*')}**")
        assert name.strip("* ↺").startswith("mar")
    find(app, "start").set_value("lu")
    press(app, "Stop training")
    assert find(app, "start").value == "lu"
    assert "Of 500 such names" in told(app)


def test_what_was_shown_before_stays_while_another_run_learns(app: AppTest) -> None:
    question = "**Guess first:**"
    before = told(app)
    for key, value in {"steps": 300_000, "start": "mar"}.items():
        find(app, key).set_value(value)
    press(app, "Train")
    wait(app, lambda: "Names it invents now" in told(app))
    assert {"Stop training", "Learning rate 3: it learns nothing"} <= set(labels(app))
    assert "New invented names" in figures(app)
    assert "After 3,000 steps" in told(app)
    assert question in before
    assert question in told(app)
    assert [box.key for box in app.radio] == ["check 3_Letters.py"]
    assert not any(alt.startswith("A movie") for alt in alts(app)), "the map of the run stands in its place"
    (line,) = [text.value for text in app.markdown if text.value.startswith("Names it invents now: ")]
    assert all(name.strip("* ↺").startswith("mar") for name in line.partition(": ")[2].split(" · "))
    press(app, "Stop training")
    assert "After 3,000 steps" not in told(app)
    assert any(alt.startswith("A movie") for alt in alts(app))


def test_the_run_before_keeps_its_own_list_while_another_list_is_learned(app: AppTest) -> None:
    (share,) = re.findall(r"Of 500 such names \d+% are new", told(app))
    find(app, "source").set_value("own")
    checked(app.run())
    find(app, "own_list").set_value("\n".join(f"{a}{b}{c}" for a in "bdk" for b in "aeiou" for c in "lmn"))
    find(app, "steps").set_value(300_000)
    press(app, "Train")
    assert share in told(app)
    assert "Stop training" in labels(app)
    press(app, "Stop training")


def test_names_already_in_the_list_are_marked(app: AppTest) -> None:
    known, model = set(given_names().names), record().runs[2].model
    find(app, "temperature").set_value(0.3)
    checked(app.run())
    drawn = model.sample(500, temperature=0.3, seed=0)[:24]
    text = told(app)
    assert any(name in known for name in drawn), "nothing to mark"
    for name in drawn:
        assert (f"{name} ↺" if name in known else f"**{name}**") in text
    new = sum(name not in known for name in model.sample(500, temperature=0.3, seed=0)) / 500
    assert f"Of 500 such names {new:.0%} are new" in text


def test_a_start_is_spelt_and_a_bad_one_keeps_the_last_names(app: AppTest) -> None:
    find(app, "start").set_value("Zoë")
    checked(app.run())
    assert "**zoe" in told(app)
    find(app, "start").set_value("42")
    checked(app.run())
    assert "42" in app.error[0].value
    assert "**zoe" in told(app)
    assert "Still shown: names that begin with “zoe”." in plain(told(app))


def test_what_stays_below_an_input_that_cannot_be_used_says_whose_it_is(app: AppTest) -> None:
    run = record().runs[2]
    find(app, "seed").set_value(7)
    find(app, "rate").set_value(0.0)
    press(app, "Train")
    for _ in range(2):  # as long as it stands in the form
        assert "learning rate" in plain(app.error[0].value)
        assert f"D = 2, seed 0, {run.steps[-1]:,} steps" in plain(told(app))
        assert figures(app)["Dev loss"] == f"{run.dev_losses[run.best]:.3f} nats"
        turn(app, ask="Surprise")
    find(app, "name").set_value("zoe")
    find(app, "name").set_value("李")
    checked(app.run())
    assert "Still shown: “charlotte”." in plain(told(app))
    find(app, "rate").set_value(None)
    find(app, "seed").set_value(0)
    find(app, "name").set_value("zoe")
    press(app, "Train")
    assert not app.error
    assert "Still shown" not in told(app)


def test_surprise_next_letter_and_neighbors_answer(app: AppTest) -> None:
    turn(app, ask="Surprise")
    find(app, "name").set_value("Ångström")
    checked(app.run())
    assert "**angstrom** costs" in told(app)
    assert any("Surprise of each letter of angstrom" in alt for alt in alts(app))
    turn(app, ask="Next letter")
    find(app, "before").set_value("mari")
    checked(app.run())
    assert any("Next letter after “ari”" in alt for alt in alts(app))
    turn(app, ask="Nearest letters")
    find(app, "letter").set_value("e")
    checked(app.run())
    assert any("Letters nearest to e by cosine" in alt for alt in alts(app))


def test_an_own_list_is_learned_and_its_bad_lines_are_reported(app: AppTest) -> None:
    find(app, "source").set_value("own")
    checked(app.run())
    assert figures(app)["Dev loss"] == f"{record().runs[2].dev_losses[-1]:.3f} nats"  # nothing trains before Train
    good = [f"{a}{b}{c}" for a in "bdk" for b in "aeiou" for c in "lmn"]
    quick(app, own_list="\n".join([*good, "Bál", "r2d2", "[x](javascript:alert(1))", "李"]))
    said = plain(told(app))
    assert "46 of 49 entries are used" not in said
    assert "45 of 49 entries are used" in said
    assert "á → a (1)" not in said  # bál repeats bal, which was kept before
    assert "3 were dropped" in said
    assert "line 47 “r2d2”" in said
    assert any(alt.startswith("A movie") for alt in alts(app))


def test_a_list_that_is_too_short_keeps_the_run_before(app: AppTest) -> None:
    find(app, "source").set_value("own")
    checked(app.run())
    find(app, "own_list").set_value("anna\nbob")
    press(app, "Train")
    assert "At least 30 different names" in app.error[0].value
    assert figures(app)["Dev loss"] == f"{record().runs[2].dev_losses[-1]:.3f} nats"
    find(app, "own_list").set_value("")
    press(app, "Train")
    assert "Your list is empty" in app.error[0].value


def test_a_learning_rate_too_large_is_named_and_the_page_goes_on(app: AppTest) -> None:
    find(app, "rate").set_value(50.0)
    press(app, "Train")
    finished(app)
    wait(app, lambda: app.error)
    assert "learning rate 50" in plain(app.error[0].value)
    assert "Choose" in app.error[0].value
    assert "the last state before training diverged" in told(app)
    assert "nearest consonant" not in told(app)
    press(app, "English words: the vowels part again")  # the buttons set the form right again
    assert find(app, "source").value == "english"
    assert find(app, "rate").value is None
    press(app, "Stop training")  # a thread that still works when Python ends would abort it


def test_a_run_that_diverged_shows_its_way_to_the_last_state_before_and_no_figures(app: AppTest) -> None:
    quick(app, rate=50.0, steps=3000)
    (error,) = app.error
    assert re.search(r"learning rate 50\b(?!\.\d)", error.value)
    last = int(re.search(r"up to step ([\d,]+)", told(app))[1].replace(",", ""))  # type: ignore[index]
    assert last + 1 == int(re.search(r"at step ([\d,]+)", error.value)[1].replace(",", ""))  # type: ignore[index]
    rose = re.search(r"Dev loss went from 3\.\d+ to ([\d,.e+]+) nats", told(app))
    assert float(rose[1].replace(",", "")) > 30  # type: ignore[index]
    assert not figures(app)
    assert "Ask the model" not in told(app)


def test_another_size_that_failed_is_not_compared_and_can_be_started_again(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> Iterator[Any]:
        raise TrainingError("Training diverged.")

    turn(app, course="2 or 10 dimensions")
    quick(app)
    monkeypatch.setattr(jobs, "compute", fails)
    press(app, "Train with 10 dimensions, too")
    wait(app, lambda: len(app.error) >= 1)
    assert "in 10 dimensions with" not in told(app)
    next(button for button in app.button if button.key == "letters_other_again").click()
    checked(app.run())
    keys = [button.key for button in app.button]
    assert "letters_other_stop" in keys or "letters_other_again" in keys
    assert "Train with 10 dimensions, too" not in labels(app)


def test_without_a_network_the_download_says_so_and_the_run_stays(app: AppTest, monkeypatch, tmp_path) -> None:  # type: ignore[no-untyped-def]
    from dataclasses import replace

    from embedlab.lessons.letters import makemore

    monkeypatch.setenv("EMBEDLAB_HOME", str(tmp_path))
    elsewhere = replace(makemore.WANTED, url="http://127.0.0.1:9/names.txt")
    monkeypatch.setattr(makemore, "WANTED", elsewhere)
    find(app, "source").set_value("makemore")
    checked(app.run())
    press(app, "Train")
    assert "cannot be reached" in app.error[0].value
    assert figures(app)["Dev loss"] == f"{record().runs[2].dev_losses[-1]:.3f} nats"


@pytest.mark.parametrize(("script", "vowels"), [("Cyrillic", True), ("Hangul", True), ("Hebrew", False)])
def test_a_list_in_its_own_letters_is_trained_and_asked(script: str, vowels: bool) -> None:
    first, second = {
        "Cyrillic": ("Анна Борис Вера Глеб Дина Егор", "ов ева ко ский ых"),
        "Hangul": ("김 이 박 최 정 강", "민준 서연 지우 하늘 도윤"),
        "Hebrew": ("דוד שרה משה רחל יוסף לאה", "כהן לוי מזרחי פרץ טל"),
    }[script]
    app = opened(source="My own list")
    find(app, "own_list").set_value("\n".join(a + b for a in first.split() for b in second.split()))
    app = quick(app)
    assert not app.error
    names = read_names("\n".join(a + b for a in first.split() for b in second.split()), "x")
    V = len(names.alphabet)
    assert ("Vowels apart" in figures(app)) == vowels
    assert any(alt.endswith(f"; ln {V} is {np.log(V):.3f}.") for alt in alts(app))
    assert any(alt.startswith(f"A movie: {V} letters") for alt in alts(app))
    assert "ln 27" not in told(app)
    for tab in ("Surprise", "Next letter", "Nearest letters"):
        turn(app, ask=tab)
        assert not app.error
        assert "1 in 27" not in told(app)
    turn(app, ask="Surprise", course="Learning rate")
    assert f"**{in_text(written(names.names[0]))}** costs" in told(app)
