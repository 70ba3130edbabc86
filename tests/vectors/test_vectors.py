"""Words with their matrix: what is checked, what cannot change, and what a misspelt word was meant to be."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedlab.errors import InvalidSetting, UnknownWord
from embedlab.vectors.word_vectors import WordVectors

WORDS = ["the", "king", "queen", "Paris", "café", "NATO", "walking", "walked", "kings"]


@pytest.fixture
def vectors() -> WordVectors:
    return WordVectors(WORDS, np.random.default_rng(0).standard_normal((len(WORDS), 3)), source="made up")


def test_words_rows_and_size(vectors: WordVectors) -> None:
    assert len(vectors) == 9
    assert vectors.dimensions == 3
    assert vectors.words == tuple(WORDS)
    assert vectors.index["queen"] == 2
    assert "queen" in vectors
    assert "Queen" not in vectors
    assert 3 not in vectors
    assert np.array_equal(vectors["queen"], vectors.matrix[2])
    assert vectors.rows(["king", "the", "king"]) == [1, 0, 1]
    assert repr(vectors) == "WordVectors(9 words x 3 dimensions, made up)"


def test_the_matrix_is_a_read_only_float32_copy() -> None:
    given_matrix = np.ones((2, 2), dtype=np.float32)
    vectors = WordVectors(["a", "b"], given_matrix, source="")
    given_matrix[:] = 7
    assert vectors.matrix.tolist() == [[1, 1], [1, 1]]
    assert vectors.matrix.dtype == np.float32
    for array in (vectors.matrix, vectors.unit, vectors["a"]):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
    with pytest.raises(TypeError):
        vectors.index["c"] = 2  # type: ignore[index]


def test_a_read_only_float32_matrix_is_not_copied() -> None:
    matrix = np.ones((2, 2), dtype=np.float32)
    matrix.flags.writeable = False
    assert WordVectors(["a", "b"], matrix, source="").matrix is matrix


def test_a_memory_mapped_matrix_stays_on_disk(tmp_path) -> None:  # type: ignore[no-untyped-def]
    np.save(tmp_path / "m.npy", np.ones((2, 2), dtype=np.float32))
    mapped = np.load(tmp_path / "m.npy", mmap_mode="r")
    assert isinstance(WordVectors(["a", "b"], mapped, source="").matrix, np.memmap)


def test_unit_rows_have_length_one_and_zero_rows_stay_zero() -> None:
    matrix = np.array([[3, 4], [0, 0], [1e-30, 0], [-1e-42, 1e-42], [1e30, 1e30]], dtype=np.float32)
    unit = WordVectors(list("abcde"), matrix, source="").unit
    root = 0.5**0.5
    np.testing.assert_allclose(unit, [[0.6, 0.8], [0, 0], [1, 0], [-root, root], [root, root]], rtol=1e-5)
    assert unit.dtype == np.float32


@pytest.mark.parametrize(
    ("words", "matrix", "named"),
    [
        (["a"], np.ones((2, 2)), "1 words but 2 rows"),
        (["a", "b"], np.ones(2), r"shape \(2,\) cannot hold vectors"),
        (["a", "b"], np.ones((2, 0)), r"shape \(2, 0\) cannot hold vectors"),
        (["a", "a"], np.ones((2, 2)), "distinct and not empty"),
        (["a", ""], np.ones((2, 2)), "distinct and not empty"),
        (["a", "b"], np.array([[1, 2], [3, np.nan]]), "“b” holds NaN or infinity"),
        (["a", "b"], np.array([[np.inf, 2], [3, 4]]), "“a” holds NaN or infinity"),
    ],
)
def test_what_cannot_be_vectors_is_refused(words: list[str], matrix: np.ndarray, named: str) -> None:
    with pytest.raises(InvalidSetting, match=named):
        WordVectors(words, matrix, source="")


def test_restrict_keeps_the_first_words(vectors: WordVectors) -> None:
    few = vectors.restrict(2)
    assert few.words == ("the", "king")
    assert np.array_equal(few.matrix, vectors.matrix[:2])
    assert len(vectors.restrict(1_000)) == 9
    with pytest.raises(InvalidSetting, match="words to keep must be 1 or more; 0 is not"):
        vectors.restrict(0)


def test_unknown_words_are_listed_once_each_with_suggestions(vectors: WordVectors) -> None:
    with pytest.raises(UnknownWord) as raised:
        vectors.rows(["king", "Queen", "zzz", "Queen"])
    assert raised.value.words == ("Queen", "zzz")
    assert raised.value.suggestions["Queen"][0] == "queen"
    assert isinstance(raised.value, KeyError)
    assert str(raised.value).count("not among the 9 words") == 2


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("KING", "king"),
        ("paris", "Paris"),
        ("nato", "NATO"),
        ("kin", "king"),  # a letter missing
        ("kingg", "king"),  # a letter too many
        ("kign", "king"),  # two letters swapped
        ("qeeen", "queen"),  # a wrong letter
        ("wolking", "walking"),
        ("walkinng", "walking"),
    ],
)
def test_a_misspelt_word_suggests_what_was_meant(vectors: WordVectors, typed: str, meant: str) -> None:
    assert vectors.suggest(typed)[0] == meant


def test_an_accent_too_many_suggests_the_plain_word() -> None:
    vectors = WordVectors(["cafe", "resume"], np.eye(2), source="")
    assert vectors.suggest("Résumé")[0] == "resume"


def test_suggestions_are_few_different_and_never_the_word_itself(vectors: WordVectors) -> None:
    assert vectors.suggest("king", 5).count("king") == 0
    assert len(vectors.suggest("walkin", 1)) == 1
    for typed in ("", "x" * 1_000, "qqqqqq", "😀", "<img src=x>"):
        assert vectors.suggest(typed) == []
    assert WordVectors(["a", "i"], np.eye(2), source="").suggest("x") == [], "any letter is one step from another"


def test_a_long_unknown_word_is_cut_in_the_message(vectors: WordVectors) -> None:
    with pytest.raises(UnknownWord) as raised:
        vectors["x" * 1_000]
    assert len(str(raised.value)) < 200


@given(st.text(max_size=60), st.integers(1, 5))
def test_any_text_can_be_asked_for_suggestions(text: str, k: int) -> None:
    vectors = WordVectors(WORDS, np.eye(len(WORDS)), source="")
    found = vectors.suggest(text, k)
    assert len(found) <= k
    assert len(set(found)) == len(found)
    assert set(found) <= set(WORDS) - {text}
