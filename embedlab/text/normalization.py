"""Normalization: one way of writing for what looks the same (NFC), without characters that nobody sees."""

import re
import unicodedata
from functools import cache

from embedlab.text.scripts import FAR_ENDS, JOINERS, LEFT_OUT, PLAIN, UNSPACED, classes

_APOSTROPHES = str.maketrans({"’": "'", "＇": "'", "׳": "'", "״": '"'})
_APOSTROPHES_INSIDE = "‘‛´`′"  # quotes, accents and primes that are typed for one, between letters
_TURNED = re.compile(rf"(?<=[^\W\d_])[{_APOSTROPHES_INSIDE}](?=[^\W\d_])")
_DANDA = "।"  # the end of a sentence in many scripts, for all those beyond the first plane
_WORD_SPACES, _FULL_STOP = "፡፡", "።"  # of Ethiopic: most write the sign between words twice
# Letters of Malayalam and Bengali without a vowel, as they were written before they had signs of their own.
_WITHOUT_VOWEL = {
    "ണ്\u200d": "ൺ", "ന്\u200d": "ൻ", "ര്\u200d": "ർ", "ല്\u200d": "ൽ", "ള്\u200d": "ൾ", "ക്\u200d": "ൿ", "ত্\u200d": "ৎ",
}  # fmt: skip


def is_plain(text: str) -> bool:
    """Whether a text has only characters that NFC leaves as they are, and no marks: ASCII, Latin, Greek, Cyrillic."""
    return text.isascii() or _plain().fullmatch(text) is not None


def normalize(text: str) -> str:
    """The text in NFC, with straight apostrophes, without soft hyphens, zero-width spaces, vowel signs of Arabic and
    the like. A zero-width space between letters that are written without spaces is a space, and between letters a
    turned quote, an accent or a prime is an apostrophe, as in Uzbek (o‘zbek) and on the web (don´t); so are the letters
    ʻ and ʼ, which stay where a word begins or ends with them, as in Hawaiian (ʻokina).

    Joiners stay where they stand inside a word.
    """
    if not text.isascii():
        text = text.replace("’", "'")
    if is_plain(text):
        return _TURNED.sub("'", text) if any(map(text.__contains__, _APOSTROPHES_INSIDE)) else text
    left_out, between, edges, inside, far_ends = _patterns()
    text = unicodedata.normalize("NFC", text.translate(_APOSTROPHES))  # some Hebrew letters come apart: points follow
    text = left_out.sub("", between.sub(" ", text)).replace(_WORD_SPACES, _FULL_STOP)
    text = far_ends.sub(_DANDA, text)
    if "\u200d" in text:
        for former, present in _WITHOUT_VOWEL.items():
            text = text.replace(former, present)
    return inside.sub("'", edges.sub("", unicodedata.normalize("NFC", text)))


def lower(word: str, *, dotless: bool = False) -> str:
    """In small letters; İ is i, where Python gives i and a mark, and I is ı where Turkish wants it."""
    if dotless:
        word = word.replace("I", "ı")
    if "İ" in word:
        word = unicodedata.normalize("NFC", word.replace("İ", "i"))  # a mark that follows now belongs to the i
    return word.lower()


@cache
def _plain() -> re.Pattern[str]:
    return re.compile(f"[{PLAIN}]*")


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    letter = r"[^\W\d_]"
    return (
        re.compile(f"[{LEFT_OUT}]"),
        re.compile(f"(?<=[{UNSPACED}])\u200b(?=[{UNSPACED}])"),
        re.compile(rf"(?<!\S)[{JOINERS}]+|[{JOINERS}]+(?!\S)"),
        re.compile(rf"(?:(?<={letter})|(?<=[{classes().marks}]))[ʻʼ{_APOSTROPHES_INSIDE}](?={letter})"),
        re.compile(f"[{FAR_ENDS}]"),
    )
