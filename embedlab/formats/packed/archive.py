"""Zip archives, .npz among them: a list of their members, and each member's bytes up to a limit."""

import os
import struct
import tempfile
import zipfile
import zlib
from contextlib import ExitStack
from dataclasses import dataclass
from typing import BinaryIO

from embedlab.errors import UnsafeFormat, VectorFileError
from embedlab.formats.binary.numpy_arrays import ArrayHeader, read_header
from embedlab.formats.detection import HEAD, UNSAFE, detect
from embedlab.formats.limits import MB, UNTRUSTED, Limits, refusal, shown_name, size, too_large
from embedlab.formats.packed.source import CUT_OFF, Source, capped, why
from embedlab.formats.text.reader import kind_of_text

_NOT_ZIP = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, struct.error, ValueError,
    OverflowError, OSError, IndexError,
)  # fmt: skip


@dataclass(frozen=True)
class Member:
    """One file of an archive and what it is: a kind of `detect`, "vectors", "numbers", "words", "matrix", "strings",
    "unsafe" or "other"."""

    info: zipfile.ZipInfo
    kind: str
    array: ArrayHeader | None = None
    error: VectorFileError | None = None  # why it is "unsafe" or "other"

    @property
    def name(self) -> str:
        return self.info.filename


class Archive:
    """The members of a zip, each openable under the caps of `limits`.

    Raises VectorFileError: damaged, encrypted, packed in other ways than deflate, or with too many members.
    """

    def __init__(self, file: BinaryIO, length: int, *, name: str, limits: Limits) -> None:
        self.name, self.limits = name, limits
        _check_directory(file, length, name, limits)
        try:
            self.zip = zipfile.ZipFile(file)
        except _NOT_ZIP as error:
            raise self.damaged(error) from None
        infos = [i for i in self.zip.infolist() if not i.is_dir() and not _is_junk(i.filename)]
        for info in infos:
            if info.flag_bits & 1:
                raise refusal(name, "the zip is encrypted", "Unpack it with its password, and load the file inside.")
            if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise refusal(name, "the zip is packed in an unusual way", "Pack it anew as an ordinary zip (deflate).")
            if info.file_size > max(limits.ratio_free_bytes, limits.ratio * info.compress_size):
                raise too_large(
                    name,
                    f"{shown_name(info.filename)} in the zip unpacks to over {limits.ratio} times its size",
                    UNTRUSTED,
                )
        if any(info.filename.rsplit("/", 1)[-1] == "data.pkl" for info in infos):
            raise refusal(name, "this is a PyTorch file (.pt), a pickle in a zip", UNSAFE, kind=UnsafeFormat)
        self.members = [self._look_at(info) for info in infos]

    def damaged(self, error: Exception) -> VectorFileError:
        return refusal(self.name, f"the zip is damaged or cut off{why(error)}", CUT_OFF)

    def open(self, info: zipfile.ZipInfo) -> Source:
        """The unpacked bytes of a member."""
        try:
            opened = self.zip.open(info)
        except _NOT_ZIP as error:
            raise self.damaged(error) from None

        def read(n: int) -> bytes:
            try:
                return opened.read(min(n, MB))
            except _NOT_ZIP as error:
                raise self.damaged(error) from None

        guarded = capped(read, lambda: info.compress_size, name=self.name, limits=self.limits)
        packed = f"zip: {shown_name(info.filename)}"
        return Source(guarded, name=self.name, limits=self.limits, total=info.file_size, packed=packed)

    def _look_at(self, info: zipfile.ZipInfo) -> Member:
        source = self.open(info)
        try:
            kind = detect(source.peek(HEAD), self.name)
            if kind == "text":
                return Member(info, kind_of_text(source))
            if kind == "npy":
                array = read_header(source)
                return Member(info, "matrix" if array.is_matrix else "strings" if array.is_words else "other", array)
            return Member(info, kind)
        except VectorFileError as error:
            return Member(info, "unsafe" if isinstance(error, UnsafeFormat) else "other", error=error)


def _is_junk(name: str) -> bool:
    """Files that operating systems leave in archives."""
    return name.startswith("__MACOSX/") or name.rsplit("/", 1)[-1].startswith(".")


def _check_directory(file: BinaryIO, length: int, name: str, limits: Limits) -> None:
    """Refuses a central directory too large to be listed safely, before anything lists it."""
    file.seek(max(0, length - 65_557))  # the end record and the longest comment
    tail = file.read(65_557)
    file.seek(0)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < 22:
        raise refusal(name, "the zip is damaged or cut off (its end is missing)", CUT_OFF)
    entries, directory = struct.unpack("<HI", tail[at + 10 : at + 16])
    wide = tail.rfind(b"PK\x06\x06", 0, at)
    if wide >= 0 and len(tail) - wide >= 48 and (entries == 0xFFFF or directory == 0xFFFFFFFF):
        entries, directory = struct.unpack("<QQ", tail[wide + 32 : wide + 48])
    if entries > limits.zip_entries or directory > limits.zip_entries * 10_000:
        raise too_large(
            name,
            f"the zip holds {entries:,} files" if entries > limits.zip_entries else "the zip's directory is too large",
            f"At most {limits.zip_entries} are allowed: pack the vector file alone.",
        )


def spooled(source: Source, stack: ExitStack) -> tuple[BinaryIO, int]:
    """Unpacked bytes in a temporary file that may be read in any order."""
    file = stack.enter_context(tempfile.SpooledTemporaryFile(max_size=32 * MB))  # noqa: SIM115
    while data := source.read(MB):
        file.write(data)
        if file.tell() > source.limits.unpacked_bytes:
            raise source.too_large(f"more than {size(source.limits.unpacked_bytes)}", "Unpack it first.")
    length = file.seek(0, os.SEEK_END)
    file.seek(0)
    return file, length  # type: ignore[return-value]
