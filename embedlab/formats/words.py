"""Lists of words that belong to the rows of a matrix kept beside them."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from embedlab.errors import FileTooLarge, InvalidSetting, UnsafeFormat
from embedlab.formats.arrays import as_text, read_strings
from embedlab.formats.detection import NPY_MAGIC, UNSAFE
from embedlab.formats.encodings import decoded, to_utf8
from embedlab.formats.limits import MB, Limits, size
from embedlab.formats.source import Source, from_file, open_file

WordList = Path | BinaryIO | Sequence[str] | Sequence[str | None]
_LARGEST = 512 * MB


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


def read_words(source: Source, *, encoding: str | None = None) -> list[str | None]:
    """Words from a file: one a line, or a JSON list of strings, or a .npy array of text.

    Of lines with tabs the first column counts, and a heading in the first line of such a table is left out, as in the
    Embedding Projector's metadata.tsv.

    Raises:
        UnsafeFormat: a pickle.
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
    data = source.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise source.refusal(
            f"a list of words of more than {size(_LARGEST)}", "Keep only the most frequent words.", kind=FileTooLarge
        )
    if data.lstrip()[:2] in (b'["', b'[ "') or (data.lstrip()[:1] == b"[" and data.rstrip()[-1:] == b"]"):
        words = _from_json(data)
        if words is not None:
            return words
    lines = (data if b"\n" in data else data.replace(b"\r", b"\n")).split(b"\n")
    if lines and not lines[-1]:
        lines.pop()
    if lines and b"\t" in lines[0]:
        lines = [line.split(b"\t", 1)[0] for line in lines[1:]]
    drop = encoding if encoding == "utf-8-drop" else None
    return [
        decoded(line.rstrip(b"\r"), drop, name=source.name, at=f"line {number:,}")
        for number, line in enumerate(lines, 1)
    ]


def _from_json(data: bytes) -> list[str | None] | None:
    try:
        words = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if not (isinstance(words, list) and all(isinstance(word, str) for word in words)):
        return None
    return [as_text(word) for word in words]
