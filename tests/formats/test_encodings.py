"""Encodings: the one that works is among what is offered, in every reader; a byte-order mark never matters."""

import bz2
import codecs
from pathlib import Path

import pytest
from gensim.test.utils import datapath

from embedlab.errors import EmbedlabError, InvalidSetting, InvalidText, VectorFileError
from embedlab.evaluation.question_sets import analogy_questions
from embedlab.formats import ENCODINGS, read_vectors
from embedlab.formats.text.encodings import (
    CHOICES,
    TEXT_CHOICES,
    check_encoding,
    decode,
    find_encoding,
    offers,
    offers_for,
)
from embedlab.lessons.transfer.data.sentence_tables import read_table
from embedlab.recipes.sharding import TokenOptions, shard_corpora
from embedlab.text.sources import TextChoice, prepare
from tests.text import gold

CZECH = "Příliš žluťoučký den u řeky. Děti večer čtou knihu a zítra půjdou na trh."
POLISH = "Wczoraj szliśmy wzdłuż rzeki, a dzieci zbierały żołędzie. Później padał śnieg."
RUSSIAN = "Вчера вечером мы шли вдоль реки, и дети собирали жёлуди. Потом пошёл снег."
FRENCH = "Hier soir, les élèves ont goûté des pâtes à la forêt. Ça alors, où est la clé ?"
GERMAN = "Gestern fuhr der Müller über die Brücke; später aß er schöne Äpfel und grüßte."
GREEK = "Χθες το βράδυ περπατήσαμε δίπλα στο ποτάμι και τα παιδιά μάζευαν φύλλα."
TURKISH = "Dün akşam çocuklar ırmağın kıyısında yürüdü. Şimdi güneş doğuyor, kuş uçuyor."
HEBREW = "אתמול בערב הלכנו לאורך הנהר והילדים אספו עלים יפים."
ARABIC = "مشينا مساء أمس على طول النهر وجمع الأطفال أوراق الشجر الجميلة."
THAI = "เมื่อวานตอนเย็นเราเดินไปตามแม่น้ำและเด็กเก็บใบไม้สวยงาม"
JAPANESE = "昨日の夕方、私たちは川に沿って歩きました。子供たちは葉を集めた。"
CHINESE = "昨天晚上我们沿着河边走，孩子们捡了很多叶子。后来下雪了。"
TAIWANESE = "昨天晚上我們沿著河邊走，孩子們撿了很多葉子。後來下雪了。"
KOREAN = "어제 저녁에 우리는 강을 따라 걸었고 아이들은 나뭇잎을 주웠다."
LITHUANIAN = "Vakar vakare ėjome palei upę, o vaikai rinko giles. Vėliau snigo, žmonės džiaugėsi."
KAZAKH = "Кеше кешке біз өзен бойымен жүрдік, ал балалар жапырақ жинады. Кейін қар жауды, ғажап үй."
CANTONESE = "噚日夜晚我哋沿住河邊行，啲細路執咗好多樹葉。後嚟落雪。"
WRITTEN = [
    *[(CZECH, name) for name in ("cp852", "cp1250", "iso8859-2")],
    *[(POLISH, name) for name in ("cp852", "cp1250", "iso8859-2")],
    *[(RUSSIAN, name) for name in ("cp1251", "koi8-r", "cp866", "iso8859-5", "mac-cyrillic")],
    *[(FRENCH, name) for name in ("cp1252", "latin-1", "cp437", "cp850", "mac-roman")],
    *[(GERMAN, name) for name in ("cp1252", "cp437", "mac-roman")],
    *[(GREEK, name) for name in ("cp1253", "iso8859-7")],
    *[(TURKISH, name) for name in ("cp1254", "iso8859-9", "mac-turkish")],
    *[(HEBREW, name) for name in ("cp1255", "iso8859-8")],
    *[(ARABIC, name) for name in ("cp1256", "iso8859-6")],
    *[(JAPANESE, name) for name in ("shift_jis", "euc-jp")],
    (KAZAKH, "kz1048"), (CANTONESE, "big5hkscs"),
    (THAI, "tis-620"), (CHINESE, "gb18030"), (TAIWANESE, "big5"), (KOREAN, "euc-kr"), (LITHUANIAN, "cp1257"),
]  # fmt: skip
MARKS = ["utf-8-sig", "utf-16", "utf-32", "utf-16-le with a mark", "utf-16-be with a mark", "utf-32-be with a mark"]


def marked(text: str, encoding: str) -> bytes:
    name = encoding.removesuffix(" with a mark")
    return ("\ufeff" + text).encode(name) if name != encoding else text.encode(name)


@pytest.mark.parametrize(("text", "encoding"), WRITTEN)
def test_the_right_encoding_is_offered_first_with_a_line_as_it_reads(text: str, encoding: str) -> None:
    data = f"plain line\n{text}\n".encode(encoding)
    found = offers_for(data)
    assert encoding in [offer.encoding for offer in found]
    assert data.decode(found[0].encoding) == data.decode(encoding)  # another name for what reads the same may be first
    assert found[0].preview
    assert found[0].preview in text
    assert not found[0].preview.isascii()


@pytest.mark.parametrize(("text", "encoding"), WRITTEN)
def test_one_word_is_enough_to_offer_it(text: str, encoding: str) -> None:
    word = max((word.strip(".,;") for word in text.split()), key=lambda word: sum(c > "\x7f" for c in word))
    assert encoding in [offer.encoding for offer in offers([word.encode(encoding)])]


def test_words_of_a_file_in_cp852_are_told_from_its_other_words() -> None:
    with pytest.raises(VectorFileError, match=r"It can be read as cp852 \(“který”\)") as caught:
        read_vectors(Path(datapath("cp852_fasttext.bin")))
    assert caught.value.asks == "encoding"
    assert caught.value.offers[0] == ("cp852", "který")


def table(words: list[str], encoding: str) -> bytes:
    return "".join(f"{word} {i} 1 0.5\n" for i, word in enumerate(words)).encode(encoding)


@pytest.mark.parametrize(("text", "encoding"), [pair for pair in WRITTEN if " " in pair[0]])
def test_what_is_offered_for_vectors_reads_them(text: str, encoding: str, tmp_path: Path) -> None:
    words = list(dict.fromkeys(text.split()))
    path = tmp_path / "words.txt"
    path.write_bytes(table(words, encoding))
    with pytest.raises(VectorFileError) as caught:
        read_vectors(path)
    name = caught.value.offers[0][0]
    assert list(read_vectors(path, encoding=name)[0].words) == words


@pytest.mark.parametrize("mark", MARKS)
def test_a_byte_order_mark_never_matters(mark: str, tmp_path: Path) -> None:
    text = "the king and the queen saw the café near the river\n" * 5
    assert decode(marked(text, mark), "x") == text
    assert decode(marked(text, mark), "x", "latin-1") == text
    assert offers_for(marked(text, mark)) == ()
    own = prepare(TextChoice("own", content=marked(text, mark)))
    assert own.vocabulary.words[0] == "the"
    assert "café" in own.vocabulary
    path = tmp_path / "questions.txt"
    path.write_bytes(marked(": pairs\r\nriver lake bridge café\r\n", mark))
    assert analogy_questions(path) == {"pairs": [("river", "lake", "bridge", "café")]}
    path.write_bytes(marked("cat 1 2\ncafé 2 1\n", mark))
    assert read_vectors(path)[0].words == ("cat", "café")
    path = tmp_path / "corpus.bz2"
    path.write_bytes(bz2.compress(marked(text, mark)))
    folder = tmp_path / "shards"
    folder.mkdir()
    counts = shard_corpora([path], folder, epochs=1, snapshots=2, seed=0).counts
    assert counts["the"] == 20
    assert counts["café"] == 5


def test_texts_questions_and_corpora_are_read_in_a_chosen_encoding(tmp_path: Path) -> None:
    text = "который год мы живём у реки\n" * 5
    choice = TextChoice("own", content=text.encode("koi8-r"))
    with pytest.raises(InvalidText, match="koi8-r") as caught:
        prepare(choice)
    assert caught.value.offers[0][0] == "koi8-r"
    chosen = TextChoice("own", content=text.encode("koi8-r"), encoding="koi8-r")
    assert "который" in prepare(chosen).vocabulary
    assert chosen.key != choice.key
    path = tmp_path / "x.txt"
    path.write_bytes(": пары\nкот кит мышь лось\n".encode("cp1251"))
    with pytest.raises(InvalidText, match="cp1251"):
        analogy_questions(path)
    assert analogy_questions(path, "cp1251") == {"пары": [("кот", "кит", "мышь", "лось")]}
    path.write_bytes(text.encode("cp866"))
    with pytest.raises(InvalidText, match=r"cp866 \(“который”"):
        shard_corpora([path], tmp_path, epochs=1, snapshots=2, seed=0)
    read = shard_corpora([path], tmp_path, TokenOptions(encoding="cp866"), epochs=1, snapshots=2, seed=0)
    assert read.counts["который"] == 5


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("language", gold.LANGUAGES)
def test_two_bytes_a_letter_and_four_are_known_without_a_mark_in_every_script(
    language: str, encoding: str, tmp_path: Path
) -> None:
    text = "\n".join(gold.sample(language).texts)
    data = text.encode(encoding)
    assert find_encoding(data)[0] == encoding
    assert offers_for(data)[0].encoding == encoding
    with pytest.raises(InvalidText) as caught:
        decode(data, "x")
    assert caught.value.offers[0].encoding == encoding
    assert decode(data, "x", encoding) == text
    path = tmp_path / "corpus.txt"
    path.write_bytes(data)
    with pytest.raises(InvalidText, match="not UTF-8 text") as caught:
        shard_corpora([path], tmp_path, epochs=1, snapshots=2, seed=0)
    assert caught.value.offers[0].encoding == encoding


def test_greek_of_old_macintoshes_is_among_what_is_offered() -> None:
    """Not the first: most of its letters are Greek ones in other Greek encodings, too."""
    assert "mac-greek" in [offer.encoding for offer in offers_for(GREEK.encode("mac-greek"))]


@pytest.mark.parametrize(("text", "encoding"), [(JAPANESE, "iso2022_jp"), (KOREAN, "iso2022_kr")])
def test_ascii_that_shifts_to_other_letters_is_not_read_as_ascii(text: str, encoding: str, tmp_path: Path) -> None:
    data = f"plain line\n{text}\n".encode(encoding)
    assert data.isascii()
    assert find_encoding(data)[0] == encoding
    with pytest.raises(InvalidText, match=rf"byte \d+ shifts.*{encoding}") as caught:
        decode(data, "x")
    assert caught.value.offers[0][0] == encoding
    assert text in decode(data, "x", encoding)
    assert decode(data, "x", "utf-8") == data.decode(), "what is chosen is not questioned"
    path = tmp_path / "corpus.txt"
    path.write_bytes(data)
    with pytest.raises(InvalidText, match=encoding):
        shard_corpora([path], tmp_path, epochs=1, snapshots=2, seed=0)
    words = text.split() if " " in text else list(dict.fromkeys(text))
    for name, mark in (("vectors.txt", " "), ("vectors.csv", ",")):
        path = tmp_path / name
        path.write_bytes(
            "\n".join(mark.join([word, "0.5", "1.5", str(i)]) for i, word in enumerate(words)).encode(encoding)
        )
        with pytest.raises(VectorFileError, match=rf"byte \d+: .* shifts to other letters.*{encoding}") as refused:
            read_vectors(path)
        assert (refused.value.asks, refused.value.offers[0][0]) == ("encoding", encoding)
        assert read_vectors(path, encoding=encoding)[0].words == tuple(words)
    colored = b"\x1b[1mplain\x1b(B\x1b[m line\n"  # by a terminal
    assert find_encoding(colored)[0] == "utf-8"
    assert decode(colored, "x") == colored.decode()


def test_the_manual_says_how_many_there_are() -> None:
    manual = Path(__file__).parents[2] / "docs" / "files.md"
    assert f"UTF-8, and {len(TEXT_CHOICES) - 1} other encodings by choice" in manual.read_text("utf-8")


def test_an_encoding_that_leaves_shifts_in_a_text_is_not_offered() -> None:
    assert [offer.encoding for offer in offers_for(KOREAN.encode("iso2022_kr"))] == ["iso2022_kr"]
    chinese = b"\x1b$)A\x0eVPND\x0f text\n"  # ISO-2022-CN, which Python does not read
    assert offers_for(chinese) == ()
    assert find_encoding(chinese) == ("", "")


def test_marks_inside_a_file_that_was_joined_from_several_are_none_of_its_text(tmp_path: Path) -> None:
    mark = codecs.BOM_UTF8
    assert decode(mark + b"river\n" + mark + b"lake\n", "x") == "river\nlake\n"
    path = tmp_path / "questions.txt"
    path.write_bytes(mark + b": a\ncat kitten dog puppy\n" + mark + b": b\ncow calf hen chick\n")
    assert list(analogy_questions(path)) == ["a", "b"]
    rows = [f"the film was {word} and {i} more,{word}\n".encode() for i in range(8) for word in ("good", "bad")]
    read, report = read_table(b"".join(mark + row for row in rows), "joined.csv")
    assert sorted(read.labels) == ["bad", "good"]
    assert report.kept == len(rows)


def test_bytes_that_are_no_text_are_offered_nothing() -> None:
    assert offers_for(bytes(range(256)) * 4) == ()
    assert offers_for(b"plain") == ()
    assert offers_for("naïve".encode("utf-16-le"))[0].encoding == "utf-16-le"
    with pytest.raises(InvalidText, match="breaks off"):
        decode(codecs.BOM_UTF16_LE + b"a", "x")


@pytest.mark.parametrize("data", [b"dog,cat,9\nking,queen,8\0\n", b"\0a cat saw the dog\n" * 9])
def test_plain_text_with_a_zero_byte_is_not_read_as_two_bytes_a_letter(data: bytes) -> None:
    assert offers_for(data) == ()


def test_encodings_are_known_by_their_other_names() -> None:
    for name in ("windows-1250", "ISO-8859-2", "latin1", "KOI8-R", "cp852"):
        check_encoding(name)
    assert set(ENCODINGS) == set(CHOICES)
    for wrong in ("rot13", "utf-7", "no-such"):
        with pytest.raises(InvalidSetting, match="encoding must be one of utf-8"):
            check_encoding(wrong)
    with pytest.raises(InvalidSetting):
        decode(b"x", "x", "utf-8-drop")
    assert "utf-8-drop" not in TEXT_CHOICES
    assert issubclass(InvalidSetting, EmbedlabError)
