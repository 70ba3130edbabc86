"""fastText .bin: word vectors of an unsupervised model, each the mean of the word's own row and its character n-grams'.

Bojanowski et al. 2017, Enriching Word Vectors with Subword Information. The layout follows fastText 0.9
(args.cc, dictionary.cc, densematrix.cc). Nothing here can loop on a damaged file: every count is checked against the
bytes that are there, and the words are read from one bounded run of bytes.

The rows of the n-grams, most of such a file, are mapped into memory from the file itself, or from a temporary one where
the bytes came out of an archive or an upload: other words' vectors are composed of them (`vectors.subwords`).
"""

import io
import mmap
import os
import shutil
import struct
import tempfile
from collections.abc import Iterator
from typing import IO

import numpy as np

from embedlab.arrays import Floats, frozen
from embedlab.errors import VectorFileError
from embedlab.formats.collector import Collector
from embedlab.formats.detection import FASTTEXT_MAGIC
from embedlab.formats.limits import MB, shown_name, shown_word, size
from embedlab.formats.packed.source import CUT_OFF, Source
from embedlab.formats.report import NOT_UTF8
from embedlab.formats.text.encodings import decoded
from embedlab.vectors.subwords import Subwords, ngram_sums
from embedlab.wording import counted

_ARGS = struct.Struct("<12id")  # dim ws epoch minCount neg wordNgrams loss model bucket minn maxn lrUpdateRate, t
_DICTIONARY = struct.Struct("<3iqq")  # entries, words, labels, tokens, pruned buckets
_OLD_DICTIONARY = struct.Struct("<3iq")
_ENTRY = struct.Struct("<qb")  # count, type (0: word, 1: label)
_SUPERVISED = 3
_WORDS_AT_ONCE = 500  # their n-grams' rows fit the caches
_NGRAMS_AT_ONCE = 1 << 18
_NGRAMS_A_WORD = 1_000  # on average; models in use have about 20
_RELEASED = 64  # blocks of words after which the pages read so far are freed
_SPARE = 256 * MB  # of disk, which a temporary file leaves free
_DAMAGED = "The file is damaged: get it again, or export the vectors as text (.vec)."


def read_fasttext(source: Source, *, encoding: str | None = None) -> Collector:
    """Reads the words' vectors of a fastText model; the collector's `subwords` have its n-grams.

    Raises:
        VectorFileError: a supervised or quantized model, a damaged file.
        FileTooLarge: the words, or the n-grams where no temporary file can hold them, do not fit the limits.
    """
    old = source.peek(4) != FASTTEXT_MAGIC  # before 2017: no magic number, no pruned buckets, no flag for quantization
    version = 12 if old else struct.unpack("<4xi", source.read_exactly(8, "the header"))[0]
    if version not in (11, 12):
        raise source.refusal(f"fastText version {version}", "Versions 11 and 12 are read.", at="byte 5")
    args = _ARGS.unpack(source.read_exactly(_ARGS.size, "the settings"))
    dimensions, model, buckets, minn, maxn = args[0], args[7], args[8], args[9], args[10]
    layout = _OLD_DICTIONARY if old else _DICTIONARY
    entries, words, labels, _, *pruned = layout.unpack(source.read_exactly(layout.size, "the dictionary"))
    if model == _SUPERVISED:
        raise source.refusal("a supervised fastText model, whose words are features of labels", "Export its .vec file.")
    fine = dimensions > 0 and words > 0 and labels >= 0 and words + labels == entries and buckets >= 0
    if not (fine and pruned in ([], [-1], [0]) and minn >= 0 and maxn <= 100):
        raise source.refusal("the settings of the model contradict each other", _DAMAGED, at="byte 9")
    rows = Collector(source.name, dimensions, source.limits)
    ngrams = buckets if maxn > 0 else 0
    promised = (words + ngrams) * 4 * dimensions + 10 * entries
    source.expect(promised, f"a model of {counted(words, 'word')}")
    rows.check_size(words)
    texts, label = _read_dictionary(source, words, labels, encoding)
    if not old and source.read_exactly(1, "the matrix") != b"\0":
        raise source.refusal("a quantized fastText model (.ftz)", "Export its .vec file.")
    found, width = struct.unpack("<qq", source.read_exactly(16, "the matrix"))
    if width != dimensions or found != words + ngrams:
        raise source.refusal(
            f"a matrix of {found:,} x {width:,} where {words + ngrams:,} x {dimensions:,} is due", _DAMAGED
        )
    if ngrams and sum(map(len, texts)) * maxn > _NGRAMS_A_WORD * words + _NGRAMS_AT_ONCE:
        raise source.refusal("its words have far more n-grams than those of a language", _DAMAGED)
    rows.format, rows.encoding = "fastText binary", encoding or "utf-8"
    if labels and source.limits.odd_rows == "none":
        said = f"labels among the words: {labels:,} of {entries:,} entries"
        raise source.refusal(said, "Read it without being strict: they are left out then.")
    if labels:
        rows.notes.append(
            f"Left out {labels:,} of its {entries:,} entries, which {'is a label' if labels == 1 else 'are labels'}, "
            f"such as {shown_word(label)}: labels have no vectors."
        )
    if ngrams:
        _add_means(rows, source, texts, ngrams, minn, maxn, encoding)
    else:
        for start, part in _parts(texts, 1):
            block = source.read_exactly(len(part) * 4 * dimensions, "the matrix")
            _add(rows, start, part, np.frombuffer(block, "<f4").reshape(len(part), dimensions), encoding)
    return rows


def _read_dictionary(source: Source, words: int, labels: int, encoding: str | None) -> tuple[list[bytes], bytes]:
    """The words, each ended by a zero byte and followed by its count and type; and the first label, if there is one."""
    texts: list[bytes] = []
    first_label, labels_found = b"", 0
    longest = source.limits.word_bytes + 1
    while (entries := len(texts) + labels_found) < words + labels:
        more = source.peek(MB)
        start = 0
        while len(texts) + labels_found < words + labels:
            end = more.find(b"\0", start, start + longest)
            if end < 0 and len(more) - start >= longest:
                at = f"byte {source.position + start + 1:,}"
                raise source.refusal(f"a word of more than {longest - 1:,} bytes", _DAMAGED, at=at)
            if end < 0 or len(more) < end + 1 + _ENTRY.size:
                break
            text, kind = more[start:end], more[end + 1 + 8]
            if kind > 1 or (kind == 1 and labels_found == labels):
                raise source.refusal(f"{shown_word(text)} is not a word entry", _DAMAGED)
            if kind == 1:
                first_label = first_label or text
                labels_found += 1
            elif len(texts) == words:
                raise source.refusal(f"{shown_word(text)} is one word more than the {words:,} that are due", _DAMAGED)
            else:
                texts.append(text)
            start = end + 1 + _ENTRY.size
        if not source.read(start):
            raise source.refusal(f"the file ends inside the dictionary, after {counted(entries, 'word')}", CUT_OFF)
    return texts, first_label


def _parts(texts: list[bytes], maxn: int) -> Iterator[tuple[int, list[bytes]]]:
    """The words in blocks, each with the place of its first: at most so many words and, but for one word, n-grams."""
    start = ngrams = 0
    for end, text in enumerate(texts):
        ngrams += len(text) * maxn
        if end > start and (end - start == _WORDS_AT_ONCE or ngrams > _NGRAMS_AT_ONCE):
            yield start, texts[start:end]
            start, ngrams = end, len(text) * maxn
    yield start, texts[start:]


def _add(rows: Collector, start: int, part: list[bytes], block: Floats, encoding: str | None) -> None:
    words: list[str | None] = []
    kept: list[int] = []
    for i, word in enumerate(part):
        place = start + i + 1
        try:
            words.append(decoded(word, encoding, name=rows.name, at=f"row {place:,}"))
            kept.append(i)
        except VectorFileError as error:
            rows.leave_out(NOT_UTF8, place, error)
    rows.add(words, block[kept], [start + i + 1 for i in kept])


def _add_means(
    rows: Collector, source: Source, texts: list[bytes], ngrams: int, minn: int, maxn: int, encoding: str | None
) -> None:
    """Adds the mean of each word's own row and its n-grams', and keeps the n-grams' rows where the disk has them."""
    count = len(texts) + ngrams
    mapped = _mapped(source, count, rows.dimensions)
    matrix = _in_memory(source, count, rows.dimensions) if mapped is None else mapped.rows  # (words + buckets, D)
    for number, (start, part) in enumerate(_parts(texts, maxn), 1):
        means = matrix[start : start + len(part)].copy()  # (r, D)
        if rows.limits.keep is None or len(rows.words) < rows.limits.keep:  # the others are only counted
            sums, counts = ngram_sums(part, matrix[len(texts) :], minn, maxn)
            some = counts > 0
            with np.errstate(over="ignore", invalid="ignore"):
                means[some] = (means[some] + sums[some]) / (counts[some] + 1).astype(np.float32)[:, None]
        _add(rows, start, part, means, encoding)
        if mapped is not None and number % _RELEASED == 0:
            mapped.release()
    said = "Each vector is the mean of the word's own and its character n-grams'; "
    if mapped is None:
        room = size(count * 4 * rows.dimensions)
        said += f"the n-grams are not kept, as there is no room for a temporary file of {room}."
    else:
        mapped.release()
        rows.subwords = Subwords(mapped.rows[len(texts) :], minn, maxn, encoding or "utf-8", mapped.check)
        said += "that of a word that is not in the file is the mean of its n-grams'."
    rows.notes.append(said)


class _Mapped:
    """(count, D) float32 rows that stay in a file.

    Args:
        file: stays open as long as the rows are used; a temporary one is deleted by that.
        start: its first byte of them.
        name: of a file that others can change; None: nobody can.

    Raises OSError, ValueError: the file cannot be mapped, or is too short.
    """

    def __init__(self, file: IO[bytes], start: int, count: int, dimensions: int, *, name: str | None) -> None:
        self._file, self._name = file, name
        before = start % mmap.ALLOCATIONGRANULARITY
        length = before + count * 4 * dimensions
        self._map = mmap.mmap(file.fileno(), length, access=mmap.ACCESS_READ, offset=start - before)
        self._advise("MADV_WILLNEED")
        self._state = self._state_now()
        self.rows: Floats = np.frombuffer(self._map, "<f4", count * dimensions, before).reshape(count, dimensions)

    def _state_now(self) -> tuple[int, int]:
        now = os.fstat(self._file.fileno())
        return now.st_size, now.st_mtime_ns

    def check(self) -> None:
        """Raises VectorFileError: the file has been written to, so that these are other rows, or none."""
        if self._name is not None and self._state_now() != self._state:
            raise VectorFileError(
                f"“{shown_name(self._name)}” has changed since it was read, so no more words can be composed of its "
                "n-grams. Load it again."
            )

    def release(self) -> None:
        """Frees the pages of memory that reading has loaded; they are loaded again when read."""
        self._advise("MADV_DONTNEED")

    def _advise(self, advice: str) -> None:
        if hasattr(mmap, advice):  # not on Windows
            self._map.madvise(getattr(mmap, advice))


def _mapped(source: Source, count: int, dimensions: int) -> _Mapped | None:
    """The next rows in their own file, else copied to a temporary one; None where there is no room for that."""
    length = count * 4 * dimensions
    file = source.file
    if isinstance(file, io.BufferedReader) and isinstance(file.raw, io.FileIO):  # an ordinary file as it is
        own = os.fdopen(os.dup(file.fileno()), "rb", buffering=0)
        try:
            return _Mapped(own, source.position, count, dimensions, name=source.name)
        except (OSError, ValueError):
            own.close()
    if length > source.limits.unpacked_bytes:
        return None
    try:
        if shutil.disk_usage(tempfile.gettempdir()).free < length + _SPARE:
            return None
        temporary = tempfile.TemporaryFile()  # noqa: SIM115
    except OSError:
        return None
    for start in range(0, length, MB):
        temporary.write(source.read_exactly(min(MB, length - start), "the matrix"))
    temporary.flush()
    return _Mapped(temporary, 0, count, dimensions, name=None)


def _in_memory(source: Source, count: int, dimensions: int) -> Floats:
    """(count, D) float32, a megabyte at a time, so that memory is taken only for bytes that are there."""
    if count * 4 * dimensions > source.limits.memory_bytes:
        raise source.too_large(
            f"the model's words and n-grams take {size(count * 4 * dimensions)}: more than the "
            f"{size(source.limits.memory_bytes)} of memory that are allowed, and than the disk has room for",
            "Free some room on the disk of temporary files, or load its .vec file, which is smaller.",
        )
    matrix = np.empty((count, dimensions), np.float32)
    flat = matrix.reshape(-1).view(np.uint8)
    for start in range(0, len(flat), MB):
        part = source.read_exactly(min(MB, len(flat) - start), "the matrix")
        flat[start : start + len(part)] = np.frombuffer(part, np.uint8)
    return frozen(matrix)
