"""Spelling suggestions: words that a misspelt one may have been meant to be, by edit distance, and scripts by name."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from embedlab.arrays import Ids, frozen
from embedlab.vectors.forms import Forms, bare, bare_as_typed, key, keys

LONGEST_SPELLING = 40  # nothing longer is a misspelt word
_SHORT, _LONG = 2, 6  # letters from which on a word may have one mistake, and two
_PREFIX = 3  # letters from which on a word may be the beginning of one
_BITS = 64
_AT_ONCE = 100_000  # words
_HARDLY = 1_000  # one word of so many
_ENGLISH = {"the", "of", "and", "in"}  # among the first words of a set of English ones
_FIRST = 100
_JOINTS = re.compile(r"[\s_-]+")  # between the words of a compound
_MOST_PARTS = 6
# In Unicode's names of letters: the first word, or several where it alone would name no script.
_SCRIPT = re.compile(
    "NEW TAI LUE|OLD (?:NORTH|SOUTH) ARABIAN|PAU CIN HAU|NYIAKENG PUACHUE HMONG|(?:TAI|OL|SYLOTI|KAYAH|MEETEI|LINEAR|"
    "OLD|CAUCASIAN|IMPERIAL|MEROITIC|INSCRIPTIONAL|PSALTER|HANIFI|SORA|WARANG|DIVES|ZANABAZAR|MASARAM|GUNJALA|BASSA|PAHAWH|"
    "MENDE|NAG) [A-Z]+|PHAGS-PA|[A-Z]+"
)
_SCRIPTS = {"CJK": "Chinese characters", "HANGUL": "Hangul", "NKO": "N’Ko letters", "CANADIAN": "Canadian syllabics"}


class Letters:
    """Which letters each of V words has, and how many, by which most words are seen to be far from a misspelt one."""

    def __init__(self, words: Sequence[str]) -> None:
        parts = [_letters(keys(words[start : start + _AT_ONCE])) for start in range(0, len(words), _AT_ONCE)]
        self.masks, self.lengths = (frozen(np.concatenate(part)) for part in zip(*parts, strict=True))

    def near(self, words: Sequence[str], spelt: str, most: int) -> list[tuple[int, int]]:
        """(distance, row) of the words whose keys are at most `most` edits away from a key."""
        (mask,), _ = _letters([spelt])
        lacks, has = np.bitwise_count(mask & ~self.masks), np.bitwise_count(self.masks & ~mask)  # (V,)
        similar = np.abs(self.lengths.astype(np.int64) - len(spelt)) <= most
        rows = np.flatnonzero(similar & (lacks <= most) & (has <= most)).tolist()
        distances = edit_distances(spelt, keys([words[row] for row in rows]))
        return [(d, row) for d, row in zip(distances.tolist(), rows, strict=True) if d <= most]


def _letters(spelt: Sequence[str]) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint16]]:
    """(n,) uint64 with a bit for each letter, some letters sharing one, and (n,) numbers of letters, at most 65,535."""
    sizes = np.fromiter(map(len, spelt), np.int64, len(spelt))
    codes = np.frombuffer("".join(spelt).encode("utf-32-le", "surrogatepass"), "<u4")
    bits = np.left_shift(np.uint64(1), np.arange(_BITS, dtype=np.uint64))[codes % _BITS]
    masks = np.bitwise_or.reduceat(bits, np.append(0, np.cumsum(sizes)[:-1])) if len(codes) else sizes.astype(np.uint64)
    return masks, np.minimum(sizes, np.iinfo(np.uint16).max).astype(np.uint16)


def edit_distances(typed: str, words: Sequence[str]) -> Ids:
    """(n,) edits from `typed` to each word: letters left out, put in, replaced, or swapped with the next one.

    The optimal string alignment distance: no part is edited twice. All words are done at once.
    """
    n, widest = len(words), max(map(len, words), default=0)
    if not n:
        return np.zeros(0, np.int64)
    letters = np.zeros((n, widest), np.uint32)  # (n, L)
    if widest:
        padded = "".join(word.ljust(widest, "\0") for word in words).encode("utf-32-le", "surrogatepass")
        letters = np.frombuffer(padded, "<u4").reshape(n, widest)
    codes = [ord(letter) for letter in typed]
    before, row = np.zeros((n, widest + 1), np.int64), np.tile(np.arange(widest + 1), (n, 1))
    for i, code in enumerate(codes):
        after = np.empty_like(row)
        after[:, 0] = i + 1
        for j in range(widest):
            replaced = row[:, j] + (letters[:, j] != code)
            best = np.minimum(np.minimum(row[:, j + 1], after[:, j]) + 1, replaced)
            if i and j:
                swapped = (letters[:, j] == codes[i - 1]) & (letters[:, j - 1] == code)
                best = np.where(swapped, np.minimum(best, before[:, j - 1] + 1), best)
            after[:, j + 1] = best
        before, row = row, after
    return row[np.arange(n), [len(word) for word in words]]


def suggested(forms: Forms, letters: Letters | None, typed: str, k: int) -> list[str]:
    """Up to k words that `typed` may have been meant to be, best first.

    Those written in another form; with other signs around them, or none; with other accents; with one mistake; those
    that begin so; with two mistakes.

    Args:
        letters: of the same words; None leaves mistakes out.
    """
    spelt, words = key(typed), forms.words
    if not typed.strip():
        return []
    found = [row for _, row in forms.known(typed)]
    if (inner := bare_as_typed(typed)) != typed:
        alike = [row for _, row in forms.known(inner)]
        found += sorted(alike, key=lambda row: _without_signs(words[row]) != _without_signs(typed))
    found += forms.same_but_accents(typed)
    near: list[tuple[int, int]] = []
    if letters is not None and (most := mistakes(spelt)):
        near = letters.near(words, spelt, most)
        near.sort(key=lambda one: (one[0], key(words[one[1]])[:1] != spelt[:1], one[1]))
    found += [row for distance, row in near if distance <= 1]
    if len(spelt) >= _PREFIX:
        begun = forms.beginning(typed)
        found += [row for row, _ in zip(begun, range(k + 1), strict=False)]
    found += [row for distance, row in near if distance > 1]
    return [words[row] for row in dict.fromkeys(found) if words[row] != typed][:k]


def _without_signs(word: str) -> str:
    return "".join(filter(str.isalnum, word.casefold()))


def mistakes(spelt: str) -> int:
    """How many a misspelt word of this length may have."""
    return 0 if not _SHORT <= len(spelt) <= LONGEST_SPELLING else 1 if len(spelt) < _LONG else 2


def script(text: str) -> str:
    """The script of a text's first letter, by its name in Unicode; empty where there is no letter.

    Letters of formulas, of half width and the like are those that they stand for.
    """
    letters = sorted(
        (c for c in unicodedata.normalize("NFKC", text) if c.isalpha()),
        key=lambda c: unicodedata.category(c) == "Lm",  # shared by several scripts
    )
    found = _SCRIPT.match(unicodedata.name(letters[0], "")) if letters else None
    return _SCRIPTS.get(found[0], f"{found[0].title()} letters") if found else ""


def scripts(words: Sequence[str]) -> Counter[str]:
    """How many words begin in each script."""
    found: Counter[str] = Counter()
    for first, count in Counter((word if word[:1].isalpha() else bare(word).lstrip())[:1] for word in words).items():
        if name := script(first):
            found[name] += count
    return found


def parts_of(forms: Forms, typed: str) -> list[str]:
    """The words that a text of several is made of, if each is one here: "New York" of new and york; else none."""
    parts = _JOINTS.split(typed.strip())
    found = [forms.known(part) for part in parts] if 1 < len(parts) <= _MOST_PARTS else []
    return list(dict.fromkeys(forms.words[rows[0][1]] for rows in found)) if all(found) else []


def foreign(held: Counter[str], words: Sequence[str], typed: str) -> str:
    """A sentence on a word in a script of which the vectors hold no word, or hardly any; empty where they do."""
    asked = script(typed)
    if not asked or not held or held[asked] * _HARDLY >= held.total():
        return ""
    first = {word.strip().lower() for word in words[:_FIRST]}
    usual = [name for name, count in held.most_common(2) if count * _HARDLY >= held.total()]
    hold = "English words" if first >= _ENGLISH else f"words in {' and '.join(usual)}"
    few = f", and {held[asked]:,} like it" if held[asked] else ""
    return f"It is written in {asked}; these vectors hold {hold}{few}."
