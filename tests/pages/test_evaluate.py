"""The page Evaluate: its three tests, two spaces, and what it says to bad input."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from embedlab.evaluation import (
    analogy_accuracy,
    category_purity,
    odd_one_out_accuracy,
    read_analogies,
    read_categories,
    read_groups,
)
from embedlab.evaluation.analogies import Answers, answers
from embedlab.evaluation.bias.effects import accounts
from embedlab.evaluation.bias.metrics import measures
from embedlab.evaluation.own.examples import EXAMPLES
from embedlab.evaluation.own.lines import NamedFile
from embedlab.evaluation.own.word_pairs import read_word_pairs
from embedlab.evaluation.published import ANALOGIES, PUBLISHED
from embedlab.evaluation.question_sets import SIMILARITY_SETS, analogy_questions
from embedlab.evaluation.scores import similarity_correlation
from embedlab.evaluation.weat import weat
from embedlab.evaluation.weat_lists import TESTS
from embedlab.library.bundled import COUNTED, PREDICTED, bundled_vectors, card, counted_vectors
from embedlab.ui import vector_choice
from embedlab.ui.evaluate import analogies
from embedlab.ui.shell import as_text
from embedlab.vectors.queries import similarity
from embedlab.vectors.word_vectors import WordVectors
from tests.conftest import ROOT
from tests.pages.page import chart, checked, finished, labels, open_page, press, row_of, rows, told, wait


def opened(**link: str) -> AppTest:
    """The page, opened by a link with these parameters."""
    app = open_page("pages/10_Evaluate.py", **link)
    return wait(app, lambda: app.metric)


def values(app: AppTest) -> list[str]:
    return [metric.value for metric in app.metric]


def test_it_opens_with_the_scores_of_the_bundled_vectors() -> None:
    app = opened()
    assert not app.error
    scores = card()["scores"]
    right, covered = scores["google_analogies"], scores["google_analogies_coverage"]
    assert values(app) == [f"{right:.1%}", "17.8%", "59.8%", f"{covered:.0%}"]
    bars = rows(chart(app, "Share of analogies"))
    assert len(bars) == 17  # 14 sections, two groups, and all
    assert all(bar["low"] <= bar["right"] <= bar["high"] for bar in bars)
    assert "of 16,825 questions" in told(app)
    assert "5,138 of 5,138 failed questions" in told(app)


def test_failed_questions_are_found_by_a_word() -> None:
    app = opened()
    app.text_input(key="evaluate_search").set_value("Ottawa")
    app = checked(app.run())
    table = app.dataframe[-1].value
    assert 0 < len(table) < 100
    assert all("ottawa" in " ".join(map(str, row)).split() for row in table.to_numpy().tolist())
    assert (table["rank"] > 1).all()


def test_frequent_words_only_and_the_other_method() -> None:
    app = opened(among="10,000", answered_by="3CosMul")
    *_, found = answers(bundled_vectors().restrict(10_000), analogy_questions(), method="3cosmul")
    covered = sum(len(section.asked) for section in found.sections)
    right = sum(int(section.right.sum()) for section in found.sections)
    assert values(app)[0] == f"{right / covered:.1%}"
    assert f"of {covered:,} questions" in told(app)


def test_two_spaces_answer_the_same_questions() -> None:
    app = opened(beside=COUNTED)
    assert {bar["space"] for bar in rows(chart(app, "Share of analogies"))} == {PREDICTED, COUNTED}
    assert all(metric.delta.startswith(f"{COUNTED}: ") for metric in app.metric)
    second, first = float(app.metric[0].delta.removeprefix(f"{COUNTED}: ")[:-1]), float(app.metric[0].value[:-1])
    gain = f"{second - first:+.1f}".replace("-", "−")  # of the figures shown
    assert f"“{COUNTED}” minus “{PREDICTED}”: **{gain} points**" in told(app)
    assert "on the same questions and among the words that both know" in told(app)
    assert_tries(app)


def test_a_link_that_calls_the_counted_vectors_by_their_former_name() -> None:
    app = opened(evaluated="Similarity", beside="counted")
    assert app.selectbox(key="beside").value == COUNTED
    assert not app.info


@pytest.mark.parametrize("name", ["WordSim-353", "SimLex-999"])
def test_cosines_beside_peoples_judgements(name: str) -> None:
    app = opened(evaluated="Similarity", judged_set=name)
    score = similarity_correlation(bundled_vectors(), name)
    assert values(app)[0] == f"{score.spearman:.3f}"
    assert values(app)[2] == f"{score.covered} of {score.total}"
    points = rows(chart(app, f"{score.covered} pairs of {name}"), layer=1)
    assert len(points) == score.covered
    assert sum(point["kind"] != "as people do" for point in points) == 6


@pytest.mark.parametrize("name", SIMILARITY_SETS)
def test_the_gain_of_a_second_space_is_the_difference_of_the_figures_shown(name: str) -> None:
    app = opened(evaluated="Similarity", judged_set=name, beside=COUNTED)
    second, first = float(app.metric[0].delta.removeprefix(f"{COUNTED}: ")), float(app.metric[0].value)
    assert f"**{second - first:+.3f}**".replace("-", "−") in told(app)


def test_the_bias_test_is_the_papers() -> None:
    app = opened(evaluated="Bias")
    lists = TESTS["career"]
    found = weat(bundled_vectors(), *(getattr(lists, name).split() for name in "XYAB"))
    assert values(app) == [f"{found.effect_size:+.2f}", "0.000078", "12,870"]
    assert f"The paper found {lists.paper:+.2f}" in told(app)
    assert len(rows(chart(app, "Words by nearness"), layer=1)) == 16


def test_unknown_words_are_named_and_bad_lists_leave_the_last_result() -> None:
    app = opened(evaluated="Bias")
    app.text_area(key="weat_career_X").set_value("John Paul Mike zzunknown <b>x</b>")
    app = press(app, "Test these words")
    assert "left out" in told(app)
    assert row_of(app, "weat_dropped") == ["zzunknown", "<b>x</b>"]
    assert "The paper found" not in told(app)
    before = values(app)
    app.text_area(key="weat_career_X").set_value("John")
    app = press(app, "Test these words")
    assert as_text("Set X has 1 different word: give at least 2.") in app.error[0].value
    assert values(app) == before
    app.text_area(key="weat_career_X").set_value("John Amy")
    app = press(app, "Test these words")
    assert "X and Y share amy" in app.error[0].value


def test_own_lists_do_not_go_by_the_names_of_those_they_replace() -> None:
    words = {"X": "physics chemistry", "Y": "poetry dance", "A": "he him", "B": "she her"}
    app = opened(evaluated="Bias", **{f"weat_career_{name}": typed for name, typed in words.items()})
    assert [box.label for box in app.text_area] == [
        f"{name}: words like {typed.split()[0]}" for name, typed in words.items()
    ]
    said = told(app)
    assert "Words like physics are nearer to words like he (rather than words like she) than words like poetry" in said
    assert "Changed from WEAT 6" in said
    drawn = rows(chart(app, "Words by nearness to words like he"), layer=1)
    assert {row["set"] for row in drawn} == {"words like physics", "words like poetry"}
    assert {*app.dataframe[0].value["group"]} == {"words like physics", "words like poetry"}
    for name, typed in words.items():
        assert TESTS["career"].name_of(name, typed.split()) == f"words like {typed.split()[0]}"
        paper = getattr(TESTS["career"], name).split()
        assert (
            TESTS["career"].name_of(name, [*paper[:2], "other", "words"]) == TESTS["career"].names["XYAB".index(name)]
        )


def test_sets_that_are_one_are_as_near() -> None:
    app = opened(evaluated="Bias", weat_career_B=TESTS["career"].A)
    assert values(app)[0] == "+0.00"
    assert "Male names are as near to career" in told(app)
    european = told(opened(evaluated="Bias", weat_test=TESTS["names"].title))
    assert "European American names are" in european


def test_each_test_has_its_own_lists() -> None:
    app = press(opened(evaluated="Bias"), "Flowers and insects")
    assert app.text_area(key="weat_flowers_X").value == TESTS["flowers"].X
    assert "Flowers are nearer to pleasant" in told(app)


def test_a_set_that_lost_a_fifth_of_its_words_is_said_to_be_not_comparable() -> None:
    app = opened(evaluated="Bias", weat_test=TESTS["names"].title)
    assert "Not comparable" in told(app)
    assert "The paper found" not in told(app)
    assert "Not comparable" not in told(opened(evaluated="Bias"))


def test_other_measures_stand_beside_weat() -> None:
    app = opened(evaluated="Bias", evaluate_more="Numbers")
    sets = {name: getattr(TESTS["career"], name).split() for name in "XYAB"}
    table = app.dataframe[-1].value
    assert table["value"].tolist() == pytest.approx([one.value for one in measures(bundled_vectors(), sets)])


def debiased(**link: str) -> AppTest:
    app = open_page("pages/10_Evaluate.py", evaluated="Debiasing", **link)
    return wait(app, lambda: app.metric)


def test_gender_is_removed_and_found_again() -> None:
    app = debiased()
    *_, (before, after) = accounts(bundled_vectors(), "hard")
    assert values(app) == [
        f"{after.weat['math'].effect_size:+.2f}".replace("-", "−"),
        f"{after.recovered.classified:.0%}",
        f"{after.similarity:.2f}",
        f"{after.analogies['family']:.0%}",
    ]
    drawn = rows(chart(app, "Occupations by their cosine"), layer=1)
    assert {row["set"] for row in drawn} == {"before", "after"}
    assert all(row["association"] == 0 for row in drawn if row["set"] == "after")
    assert f"{before.recovered.correlation:.2f}" in told(app)


def test_the_debiased_set_can_be_kept_and_asked() -> None:
    app = press(debiased(), "Keep the debiased set")
    name = "Wikipedia, predicted, debiased"
    assert name in app.selectbox(key="vectors").options
    app.session_state["evaluated"] = "Bias"
    app.selectbox(key="vectors").set_value(name)
    app = checked(app.run())
    assert not app.error


def test_the_courses_exercise_is_followed_step_by_step() -> None:
    app = debiased(debias_neutralize="receptionist", debias_equalize="man woman")
    steps = app.dataframe[0].value
    assert steps["word"].tolist() == ["receptionist", "man", "woman"]
    assert steps["after"][0] == pytest.approx(0, abs=1e-7)
    assert steps["after"][1] == pytest.approx(-steps["after"][2])
    equalized = debiased().dataframe[0].value.query("step == 'equalize'")  # by default, a pair that this changes
    assert abs(equalized["before"].sum()) > 0.1
    assert equalized["after"].sum() == pytest.approx(0)
    opened_by_itself = {word: debiased(debias_neutralize=word).expander[0].proto.expanded for word in ("nurse", "")}
    assert opened_by_itself == {"nurse": True, "": True}
    assert not debiased().expander[0].proto.expanded
    app = debiased(debias_equalize="man")
    assert "A pair is two words, not 1" in app.error[0].value


def test_the_code_is_the_source_that_ran() -> None:
    app = opened(evaluated="Bias", evaluate_tab="The code")
    if not app.code:  # the tabs of a test page open by their own state only
        app.session_state["evaluate_tab"] = "The code"
        app = checked(app.run())
    assert any("def association_test(" in block.value for block in app.code)


def test_it_opens_from_the_menu() -> None:
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60).run()
    app.switch_page("pages/10_Evaluate.py")
    assert checked(app.run()).title[0].value == "How good are these vectors?"


def test_a_link_to_vectors_that_are_not_here_says_so() -> None:
    app = opened(evaluated="Similarity", beside="<b>mine</b>")
    assert as_text("“<b>mine</b>” is not loaded") in app.info[0].value
    assert len(app.metric) == 3


@pytest.mark.parametrize(
    ("view", "message"),
    [
        ("Analogies", "Not one of the 19,544 questions has four known words"),
        ("Similarity", "Only 1 of the 353 pairs"),
        ("Bias", "Of set X, 0 are known to few; at least 2 are needed. Unknown: John, Paul, Mike"),
    ],
)
def test_vectors_that_know_too_little_are_told_so(view: str, message: str) -> None:
    few = WordVectors(["king", "queen", "man"], np.random.default_rng(0).normal(size=(3, 4)), source="")
    app = with_own(few, view)
    assert as_text(message) in app.info[0].value
    assert not app.error
    assert {"**king**", "**queen**"} <= set(labels(app)), "what they do hold"
    assert "Words that **few** does know" in told(app), "and why it stands there"
    assert not app.metric


def test_vectors_without_any_difference_order_no_pairs() -> None:
    words = bundled_vectors().words[:2_000]
    app = with_own(WordVectors(words, np.zeros((2_000, 3)), source=""), "Similarity")
    assert "the same cosine" in app.info[0].value


def with_own(vectors: WordVectors, view: str, **link: str) -> AppTest:
    """The page in a session that chose a set of its own."""
    app = opened(evaluated=view, **link)
    visitor = app.session_state["_visitor"].id
    vector_choice.holdings().put((visitor, "few"), vectors, None, name="few", owner=visitor, user=visitor)
    app.session_state["_own_vectors"] = {"few": None}
    checked(app.run())
    app.selectbox(key="vectors").set_value("few")
    return finished(checked(app.run()), stop="Stop answering")


@pytest.mark.parametrize("view", ["Analogies", "Similarity", "Bias", "Debiasing", "Your own"])
def test_every_try_changes_something_and_there_are_two_or_three(view: str) -> None:
    assert_tries(opened(evaluated=view))
    if view == "Bias":
        for beside in ("none", COUNTED):
            app = opened(evaluated=view, beside=beside)
            assert_tries(app)
            app = press(app, "Science and arts: which is nearer to male words")
            assert "Names: whose are nearer to career" in labels(app)


def assert_tries(app: AppTest) -> None:
    """Two or three are offered, and none of what is there already."""
    offered = {button.label for button in app.button if (button.key or "").startswith("evaluate ")}
    assert 2 <= len(offered) <= 3
    assert not offered & {"Related: WordSim-353", "Names: whose are nearer to career"}


def test_the_inputs_that_answer_themselves_are_counted() -> None:
    *_, found = answers(bundled_vectors().restrict(10_000), analogy_questions())
    kept = [row in four[:3] for s in found.sections for row, four in zip(s.left_in, s.rows.tolist(), strict=True)]
    said = f"one of the three given ones in {np.mean(kept):.0%} of"
    assert said in told(opened(among="10,000"))


def test_pictures_of_both_sets_can_be_taken_away() -> None:
    app = opened(evaluated="Similarity", beside=COUNTED)
    assert_tries(app)
    app.session_state["evaluate_tab"] = "Download"
    app = checked(app.run())
    labels = [element.proto.label for element in app.get("download_button")]
    assert {f"Picture: {PREDICTED} (PNG)", f"Picture: {COUNTED} (PNG)"} <= set(labels)


def test_a_stopped_job_compares_sections_that_both_sets_answered() -> None:
    questions = dict(list(analogy_questions().items())[:3])
    *_, first = answers(bundled_vectors().restrict(2_000), questions)
    second = replace(first, sections=first.sections[:1])
    none = replace(first, sections=())

    def counts(*given: Answers, live: bool = False) -> list[int]:
        job = SimpleNamespace(live=live, latest=given)
        return [len(one.sections) for one in analogies.answers_of(job)]  # type: ignore[arg-type]

    assert counts(first, second) == [1, 1]
    assert counts(first, second, live=True) == [3, 1]
    assert counts(first, none) == [3, 0]


def own(name: str, data: bytes) -> AppTest:
    """The page with a file of one's own."""
    app = opened(evaluated="Your own")
    app.file_uploader(key="own_test").upload(name, data, "text/csv")
    return finished(checked(app.run()), stop="Stop answering")


def test_the_encoding_of_ones_own_pairs_can_be_chosen() -> None:
    data = "dog,cat,9\nking,queen,8\nking,car,1\ncafé,fiancé,4\n".encode("cp852")
    app = own("mine.csv", data)
    assert "cp852" in app.error[0].value
    box = app.selectbox(key="own_test_encoding_0")
    assert "café" in next(option for option in box.options if option.startswith("cp852"))
    box.set_value("cp852")
    app = checked(app.run())
    assert not app.error
    assert app.metric[2].value == "4 of 4"


def test_pairs_of_ones_own_are_told_by_their_lines() -> None:
    data = b"dog,cat,9\nking,queen,8\nking,car,1\nbread,knife,4\nqqq,b,3\n"
    app = own("mine.csv", data)
    expected = similarity_correlation(bundled_vectors(), read_word_pairs(NamedFile("mine.csv", data)))
    assert not app.error
    assert app.metric[0].value == f"{expected.spearman:.3f}"
    assert app.metric[2].value == "4 of 5"
    assert f"{expected.pearson:.3f}" in told(app)
    assert f"p-value {expected.pearson_of.p_value:.2g}" in told(app)
    assert set(app.dataframe[-1].value["word"]) == {"dog", "king", "bread"}
    assert "Published" not in told(app)
    app.selectbox(key="own_test_kind").set_value("Categories")
    app = checked(app.run())
    assert "holds no categories" in app.error[0].value
    assert app.metric[2].value == "4 of 5", "what could be read stays"


def test_another_reading_of_ones_own_file_is_a_click_away() -> None:
    app = own("mine.txt", b"man king woman queen\nparis france rome italy\n")
    assert as_text("mine.txt, read as analogies: 2 questions in 1 section.") in told(app)
    assert {bar["section"] for bar in rows(chart(app, "Share of analogies"))} == {"all questions", "mine"}
    app = press(app, "Read as groups with an odd one instead")
    assert app.selectbox(key="own_test_kind").value == "Odd one out"
    assert app.metric[0].label == "Odd ones found"
    assert values(app)[-1] == "2 of 2"
    assert not any(label.startswith("Read as") for label in labels(app)), "what was chosen is no guess"


@pytest.mark.parametrize("name", ["Odd one out", "Categories", "Analogies"])
def test_nothing_of_an_example_stands_below_a_file_that_cannot_be_read(name: str) -> None:
    app = opened(evaluated="Your own", own_test_example=name)
    assert app.metric
    assert not any(label.startswith("Read as") for label in labels(app)), "an example is no guess"
    app.file_uploader(key="own_test").upload("mine.txt", b"one\n", "text/plain")
    app = checked(app.run())
    assert as_text("mine.txt holds no groups") in app.error[0].value
    assert not app.metric
    assert not app.dataframe
    assert not app.get("arrow_vega_lite_chart")


@pytest.mark.parametrize(("name", "label"), [("Odd one out", "Odd ones found"), ("Categories", "Purity")])
def test_an_example_is_of_its_kind_whatever_the_vectors_know(name: str, label: str) -> None:
    """Few of the words, and random numbers: nothing tells groups from analogies by what the words mean."""
    words = ["apple", "pear", "plum", "hammer", "dog", "cat", "horse", "bridge", "violin", "flute", "man", "king"]
    few = WordVectors(words, np.random.default_rng(0).normal(size=(len(words), 9)), source="")
    app = with_own(few, "Your own", own_test_example=name)
    assert not app.error
    assert app.metric[0].label == label


def test_what_still_stands_below_an_error_says_of_which_file_it_is() -> None:
    app = own("first.csv", b"dog,cat,9\nking,queen,8\nking,car,1\nbread,knife,4\n")
    app.file_uploader(key="own_test").set_value([("second.txt", b"one\n", "text/plain")])
    app = checked(app.run())
    assert as_text("second.txt holds no groups") in app.error[0].value
    assert app.metric[2].value == "4 of 4"
    assert as_text("Still shown: first.csv, read as word pairs with scores: 4 pairs.") in told(app)


def test_a_second_file_that_holds_something_else_is_named() -> None:
    app = opened(evaluated="Your own")
    app.file_uploader(key="own_test").set_value(
        [("a.txt", b"dog\tdogs\ncat\tcats\n", "text/plain"), ("b.csv", b"dog,cat,9\nking,queen,8\n", "text/csv")]
    )
    app = checked(app.run())
    assert (
        as_text("b.csv holds word pairs with scores, and only analogies and odd-one-out groups") in app.error[0].value
    )
    assert not app.metric


def test_scores_that_are_all_the_same_are_explained_and_nothing_else_is_shown() -> None:
    app = own("good.csv", b"dog,cat,9\nking,queen,8\nking,car,1\nbread,knife,4\n")
    app.file_uploader(key="own_test").set_value([("same.csv", b"dog,cat,5\nking,queen,5\nking,car,5\n", "text/csv")])
    app = checked(app.run())
    assert as_text("All 3 known pairs of same.csv have the score 5") in app.error[0].value
    assert not app.metric
    assert "nan" not in told(app)


def test_pairs_in_the_order_of_their_cosines_are_marked_nowhere() -> None:
    pairs = [("king", "queen"), ("dog", "car"), ("bread", "river"), ("cat", "dog")]
    ordered = sorted(pairs, key=lambda pair: similarity(bundled_vectors(), *pair))
    app = own("line.csv", "\n".join(f"{a},{b},{place}" for place, (a, b) in enumerate(ordered)).encode())
    assert values(app)[0] == "1.000"
    points = rows(chart(app, "4 pairs of line.csv"), layer=1)
    assert {point["kind"] for point in points} == {"as people do"}


def test_each_of_several_files_has_its_encoding() -> None:
    app = opened(evaluated="Your own")
    texts = {"cp1252": "café\tcafés\ndog\tdogs\n", "cp1251": "кот\tкоты\nдом\tдома\n"}
    app.file_uploader(key="own_test").set_value(
        [(f"{code}.txt", text.encode(code), "text/plain") for code, text in texts.items()]
    )
    app = app.run()
    for place, code in enumerate(texts):
        app.selectbox(key=f"own_test_encoding_{place}").set_value(code)
    app = finished(checked(app.run()), stop="Stop answering")
    assert not app.error
    assert as_text("2 files, read as analogies: 4 questions in 2 sections.") in told(app)


def test_odd_ones_of_ones_own_and_what_was_wrong() -> None:
    data = b"dog, cat, horse, bank\nmonday, friday, king, tuesday\nred, blue, qqqq, car\nred, green, heavy\n"
    app = own("odd.txt", data)
    expected = odd_one_out_accuracy(bundled_vectors(), read_groups(NamedFile("odd.txt", data)))
    assert values(app) == [
        f"{expected.accuracy.value:.1%}",
        f"{expected.chance:.1%}",
        f"{expected.p_value:.2g}",
        "3 of 4",
    ]
    first = app.dataframe[0].value.iloc[0]
    assert (first["right answer"], first["given answer"], first["is right"]) == ("tuesday", "king", False)
    assert as_text("In the first, “bank” is the odd one") in told(app)
    assert f"1 of 3 wrong: {as_text('“king” for “tuesday”')}." in told(app)
    assert len(rows(chart(app, "Own test"))) == expected.covered


def test_categories_of_ones_own_beside_a_second_space() -> None:
    app = opened(evaluated="Your own", own_test_example="Categories", beside=COUNTED)
    sets = read_categories(EXAMPLES["Categories"])
    expected = category_purity(bundled_vectors(), sets, beside=[counted_vectors()])
    assert values(app)[0] == f"{expected.purity:.1%}"
    assert all(metric.delta.startswith(f"{COUNTED}: ") for metric in app.metric)
    assert len(app.dataframe[0].value) == 2 * expected.covered
    assert not app.dataframe[0].value["is right"].iloc[0]


def test_analogies_of_ones_own_with_several_right_answers() -> None:
    data = b"dog\tdogs\ncat\tcats\ncar\tautomobiles/cars\n"
    app = own("bats.txt", data)
    expected = analogy_accuracy(bundled_vectors(), read_analogies(NamedFile("bats.txt", data))).overall
    assert values(app)[0] == f"{expected.accuracy:.1%}"
    assert f"with any of them counted: **{expected.accuracy_by_any:.1%}**" in told(app)
    assert {bar["section"] for bar in rows(chart(app, "Share of analogies"))} == {"all questions", "bats"}


def test_a_file_in_another_encoding_is_read_as_the_visitor_says() -> None:
    app = own("koi.txt", "собака, кошка, лошадь, корова, дом\nкрасный, синий, зелёный, река\n".encode("koi8-r"))
    assert as_text("is not UTF-8") in app.error[0].value
    box = app.selectbox(key="own_test_encoding_0")
    assert any("собака" in option for option in box.options)
    box.set_value(next(option.split(":")[0] for option in box.options if "собака" in option))
    app = checked(app.run())
    assert "do not know all words of any item" in app.info[0].value


def test_published_scores_stand_beside_ours() -> None:
    app = opened()
    table = app.dataframe[0].value
    scores = [float(score.rstrip("%")) for score in table["score"] if score]
    assert scores == sorted(scores, reverse=True)
    here = table[table["vectors"].str.startswith("➤")]
    assert here["vectors"].tolist() == [f"➤ {PREDICTED}"]
    assert here["score"].item() == f"{card()['scores']['google_analogies']:.1%}"
    assert set(table["vectors"]) >= {"GloVe 6B, 300-d", "fastText, 300-d"}
    published = table[~table["vectors"].str.startswith("➤")].to_dict("records")
    for one in PUBLISHED[ANALOGIES]:
        (row,) = (
            row
            for row in published
            if (row["vectors"], row["learned from"]) == (one.vectors, one.text)
            and row["score"] == ("" if one.score is None else f"{one.score:.1%}")
        )
        assert f"{row['source']} {as_text(one.source)}" in told(app), "its number stands below"
    app = opened(evaluated="Similarity", beside=COUNTED)
    table = app.dataframe[0].value
    assert sum(table["vectors"].str.startswith("➤")) == 2
    assert "GoogleNews word2vec, 300-d" in set(table["vectors"])


RUSSIAN = ["дом", "кот", "лес", "сад", "мир", "чай", "ток", "сон"]


@pytest.mark.parametrize("method", ["Hard", "Half-sibling"])
def test_vectors_that_know_no_word_of_a_gender_are_told_so_before_anything_is_removed(method: str) -> None:
    russian = WordVectors(RUSSIAN, np.random.default_rng(0).normal(size=(8, 5)), source="")
    app = finished(with_own(russian, "Debiasing", debias_method=method), stop="Stop removing")
    assert not app.error
    assert not app.metric
    assert len(app.info) == 1
    assert "**дом**" in labels(app), "what they do hold"


def test_a_small_set_is_debiased_by_what_it_knows() -> None:
    """The first 3,000 words hold no list of WEAT whole, and few of the pairs that people judged."""
    few = bundled_vectors().restrict(3_000)
    app = finished(with_own(few, "Debiasing"), stop="Stop removing")
    *_, (before, after) = accounts(few, "hard")
    assert not app.error
    assert f"{after.recovered.classified:.0%}" in values(app)
    assert f"{after.similarity:.2f}" in values(app)
    assert len(rows(chart(app, "Occupations by their cosine"), layer=1)) == 2 * min(len(before.leaning), 24)
    table = app.dataframe[-1].value
    assert table["word"].tolist() == list(before.leaning)
    assert table["after"].tolist() == [0] * len(table)
