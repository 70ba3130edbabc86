"""Word lists: one word for each row of a matrix kept in another file."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from embedlab.errors import InvalidSetting, UnsafeFormat, VectorFileError
from embedlab.formats.binary.numpy_arrays import as_text, read_strings
from embedlab.formats.detection import HEAD, NPY_MAGIC, UNSAFE, detect
from embedlab.formats.limits import KEEP_FEWER, MB, SAME_NUMBER, Limits, counted, shown_name, shown_word, size
from embedlab.formats.packed.compression import COMPRESSIONS, unpacked
from embedlab.formats.packed.source import Source, from_file, open_file
from embedlab.formats.tables.roles import Columns
from embedlab.formats.text.encodings import decoded, to_utf8
from embedlab.formats.tokens import is_tokens, read_tokens

WordList = Path | BinaryIO | Sequence[str] | Sequence[str | None]
WHOLE_LINE = "line"  # as the column of the words
_LARGEST = 512 * MB
_PADDING, _PADDING_SHARE = 128, 10  # rows after the last token: at most so many, or one in so many
_ITEM = re.compile(rb'"[^"]*"[\s:]*,?|[\[{,]')  # of JSON without escaped quotes
_COUNTED = re.compile(rb"(.*\S)[ ](\d+)")  # a word and a count, as in GloVe's vocab.txt


@dataclass(frozen=True)
class ListedWords:
    """Words from outside a matrix, in the order of its rows.

    Args:
        words: None where one is not UTF-8.
        name: of the file that they came from, for notes.
        first: what the first line says if that may be a heading and no word; None where it cannot be one.
        heading: whether it is one; None: it is where there is one line more than rows.
        parted: the lines had several columns, of which the first line usually gives the names.
        padded: a tokenizer's: a matrix may have more rows, which stand for nothing.
        notes: what was decided in reading them.
    """

    words: Sequence[str | None]
    name: str = "the list of words"
    first: str | None = None
    heading: bool | None = False
    parted: bool = False
    padded: bool = False
    notes: tuple[str, ...] = ()

    def for_rows(self, count: int | None) -> tuple[Sequence[str | None], list[str]]:
        """The words for a matrix of `count` rows, and notes for the report; of another number where none fits.

        Args:
            count: None where it is not known before reading.
        """
        words, notes = self.words, list(self.notes)
        while count is not None and len(words) > count and words[-1] == "":
            words = words[:-1]  # blank lines at the end
        heading = self.heading
        if heading is None:
            heading = self.parted if count is None else len(words) == count + 1
        if self.first is not None and heading:
            words = words[1:]
            said = f"The first line of {shown_name(self.name)}, {shown_word(self.first)}, is taken for a heading."
            notes.append(said)
        return words, notes

    def fitting(self, rows: int) -> tuple[Sequence[str | None], list[str]] | None:
        """The words of a matrix's first rows, and what to say of it; None: they are not as many.

        Those of a tokenizer may be a few less: the matrix of a language model is padded to a size that is fast, and its
        last rows are no token's.
        """
        words, notes = self.for_rows(rows)
        padding = rows - len(words)
        if self.padded and 0 < padding <= max(_PADDING, rows // _PADDING_SHARE):
            notes.append(
                f"The last {counted(padding, 'row')} of {rows:,} left out: they are no token's, and fill up the matrix."
            )
            return words, notes
        return (words, notes) if padding == 0 else None


def word_list(
    words: WordList | None, limits: Limits, *, encoding: str | None = None, columns: Columns | None = None
) -> ListedWords | None:
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
        return ListedWords(words)
    name = words.name if isinstance(words, Path) else str(getattr(words, "name", "the list of words"))
    with open_file(words, limits=limits, name=name) as (file, length):  # type: ignore[arg-type]
        source = from_file(file, length, name=name, limits=limits)
        if length and (kind := _compression(source)):
            source = unpacked(kind, file, name=name, limits=limits)
        return read_words(source, encoding=encoding, columns=columns)


def _compression(source: Source) -> str | None:
    """How a list is compressed, if it is."""
    try:
        kind = detect(source.peek(HEAD), source.name)
    except VectorFileError:  # no vector file, which a list need not be
        return None
    return kind if kind in COMPRESSIONS else None


def read_words(
    source: Source, *, encoding: str | None = None, rows: int | None = None, columns: Columns | None = None
) -> ListedWords:
    """Words from a file: one a line, a column of a table, a JSON list, a tokenizer's vocabulary, a .npy array of text.

    Of lines with tabs the first column counts unless `columns` names another. Counts behind the words of all lines, as
    in GloVe's vocab.txt, are cut off; ``Columns(word="line")`` keeps the lines whole.

    Args:
        rows: how many words there may be; None: as many as the limits allow rows.

    Raises:
        UnsafeFormat: a pickle.
        FileTooLarge: more words than that.
        VectorFileError: not UTF-8 (or the encoding that was chosen), or no such list.
    """
    columns = columns or Columns()
    start = source.peek(6)
    if start == NPY_MAGIC:
        return ListedWords(read_strings(source), source.name)
    if start[:1] == b"\x80" and start[1:2] < b"\x20":
        raise source.refusal("the list of words is a pickle", UNSAFE, kind=UnsafeFormat)
    if start[:2] == b"\x1f\x8b" or start[:4] == b"PK\x03\x04":
        raise source.refusal("the list of words is packed", "Unpack it first.")
    source, _ = to_utf8(source, None if encoding == "utf-8-drop" else encoding)
    if is_tokens(source.peek(HEAD)):
        tokens = read_tokens(source)
        return ListedWords(tokens, source.name, padded=True, notes=tuple(tokens.notes))
    most = source.limits.rows if rows is None else min(rows, source.limits.rows)
    data = _whole(source, most)
    if data.lstrip()[:2] in (b'["', b'[ "') or (data.lstrip()[:1] == b"[" and data.rstrip()[-1:] == b"]"):
        if not is_short_json(data, most + 2):
            raise _too_many(source, most)
        if (listed := _from_json(data)) is not None:
            return ListedWords(listed, source.name)
    data = data if b"\n" in data else data.replace(b"\r", b"\n")
    if data.count(b"\n") > most + 1:  # lines of what began like JSON; a list of them takes far more than their bytes
        raise _too_many(source, most)
    lines = [line.rstrip(b"\r") for line in data.split(b"\n")]
    if lines and not lines[-1]:
        lines.pop()
    parted = bool(lines) and b"\t" in lines[0] and columns.word != WHOLE_LINE
    lines, heading, notes = _word_column(source, lines, columns)
    drop = encoding if encoding == "utf-8-drop" else None
    words: list[str | None] = []
    for number, line in enumerate(lines, 1):
        try:
            words.append(line.decode("utf-8"))
        except UnicodeDecodeError:
            words.append(decoded(line, drop, name=source.name, at=f"line {number:,}"))
    first = words[0] if words else None
    return ListedWords(words, source.name, first, heading, parted, notes=tuple(notes))


def _word_column(source: Source, lines: list[bytes], columns: Columns) -> tuple[list[bytes], bool | None, list[str]]:
    """The words of lines, whether the first line is a heading, and notes."""
    name, chosen = shown_name(source.name), columns.word
    notes: list[str] = []
    if chosen == WHOLE_LINE:
        return lines, columns.heading, notes
    names = lines[0].decode("utf-8", "replace").split("\t") if lines else []
    if len(names) > 1:
        if chosen is not None and chosen in names:
            place, named = names.index(chosen), True
        elif chosen is None or (chosen.isdecimal() and 0 < int(chosen) <= len(names)):
            place, named = int(chosen or 1) - 1, False
        else:
            shown = ", ".join(shown_word(n) for n in names[:10])
            raise source.refusal(
                f"there is no column {shown_word(chosen)} (there are {shown})",
                f"Choose one of them, or a number from 1 to {len(names)}.",
                asks="columns",
            )
        notes.append(f"The words are column {place + 1} of {len(names)} of {name}, {shown_word(names[place])}.")
        heading = True if named and columns.heading is None else columns.heading
        cut = [line.split(b"\t") for line in lines]
        return [fields[place] if place < len(fields) else b"" for fields in cut], heading, notes
    if len(lines) > 1 and all(_COUNTED.fullmatch(line) for line in lines[1:]) and b" " in lines[0].strip(b" "):
        notes.append(f"Behind each word of {name} stands a whole number; these were taken for counts and cut off.")
        return [line.rpartition(b" ")[0].rstrip(b" ") for line in lines], columns.heading, notes
    return lines, columns.heading, notes


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
