"""Debiasing gives wefe's vectors and the course's cosines; what it promises holds; recovery finds what is left."""

import gzip

import numpy as np
import pytest

from embedlab.errors import InvalidSetting, TooFewWords
from embedlab.evaluation.bias import lists
from embedlab.evaluation.bias.debiasing import bias_direction, equalize, half_sibling, hard_debias, neutralize
from embedlab.evaluation.bias.effects import accounts, debias, exercise
from embedlab.evaluation.bias.recovery import most_biased, recover
from embedlab.library.bundled import bundled_vectors
from embedlab.vectors.word_vectors import WordVectors
from tests.conftest import shared_file
from tests.evaluation.bias.test_metrics import words

PAIRS = [("w0", "w6"), ("w1", "w7"), ("w2", "w8"), ("w3", "w9")]
# wefe 1.0.1, HardDebias(pca_args={"n_components": 4}) on `vectors`; equalized: w0–w6 and w4–w10, ignored: w0, w6, w12.
WEFE_DIRECTION = [0.4589584470, -0.5131796002, -0.2881687880, 0.5480302573, -0.3090046048, -0.2171211690]
WEFE_HARD = {
    "w0": [-0.3128055036, 0.5918191671, -0.0211646408, -0.7096854448, 0.0156460106, -0.2180749774],
    "w4": [-0.8158589602, 0.6185114980, 0.1236699224, -0.8945245743, 0.4994470477, 0.2229517996],  # not at length 1
    "w6": [0.4101369679, -0.2165314257, -0.4750825167, 0.1535612345, -0.4710920751, -0.5600800514],
    "w10": [0.4899249375, -0.8426946998, -0.6977311969, 0.6649917364, -0.3798991740, -0.3954225779],
    "w12": [-0.3230312467, 0.7132365107, -0.4269499481, 0.3940742910, -0.2203570008, -0.0283998121],
    "w13": [-0.0208799746, -0.2403932065, 0.8082103133, 0.0380255505, -0.4822208881, 0.2336413562],
}
# wefe 1.0.1, HalfSiblingRegression with alpha=2 and w0 to w5 on the same vectors, here at length 1.
WEFE_HALF = {
    "w13": [0.0187084414, -0.2142911553, 0.5305873752, 0.0153613221, -0.2528234124, 0.1732245535],
    "w14": [0.3009041548, -0.5258067846, 0.2506721318, 0.0387559757, 0.3001494408, 0.3228068054],
}


@pytest.fixture
def vectors() -> WordVectors:
    matrix = np.random.default_rng(17).standard_normal((40, 6)).astype(np.float32)
    return WordVectors(words(0, 40), matrix, source="")


def test_hard_debiasing_gives_wefes_vectors(vectors: WordVectors) -> None:
    direction = bias_direction(vectors, PAIRS)
    sign = np.sign(direction.vector @ WEFE_DIRECTION)
    assert sign * direction.vector == pytest.approx(WEFE_DIRECTION, abs=1e-6)
    found = hard_debias(vectors, direction, gendered=["w12"], equalized=[("w0", "w6"), ("w4", "w10")])
    for word, row in WEFE_HARD.items():
        assert found[word] == pytest.approx(np.array(row) / np.linalg.norm(row), abs=1e-5), word
    assert np.linalg.norm(found.matrix, axis=1) == pytest.approx(1, abs=1e-6)


def test_half_sibling_regression_gives_wefes_vectors(vectors: WordVectors) -> None:
    found = half_sibling(vectors, gendered=words(0, 6), alpha=2.0)
    for word, row in WEFE_HALF.items():
        assert found[word] == pytest.approx(row, abs=1e-6), word
    assert found["w3"] == pytest.approx(vectors.unit[3])
    with pytest.raises(InvalidSetting, match="alpha"):
        half_sibling(vectors, gendered=words(0, 6), alpha=0)


def test_the_direction_is_that_of_principal_components_and_points_to_the_second_words(vectors: WordVectors) -> None:
    from sklearn.decomposition import PCA

    unit = vectors.unit.astype(np.float64)
    centered = np.concatenate([unit[[a, b]] - unit[[a, b]].mean(axis=0) for a, b in ((0, 6), (1, 7), (2, 8), (3, 9))])
    found, peer = bias_direction(vectors, PAIRS), PCA(4).fit(centered)
    assert abs(found.vector @ peer.components_[0]) == pytest.approx(1)
    assert found.explained == pytest.approx(peer.explained_variance_ratio_[0])
    ends = found.cosines(vectors, words(0, 4)).sum(), found.cosines(vectors, words(6, 4)).sum()
    assert ends[0] < ends[1]
    other = bias_direction(vectors, [(b, a) for a, b in PAIRS])
    assert other.vector == pytest.approx(-found.vector)


def test_neutral_words_are_at_right_angles_and_equally_near_to_both_of_a_pair(vectors: WordVectors) -> None:
    direction = bias_direction(vectors, PAIRS)
    found = hard_debias(vectors, direction, gendered=[], equalized=PAIRS)
    neutral = [word for word in vectors.words if word not in {w for pair in PAIRS for w in pair}]
    assert direction.cosines(found, neutral) == pytest.approx(0, abs=1e-6)
    for a, b in PAIRS:
        assert found.unit_vectors_of(neutral) @ (found[a] - found[b]) == pytest.approx(0, abs=1e-6)
    again = hard_debias(found, direction, gendered=[], equalized=PAIRS)
    assert again.matrix == pytest.approx(found.matrix, abs=1e-6)


def test_nothing_that_can_be_asked_for_is_lost(vectors: WordVectors) -> None:
    """Unknown pairs and words are passed over; zero rows stay zero."""
    matrix = vectors.matrix.copy()
    matrix[39] = 0
    space = WordVectors(vectors.words, matrix, source="mine")
    direction = bias_direction(space, [*PAIRS, ("w0", "nowhere")])
    assert direction.pairs == tuple(PAIRS)
    found = hard_debias(space, direction, gendered=["nowhere"], equalized=[("w0", "nowhere")])
    assert found.words == space.words
    assert not found.matrix[39].any()
    assert found.source == "mine, debiased"
    with pytest.raises(TooFewWords, match="a–b"):
        bias_direction(space, [("a", "b")])
    with pytest.raises(InvalidSetting, match="leads nowhere"):
        neutralize(matrix, np.zeros(6))


def test_the_courses_exercise_gives_the_courses_cosines() -> None:
    """With GloVe of 50 dimensions, as the notebook of the course prints them."""
    path = shared_file("vectors/glove.6B.50d.top9163.txt.gz")
    wanted = {"man", "woman", "john", "marie", "science", "teacher", "engineer"}
    with gzip.open(path, "rt", encoding="utf-8") as file:
        lines = [line.split() for line in file if line.split(" ", 1)[0] in wanted]
    glove = WordVectors([word for word, *_ in lines], np.array([row for _, *row in lines], float), source="GloVe")
    steps = exercise(glove, ["john", "marie", "science", "teacher", "engineer"], pair=("man", "woman"))
    before = [-0.23163356146, 0.315597935396, -0.0608290654093, 0.179209234318, -0.0803928049452]
    assert [step.before for step in steps] == pytest.approx([*before, -0.117110957653, 0.356666188463], abs=1e-6)
    after = [0, 0, 0, 0, 0, -0.700436428931, 0.700436428931]
    assert [step.after for step in steps] == pytest.approx(after, abs=1e-6)
    assert [step.step for step in steps[4:]] == ["neutralize", "equalize", "equalize"]


def test_equalized_vectors_have_length_one_and_one_middle() -> None:
    a, b, axis = np.array([0.6, 0.8, 0]), np.array([0.0, 0.6, 0.8]), np.array([0, 0, 5.0])
    low, high = equalize(a, b, axis)
    assert (np.linalg.norm(low), np.linalg.norm(high)) == pytest.approx((1, 1))
    assert (low + high) / 2 == pytest.approx([0.3, 0.7, 0])
    assert high[2] > 0 > low[2]


def planted(sides: bool) -> WordVectors:
    """60 words that lean to either side of the first dimension; with `sides`, another dimension says which, too."""
    rng = np.random.default_rng(1)
    names = [first + second for first in "abcdefgh" for second in "ijklmnop"][:60]
    matrix = rng.standard_normal((62, 12)) * 0.3
    side = np.where(np.arange(60) < 30, -1, 1)
    matrix[:60, 0] += side
    matrix[:60, 1] += 2 * side * sides
    matrix[60:] = 0
    matrix[60, 0], matrix[61, 0] = -1, 1
    return WordVectors([*names, "he", "she"], matrix, source="")


@pytest.mark.parametrize("sides", [True, False])
def test_what_is_left_is_found_and_nothing_where_nothing_is_left(sides: bool) -> None:
    space = planted(sides)
    direction = bias_direction(space, [("he", "she")])
    biased = most_biased(space, direction, left_out=["he", "she"], count=25)
    assert set(biased.rows[:25].tolist()) <= set(range(30))
    assert set(biased.rows[25:].tolist()) <= set(range(30, 60))
    removed = hard_debias(space, direction, gendered=[], equalized=[("he", "she")])
    found = recover(removed, biased, space.words[:60], k=10)
    assert len(found.words) == len(found.neighbors) == 60
    if sides:
        assert (found.clustered, found.classified) == (1, 1)
        assert found.correlation > 0.9
    else:  # 25 words are told by chance: 0.5 with a standard error of 0.1
        assert found.clustered < 0.75
        assert found.classified < 0.8
        assert abs(found.correlation) < 0.5
    again = recover(removed, biased, space.words[:60], k=10)
    assert (again.clustered, again.classified, again.correlation) == (
        found.clustered,
        found.classified,
        found.correlation,
    )


def test_too_few_words_are_said() -> None:
    few = WordVectors(["he", "she", "nurse"], np.eye(3), source="")
    with pytest.raises(TooFewWords, match="at least 20"):
        most_biased(few, bias_direction(few, [("he", "she")]))
    with pytest.raises(TooFewWords, match="No pair gives a direction"):
        debias(WordVectors(["a", "b"], np.eye(2), source=""), "hard")


def test_the_lists_fit_together() -> None:
    assert not set(lists.GENDERED) & set(lists.OCCUPATIONS)
    assert len(lists.DEFINING) == 10
    for pairs in (lists.DEFINING, lists.EQUALIZED):
        assert len({word for pair in pairs for word in pair}) == 2 * len(pairs)


def test_the_bundled_vectors_lose_the_direction_but_not_the_bias() -> None:
    """Math and arts, WEAT's seventh test; the sides of the most biased words are still told far above chance."""
    *_, (before, after) = accounts(bundled_vectors(), "hard")
    assert before.weat["math"].effect_size > 1
    assert abs(after.weat["math"].effect_size) < 0.3
    assert max(map(abs, after.leaning.values())) < 1e-5 < max(map(abs, before.leaning.values())) - 0.2
    assert after.recovered.classified > 0.75
    assert after.recovered.correlation > 0.6
    assert after.similarity == pytest.approx(before.similarity, abs=0.02)
    assert before.analogies["family"] > after.analogies["family"] > before.analogies["family"] - 0.1
