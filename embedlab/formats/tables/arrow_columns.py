"""Columns of Arrow and Parquet tables in Python: what they hold, their values, and the words of lists."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from embedlab.errors import EmbedlabError, VectorFileError
from embedlab.formats.limits import GIVE_WORDS, shown_name, shown_word
from embedlab.formats.packed.source import Source
from embedlab.formats.tables.arrow_files import (
    SAVE_AGAIN,
    Kind,
    ParquetTable,
    StreamTable,
    is_list,
    is_number,
    is_text,
    is_usable,
    is_view,
    stored,
)
from embedlab.formats.tables.roles import MOST_NUMBERS, Columns, find_column, find_words
from embedlab.formats.tables.values import Column, describe, word_of

_SAMPLE = 200  # rows looked at
_BATCH = 1 << 16  # rows
_FRACTION = re.compile(r"(?:(\.\d*[1-9])|\.)0+(?=(?:Z|[+-]\d{4})?$)")  # of a second
_MIDNIGHT = re.compile(r"(?<=-\d\d) 00:00:00Z?$")


def read_arrow_words(
    file: BinaryIO, source: Source, *, kind: Kind, columns: Columns
) -> tuple[list[str | None], list[str]]:
    """The words of a table that is a list of words, and notes.

    Raises VectorFileError: damaged, no column of text, or no such column.
    """
    with refused(source):
        table = opened(file, source, kind)
        described = sampled(table, source)
        if columns.word is None:
            place = find_words(described, named=True)
        else:
            place = find_column(described, columns.word, source)
        if place is None:
            raise source.refusal("no column of the table holds text", GIVE_WORDS, asks="words")
        batches = (column_of(batch, described[place].name) for batch in table.batches([place], _BATCH))
        words = [word_of(value) for column in batches for value in values_of(column)]
    if len(described) == 1:
        return words, []
    said = f"The words are the column {shown_word(described[place].name)} of {shown_name(source.name)}."
    return words, [said]


def is_arrow_list(file: BinaryIO, source: Source, *, kind: Kind) -> bool:
    """Whether a table is a list of words: text, with hardly a number beside it."""
    try:
        with refused(source):
            described = sampled(opened(file, source, kind), source)
    except VectorFileError:
        return False  # reading it says what is wrong
    numbers = [column for column in described if column.kind == "number"]
    kinds = {column.kind for column in described}
    few = len(numbers) <= MOST_NUMBERS and sum(not column.whole for column in numbers) <= 1
    return "text" in kinds and not kinds & {"list", "nested"} and few


def opened(file: BinaryIO, source: Source, kind: Kind) -> ParquetTable | StreamTable:
    """A table, once what it states of its sizes was checked."""
    return ParquetTable(file, source) if kind == "parquet" else StreamTable(file, source, kind)


def sampled(table: ParquetTable | StreamTable, source: Source) -> list[Column]:
    """What a table's columns hold, by its first rows."""
    usable = [i for i, field in enumerate(table.schema) if is_usable(field.type)]
    if not usable:
        raise source.refusal("no column of the table holds numbers or text", "Choose another file.")
    batch = next((b for b in table.batches(usable, _SAMPLE) if b.num_rows), None)
    if batch is None:
        raise source.refusal("the table has no rows", "A table needs one row with numbers at least.")
    return [_described(field, column_of(batch, field.name)) for field in table.schema]


@contextmanager
def refused(source: Source) -> Iterator[None]:
    """Turns whatever pyarrow raises into a refusal."""
    import pyarrow as pa

    try:
        yield
    except EmbedlabError:
        raise
    except (pa.ArrowException, OSError, ValueError, TypeError, LookupError, RecursionError) as error:
        text = str(error).lower()
        if "encrypt" in text or "decrypt" in text:
            raise source.refusal("the table is encrypted", "Write it without encryption.") from None
        if "codec" in text or isinstance(error, pa.ArrowNotImplementedError):
            raise source.refusal(
                "the table uses a compression or type that cannot be read here",
                "Write it again with zstd or snappy, and the vectors as lists of float32.",
            ) from None
        raise source.refusal("the table is damaged or cut off", SAVE_AGAIN) from None


def column_of(batch: Any, name: str) -> Any:
    """A batch's column, without an extension type around it."""
    import pyarrow as pa

    position = batch.schema.get_field_index(name)
    if position < 0:
        return pa.nulls(batch.num_rows)
    column = batch.column(position)
    return column.storage if isinstance(column, pa.ExtensionArray) else column


def values_of(column: Any) -> list[Any]:
    """A column's values in Python; values of a dictionary are shared."""
    import pyarrow as pa

    kind = column.type
    if pa.types.is_dictionary(kind):
        values = column.dictionary.to_pylist()
        return [None if i is None else values[i] for i in column.indices.to_pylist()]
    if pa.types.is_temporal(kind):
        return [_date(text) for text in column.cast(pa.string()).to_pylist()]
    if pa.types.is_decimal(kind):
        column = column.cast(pa.float64())
    if pa.types.is_float16(kind) or pa.types.is_float32(kind):  # 0.1 is 0.1, not 0.10000000149011612
        narrow = kind.to_pandas_dtype()
        return [None if value is None else float(str(narrow(value))) for value in column.to_pylist()]
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return column.to_pylist()  # type: ignore[no-any-return]
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or is_view(kind):
        column = column.cast(pa.large_binary())  # whatever is not UTF-8 is told of each word
        return [_text(value) for value in column.to_pylist()]
    return column.to_pylist()  # type: ignore[no-any-return]


def _date(text: str | None) -> str | None:
    """A date or time without zeros that say nothing: at the end of a second, and of a day that is all that it names."""
    return text and _MIDNIGHT.sub("", _FRACTION.sub(r"\1", text))


def _text(value: bytes | None) -> str | bytes | None:
    try:
        return None if value is None else value.decode("utf-8")
    except UnicodeDecodeError:
        return value


def _described(field: Any, column: Any) -> Column:
    """What a column holds, by its type and a sample."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = stored(field.type)
    if not is_usable(field.type):
        return Column(field.name, "empty" if pa.types.is_null(kind) else "nested")
    if is_list(kind):
        if pa.types.is_fixed_size_list(kind):
            return Column(field.name, "list", length=kind.list_size)
        lengths = pc.list_value_length(column).drop_null().to_pylist()
        usual = max(set(lengths), key=lambda n: (n > 0, lengths.count(n), -n)) if lengths else 0
        return Column(field.name, "list", length=usual)
    if is_number(kind):
        found = describe(field.name, values_of(column.slice(0, _SAMPLE)))
        if found.kind == "empty":
            return Column(field.name, "number", whole=pa.types.is_integer(kind))
        return found
    values = values_of(column.slice(0, _SAMPLE))
    found = describe(field.name, values)
    if is_text(kind) and found.kind == "empty":
        return Column(field.name, "text")
    return found
