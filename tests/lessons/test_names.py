"""Lists of names: the bundled ones, and visitors' own with everything that can be wrong in them."""

import random
import unicodedata

import pytest

from embedlab.errors import FileTooLarge, InvalidSetting, InvalidText
from embedlab.lessons.letters.alphabet import ALPHABET, label, written
from embedlab.lessons.letters.names import (
    MAX_BYTES,
    Letters,
    NameList,
    english_words,
    given_names,
    read_names,
    spell,
    split,
)

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


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r", ", ", ";", "\t", "\n\n\n", "、", "፣ "])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_line_ends_marks_and_encodings_make_no_difference(ending, encoding) -> None:  # type: ignore[no-untyped-def]
    assert read_names(ending.join([*GOOD, "Zoë"]).encode(encoding), "list").names == (*GOOD, "zoe")


@pytest.mark.parametrize("item", ["{}. {}", "{}) {}", "{}.{}", "({}) {}"])
@pytest.mark.parametrize("letters", ["auto", "own"])
def test_numbers_of_list_items_are_left_out(item: str, letters: Letters) -> None:
    names = OWN["Cyrillic"][0].split("\n")
    plain = read_names("\n".join(names), "x", letters=letters)
    found = read_names("\n".join(item.format(i, name) for i, name in enumerate(names, 1)), "x", letters=letters)
    assert (found.names, found.alphabet) == (plain.names, plain.alphabet)
    assert found.report is not None
    assert found.report.numbered == len(names)
    assert f"({len(names)})" in " ".join(found.report.sentences())
    beside = (item.format(i, f"{name}, {name}") for i, name in enumerate(names, 1))  # several names after a number
    assert read_names("\n".join(beside), "x", letters=letters).names == plain.names
    few = read_names("\n".join(["1. Анна", *names]), "x", letters="own")  # a number that is part of a name
    assert few.report is not None
    assert few.report.numbered == 0


@pytest.mark.parametrize("heading", ["Name", "FIRST_NAME", "Prénom", "Имя", "名前"])
def test_a_heading_is_no_name(heading: str) -> None:
    found = read_names("\n".join([heading, *GOOD]), "x")
    assert found.names == tuple(GOOD)
    assert found.report is not None
    assert found.report.sentences() == ["30 of 30 entries are used.", f"The heading “{heading}” is left out."]
    assert "name" in read_names(listed("Name"), "x").names  # further down it may be one


def test_marks_of_direction_and_other_line_ends_are_none_of_a_name() -> None:
    marked = read_names("\u2028".join(f"\u202a{name}\u202c" for name in GOOD), "x")
    assert list(marked.names) == GOOD
    assert marked.report is not None
    assert marked.report.dropped == 0


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


def crossed(first: str, second: str) -> str:
    return "\n".join(a + b for a in first.split() for b in second.split())


OWN = {
    "Cyrillic": (crossed("Анна Борис Вера Глеб Дина Егор Жанна Зоя", "ов ева ко ский ых"), "аеёиоуыэюя"),
    "Greek": (
        crossed("Γιώργος Νίκος Ελένη Μαρία Άννα", "-Παπάς -Λύρας -ΠΑΠΑΔΆΚΗΣ -Ψαρός -Ξένος -Ρήγας"),
        "αάεέηήιίοόυύωώ",
    ),
    "Hangul": (crossed("김 이 박 최 정 강 윤", "민준 서연 지우 하늘 도윤"), "".join(map(chr, range(0x1161, 0x1176)))),
    "Devanagari": (crossed("अनि राहु सु प्रिया कवि मोह", "त ल नी मा या श"), "अआइईउऊएऐओऔािीुूृेैोौ"),
    "Tibetan": (crossed("བསོད་ནམས་ བཀྲ་ཤིས་ རྡོ་རྗེ་ པདྨ་ ཚེ་རིང་", "དབང་ཕྱུག སྒྲོལ་མ མཚོ དབྱངས་ཅན སྐྱིད ལྷ་མོ"), ""),
    "Katakana": (
        crossed("マリア アンナ レオ ジャン ポール", "・クロード ・ルイ ・マルク ・ピエール ･ルソー ・ヴォルテール"),
        "",
    ),
    "French": (crossed("Éloïse Zoé Chloé Hélène René François", "-Marie -Édouard d’Arc Noël Ève"), "aeiouéèêëïôîà"),
}


@pytest.mark.parametrize("script", OWN)
def test_a_list_that_a_to_z_does_not_fit_is_learned_in_its_own_letters(script: str) -> None:
    text, vowels = OWN[script]
    found = read_names(text, "x")
    lines = text.split("\n")
    assert len(found) == len(lines)
    small = [unicodedata.normalize("NFC", line).lower().translate({ord("’"): "'", ord("･"): "・"}) for line in lines]
    assert [written(name) for name in found.names] == small
    assert set(found.alphabet.letters) == set("".join(found.names))
    assert {c for c, kind in zip(found.alphabet.letters, found.alphabet.kinds, strict=True) if kind == "vowel"} == (
        set(vowels) & set(found.alphabet.letters)
    )
    assert found.report is not None
    assert "as a-z lacks some of them" in " ".join(found.report.sentences())
    assert read_names(text.encode("utf-16"), "x").names == found.names
    assert read_names(unicodedata.normalize("NFD", text), "x").names == found.names
    assert spell(lines[0].upper(), found.alphabet) == found.names[0]


def test_syllables_of_hangul_are_taken_apart_and_joined_by_unicodes_arithmetic() -> None:
    name = read_names("\n".join(["한글" + chr(0xAC00 + i * 331) for i in range(33)]), "x").names[5]
    expected = ""
    for syllable in "한글" + chr(0xAC00 + 5 * 331):
        lead, rest = divmod(ord(syllable) - 0xAC00, 21 * 28)
        vowel, tail = divmod(rest, 28)
        expected += chr(0x1100 + lead) + chr(0x1161 + vowel) + (chr(0x11A7 + tail) if tail else "")
    assert name == expected
    assert written(name) == "한글" + chr(0xAC00 + 5 * 331)
    assert written("\u1161\u1100\u1161") == "ㅏ가"  # a vowel without its consonant stands by itself
    assert [label(c) for c in "\u1100\u11a8ि "] == ["ㄱ", "-ㄱ", "◌ि", "space"]


def test_turkish_capitals_become_small_by_turkish_rules() -> None:
    found = read_names(crossed("Işıl İbrahim Irmak Ilgaz Çağrı Öykü", "can gül NUR han su"), "x")
    assert found.names[:6:5] == ("ışılcan", "ibrahimcan")
    assert "ırmaknur" in found.names
    assert spell("IŞIL", found.alphabet) == "ışıl"


@pytest.mark.parametrize(("script", "first", "second"), [
    ("Arabic", "محمد فاطمة مريم حسن زينب خالد", "نور كريم سعيد أمين رضا"),
    ("Hebrew", "דוד שרה משה רחל יוסף לאה", "כהן לוי מזרחי פרץ טל"),
])  # fmt: skip
def test_of_scripts_that_write_no_vowels_none_are_claimed(script: str, first: str, second: str) -> None:
    found = read_names(crossed(first, second), "x")
    assert len(found) == 30
    assert not found.alphabet.knows_vowels
    assert found.alphabet.runs_left


def test_hyphens_apostrophes_digits_and_spaces_are_symbols_of_their_own_letters_only() -> None:
    lines = ["Анна-Мария", "о’Нил", "ван  Дейк", "робот 7", "Ст. Пётр", "💥", "12", "а" * 31]
    found = read_names("\n".join([*OWN["Cyrillic"][0].split("\n"), *lines]), "x")
    assert found.names[40:] == ("анна-мария", "о'нил", "ван дейк", "робот 7", "ст пётр")
    assert found.report is not None
    assert dict(found.report.reasons) == {"signs that are no letters": 1, "no letters": 1, "longer than 30 letters": 1}
    assert (".", "", 1) in found.report.letters
    assert set(found.alphabet.letters[-4:]) == set(" '-7")  # behind the letters


def test_more_than_100_symbols_keep_the_most_frequent_and_say_so() -> None:
    common = [a + b for a in "王李张刘陈" for b in "伟芳娜敏静丽强"]
    rare = [chr(0x5000 + i) + chr(0x5100 + i) for i in range(100)]
    found = read_names("\n".join([*common, *rare]), "x")
    assert len(found.alphabet) <= 100
    assert set(common) <= set(found.names)
    assert found.report is not None
    said = " ".join(found.report.sentences())
    assert found.report.dropped == 135 - len(found)
    assert found.report.reasons[0][0] == "letters beyond the most frequent"
    assert f"{len(found.report.cut)} rarer letters" in said
    with pytest.raises(InvalidText, match="such as pinyin"):
        read_names("\n".join(a + b for a, b in zip(rare[::2], rare[1::2], strict=True)), "x")


def test_letters_that_hardly_occur_are_named() -> None:
    found = read_names("\n".join([*OWN["Cyrillic"][0].split("\n"), "Цой"]), "x")
    assert found.report is not None
    assert ("ц", 1) in found.report.rare


def test_the_letters_can_be_chosen() -> None:
    accented = "\n".join([*GOOD, "Zoë", "Jean-Luc"])
    assert "zoe" in read_names(accented, "x").names
    own = read_names(accented, "x", letters="own")
    assert own.names[-2:] == ("zoë", "jean-luc")
    assert own.report is not None
    assert "lacks" not in " ".join(own.report.sentences())
    with pytest.raises(InvalidText, match="At least 30 different names of letters from a to z"):
        read_names(OWN["Cyrillic"][0], "x", letters="lecture")
    with pytest.raises(InvalidSetting, match="letters"):
        read_names(accented, "x", letters="any")  # type: ignore[arg-type]


def test_a_typed_name_loses_what_the_letters_lack_and_is_refused_otherwise() -> None:
    alphabet = read_names(OWN["Cyrillic"][0], "x").alphabet
    assert spell("Зоя-Вера", alphabet) == "зоявера"
    with pytest.raises(InvalidText, match=f"the list’s {len(alphabet) - 1} letters .“q” is not among them"):
        spell("qanna", alphabet)


def test_a_list_in_another_encoding_is_read_in_the_one_that_is_chosen() -> None:
    text = OWN["Cyrillic"][0]
    with pytest.raises(InvalidText, match=r"koi8-r \(“Анна") as caught:
        read_names(text.encode("koi8-r"), "x")
    assert caught.value.offers[0][0] == "koi8-r"
    assert read_names(text.encode("koi8-r"), "x", encoding="koi8-r").names == read_names(text, "x").names
