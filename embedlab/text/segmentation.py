"""Segmentation: writing without spaces (Chinese, Japanese, Thai, Lao, Khmer, Burmese) cut into words.

ICU's dictionaries do it where icu4py is installed; it is loaded when the first such run is met. Without it Han and kana
are one character a token, and Thai and its kin are left whole.
"""

import re
from functools import cache
from typing import Any

from embedlab.text.normalization import is_plain
from embedlab.text.scripts import HAN, JOINERS, KANA, SOUTH_EAST, UNSPACED, classes

INSTALL = "pip install icu4py"


def separated(text: str) -> str:
    """A normalized text with a space between the words of runs that are written without.

    What stands beside such a run, such as digits and Latin letters, is separated from it, too.
    """
    if is_plain(text):
        return text
    run, character = _patterns()
    breaker = None
    if run.search(text):
        breaker = _word_breaker()

    def words(found: re.Match[str]) -> str:
        letters = found[0]
        cut = character.findall(letters) if breaker is None else breaker(letters, "en")
        return f" {' '.join(cut)} "

    return run.sub(words, text)


def has_unspaced(text: str) -> bool:
    """Whether a text has a run of such writing."""
    return not is_plain(text) and _patterns()[0].search(text) is not None


def is_left_whole(word: str) -> bool:
    """Whether a run stays whole because there is no segmenter: all but Han and kana."""
    return not is_plain(word) and _south_east().search(word) is not None and _word_breaker() is None


def note(text: str) -> str:
    """What reading a text without a segmenter means; empty where there is one, or nothing to segment."""
    if not has_unspaced(text) or _word_breaker() is not None:
        return ""
    if _south_east().search(text):
        return f"Writing without spaces between words was left whole: no segmenter is installed ({INSTALL})."
    return f"Chinese and Japanese were read character by character: no segmenter is installed ({INSTALL} for words)."


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    marks = classes().marks + JOINERS
    return (
        re.compile(rf"(?=\w)[{UNSPACED}][{UNSPACED}{marks}]*"),
        re.compile(rf"[{HAN}{KANA}][{marks}]*|[^{HAN}{KANA}]+"),
    )


@cache
def _south_east() -> re.Pattern[str]:
    return re.compile(f"[{SOUTH_EAST}]")


@cache
def _word_breaker() -> Any:
    """ICU's class, which takes a text and a locale; the dictionaries are the same for all locales. None without it."""
    try:
        from icu4py.breakers import WordBreaker
    except ImportError:
        return None
    return WordBreaker
