"""Tagged text: sentences whose words carry a part-of-speech tag, written as `word/TAG …`, one sentence a line."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from embedlab.arrays import Ids, frozen
from embedlab.errors import InvalidText
from embedlab.text.normalization import normalize
from embedlab.text.segmentation import separated

# The embeddingVis experiment's sentences.
TEN_WORDS = """\
the/DET dog/NN eats/V
the/DET dog/NN eats/V the/DET green/ADJ apple/NN
the/DET woman/NN reads/V a/DET good/ADJ book/NN"""

# Tags that the pages spell out; any other is its own name.
TAG_NAMES = {
    "DET": "determiner", "NN": "noun", "V": "verb", "ADJ": "adjective", "PRON": "pronoun", "ADV": "adverb",
    "ADP": "preposition", "CONJ": "conjunction", "NUM": "number", "X": "other",
}  # fmt: skip
MAX_CHARACTERS = 20_000
MAX_WORDS = 100
MAX_TAGS = 12
MAX_LENGTH = 24  # characters of a word or a tag
_SIGNS = frozenset("'’-.,;:!?()%/")
_JOINERS = "\u200c\u200d"  # that Persian and Hindi write inside words
_INSIDE = "'’-." + _JOINERS  # signs that plain words keep, but not at their ends
_ALLOWED = _SIGNS | {*_JOINERS}  # beside letters, marks and digits


@dataclass(frozen=True, eq=False)
class TaggedText:
    """Sentences as ids. V distinct words with one tag each, T distinct tags, both in first-seen order."""

    words: tuple[str, ...]
    tags: tuple[str, ...]
    tag_of: Ids  # (V,), read-only: each word's tag
    counts: Ids  # (V,), read-only: how often each word occurs
    sentences: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]  # (word ids, tag ids) of each


def read_tagged(text: str) -> TaggedText:
    """Reads `word/TAG` lines; blank lines are skipped.

    Args:
        text: at most 20,000 characters, 100 distinct words and 12 distinct tags.

    Raises InvalidText: names the line and what to write instead.
    """
    _check_length(text)
    tag_of: dict[str, str] = {}
    tag_line: dict[str, int] = {}  # where each word was first seen
    tags: dict[str, int] = {}
    sentences = []
    for number, line in enumerate(text.splitlines(), start=1):
        pairs = [_split(token, number) for token in line.split()]
        for word, tag in pairs:
            if tag_of.setdefault(word, tag) != tag:
                raise InvalidText(
                    f"Line {number}: “{word}” is tagged {tag} here and {tag_of[word]} in line {tag_line[word]}. "
                    "The model tags every word alone, so each word needs one tag: use the same tag, or leave it out."
                )
            tag_line.setdefault(word, number)
            tags.setdefault(tag, len(tags))
            if len(tag_of) > MAX_WORDS:
                raise InvalidText(f"Line {number}: “{word}” is word number {MAX_WORDS + 1}. Use at most {MAX_WORDS}.")
            if len(tags) > MAX_TAGS:
                raise InvalidText(f"Line {number}: {tag} is tag number {MAX_TAGS + 1}. Use at most {MAX_TAGS}.")
        if pairs:
            sentences.append(pairs)
    if not sentences:
        raise InvalidText("There is no sentence. Write one on each line, like: the/DET dog/NN eats/V")
    if len(tags) < 2:
        raise InvalidText(f"All words have the tag {next(iter(tags))}. Use at least two tags, or nothing is to learn.")
    index = {word: i for i, word in enumerate(tag_of)}
    order = np.array([tags[tag] for tag in tag_of.values()])
    counts = np.bincount([index[word] for pairs in sentences for word, _ in pairs])
    ids = tuple((tuple(index[w] for w, _ in pairs), tuple(tags[t] for _, t in pairs)) for pairs in sentences)
    return TaggedText(tuple(index), tuple(tags), frozen(order), frozen(counts), ids)


def _check_length(text: str) -> None:
    if len(text) > MAX_CHARACTERS:
        raise InvalidText(f"The text has {len(text):,} characters; at most {MAX_CHARACTERS:,} are allowed. Shorten it.")


def plain_sentences(text: str) -> list[list[str]]:
    """Words without tags: one sentence a line, words between blanks, punctuation around them left out; writing without
    spaces is cut into words as well.

    Raises InvalidText: no word, or more than 20,000 characters or 100 distinct words.
    """
    _check_length(text)
    lines = [[_bare(word) for word in separated(normalize(line)).split()] for line in text.splitlines()]
    sentences = [words for line in lines if (words := [word for word in line if word])]
    different = dict.fromkeys(word for words in sentences for word in words)
    if long := next((word for word in different if len(word) > MAX_LENGTH), ""):
        raise InvalidText(
            f"“{long[:MAX_LENGTH]}…” is longer than {MAX_LENGTH} characters: put blanks between words, or leave it out."
        )
    if not sentences:
        raise InvalidText("There is no sentence. Write one on each line, like: the dog eats")
    if len(different) > MAX_WORDS:
        raise InvalidText(f"There are {len(different)} different words. Use at most {MAX_WORDS}.")
    return sentences


def _bare(word: str) -> str:
    """A word without the punctuation around it and without signs that tagged text does not allow."""
    return "".join(s for s in word if unicodedata.category(s)[0] in "LMN" or s in _INSIDE).strip(_INSIDE)


def write_tagged(sentences: Sequence[Sequence[str]], tag_of: Mapping[str, str]) -> str:
    """The text that `read_tagged` reads: each word with its tag."""
    return "\n".join(" ".join(f"{word}/{tag_of[word]}" for word in words) for words in sentences)


def _split(token: str, line: int) -> tuple[str, str]:
    word, slash, tag = token.rpartition("/")
    shown = token if len(token) <= 40 else token[:37] + "..."
    if not slash or not word or not tag:
        raise InvalidText(f"Line {line}: “{shown}” has no tag. Write the word, a slash and its tag, like: dog/NN")
    for kind, part in (("word", word), ("tag", tag)):
        if len(part) > MAX_LENGTH:
            raise InvalidText(f"Line {line}: in “{shown}” the {kind} is longer than {MAX_LENGTH} characters.")
        for sign in part:
            if unicodedata.category(sign)[0] not in "LMN" and sign not in _ALLOWED:
                raise InvalidText(
                    f"Line {line}: in “{shown}” the {kind} contains “{sign}”. "
                    f"Use letters, digits and the signs {' '.join(sorted(_SIGNS))} only."
                )
    return unicodedata.normalize("NFC", word), unicodedata.normalize("NFC", tag)
