"""Columns of a list of words in text: which holds the words; counts and places beside them are cut off."""

import csv
import re

from embedlab.formats.limits import counted, shown_name, shown_word
from embedlab.formats.packed.source import Source
from embedlab.formats.tables.roles import Columns

WHOLE_LINE = "line"  # as the column of the words
_COUNTED = re.compile(rb"(.*\S)[ ]+[+-]?\d+(?:\.\d+)?[ ]*")  # a word and a count, as in GloVe's vocab.txt
_MOST = 0.9  # share of lines that tells what all of them are
_NUMBER = re.compile(r"\s*[+-]?\d+(?:\.\d+)?\s*")
_NUMBERED = re.compile(rb"(\d+)[ ]+(\S.*)")  # its place and a word


def word_column(
    source: Source, lines: list[bytes], mark: bytes, columns: Columns
) -> tuple[list[bytes], bool | None, list[str]]:
    """The words of lines, whether the first line is a heading, and notes.

    Args:
        mark: what divides the lines' columns, by `divider`; empty where there is one column.

    Raises VectorFileError: a column was chosen that is not there.
    """
    name, chosen = shown_name(source.name), columns.word
    notes: list[str] = []
    if chosen == WHOLE_LINE:
        return lines, columns.heading, notes
    rows = _divided(lines, mark) if mark else []
    names = [field.decode("utf-8", "replace") for field in rows[0]] if rows else []
    if len(names) > 1:
        if chosen is not None and chosen in names:
            place, named = names.index(chosen), True
        elif chosen is None:
            place, named = int(_counts_up([row[0] for row in rows[1:] if len(row) > 1])), False
        elif chosen.isdecimal() and 0 < int(chosen) <= len(names):
            place, named = int(chosen) - 1, False
        else:
            shown = ", ".join(shown_word(n) for n in names[:10])
            raise source.refusal(
                f"there is no column {shown_word(chosen)} (there are {shown})",
                f"Choose one of them, or a number from 1 to {len(names)}.",
                asks="columns",
            )
        notes.append(f"The words are column {place + 1} of {len(names)} of {name}, {shown_word(names[place])}.")
        heading = True if named and columns.heading is None else columns.heading
        return [fields[place] if place < len(fields) else b"" for fields in rows], heading, notes
    numbered = [_NUMBERED.fullmatch(line) for line in lines]
    blank = sum(not line.strip() for line in lines[1:])
    if numbered.count(None) == blank and _counts_up([found[1] for found in numbered if found]):
        notes.append(f"Before each word of {name} stands its place, which was cut off.")
        return [found[2] if found else b"" for found in numbered], columns.heading, notes
    found = [_COUNTED.fullmatch(line) for line in lines[1:]]
    odd = found.count(None) - blank
    if len(found) > blank and odd <= (1 - _MOST) * (len(found) - blank):
        notes.append(
            f"Behind the words of {name} stand numbers; these were taken for counts and cut off"
            + (f", but for {counted(odd, 'line')} without one." if odd else ".")
        )
        first = lines[0].rstrip(b" ").rpartition(b" ")[0].rstrip(b" ") or lines[0]
        cut = [match[1] if match else line for match, line in zip(found, lines[1:], strict=True)]
        return [first, *cut], columns.heading, notes
    return lines, columns.heading, notes


def divider(lines: list[bytes]) -> bytes:
    """The mark between the columns of a list: a tab, or commas before numbers; empty where there is one column."""
    if lines and b"\t" in lines[0]:
        return b"\t"
    sample = [line for line in lines[1:201] if line.strip()]
    fields = [row for row in _divided(sample, b",") if len(row) > 1] if len(sample) > 1 else []
    counts = [row for row in fields if _NUMBER.fullmatch(row[-1].decode("utf-8", "replace"))]
    return b"," if counts and len(counts) >= _MOST * len(sample) and b"," in lines[0] else b""


def _divided(lines: list[bytes], mark: bytes) -> list[list[bytes]]:
    """The fields of each line; quotation marks around one are taken off where commas divide."""
    if mark == b"\t":
        return [line.split(mark) for line in lines]
    texts = (line.decode("utf-8", "surrogateescape") for line in lines)
    rows = [next(csv.reader([text]), [""]) if text else [""] for text in texts]
    return [[field.encode("utf-8", "surrogateescape") for field in row] for row in rows]


def _counts_up(values: list[bytes]) -> bool:
    """Whether these are 0, 1, 2, … or 1, 2, 3, …"""
    numbers = [int(value) if value.strip().isdigit() and len(value) < 10 else -1 for value in values]
    return len(numbers) > 1 and numbers in ([start + i for i in range(len(numbers))] for start in (0, 1))
