"""A visitor's own table of labelled sentences, CSV or TSV: read, checked, and reported on."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

import numpy as np

from embedlab.errors import InvalidText
from embedlab.lessons.transfer.data.sentences import PARTS, Part, Row, Sentences, assemble
from embedlab.text.corpus import decode
from embedlab.text.survival import survey
from embedlab.text.tokenization import sentence_tokens

MIN_ROWS, MAX_ROWS = 10, 50_000
MIN_LABELS, MAX_LABELS = 2, 20
MAX_LABEL_LENGTH = 60  # characters; a longer label is a text in the wrong column
DELIMITERS = {"tab": "\t", "comma": ",", "semicolon": ";", "vertical bar": "|"}

# What columns are called in the tables that people have.
_TEXT = ("text", "sentence", "review", "comment", "content", "message", "phrase", "document")
_LABEL = ("label", "class", "sentiment", "category", "polarity", "target", "tag", "rating", "y")
_SPLIT = ("split", "part", "set", "fold")
_PART_NAMES: dict[str, Part] = {
    "train": "train", "training": "train",
    "validation": "validation", "valid": "validation", "val": "validation", "dev": "validation",
    "test": "test", "testing": "test",
}  # fmt: skip
_SAMPLE = 200  # lines looked at to find the delimiter
_LONGEST = 20  # lines of one text; a quote that is never closed would swallow the rows after it
_OPEN = "A quote is probably opened and never closed: close it, or write two quotes where one is meant."


@dataclass
class TableReport:
    """What was found in a table and what was left out, by reason with line numbers."""

    name: str
    delimiter: str = ""  # in words
    header: tuple[str, ...] = ()  # empty where the first line is data
    text_column: str = ""
    label_column: str = ""
    kept: int = 0  # rows
    labels: dict[str, int] = field(default_factory=dict)  # rows of each, kept
    split: str = ""  # where the parts come from
    dropped: dict[str, list[int]] = field(default_factory=dict)  # reason -> line numbers

    def drop(self, reason: str, line: int) -> None:
        """Counts a row that is left out."""
        self.dropped.setdefault(reason, []).append(line)

    @property
    def read(self) -> int:
        """Rows of data in the file."""
        return self.kept + sum(map(len, self.dropped.values()))

    def lines(self) -> list[str]:
        """The report in sentences."""
        head = f"Columns separated by {self.delimiter}; text in {self.text_column}, label in {self.label_column}."
        counts = ", ".join(f"{label} {count:,}" for label, count in self.labels.items())
        parts = [head, f"{self.kept:,} of {self.read:,} rows kept: {counts}.", self.split]
        for reason, lines in self.dropped.items():
            shown = ", ".join(f"{line:,}" for line in lines[:5]) + (", …" if len(lines) > 5 else "")
            parts.append(f"{len(lines):,} left out, {reason}: line{'s' * (len(lines) > 1)} {shown}.")
        return parts


def read_table(data: bytes, name: str, *, seed: int = 0) -> tuple[Sentences, TableReport]:
    """Reads a table with a text and a label on each line, and perhaps the part it belongs to.

    Args:
        data: at most 20 MB of UTF-8; columns separated by tab, comma, semicolon or vertical bar.
        name: of the file, for messages.
        seed: shares the rows out to training, validation and test where the table does not say.

    Raises:
        FileTooLarge: more than 20 MB.
        InvalidText: not a table, or not 2 to 20 labels on 10 to 50,000 rows; the message says what was found.
    """
    if not data.strip():
        raise InvalidText(f"{name} is empty: give a table with one sentence and its label on each line.")
    text = decode(data, name)
    delimiter, sample = _delimiter(text, name)
    report = TableReport(name, delimiter)
    columns = _find_columns(sample, report)
    rows = _read_rows(text, columns, report)
    _check_labels(rows, report)
    sentences = assemble(name, rows, seed=seed)
    sizes = dict(zip(PARTS, np.bincount(sentences.parts, minlength=len(PARTS)).tolist(), strict=True))
    where = "Parts as in the table" if rows[0].part else "Shared out at random within each label"
    report.split = f"{where}: " + ", ".join(f"{size:,} for {part}" for part, size in sizes.items()) + "."
    survival = survey(sentences.texts, sentences.rules, fewest=1)
    return replace(sentences, notes=survival.notes()), report


def _delimiter(text: str, name: str) -> tuple[str, list[list[str]]]:
    """The delimiter's name and the first rows: the one that cuts most lines into the same number of columns."""
    best: tuple[float, str, list[list[str]]] = (0.0, "", [])
    for word, sign in DELIMITERS.items():
        try:
            rows = [row for row in islice(_parse(text, sign), _SAMPLE) if row]
        except csv.Error:
            continue
        widths = [len(row) for row in rows]
        usual = max(set(widths), key=widths.count) if widths else 0
        share = widths.count(usual) / len(widths) if usual >= 2 else 0.0
        if share > best[0]:  # at equal shares the earlier one, which is rarer inside sentences
            best = (share, word, rows)
    if best[0] < 0.5 and text.count('"') % 2:
        raise InvalidText(f"{name} has an odd number of quotes, {text.count(chr(34)):,}: {_OPEN}")
    if best[0] < 0.5:
        start = " ".join(text.split())[:50]
        raise InvalidText(
            f"{name} has no two columns: no tab, comma, semicolon or vertical bar cuts its lines evenly. It begins "
            f"“{start}…”. Write the text, a tab and the label on each line; put text that contains commas in quotes."
        )
    return best[1], best[2]


def _parse(text: str, sign: str) -> "csv._reader":  # type: ignore[name-defined]
    # In a tab-separated file a quote is mostly a quote; a pair around a whole field is taken off afterwards.
    lines = io.StringIO(text, newline="")
    if sign == "\t":
        return csv.reader(lines, delimiter=sign, quoting=csv.QUOTE_NONE)
    return csv.reader(lines, delimiter=sign)


@dataclass(frozen=True)
class _Columns:
    text: int
    label: int
    split: int | None
    width: int
    has_header: bool


def _find_columns(sample: Sequence[Sequence[str]], report: TableReport) -> _Columns:
    names = [cell.strip().strip('"').lower() for cell in sample[0]]
    text, label, split = (
        next((names.index(n) for n in known if n in names), None) for known in (_TEXT, _LABEL, _SPLIT)
    )
    has_header = text is not None or label is not None
    body = [row for row in sample[int(has_header) :] if len(row) >= 2]
    if not body:
        raise InvalidText(f"{report.name} has a line of column names and no rows below it.")
    widths = [len(row) for row in body]
    width = max(max(set(widths), key=widths.count), *((i or 0) + 1 for i in (text, label)))
    length = [float(np.mean([len(row[i]) for row in body if i < len(row)])) for i in range(width)]
    if text is None:  # the longest column, other than those that are named
        text = max((i for i in range(width) if i not in (label, split)), key=lambda i: length[i])
    if label is None:  # of the others the one with the fewest different values
        others = [i for i in range(width) if i not in (text, split)]
        if not others:
            raise InvalidText(f"{report.name} has no column for the label beside the text: add one.")
        label = min(others, key=lambda i: len({row[i] for row in body if i < len(row)}))
    report.header = tuple(sample[0]) if has_header else ()
    report.text_column = f"column {text + 1}" + (f" ({names[text]})" if has_header else "")
    report.label_column = f"column {label + 1}" + (f" ({names[label]})" if has_header else "")
    return _Columns(text, label, split if has_header else None, width, has_header)


def _read_rows(text: str, columns: _Columns, report: TableReport) -> list[Row]:
    reader = _parse(text, DELIMITERS[report.delimiter])
    rows: list[Row] = []
    seen: set[str] = set()
    last = 0
    try:
        for number, cells in enumerate(reader):
            line, last = last + 1, reader.line_num  # a quoted text may hold line breaks: count from its first line
            if last - line >= _LONGEST:
                raise InvalidText(
                    f"{report.name}, line {line:,}: one text runs over {last - line + 1:,} lines. {_OPEN}"
                )
            if not cells or (number == 0 and columns.has_header):
                continue
            if len(cells) != columns.width:
                report.drop(f"not {columns.width} columns", line)
                continue
            sentence, label = _cell(cells[columns.text]), _cell(cells[columns.label])
            reason = _unusable(sentence, label, seen)
            if reason:
                report.drop(reason, line)
                continue
            seen.add(sentence)
            part = _PART_NAMES.get(_cell(cells[columns.split]).lower()) if columns.split is not None else None
            rows.append(Row(sentence, label, part))
            if len(rows) > MAX_ROWS:
                raise InvalidText(f"{report.name} has more than {MAX_ROWS:,} rows. Give at most that many.")
    except csv.Error as error:
        raise InvalidText(f"{report.name}, line {reader.line_num:,}: {error}. {_OPEN}") from error
    if any(row.part is None for row in rows):  # not all say it in words we know
        rows = [row._replace(part=None) for row in rows]
    report.kept = len(rows)
    return rows


def _cell(cell: str) -> str:
    cell = cell.strip()
    if len(cell) > 1 and cell[0] == cell[-1] == '"':
        cell = cell[1:-1].replace('""', '"').strip()
    return cell


def _unusable(sentence: str, label: str, seen: set[str]) -> str:
    """Why a row is left out; empty when it is good."""
    if not sentence:
        return "empty text"
    if not label:
        return "empty label"
    if sentence in seen:
        return "text seen before"
    return "" if sentence_tokens(sentence) else "no word in the text"


def _check_labels(rows: Sequence[Row], report: TableReport) -> None:
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.label] = counts.get(row.label, 0) + 1
    report.labels = dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
    lost = "".join(f" {len(lines):,} were left out ({reason})." for reason, lines in report.dropped.items())
    if len(rows) < MIN_ROWS:
        raise InvalidText(f"{report.name} has {len(rows)} usable rows; at least {MIN_ROWS} are needed.{lost} Add more.")
    where = f"The labels are read from {report.label_column}"
    if len(counts) < MIN_LABELS:
        raise InvalidText(
            f"All rows of {report.name} have the label “{next(iter(counts))[:40]}”. {where}. Give at least two labels."
        )
    if len(counts) > MAX_LABELS or max(map(len, counts)) > MAX_LABEL_LENGTH:
        some = ", ".join(f"“{label[:20]}”" for label in islice(report.labels, 3))
        raise InvalidText(
            f"{report.name} has {len(counts):,} different labels, such as {some}; {MIN_LABELS} to {MAX_LABELS} of at "
            f"most {MAX_LABEL_LENGTH} characters are allowed. {where}: name the columns text and label in a first line."
        )
