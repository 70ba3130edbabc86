"""Scripts: which characters belong to words, by Unicode's properties, as insides of character classes of `re`.

Python's \\w leaves combining marks out. They are found when the first text needs them: to look at all characters takes
a twentieth of a second.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain
from typing import NamedTuple

HAN = "\u2e80-\u2fd5\u3005\u3007\u3021-\u3029\u3038-\u303b\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
KANA = "\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f"
THAI, LAO, KHMER = "\u0e01-\u0e3a\u0e40-\u0e4e", "\u0e81-\u0ece\u0edc-\u0edf", "\u1780-\u17d3\u17d7\u17dc\u17dd"
MYANMAR = "\u1000-\u103f\u1050-\u108f\u109a-\u109d\ua9e0-\ua9ef\ua9fa-\ua9fe\uaa60-\uaa7f"
SOUTH_EAST = THAI + LAO + KHMER + MYANMAR
UNSPACED = HAN + KANA + SOUTH_EAST  # written without spaces between words

# Latin, Greek and Cyrillic letters, quotes and dashes: no marks, nothing that NFC changes, nothing left out; without
# the letters ʻ and ʼ, which are apostrophes inside words.
PLAIN = (
    "\0-\xac\xae-\u02ba\u02bd-\u02ff\u0370-\u0373\u0375-\u037d\u037f-\u0386\u0388-\u0482\u048a-\u052f"
    "\u2010-\u2029\u202f-\u205e\u20a0-\u20cf\u2190-\u22ff"
)
# Seen by nobody, or left out by most who write: soft hyphens and zero-width spaces, marks of direction, variation
# selectors, the stretched Arabic line, vowel signs of Arabic, points of Hebrew, and what Armenian puts on a vowel of a
# word that asks or calls.
LEFT_OUT = (
    "\xad\u034f\u061c\u180b-\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef"
    "\u055b\u055c\u055e\u0640\u064b-\u0652\u0670\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
)
JOINERS = "\u200c\u200d"  # that Persian and the scripts of India write inside words
# Ends of sentences beside . ! ?, with or without a space after them: what Unicode calls so, and the strokes of Tibetan.
ENDS = (
    "\u0589\u061d-\u061f\u06d4\u0700-\u0702\u07f9\u0837\u0839\u083d\u083e\u0964\u0965\u0f0d\u0f0e\u104a\u104b\u1362"
    "\u1367\u1368\u166e\u1735\u1736\u17d4\u17d5\u1803\u1809\u1944\u1945\u1aa8-\u1aab\u1b4e\u1b4f\u1b5a\u1b5b\u1b5e"
    "\u1b5f\u1b7d-\u1b7f\u1c3b\u1c3c\u1c7e\u1c7f\u203c\u203d\u2047-\u2049\u2cf9-\u2cfb\u2e2e\u2e3c\u2e53\u2e54"
    "\u3002\ua4ff\ua60e\ua60f\ua6f3\ua6f7\ua876\ua877\ua8ce\ua8cf\ua92f\ua9c8\ua9c9\uaa5d-\uaa5f\uaaf0\uaaf1\uabeb"
    "\ufe12\ufe15\ufe16\ufe52\ufe56\ufe57\uff01\uff0e\uff1f\uff61"
)
FAR_ENDS = (  # of scripts beyond the first plane: a class with these in it is a quarter slower
    "\U00010a56\U00010a57\U00010f55-\U00010f59\U00010f86-\U00010f89\U00011047\U00011048\U000110be-\U000110c1"
    "\U00011141-\U00011143\U000111c5\U000111c6\U000111cd\U000111de\U000111df\U00011238\U00011239\U0001123b"
    "\U0001123c\U000112a9\U000113d4\U000113d5\U0001144b\U0001144c\U000115c2\U000115c3\U000115c9-\U000115d7"
    "\U00011641\U00011642\U0001173c-\U0001173e\U00011944\U00011946\U00011a42\U00011a43\U00011a9b\U00011a9c"
    "\U00011c41\U00011c42\U00011ef7\U00011ef8\U00011f43\U00011f44\U00016a6e\U00016a6f\U00016af5\U00016b37\U00016b38"
    "\U00016b44\U00016d6e\U00016d6f\U00016e98\U0001bc9f\U0001da88"
)
_GEORGIAN = range(0x10D0, 0x1100)  # small letters to Unicode, but no sentence or name begins with its large ones


class Classes(NamedTuple):
    """Characters by property; each a class of `re` without its brackets."""

    marks: str  # combining marks of every kind
    capitals: str
    beginnings: str  # letters and digits that can begin a sentence: all but small letters


@cache
def classes() -> Classes:
    """Of the first two planes, in which every script with marks or capitals is; Han and kana by their ranges."""
    marks: list[int] = []
    capitals: list[int] = []
    beginnings: list[int] = []
    for code in chain(range(0x3100), range(0xA000, 0xD7A4), range(0xF900, 0x20000)):
        sign = chr(code)
        if unicodedata.category(sign)[0] == "M":
            marks.append(code)
        elif sign.isalnum() and not (sign.islower() and code not in _GEORGIAN):
            beginnings.append(code)
            if sign.isupper() or code in _GEORGIAN:
                capitals.append(code)
    return Classes(_ranges(marks), _ranges(capitals), _ranges(beginnings) + HAN + KANA)


def _ranges(codes: Iterable[int]) -> str:
    return "".join(chr(a) if a == b else f"{chr(a)}-{chr(b)}" for a, b in _spans(codes))


def _spans(codes: Iterable[int]) -> Iterator[tuple[int, int]]:
    first = last = -1
    for code in codes:
        if code != last + 1:
            if first >= 0:
                yield first, last
            first = code
        last = code
    if first >= 0:
        yield first, last


def is_latin_or_greek(letter: str) -> bool:
    """Whether a letter is of the alphabets whose single letters are mostly initials, list marks and symbols."""
    return (
        letter < "\u0400"
        or "\u1d00" <= letter < "\u2c80"
        or "\ua720" <= letter < "\ua800"
        or "\uff21" <= letter < "\uff5b"
        or "\U0001d400" <= letter < "\U0001d800"  # of formulas
    )
