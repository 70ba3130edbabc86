"""Normalization: one way of writing for what looks the same (NFC), without characters that nobody sees."""

import re
import unicodedata
from functools import cache

from embedlab.text.scripts import JOINERS, LEFT_OUT, PLAIN, UNSPACED

_APOSTROPHES = str.maketrans({"’": "'", "ʼ": "'", "ʻ": "'", "＇": "'", "׳": "'", "״": '"'})
_APOSTROPHES_INSIDE = "‘‛´`′"  # quotes, accents and primes that are typed for one, between letters
_TURNED = re.compile(rf"(?<=[^\W\d_])[{_APOSTROPHES_INSIDE}](?=[^\W\d_])")
_CHILLUS = str.maketrans("ണനരലളക", "ൺൻർൽൾൿ")  # letters of Malayalam without a vowel; before 2008 written with a joiner
_CHILLU = re.compile("[ണനരലളക]\u0d4d\u200d")


def is_plain(text: str) -> bool:
    """Whether a text has only characters that NFC leaves as they are, and no marks: ASCII, Latin, Greek, Cyrillic."""
    return text.isascii() or _plain().fullmatch(text) is not None


def normalize(text: str) -> str:
    """The text in NFC, with straight apostrophes, without soft hyphens, zero-width spaces, vowel signs of Arabic and
    the like. A zero-width space between letters that are written without spaces is a space. A turned quote, an accent
    or a prime between letters is an apostrophe, as in Uzbek (o‘zbek) and on the web (don´t).

    Joiners stay where they stand inside a word.
    """
    if any(map(text.__contains__, _APOSTROPHES_INSIDE)):
        text = _TURNED.sub("'", text)
    if text.isascii():
        return text
    text = text.replace("’", "'").replace("ʻ", "'")
    if is_plain(text):
        return text
    if "\u0d4d\u200d" in text:
        text = _CHILLU.sub(lambda found: found[0][0].translate(_CHILLUS), text)
    left_out, between, edges = _patterns()
    text = unicodedata.normalize("NFC", text.translate(_APOSTROPHES))  # some Hebrew letters come apart: points follow
    text = left_out.sub("", between.sub(" ", text))
    return edges.sub("", unicodedata.normalize("NFC", text))


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
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    return (
        re.compile(f"[{LEFT_OUT}]"),
        re.compile(f"(?<=[{UNSPACED}])\u200b(?=[{UNSPACED}])"),
        re.compile(rf"(?<!\S)[{JOINERS}]+|[{JOINERS}]+(?!\S)"),
    )
