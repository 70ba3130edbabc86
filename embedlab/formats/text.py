"""Vectors as text: GloVe (no header), word2vec and fastText .vec (header), and lines of numbers beside a list of words.

A line is split from the right, so that words may hold spaces, as some of GloVe 840B do (". . ."). Numbers are read to
float64, correctly rounded, then to float32, as gensim does: the vectors are bit for bit the same.

pyarrow's CSV reader takes a block of about 2 MB at a time; a block that it refuses is sorted line by line, and the lines
that have the usual shape go back to it.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from embedlab.errors import FileTooLarge
from embedlab.formats.collector import Collector
from embedlab.formats.detection import UTF16_32, refuse_unknown
from embedlab.formats.encodings import not_utf8, transcoded
from embedlab.formats.limits import MB, counted, shown_word, size
from embedlab.formats.source import CUT_OFF, Source
from embedlab.formats.text_layout import BLANKS, NUMBER, Layout, find_layout, split_fields, trailing_numbers

_BLOCK = 2 * MB  # 1 to 4 MB are equally fast; beyond, the caches miss
_HEAD = MB // 16


def read_text(source: Source, *, encoding: str | None = None, words: Sequence[str] | None = None) -> Collector:
    """Reads a text file to its end.

    Args:
        encoding: of the file; None: UTF-8, or what its byte-order mark says. "utf-8-drop" drops rows whose word is not
            UTF-8 in place of refusing the file.
        words: for files of numbers only.

    Raises:
        VectorFileError: a line with another number of numbers, a word that is not UTF-8, a file that ends too early.
    """
    drop = encoding == "utf-8-drop"
    source, used = _to_utf8(source, None if drop else encoding)
    head = _whole_lines(source)
    layout = find_layout(head, source.name, has_words=words is None)
    if layout.header:
        _check_promise(source, layout.header)
    parser = _Parser(source, layout, Collector(source.name, layout.dimensions, source.limits, place="line"), drop, words)
    for number, block in _blocks(source):
        parser.take(block, number)
    return parser.finish(used)


def _to_utf8(source: Source, encoding: str | None) -> tuple[Source, str]:
    """The source with its byte-order mark taken off, or recoded to UTF-8; and the encoding's name."""
    mark = source.peek(4)
    found = next((codec for start, codec in UTF16_32.items() if mark.startswith(start)), None)
    if encoding in (None, "utf-8") and found is None:
        if mark.startswith(b"\xef\xbb\xbf"):
            source.read(3)
        return source, "utf-8"
    chosen = found or encoding or "utf-8"
    return transcoded(source, chosen), chosen


def _whole_lines(source: Source) -> bytes:
    """The first 64 kB or more, cut after a line end; two lines where there are two."""
    limit = source.limits.line_bytes
    wanted = _HEAD
    while True:
        head = source.peek(wanted)
        if len(head) < wanted:
            break
        if head.count(b"\n") > 2:
            head = head[: head.rfind(b"\n") + 1]
            break
        if wanted > 2 * limit + _HEAD or (b"\n" not in head and wanted > limit):
            break
        wanted *= 2
    if b"\n" not in head[: limit + 1] and len(head) > limit:
        raise _too_long(source, 1)
    if b"\0" in head[:4096] and not any(trailing_numbers(split_fields(line)) for line in head[:_HEAD].split(b"\n")):
        raise refuse_unknown(head, source.name)
    return head if b"\n" in head else head.replace(b"\r", b"\n")


def _check_promise(source: Source, header: tuple[int, int]) -> None:
    """Refuses a header whose rows cannot be in the file: each takes a digit and a blank a number, and a line end."""
    rows, dimensions = header
    Collector(source.name, dimensions, source.limits).check_size(0)
    least = rows * (2 * dimensions + 1) - 1
    if source.total is not None and least > source.total:
        raise source.refusal(
            f"header says {rows:,} rows of {counted(dimensions, 'number')}, which take at least {size(least)}, "
            f"and the file has {size(source.total)}",
            f"{CUT_OFF} If it is whole, correct its header.",
            at="line 1",
        )
    Collector(source.name, dimensions, source.limits).check_size(rows)


def _too_long(source: Source, number: int) -> Exception:
    return source.refusal(
        f"the line is longer than {size(source.limits.line_bytes)}",
        "One row a line is expected: check that this is a vector file.",
        at=f"line {number:,}",
        kind=FileTooLarge,
    )


def _blocks(source: Source) -> Iterator[tuple[int, bytes]]:
    """Blocks of whole lines, each with the number of its first line."""
    number, rest = 1, b""
    newline = b"\n" if b"\n" in source.peek(source.limits.line_bytes + 1) else b"\r"
    while data := source.read(_BLOCK):
        if newline == b"\r":
            data = data.replace(b"\r", b"\n")
        cut = data.rfind(b"\n") + 1
        if cut == 0:
            rest += data
            if len(rest) > source.limits.line_bytes:
                raise _too_long(source, number)
            continue
        block, rest = rest + data[:cut], data[cut:]
        ends = np.flatnonzero(np.frombuffer(block, np.uint8) == 10)
        lengths = np.diff(ends, prepend=-1)
        if lengths.max() > source.limits.line_bytes:
            raise _too_long(source, number + int(lengths.argmax()))
        yield number, block
        number += len(ends)
    if rest:
        yield number, rest


class _Parser:
    """Turns blocks of lines into rows of a collector."""

    def __init__(
        self, source: Source, layout: Layout, rows: Collector, drop: bool, words: Sequence[str] | None
    ) -> None:
        import pyarrow as pa
        import pyarrow.csv as csv

        self.source, self.layout, self.rows, self.drop, self.words = source, layout, rows, drop, words
        self.pa, self.csv, self.skip, self.ended = pa, csv, layout.skip, True
        names = ["", *map(str, range(layout.dimensions))][not layout.words :]
        self.columns = names
        self.options: dict[str, Any] = {
            "parse_options": csv.ParseOptions(
                delimiter=" ", quote_char=False, escape_char=False, ignore_empty_lines=False
            ),
            "convert_options": csv.ConvertOptions(
                column_types={name: pa.float64() if name else pa.binary() for name in names},
                null_values=[],
                strings_can_be_null=False,
            ),
        }

    def take(self, block: bytes, number: int) -> None:
        """Adds a block whose first line has this number."""
        self.ended = block.endswith(b"\n")
        if self.skip and number <= self.skip:
            lines = block.split(b"\n", self.skip - number + 1)
            self.rows.blank_lines += sum(not line.strip(BLANKS) for line in lines[:-1])
            number, block = number + len(lines) - 1, lines[-1]
        if not block:
            return
        if number == self.skip + 1 and self.source.total:
            self.rows.make_room(int(1.02 * self.source.total * (block.count(b"\n") + 1) / len(block)) + 16)
        if b"\t" in block:
            plain = block.replace(b"\t", b" ")
        else:
            plain = block
        if b" \n" in plain:
            plain = plain.replace(b" \n", b"\n")  # word2vec's and fastText's own programs end every line so
        if parsed := self._parse(plain, block.count(b"\n") + (not self.ended)):
            words, numbers = parsed
            self._add(words, numbers, range(number, number + len(numbers)))
        else:
            self._sort(block, number)

    def _parse(self, block: bytes, lines: int) -> tuple[list[str], np.ndarray] | None:
        """Words and (r, D) float64 of r lines of the usual shape; None if any has another."""
        pa = self.pa
        try:
            table = self.csv.read_csv(
                pa.py_buffer(block),
                read_options=self.csv.ReadOptions(
                    column_names=self.columns, use_threads=False, block_size=max(len(block) + 1, 1024)
                ),
                **self.options,
            )
            if table.num_rows != lines:  # a lone carriage return counts as a line end there
                return None
            words = table.column(0).cast(pa.string()).to_pylist() if self.layout.words else []
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            return None
        numbers = np.empty((lines, self.layout.dimensions))
        for j in range(self.layout.dimensions):
            start = 0
            for chunk in table.column(j + self.layout.words).chunks:
                # to_numpy would import pandas.
                values = np.frombuffer(chunk.buffers()[1], np.float64, len(chunk), 8 * chunk.offset)
                numbers[start : start + len(values), j] = values
                start += len(values)
        return words, numbers

    def _sort(self, block: bytes, number: int) -> None:
        """Adds a block with blank lines, doubled blanks, words with spaces, or a line that must be refused."""
        width = self.layout.dimensions + self.layout.words
        usual, rows, places = [], [], []
        lines = block.split(b"\n")
        for place, line in enumerate(lines[:-1] if self.ended else lines, number):
            fields = split_fields(line)
            if not fields:
                self.rows.blank_lines += 1
                continue
            rows.append(None if len(fields) == width else self._odd_line(line, place))
            places.append(place)
            if len(fields) == width:
                usual.append(b" ".join(fields))
        parsed = self._parse(b"\n".join(usual) + b"\n", len(usual)) if usual else ([], np.empty((0, width)))
        if parsed is None:
            rows = [self._odd_line(line, place) for place, line in enumerate(lines, number) if split_fields(line)]
            parsed = ([], np.empty((0, width)))
        if not rows:
            return
        plain = iter(zip(parsed[0] or [""] * len(parsed[1]), parsed[1], strict=True))
        pairs = [row or next(plain) for row in rows]
        self._add([word for word, _ in pairs], np.array([numbers for _, numbers in pairs]), places)

    def _odd_line(self, line: bytes, place: int) -> tuple[str | None, np.ndarray]:
        """One line, split from the right.

        Raises:
            VectorFileError: not so many numbers as expected, or a word that is not UTF-8.
        """
        dimensions, at = self.layout.dimensions, f"line {place:,}"
        parts = line.rsplit(None, dimensions)
        empty = len(parts) == dimensions and self.layout.words and line[:1] in (b" ", b"\t")
        word = b"" if empty or not self.layout.words else parts[0].lstrip(BLANKS)
        numbers = parts if empty or not self.layout.words else parts[1:]
        valid = [NUMBER.fullmatch(number) is not None for number in numbers]
        if len(numbers) != dimensions or not all(valid) or (self.layout.words and NUMBER.fullmatch(_tail(word))):
            raise self._wrong_count(line, at)
        try:
            text = word.decode("utf-8")
        except UnicodeDecodeError:
            if not self.drop:
                raise not_utf8(self.source.name, word, at) from None
            text = None
        return text, np.array([float(number) for number in numbers])

    def _wrong_count(self, line: bytes, at: str) -> Exception:
        fields = split_fields(line)
        dimensions = self.layout.dimensions
        found = trailing_numbers(fields) if self.layout.words else sum(bool(NUMBER.fullmatch(f)) for f in fields)
        cause = f"{counted(found, 'number')} where {dimensions:,} are expected"
        bad = next((f for f in fields[-dimensions:] if not NUMBER.fullmatch(f)), None)
        if bad is not None and len(fields) > dimensions:
            cause = f"{shown_word(bad)} is not a number ({cause})"
        remedy = "Mend or remove the line."
        if not self.ended and found < dimensions:
            remedy += f" If it is the last one: {CUT_OFF[0].lower()}{CUT_OFF[1:]}"
        return self.source.refusal(cause, remedy, at=at)

    def _add(self, words: Sequence[str | None], numbers: np.ndarray, places: Sequence[int]) -> None:
        if self.words is not None:
            start = self.rows.rows_read
            words = self.words[start : start + len(numbers)]
            if len(words) < len(numbers):
                raise self.source.refusal(
                    f"there are {counted(len(self.words), 'word')} and more rows than that",
                    "Words and rows must be the same number, in the same order.",
                    at=f"line {places[len(words)]:,}",
                )
        self.rows.add(words, numbers, places)

    def finish(self, encoding: str) -> Collector:
        """The collector, once the counts agree."""
        rows, header = self.rows, self.layout.header
        rows.format = "word2vec text" if header else "GloVe text" if self.layout.words else "numbers beside words"
        rows.encoding, rows.header = encoding, header
        if header and rows.rows_read < header[0]:
            raise self.source.refusal(
                f"header says {header[0]:,}, found {rows.rows_read:,} rows", f"{CUT_OFF} If it is whole, correct its header."
            )
        if header and rows.rows_read > header[0]:
            rows.notes.append(f"header says {header[0]:,}, found {rows.rows_read:,} rows; all of them were read.")
        if self.words is not None and rows.rows_read < len(self.words):
            raise self.source.refusal(
                f"there are {counted(len(self.words), 'word')} and {counted(rows.rows_read, 'row')}",
                "Words and rows must be the same number, in the same order.",
            )
        if not self.ended:
            rows.notes.append("The last line has no line end: if that is not how it was made, the file is cut off.")
        return rows
