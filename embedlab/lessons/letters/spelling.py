"""Spelling: a name in the lecture's 27 symbols, or in letters of its own, and what is changed or left out for that."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cache

from embedlab.lessons.letters.alphabet import ALPHABET, END, Alphabet, label
from embedlab.text.normalization import lower
from embedlab.text.scripts import JOINERS, LEFT_OUT

MAX_LETTERS = 30
_LETTERS = frozenset(ALPHABET[1:])
_BETWEEN = frozenset(" -'’‘`´.·・･་༌‐‑–_\u00ad\u200b\u200c\u200d\ufeff")  # left out inside a name
_OVERRIDES = frozenset("\u202d\u202e")  # turn letters round: what is shown is another name
_PLAIN = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ħ": "h", "ı": "i", "ŋ": "ng"}
)
# Of a list's own letters: one hyphen, one apostrophe, one space, one dot of Japanese, one of Tibetan.
_ONE = str.maketrans("’‘`´ʼ′＇׳‐‑–־_\u00a0\u3000･༌", "'" * 8 + "-" * 5 + "  ・་")
_SIGNS = frozenset(" -'·״・་")  # between parts of a name
_TURNED = (
    "<compat>",
    "<wide>",
    "<narrow>",
    "<isolated>",
    "<initial>",
    "<medial>",
    "<final>",
)  # another form of letters
_LONG, _NO_LETTERS, _NO_LETTER = f"longer than {MAX_LETTERS} letters", "no letters", "signs that are no letters"
_OTHERS = "letters of another alphabet"
_RARER = "letters beyond the most frequent"


@dataclass(frozen=True)
class Spelled:
    """An entry of a list as a name."""

    name: str = ""
    signs: tuple[tuple[str, str], ...] = ()  # what was changed beside capitals, and into what
    reason: str = ""  # why it cannot be used; "" where it can
    lacking: bool = False  # whether it has letters that are not a-z

    def without(self, letters: Collection[str]) -> "Spelled":
        """The same, unusable where it has one of these letters."""
        return replace(self, reason=_RARER) if not self.reason and not set(self.name).isdisjoint(letters) else self


def in_the_lectures(entry: str) -> Spelled:
    """The entry in a-z: accents go, and hyphens, apostrophes and spaces are left out."""
    if len(entry) > 4 * MAX_LETTERS:  # accents may be written apart
        return Spelled(reason=_LONG)
    name, signs, lacking = [], [], False
    for sign in unicodedata.normalize("NFC", entry).lower():
        if sign in _LETTERS:
            name.append(sign)
            continue
        plain = unicodedata.normalize("NFKD", sign.translate(_PLAIN))
        plain = "".join(c for c in plain if not unicodedata.combining(c))
        if sign in _BETWEEN or not plain or (_left_out().match(sign) and sign not in _OVERRIDES):
            plain = ""
        elif not _LETTERS.issuperset(plain):
            is_letter = unicodedata.category(sign)[0] in "LM"
            return Spelled(reason=_OTHERS if is_letter else _NO_LETTER, lacking=is_letter)
        lacking = lacking or bool(plain)
        name.append(plain)
        signs.append(("space" if sign == " " else sign if sign.isprintable() else _named(sign), plain))
    reason = _NO_LETTERS if not any(name) else _LONG if sum(map(len, name)) > MAX_LETTERS else ""
    return Spelled("" if reason else "".join(name), () if reason else tuple(signs), reason, lacking)


def in_own_letters(entry: str, *, dotless: bool = False) -> Spelled:
    """The entry in letters of its own: every letter, mark and digit, and hyphens, apostrophes, spaces and dots inside.

    Args:
        dotless: whether a capital I is ı in small letters.
    """
    if len(entry) > 4 * MAX_LETTERS:
        return Spelled(reason=_LONG)
    signs: list[tuple[str, str]] = []
    turned = "".join(_one_form(c) for c in entry)
    small = unicodedata.normalize("NFC", lower(unicodedata.normalize("NFC", turned), dotless=dotless))
    name: list[str] = []
    for sign in " ".join(small.translate(_ONE).split()):
        kind = unicodedata.category(sign)
        if sign == END or _left_out().match(sign):
            signs.append((sign if sign.isprintable() else _named(sign), ""))
        elif kind[0] in "LM" or kind == "Nd" or sign in _SIGNS:
            name.append(unicodedata.normalize("NFD", sign) if "\uac00" <= sign <= "\ud7a3" else sign)
        else:
            return Spelled(reason=_NO_LETTER)
    spelled = "".join(name).strip()
    if not any(c.isalpha() for c in spelled):
        return Spelled(reason=_NO_LETTERS)
    return Spelled(spelled, tuple(signs)) if len(spelled) <= MAX_LETTERS else Spelled(reason=_LONG)


def in_letters_of(alphabet: Alphabet, entry: str) -> Spelled:
    """A typed entry in the letters of an alphabet; without accents, hyphens and the like where it lacks them."""
    each = in_own_letters(entry, dotless="ı" in alphabet)
    name = ""
    for letter in each.name:
        plain = unicodedata.normalize("NFD", letter)[0]
        if letter in alphabet:
            name += letter
        elif plain in alphabet:
            name += plain
        elif letter not in _SIGNS and unicodedata.category(letter) != "Mn":
            return Spelled(reason=f"“{label(letter)}” is not among them")
    return replace(each, name=name, reason=each.reason or ("" if name else _NO_LETTERS))


def is_dotless(text: str) -> bool:
    """Whether a list is Turkish or Azerbaijani: one i in ten at least is ı or İ."""
    found = text.count("ı") + text.count("İ")
    return found > 0 and 10 * found >= found + text.count("i") + text.count("I")


def place(letter: str) -> tuple[bool, str, str]:
    """Where a letter stands in an alphabet: beside the one it is written from, signs and digits last."""
    is_letter = unicodedata.category(letter)[0] in "LM"
    return not is_letter, unicodedata.normalize("NFD", letter)[0], letter


def _one_form(letter: str) -> str:
    """A letter in its usual form; compatibility letters of Hangul are those that syllables are made of."""
    turned = unicodedata.decomposition(letter).startswith(_TURNED)
    return unicodedata.normalize("NFKD", letter) if turned and letter.isalpha() else letter


@cache
def _left_out() -> re.Pattern[str]:
    return re.compile(f"[{LEFT_OUT}{JOINERS}]")


def _named(sign: str) -> str:
    return unicodedata.name(sign, "a sign that is not seen").lower()
