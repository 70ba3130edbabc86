"""Texts made ready: what is a word, what each step drops, and bad texts that get a clear message."""

import numpy as np
import pytest

from embedlab.errors import EmbedlabError, FileTooLarge, InvalidText
from embedlab.text.corpus import MAX_BYTES, decode, encode, with_boundaries
from embedlab.text.sources import TextChoice, prepare
from embedlab.text.tokenization import read_sentences, split_sentences, tokenize


def test_words_and_sentences_follow_the_rules_in_the_module() -> None:
    assert tokenize("The king's 2 dogs don't eat formula_3, O’Neil's at 10th a b") == [
        ["the", "king", "dogs", "don't", "eat", "o'neil", "at", "a"]
    ]
    assert split_sentences("Dr. J. Smith came. He left! Why? (Nobody knows.) 3 did.") == [
        "Dr. J. Smith came", "He left", "Why", "(Nobody knows", "3 did.",
    ]  # fmt: skip
    lines = ["= Title =", "", "One two. Three four.", "alone"]
    assert list(read_sentences(lines)) == [["one", "two"], ["three", "four"]]


def test_encoding_numbers_words_by_falling_count_and_keeps_sentences_apart() -> None:
    text = encode([list("aab"), list("bacd"), list("ae")], "letters")
    assert text.vocabulary.words == ("a", "b", "c", "d", "e")
    assert text.ids.tolist() == [0, 0, 1, 1, 0, 2, 3, 0, 4]
    assert text.sentences.tolist() == [0, 0, 0, 1, 1, 1, 1, 2, 2]
    assert text.counts.tolist() == np.bincount(text.ids).tolist()
    with pytest.raises(ValueError, match="read-only"):
        text.ids[0] = 1


def test_what_each_step_drops_is_counted_and_named() -> None:
    source = "= A heading =\n" + "the cat saw 12 dogs in 1999. " * 3 + "A zebra saw the cat and the dogs in Rome.\n"
    text = encode(source, "mine", min_count=3)
    signs, rare = text.steps
    assert {"12", "1999"} <= set(signs.examples)
    assert rare.name == "Words seen fewer than 3 times"
    assert set(rare.examples) == {"a", "zebra", "and", "rome"}
    assert rare.dropped == 4
    assert rare.words_after == len(text) == text.vocabulary.total
    assert signs.words_after == rare.words_before


def test_boundary_tokens_stand_around_each_sentence_and_count_as_words() -> None:
    sentences = [list("aab"), list("bacd"), list("ae")]
    text = with_boundaries(encode(sentences, "letters"))
    words = [text.vocabulary.words[i] for i in text.ids]
    assert words == [token for sentence in sentences for token in ["<s>", *sentence, "</s>"]]
    assert text.sentences.tolist() == [0] * 5 + [1] * 6 + [2] * 4
    assert text.counts.tolist() == np.bincount(text.ids).tolist()
    with pytest.raises(InvalidText, match="already"):
        with_boundaries(text)


def test_the_vocabulary_keeps_the_most_frequent_words() -> None:
    text = encode([list("aaaabbbccdefg")], "letters", max_size=5)
    assert text.vocabulary.words == ("a", "b", "c", "d", "e")
    assert text.steps[-1].dropped == 2


BAD = {
    "empty": (b"", "is empty"),
    "blank": (b" \n\t\n", "is empty"),
    "one word": (b"hello", "No two words stand together"),
    "only digits and signs": ("1 2 3 … !!! " * 50, "No two words stand together"),
    "emoji": ("🙂 🙃 👑 " * 100, "No two words stand together"),
    "NUL": (b"some words and \0 more words", "byte 16 is zero"),
    "UTF-16 without a mark": ("the king and the queen".encode("utf-16-le"), "is zero.*utf-16-le"),
    "binary": (bytes(range(1, 256)) * 40, "not UTF-8: byte 128"),
    "Latin-1": ("Voilà un café pour la reine et le roi".encode("cp1252"), "Windows-1252"),
    "one character": ("字" * 5_000, "Only 1 different word appears"),
    "the same two words": (b"yes no. " * 200, "Only 2 different words"),
    "a 10 MB word on one line": (b"a" * 10_000_000, "No two words stand together"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_texts_get_a_clear_message(name: str) -> None:
    content, message = BAD[name]
    content = content.encode() if isinstance(content, str) else content
    with pytest.raises(InvalidText, match=message) as caught:
        encode(decode(content, "Your text"), "your text")
    assert len(str(caught.value)) < 300


def test_too_much_is_refused_before_it_is_read() -> None:
    with pytest.raises(FileTooLarge, match="at most 20 MB"):
        decode(b"a " * (MAX_BYTES // 2 + 1))


def test_10_megabytes_on_one_line_are_a_text_like_any_other() -> None:
    words = ["king", "queen", "castle", "throne", "crown", "palace"]
    line = " ".join(words * 270_000)
    assert 10e6 < len(line) < 11e6
    text = encode(decode(line.encode()), "one line")
    assert set(text.vocabulary.words) == set(words)
    assert len(text) == 270_000 * 6
    assert text.counts.tolist() == [270_000] * 6


def test_right_to_left_marks_and_a_byte_order_mark_do_no_harm() -> None:
    hebrew = "\ufeffהמלך ישב על הכסא. המלכה ישבה ליד המלך. \u202eהילד רץ אל המלכה.\n" * 20
    text = encode(decode(hebrew.encode()), "Hebrew")
    assert "המלך" in text.vocabulary
    assert not any("\u202e" in word or "\ufeff" in word for word in text.vocabulary)


def test_choices_name_all_that_the_text_depends_on() -> None:
    own = TextChoice("own", content=b"the king and the queen sat in the palace. " * 5)
    assert len({TextChoice().key, TextChoice(world_seed=2).key, TextChoice("news").key, own.key}) == 4
    assert own.without_content().key == own.key
    assert own.without_content().content == b""
    assert prepare(own).vocabulary.words[0] == "the"
    with pytest.raises(InvalidText, match="no text of your own yet"):
        prepare(own.without_content())
    with pytest.raises(EmbedlabError, match="1 to 1,000"):
        TextChoice(min_count=0)


def test_the_news_come_with_gensim() -> None:
    news = prepare(TextChoice("news", min_count=3))
    assert 50_000 < len(news) < 60_000
    assert {"government", "australia"} <= set(news.vocabulary.words)
