"""How far spaces agree, against slow and obvious computations."""

import numpy as np
import pytest

from embedlab.comparison.agreement import Agreement, around, find_row
from embedlab.comparison.alignment import align, one_plane, padded, turn
from embedlab.comparison.overlap import neighbor_overlap, share
from embedlab.errors import InvalidSetting, UnknownWord
from embedlab.vectors.queries import nearest_neighbors, similarity
from embedlab.vectors.word_vectors import WordVectors

WORDS = [f"w{i}" for i in range(60)]


def space(seed: int, words: list[str], dimensions: int = 8) -> WordVectors:
    rng = np.random.default_rng(seed)
    return WordVectors(words, rng.normal(size=(len(words), dimensions)), source=f"random {seed}")


def test_blocks_put_together_are_the_overlaps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("embedlab.comparison.overlap._SCORES", 200)
    a, b = space(0, WORDS), space(1, WORDS, dimensions=5)
    shared = share(a, b)
    blocks = list(shared.overlaps(7, np.arange(60)))
    assert [len(block) for block in blocks] == [3] * 20
    monkeypatch.undo()
    assert np.concatenate(blocks).tolist() == list(neighbor_overlap(a, b, 7).values())


def test_ties_are_broken_alike_in_both_spaces() -> None:
    """Vectors of few kinds: most similarities tie, and still a space agrees with itself turned around."""
    rng = np.random.default_rng(0)
    rows = rng.integers(0, 2, size=(60, 4)) * 2 - 1  # of length 2: every cosine is exact
    a = WordVectors(WORDS, rows, source="a")
    b = WordVectors(WORDS, -rows[:, ::-1], source="b")
    assert set(neighbor_overlap(a, b, k=9).values()) == {1.0}


def test_the_mean_against_unrelated_spaces_is_chance() -> None:
    words = [f"w{i}" for i in range(400)]
    shared = share(space(0, words), space(1, words))
    found = Agreement(shared.words, np.concatenate(list(shared.overlaps(20, np.arange(400)))), 20, 400)
    assert found.chance == 20 / 399
    assert found.mean == pytest.approx(found.chance, abs=0.012)  # about five standard errors of the mean
    counts, edges = found.histogram()
    assert counts.sum() == 400
    assert len(counts) == 21
    assert edges[[0, -1]] == pytest.approx([-0.025, 1.025])
    low, high = found.extremes(5)
    assert sorted(found.overlaps)[:5] == found.overlaps[low].tolist()
    assert sorted(found.overlaps)[-5:] == found.overlaps[high][::-1].tolist()
    assert low.tolist() == sorted(low, key=lambda i: (found.overlaps[i], i))


def test_a_words_neighbors_are_sorted_into_both_and_only_one() -> None:
    a, b = space(0, WORDS), space(1, WORDS)
    found = around(share(a, b), 3, 12)
    near = [nearest_neighbors(s, "w3", 12) for s in (a, b)]
    assert [[n.word for n in side] for side in found.near] == [[n.word for n in side] for side in near]
    assert set(found.both) == {n.word for n in near[0]} & {n.word for n in near[1]}
    assert set(found.only[1]) == {n.word for n in near[1]} - set(found.both)


def test_spaces_of_different_sizes_are_aligned_with_zeros() -> None:
    b = space(1, WORDS, dimensions=5)
    wide = padded(b, 8)
    assert similarity(wide, "w1", "w2") == pytest.approx(similarity(b, "w1", "w2"))
    assert padded(b, 5) is b
    q, _ = np.linalg.qr(np.random.default_rng(2).normal(size=(8, 8)))
    a = WordVectors(WORDS, wide.matrix @ q, source="turned")
    alignment, second = turn(share(a, b), ("a", "b"))
    assert alignment.mean_similarity == pytest.approx(1, abs=1e-5)
    assert alignment.mean_similarity == pytest.approx(align(a, wide).mean_similarity, abs=1e-5)
    drawn = one_plane((alignment, second), WORDS[:9])
    np.testing.assert_allclose(drawn.first, drawn.second, atol=1e-4)
    assert drawn.cosine == pytest.approx(1, abs=1e-5)


def test_a_typed_word_is_found_or_it_is_said_where_it_is_missing() -> None:
    a, b = space(0, ["king", "queen", "only a", "zebra"]), space(1, ["queen", "king", "Bonly", "zebra"])
    shared = share(a, b, 2)

    def find(typed: str) -> int:
        return find_row(shared, (a, b), ("A", "B"), typed)

    assert find(" Queen ") == 1
    assert find("nobody, queen") == 1
    with pytest.raises(InvalidSetting, match="“only a” is in “A” but not in “B”"):
        find("only a")
    with pytest.raises(InvalidSetting, match="“Bonly” is in “B” but not in “A”"):
        find("bonly")
    with pytest.raises(InvalidSetting, match="not among the 2 most frequent"):
        find("zebra")
    with pytest.raises(UnknownWord, match="Did you mean queen"):
        find("quen")
    with pytest.raises(InvalidSetting, match="Type a word"):
        find("  ")


@pytest.mark.parametrize(("words", "said"), [(["x", "y"], "no word"), (["w1", "x"], "only the word “w1”")])
def test_too_little_in_common_is_said(words: list[str], said: str) -> None:
    with pytest.raises(InvalidSetting, match=said):
        share(space(0, WORDS), space(1, words))
