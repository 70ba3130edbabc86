"""What was found in a table of sentences, and what was left out."""

from dataclasses import dataclass, field

from embedlab.wording import first_of


@dataclass
class TableReport:
    """What was found in a table and what was left out, by reason with line numbers."""

    name: str
    written: str  # how the table is written, in a sentence
    header: tuple[str, ...] = ()  # empty where the first line is data
    text_column: str = ""
    label_column: str = ""
    left_out: dict[str, tuple[str, ...]] = field(default_factory=dict)  # reason -> columns
    kept: int = 0  # rows
    labels: dict[str, int] = field(default_factory=dict)  # rows of each, kept
    split: str = ""  # where the parts come from
    dropped: dict[str, list[int]] = field(default_factory=dict)  # reason -> line numbers
    repeated: int = 0  # rows whose text stands in an earlier row
    conflicts: dict[str, tuple[str, ...]] = field(default_factory=dict)  # text -> its labels, where they differ
    sampled: int = 0  # usable rows that the sample left out
    notes: list[str] = field(default_factory=list)  # encoding, packing, repeated texts, the sample

    def drop(self, reason: str, line: int) -> None:
        """Counts a row that is left out."""
        self.dropped.setdefault(reason, []).append(line)

    @property
    def read(self) -> int:
        """Rows of data in the file."""
        return self.kept + self.sampled + sum(map(len, self.dropped.values()))

    @property
    def columns(self) -> str:
        """Which columns are taken, and which are left out, in a sentence or two."""
        said = f"Text in {self.text_column}, label in {self.label_column}."
        parts = [f"{first_of(names, 5)} ({why})" for why, names in self.left_out.items()]
        return said + (f" Left out: {'; '.join(parts)}." if parts else "")

    def lines(self) -> list[str]:
        """The report in sentences."""
        counts = ", ".join(f"{label} {count:,}" for label, count in self.labels.items())
        parts = [f"{self.written} {self.columns}", f"{self.kept:,} of {self.read:,} rows kept: {counts}.", self.split]
        parts += self.notes
        for reason, lines in self.dropped.items():
            shown = first_of(lines, 5, "{:,}".format)
            parts.append(f"{len(lines):,} left out, {reason}: line{'s' * (len(lines) > 1)} {shown}.")
        return parts
