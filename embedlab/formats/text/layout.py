"""Layout of a text file of vectors, found in its first lines: header, dimensions, words or none."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from embedlab.errors import VectorFileError
from embedlab.formats.limits import GIVE_WORDS, refusal, shown_word
from embedlab.wording import counted

NUMBER = re.compile(rb"[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|nan|inf|infinity)", re.IGNORECASE)
HEADER = re.compile(rb"[ \t]*(\d{1,18})[ \t]+(\d{1,18})[ \t]*\r?\n")
BLANKS = b" \t\r"
CONTROL = re.compile(rb"[\0-\x08\x0e-\x1f]")  # characters that no text has
_FRACTION = re.compile(rb"[+-]?(?:\d+\.\d*|\.\d+)(?:e[+-]?\d+)?|[+-]?\d+e[+-]?\d+|-\d+", re.IGNORECASE)
_QUOTED = re.compile(rb'"[^"]*"')
_MARKS = {b",": "commas", b";": "semicolons", b"|": "bars", b":": "colons"}
TABLE = "this is a table with"  # what is said of lines that other marks than blanks divide
_SAMPLE = 200  # lines looked at
_MANY = 0.9  # share of rows that decides against the header
_FEW = 3  # numbers 1 2 3 of which may well be a vector


@dataclass(frozen=True)
class Layout:
    """
    Args:
        dimensions: D, numbers on each line.
        header: (rows, D) as the first line states them, or None.
        skip: lines before the first row: blank ones, the header, a heading.
        words: False for lines of numbers only (the Embedding Projector's vectors.tsv).
        notes: what was decided, for the report.
    """

    dimensions: int
    header: tuple[int, int] | None
    skip: int
    words: bool = True
    notes: tuple[str, ...] = ()


def split_fields(line: bytes) -> list[bytes]:
    """The fields of a line: the pieces between blanks and tabs."""
    return [field for field in line.replace(b"\t", b" ").strip(BLANKS).split(b" ") if field]


def trailing_numbers(fields: list[bytes]) -> int:
    """How many fields at the end are numbers; the first one is the word."""
    count = 0
    for field in reversed(fields[1:]):
        if not NUMBER.fullmatch(field):
            break
        count += 1
    return count


def holds_numbers(word: bytes, *, stated: int = 0) -> bool:
    """Whether a word with spaces is rather a line with too many numbers: it ends in one, or has a fraction inside.

    Args:
        stated: D where a header states it; a word may then hold a few numbers ("iPhone 5", "Windows 3.1").
    """
    parts = split_fields(word)[1:]
    if stated:
        return sum(NUMBER.fullmatch(part) is not None for part in parts) > max(1, (stated - 1) // 2)
    if any(_FRACTION.fullmatch(part) for part in parts):
        return True
    return bool(parts) and NUMBER.fullmatch(parts[-1]) is not None


def fits(line: bytes, dimensions: int) -> bool:
    """Whether a line holds a word and `dimensions` numbers."""
    return trailing_numbers(split_fields(line)) >= dimensions


def find_layout(head: bytes, name: str, *, has_words: bool = True, strict: bool = False) -> Layout:
    """The layout of a text file.

    D is the header's, or else what most of the first lines have; every line is checked against it later.

    Args:
        head: whole lines from the start, the last of them perhaps without its end.
        has_words: False where the words come from elsewhere, so that lines hold numbers only.
        strict: whether a header with another D than the rows have is refused.

    Raises VectorFileError: with what the file looks like instead.
    """
    lines = [(number, fields) for number, line in enumerate(head.split(b"\n"), 1) if (fields := split_fields(line))]
    if not lines:
        raise refusal(name, "the file holds only blank lines", "Choose a file that holds vectors.")
    lines = lines[: _SAMPLE + 1]
    header = _header(lines) if has_words else None
    at = f"line {lines[0][0]:,}"
    if header is not None:
        if 0 in header:
            raise refusal(name, f"the header says {header[0]} rows of {header[1]} numbers", "Mend the header.", at=at)
        if len(lines) == 1:
            raise refusal(
                name, f"header says {header[0]:,}, found 0: no row follows", "Get the file again: it was cut off."
            )
        dimensions, notes = _checked_header(header, lines[1:], name, at, strict=strict)
        return Layout(dimensions, header, lines[0][0], notes=notes)
    if not has_words:
        worded = [NUMBER.fullmatch(fields[0]) is None and trailing_numbers(fields) > 0 for _, fields in lines]
        if sum(worded) > len(lines) / 2:
            raise refusal(
                name, "the file has words of its own", "Load it without a list of words.", at=at, asks="words"
            )
        if not any(NUMBER.fullmatch(field) for _, fields in lines for field in fields):
            raise _no_numbers(lines, name)
        return Layout(_mode(len(fields) for _, fields in lines), None, lines[0][0] - 1, words=False)
    dimensions = _mode(trailing_numbers(fields) for _, fields in lines)
    if dimensions == 0:
        raise _no_numbers(lines, name)
    joined = [b" ".join(fields) for _, fields in lines]
    for mark, what in _MARKS.items():  # beside a heading and a few odd lines
        if 2 * sum(_is_divided(line, mark) for line in joined) > len(lines):
            raise _table(what, name, at)
    if all(_FRACTION.fullmatch(fields[0]) and trailing_numbers(fields) == len(fields) - 1 for _, fields in lines):
        raise refusal(name, "the lines hold numbers and no words", GIVE_WORDS, at=at, asks="words")
    if _is_heading(lines, dimensions):
        said = shown_word(b" ".join(lines[0][1][:5]))
        return Layout(dimensions, None, lines[0][0], notes=(f"Line {lines[0][0]:,}, {said}, is taken for a heading.",))
    return Layout(dimensions, None, lines[0][0] - 1)


def has_columns(head: bytes, layout: Layout) -> bool:
    """Whether tabs part the rows into columns that blanks do not.

    Most rows have several before their numbers, or only tabs tell where words like “iPhone 5” end.
    """
    lines = [line for line in head.split(b"\n")[layout.skip :][:_SAMPLE] if line.strip(BLANKS)]
    if not layout.words or not lines:
        return False
    parted = sum(b"\t" in line.rstrip(BLANKS).rsplit(None, layout.dimensions)[0] for line in lines)
    if parted > len(lines) / 2:
        return True
    words, numbers = zip(*(line.rstrip(BLANKS).partition(b"\t")[::2] for line in lines), strict=True)
    tabs = [row.count(b"\t") for row in numbers]
    usual = _mode(tabs)
    even = usual > 0 and tabs.count(usual) > _MANY * len(tabs)
    return layout.header is None and even and any(map(holds_numbers, words))


def _is_heading(lines: list[tuple[int, list[bytes]]], dimensions: int) -> bool:
    """Whether the first line names columns: as many fields as a row, and no numbers, or 0, 1, 2, … or 1, 2, 3, …"""
    _, (_, *names) = lines[0]
    if len(names) != dimensions or len(lines) < 3:
        return False
    if not any(NUMBER.fullmatch(name) for name in names):
        return True
    counted_up = names in ([b"%d" % (start + i) for i in range(dimensions)] for start in (0, 1))
    return counted_up and dimensions > _FEW


def _header(lines: list[tuple[int, list[bytes]]]) -> tuple[int, int] | None:
    """(rows, D) if the first line is a header: two whole numbers that the other lines do not contradict."""
    first = lines[0][1]
    if len(first) != 2 or not all(re.fullmatch(rb"\d{1,18}", field) for field in first):
        return None
    rows, dimensions = int(first[0]), int(first[1])
    counts = {trailing_numbers(fields) for _, fields in lines[1:]}
    # Without a header it would be the row of a word made of digits, with one number: then all the others have one, too.
    # A single other line proves nothing, as it may be cut off.
    return None if counts == {1} and dimensions != 1 and len(lines) > 2 else (rows, dimensions)


def _checked_header(
    header: tuple[int, int], lines: list[tuple[int, list[bytes]]], name: str, at: str, *, strict: bool
) -> tuple[int, tuple[str, ...]]:
    """D, and a note where the rows have more or fewer numbers than the header says."""
    counts = [trailing_numbers(fields) for _, fields in lines]
    usual = _mode(counts)
    if usual == 0 and max(counts) == 0:
        raise _no_numbers(lines, name, after_header=True)
    # More numbers than stated: words that end in one, unless each has one word before them.
    plain = usual < header[1] or len({fields[0] for _, fields in lines}) > _MANY * len(lines)
    most = len(counts) > 1 and counts.count(usual) > _MANY * len(counts)
    if not strict and 0 < usual != header[1] and most and plain:
        said = f"The header says {counted(header[1], 'number')} a row, and the rows have {usual:,}; those were read."
        return usual, (said,)
    if not strict and usual > header[1] and most and not plain:
        return header[1], ()  # each word ends in a number
    if usual != header[1] and header[1] not in counts and len(counts) > 1:
        raise refusal(
            name,
            f"the header says {counted(header[1], 'number')} a row, and the rows have {usual:,}",
            f"Correct the header to “{header[0]} {usual}” if the rows are right.",
            at=at,
        )
    return header[1], ()


def _mode(counts: Iterable[int]) -> int:
    """The most frequent count, the largest of equally frequent ones: a row that was cut off has fewer."""
    return max(Counter(counts).items(), key=lambda item: (item[1], item[0]))[0]


def _is_divided(line: bytes, mark: bytes) -> bool:
    """Whether a line is a word and numbers with a mark between them: “cat, 0.1, 0.2”, or “"a, b", 0.1, 0.2”."""
    parts = [part.strip() for part in _QUOTED.sub(b'"', line).split(mark)]
    words = [at for at, part in enumerate(parts) if not NUMBER.fullmatch(part)]
    return len(parts) > 1 and (words in ([], [0]) or (len(words) == 1 and parts[words[0]] == b'"'))


def _table(marks: str, name: str, at: str) -> VectorFileError:
    return refusal(name, f"{TABLE} {marks}", f"Replace the {marks} by spaces; leave out a heading.", at=at)


def _no_numbers(lines: list[tuple[int, list[bytes]]], name: str, *, after_header: bool = False) -> VectorFileError:
    """The error for lines that do not end in numbers, with the likeliest cause."""
    number, fields = lines[0]
    text = b" ".join(fields)
    at = f"line {number:,}"
    for mark, what in _MARKS.items():
        parts = [part.strip(b" \"'") for part in text.split(mark)]
        if mark == b"," and len(fields) > 1 and all(re.fullmatch(rb"-?\d+,\d+", field) for field in fields[1:]):
            return refusal(name, "the numbers have decimal commas", "Replace them by points.", at=at)
        if len(parts) > 1 and (sum(bool(NUMBER.fullmatch(part)) for part in parts) > len(parts) // 2 or len(parts) > 3):
            return _table(what, name, at)
    have = "no number follows the word" if len(fields) < 2 else f"{shown_word(fields[-1])} is not a number"
    more = "" if not after_header else " although the header promises rows of them"
    remedy = "Each line needs a word, then its numbers, with spaces between."
    if not after_header and all(len(other) == 1 for _, other in lines):
        return refusal(
            name, f"{have}{more}", f"{remedy} If it is a list of words, give the numbers with it.", at=at, asks="matrix"
        )
    return refusal(name, f"{have}{more}", remedy, at=at)
