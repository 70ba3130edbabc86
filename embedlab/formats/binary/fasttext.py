"""fastText .bin: word vectors of an unsupervised model, each the mean of the word's own row and its character n-grams'.

Bojanowski et al. 2017, Enriching Word Vectors with Subword Information. The layout follows fastText 0.9
(args.cc, dictionary.cc, densematrix.cc). Nothing here can loop on a damaged file: every count is checked against the
bytes that are there, and the words are read from one bounded run of bytes.
"""

import struct

import numpy as np
import numpy.typing as npt

from embedlab.arrays import Floats, Ids
from embedlab.formats.collector import Collector
from embedlab.formats.detection import FASTTEXT_MAGIC
from embedlab.formats.limits import MB, counted, shown_word, size
from embedlab.formats.packed.source import CUT_OFF, Source
from embedlab.formats.text.encodings import decoded

_ARGS = struct.Struct("<12id")  # dim ws epoch minCount neg wordNgrams loss model bucket minn maxn lrUpdateRate, t
_DICTIONARY = struct.Struct("<3iqq")  # entries, words, labels, tokens, pruned buckets
_OLD_DICTIONARY = struct.Struct("<3iq")
_ENTRY = struct.Struct("<qb")  # count, type (0: word)
_END_OF_SENTENCE = b"</s>"
_WORDS_AT_ONCE = 500  # their n-grams' rows fit the caches
_DAMAGED = "The file is damaged: get it again, or export the vectors as text (.vec)."


def read_fasttext(source: Source, *, encoding: str | None = None) -> Collector:
    """Reads the words' vectors of a fastText model.

    Raises:
        VectorFileError: a supervised or quantized model, a damaged file.
        FileTooLarge: the matrix with all n-grams does not fit the limits.
    """
    old = source.peek(4) != FASTTEXT_MAGIC  # before 2017: no magic number, no pruned buckets, no flag for quantization
    version = 12 if old else struct.unpack("<4xi", source.read_exactly(8, "the header"))[0]
    if version not in (11, 12):
        raise source.refusal(f"fastText version {version}", "Versions 11 and 12 are read.", at="byte 5")
    args = _ARGS.unpack(source.read_exactly(_ARGS.size, "the settings"))
    dimensions, model, buckets, minn, maxn = args[0], args[7], args[8], args[9], args[10]
    layout = _OLD_DICTIONARY if old else _DICTIONARY
    entries, words, labels, _, *pruned = layout.unpack(source.read_exactly(layout.size, "the dictionary"))
    if model == 3 or labels > 0:
        raise source.refusal("a supervised fastText model, whose words are features of labels", "Export its .vec file.")
    fine = dimensions > 0 and 0 < words == entries and buckets >= 0 and pruned in ([], [-1], [0])
    if not (fine and minn >= 0 and maxn <= 100):
        raise source.refusal("the settings of the model contradict each other", _DAMAGED, at="byte 9")
    rows = Collector(source.name, dimensions, source.limits)
    with_ngrams = buckets if maxn > 0 else 0
    source.expect((words + with_ngrams) * 4 * dimensions + 10 * words, f"a model of {counted(words, 'word')}")
    needed = (words + with_ngrams) * 4 * dimensions
    if needed > source.limits.memory_bytes or words > source.limits.rows:
        raise source.too_large(
            f"the model's {counted(words, 'word')} and n-grams take {size(needed)} of memory, and at most "
            f"{size(source.limits.memory_bytes)} are allowed",
            "Load its .vec file, which is smaller.",
        )
    texts = _read_dictionary(source, words, encoding)
    if not old and source.read_exactly(1, "the matrix") != b"\0":
        raise source.refusal("a quantized fastText model (.ftz)", "Export its .vec file.")
    found, width = struct.unpack("<qq", source.read_exactly(16, "the matrix"))
    if width != dimensions or found != words + with_ngrams:
        raise source.refusal(
            f"a matrix of {found:,} x {width:,} where {words + with_ngrams:,} x {dimensions:,} is due", _DAMAGED
        )
    matrix = _read_matrix(source, found, dimensions)  # (words + buckets, D)
    for start in range(0, words, _WORDS_AT_ONCE):
        part = texts[start : start + _WORDS_AT_ONCE]
        means = matrix[start : start + len(part)].copy()  # (r, D)
        if with_ngrams:
            _average(means, part, matrix[words:], minn, maxn)
        places = range(start + 1, start + len(part) + 1)
        part_words = [
            decoded(w, encoding, name=source.name, at=f"row {n:,}") for w, n in zip(part, places, strict=True)
        ]
        rows.add(part_words, means, places)
    rows.format, rows.encoding = "fastText binary", encoding or "utf-8"
    if with_ngrams:
        rows.notes.append(
            "Each vector is the mean of the word's own and its character n-grams'; the n-grams are not kept."
        )
    return rows


def _read_dictionary(source: Source, words: int, encoding: str | None) -> list[bytes]:
    """The words, each ended by a zero byte and followed by its count and type."""
    texts: list[bytes] = []
    data = b""
    longest = source.limits.word_bytes + 1
    while len(texts) < words:
        more = source.peek(MB)
        start = 0
        while len(texts) < words:
            end = more.find(b"\0", start, start + longest)
            if end < 0 and len(more) - start >= longest:
                at = f"byte {source.position + start + 1:,}"
                raise source.refusal(f"a word of more than {longest - 1:,} bytes", _DAMAGED, at=at)
            if end < 0 or len(more) < end + 1 + _ENTRY.size:
                break
            if more[end + 1 + 8] != 0:
                raise source.refusal(f"{shown_word(more[start:end])} is not a word entry", _DAMAGED)
            texts.append(more[start:end])
            start = end + 1 + _ENTRY.size
        data = source.read(start)
        if not data:
            raise source.refusal(f"the file ends inside the dictionary, after {counted(len(texts), 'word')}", CUT_OFF)
    return texts


def _read_matrix(source: Source, count: int, dimensions: int) -> Floats:
    """(count, D) float32, a megabyte at a time, so that memory is taken only for bytes that are there."""
    matrix = np.empty((count, dimensions), np.float32)
    flat = matrix.reshape(-1).view(np.uint8)
    for start in range(0, len(flat), MB):
        part = source.read_exactly(min(MB, len(flat) - start), "the matrix")
        flat[start : start + len(part)] = np.frombuffer(part, np.uint8)
    return matrix


def _average(means: Floats, words: list[bytes], ngrams: Floats, minn: int, maxn: int) -> None:
    """Turns (r, D) own rows into means over own row and n-grams, in place."""
    owners, rows = ngram_rows(words, minn, maxn, len(ngrams))
    with_ngrams, first, count = np.unique(owners, return_index=True, return_counts=True)
    if len(with_ngrams):
        sums = np.add.reduceat(ngrams[rows], first, axis=0)  # (r', D)
        means[with_ngrams] = (means[with_ngrams] + sums) / (count + 1).astype(np.float32)[:, None]


def ngram_rows(words: list[bytes], minn: int, maxn: int, buckets: int) -> tuple[Ids, npt.NDArray[np.uint32]]:
    """The n-grams of minn to maxn characters of each ``<word>``: which word they belong to, growing, and their bucket.

    A bucket is FNV-1a of the n-gram's UTF-8 bytes. As in fastText (dictionary.cc), bytes above 127 are sign-extended, a
    bare "<" or ">" is no n-gram, and the end of a sentence has none.
    """
    padded = [b"<" + word + b">" for word in words]
    data = np.frombuffer(b"".join(padded), np.uint8)
    signed = data.view(np.int8).astype(np.uint32)
    starts = np.flatnonzero((data & 0xC0) != 0x80)  # of characters; bytes 10xxxxxx go on with one
    ends = np.append(starts[1:], len(data))
    owner = np.repeat(np.arange(len(words)), [len(word) for word in padded])[starts]  # word of each character
    stop = np.searchsorted(owner, owner, side="right")  # the character after the word's last
    begins = np.searchsorted(owner, owner, side="left") == np.arange(len(starts))
    silent = np.array([word == _END_OF_SENTENCE for word in words], bool)[owner]
    values = np.full(len(starts), 2166136261, np.uint32)
    found: list[tuple[Ids, npt.NDArray[np.uint32]]] = []
    for n in range(1, maxn + 1):
        character = np.flatnonzero((np.arange(len(starts)) + n <= stop) & ~silent)  # where an n-gram starts
        if not len(character):
            break
        last = character + n - 1
        for k in range(4):  # bytes of a character
            inside = starts[last] + k < ends[last]
            at = character[inside]
            values[at] = (values[at] ^ signed[starts[last[inside]] + k]) * np.uint32(16777619)
        if n >= minn:
            kept = character if n > 1 else character[~begins[character] & (character + 1 < stop[character])]
            found.append((owner[kept], values[kept] % np.uint32(buckets)))
    if not found:
        return np.empty(0, int), np.empty(0, np.uint32)
    owners, rows = (np.concatenate(parts) for parts in zip(*found, strict=True))
    order = np.argsort(owners, kind="stable")
    return owners[order], rows[order]
