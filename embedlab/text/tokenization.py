"""Text into sentences of tokens.

The rules, in order:

1. a line is a paragraph; headings (``= Title =``) and blank lines are left out when asked;
2. a sentence ends at ``.``, ``!`` or ``?`` before a space and a capital letter or digit, but not after an initial
   ("J. Smith") or a title ("Dr. Smith");
3. text is lower-cased; a token is a run of letters, apostrophes inside it kept ("don't", "o'clock");
4. possessive endings are cut ("king's" and "kings'" give "king" and "kings");
5. a run with a digit or underscore is left out ("1157", "20th", "formula_3"): as tokens, years and counts crowd the
   neighborhoods of ordinary words;
6. Roman numerals of I, V and X in capitals are left out ("Henry VIII", "Henry VIII's"), for the same reason;
7. single letters but "a" and "i" are left out: initials, list marks and symbols of formulas.
"""

import re
from collections.abc import Iterable, Iterator

_TITLES = "Mr Ms Dr St Mt Jr Sr Lt No vs Mrs Rev Gen Col Sgt Gov Sen Rep Hon Capt Prof"
_NOT_AFTER = r"(?<!\b[A-Z]\.)" + "".join(rf"(?<!\b{title}\.)" for title in _TITLES.split())
_SENTENCE_END = re.compile(rf"[.!?]{_NOT_AFTER}[\"'”’)\]]*\s+(?=[\"'“‘(\[]*[A-Z0-9])")
_RUN = re.compile(r"\w+(?:'\w+)*")
_ROMAN = re.compile(r"[IVX]{2,}")
_HEADING = re.compile(r"^\s*=+ .* =+\s*$")


def split_sentences(paragraph: str) -> list[str]:
    """Sentences of one paragraph, by rule 2 above."""
    return [part for part in _SENTENCE_END.split(paragraph) if part.strip()]


def tokenize(text: str) -> list[str]:
    """Tokens of one sentence, by rules 3 to 7 above."""
    tokens = []
    for run in _RUN.findall(text.replace("’", "'")):
        if _ROMAN.fullmatch(run.removesuffix("'s")):
            continue
        run = run.lower()
        if not run.isalpha():
            run = run.removesuffix("'s")
            if not run.replace("'", "").isalpha():
                continue
        if len(run) > 1 or run in "ai":
            tokens.append(run)
    return tokens


def read_sentences(lines: Iterable[str]) -> Iterator[list[str]]:
    """Sentences of a text in paragraphs, each a list of at least two tokens; headings are left out."""
    for line in lines:
        if _HEADING.match(line):
            continue
        for sentence in split_sentences(line):
            tokens = tokenize(sentence)
            if len(tokens) > 1:  # a lone word has no context to learn from
                yield tokens
