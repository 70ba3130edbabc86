"""The forms of a word, the index of a set's words by them, and what a misspelt word suggests."""

import unicodedata
from itertools import product

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from embedlab.vectors.forms import Forms, accented, grade, key, keys
from embedlab.vectors.suggestions import Letters, edit_distances, foreign, script, scripts
from embedlab.vectors.word_vectors import WordVectors

SETS = st.lists(st.text(min_size=1, max_size=20), min_size=1, max_size=12, unique=True)
AWKWARD = [
    "a.b[0]", "$x^2$", "<b>tag</b>", "__proto__", "שלום", "مرحبا", "👨‍👩‍👧", "/c/en/tea", "/c/en/", "duck|NOUN",
    "|NOUN", "_NOUN", "кофе_NOUN", "ENTITY/New York", "▁", "▁river", "a\nb", "\n", " ", "\u00a0", "\u3000", "\u200b",
    "Straße", "İzmir", "ﬁn", "１２", "\u1100\u1161", "가", "x" * 30, "x" * 29 + "y", "a b", "a_b", "a  b",
    "\0", "a\0", "\ud800", "❤️", "…", "</w>", "the</w>",
]  # fmt: skip


@given(SETS)
@example(AWKWARD)
def test_keys_of_many_words_are_those_of_each(words: list[str]) -> None:
    assert keys(words) == [key(word) for word in words]
    assert all(key(word) for word in words if word)


@given(SETS)
@example(AWKWARD)
def test_the_index_is_in_the_order_of_the_keys(words: list[str]) -> None:
    assert Forms(words).order.tolist() == sorted(range(len(words)), key=lambda row: (key(words[row]), row))


LETTERS = "aAbBiIİıéÉe\u0301öß_ ’´`'-–|/٣😀가漢æø"


@given(
    st.text(LETTERS, max_size=4).filter(str.strip),
    st.lists(st.text(LETTERS, min_size=1, max_size=4), min_size=1, unique=True),
)
def test_every_word_of_an_equal_form_is_found_and_no_other(typed: str, words: list[str]) -> None:
    found = [row for _, row in Forms(words).known(typed)]
    assert sorted(found) == [row for row, word in enumerate(words) if accented(word) == accented(typed)]


@given(
    st.text(st.characters(categories=["L", "M", "N"], include_characters="`"), min_size=1),
    st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]),
)
def test_a_word_is_found_in_every_normal_form_of_unicode(word: str, form: str) -> None:
    spelt = unicodedata.normalize(form, word)
    grades = {"NFC": 2, "NFD": 2, "NFKC": 7, "NFKD": 7}
    assert grade(spelt, word) <= grades[form]
    assert key(spelt) == key(word)


@pytest.mark.parametrize(
    ("typed", "word", "way"),
    [
        ("tea", "tea", "exact"),
        (" tea ", "tea", "exact"),
        ("café", "cafe\u0301", "letters"),
        ("가격", "\u1100\u1161\u1100\u1167\u11a8", "letters"),
        ("O’Brien", "O'Brien", "letters"),
        ("O´Brien", "O'Brien", "letters"),
        ("O`Brien", "O'Brien", "letters"),
        ("❤", "❤\ufe0f", "letters"),
        ("o'brien", "O'Brien", "capitals"),
        ("STRASSE", "Straße", "capitals"),
        ("İSTANBUL", "istanbul", "capitals"),
        ("ISTANBUL", "İstanbul", "capitals"),
        ("ILIK", "ılık", "capitals"),
        ("ΟΔΟΣ", "οδός", None),  # an accent is a suggestion
        ("ΟΔΌΣ", "οδός", "capitals"),
        ("New York", "New_York", "blanks"),
        ("new york", "New_York", "blanks"),
        ("new_york", "New York", "blanks"),
        ("coffee pot", "/c/en/coffee_pot", "affixes"),
        ("duck", "duck|NOUN", "affixes"),
        ("Duck", "duck|NOUN", "affixes"),
        ("new york", "ENTITY/New_York", "affixes"),
        ("кофе", "кофе_NOUN", "affixes"),
        ("river", "▁river", "affixes"),
        ("the", "the</w>", "affixes"),
        ("１２", "12", "compatible"),
        ("fin", "ﬁn", "capitals"),  # which unfold to two letters
        ("m2", "m²", "compatible"),
        ("צה״ל", 'צה"ל', "letters"),
        ("ג׳ירפה", "ג'ירפה", "letters"),
        ("oʻzbek", "o'zbek", "letters"),
        ("كتـــاب", "كتاب", "letters"),
        ("שָׁלוֹם", "שלום", "compatible"),
        ("مَدْرَسَة", "مدرسة", "compatible"),
        ("cafe", "café", None),
        ("NewYork", "New_York", None),
    ],
)
def test_what_has_to_be_forgiven(typed: str, word: str, way: str | None) -> None:
    found = Forms([word]).known(typed)
    assert [closeness.way for closeness, _ in found] == ([way] if way else [])


def test_the_closest_come_first() -> None:
    words = ["/c/en/polish", "POLISH", "Polish", "polish", "ｐolish", "pOlish", "pólish"]
    assert [words[row] for _, row in Forms(words).known("polisH")] == [
        "polish", "Polish", "POLISH", "pOlish", "/c/en/polish", "ｐolish",
    ]  # fmt: skip


@given(st.text(LETTERS, max_size=3), st.lists(st.text(LETTERS, min_size=1, max_size=5), min_size=1, unique=True))
def test_words_that_begin_so_are_those_that_a_walk_finds(typed: str, words: list[str]) -> None:
    begins = accented(typed)

    def begun(word: str) -> bool:
        return accented(word).startswith(begins) or (begins == key(typed) and key(word).startswith(begins))

    found = list(Forms(words).beginning(typed))
    letters = [sign for sign in typed if not (unicodedata.combining(sign) or sign.isspace())]
    assert found == [row for row, word in enumerate(words) if letters and key(typed) and begun(word)]


def distance(a: str, b: str) -> int:
    """The textbook's recursion for optimal string alignment, as a table."""
    table = {(i, j): i + j for i, j in product(range(len(a) + 1), range(len(b) + 1)) if not i * j}
    for i, j in product(range(1, len(a) + 1), range(1, len(b) + 1)):
        ways = [table[i - 1, j] + 1, table[i, j - 1] + 1, table[i - 1, j - 1] + (a[i - 1] != b[j - 1])]
        if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
            ways.append(table[i - 2, j - 2] + 1)
        table[i, j] = min(ways)
    return table[len(a), len(b)]


SPELT = st.text("abcdé", max_size=7)


@given(SPELT, st.lists(SPELT, max_size=5))
def test_edit_distances_are_those_of_the_recursion(typed: str, words: list[str]) -> None:
    assert edit_distances(typed, words).tolist() == [distance(typed, word) for word in words]


@given(SPELT.filter(bool), st.lists(SPELT.filter(bool), min_size=1, unique=True), st.integers(1, 3))
def test_near_words_are_all_that_a_walk_finds(typed: str, words: list[str], most: int) -> None:
    found = Letters(words).near(words, key(typed), most)
    walked = [(distance(key(typed), key(word)), row) for row, word in enumerate(words)]
    assert found == [one for one in walked if one[0] <= most]


def vectors_of(*words: str) -> WordVectors:
    return WordVectors(words, np.eye(len(words)), source="made by hand")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("zurich", "Zürich"),  # an accent
        ("theiere", "/c/fr/théière"),  # and what stands around it
        ("faeroe", "Færø"),  # letters that a keyboard may lack
        ("kaer", "kær"),
        ("cofee pot", "/c/en/coffee_pot"),
        ("harbour", "harbor"),
        ("electr", "electrical"),  # a beginning
        ("definately", "definitely"),  # two letters
        ("Iphome", "iPhone_5"),
    ],
)
def test_what_may_have_been_meant(typed: str, meant: str) -> None:
    words = (
        "/c/en/coffee_pot",
        "Zürich",
        "/c/fr/théière",
        "harbor",
        "electrical",
        "definitely",
        "iPhone",
        "tea",
        "kær",
        "Færø",
    )
    found = vectors_of(*words, "iPhone_5").suggest(typed)
    assert meant in found or (meant == "iPhone_5" and found == ["iPhone"])
    assert "tea" not in found


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("c/en/ice", "/c/en/ice"), ("c/de/ice", "/c/de/ice"), ("duck/NOUN", "duck|NOUN"), ("duck/verb", "duck|VERB"),
        ("bark/NOUN", "bark_NOUN"), ("tea/NOUN", "tea"), ("c/en/tea", "tea"),
    ],
)  # fmt: skip
def test_words_with_other_signs_around_them_are_offered(typed: str, meant: str) -> None:
    words = ("/c/fr/ice", "/c/en/ice", "/c/de/ice", "duck|NOUN", "duck|VERB", "bark_VERB", "bark_NOUN", "tea", "noun")
    assert vectors_of(*words).suggest(typed)[0] == meant


def test_one_mistake_comes_before_a_beginning_and_that_before_two() -> None:
    vectors = vectors_of("walkers", "walked", "walk", "walkability", "talker", "walker")
    assert vectors.suggest("walkee", 9)[:2] == ["walked", "walker"]
    assert vectors.suggest("walke", 9) == ["walked", "walk", "walker", "walkers"]


def test_a_script_that_the_vectors_do_not_hold_is_named() -> None:
    english = vectors_of("the", "of", "and", "in", "king", "42")
    assert str(english.unknown(["привет"])) == (
        "“привет” is not among the 6 words. It is written in Cyrillic letters; these vectors hold English words."
    )
    assert "check the spelling" in str(english.unknown(["qqqqqq"]))
    russian = vectors_of("река", "озеро", "чай")
    assert str(russian.unknown(["中国"])).endswith(
        "It is written in Chinese characters; these vectors hold words in Cyrillic letters."
    )
    assert "check the spelling" in str(vectors_of("1", "2").unknown(["x7"]))


@pytest.mark.parametrize("typed", ["New York", "new_york", "New-York", " new  york "])
def test_words_of_which_a_name_is_made_are_offered(typed: str) -> None:
    missing = vectors_of("york", "New", "yorkshire", "the").unknown([typed])
    assert missing.suggestions[typed] == ("New", "york")
    assert "As words of their own, these vectors hold New and york." in str(missing)


def test_parts_are_offered_only_where_each_is_a_word() -> None:
    vectors = vectors_of("york", "new", "a")
    assert vectors.unknown(["new qqqqqq"]).suggestions == {"new qqqqqq": ()}
    assert vectors.unknown(["a a"]).suggestions == {"a a": ("a",)}
    assert vectors.unknown(["new " * 9]).suggestions["new " * 9] == ()


def test_a_few_words_in_a_script_are_counted() -> None:
    words = [f"word{i}" for i in range(3_000)]
    held = scripts([*words, "река"])
    assert held == {"Latin letters": 3_000, "Cyrillic letters": 1}
    assert foreign(held, words, "озеро").endswith("these vectors hold words in Latin letters, and 1 like it.")
    assert foreign(held, words, "word") == ""
    assert scripts(["/c/en/tea", "▁река", "/c/ka/მეფე"]) == {
        "Latin letters": 1, "Cyrillic letters": 1, "Georgian letters": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("king", "Latin letters"), ("7й", "Cyrillic letters"), ("中", "Chinese characters"), ("가", "Hangul"),
        ("42", ""),
        ("ንጉሥ", "Ethiopic letters"), ("ស្តេច", "Khmer letters"),
        ("მეფე", "Georgian letters"), ("அரசன்", "Tamil letters"),
        ("རྒྱལ་པོ", "Tibetan letters"), ("ᓄᓇ", "Canadian syllabics"), ("ᱨᱟᱡᱟ", "Ol Chiki letters"),
        ("ᥛᥫᥒ", "Tai Le letters"), ("ᦵᦙᦲᧂ", "New Tai Lue letters"), ("ꯃꯅꯤꯄꯨꯔ", "Meetei Mayek letters"),
        ("ꡏꡡꡃ", "Phags-Pa letters"),
        ("ߒߞߏ", "N’Ko letters"), ("ｱﾒ", "Katakana letters"), ("ｋing", "Latin letters"), ("𝐤", "Latin letters"),
        ("µ", "Greek letters"), ("ℵ", "Hebrew letters"), ("ʻокина", "Cyrillic letters"), ("ﷲ", "Arabic letters"),
    ],
)  # fmt: skip
def test_scripts_have_names(text: str, name: str) -> None:
    assert script(text) == name


def test_four_bytes_a_word_are_kept() -> None:
    words = [f"word{i}" for i in range(1_000)]
    assert Forms(words).order.nbytes == 4 * len(words)
