"""Whole files, unpacked, and their text in UTF-8 whatever its encoding; for texts and tables that are no vectors."""

import io
import re
from collections.abc import Set
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from embedlab.errors import SeveralFiles
from embedlab.formats.detection import HEAD, by_start
from embedlab.formats.json_start import json_kind
from embedlab.formats.limits import MB, Limits, refusal, shown_name, shown_word, size, too_large
from embedlab.formats.packed.archive import Archive, Member, spooled
from embedlab.formats.packed.compression import COMPRESSIONS, unpacked
from embedlab.formats.packed.source import Source, from_file, open_file
from embedlab.formats.packed.tars import TarArchive
from embedlab.formats.packed.zips import ZipArchive
from embedlab.formats.text.encodings import check_encoding, find_encoding, transcoded, without_marks
from embedlab.formats.text.layout import CONTROL

TEXT_LIMITS = Limits(file_bytes=300 * MB, unpacked_bytes=300 * MB)
_ARCHIVES = {"zip": ZipArchive, "tar": TarArchive}
_BESIDE = re.compile(r"(.*/)?(readme|licen[cs]e|notes?|classes|labels|requirements)[^/]*", re.IGNORECASE)
TEXTS = frozenset({"vectors", "table", "numbers", "words", "json", "json-lines", "raw"})  # members that may be text
ARROW = frozenset({"parquet", "arrow", "arrow-stream"})  # tables that are no text
_CUT = "Cut it, or give a part of it."
_AS_TEXT = "Save it as plain text in UTF-8, such as CSV or JSON lines."


@dataclass(frozen=True, eq=False)
class Unpacked:
    """The bytes of a file."""

    name: str  # the file's
    data: bytes
    packed: str = ""  # what they were unpacked from

    @property
    def kind(self) -> str:
        """What their beginning alone says that they are, such as "parquet"; empty for text."""
        return by_start(self.data[:HEAD])

    def source(self) -> Source:
        """The same bytes as a stream, as often as they are wanted."""
        return from_file(io.BytesIO(self.data), len(self.data), name=self.name, limits=TEXT_LIMITS)


@dataclass(frozen=True, eq=False)
class PlainText:
    """A text in UTF-8, and what it was before."""

    name: str  # the file's
    data: bytes  # without a byte-order mark
    encoding: str  # of the file
    shows: str = ""  # where the encoding was guessed: a word as it is read by the guess
    packed: str = ""  # what it was unpacked from

    def source(self) -> Source:
        """The same bytes as a stream, as often as they are wanted."""
        return from_file(io.BytesIO(self.data), len(self.data), name=self.name, limits=TEXT_LIMITS)

    @property
    def json_kind(self) -> str | None:
        """ "json", "json-lines", or None for other text."""
        return json_kind(self.data[:HEAD], whole=len(self.data) < HEAD)

    def notes(self) -> list[str]:
        """What was decided, in sentences."""
        notes = [f"Unpacked from {self.packed}."] if self.packed else []
        if self.shows or self.encoding not in ("utf-8", "utf-8-drop"):
            shown = f", in which it has the word {shown_word(self.shows)}" if self.shows else ""
            notes.append(f"Read as {self.encoding}{shown}.")
        return notes


def unpacked_bytes(
    file: Path | BinaryIO | bytes,
    *,
    name: str = "",
    limits: Limits = TEXT_LIMITS,
    member: str | None = None,
    kinds: Set[str] = TEXTS,
) -> Unpacked:
    """Reads a whole file, plain or in gz, bz2, xz, zst, zip or tar.

    Args:
        name: for messages; by default the file's.
        member: which file of an archive with several.
        kinds: which files of an archive count.

    Raises:
        SeveralFiles: several of them are in an archive, and no `member` is given.
        FileTooLarge: more than the limits allow.
        VectorFileError: damaged, or none is in it.
    """
    name = shown_name(name or (file.name if isinstance(file, Path) else str(getattr(file, "name", "the file"))))
    if isinstance(file, bytes) and len(file) > limits.file_bytes:
        raise too_large(name, f"the file has {size(len(file))}, at most {size(limits.file_bytes)} are read", _CUT)
    given = io.BytesIO(file) if isinstance(file, bytes) else file
    with ExitStack() as stack:
        opened, length = stack.enter_context(open_file(given, limits=limits, name=name))
        source = _unpacked(from_file(opened, length, name=name, limits=limits), opened, member, kinds, stack)
        return Unpacked(name, _whole(source), source.packed)


def plain_text(found: Unpacked, *, encoding: str | None = None) -> PlainText:
    """The text of a file.

    Args:
        encoding: one of `encodings.CHOICES`; None: what a byte-order mark says, UTF-8, or a guess.

    Raises VectorFileError: no text, or in an encoding that has to be chosen.
    """
    check_encoding(encoding)
    data, shows = found.data, ""
    if encoding is None:
        encoding, shows = find_encoding(data)
        if not encoding:
            raise found.source().refusal(
                "this is not UTF-8, and no other encoding is sure", "Choose its encoding.", asks="encoding"
            )
    if encoding not in ("utf-8", "utf-8-drop"):
        data = _whole(transcoded(found.source(), encoding))
    data = without_marks(data)
    if kind := by_start(data[:HEAD]):
        raise found.source().refusal(f"this is a {kind} file, and no text", _AS_TEXT)
    if CONTROL.search(data[:HEAD]):
        raise found.source().refusal("this is not plain text", _AS_TEXT)
    return PlainText(found.name, data, encoding, shows, found.packed)


def _unpacked(source: Source, file: BinaryIO, member: str | None, kinds: Set[str], stack: ExitStack) -> Source:
    kind = by_start(source.peek(HEAD))
    if kind in COMPRESSIONS:
        source = unpacked(kind, file, name=source.name, limits=source.limits)
        kind = by_start(source.peek(HEAD))
        if kind == "tar":
            file = spooled(source, stack)
    if kind not in _ARCHIVES:
        return source
    archive = _ARCHIVES[kind](file, name=source.name, limits=source.limits)
    return archive.open(_member(archive, member, kinds))


def _member(archive: Archive, chosen: str | None, kinds: Set[str]) -> Member:
    """The one text of an archive, or the one that was chosen."""
    texts = [m for m in archive.members if m.kind in kinds and m.array is None]
    texts = [m for m in texts if not _BESIDE.fullmatch(m.name)] or texts
    if chosen is not None:
        texts = [m for m in texts if m.name == chosen]
    if len(texts) == 1:
        return texts[0]
    if not texts:
        raise refusal(archive.name, f"the {archive.noun} holds no such text", "Put one text file into it.")
    names = tuple(m.name for m in texts)
    shown = ", ".join(map(shown_name, names[:5]))
    error = refusal(archive.name, f"several texts are in it: {shown}", "Choose one of them.", kind=SeveralFiles)
    assert isinstance(error, SeveralFiles)
    error.members = names
    raise error


def _whole(source: Source) -> bytes:
    parts, length, most = [], 0, source.limits.unpacked_bytes
    while part := source.read(MB):
        parts.append(part)
        length += len(part)
        if length > most:
            raise source.too_large(f"a text of more than {size(most)}", _CUT)
    return b"".join(parts)
