"""Tar archives."""

import struct
import tarfile
from typing import BinaryIO, cast

from embedlab.errors import VectorFileError
from embedlab.formats.limits import MB, Limits, refusal, too_large
from embedlab.formats.packed.archive import Archive, Member, packed_in
from embedlab.formats.packed.source import CUT_OFF, Source

_NOT_TAR = (
    tarfile.TarError, EOFError, ValueError, OverflowError, struct.error, IndexError, KeyError, RecursionError,
)  # fmt: skip


class TarArchive(Archive):
    """The ordinary files of a tar; links, devices and files with holes are passed over.

    Args:
        file: seekable, unpacked if the tar was compressed.

    Raises VectorFileError: damaged, or with too many members.
    """

    def __init__(self, file: BinaryIO, *, name: str, limits: Limits) -> None:
        super().__init__("tar", name=name, limits=limits)
        self._file = file
        file.seek(0)
        found = []
        try:
            with tarfile.open(fileobj=cast(BinaryIO, _Headers(file, name)), mode="r:", errorlevel=2) as tar:
                for count, info in enumerate(tar, 1):
                    self.check_count(count)
                    if info.size < 0:
                        raise self._damaged()
                    if info.isreg() and not info.issparse():
                        found.append((info.name, info, info.size))
        except _NOT_TAR as error:
            if isinstance(error, VectorFileError):  # a ValueError, too
                raise
            raise self._damaged() from None
        self.list_members(found)

    def open(self, member: Member) -> Source:
        start, size = member.handle.offset_data, member.handle.size
        done = 0

        def read(n: int) -> bytes:
            nonlocal done
            self._file.seek(start + done)  # other members are read in between
            data = self._file.read(min(n, size - done))
            done += len(data)
            if not data and done < size:
                raise self._damaged()
            return data

        return Source(read, name=self.name, limits=self.limits, total=size, packed=packed_in(self, member))

    def _damaged(self) -> VectorFileError:
        return refusal(self.name, "the tar is damaged or cut off", CUT_OFF)


class _Headers:
    """A file of which only small pieces are read, as listing a sound tar does: a header may claim gigabytes."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._file, self._name = file, name
        self.seek, self.tell = file.seek, file.tell

    def read(self, n: int = -1) -> bytes:
        if not 0 <= n <= MB:
            raise too_large(self._name, "a header of the tar is longer than 1 MB", "Pack it anew as an ordinary tar.")
        return self._file.read(n)
