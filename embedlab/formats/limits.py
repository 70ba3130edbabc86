"""Limits on a vector file: how much memory and time it may take, and the one form in which a file is refused."""

from dataclasses import dataclass, fields
from functools import partial
from typing import Literal, get_args

from embedlab.checks import one_of, within
from embedlab.errors import Asks, FileTooLarge, VectorFileError

MB = 1 << 20
# Remedies that several refusals give.
KEEP_FEWER = "Read only the first words of it: choose how many (a limit)."
SAME_NUMBER = "Words and rows must be the same number, in the same order."
GIVE_WORDS = "Give the words with it, one a line, in the same order: as a second file, or both in one zip."
UNTRUSTED = "Such a file can fill a machine; unpack it yourself and load the result if you trust it."
FEW_ODD, FEW_ODD_SHARE = 1_000, 100  # at most so many rows, and at most one in so many (one in any file)
_JOINERS = "\u200c\u200d"  # parts of words in Persian and Hindi, and of emoji
_LONGEST_NAME = 80
_MOST_ROWS = 5_000_000
OddRows = Literal["none", "few", "any"]


@dataclass(frozen=True)
class Limits:
    """What one file may take; every field is at least 1. Sizes are in bytes."""

    file_bytes: int = 8 << 30  # the file as it is given, packed or not
    unpacked_bytes: int = 8 << 30  # what comes out of a gz or zip
    ratio: int = 100  # unpacked to packed bytes, once `ratio_free_bytes` came out; vector text packs 2 to 4 times
    ratio_free_bytes: int = 8 * MB  # small files may have any ratio (one-hot tables)
    rows: int = _MOST_ROWS  # the largest published set in use, word2vec's Google News, has 3,000,000
    dimensions: int = 4096
    line_bytes: int = 1 * MB  # of text
    word_bytes: int = 4096  # of one word in UTF-8
    zip_entries: int = 100
    memory_bytes: int = 4 << 30  # of the matrix: rows x dimensions x 4
    keep: int | None = None  # rows, the first ones, that are kept; the others are only read. None: all
    # Rows that do not fit: none may be there, or a few are left out (`FEW_ODD`, `FEW_ODD_SHARE`), or any number is.
    odd_rows: OddRows = "few"

    @property
    def all_rows(self) -> int:
        """Rows that a file may have; more than `rows` where only the first are kept."""
        return self.rows if self.keep is None else max(self.rows, _MOST_ROWS)

    def __post_init__(self) -> None:
        one_of("rule for rows that do not fit", self.odd_rows, get_args(OddRows))
        for field in fields(self):
            if isinstance(value := getattr(self, field.name), int | float):
                within("number of words to keep" if field.name == "keep" else f"limit {field.name}", value, 1)


DEFAULT_LIMITS = Limits()


def shown_name(name: str) -> str:
    """A file name as text for the screen: no folders, no control or direction marks, at most 80 characters."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    base = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in base).strip()
    return (base if len(base) <= _LONGEST_NAME else base[: _LONGEST_NAME - 1] + "…") or "the file"


def shown_word(word: str | bytes) -> str:
    """A word of a file inside a message: quoted, printable, at most 40 characters."""
    text = word.decode("utf-8", "replace") if isinstance(word, bytes) else word
    text = "".join(c if c.isprintable() or c in _JOINERS else "\N{REPLACEMENT CHARACTER}" for c in text[:41])
    return f"“{text if len(text) <= 40 else text[:39] + '…'}”"


def refusal(
    name: str, cause: str, remedy: str, *, at: str = "", kind: type[VectorFileError] = VectorFileError, asks: Asks = ""
) -> VectorFileError:
    """An error that names the file, the place in it, the cause and the remedy; `asks` as in `VectorFileError`."""
    error = kind(f"“{shown_name(name)}”{', ' * bool(at)}{at}: {cause}. {remedy}")
    error.asks, error.cause, error.at, error.remedy = asks or error.asks, cause, at, remedy
    return error


too_large = partial(refusal, kind=FileTooLarge)


def size(n: float) -> str:
    """A number of bytes for the screen: 18 bytes, 1.4 MB."""
    for unit in ("bytes", "kB", "MB"):
        if n < 1000:
            return f"{n:,.0f} {unit}" if unit == "bytes" or n >= 100 else f"{n:.1f} {unit}"
        n /= 1000
    return f"{n:,.1f} GB"
