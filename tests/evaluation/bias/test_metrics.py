"""Measures of bias give wefe's figures, and are what their papers say on words that can be worked out by hand."""

import numpy as np
import pytest
from scipy.optimize import minimize

from embedlab.errors import InvalidSetting, UnknownWord
from embedlab.evaluation.bias import logistic
from embedlab.evaluation.bias.metrics import ect, mac, measures, ripa, rnd, rnsb
from embedlab.evaluation.weat import not_comparable, weat
from embedlab.evaluation.weat_lists import TESTS
from embedlab.vectors.word_vectors import WordVectors


def words(start: int, count: int) -> list[str]:
    return [f"w{i}" for i in range(start, start + count)]


X, Y, A, B = words(0, 6), words(6, 6), words(20, 7), words(30, 7)
SETS = {"X": X, "Y": Y, "A": A, "B": B}
# Of wefe 1.0.1 on `vectors`, without and with normalize=True. RNSB: holdout=False, and liblinear with tol=1e-12.
WEFE = {
    False: {"RND": 0.07033971378, "RNSB": 0.15679621167, "RIPA": -0.01295036077, "ECT": 5 / 28, "MAC": 0.99802989444},
    True: {"RND": -0.03682824544, "RNSB": 0.02477858607, "RIPA": 0.00399990613, "ECT": 5 / 28, "MAC": 0.99802989444},
}
WEFE_WEAT = 0.1799354849  # the effect size


@pytest.fixture
def vectors() -> WordVectors:
    matrix = np.random.default_rng(17).standard_normal((40, 6)).astype(np.float32)
    return WordVectors(words(0, 40), matrix, source="")


@pytest.mark.parametrize("normalize", [False, True])
def test_each_is_wefes_figure(vectors: WordVectors, normalize: bool) -> None:
    ours = {
        "RND": rnd(vectors, X, Y, A, normalize=normalize),
        "RNSB": rnsb(vectors, [X, Y], A, B, normalize=normalize),
        "RIPA": ripa(vectors, X, Y, A, normalize=normalize),
        "ECT": ect(vectors, X, Y, A, normalize=normalize),
        "MAC": mac(vectors, [X, Y], [A, B]),
    }
    assert ours == pytest.approx(WEFE[normalize], abs=1e-7)


def test_together_they_are_the_single_ones_at_length_one(vectors: WordVectors) -> None:
    found = {one.name: one.value for one in measures(vectors, SETS)}
    assert found == pytest.approx(WEFE[True], abs=1e-7)
    assert weat(vectors, X, Y, A, B).effect_size == pytest.approx(WEFE_WEAT, abs=1e-6)


def test_without_bias_they_are_what_they_say() -> None:
    """X and Y are one and the same place, at right angles to A and B."""
    matrix = [[1, 0, 0]] * 4 + [[0, 1, 0], [0, 1, 1], [0, 1, -1]] + [[0, -1, 0], [0, -1, 1], [0, -1, -1]]
    vectors = WordVectors(words(0, 10), np.array(matrix) + 0.0, source="")
    sets = {"X": words(0, 2), "Y": words(2, 1), "A": words(4, 3), "B": words(7, 3)}
    found = {one.name: one for one in measures(vectors, sets)}
    for name in ("RND", "RNSB", "MAC"):
        assert found[name].value == pytest.approx(found[name].without_bias, abs=1e-7)
    assert np.isnan(found["RIPA"].value)  # two words and one are no pairs


def test_by_hand_in_two_dimensions() -> None:
    """x to the right, y up; a to the right, too."""
    vectors = WordVectors(["x", "y", "a"], np.array([[2, 0], [0, 2], [4, 0]]), source="")
    assert rnd(vectors, ["x"], ["y"], ["a"]) == pytest.approx(2 - np.sqrt(20))
    assert ripa(vectors, ["x"], ["y"], ["a"]) == pytest.approx(4 / np.sqrt(2))
    assert mac(vectors, [["x"], ["y"]], [["a"]]) == pytest.approx(0.5)


def test_logistic_regression_makes_its_loss_least() -> None:
    rng = np.random.default_rng(2)
    rows, positive = rng.standard_normal((30, 4)), rng.random(30) < 0.4

    def loss(w: np.ndarray) -> float:
        return float(w @ w / 2 + np.logaddexp(0, np.where(positive, -1, 1) * (rows @ w[:-1] + w[-1])).sum())

    weights = logistic.fit(rows, positive)
    assert weights == pytest.approx(minimize(loss, np.zeros(5), tol=1e-12).x, abs=1e-5)
    assert np.log(1 / logistic.probabilities(weights, rows) - 1) == pytest.approx(-(rows @ weights[:-1] + weights[-1]))
    far = logistic.fit(rows * 1e4, positive)  # steps of full length would overshoot
    assert np.isfinite(far).all()


def test_sets_that_do_not_fit_are_refused(vectors: WordVectors) -> None:
    with pytest.raises(InvalidSetting, match="X has 2 different words and Y has 1"):
        ripa(vectors, words(0, 2), words(2, 1), A)
    with pytest.raises(InvalidSetting, match="is empty"):
        rnd(vectors, X, [], A)
    with pytest.raises(UnknownWord, match="“nowhere” is not among"):
        ect(vectors, X, Y, ["nowhere"])
    twins = WordVectors(["x", "y", "a"], np.ones((3, 2)), source="")
    with pytest.raises(InvalidSetting, match="same vector"):
        ripa(twins, ["x"], ["y"], ["a"])


def test_all_ten_tests_are_there_with_their_sizes() -> None:
    """Sizes of X and A in the paper's table 1, effect sizes of GloVe."""
    paper = {
        1: (25, 25, 1.50), 2: (25, 25, 1.53), 3: (32, 25, 1.41), 4: (16, 25, 1.50), 5: (16, 8, 1.28), 6: (8, 8, 1.81),
        7: (8, 8, 1.06), 8: (8, 8, 1.24), 9: (6, 7, 1.38), 10: (8, 8, 1.21),
    }  # fmt: skip
    assert {t.number: (len(t.X.split()), len(t.A.split()), t.paper) for t in TESTS.values()} == paper
    for test in TESTS.values():
        x, y, a, b = (getattr(test, name).split() for name in "XYAB")
        assert (len(x), len(a)) == (len(y), len(b))
        assert len({*x, *y}) == len(x) + len(y)
        assert len({*a, *b}) == len(a) + len(b)
        assert "(" in test.source


def test_a_set_that_lost_more_than_a_fifth_is_not_comparable() -> None:
    asked = {"X": words(0, 10), "Y": words(10, 10), "A": words(20, 4), "B": []}
    known = {"X": words(0, 8), "Y": words(10, 7), "A": words(20, 4), "B": []}
    assert not_comparable(asked, known) == {"Y": 0.7}
