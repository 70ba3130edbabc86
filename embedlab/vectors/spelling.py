"""Spelling: from what people type to the words that the vectors hold."""

import heapq
import re
import sys
from bisect import bisect_left

from embedlab.vectors.word_vectors import WordVectors


def known_form(vectors: WordVectors, typed: str) -> str:
    """`typed` without spaces around it, in the form that is known: as typed, else paris, Paris or PARIS.

    Where a language model's tokens are the words, those that begin one have a space before: " paris".
    """
    if typed in vectors:
        return typed
    word = typed.strip()
    forms = (word, word.lower(), word.capitalize(), word.upper())
    return next((form for form in (*forms, *(f" {form}" for form in forms)) if form in vectors), word)


def completions(vectors: WordVectors, typed: str, k: int = 6) -> list[str]:
    """Up to k words that begin with `typed`, in any capitals, by their rows: the most frequent first in most files."""
    begins = typed.strip().lower()
    if not begins:
        return []
    spelt, rows = vectors.once(_alphabetical)
    first, end = bisect_left(spelt, begins), bisect_left(spelt, begins + chr(sys.maxunicode))
    return [vectors.words[row] for row in heapq.nsmallest(k, rows[first:end])]


def _alphabetical(vectors: WordVectors) -> tuple[list[str], list[int]]:
    """All words in lower case, in alphabetical order, and their rows."""
    lower = [word.lower() for word in vectors.words]
    rows = sorted(range(len(lower)), key=lower.__getitem__)
    return [lower[row] for row in rows], rows


def find_words(vectors: WordVectors, typed: str) -> list[str]:
    """The words of a text in their known forms, repeated ones too; unknown ones as they are.

    Parts between commas, semicolons and line ends are taken whole where the vectors hold them ("new york"), else split
    at spaces.
    """
    found: list[str] = []
    for part in re.split(r"[,;\r\n]+", typed):
        whole = known_form(vectors, part)
        found += [whole] if whole in vectors else [known_form(vectors, word) for word in part.split()]
    return found


def known_row(vectors: WordVectors, word: str) -> int | None:
    """Row of a word as written or in lower case, as test sets are read; None where neither is known."""
    return vectors.index.get(word, vectors.index.get(word.lower()))
