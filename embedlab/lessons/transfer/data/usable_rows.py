"""Which rows of a table of sentences can be used: those with a text, a label that is not rare, and a part."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

import numpy as np

from embedlab.arrays import Ids
from embedlab.errors import InvalidText
from embedlab.lessons.transfer.data.column_roles import MAX_LABEL_LENGTH, MAX_LABELS, MIN_LABELS
from embedlab.lessons.transfer.data.sentences import Row, draw_parts, label_groups, text_groups, text_key
from embedlab.lessons.transfer.data.table_report import TableReport
from embedlab.text.rules import Rules

MIN_ROWS = 10
_FEWEST = 3  # texts of a label, one for each part
_VALIDATION = 0.125  # of the training rows, where a table has no part for it: 70:10 as in `assemble`


class FoundText(NamedTuple):
    """A row that is taken."""

    place: int  # its line
    row: Row
    tokens: tuple[str, ...]
    rules: Rules  # those of the whole table


@dataclass(frozen=True, eq=False)
class UsableRows:
    """N usable rows of a table, without their texts."""

    labels: tuple[str, ...]  # different ones
    places: Ids  # (N,) lines
    label_ids: Ids  # (N,) position in `labels`
    keys: Ids  # (N,) a hash of the text
    parts: Ids  # (N,) position in `PARTS`, -1 where the table does not say


def why_unusable(text: str, label: str) -> str:
    """Why a row is left out; empty when it is good as far as can be told quickly."""
    if not text:
        return "empty text"
    if not label:
        return "empty label"
    if not (text.isascii() or text.isprintable()) and any("\ud800" <= sign <= "\udfff" for sign in text + label):
        return "not UTF-8"
    return "" if any(map(str.isalpha, text)) else "no word in the text"


def without_rare_labels(texts: list[FoundText], report: TableReport) -> list[FoundText]:
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


def with_all_parts(rows: list[Row], name: str, seed: int) -> tuple[list[Row], str]:
    """Rows of an official split, whose missing parts are taken from others; and what was done.

    Raises InvalidText: no row is of the part train.
    """
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


def check_labels(rows: Sequence[Row], report: TableReport) -> None:
    """Counts the labels for the report. Raises InvalidText: too few rows, or labels that are too few, many or long."""
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
