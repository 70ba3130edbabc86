"""Rows of a table of sentences, in whatever way it is written: they can be gone through as often as is wanted."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, cast

from embedlab.formats.packed.plain_text import PlainText, Unpacked
from embedlab.formats.tables.arrow_columns import column_of, opened, refused, values_of
from embedlab.formats.tables.arrow_files import Kind, is_list, is_usable
from embedlab.formats.tables.delimited import SourceLines
from embedlab.formats.tables.delimited_form import Form, records_of
from embedlab.formats.tables.json_tables import json_records
from embedlab.lessons.transfer.data.sentences import Part

DELIMITERS = {"\t": "tabs", ",": "commas", ";": "semicolons", "|": "vertical bars"}
BLANK = {" ": "blanks"}  # where every text is in quotes, as R writes tables
# A line for fastText: labels before a text or behind it, not behind what separates columns.
LABELLED = re.compile(r"\s*__label__\S+\s|.*[^\s,;|] +__label__\S+\s*\Z", re.DOTALL)
_LABEL = re.compile(r"(?<!\S)__label__(\S+)(?:\s+|\Z)")
_BATCH = 10_000  # rows

Cells = Sequence[str]


class TableRows(Protocol):
    """The rows below the heading, each with its place; None where one has another number of columns."""

    @property
    def written(self) -> str:
        """How the table is written, in a sentence."""

    def __iter__(self) -> Iterator[tuple[int, Cells | None]]: ...


@dataclass(frozen=True, eq=False)
class DelimitedRows:
    """Columns between delimiters."""

    text: PlainText
    form: Form
    heading: bool  # whether the first row names the columns

    @property
    def written(self) -> str:
        """The delimiter."""
        return f"Columns separated by {(DELIMITERS | BLANK)[self.form.separator]}."

    def __iter__(self) -> Iterator[tuple[int, Cells | None]]:
        heading, width = self.heading, self.form.width
        for place, fields in records_of(SourceLines(self.text.source()), self.form, opens_no_quote):
            if heading and len(fields) == width - self.form.row_names:
                heading = False
                continue
            yield place, fields if len(fields) == width else None


@dataclass(frozen=True, eq=False)
class JsonRows:
    """JSON, or JSON lines."""

    text: PlainText
    written = "JSON."

    @property
    def names(self) -> tuple[str, ...]:
        """Of the columns."""
        return self._records()[0]

    def __iter__(self) -> Iterator[tuple[int, Cells | None]]:
        names, values = self._records()
        for place, cells in values:
            yield place, [_written(cell) for cell in cells] if len(cells) == len(names) else None

    def _records(self) -> tuple[tuple[str, ...], Iterator[tuple[int, Any]]]:
        return json_records(self.text.source(), lines=self.text.json_kind == "json-lines")


@dataclass(frozen=True, eq=False)
class LabelledRows:
    """Lines with their labels among the words, as fastText's classifier reads them; several labels are one."""

    text: PlainText
    written = "Lines with __label__, as fastText reads them."
    names = ("label", "text")

    def __iter__(self) -> Iterator[tuple[int, Cells | None]]:
        lines = SourceLines(self.text.source())
        while (line := lines.next()) is not None:
            if line.strip():
                labels = _LABEL.findall(line)
                yield lines.number, [" ".join(labels), _LABEL.sub("", line).strip()] if labels else None


@dataclass(frozen=True, eq=False)
class ArrowRows:
    """Parquet or Arrow: columns of texts, numbers, dates and truth values."""

    file: Unpacked
    names: tuple[str, ...]  # of these columns
    places: tuple[int, ...]  # among all of the file
    spelt: dict[str, Sequence[str]]  # what the numbers of a column stand for, where the file says so

    @classmethod
    def of(cls, file: Unpacked) -> "ArrowRows":
        """The rows of a file. Raises VectorFileError: damaged, or no such column."""
        source = file.source()
        with refused(source):
            schema = opened(source.file, source, cast(Kind, file.kind)).schema  # type: ignore[arg-type]
            places = [i for i, field in enumerate(schema) if is_usable(field.type) and not is_list(field.type)]
        if not places:
            raise source.refusal("no column of the table holds text", "Choose another file.")
        names = tuple(schema.names[i] for i in places)
        return cls(file, names, tuple(places), _names_of_labels(schema.metadata or {}))

    @property
    def written(self) -> str:
        """Parquet or Arrow."""
        return f"{self.file.kind.removesuffix('-stream').capitalize()}."

    def __iter__(self) -> Iterator[tuple[int, Cells | None]]:
        source = self.file.source()
        with refused(source):
            table = opened(source.file, source, cast(Kind, self.file.kind))  # type: ignore[arg-type]
            place = 0
            for batch in table.batches(self.places, _BATCH):
                for cells in zip(*(self._cells(batch, name) for name in self.names), strict=True):
                    place += 1
                    yield place, cells

    def _cells(self, batch: Any, name: str) -> Iterator[str]:
        spelt = self.spelt.get(name, ())
        for value in values_of(column_of(batch, name)):
            known = isinstance(value, int) and 0 <= value < len(spelt)
            yield spelt[value] if known else _written(value)


def _names_of_labels(metadata: dict[bytes, bytes]) -> dict[str, Sequence[str]]:
    """What the numbers of labels stand for, as Hugging Face's datasets write it into their files."""
    try:
        features = json.loads(metadata.get(b"huggingface", b"{}")).get("info", {}).get("features", {})
        return {column: list(map(str, each["names"])) for column, each in features.items() if "names" in each}
    except (ValueError, AttributeError, TypeError):
        return {}


@dataclass(frozen=True, eq=False)
class JoinedRows:
    """Several tables of the same columns, one below the other, with the part that each is as a further column."""

    tables: Sequence[tuple[Part, TableRows]]

    @property
    def written(self) -> str:
        """As the tables are."""
        return " ".join(dict.fromkeys(rows.written for _, rows in self.tables))

    def __iter__(self) -> Iterator[tuple[int, Cells | None]]:
        before = last = 0  # places go on from table to table
        for part, rows in self.tables:
            for place, cells in rows:
                last = before + place
                yield last, None if cells is None else [*cells, part]
            before = last


def opens_no_quote(fields: Sequence[str]) -> bool:
    """Whether no field begins with a quotation mark that is not closed: those inside words are characters."""
    return not any(field.startswith('"') and field.count('"') % 2 for field in fields)


def _written(value: Any) -> str:
    """A value as text; nothing for lists, objects and bytes."""
    return "" if value is None or isinstance(value, list | dict | bytes) else str(value)
