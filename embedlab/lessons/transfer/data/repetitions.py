"""Repeated texts: which rows stay, so that no text stands in two parts; and which of them disagree about the label."""

from dataclasses import dataclass

import numpy as np

from embedlab.arrays import Ids

REPEATED = ("first", "together")  # of a text's rows the first stays, or all of them within one part


@dataclass(frozen=True, eq=False)
class Repetitions:
    """Rows by what becomes of them."""

    kept: Ids  # (n,) rising
    dropped: Ids  # rows of a text that an earlier row of the same part has
    in_better_part: Ids  # rows of a text that a row of the test or validation part has
    conflicts: list[Ids]  # the rows of each text whose labels differ
    repeated: int  # rows whose text an earlier row has


def find_repetitions(keys: Ids, label_ids: Ids, parts: Ids, repeated: str) -> Repetitions:
    """What becomes of N rows.

    A text of the test part is left out of the others, and one of the validation part out of training.

    Args:
        keys: (N,) equal for equal texts.
        label_ids: (N,).
        parts: (N,) position in `PARTS`, or -1 for all where they are yet to be drawn.
        repeated: one of `REPEATED`.
    """
    count = len(keys)
    _, of_row, sizes = np.unique(keys, return_inverse=True, return_counts=True)
    best = np.full(len(sizes), -1, dtype=np.int64)
    np.maximum.at(best, of_row, parts)  # training, validation, test: the later one has the text
    in_best = parts == best[of_row]
    first = np.full(len(sizes), count, dtype=np.int64)
    np.minimum.at(first, of_row[in_best], np.flatnonzero(in_best))
    stays = in_best if repeated == "together" else in_best & (first[of_row] == np.arange(count))
    lowest, highest = np.full(len(sizes), np.iinfo(np.int64).max), np.full(len(sizes), -1, dtype=np.int64)
    np.minimum.at(lowest, of_row, label_ids)
    np.maximum.at(highest, of_row, label_ids)
    disagree = np.flatnonzero(lowest < highest)
    by_text = np.argsort(of_row, kind="stable")
    ends = np.cumsum(sizes)
    conflicts = [by_text[ends[i] - sizes[i] : ends[i]] for i in disagree]
    return Repetitions(
        kept=np.flatnonzero(stays),
        dropped=np.flatnonzero(in_best & ~stays),
        in_better_part=np.flatnonzero(~in_best),
        conflicts=sorted(conflicts, key=lambda rows: int(rows[0])),
        repeated=count - len(sizes),
    )
