"""Spelling: from what people type to the words that the vectors hold."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Literal, NamedTuple

from embedlab.arrays import Mask
from embedlab.vectors.forms import Way
from embedlab.vectors.word_vectors import WordVectors

_OTHERS = 4  # words that are named as also meant
_LONGEST_JOINED = 6  # parts of one word between blanks or commas
# What Unicode calls a comma or a semicolon, in all scripts.
SEMICOLONS = ";\u037e\u061b\u1364\u204f\u2e35\ua6f6\ufe14\ufe54\uff1b\U0001da89"
SEPARATORS = SEMICOLONS + (
    ",\u055d\u060c\u07f8\u1363\u1802\u1808\u2e32\u2e34\u2e41\u2e49\u2e4c\u3001\ua4fe\ua60d\ua6f5\ufe10\ufe11\ufe50"
    "\ufe51\uff0c\uff64\U0001144d\U0001145a\U00016e97\U0001da87"
)
BETWEEN = re.compile(rf"[\t{SEPARATORS}]")  # the entries of a line
# Quotes as English, Swedish, French, Japanese and others set them: what opens, and what may close.
_PAIRS = {
    "“": "”“", "„": "“”", "”": "”", "‟": "”", "«": "»«", "»": "«»", "‹": "›‹", "›": "‹›", "＂": "＂", "「": "」",
    "『": "』", "｢": "｣", "﹁": "﹂", "﹃": "﹄", "〝": "〞〟", "《": "》", "〈": "〉",
}  # fmt: skip
_SINGLE = "‘’‚‛'"  # which are apostrophes, too
OPENING = "".join(_PAIRS)
QUOTES = "".join(dict.fromkeys('"' + OPENING + "".join(_PAIRS.values()) + _SINGLE))
QUOTED = "({})".format(  # one group: a word in quotes, and its quotes; a straight one in it is doubled
    "|".join([
        '"(?:[^"]|"")+"',
        *(f"{first}[^{first}{last}]+[{last}]" for first, last in _PAIRS.items()),
        r"[‘‚‛](?:[^‘‚‛’]|’(?=\w))+[’‘](?!\w)",
        *(rf"{sign}(?:[^{sign}\s{SEPARATORS}]|{sign}(?=\w))+{sign}(?!\w)" for sign in "'’"),  # of one word only
    ])
)  # fmt: skip
_TOKEN = re.compile(rf"{QUOTED}(?=[\s{SEPARATORS}]|$)|[^\s{SEPARATORS}]+")
_QUOTED = re.compile(QUOTED)
_SEPARATORS = re.compile(rf"[{SEPARATORS}\r\n]")
_LONGEST_NAME = 3  # words
_SHOWN = 60  # letters of a word inside a sentence


class Match(NamedTuple):
    """A word as it was typed, and the one that the vectors hold for it."""

    typed: str  # without quotes and the blanks around it
    word: str  # as typed where nothing was found
    way: Way | Literal["unknown"]  # what had to be forgiven
    others: tuple[str, ...] = ()  # words that `typed` may stand for just as well


def look_up(vectors: WordVectors, typed: str) -> Match:
    """The word that a text of one word stands for; `way` is "unknown" where the vectors hold none.

    A text that is a word as it stands is that word, whatever is in it. In quotes it is one, too.
    """
    if typed in vectors:
        return Match(typed, typed, "exact")
    word = typed.strip()
    if word in vectors:
        return Match(word, word, "exact")
    quoted = _QUOTED.fullmatch(word)
    if quoted and word[0] not in _SINGLE:
        return look_up(vectors, unquoted(word))
    found = vectors.forms.known(word)
    if not found:
        if quoted:
            return look_up(vectors, unquoted(word))
        return Match(word, word, "unknown")
    (closeness, best), *further = found
    others = [vectors.words[row] for other, row in further if other.way == closeness.way]
    return Match(word, vectors.words[best], closeness.way, tuple(others[:_OTHERS]))


def known_form(vectors: WordVectors, typed: str) -> str:
    """The word of `look_up`: as the vectors hold it, else as typed, without blanks around it."""
    return look_up(vectors, typed).word


def find_matches(vectors: WordVectors, typed: str) -> list[Match]:
    """The words of a text, repeated ones too.

    A text that is one word as it stands is that word. Else words stand between commas and semicolons of any script,
    blanks and line ends; a word in quotes is one word (a straight one in it is doubled), and so are parts that the
    vectors hold together: "1,000", or "New York" where they hold it, or New_York.
    """
    if typed in vectors or typed.strip() in vectors:
        return [look_up(vectors, typed)]
    tokens = list(_TOKEN.finditer(typed))
    found, at = [], 0
    while at < len(tokens):
        match, at = _next(vectors, typed, tokens, at)
        found.append(match)
    if len(found) > 1 and all(match.way == "unknown" for match in found) and _may_be_one(vectors, typed):
        whole = look_up(vectors, typed)  # one word, misspelt
        return [whole] if vectors.suggest(whole.word) else found
    return found


def find_words(vectors: WordVectors, typed: str) -> list[str]:
    """The words of a text in the forms that the vectors hold, repeated ones too; unknown ones as they are."""
    return [match.word for match in find_matches(vectors, typed)]


def two_words(vectors: WordVectors, typed: str) -> list[str] | None:
    """The two words of a text that must have two: "new york" is two words there, whatever else the vectors hold."""
    words = find_words(vectors, typed)
    if len(words) != 2 and len(apart := [look_up(vectors, token[0]).word for token in _TOKEN.finditer(typed)]) == 2:
        words = apart
    return words if len(words) == 2 else None


def split_at(signs: str, typed: str) -> list[str]:
    """The parts of a text between signs, a regular expression without groups, that stand in no quotes."""
    parts, behind = [], 0
    for match in re.finditer(rf"(?<!\w){QUOTED}(?!\w)|({signs})", typed):
        if match[2] is not None:
            parts.append(typed[behind : match.start()])
            behind = match.end()
    return [*parts, typed[behind:]]


def _next(vectors: WordVectors, typed: str, tokens: Sequence[re.Match[str]], at: int) -> tuple[Match, int]:
    """The word that begins with a token, the longest there is, and the token behind it."""
    first = tokens[at]
    if first[1]:
        # Straight quotes are the app's own, in which every word can be asked; others may belong to the word.
        return look_up(vectors, unquoted(first[0]) if first[0][0] == '"' else first[0]), at + 1
    for behind in range(min(at + _LONGEST_JOINED, len(tokens)), at + 1, -1):
        text = typed[first.start() : tokens[behind - 1].end()]
        if "\n" in text or "\r" in text or any(token[1] for token in tokens[at:behind]):
            continue
        if text in vectors:
            return Match(text, text, "exact"), behind
        if (plain := unicodedata.normalize("NFKC", text)) in vectors:  # 1,000 with a wide comma
            return Match(text, plain, "compatible"), behind
        if _may_be_one(vectors, text) and (match := look_up(vectors, text)).way != "unknown":
            return match, behind
    return look_up(vectors, first[0]), at + 1


def _may_be_one(vectors: WordVectors, text: str) -> bool:
    """Whether a text with blanks in it may be one word of these vectors."""
    return not _SEPARATORS.search(text) and vectors.once(_joins)


def _joins(vectors: WordVectors) -> bool:
    """Whether any word is of several parts, which people may type with blanks between."""
    return any("_" in word or " " in word.strip() for word in vectors.words)


def as_typed(vectors: WordVectors, words: Iterable[str]) -> str:
    """A text of which `find_words` makes these words again."""
    words = list(words)
    if len(words) == 1 and words[0] in vectors:
        return words[0]
    plain = ", ".join(words)
    return plain if find_words(vectors, plain) == words else ", ".join(map(quoted, words))


def quoted(word: str) -> str:
    """A word in quotes, as one of a text of several."""
    return '"' + word.replace('"', '""') + '"'


def unquoted(word: str) -> str:
    """What stands in the quotes of `QUOTED`."""
    return word[1:-1].replace('""', '"') if word[0] == '"' else word[1:-1]


def as_one(word: str) -> str:
    """A word as one of a text of several: in quotes if it has signs."""
    return word if word.isalnum() else quoted(word)


def completions(vectors: WordVectors, typed: str, k: int = 6) -> list[str]:
    """Up to k words that begin with `typed` in any form, by their rows: the most frequent first in most files."""
    return [vectors.words[row] for row in islice(vectors.forms.beginning(typed), k)]


def remarks(matches: Sequence[Match], typed: str = "") -> Iterator[str]:
    """Sentences on what was done with a text where that is not plain.

    Args:
        typed: the text of `find_matches`; empty where each match was looked up as one word.
    """
    for match in matches:
        asked, word = _short(match.typed), _short(match.word)
        also = f", and as {', '.join(map(_short, match.others))}" if match.others else ""
        if match.way == "blanks":
            apart = (
                f" With commas between them, {len(parts)} words."
                if typed and len(parts := match.typed.split()) > 1
                else ""
            )
            yield f"“{asked}” is here as one word, {word}{also}.{apart}"
        elif match.way in ("affixes", "compatible") or match.others:
            yield f"“{asked}” is here as {word}{also}."
    split = typed.split()
    names = all(part[:1].isupper() for part in split) and not _SEPARATORS.search(typed)
    if names and 1 < len(split) == len(matches) <= _LONGEST_NAME:
        yield f"“{_short(' '.join(split))}” is no word here: read as {len(split)} words."


def _short(word: str) -> str:
    return word if len(word) <= _SHOWN else f"{word[: _SHOWN - 3]}..."


def known_row(vectors: WordVectors, word: str, allowed: Mask | None = None) -> int | None:
    """Row of a word of a test set, found as a typed one is; None where there is none.

    Args:
        allowed: (V,) which rows may be found. Of several that are as close, the first one in the alphabet is taken
            then, so that two spaces with the same allowed words find the same one.
    """
    if allowed is None:
        return vectors.index.get(known_form(vectors, word))
    if (row := vectors.index.get(word)) is not None and allowed[row]:
        return row
    found = [(closeness, vectors.words[row], row) for closeness, row in vectors.forms.known(word) if allowed[row]]
    return min(found)[-1] if found else None
