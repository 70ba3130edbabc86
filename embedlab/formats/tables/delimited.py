"""Delimited text: CSV and TSV tables with embeddings, with any separator, quotes, and a heading or none."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from embedlab.errors import VectorFileError
from embedlab.formats.collector import Collector
from embedlab.formats.limits import MB, shown_word, size
from embedlab.formats.packed.source import Source
from embedlab.formats.report import COUNT, NO_NUMBER, NOT_UTF8
from embedlab.formats.tables.delimited_form import HEAD, SEPARATORS, Form, find_form, records_of, split_lines
from embedlab.formats.tables.gathering import Gathering, Words
from embedlab.formats.tables.roles import Columns, Roles, assign_roles, numbered_groups
from embedlab.formats.tables.values import Column, floats, typed, word_of, written_list
from embedlab.formats.text.encodings import decoded, to_utf8
from embedlab.formats.text.layout import CONTROL, HEADER
from embedlab.wording import counted

_QUOTED_ROWS = 5  # without a heading; in fewer, the quotation marks may be the words' own
_MANY = 10  # columns of whole numbers that are vectors of counts, not a list with a count or two


def looks_delimited(head: bytes) -> bool:
    """Whether a text's first bytes are those of a table with vectors.

    False for GloVe, word2vec and fastText text, for lists of words and counts, prose, JSON and web pages.
    """
    if HEADER.match(head) or CONTROL.search(head) or head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        return False
    lines = split_lines(head.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape"))
    if len(lines) > 1 and len(head) >= MB // 16:
        lines.pop()  # cut
    form, columns = find_form(lines, Columns())
    if form is None:
        return False
    numbers = [i for i, column in enumerate(columns) if column.kind == "number"]
    plain = not (form.heading or (form.all_quoted and len(lines) >= _QUOTED_ROWS))
    if form.separator in "\t " and plain and columns[0].kind != "number" and not any(
        column.kind == "list" for column in columns
    ):  # fmt: skip
        return False  # the word, then its numbers: GloVe text
    if form.separator == " " and plain and columns[-1].kind != "text":
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
    source, used = to_utf8(source, encoding)
    head = source.peek(max(HEAD, source.limits.line_bytes + 1))
    lines = split_lines(head.decode("utf-8", "surrogateescape"))
    if len(lines) > 1 and len(head) >= HEAD:
        lines.pop()
    form, found = find_form(lines, columns)
    if form is None:
        raise source.refusal(
            "this is no table: its lines do not have the same number of fields",
            "Separate the fields by commas or tabs, and quote text that holds them.",
        )
    roles = assign_roles(found, columns, source=source, has_words=words is not None, named=form.heading)
    if roles.dimensions == 0:
        raise source.refusal("the vectors are empty", "Choose another column.", asks="columns")
    count = None if words is None else source.lines_ahead()
    count = None if count is None else count - form.skip - form.heading
    rows = Gathering(source, found, roles, words, place="line", count=count)
    if form.skip:
        rows.rows.notes.append(f"{counted(form.skip, 'line')} above the table left out.")
    if form.heading:
        rows.rows.notes.insert(0, "The first line was taken for a heading.")
    if form.decimal == ",":
        rows.rows.notes.append("Commas in numbers were read as decimal commas.")
    ended = _read_rows(source, form, found, roles, rows, drop=drop)
    result = rows.finish(f"{SEPARATORS[form.separator]}{' table' * (form.separator != ' ')}")
    result.encoding = used
    if not ended:
        result.notes.append("The last line has no line end: if that is not how it was made, the file is cut off.")
    return result


def _read_rows(
    source: Source, form: Form, columns: Sequence[Column], roles: Roles, rows: Gathering, *, drop: bool
) -> bool:
    """Takes all records; returns whether the last line ended."""
    lines = SourceLines(source)
    numbers = _number_reader(form, roles)
    records = records_of(lines, form, lambda fields: numbers(fields) is not None)
    for number, fields in islice(records, int(form.heading), None):
        if rows.enough():
            return True
        if len(fields) != form.width:
            found = f"{counted(len(fields), 'field')} where {form.width:,} are expected"
            rows.leave_out(COUNT, number, found)
            continue
        vector = numbers(fields)
        if vector is None or len(vector) != roles.dimensions:
            _leave_out_vector(rows, number, fields, roles, form)
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


def _leave_out_vector(rows: Gathering, number: int, fields: list[str], roles: Roles, form: Form) -> None:
    if roles.lists:
        rows.leave_out_vector(number, fields[roles.vector[0]])
        return
    bad = next(
        (fields[i] for i in roles.vector if not isinstance(typed(fields[i], decimal=form.decimal), int | float)), ""
    )
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


def _number_reader(form: Form, roles: Roles) -> Callable[[list[str]], list[float] | None]:
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


class SourceLines:
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
