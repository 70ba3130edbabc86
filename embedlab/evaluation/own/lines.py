"""Text files of test sets: their encodings, their lines and the fields in each."""

import csv
import re
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple, TypeAlias

from embedlab.errors import InvalidText
from embedlab.formats.text.encodings import decode
from embedlab.vectors.spelling import SEPARATORS

MOST_BYTES = 64_000_000
_BLANKS = " \t\xa0\x1a"  # the last of them ended files of DOS
_COMMENT = re.compile(r"#|// |sep=.$")  # the second in Google's file; the last tells Excel what parts the fields
_DELIMITERS = tuple(f"\t{SEPARATORS}| ")
_ENDS = re.compile(r"\r\n|\r|\n")  # of lines: Windows, Macs of old, all others


class NamedFile(NamedTuple):
    """The name of a file, for messages and sections, and its bytes."""

    name: str
    data: bytes
    encoding: str | None = None  # where it is not UTF-8 and has no byte-order mark


Given: TypeAlias = Path | str | NamedFile


class Line(NamedTuple):
    """A line of a file that is no comment."""

    number: int  # from 1
    text: str


def opened(given: Given) -> NamedFile:
    """A file with its bytes. Raises InvalidText: it is not there, cannot be read, or is far too large."""
    if isinstance(given, NamedFile):
        name, size = given.name, len(given.data)
    else:
        path = Path(given)
        name = path.name
        if not path.is_file():
            raise InvalidText(f"{path} is not a file: give the path of a test set.")
        size = path.stat().st_size
    if size > MOST_BYTES:
        raise InvalidText(
            f"{name} has {size / 1e6:,.0f} MB, a test set at most {MOST_BYTES / 1e6:.0f}: give a part of it."
        )
    if isinstance(given, NamedFile):
        return given
    try:
        return NamedFile(name, path.read_bytes())
    except OSError as error:
        raise InvalidText(f"{path} cannot be read ({error.strerror}): allow it, or give another file.") from None


def files_in(given: Given | Sequence[Given], endings: Collection[str] = (".txt",)) -> list[NamedFile]:
    """A file, several files, or all files of a folder with one of some endings, in the order of their names.

    Raises InvalidText: as `opened`, or a folder without such a file.
    """
    if isinstance(given, NamedFile):
        return [given]
    if isinstance(given, str | Path):
        folder = Path(given)
        if not folder.is_dir():
            return [opened(given)]
        given = sorted(file for file in folder.rglob("*") if file.suffix in endings and file.is_file())
        if not given:
            raise InvalidText(f"{folder} holds no text file: give a folder of tests, such as that of BATS.")
    return [opened(file) for file in given]


def lines_in(file: NamedFile, encoding: str | None = None) -> list[Line]:
    """The lines of a file that are neither blank nor comments, which begin with "#" or "// "; see `encodings.decode`.

    Blanks at the ends of lines are left out. An encoding that is given goes before the file's own.
    """
    return [line for line in all_lines_in(file, encoding) if line.text]


def all_lines_in(file: NamedFile, encoding: str | None = None) -> list[Line]:
    """The same with blank lines, which part what stands above and below."""
    text = decode(file.data, file.name, encoding or file.encoding)
    found = ((number, line.strip(_BLANKS)) for number, line in enumerate(_ENDS.split(text), 1))
    return [Line(number, line) for number, line in found if not _COMMENT.match(line)]


def fields_of(line: str, delimiter: str) -> list[str]:
    """The fields of a line, without blanks around them and empty ones behind; any blanks are one " "."""
    if delimiter == " ":
        return line.split()
    # Tabs stand between fields as they are; a comma or semicolon may also stand in a quoted one.
    fields: Iterable[str] = (line.strip("|") if delimiter == "|" else line).split(delimiter)
    if delimiter not in "\t|" and len(line) < csv.field_size_limit():
        fields = next(csv.reader([line], delimiter=delimiter))
    found = [field.strip() for field in fields]
    while len(found) > 1 and not found[-1]:  # as spreadsheets fill up their lines
        found.pop()
    return found


def delimiter_of(lines: Sequence[Line], least: int, most: int | None = None) -> str | None:
    """What stands between the fields of most lines: a tab, semicolon, comma, bar or blanks; None where nothing fits.

    Args:
        least, most: how many fields a line has; no upper limit where that is None.
    """
    sample = [line.text for line in lines[:200]]
    for delimiter in _DELIMITERS:
        counts = [len(fields_of(line, delimiter)) for line in sample]
        if sum(least <= count <= (most or count) for count in counts) > 0.8 * len(counts):
            return delimiter
    return None


def refused(file: str, line: Line, expected: str, example: str) -> InvalidText:
    """The error for a line that does not fit."""
    shown = line.text if len(line.text) <= 60 else f"{line.text[:57]}..."
    return InvalidText(
        f"{file}, line {line.number}: expected {expected}, not “{shown}”. Mend or delete it; one that fits: {example}"
    )


def stem(name: str) -> str:
    """The name of a file without its ending, as the name of what is in it."""
    return Path(name).stem or name
