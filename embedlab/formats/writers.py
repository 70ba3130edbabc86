"""Writers: for each format, a function that puts the vectors into an open file."""

import io
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import numpy as np

from embedlab.arrays import Array, Floats
from embedlab.errors import VectorFileError
from embedlab.formats.limits import DEFAULT_LIMITS, shown_word
from embedlab.formats.packed.source import Source
from embedlab.formats.reading import read_vectors
from embedlab.formats.text.layout import holds_numbers
from embedlab.formats.word_lists import read_words
from embedlab.vectors.word_vectors import WordVectors
from embedlab.wording import counted, first_of

_ROWS = 4096  # written at a time
_WIDEST = 8  # times the UTF-8 bytes: beyond, fixed-width text would blow the file up
_BLANK_EDGE = re.compile(r"\A[ \t]|[ \t]\Z")
_REMEDY = "Write npz or safetensors, which hold any word."
_NAMED = 3  # words that a note names


def word2vec_text(vectors: WordVectors, file: BinaryIO) -> None:
    file.write(f"{len(vectors)} {vectors.dimensions}\n".encode())
    glove(vectors, file)


def glove(vectors: WordVectors, file: BinaryIO) -> None:
    for lines in _lines(vectors):
        file.write(lines)


def check_glove(vectors: WordVectors) -> None:
    """Refuses words that would be read as a header, as numbers, or as another kind of file: GloVe has no header."""
    check_text(vectors)
    block, lines = vectors.matrix[:_ROWS], next(_lines(vectors))
    kept = np.flatnonzero(block.any(axis=1))  # rows of zeros are dropped when read
    try:
        read = read_vectors(io.BytesIO(lines), name="glove")[0]
        same = read.words == tuple(vectors.words[i] for i in kept) and read.matrix.shape[1] == block.shape[1]
    except VectorFileError:
        same = len(kept) == 0
    if not same:
        raise VectorFileError(
            "As GloVe text, which has no header, these words would be read wrongly. Write word2vec text or npz instead."
        )


def _lines(vectors: WordVectors) -> Iterator[bytes]:
    """Lines "word number number …" of `_ROWS` words at a time."""
    import pyarrow as pa
    import pyarrow.compute as compute

    for start in range(0, len(vectors), _ROWS):
        words = vectors.words[start : start + _ROWS]
        columns = _digits(vectors.matrix[start : start + _ROWS])
        lines = compute.binary_join_element_wise(pa.array(words, pa.string()), *columns, " ")
        yield "\n".join(lines.to_pylist()).encode() + b"\n"


def _digits(block: Floats) -> list[Any]:
    """(r, D) numbers as D arrow columns of the shortest text that reads back the same."""
    import pyarrow as pa

    columns = np.ascontiguousarray(block.T, np.float32)  # (D, r)
    arrays = [pa.Array.from_buffers(pa.float32(), len(c), [None, pa.py_buffer(c)]) for c in columns]
    return [array.cast(pa.string()) for array in arrays]


def check_text(vectors: WordVectors) -> None:
    """Refuses words that lines of text cannot hold."""
    for word in vectors.words:
        if " " in word or not word.isprintable():  # the few that are worth a closer look
            _check_text_word(word)


def spaces_note(vectors: WordVectors) -> str:
    """What becomes of words with spaces in lines of text, as a sentence; empty where no word has one.

    Here the numbers are counted from a line's end, so that such words are read back; gensim, among others, takes all up
    to the first space for the word and the rest for numbers.
    """
    spaced = [word for word in vectors.words if " " in word]
    if not spaced:
        return ""
    named = first_of(spaced, _NAMED, shown_word)
    return (
        f"{counted(len(spaced), 'word')} with a space ({named}): gensim will not read this file back. npz and "
        "safetensors hold any word, and in Python to_gensim() hands them to gensim."
    )


def _check_text_word(word: str) -> None:
    cause = ""
    if "\n" in word or "\r" in word:
        cause = "holds a line end"
    elif _BLANK_EDGE.search(word):
        cause = "starts or ends with a blank"
    elif holds_numbers(word.encode("utf-8", "replace")):
        cause = "holds a number after a blank"
    elif "\t" in word or "\x0b" in word or "\x0c" in word:
        cause = "holds a tab"
    elif not _is_unicode(word):
        cause = "is not valid Unicode"
    if cause:
        raise VectorFileError(f"The word {shown_word(word)} {cause}, which text formats cannot hold. {_REMEDY}")


def _is_unicode(word: str) -> bool:
    try:
        word.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def word2vec_binary(vectors: WordVectors, file: BinaryIO) -> None:
    file.write(f"{len(vectors)} {vectors.dimensions}\n".encode())
    for start in range(0, len(vectors), _ROWS):
        block = np.ascontiguousarray(vectors.matrix[start : start + _ROWS], "<f4")
        parts = []
        for word, row in zip(vectors.words[start : start + _ROWS], block, strict=True):
            parts += [word.encode(), b" ", row.tobytes()]
        file.write(b"".join(parts))


def check_binary(vectors: WordVectors) -> None:
    """Refuses words with spaces, which end a word there, and with control characters, which look like numbers."""
    for word in vectors.words:
        if " " in word or (
            not word.isprintable() and (any(ord(c) < 32 or ord(c) == 127 for c in word) or not _is_unicode(word))
        ):
            raise VectorFileError(
                f"The word {shown_word(word)} holds a space or control character, "
                f"which word2vec binary cannot hold. {_REMEDY}"
            )


def npz(vectors: WordVectors, file: BinaryIO) -> None:
    """Arrays "words" and "vectors"; words unfit for fixed-width text are stored as UTF-8 and end positions."""
    arrays: dict[str, Array] = {"vectors": np.asarray(vectors.matrix)}
    widest, characters = max(map(len, vectors.words)), sum(map(len, vectors.words))
    if any(word.endswith("\0") for word in vectors.words) or widest * len(vectors) > _WIDEST * characters + 1_000_000:
        encoded = [word.encode("utf-8") for word in vectors.words]
        arrays["words_utf8"] = np.frombuffer(b"".join(encoded), np.uint8)
        arrays["words_ends"] = np.cumsum([len(word) for word in encoded], dtype="<i8")
    else:
        arrays["words"] = np.array(vectors.words, dtype=np.str_)
    np.savez(file, allow_pickle=False, **arrays)


def numbers_tsv(vectors: WordVectors, file: BinaryIO) -> None:
    import pyarrow.compute as compute

    for start in range(0, len(vectors), _ROWS):
        columns = _digits(vectors.matrix[start : start + _ROWS])
        lines = compute.binary_join_element_wise(*columns, "\t")
        file.write("\n".join(lines.to_pylist()).encode() + b"\n")


def words_tsv(vectors: WordVectors) -> bytes:
    """One word a line, the Projector's metadata; it wants no heading for a single column."""
    return "".join(f"{word}\n" for word in vectors.words).encode()


def check_list(vectors: WordVectors) -> None:
    """Refuses words that a list of them, one a line, would not give back."""
    check_text(vectors)
    data = words_tsv(vectors)
    listed, _ = read_words(Source(io.BytesIO(data).read, name="words", limits=DEFAULT_LIMITS)).for_rows(len(vectors))
    if tuple(listed) != vectors.words:
        raise VectorFileError(f"As a list, these words would be read wrongly. {_REMEDY}")
