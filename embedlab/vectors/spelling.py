"""Spelling: from what people type to the words that the vectors hold."""

import re

from embedlab.vectors.word_vectors import WordVectors


def known_form(vectors: WordVectors, typed: str) -> str:
    """`typed` without spaces around it, in the capitals that are known: as typed, else paris, Paris or PARIS."""
    word = typed.strip()
    forms = (word, word.lower(), word.capitalize(), word.upper())
    return next((form for form in forms if form in vectors), word)


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
