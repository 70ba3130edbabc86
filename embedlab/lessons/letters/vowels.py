"""Vowels: which letters are vowels and which are consonants, in the scripts where that is settled.

Nothing is claimed of scripts that write no vowels, or syllables: Arabic, Hebrew, Ethiopic, Japanese, Chinese.
"""

import re
import unicodedata
from typing import Literal

Kind = Literal["vowel", "consonant", ""]

# y is left with the consonants, which the map often disputes; with an accent it is a vowel in every language.
_LATIN = frozenset("aeiouæœøıǝəɛɔɩɪɨʉʊɯɵ")
_CYRILLIC = frozenset("аеёиіїоуыэюяєөүұәѣѵѫѧѡѝ")
_NOT_BREVE = frozenset("йў")  # consonants, though written with the sign of и and у
_NEITHER = frozenset("ьъ")  # signs for how the letter before sounds
_GREEK = frozenset("αεηιουω")
_GEORGIAN, _ARMENIAN = frozenset("აეიოუ"), frozenset("աեէըիոօ")
_INDIC = (
    "DEVANAGARI",
    "BENGALI",
    "GURMUKHI",
    "GUJARATI",
    "ORIYA",
    "TAMIL",
    "TELUGU",
    "KANNADA",
    "MALAYALAM",
    "SINHALA",
)
_INDIC_VOWEL = re.compile(r"LETTER ((VOCALIC|CANDRA|SHORT|CHILLU) [A-Z]+|[AEIOU]+W?)")
_SINHALA_VOWEL = re.compile(r"LETTER (I?RUYANNA|I?RUUYANNA|ILUYANNA|ILUUYANNA|[AEIOU][A-Z]*YANNA)")


def kind(letter: str) -> Kind:
    """What a small letter or a mark is; "" where it is neither or where it is not known."""
    base = unicodedata.normalize("NFD", letter)[0]
    script, _, rest = unicodedata.name(letter, "").partition(" ")
    if script == "HANGUL":
        parts = {"CHOSEONG": "consonant", "JONGSEONG": "consonant", "JUNGSEONG": "vowel"}
        return parts.get(rest.partition(" ")[0], "")  # type: ignore[return-value]
    if script in _INDIC:
        return _indic(script, rest)
    if script == "THAI":
        return "vowel" if rest.startswith(("CHARACTER SARA", "CHARACTER MAI HAN-AKAT")) else _if(letter <= "\u0e2e")
    if not letter.isalpha() or rest.startswith("MODIFIER"):
        return ""
    if script == "LATIN":
        return "vowel" if base in _LATIN or (base == "y" and letter != "y") else "consonant"
    if script == "CYRILLIC":
        known = letter not in _NEITHER and rest.startswith("SMALL LETTER") and letter != "ӏ"
        return "vowel" if base in _CYRILLIC and letter not in _NOT_BREVE else _if(known)
    if script == "GREEK":
        return "vowel" if base in _GREEK else "consonant"
    if script == "GEORGIAN":
        return "vowel" if letter in _GEORGIAN else _if("ა" <= letter <= "ჰ")
    if script == "ARMENIAN":
        return "vowel" if letter in _ARMENIAN else _if(letter != "և")
    return ""


def _if(consonant: bool) -> Kind:
    return "consonant" if consonant else ""


def _indic(script: str, rest: str) -> Kind:
    """By the letter's name, which says how it is spoken: KA, but AA; vowel signs are named so."""
    if rest.startswith("VOWEL SIGN"):
        return "vowel"
    pattern = _SINHALA_VOWEL if script == "SINHALA" else _INDIC_VOWEL
    return "vowel" if pattern.fullmatch(rest) else _if(rest.startswith("LETTER "))
