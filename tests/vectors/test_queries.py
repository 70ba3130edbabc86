"""Neighbors, analogies and odd ones out, on vectors that can be checked in the head."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedlab.errors import InvalidSetting, UnknownWord
from embedlab.vectors.queries import Neighbor, analogy, nearest_neighbors, odd_one_out, similarity
from embedlab.vectors.word_vectors import WordVectors


@pytest.fixture
def compass() -> WordVectors:
    """Eight winds, 45 degrees apart and of different lengths, and a word of zeros."""
    names = ["e", "ne", "n", "nw", "w", "sw", "s", "se", "calm"]
    angles = np.arange(8) * np.pi / 4
    matrix = np.column_stack([np.cos(angles), np.sin(angles)]) * np.arange(1, 9)[:, None]  # (8, 2)
    return WordVectors(names, np.vstack([matrix.round(9), [[0, 0]]]), source="a compass")


def words(found: list[Neighbor]) -> list[str]:
    return [neighbor.word for neighbor in found]


def test_neighbors_are_by_angle_not_by_length(compass: WordVectors) -> None:
    found = nearest_neighbors(compass, "e", 5)
    assert words(found) == ["ne", "se", "n", "s", "calm"]
    np.testing.assert_allclose([n.similarity for n in found], [0.5**0.5, 0.5**0.5, 0, 0, 0], atol=1e-7)


def test_a_query_word_is_not_its_own_neighbor_but_a_vector_may_be(compass: WordVectors) -> None:
    assert "n" not in words(nearest_neighbors(compass, "n", 9))
    assert nearest_neighbors(compass, compass["n"], 1) == [("n", pytest.approx(1))]


def test_ties_keep_the_order_of_the_words() -> None:
    vectors = WordVectors(list("dcba"), np.ones((4, 3)), source="all alike")
    assert words(nearest_neighbors(vectors, "c", 10)) == ["d", "b", "a"]
    assert words(nearest_neighbors(vectors, "c", 2)) == ["d", "b"]


def test_more_neighbors_than_words_gives_them_all(compass: WordVectors) -> None:
    found = nearest_neighbors(compass, "w", 1_000)
    assert sorted(words(found)) == sorted(set(compass.words) - {"w"})
    assert found == sorted(found, key=lambda neighbor: -neighbor.similarity)
    assert words(nearest_neighbors(compass, "w", 3, exclude=compass.words)) == []


def test_excluded_words_are_left_out_and_unknown_ones_do_not_matter(compass: WordVectors) -> None:
    assert words(nearest_neighbors(compass, "e", 2, exclude=["ne", "nowhere"])) == ["se", "n"]


def test_a_word_of_zeros_is_no_neighborhood(compass: WordVectors) -> None:
    with pytest.raises(InvalidSetting, match="“calm” has a vector of zeros"):
        nearest_neighbors(compass, "calm")
    assert similarity(compass, "calm", "n") == 0


@pytest.mark.parametrize(
    ("query", "named"),
    [
        (np.zeros(2), "zeros"),
        (np.array([np.nan, 1]), "NaN"),
        (np.array([np.inf, 1]), "infinity"),
        (np.ones(3), r"shape \(3,\) does not fit vectors of 2"),
        (np.ones((2, 2)), r"shape \(2, 2\)"),
    ],
)
def test_vectors_without_a_direction_are_refused(compass: WordVectors, query: np.ndarray, named: str) -> None:
    with pytest.raises(InvalidSetting, match=named):
        nearest_neighbors(compass, query)


@pytest.mark.parametrize("k", [0, -1])
def test_asking_for_nothing_is_refused(compass: WordVectors, k: int) -> None:
    with pytest.raises(InvalidSetting, match=f"number of neighbors must be 1 or more; {k} is not"):
        nearest_neighbors(compass, "n", k)
    with pytest.raises(InvalidSetting, match=f"must be 1 or more; {k} is not"):
        analogy(compass, ["n"], ["e"], k)


def test_unknown_words_are_all_named_with_suggestions(tiny_vectors: WordVectors) -> None:
    with pytest.raises(UnknownWord) as raised:
        analogy(tiny_vectors, ["KING", "wuman"], ["zzz", "man"])
    assert raised.value.words == ("KING", "wuman", "zzz")
    assert raised.value.suggestions == {"KING": ("king",), "wuman": ("woman",), "zzz": ()}
    for part in ("“KING”", "Did you mean king?", "“wuman”", "Did you mean woman?", "“zzz”", "the 5 words"):
        assert part in str(raised.value)


def test_the_signs_of_a_sum_lead_to_where_sums_are_answered(tiny_vectors: WordVectors) -> None:
    said = str(tiny_vectors.unknown(["+", "−", "zzz"]))
    assert said.count("Analogies") == 2
    assert "check the spelling" in said


def test_king_less_man_plus_woman(tiny_vectors: WordVectors) -> None:
    for method in ("3cosadd", "3cosmul"):
        found = analogy(tiny_vectors, ["king", "woman"], ["man"], method=method)
        assert found[0].word == "queen"
        assert set(words(found)) == {"queen", "apple"}


def test_3cosadd_is_the_cosine_to_the_sum_of_unit_vectors(tiny_vectors: WordVectors) -> None:
    unit = {word: tiny_vectors[word] / np.linalg.norm(tiny_vectors[word]) for word in tiny_vectors.words}
    target = unit["king"] + unit["woman"] - unit["man"]
    for word, score in analogy(tiny_vectors, ["king", "woman"], ["man"], include_inputs=True):
        assert score == pytest.approx(unit[word] @ target / np.linalg.norm(target), abs=1e-6)


def test_3cosmul_is_the_formula_of_levy_and_goldberg(tiny_vectors: WordVectors) -> None:
    def shifted(a: str, b: str) -> float:
        return (1 + similarity(tiny_vectors, a, b)) / 2

    for word, score in analogy(tiny_vectors, ["king", "woman"], ["man"], method="3cosmul", include_inputs=True):
        by_hand = shifted(word, "king") * shifted(word, "woman") / (shifted(word, "man") + 1e-6)
        assert score == pytest.approx(by_hand, rel=1e-5)


def test_inputs_left_in_are_ranked_with_the_others(tiny_vectors: WordVectors) -> None:
    without = analogy(tiny_vectors, ["king", "woman"], ["man"])
    with_inputs = analogy(tiny_vectors, ["king", "woman"], ["man"], include_inputs=True)
    assert [n for n in with_inputs if n.word not in {"king", "woman", "man"}] == without
    assert len(with_inputs) == 5


def test_words_that_cancel_out_are_refused(tiny_vectors: WordVectors) -> None:
    with pytest.raises(InvalidSetting, match="cancel out"):
        analogy(tiny_vectors, ["king"], ["king"])


def test_an_analogy_needs_a_word_and_a_known_method(tiny_vectors: WordVectors) -> None:
    with pytest.raises(InvalidSetting, match="at least one word to add"):
        analogy(tiny_vectors, [], ["man"])
    with pytest.raises(InvalidSetting, match="must be one of 3cosadd, 3cosmul; “cosine” is not"):
        analogy(tiny_vectors, ["king"], ["man"], method="cosine")  # type: ignore[arg-type]


def test_similarity_is_between_minus_one_and_one(compass: WordVectors) -> None:
    assert similarity(compass, "n", "n") == pytest.approx(1)
    assert similarity(compass, "n", "s") == pytest.approx(-1)
    assert similarity(compass, "n", "e") == pytest.approx(0, abs=1e-7)
    assert similarity(compass, "n", "ne") == similarity(compass, "ne", "n") == pytest.approx(0.5**0.5)


def test_odd_one_out_points_elsewhere(compass: WordVectors) -> None:
    assert odd_one_out(compass, ["n", "ne", "s", "nw"]) == "s"
    assert odd_one_out(compass, ["n", "ne", "s", "nw", "n", "n"]) == "s"  # said twice counts once


@pytest.mark.parametrize("given", [[], ["n"], ["n", "s"], ["n", "n", "s"]])
def test_odd_one_out_needs_three_words(compass: WordVectors, given: list[str]) -> None:
    with pytest.raises(InvalidSetting, match="at least three different words"):
        odd_one_out(compass, given)


@given(seed=st.integers(0, 10_000), size=st.integers(1, 60), dimensions=st.integers(1, 6), k=st.integers(1, 70))
def test_every_answer_is_what_sorting_all_cosines_gives(seed: int, size: int, dimensions: int, k: int) -> None:
    rng = np.random.default_rng(seed)
    matrix = rng.integers(-1, 2, (size, dimensions)).astype(np.float32)  # small whole numbers: many ties, zero rows
    vectors = WordVectors([f"w{i}" for i in range(size)], matrix, source="random")
    query = rng.standard_normal(dimensions)
    direction = (query / np.linalg.norm(query)).astype(np.float32)
    cosines = (vectors.unit.astype(np.float64) @ direction.astype(np.float64)).astype(np.float32)
    found = nearest_neighbors(vectors, query, k)
    np.testing.assert_allclose([n.similarity for n in found], np.sort(cosines)[::-1][:k], atol=1e-6)
    assert len(set(words(found))) == min(k, size)
