"""What a text loses before anything is learned from it: how much, and of what kind."""

import random

import pytest

from embedlab.errors import InvalidText
from embedlab.text import segmentation
from embedlab.text.corpus import encode
from embedlab.text.rules import rules_of
from embedlab.text.sources import TextChoice, prepare
from embedlab.text.survival import Survey, Survival
from embedlab.text.tokenization import read_sentences
from tests.text import gold

DIGITS = "the cat 17 saw 4 of 9 dogs in 1999\n" * 20  # 4 of 10


def survival_of(text: str, **options: object) -> Survival:
    found = Survey(rules_of(text, **options))  # type: ignore[arg-type]
    for line in text.splitlines():
        found.add(line, list(read_sentences([line], found.rules)))
    return found.survival()


def test_words_with_digits_are_counted_by_hand() -> None:
    found = survival_of(DIGITS)
    assert found.words == 200
    assert found.lost_share == pytest.approx(4 / 10)
    (kind,) = found.lost
    assert (kind.name, kind.words, set(kind.examples)) == ("words with digits", 80, {"17", "4", "9", "1999"})
    assert "40%" in found.said
    assert found.notes() == (found.said,)
    assert "--keep digits" in found.remedies()[0]
    kept = survival_of(DIGITS, keep="digits")
    assert kept.lost_share == 0
    assert kept.notes() == ()


def test_each_kind_is_told_from_the_others() -> None:
    found = survival_of("the k dog and the x cat II saw VIII b12 it\n= A title =\nalone\n… 12 — !\n" * 3)
    assert {kind.name: kind.words / 3 for kind in found.lost} == {
        "single letters": 2, "Roman numerals": 2, "words with digits": 2,
        "headings and words alone in their sentence": 3,
    }  # fmt: skip
    assert found.words / 3 == 16, "signs are no words"


def test_runs_too_long_for_words_are_counted_as_lost() -> None:
    """Such as writing without spaces of which no segmenter knows, or sequences of bases."""
    runs = " ".join("ꦧꦱꦗꦮ"[i] * 80 for i in range(4))
    lines = f"the river is near {runs} the old house and the boat\n" * 50
    found = encode(lines, "runs")
    assert len(found) == 50 * 10
    assert found.steps[0].dropped == 50 * 4
    (note,) = found.notes
    assert "29%" in note
    assert "too long for words (" in note
    with pytest.raises(InvalidText, match="too long for words"):
        encode(f"{'ACGT' * 20} {'TTGA' * 20}\n" * 50, "bases")


def test_too_few_words_are_refused_with_what_was_lost() -> None:
    with pytest.raises(InvalidText, match=r"Only 4 different words.* 50% .*words with digits \(12, .*Keep words"):
        encode("the river is near 12 34 56 78\n" * 50, "numbers")


def test_a_fifth_is_borne_and_more_is_said() -> None:
    fifth, more = "a the an of 1\n" * 9, "a the an 1\n" * 9
    assert survival_of(fifth).lost_share == pytest.approx(0.2)
    assert survival_of(fifth).said == ""
    assert survival_of(fifth).notes() == ()
    assert survival_of(more).is_poor


@pytest.mark.parametrize("language", [each for each in gold.LANGUAGES if each not in gold.UNSPACED])
def test_no_language_with_spaces_loses_a_word_in_twenty(language: str) -> None:
    assert survival_of("\n".join(gold.sample(language).texts)).lost_share < 0.05


def test_writing_without_spaces_is_lost_without_a_segmenter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segmentation, "_word_breaker", lambda: None)
    thai = survival_of("\n".join(gold.sample("thai").texts))
    assert thai.lost_share == 1
    assert "segmenter" in thai.lost[0].name
    assert all(len(example) <= 24 for example in thai.lost[0].examples)
    chinese = survival_of("\n".join(gold.sample("chinese").texts))
    assert chinese.lost_share == 0
    assert "character by character" in chinese.notes()[0]


def test_a_very_long_text_is_judged_by_a_sample_of_its_end() -> None:
    found = Survey(rules_of("the"))
    good, bad = "the cat saw the dog and " * 40, "12 " * 240
    for _ in range(4_300):  # more than a million words
        found.add(good, [["the"]])
    for _ in range(86_000):
        found.add(bad)
    survival = found.survival()
    assert survival.words == pytest.approx(4_300 * 240 + 86_000 * 240, rel=0.01)
    assert survival.lost_share == pytest.approx(86_000 / 90_300, rel=0.01)


def test_a_corpus_says_what_it_lost_and_keeps_digits_where_asked() -> None:
    rng = random.Random(0)
    walks = "\n".join(" ".join(f"ID{rng.randrange(60)}" for _ in range(12)) for _ in range(200))
    with pytest.raises(InvalidText, match=r"100% of the text’s 2,400 words .*\(ID\d+.*Keep words with digits"):
        encode(walks, "walks")
    kept = encode(walks, "walks", keep="digits")
    assert len(kept) == 2_400
    assert len(kept.vocabulary) == 60
    assert kept.notes == ()
    own = TextChoice("own", content=DIGITS.encode())
    digits = TextChoice("own", content=DIGITS.encode(), keep="digits")
    assert own.key != digits.key
    said, remedy = prepare(own).notes
    assert "40%" in said
    assert "Keep words with digits" in remedy
    assert "1999" in prepare(digits).vocabulary


def test_hindi_is_whole() -> None:
    text = "नदी के किनारे एक छोटा गाँव है। गाँव के लोग नदी से पानी लाते हैं।\n" * 10
    corpus = encode(text, "Hindi")
    assert {"नदी", "पानी", "गाँव", "किनारे", "हैं"} <= set(corpus.vocabulary.words)
    assert corpus.notes == ()
