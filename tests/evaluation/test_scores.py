"""What the page Evaluate is made of: answers one by one, intervals, judged pairs, and the bundled answers."""

import math
from itertools import permutations

import numpy as np
import pytest
from scipy.stats import spearmanr

from embedlab.charts.theme import LIGHT
from embedlab.errors import InvalidSetting
from embedlab.evaluation.analogies import answers, covered, states_total
from embedlab.evaluation.bundled import bundled_answers, made_from
from embedlab.evaluation.intervals import accuracy, difference, wilson
from embedlab.evaluation.question_sets import analogy_questions
from embedlab.evaluation.scores import analogy_accuracy
from embedlab.evaluation.similarity import correlation, judged_pairs, resampled_correlations
from embedlab.library import bundled
from embedlab.ui.evaluate.charts import null_histogram
from embedlab.vectors.queries import MULTIPLICATIVE_EPSILON, analogy
from embedlab.vectors.word_vectors import WordVectors


@pytest.fixture
def vectors() -> WordVectors:
    matrix = np.random.default_rng(3).standard_normal((60, 5))
    return WordVectors([f"w{i}" for i in range(60)], matrix, source="")


def questions(count: int, seed: int = 0) -> dict[str, list[tuple[str, str, str, str]]]:
    rng = np.random.default_rng(seed)
    drawn = [rng.permutation(60)[:4] for _ in range(count)]
    return {"random": [tuple(f"w{i}" for i in four) for four in drawn], "none": [("a", "b", "c", "d")]}  # type: ignore[misc]


@pytest.mark.parametrize("method", ["3cosadd", "3cosmul"])
def test_answers_and_places_are_those_of_single_queries(
    vectors: WordVectors, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("embedlab.evaluation.analogies._STATE", 500)
    asked = questions(40)
    *frames, found = answers(vectors, asked, method=method)  # type: ignore[arg-type]
    section, none = found.sections
    assert len(frames) + 1 == states_total(60, asked) > 2
    assert (len(section.asked), len(none.asked), none.total) == (40, 0, 1)
    for i, (a, b, c, d) in enumerate(asked["random"]):
        out = [n.word for n in analogy(vectors, [b, c], [a], 57, method=method)]  # type: ignore[arg-type]
        kept = analogy(vectors, [b, c], [a], 1, method=method, include_inputs=True)  # type: ignore[arg-type]
        assert vectors.words[section.best[i]] == out[0]
        assert vectors.words[section.left_in[i]] == kept[0].word
        assert section.place[i] == out.index(d) + 1


@pytest.mark.parametrize("stretch", [7, 64])
@pytest.mark.parametrize("method", ["3cosadd", "3cosmul"])
def test_answers_are_those_of_a_loop_over_questions(stretch: int, method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("embedlab.evaluation.analogies._STRETCH", stretch)
    monkeypatch.setattr("embedlab.evaluation.analogies._ROOM", 5 * stretch)
    # Corners of a cube: scores are equal exactly, again and again, and the first row has to win.
    matrix = np.random.default_rng(4).choice([-1.0, 1.0], (60, 4))
    cube = WordVectors([f"w{i}" for i in range(60)], matrix, source="")
    unit = cube.unit
    pairs = np.random.default_rng(5).integers(0, 60, (12, 2))  # a word may come twice in a question
    fours = [(*first, *second) for first in pairs for second in pairs]
    asked = [(f"w{a}", f"w{b}", f"w{c}", f"w{d}") for a, b, c, d in fours]
    *_, found = answers(cube, {"pairs": asked}, method=method)  # type: ignore[arg-type]
    (section,) = found.sections
    for i, (a, b, c, d) in enumerate(fours):
        to_a, to_b, to_c = (unit @ unit[word] for word in (a, b, c))
        ratio = (1 + to_b) * (1 + to_c) / (2 * (1 + to_a) + np.float32(4 * MULTIPLICATIVE_EPSILON))
        scores = to_b - to_a + to_c if method == "3cosadd" else ratio
        goal = scores[d]
        assert section.left_in[i] == scores.argmax()
        scores[[a, b, c]] = -np.inf
        assert section.best[i] == scores.argmax()
        assert section.place[i] == 1 + np.count_nonzero(scores > goal)


def test_accuracy_reports_how_far_it_is(vectors: WordVectors, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("embedlab.evaluation.analogies._STATE", 500)
    seen: list[tuple[int, int]] = []
    score = analogy_accuracy(vectors, questions(40), progress=lambda done, total: seen.append((done, total)))
    assert seen == [(number, len(seen)) for number in range(1, len(seen) + 1)]
    assert len(seen) == states_total(60, questions(40)) > 2
    assert score == analogy_accuracy(vectors, questions(40))


def test_only_the_words_among_are_asked_and_answer(vectors: WordVectors) -> None:
    asked = questions(80)
    *_, whole = answers(vectors.restrict(30), asked)
    *_, part = answers(vectors, asked, among=np.arange(30))
    assert 0 < len(part.sections[0].asked) < 80
    assert all((part.sections[0].rows < 30).ravel())
    for name in ("asked", "rows", "best", "left_in", "place"):
        assert np.array_equal(getattr(whole.sections[0], name), getattr(part.sections[0], name))


def test_a_space_with_capitals_is_asked_the_same_questions_as_one_without() -> None:
    words = ["athens", "greece", "oslo", "norway"]
    matrix = np.random.default_rng(0).standard_normal((5, 3))
    cased = WordVectors(["Athens", *words], matrix, source="")
    asked = {"capitals": [("Athens", "Greece", "Oslo", "Norway")]}
    *_, shared = answers(cased, asked, among=np.arange(1, 5))
    assert shared.sections[0].rows.tolist() == [[1, 2, 3, 4]]
    *_, alone = answers(cased, asked)
    assert alone.sections[0].rows.tolist() == [[0, 2, 3, 4]]


def test_an_unknown_method_is_refused(vectors: WordVectors) -> None:
    with pytest.raises(InvalidSetting, match="must be one of 3cosadd, 3cosmul; “cosine” is not"):
        next(answers(vectors, questions(1), method="cosine"))  # type: ignore[arg-type]


def test_wilsons_interval_is_the_formula() -> None:
    found = wilson(0.5, 10)
    z = 1.959964
    half = z / (1 + z * z / 10) * math.sqrt(0.025 + z * z / 400)
    assert (found.low, found.high) == pytest.approx((0.5 - half, 0.5 + half))
    assert wilson(1.0, 23).low == pytest.approx(23 / (23 + z * z))
    assert wilson(0.0, 0) == (0.0, 0.0, 1.0)


def pair_questions(pairs: int) -> np.ndarray:
    """Each pair of words with each other one."""
    return np.array([(2 * i, 2 * i + 1, 2 * j, 2 * j + 1) for i in range(pairs) for j in range(pairs) if i != j])


def test_an_interval_knows_that_questions_share_pairs() -> None:
    rows = pair_questions(20)
    known = rows[:, 2] % 4 == 0  # whoever knows a pair answers every question that asks for it
    shared = accuracy([rows], [known])
    naive = wilson(known.mean(), len(rows))
    assert shared.value == naive.value == pytest.approx(0.5)
    assert shared.high - shared.low > 3 * (naive.high - naive.low)
    assert shared == accuracy([rows], [known])  # the same seed
    assert accuracy([rows], [np.ones(len(rows), bool)]).low == pytest.approx(wilson(1.0, 20).low)
    assert math.isnan(accuracy([rows[:0]], [known[:0]]).value)


def test_a_difference_is_clear_only_where_it_is_large() -> None:
    rows = pair_questions(20)
    rng = np.random.default_rng(1)
    first = rng.random(len(rows)) < 0.5
    assert difference([rows], [first], [first]) == (0.0, 0.0, 0.0)
    better = first | (rng.random(len(rows)) < 0.5)
    gain = difference([rows], [first], [better])
    assert gain.value == pytest.approx(better.mean() - first.mean())
    assert gain.low < gain.value < gain.high
    assert gain.is_clear
    other = rng.permutation(first)
    assert not difference([rows], [first], [other]).is_clear


def test_resampled_correlations_are_spearmans_of_the_drawn_pairs() -> None:
    rng = np.random.default_rng(0)
    judged, cosines = rng.integers(0, 6, 50).astype(float), rng.standard_normal(50)
    found = resampled_correlations(judged, [cosines, judged], draws=20, seed=4)
    drawn = np.random.default_rng(4).integers(0, 50, (20, 50))
    expected = [spearmanr(judged[i], cosines[i]).statistic for i in drawn]
    assert found[:, 0] == pytest.approx(expected)
    assert found[:, 1] == pytest.approx(1)


def test_missing_pairs_count_as_cosine_zero(vectors: WordVectors) -> None:
    pairs = [("w0", "w1", 1.0), ("W2", "w3", 5.0), ("w4", "zz", 9.0), ("w5", "w6", 2.0)]
    found = judged_pairs(vectors, pairs)
    assert found.known.tolist() == [0, 1, 3]
    cosines = [vectors.unit[a] @ vectors.unit[b] for a, b in ((0, 1), (2, 3), (5, 6))]
    assert found.cosines == pytest.approx(cosines)
    expected = spearmanr([1, 5, 9, 2], [cosines[0], cosines[1], 0, cosines[2]]).statistic
    assert found.spearman_of_all == pytest.approx(expected)
    assert found.within(np.array([1, 2])).known.tolist() == [1]


def test_the_bundled_answers_belong_to_the_bundled_vectors() -> None:
    with np.load(bundled.path("analogy_answers.npz"), allow_pickle=False) as file:
        assert file["made_from"].tolist() == made_from()
    vectors = bundled.bundled_vectors()
    found = bundled_answers(vectors)
    assert found is not None
    for section, asked in zip(found.sections, analogy_questions().values(), strict=True):
        assert all(map(np.array_equal, (section.asked, section.rows), covered(vectors, asked)))
    name = "family"
    stored = next(section for section in found.sections if section.name == name)
    *_, now = answers(vectors, {name: analogy_questions()[name]})
    assert np.array_equal(stored.rows, now.sections[0].rows)
    assert (stored.best == now.sections[0].best).mean() > 0.995  # another processor may round a tie otherwise


def test_answers_that_went_stale_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("embedlab.evaluation.bundled.made_from", lambda: ["other vectors"])
    assert bundled_answers(bundled.bundled_vectors()) is None


def test_the_histogram_of_splits_holds_all_of_them() -> None:
    null = np.array([-0.5] * 18 + [3.0, -2.8])  # sets of two and eighteen words: effects beyond 2
    bars = null_histogram(null, 1.0, LIGHT)["layer"][0]["data"]["values"]
    assert sum(bar["share"] for bar in bars) == pytest.approx(1)


@pytest.mark.parametrize("values", [[1, 2, 3, 4], [1, 1, 2, 2], [3, 1, 1, 1, 3, 3], [1, 1, 1, 1, 5]])
@pytest.mark.parametrize("sign", [1, -1])
def test_the_p_value_of_a_perfect_rank_correlation_counts_all_orders(values: list[int], sign: int) -> None:
    judged = np.array(values, dtype=float)
    orders = [spearmanr(judged, order).statistic for order in permutations(sign * judged)]
    expected = np.mean(np.abs(orders) >= 1 - 1e-9)
    assert correlation(judged, sign * judged, ranks=True).p_value == pytest.approx(expected)
