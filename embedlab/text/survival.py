"""Survival: how many words of a text become tokens, and what kind those are that do not."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from embedlab.text import segmentation
from embedlab.text.normalization import normalize
from embedlab.text.rules import Rules
from embedlab.text.segmentation import INSTALL
from embedlab.text.tokenization import paragraph_sentences

TOO_MANY = 0.2  # of the words; more is said before anything else
_DIGITS, _SINGLE, _ROMAN = "words with digits", "single letters", "Roman numerals"
_WHOLE, _ALONE = "writing without spaces, which needs a segmenter", "headings and words alone in their sentence"
_ENDLESS = "runs without a space that are too long for words"
_ROMAN_SIGNS = frozenset("IVX")
_EXAMPLES, _LONGEST = 4, 24  # shown of a kind, and characters of one
_ALL = 1_000_000  # words that are looked at one and all; of what follows every twentieth line, which counts for twenty
_EVERY = 20
_EDGES = ".,;:!?\"'()[]“”‘’"


@dataclass(frozen=True)
class Kind:
    """Words that were lost for one reason."""

    name: str
    words: int
    examples: tuple[str, ...]  # the most frequent first


@dataclass(frozen=True)
class Survival:
    """What became of the words of a text, as they stand between spaces."""

    words: int  # with a letter or digit
    lost: tuple[Kind, ...]  # the largest first
    digits: bool = False  # whether the rules keep digits already
    note: str = ""  # on writing without spaces, where no segmenter is installed

    @property
    def lost_share(self) -> float:
        """In [0, 1]."""
        return sum(kind.words for kind in self.lost) / max(self.words, 1)

    @property
    def is_poor(self) -> bool:
        """Whether more than a fifth of the words are lost."""
        return self.lost_share > TOO_MANY

    @property
    def said(self) -> str:
        """What is lost, with examples; empty where it is a fifth or less."""
        if not self.is_poor:
            return ""
        kinds = [kind for kind in self.lost if kind.words >= 0.02 * self.words]
        parts = [f"{kind.name} ({', '.join(kind.examples)})" for kind in kinds]
        share = (
            "The text’s only word is"
            if self.words == 1
            else f"{self.lost_share:.0%} of the text’s {self.words:,} words are"
        )
        return f"{share} left out: {'; '.join(parts)}."

    @property
    def loses_digits(self) -> bool:
        """Whether to keep words with digits would help."""
        return self.is_poor and not self.digits and self._has(_DIGITS)

    def notes(self) -> tuple[str, ...]:
        """What is to be said above a result."""
        return tuple(said for said in (self.said, self.note) if said)

    def remedies(self) -> list[str]:
        """What helps on the command line."""
        digits, whole = self.loses_digits, self._has(_WHOLE)
        return ["--keep digits keeps those with digits"] * digits + [f"{INSTALL} cuts words"] * whole

    def _has(self, name: str) -> bool:
        return any(kind.name == name for kind in self.lost)


@dataclass
class Survey:
    """Looks at a text line by line; of a very long one at every twentieth line."""

    rules: Rules
    longest: int | None = None  # letters of a token; longer ones are left out of what is learned from
    _written: Counter[str] = field(default_factory=Counter)  # as it stands between spaces
    _alone: Counter[str] = field(default_factory=Counter)  # words of headings and sentences of one word
    _words: int = 0  # so far
    _lines: int = 0

    def add(self, line: str, sentences: Sequence[list[str]] = ()) -> None:
        """Counts a line.

        Args:
            sentences: of two words and more that were read from it.
        """
        self._lines += 1
        sampled = self._words >= _ALL
        if sampled and self._lines % _EVERY:
            return
        words = line.split()
        self._words += len(words)
        counts = self._written if sentences else self._alone
        counts.update(words * _EVERY if sampled else words)

    def survival(self) -> Survival:
        """What was found."""
        kinds: dict[str, Counter[str]] = {}
        total = 0
        for written, count in (self._written + self._alone).items():
            kind = _why_lost(written, self.rules, self.longest)
            if kind is None:
                continue
            total += count
            if not kind and self._alone[written]:
                kind, count = _ALONE, self._alone[written]
            if kind:
                kinds.setdefault(kind, Counter())[written.strip(_EDGES)] += count
        lost = [
            Kind(name, words.total(), tuple(_shown(word) for word, _ in words.most_common(_EXAMPLES)))
            for name, words in kinds.items()
        ]
        foreign = " ".join(word for word in (*self._written, *self._alone) if not word.isascii())
        return Survival(
            total,
            tuple(sorted(lost, key=lambda kind: -kind.words)),
            self.rules.digits,
            segmentation.note(normalize(foreign)),
        )


def _why_lost(written: str, rules: Rules, longest: int | None) -> str | None:
    """Why a word gives no token; "" where it gives one, None where it is none: only signs."""
    bare = written.strip(_EDGES)
    may_be_long = longest is not None and len(written) > longest
    if len(bare) > 1 and not may_be_long and bare.isascii() and bare.isalpha() and not _ROMAN_SIGNS.issuperset(bare):
        return ""  # most words; the same answer as below
    text = normalize(written)
    if not any(sign.isalnum() for sign in text):
        return None
    tokens = [token for sentence in paragraph_sentences(text, rules) for token in sentence]
    if tokens:
        if all(map(segmentation.is_left_whole, tokens)):
            return _WHOLE
        return _ENDLESS if longest is not None and all(len(token) > longest for token in tokens) else ""
    if any(sign.isnumeric() or sign == "_" for sign in text):
        return _DIGITS
    letters = [sign for sign in text if sign.isalpha()]
    return _ROMAN if len(letters) > 1 and _ROMAN_SIGNS.issuperset(letters) else _SINGLE


def _shown(word: str) -> str:
    return word if len(word) <= _LONGEST else f"{word[: _LONGEST - 1]}…"
