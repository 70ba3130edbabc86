"""From what people type to words that are known."""

import sys
import unicodedata
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from embedlab.vectors import word_vectors
from embedlab.vectors.forms import Forms
from embedlab.vectors.measures.expression import parse_expression
from embedlab.vectors.spelling import (
    as_typed,
    completions,
    find_matches,
    find_words,
    known_form,
    known_row,
    remarks,
)
from embedlab.vectors.word_vectors import WordVectors

ODD = [
    "1,000", ",", "say “hi”", 'the "x"', "New York", "*star*", "_line_", "`code`", "$x$", "<b>bold</b>", "<img src=x>",
    "#1", "[a](b)", ":smile:", ":red[no]", "😀", "👩‍🚀", "שלום", "مرحبا", "नमस्ते", "a\\b", "½", "it's; so", "1. one",
]  # fmt: skip


@pytest.mark.parametrize("word", ODD)
def test_words_of_all_kinds_are_found_as_they_are_typed(word: str) -> None:
    assert find_words(WordVectors(ODD, np.eye(len(ODD)), source=""), word) == [word]


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


def test_the_index_of_forms_is_made_once_and_only_where_a_word_is_not_there_as_it_stands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[int] = []

    class Counted(Forms):
        def __init__(self, words: Sequence[str]) -> None:
            made.append(len(words))
            super().__init__(words)

    monkeypatch.setattr(word_vectors, "Forms", Counted)
    vectors = WordVectors(["king", "queen", "1,000", "New York"], np.eye(4), source="")
    assert find_words(vectors, "king, queen; 1,000") == ["king", "queen", "1,000"]
    assert known_form(vectors, " New York ") == "New York"
    assert known_row(vectors, "queen", np.ones(4, bool)) == 1
    assert made == []
    assert [known_form(vectors, typed) for typed in ("KING", "new_york", "Queen")] == ["king", "New York", "queen"]
    assert made == [4]


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


def test_completions_forgive_what_typed_words_are_forgiven_and_accents_that_are_not_typed() -> None:
    words = ["/c/en/tea_pot", "Tearoom", "té", "the", "te\u0301moin"]
    vectors = WordVectors(words, np.eye(len(words)), source="made by hand")
    assert completions(vectors, "te") == ["/c/en/tea_pot", "Tearoom", "té", "te\u0301moin"]
    assert completions(vectors, "té") == ["té", "te\u0301moin"]
    assert completions(vectors, "tea p") == ["/c/en/tea_pot"]


@given(st.text("aAbBcCéÉe\u0301ç\u0327 \U0010ffff", max_size=3))
def test_completions_are_those_that_a_walk_through_all_words_finds(typed: str) -> None:
    words = ["a", "ab", "aB", "abc", "b", "ba", "c\u0327a", "é", "\U0010ffff"]
    vectors = WordVectors(words, np.eye(len(words)), source="made by hand")

    def spelt(text: str) -> str:
        return unicodedata.normalize("NFKD", text.strip().casefold())

    def plain(text: str) -> str:
        return "".join(c for c in spelt(text) if not unicodedata.combining(c))

    begins = spelt(typed)
    begun = [
        w for w in words if spelt(w).startswith(begins) or (begins == plain(typed) and plain(w).startswith(begins))
    ]
    assert completions(vectors, typed, k=99) == [w for w in begun if begins]


MATCHES = {
    "New York": [("New_York", "blanks")],
    "new york boston": [("New_York", "blanks"), ("Boston", "capitals")],
    "new, york": [("new", "exact"), ("york", "exact")],
    '"new" "york"': [("new", "exact"), ("york", "exact")],
    "new\nyork": [("new", "exact"), ("york", "exact")],
    '"new york"; “1,000”, «boston»': [("New_York", "blanks"), ("1,000", "exact"), ("Boston", "capitals")],
    "„new york“; „1,000”, »boston«, 「Boston」": [
        ("New_York", "blanks"),
        ("1,000", "exact"),
        ("Boston", "capitals"),
        ("Boston", "exact"),
    ],
    "1,000": [("1,000", "exact")],
    "1，000、 new；york": [("1,000", "compatible"), ("new", "exact"), ("york", "exact")],
    "a、b، new": [("a、b", "exact"), ("new", "exact")],
    "‹new york› 'new', ’york’": [("New_York", "blanks"), ("new", "exact"), ("york", "exact")],
    "rock ‘n’ 'tis, 'n'": [("rock", "unknown"), ("'n'", "letters"), ("'tis", "unknown"), ("'n'", "exact")],
    "1,000, 2, ; and;or": [("1,000", "exact"), ("2", "unknown"), ("and;or", "exact")],
    ",": [(",", "exact")],
    " paris": [(" paris", "exact")],
    'say "hi"': [('say "hi"', "exact")],
    '"say ""hi""", boston': [('say "hi"', "exact"), ("Boston", "capitals")],
    '"': [('"', "exact")],
    "Bosten Newyork": [("Bosten", "unknown"), ("Newyork", "unknown")],
    "new yorc": [("new", "exact"), ("yorc", "unknown")],
    "ice craem": [("ice craem", "unknown")],
}


@pytest.mark.parametrize("typed", MATCHES)
def test_a_text_is_cut_into_words_of_the_vectors(typed: str) -> None:
    words = [
        "New_York",
        "new",
        "york",
        "Boston",
        "1,000",
        "and;or",
        ",",
        " paris",
        'say "hi"',
        '"',
        "ice_cream",
        "a、b",
        "'n'",
    ]
    found = find_matches(WordVectors(words, np.eye(len(words)), source="made by hand"), typed)
    assert [(match.word, match.way) for match in found] == MATCHES[typed]


def test_commas_and_semicolons_of_every_script_separate_words(cased: WordVectors) -> None:
    """A Unicode newer than this list may name more."""
    signs = [chr(code) for code in range(sys.maxunicode + 1)]
    named = [sign for sign in signs if {"COMMA", "SEMICOLON"} & {*unicodedata.name(sign, "").split()}]
    named = [sign for sign in named if unicodedata.category(sign) == "Po"]
    assert len(named) > 30
    assert [sign for sign in named if find_words(cased, f"king{sign}Paris") != ["king", "Paris"]] == []


@pytest.mark.parametrize(
    "quotes",
    "\"\" “” „“ „” ”” ““ «» »« »» «« ‹› ›‹ ›› ‘’ ‚‘ ‚’ ’’ '' ＂＂ 「」 『』 ｢｣ ﹁﹂ ﹃﹄ 〝〞 〝〟 《》 〈〉".split(),  # noqa: SIM905
)
def test_a_word_in_quotes_is_one_word(cased: WordVectors, quotes: str) -> None:
    first, last = quotes
    assert known_form(cased, f"{first}king{last}") == "king"
    assert find_words(cased, f"{first}King{last}, {first}turkey{last} NATO") == ["king", "turkey", "NATO"]
    assert parse_expression(cased, f"{first}king{last} - {first}turkey{last}").terms == (("king", 1), ("turkey", -1))
    if quotes not in ("’’", "''"):  # which are apostrophes between words
        assert find_words(cased, f"{first}new york{last}，{first}king{last}") == ["new york", "king"]


@given(st.lists(st.text(' ",;ab\n_“”’、/|', min_size=1, max_size=6), min_size=1, max_size=8, unique=True), st.data())
@example([" a", "a", "a,b", '"a"', "“a”", '"', "a_b", "a b", ",", " ", "\n", '""'], None)
def test_every_word_that_is_shown_can_be_asked(words: list[str], data: st.DataObject | None) -> None:
    """Alone as it stands, and among others in quotes where it needs them."""
    vectors = WordVectors(words, np.eye(len(words)), source="made by hand")
    for word in words:
        assert find_words(vectors, word) == [word]
        assert known_form(vectors, word) == word
        assert find_words(vectors, as_typed(vectors, [word])) == [word]
    several = words if data is None else data.draw(st.lists(st.sampled_from(words), min_size=1, max_size=4))
    assert find_words(vectors, as_typed(vectors, several)) == several


def test_what_was_done_with_a_text_is_said() -> None:
    words = ["New_York", "new", "york", "duck|NOUN", "duck|VERB", "Turkey", "turkey", "king"]
    vectors = WordVectors(words, np.eye(len(words)), source="made by hand")

    def said(typed: str) -> list[str]:
        return list(remarks(find_matches(vectors, typed), typed))

    assert said("New York") == ["“New York” is here as one word, New_York. With commas between them, 2 words."]
    assert said("new_york") == []
    assert said("duck") == ["“duck” is here as duck|NOUN, and as duck|VERB."]
    assert said("TURKEY") == ["“TURKEY” is here as turkey, and as Turkey."]
    assert said("King") == said("king new york king")[1:] == []
    without = WordVectors(["new", "york"], np.eye(2), source="made by hand")
    assert list(remarks(find_matches(without, "New York"), "New York")) == [
        "“New York” is no word here: read as 2 words."
    ]


def test_words_of_test_sets_are_found_like_typed_ones_among_those_allowed() -> None:
    words = ["Athens", "athens", "Greece", "/c/en/tea", "/c/de/tea"]
    vectors = WordVectors(words, np.eye(5), source="made by hand")
    assert [known_row(vectors, word) for word in ("Athens", "athens", "ATHENS", "greece", "tea", "x")] == [
        0, 1, 1, 2, 3, None,
    ]  # fmt: skip
    allowed = np.array([True, False, True, True, True])
    assert [known_row(vectors, word, allowed) for word in ("athens", "greece", "tea")] == [0, 2, 4]
