"""File locks, and folders flushed to the disk: one holder among all threads and processes of a machine.

The system frees the lock of a process that dies, where the file system has locks (`flock`), as local disks do.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Holds the lock at `path`, after waiting for its holder. Raises OSError: the file cannot be made."""
    with FileLock(path, thread_local=False):
        yield


@contextmanager
def locked_if_free(path: Path) -> Iterator[bool]:
    """Holds the lock at `path` if it is free; yields whether it is held.

    Raises OSError: the file cannot be made.
    """
    lock = FileLock(path, timeout=0, thread_local=False)
    try:
        lock.acquire()
        held = True
    except Timeout:
        held = False
    try:  # outside the handler: an error of the caller's has nothing to do with the lock
        yield held
    finally:
        if held:
            lock.release()


def flush_folder(folder: Path) -> None:
    """Returns when the names in a folder are on the disk; Windows, which cannot open folders, does that by itself."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def is_ours(path: Path) -> bool:
    """Whether a file or folder belongs to the current user; Windows separates users' folders by itself."""
    return not hasattr(os, "geteuid") or path.stat().st_uid == os.geteuid()
