"""Words that are not UTF-8: which encodings would read them, and reading with one of them."""

import codecs

from embedlab.errors import InvalidSetting, VectorFileError
from embedlab.formats.limits import MB, refusal, shown_word
from embedlab.formats.source import Source

# Tried in this order on a word that is not UTF-8; the ones that give letters are offered.
ENCODINGS = (
    "cp1252", "latin-1", "cp1251", "koi8-r", "gb18030", "big5", "shift_jis", "euc-jp", "euc-kr", "cp1250", "cp852",
    "cp437", "cp1253", "cp1256", "utf-16-le", "utf-16-be", "utf-16", "utf-32",
)  # fmt: skip
CHOICES = ("utf-8", "utf-8-drop", *ENCODINGS)  # what read_vectors accepts
_OFFERED = 4


def check_encoding(encoding: str | None) -> None:
    """
    Raises:
        InvalidSetting: not among `CHOICES`.
    """
    if encoding is not None and encoding not in CHOICES:
        raise InvalidSetting(f"Encoding {encoding!r} is not known: give one of {', '.join(CHOICES)}.")


def not_utf8(name: str, word: bytes, at: str) -> VectorFileError:
    """The error for a word that is not UTF-8, with the encodings in which it would be a word."""
    try:
        word.decode("utf-8")
        byte = 1
    except UnicodeDecodeError as error:
        byte = error.start + 1
    offers = []
    for encoding in ENCODINGS[:-4]:
        try:
            text = word.decode(encoding)
        except UnicodeDecodeError:
            continue
        if all(c.isprintable() for c in text):
            offers.append(f"{encoding} ({shown_word(text)})")
    if offers:
        remedy = f"It can be read as {', '.join(offers[:_OFFERED])}: choose one of these encodings, or “utf-8-drop”"
    else:
        remedy = "No usual encoding reads it: choose “utf-8-drop”"
    return refusal(name, f"the word is not UTF-8 (its byte {byte})", f"{remedy} to leave such words out.", at=at)


def transcoded(source: Source, encoding: str) -> Source:
    """The same text in UTF-8.

    Raises:
        VectorFileError: while reading, where the bytes are not in this encoding; it says at which byte.
    """
    decoder = codecs.getincrementaldecoder(encoding)()
    done = 0

    def read(n: int) -> bytes:
        nonlocal done
        while True:
            data = source.read(min(n, MB))
            try:
                text = decoder.decode(data, final=not data)
            except UnicodeDecodeError as error:
                raise source.refusal(
                    f"this is not {encoding} ({error.reason})",
                    "Choose another encoding.",
                    at=f"about byte {done + error.start + 1:,}",
                ) from None
            done += len(data)
            if text or not data:
                return text.encode("utf-8")

    # What comes out may be longer than asked for; Source keeps the rest.
    return Source(read, name=source.name, limits=source.limits, packed=source.packed)
