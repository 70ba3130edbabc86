"""Apache Arrow and Parquet: tables with embeddings, read batch by batch with pyarrow (Feather 2 is an Arrow file)."""

from collections.abc import Sequence
from typing import Any, BinaryIO

import numpy as np

from embedlab.arrays import Array, Mask
from embedlab.formats.collector import Collector
from embedlab.formats.packed.source import Source
from embedlab.formats.report import COUNT, NO_NUMBER
from embedlab.formats.tables.arrow_columns import column_of, opened, refused, sampled, values_of
from embedlab.formats.tables.arrow_files import (
    SAVE_AGAIN,
    Kind,
    ParquetTable,
    StreamTable,
    is_text,
    value_type,
)
from embedlab.formats.tables.gathering import BLOCK, NO_VECTOR, Gathering, Words
from embedlab.formats.tables.roles import Columns, Roles, assign_roles
from embedlab.formats.tables.values import Column, numbers_of, word_of
from embedlab.wording import counted

_NAMES: dict[Kind, str] = {"parquet": "Parquet", "arrow": "Arrow file", "arrow-stream": "Arrow stream"}


def read_arrow(
    file: BinaryIO, source: Source, *, kind: Kind, columns: Columns, words: Words | None = None
) -> Collector:
    """Reads a Parquet file, an Arrow file (Feather 2), or an Arrow stream.

    Args:
        file: seekable; read from its start.
        source: of the same file, for its name and limits.
        columns: what the caller chose.
        words: for a table of numbers only.

    Raises:
        SeveralFiles: several columns of vectors, and none was chosen.
        FileTooLarge: more than the limits allow.
        VectorFileError: damaged, encrypted, another version, no vectors, no such column, or no words.
    """
    with refused(source):
        file.seek(0)
        if file.read(4) == b"FEA1":
            raise source.refusal(
                "this is Feather, version 1", "Write it as Parquet or Feather 2: pandas.read_feather, then to_parquet."
            )
        table = opened(file, source, kind)
        rows = _read(table, source, columns, words)
        result = rows.finish(_NAMES[kind])
        if not table.ended:
            result.notes.append("The stream has no mark at its end: if that is not how it was made, it is cut off.")
        return result


def _read(table: ParquetTable | StreamTable, source: Source, chosen: Columns, words: Words | None) -> Gathering:
    """All rows of a table."""
    columns = sampled(table, source)
    roles = assign_roles(columns, chosen, source=source, has_words=words is not None)
    if roles.dimensions < 1:
        raise source.refusal("the vectors are empty", "Choose another column.", asks="columns")
    rows = Gathering(source, columns, roles, words, place="row", count=table.count)
    rows.rows.check_size(table.count)
    rows.rows.make_room(table.count)
    needed = sorted({*roles.vector, *roles.beside, *([] if roles.word is None else [roles.word])})
    step = max(1, min(BLOCK // roles.dimensions, 8192))
    first = 1
    types = {str(value_type(table.schema.field(i).type)) for i in roles.vector}
    if types - {"float", "string", "large_string"}:
        rows.rows.notes.append(f"The numbers were {', '.join(sorted(types))}; they were turned into float32.")
    for batch in table.batches(needed, step):
        if rows.enough():
            return rows
        for start in range(0, batch.num_rows, step):
            _take(batch.slice(start, step), first + start, columns, roles, rows)
        first += batch.num_rows
        del batch
    if first - 1 != table.count:
        raise source.refusal(f"the table says {counted(table.count, 'row')}, and {first - 1:,} are there", SAVE_AGAIN)
    return rows


def _take(batch: Any, first: int, columns: Sequence[Column], roles: Roles, rows: Gathering) -> None:
    """Takes one batch."""
    names = [columns[i].name for i in roles.vector]
    sound, block = (_list_block if roles.lists else _column_block)(batch, names, roles.dimensions)
    beside = {columns[i].name: values_of(column_of(batch, columns[i].name)) for i in roles.beside}
    if roles.word is None:
        words: list[str | None] = [""] * batch.num_rows
    else:
        words = [word_of(value) for value in values_of(column_of(batch, columns[roles.word].name))]
    at = np.flatnonzero(sound)
    if len(at) == batch.num_rows:
        rows.take_block(words, block, range(first, first + batch.num_rows), beside)
        return
    # Rows that do not fit are left out in their order, so that a list of words beside the table stays in step.
    start = 0
    done = 0
    for odd in [*np.flatnonzero(~sound).tolist(), batch.num_rows]:
        if odd > start:
            part = {name: values[start:odd] for name, values in beside.items()}
            rows.take_block(words[start:odd], block[done : done + odd - start], range(first + start, first + odd), part)
            done += odd - start
        if odd < batch.num_rows:
            _leave_out(batch, odd, first + odd, names, roles, rows)
        start = odd + 1


def _leave_out(batch: Any, at: int, place: int, names: list[str], roles: Roles, rows: Gathering) -> None:
    if not roles.lists:
        rows.leave_out(NO_NUMBER, place, "a number is missing")
        return
    value = column_of(batch, names[0]).slice(at, 1).to_pylist()[0]
    if value is None:
        rows.leave_out(NO_VECTOR, place, "there is no vector")
    elif isinstance(value, list) and len(value) == roles.dimensions:
        rows.leave_out(NO_NUMBER, place, "a number is missing")
    elif isinstance(value, list):
        rows.leave_out(COUNT, place, f"{counted(len(value), 'number')} where {roles.dimensions:,} are expected")
    else:
        rows.leave_out_vector(place, value)


def _list_block(batch: Any, names: list[str], dimensions: int) -> tuple[Mask, Array]:
    """Which rows of a batch hold D numbers: (r,); and their numbers: (sound rows, D)."""
    import pyarrow.compute as pc

    column = column_of(batch, names[0])
    if is_text(column.type):
        vectors = [numbers_of(value) for value in values_of(column)]
        sound = np.array([v is not None and len(v) == dimensions for v in vectors], bool)
        kept = [v for v in vectors if v is not None and len(v) == dimensions]
        return sound, np.array(kept, np.float64).reshape(len(kept), dimensions)
    lengths = pc.fill_null(pc.list_value_length(column), -1).to_numpy(zero_copy_only=False)
    sound = np.asarray(lengths == dimensions)
    if not sound.all():
        import pyarrow as pa

        column = column.filter(pa.array(sound))
    flat = column.flatten()
    block = _numbers(flat).reshape(-1, dimensions)
    if flat.null_count:
        missing = flat.is_null().to_numpy(zero_copy_only=False).reshape(-1, dimensions).any(axis=1)
        sound[np.flatnonzero(sound)[missing]] = False
        block = block[~missing]
    return sound, block


def _column_block(batch: Any, names: list[str], dimensions: int) -> tuple[Mask, Array]:
    """As `_list_block`, of one column of numbers for each dimension."""
    columns = [column_of(batch, name) for name in names]
    sound = np.ones(batch.num_rows, bool)
    for column in columns:
        if column.null_count:
            sound &= column.is_valid().to_numpy(zero_copy_only=False)
    block = np.column_stack([_numbers(column) for column in columns])
    return sound, block if sound.all() else block[sound]


def _numbers(array: Any) -> Array:
    """Numbers of an Arrow array; NaN where one is missing."""
    import pyarrow as pa

    if pa.types.is_decimal(array.type):
        array = array.cast(pa.float64())
    if array.null_count and not pa.types.is_floating(array.type):
        array = array.cast(pa.float64(), safe=False)
    return np.asarray(array.to_numpy(zero_copy_only=False))
