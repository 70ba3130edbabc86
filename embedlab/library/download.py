"""One large file from the net: whole and verified, or not at all.

folder/
├── name.gz            the file; it appears when its checksum is right
├── name.gz.sha256     where no checksum is published: that of the first download, which later ones are compared with
├── .name.gz.lock      held by the one who downloads, among all threads and processes
└── .name.gz.part/     private; the partial download, to be resumed
    ├── data
    └── about.json     where no checksum is published: the server's name for this version, and its size
"""

import errno
import hashlib
import json
import os
import re
import shutil
import time
from collections.abc import Generator, Iterator
from contextlib import ExitStack, suppress
from io import FileIO
from pathlib import Path
from typing import Literal, NamedTuple, Protocol, TypeVar

from embedlab.errors import DownloadError
from embedlab.formats.limits import size
from embedlab.library.http import (
    STILL,
    TIMEOUT,
    Wanted,
    answer_from_end,
    cut_off,
    is_page,
    read_some,
    size_of,
    size_unknown,
    something_else,
    version_of,
)
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


class Keeper(Protocol):
    """Where a finished file is kept, if not in the folder of the download."""

    @property
    def path(self) -> Path:
        """Of the file, whether it is there or not."""

    def put(self, data: Path) -> None:
        """Moves a finished file there. Raises OSError: not possible; it stays where it is then."""

    def drop(self) -> None:
        """Removes the file if this program put it there."""


def download(
    wanted: Wanted, folder: Path, *, keeper: Keeper | None = None, timeout: float = TIMEOUT
) -> Iterator[Progress]:
    """Fetches a file into a folder unless it is there already; a broken download is resumed.

    Of several that ask at once, one downloads and the others wait for it. Not asking for the next progress any more
    cancels; what has come so far stays for the next time.

    Args:
        keeper: takes the finished file to another place. Where that cannot be written, the file stays in the folder.
        timeout: seconds without a byte after which the connection counts as dead.

    Raises DownloadError: what failed, and what to do; the file is then not there.
    """
    try:
        if (yield from is_whole(wanted, folder / wanted.file if keeper is None else keeper.path)):
            return  # without a lock, which a folder that can only be read would refuse
        folder.mkdir(parents=True, exist_ok=True)
        _sweep(folder)
        with ExitStack() as stack:
            while not stack.enter_context(locked_if_free(_lock_file(wanted, folder))):
                yield Progress("waiting", file_size(_part(wanted, folder) / "data"), wanted.bytes)
                time.sleep(_EVERY)
            if keeper is not None and (yield from is_whole(wanted, keeper.path)):
                return
            file = folder / wanted.file
            if not (yield from is_whole(wanted, file)):
                file.unlink(missing_ok=True)
                yield from _fetch(wanted, folder, timeout)
            if keeper is not None:
                with suppress(OSError):  # no right or no room there: this program finds it here, too
                    keeper.put(file)
    except OSError as error:
        if isinstance(error, DownloadError):
            raise
        raise _storage_error(wanted, error) from None


def is_whole(wanted: Wanted, path: Path) -> Generator[Progress, None, bool]:
    """Whether a file is there, of the right size and with its checksum, the published one or the first download's."""
    if not wanted.may_have(file_size(path)):
        return False
    digest = yield from _hashed(path, wanted)
    return _is_right(wanted, path, digest.hexdigest())


def discard(wanted: Wanted, folder: Path, *, keeper: Keeper | None = None, whole: bool = True) -> bool:
    """Deletes a file, unless it is being downloaded at the moment.

    Args:
        keeper: that the download had.
        whole: False: only a damaged file; a partial download stays, to be resumed, and so does the checksum of the
            first download.

    Returns:
        Whether no download was in the way.
    """
    if not folder.exists():
        return True
    with locked_if_free(_lock_file(wanted, folder)) as held:
        if not held:
            return False
        file = folder / wanted.file
        if whole:
            shutil.rmtree(_part(wanted, folder), ignore_errors=True)
        # Another process may have repaired it meanwhile.
        if keeper is not None and (whole or not finished(is_whole(wanted, keeper.path))):
            keeper.drop()
        if whole or not finished(is_whole(wanted, file)):
            file.unlink(missing_ok=True)
        if whole:
            pin_file(file).unlink(missing_ok=True)
        return True


def finished(steps: Generator[Progress, None, T]) -> T:
    """Runs something that reports progress to its end, for what it returns."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: T = end.value
            return result


def by_percent(steps: Iterator[Progress]) -> Iterator[Progress | None]:
    """At most about a hundred steps for each stage, so that their number says how far it is; None for those between."""
    before = None
    for progress in steps:
        mark = (progress.stage, 100 * progress.done // max(1, progress.total))
        yield progress if mark != before else None
        before = mark


def pin_file(file: Path) -> Path:
    """Where the checksum of the first download is written down, in the form of `sha256sum`."""
    return file.with_name(f"{file.name}.sha256")


def pinned(file: Path) -> str:
    """The SHA-256 of the first download of a file, in hexadecimal digits; empty where there was none."""
    try:
        found = re.match("[0-9a-f]{64}", pin_file(file).read_text("ascii"))
    except (OSError, ValueError):
        return ""
    return found[0] if found else ""


def _is_right(wanted: Wanted, file: Path, digest: str) -> bool:
    """Compares a checksum with the published one; without one, with the first download's, which it may be itself."""
    known = wanted.published or pinned(file)
    if not known:
        with suppress(OSError):  # a disk that cannot be written, where nothing new can come either
            _pin(file, digest)
    return digest == (known or digest)


def _pin(file: Path, digest: str) -> None:
    new = file.with_name(f".{file.name}.sha256.new")
    with new.open("w", encoding="ascii") as pin:
        pin.write(f"{digest}  {file.name}\n")
        pin.flush()
        os.fsync(pin.fileno())
    os.replace(new, pin_file(file))


def _fetch(wanted: Wanted, folder: Path, timeout: float) -> Iterator[Progress]:
    """Under the lock: the rest of the file, verified, under its name."""
    data = _private(_part(wanted, folder)) / "data"
    begun = _read_begun(data)
    if file_size(data) > wanted.most or not (wanted.published or begun):
        data.unlink(missing_ok=True)  # where no checksum is published, nothing would tell that it began as another file
    digest = yield from _hashed(data, wanted)
    total = begun.total if begun else wanted.bytes
    missing = total - file_size(data)
    if shutil.disk_usage(folder).free < missing:
        raise DownloadError(
            f"{wanted.file} needs {size(missing)} of disk, and less is free. Remove another download first. {STILL}"
        )
    if missing or not (wanted.exact or begun):
        digest = yield from _transfer(wanted, data, digest, timeout)
    if not _is_right(wanted, folder / wanted.file, digest.hexdigest()):
        data.unlink()
        raise _wrong(wanted)
    os.replace(data, folder / wanted.file)
    flush_folder(folder)
    shutil.rmtree(data.parent, ignore_errors=True)


class _Begun(NamedTuple):
    """What a partial download is the beginning of, where its size or checksum is not known beforehand."""

    version: str  # as the server calls it
    total: int  # bytes


def _read_begun(data: Path) -> _Begun | None:
    try:
        about = json.loads(data.with_name("about.json").read_text("utf-8"))
        return _Begun(str(about["version"]), int(about["total"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write_begun(data: Path, version: str, total: int | None) -> None:
    """Kept only where the server names its version; else a broken download starts over."""
    about = data.with_name("about.json")
    about.unlink(missing_ok=True)
    if version and total is not None:
        about.write_text(json.dumps({"version": version, "total": total}), "utf-8")


def _transfer(
    wanted: Wanted, data: Path, digest: "hashlib._Hash", timeout: float
) -> Generator[Progress, None, "hashlib._Hash"]:
    """Appends what is missing to `data`, or starts over where the server cannot resume; returns the file's digest."""
    version = begun.version if (begun := _read_begun(data)) else ""
    with FileIO(data, "a") as file, answer_from_end(wanted, file, timeout, version=version) as answer:
        start = file.tell() if answer.headers.get("Content-Range", "").startswith(f"bytes {file.tell()}-") else 0
        total = size_of(answer, start)
        chunk = read_some(wanted, answer, timeout)
        if (not start and is_page(wanted, answer, chunk)) or not (total is None or wanted.may_have(total)):
            raise something_else(wanted)
        if total is None and not wanted.published:
            raise size_unknown(wanted)
        if start and version != version_of(answer) and not wanted.published:
            file.truncate(0)  # the server went on with another version all the same
            raise cut_off(wanted)
        if not start:
            file.seek(0)
            file.truncate()
            digest = _new_digest(wanted)
            if not (wanted.exact and wanted.published):
                _write_begun(data, version_of(answer), total)
        most, shown = (wanted.most, wanted.bytes) if total is None else (total, total)
        told = 0.0
        while chunk:
            if file.tell() + len(chunk) > most:
                raise something_else(wanted)
            _write_chunk(file, chunk)
            digest.update(chunk)
            if time.monotonic() - told > _EVERY:
                told = time.monotonic()
                yield Progress("downloading", file.tell(), max(shown, file.tell()))
            chunk = read_some(wanted, answer, timeout)
        os.fsync(file.fileno())
        came = file.tell()
        if (came < total) if total is not None else not wanted.may_have(came):
            raise cut_off(wanted)
    yield Progress("downloading", came, came)
    return digest


def _wrong(wanted: Wanted) -> DownloadError:
    """What came has another checksum."""
    if wanted.published:
        return DownloadError(
            f"{wanted.file} from {wanted.host} is not the file that the catalogue names: its checksum differs. It was "
            f"thrown away; try again, or from another network. {STILL}"
        )
    return DownloadError(
        f"{wanted.file} from {wanted.host} is not the file that was downloaded here first: its checksum differs. It "
        "was thrown away; try again, or from another network. If its publisher has replaced it, delete what is left "
        f"of the earlier download on the page Vectors, and the next one counts as the first. {STILL}"
    )


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


def _new_digest(wanted: Wanted) -> "hashlib._Hash":
    return hashlib.new(wanted.algorithm, usedforsecurity=False)


def _hashed(path: Path, wanted: Wanted) -> Generator[Progress, None, "hashlib._Hash"]:
    """The checksum of what is in a file, of the kind that is known of it."""
    digest, told = _new_digest(wanted), time.monotonic()
    if path.exists():
        total = file_size(path) if not wanted.exact else wanted.bytes
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
                if time.monotonic() - told > _EVERY:
                    told = time.monotonic()
                    yield Progress("checking", file.tell(), total)
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
