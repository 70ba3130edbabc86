"""Word lists: one word for each row of a matrix kept in another file."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Protocol, cast

from embedlab.errors import InvalidSetting, UnsafeFormat, VectorFileError
from embedlab.formats.binary.numpy_arrays import as_text, read_strings
from embedlab.formats.detection import HEAD, NPY_MAGIC, UNSAFE, by_start
from embedlab.formats.limits import KEEP_FEWER, MB, SAME_NUMBER, Limits, shown_name, shown_word, size
from embedlab.formats.list_columns import WHOLE_LINE, words_of_lines
from embedlab.formats.packed.compression import from_packed
from embedlab.formats.packed.source import Source, open_file
from embedlab.formats.tables.arrow_columns import read_arrow_words
from embedlab.formats.tables.roles import MOST_NUMBERS, Columns
from embedlab.formats.text.encodings import NotDecoded, decoded, to_utf8
from embedlab.formats.tokens import is_tokens, read_tokens
from embedlab.wording import counted


class ArrayOfWords(Protocol):
    """Words in NumPy or pandas."""

    def tolist(self) -> Any: ...


WordList = Path | BinaryIO | Sequence[str] | Sequence[str | None] | ArrayOfWords
_HEADINGS = {"word", "words", "token", "tokens", "term", "terms", "label", "labels", "name", "names", "text"}
_LARGEST = 512 * MB
_ROUNDED = (8, 16, 32, 64, 128)  # sizes to a multiple of which the matrices of models are filled up
_ITEM = re.compile(rb'"[^"]*"[\s:]*,?|[\[{,]')  # of JSON without escaped quotes
_SURROGATE = re.compile("[\ud800-\udfff]")
_SPECIAL = {"[UNK]", "[CLS]"}  # in the vocab.txt of BERT and its kin, a tokenizer's
_LOOKED_AT = 100  # values of JSON
_NUMBERED_WORDS = re.compile(
    r'\{\s*"(0"\s*:\s*"(?:[^"\\]|\\.)*"\s*,\s*"1|1"\s*:\s*"(?:[^"\\]|\\.)*"\s*,\s*"2)"\s*:\s*"'
)
_MOST_ITEMS = 1_000_000  # keys, values and marks of JSON objects, which take far more memory than their bytes


@dataclass(frozen=True)
class ListedWords:
    """Words from outside a matrix, in the order of its rows.

    Args:
        words: None where one is not UTF-8.
        name: of the file that they came from, for notes.
        first: what the first line says if that may be a heading and no word; None where it cannot be one.
        heading: whether it is one; None: it is where there is one line more than rows, if lines have several columns or
            the first says something like "word".
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

    @property
    def says_heading(self) -> bool:
        """Whether the first line says something like "word"."""
        return str(self.first).split("\t")[0].strip().lower() in _HEADINGS

    def for_rows(self, count: int | None) -> tuple[Sequence[str | None], list[str]]:
        """The words for a matrix of `count` rows, and notes for the report; of another number where none fits.

        Args:
            count: None where it is not known before reading.
        """
        words, notes = self._without_heading(self.words, count)
        if count is not None and len(words) != count:
            full = [word for word in self.words if word != ""]
            others, more = self._without_heading(full, count)
            if len(others) == count:
                words = others
                notes = [
                    *more,
                    f"Blank lines of {shown_name(self.name)} were skipped: {len(self.words) - len(full):,}.",
                ]
        return words, [*self.notes, *notes]

    def _without_heading(
        self, words: Sequence[str | None], count: int | None
    ) -> tuple[Sequence[str | None], list[str]]:
        while count is not None and len(words) > count and words[-1] == "":
            words = words[:-1]  # blank lines at the end
        heading = self.heading
        if heading is None:
            # A single column rarely has a heading: its first line is one only where it says so.
            named = self.parted or self.says_heading
            heading = named and (count is None or len(words) == count + 1)
        if self.first is None or not heading or not words:
            return words, []
        return words[1:], [
            f"The first line of {shown_name(self.name)}, {shown_word(self.first)}, is taken for a heading."
        ]

    def mismatch(self, rows: int) -> str:
        """What may be wrong where the words are one more than the rows; empty where they are not."""
        words, _ = self.for_rows(rows)
        if self.first is None or self.heading is not None or len(words) != rows + 1:
            return ""
        return f" If the first line, {shown_word(self.first)}, is a heading, say so."

    def fitting(self, rows: int) -> tuple[Sequence[str | None], list[str]] | None:
        """The words of a matrix's first rows, and what to say of it; None: they are not as many.

        Those of a tokenizer may be a few less: the matrix of a language model is padded to a size that is fast, and its
        last rows are no token's.
        """
        words, notes = self.for_rows(rows)
        padding = rows - len(words)
        if self.padded and padding > 0 and any(rows % n == 0 and padding < n for n in _ROUNDED):
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
    if not isinstance(words, Path | Sequence) and hasattr(words, "tolist"):
        words = cast(Sequence[str | None], words.tolist())
    if isinstance(words, str | bytes) or not (isinstance(words, Path | Sequence) or hasattr(words, "read")):
        kind = type(words).__name__
        raise InvalidSetting(f"Words are a list of text, or a Path or an open binary file of them, not {kind}.")
    if isinstance(words, Sequence):
        for word in words:
            if word is not None and not isinstance(word, str):
                raise InvalidSetting(f"Words are text, not {type(word).__name__} ({word!r:.40}): turn them into str.")
        return ListedWords(words)
    name = words.name if isinstance(words, Path) else str(getattr(words, "name", "the list of words"))
    with open_file(words, limits=limits, name=name) as (file, length):
        source = from_packed(file, length, name=name, limits=limits)
        return read_words(source, encoding=encoding, columns=columns)


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
    if (kind := by_start(source.peek(HEAD))) in ("parquet", "arrow", "arrow-stream"):
        return _of_table(source, kind, columns)
    source, _ = to_utf8(source, encoding)
    may_pad = source.limits.odd_rows != "none"
    if is_tokens(source.peek(HEAD)):
        tokens = read_tokens(source)
        return ListedWords(tokens, source.name, padded=may_pad, notes=tuple(tokens.notes))
    most = source.limits.all_rows if rows is None else min(rows, source.limits.all_rows)
    data = _whole(source, most, rows)
    if (named := _from_objects(source, data, columns)) is not None:
        return named
    if data.lstrip()[:2] in (b'["', b'[ "') or (data.lstrip()[:1] == b"[" and data.rstrip()[-1:] == b"]"):
        if not is_short_json(data, most + 2):
            raise _too_many(source, most, rows)
        if (listed := _from_json(data)) is not None:
            return ListedWords(listed, source.name)
    data = data if b"\n" in data else data.replace(b"\r", b"\n")
    # Lines of what began like JSON, too: a list of them takes far more than their bytes.
    if data.count(b"\n") > 2 * most + 2:
        raise _too_many(source, most, rows)
    lines = data.decode("utf-8", "surrogateescape").split("\n")
    if not lines[-1]:
        lines.pop()
    if sum(1 for line in lines if line.strip()) > most + 1:
        raise _too_many(source, most, rows)
    found = words_of_lines(source, [line.rstrip("\r") for line in lines], columns)
    drop = encoding if encoding == "utf-8-drop" else None
    try:
        words = [_utf8(word, drop, source.name, number) for number, word in enumerate(found.words, 1)]
    except NotDecoded as error:
        error.words = [_bytes(word) for word in found.words if _SURROGATE.search(word)]
        raise
    first = words[0] if words else None
    padded = may_pad and not _SPECIAL.isdisjoint(words)
    return ListedWords(words, source.name, first, found.heading, found.parted, padded, found.notes)


def _utf8(word: str, drop: str | None, name: str, number: int) -> str | None:
    """A word of bytes that may not be UTF-8, which are surrogates in it. Raises VectorFileError: they are not."""
    if word.isascii() or not _SURROGATE.search(word):
        return word
    return decoded(_bytes(word), drop, name=name, at=f"line {number:,}")


def _bytes(word: str) -> bytes:
    return word.encode("utf-8", "surrogateescape")


def _of_table(source: Source, kind: Any, columns: Columns) -> ListedWords:
    words, notes = read_arrow_words(seekable(source), source, kind=kind, columns=columns)
    return ListedWords(words, source.name, notes=tuple(notes))


def seekable(source: Source) -> BinaryIO:
    """A file of the same bytes that may be read in any order; of what is packed, in memory."""
    if source.file is not None:
        return source.file
    most = min(_LARGEST, source.limits.memory_bytes)
    data = source.read(most + 1)
    if len(data) > most:
        raise source.too_large(f"a list of words of more than {size(most)}", KEEP_FEWER)
    return BytesIO(data)


def _whole(source: Source, most: int, rows: int | None) -> bytes:
    """All bytes of a list, a megabyte at a time, so that one that is too long is refused before it is in memory."""
    largest = min(_LARGEST, source.limits.memory_bytes, (most + 1) * source.limits.line_bytes)
    parts, length, ends, old_ends = [], 0, 0, 0
    json_like = source.peek(1000).lstrip()[:1] == b"["  # which may have its lines anywhere
    while part := source.read(MB):
        parts.append(part)
        length, ends, old_ends = length + len(part), ends + part.count(b"\n"), old_ends + part.count(b"\r")
        if not json_like and (ends or old_ends) > 2 * most + 2:  # a heading is one more, and blank lines between
            raise _too_many(source, most, rows)
        if length > largest:
            raise source.too_large(f"a list of words of more than {size(largest)}", KEEP_FEWER)
    return b"".join(parts)


def is_short_json(text: bytes, most: int) -> bool:
    """Whether JSON holds at most `most` items; counted before it is parsed, which can take 60 times its bytes."""
    plain = text.replace(b"\\\\", b"").replace(b'\\"', b"")
    return next(islice(_ITEM.finditer(plain), most, None), None) is None


def _too_many(source: Source, most: int, rows: int | None) -> VectorFileError:
    """The error for more words than the matrix has rows, or, where that has as many, than the limits allow."""
    if rows is None or rows > most:
        return source.too_large(f"a list of more than {counted(most, 'word')}", KEEP_FEWER)
    return source.too_large(f"a list of more than {counted(most, 'word')}", SAME_NUMBER, asks="words")


def is_json_list(head: bytes) -> bool:
    """Whether JSON that starts so is a list of words: of text, of objects with text and hardly a number, or a map from
    the rows' numbers to words. False for what may hold vectors, and for settings.
    """
    text = head.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").lstrip()
    if _NUMBERED_WORDS.match(text):
        return True
    items = list(islice(_items(text), _LOOKED_AT))
    if text[:1] == "[" and items and all(isinstance(item, str) for item in items):
        return True
    many = text[:1] == "[" or len(items) > 1  # a single object holds settings
    return bool(items) and many and all(isinstance(item, dict) and _is_about_a_word(item) for item in items)


def _items(text: str) -> Iterator[Any]:
    """The first values of a JSON list, or of JSON lines, up to where the text is cut."""
    decode, end = json.JSONDecoder().raw_decode, len(text)
    at = int(text[:1] == "[")
    while at < end:
        at = next(i for i in range(at, end + 1) if i == end or text[i] not in " \t\r\n,")
        try:
            value, at = decode(text, at)
        except (ValueError, RecursionError):
            return
        yield value


def _is_about_a_word(item: dict[str, Any]) -> bool:
    values = list(item.values())
    numbers = [value for value in values if type(value) in (int, float)]
    texts = any(isinstance(value, str) for value in values)
    nested = any(isinstance(value, list | dict) for value in values)
    fractions = sum(isinstance(value, float) for value in numbers)
    return texts and not nested and fractions <= 1 and len(numbers) <= MOST_NUMBERS


def _from_objects(source: Source, data: bytes, columns: Columns) -> ListedWords | None:
    """The words of JSON objects, in a list or one a line, or of one from the rows' numbers to words; None: no such."""
    if columns.word == WHOLE_LINE or not re.match(rb"\s*(\[\s*)?\{", data):
        return None
    if not is_short_json(data, _MOST_ITEMS):
        raise source.too_large("more JSON than a list of words takes", "Give the words one a line.", asks="words")
    try:
        content = json.loads(data)
    except (ValueError, RecursionError):
        try:
            content = [json.loads(line) for line in data.splitlines() if line.strip()]
        except (ValueError, RecursionError):
            return None
    if isinstance(content, dict) and len(content) > 1:
        first, notes = int("0" not in content), list[str]()
        words: list[Any] = [content.get(str(i)) for i in range(first, first + len(content))]
    else:
        items = content if isinstance(content, list) else [content]
        if not all(isinstance(item, dict) for item in items):
            return None
        texts = [key for key, value in items[0].items() if isinstance(value, str)]
        named = [key for key in texts if key.lower() in _HEADINGS] or texts
        key = columns.word or (named[0] if len(named) == 1 else None)
        words = [item.get(key) for item in items]
        several = key is not None and len(items[0]) > 1
        notes = (
            [f"The words are what stands under {shown_word(str(key))} in {shown_name(source.name)}."] if several else []
        )
    if not all(isinstance(word, str) for word in words):
        raise source.refusal(
            "these JSON objects have no word each under one name",
            "Give the words one a line, or choose the name under which they stand.",
            asks="columns",
        )
    return ListedWords([as_text(word) for word in words], source.name, notes=tuple(notes))


def _from_json(data: bytes) -> list[str | None] | None:
    try:
        words = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if not (isinstance(words, list) and all(isinstance(word, str) for word in words)):
        return None
    return [as_text(word) for word in words]
