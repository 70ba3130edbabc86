"""Spelling suggestions: words that a misspelt one may have been meant to be."""

import unicodedata

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
LONGEST_SPELLING = 40  # nothing longer is a misspelt word
CLOSE_ENOUGH = 0.75  # difflib's ratio: one wrong letter in eight is 0.88, two are 0.75


def fold(word: str) -> str:
    """Lower case without accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", word.lower()) if not unicodedata.combining(c))


def one_edit_away(word: str) -> set[str]:
    """Every string one deletion, swap, replacement or insertion away."""
    cuts = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    deleted = {a + b[1:] for a, b in cuts if b}
    swapped = {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
    replaced = {a + c + b[1:] for a, b in cuts if b for c in _LETTERS}
    inserted = {a + c + b for a, b in cuts for c in _LETTERS}
    return deleted | swapped | replaced | inserted
