"""Lists of names: the bundled ones, and visitors' own with everything that can be wrong in them."""

import random

import pytest

from embedlab.errors import FileTooLarge, InvalidText
from embedlab.lessons.letters.alphabet import ALPHABET
from embedlab.lessons.letters.names import MAX_BYTES, NameList, english_words, given_names, read_names, spell, split

GOOD = [f"{a}{b}a" for a in "bcdfgh" for b in "aeiou"]  # thirty
LETTERS = set(ALPHABET[1:])


def listed(*lines: str) -> str:
    return "\n".join([*GOOD, *lines])


def test_the_bundled_names_are_many_distinct_and_spelt_with_a_to_z() -> None:
    names = given_names().names
    assert len(names) == len(set(names)) >= 2_000
    assert list(names) == sorted(names)
    assert all(2 <= len(name) <= 15 and set(name) <= LETTERS for name in names)


def test_the_bundled_names_are_of_many_cultures() -> None:
    # One name from each of 47 groups; none of them is rare where it comes from.
    some = """alice myfanwy siobhan amelie joaquin joao giulia friedrich sjoerd sigrid aino agnieszka bozidara svetlana
    dragan desislava zsuzsanna dimitra vytautas amaia aysel khadija shirin avigail tigran aigul meera murugan anindya
    zubair pasang somchai nguyen putri xiulan sakura minji oluwaseun chiamaka kwame fatoumata tinhinan wanjiru
    selamawit thandiwe aroha xochitl"""
    missing = [name for name in some.split() if name not in set(given_names().names)]
    assert not missing


def test_english_words_are_frequent_and_spelt_with_a_to_z() -> None:
    words = english_words().names
    assert len(words) == len(set(words)) == 10_000
    assert all(set(word) <= LETTERS and len(word) > 1 for word in words)
    assert "the" in words[:5]


def test_the_split_shuffles_as_the_lecture_does() -> None:
    names = [f"{a}{b}" for a in ALPHABET[1:] for b in ALPHABET[1:]]
    random.seed(42)
    shuffled = list(names)
    random.shuffle(shuffled)
    parts = split(names)
    assert [*parts.train, *parts.dev, *parts.test] == shuffled
    assert [len(part) for part in parts] == [540, 68, 68]


def test_a_clean_list_is_kept_whole_and_in_order() -> None:
    found = read_names(listed(), "list")
    assert list(found.names) == GOOD
    assert found.report is not None
    assert found.report.sentences() == ["30 of 30 entries are used."]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r", ", ", ";", "\t", "\n\n\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_line_ends_marks_and_encodings_make_no_difference(ending, encoding) -> None:  # type: ignore[no-untyped-def]
    assert read_names(ending.join([*GOOD, "Zoë"]).encode(encoding), "list").names == (*GOOD, "zoe")


def test_accents_are_mapped_and_counted() -> None:
    found = read_names(
        listed("BJÖRN", "Björk", "Łukasz", "Strauß", "Jean-Pierre", "D’Arcy", "mary ann", "e\u0301lan"), "x"
    )
    assert found.names[30:] == ("bjorn", "bjork", "lukasz", "strauss", "jeanpierre", "darcy", "maryann", "elan")
    report = found.report
    assert report is not None
    assert (report.entries, report.kept, report.changed, report.dropped) == (38, 38, 8, 0)
    assert report.letters[0] == ("ö", "o", 2)
    assert ("ß", "ss", 1) in report.letters
    assert ("space", "", 1) in report.letters
    assert "8 were respelt" in " ".join(report.sentences())


def test_lines_that_cannot_be_spelt_are_dropped_and_counted_with_their_numbers() -> None:
    bad = [
        "r2d2",
        "Ольга",
        "李",
        "<img src=x onerror=alert(1)>",
        "=1+1",
        "💥",
        "---",
        "a" * 31,
        "\x00\x1b[31m",
        "\u202eabc",
    ]
    found = read_names(listed(*bad, "anna", "anna", "Anna"), "x")
    report = found.report
    assert report is not None
    assert found.names == (*GOOD, "anna")
    assert (report.dropped, report.repeated, report.kept) == (10, 2, 31)
    assert report.examples[0] == (31, "r2d2", "signs that are no letters")
    reasons = dict(report.reasons)
    assert reasons["letters of another alphabet"] == 2
    assert reasons["no letters"] == 1
    assert reasons["longer than 30 letters"] == 1
    said = " ".join(report.sentences())
    assert "line 31 “r2d2”" in said
    assert "10 were dropped" in said
    assert said.isprintable()


def test_too_few_names_say_why() -> None:
    with pytest.raises(InvalidText, match=r"At least 30 different names.*1 of 3 entries.*2 were dropped"):
        read_names("anna\nr2d2\nc3po", "x")
    with pytest.raises(InvalidText, match="The list is empty"):
        read_names(" \n\n", "x")


def test_a_list_above_the_limit_is_refused_unread() -> None:
    fits = (b"anna\n" * (MAX_BYTES // 5))[:-155] + "\n".join(GOOD).encode()
    assert read_names(fits, "x").names[0] == "anna"
    with pytest.raises(FileTooLarge, match="1,000,001 bytes"):
        read_names(b"a" * (MAX_BYTES + 1), "x")
    with pytest.raises(FileTooLarge):
        read_names("é" * (MAX_BYTES // 2 + 1), "x")


def test_another_encoding_is_located() -> None:
    with pytest.raises(InvalidText, match="in line 31, is not UTF-8"):
        read_names(listed("Björn").encode("latin-1"), "x")
    with pytest.raises(InvalidText, match="breaks off"):
        read_names("anna".encode("utf-16")[:-1], "x")


def test_a_typed_name_is_spelt_or_refused() -> None:
    assert spell(" Zoë ") == "zoe"
    assert spell("O'Neil") == "oneil"
    for word in ("", "42", "李", "a" * 31):
        with pytest.raises(InvalidText):
            spell(word)


def test_the_share_of_new_names_counts_repeated_ones_each_time() -> None:
    assert NameList(("anna", "bob"), "a list").new_share(["anna", "cleo", "cleo", "bob"]) == 0.5
