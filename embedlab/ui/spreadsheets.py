"""Tables as CSV that a spreadsheet shows and never runs."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def to_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """CSV text with a heading. Text that a spreadsheet would take for a formula gets an apostrophe in front.

    Numbers stay as they are, a leading minus included. Source: OWASP, CSV Injection.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for row in (header, *rows):
        writer.writerow([_safe(cell) for cell in row])
    return out.getvalue()


def records_to_csv(records: Sequence[Mapping[str, object]]) -> str:
    """`to_csv` of rows that all have the same keys, the heading; at least one."""
    return to_csv(list(records[0]), [list(record.values()) for record in records])


def _safe(cell: object) -> object:
    if not isinstance(cell, str):
        return cell
    cell = cell.replace("\0", "\N{REPLACEMENT CHARACTER}")
    return "'" + cell if cell.lstrip(" ").startswith(_FORMULA) else cell
