"""How a table of sentences is written, and which of its columns hold text, label and part, by what stands in them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from embedlab.errors import InvalidText
from embedlab.formats.packed.plain_text import ARROW, PlainText, Unpacked, plain_text
from embedlab.formats.tables.delimited_form import Form, GivenLines, Record, possible_forms, records_of, split_lines
from embedlab.lessons.transfer.data.column_roles import (
    ColumnRoles,
    TableColumn,
    describe_columns,
    find_roles,
    is_heading,
    with_reasons,
)
from embedlab.lessons.transfer.data.sentences import Part
from embedlab.lessons.transfer.data.table_rows import (
    BLANK,
    DELIMITERS,
    LABELLED,
    ArrowRows,
    Cells,
    DelimitedRows,
    JoinedRows,
    JsonRows,
    LabelledRows,
    TableRows,
    opens_no_quote,
)

PREVIEWED = 5  # rows
_USUAL = 0.5  # share of rows with the usual number of columns
_PLACES, _LINES = 20, 100  # places all over a long table that are looked at, and lines at each
_LABELLED = 0.9  # share of lines that begin or end with a label


@dataclass(frozen=True, eq=False)
class Layout:
    """A table whose columns are known."""

    rows: TableRows
    header: tuple[str, ...]  # names of the columns; empty where the first line is data
    columns: tuple[TableColumn, ...]
    found: ColumnRoles  # by what stands in the columns
    preview: tuple[tuple[str, ...], ...]  # cells of the first rows
    sample: Sequence[Cells]  # rows from all over the table, in its order
    notes: tuple[str, ...] = ()  # what was decided, in sentences


def find_layout(file: Unpacked, *, encoding: str | None = None, heading: bool | None = None) -> Layout:
    """How a file is written.

    Args:
        encoding: of a text; None: found out.
        heading: whether the first line names the columns; None: found out.

    Raises:
        VectorFileError: no text, damaged, or in an encoding that has to be chosen.
        InvalidText: no table with a text and a label.
    """
    if file.kind in ARROW:
        rows = ArrowRows.of(file)
        return _layout(file.name, rows, rows.names, rows.names)
    text = plain_text(file, encoding=encoding)
    if not text.data.strip():
        raise InvalidText(f"{text.name} is empty: give a table with one sentence and its label on each line.")
    return replace(_of_text(text, heading), notes=tuple(text.notes()))


def _of_text(text: PlainText, heading: bool | None) -> Layout:
    if text.json_kind is not None:
        records = JsonRows(text)
        return _layout(text.name, records, records.names, records.names)
    places = _places(text.data)
    first = [line for line in places[0] if line.strip()]
    if first and sum(map(bool, map(LABELLED.match, first))) >= _LABELLED * len(first):
        lines = LabelledRows(text)
        return _layout(text.name, lines, (), lines.names)
    return _delimited(text, places, heading)


def join_layouts(name: str, layouts: Sequence[tuple[Part, Layout]]) -> Layout | None:
    """One table of several, each of which is a part of it; None where their columns differ."""
    first = layouts[0][1]
    headers = {layout.header for _, layout in layouts if layout.header}
    if len({len(layout.columns) for _, layout in layouts}) > 1 or len(headers) > 1:
        return None
    header = headers.pop() if headers else ()
    names = [*(header or [column.name for column in first.columns]), "part"]
    rows = JoinedRows([(part, layout.rows) for part, layout in layouts])
    sample = [[*cells, part] for part, layout in layouts for cells in layout.sample]
    shown = [[*cells, part] for part, layout in layouts for cells in layout.preview]
    joined = _layout(name, rows, (*header, "part") if header else (), names, sample, shown)
    return replace(joined, notes=tuple(dict.fromkeys(note for _, layout in layouts for note in layout.notes)))


def _sampled(rows: TableRows) -> list[Cells]:
    """The first rows, and some 2,000 to 4,000 from all over."""
    there = (cells for _, cells in rows if cells is not None)
    first = list(islice(there, PREVIEWED))
    kept: list[Cells] = []
    every = 1
    for i, cells in enumerate(there):
        if i % every == 0:
            kept.append(cells)
            if len(kept) >= 2 * _PLACES * _LINES:
                kept, every = kept[::2], 2 * every
    return [*first, *kept]


def _delimited(text: PlainText, places: Sequence[list[str]], heading: bool | None) -> Layout:
    """The division of lines in which there are a text and a label, or else the most regular one."""
    found: list[tuple[bool, bool, float, Layout]] = []
    several = False
    for form, records in possible_forms(places[0], DELIMITERS | BLANK, usual=_USUAL, remarks=False):
        if form.separator in BLANK and not form.all_quoted:
            continue
        several = True
        names = records[0][1]
        if _is_of_r(names, [fields for _, fields in records[1:]], form.width):
            form, names = replace(form, row_names=True), ["", *names]
        else:
            names = next((fields for _, fields in _fitting(records, form)), [])
        others = [fields for _, fields in _fitting(records, form) if fields is not names]
        for lines in places[1:]:
            sample = islice(records_of(GivenLines(lines), replace(form, skip=0), opens_no_quote), _LINES)
            others += [fields for _, fields in _fitting(sample, form)]
        headed = bool(names) and (heading or (heading is None and is_heading(names, others)))
        if headed and not others:
            raise InvalidText(f"{text.name} has a line of column names and no rows below it.")
        if not headed and form.row_names:
            form, names = replace(form, row_names=False), []
        rows = others if headed or not names else [names, *others]
        header = tuple(cell.strip() for cell in names) if headed else ()
        try:
            divided = DelimitedRows(text, form, headed)
            table = _layout(text.name, divided, header, header or [""] * form.width, rows)
        except InvalidText:
            continue
        regular = sum(len(fields) == form.width for _, fields in records) / len(records)
        label = table.columns[table.found.label]
        clean = label.few and not any(sign in value for value in label.values for sign in (*DELIMITERS, '"'))
        found.append((clean, label.few, regular, table))
    if found:
        return max(found, key=lambda each: each[:3])[3]  # of equal ones the first, which is rarer in sentences
    if several:
        raise InvalidText(f"{text.name} has no column for the label beside the text: add one.")
    start = " ".join(places[0][0].split())[:50] if places[0] else ""
    raise InvalidText(
        f"{text.name} has no two columns: no tab, comma, semicolon or vertical bar cuts its lines evenly. It begins "
        f"“{start}…”. Write the text, a tab and the label on each line; put text that contains commas in quotes."
    )


def _layout(
    name: str,
    rows: TableRows,
    header: tuple[str, ...],
    names: Sequence[str],
    sample: Sequence[Cells] | None = None,
    first: Sequence[Cells] | None = None,
) -> Layout:
    """A table by its columns' names and some of its rows, which are looked for where they are not given."""
    sample = _sampled(rows) if sample is None else sample
    first = sample if first is None else first
    columns = describe_columns(names, sample)
    found = find_roles(columns, sample)
    if found is None:
        raise InvalidText(f"{name} has no column for the label beside the text: add one.")
    preview = tuple(tuple(cell.strip() for cell in cells) for cells in first[:PREVIEWED])
    return Layout(rows, header, with_reasons(columns, found), found, preview, sample)


def _is_of_r(first: Sequence[str], others: Sequence[Sequence[str]], width: int) -> bool:
    """Whether a first line names all columns but the rows' names, as R writes it; not where the heading is below it.

    Of two columns it names one, as a line does that stands above a heading.
    """
    if len(first) != width - 1 or width < 3 or not others:
        return False
    return len(others[0]) != width or not is_heading(others[0], [row for row in others[1:] if len(row) == width])


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
