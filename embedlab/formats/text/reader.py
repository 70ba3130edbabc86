"""Vectors as text: GloVe (no header), word2vec and fastText .vec (header), and lines of numbers beside a list of words.

A line is split from the right, so that words may hold spaces, as some of GloVe 840B do (". . ."). Numbers are read to
float64, correctly rounded, then to float32, as gensim does: the vectors are bit for bit the same.
"""

import re
from collections.abc import Iterator, Sequence

import numpy as np

from embedlab.errors import VectorFileError
from embedlab.formats.collector import Collector
from embedlab.formats.detection import refuse_unknown
from embedlab.formats.limits import MB, counted, size
from embedlab.formats.packed.source import CUT_OFF, Source
from embedlab.formats.text.encodings import to_utf8
from embedlab.formats.text.layout import NUMBER, find_layout, split_fields
from embedlab.formats.text.rows import LineParser

_BLOCK = 2 * MB  # 1 to 4 MB are equally fast; beyond, the caches miss
_HEAD = MB // 16
_CONTROL = re.compile(rb"[\0-\x08\x0e-\x1f]")


def read_text(source: Source, *, encoding: str | None = None, words: Sequence[str | None] | None = None) -> Collector:
    """Reads a text file to its end.

    Args:
        encoding: of the file; None: UTF-8, or what its byte-order mark says. "utf-8-drop" drops rows whose word is not
            UTF-8 in place of refusing the file.
        words: for files of numbers only.

    Raises VectorFileError: a line with another number of numbers, a word that is not UTF-8, a file that ends too early.
    """
    drop = encoding == "utf-8-drop"
    source, used = to_utf8(source, None if drop else encoding)
    head = _whole_lines(source)
    try:
        layout = find_layout(head, source.name, has_words=words is None)
    except VectorFileError:
        if _CONTROL.search(head):
            raise refuse_unknown(head, source.name) from None
        raise
    rows = Collector(source.name, layout.dimensions, source.limits, place="line")
    if layout.header:
        _check_promise(source, layout.header, rows)
    parser = LineParser(source, layout, rows, drop, words)
    for number, block in _blocks(source):
        parser.take(block, number)
    return parser.finish(used)


def kind_of_text(source: Source) -> str:
    """What a text file is by its first lines: "vectors", "numbers" (or words made of digits), or "words"."""
    source, _ = to_utf8(source, None)
    head = _whole_lines(source)
    lines = [fields for line in head.split(b"\n")[:100] if (fields := split_fields(line))]
    if lines and all(NUMBER.fullmatch(field) for fields in lines for field in fields):
        return "numbers"
    try:
        find_layout(head, source.name)
    except VectorFileError:
        return "words"
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
    return head if b"\n" in head else head.replace(b"\r", b"\n")


def _check_promise(source: Source, header: tuple[int, int], rows: Collector) -> None:
    """Refuses a header whose rows cannot be in the file: each takes a digit and a blank a number, and a line end."""
    promised, dimensions = header
    least = promised * (2 * dimensions + 1) - 1
    if source.total is not None and least > source.total:
        raise source.refusal(
            f"header says {promised:,} rows of {counted(dimensions, 'number')}, which take at least {size(least)}, "
            f"and the file has {size(source.total)}",
            f"{CUT_OFF} If it is whole, correct its header.",
            at="line 1",
        )
    rows.check_size(promised)


def _too_long(source: Source, number: int) -> Exception:
    return source.too_large(
        f"the line is longer than {size(source.limits.line_bytes)}",
        "One row a line is expected: check that this is a vector file.",
        at=f"line {number:,}",
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
        if ends[0] > source.limits.line_bytes or np.diff(ends).max(initial=0) > source.limits.line_bytes:
            raise _too_long(source, number + int(np.diff(ends, prepend=-1).argmax()))
        yield number, block
        number += len(ends)
    if rest:
        yield number, rest
