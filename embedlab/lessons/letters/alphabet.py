"""The alphabet of the character model: 27 symbols, examples of contexts and targets, and how far vowels are apart."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from embedlab.arrays import Doubles, Ids, Int32s, Reals
from embedlab.checks import within
from embedlab.errors import InvalidText

END = "."  # before a name begins, and after it ends
ALPHABET = END + "abcdefghijklmnopqrstuvwxyz"
VOWELS = "aeiou"  # y is left with the consonants, which the map often disputes
UNIFORM_LOSS = float(np.log(len(ALPHABET)))  # nats: every symbol equally likely
MAX_CONTEXT = 8
_IS_VOWEL = np.array([letter in VOWELS for letter in ALPHABET[1:]])
_CODES = np.full(128, -1, dtype=np.int64)
_CODES[[ord(letter) for letter in ALPHABET]] = np.arange(len(ALPHABET))


class Examples(NamedTuple):
    """N places in names: the symbols before, and the one that follows."""

    contexts: Int32s  # (N, C) ids
    targets: Ids  # (N,) ids


class Tally(NamedTuple):
    """What followed each of U different contexts."""

    contexts: Int32s  # (U, C) ids
    counts: Int32s  # (U, 27): how often each symbol followed


class VowelSeparation(NamedTuple):
    """How far apart letters are, in the units of their embeddings."""

    vowel_vowel: float  # mean distance between two vowels
    vowel_consonant: float  # mean distance between a vowel and a consonant

    @property
    def ratio(self) -> float:
        """Above 1: vowels have gathered; 1: no order; 0 where all letters have one embedding."""
        return self.vowel_consonant / self.vowel_vowel if self.vowel_vowel > 0 else 0.0


def encode(text: str) -> Ids:
    """(length,) ids of a text of a-z and “.”. Raises InvalidText: any other sign."""
    points = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)
    ids = np.where(points < len(_CODES), _CODES[np.minimum(points, len(_CODES) - 1)], -1)
    if (ids < 0).any():
        raise InvalidText(f"“{text[int(np.argmin(ids))]}” is not a letter from a to z: leave it out or replace it.")
    return ids


def examples(names: Sequence[str], context: int) -> Examples:
    """Every letter of every name, and every name's end, with the `context` symbols before it.

    Args:
        names: of a-z.
        context: C, symbols before, from 1 to 8; those before the name's beginning are “.”.

    Returns:
        As many examples as the names have letters and ends, in order.
    """
    within("context", context, 1, MAX_CONTEXT)
    padding = END * context
    stream = encode(padding + padding.join(names) + padding)
    windows = np.lib.stride_tricks.sliding_window_view(stream, context + 1)  # (len(stream) - C, C + 1)
    # A window ends on a letter, or on the first “.” after one; the other “.” are padding of the next name.
    wanted = (windows[:, -1] > 0) | (windows[:, -2] > 0)
    return Examples(windows[wanted, :-1].astype(np.int32), windows[wanted, -1].copy())


def tally(examples: Examples) -> Tally:
    """Equal contexts together; their order is that of their ids."""
    symbols, (contexts, targets) = len(ALPHABET), examples
    place = contexts @ symbols ** np.arange(contexts.shape[1], dtype=np.int64)  # (N,): one number for each context
    _, first, which = np.unique(place, return_index=True, return_inverse=True)
    counts = np.bincount(which * symbols + targets, minlength=len(first) * symbols)
    return Tally(contexts[first], counts.reshape(-1, symbols).astype(np.int32))


def vowel_separation(embeddings: Reals) -> VowelSeparation:
    """Mean distances between vowels, and between vowels and consonants; “.” takes no part.

    Args:
        embeddings: (27, D), rows as in `ALPHABET`.
    """
    distances = _distances(embeddings)
    pairs = distances[np.ix_(_IS_VOWEL, _IS_VOWEL)][np.triu_indices(len(VOWELS), 1)]
    return VowelSeparation(float(pairs.mean()), float(distances[np.ix_(_IS_VOWEL, ~_IS_VOWEL)].mean()))


def nearest_to_vowels(embeddings: Reals) -> str:
    """The consonant with the smallest mean distance to the vowels in (27, D) embeddings, rows as in `ALPHABET`."""
    means = _distances(embeddings)[:, _IS_VOWEL].mean(axis=1)  # (26,)
    return ALPHABET[1:][int(np.where(_IS_VOWEL, np.inf, means).argmin())]


def _distances(embeddings: Reals) -> Doubles:
    """(26, 26) between the letters a-z."""
    letters = embeddings[1:].astype(np.float64)  # (26, D)
    return np.asarray(np.linalg.norm(letters[:, None] - letters[None], axis=-1))
