"""Vectors kept in a form that opens at once: a folder with a memory-mapped matrix, the words, and the load's report.

    name/
    ├── matrix.npy    (V, D) float32
    ├── words.json    V words
    └── about.json    source, report, size and checksum of the other two; the last line is its own checksum

A folder is written under another name, flushed to the disk and renamed when complete, under a lock: readers see
all of it or nothing. Opening verifies sizes and checksums (CRC-32: it finds every single flipped bit and all but one in
four billion of other damages; it is no protection against someone who forges a file).
"""

import errno
import json
import os
import shutil
import tempfile
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from embedlab.arrays import Floats
from embedlab.errors import VectorFileError
from embedlab.formats.limits import shown_name
from embedlab.formats.report import LoadReport
from embedlab.locks import flush_folder, locked, locked_if_free
from embedlab.vectors.word_vectors import WordVectors

_VERSION = 1
_CHUNK = 1 << 20  # bytes read at a time for a checksum; stays in the processor's cache
_SPAN = 1 << 25  # bytes that one checksum covers; spans are verified by two threads


class StoredVectors(WordVectors):
    """Vectors from a store: words and numbers were checked when they were written; the index is made on first use."""

    def __init__(self, words: tuple[str, ...], matrix: Floats, *, source: str) -> None:
        self._hold(words, matrix, source)


class StoreDamaged(VectorFileError):
    """A store is incomplete or not what was written; the caller builds it again."""


def write_store(vectors: WordVectors, report: LoadReport, folder: Path) -> None:
    """Writes a store, or replaces it; readers of the old one keep it.

    Raises OSError: no room, or no right to write; what was there before stays.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with locked(_lock_file(folder)):
        _write_folder(vectors, report, folder)


def open_store(folder: Path) -> tuple[WordVectors, LoadReport]:
    """Opens a store; the matrix stays on disk until rows of it are used.

    Raises StoreDamaged: missing, incomplete, or its checksums disagree.
    """
    try:
        about = _read_about(folder / "about.json")
        checks = about["files"]
        with ThreadPoolExecutor(2) as pool:
            spans = [
                pool.submit(_checksum, folder / name, start, min(_SPAN, file["bytes"] - start))
                for name, file in checks.items()
                for start in range(0, file["bytes"], _SPAN)
            ]
            found = [span.result() for span in spans]
        if any((folder / name).stat().st_size != file["bytes"] for name, file in checks.items()):
            raise StoreDamaged(f"The store of {shown_name(about['source'])} has lost or gained bytes.")
        if found != [crc for file in checks.values() for crc in file["crc32"]]:
            raise StoreDamaged(f"The store of {shown_name(about['source'])} is damaged: its checksum differs.")
        words = tuple(json.loads((folder / "words.json").read_bytes()))
        matrix = np.load(folder / "matrix.npy", mmap_mode="r", allow_pickle=False)  # (V, D)
        if matrix.shape != (len(words), about["dimensions"]) or matrix.dtype != np.float32:
            raise StoreDamaged(
                f"The store of {shown_name(about['source'])} holds {matrix.shape} for {len(words)} words."
            )
        return StoredVectors(words, matrix, source=about["source"]), LoadReport.from_dict(about["report"])
    except (OSError, ValueError, TypeError, KeyError, AttributeError, EOFError) as error:
        if isinstance(error, StoreDamaged):
            raise
        raise StoreDamaged(f"The store {folder.name} is missing or damaged ({type(error).__name__}).") from None


def open_or_build(
    folder: Path, build: Callable[[], tuple[WordVectors, LoadReport]], *, key: str = ""
) -> tuple[WordVectors, LoadReport]:
    """Opens a store; where it is missing, damaged or made for another key, builds and writes it first.

    Of several processes and threads that ask at once, one builds and the others wait for it. Where nothing can be
    written (no room, no right), the built vectors are served from memory, with a note in the report.

    Args:
        build: reads the vectors, say with `read_vectors`.
        key: what the store was made of, such as a checksum; another key counts as damaged.
    """
    try:
        return _open_for(folder, key)
    except StoreDamaged:
        pass
    with ExitStack() as stack:
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            stack.enter_context(locked(_lock_file(folder)))
        except OSError as error:
            vectors, report = build()
            return vectors, _with_note(report, error)
        try:
            return _open_for(folder, key)  # another one built it while we waited
        except StoreDamaged:
            vectors, report = build()
        if vectors.subwords is not None:
            said = "The n-grams are not kept in this copy: no vectors are composed of them."
            report = replace(report, notes=(*report.notes, said))
        try:
            _write_folder(vectors, report, folder, key)
            return _open_for(folder, key)
        except (OSError, StoreDamaged) as error:
            return vectors, _with_note(report, error)


def discard_store(folder: Path) -> bool:
    """Deletes a store and what broken writers left of it, unless it is being written; returns whether it is gone."""
    if not folder.parent.exists():
        return True
    with locked_if_free(_lock_file(folder)) as held:
        if not held:
            return False
        for part in (folder, *leftovers(folder)):
            shutil.rmtree(part, ignore_errors=True)
        return True


def leftovers(folder: Path) -> list[Path]:
    """What writers of this store that died, or are at work, have beside it."""
    return list(folder.parent.glob(f".{folder.name}.part-*"))


def _open_for(folder: Path, key: str) -> tuple[WordVectors, LoadReport]:
    opened = open_store(folder)
    if _read_about(folder / "about.json")["key"] != key:
        raise StoreDamaged("The store was made from another file.")
    return opened


def _with_note(report: LoadReport, error: Exception) -> LoadReport:
    why = "the disk is full" if getattr(error, "errno", None) == errno.ENOSPC else "the folder cannot be written"
    return replace(report, notes=(*report.notes, f"Not kept for next time: {why}."))


def _lock_file(folder: Path) -> Path:
    return folder.parent / f".{folder.name}.lock"


def _write_folder(vectors: WordVectors, report: LoadReport, folder: Path, key: str = "") -> None:
    """Writes under the lock; sweeps what a writer that died has left."""
    for leftover in leftovers(folder):
        shutil.rmtree(leftover, ignore_errors=True)
    part = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}.part-"))
    try:
        with _flushed(part / "matrix.npy") as file:
            np.save(file, np.asarray(vectors.matrix, np.float32), allow_pickle=False)
        with _flushed(part / "words.json") as file:
            file.write(json.dumps(vectors.words, separators=(",", ":")).encode())
        about: dict[str, Any] = {
            "version": _VERSION,
            "source": vectors.source,
            "key": key,
            "dimensions": vectors.dimensions,
            "report": report.as_dict(),
            "files": {name: _describe(part / name) for name in ("matrix.npy", "words.json")},
        }
        with _flushed(part / "about.json") as file:
            text = json.dumps(about).encode()
            file.write(text + b"\n%d\n" % zlib.crc32(text))
        flush_folder(part)
        part.chmod(0o755)
        if folder.exists():
            old = part.with_name(f"{part.name}-old")
            folder.rename(old)
        part.rename(folder)
        flush_folder(folder.parent)
    finally:
        for leftover in folder.parent.glob(f"{part.name}*"):
            shutil.rmtree(leftover, ignore_errors=True)


@contextmanager
def _flushed(path: Path) -> Iterator[Any]:
    """A new file whose bytes are on the disk when the block ends."""
    with path.open("wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def _describe(path: Path) -> dict[str, Any]:
    """A file's size and the checksum of each of its spans."""
    length = path.stat().st_size
    return {"bytes": length, "crc32": [_checksum(path, s, min(_SPAN, length - s)) for s in range(0, length, _SPAN)]}


def _checksum(path: Path, start: int, length: int) -> int:
    """CRC-32 of some bytes of a file, read without mapping them, so that they do not count as this process's memory."""
    buffer, crc = bytearray(_CHUNK), 0
    view = memoryview(buffer)
    with path.open("rb", buffering=0) as file:
        file.seek(start)
        while length > 0:
            got = file.readinto(view[: min(_CHUNK, length)])
            if not got:
                raise StoreDamaged(f"The store's {path.name} is cut off.")
            crc = zlib.crc32(view[:got], crc)
            length -= got
    return crc


def _read_about(path: Path) -> dict[str, Any]:
    text, checksum, end = path.read_bytes().rsplit(b"\n", 2)
    if int(checksum) != zlib.crc32(text) or end:
        raise StoreDamaged("The store's description is damaged.")
    about: dict[str, Any] = json.loads(text)
    if about["version"] != _VERSION:
        raise StoreDamaged(f"The store has version {about['version']}, and this program reads {_VERSION}.")
    return about
