"""Word forms: the ways in which one word is written, and an index that finds the words of a set in any of them.

Forms are compared from the strictest to the loosest: as it stands; without blanks around it; by canonical equivalence
(Unicode Standard Annex 15) and with typewriter signs; in other capitals; with i and dotless ı alike, as Turkish
capitals need; with blanks for underscores; inside what some files write around each word; by compatibility. The key of
the index is looser still: it knows no accents, which `suggest` is for.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Literal, NamedTuple

import numpy as np

from embedlab.arrays import Int32s, frozen

Way = Literal["exact", "letters", "capitals", "blanks", "affixes", "compatible"]

_SIGNS = {
    "‘": "'", "’": "'", "ʼ": "'", "′": "'", "“": '"', "”": '"', "„": '"', "‐": "-", "‑": "-", "–": "-", "—": "-",
    "−": "-", "…": "...", "\ufe0e": "", "\ufe0f": "", "\u00ad": "", "\ufeff": "", "\u200b": "",
    "ʻ": "'", "´": "'", "`": "'", "‛": "'", "׳": "'", "״": '"', "\u0640": "",
}  # fmt: skip
# Letters that are no other letter with a mark, but are typed so where a keyboard lacks them.
_STROKED = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "æ": "ae", "œ": "oe", "þ": "th"})
_TYPEWRITER = str.maketrans(_SIGNS)
_BLANKS = re.compile(r"\s+")
_POINTS = re.compile(
    "[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u0652\u0670]"
)  # vowels of Hebrew and Arabic
# What files write before each word: ConceptNet's languages, Wikipedia2Vec's entities, SentencePiece's word beginnings.
_BEFORE = re.compile(r"^(?:/c/[a-z]{2,3}/|ENTITY/|▁)", re.MULTILINE)
# And behind: sense2vec's senses, tags of parts of speech, ends of words.
_TAGS = ("NOUN", "PROPN", "VERB", "ADJ", "ADV", "PRON", "DET", "ADP", "AUX", "CONJ", "CCONJ", "SCONJ", "INTJ")
_BEHIND = re.compile(rf"(?:\|[A-Za-z_]{{1,12}}|_(?:{'|'.join(_TAGS)})|</w>)$", re.MULTILINE)
# Both as people type them who do not know the signs: c/en/ice, duck/NOUN.
_TYPED = re.compile(rf"^/?c/[a-z]{{2,3}}/|[/|_](?:{'|'.join(_TAGS)})$", re.IGNORECASE)
_IN_AFFIXES = ("/", "▁", "|", *(f"_{tag}" for tag in _TAGS))  # one of these is in each
_AT_ONCE = 100_000  # words whose keys are made together
_PACKED = 16  # bytes by which keys are sorted first
_GONE, _SLOW = 0x110000, 0x110001  # beyond all characters: dropped, and not to be replaced by one character


def bare(word: str) -> str:
    """Without what some files write around each word: coffee_pot for /c/en/coffee_pot, duck for duck|NOUN."""
    return _BEHIND.sub("", _BEFORE.sub("", word)) or word


def bare_as_typed(typed: str) -> str:
    """The same of what people type for such a word, whose signs may be others: duck for duck/NOUN."""
    return _TYPED.sub("", typed.strip()) or typed


def _letters(word: str) -> str:
    return unicodedata.normalize("NFD", word.strip()).translate(_TYPEWRITER)


def _capitals(word: str) -> str:
    return unicodedata.normalize("NFD", _letters(word).casefold().translate(_TYPEWRITER))


def _dotless(word: str) -> str:
    return _capitals(word).replace("i\u0307", "i").replace("ı", "i")


def _underscores(word: str) -> str:
    return _BLANKS.sub("_", _dotless(word))


def _affixes(word: str) -> str:
    return _underscores(bare(word.strip()))


def accented(word: str) -> str:
    """The loosest form in which accents count: compatibility characters, invisible ones and points are gone, too."""
    spelt = unicodedata.normalize("NFKD", _affixes(word)).casefold().translate(_TYPEWRITER)
    spelt = unicodedata.normalize("NFKD", spelt)
    return _BLANKS.sub("_", _POINTS.sub("", "".join(c for c in spelt if unicodedata.category(c) != "Cf")))


# From the strictest form to the loosest, each with what it forgives.
_WAYS: tuple[tuple[Callable[[str], str], Way], ...] = (
    (str.strip, "exact"), (_letters, "letters"), (_capitals, "capitals"), (_dotless, "capitals"),
    (_underscores, "blanks"), (_affixes, "affixes"), (accented, "compatible"),
)  # fmt: skip
_NEVER = len(_WAYS) + 1


def grade(typed: str, word: str) -> int:
    """How much has to be forgiven for `typed` to be `word`: 0 where nothing, and so on through the ways."""
    if typed == word:
        return 0
    return next((i for i, (form, _) in enumerate(_WAYS, 1) if form(typed) == form(word)), _NEVER)


@cache
def _plain(letter: str) -> str:
    """A letter without accent, capital and compatibility: one, several or none."""
    spelt = unicodedata.normalize("NFKD", _SIGNS.get(letter, letter)).casefold().translate(_TYPEWRITER)
    spelt = spelt.replace("ı", "i").translate(_STROKED)
    kept = (c for c in unicodedata.normalize("NFKD", spelt) if not unicodedata.combining(c) and c != "\0")
    joined = unicodedata.normalize("NFC", "".join(c for c in kept if unicodedata.category(c) != "Cf"))
    return _BLANKS.sub("_", joined)


def key(word: str) -> str:
    """The loosest form of a word, also without accents; it is empty for no word that is not."""
    if word.isascii() and word.isalnum():
        return word.lower()
    spelt = _BLANKS.sub("_", bare(unicodedata.normalize("NFC", word.strip())))
    return (
        spelt.replace("\0", "").replace("`", "'").lower() if spelt.isascii() else "".join(map(_plain, spelt))
    ) or word.replace("\0", "\ufffd")


def keys(words: Sequence[str]) -> list[str]:
    """The key of each word. Many at a time, since in most words each letter becomes one letter."""
    found: list[str] = []
    for start in range(0, len(words), _AT_ONCE):
        found += _keys(words[start : start + _AT_ONCE])
    return found


def _keys(words: Sequence[str]) -> list[str]:
    text = unicodedata.normalize("NFC", "\n".join(words))
    if any(sign in text for sign in _IN_AFFIXES):
        text = _BEHIND.sub("", _BEFORE.sub("", text))
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
    ends = np.append(np.flatnonzero(codes == ord("\n")), len(codes))
    if len(ends) != len(words):  # some have line ends in them
        return list(map(key, words))
    seen = np.zeros(_GONE, bool)
    seen[codes] = True
    table = np.arange(_GONE, dtype=np.uint32)
    for code in set(np.flatnonzero(seen).tolist()) - {ord("\n")}:
        plain = _plain(chr(code))
        table[code] = _SLOW if len(plain) > 1 or chr(code).isspace() else ord(plain) if plain else _GONE
    replaced = table[codes]
    slow = set(np.searchsorted(ends, np.flatnonzero(replaced == _SLOW)).tolist())
    replaced[replaced == _SLOW] = ord("?")
    spelt = replaced[replaced != _GONE].tobytes().decode("utf-32-le", "surrogatepass").split("\n")
    for row in slow:
        spelt[row] = key(words[row])
    return [one or key(word) for one, word in zip(spelt, words, strict=True)] if "" in spelt else spelt


class Closeness(NamedTuple):
    """How near a word is to what was typed; the smallest is the nearest."""

    grade: int
    capitals: int

    @property
    def way(self) -> Way:
        """What had to be forgiven."""
        return "exact" if self.grade == 0 else _WAYS[self.grade - 1][1]


class Forms:
    """The words of a set in the order of their keys, so that words of a key, and those that begin with it, are a run.

    Four bytes a word: the keys themselves are made again where they are compared.
    """

    def __init__(self, words: Sequence[str]) -> None:
        self.words = words
        self.order = _sorted_rows(keys(words))  # (V,) rows

    def known(self, typed: str) -> list[tuple[Closeness, int]]:
        """(closeness, row) of every word that `typed` may stand for, the closest first, then by row.

        Of words in other capitals, all small ones come first, then a first capital, then all capitals.
        """
        small = typed.strip().lower()
        capitals = (small, small.capitalize(), small.upper())
        found = []
        for row in self._run(spelt := key(typed), spelt + "\0").tolist():
            word = self.words[row]
            if (forgiven := grade(typed, word)) != _NEVER:
                found.append((Closeness(forgiven, capitals.index(word) if word in capitals else len(capitals)), row))
        return sorted(found)

    def same_but_accents(self, typed: str) -> list[int]:
        """Rows of the words whose keys are that of `typed`."""
        return sorted(self._run(spelt, spelt + "\0")) if (spelt := key(typed)) else []

    def beginning(self, typed: str) -> Iterator[int]:
        """Rows of the words that begin with `typed` in any form, the first rows first; none with accents alone.

        Accents that are typed count.
        """
        spelt, begins = key(typed), accented(typed)
        if not spelt or all(unicodedata.combining(sign) or sign.isspace() for sign in typed):
            return
        rows = np.sort(self._run(spelt, spelt + chr(0x10FFFF)))
        for row in rows.tolist():
            if spelt == begins or accented(self.words[row]).startswith(begins):
                yield row

    def _run(self, first: str, behind: str) -> Int32s:
        """Rows of the words whose keys are at least `first` and before `behind`."""
        words = self.words
        low, high = (bisect_left(self.order, end, key=lambda row: key(words[row])) for end in (first, behind))
        return self.order[low:high]


def _sorted_rows(spelt: Sequence[str]) -> Int32s:
    """(V,) rows in the order of their keys, then their own: sorted by their first bytes, then where these are alike."""
    packed = np.array([one.encode("utf-8", "surrogatepass") for one in spelt], f"S{_PACKED}")  # (V,)
    order = np.argsort(packed, kind="stable").astype(np.int32)
    ordered = packed[order]
    longer = ordered.view(np.uint8).reshape(-1, _PACKED)[:, -1] != 0  # (V,) keys that may go on behind those bytes
    begins = np.unique(ordered[longer])
    lows, highs = (np.searchsorted(ordered, begins, side).tolist() for side in ("left", "right"))
    for low, high in zip(lows, highs, strict=True):
        if high - low > 1:
            order[low:high] = sorted(order[low:high].tolist(), key=lambda row: (spelt[row], row))
    return frozen(order)
