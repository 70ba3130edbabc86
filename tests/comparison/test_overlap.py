"""Comparison of two spaces, against slow and obvious computations."""

import numpy as np
import pytest

from embedlab.comparison.alignment import align
from embedlab.comparison.overlap import neighbor_overlap, shared_words
from embedlab.errors import InvalidSetting, UnknownWord
from embedlab.vectors.queries import nearest_neighbors
from embedlab.vectors.word_vectors import WordVectors


def space(seed: int, words: list[str], dimensions: int = 8) -> WordVectors:
    rng = np.random.default_rng(seed)
    return WordVectors(words, rng.normal(size=(len(words), dimensions)), source=f"random {seed}")


WORDS = [f"w{i}" for i in range(60)]


def test_a_space_agrees_with_itself_and_with_its_rotation() -> None:
    a = space(0, WORDS)
    q, _ = np.linalg.qr(np.random.default_rng(1).normal(size=(8, 8)))
    turned = WordVectors(WORDS, a.matrix @ q, source="turned")
    assert set(neighbor_overlap(a, a).values()) == {1.0}
    assert set(neighbor_overlap(a, turned).values()) == {1.0}


def test_overlap_counts_common_neighbors_among_shared_words() -> None:
    a, b = space(0, WORDS), space(1, [*WORDS[20:], "only here"], dimensions=5)
    shared = shared_words(a, b)
    found = neighbor_overlap(a, b, k=7)
    restricted = [WordVectors(shared, v.matrix[v.rows(shared)], source="x") for v in (a, b)]
    for word in shared:
        first, second = ({n.word for n in nearest_neighbors(v, word, 7)} for v in restricted)
        assert found[word] == pytest.approx(len(first & second) / 7)
    assert list(found) == shared


def test_only_the_words_asked_for_are_reported() -> None:
    a, b = space(0, WORDS), space(1, WORDS)
    assert neighbor_overlap(a, b, words=["w3", "w9"]) == {w: neighbor_overlap(a, b)[w] for w in ("w3", "w9")}
    with pytest.raises(UnknownWord, match="nobody"):
        neighbor_overlap(a, b, words=["nobody"])


@pytest.mark.parametrize(("words", "k"), [(["w1"], 10), (["x", "y"], 10), (WORDS, 0)])
def test_too_little_to_compare_is_said(words: list[str], k: int) -> None:
    with pytest.raises(InvalidSetting):
        neighbor_overlap(space(0, WORDS), space(1, words), k)


def test_align_finds_a_known_rotation() -> None:
    a = space(0, WORDS)
    q, _ = np.linalg.qr(np.random.default_rng(1).normal(size=(8, 8)))
    b = WordVectors(WORDS[::-1], (a.matrix @ q)[::-1], source="turned")
    found = align(a, b)
    np.testing.assert_allclose(found.rotation, q, atol=1e-5)
    assert found.mean_similarity == pytest.approx(1, abs=1e-5)
    assert found.shared == 60
    assert [n.word for n in nearest_neighbors(found.vectors, "w0")] == [n.word for n in nearest_neighbors(a, "w0")]


def test_align_needs_equal_dimensions_and_anchors() -> None:
    with pytest.raises(InvalidSetting, match="8 and 5"):
        align(space(0, WORDS), space(1, WORDS, dimensions=5))
    with pytest.raises(InvalidSetting, match="share no word"):
        align(space(0, ["a"]), space(1, ["b"]))
