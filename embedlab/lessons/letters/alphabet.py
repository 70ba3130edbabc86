"""The alphabet of the character model: its symbols, examples of contexts and targets, and how far vowels are apart."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from embedlab.arrays import Array, Doubles, Ids, Int32s, Reals, frozen
from embedlab.checks import within
from embedlab.errors import InvalidSetting, InvalidText
from embedlab.lessons.letters.vowels import Kind, kind

END = "."  # before a name begins, and after it ends
ALPHABET = END + "abcdefghijklmnopqrstuvwxyz"
MOST_SYMBOLS = 100
MAX_CONTEXT = 8


@dataclass(frozen=True)
class Alphabet:
    """V symbols, each one character; the first is `END`. Syllables of Hangul are letters here, three at most.

    Raises InvalidSetting: another beginning, a symbol twice, or more than 100.
    """

    symbols: str = ALPHABET

    def __post_init__(self) -> None:
        within("number of symbols", len(self), 2, MOST_SYMBOLS)
        if self.symbols[0] != END or len(set(self.symbols)) < len(self):
            raise InvalidSetting(f"An alphabet is “{END}” and different letters; “{self.symbols[:40]}” is not.")

    def __len__(self) -> int:
        return len(self.symbols)

    def __contains__(self, symbol: str) -> bool:
        return symbol in self.symbols

    @property
    def letters(self) -> str:
        """All symbols but the end."""
        return self.symbols[1:]

    @property
    def said(self) -> str:
        """What a name is made of, for messages."""
        return "letters from a to z" if self.symbols == ALPHABET else f"the list’s {len(self.letters)} letters"

    @property
    def uniform_loss(self) -> float:
        """ln V, in nats: every symbol equally likely."""
        return float(np.log(len(self)))

    @cached_property
    def kinds(self) -> tuple[Kind, ...]:
        """Of each letter, whether it is a vowel or a consonant; "" where it is neither or not known."""
        return tuple(map(kind, self.letters))

    @cached_property
    def knows_vowels(self) -> bool:
        """Whether most letters are known to be vowels or consonants, and there are some of both."""
        known = sum(1 for each in self.kinds if each)
        enough = self.kinds.count("vowel") > 1 and "consonant" in self.kinds
        return enough and 2 * known >= sum(c.isalpha() for c in self.letters)

    @cached_property
    def runs_left(self) -> bool:
        """Whether it is written from right to left."""
        return runs_left(self.letters)

    def encode(self, text: str) -> Ids:
        """(length,) ids of a text of these symbols. Raises InvalidText: any other sign."""
        order, points = self._points
        asked = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        place = np.minimum(np.searchsorted(points, asked), len(points) - 1)
        if (wrong := points[place] != asked).any():
            sign = shown_sign(text[int(np.argmax(wrong))])
            said = "a letter from a to z" if self.symbols == ALPHABET else f"among {self.said}"
            raise InvalidText(f"“{sign}” is not {said}: leave it out or replace it.")
        ids: Ids = order[place]
        return ids

    @cached_property
    def _points(self) -> tuple[Ids, Array]:
        """(V,) ids by rising code points, and the code points."""
        points = np.array([ord(symbol) for symbol in self.symbols], dtype=np.uint32)
        order = np.argsort(points).astype(np.int64)
        return frozen(order), frozen(points[order])


LECTURE = Alphabet()


def written(name: str) -> str:
    """A name as people write it: letters of Hangul in syllables, marks on their letters."""
    joined = unicodedata.normalize("NFC", name)
    return joined if joined.isascii() else "".join(map(_alone, joined))


def runs_left(text: str) -> bool:
    """Whether a text has letters that are written from right to left."""
    return not text.isascii() and any(unicodedata.bidirectional(c) in ("R", "AL") for c in text)


def in_text(name: str) -> str:
    """A name or a letter inside a sentence whose other signs do not turn to its direction."""
    return f"\u2068{name}\u2069" if runs_left(name) else name


def label(letter: str) -> str:
    """A letter by itself: a mark on a dotted circle, a final consonant of Hangul behind a dash, a space named."""
    if letter == " ":
        return "space"
    if unicodedata.category(letter)[0] == "M":
        return f"\u25cc{letter}"
    return f"-{_alone(letter)}" if "\u11a8" <= letter <= "\u11ff" else _alone(letter)


def shown_sign(sign: str) -> str:
    """A sign inside a message."""
    return label(sign) if sign.isprintable() else "\N{REPLACEMENT CHARACTER}"


def _alone(letter: str) -> str:
    """A letter of Hangul in the form that stands by itself; others as they are."""
    if not "\u1100" <= letter <= "\u11ff":
        return letter
    try:
        return unicodedata.lookup(f"HANGUL LETTER {unicodedata.name(letter).split(' ', 2)[2]}")
    except KeyError:  # letters of former times
        return letter


class Examples(NamedTuple):
    """N places in names: the symbols before, and the one that follows."""

    contexts: Int32s  # (N, C) ids
    targets: Ids  # (N,) ids


class Tally(NamedTuple):
    """What followed each of U different contexts."""

    contexts: Int32s  # (U, C) ids
    counts: Int32s  # (U, V): how often each symbol followed


class VowelSeparation(NamedTuple):
    """How far apart letters are, in the units of their embeddings."""

    vowel_vowel: float  # mean distance between two vowels
    vowel_consonant: float  # mean distance between a vowel and a consonant

    @property
    def ratio(self) -> float:
        """Above 1: vowels have gathered; 1: no order; 0 where all letters have one embedding."""
        return self.vowel_consonant / self.vowel_vowel if self.vowel_vowel > 0 else 0.0


class CentersApart(NamedTuple):
    """Vowels and consonants as two groups, see `apart_on_a_line`."""

    distance: float  # between their centers
    ratio: float  # of distances along that line, as in `VowelSeparation`


def encode(text: str) -> Ids:
    """(length,) ids of a text of a-z and “.”. Raises InvalidText: any other sign."""
    return LECTURE.encode(text)


def examples(names: Sequence[str], context: int, alphabet: Alphabet = LECTURE) -> Examples:
    """Every letter of every name, and every name's end, with the `context` symbols before it.

    Args:
        names: of letters of the alphabet.
        context: C, symbols before, from 1 to 8; those before the name's beginning are “.”.

    Returns:
        As many examples as the names have letters and ends, in order.
    """
    within("context", context, 1, MAX_CONTEXT)
    padding = END * context
    stream = alphabet.encode(padding + padding.join(names) + padding)
    windows = np.lib.stride_tricks.sliding_window_view(stream, context + 1)  # (len(stream) - C, C + 1)
    # A window ends on a letter, or on the first “.” after one; the other “.” are padding of the next name.
    wanted = (windows[:, -1] > 0) | (windows[:, -2] > 0)
    return Examples(windows[wanted, :-1].astype(np.int32), windows[wanted, -1].copy())


def tally(examples: Examples, symbols: int = len(ALPHABET)) -> Tally:
    """Equal contexts together; their order is that of their ids. There are V `symbols`."""
    contexts, targets = examples
    place = contexts @ symbols ** np.arange(contexts.shape[1], dtype=np.int64)  # (N,): one number for each context
    _, first, which = np.unique(place, return_index=True, return_inverse=True)
    counts = np.bincount(which * symbols + targets, minlength=len(first) * symbols)
    return Tally(contexts[first], counts.reshape(-1, symbols).astype(np.int32))


def vowel_separation(embeddings: Reals, alphabet: Alphabet = LECTURE) -> VowelSeparation:
    """Mean distances between vowels, and between vowels and consonants; other symbols take no part.

    Args:
        embeddings: (V, D), rows as in the alphabet, whose vowels are known.
    """
    distances, (vowels, consonants) = _distances(embeddings), _masks(alphabet)
    pairs = distances[np.ix_(vowels, vowels)][np.triu_indices(int(vowels.sum()), 1)]
    return VowelSeparation(float(pairs.mean()), float(distances[np.ix_(vowels, consonants)].mean()))


def apart_on_a_line(embeddings: Reals, alphabet: Alphabet = LECTURE) -> CentersApart:
    """How far the centers of vowels and consonants are apart, and the separation along the line through both alone.

    Every further dimension in which letters differ adds to all distances, and so brings the ratio of
    `vowel_separation` nearer to 1; neither of these two does it touch.
    """
    vowels, consonants = (np.asarray(embeddings[1:][mask], np.float64) for mask in _masks(alphabet))
    between = consonants.mean(axis=0) - vowels.mean(axis=0)  # (D,)
    distance = float(np.linalg.norm(between))
    along = np.asarray(embeddings, np.float64) @ (between / max(distance, np.finfo(float).tiny))  # (V,)
    return CentersApart(distance, vowel_separation(along[:, None], alphabet).ratio)


def nearest_to_vowels(embeddings: Reals, alphabet: Alphabet = LECTURE) -> str:
    """The consonant with the smallest mean distance to the vowels in (V, D) embeddings, rows as in the alphabet."""
    vowels, consonants = _masks(alphabet)
    means = _distances(embeddings)[:, vowels].mean(axis=1)  # (V - 1,)
    return alphabet.letters[int(np.where(consonants, means, np.inf).argmin())]


def _masks(alphabet: Alphabet) -> tuple[Array, Array]:
    """(V - 1,) which letters are vowels, and which are consonants."""
    kinds = np.array(alphabet.kinds)
    return kinds == "vowel", kinds == "consonant"


def _distances(embeddings: Reals) -> Doubles:
    """(V - 1, V - 1) between the letters."""
    letters = embeddings[1:].astype(np.float64)  # (V - 1, D)
    return np.asarray(np.linalg.norm(letters[:, None] - letters[None], axis=-1))
