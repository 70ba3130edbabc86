"""JSON: lines, lists and maps of words with vectors, and the shapes in which pandas writes a table."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Any

from embedlab.errors import VectorFileError
from embedlab.formats.collector import Collector
from embedlab.formats.limits import MB, shown_word, size
from embedlab.formats.packed.source import CUT_OFF, Source
from embedlab.formats.report import COUNT, NOT_UTF8
from embedlab.formats.tables.gathering import NO_JSON, Gathering, Words
from embedlab.formats.tables.json_answers import of_floats, records_inside, unpacked
from embedlab.formats.tables.roles import IN_ROW_ORDER, Columns, assign_roles
from embedlab.formats.tables.values import Repeated, describe, is_nested, listed, numbers_of, parsed
from embedlab.formats.text.encodings import to_utf8

_SAMPLE = 200  # rows looked at
_MOST_COLUMNS = 10_000
_FREE, _RATIO = 96 * MB, 16  # memory that parsing may take: so much, or so many times the bytes
_LINES = "Write one object a line (JSON lines), or Parquet."
# Keys under which a list of records stands.
_LISTS = {"data", "records", "rows", "items", "embeddings", "vectors", "results"}
_SHAPES = (
    "Readable are objects with a word and a list of numbers, one a line or in a list, and a map of words to lists."
)

Value = tuple[int, Any]  # place, what stands there


@dataclass(frozen=True)
class _Table:
    """Rows of JSON: objects, or lists of values; `names` where the columns are named elsewhere."""

    rows: Iterator[Value]
    names: tuple[str, ...] | None = None
    count: int | None = None  # rows, where it is known
    notes: tuple[str, ...] = ()  # what was guessed or left out, for the report


def read_json(source: Source, *, lines: bool, columns: Columns, words: Words | None = None) -> Collector:
    """Reads JSON lines, or one JSON value.

    Args:
        lines: one value a line; False: the file is one value.
        columns: what the caller chose.
        words: for a table of numbers only.

    Raises:
        SeveralFiles: several columns of vectors, and none was chosen.
        FileTooLarge: parsing it whole would take too much memory.
        VectorFileError: not JSON, no vectors, no such column, no words, or too many rows that do not fit.
    """
    source, used = to_utf8(source, "utf-8")
    if lines:
        count = None if words is None else source.lines_ahead()
        rows = _read_table(source, _Table(_of_lines(_lines(source)), count=count), columns, words, place="line")
    else:
        data = _whole(source)
        try:
            value = parsed(data.decode("utf-8"))
        except json.JSONDecodeError as error:
            if error.msg == "Extra data" and b"\n" in data.strip():
                table = _Table(_of_lines(enumerate(data.split(b"\n"), 1)))
                return _finished(source, _read_table(source, table, columns, words, place="line"), "JSON lines", used)
            at = f"line {error.lineno:,}"
            raise source.refusal("this is not JSON, or it is cut off", CUT_OFF, at=at) from None
        except RecursionError:
            raise source.refusal("the JSON is nested too deeply", _SHAPES) from None
        except UnicodeDecodeError as error:
            raise source.refusal(
                "the JSON is not UTF-8", "Write it in UTF-8.", at=f"byte {error.start + 1:,}"
            ) from None
        except ValueError:
            raise source.refusal("the JSON holds a number of thousands of digits", "Mend that number.") from None
        del data
        rows = _read_table(source, _shaped(value, source), columns, words, place="row")
    return _finished(source, rows, "JSON lines" if lines else "JSON", used)


def json_records(source: Source, *, lines: bool) -> tuple[tuple[str, ...], Iterator[Value]]:
    """The names of the columns of any table in JSON, and its rows one by one, each with its place and one value a name.

    Args:
        lines: one value a line; False: the file is one value.

    Raises VectorFileError: not JSON, or no table.
    """
    if lines:
        table = _Table(_of_lines(_lines(source)))
    else:
        try:
            value = parsed(_whole(source))
            if isinstance(value, dict) and (columns := _columns_by_row(value)):
                value = columns
            table = _shaped(value, source)
        except (ValueError, RecursionError) as error:
            if isinstance(error, VectorFileError):
                raise
            raise source.refusal("this is not JSON, or it is cut off", CUT_OFF) from None
    sample = list(islice(table.rows, _SAMPLE))
    names = table.names or _names([value for _, value in sample if not isinstance(value, _Odd)] or [[]])
    rows = chain(sample, table.rows)
    return names, ((at, () if isinstance(value, _Odd) else _cells(value, names) or ()) for at, value in rows)


def _columns_by_row(value: dict[str, Any]) -> list[dict[str, Any]]:
    """The records of pandas' to_json(), whose columns are objects from the rows' numbers to values; [] for others."""
    columns = list(value.values())
    if not columns or not all(isinstance(column, dict) and column for column in columns):
        return []
    keys = list(columns[0])
    if not all(key.isdecimal() for key in keys) or any(list(column) != keys for column in columns):
        return []
    return [{name: column[key] for name, column in value.items()} for key in keys]


def _finished(source: Source, rows: Gathering, format: str, encoding: str) -> Collector:
    result = rows.finish(format)
    result.encoding = encoding
    return result


def _read_table(source: Source, table: _Table, chosen: Columns, words: Words | None, *, place: str) -> Gathering:
    sample = list(islice(table.rows, _SAMPLE))
    # {"cat": [0.1, 0.2]} and {"sea": [0.3, 0.4]} hold words, {"v": [0.1, 0.2]} and {"v": [0.3, 0.4]} a column.
    keys = [key for _, value in sample if isinstance(value, dict) and len(value) == 1 for key in value]
    unfold = len(set(keys)) > 1 or (len(keys) == 1 and words is None)
    sample = [(at, _row(value, unfold=unfold)) for at, value in sample]
    values = [value for _, value in sample if not isinstance(value, _Odd)]
    if not values:
        odd = next((value for _, value in sample if isinstance(value, _Odd)), None)
        raise source.refusal(odd.cause if odd else "the JSON holds no rows", _SHAPES)
    names = table.names or _names(values)
    if not names:
        raise source.refusal("the rows are empty", _SHAPES)
    if len(names) > _MOST_COLUMNS:
        raise source.too_large(f"{len(names):,} columns", f"At most {_MOST_COLUMNS:,} are allowed. {_SHAPES}")
    named = table.names is not None or any(isinstance(value, dict) for value in values)
    cells = [_cells(value, names) for value in values]
    columns = [
        describe(name, [row[i] for row in cells if row is not None and len(row) == len(names)])
        for i, name in enumerate(names)
    ]
    roles = assign_roles(columns, chosen, source=source, has_words=words is not None, named=named)
    rows = Gathering(source, columns, roles, words, place=place, count=table.count)
    rows.rows.notes += table.notes
    read: Iterator[Value] = chain(sample, ((at, _row(value, unfold=unfold)) for at, value in table.rows))
    if roles.word is None and place == "row":
        read = _by_index(read, rows)
    for at, value in read:
        if rows.enough():
            break
        if isinstance(value, _Odd):
            rows.leave_out(value.reason, at, value.cause)
        elif (row := _cells(value, names)) is None or len(row) != len(names):
            rows.leave_out(COUNT, at, f"{len(row or ()):,} values where {len(names):,} are expected")
        else:
            rows.take_values(at, row)
    return rows


def _by_index(values: Iterator[Value], rows: Gathering) -> Iterator[Value]:
    """Rows in the order of their "index", as services answer with a list of texts, if it numbers all of them."""
    read = list(values)
    index: list[Any] = [value.get("index") if isinstance(value, dict) else None for _, value in read]
    if all(type(i) is int for i in index) and sorted(index) == list(range(len(index))) != index:
        rows.rows.notes = [note for note in rows.rows.notes if not note.startswith(IN_ROW_ORDER)]
        rows.rows.notes.append("The rows were put in the order of column “index”, which is that of the words.")
        read = [read[at] for at in sorted(range(len(read)), key=index.__getitem__)]
    return iter(read)


@dataclass(frozen=True)
class _Odd:
    """A row that could not be read."""

    reason: str
    cause: str


def _row(value: Any, *, unfold: bool) -> Any:
    """A row as an object or a list; an object of a single word and its vector, if asked, as the two."""
    if unfold and isinstance(value, dict) and len(value) == 1:
        ((word, vector),) = value.items()
        vector = listed(vector)
        if isinstance(vector, list):
            return [word, vector]
    if isinstance(value, dict):
        return unpacked(value)
    if isinstance(value, list | _Odd):
        return value
    return _Odd(NO_JSON, f"{shown_word(str(value)[:50])} is no object and no list")


def _names(values: Sequence[Any]) -> tuple[str, ...]:
    """Names of the columns: the keys of the objects, or numbers from 1."""
    objects = [value for value in values if isinstance(value, dict)]
    if objects:
        return tuple(dict.fromkeys(key for value in objects for key in value))
    lengths = [len(value) for value in values]
    usual = max(set(lengths), key=lambda n: (lengths.count(n), n))
    return tuple(str(i) for i in range(1, usual + 1))


def _cells(value: Any, names: Sequence[str]) -> Sequence[Any] | None:
    if isinstance(value, dict):
        return [listed(v) if type(v) is dict else v for v in map(value.get, names)]
    return [listed(v) if type(v) is dict else v for v in value] if isinstance(value, list | tuple) else None


def _lines(source: Source) -> Iterator[tuple[int, bytes]]:
    """Lines with their numbers."""
    most, number, rest = source.limits.line_bytes, 0, b""
    newline = b"\n" if b"\n" in source.peek(most + 1) else b"\r"
    while data := source.read(MB):
        pieces = (rest + data).split(newline)
        rest = pieces.pop()
        for piece in pieces:
            number += 1
            _check_line(piece, number, source)
            yield number, piece
        _check_line(rest, number + 1, source)
    if rest:
        yield number + 1, rest


def _check_line(line: bytes, number: int, source: Source) -> None:
    if len(line) > source.limits.line_bytes:
        raise source.too_large(
            f"the line is longer than {size(source.limits.line_bytes)}",
            "One object a line is expected.",
            at=f"line {number:,}",
        )


def _of_lines(lines: Iterable[tuple[int, bytes]]) -> Iterator[Value]:
    """The value of each line that is not blank."""
    for number, line in lines:
        if not line.strip():
            continue
        try:
            yield number, parsed(line.decode("utf-8"))
        except UnicodeDecodeError:
            yield number, _Odd(NOT_UTF8, "the line is not UTF-8")
        except (ValueError, RecursionError):
            yield number, _Odd(NO_JSON, "the line is not JSON, or it is cut off")


def _whole(source: Source) -> bytes:
    """All bytes, refused where parsing them would take too much memory; a little more than numbers take is allowed."""
    parts, length, most = [], 0, source.limits.memory_bytes
    needed = 0
    while part := source.read(MB):
        parts.append(part)
        length += len(part)
        # A number and its place take 32 bytes, a list 64, an object 184 with one key and a text 50 at least.
        needed += len(part) * 2 + 32 * part.count(b",") + 64 * part.count(b"[") + 184 * part.count(b"{")
        needed += 40 * part.count(b'"')
        if needed > min(most, max(_FREE, _RATIO * length)):
            raise source.too_large(f"parsing this JSON takes more than {size(needed)} of memory", _LINES)
    return b"".join(parts)


def _shaped(value: Any, source: Source) -> _Table:
    """The table in one JSON value."""
    if isinstance(value, list):
        if value and all(isinstance(item, str) for item in value[:_SAMPLE]):
            raise source.refusal("the JSON is a list of text, without numbers", _SHAPES)
        return _Table(enumerate(value, 1), count=len(value))
    if not isinstance(value, dict) or not value:
        raise source.refusal("the JSON holds no table", _SHAPES)
    if isinstance(value.get("columns"), list) and isinstance(value.get("data"), list):
        return _split_frame(value)
    if inside := records_inside(value):
        found = _shaped(inside.records, source)
        return replace(found, notes=(*found.notes, *_told_left_out(inside.left_out)))
    pairs = [(key, of_floats(item)) for key, item in (value.pairs if isinstance(value, Repeated) else value.items())]
    inner = [item for _, item in pairs]
    if all(isinstance(item, dict) and item for item in inner):
        return _frame(pairs)
    held = [key for key, item in pairs if isinstance(item, list) and item and isinstance(item[0], dict)]
    if len(held) == 1 and (len(pairs) == 1 or held[0].lower() in _LISTS):
        return _Table(enumerate(value[held[0]], 1))  # {"schema": …, "data": [records]}
    lists = [item for item in inner if isinstance(item, list)]
    if len(lists) == len(inner) and len(inner) > 1 and len(set(map(len, lists))) == 1 and not _all_numbers(lists):
        rows = zip(*lists, strict=True)
        return _Table(enumerate(map(list, rows), 1), tuple(key for key, _ in pairs))  # {"word": […], "vector": [[…]]}
    if table := _beside_settings(pairs, source):
        return table
    if any(isinstance(item, str) for item in inner) and any(numbers_of(listed(item)) for item in inner):
        return _Table(iter([(1, value)]))  # one record
    if not any(isinstance(item, list) for item in inner):
        raise source.refusal("the JSON is an object without lists of numbers", _SHAPES)
    return _Table(enumerate(([key, item] for key, item in pairs), 1))  # {"cat": [0.1, 0.2]}


def _beside_settings(pairs: Sequence[tuple[str, Any]], source: Source) -> _Table | None:
    """The table in an object that also says what it is: {"model": …, "words": […], "vectors": [[…]]}."""
    held = [(key, item) for key, item in pairs if is_nested(item)]
    if len(held) < len(pairs) and len(held) == 1 and isinstance(held[0][1], dict) and held[0][1]:
        if not all(is_nested(item) for item in held[0][1].values()):
            return None
        table, taken = _shaped(held[0][1], source), held  # {"dim": 2, "vectors": {"cat": [0.1, 0.2]}}
    else:
        vectors = [item for _, item in held if isinstance(item, list) and item and numbers_of(listed(item[0]))]
        if len(vectors) != 1 or isinstance(vectors[0][0], str):
            return None
        taken = [(key, item) for key, item in held if isinstance(item, list) and len(item) == len(vectors[0])]
        columns = zip(*(item for _, item in taken), strict=True)
        table = _Table(enumerate(map(list, columns), 1), tuple(key for key, _ in taken), count=len(vectors[0]))
    rest = [key for key, _ in pairs if key not in dict(taken)]
    return replace(table, notes=(*table.notes, *_told_left_out(rest)))


def _told_left_out(keys: Sequence[str]) -> list[str]:
    shown = ", ".join(map(shown_word, keys[:5]))
    return [f"Left out (no column of the table): {shown}{', …' * (len(keys) > 5)}."] if keys else []


def _all_numbers(lists: Sequence[list[Any]]) -> bool:
    return all(not any(isinstance(item, str) or is_nested(item) for item in values[:_SAMPLE]) for values in lists)


def _split_frame(value: Mapping[str, Any]) -> _Table:
    """pandas' to_json(orient="split"): names, index and rows apart."""
    names = tuple(str(name) for name in value["columns"])
    index = value.get("index")
    rows = value["data"]
    if not (isinstance(index, list) and len(index) == len(rows)):
        return _Table(enumerate(rows, 1), names)
    with_index = ([at, *row] if isinstance(row, list) else row for at, row in zip(index, rows, strict=True))
    return _Table(enumerate(with_index, 1), ("index", *names))


def _frame(pairs: Sequence[tuple[str, Mapping[str, Any]]]) -> _Table:
    """pandas' to_json: a map of columns to maps of rows, or (orient="index") of rows to maps of columns."""
    of_columns = _is_of_columns(pairs)
    guess = f"Whether the outer or inner names are words, was guessed: the {'inner' if of_columns else 'outer'} ones."
    notes = (guess,) if _names_tell_nothing(pairs) else ()
    if of_columns:
        keys = tuple(dict.fromkeys(key for _, column in pairs for key in column))
        rows = ([_index_of(key), *(column.get(key) for _, column in pairs)] for key in keys)
        return _Table(enumerate(rows, 1), ("index", *(name for name, _ in pairs)), notes=notes)
    names = tuple(dict.fromkeys(key for _, row in islice(pairs, _SAMPLE) for key in row))
    rows = ([_index_of(key), *(row.get(name) for name in names)] for key, row in pairs)
    return _Table(enumerate(rows, 1), ("index", *names), notes=notes)


def _is_of_columns(pairs: Sequence[tuple[str, Mapping[str, Any]]]) -> bool:
    """Whether the outer keys are columns: each holds values of one type; or, of numbers alone, their names run on."""
    inner = [{_type_of(v) for v in islice(item.values(), _SAMPLE)} - {None} for _, item in islice(pairs, _SAMPLE)]
    if any(len(types) > 1 for types in inner):
        return False
    if len(set().union(*inner)) > 1:
        return True
    outer_numbered = _numbered(key for key, _ in pairs)
    inner_numbered = _numbered(key for _, item in islice(pairs, _SAMPLE) for key in item)
    if not outer_numbered and not inner_numbered:
        return len(pairs) <= max(len(item) for _, item in islice(pairs, _SAMPLE))  # words are more than dimensions
    return outer_numbered or not inner_numbered


def _names_tell_nothing(pairs: Sequence[tuple[str, Mapping[str, Any]]]) -> bool:
    """Whether it is numbers alone, and both the outer and the inner names are numbered, or neither."""
    some = list(islice(pairs, _SAMPLE))
    types = {_type_of(v) for _, item in some for v in islice(item.values(), _SAMPLE)} - {None}
    return types == {"number"} and _numbered(k for k, _ in pairs) == _numbered(k for _, i in some for k in i)


def _numbered(names: Iterable[str]) -> bool:
    return all(re.search(r"\d$", name) for name in names)


def _type_of(value: Any) -> str | None:
    if value is None:
        return None
    return "number" if isinstance(value, int | float) else type(value).__name__


def _index_of(key: str) -> Any:
    """A key of an index: a row's number, or text."""
    return int(key) if re.fullmatch(r"\d{1,15}", key) else key
