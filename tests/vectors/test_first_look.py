"""The first look at vectors: a few words that tell whether near words are alike."""

import numpy as np
import pytest

from embedlab.library.bundled import bundled_vectors
from embedlab.vectors.first_look import first_look, some_words, telling_words, words_with_a_mean
from embedlab.vectors.queries import nearest_neighbors
from embedlab.vectors.word_vectors import WordVectors


def vectors_of(words: list[str]) -> WordVectors:
    matrix = np.random.default_rng(0).normal(size=(len(words), 3))
    return WordVectors(words, matrix, source="made by hand")


def test_well_known_words_and_their_neighbors() -> None:
    vectors = bundled_vectors()
    look = first_look(vectors)
    assert [word for word, _ in look] == ["king", "paris", "river", "music", "green"]
    assert all(nearest == nearest_neighbors(vectors, word, 4) for word, nearest in look)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["the", " king", "Paris", "of", "RIVER"], [" king", "Paris"]),
        (["的", "我们", "中国", "时间", "公司"], ["的", "我们", "中国", "时间", "公司"]),
        (["a", "b"], ["a", "b"]),
        (["x"], ["x"]),
        (["1", "2", "3", "4", "5", "6"], ["1", "2", "3", "4", "5"]),
    ],
)
def test_sets_without_them(words: list[str], told: list[str]) -> None:
    """In other forms, in other languages, and with fewer words than are looked at."""
    found = telling_words(vectors_of(words))
    assert found[: len(told)] == told[: len(found)]
    assert len(set(found)) == len(found) <= 5
    assert set(found) <= set(words)
    assert {word for word, _ in first_look(vectors_of(words))} == set(found)


def test_as_many_words_as_are_asked_for() -> None:
    assert some_words(bundled_vectors(), 3) == ["king", "paris", "river"]
    assert sorted(some_words(vectors_of(["a", "b", "c"]), 5)) == ["a", "b", "c"]
    assert some_words(WordVectors(["a", "b", "c"], np.eye(3)[2:].T, source=""), 3) == ["c", "a", "b"]
    assert len(set(some_words(vectors_of([f"word{i}" for i in range(50)]), 4))) == 4


def test_words_of_which_a_mean_is_taken_do_not_cancel_out() -> None:
    line = WordVectors(["a", "b", "c", "d"], np.array([[1.0], [-2], [3], [-4]]), source="")
    assert words_with_a_mean(line, 4) == some_words(line, 4)[:3]
    assert words_with_a_mean(line, 3) == some_words(line, 3)
    zeros = WordVectors(["a", "b", "c", "d"], np.array([[1.0], [-1], [0], [0]]), source="")
    assert words_with_a_mean(zeros, 4) == ["a", "c", "d"]
    plain = vectors_of([f"word{i}" for i in range(50)])
    assert words_with_a_mean(plain, 4) == some_words(plain, 4)
