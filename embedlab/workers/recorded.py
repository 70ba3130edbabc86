"""Recorded runs: what a lesson's training yields with the settings that its page opens with, made beforehand.

A file below data/runs holds the messages that a worker would send: first the key, then the snapshots. The key names
settings and data, not the code, whose changes tests/workers/test_recorded.py notices. The files are made by `python -m
embedlab record-runs`.
"""

import gzip
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import IO, Any, NamedTuple, cast

from embedlab.library import bundled
from embedlab.workers.messages import Reader, Writer

_SETS = tuple(f"{folder}/{file}" for folder in ("vectors", "counted") for file in ("matrix.npy", "words.txt"))


class Record(NamedTuple):
    """A run in a file."""

    key: str  # settings and data
    snapshots: tuple[Any, ...]


def find(name: str, key: str) -> tuple[Any, ...] | None:
    """The snapshots of a lesson's recorded run, if it has one of this key; read once, never changed."""
    file = f"runs/{name}.gz"
    if not bundled.is_here(file):
        return None
    record = _bundled(file)
    return record.snapshots if record.key == key else None


@cache
def _bundled(file: str) -> Record:
    return read(bundled.path(file))


def shipped_sets() -> str:
    """The two sets of vectors that come with the app, in keys of what was made from them: sha256 of their files."""
    return " ".join(bundled.registry()[file]["sha256"] for file in _SETS)


def read(path: Path) -> Record:
    """A run that `write` wrote."""
    with gzip.open(path) as stream:
        reader = Reader(cast(IO[bytes], stream))
        key, found = reader.receive(), []
        while True:
            try:
                found.append(reader.receive())
            except EOFError:
                return Record(key, tuple(found))


def write(path: Path, key: str, snapshots: Iterable[Any]) -> None:
    """Writes a run; older snapshots are condensed, as the pool of jobs does it. Same run, same bytes."""
    *older, newest = snapshots
    with path.open("wb") as file, gzip.GzipFile(filename="", fileobj=file, mode="wb", mtime=0) as stream:
        writer = Writer(cast(IO[bytes], stream))
        writer.send(key)
        for snapshot in (*(s.condensed() if hasattr(s, "condensed") else s for s in older), newest):
            writer.send(snapshot)
