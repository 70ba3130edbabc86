"""fastText .vec and .bin: 32 files."""

import struct

import numpy as np

from tests.hostile.case import MATRIX, REFUSED, REPORTED, ROWS, SAME, TOO_LARGE, W2V, WORDS, Case, gz, odd

G = "fastText"
_MAGIC = struct.pack("<ii", 793712314, 12)
_NGRAMS = "mean of the word's own"


def model(  # type: ignore[no-untyped-def]
    words=WORDS,
    matrix=MATRIX,
    *,
    dim=4,
    kind=2,
    bucket=0,
    maxn=0,
    entries=None,
    labels=0,
    label_entries=(),
    pruned=-1,
    quantized=False,
    shape=None,
    entry_type=0,
    magic=_MAGIC,
    old=False,
) -> bytes:
    """A fastText model of words and, with `maxn`, of `bucket` rows for n-grams that follow the words' rows."""
    parts = [
        b"" if old else magic,
        struct.pack("<12id", dim, 5, 5, 1, 5, 1, 2, kind, bucket, 3 if maxn else 0, maxn, 100, 1e-4),
    ]
    count = len(words) if entries is None else entries
    labels = labels or len(label_entries)
    parts.append(
        struct.pack("<3iq", count + len(label_entries), count, labels, 1000)
        + (b"" if old else struct.pack("<q", pruned))
    )
    for word in words:
        parts += [word if isinstance(word, bytes) else word.encode(), b"\0", struct.pack("<qb", 7, entry_type)]
    parts += [label.encode() + b"\0" + struct.pack("<qb", 3, 1) for label in label_entries]
    parts.append((b"" if old else struct.pack("?", quantized)) + struct.pack("<qq", *(shape or matrix.shape)))
    return b"".join(parts) + matrix.astype("<f4").tobytes()


CLEAN = model()
_WORDS_END = CLEAN.index(b"na\xc3\xafve") + 3
_WITH_NGRAMS = model(matrix=np.vstack([MATRIX, np.zeros((10, 4), np.float32)]), bucket=10, maxn=3)
_MANY_NGRAMS = model(
    [letter * 4000 for letter in "abcdef"], np.vstack([MATRIX, np.zeros((10, 4), np.float32)]), bucket=10, maxn=100
)


def _mean(word: str, row: tuple[float, ...]) -> tuple[float, ...]:
    """With n-grams of zeros, the mean is the row over one more than the number of n-grams of 3 characters."""
    return tuple(float(np.float32(x) / np.float32(max(0, len(word)) + 1)) for x in row)


_MEANS = tuple(_mean(word, row) for word, row in zip(WORDS, ROWS, strict=True))
_LAST_NAN = np.vstack([MATRIX[:5], [[np.nan] * 4]])


def _refused(name: str, data: bytes, message: str, outcome: str = REFUSED) -> Case:
    return Case(G, name, data, outcome, message)


CASES = [
    Case(G, "vec, as fastText writes it", W2V.replace(b"\n", b" \n").replace(b" \n", b"\n", 1), SAME),
    Case(G, "bin without n-grams", CLEAN, SAME),
    Case(G, "bin in a gz", gz(CLEAN), SAME),
    Case(G, "bin of before 2017", model(old=True), SAME),
    Case(G, "bin with n-grams", _WITH_NGRAMS, REPORTED, _NGRAMS, rows=_MEANS),
    Case(G, "bin with NaN", model(matrix=_LAST_NAN), REPORTED, r"\(NaN\): row 6", WORDS[:5], ROWS[:5]),
    Case(G, "bin with output matrix behind", CLEAN + b"\0" + struct.pack("<qq", 6, 4) + MATRIX.tobytes(), SAME),
    _refused("cut inside a word", CLEAN[:_WORDS_END], "(ends inside the dictionary|needs at least)"),
    _refused("cut inside a word, in a gz", gz(CLEAN[:_WORDS_END]), "ends inside the dictionary, after 5 words"),
    _refused("cut in the settings", CLEAN[:30], "(ends inside the settings|neither text)"),
    _refused("cut in the matrix", CLEAN[:-7], "(ends inside the matrix|needs at least)"),
    _refused("cut in the matrix, in a gz", gz(CLEAN[:-7]), "ends inside the matrix"),
    _refused(
        "word that never ends",
        CLEAN[: _WORDS_END - 1] + b"x" * 9000 + CLEAN[_WORDS_END:],
        "a word of more than 4,096 bytes",
    ),
    _refused("2 billion words", model(entries=2_000_000_000), "2,000,000,000 words"),
    _refused("-1 words", model(entries=-1), "contradict each other"),
    _refused("2 billion n-grams", model(bucket=2_000_000_000, maxn=3), "a model of 6 words needs at least"),
    _refused("no dimensions", model(dim=0), "contradict each other"),
    _refused("1 million dimensions", model(dim=1_000_000), "1,000,000 dimensions", TOO_LARGE),
    _refused("other dimensions in the matrix", model(shape=(6, 3)), "a matrix of 6 x 3 where 6 x 4 is due"),
    _refused("other rows in the matrix", model(shape=(1 << 40, 4)), "a matrix of 1,099,511,627,776 x 4"),
    _refused("supervised", model(kind=3), "a supervised fastText model"),
    Case(G, "bin with a label", model(label_entries=["__label__"]), REPORTED, "Left out 1 of its 7 entries.*__label__"),
    Case(G, "old bin with labels", model(label_entries=["__label__a", "b"], old=True), REPORTED, "Left out 2 of its 8"),
    _refused("supervised, with labels", model(kind=3, label_entries=["__label__a"]), "a supervised fastText model"),
    _refused("labels that are not there", model(labels=2), "contradict each other"),
    _refused("-1 labels", model(labels=-1), "contradict each other"),
    _refused("words with very many n-grams", _MANY_NGRAMS, "far more n-grams"),
    _refused("quantized", model(quantized=True), "a quantized fastText model"),
    _refused("pruned", model(pruned=1000), "contradict each other"),
    _refused("version 99", model(magic=struct.pack("<ii", 793712314, 99)), "fastText version 99"),
    _refused("label as word", model(entry_type=1), "is not a word entry"),
    *odd(
        _refused("word that is not UTF-8", model((*WORDS[:5], b"caf\xe9")), r"row 6: the word is not UTF-8"),
        "Left out row 6: the word is not UTF-8.*cp1252",
        lost=(5,),
    ),
]
