"""What moved between two maps, against SciPy's Procrustes; near duplicates and outliers, against brute force."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial import procrustes

from embedlab.atlas.comparing import moved
from embedlab.atlas.kept_maps import bundled_map
from embedlab.atlas.oddities import Survey, near_duplicates, outliers, survey
from embedlab.atlas.word_map import WordMap
from embedlab.errors import InvalidSetting, TooFewWords
from embedlab.vectors.word_vectors import WordVectors


def test_a_turned_shrunk_and_shifted_map_has_not_moved_but_for_the_one_word_that_has(laid: WordMap) -> None:
    turn = np.array([[0, 0.5], [0.5, 0]], np.float32)  # a reflection, and half the size
    positions = laid.positions @ turn + np.float32(0.2)
    order = np.random.default_rng(0).permutation(len(laid.words))
    other = replace(laid, words=tuple(laid.words[row] for row in order), positions=positions[order])
    found = moved(laid, other)
    assert found.agreement == pytest.approx(1)
    assert found.distances.max() < 1e-4
    np.testing.assert_array_equal(found.first, laid.positions)
    assert [other.words[row] for row in found.rows[1]] == list(found.words) == list(laid.words)
    positions[7] += 0.5
    assert moved(laid, replace(laid, positions=positions)).distances.argmax() == 7


def test_alignment_is_scipy_s_procrustes() -> None:
    first, second = bundled_map("predicted"), bundled_map("counted")
    found = moved(first, second)
    *_, disparity = procrustes(found.first.astype(float), second.positions[found.rows[1]].astype(float))
    assert found.agreement == pytest.approx(1 - disparity, abs=1e-5)
    assert found.agreement > 0.7
    assert set(found.words) == set(second.words)


def test_maps_without_shared_words_cannot_be_compared(laid: WordMap) -> None:
    with pytest.raises(TooFewWords, match="share 0 words"):
        moved(laid, replace(laid, words=tuple(f"w{row}" for row in range(len(laid.words)))))


def test_near_duplicates_and_outliers_are_those_of_brute_force(few: WordVectors) -> None:
    rng = np.random.default_rng(0)
    twins = few.matrix[:30] + rng.normal(scale=0.01, size=(30, few.dimensions))
    words = [*few.words, *(f"{word}2" for word in few.words[:30])]
    vectors = WordVectors(words, np.concatenate([few.matrix, twins]), source="with twins")
    cosines = (vectors.unit @ vectors.unit.T).astype(np.float64)
    np.fill_diagonal(cosines, -np.inf)
    expected = {(words[a], words[b]) for a, b in np.argwhere(np.triu(cosines) >= 0.9).tolist()}
    found = near_duplicates(vectors, threshold=0.9)
    assert {(pair.first, pair.second) for pair in found} == expected
    assert len(expected) >= 30
    assert [pair.similarity for pair in found] == sorted((pair.similarity for pair in found), reverse=True)
    assert near_duplicates(vectors, threshold=0.9, most=3) == found[:3]
    means = -np.sort(-cosines, axis=1)[:, :10].mean(axis=1)
    lonely = outliers(vectors, most=5)
    assert [one.word for one in lonely] == [words[row] for row in np.argsort(means)[:5]]
    assert [one.similarity for one in lonely] == pytest.approx(np.sort(means)[:5].tolist(), abs=1e-6)
    assert lonely[0].nearest == words[int(cosines[words.index(lonely[0].word)].argmax())]


def test_a_survey_takes_some_words_and_few_words(few: WordVectors) -> None:
    *_, found = survey(few, words=50)
    assert isinstance(found, Survey)
    assert found.rows.shape == (50, 10)
    *_, two = survey(few.restrict(2))
    assert isinstance(two, Survey)
    assert len(two.near_duplicates(threshold=0)) <= 1
    assert {one.word: one.nearest for one in two.outliers()} == {"the": "of", "of": "the"}
    with pytest.raises(TooFewWords):
        survey(few.restrict(1))
    with pytest.raises(InvalidSetting, match="threshold"):
        two.near_duplicates(threshold=1.2)
