"""Text into sentences of tokens.

The rules, in order:

1. a line is a paragraph; headings (``= Title =``) and blank lines are left out when asked;
2. characters are put into one form (`embedlab.text.normalization`: NFC), and writing without spaces is cut into words
   (`embedlab.text.segmentation`);
3. a sentence ends at ``.``, ``!`` or ``?`` before a space and a capital letter, a letter without case or a digit, but
   not after an initial ("J. Smith") or a title ("Dr. Smith"); at the ends of other scripts (``。 । ؟``) always;
4. text is lower-cased; a token is a run of letters and their marks, with apostrophes ("don't", "o'clock"), joiners
   (Persian, Hindi), the quotes of Hebrew abbreviations, the dot of Catalan l·l and the colon before Swedish and
   Finnish endings (EU:n) kept inside;
5. English possessive endings are cut ("king's" and "kings'" give "king" and "kings"); what elides in French, Italian,
   Catalan and Portuguese is a token with its apostrophe ("l'eau" gives "l'" and "eau"); in Turkish I is ı;
6. a run with a digit or underscore is left out ("1157", "20th", "formula_3"): as tokens, years and counts crowd the
   neighborhoods of ordinary words;
7. Roman numerals of I, V and X in capitals are left out ("Henry VIII", "Henry VIII's"), for the same reason;
8. single letters of Latin and Greek that are no words of the text's language ("a" and "i" in English, all vowels where
   the language is not known) are left out: initials, list marks and symbols of formulas; those of other scripts stay.

Where digits are kept, as identifiers need it, rules 6 to 8 leave nothing out ("ID83" gives "id83", "3.14" is a token).
Which language it is, `embedlab.text.rules` finds out once a text.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain

from embedlab.text.normalization import lower, normalize
from embedlab.text.rules import ENGLISH, Keep, Rules, rules_of
from embedlab.text.scripts import ENDS, JOINERS, classes, is_latin_or_greek
from embedlab.text.segmentation import separated

_TITLES = "Mr Ms Dr St Mt Jr Sr Lt No vs Mrs Rev Gen Col Sgt Gov Sen Rep Hon Capt Prof"
_NOT_AFTER_TITLE = "".join(rf"(?<!\b{title}\.)" for title in _TITLES.split())
_ASCII_END = re.compile(rf"[.!?](?<!\b[A-Z]\.){_NOT_AFTER_TITLE}[\"')\]]*\s+(?=[\"'(\[]*[A-Z0-9])")
_ROMAN = re.compile(r"[IVX]{2,}")
_ENDING = 5  # letters behind a colon
_HEADING = re.compile(r"^\s*=+ .* =+\s*$")


def tokenize(text: str, *, keep: Keep = "letters", language: str | None = None) -> list[list[str]]:
    """Sentences of a text, each a list of tokens; those without one are left out.

    Args:
        text: paragraphs, one a line, in any language.
        keep: "digits": also numbers, identifiers, Roman numerals and all single letters.
        language: its name in English, such as "French"; found by the text's function words where None. Languages that
            have no rules of their own are read by those of English, but for single letters.

    Raises InvalidSetting: `keep` or `language` is none of those allowed.
    """
    rules = rules_of(text, keep=keep, language=language)
    return [tokens for line in text.splitlines() for tokens in paragraph_sentences(line, rules) if tokens]


def sentence_tokens(sentence: str, rules: Rules = ENGLISH) -> list[str]:
    """All tokens of a text that is one sentence."""
    return list(chain.from_iterable(paragraph_sentences(sentence, rules)))


def read_sentences(lines: Iterable[str], rules: Rules = ENGLISH) -> Iterator[list[str]]:
    """Sentences of a text in paragraphs, each a list of at least two tokens; headings are left out."""
    for line in lines:
        if is_heading(line):
            continue
        for tokens in paragraph_sentences(line, rules):
            if len(tokens) > 1:  # a lone word has no context to learn from
                yield tokens


def is_heading(line: str) -> bool:
    """Whether a line is a heading of a Wikipedia text."""
    return _HEADING.match(line) is not None


def paragraph_sentences(paragraph: str, rules: Rules = ENGLISH) -> Iterator[list[str]]:
    """The tokens of each sentence, by rules 2 to 8 above; none of one that holds only signs."""
    for sentence in split_sentences(separated(normalize(paragraph)), rules):
        yield _tokens(sentence, rules)


def split_sentences(paragraph: str, rules: Rules = ENGLISH) -> list[str]:
    """Sentences of one normalized paragraph, by rule 3 above."""
    end = _ASCII_END if paragraph.isascii() else _sentence_end(rules.language == "Greek")
    return [part for part in end.split(paragraph) if part.strip()]


def _tokens(sentence: str, rules: Rules) -> list[str]:
    tokens = []
    digits, dotless, possessive = rules.digits, rules.dotless, rules.possessive
    for run in _runs(sentence.isascii(), rules.elided, digits, rules.colons).findall(sentence):
        if run[0] in "IVX" and not digits and _ROMAN.fullmatch(run.removesuffix("'s")):
            continue
        plain = run.isascii()
        run = run.lower() if plain and not dotless else lower(run, dotless=dotless)
        if not run.isalpha():
            if possessive:
                run = run.removesuffix("'s")
            if not plain:
                run = run.strip(JOINERS)
            if not digits and not _is_of_letters(run, rules):
                continue
        if len(run) > 1 or digits or _is_word(run, rules):
            tokens.append(run)
    return tokens


def _is_of_letters(run: str, rules: Rules) -> bool:
    """Whether a run has no digit and no underscore, and is not a symbol such as a letter x with a bar."""
    if run.isascii():
        return run.replace("'", "").replace(":", "").isalpha()
    letters = _inside().sub("", run)
    return letters.isalpha() and (len(letters) > 1 or rules.accented or _is_word(letters, rules))


def _is_word(letter: str, rules: Rules) -> bool:
    """Whether a single letter is a token; see rule 8."""
    if letter in rules.singles:
        return True
    if not is_latin_or_greek(letter):
        return True
    return (
        rules.accented
        and not letter.isascii()
        and letter < "\u2000"
        and unicodedata.category(letter) != "Lm"
        and letter not in "ªº"
    )


@cache
def _runs(ascii_only: bool, elided: tuple[str, ...], digits: bool, colons: bool) -> re.Pattern[str]:
    """What can be a token: begins with a letter or digit."""
    signs = r"\w" if ascii_only else rf"[\w{classes().marks}{JOINERS}]"
    inside = "'" if ascii_only else "(?:'|(?<=[א-ת])\"(?=[א-ת])|(?<=[lL])·(?=[lL]))"
    if colons:
        inside = rf"(?:{inside}|(?<=[^\W\d_]):(?=[^\W\d_]{{1,{_ENDING}}}\b))"
    run = rf"\w{signs}*(?:{inside}\w{signs}*)*"
    if digits:
        run = rf"\d+(?:\.\d+)+|{run}"
    if elided:
        run = rf"(?i:{'|'.join(elided)})'|{run}"
    return re.compile(run, re.ASCII if ascii_only else 0)


@cache
def _inside() -> re.Pattern[str]:
    return re.compile(rf"[{classes().marks}{JOINERS}'\"·:]")


@cache
def _sentence_end(greek: bool) -> re.Pattern[str]:
    """Where a sentence ends in any script; the question mark of Greek is a semicolon."""
    capitals, beginnings = classes().capitals, classes().beginnings
    closing, opening = r"[\"'”’)\]»›」』）》】]*", r"[\"'“‘„‚(\[«‹¿¡「『（《【]*"
    full_stop = rf"[.!?{';' * greek}](?<!\b[A-Z{capitals}]\.){_NOT_AFTER_TITLE}"
    return re.compile(rf"{full_stop}{closing}\s+(?={opening}[A-Z0-9{beginnings}])|[{ENDS}]{closing}\s*")
