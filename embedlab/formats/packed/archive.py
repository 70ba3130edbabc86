"""Archives: several files in one or together, each of them listed with what it is, and openable up to a limit.

A zip (.npz among them), a tar, a folder, or files that were given together all are an `Archive`.
"""

import os
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from embedlab.errors import UnsafeFormat, VectorFileError
from embedlab.formats.binary.numpy_arrays import ArrayHeader, read_header
from embedlab.formats.detection import HEAD, detect
from embedlab.formats.limits import MB, Limits, shown_name, size, too_large
from embedlab.formats.packed.source import Source
from embedlab.formats.tables.arrow_columns import is_arrow_list
from embedlab.formats.tables.arrow_files import Kind as ArrowKind
from embedlab.formats.text.reader import kind_of_text
from embedlab.formats.tokens import is_tokens
from embedlab.formats.word_lists import is_json_list, seekable

_SHORT = 32 * MB  # bytes of a packed table that is unpacked to see what it holds


@dataclass(frozen=True)
class Member:
    """One file of an archive and what it is.

    `kind` is one of `detect`, where that says "text" one of `kind_of_text`, "matrix" and "strings" of .npy files,
    "tokens" (a tokenizer's vocabulary), "unsafe" or "other".
    """

    name: str  # with its folders
    kind: str
    handle: Any  # by which the archive opens it
    bytes: int | None = None  # unpacked, where that is known
    array: ArrayHeader | None = None
    error: VectorFileError | None = None  # why it is "unsafe" or "other"


class Archive(ABC):
    """Files that were given as one.

    Attributes:
        name, limits: of the whole.
        noun: what it is, for messages.
        members: its files, without those that operating systems leave.
    """

    def __init__(self, noun: str, *, name: str, limits: Limits) -> None:
        self.noun, self.name, self.limits = noun, name, limits
        self.members: list[Member] = []

    @abstractmethod
    def open(self, member: Member) -> Source:
        """The unpacked bytes of a member. Raises VectorFileError: it is damaged."""

    def list_members(self, found: Sequence[tuple[str, Any, int | None]]) -> None:
        """Looks into files by their name, handle and size."""
        listed = [Member(name, "other", handle, bytes_) for name, handle, bytes_ in found if not _is_junk(name)]
        self.members = [self._looked_at(member) for member in listed]

    def check_count(self, count: int) -> None:
        """Refuses more files than the limits allow."""
        if count > self.limits.zip_entries:
            raise too_large(
                self.name,
                f"the {self.noun} holds {count:,} files or more",
                f"At most {self.limits.zip_entries} are allowed: give the vector file alone.",
            )

    def _looked_at(self, member: Member) -> Member:
        name, handle, bytes_ = member.name, member.handle, member.bytes
        try:
            source = self.open(member)
            head = source.peek(HEAD)
            kind = detect(head, self.name)
            if kind == "text":
                return Member(name, kind_of_text(source), handle, bytes_)
            if kind == "json" and is_tokens(head):
                return Member(name, "tokens", handle, bytes_)
            if kind in ("json", "json-lines") and is_json_list(head):
                return Member(name, "words", handle, bytes_)
            if kind in ("parquet", "arrow", "arrow-stream") and (source.file or (bytes_ or MB) < _SHORT):
                kind = "words" if is_arrow_list(seekable(source), source, kind=cast(ArrowKind, kind)) else kind
            if kind == "npy":
                array = read_header(source)
                kind = "matrix" if array.is_matrix else "strings" if array.is_words else "other"
                return Member(name, kind, handle, bytes_, array)
            return Member(name, kind, handle, bytes_)
        except VectorFileError as error:
            kind = "unsafe" if isinstance(error, UnsafeFormat) else "other"
            return Member(name, kind, handle, bytes_, error=error)


def _is_junk(name: str) -> bool:
    """Files that operating systems leave in archives."""
    return name.startswith("__MACOSX/") or name.rsplit("/", 1)[-1].startswith(".")


def spooled(source: Source, stack: ExitStack) -> BinaryIO:
    """Unpacked bytes in a temporary file that may be read in any order, at its start."""
    file = stack.enter_context(tempfile.SpooledTemporaryFile(max_size=32 * MB))  # noqa: SIM115
    while data := source.read(MB):
        file.write(data)
        if file.tell() > source.limits.unpacked_bytes:
            raise source.too_large(f"more than {size(source.limits.unpacked_bytes)}", "Unpack it first.")
    file.seek(0)
    return cast(BinaryIO, file)


def length_of(file: BinaryIO) -> int:
    """Bytes of a seekable file, which is put at its start."""
    length = file.seek(0, os.SEEK_END)
    file.seek(0)
    return length


def packed_in(archive: Archive, member: Member) -> str:
    """What a member is unpacked from, for the report."""
    return f"{archive.noun}: {shown_name(member.name)}"
