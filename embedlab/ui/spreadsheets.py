"""Tables as CSV that a spreadsheet shows and never runs: one naming of columns, and one rounding of numbers."""

import csv
import io
import math
import re
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_TEXT, _WHOLE, _DECIMALS, _DIGITS = "text", "whole number", "4 decimals", "4 digits"
_FLOAT32, _AS_GIVEN = "float32", "as given"
# Every column of every file, and how its numbers are written; docs/files.md says what each is.
COLUMNS = {
    **dict.fromkeys(("word", "other", "letter", "name", "sentence", "question", "vectors", "section"), _TEXT),
    **dict.fromkeys(("method", "inputs", "tag", "label", "group", "predicted", "composed", "new"), _TEXT),
    **dict.fromkeys(("figure", "category", "cluster_of", "district"), _TEXT),
    **dict.fromkeys(("lesson", "kind", "question_id", "is_right"), _TEXT),
    **dict.fromkeys(("right_answer", "given_answer", "given_with_inputs_left_in"), _TEXT),
    **dict.fromkeys(("id", "line", "position", "rank", "rank_by_frequency", "k", "covered", "total"), _WHOLE),
    **dict.fromkeys(("seed", "epoch", "step", "words_read", "training_sentences", "neighbors_kept"), _WHOLE),
    **dict.fromkeys(("similarity", "score", "association", "overlap", "judgement", "count", "ppmi"), _DECIMALS),
    **dict.fromkeys(("rank_by_people", "rank_by_similarity", "distance", "before", "after", "margin"), _DECIMALS),
    **dict.fromkeys(("accuracy", "low", "high", "accuracy_with_inputs_left_in", "known_analogies"), _DECIMALS),
    **dict.fromkeys(("standard_deviation", "loss", "train_loss", "dev_loss", "seconds"), _DECIMALS),
    **dict.fromkeys(("vowel_to_vowel", "vowel_to_consonant", "ratio"), _DECIMALS),
    # Of maps, whose scales differ: decimals would flatten a small one.
    **dict.fromkeys(("x", "y", "other_x", "other_y"), _DIGITS),
}
# Columns of which there are several, by how their names begin; the rest says which one it is.
FAMILIES = {
    "d": _FLOAT32,
    "gradient_of_d": _FLOAT32,
    "seed_": _DECIMALS,
    "similarity_to_": _DECIMALS,
    "predicted_": _TEXT,
    "column_": _AS_GIVEN,  # the visitor's own numbers come back as they are
}
_FAMILY = re.compile(r"(d|gradient_of_d|seed_)\d+|(similarity_to_|predicted_|column_).+", re.DOTALL)


def kind(column: str) -> str:
    """How the numbers of a column are written.

    Raises KeyError: a name that is not in `COLUMNS` nor in `FAMILIES`.
    """
    family = _FAMILY.fullmatch(column)
    return FAMILIES[family[1] or family[2]] if family else COLUMNS[column]


def to_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """CSV text with a heading. Text that a spreadsheet would take for a formula gets an apostrophe in front.

    Numbers never do, a leading minus included. Source: OWASP, CSV Injection.

    Args:
        header: names of `COLUMNS` and `FAMILIES`; spaces, as on the page, become underscores.
    """
    names = [name.replace(" ", "_") for name in header]
    kinds = [kind(name) for name in names]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(map(_safe, names))
    for row in rows:
        writer.writerow([_cell(cell, how) for cell, how in zip(row, kinds, strict=True)])
    return out.getvalue()


def records_to_csv(records: Sequence[Mapping[str, object]]) -> str:
    """`to_csv` of rows that all have the same keys, the heading; at least one."""
    return to_csv(list(records[0]), [list(record.values()) for record in records])


def _cell(cell: object, how: str) -> object:
    """Text made safe; a number with the digits that its column has, without a zero after the point."""
    if isinstance(cell, str):
        return _safe(cell)
    if not isinstance(cell, float | np.floating):
        return cell
    if math.isnan(cell):
        return None
    if how == _AS_GIVEN:
        written = repr(float(cell))
    elif how == _FLOAT32:
        written = str(np.float32(cell))
    else:
        rounded = float(f"{cell:.4g}") if how == _DIGITS else round(float(cell), 4)
        written = str(rounded + 0.0)  # no "-0"
    return written.removesuffix(".0")


def _safe(cell: str) -> str:
    cell = cell.replace("\0", "\N{REPLACEMENT CHARACTER}")
    return "'" + cell if cell.lstrip(" ").startswith(_FORMULA) else cell
