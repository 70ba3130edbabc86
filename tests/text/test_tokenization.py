"""Tokens of all scripts, against samples that were cut by hand and against the rules that came before, for English."""

import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from itertools import chain

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import embedlab
from benchmarks.tokenization import by_word_characters
from embedlab.errors import InvalidSetting
from embedlab.text import scripts, segmentation
from embedlab.text.languages import language_of, languages
from embedlab.text.rules import ENGLISH, rules_of
from embedlab.text.sources import news_text
from embedlab.text.tokenization import read_sentences, sentence_tokens, tokenize
from tests.conftest import ROOT
from tests.text import gold

SPACED, SEGMENTED = 0.97, 0.75  # of the words of a sample that must be tokens
FOUND = {
    "english": "English", "french": "French", "german": "German", "greek": "Greek", "italian": "Italian",
    "polish": "Polish", "spanish": "Spanish", "turkish": "Turkish", "vietnamese": "Vietnamese",
}  # fmt: skip


def flat(sentences: list[list[str]]) -> list[str]:
    return [token for sentence in sentences for token in sentence]


@pytest.fixture
def no_segmenter(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(sys.modules, "icu4py.breakers", None)
    segmentation._word_breaker.cache_clear()
    yield
    segmentation._word_breaker.cache_clear()


# ---------------------------------------------------------------- against samples cut by hand


def test_there_are_enough_samples() -> None:
    assert len(gold.LANGUAGES) >= 14
    assert {len(gold.sample(language).texts) for language in gold.LANGUAGES} == {20}


@pytest.mark.parametrize("language", gold.LANGUAGES)
def test_the_words_of_a_language_survive_composed_and_decomposed(language: str) -> None:
    if language in gold.UNSPACED:
        pytest.importorskip("icu4py", reason="needs icu4py, which cuts writing without spaces into words")
    texts, words = gold.sample(language)
    rules = rules_of("\n".join(texts))
    assert rules.language == FOUND.get(language, "")
    tokens = [sentence_tokens(text, rules) for text in texts]
    recall, precision = gold.shares(words, tokens)
    least = SEGMENTED if language in gold.UNSPACED else SPACED
    assert recall >= least
    assert precision >= least
    decomposed = [unicodedata.normalize("NFD", text) for text in texts]
    assert rules_of("\n".join(decomposed)) == rules
    assert [sentence_tokens(text, rules) for text in decomposed] == tokens
    assert not [token for token in flat(tokens) if unicodedata.category(token[0])[0] == "M"]
    assert flat(tokens) == flat(tokenize("\n".join(texts))) == flat(embedlab.tokenize("\n".join(decomposed)))
    assert tokenize("\n".join(map(" ".join, tokens))) == tokens, "tokens are made of themselves"


@pytest.mark.parametrize("language", sorted({*gold.LANGUAGES} - {*gold.UNSPACED, "polish"}))
def test_a_sentence_by_itself_is_read_almost_as_well(language: str) -> None:
    """Polish is left out: half of its sentences have one function word, or none of those in the list."""
    texts, words = gold.sample(language)
    assert gold.shares(words, [flat(tokenize(text)) for text in texts])[0] >= SPACED


@pytest.mark.usefixtures("no_segmenter")
def test_without_a_segmenter_han_and_kana_are_characters_and_thai_is_left_whole() -> None:
    assert tokenize("今天iPhone很好。我们去！") == [["今", "天", "iphone", "很", "好"], ["我", "们", "去"]]
    assert tokenize("ガラス ｶﾞﾗｽ") == [["ガ", "ラ", "ス", "ｶ", "ﾞ", "ﾗ", "ｽ"]]
    assert tokenize("ฉันรักภาษาไทย มาก") == [["ฉันรักภาษาไทย", "มาก"]]
    assert "character by character" in segmentation.note("今天")
    assert "left whole" in segmentation.note("ฉันรัก")
    assert segmentation.note("cat 1 кот") == ""
    assert segmentation.is_left_whole("ฉันรัก")
    assert not segmentation.is_left_whole("今天")


def test_with_a_segmenter_words_are_cut_and_nothing_is_said() -> None:
    pytest.importorskip("icu4py", reason="needs icu4py, which cuts writing without spaces into words")
    assert tokenize("今天天气很好。我们去公园！") == [["今天", "天气", "很好"], ["我们", "去", "公园"]]
    assert tokenize("ฉันรักภาษาไทย") == [["ฉัน", "รัก", "ภาษา", "ไทย"]]
    assert tokenize("𠮷野家で2019年に") == [["𠮷", "野家", "で", "年", "に"]]
    assert segmentation.note("今天 ฉันรัก") == ""


def test_english_text_and_the_first_page_do_not_load_the_segmenter() -> None:
    code = (
        "import json, sys\n"
        "from streamlit.testing.v1 import AppTest\n"
        "from embedlab.text.sources import news_text\n"
        "import embedlab\n"
        "embedlab.tokenize(news_text() + ' Zoë’s café – Ω')\n"
        f"AppTest.from_file({str(ROOT / 'pages/0_Home.py')!r}, default_timeout=60).run()\n"
        "print(json.dumps([name for name in sys.modules if name.startswith('icu4py')]))"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert json.loads(run.stdout.splitlines()[-1]) == []


# ---------------------------------------------------------------- English, by the rules that came before


def test_english_text_gives_the_tokens_of_the_bundled_recipe() -> None:
    lines = news_text().splitlines()
    lines += ["Henry VIII's 2 wives – and “Zoë’s” café in Søgne. Éva came at 10th St. John's. X is a letter, I say."]
    assert rules_of("\n".join(lines)) == ENGLISH
    before = list(by_word_characters(lines))
    assert len(before) > 2_000
    assert flat(list(read_sentences(lines))) == flat(before)
    assert list(read_sentences(lines[:-1])) == before[:-2], "sentences as well, where all capitals are ASCII"


# ---------------------------------------------------------------- rules, one by one


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("l'eau de la rivière est là", "l' eau de la rivière est là"),
        ("L’eau d’aujourd’hui n’est pas à lui, il y a", "l' eau d' aujourd'hui n' est pas à lui il y a"),
        ("dell'acqua e un po' di sale è nella casa, non c'è", "dell' acqua e un po' di sale è nella casa non c' è"),
        ("el col·legi de la ciutat és un dels que", "el col·legi de la ciutat és un dels que"),
        ("IŞIK ve İstanbul'da bir ILIK gün için", "ışık ve istanbul'da bir ılık gün için"),
        ("İZMIR in the rain, and ISTANBUL", "izmir in the rain and istanbul"),
        ("می‌خواهم کتاب‌ها‌ را", "می‌خواهم کتاب‌ها را"),
        ("क्‍ष और क्ष", "क्‍ष और क्ष"),
        ('ש"ח או ש״ח, ד״ר', 'ש"ח או ש"ח ד"ר'),
        ("מִלָּה מלה", "מלה מלה"),
        ("كتابٌ كتـــاب", "كتاب كتاب"),
        ("co\u00adoperate in the zero\u200bwidth \u202ehouse\ufeff", "cooperate in the zerowidth house"),
        ("п’ять п'ять пʼять", "п'ять п'ять п'ять"),
        ("Oʻzbek va O‘zbek, g‘alaba ‘so‘z’", "o'zbek va o'zbek g'alaba so'z"),
        ("Ո՞վ է նա, գնա՜", "ով է նա գնա"),
        ("ʻO ka ʻāina o Hawaiʻi, ā‘o, taʼ", "ʻo ka ʻāina o hawai'i ā'o taʼ"),
        ("അവന്\u200d പാല്\u200d, ৎ ত্\u200dসব", "അവൻ പാൽ ৎ ৎসব"),
        ("\ufb2a\u05dc\u05d5\u05dd \ufb4e\u05d4", "\u05e9\u05dc\u05d5\u05dd \u05e4\u05d4"),
        ("Wie geht's dir und der Katze, die nicht", "wie geht's dir und der katze die nicht"),
        ("A. Pushkin and the α particle at x", "a pushkin and the particle at"),
        ("Я и ты", "я и ты"),
        (
            "I don´t know and you don`t, isn′t it? A `sign` and 5′ of l´eau",
            "i don't know and you don't isn't it a sign and of l'eau",
        ),
        ("EU:n päätös ja tv:n ääni: se on USA:ssa, klo 12:30", "eu:n päätös ja tv:n ääni se on usa:ssa klo"),
        ("EU:s regler och det är en tv:n för alla: här", "eu:s regler och det är en tv:n för alla här"),
        ("The ratio is a:b and NATO:s of it", "the ratio is a and nato of it"),
        ("Dit is 'n huis en ’n hond, en ek is nie hier nie", "dit is n huis en n hond en ek is nie hier nie"),
        ("ഞാന്\u200d വന്നു അവര്\u200d", "ഞാൻ വന്നു അവർ"),
        ("१२ घर, 10kg km² सात", "घर सात"),
        ("the x\u0304 and \u0301odd marks", "the and odd marks"),
        ("ΟΔΟΣ και ο λύκος", "οδος και ο λύκος"),
    ],
)
def test_each_rule(text: str, tokens: str) -> None:
    found = flat(tokenize(text))
    assert found == unicodedata.normalize("NFC", tokens).split()


@pytest.mark.parametrize(
    "text",
    [
        "एक दो। तीन चार॥ पाँच छह",
        "אחת שתיים. שלוש ארבע? חמש שש",
        "یک دو؟ سه چار۔ پنج شش",
        "Ένα δύο; Τρία και τέσσερα. Το πέντε έξι",
        "Один два. «Три четыре!» Пять шесть",
        "One two. Émile came! “Zoë” left",
        "አንድ ሁለት። ሦስት አራት። አምስት ስድስት",
        "Մեկ երկու։ Երեք չորս։ Հինգ վեց",
        "ერთი ორი. სამი ა. ოთხი! ხუთი ექვსი",
        "አንድ ሁለት፡፡ ሦስት፡አራት፡፡አምስት ስድስት",
        "ᱢᱤᱫ ᱵᱟᱨ᱾ ᱯᱮ ᱯᱩᱱ᱿ ᱢᱚᱬᱮ ᱛᱩᱨᱩᱭ",
        "ꦱꦶꦗꦶ ꦭꦺꦴꦫꦺꦴ꧉ ꦠꦼꦭꦸ ꦥꦥꦠ꧉ ꦭꦶꦩ ꦤꦼꦩ꧀",
        "𑄃𑄬𑄇𑄴 𑄘𑄨𑄭𑅁 𑄖𑄨𑄚𑄨 𑄌𑄮𑄢𑄴𑅁 𑄛𑄌𑄴 𑄍𑄨𑄭",
    ],
)
def test_sentences_end_in_all_scripts(text: str) -> None:
    assert len(tokenize(text)) == 3


def test_initials_and_small_letters_end_no_sentence_in_any_script() -> None:
    assert len(tokenize("А. С. Пушкин и др. были там")) == 1
    assert len(tokenize("É. Zola est à la gare.")) == 1


def test_identifiers_are_kept_where_asked_for() -> None:
    text = "ID83 ID41 user_7 II x 3.14 and 12,45 the king's 10th"
    assert tokenize(text, keep="digits") == [
        ["id83", "id41", "user_7", "ii", "x", "3.14", "and", "12", "45", "the", "king", "10th"]
    ]
    assert tokenize(text) == [["and", "the", "king"]]
    with pytest.raises(InvalidSetting, match="letters, digits"):
        tokenize(text, keep="all")  # type: ignore[arg-type]


MALTESE = """\
Il-qattus u l-kelb joqogħdu fid-dar u jorqdu.
Ir-raġel u l-mara marru l-baħar u raw dgħajsa.
Ix-xemx u l-qamar jidhru fis-sema.
It-tifel kiel ħobż u ġobon u xorob il-ilma.
"""


def test_vowels_of_a_language_that_is_not_known_are_words_and_consonants_where_they_are_frequent() -> None:
    assert rules_of(MALTESE).singles == "aeiou"
    assert sum(sentence.count("u") for sentence in tokenize(MALTESE)) == MALTESE.count(" u ")
    listed = MALTESE.replace(" u ", " w ")  # a consonant may be a symbol, and is none in few words
    assert rules_of(listed).singles == "aeiou"
    assert rules_of(listed * 100).singles == "aeiouw"


def test_a_language_can_be_named() -> None:
    assert tokenize("l'eau", language="french") == [["l'", "eau"]]
    assert tokenize("l'eau", language="English") == [["l'eau"]]
    with pytest.raises(InvalidSetting, match="French"):
        tokenize("l'eau", language="Klingon")


def test_single_letters_of_a_language_that_is_not_known_are_found_in_a_long_text() -> None:
    words = "zoro mita kalu dene"
    text = f"{words} n {words} x. " + f"{words} n {words}. " * 400
    assert language_of(text) is None
    assert rules_of(text).singles == "aeioun"
    assert rules_of(text[:2_000]).singles == "aeiou", "too short to tell"


@pytest.mark.parametrize(
    "text",
    [
        "Ko te whare o te rangatira. E noho ana ia i reira, e tatari ana. O wai te waka? E rua o ratou",
        "O le vaa o le alii. E sau le teine i le fale. O fea e te alu i ai?",
        "Die vrou het 'n kat en 'n perd. Daar is 'n boom, en die kind sien dit nie. Ons wil 'n brood koop",
        "'t Was stil in het bos. De man ging 's morgens met een hond naar 't water, en hij was niet alleen",
        "Et u la dî. Ez hat û u çû. Tu e u ez e",
    ],
)
def test_single_letters_that_are_words_survive_in_languages_without_rules_and_in_relatives(text: str) -> None:
    words = re.findall(r"\w+", unicodedata.normalize("NFC", text).lower())
    assert flat(tokenize(text)) == words


def test_initials_and_formulas_of_a_text_in_another_language_make_no_words_of_their_letters() -> None:
    text = "Der Mann ist in dem Haus (e) und der Vektor „u“ nicht. Von E. Kant und dem l'u"
    assert rules_of(text).language == "German"
    assert rules_of(text).singles == ""


def test_a_licence_in_english_does_not_decide_over_a_long_text() -> None:
    head = "This is the licence of the text and it is in English as all of them are. " * 60
    body = "Le chat de la voisine est dans le jardin, et il ne dort pas sur la table. " * 4_000
    assert rules_of(head + body).language == "French"


def test_every_language_knows_its_own_rules_and_no_two_have_the_same_words() -> None:
    assert len({language.common for language in languages().values()}) == len(languages()) > 25
    for language in languages().values():
        assert len(language.common) >= 14
        assert language_of(" ".join(word for word in language.common if "'" not in word)) is not None


# ---------------------------------------------------------------- properties


def test_the_classes_of_characters_are_those_of_unicode() -> None:
    classes = scripts.classes()
    mark, plain = re.compile(f"[{classes.marks}]"), re.compile(f"[{scripts.PLAIN}]")
    for sign in map(chr, chain(range(0xD800), range(0xE000, 0x32400))):
        category = unicodedata.category(sign)
        assert (mark.match(sign) is not None) == (category[0] == "M"), hex(ord(sign))
        if plain.match(sign):
            assert unicodedata.normalize("NFC", sign) == sign
            assert category[0] != "M"
            assert category != "Cf"


@given(st.text(max_size=80))
@example("À`A é´a ö‘s x\u0304′y क्`क")  # marks of letters before a sign that is typed for an apostrophe
def test_any_text_gives_the_same_tokens_again_composed_or_not(text: str) -> None:
    found = tokenize(text)
    assert all(token and token == token.strip() for token in flat(found))
    assert not [token for token in flat(found) if unicodedata.category(token[0])[0] == "M"]
    rules = rules_of(text)
    again = [sentence_tokens(" ".join(tokens), rules) for tokens in found]
    assert flat(again) == flat(found)
    assert flat([sentence_tokens(unicodedata.normalize("NFD", line), rules) for line in text.splitlines()]) == flat(
        [sentence_tokens(line, rules) for line in text.splitlines()]
    )
