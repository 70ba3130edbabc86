"""A byte stream over one vector file: read once from front to back, counted, limited, with a look ahead."""

import io
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import BinaryIO

from embedlab.errors import InvalidSetting, VectorFileError
from embedlab.formats.limits import KEEP_FEWER, MB, Limits, refusal, size, too_large

_SHORT = 32 * MB
CUT_OFF = "Get the file again: it was probably cut off on its way."


class Source:
    """Unpacked bytes of a vector file.

    Args:
        read: gives up to n bytes, none at the end.
        name: the file's, for messages.
        total: bytes in all, where they are known before reading; None inside a gz.
        packed: "" or what the bytes are unpacked from, for the report.
        file: the file that they are, byte for byte, where they are no others.

    Attributes:
        position: bytes handed out so far.
        refusal, too_large: as in `limits`, of this file.
    """

    def __init__(
        self,
        read: Callable[[int], bytes],
        *,
        name: str,
        limits: Limits,
        total: int | None = None,
        packed: str = "",
        file: BinaryIO | None = None,
    ) -> None:
        self._read, self._ahead, self.file = read, b"", file
        self.name, self.limits, self.total, self.packed = name, limits, total, packed
        self.position = 0
        self.refusal, self.too_large = partial(refusal, name), partial(too_large, name)

    def peek(self, n: int) -> bytes:
        """The next n bytes, fewer only at the end; they stay to be read."""
        parts, have = [self._ahead], len(self._ahead)
        while have < n and (more := self._read(n - have)):
            parts.append(more)
            have += len(more)
        self._ahead = b"".join(parts) if len(parts) > 1 else self._ahead
        return self._ahead[:n]

    def read(self, n: int) -> bytes:
        """The next n bytes, fewer only at the end."""
        data = self.peek(n)
        self._ahead = self._ahead[len(data) :]
        self.position += len(data)
        return data

    def read_exactly(self, n: int, what: str) -> bytes:
        """The next n bytes. Raises VectorFileError: the file ends before; `what` says in which part of it."""
        data = self.read(n)
        if len(data) < n:
            raise self.refusal(f"the file ends inside {what}", CUT_OFF, at=f"byte {self.position:,}")
        return data

    def lines_ahead(self) -> int | None:
        """How many lines of a short text are not blank; None of a long one, which is not read twice."""
        data = self.peek(_SHORT + 1)
        return None if len(data) > _SHORT else sum(1 for line in data.splitlines() if line.strip())

    def expect(self, n: int, what: str) -> None:
        """Refuses at once a file whose known size leaves less than n bytes for what it promises."""
        if self.total is not None and n > (left := self.total - self.position):
            needed, there = size(n), size(left)
            if needed == there:
                needed, there = f"{n:,} bytes", f"{left:,}"
            raise self.refusal(
                f"{what} needs at least {needed}, and {there} are there",
                f"{CUT_OFF} If it is whole, its header is wrong.",
            )

    def verify(self) -> None:
        """Reads what is left of a packed file, as its checksum is looked at only when the end has been reached."""
        while self.packed and self.read(MB):
            pass


@contextmanager
def open_file(source: Path | BinaryIO, *, limits: Limits, name: str) -> Iterator[tuple[BinaryIO, int]]:
    """A seekable binary file at its start, and its size in bytes; a given file object stays open.

    Raises VectorFileError: it cannot be opened, or is larger than the limits allow.
    """
    remedy = "Check that it exists and may be read."
    if isinstance(source, Path):
        try:
            if not stat.S_ISREG(source.stat().st_mode):
                raise refusal(name, "this is no ordinary file", "Choose a file, not a folder or device.")
            file: BinaryIO = source.open("rb")
        except (OSError, ValueError) as error:  # ValueError: a NUL in the path
            if isinstance(error, VectorFileError):
                raise
            cause = (error.strerror if isinstance(error, OSError) else None) or "not a file name"
            raise refusal(name, f"the file cannot be opened ({cause})", remedy) from None
        try:
            yield file, _checked_size(file, limits=limits, name=name)
        finally:
            file.close()
        return
    if not hasattr(source, "read") or isinstance(source, io.TextIOBase):
        raise InvalidSetting(f"Vectors are read from a Path or an open binary file, not from {type(source).__name__}.")
    if getattr(source, "closed", False):
        raise InvalidSetting("The file is closed: read vectors from one that is open.")
    if not (hasattr(source, "seekable") and source.seekable()):
        data = source.read(limits.file_bytes + 1)
        source = io.BytesIO(data if isinstance(data, bytes) else bytes(memoryview(data)))
    yield source, _checked_size(source, limits=limits, name=name)


def _checked_size(file: BinaryIO, *, limits: Limits, name: str) -> int:
    length = file.seek(0, os.SEEK_END)
    file.seek(0)
    if length > limits.file_bytes and limits.keep is None:  # of the first words alone, only a part is read
        raise too_large(
            name, f"the file has {size(length)}, and at most {size(limits.file_bytes)} are allowed", KEEP_FEWER
        )
    return length


def from_file(file: BinaryIO, length: int, *, name: str, limits: Limits) -> Source:
    """The bytes of a file as they are."""
    return Source(file.read, name=name, limits=limits, total=length, file=file)


def why(error: Exception) -> str:
    """What can be said of damaged packed data without the words of a library."""
    return " (its checksum differs)" if "CRC" in str(error) or "length" in str(error) else ""
