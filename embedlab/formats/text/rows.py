"""Lines of text into rows: a whole block at once where every line has the usual shape, else line by line.

pyarrow's CSV reader takes a block of about 2 MB at a time; a block that it refuses is sorted line by line, and the
lines that have the usual shape go back to it.
"""

from codecs import BOM_UTF8
from collections.abc import Sequence

import numpy as np

from embedlab.arrays import Floats
from embedlab.errors import VectorFileError
from embedlab.formats.collector import Collector
from embedlab.formats.limits import SAME_NUMBER, shown_word
from embedlab.formats.packed.source import CUT_OFF, Source
from embedlab.formats.report import COUNT, NO_NUMBER, NOT_UTF8
from embedlab.formats.text.encodings import decoded
from embedlab.formats.text.layout import BLANKS, NUMBER, Layout, holds_numbers, split_fields, trailing_numbers
from embedlab.wording import counted


class LineParser:
    """Turns blocks of lines into rows of a collector."""

    def __init__(
        self, source: Source, layout: Layout, rows: Collector, drop: bool, words: Sequence[str | None] | None
    ) -> None:
        import pyarrow as pa
        import pyarrow.csv as csv

        self.source, self.layout, self.rows, self.drop, self.words = source, layout, rows, drop, words
        self.pa, self.csv, self.skip, self.ended = pa, csv, layout.skip, True
        self.marked = self.numbered = False  # a byte-order mark was found inside; a word that ends in a number was
        self.columns = names = ["", *map(str, range(layout.dimensions))][not layout.words :]
        self.shape = csv.ParseOptions(delimiter=" ", quote_char=False, escape_char=False, ignore_empty_lines=False)
        types = {name: pa.float64() if name else pa.binary() for name in names}
        self.types = csv.ConvertOptions(column_types=types, null_values=[], strings_can_be_null=False)

    def take(self, block: bytes, number: int) -> None:
        """Adds a block whose first line has this number."""
        self.ended = block.endswith(b"\n")
        if BOM_UTF8 in block:
            self._note_marks(block, number)
        if self.skip and number <= self.skip:
            lines = block.split(b"\n", self.skip - number + 1)
            self.rows.blank_lines += sum(not line.strip(BLANKS) for line in lines[:-1])
            number, block = number + len(lines) - 1, lines[-1]
        if not block.strip(BLANKS + b"\n"):
            self.rows.blank_lines += block.count(b"\n") + (not self.ended)
            return
        if number == self.skip + 1 and self.source.total:
            self.rows.make_room(int(1.02 * self.source.total * (block.count(b"\n") + 1) / len(block)) + 16)
        plain = block.replace(b"\t", b" ") if b"\t" in block else block
        if plain.endswith(b" \n"):
            plain = plain.replace(b" \n", b"\n")  # word2vec's and fastText's own programs end every line so
        if parsed := self._parse(plain, block.count(b"\n") + (not self.ended)):
            words, numbers = parsed
            self._add(words, numbers, range(number, number + len(numbers)))
        else:
            self._sort(block, number)

    def _note_marks(self, block: bytes, number: int) -> None:
        """Says that words begin with an invisible character; they keep it, as it may be meant."""
        lines = [place for place, line in enumerate(block.split(b"\n"), number) if line.lstrip(BLANKS)[:3] == BOM_UTF8]
        if lines and not self.marked:
            self.marked = True
            self.rows.notes.append(
                f"Line {lines[0]:,}: the word begins with a byte-order mark, which cannot be seen; was the file joined "
                "from several?"
            )

    def _parse(self, block: bytes, lines: int) -> tuple[list[str], Floats] | None:
        """Words and (r, D) numbers of r lines of the usual shape; None if any has another."""
        pa = self.pa
        if block.startswith(BOM_UTF8):
            block = BOM_UTF8 + block  # pyarrow takes one off every block; here it belongs to a word
        try:
            size = max(len(block) + 1, 1024)
            options = self.csv.ReadOptions(column_names=self.columns, use_threads=False, block_size=size)
            table = self.csv.read_csv(pa.py_buffer(block), options, self.shape, self.types)
            if table.num_rows != lines:  # a lone carriage return counts as a line end there
                return None
            words = table.column(0).cast(pa.string()).to_pylist() if self.layout.words else []
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            return None
        numbers = np.empty((lines, self.layout.dimensions), np.float32)
        with np.errstate(over="ignore"):
            for j in range(self.layout.dimensions):
                start = 0
                for chunk in table.column(j + self.layout.words).chunks:
                    # to_numpy would import pandas.
                    values = np.frombuffer(chunk.buffers()[1], np.float64, len(chunk), 8 * chunk.offset)
                    numbers[start : start + len(values), j] = values
                    start += len(values)
        return words, numbers

    def _sort(self, block: bytes, number: int) -> None:
        """Adds a block with blank lines, doubled blanks, words with spaces, or lines that do not fit."""
        width = self.layout.dimensions + self.layout.words
        usual: list[bytes] = []
        rows: list[tuple[str | None, Floats] | None] = []
        places: list[int] = []
        lines = block.split(b"\n")
        if self.ended:
            lines.pop()
        for place, line in enumerate(lines, number):
            if not line.strip(BLANKS):
                self.rows.blank_lines += 1
                continue
            fields = split_fields(line)
            if len(fields) == width:
                rows.append(None)
                usual.append(b" ".join(fields))
            elif (row := self._odd_line(line, place)) is not None:
                rows.append(row)
            else:
                continue
            places.append(place)
        parsed = self._parse(b"\n".join(usual) + b"\n", len(usual)) if usual else ([], np.empty((0, width)))
        if parsed is None:
            rows, places = self._one_by_one(lines, number, width, rows, places)
            parsed = ([], np.empty((0, width)))
        if not rows:
            return
        plain = iter(zip(parsed[0] or [""] * len(parsed[1]), parsed[1], strict=True))
        pairs = [row or next(plain) for row in rows]
        self._add([word for word, _ in pairs], np.array([numbers for _, numbers in pairs]), places)

    def _one_by_one(
        self,
        lines: list[bytes],
        number: int,
        width: int,
        rows: list[tuple[str | None, Floats] | None],
        places: list[int],
    ) -> tuple[list[tuple[str | None, Floats] | None], list[int]]:
        """The rows of a block in which a line of the usual shape holds no number or no UTF-8."""
        usual = {place for place, row in zip(places, rows, strict=True) if row is None}
        known = dict(zip(places, rows, strict=True))
        for place in usual:
            known[place] = self._odd_line(lines[place - number], place)
        kept = [place for place in places if known[place] is not None]
        return [known[place] for place in kept], kept

    def _odd_line(self, line: bytes, place: int) -> tuple[str | None, Floats] | None:
        """One line, split from the right; None where it does not fit and is left out."""
        try:
            return self._split(line, place)
        except VectorFileError as error:
            if self.words is not None:  # without this row, those after it would get others' words
                raise
            reason = NOT_UTF8 if error.asks == "encoding" else COUNT
            reason = NO_NUMBER if "is not a number" in error.cause else reason
            self.rows.leave_out(reason, place, error)
            return None

    def _split(self, line: bytes, place: int) -> tuple[str | None, Floats]:
        """Word and numbers of a line.

        Raises VectorFileError: more or fewer numbers than expected, or a word that is not UTF-8.
        """
        dimensions, at = self.layout.dimensions, f"line {place:,}"
        parts = line.rsplit(None, dimensions)
        empty = len(parts) == dimensions and self.layout.words and line[:1] in (b" ", b"\t")
        word = b"" if empty or not self.layout.words else parts[0].lstrip(BLANKS)
        numbers = parts if empty or not self.layout.words else parts[1:]
        valid = [NUMBER.fullmatch(number) is not None for number in numbers]
        strict = self.rows.limits.odd_rows == "none"
        stated = dimensions if self.layout.header and not strict else 0
        if len(numbers) != dimensions or not all(valid) or holds_numbers(word, stated=stated):
            raise self._wrong_count(line, at)
        if b" " in word.strip(BLANKS) and NUMBER.fullmatch(split_fields(word)[-1]) and not self.numbered:
            self.numbered = True
            said = f"the word {shown_word(word)} ends in a number, as the header says {dimensions:,} a row."
            self.rows.notes.append(f"Line {place:,}: {said}")
        text = decoded(word, "utf-8-drop" if self.drop else None, name=self.source.name, at=at)
        return text, np.array([float(number) for number in numbers])

    def _wrong_count(self, line: bytes, at: str) -> Exception:
        fields = split_fields(line)
        dimensions = self.layout.dimensions
        found = trailing_numbers(fields) if self.layout.words else sum(bool(NUMBER.fullmatch(f)) for f in fields)
        cause = f"{counted(found, 'number')} where {dimensions:,} are expected"
        bad = next((f for f in fields[-dimensions:] if not NUMBER.fullmatch(f)), None)
        if found <= dimensions and holds_numbers(b" ".join(fields[: max(0, len(fields) - dimensions)])):
            cause = f"more numbers than the {dimensions:,} that are expected"
        elif bad is not None and len(fields) > dimensions:
            cause = f"{shown_word(bad)} is not a number ({cause})"
        remedy = "Mend or remove the line."
        if not self.ended and found < dimensions:
            remedy += f" If it is the last one: {CUT_OFF[0].lower()}{CUT_OFF[1:]}"
        return self.source.refusal(cause, remedy, at=at)

    def _add(self, words: Sequence[str | None], numbers: Floats, places: Sequence[int]) -> None:
        if self.words is not None:
            start = self.rows.rows_read
            words = self.words[start : start + len(numbers)]
            if len(words) < len(numbers):
                raise self.source.refusal(
                    f"there are {counted(len(self.words), 'word')} and more rows than that",
                    SAME_NUMBER,
                    at=f"line {places[len(words)]:,}",
                    asks="words",
                )
        self.rows.add(words, numbers, places)

    def finish(self, encoding: str) -> Collector:
        """The collector, once the counts agree."""
        rows, header = self.rows, self.layout.header
        rows.format = "word2vec text" if header else "GloVe text" if self.layout.words else "numbers beside words"
        rows.encoding, rows.header = encoding, header
        if header and not rows.stopped:
            rows.check_promise(header[0], CUT_OFF)
        if self.words is not None and rows.rows_read < len(self.words) and not rows.stopped:
            raise self.source.refusal(
                f"there are {counted(len(self.words), 'word')} and {counted(rows.rows_read, 'row')}",
                SAME_NUMBER,
                asks="words",
            )
        if not self.ended and not rows.stopped:
            rows.notes.append("The last line has no line end: if that is not how it was made, the file is cut off.")
        return rows
