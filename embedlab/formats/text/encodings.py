"""Text encodings: how bytes become text in every reader, and which encodings would read bytes that are not UTF-8."""

import codecs
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import AnyStr, NamedTuple

from embedlab.checks import one_of
from embedlab.errors import InvalidText, VectorFileError
from embedlab.formats.detection import HEAD, marked_codec, wide_codec
from embedlab.formats.limits import MB, refusal, shown_word
from embedlab.formats.packed.source import CUT_OFF, Source
from embedlab.formats.text.plausibility import is_of_one_script, plausibility

# Of equally plausible ones the first is offered first; those of two or four bytes a letter are found by their zeros.
_ONE_OR_MORE_BYTES = (
    "cp1252", "latin-1", "cp1250", "iso8859-2", "cp1251", "koi8-r", "gb18030", "big5", "shift_jis", "cp932", "euc-jp",
    "euc-kr", "cp949", "cp1253", "iso8859-7", "cp1254", "iso8859-9", "cp1255", "iso8859-8", "cp1256", "iso8859-6",
    "cp1257", "iso8859-13", "tis-620", "cp874", "cp852", "cp850", "cp437", "cp866", "koi8-u", "iso8859-5", "mac-roman",
    "mac-latin2", "mac-cyrillic", "iso8859-15", "iso8859-16", "iso8859-4", "iso8859-3", "cp1258", "cp737", "cp857",
    "cp862", "cp775", "big5hkscs", "johab", "mac-greek", "mac-turkish", "kz1048", "cp865",
)  # fmt: skip
_OF_SHIFTS = ("iso2022_kr", "iso2022_jp", "iso2022_jp_2")  # of ASCII, by escape sequences
ENCODINGS = (*_ONE_OR_MORE_BYTES, *_OF_SHIFTS, "utf-16-le", "utf-16-be", "utf-16", "utf-32-le", "utf-32-be", "utf-32")
CHOICES = ("utf-8", "utf-8-drop", *ENCODINGS)  # what read_vectors accepts
TEXT_CHOICES = ("utf-8", *ENCODINGS)  # for texts, whose words are nowhere dropped
_LOOKED_AT, _LINES, _LINE_BYTES = 5_000, 200, 400  # lines, of which so many are tried, and the beginning of each
_TOLD_ALIKE = 3  # names, in a message, of encodings that read the same
_WIDE, _LIKELY = 8_000, 0.3  # bytes that are tried as UTF-16, and the plausibility from which on they may be it
_HOPELESS = -0.5  # plausibility below which an encoding is offered only where no other is
_PREVIEW, _BEFORE = 40, 12  # characters of a line, of which so many before the first beyond ASCII
_FEW_BROKEN = 10  # one broken byte in so many letters beyond ASCII is a fault in UTF-8, more are another encoding
_WORD = 20  # characters of a word in a message
_PRINTED, _MOSTLY = (
    frozenset((*b"\t\n\r", *range(0x20, 0x7F))),
    0.9,
)  # bytes of ASCII, and the share that makes a text one of ASCII
_SHIFT = re.compile(rb"\x1b\$[@BAC()]")  # to letters of two bytes; other escapes color a terminal
_CONTROL = re.compile(rb"[\0-\x08\x0e-\x19\x1c-\x1f]")  # in no text; old ones end with 1A
_BEYOND_ASCII = re.compile(rb"[^\r\n]*[\x80-\xff][^\r\n]*")


class Offer(NamedTuple):
    """An encoding that reads bytes which are not UTF-8, and a line as it reads in it."""

    encoding: str
    preview: str


class NotDecoded(VectorFileError):
    """A word that the encoding does not read. Which ones would is worked out for a message, not for each of many."""

    asks = "encoding"

    def __init__(self, cause: str, word: bytes, *, name: str, at: str) -> None:
        super().__init__(cause)
        self.name, self.cause, self.at = name, cause, at
        self.words: Sequence[bytes] = (word,)  # this one, and others of the file to tell encodings apart by

    def refused(self) -> VectorFileError:
        """The error for the screen, with the encodings that read the words."""
        offered = offers(self.words)
        remedy = f"{can_be_read(offered)} or" if offered else "No usual encoding reads it: choose"
        remedy += " “utf-8-drop” to leave such words out."
        error = refusal(self.name, self.cause, remedy, at=self.at, asks="encoding")
        error.offers = offered
        return error

    def __str__(self) -> str:
        return str(self.refused())


def without_marks(text: AnyStr) -> AnyStr:
    """A text, or its UTF-8, without byte-order marks at its start and those of lines, where files were joined."""
    mark, end = ("\ufeff", "\n") if isinstance(text, str) else (codecs.BOM_UTF8, b"\n")
    while text.startswith(mark):
        text = text.removeprefix(mark)
    return text.replace(end + mark, end) if mark in text else text


def check_encoding(encoding: str | None, choices: tuple[str, ...] = CHOICES) -> None:
    """Raises InvalidSetting: neither among the choices nor another name of one of them."""
    if encoding is None or encoding in choices:
        return
    usual = _usual_name(encoding)
    if not usual or usual not in map(_usual_name, choices):
        one_of("encoding", encoding, choices)


def _usual_name(encoding: str) -> str:
    try:
        return codecs.lookup(encoding).name
    except LookupError:
        return ""


def offers(lines: Iterable[bytes]) -> tuple[Offer, ...]:
    """The encodings that read lines or words which are not UTF-8, the most plausible first; previews are of the first.

    Args:
        lines: up to 200 of those that hold bytes beyond ASCII are looked at, and the beginning of each.
    """
    kept = [line for line in lines if not line.isascii()]
    kept = kept[:: -(-len(kept) // _LINES) or 1]
    found: list[tuple[float, Offer]] = []
    for encoding in _ONE_OR_MORE_BYTES:
        read = [text for line in kept if (text := _beginning(line, encoding)) is not None]
        if read and len(read) == len(kept):
            found.append((plausibility("\n".join(read)), Offer(encoding, preview(read[0]))))
    found.sort(key=lambda each: -each[0])
    likely = [offer for plausible, offer in found if plausible > _HOPELESS]
    return tuple(likely or [offer for _, offer in found])


def _beginning(line: bytes, encoding: str) -> str | None:
    """The first part of a line that has bytes beyond ASCII; None where it is not in this encoding."""
    start = 0
    if len(line) > _LINE_BYTES:
        first = next((i for i, byte in enumerate(line) if byte > 0x7F), 0)
        start = line.rfind(b" ", 0, max(first - _BEFORE, 0)) + 1  # no encoding has a blank inside a letter
    part = line[start : start + _LINE_BYTES]
    try:
        return codecs.getincrementaldecoder(encoding)().decode(part, final=start + len(part) == len(line))
    except UnicodeError:
        return None


def preview(text: str) -> str:
    """A line around its first characters beyond ASCII, short and printable."""
    line = next((line for line in text.splitlines() if not line.isascii()), text)
    first = next((i for i, c in enumerate(line) if c > "\x7f"), 0)
    start = line.rfind(" ", 0, max(first - _BEFORE, 0) + 1) + 1
    start = start if first - start < _PREVIEW else first
    return shown_word(" ".join(line[start : start + _PREVIEW].split()))[1:-1]  # tabs are no letters


def can_be_read(offered: Sequence[Offer], readings: int = 5) -> str:
    """A sentence that names the likeliest encodings with a word as it reads in them; ends before what else helps."""
    said: list[str] = []
    alike: Counter[str] = Counter()
    for encoding, shown in offered:
        alike[shown] += 1
        if len(alike) > readings:
            break
        if alike[shown] <= _TOLD_ALIKE:
            word = next((word for word in shown.split() if not word.isascii()), shown)
            said.append(f"{encoding} ({'also ' * (alike[shown] > 1)}“{word[:_WORD]}”)")
    return f"It can be read as {', '.join(said)}: choose one of these encodings,"


def offers_for(data: bytes) -> tuple[Offer, ...]:
    """The encodings that read a text, the most plausible first; none where it is UTF-8 or a byte-order mark says its
    encoding.
    """
    if marked_codec(data[:4]) or is_utf8(data):
        return ()
    if wide := wide_codec(data):
        return (Offer(wide, preview(data[: 8 * _PREVIEW].decode(wide, "replace"))),)
    if first_shift(data):
        return tuple(_by_shifts(data))
    return _of_two_bytes(data) if _CONTROL.search(data) else offers(_telling(data))


def first_shift(data: bytes) -> "re.Match[bytes] | None":
    """Where ASCII first shifts to letters of two bytes; None for other bytes."""
    return _SHIFT.search(data) if data.isascii() else None


def _by_shifts(data: bytes) -> Iterator[Offer]:
    """Encodings that shift between letters of one byte and of two, where they read a text or its beginning."""
    for encoding in _OF_SHIFTS:
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(data)
        except UnicodeDecodeError:
            continue
        if not _CONTROL.search(text.encode()):  # shifts that this encoding does not know
            yield Offer(encoding, preview(text))


def _of_two_bytes(data: bytes) -> tuple[Offer, ...]:
    """UTF-16 of either order, where bytes read as a text in it: in scripts whose letters have no zero among them."""
    head = data[:_WIDE]
    if sum(byte in _PRINTED for byte in head) > _MOSTLY * len(head):  # ASCII with a zero byte in it
        return ()
    found = []
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(head)
        except UnicodeError:
            continue
        plausible = plausibility(text)
        if plausible > _LIKELY or is_of_one_script(text):
            found.append((plausible, Offer(encoding, preview(text))))
    return tuple(offer for _, offer in sorted(found, key=lambda each: -each[0]))


def _telling(data: bytes) -> list[bytes]:
    """The first few thousand lines beyond ASCII, by which the encoding of a text is known."""
    return [line[0] for line in islice(_BEYOND_ASCII.finditer(data), _LOOKED_AT)]


def is_utf8(data: bytes) -> bool:
    """Whether bytes are text in UTF-8."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"\0" not in data and not first_shift(data)


def decode(data: bytes, name: str, encoding: str | None = None) -> str:
    """The text of bytes, without a byte-order mark; every reader of whole texts, lists and tables uses it.

    Args:
        name: what it is called in messages.
        encoding: one of `TEXT_CHOICES`; None: UTF-8. A byte-order mark decides alone.

    Raises:
        InvalidSetting: another encoding.
        InvalidText: the bytes are not in this encoding; says where, and offers those that read them.
    """
    check_encoding(encoding, TEXT_CHOICES)
    marked = marked_codec(data[:4])
    if data.startswith(codecs.BOM_UTF8):
        encoding = "utf-8"
    used = marked or encoding or "utf-8"
    zero = data.find(b"\0")
    if zero >= 0 and not used.startswith("utf-16") and not used.startswith("utf-32"):
        raise not_text(
            data, f"{name} is not plain text in UTF-8: byte {zero + 1:,} is zero, as in binary or UTF-16 files."
        )
    if not (marked or encoding) and (shift := first_shift(data)):
        raise not_text(data, f"{name} is not plain text in UTF-8: byte {shift.start() + 1:,} shifts to other letters.")
    try:
        return without_marks(data.decode(used))
    except UnicodeDecodeError as error:
        if marked:
            said = f"{name} begins like {marked.upper()} but breaks off: save it as UTF-8, or get it again."
            raise InvalidText(said) from None
        line = data[: error.start].count(b"\n") + 1
        byte = f"byte {error.start + 1:,} ({data[error.start]:#04x})"
        raise not_text(data, f"{name}, in line {line:,}, is not {used.upper()}: {byte} fits no character.") from None


def not_text(data: bytes, said: str) -> InvalidText:
    """The error for bytes that are not in the encoding they were to be in, with those that would read them."""
    offered = offers_for(data)
    first = offered[0].encoding if offered else ""
    also = f" ({first} is Windows-{first[2:]})" if first.startswith("cp125") else ""
    remedy = f"{can_be_read(offered, 2)} or save it as UTF-8{also}." if offered else "Save it as plain text in UTF-8."
    error = InvalidText(f"{said} {remedy}")
    error.offers = offered
    return error


def decoded(word: bytes, encoding: str | None, *, name: str, at: str) -> str | None:
    """A word as text; None where it is not UTF-8 and such words are dropped.

    Args:
        encoding: one of `CHOICES`; None: UTF-8.
        name, at: the file and the place in it, for the message.

    Raises NotDecoded: the word is not in this encoding.
    """
    utf8 = encoding in (None, "utf-8", "utf-8-drop")
    try:
        return word.decode("utf-8" if utf8 or encoding is None else encoding)
    except UnicodeError as error:
        if encoding == "utf-8-drop":
            return None
        cause = f"the word is not UTF-8 (its byte {getattr(error, 'start', 0) + 1})"
        raise NotDecoded(cause if utf8 else f"the word is not {encoding}", word, name=name, at=at) from None


def find_encoding(data: bytes) -> tuple[str, str]:
    """The encoding of a whole text, and where it was guessed a word that shows the guess; "" where it is sure.

    A byte-order mark, zeros in every second byte and valid UTF-8 are sure; of others the most plausible is guessed. ""
    for the encoding: none is likely.
    """
    if (marked := marked_codec(data[:4])) is not None:
        return marked, ""
    if (wide := wide_codec(data)) is not None:
        return wide, ""
    if is_utf8(data):
        return "utf-8", ""
    text = b"\n".join(_telling(data)).decode("utf-8", "replace")
    broken = text.count("\N{REPLACEMENT CHARACTER}")
    if (
        b"\0" not in data
        and not first_shift(data)
        and _FEW_BROKEN * broken <= sum(1 for character in text if not character.isascii())
    ):
        return "utf-8", ""
    for name, line in offers_for(data):
        try:
            data.decode(name)
        except UnicodeDecodeError:
            continue
        return name, next((word for word in line.split() if not word.isascii()), line)
    return "", ""


def to_utf8(source: Source, encoding: str | None) -> tuple[Source, str]:
    """The source with its byte-order mark taken off, or recoded to UTF-8; and the encoding's name.

    Args:
        encoding: one of `CHOICES`; None: UTF-8, as nobody chose. A byte-order mark of UTF-16 or UTF-32 decides alone.

    Raises VectorFileError: nobody chose, and the text is ASCII that shifts to other letters.
    """
    if encoding is None:
        _refuse_shifts(source)
    mark = source.peek(4)
    if mark.startswith(codecs.BOM_UTF8):
        source.read(3)
    marked = marked_codec(mark)
    chosen = marked or (encoding if encoding not in (None, "utf-8-drop") else "utf-8")
    return (source if chosen == "utf-8" else transcoded(source, chosen, marked=marked is not None)), chosen


def _refuse_shifts(source: Source) -> None:
    """Raises VectorFileError: ASCII shifts to other letters; offers the encodings that read them."""
    head = source.peek(HEAD)
    if (shift := first_shift(head)) is None:
        return
    offered = tuple(_by_shifts(head))
    remedy = f"{can_be_read(offered)} or save it as UTF-8." if offered else "Save it as UTF-8."
    at = f"byte {shift.start() + 1:,}"
    error = source.refusal("this is not UTF-8, but shifts to other letters", remedy, at=at, asks="encoding")
    error.offers = offered
    raise error


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
                refused = source.refusal(
                    f"this is not {encoding} ({getattr(error, 'reason', 'its byte-order mark is missing')})",
                    CUT_OFF if marked else "Choose another encoding.",
                    at=f"about byte {done + getattr(error, 'start', 0) + 1:,}",
                    asks="" if marked else "encoding",
                )
                refused.offers = () if marked else offers_for(data)
                raise refused from None
            done += len(data)
            if text or not data:
                return text.encode("utf-8")

    # What comes out may be longer than asked for; Source keeps the rest.
    return Source(read, name=source.name, limits=source.limits, packed=source.packed)
