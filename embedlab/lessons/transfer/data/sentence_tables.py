"""A visitor's own table of labeled sentences: its columns found by content, its rows read, checked, reported on.

`open_table` finds how the table is written and what its columns hold, which a page can show and change;
`SentenceTable.read` takes the rows. `read_table` is both.
"""

import unicodedata
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, Literal

import numpy as np

from embedlab.arrays import Ids
from embedlab.checks import one_of, within
from embedlab.errors import InvalidSetting, InvalidText, SeveralFiles
from embedlab.formats.limits import shown_word
from embedlab.formats.packed.plain_text import ARROW, TEXTS, Unpacked, unpacked_bytes
from embedlab.formats.packed.plain_text import TEXT_LIMITS as TABLE_LIMITS
from embedlab.lessons.transfer.data.column_roles import ColumnRoles, TableColumn, part_of, parts_named, with_reasons
from embedlab.lessons.transfer.data.repetitions import REPEATED, Repetitions, find_repetitions
from embedlab.lessons.transfer.data.sampling import stratified_sample
from embedlab.lessons.transfer.data.sentences import (
    PARTS,
    Row,
    Sentences,
    Tokenized,
    assemble,
    text_key,
    tokenize_texts,
)
from embedlab.lessons.transfer.data.table_layout import Layout, find_layout, join_layouts
from embedlab.lessons.transfer.data.table_report import TableReport
from embedlab.lessons.transfer.data.table_rows import Cells, TableRows
from embedlab.lessons.transfer.data.usable_rows import (
    MIN_ROWS,
    FoundText,
    UsableRows,
    check_labels,
    why_unusable,
    with_all_parts,
    without_rare_labels,
)
from embedlab.library import memory
from embedlab.text.survival import Survey

MAX_ROWS = 50_000
Repeated = Literal["first", "together"]

_JOINT = "\n"  # between columns of text
_CONFLICTS = 3  # shown


@dataclass(frozen=True, eq=False)
class SentenceTable:
    """A table whose columns are known; its rows are read when they are asked for."""

    name: str  # the file's, for messages
    source: TableRows
    header: tuple[str, ...]  # names of the columns; empty where the first line is data
    columns: tuple[TableColumn, ...]
    found: ColumnRoles  # by what stands in the columns
    preview: tuple[tuple[str, ...], ...]  # cells of the first rows
    notes: tuple[str, ...] = ()  # what was decided, in sentences
    packed: str = ""  # what it was unpacked from

    @classmethod
    def of(cls, name: str, layout: Layout, packed: str, *notes: str) -> "SentenceTable":
        """The table with this layout."""
        return cls(
            name,
            layout.rows,
            layout.header,
            layout.columns,
            layout.found,
            layout.preview,
            (*notes, *layout.notes),
            packed,
        )

    @cached_property
    def rows(self) -> int:
        """Rows below the heading, also those that cannot be used."""
        return sum(1 for _ in self.source)

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
        report = TableReport(self.name, self.source.written, self.header)
        columns = with_reasons(self.columns, roles)
        report.text_column = " and ".join(columns[place].title for place in roles.text)
        report.label_column = columns[roles.label].title
        for column in columns:
            if column.why_not:
                report.left_out[column.why_not] = (*report.left_out.get(column.why_not, ()), column.name)
        report.notes += self.notes
        return report

    def _usable(self, roles: ColumnRoles, report: TableReport) -> UsableRows:
        """Rows that have a text and a label, without their texts, which may be many."""
        numbers: dict[str, int] = {}
        places, labels, keys, parts = [], [], [], []
        name = "" if roles.part is None else self.columns[roles.part].name
        for place, cells in self.source:
            if cells is None:
                report.drop(f"not {len(self.columns)} columns", place)
                continue
            text, label = _text_of(cells, roles), unicodedata.normalize("NFC", cells[roles.label].strip())
            part = None if roles.part is None else part_of(cells[roles.part], name)
            reason = why_unusable(text, label)
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
        return UsableRows(tuple(numbers), *as_ids)

    def _tell_repetitions(
        self, rows: Repetitions, usable: UsableRows, roles: ColumnRoles, report: TableReport, repeated: Repeated
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
        for place, cells in self.source:
            if cells is not None and place in wanted:
                labels = dict.fromkeys(usable.labels[i] for i in usable.label_ids[wanted[place]].tolist())
                report.conflicts[" ".join(_text_of(cells, roles).split())] = tuple(labels)
        shown = "; ".join(
            f"“{text[:50]}{'…' * (len(text) > 50)}” ({', '.join(labels)})" for text, labels in report.conflicts.items()
        )
        n, first = len(rows.conflicts), ", of which the first counts" * (repeated == "first")
        several = f"{n:,} text{'s have' if n > 1 else ' has'} different labels{first}"
        report.notes.append(f"{several}: {shown}{'; …' * (n > len(report.conflicts))}.")

    def _texts(self, chosen: Ids, roles: ColumnRoles, usable: UsableRows, report: TableReport) -> list[FoundText]:
        """The chosen rows, those without a word left out."""
        wanted = {int(usable.places[i]): int(i) for i in chosen}
        rows: list[tuple[int, Row]] = []
        for place, cells in self.source:
            if cells is not None and (i := wanted.get(place)) is not None:
                part = None if roles.part is None else PARTS[usable.parts[i]]
                rows.append((place, Row(_text_of(cells, roles), usable.labels[usable.label_ids[i]], part)))
        rules, tokens = tokenize_texts([row.text for _, row in rows])
        found = []
        for (place, row), words in zip(rows, tokens, strict=True):
            if words:
                found.append(FoundText(place, row, words, rules))
            else:
                report.drop("no word in the text", place)
        found = without_rare_labels(found, report)
        report.kept = len(found)
        return found

    def _assembled(
        self, found: list[FoundText], report: TableReport, repeated: Repeated, seed: int
    ) -> tuple[Sentences, TableReport]:
        rows = [text.row for text in found]
        check_labels(rows, report)
        where = "Shared out at random within each label"
        if rows[0].part is not None:
            rows, where = with_all_parts(rows, self.name, seed)
        tokenized = Tokenized(found[0].rules, tuple(text.tokens for text in found))
        sentences = assemble(self.name, rows, seed=seed, together=repeated == "together", tokenized=tokenized)
        sizes = dict(zip(PARTS, np.bincount(sentences.parts, minlength=len(PARTS)).tolist(), strict=True))
        report.split = f"{where}: " + ", ".join(f"{size:,} for {part}" for part, size in sizes.items()) + "."
        looked = Survey(sentences.rules)
        for text in found:
            looked.add(text.row.text, [list(text.tokens)])
        return replace(sentences, notes=looked.survival().notes()), report


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
        file: CSV with any of `DELIMITERS`, blanks between quoted texts, JSON, JSON lines, lines with __label__, Parquet
            or Arrow; plain or packed; at most 300 MB. Several files in an archive whose names say train and test are
            one table.
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

    def unpacked(one: str | None) -> Unpacked:
        return unpacked_bytes(file, name=name, limits=TABLE_LIMITS, member=one, kinds=TEXTS | ARROW)

    try:
        whole = unpacked(member)
    except SeveralFiles as error:
        if (parts := parts_named(error.members)) is None:
            raise
        files = [unpacked(each) for each in error.members]
        if sum(len(each.data) for each in files) > TABLE_LIMITS.unpacked_bytes:
            raise
        layouts = [find_layout(each, encoding=encoding, heading=heading) for each in files]
        if (joined := join_layouts(files[0].name, list(zip(parts, layouts, strict=True)))) is None:
            raise
        said = f"Its parts are {', '.join(map(shown_word, error.members))}; lines are counted through all of them."
        return SentenceTable.of(files[0].name, joined, ", ".join(error.members), said)
    return SentenceTable.of(whole.name, find_layout(whole, encoding=encoding, heading=heading), whole.packed)


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


def _text_of(cells: Cells, roles: ColumnRoles) -> str:
    return _JOINT.join(cell for place in roles.text if (cell := cells[place].strip()))
