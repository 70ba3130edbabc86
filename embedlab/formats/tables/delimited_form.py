"""How a delimited table is written, found by its first lines: separator, quotes, heading, decimal commas, columns.

Lines are split at the separator; Python's csv module reads those with quotes. A quotation mark that closes nowhere, as
in a vocabulary that was written without quoting, is taken for a character.
"""

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice, takewhile
from typing import Protocol

from embedlab.formats.limits import MB
from embedlab.formats.tables.roles import Columns, unique_names
from embedlab.formats.tables.values import Column, describe, typed

SEPARATORS = {",": "CSV", "\t": "TSV", ";": "CSV (semicolons)", "|": "CSV (bars)", " ": "table with blanks"}
_SAMPLE, HEAD = 200, MB  # records and bytes looked at
_MOST_JOINED = 1000  # lines of one quoted field
_MOST_COLUMNS = 10_000
_USUAL = 0.9  # share of records that have the usual number of fields
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+(e[+-]?\d+)?", re.IGNORECASE | re.ASCII)
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+", re.ASCII)
_ESCAPED = re.compile(r'\\(["\\])')
_SEPARATOR_LINE = re.compile(r"sep=(.)", re.IGNORECASE)  # that Excel writes

Record = tuple[int, list[str]]  # number of its first line, fields


@dataclass(frozen=True)
class Form:
    """How a table is written."""

    separator: str
    width: int  # fields of a record
    decimal: str = "."
    blank_after: bool = False  # blanks follow the separator
    heading: bool = False
    row_names: bool = False  # the heading lacks a name for the first column, as R writes it
    all_quoted: bool = False  # every line begins or ends with a quotation mark
    backslashes: bool = False  # a quotation mark inside quotes is written \", as R and MySQL do, not ""
    skip: int = 0  # lines before the table


class Lines(Protocol):
    """Lines one by one, of which some may be put back."""

    number: int  # of the last line
    blank: int  # lines that were blank
    most: int  # bytes of a line

    def next(self) -> str | None: ...

    def back(self, lines: Sequence[str]) -> None: ...


def split_lines(text: str) -> list[str]:
    """Lines of a sample; the last one may be cut."""
    lines = text.split("\n" if "\n" in text else "\r")
    if lines and not lines[-1]:
        lines.pop()
    return [line.removesuffix("\r") for line in lines]


def records_of(lines: Lines, form: Form, fits: Callable[[list[str]], bool]) -> Iterator[Record]:
    """Records of a table with the number of their first line, after what comes before it.

    Args:
        fits: whether fields are those of a sound row; tells a quotation mark that is a character from one that opens.
    """
    skipped = 0
    while skipped < form.skip and (line := lines.next()) is not None:
        skipped += bool(line.strip(" \t\r"))
    while (line := lines.next()) is not None:
        if not line.strip(" \t\r"):
            lines.blank += 1
            continue
        number = lines.number
        yield number, _fields(line, lines, form, fits)


def _fields(line: str, lines: Lines, form: Form, fits: Callable[[list[str]], bool]) -> list[str]:
    plain = _plain_fields(line, form)
    if '"' not in line:
        return plain
    doubled = _doubled(line, form)
    quotes = doubled.count('"')
    if quotes % 2 == 0:
        fields = _quoted_fields(line, form)
        if fields is not None and (len(fields) == form.width or len(plain) != form.width):
            return fields
        return plain
    if len(plain) == form.width and fits(_plain_fields(doubled, form)):
        return plain  # the mark is a character
    joined: list[str] = []
    length = len(line)
    while quotes % 2 and len(joined) < _MOST_JOINED and length <= lines.most and (more := lines.next()) is not None:
        joined.append(more)
        length += len(more)
        quotes += _doubled(more, form).count('"')
    if quotes % 2 == 0:
        fields = _quoted_fields("\n".join([line, *joined]), form)
        if fields is not None and len(fields) == form.width:
            return fields
    lines.back(joined)
    return plain


def _plain_fields(line: str, form: Form) -> list[str]:
    if form.separator == " ":
        return line.split()
    fields = line.split(form.separator)
    return [field.lstrip(" ") for field in fields] if form.blank_after else fields


def _doubled(line: str, form: Form) -> str:
    """The line with "" for each quotation mark inside quotes."""
    if not form.backslashes:
        return line
    return _ESCAPED.sub(lambda found: '""' if found[1] == '"' else "\\", line)


def _quoted_fields(text: str, form: Form) -> list[str] | None:
    """Fields of one record in which quotation marks are paired; None where they are no quotes."""
    try:
        (fields,) = _quoted_records(text.split("\n"), form, strict=True)
    except (csv.Error, ValueError):
        return None
    return fields


def _quoted_records(lines: Iterable[str], form: Form, *, strict: bool = False) -> Iterator[list[str]]:
    blanks = form.separator == " "
    if blanks:
        lines = (line.rstrip(" ") for line in lines)
    yield from csv.reader(
        (_doubled(line, form) + "\n" for line in lines),
        delimiter=form.separator, skipinitialspace=form.blank_after or blanks, strict=strict,
    )  # fmt: skip


class GivenLines:
    """Lines that are in memory, as `Lines`."""

    most = MB

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self.number = self.blank = 0

    def next(self) -> str | None:
        self.number += 1
        return self.lines[self.number - 1] if self.number <= len(self.lines) else None

    def back(self, lines: Sequence[str]) -> None:
        self.number -= len(lines)


def find_form(
    lines: list[str], chosen: Columns, *, separators: Iterable[str] = tuple(SEPARATORS)
) -> tuple[Form | None, list[Column]]:
    """How a table is written and what its columns hold, by its first lines; None where it is no table.

    Args:
        separators: those that may divide it.
    """
    best: tuple[tuple[bool, int, int], Form, list[Column]] | None = None
    tabs = False
    for form, records in possible_forms(lines, separators):
        if form.separator == " " and tabs:
            continue  # the blanks are inside fields, as in “iPhone 5”
        form, columns = _with_columns(records, form, chosen)
        if columns is None:
            continue
        numbers = sum(c.kind == "number" for c in columns) + sum(c.length for c in columns)
        if form.separator == " " and not numbers:
            continue
        tabs |= form.separator == "\t" and numbers > 1
        score = numbers > 1, numbers, form.width
        if best is None or score > best[0]:
            best = score, form, columns
    return (best[1], best[2]) if best else (None, [])


def possible_forms(
    lines: Sequence[str], separators: Iterable[str], *, usual: float = _USUAL, remarks: bool = True
) -> Iterator[tuple[Form, list[Record]]]:
    """The ways to divide lines into records that mostly have as many fields, each with its first records.

    Args:
        lines: the first ones.
        usual: share of the records that have the usual number of fields.
        remarks: whether lines at the start that begin with # may be remarks; a text may begin with a hashtag.
    """
    lines = list(islice((line for line in lines if line.strip()), 5 * _SAMPLE))
    skip = 0
    if lines and (told := _SEPARATOR_LINE.fullmatch(lines[0])) and told[1] in SEPARATORS:
        skip, separators = 1, told[1]
    skip += _comments(lines[skip:]) if remarks else 0
    for separator in separators:
        records, form = _sampled(lines, Form(separator, 0, skip=skip), usual)
        if 2 <= form.width <= _MOST_COLUMNS and records:
            yield form, records


def _comments(lines: Sequence[str]) -> int:
    """How many lines at the start are remarks: they begin with # and are not divided as the first other line is."""
    first = next((line for line in lines if not line.startswith("#")), "")
    count = {mark: first.count(mark) for mark in SEPARATORS if mark in first}

    def is_remark(line: str) -> bool:
        return line.startswith("#") and any(line.count(mark) != count[mark] for mark in count)

    return len(list(takewhile(is_remark, lines)))


def _sampled(lines: list[str], form: Form, share: float) -> tuple[list[Record], Form]:
    """The sample's records and the form with the usual number of fields; none where fields are too unequal."""
    simple = [line for line in lines[form.skip :] if '"' not in line and line.strip()][:_SAMPLE]
    seps = [line for line in simple if form.separator in line]
    spaced = bool(seps) and all(
        line.count(form.separator + " ") == line.count(form.separator) for line in seps
    )  # fmt: skip
    if not simple:
        spaced = any(f'{form.separator} "' in line for line in lines[form.skip :][:_SAMPLE])
    all_quoted = not simple and all(line.startswith('"') or line.rstrip().endswith('"') for line in lines[form.skip :])
    form = replace(form, blank_after=spaced and form.separator not in "\t ", all_quoted=all_quoted)
    found = _divided(lines, simple, form, share)
    if not any('\\"' in line for line in lines):
        return found
    forms = [found, _divided(lines, simple, replace(form, backslashes=True), share)]
    return max(forms, key=lambda each: _soundness(each[0], each[1], lines[form.skip :]))


def _divided(lines: list[str], simple: list[str], form: Form, share: float) -> tuple[list[Record], Form]:
    """`_sampled` for a form that lacks its width."""
    counts, quoted = _widths(lines[form.skip :], simple, form)
    if not counts or max(counts) > _MOST_COLUMNS:
        return [], form
    form = replace(form, width=max(counts, key=lambda n: (counts[n], n)))
    records = list(islice(records_of(GivenLines(lines), form, lambda _: not quoted), _SAMPLE))
    usual = sum(len(fields) == form.width for _, fields in records[1:])
    if usual < share * (len(records) - 1) - 1 or (usual == 0 and len(records) > 1):
        return [], form
    return records, form


def _soundness(records: Sequence[Record], form: Form, lines: Sequence[str]) -> tuple[float, int, int]:
    """Share of records of the usual width, then records before a stray mark, then lines without: is \\" one or two?"""
    usual = sum(len(fields) == form.width for _, fields in records)
    whole = 0
    with suppress(csv.Error):
        for _ in islice(_quoted_records(lines, form, strict=True), _SAMPLE):
            whole += 1
    single = sum(_quoted_fields(line, form) is not None for line in lines[:_SAMPLE] if '\\"' in line)
    return usual / max(len(records), 1), whole, single


def _widths(lines: list[str], simple: list[str], form: Form) -> "tuple[Counter[int], bool]":
    """How many records have how many fields: with quotes where that makes them equal (True), or else of lines."""
    quoted: Counter[int] = Counter()
    if len(simple) < len(lines) if form.separator != " " else form.all_quoted:
        try:
            quoted = Counter(len(fields) for fields in _quoted_records(lines, form) if fields)
        except csv.Error:
            quoted = Counter()
    counts = Counter(len(_plain_fields(line, form)) for line in simple[1:] or simple)
    if not counts or (quoted and max(quoted.values()) >= _USUAL * quoted.total()):
        return quoted, True
    return counts, False


def _with_columns(records: list[Record], form: Form, chosen: Columns) -> tuple[Form, list[Column] | None]:
    """The form with what is known of heading and decimal commas, and the columns."""
    first = records[0][1]
    rest = [fields for _, fields in records[1:] if len(fields) == form.width]
    if form.separator != " ":
        texts = [field for fields in rest or [first] for field in fields if "," in field or "." in field]
        commas = sum(_DECIMAL_COMMA.fullmatch(text) is not None for text in texts)
        mostly = bool(texts) and commas > len(texts) / 2
        # Between commas, numbers are quoted, and 1,200 may be a thousand.
        sure = form.separator != "," or not all(_THOUSANDS.fullmatch(text) for text in texts if "," in text)
        form = replace(form, decimal="," if mostly and sure else ".")
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


def _described(names: list[str], rows: list[list[str]], form: Form) -> list[Column]:
    return [describe(name, [typed(fields[i], decimal=form.decimal) for fields in rows]) for i, name in enumerate(names)]


def _is_heading(first: list[str], body: list[Column], form: Form) -> bool:
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
    if texts > 1 and all(isinstance(value, str | int) for value in values) and len(set(first)) == len(first):
        return True  # names, among them years: word, 2001, 2002, 2003, a, b
    # Whole numbers in a row above fractions: pandas' own names of columns.
    names = [value for value, column in numeric if not column.whole]
    return (
        len(names) > 1
        and all(isinstance(name, int) for name in names)
        and names == list(range(int(names[0] or 0), int(names[0] or 0) + len(names)))
    )
