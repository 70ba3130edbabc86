"""Delimited text: CSV and TSV tables with embeddings, with any separator, quotes, and a heading or none.

Lines are split at the separator; Python's csv module reads those with quotes. A quotation mark that closes nowhere, as
in a vocabulary that was written without quoting, is taken for a character.
"""

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from embedlab.errors import VectorFileError
from embedlab.formats.collector import Collector
from embedlab.formats.limits import MB, counted, shown_word, size
from embedlab.formats.packed.source import Source
from embedlab.formats.report import COUNT, NO_NUMBER, NOT_UTF8
from embedlab.formats.tables.gathering import Gathering, Words, rows_ahead
from embedlab.formats.tables.roles import Columns, Roles, assign_roles, numbered_groups, unique_names
from embedlab.formats.tables.values import Column, describe, floats, typed, word_of, written_list
from embedlab.formats.text.encodings import decoded, to_utf8
from embedlab.formats.text.layout import HEADER

_SEPARATORS = {",": "CSV", "\t": "TSV", ";": "CSV (semicolons)", "|": "CSV (bars)", " ": "table with blanks"}
_SAMPLE, _HEAD = 200, MB  # records and bytes looked at
_MOST_JOINED = 1000  # lines of one quoted field
_MOST_COLUMNS = 10_000
_USUAL = 0.9  # share of records that have the usual number of fields
_MANY = 10  # columns of whole numbers that are vectors of counts, not a list with a count or two
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+(e[+-]?\d+)?", re.IGNORECASE | re.ASCII)
_CONTROL = re.compile(rb"[\0-\x08\x0e-\x1f]")
_SEPARATOR_LINE = re.compile(r"sep=(.)", re.IGNORECASE)  # that Excel writes

Record = tuple[int, list[str]]  # number of its first line, fields


@dataclass(frozen=True)
class _Form:
    """How a table is written."""

    separator: str
    width: int  # fields of a record
    decimal: str = "."
    blank_after: bool = False  # blanks follow the separator
    heading: bool = False
    row_names: bool = False  # the heading lacks a name for the first column, as R writes it
    skip: int = 0  # lines before the table


def looks_delimited(head: bytes) -> bool:
    """Whether a text's first bytes are those of a table with vectors.

    False for GloVe, word2vec and fastText text, for lists of words and counts, prose, JSON and web pages.
    """
    if HEADER.match(head) or _CONTROL.search(head) or head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        return False
    lines = _split(head.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape"))
    if len(lines) > 1 and len(head) >= MB // 16:
        lines.pop()  # cut
    form, columns = _find_form(lines, Columns())
    if form is None:
        return False
    numbers = [i for i, column in enumerate(columns) if column.kind == "number"]
    if form.separator in "\t " and not form.heading and columns[0].kind != "number" and not any(
        column.kind == "list" for column in columns
    ):  # fmt: skip
        return False  # the word, then its numbers: GloVe text
    if form.separator == " " and not (form.heading or columns[-1].kind == "text"):
        return False
    if any(column.kind == "list" for column in columns):
        return True
    numbered = form.heading and bool(numbered_groups(columns))
    fractions = sum(not columns[i].whole for i in numbers)
    return len(numbers) > 1 and (fractions > 1 or numbered or len(numbers) >= _MANY)


def read_delimited(source: Source, *, encoding: str | None, columns: Columns, words: Words | None = None) -> Collector:
    """Reads a CSV or TSV table.

    Args:
        encoding: of the file; None: UTF-8, or what its byte-order mark says. "utf-8-drop" drops rows that are not
            UTF-8.
        columns: what the caller chose.
        words: for a table of numbers only.

    Raises:
        SeveralFiles: several columns of vectors, and none was chosen.
        VectorFileError: no table, no such column, no words, or too many rows that do not fit.
    """
    drop = encoding == "utf-8-drop"
    source, used = to_utf8(source, None if drop else encoding)
    head = source.peek(max(_HEAD, source.limits.line_bytes + 1))
    lines = _split(head.decode("utf-8", "surrogateescape"))
    if len(lines) > 1 and len(head) >= _HEAD:
        lines.pop()
    form, found = _find_form(lines, columns)
    if form is None:
        raise source.refusal(
            "this is no table: its lines do not have the same number of fields",
            "Separate the fields by commas or tabs, and quote text that holds them.",
        )
    roles = assign_roles(found, columns, source=source, has_words=words is not None, named=form.heading)
    if roles.dimensions == 0:
        raise source.refusal("the vectors are empty", "Choose another column.", asks="columns")
    count = None if words is None else rows_ahead(source)
    count = None if count is None else count - form.skip - form.heading
    rows = Gathering(source, found, roles, words, place="line", count=count)
    if form.heading:
        rows.rows.notes.insert(0, "The first line was taken for a heading.")
    if form.decimal == ",":
        rows.rows.notes.append("Commas in numbers were read as decimal commas.")
    ended = _read_rows(source, form, found, roles, rows, drop=drop)
    result = rows.finish(f"{_SEPARATORS[form.separator]}{' table' * (form.separator != ' ')}")
    result.encoding = used
    if not ended:
        result.notes.append("The last line has no line end: if that is not how it was made, the file is cut off.")
    return result


def _read_rows(
    source: Source, form: _Form, columns: Sequence[Column], roles: Roles, rows: Gathering, *, drop: bool
) -> bool:
    """Takes all records; returns whether the last line ended."""
    lines = _Lines(source)
    numbers = _number_reader(form, roles)
    records = _records(lines, form, lambda fields: numbers(fields) is not None)
    for number, fields in islice(records, int(form.heading), None):
        if len(fields) != form.width:
            found = f"{counted(len(fields), 'field')} where {form.width:,} are expected"
            rows.leave_out(COUNT, number, found)
            continue
        vector = numbers(fields)
        if vector is None or len(vector) != roles.dimensions:
            _leave_out_vector(rows, number, fields, roles)
            continue
        if broken := next((f for f in fields if not f.isascii() and word_of(f) is None), None):
            _not_utf8(source, rows, number, broken, vector, drop=drop)
            continue
        beside = [
            typed(fields[i], decimal=form.decimal) if columns[i].kind == "number" else fields[i] or None
            for i in roles.beside
        ]
        rows.take(number, "" if roles.word is None else fields[roles.word], vector, beside)
    rows.rows.blank_lines = lines.blank
    return lines.ended


def _leave_out_vector(rows: Gathering, number: int, fields: list[str], roles: Roles) -> None:
    if roles.lists:
        rows.leave_out_vector(number, fields[roles.vector[0]])
        return
    bad = next((fields[i] for i in roles.vector if not isinstance(typed(fields[i]), int | float)), "")
    rows.leave_out(NO_NUMBER, number, f"{shown_word(bad)} is not a number" if bad else "a number is missing")


def _not_utf8(source: Source, rows: Gathering, number: int, field: str, vector: list[float], *, drop: bool) -> None:
    """Counts a row whose word or further column is not UTF-8; the error says which encodings would read it."""
    data = field.encode("utf-8", "surrogateescape")
    if drop:
        rows.take(number, None, vector, [None] * len(rows.names))
        return
    try:
        decoded(data, None, name=source.name, at=f"line {number:,}")
    except VectorFileError as error:
        rows.leave_out(NOT_UTF8, number, error.cause, error)


def _number_reader(form: _Form, roles: Roles) -> Callable[[list[str]], list[float] | None]:
    """A function from a record's fields to its numbers; None where they are not numbers, or there are too few."""
    positions = roles.vector
    first, last = positions[0], positions[-1] + 1
    if roles.lists:
        return lambda fields: written_list(fields[first]) if len(fields) > first else None
    together = positions == tuple(range(first, last))

    def numbers(fields: list[str]) -> list[float] | None:
        if len(fields) < last:
            return None
        return floats(fields[first:last] if together else [fields[i] for i in positions], decimal=form.decimal)

    return numbers


class _Lines:
    """Lines of a table one by one, without their ends; some may be put back."""

    def __init__(self, source: Source) -> None:
        self.source, self.most = source, source.limits.line_bytes
        self.number = self.blank = 0
        self.ended = True
        self._lines = self._read()
        self._back: list[str] = []

    def next(self) -> str | None:
        """The next line; None at the end. Raises FileTooLarge: it is longer than the limits allow."""
        line = self._back.pop() if self._back else next(self._lines, None)
        self.number += line is not None
        return line

    def back(self, lines: Sequence[str]) -> None:
        """Puts lines back, the last ones that were read."""
        self._back.extend(reversed(lines))
        self.number -= len(lines)

    def _read(self) -> Iterator[str]:
        most = self.most
        newline = b"\n" if b"\n" in self.source.peek(most + 1) else b"\r"
        rest: list[bytes] = []  # pieces of a line that has not ended
        length = number = 0
        while data := self.source.read(MB):
            pieces = data.split(newline)
            for piece in pieces[:-1]:
                length += len(piece)
                number += 1
                if length > most:
                    raise self._too_long(number)
                yield _text(b"".join([*rest, piece]) if rest else piece)
                rest, length = [], 0
            if pieces[-1]:
                rest.append(pieces[-1])
                length += len(pieces[-1])
                if length > most:
                    raise self._too_long(number + 1)
        if rest:
            self.ended = False
            yield _text(b"".join(rest))

    def _too_long(self, number: int) -> Exception:
        return self.source.too_large(
            f"the line is longer than {size(self.source.limits.line_bytes)}",
            "One row a line is expected: check that this is a table with vectors.",
            at=f"line {number:,}",
        )


def _text(line: bytes) -> str:
    return line.removesuffix(b"\r").decode("utf-8", "surrogateescape")


def _split(text: str) -> list[str]:
    """Lines of a sample; the last one may be cut."""
    lines = text.split("\n" if "\n" in text else "\r")
    if lines and not lines[-1]:
        lines.pop()
    return [line.removesuffix("\r") for line in lines]


def _records(lines: "_Lines | _Sample", form: _Form, fits: Callable[[list[str]], bool]) -> Iterator[Record]:
    """Records of a table with the number of their first line, after what comes before it.

    Args:
        fits: whether fields are those of a sound row; tells a quotation mark that is a character from one that opens.
    """
    for _ in range(form.skip):
        lines.next()
    while (line := lines.next()) is not None:
        if not line.strip(" \t\r"):
            lines.blank += 1
            continue
        number = lines.number
        yield number, _fields(line, lines, form, fits)


def _fields(line: str, lines: "_Lines | _Sample", form: _Form, fits: Callable[[list[str]], bool]) -> list[str]:
    plain = _plain_fields(line, form)
    if '"' not in line:
        return plain
    if line.count('"') % 2 == 0:
        fields = _quoted_fields(line, form)
        if fields is not None and (len(fields) == form.width or len(plain) != form.width):
            return fields
        return plain
    if len(plain) == form.width and fits(plain):
        return plain  # the mark is a character
    joined: list[str] = []
    length, quotes = len(line), line.count('"')
    while quotes % 2 and len(joined) < _MOST_JOINED and length <= lines.most and (more := lines.next()) is not None:
        joined.append(more)
        length += len(more)
        quotes += more.count('"')
    if quotes % 2 == 0:
        fields = _quoted_fields("\n".join([line, *joined]), form)
        if fields is not None and len(fields) == form.width:
            return fields
    lines.back(joined)
    return plain


def _plain_fields(line: str, form: _Form) -> list[str]:
    if form.separator == " ":
        return line.split()
    fields = line.split(form.separator)
    return [field.lstrip(" ") for field in fields] if form.blank_after else fields


def _quoted_fields(text: str, form: _Form) -> list[str] | None:
    """Fields of one record in which quotation marks are paired; None where they are no quotes."""
    try:
        (fields,) = csv.reader(
            [part + "\n" for part in text.split("\n")],
            delimiter=form.separator, skipinitialspace=form.blank_after or form.separator == " ", strict=True,
        )  # fmt: skip
    except (csv.Error, ValueError):
        return None
    return [field for field in fields if field] if form.separator == " " else fields


class _Sample:
    """Lines of a sample, as `_Lines` gives them."""

    most = MB

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self.number = self.blank = 0

    def next(self) -> str | None:
        self.number += 1
        return self.lines[self.number - 1] if self.number <= len(self.lines) else None

    def back(self, lines: Sequence[str]) -> None:
        self.number -= len(lines)


def _find_form(lines: list[str], chosen: Columns) -> tuple[_Form | None, list[Column]]:
    """How a table is written and what its columns hold, by its first lines; None where it is no table."""
    lines = list(islice((line for line in lines if line.strip()), 5 * _SAMPLE))
    skip = 0
    separators = list(_SEPARATORS)
    if lines and (told := _SEPARATOR_LINE.fullmatch(lines[0])) and told[1] in _SEPARATORS:
        skip, separators = 1, [told[1]]
    best: tuple[tuple[bool, int, int], _Form, list[Column]] | None = None
    for separator in separators:
        records, form = _sampled(lines, _Form(separator, 0, skip=skip))
        if not 2 <= form.width <= _MOST_COLUMNS or not records:
            continue
        form, columns = _with_columns(records, form, chosen)
        if columns is None:
            continue
        numbers = sum(c.kind == "number" for c in columns) + sum(c.length for c in columns)
        if separator == " " and not numbers:
            continue
        score = numbers > 1, numbers, form.width
        if best is None or score > best[0]:
            best = score, form, columns
    return (best[1], best[2]) if best else (None, [])


def _sampled(lines: list[str], form: _Form) -> tuple[list[Record], _Form]:
    """The sample's records and the form with the usual number of fields; none where fields are too unequal."""
    simple = [line for line in lines[form.skip :] if '"' not in line and line.strip()][:_SAMPLE]
    seps = [line for line in simple if form.separator in line]
    spaced = bool(seps) and all(
        line.count(form.separator + " ") == line.count(form.separator) for line in seps
    )  # fmt: skip
    form = replace(form, blank_after=spaced and form.separator not in "\t ")
    counts, quoted = _widths(lines[form.skip :], simple, form)
    if not counts:
        return [], form
    if max(counts) > _MOST_COLUMNS:
        return [], form
    form = replace(form, width=max(counts, key=lambda n: (counts[n], n)))
    records = list(islice(_records(_Sample(lines), form, lambda _: not quoted), _SAMPLE))
    usual = sum(len(fields) == form.width for _, fields in records[1:])
    if usual < _USUAL * (len(records) - 1) - 1 or (usual == 0 and len(records) > 1):
        return [], form
    return records, form


def _widths(lines: list[str], simple: list[str], form: _Form) -> "tuple[Counter[int], bool]":
    """How many records have how many fields: with quotes where that makes them equal (True), or else of lines."""
    quoted: Counter[int] = Counter()
    if form.separator != " " and len(simple) < len(lines):
        try:
            records = csv.reader([line + "\n" for line in lines], delimiter=form.separator)
            quoted = Counter(len(fields) for fields in records if fields)
        except csv.Error:
            quoted = Counter()
    counts = Counter(len(_plain_fields(line, form)) for line in simple[1:] or simple)
    if not counts or (quoted and max(quoted.values()) >= _USUAL * quoted.total()):
        return quoted, True
    return counts, False


def _with_columns(records: list[Record], form: _Form, chosen: Columns) -> tuple[_Form, list[Column] | None]:
    """The form with what is known of heading and decimal commas, and the columns."""
    first = records[0][1]
    rest = [fields for _, fields in records[1:] if len(fields) == form.width]
    if form.separator not in ", ":
        texts = [field for fields in rest or [first] for field in fields if "," in field or "." in field]
        commas = sum(_DECIMAL_COMMA.fullmatch(text) is not None for text in texts)
        form = replace(form, decimal="," if texts and commas > len(texts) / 2 else ".")
    row_names = len(first) == form.width - 1 and bool(rest)
    body = _described([str(i) for i in range(1, form.width + 1)], rest, form)
    heading = chosen.heading
    if heading is None:
        heading = row_names or (len(first) == form.width and bool(rest) and _is_heading(first, body, form))
    if heading and (row_names or len(first) == form.width):
        names = unique_names([name.strip() for name in (["", *first] if row_names else first)])
        form = replace(form, heading=True, row_names=row_names)
        return form, _described(names, rest, form)
    return replace(form, heading=heading), _described(
        [str(i) for i in range(1, form.width + 1)], [f for _, f in records if len(f) == form.width], form
    )


def _described(names: list[str], rows: list[list[str]], form: _Form) -> list[Column]:
    return [describe(name, [typed(fields[i], decimal=form.decimal) for fields in rows]) for i, name in enumerate(names)]


def _is_heading(first: list[str], body: list[Column], form: _Form) -> bool:
    """Whether the first record names the columns whose other records hold numbers or lists."""
    values = [typed(field, decimal=form.decimal) for field in first]
    if any(c.kind == "list" for c in body):
        return all(describe("", [v]).kind != "list" for v, c in zip(values, body, strict=True) if c.kind == "list")
    numeric = [(v, c) for v, c in zip(values, body, strict=True) if c.kind == "number"]
    if not numeric:
        return False
    texts = sum(isinstance(value, str) for value, _ in numeric)
    if 2 * texts >= len(numeric):
        return True
    # Whole numbers in a row above fractions: pandas' own names of columns.
    names = [value for value, column in numeric if not column.whole]
    return (
        len(names) > 1
        and all(isinstance(name, int) for name in names)
        and names == list(range(int(names[0] or 0), int(names[0] or 0) + len(names)))
    )
