"""A visitor's own table of labelled sentences: its columns found by content, its rows read, checked, reported on.

`open_table` finds how the table is written and what its columns hold, which a page can show and change;
`SentenceTable.read` takes the rows. `read_table` is both.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Literal, NamedTuple

import numpy as np

from embedlab.arrays import Ids
from embedlab.checks import one_of, within
from embedlab.errors import InvalidSetting, InvalidText
from embedlab.formats.packed.plain_text import TEXT_LIMITS as TABLE_LIMITS
from embedlab.formats.packed.plain_text import PlainText, plain_text
from embedlab.formats.tables.delimited import SourceLines
from embedlab.formats.tables.delimited_form import Form, GivenLines, Record, possible_forms, records_of, split_lines
from embedlab.formats.tables.json_tables import json_records
from embedlab.lessons.transfer.data.column_roles import (
    MAX_LABEL_LENGTH,
    MAX_LABELS,
    MIN_LABELS,
    ColumnRoles,
    TableColumn,
    describe_columns,
    find_roles,
    is_heading,
    part_of,
    with_reasons,
)
from embedlab.lessons.transfer.data.repetitions import REPEATED, Repetitions, find_repetitions
from embedlab.lessons.transfer.data.sampling import stratified_sample
from embedlab.lessons.transfer.data.sentences import (
    PARTS,
    Row,
    Sentences,
    Tokenized,
    assemble,
    draw_parts,
    label_groups,
    text_groups,
    text_key,
    tokenize_texts,
)
from embedlab.library import memory
from embedlab.text.rules import Rules
from embedlab.text.survival import Survey

MIN_ROWS, MAX_ROWS = 10, 50_000
DELIMITERS = {"\t": "tab", ",": "comma", ";": "semicolon", "|": "vertical bar"}
PREVIEWED = 5  # rows
Repeated = Literal["first", "together"]

_USUAL = 0.5  # share of rows with the usual number of columns
_PLACES, _LINES = 20, 100  # places all over a long table that are looked at, and lines at each
_FEWEST = 3  # texts of a label, one for each part
_VALIDATION = 0.125  # of the training rows, where a table has no part for it: 70:10 as in `assemble`
_JOINT = "\n"  # between columns of text
_CONFLICTS = 3  # shown


@dataclass
class TableReport:
    """What was found in a table and what was left out, by reason with line numbers."""

    name: str
    delimiter: str = ""  # in words; "" in JSON
    header: tuple[str, ...] = ()  # empty where the first line is data
    text_column: str = ""
    label_column: str = ""
    left_out: dict[str, tuple[str, ...]] = field(default_factory=dict)  # reason -> columns
    kept: int = 0  # rows
    labels: dict[str, int] = field(default_factory=dict)  # rows of each, kept
    split: str = ""  # where the parts come from
    dropped: dict[str, list[int]] = field(default_factory=dict)  # reason -> line numbers
    repeated: int = 0  # rows whose text stands in an earlier row
    conflicts: dict[str, tuple[str, ...]] = field(default_factory=dict)  # text -> its labels, where they differ
    sampled: int = 0  # usable rows that the sample left out
    notes: list[str] = field(default_factory=list)  # encoding, packing, repeated texts, the sample

    def drop(self, reason: str, line: int) -> None:
        """Counts a row that is left out."""
        self.dropped.setdefault(reason, []).append(line)

    @property
    def read(self) -> int:
        """Rows of data in the file."""
        return self.kept + self.sampled + sum(map(len, self.dropped.values()))

    @property
    def columns(self) -> str:
        """Which columns are taken, and which are left out, in a sentence or two."""
        said = f"Text in {self.text_column}, label in {self.label_column}."
        parts = [f"{', '.join(names[:5])}{', …' * (len(names) > 5)} ({why})" for why, names in self.left_out.items()]
        return said + (f" Left out: {'; '.join(parts)}." if parts else "")

    def lines(self) -> list[str]:
        """The report in sentences."""
        head = f"Columns separated by {self.delimiter}." if self.delimiter else "JSON."
        counts = ", ".join(f"{label} {count:,}" for label, count in self.labels.items())
        parts = [f"{head} {self.columns}", f"{self.kept:,} of {self.read:,} rows kept: {counts}.", self.split]
        parts += self.notes
        for reason, lines in self.dropped.items():
            shown = ", ".join(f"{line:,}" for line in lines[:5]) + (", …" if len(lines) > 5 else "")
            parts.append(f"{len(lines):,} left out, {reason}: line{'s' * (len(lines) > 1)} {shown}.")
        return parts


@dataclass(frozen=True, eq=False)
class SentenceTable:
    """A table whose columns are known; its rows are read when they are asked for."""

    text: PlainText
    form: Form | None  # None: JSON
    header: tuple[str, ...]  # names of the columns; empty where the first line is data
    columns: tuple[TableColumn, ...]
    found: ColumnRoles  # by what stands in the columns
    preview: tuple[tuple[str, ...], ...]  # cells of the first rows

    @property
    def name(self) -> str:
        """The file's, for messages."""
        return self.text.name

    @cached_property
    def rows(self) -> int:
        """Rows below the heading, also those that cannot be used."""
        return sum(1 for _ in self._records())

    def read(
        self,
        roles: ColumnRoles | None = None,
        *,
        repeated: Repeated = "first",
        sample: int | None = None,
        seed: int = 0,
    ) -> tuple[Sentences, TableReport]:
        """Reads and checks the rows.

        Args:
            roles: other columns than those that were found.
            repeated: of texts that stand in several rows (capitals and blanks aside) keep the first row, or all of
                them, in one part. Where the table says the parts, a text of the test part is left out of the others.
            sample: take so many rows, drawn with every label in its proportion, where there are more.
            seed: draws the sample, and the parts that the table does not say.

        Raises InvalidText: not 2 to 20 labels on 10 to 50,000 rows; the message says what was found.
        """
        one_of("what is done with repeated texts", repeated, REPEATED)
        if sample is not None:
            within("number of rows of the sample", sample, MIN_ROWS, MAX_ROWS)
        roles = self.found if roles is None else roles
        self._check(roles)
        report = self._report(roles)
        usable = self._usable(roles, report)
        rows = find_repetitions(usable.keys, usable.label_ids, usable.parts, repeated)
        self._tell_repetitions(rows, usable, roles, report, repeated)
        chosen, parts = rows.kept, usable.parts[rows.kept]
        if len(chosen) > (most := sample or MAX_ROWS):
            if sample is None:
                raise InvalidText(
                    f"{self.name} has {len(chosen):,} usable rows; at most {MAX_ROWS:,} are taken. "
                    "Take a sample of them, or give fewer."
                )
            strata = usable.label_ids[chosen] * len(PARTS) + np.maximum(parts, 0)
            taken = stratified_sample(strata, most, seed, least=1 if (parts >= 0).all() else 3)
            report.sampled = len(chosen) - most
            report.notes.append(f"{most:,} of {len(chosen):,} rows drawn at random, every label in its proportion.")
            chosen = chosen[taken]
        found = self._texts(chosen, roles, usable, report)
        return self._assembled(found, report, repeated, seed)

    def _check(self, roles: ColumnRoles) -> None:
        places = [*roles.text, roles.label, *(() if roles.part is None else (roles.part,))]
        if not roles.text or len(set(places)) < len(places):
            raise InvalidSetting("Choose columns for the text and another one for the label; each can have one role.")
        for place in places:
            within("column", place, 0, len(self.columns) - 1)

    def _report(self, roles: ColumnRoles) -> TableReport:
        report = TableReport(self.name, DELIMITERS[self.form.separator] if self.form else "", self.header)
        columns = with_reasons(self.columns, roles)
        report.text_column = " and ".join(columns[place].title for place in roles.text)
        report.label_column = columns[roles.label].title
        for column in columns:
            if column.why_not:
                report.left_out[column.why_not] = (*report.left_out.get(column.why_not, ()), column.name)
        report.notes += self.text.notes()
        return report

    def _records(self) -> Iterator[tuple[int, Sequence[str] | None]]:
        """Rows with their lines; None where one has another number of columns."""
        width = len(self.columns)
        if self.form is None:
            _, values = json_records(self.text.source(), lines=self.text.json_kind == "json-lines")
            for place, cells in values:
                yield place, [_written(cell) for cell in cells] if len(cells) == width else None
            return
        heading = bool(self.header)
        for place, fields in records_of(SourceLines(self.text.source()), self.form, _opens_no_quote):
            if heading and len(fields) == width - self.form.row_names:
                heading = False
                continue
            yield place, fields if len(fields) == width else None

    def _usable(self, roles: ColumnRoles, report: TableReport) -> "_Usable":
        """Rows that have a text and a label, without their texts, which may be many."""
        numbers: dict[str, int] = {}
        places, labels, keys, parts = [], [], [], []
        name = "" if roles.part is None else self.columns[roles.part].name
        for place, cells in self._records():
            if cells is None:
                report.drop(f"not {len(self.columns)} columns", place)
                continue
            text, label = _text_of(cells, roles), cells[roles.label].strip()
            part = None if roles.part is None else part_of(cells[roles.part], name)
            reason = _unusable(text, label)
            if not reason and roles.part is not None and part is None:
                reason = "in no known part"
            if reason:
                report.drop(reason, place)
                continue
            places.append(place)
            labels.append(numbers.setdefault(label, len(numbers)))
            keys.append(hash(text_key(text)))
            parts.append(-1 if part is None else PARTS.index(part))
        as_ids = [np.array(each, dtype=np.int64) for each in (places, labels, keys, parts)]
        return _Usable(tuple(numbers), *as_ids)

    def _tell_repetitions(
        self, rows: Repetitions, usable: "_Usable", roles: ColumnRoles, report: TableReport, repeated: Repeated
    ) -> None:
        report.repeated = rows.repeated
        for place in usable.places[rows.dropped].tolist():
            report.drop("text seen before", place)
        for place in usable.places[rows.in_better_part].tolist():
            report.drop("text of the test or validation part", place)
        if rows.repeated and repeated == "together":
            report.notes.append(f"{rows.repeated:,} rows repeat a text; each text is kept within one part.")
        if not rows.conflicts:
            return
        wanted = {int(usable.places[group[0]]): group for group in rows.conflicts[:_CONFLICTS]}
        for place, cells in self._records():
            if cells is not None and place in wanted:
                labels = dict.fromkeys(usable.labels[i] for i in usable.label_ids[wanted[place]].tolist())
                report.conflicts[" ".join(_text_of(cells, roles).split())] = tuple(labels)
        shown = "; ".join(
            f"“{text[:50]}{'…' * (len(text) > 50)}” ({', '.join(labels)})" for text, labels in report.conflicts.items()
        )
        n, first = len(rows.conflicts), ", of which the first counts" * (repeated == "first")
        several = f"{n:,} text{'s have' if n > 1 else ' has'} different labels{first}"
        report.notes.append(f"{several}: {shown}{'; …' * (n > len(report.conflicts))}.")

    def _texts(self, chosen: Ids, roles: ColumnRoles, usable: "_Usable", report: TableReport) -> "list[_Text]":
        """The chosen rows, those without a word left out."""
        wanted = {int(usable.places[i]): int(i) for i in chosen}
        rows: list[tuple[int, Row]] = []
        for place, cells in self._records():
            if cells is not None and (i := wanted.get(place)) is not None:
                part = None if roles.part is None else PARTS[usable.parts[i]]
                rows.append((place, Row(_text_of(cells, roles), usable.labels[usable.label_ids[i]], part)))
        rules, tokens = tokenize_texts([row.text for _, row in rows])
        found = []
        for (place, row), words in zip(rows, tokens, strict=True):
            if words:
                found.append(_Text(place, row, words, rules))
            else:
                report.drop("no word in the text", place)
        found = _without_rare_labels(found, report)
        report.kept = len(found)
        return found

    def _assembled(
        self, found: "list[_Text]", report: TableReport, repeated: Repeated, seed: int
    ) -> tuple[Sentences, TableReport]:
        rows = [text.row for text in found]
        _check_labels(rows, report)
        where = "Shared out at random within each label"
        if rows[0].part is not None:
            rows, where = _with_all_parts(rows, self.name, seed)
        tokenized = Tokenized(found[0].rules, tuple(text.tokens for text in found))
        sentences = assemble(self.name, rows, seed=seed, together=repeated == "together", tokenized=tokenized)
        sizes = dict(zip(PARTS, np.bincount(sentences.parts, minlength=len(PARTS)).tolist(), strict=True))
        report.split = f"{where}: " + ", ".join(f"{size:,} for {part}" for part, size in sizes.items()) + "."
        looked = Survey(sentences.rules)
        for text in found:
            looked.add(text.row.text, [list(text.tokens)])
        return replace(sentences, notes=looked.survival().notes()), report


class _Text(NamedTuple):
    """A row that is taken."""

    place: int  # its line
    row: Row
    tokens: tuple[str, ...]
    rules: Rules  # those of the whole table


@dataclass(frozen=True, eq=False)
class _Usable:
    """N usable rows of a table, without their texts."""

    labels: tuple[str, ...]  # different ones
    places: Ids  # (N,) lines
    label_ids: Ids  # (N,) position in `labels`
    keys: Ids  # (N,) a hash of the text
    parts: Ids  # (N,) position in `PARTS`, -1 where the table does not say


def open_table(
    file: Path | BinaryIO | bytes,
    name: str = "",
    *,
    encoding: str | None = None,
    member: str | None = None,
    heading: bool | None = None,
) -> SentenceTable:
    """Finds how a table is written, and which of its columns hold text, label and part.

    Args:
        file: CSV with any of `DELIMITERS`, JSON or JSON lines, plain or packed; at most 300 MB.
        name: for messages; by default the file's.
        encoding: one of `embedlab.formats.ENCODINGS`; None: found out.
        member: which file of an archive.
        heading: whether the first line names the columns; None: found out.

    Raises:
        FileTooLarge: more than 300 MB.
        VectorFileError: no text, damaged, several texts in an archive, or an encoding that has to be chosen.
        InvalidText: no table with a text and a label.
    """
    if isinstance(file, bytes):
        memory.check(3 * len(file), name or "The table", present=len(file))
    text = plain_text(file, name=name, limits=TABLE_LIMITS, encoding=encoding, member=member)
    if not text.data.strip():
        raise InvalidText(f"{text.name} is empty: give a table with one sentence and its label on each line.")
    if (kind := text.json_kind) is not None:
        names, values = json_records(text.source(), lines=kind == "json-lines")
        records = [[_written(cell) for cell in cells] for _, cells in values if len(cells) == len(names)]
        return _table(text, None, names, _spread(records), tuple(map(tuple, records[:PREVIEWED])))
    return _delimited(text, heading)


def read_table(
    file: Path | BinaryIO | bytes,
    name: str = "",
    *,
    seed: int = 0,
    roles: ColumnRoles | None = None,
    repeated: Repeated = "first",
    sample: int | None = None,
    encoding: str | None = None,
    member: str | None = None,
    heading: bool | None = None,
) -> tuple[Sentences, TableReport]:
    """Opens and reads a table: the arguments are those of `open_table` and `SentenceTable.read`."""
    table = open_table(file, name, encoding=encoding, member=member, heading=heading)
    return table.read(roles, repeated=repeated, sample=sample, seed=seed)


def _delimited(text: PlainText, heading: bool | None) -> SentenceTable:
    """The division of lines in which there are a text and a label, or else the most regular one."""
    places = _places(text.data)
    found: list[tuple[bool, bool, float, SentenceTable]] = []
    several = False
    for form, records in possible_forms(places[0], DELIMITERS, usual=_USUAL, remarks=False):
        several = True
        names = records[0][1]
        if len(names) == form.width - 1 and len(records) > 1:  # as R writes them: the rows' names have none
            form, names = replace(form, row_names=True), ["", *names]
        else:
            names = next((fields for _, fields in _fitting(records, form)), [])
        others = [fields for _, fields in _fitting(records, form) if fields is not names]
        for lines in places[1:]:
            sample = islice(records_of(GivenLines(lines), replace(form, skip=0), _opens_no_quote), _LINES)
            others += [fields for _, fields in _fitting(sample, form)]
        headed = bool(names) and (heading or (heading is None and is_heading(names, others)))
        if headed and not others:
            raise InvalidText(f"{text.name} has a line of column names and no rows below it.")
        if not headed and form.row_names:
            form, names = replace(form, row_names=False), []
        rows = others if headed or not names else [names, *others]
        preview = tuple(tuple(cell.strip() for cell in row) for row in rows[:PREVIEWED])
        header = tuple(cell.strip() for cell in names) if headed else ()
        try:
            table = _table(text, form, header or [""] * form.width, rows, preview)
        except InvalidText:
            continue
        regular = sum(len(fields) == form.width for _, fields in records) / len(records)
        label = table.columns[table.found.label]
        clean = label.few and not any(sign in value for value in label.values for sign in (*DELIMITERS, '"'))
        found.append((clean, label.few, regular, replace(table, header=header)))
    if found:
        return max(found, key=lambda each: each[:3])[3]  # of equal ones the first, which is rarer in sentences
    if several:
        raise InvalidText(f"{text.name} has no column for the label beside the text: add one.")
    start = " ".join(places[0][0].split())[:50] if places[0] else ""
    raise InvalidText(
        f"{text.name} has no two columns: no tab, comma, semicolon or vertical bar cuts its lines evenly. It begins "
        f"“{start}…”. Write the text, a tab and the label on each line; put text that contains commas in quotes."
    )


def _table(
    text: PlainText,
    form: Form | None,
    names: Sequence[str],
    rows: Sequence[Sequence[str]],
    preview: tuple[tuple[str, ...], ...],
) -> SentenceTable:
    columns = describe_columns(names, rows)
    found = find_roles(columns, rows)
    if found is None:
        raise InvalidText(f"{text.name} has no column for the label beside the text: add one.")
    return SentenceTable(text, form, tuple(names), with_reasons(columns, found), found, preview)


def _fitting(records: "Iterator[Record] | Sequence[Record]", form: Form) -> Iterator[Record]:
    return (record for record in records if len(record[1]) == form.width)


def _places(data: bytes) -> list[list[str]]:
    """Lines from the start of a table, and of a long one from all over it: tables may be sorted by label."""
    size = 1 << 16
    head = data[: 8 * size]
    places = [head]
    if len(data) > len(head):
        step = (len(data) - len(head) - size) // (_PLACES - 1)
        places += [data[at : at + size] for at in range(len(head), len(data) - size + 1, max(step, 1))]
        places[-1] = data[-size:]
    lines = [split_lines(place.decode("utf-8", "surrogateescape")) for place in places]
    if len(data) > len(head):
        lines[0].pop()  # cut
        lines[1:] = [piece[1:-1] if i < len(lines) - 2 else piece[1:] for i, piece in enumerate(lines[1:])]
    return [lines[0], *[piece[:_LINES] if i < len(lines) - 2 else piece[-_LINES:] for i, piece in enumerate(lines[1:])]]


def _spread(rows: Sequence[Sequence[str]]) -> Sequence[Sequence[str]]:
    """At most some 2,000 rows from all over."""
    return rows[:: max(1, len(rows) // (_PLACES * _LINES))]


def _opens_no_quote(fields: Sequence[str]) -> bool:
    """Whether no field begins with a quotation mark that is not closed: those inside words are characters."""
    return not any(field.startswith('"') and field.count('"') % 2 for field in fields)


def _written(value: Any) -> str:
    """A value of JSON as text; nothing for lists and objects."""
    return "" if value is None or isinstance(value, list | dict) else str(value)


def _text_of(cells: Sequence[str], roles: ColumnRoles) -> str:
    return _JOINT.join(cell for place in roles.text if (cell := cells[place].strip()))


def _unusable(text: str, label: str) -> str:
    """Why a row is left out; empty when it is good as far as can be told quickly."""
    if not text:
        return "empty text"
    if not label:
        return "empty label"
    if not (text.isascii() or text.isprintable()) and any("\ud800" <= sign <= "\udfff" for sign in text + label):
        return "not UTF-8"
    return "" if any(map(str.isalpha, text)) else "no word in the text"


def _without_rare_labels(texts: list[_Text], report: TableReport) -> list[_Text]:
    """Rows without those of labels that have too few texts; all where nothing would be left."""
    keys: dict[str, set[str]] = {}
    for text in texts:
        keys.setdefault(text.row.label, set()).add(text_key(text.row.text))
    rare = {label for label, own in keys.items() if len(own) < _FEWEST}
    kept = [text for text in texts if text.row.label not in rare]
    if len(keys) - len(rare) < MIN_LABELS or len(kept) < MIN_ROWS:
        return texts
    for text in texts:
        if text.row.label in rare:
            report.drop(f"label with fewer than {_FEWEST} texts", text.place)
    return kept


def _with_all_parts(rows: list[Row], name: str, seed: int) -> tuple[list[Row], str]:
    """Rows of an official split, whose missing parts are taken from others; and what was done."""
    there = {row.part for row in rows}
    where = "Parts as in the table"
    if "train" not in there:
        raise InvalidText(f"{name}: no row belongs to the part train. Give it some, or do without the column of parts.")
    if "test" not in there:
        rows = [row._replace(part="test") if row.part == "validation" else row for row in rows]
        where, there = f"{where}, its validation part as test", {"train", "test"}
    if "validation" not in there:
        train = [i for i, row in enumerate(rows) if row.part == "train"]
        labels = {label: i for i, label in enumerate(dict.fromkeys(row.label for row in rows))}
        label_ids = np.array([labels[rows[i].label] for i in train], dtype=np.int64)
        parts = np.zeros(len(train), dtype=np.int64)
        rng = np.random.default_rng(seed)
        for groups in label_groups(label_ids, text_groups(rows[i] for i in train)):
            if len(groups) > 1:
                draw_parts(parts, groups, {"validation": _VALIDATION}, rng)
        drawn = {i for i, part in zip(train, parts.tolist(), strict=True) if part}
        rows = [row._replace(part="validation") if i in drawn else row for i, row in enumerate(rows)]
        where += f"; validation is drawn from training ({_VALIDATION:.1%})"
    return rows, where


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
            f"most {MAX_LABEL_LENGTH} characters are allowed. {where}: choose another column."
        )
