"""Gold samples: twenty sentences a language, written for these tests and cut into words by hand.

Words stand between spaces, or between strokes where the language writes none, as in `L'|eau`.
"""

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

_FOLDER = Path(__file__).parent
LANGUAGES = tuple(sorted(path.stem for path in _FOLDER.glob("*.txt")))
UNSPACED = ("chinese", "japanese", "thai")
_SIGNS = string.punctuation.replace("'", "") + "“”„‘’«»…–—¿¡。，？！「」、।؟،"


class Sample(NamedTuple):
    """Sentences of a language."""

    texts: tuple[str, ...]  # as they are written
    words: tuple[tuple[str, ...], ...]  # in small letters


def sample(language: str) -> Sample:
    """The sentences of a language, NFC."""
    lines = unicodedata.normalize("NFC", (_FOLDER / f"{language}.txt").read_text("utf-8")).splitlines()
    texts = [line.replace("|", "") for line in lines]
    return Sample(tuple(texts), tuple(tuple(_words(line, language == "turkish")) for line in lines))


def _words(line: str, turkish: bool) -> Iterable[str]:
    line = line.replace("İ", "i").replace("I", "ı" if turkish else "I").lower()
    for part in re.split("[ |，。？！「」、“”]", line):
        if word := part.strip(_SIGNS):
            yield word


def shares(words: Iterable[Iterable[str]], tokens: Iterable[Iterable[str]]) -> tuple[float, float]:
    """Recall and precision: of the words those that are tokens of the same sentence, and of the tokens the words."""
    found = meant = made = 0
    for gold, own in zip(words, tokens, strict=True):
        one, two = Counter(gold), Counter(own)
        found, meant, made = found + (one & two).total(), meant + one.total(), made + two.total()
    return found / meant, found / made
