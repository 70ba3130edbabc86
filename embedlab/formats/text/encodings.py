"""Text encodings of words that are not UTF-8: which ones would read them, and reading with one of them."""

import codecs
import re
from itertools import pairwise

from embedlab.checks import one_of
from embedlab.errors import VectorFileError
from embedlab.formats.detection import marked_codec, wide_codec
from embedlab.formats.limits import MB, refusal, shown_word
from embedlab.formats.packed.source import CUT_OFF, Source

# Tried in this order on a word that is not UTF-8; the ones that give letters are offered.
ENCODINGS = (
    "cp1252", "latin-1", "cp1251", "koi8-r", "gb18030", "big5", "shift_jis", "euc-jp", "euc-kr", "cp1250", "cp852",
    "cp437", "cp1253", "cp1256", "utf-16-le", "utf-16-be", "utf-16", "utf-32",
)  # fmt: skip
CHOICES = ("utf-8", "utf-8-drop", *ENCODINGS)  # what read_vectors accepts
_OFFERED = 4
_FEW_BROKEN = 10  # one broken byte in so many letters beyond ASCII is a fault in UTF-8, more are another encoding
_LOOKED_AT = 1 << 20  # bytes; what is not ASCII in them decides
_NOT_ASCII = re.compile(rb"[^\x00-\x7f]")
_LETTER = re.compile(rb"[\xc0-\xff]")  # beyond ASCII, in the encodings of one byte; those before are mostly signs
_FOREIGN = re.compile(rb"[A-Za-z]*[\xc0-\xff][A-Za-z\xc0-\xff]*")


def check_encoding(encoding: str | None) -> None:
    """Raises InvalidSetting: not among `CHOICES`."""
    if encoding is not None:
        one_of("encoding", encoding, CHOICES)


def decoded(word: bytes, encoding: str | None, *, name: str, at: str) -> str | None:
    """A word as text; None where it is not UTF-8 and such words are dropped.

    Args:
        encoding: one of `CHOICES`; None: UTF-8.
        name, at: the file and the place in it, for the message.

    Raises VectorFileError: the word is not in this encoding.
    """
    utf8 = encoding in (None, "utf-8", "utf-8-drop")
    try:
        return word.decode("utf-8" if utf8 or encoding is None else encoding)
    except UnicodeError as error:
        if encoding == "utf-8-drop":
            return None
        if not utf8:
            raise refusal(
                name, f"the word is not {encoding}", "Choose another encoding.", at=at, asks="encoding"
            ) from None
        raise _not_utf8(name, word, at, byte=getattr(error, "start", 0) + 1) from None


def _not_utf8(name: str, word: bytes, at: str, *, byte: int) -> VectorFileError:
    """The error for a word that is not UTF-8, with the encodings in which it would be a word."""
    offers: list[tuple[bool, str]] = []
    for encoding in ENCODINGS[:-4]:
        try:
            text = word.decode(encoding)
        except UnicodeDecodeError:
            continue
        if all(c.isprintable() for c in text):
            offers.append((not text.isalpha(), f"{encoding} ({shown_word(text)})"))
    offers.sort(key=lambda offer: offer[0])  # letters alone are likelier than letters among marks
    if offers:
        shown = ", ".join(text for _, text in offers[:_OFFERED])
        remedy = f"It can be read as {shown}: choose one of these encodings, or “utf-8-drop”"
    else:
        remedy = "No usual encoding reads it: choose “utf-8-drop”"
    return refusal(
        name, f"the word is not UTF-8 (its byte {byte})", f"{remedy} to leave such words out.", at=at, asks="encoding"
    )


def find_encoding(data: bytes) -> tuple[str, str]:
    """The encoding of a whole text, and where it was guessed a word that shows the guess; "" where it is sure.

    A byte-order mark, zeros in every second byte and valid UTF-8 are sure. One-byte encodings are told apart by their
    letters: Western ones stand singly among ASCII, Cyrillic ones stand together. "" for the encoding: none is likely.
    """
    if (marked := marked_codec(data[:4])) is not None:
        return marked, ""
    if (wide := wide_codec(data)) is not None:
        return wide, ""
    if b"\0" in data:
        return "", ""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return "utf-8", ""
    start = _NOT_ASCII.search(data)
    sample = data[max(0, start.start() - 40 if start else 0) :][:_LOOKED_AT]
    text = sample.decode("utf-8", "replace")
    broken = text.count("\N{REPLACEMENT CHARACTER}")
    if _FEW_BROKEN * broken <= sum(1 for character in text if not character.isascii()):
        return "utf-8", ""
    words = _FOREIGN.findall(sample)[:1000]
    beyond = sum(len(_LETTER.findall(word)) for word in words)
    if 2 * beyond <= sum(map(len, words)):
        candidates = ["cp1252", "latin-1"]
    else:  # letters that stand together: the Cyrillic encoding in which a capital follows a small letter the least
        candidates = sorted(("cp1251", "koi8-r"), key=lambda name: _odd_capitals(words, name))
        if _odd_capitals(words, candidates[0]) > 0.1:
            return "", ""
    for name in candidates:
        try:
            data.decode(name)
        except UnicodeDecodeError:
            continue
        shown = [word for raw in words if (word := raw.decode(name)).isalpha()]
        return name, max(shown[:20], key=len, default="")
    return "", ""


def _odd_capitals(words: list[bytes], encoding: str) -> float:
    """The share of letters that are no Cyrillic ones, or capitals behind a small letter."""
    text = " ".join(word.decode(encoding, "replace") for word in words)
    letters = [a + b for a, b in pairwise(text) if not b.isascii()]
    odd = sum(not "\u0400" <= pair[1] <= "\u04ff" or (pair[0].islower() and pair[1].isupper()) for pair in letters)
    return odd / max(len(letters), 1)


def to_utf8(source: Source, encoding: str | None) -> tuple[Source, str]:
    """The source with its byte-order mark taken off, or recoded to UTF-8; and the encoding's name.

    Args:
        encoding: None: UTF-8. A byte-order mark of UTF-16 or UTF-32 decides alone.
    """
    mark = source.peek(4)
    if mark.startswith(codecs.BOM_UTF8):
        source.read(3)
    marked = marked_codec(mark)
    chosen = marked or encoding or "utf-8"
    return (source if chosen == "utf-8" else transcoded(source, chosen, marked=marked is not None)), chosen


def transcoded(source: Source, encoding: str, *, marked: bool = False) -> Source:
    """The same text in UTF-8.

    Args:
        marked: a byte-order mark chose the encoding, so that no other can be right.

    Raises VectorFileError: while reading, where the bytes are not in this encoding; it says at which byte.
    """
    decoder = codecs.getincrementaldecoder(encoding)()
    done = 0

    def read(n: int) -> bytes:
        nonlocal done
        while True:
            data = source.read(min(n, MB))
            try:
                text = decoder.decode(data, final=not data)
            except UnicodeError as error:  # a plain one where UTF-16 lacks its byte-order mark
                raise source.refusal(
                    f"this is not {encoding} ({getattr(error, 'reason', 'its byte-order mark is missing')})",
                    CUT_OFF if marked else "Choose another encoding.",
                    at=f"about byte {done + getattr(error, 'start', 0) + 1:,}",
                    asks="" if marked else "encoding",
                ) from None
            done += len(data)
            if text or not data:
                return text.encode("utf-8")

    # What comes out may be longer than asked for; Source keeps the rest.
    return Source(read, name=source.name, limits=source.limits, packed=source.packed)
