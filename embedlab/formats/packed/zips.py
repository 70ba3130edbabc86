"""Zip archives, .npz among them."""

import struct
import zipfile
import zlib
from itertools import pairwise
from typing import BinaryIO

from embedlab.errors import UnsafeFormat, VectorFileError
from embedlab.formats.detection import UNSAFE
from embedlab.formats.limits import MB, UNTRUSTED, Limits, refusal, shown_name, too_large
from embedlab.formats.packed.archive import Archive, Member, length_of, packed_in
from embedlab.formats.packed.compression import capped
from embedlab.formats.packed.source import CUT_OFF, Source, why

_NOT_ZIP = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, struct.error, ValueError,
    OverflowError, OSError, IndexError,
)  # fmt: skip


class ZipArchive(Archive):
    """The members of a zip.

    Args:
        file: seekable.

    Raises VectorFileError: damaged, encrypted, packed in other ways than deflate, or with too many members.
    """

    def __init__(self, file: BinaryIO, *, name: str, limits: Limits) -> None:
        super().__init__("zip", name=name, limits=limits)
        _check_directory(file, length_of(file), name, limits)
        try:
            self._zip = zipfile.ZipFile(file)
        except _NOT_ZIP as error:
            raise self._damaged(error) from None
        infos = [info for info in self._zip.infolist() if not info.is_dir()]
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
        places = sorted((info.header_offset, info.compress_size) for info in infos)
        if any(start + size > following for (start, size), (following, _) in pairwise(places)):
            raise refusal(name, "the zip is damaged: its files overlap", UNTRUSTED)
        if any(info.filename.rsplit("/", 1)[-1] == "data.pkl" for info in infos):
            raise refusal(name, "this is a PyTorch file (.pt), a pickle in a zip", UNSAFE, kind=UnsafeFormat)
        self.list_members([(info.filename, info, info.file_size) for info in infos])

    def open(self, member: Member) -> Source:
        info: zipfile.ZipInfo = member.handle
        try:
            opened = self._zip.open(info)
        except _NOT_ZIP as error:
            raise self._damaged(error) from None

        def read(n: int) -> bytes:
            try:
                return opened.read(min(n, MB))
            except _NOT_ZIP as error:
                raise self._damaged(error) from None

        guarded = capped(read, lambda: info.compress_size, name=self.name, limits=self.limits)
        packed = packed_in(self, member)
        return Source(guarded, name=self.name, limits=self.limits, total=info.file_size, packed=packed)

    def _damaged(self, error: Exception) -> VectorFileError:
        return refusal(self.name, f"the zip is damaged or cut off{why(error)}", CUT_OFF)


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
