"""One large file from the net: whole and verified, or not at all.

folder/
├── name.gz            the file; it appears when its checksum is right
├── .name.gz.lock      held by the one who downloads, among all threads and processes
└── .name.gz.part/     private; the partial download, to be resumed
    └── data
"""

import errno
import hashlib
import os
import shutil
import time
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from io import FileIO
from pathlib import Path
from typing import Literal, NamedTuple, TypeVar

from embedlab.errors import DownloadError
from embedlab.formats.limits import size
from embedlab.library.http import STILL, TIMEOUT, Wanted, answer_from_end, cut_off, read_some, something_else
from embedlab.locks import flush_folder, is_ours, locked_if_free

_CHUNK = 1 << 18
_EVERY = 0.1  # seconds between two reports of progress
_FORGOTTEN = 7 * 86_400.0  # seconds after which a broken download is abandoned
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
T = TypeVar("T")
Stage = Literal["waiting", "downloading", "checking", "converting", "ready"]


class Progress(NamedTuple):
    """How far a download is."""

    stage: Stage
    done: int  # bytes
    total: int


def download(wanted: Wanted, folder: Path, *, timeout: float = TIMEOUT) -> Iterator[Progress]:
    """Fetches a file into a folder unless it is there already; a broken download is resumed.

    Of several that ask at once, one downloads and the others wait for it. Not asking for the next progress any more
    cancels; what has come so far stays for the next time.

    Args:
        timeout: seconds without a byte after which the connection counts as dead.

    Raises DownloadError: what failed, and what to do; the file is then not there.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _sweep(folder)
        with ExitStack() as stack:
            while not stack.enter_context(locked_if_free(_lock_file(wanted, folder))):
                yield Progress("waiting", file_size(_part(wanted, folder) / "data"), wanted.bytes)
                time.sleep(_EVERY)
            if not (yield from is_whole(wanted, folder)):
                (folder / wanted.file).unlink(missing_ok=True)
                yield from _fetch(wanted, folder, timeout)
    except OSError as error:
        if isinstance(error, DownloadError):
            raise
        raise _storage_error(wanted, error) from None


def is_whole(wanted: Wanted, folder: Path) -> Generator[Progress, None, bool]:
    """Whether the file is there with the right size and checksum."""
    path = folder / wanted.file
    if file_size(path) != wanted.bytes:
        return False
    digest = yield from _hashed(path, wanted)
    return digest.hexdigest() == wanted.md5


def discard(wanted: Wanted, folder: Path, *, whole: bool = True) -> bool:
    """Deletes a file, unless it is being downloaded at the moment.

    Args:
        whole: False: only a damaged file; a partial download stays, to be resumed.

    Returns:
        Whether no download was in the way.
    """
    if not folder.exists():
        return True
    with locked_if_free(_lock_file(wanted, folder)) as held:
        if not held:
            return False
        if whole:
            shutil.rmtree(_part(wanted, folder), ignore_errors=True)
        if whole or not finished(is_whole(wanted, folder)):  # another process may have repaired it meanwhile
            (folder / wanted.file).unlink(missing_ok=True)
        return True


def finished(steps: Generator[Progress, None, T]) -> T:
    """Runs something that reports progress to its end, for what it returns."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: T = end.value
            return result


def _fetch(wanted: Wanted, folder: Path, timeout: float) -> Iterator[Progress]:
    """Under the lock: the rest of the file, verified, under its name."""
    data = _private(_part(wanted, folder)) / "data"
    if file_size(data) > wanted.bytes:
        data.unlink()
    digest = yield from _hashed(data, wanted)
    missing = wanted.bytes - file_size(data)
    if shutil.disk_usage(folder).free < missing:
        raise DownloadError(
            f"{wanted.file} needs {size(missing)} of disk, and less is free. Remove another download first. {STILL}"
        )
    if missing:
        digest = yield from _transfer(wanted, data, digest, timeout)
    if digest.hexdigest() != wanted.md5:
        data.unlink()
        raise DownloadError(
            f"{wanted.file} from {wanted.host} is not the file that the catalogue names: its checksum differs. It was "
            f"thrown away; try again, or from another network. {STILL}"
        )
    os.replace(data, folder / wanted.file)
    flush_folder(folder)
    shutil.rmtree(data.parent, ignore_errors=True)


def _transfer(
    wanted: Wanted, data: Path, digest: "hashlib._Hash", timeout: float
) -> Generator[Progress, None, "hashlib._Hash"]:
    """Appends what is missing to `data`, or starts over where the server cannot resume; returns the file's digest."""
    with FileIO(data, "a") as file, answer_from_end(wanted, file, timeout) as answer:
        start = file.tell() if answer.headers.get("Content-Range", "").startswith(f"bytes {file.tell()}-") else 0
        length = answer.headers.get("Content-Length", "")
        if length.isdecimal() and int(length) != wanted.bytes - start:
            raise something_else(wanted)
        chunk = read_some(wanted, answer, timeout)
        if not start:
            if wanted.file.endswith(".gz") and not chunk.startswith(b"\x1f"):
                raise something_else(wanted)
            file.seek(0)
            file.truncate()
            digest = hashlib.md5(usedforsecurity=False)
        told = 0.0
        while chunk:
            if file.tell() + len(chunk) > wanted.bytes:
                raise something_else(wanted)
            _write_chunk(file, chunk)
            digest.update(chunk)
            if time.monotonic() - told > _EVERY:
                told = time.monotonic()
                yield Progress("downloading", file.tell(), wanted.bytes)
            chunk = read_some(wanted, answer, timeout)
        os.fsync(file.fileno())
        if file.tell() < wanted.bytes:
            raise cut_off(wanted)
    yield Progress("downloading", wanted.bytes, wanted.bytes)
    return digest


def _storage_error(wanted: Wanted, error: OSError) -> DownloadError:
    if error.errno in _NO_ROOM:
        return DownloadError(f"{wanted.file}: the disk is full. Remove another download, then try again. {STILL}")
    return DownloadError(
        f"{wanted.file} cannot be kept: the folder for downloads cannot be written ({error.strerror or 'no access'}). "
        f"Whoever runs this app can name another one in EMBEDLAB_HOME. {STILL}"
    )


def _write_chunk(file: FileIO, chunk: bytes) -> None:
    """Writes a chunk; on a full disk what came so far is given up, so that others have room."""
    left = memoryview(chunk)
    try:
        while left:
            left = left[file.write(left) :]
    except OSError:
        file.truncate(0)
        raise


def _hashed(path: Path, wanted: Wanted) -> Generator[Progress, None, "hashlib._Hash"]:
    """MD5 of what is in a file; that is what gensim-data publishes. It finds damage, not forgery."""
    digest, told = hashlib.md5(usedforsecurity=False), time.monotonic()
    if path.exists():
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
                if time.monotonic() - told > _EVERY:
                    told = time.monotonic()
                    yield Progress("checking", file.tell(), wanted.bytes)
    return digest


def _lock_file(wanted: Wanted, folder: Path) -> Path:
    return folder / f".{wanted.file}.lock"


def _part(wanted: Wanted, folder: Path) -> Path:
    return folder / f".{wanted.file}.part"


def _private(part: Path) -> Path:
    """A folder owned by this user: no link, no other user's."""
    if part.is_symlink() or (part.exists() and (not part.is_dir() or not is_ours(part))):
        part.unlink() if not part.is_dir() or part.is_symlink() else shutil.rmtree(part)
    part.mkdir(mode=0o700, exist_ok=True)
    return part


def _sweep(folder: Path) -> None:
    """Removes broken downloads that have not been resumed for a week."""
    for part in folder.glob(".*.part"):
        try:
            if time.time() - max(p.stat().st_mtime for p in (part, *part.glob("data"))) > _FORGOTTEN:
                with locked_if_free(folder / f"{part.name.removesuffix('.part')}.lock") as held:
                    if held:
                        shutil.rmtree(part, ignore_errors=True)
        except OSError:
            continue  # it went away meanwhile


def file_size(path: Path) -> int:
    """Bytes of a file, 0 where there is none."""
    try:
        return path.stat().st_size
    except (FileNotFoundError, NotADirectoryError):
        return 0
