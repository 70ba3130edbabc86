"""Lists of words that belong to the rows of a matrix kept beside them."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from embedlab.errors import FileTooLarge
from embedlab.formats.arrays import as_text, read_strings
from embedlab.formats.detection import NPY_MAGIC
from embedlab.formats.encodings import not_utf8
from embedlab.formats.limits import MB, Limits, size
from embedlab.formats.source import Source, from_file, open_file

WordList = Path | BinaryIO | Sequence[str] | Sequence[str | None]
_LARGEST = 512 * MB


def word_list(words: WordList | None, limits: Limits) -> Sequence[str | None] | None:
    """Words as a list, read from a file where one is given.

    Raises:
        VectorFileError: the file holds no list of words.
    """
    if words is None or (isinstance(words, Sequence) and not isinstance(words, str | bytes)):
        return words
    name = words.name if isinstance(words, Path) else str(getattr(words, "name", "the list of words"))
    with open_file(words, limits=limits, name=name) as (file, length):  # type: ignore[arg-type]
        return read_words(from_file(file, length, name=name, limits=limits))


def read_words(source: Source, *, encoding: str | None = None) -> list[str | None]:
    """Words from a file: one a line, or a JSON list of strings, or a .npy array of text.

    Of lines with tabs the first column counts, and a heading in the first line of such a table is left out, as in the
    Embedding Projector's metadata.tsv.

    Raises:
        VectorFileError: not UTF-8, or no such list.
    """
    if source.peek(6) == NPY_MAGIC:
        return read_strings(source)
    data = source.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise source.refusal(
            f"a list of words of more than {size(_LARGEST)}", "Keep only the most frequent words.", kind=FileTooLarge
        )
    data = data.removeprefix(b"\xef\xbb\xbf")
    if data.lstrip()[:2] in (b'["', b'[ "') or (data.lstrip()[:1] == b"[" and data.rstrip()[-1:] == b"]"):
        words = _from_json(data)
        if words is not None:
            return words
    lines = data.split(b"\n")
    if lines and not lines[-1]:
        lines.pop()
    if lines and b"\t" in lines[0]:
        lines = [line.split(b"\t", 1)[0] for line in lines[1:]]
    texts: list[str | None] = []
    for number, line in enumerate(lines, 1):
        line = line.rstrip(b"\r")
        try:
            texts.append(line.decode("utf-8" if encoding in (None, "utf-8-drop") else encoding))
        except UnicodeDecodeError:
            if encoding != "utf-8-drop":
                raise not_utf8(source.name, line, f"line {number:,}") from None
            texts.append(None)
    return texts


def _from_json(data: bytes) -> list[str | None] | None:
    try:
        words = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if not (isinstance(words, list) and all(isinstance(word, str) for word in words)):
        return None
    return [as_text(word) for word in words]
