"""From what people type to words that are known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedlab.vectors.spelling import completions, find_words, known_form
from embedlab.vectors.word_vectors import WordVectors


@pytest.fixture
def cased() -> WordVectors:
    return WordVectors(["king", "turkey", "Turkey", "Paris", "NATO", "new york"], np.eye(6), source="")


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        (" King ", "king"),
        ("KING", "king"),
        ("paris", "Paris"),
        ("nato", "NATO"),
        ("Turkey", "Turkey"),  # as it stands, where that is known
        ("TURKEY", "turkey"),
        ("Zebra", "Zebra"),  # unknown: as typed, for the message
        ("  ", ""),
    ],
)
def test_capitals_and_spaces_are_forgiven(cased: WordVectors, typed: str, known: str) -> None:
    assert known_form(cased, typed) == known


def test_words_are_found_by_commas_lines_and_spaces(cased: WordVectors) -> None:
    found = ["new york", "king", "Paris", "NATO", "NATO"]
    assert find_words(cased, " New York, King\nparis nato ;NATO") == found
    assert find_words(cased, "york Zebra") == ["york", "Zebra"]
    assert find_words(cased, " ,\n; ") == []


def test_completions_are_the_first_words_that_begin_so_in_any_capitals() -> None:
    words = ["the", "Paris", "park", "parish", "PAR", "spar", "zebra", "éclair"]
    vectors = WordVectors(words, np.eye(len(words)), source="made by hand")
    assert completions(vectors, " pAr ") == ["Paris", "park", "parish", "PAR"]
    assert completions(vectors, "par", k=2) == ["Paris", "park"]
    assert completions(vectors, "é") == ["éclair"]
    assert completions(vectors, "zebras") == completions(vectors, " ") == completions(vectors, "x") == []


@given(st.text(max_size=3))
def test_completions_are_those_that_a_walk_through_all_words_finds(typed: str) -> None:
    words = ["a", "ab", "aB", "abc", "b", "ba", "ß", "é", "\U0010ffff"]
    vectors = WordVectors(words, np.eye(len(words)), source="made by hand")
    begins = typed.strip().lower()
    assert completions(vectors, typed, k=99) == [w for w in words if begins and w.lower().startswith(begins)]
