"""Distances, ranks, sums and texts under gensim's names: the same numbers as gensim's on the same vectors."""

import sys
from collections import Counter
from math import lcm
from types import SimpleNamespace

import numpy as np
import pytest
from gensim.models import KeyedVectors
from gensim.test.utils import datapath
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

import embedlab.vectors as ev
from embedlab.arrays import Doubles
from embedlab.errors import InvalidSetting, UnknownWord
from embedlab.vectors.measures.lists import cheapest_transport, words_of
from embedlab.vectors.word_vectors import WordVectors

GENSIM = KeyedVectors.load_word2vec_format(datapath("euclidean_vectors.bin"), binary=True)  # 2,747 x 10
VECTORS = WordVectors.from_gensim(GENSIM)
known = st.sampled_from(VECTORS.words)
several = st.lists(known, min_size=1, max_size=6)
weights = st.floats(-3, 3).filter(lambda weight: abs(weight) > 0.01)


@settings(max_examples=40)
@given(known, known, several)
def test_distances_and_ranks_are_gensims(a: str, b: str, words: list[str]) -> None:
    theirs = GENSIM.distances(a)
    np.testing.assert_allclose(ev.distances(VECTORS, a), theirs, atol=1e-5)
    np.testing.assert_allclose(ev.all_similarities(VECTORS, VECTORS[a]), 1 - theirs, atol=1e-5)
    np.testing.assert_allclose(ev.distances(VECTORS, a, words), GENSIM.distances(a, words), atol=1e-5)
    # Words within rounding of the bar may be on either side of it.
    unsure = {VECTORS.words[i] for i in np.flatnonzero(abs(theirs - theirs[VECTORS.index[b]]) < 1e-6)}
    assert set(ev.closer_than(VECTORS, a, b)) ^ set(GENSIM.closer_than(a, b)) <= unsure
    assert abs(ev.rank(VECTORS, a, b) - GENSIM.rank(a, b)) <= len(unsure)
    chosen = ev.most_similar_to_given(VECTORS, a, words)
    assert GENSIM.similarity(a, chosen) == pytest.approx(max(GENSIM.similarity(a, word) for word in words), abs=1e-6)
    ours = ev.relative_cosine_similarity(VECTORS, a, b, 5)
    assert ours == pytest.approx(GENSIM.relative_cosine_similarity(a, b, 5), rel=1e-4, abs=1e-5)


def test_the_rank_is_the_place_among_the_neighbors() -> None:
    near = ev.nearest_neighbors(VECTORS, "battle", 50)
    assert [ev.rank(VECTORS, "battle", neighbor.word) for neighbor in near] == list(range(1, 51))
    assert set(ev.closer_than(VECTORS, "battle", near[7].word)) == {neighbor.word for neighbor in near[:7]}
    assert ev.rank(VECTORS, "battle", "battle") == 1


@settings(max_examples=40)
@given(st.lists(st.tuples(known, weights), max_size=4), st.lists(known, max_size=3), st.sampled_from([None, 50, 900]))
def test_weighted_sums_are_gensims(positive: list[tuple[str, float]], negative: list[str], most: int | None) -> None:
    if not positive and not negative:
        return
    given = {*negative, *(word for word, _ in positive)}
    if all(abs(sum(w for word, w in positive if word == one) - negative.count(one)) < 0.01 for one in given):
        return  # all of them cancel out
    ours = ev.most_similar(VECTORS, positive, negative, 8, restrict_vocab=most)
    theirs = GENSIM.most_similar(positive, negative, topn=None, restrict_vocab=most)
    best = sorted((-theirs[i], i) for i in range(len(theirs)) if VECTORS.words[i] not in given)[:8]
    np.testing.assert_allclose([n.similarity for n in ours], [-score for score, _ in best], atol=1e-4)
    every = ev.most_similar(VECTORS, positive, negative, None, restrict_vocab=most)
    np.testing.assert_allclose(every, theirs, atol=1e-4)
    assert not given & {neighbor.word for neighbor in ours}


def test_negative_words_alone_vectors_and_weights_of_negatives_are_gensims() -> None:
    for positive, negative in (
        ([], ["war"]), ("war", []), ([VECTORS["war"]], ["battle"]), (["war"], [("battle", -0.5), "army"]),
    ):  # fmt: skip
        theirs = GENSIM.most_similar(positive, negative)
        ours = ev.most_similar(VECTORS, positive, negative)
        assert [neighbor.word for neighbor in ours] == [word for word, _ in theirs]
        np.testing.assert_allclose([n.similarity for n in ours], [score for _, score in theirs], atol=1e-5)


@settings(max_examples=40)
@given(several, several, st.booleans(), st.booleans())
def test_means_are_gensims(a: list[str], b: list[str], before: bool, after: bool) -> None:
    assert ev.n_similarity(VECTORS, [*a, "qqq"], b) == pytest.approx(GENSIM.n_similarity([*a, "qqq"], b), abs=1e-4)
    factors = np.linspace(-1, 2, len(a) + 1)[1:].tolist()
    theirs = GENSIM.get_mean_vector(a, factors, pre_normalize=before, post_normalize=after)
    if sum(map(abs, factors)):
        np.testing.assert_allclose(ev.get_mean_vector(VECTORS, a, factors, before, after), theirs, atol=1e-4)


def earth_movers_distance(supply: Doubles, demand: Doubles, costs: Doubles) -> float:
    """By the best assignment of equal parts, in place of the POT package's ``emd2``, which gensim asks for."""
    parts = 1
    for share in (*supply, *demand):
        parts = lcm(parts, next(n for n in range(1, 200) if abs(share * n - round(share * n)) < 1e-9))
    rows, columns = (np.repeat(np.arange(len(s)), np.rint(s * parts).astype(int)) for s in (supply, demand))
    table = costs[np.ix_(rows, columns)]
    return float(table[linear_sum_assignment(table)].sum() / parts)


@pytest.mark.parametrize("norm", [True, False])
def test_word_movers_distance_is_gensims(norm: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ot", SimpleNamespace(emd2=earth_movers_distance))
    rng = np.random.default_rng(0)
    for _ in range(25):
        texts = [[VECTORS.words[i] for i in rng.integers(0, 30, rng.integers(1, 9))] for _ in range(2)]
        ours = ev.wmdistance(VECTORS, [*texts[0], "qqq"], texts[1], norm)
        assert ours == pytest.approx(GENSIM.wmdistance(*texts, norm=norm), abs=1e-5)


@settings(max_examples=40)
@given(several, several)
def test_word_movers_distance_is_a_distance(a: list[str], b: list[str]) -> None:
    there = ev.wmdistance(VECTORS, a, b)
    assert 0 <= there <= 2 + 1e-6
    assert there == pytest.approx(ev.wmdistance(VECTORS, b, a), abs=1e-6)
    assert ev.wmdistance(VECTORS, a, a[::-1]) == pytest.approx(0, abs=1e-6)
    assert (there < 1e-6) == (Counter(a) == Counter(b)) or len(a) != len(b)


def test_transport_by_hand() -> None:
    # A half goes 1 far; of the other half, a quarter goes 2 and a quarter stays.
    costs = np.array([[1.0, 9.0], [2.0, 0.0]])
    assert cheapest_transport(np.array([0.5, 0.5]), np.array([0.75, 0.25]), costs) == pytest.approx(1.0)


def test_sentences_are_read_as_people_write_them(tiny_vectors: WordVectors) -> None:
    assert words_of(tiny_vectors, "The King, the queen - and “woman”!") == [
        "The",
        "king",
        "the",
        "queen",
        "and",
        "woman",
    ]
    same = ev.n_similarity(tiny_vectors, "Man, king.", ["man", "king"])
    assert same == pytest.approx(1)
    assert ev.wmdistance(tiny_vectors, "The king!", "king") == pytest.approx(0, abs=1e-9)
    with pytest.raises(UnknownWord, match="“the” is not among"):
        ev.wmdistance(tiny_vectors, "the", "king")
    with pytest.raises(UnknownWord, match="“the” is not among"):
        ev.n_similarity(tiny_vectors, "the king", "king", ignore_missing=False)


def test_what_cannot_be_answered_is_refused(tiny_vectors: WordVectors) -> None:
    tiny = tiny_vectors
    zero = WordVectors(["a", "b", "calm"], np.array([[1.0, 0], [0, 1], [0, 0]]), source="")
    refused = {
        "nothing to sum": lambda: ev.most_similar(tiny),
        "most frequent words must be 1 or more; 0": lambda: ev.most_similar(tiny, "king", restrict_vocab=0),
        "number of neighbors must be 1 or more; 0": lambda: ev.most_similar(tiny, "king", topn=0),
        "weight nan is not a finite": lambda: ev.most_similar(tiny, [("king", float("nan"))]),
        r"shape \(1,\) does not fit": lambda: ev.most_similar(tiny, [np.ones(1)]),
        "words cancel out": lambda: ev.most_similar(tiny, ["king"], ["king"]),
        "no word to take the mean of": lambda: ev.n_similarity(tiny, [], ["king"]),
        "do not fit 1 words": lambda: ev.get_mean_vector(tiny, ["king"], [1, 2]),
        "All weights are 0": lambda: ev.get_mean_vector(tiny, ["king"], [0]),
        "A weight is NaN": lambda: ev.get_mean_vector(tiny, ["king"], [float("inf")]),
        "text without words": lambda: ev.wmdistance(tiny, "", "king"),
        "no word to compare": lambda: ev.most_similar_to_given(tiny, "king", []),
        "“calm” has a vector of zeros": lambda: ev.rank(zero, "calm", "a"),
        "sum to 0": lambda: ev.relative_cosine_similarity(zero, "a", "b"),
    }
    for message, ask in refused.items():
        with pytest.raises(InvalidSetting, match=message):
            ask()
    for unknown in (
        lambda: ev.rank(tiny, "king", "unicorn"), lambda: ev.distances(tiny, "king", ["unicorn"]),
        lambda: ev.most_similar(tiny, ["king"], ["unicorn"]),
        lambda: ev.most_similar_to_given(tiny, "king", ["unicorn"]),
    ):  # fmt: skip
        with pytest.raises(UnknownWord, match="“unicorn” is not among"):
            unknown()


def test_a_word_of_zeros_is_orthogonal_to_all() -> None:
    zero = WordVectors(["a", "b", "calm"], np.array([[2.0, 0], [-1, 0], [0, 0]]), source="")
    assert ev.all_similarities(zero, "a").tolist() == [1, -1, 0]
    assert ev.distances(zero, "a").tolist() == [0, 2, 1]
    assert (ev.rank(zero, "a", "calm"), ev.rank(zero, "a", "b")) == (1, 2)
