"""From what people type to words that are known."""

import numpy as np
import pytest

from embedlab.vectors.spelling import find_words, known_form
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
