"""Sentences of different lengths into one rectangle of ids, filled up with a padding word."""

import string
import unicodedata
from collections.abc import Sequence

import numpy as np

from embedlab.arrays import Ids
from embedlab.errors import InvalidText
from embedlab.text.normalization import lower, normalize
from embedlab.text.segmentation import separated

PAD = "<pad>"
PAD_ID = 0
MAX_LINES, MAX_LENGTH, MAX_WORDS, MAX_LETTERS = 8, 12, 30, 40  # what can be drawn with every number legible
_KEPT = {"<", ">"}  # around a word: <pad> is one


def read_sentences(text: str) -> list[list[str]]:
    """Lower-cased words of every line that has any; split at spaces, punctuation cut from both ends; writing without
    spaces is cut into words as well.

    Raises InvalidText: no word at all, or more than can be drawn; the message names the line.
    """
    lines = []
    for number, line in enumerate(text.splitlines(), 1):
        words = [word for run in lower(separated(normalize(line))).split() if (word := _bare(run))]
        if len(words) > MAX_LENGTH:
            raise InvalidText(f"Line {number} has {len(words)} words: at most {MAX_LENGTH} can be drawn. Break it up.")
        longest = max(map(len, words), default=0)
        if longest > MAX_LETTERS:
            raise InvalidText(
                f"Line {number} holds a word of {longest:,} characters: at most {MAX_LETTERS} can be drawn. Shorten it."
            )
        if words:
            lines.append(words)
    if not lines:
        raise InvalidText("There is no word to look up: type a sentence, such as: the cat saw the dog")
    if len(lines) > MAX_LINES:
        raise InvalidText(f"{len(lines)} lines are too many to draw: give at most {MAX_LINES}.")
    return lines


def _bare(run: str) -> str:
    """Without the punctuation around it, of any script."""
    signs = {sign for sign in run if sign in string.punctuation or unicodedata.category(sign)[0] == "P"}
    return run.strip("".join(signs - _KEPT)) if signs else run


def table_words(lines: Sequence[Sequence[str]], others: Sequence[str] = ()) -> tuple[str, ...]:
    """The V words of the table: `PAD` first, then every word once, as it first appears; `others` come last.

    Raises InvalidText: more words than rows can be drawn.
    """
    words = tuple(dict.fromkeys([PAD, *(word for line in lines for word in line), *others]))
    if len(words) > MAX_WORDS:
        raise InvalidText(f"{len(words)} different words are too many to draw: at most {MAX_WORDS}, {PAD} included.")
    return words


def pad(lines: Sequence[Sequence[int]]) -> Ids:
    """(B, L) int64 ids: shorter lines are filled up with `PAD_ID` to the length of the longest."""
    ids = np.full((len(lines), max(map(len, lines))), PAD_ID, dtype=np.int64)  # (B, L)
    for row, line in enumerate(lines):
        ids[row, : len(line)] = line
    return ids
