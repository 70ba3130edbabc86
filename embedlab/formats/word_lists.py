"""Word lists: one word for each row of a matrix kept in another file."""

import json
import re
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from embedlab.errors import InvalidSetting, UnsafeFormat, VectorFileError
from embedlab.formats.binary.numpy_arrays import as_text, read_strings
from embedlab.formats.detection import NPY_MAGIC, UNSAFE
from embedlab.formats.limits import KEEP_FEWER, MB, SAME_NUMBER, Limits, counted, size
from embedlab.formats.packed.source import Source, from_file, open_file
from embedlab.formats.text.encodings import decoded, to_utf8

WordList = Path | BinaryIO | Sequence[str] | Sequence[str | None]
_LARGEST = 512 * MB
_ITEM = re.compile(rb'"[^"]*"[\s:]*,?|[\[{,]')  # of JSON without escaped quotes


def word_list(words: WordList | None, limits: Limits, *, encoding: str | None = None) -> Sequence[str | None] | None:
    """Words as a list, read from a file where one is given.

    Raises:
        InvalidSetting: a list of something else than words.
        VectorFileError: the file holds no list of words.
    """
    if words is None:
        return None
    if isinstance(words, Sequence) and not isinstance(words, str | bytes):
        for word in words:
            if word is not None and not isinstance(word, str):
                raise InvalidSetting(f"Words are text, not {type(word).__name__} ({word!r:.40}): turn them into str.")
        return words
    name = words.name if isinstance(words, Path) else str(getattr(words, "name", "the list of words"))
    with open_file(words, limits=limits, name=name) as (file, length):  # type: ignore[arg-type]
        return read_words(from_file(file, length, name=name, limits=limits), encoding=encoding)


def read_words(source: Source, *, encoding: str | None = None, rows: int | None = None) -> list[str | None]:
    """Words from a file: one a line, or a JSON list of strings, or a .npy array of text.

    Of lines with tabs the first column counts, and a heading in the first line of such a table is left out, as in the
    Embedding Projector's metadata.tsv.

    Args:
        rows: how many words there may be; None: as many as the limits allow rows.

    Raises:
        UnsafeFormat: a pickle.
        FileTooLarge: more words than that.
        VectorFileError: not UTF-8 (or the encoding that was chosen), or no such list.
    """
    start = source.peek(6)
    if start == NPY_MAGIC:
        return read_strings(source)
    if start[:1] == b"\x80" and start[1:2] < b"\x20":
        raise source.refusal("the list of words is a pickle", UNSAFE, kind=UnsafeFormat)
    if start[:2] == b"\x1f\x8b" or start[:4] == b"PK\x03\x04":
        raise source.refusal("the list of words is packed", "Unpack it first.")
    source, _ = to_utf8(source, None if encoding == "utf-8-drop" else encoding)
    most = source.limits.rows if rows is None else min(rows, source.limits.rows)
    data = _whole(source, most)
    if data.lstrip()[:2] in (b'["', b'[ "') or (data.lstrip()[:1] == b"[" and data.rstrip()[-1:] == b"]"):
        if not is_short_json(data, most + 2):
            raise _too_many(source, most)
        words = _from_json(data)
        if words is not None:
            return words
    data = data if b"\n" in data else data.replace(b"\r", b"\n")
    if data.count(b"\n") > most + 1:  # lines of what began like JSON; a list of them takes far more than their bytes
        raise _too_many(source, most)
    lines = data.split(b"\n")
    if lines and not lines[-1]:
        lines.pop()
    if lines and b"\t" in lines[0]:
        lines = [line.split(b"\t", 1)[0] for line in lines[1:]]
    drop = encoding if encoding == "utf-8-drop" else None
    words = []
    for number, line in enumerate(lines, 1):
        line = line.rstrip(b"\r")
        try:
            words.append(line.decode("utf-8"))
        except UnicodeDecodeError:
            words.append(decoded(line, drop, name=source.name, at=f"line {number:,}"))
    return words


def _whole(source: Source, most: int) -> bytes:
    """All bytes of a list, a megabyte at a time, so that one that is too long is refused before it is in memory."""
    largest = min(_LARGEST, source.limits.memory_bytes, (most + 1) * source.limits.line_bytes)
    parts, length, ends, old_ends = [], 0, 0, 0
    json_like = source.peek(1000).lstrip()[:1] == b"["  # which may have its lines anywhere
    while part := source.read(MB):
        parts.append(part)
        length, ends, old_ends = length + len(part), ends + part.count(b"\n"), old_ends + part.count(b"\r")
        if not json_like and (ends or old_ends) > most + 1:  # a heading is one more
            raise _too_many(source, most)
        if length > largest:
            raise source.too_large(f"a list of words of more than {size(largest)}", KEEP_FEWER)
    return b"".join(parts)


def is_short_json(text: bytes, most: int) -> bool:
    """Whether JSON holds at most `most` items; counted before it is parsed, which can take 60 times its bytes."""
    plain = text.replace(b"\\\\", b"").replace(b'\\"', b"")
    return next(islice(_ITEM.finditer(plain), most, None), None) is None


def _too_many(source: Source, most: int) -> VectorFileError:
    return source.too_large(f"a list of more than {counted(most, 'word')}", SAME_NUMBER, asks="words")


def _from_json(data: bytes) -> list[str | None] | None:
    try:
        words = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if not (isinstance(words, list) and all(isinstance(word, str) for word in words)):
        return None
    return [as_text(word) for word in words]
