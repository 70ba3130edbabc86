"""Format detection: the kind of a file by its first bytes, whatever its name says."""

import re
import struct

import numpy as np

from embedlab.errors import UnsafeFormat, VectorFileError
from embedlab.formats.json_start import json_kind
from embedlab.formats.limits import refusal
from embedlab.formats.text.layout import HEADER, fits

FASTTEXT_MAGIC = struct.pack("<i", 793712314)
HEAD = 1 << 16  # bytes that tell a file's kind
NPY_MAGIC = b"\x93NUMPY"
UTF16_32 = {b"\xff\xfe\x00\x00": "utf-32", b"\x00\x00\xfe\xff": "utf-32", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
UNSAFE = "Unsafe format; export as word2vec text. Opening it could run code, so it is never opened."
READABLE = (
    "Readable are GloVe, word2vec and fastText text and binary, .npy, .npz, safetensors, GGUF, Parquet, Arrow, JSON, "
    "CSV and TSV, each also in gz, bz2, xz, zst, zip or tar."
)
# Only starts that no line of vector text can have.
_FOREIGN = (
    (rb"7z\xbc\xaf\x27\x1c", "7z archive"), (rb"Rar!\x1a\x07", "rar archive"), (rb"\x04\x22M\x18", "lz4 archive"),
    (rb"\x1f\x9d", "Unix compress archive"), (rb"%PDF-", "PDF document"), (rb"\x89PNG\r", "picture"),
    (rb"\xff\xd8\xff", "picture"), (rb"GIF8[79]a", "picture"), (rb"\x89HDF\r", "HDF5 file"),
    (rb"FEA1\0", "Feather file of version 1"), (rb"PARE.*[\0-\x08]", "encrypted Parquet file"),
    (rb"SQLite format 3\0", "SQLite database"), (rb"\x7fELF", "program"), (rb"MZ.\0", "program"),
)  # fmt: skip
# Kinds that their first bytes alone decide.
_STARTS = (
    (rb"\x1f\x8b", "gz"), (rb"BZh[1-9](1AY&SY|\x17rE8P\x90)", "bz2"), (rb"\xfd7zXZ\0", "xz"),
    (rb"\x28\xb5\x2f\xfd", "zst"), (rb"PK(\x03\x04|\x05\x06|\x07\x08)", "zip"), (rb".{257}ustar", "tar"),
    (rb"\x93NUMPY", "npy"),
    (rb"PAR1.*[\0-\x08]", "parquet"), (rb"ARROW1\0", "arrow"), (rb"\xff\xff\xff\xff.{3}\0", "arrow-stream"),
    (rb"(GGUF.\0\0\0|GGUF\0\0\0.|FUGG)", "gguf"),
)  # fmt: skip
_OLD_PICKLE = re.compile(rb"\(?[ldi]p?\d*\n|\(?c[A-Za-z_][\w.]*\n|[\]}]q[\0-\x08]|[IFSVLN].*\n?\.$")
_TELLING = 20  # opcodes in a row that no text has by accident


def marked_codec(head: bytes) -> str | None:
    """The encoding of two or four bytes a letter that a byte-order mark at the start says; None without one."""
    return next((codec for mark, codec in UTF16_32.items() if head.startswith(mark)), None)


def wide_codec(head: bytes) -> str | None:
    """UTF-16 or UTF-32 without a byte-order mark, by where bytes are zero; None for others.

    UTF-16 is known where most letters are ASCII: then every second byte is zero. UTF-32 has them in all scripts.
    """
    zeros = np.frombuffer(head[:4096], np.uint8) == 0
    fours = zeros[: len(zeros) // 4 * 4].reshape(-1, 4)
    if len(fours) >= 4:
        for codec, highest, lowest in (("utf-32-le", [2, 3], 0), ("utf-32-be", [0, 1], 3)):
            if fours[:, highest].mean() > 0.95 and fours[:, lowest].mean() < 0.1:
                return codec
    half = len(zeros) // 2 * 2
    for codec, where in (("utf-16-le", 1), ("utf-16-be", 0)):
        if half >= 8 and zeros[where:half:2].mean() > 0.7 and zeros[1 - where : half : 2].mean() < 0.1:
            return codec
    return None


def by_start(head: bytes) -> str:
    """The kind of a file that its first bytes alone decide; empty where they do not."""
    return next((kind for start, kind in _STARTS if re.match(start, head, re.DOTALL)), "")


def detect(head: bytes, name: str) -> str:
    """The kind of a file.

    It is one of "gz", "bz2", "xz", "zst", "zip", "tar", "npy", "parquet", "arrow", "arrow-stream", "gguf",
    "fasttext-bin", "safetensors", "json", "json-lines", "word2vec-binary" or "text".

    Args:
        head: its first `HEAD` bytes, or all of them.

    Raises:
        UnsafeFormat: a pickle.
        VectorFileError: empty, or a kind that holds no vectors.
    """
    if not head:
        raise refusal(name, "the file is empty", "Choose a file that holds vectors.")
    if kind := by_start(head):
        return kind
    if head.startswith(FASTTEXT_MAGIC) or _is_old_fasttext(head):
        return "fasttext-bin"
    if _is_pickle(head):
        raise refusal(name, "this is a pickle (.kv, .pkl, .pt, .model)", UNSAFE, kind=UnsafeFormat)
    if _is_safetensors(head):
        return "safetensors"
    _refuse_foreign(head, name)
    codec = marked_codec(head)
    text = head.decode(codec, "ignore").encode("utf-8", "replace") if codec else head
    if json := json_kind(text, whole=len(head) < HEAD):
        return json
    if codec:
        return "text"
    if header := HEADER.match(head):
        rows, dimensions, whole = int(header[1]), int(header[2]), len(head) < HEAD
        return "word2vec-binary" if _is_binary(head[header.end() :], rows, dimensions, whole=whole) else "text"
    return "text"


def _is_pickle(head: bytes) -> bool:
    """Protocols 2 and up by their first opcode; 0 and 1 by a start that saved objects have and opcodes that follow."""
    if head[0] == 0x80:
        return len(head) > 1 and 2 <= head[1] <= 10
    return _OLD_PICKLE.match(head) is not None and _has_opcodes(head)


def _has_opcodes(head: bytes) -> bool:
    """Whether these bytes read as pickle opcodes; they are only read, never run."""
    import pickletools

    seen = 0
    try:
        for opcode, _, _ in pickletools.genops(head):
            seen += 1
            if opcode.name == "STOP" or seen == _TELLING:
                return True
    except Exception:  # whatever a damaged or foreign file makes of it, it is no pickle then
        return False
    return False


def _is_old_fasttext(head: bytes) -> bool:
    """fastText models of before 2017 start with their settings: dim ws epoch minCount neg wordNgrams loss model."""
    if len(head) < 56:
        return False
    dim, ws, epoch, _, neg, ngrams, loss, model = struct.unpack("<8i", head[:32])
    return bool(
        0 < dim < 10_000 and 0 < ws < 1000 and 0 < epoch < 100_000 and neg >= 0 and ngrams > 0 and loss < 5 > model > 0
    )


def _is_safetensors(head: bytes) -> bool:
    if len(head) < 10 or head[8:9] != b"{":
        return False
    length = struct.unpack("<Q", head[:8])[0]
    return length < 1 << 40 and head[6:8] == b"\0\0"


def _refuse_foreign(head: bytes, name: str) -> None:
    for start, what in _FOREIGN:
        if re.match(start, head, re.DOTALL):
            remedy = "Unpack it first, or pack it as gz or zip." if what.endswith("archive") else READABLE
            if what.startswith("Feather"):
                remedy = "Write it again with pyarrow.feather.write_feather, which makes version 2."
            raise refusal(name, f"this is a {what}, not a vector file", remedy)
    start = head[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if re.match(rb"<(!doctype html|html|head|\?xml)[\s>]", start):
        raise refusal(name, "this is a web page, not a vector file", "Download the file itself, not the page about it.")


def _is_binary(rest: bytes, rows: int, dimensions: int, *, whole: bool) -> bool:
    """Whether word2vec's binary rows follow a header line."""
    if not rest:  # read as text, its report says that no row follows, or it is one row of whole numbers beside words
        return False
    if dimensions and fits(rest.lstrip(b"\r\n").split(b"\n", 1)[0], dimensions):
        return False
    if whole and _ends_with_a_row(rest, rows, 4 * dimensions):
        return True
    start = rest.find(b" ") + 1
    if start == 0:
        return bool(re.search(rb"[\0-\x08\x0e-\x1a]", rest[:200]))
    numbers = rest[start : start + 4 * min(dimensions, 4096)]
    odd = re.search(rb"[\0-\x08\x0e-\x1a\x1c-\x1f\x7f-\xff]", numbers)
    return odd is not None and not _is_words(numbers)


def _ends_with_a_row(rest: bytes, rows: int, width: int) -> bool:
    """Whether exactly `rows` binary rows fill these bytes; separates numbers that look like letters from text."""
    at = 0
    for _ in range(min(rows, len(rest) + 1)):
        at = rest.find(b" ", at) + 1 + width
        if at == width or at > len(rest):
            return False
    return not rest[at:].strip(b"\r\n")


def _is_words(numbers: bytes) -> bool:
    """Whether bytes where numbers should be are text in UTF-8 (a cut character at the end allowed)."""
    if re.search(rb"[\0-\x08\x0e-\x1a]", numbers):
        return False
    try:
        numbers[: max(1, len(numbers) - 3)].decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def refuse_unknown(head: bytes, name: str) -> VectorFileError:
    """The error for bytes that are neither text nor a known format."""
    if (codec := wide_codec(head)) is not None:
        return refusal(
            name, "this is text, but not UTF-8", f"Choose the encoding “{codec}”.", at="byte 1", asks="encoding"
        )
    return refusal(name, "this is neither text nor a vector format that embedlab knows", READABLE)
