"""Load report: what was read from a file, what was dropped and why."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from embedlab.formats.limits import shown_name
from embedlab.wording import counted

EMPTY, REPEATED, NAN, INFINITE, ZERO, NOT_UTF8, COUNT, NO_NUMBER, TOO_LONG = (
    "empty word", "repeated word", "NaN", "infinity", "only zeros", "word is not UTF-8", "wrong number of values",
    "something that is not a number", "word too long",
)  # fmt: skip


@dataclass(frozen=True)
class Dropped:
    """Rows dropped for one reason."""

    count: int  # how many
    places: tuple[int, ...]  # line numbers (text) or row numbers (other formats) of the first of them, counted from 1


@dataclass(frozen=True)
class LoadReport:
    """One load of a vector file."""

    name: str  # the file's name as shown
    format: str  # "GloVe text", "word2vec binary", …
    encoding: str  # of the words, "utf-8" in most files
    packed: str  # "" or what the file was packed in: "gz", "zip: member"
    rows_read: int  # rows in the file, blank lines not counted; `rows` of them were kept
    rows: int
    dimensions: int  # D
    dropped: Mapping[str, Dropped]  # by reason; see the constants of this module
    place: str  # what `Dropped.places` number: "line" or "row"
    blank_lines: int  # skipped
    header: tuple[int, int] | None  # (rows, dimensions) as the file states them, if it does
    seconds: float  # from the first byte to the finished matrix
    norm_counts: tuple[int, ...]  # histogram of the kept rows' lengths: 20 bins
    norm_edges: tuple[float, ...]  # the bins' 21 edges, from the shortest length to the longest
    notes: tuple[str, ...] = field(default=())  # sentences on what deserves a look, such as "header says 5, found 6"

    @property
    def rows_dropped(self) -> int:
        return sum(dropped.count for dropped in self.dropped.values())

    @property
    def duplicates(self) -> int:
        """Rows dropped because their word came before."""
        return self._count(REPEATED)

    @property
    def zero_rows(self) -> int:
        """Rows dropped because they hold only zeros."""
        return self._count(ZERO)

    def _count(self, reason: str) -> int:
        return self.dropped[reason].count if reason in self.dropped else 0

    def lines(self) -> list[str]:
        """The report in plain words, one sentence a line."""
        packed = f", unpacked from {self.packed}" if self.packed else ""
        said = [
            f"{shown_name(self.name)}: {self.format}, {self.encoding}{packed}.",
            f"Read {counted(self.rows_read, 'row')} of {counted(self.dimensions, 'number')} in {self.seconds:.2f} s; "
            f"kept {self.rows:,}, dropped {self.rows_dropped:,}.",
        ]
        for reason, dropped in self.dropped.items():
            places = ", ".join(f"{place:,}" for place in dropped.places)
            more = ", …" if dropped.count > len(dropped.places) else ""
            said.append(f"Dropped {counted(dropped.count, 'row')} ({reason}): {self.place} {places}{more}.")
        if self.blank_lines:
            said.append(f"Skipped {counted(self.blank_lines, 'blank line')}.")
        shortest, longest = f"{self.norm_edges[0]:.3g}", f"{self.norm_edges[-1]:.3g}"
        said.append(
            f"Lengths of the vectors: {f'all {longest}' if shortest == longest else f'{shortest} to {longest}'}."
        )
        return said + [f"Note: {note}" for note in self.notes]

    def summary(self) -> list[str]:
        """The report in three sentences; `lines` says the rest."""
        whole = self.lines()
        more = [line for line in whole[2:] if not line.startswith("Lengths")]
        said = more[0] if more else "Nothing in it was odd."
        return [*whole[:2], said + (f" And {counted(len(more) - 1, 'more note')}." if len(more) > 1 else "")]

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return asdict(self) | {"dropped": {reason: asdict(d) for reason, d in self.dropped.items()}}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "LoadReport":
        """The report that `as_dict` described, after a way through JSON.

        Raises:
            KeyError, TypeError, ValueError: the data is not such a description.
        """
        dropped = {str(k): Dropped(int(d["count"]), tuple(d["places"])) for k, d in dict(data["dropped"]).items()}
        tuples = {key: tuple(data[key]) for key in ("norm_counts", "norm_edges", "notes")}
        header = None if data["header"] is None else (int(data["header"][0]), int(data["header"][1]))
        return cls(**(dict(data) | tuples | {"dropped": dropped, "header": header}))
