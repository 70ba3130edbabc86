"""Vectors as text: GloVe (no header), word2vec and fastText .vec (header), and lines of numbers beside a list of words.

A line is split from the right, so that words may hold spaces, as some of GloVe 840B do (". . ."). Numbers are read to
float64, correctly rounded, then to float32, as gensim does: the vectors are bit for bit the same.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from embedlab.errors import VectorFileError
from embedlab.formats.collector import Collector
from embedlab.formats.detection import marked_codec, refuse_unknown
from embedlab.formats.limits import FEW_ODD_SHARE, MB, size
from embedlab.formats.packed.source import CUT_OFF, Source
from embedlab.formats.tables.delimited import looks_delimited, read_delimited
from embedlab.formats.tables.roles import BESIDE, Columns
from embedlab.formats.text.encodings import to_utf8
from embedlab.formats.text.layout import CONTROL, NUMBER, TABLE, Layout, find_layout, has_columns, split_fields
from embedlab.formats.text.raw_numbers import read_raw
from embedlab.formats.text.rows import LineParser
from embedlab.formats.word_lists import ListedWords
from embedlab.wording import counted

_BLOCK = 2 * MB  # 1 to 4 MB are equally fast; beyond, the caches miss
_HEAD = MB // 16
_LINES = 100  # looked at
# Another divider after the word than between the numbers: a comma would put the first number into the word.
_LIST = re.compile(
    rb"[^\t,;|]*[^\t,;| :]([ :]+(\[\s*)?|\t\s*)[-+.\de]+(\s*,\s*[-+.\de]+){2,}(\s*\])?[,\s]*", re.IGNORECASE
)
_NUMBERS = re.compile(r"\d+( to \d+)?")  # columns without names


def read_text(
    source: Source,
    *,
    encoding: str | None = None,
    words: ListedWords | None = None,
    columns: Columns | None = None,
) -> Collector:
    """Reads a text file, or a table in text, to its end.

    Args:
        encoding: of the file; None: UTF-8, or what its byte-order mark says. "utf-8-drop" drops rows whose word is not
            UTF-8, however many.
        words: for files of numbers only.
        columns: of a table.

    Raises VectorFileError: no vectors, too many lines that do not fit, a file that ends far too early; an encoding that
    has to be chosen.
    """
    drop, columns = encoding == "utf-8-drop", columns or Columns()
    if words is not None:
        columns = replace(columns, heading=None)  # of the list
    if words is not None and _is_raw(source.peek(_HEAD)):
        return read_raw(source, words)
    source, used = to_utf8(source, encoding)
    head = _whole_lines(source)
    layout = _layout(head, source, has_words=words is None, columns=columns)
    if layout is None:
        rows = read_delimited(source, encoding=encoding if drop else "utf-8", columns=columns, words=words)
        rows.encoding = used
        return rows
    rows = Collector(source.name, layout.dimensions, source.limits, place="line")
    rows.notes += layout.notes
    if layout.header:
        _check_promise(source, layout.header, layout.dimensions, rows)
    listed = None
    if words is not None:
        listed, notes = words.for_rows(source.lines_ahead())
        rows.notes += notes
    parser = LineParser(source, layout, rows, drop, listed)
    for number, block in _blocks(source):
        if rows.full:
            rows.stopped = True
            break
        parser.take(block, number)
    return parser.finish(used)


def _layout(head: bytes, source: Source, *, has_words: bool, columns: Columns) -> Layout | None:
    """The layout of a vector file, or None for another table. Raises VectorFileError: neither of them."""
    lines = [line for line in head.split(b"\n")[:_LINES] if line.strip()]
    if has_words and sum(_LIST.fullmatch(line) is not None for line in lines) > 0.8 * len(lines):
        cause = "each line is a word and a list of numbers with commas"
        raise source.refusal(cause, "Replace the commas by spaces, and remove brackets.", at="line 1")
    try:
        strict = source.limits.odd_rows == "none"
        layout = find_layout(head, source.name, has_words=has_words, strict=strict)
    except VectorFileError as error:
        if CONTROL.search(head):
            raise refuse_unknown(head, source.name) from None
        if looks_delimited(head) or TABLE in error.cause:
            return None
        raise
    heading = layout.notes and not layout.header
    if has_columns(head, layout) or (heading and _names_beside(lines[0])):
        return None
    if has_words and all(b'"' in line for line in lines) and looks_delimited(head):
        return None  # words in quotes, as R writes them
    return _as_chosen(layout, columns if has_words else Columns(vector=columns.vector))


def _names_beside(heading: bytes) -> bool:
    """Whether a heading names a column that is no dimension, such as counts; between tabs, as tables are."""
    names = heading.decode("utf-8", "replace").casefold().split("\t")[1:]
    return not BESIDE.isdisjoint(name.strip() for name in names)


def _as_chosen(layout: Layout, chosen: Columns) -> Layout | None:
    """The layout with what was chosen of columns, which lines of vectors do not name; None: a table that has them."""
    heading = bool(layout.notes) and not layout.header
    names = [name for name in (chosen.word, chosen.vector) if name is not None]
    if not layout.header and (heading or all(_NUMBERS.fullmatch(name) for name in names)):
        if names or (heading and chosen.heading is False):
            return None
        if chosen.heading and not heading:
            return replace(layout, skip=layout.skip + 1, notes=("The first line was left out as a heading.",))
    if names or (layout.header and chosen.heading is not None):
        return replace(layout, notes=(*layout.notes, "The choice of columns was not used: they have no names here."))
    return layout


def _is_raw(head: bytes) -> bool:
    """Whether bytes are numbers rather than text; text of two or four bytes a letter begins with a mark."""
    return CONTROL.search(head) is not None and marked_codec(head) is None


def kind_of_text(source: Source) -> str:
    """What a text file is by its first lines: "vectors", "table", "numbers" (words, too), "words" or "raw"."""
    source, _ = to_utf8(source, "utf-8")
    head = _whole_lines(source)
    if CONTROL.search(head):
        return "raw"
    lines = [fields for line in head.split(b"\n")[:100] if (fields := split_fields(line))]
    if lines and all(NUMBER.fullmatch(field) for fields in lines for field in fields):
        return "numbers"
    try:
        find_layout(head, source.name)
    except VectorFileError as error:
        return "table" if looks_delimited(head) or TABLE in error.cause else "words"
    return "vectors"


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
    if not re.search(rb"[\r\n]", head[: limit + 1]) and len(head) > limit:
        raise _too_long(source, 1)
    return _one_line_end(head)


def _check_promise(source: Source, header: tuple[int, int], dimensions: int, rows: Collector) -> None:
    """Refuses a header whose rows cannot be in the file: each takes a digit and a blank a number, and a line end.

    Args:
        dimensions: numbers that the rows have, whatever the header says.
    """
    promised, stated = header
    least = promised * (2 * dimensions + 1) - 1
    if source.total is not None and least > source.total:
        if source.limits.odd_rows == "any":
            return
        # As many rows as could be there are far from what is promised, unless nearly all fit.
        if source.total // (2 * dimensions) < promised - max(1, promised // FEW_ODD_SHARE):
            raise source.refusal(
                f"header says {promised:,} rows of {counted(stated, 'number')}, "
                + (f"the rows have {dimensions:,}, " if dimensions != stated else "")
                + f"which take at least {size(least)}, and the file has {size(source.total)}",
                f"{CUT_OFF} If it is whole, correct its header, or read it anyway.",
                at="line 1",
                asks="anyway",
            )
    rows.check_size(promised)


def _too_long(source: Source, number: int) -> Exception:
    return source.too_large(
        f"the line is longer than {size(source.limits.line_bytes)}",
        "One row a line is expected: check that this is a vector file.",
        at=f"line {number:,}",
    )


def _one_line_end(data: bytes) -> bytes:
    """Text with the line ends of old Macs, a carriage return alone, turned into the usual ones."""
    mixed = b"\r" in data and data.count(b"\r") != data.count(b"\r\n")
    return re.sub(rb"\r(?!\n)", b"\n", data) if mixed else data


def _blocks(source: Source) -> Iterator[tuple[int, bytes]]:
    """Blocks of whole lines, each with the number of its first line."""
    number, rest = 1, b""
    while data := source.read(_BLOCK):
        if data.endswith(b"\r") and source.peek(1) == b"\n":
            data += source.read(1)
        data = _one_line_end(data)
        cut = data.rfind(b"\n") + 1
        if cut == 0:
            rest += data
            if len(rest) > source.limits.line_bytes:
                raise _too_long(source, number)
            continue
        block, rest = rest + data[:cut], data[cut:]
        ends = np.flatnonzero(np.frombuffer(block, np.uint8) == 10)
        if ends[0] > source.limits.line_bytes or np.diff(ends).max(initial=0) > source.limits.line_bytes:
            raise _too_long(source, number + int(np.diff(ends, prepend=-1).argmax()))
        yield number, block
        number += len(ends)
    if rest:
        yield number, rest
