"""Data frames: records as a table to sort, search and click.

Streamlit turns rows into pandas, and pandas into Arrow. Here they become Arrow at once: pandas is 50 MB and a fifth of
a second for the first table of a process.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import accumulate
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from embedlab.ui.tables.number_table import LARGE

if TYPE_CHECKING:
    import pyarrow as pa

_TOO_LARGE = 1_000_000_000  # from here on a table's own notation is shorter
_POWER = 22  # pixels that a number in powers of ten is wider


def draw(rows: "Sequence[Mapping[str, Any]] | pa.Table", **look: Any) -> Any:
    """Draws records as a table; returns what is selected in it, if `look` says that something can be.

    Args:
        rows: records; a table of Arrow is sent as it is.
        look: further arguments of `st.dataframe`. What `column_config` leaves out is as `columns_of` says.
    """
    if isinstance(rows, Sequence):
        look["column_config"] = columns_of(rows) | look.get("column_config", {})
        rows = arrow(rows)
    # Not asked for, lazy tables would be looked for among those of pandas.
    return st.dataframe(rows, hide_index=True, placeholder="", lazy=False, **look)


def arrow(rows: Sequence[Mapping[str, Any]]) -> "pa.Table":
    """Records as a table of Arrow, its columns in the order in which they are first met.

    Numbers, truth values and lists stay what they are; None, NaN and what a record leaves out are empty cells. All
    other values are texts, and so is each value of a column of several kinds.
    """
    names = dict.fromkeys(name for row in rows for name in row)
    return arrow_of({name: [row.get(name) for row in rows] for name in names})


def arrow_of(columns: Mapping[str, Sequence[Any]]) -> "pa.Table":
    """Columns, all equally long, as a table of Arrow like that of `arrow`."""
    import pyarrow as pa

    return pa.Table.from_arrays([_array(values) for values in columns.values()], names=list(columns))


def _array(values: Sequence[Any]) -> "pa.Array":
    """A column, from its bytes: pyarrow's own ways from Python's values load pandas to ask whether they are its own."""
    import pyarrow as pa

    kinds = {type(value) for value in values} - {type(None)}

    def all_are(*parents: type) -> bool:
        return all(issubclass(kind, parents) for kind in kinds)

    missing = np.array([value is None or value != value for value in values], bool)
    valid = pa.py_buffer(np.packbits(~missing, bitorder="little"))

    def filled(other: Any) -> list[Any]:
        return [other if lost else value for value, lost in zip(values, missing.tolist(), strict=True)]

    if missing.all():
        return pa.nulls(len(values))
    if all_are(bool, np.bool_):
        bits = np.packbits(np.array(filled(False), bool), bitorder="little")
        return pa.Array.from_buffers(pa.bool_(), len(values), [valid, pa.py_buffer(bits)])
    if all_are(Real) and bool not in kinds:
        given = filled(0)
        kind = (np.int64 if min(given) < 0 or max(given) < 2**63 else np.uint64) if all_are(Integral) else np.float64
        with suppress(OverflowError):  # of a whole number with more digits: then they are texts
            numbers = np.array(given, kind)
            return pa.Array.from_buffers(pa.from_numpy_dtype(kind), len(values), [valid, pa.py_buffer(numbers)])
    if all_are(list, tuple):
        lists = filled(())
        inner = _array([value for each in lists for value in each])
        return pa.Array.from_buffers(pa.list_(inner.type), len(values), [valid, _offsets(lists)], children=[inner])
    texts = [str(text).encode("utf-8", "replace") for text in filled("")]
    return pa.Array.from_buffers(pa.string(), len(values), [valid, _offsets(texts), pa.py_buffer(b"".join(texts))])


def _offsets(parts: Sequence[Sequence[Any]]) -> "pa.Buffer":
    """Where each part begins, and where the last one ends."""
    import pyarrow as pa

    return pa.py_buffer(np.array([0, *accumulate(map(len, parts))], np.int32))


def for_dataframe(
    rows: Sequence[Mapping[str, Any]], digits: Mapping[str, int], *, width: int | None = None
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Rows, and the configuration of their columns of numbers, for `draw`.

    A column with a large number is written in powers of ten, as text: the browser's tables refuse those above 2⁵³.

    Args:
        digits: how many decimals each of these columns has.
        width: of a column, in pixels, for numbers below 1,000.
    """
    texts = {name for name in digits if any(abs(row[name]) >= LARGE for row in rows)}
    wide = None if width is None else width + _POWER
    columns = {
        name: st.column_config.TextColumn(width=wide, alignment="right")
        if name in texts
        else st.column_config.NumberColumn(format=f"%.{decimals}f", width=width)
        for name, decimals in digits.items()
    }
    shown = [{name: f"{value:.1e}" if name in texts else value for name, value in row.items()} for row in rows]
    return shown, columns


def columns_of(rows: Sequence[Mapping[str, Any]], most: int = 4) -> dict[str, Any]:
    """How `st.dataframe` writes columns of numbers: whole ones with separators, others with as many decimals each.

    Columns of other things, and of numbers too large for a table or too small for so many decimals, are left to it.

    Args:
        most: decimals at most; a column has as many as its longest number needs.
    """
    columns = {}
    for name in dict.fromkeys(name for row in rows for name in row):
        values = [row[name] for row in rows if row.get(name) is not None]
        if not values or any(isinstance(value, bool) or not isinstance(value, Real) for value in values):
            continue
        if not all(abs(value) < _TOO_LARGE for value in values):
            continue
        if any(values) and not any(round(value, most) for value in values):
            continue
        if all(isinstance(value, Integral) for value in values):
            columns[name] = st.column_config.NumberColumn(format="localized")
        else:
            decimals = max(len(f"{value:.{most}f}".rstrip("0").partition(".")[2]) for value in values)
            columns[name] = st.column_config.NumberColumn(format=f"%.{decimals}f")
    return columns
