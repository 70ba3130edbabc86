"""Rules: how a text is cut into tokens, worked out once a text, never a sentence."""

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import Literal, get_args

from embedlab.checks import one_of
from embedlab.text.languages import Language, language_of, languages
from embedlab.text.normalization import normalize

Keep = Literal["letters", "digits"]
KEEPS: tuple[Keep, ...] = get_args(Keep)

_SAMPLE, _SLICES = 200_000, 10  # characters that are looked at, in so many pieces from all over the text
_MANY = 2_000  # words, from which on consonants that stand alone are counted
_OFTEN, _TIMES = 0.0015, 3  # of all words; a consonant that stands alone so often is a word
_VOWELS = "aeiou"  # words in so many languages that one which stands alone is taken for one, except in English
# Neither the end of another word, an initial, a mark of a list, nor a letter in quotes.
_ALONE = re.compile(r"(?<![\w.-])(?<!\w['’])[^\W\d_](?![\w'’”“\"».)-])")


@dataclass(frozen=True)
class Rules:
    """How tokens are made; the defaults are those of English, by which the bundled vectors were made."""

    language: str = "English"  # "" where it is none of `languages`; English rules hold then, but for single letters
    singles: str = "ai"  # Latin and Greek letters that are words by themselves; all of other scripts are
    accented: bool = False  # whether letters with accents are, too
    elided: tuple[str, ...] = ()  # what loses its vowel before an apostrophe and is a token with it: l'eau is l' eau
    possessive: bool = True  # whether 's is cut off
    dotless: bool = False  # whether a capital I is ı in small letters
    colons: bool = False  # whether endings are joined to abbreviations by a colon: EU:n, tv:n
    digits: bool = False  # whether runs with digits, single letters and Roman numerals stay, as identifiers need it


ENGLISH = Rules()


def rules_for(language: Language | None, keep: Keep = "letters") -> Rules:
    """The rules of a language; those of English where it is None, but that all vowels may be words."""
    if language is None:
        return Rules(language="", singles=_VOWELS, accented=True, digits=keep == "digits")
    english = language.name == "English"
    return Rules(
        language.name, language.singles, not english, language.elided, english,
        language.name in ("Turkish", "Azerbaijani"), language.name in ("Swedish", "Finnish"), keep == "digits",
    )  # fmt: skip


def rules_of(text: str, *, keep: Keep = "letters", language: str | None = None) -> Rules:
    """The rules for a text, after a sample of it.

    Args:
        keep: "digits": also runs with digits, such as identifiers.
        language: one of `languages`, in English; found by its function words where None.

    Raises InvalidSetting: a value that is not allowed.
    """
    one_of("what is kept", keep, KEEPS)
    if language is not None:
        language = language.capitalize()
        one_of("language", language, tuple(languages()))
        return rules_for(languages()[language], keep)
    sample = _sample(text)
    rules = rules_for(language_of(sample), keep)
    if rules.language == ENGLISH.language:
        return rules
    # Of many languages nothing is known here, and some are taken for a relative: what stands alone counts as well.
    return replace(rules, singles=rules.singles + _standing_alone(sample, rules.singles))


def _sample(text: str) -> str:
    """All of a short text; pieces from all over a long one, whose beginning may be a licence in English."""
    if len(text) <= _SAMPLE:
        return text
    size = _SAMPLE // _SLICES
    return " ".join(text[at : at + size] for at in range(0, len(text) - size, (len(text) - size) // (_SLICES - 1)))


def _standing_alone(sample: str, known: str) -> str:
    """Small letters that are words beside those known: vowels, and in long texts what is frequent; no "s", which
    English cuts off."""
    words = len(sample.split())
    alone = Counter(letter for letter in _ALONE.findall(normalize(sample)) if letter.islower() and letter not in known)
    least = max(_TIMES, _OFTEN * words)
    return "".join(sorted(s for s, n in alone.items() if s in _VOWELS or (words >= _MANY and n >= least and s != "s")))
