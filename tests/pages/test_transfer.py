"""The page Transfer without a browser: a finished picture when it opens, own data, and messages."""

import csv
import io
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from embedlab.charts.theme import LIGHT
from embedlab.errors import DownloadError, EmbedlabError, TrainingError
from embedlab.lessons.transfer import classifier, three_starts
from embedlab.lessons.transfer.config import STARTS
from embedlab.lessons.transfer.data import sentence_tables
from embedlab.lessons.transfer.learning_curves import LearningCurves
from embedlab.lessons.transfer.movement import moves
from embedlab.lessons.transfer.predictions import Contribution, Prediction
from embedlab.lessons.transfer.three_starts import ThreeStarts, ThreeStartsConfig, run_three_starts, train_start
from embedlab.library.bundled import PREDICTED
from embedlab.library.download import Progress
from embedlab.text.tokenization import sentence_tokens
from embedlab.ui import cache, jobs
from embedlab.ui.transfer import closer_look, data, movement, results
from embedlab.ui.transfer.charts import contribution_bars
from embedlab.ui.transfer.movement import moved_csv
from tests.conftest import ROOT
from tests.pages import page
from tests.pages.page import alts, chart, checked, figures, finished, labels, open_page, plain, spec, told

SCRIPT = "pages/6_Transfer.py"
SAID = "logistic regression on word counts"  # in what the curves say, and nowhere else on the page
VIEWS = ["Try a sentence", "What moved", "Unseen words", "Losses and mistakes"]


def opened(**state: Any) -> AppTest:
    return finished(open_page(SCRIPT, state))


def press(app: AppTest, label: str) -> AppTest:
    return finished(page.press(app, label))


def filmed(app: AppTest) -> AppTest:
    """Waits for the movie of the words that moved."""
    return finished(app, "Stop this movie")


def test_a_finished_picture_is_there_when_the_page_opens() -> None:
    app = open_page(SCRIPT)
    assert not app.error
    curves = chart(app, "Test accuracy against the number of training sentences")  # before any job has finished
    assert "layer" in spec(curves)
    assert SAID in curves.alt
    assert SAID in told(app)
    app = finished(app)
    shown = figures(app)
    assert shown["Words with a vector"].endswith("%")
    assert {"From scratch", "Fine-tuned", "Frozen"} <= set(shown)
    assert all(alts(app))


@pytest.mark.parametrize("view", VIEWS[1:])
def test_every_view_draws(view: str) -> None:
    app = opened(look=view, trained_on=100)
    assert not app.exception
    assert not app.error
    expected = {
        "What moved": ["Arrows from before to after fine-tuning for 22 words", "Mean cosine of", "Nearest to good:"],
        "Unseen words": ["Unseen words:"],
        "Losses and mistakes": ["from scratch: lowest validation loss", "frozen: lowest", "Confusion matrix:"],
    }
    for beginning in expected[view]:
        assert chart(app, beginning)


def test_the_words_on_the_map_can_be_chosen_and_played() -> None:
    app = opened(look="What moved", trained_on=100)
    app.multiselect(key="moved_words").set_value(app.multiselect[0].options[5:8])
    finished(app.run())
    assert chart(app, "Arrows from before to after fine-tuning for 3 words")
    app.session_state["moved_as"] = "Movie"
    filmed(finished(app.run()))
    assert not app.exception
    assert chart(app, "A movie: 3 words")
    words = app.multiselect[0].value
    app.select_slider(key="trained_on").set_value(10)  # of which some no longer occur
    filmed(finished(app.run()))
    assert not app.exception
    assert not set(words) <= set(app.multiselect[0].options)
    assert chart(app, "A movie: ")


def test_a_movie_whose_process_is_ended_says_so_leaves_the_page_whole_and_can_be_begun_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compute = jobs.compute

    def ended(task: str, *arguments: Any) -> Iterator[Any]:
        if task.endswith(":word_paths"):
            raise EmbedlabError("The process was ended.")
        return compute(task, *arguments)

    with monkeypatch.context() as patch:
        patch.setattr(jobs, "compute", ended)
        app = filmed(opened(look="What moved", trained_on=100, look_seed=31, moved_as="Movie"))
        assert not app.exception
        assert "The process was ended" in plain(app.error[0].value)
        assert "Keep the three spaces for the Explore pages" in labels(app), "what follows on the page is gone"
        assert not [said for said in alts(app) if said.startswith("A movie")]
    filmed(press(app, "Start again"))
    assert not app.error
    assert chart(app, "A movie: 22 words")


def test_a_movie_that_takes_long_can_be_stopped_and_the_page_does_not_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    compute = jobs.compute

    def endless(task: str, *arguments: Any) -> Iterator[Any]:
        while task.endswith(":word_paths"):
            time.sleep(0.01)
            yield None
        yield from compute(task, *arguments)

    monkeypatch.setattr(jobs, "compute", endless)
    monkeypatch.setattr(movement, "_PATIENCE", 0.1)
    app = opened(look="What moved", trained_on=100, look_seed=32, moved_as="Movie")
    assert "Stop this movie" in labels(app)
    assert "Keep the three spaces for the Explore pages" in labels(app)
    page.press(app, "Stop this movie")
    assert "Stop this movie" not in labels(app)
    assert "Start again" in labels(app)


def test_a_typed_sentence_gets_three_verdicts_and_odd_signs_are_text() -> None:
    app = opened(trained_on=100)
    app.text_input(key="sentence").set_value("<img src=x onerror=alert(1)> **excellent** $x$ zzzxqj")
    finished(app.run())
    assert not app.exception
    assert figures(app)["Frozen"].split()[0] in ("positive", "negative")
    assert "“zzzxqj”" in told(app)
    app.text_input(key="sentence").set_value("1 2 3")
    finished(app.run())
    assert "There is no word in the sentence" in plain(app.error[0].value)


def test_the_table_and_the_file_of_moved_words_say_the_same() -> None:
    app = opened(look="What moved", trained_on=100)
    table = next(frame.value for frame in app.dataframe if "distance" in frame.value)
    *_, run = train_start(data.opinions(), cache.bundled_vectors(), "fine-tuned", ThreeStartsConfig(size=100))
    head, first, *_ = csv.reader(moved_csv(moves(run.classifier)).splitlines())
    assert head == list(table.columns)
    assert [first[0], *map(float, first[1:])] == pytest.approx(table.iloc[0].tolist(), abs=5e-5)


def test_opposites_that_are_not_drawn_are_counted_aloud() -> None:
    assert "pairs, the first 14 of them drawn:" in told(opened(look="What moved"))


def test_words_beyond_the_most_frequent_are_spoken_of(monkeypatch: pytest.MonkeyPatch) -> None:
    words = len(data.opinions().vocabulary)
    assert "Beyond the" not in told(opened(trained_on=100, sentence="disastrous"))
    for module in (results, closer_look):
        monkeypatch.setattr(module, "MAX_VOCABULARY", words)
    app = opened(trained_on=100, sentence="disastrous")
    assert f"Beyond the {words:,} most frequent words" in told(app)
    help_text = next(metric.help for metric in app.metric if metric.label == "Words with a vector")
    assert f"are the {words:,} most frequent words only" in help_text
    assert "Beyond" not in told(opened(trained_on=100, sentence="a good book"))


def test_a_typed_word_is_found_in_any_capitals_and_quotes() -> None:
    app = opened(look="What moved", trained_on=100, near_word="“GOOD”")
    assert not app.error
    assert chart(app, "Nearest to good:")


def test_an_unknown_word_is_named_once() -> None:
    app = opened(look="What moved", trained_on=100, near_word="zzzxqj")
    assert len(app.error) == 1
    assert "zzzxqj" in app.error[0].value


def test_a_run_that_breaks_names_the_learning_rate_and_the_curves_before_stay() -> None:
    app = opened()
    app.number_input(key="learning_rate").set_value(10.0)
    press(app, "Train")
    assert not app.exception
    assert any("learning rate" in error.value for error in app.error)
    assert SAID in told(app), "the curves of the settings before are gone"
    assert SAID in chart(app, "Test accuracy against").alt
    assert "the curves of the settings before" in told(app)
    assert "Training" not in figures(app)
    app.number_input(key="learning_rate").set_value(None)
    press(app, "Train")
    assert not app.error
    assert SAID in told(app)
    assert "the curves of the settings before" not in told(app)


def test_a_run_that_breaks_does_not_show_the_curves_of_other_data(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> Iterator[LearningCurves]:
        yield LearningCurves("mine", 0.5, 20)
        raise TrainingError("It diverged.")

    app = opened(data="own")
    assert SAID in told(app)
    monkeypatch.setattr(results.learning_curves, "learning_curves", broken)
    upload(app, own_table(4))
    assert "It diverged" in app.error[0].value
    assert SAID not in told(app)
    assert "Training" not in figures(app)


def test_stopped_before_the_first_point_the_page_says_that_nothing_trains(monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(*_: Any) -> Iterator[LearningCurves]:
        while True:
            time.sleep(0.01)
            yield LearningCurves("Opinions", 0.5, 20)

    monkeypatch.setattr(results.learning_curves, "learning_curves", endless)
    app = open_page(SCRIPT, {"runs": 3})
    assert "Training" in figures(app)
    app.button(key="transfer_curves_stop").click().run()
    assert not app.exception
    assert "Training" not in figures(app)
    assert "Not trained" in figures(app)
    assert "Training:" not in told(app)


def test_runs_that_ran_out_of_time_are_not_passed_off_as_complete(monkeypatch: pytest.MonkeyPatch) -> None:
    app = upload(opened(data="own"), own_table(2, rows=30))
    assert "ended before" not in told(app)
    monkeypatch.setattr(classifier, "SECONDS", 0.001)
    app.slider(key="dropout").set_value(0.3)
    said = told(press(app, "Train"))
    assert "Some runs ended before their last update" in said
    assert "Some updates were not made" in said


def test_what_was_finished_when_the_closer_look_was_stopped_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(*settings: Any) -> Iterator[ThreeStarts]:
        first = next(found for found in run_three_starts(*settings) if found.runs)
        while True:
            time.sleep(0.01)
            yield first

    monkeypatch.setattr(three_starts, "run_three_starts", endless)
    app = AppTest.from_file(str(ROOT / "pages/6_Transfer.py"), default_timeout=120)
    app.session_state["trained_on"], app.session_state["look_seed"] = 50, 77
    app.run()
    assert "Training three ways; finished: from scratch." in told(app)
    app.button(key="transfer_ways_stop").click().run()
    assert "Training three ways" not in told(app)
    assert "From scratch" in figures(app)
    for view in ("What moved", "Losses and mistakes"):
        app.session_state["look"] = view
        app.run()
        assert not app.exception, view
        assert not app.error, view


def test_the_first_sentence_is_right_and_two_offered_ones_are_wrong_with_a_reason() -> None:
    def verdicts(app: AppTest) -> list[str]:
        return [figures(app)[way].split()[0] for way in ("From scratch", "Fine-tuned", "Frozen")]

    app = opened()
    assert verdicts(app) == ["positive"] * 3
    assert "Meant is" not in told(app)
    for name, sentence in results.MISSED.items():
        press(app, name)
        assert app.text_input(key="sentence").value == sentence
        assert verdicts(app) == ["positive"] * 3
        assert "Meant is negative; 3 of 3 say positive." in told(app)
    assert not app.exception


def test_the_suggestions_set_the_form() -> None:
    app = press(opened(), "50 sentences: far less certain verdicts")
    assert app.session_state["trained_on"] == 50
    press(app, "No early stopping: losses rise")
    assert not app.toggle(key="early").value
    assert app.session_state["look"] == "Losses and mistakes"
    press(app, "Unseen words: from scratch knows none")
    words = sentence_tokens(app.text_input(key="sentence").value)
    opinions, vectors = data.opinions(), cache.bundled_vectors()
    assert len(words) == 3
    assert all(word in vectors for word in words)
    assert not {word for row in opinions.rows("train") for word in opinions.tokens[row]} & set(words)
    assert f"no vector for “{words[0]}”" in plain(told(app))
    assert not app.exception


def test_the_spaces_are_kept_for_the_explore_pages() -> None:
    app = press(opened(look="What moved", trained_on=50), "Keep the three spaces for the Explore pages")
    assert app.success
    kept = app.session_state["_own_vectors"]
    assert sorted(kept) == ["Transfer, fine-tuned", "Transfer, from scratch", "Transfer, frozen"]
    app.run()
    assert app.selectbox(key="pretrained").value == PREDICTED, "training goes on from vectors already tuned"
    assert app.session_state["_vectors_to_choose"] == "Transfer, fine-tuned", "Explore pages no longer start with them"


# Own data


def own_table(labels: int = 3, rows: int = 108) -> bytes:
    """Rows whose last word gives the label away."""
    words = [f"{a}{b}" for a in "bdfgk" for b in ("ana", "ele", "iro", "uma")]
    lines = []
    for i in range(rows):
        first, second, hint = words[i % 20], words[i // 20], words[i % labels]
        lines.append(f"label {i % labels}\tthe {first} was with {second} in kitchen {hint}")
    return ("label\ttext\n" + "\n".join(lines)).encode()


def upload(app: AppTest, table: bytes, runs: int = 2) -> AppTest:
    """The page with this table, on which it has trained."""
    app.slider(key="runs").set_value(runs)
    app.file_uploader[0].upload("mine.tsv", table, "text/tab-separated-values")
    return finished(checked(app.run()))


def test_an_own_table_with_three_labels_is_read_trained_and_reported() -> None:
    app = opened(data="own")
    assert "Until a table is there" in told(app)
    app.query_params["verdict_label"] = "label 0"
    app = upload(app, own_table(rows=45))
    assert not app.error
    assert any("rows read" in expander.label for expander in app.expander)
    assert "Columns separated by tab" in plain(told(app))
    assert figures(app)["Frozen"].startswith("label ")
    assert app.selectbox(key="verdict_label").value == "label 0", "the link is not followed"
    for view in VIEWS[1:]:
        app.session_state["look"] = view
        finished(app.run())
        assert not app.exception, view
        assert not [error.value for error in app.error if "is not among" not in error.value], view


def test_the_columns_that_were_found_are_shown_and_can_be_changed() -> None:
    rows = "".join(f"{i % 3},Words of {i} kinds and more,A body on {'x' * (i + 1)} and so on\n" for i in range(45))
    app = upload(opened(data="own"), f"Class Index,Title,Description\n{rows}".encode())
    assert (app.multiselect[0].value, app.multiselect[0].options) == ([1, 2], ["Class Index", "Title", "Description"])
    boxes = {box.label: box for box in app.selectbox}
    assert (boxes["Label"].value, boxes["Parts"].value) == (0, -1)
    preview = app.dataframe[0].value
    assert preview.iloc[0].tolist() == ["0", "Words of 0 kinds and more", "A body on x and so on"]
    assert "Text in column 2 (Title) and column 3 (Description), label in column 1 (Class Index)" in plain(told(app))
    sentences = app.session_state[results._LAST][0]
    app.multiselect[0].set_value([2])
    finished(checked(app.run()))
    assert "Text in column 3 (Description), label in column 1 (Class Index). Left out: Title" in plain(told(app))
    assert app.session_state[results._LAST][0] != sentences, "these are the curves of other columns"
    app.multiselect[0].set_value([])
    finished(checked(app.run()))
    assert "Choose columns for the text" in plain(app.error[0].value)
    assert "These are the opinions, not mine" in plain(app.info[0].value)


def test_a_table_beyond_the_limit_is_sampled_on_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sentence_tables, "MAX_ROWS", 60)
    app = upload(opened(data="own"), own_table(), runs=5)
    assert "108 usable rows; at most 60" in plain(app.error[0].value)
    assert "These are the opinions, not mine" in plain(app.info[0].value)
    (toggle,) = (toggle for toggle in app.toggle if toggle.label == "Take 60 of the 108 rows")
    app.slider(key="runs").set_value(2)
    toggle.set_value(True)
    finished(checked(app.run()))
    assert not app.error
    assert not app.info
    assert "60 of 108 rows drawn at random" in plain(told(app))


def test_repeated_texts_are_counted_and_kept_in_one_part_when_asked() -> None:
    once = own_table(rows=45)
    app = upload(opened(data="own"), once + b"\n" + once.split(b"\n", 1)[1])
    assert any("45 rows read, 45 left out" in expander.label for expander in app.expander)
    (toggle,) = (toggle for toggle in app.toggle if "(45 rows)" in toggle.label)
    toggle.set_value(True)
    finished(checked(app.run()))
    assert any(expander.label == "90 rows read" for expander in app.expander)
    assert "each text is kept within one part" in told(app)


def test_an_archive_of_several_texts_asks_which_and_an_encoding_can_be_chosen() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("hotels.csv", own_table(rows=45))
        archive.writestr("books.csv", own_table(rows=30).decode().replace("with", "für").encode("latin-1"))
    app = opened(data="own")
    app.slider(key="runs").set_value(2)
    app.file_uploader[0].upload("mine.zip", stream.getvalue(), "application/zip")
    finished(checked(app.run()))
    (member,) = (box for box in app.selectbox if box.label == "Which file of the archive")
    assert member.options == ["hotels.csv", "books.csv"]
    assert any(expander.label == "45 rows read" for expander in app.expander)
    member.set_value("books.csv")
    finished(checked(app.run()))
    assert "Read as cp1252, in which it has the word “für”" in plain(told(app))
    (encoding,) = (box for box in app.selectbox if box.label == "Encoding")
    encoding.set_value("cp1251")
    finished(checked(app.run()))
    assert "Read as cp1251" in plain(told(app))


def test_an_archive_of_train_and_test_is_read_in_these_parts() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("train.csv", own_table(rows=45))
        archive.writestr("test.csv", own_table(rows=30).decode().replace("with", "without"))
    app = opened(data="own")
    app.slider(key="runs").set_value(2)
    app.file_uploader[0].upload("mine.zip", stream.getvalue(), "application/zip")
    finished(checked(app.run()))
    assert not app.error
    assert any(expander.label == "75 rows read" for expander in app.expander)
    said = plain(told(app))
    assert "“train.csv”, “test.csv”" in said
    assert "30 for test" in said


def test_another_file_begins_with_what_is_found_in_it() -> None:
    app = upload(opened(data="own"), own_table(rows=45))
    app.multiselect[0].set_value([])
    checked(app.run())
    assert app.error
    app = upload(app, own_table(2, rows=40))
    assert not app.error
    assert app.multiselect[0].value == [1]


def test_what_the_words_of_an_own_table_lost_is_said_above_the_result() -> None:
    rows = "".join(f"label {i % 2}\tthe code {i}a is {i}b {i}c\n" for i in range(30))
    app = upload(opened(data="own"), f"label\ttext\n{rows}".encode())
    assert "50% of the text’s 180 words" in plain(app.warning[0].value)


def test_a_bad_table_is_explained_and_the_opinions_stay() -> None:
    app = upload(opened(data="own"), b"text\tlabel\nonly one row\tyes\n", runs=5)  # those of the opinions are ready
    assert "1 usable rows" in plain(app.error[0].value)
    assert SAID in told(app)
    assert "These are the opinions, not mine" in plain(app.info[0].value)
    assert "Of the opinions, not of mine" in plain(told(app))
    assert app.dataframe[0].value.iloc[0].tolist() == ["only one row", "yes"], "what was found is not shown"


def test_a_failed_download_is_explained_and_can_be_tried_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def offline(*_: object) -> Iterator[Progress]:
        raise DownloadError("The film reviews could not be fetched: is this computer online?")

    monkeypatch.setattr(jobs, "download", offline)
    monkeypatch.setenv("EMBEDLAB_HOME", str(tmp_path))
    app = press(opened(data="reviews"), "Download the film reviews")
    assert "is this computer online" in plain(app.error[0].value)
    assert not app.exception
    assert "Download the film reviews" in labels(app)


def test_the_page_stays_short() -> None:
    assert len(Path(ROOT / "pages/6_Transfer.py").read_text("utf-8").splitlines()) <= 90


@pytest.mark.parametrize(("known", "amount"), [("trained", 2.5), ("unknown", 0.0), ("trained", -0.1)])
def test_the_axis_of_a_sentence_holds_zero_and_every_bar_and_is_never_empty(known: Any, amount: float) -> None:
    one = Contribution("good", known, amount)
    told = [Prediction(start, {"no": 0.5, "yes": 0.5}, "yes", (one,), 0.0, True, 0.0, (0.0,)) for start in STARTS]
    drawn = contribution_bars(told, LIGHT)
    domains = {tuple(layer["encoding"]["x"]["scale"]["domain"]) for layer in drawn["layer"] if has_amount(layer)}
    ((low, high),) = domains  # one for all: of a layer without rows a browser would find no ends, and say so
    assert low <= min(0, amount) <= max(0, amount) <= high
    assert low < high


def has_amount(layer: dict[str, Any]) -> bool:
    return layer["encoding"]["x"].get("field") == "amount"


@pytest.mark.parametrize(("sentences", "verdict"), [(29, False), (120, True)])
def test_a_few_validation_sentences_are_no_reason_to_speak_of_overfitting(sentences: int, verdict: bool) -> None:
    losses = np.array([0.7, 0.5, 0.6])
    run = SimpleNamespace(
        start="frozen", validation_losses=losses, validation_accuracies=1 - losses, updates=np.array([0, 10, 20])
    )
    rows = SimpleNamespace(rows=lambda part: np.arange(sentences if part == "validation" else 0))
    found: Any = SimpleNamespace(data=SimpleNamespace(sentences=rows))
    runs: Any = SimpleNamespace(runs=[run])
    assert ("**overfits**" in closer_look._stopping(found, runs)) is verdict
