"""What is gathered around words, and the clusters in it."""

import numpy as np
import pytest

from embedlab.errors import InvalidSetting, UnknownWord
from embedlab.projection.clustering import cluster_names, clusters
from embedlab.vectors.neighborhood import gather
from embedlab.vectors.queries import nearest_neighbors
from embedlab.vectors.word_vectors import WordVectors


@pytest.fixture
def ring() -> WordVectors:
    """Forty words on a circle, nine degrees apart: each is nearest to those beside it."""
    angles = np.arange(40) * 2 * np.pi / 40
    words = [f"w{i}" for i in range(38)] + ["new york", "Paris"]
    return WordVectors(words, np.stack([np.cos(angles), np.sin(angles)], axis=1), source="a circle")


def test_one_word_comes_with_its_nearest_in_order(ring: WordVectors) -> None:
    hood = gather(ring, "w5", 6)
    assert hood.words == ("w5", *(n.word for n in nearest_neighbors(ring, "w5", 6)))
    assert set(hood.words) == {"w2", "w3", "w4", "w5", "w6", "w7", "w8"}
    assert hood.similarities[0, 0] == pytest.approx(1)
    assert hood.similarities[1, 0] == pytest.approx(np.cos(np.pi / 20), abs=1e-6)


def test_several_words_share_the_places_and_each_word_belongs_to_the_nearer_one(ring: WordVectors) -> None:
    hood = gather(ring, "w5, w20", 8)
    assert hood.asked == ("w5", "w20")
    assert hood.words[:2] == hood.asked
    assert len(hood.words) == 2 + 8
    belongs = dict(zip(hood.words, hood.nearest_asked.tolist(), strict=True))
    assert (belongs["w5"], belongs["w4"], belongs["w20"], belongs["w21"]) == (0, 0, 1, 1)


def test_words_that_are_near_two_are_shown_once(ring: WordVectors) -> None:
    words = gather(ring, "w5 w6", 10).words
    assert len(words) == len(set(words))


def test_nearest_among_the_gathered_is_by_similarity_without_the_word_itself(ring: WordVectors) -> None:
    hood = gather(ring, "w5", 6)
    assert {hood.words[i] for i in hood.nearest(0, 2)} == {"w4", "w6"}
    assert hood.near == (tuple(nearest_neighbors(ring, "w5", 10)),)
    assert hood.size == 40


def test_a_list_takes_the_place_of_the_neighbors_and_what_is_unknown_is_named(ring: WordVectors) -> None:
    hood = gather(ring, "w5", 6, listed="w9\nw30, zebra; w9 w5")
    assert hood.words == ("w5", "w9", "w30")
    assert hood.left_out == ("zebra",)
    assert hood.listed


@pytest.mark.parametrize("typed", ["", "   ", ",,,"])
def test_nothing_typed_is_said(ring: WordVectors, typed: str) -> None:
    with pytest.raises(InvalidSetting, match="Type a word"):
        gather(ring, typed, 6)


def test_what_cannot_be_gathered_is_refused(ring: WordVectors) -> None:
    with pytest.raises(InvalidSetting, match="7 words are too many"):
        gather(ring, "w1 w2 w3 w4 w5 w6 w7", 6)
    with pytest.raises(InvalidSetting, match="must be from 2 to 150"):
        gather(ring, "w1", 10**9)
    with pytest.raises(InvalidSetting, match="list of 301 words is too long"):
        gather(ring, "w1", 6, listed=" ".join(f"x{i}" for i in range(301)))
    with pytest.raises(UnknownWord) as caught:
        gather(ring, "w1 w99 zebra", 6)
    assert caught.value.words == ("w99", "zebra")


def blobs() -> tuple[np.ndarray, list[int]]:
    """60 rows of length 1 in three directions, mixed, and the direction of each."""
    rng = np.random.default_rng(0)
    truth = rng.integers(3, size=60).tolist()
    rows = np.eye(3, 8)[truth] + 0.1 * rng.normal(size=(60, 8))
    return rows / np.linalg.norm(rows, axis=1, keepdims=True), truth


def test_clusters_are_the_directions_that_are_there() -> None:
    from sklearn.metrics import adjusted_rand_score

    rows, truth = blobs()
    assert adjusted_rand_score(truth, clusters(rows, 3)) == 1


def test_clusters_are_numbered_as_they_appear_and_the_same_every_time() -> None:
    rows, _ = blobs()
    labels = clusters(rows, 3, seed=5)
    assert list(dict.fromkeys(labels.tolist())) == [0, 1, 2]
    np.testing.assert_array_equal(labels, clusters(rows, 3, seed=5))


def test_clusters_of_few_different_rows() -> None:
    assert clusters(np.eye(4)[[0, 0, 1, 1]], 8).tolist() == [0, 0, 1, 1]
    assert clusters(np.eye(4)[[2, 2, 2]], 3).tolist() == [0, 0, 0]
    assert clusters(np.zeros((3, 4)), 2).tolist() == [0, 0, 0]
    with pytest.raises(InvalidSetting, match="at least one"):
        clusters(np.eye(3), 0)


def test_a_cluster_is_called_after_the_words_nearest_to_its_middle() -> None:
    angles = np.deg2rad([0, 10, 22, 90])
    rows = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    assert cluster_names(["a", "b", "c", "d"], rows, np.array([0, 0, 0, 1])) == ["b, a", "b, a", "b, a", "d"]
