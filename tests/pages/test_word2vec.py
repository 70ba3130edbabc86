"""The page Word2vec: it opens with a finished run, obeys its form, and bad texts leave the last result standing."""

import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from embedlab.errors import DownloadError
from embedlab.lessons.word2vec.history import main_direction
from embedlab.lessons.word2vec.one_step import (
    LOSSES,
    Loss,
    RowUpdate,
    StepConfig,
    next_update,
    starting_tables,
    step_course,
    tables_after,
)
from embedlab.library import bundled, catalogue
from embedlab.library.download import Progress
from embedlab.text.corpus import Corpus
from embedlab.text.small_world import make_world
from embedlab.text.sources import TextChoice, prepare
from embedlab.ui.word2vec import maps, views
from embedlab.ui.word2vec.form import DEFAULTS
from tests.pages.page import alts, chart, checked, open_page, plain, press, row_of, spec, told, wait

PAGE = "pages/4_Word2vec.py"


STEP = {
    "step": 1_001, "step_loss": "negative sampling", "step_window": 2, "step_negatives": 5, "step_dims": 3,
    "step_eta": 0.3, "step_seed": 1,
}  # fmt: skip


@pytest.mark.parametrize(("softmax", "sampling", "sooner"), [(0.3, 0.9, True), (0.3, None, True), (0.9, 0.3, False)])
def test_the_softmax_is_only_said_to_learn_sooner_where_it_did(
    softmax: float, sampling: float | None, sooner: bool
) -> None:
    halves = {"negative sampling": sampling, "full softmax": softmax}
    methods = tuple(halves)
    found: Any = SimpleNamespace(methods=methods, seconds_until=lambda m, reference, share: halves[methods[m]])
    assert ("V = 230" in views.why_sooner(found, 230)) == sooner
    assert not views.why_sooner(SimpleNamespace(methods=methods[:1]), 230)  # type: ignore[arg-type]


def synthetic_movie() -> bundled.Movie:
    """Eight words on twelve moments, turning slowly."""
    words = ("king", "queen", "prince", "princess", "man", "woman", "france", "italy")
    groups = ("royalty",) * 4 + ("family",) * 2 + ("countries",) * 2
    start = np.random.default_rng(0).normal(size=(2, 8, 6))
    vectors = np.stack([start[0] * (1 - t) + start[1] * t for t in np.linspace(0, 1, 12)]).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=2, keepdims=True)
    return bundled.Movie(words, groups, np.geomspace(1e5, 1e9, 12).astype(np.int64), vectors)


@pytest.fixture(scope="module")
def opened() -> Iterator[AppTest]:
    """The page, opened once: a rerun costs far less than the first run with its imports."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bundled, "movie", synthetic_movie)
        maps.recorded_run.clear()
        yield run_to_the_end(open_page(PAGE))
    maps.recorded_run.clear()


@pytest.fixture
def page(opened: AppTest) -> AppTest:
    """The page with its form as at first; the next run takes it up."""
    begin = {"view": "Map", "pasted": "", "word2vec_go": True, "word2vec_tab": "Cost"} | STEP
    for key, value in (DEFAULTS | begin).items():
        opened.session_state[key] = value
    return opened


@pytest.fixture(scope="module")
def world() -> Corpus:
    return prepare(TextChoice())


def run_to_the_end(app: AppTest) -> AppTest:
    """Runs the page until its training is over, which a busy machine may not manage in the first run."""
    return wait(checked(app.run()), lambda: app.metric or app.error)


def figures(app: AppTest) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for metric in app.metric:
        found.setdefault(metric.label, []).append(metric.value)
    return found


def test_it_opens_with_a_finished_run_in_which_queen_is_found(opened: AppTest) -> None:
    page = opened
    assert not page.error
    shown = figures(page)
    assert shown["king − man + woman"] == ["queen · queen"]
    assert len(shown["Loss per pair"][0].split(" · ")) == 2
    (loss,) = [metric for metric in page.metric if metric.label == "Loss per pair"]
    assert loss.delta == "nats; at first 4.16 · 5.44", "each beside its own scale"
    assert all(int(value.rstrip("%")) >= 80 for value in shown["Known analogies"][0].split(" · "))
    assert "(K + 1) ln 2 = 4.16" in told(page)
    assert "ln V = ln 230 = 5.44" in told(page)
    assert any("words move on a plane" in alt for alt in alts(page))
    assert all(alts(page))


def test_the_real_run_is_replayed_on_one_plane_and_its_leaps_are_explained(page: AppTest) -> None:
    page.session_state["word2vec_tab"] = "A real run"
    run_to_the_end(page)
    movies = [alt for alt in alts(page) if "million words are read" in alt]
    assert movies == ["A movie of 6 words while 1,000 million words are read."]
    similar = [alt for alt in alts(page) if alt.startswith("Similarities over words read")]
    assert len(similar) == 1
    assert "king – queen" in similar[0]
    assert "any two words" in similar[0]
    vectors = synthetic_movie().vectors
    king_and_queen = np.einsum("sd,sd->s", vectors[:, 0], vectors[:, 1])
    said = next(element.value for element in page.caption if element.value.startswith("king – queen goes"))
    assert f"from {king_and_queen[0]:.2f} to {king_and_queen[-1]:.2f},".replace("-", "−") in said
    shares = [main_direction(moment, synthetic_movie().words).share for moment in vectors]
    assert f"then holds {max(shares):.0%} of the" in told(page)


def table(app: AppTest) -> list[list[str]]:
    """The cells of the step's table, row by row."""
    body = next(element.proto.body for element in app.get("html") if "<tbody>" in element.proto.body)
    rows = re.findall(r"<tr>(.*?)</tr>", body.split("<tbody>")[1])
    return [[re.sub("<.*?>", "", cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row)] for row in rows]


def expected_step(number: int, loss: Loss, text: Corpus, **settings: Any) -> RowUpdate:
    course = step_course(text, StepConfig(**settings))
    return next_update(course, tables_after(course, number - 1, starting_tables(course, loss)))


@pytest.mark.parametrize("loss", LOSSES)
def test_a_step_is_shown_with_every_number(page: AppTest, world: Corpus, loss: Loss) -> None:
    page.session_state["step_loss"] = loss
    page.session_state["step"] = 2_345
    run_to_the_end(page)
    step = expected_step(2_345, loss, world)
    rows = table(page)
    words = world.vocabulary.words
    assert rows[0][0] == f"{words[step.center]} center v"
    assert rows[1][0] == f"{words[step.outputs[step.targets.argmax()]]} context u₊"
    assert len(rows) == 7
    right = int(step.targets.argmax())
    numbers = [*step.rows[right].round(2), step.scores[right].round(2), step.probabilities[right].round(3), 1]
    numbers += [step.errors[right].round(3), *step.row_gradients[right].round(3), *step.new_rows[right].round(2)]
    assert [float(cell.replace("−", "-")) for cell in rows[1][1:]] == pytest.approx(numbers)
    assert any(f"= {step.loss:.3f}" in element.value for element in page.latex)


def test_a_negative_with_another_part_is_named_with_its_errors(page: AppTest, world: Corpus) -> None:
    words = world.vocabulary.words
    course = step_course(world, StepConfig())
    for number in range(1, 2_000):
        right, noise = course.words(number)[1:]
        if (noise == right).sum() == 1:
            break
    page.session_state["step"] = number
    run_to_the_end(page)
    step = expected_step(number, "negative sampling", world)
    errors = [f"{error:.3f}".replace("-", "−") for error in step.errors[step.outputs == step.outputs[0]]]
    assert (
        f"“{words[right]}” is the context and was drawn as a negative, too: its row gets both gradients, of the errors "
        f"{errors[0]}, {errors[1]}." in plain(told(page))
    )
    gradients = [row[8:11] for row in table(page)[1:] if row[0].startswith(f"{words[right]} ")]
    assert len(gradients) == 2
    assert gradients[0] == gradients[1], "of the one row"
    page.session_state["step"] = 1_001
    run_to_the_end(page)
    assert "“near” is drawn here by chance, and a context of “small” in another step" in plain(told(page))
    page.session_state["step_loss"] = "full softmax"
    run_to_the_end(page)
    assert "is a negative here" not in plain(told(page))


def test_steps_go_back_and_on_and_far_and_come_back_to_the_same_numbers(page: AppTest) -> None:
    run_to_the_end(page)
    begun = table(page)
    press(page, "Next")
    assert page.number_input(key="step").value == 1_002
    assert table(page)[0] != begun[0] or table(page)[1] != begun[1]
    press(page, "Back")
    assert table(page) == begun
    press(page, "1,000 more")
    press(page, "Back")
    assert page.number_input(key="step").value == 2_000
    page.number_input(key="step").set_value(1).run()
    press(page, "Back")
    assert page.number_input(key="step").value == 1
    assert [row[7] for row in table(page)[1:]] == ["−0.500", *["0.500"] * 5], "nothing is known yet"


def test_a_link_restores_the_step_its_loss_and_its_seed(world: Corpus) -> None:
    link = {"step": "123", "step_loss": "full softmax", "step_seed": "7", "step_dims": "2"}
    page = run_to_the_end(open_page(PAGE, **link))
    step = expected_step(123, "full softmax", world, seed=7, dimensions=2)
    assert [float(cell.replace("−", "-")) for cell in table(page)[0][1:3]] == pytest.approx(step.vector.round(2))
    assert not [info.value for info in page.info if "Ignored" in info.value]


def test_the_cost_of_both_losses_is_drawn_to_a_million_words(page: AppTest) -> None:
    run_to_the_end(page)
    drawn = spec(chart(page, "Multiplications of one pair"))
    rows = drawn["layer"][1]["data"].get("values") or next(
        layer["data"]["values"] for layer in drawn["layer"] if layer["data"].get("name") == "rows"
    )
    ends = {row["name"]: row["y"] for row in rows if row["x"] == 1_000_000}
    assert ends == {"full softmax": 32_000_000, "negative sampling": 192}
    assert "7,360" in told(page)


def test_the_text_is_shown_and_the_words_of_a_step_are_asked() -> None:
    app = run_to_the_end(open_page(PAGE, {"step_words": True}))
    sentences = make_world().sentences[:5]
    for sentence in sentences:
        assert f"- {' '.join(sentence)}" in told(app)
    words = row_of(app, "of the step")
    assert {row[0].split()[0] for row in table(app)} <= set(words)
    assert {word for sentence in sentences for word in sentence} <= set(words)
    app.button(key=f"of the step: {words[4]}").click()
    run_to_the_end(app)
    assert app.text_input(key="w_word").value == words[4]
    assert any(alt.startswith(f"Nearest to {words[4]}: ") for alt in alts(app))


def test_the_words_of_the_movie_are_asked_from_a_list(page: AppTest) -> None:
    page.session_state["view"] = "Map"
    run_to_the_end(page)
    listed = page.selectbox(key="movie_words")
    assert len(listed.options) == 36
    word = listed.options[3]
    listed.set_value(word)
    run_to_the_end(page)
    assert page.text_input(key="w_word").value == word
    assert any(alt.startswith(f"Nearest to {word}: ") for alt in alts(page))


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        ("Loss", "Loss in nats per pair"),
        ("King and queen", "Similarities"),
        ("Two losses", "full softmax's final neighbors"),
    ],
)
def test_each_view_has_its_picture(page: AppTest, view: str, expected: str) -> None:
    page.session_state["view"] = view
    run_to_the_end(page)
    assert any(expected in alt for alt in alts(page)), alts(page)


def test_the_watched_words_can_be_chosen_and_their_neighbors_are_those_of_their_kind(page: AppTest) -> None:
    page.session_state["view"] = "Near words"
    page.session_state["watched"] = "PARIS, king “Apple”"
    run_to_the_end(page)
    near = next(frame.value for frame in page.dataframe if "nearest, full softmax" in frame.value.columns)
    assert near["word"].tolist() == ["paris", "king", "apple"]
    assert "queen" in [word.removeprefix("+") for word in near["nearest, negative sampling"][1]]


def test_words_that_the_text_does_not_have_are_named_and_the_others_are_watched(page: AppTest) -> None:
    run_to_the_end(page)
    page.session_state["watched"] = "king zebra unicorn"
    page.session_state["word2vec_go"] = True
    run_to_the_end(page)
    assert not page.error
    assert "zebra" in page.warning[0].value
    assert "unicorn" in page.warning[0].value
    assert page.session_state["word2vec_asked"].config.validation == ("king",)
    assert figures(page)["king − man + woman"] == ["queen · queen"]


BAD = [
    ("", "no text of your own yet"),
    ("🙂 🙃 " * 50, "No two words"),
    ("king \0 queen " * 50, "is zero"),
    ("yes no. " * 90, "Only 2"),
]


def test_bad_texts_get_a_message_and_the_last_result_stays(page: AppTest) -> None:
    run_to_the_end(page)
    page.session_state["text"] = "own"
    for content, message in BAD:
        page.session_state["word2vec_go"] = True
        page.session_state["pasted"] = content
        run_to_the_end(page)
        assert message in plain(page.error[0].value)
        assert figures(page)["king − man + woman"] == ["queen · queen"], message


def test_text8_that_cannot_be_fetched_leaves_the_last_result(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    def offline() -> Iterator[Progress]:
        raise DownloadError("text8 could not be fetched: is this computer online?")

    monkeypatch.setattr(catalogue, "download_text8", offline)
    run_to_the_end(page)
    page.session_state["text"] = "text8"
    page.session_state["word2vec_go"] = True
    run_to_the_end(page)
    assert "is this computer online" in plain(page.error[0].value)
    assert figures(page)["king − man + woman"] == ["queen · queen"]


def test_an_own_text_is_learned_and_its_words_are_shown_as_text(page: AppTest) -> None:
    page.session_state["text"] = "own"
    page.session_state["pasted"] = "The cat saw the small dog. A dog saw the small bird. The bird saw a cat. " * 40
    page.session_state["engine"] = "gensim"
    run_to_the_end(page)
    assert not page.error
    assert "Known analogies" not in figures(page)
    assert any("Gensim**, V = 7" in element.value for element in page.markdown)


def test_what_an_own_text_lost_is_said_above_the_result_and_can_be_kept(page: AppTest) -> None:
    page.session_state["text"], page.session_state["engine"] = "own", "gensim"
    page.session_state["pasted"] = "the cat 17 saw 4 of 9 dogs in 1999\n" * 60
    run_to_the_end(page)
    (warning,) = page.warning
    assert "40% of the text’s 600 words" in plain(warning.value)
    assert "17, 4, 9, 1999" in plain(warning.value)
    page.session_state["digits"] = page.session_state["word2vec_go"] = True
    run_to_the_end(page)
    assert not page.warning
    assert any("V = 10" in element.value for element in page.markdown)


def test_inputs_that_were_changed_wait_for_the_button(page: AppTest) -> None:
    before = figures(run_to_the_end(page))
    page.session_state["passes"] = 1
    page.run()
    assert figures(page) == before


def test_settings_out_of_range_in_a_link_are_refused_in_words(page: AppTest) -> None:
    page.session_state["threshold"] = 1e-9
    run_to_the_end(page)
    assert any("threshold" in error.value for error in page.error)


def test_a_run_that_diverges_at_once_is_no_result(page: AppTest) -> None:
    page.session_state["engine"], page.session_state["w_rate"] = "windows", 0.5
    run_to_the_end(page)
    assert "with learning rate 0.5." in plain(page.error[0].value)
    assert not page.metric
    assert "What you see" not in told(page)
