"""The errors that a page may show: each names the value, what is allowed and what to do next.

EmbedlabError
├── UnknownWord          a word that the vectors do not hold (carries suggestions)
├── InvalidSetting       a number or choice outside its range
│   └── TooFewWords      vectors that hold too few words for a question; nobody's mistake
├── InvalidText          a corpus, sentence list or table that cannot be used
├── VectorFileError      a vector file that cannot be read
│   ├── UnsafeFormat     a format that could run code when opened
│   ├── FileTooLarge     more bytes, rows or dimensions than the limits allow
│   └── SeveralFiles     an archive that holds several vector files (carries their names)
├── DownloadError        a catalogue entry that could not be fetched or verified
│   └── DownloadCanceled by the visitor; nobody's mistake
├── TrainingError        a run that diverged (carries the step, and its best snapshot)
└── NotEnoughMemory      the process-wide memory budget would be exceeded
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Literal

Asks = Literal["", "encoding", "words", "member", "anyway", "columns", "matrix"]  # what a refused file needs


class EmbedlabError(Exception):
    """Base of every error whose message is written for the person at the screen."""

    # Encodings that read bytes which are not UTF-8, the likeliest first, and how a line reads in each.
    offers: Sequence[tuple[str, str]] = ()


class UnknownWord(EmbedlabError, KeyError):
    """One or several words are missing; every one is listed, with near spellings.

    Args:
        words: the missing words, as typed.
        suggestions: for each of them, words that exist, best first; may be empty.
        size: how many words the vectors hold.
        hints: for some of them, a sentence in place of the usual advice.
    """

    def __init__(
        self,
        words: Sequence[str],
        suggestions: Mapping[str, Sequence[str]],
        *,
        size: int,
        hints: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.words = tuple(words)
        self.hints = {word: hint for word, hint in hints.items() if hint}
        self.suggestions = {word: tuple(suggestions.get(word, ())) for word in self.words}
        self.size = size
        super().__init__(self.words)

    def __str__(self) -> str:
        return " ".join(self._line(word) for word in self.words)

    def _line(self, word: str) -> str:
        shown = word if len(word) <= 60 else word[:57] + "..."
        near = self.suggestions[word]
        usual = f"Did you mean {', '.join(near)}?" if near else "Try a more common word, or check the spelling."
        hint = self.hints.get(word, usual)
        return f"“{shown}” is not among the {self.size:,} words. {hint}"


class InvalidSetting(EmbedlabError, ValueError):
    """A setting is outside what is allowed."""


class TooFewWords(InvalidSetting):
    """The vectors hold too few words, or too few of those that a test asks for: said, but no mistake of anybody's."""


class InvalidText(EmbedlabError, ValueError):
    """A text, sentence list or table cannot be used as it is."""


class VectorFileError(EmbedlabError, ValueError):
    """A vector file cannot be read; `asks` names what may help to read the same bytes.

    `cause`, `remedy`, and `at`, the place in the file, are parts of the message.
    """

    asks: Asks = ""
    cause = at = remedy = ""


class UnsafeFormat(VectorFileError):
    """The file's format could run code when opened; it is never opened."""


class FileTooLarge(VectorFileError):
    """The file needs more than the limits allow."""


class SeveralFiles(VectorFileError):
    """A file holds several sets of vectors and none was chosen; `members` names them, `noun` says what they are."""

    asks = "member"
    members: tuple[str, ...] = ()
    noun = "file in the archive"


class DownloadError(EmbedlabError, OSError):
    """A download failed, or what arrived is not what was asked for."""

    def __str__(self) -> str:  # OSError would print a tuple for several arguments
        return " ".join(str(part) for part in self.args)


class DownloadCanceled(DownloadError):
    """The visitor did not want to wait for it."""


class TrainingError(EmbedlabError, ArithmeticError):
    """A run diverged.

    Args:
        step: the update at which it showed, counted from 1; 0: before the first.
        best: the snapshot with the lowest loss from before it did; None where there was none.
    """

    def __init__(self, message: str, *, step: int = 0, best: Any = None) -> None:
        super().__init__(message)
        self.step, self.best = step, best


class NotEnoughMemory(EmbedlabError, MemoryError):
    """Loading this would exceed the memory budget."""


def for_the_screen(error: Exception) -> EmbedlabError:
    """Any error of a computation as a page may show it: itself where it was written for that, else a plain sentence."""
    if isinstance(error, EmbedlabError):
        return error
    if isinstance(error, MemoryError):
        return NotEnoughMemory("There is not enough memory for this: choose smaller settings.")
    return EmbedlabError("Something went wrong in this computation: try other settings.")
