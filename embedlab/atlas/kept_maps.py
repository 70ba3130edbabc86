"""Maps that are kept: those that come with the app, and those of loaded sets, for the next visit."""

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cache
from hashlib import blake2b
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import numpy as np

from embedlab.atlas.files import MapFile, map_bytes, read_map
from embedlab.atlas.layout import LayoutProgress
from embedlab.atlas.word_map import WordMap
from embedlab.errors import VectorFileError
from embedlab.library import bundled
from embedlab.library.catalogue import home
from embedlab.library.store import StoredVectors
from embedlab.vectors.word_vectors import WordVectors

MOST_KEPT = 30  # maps; the ones not looked at for longest go
Name = Literal["predicted", "counted"]
# Of each map that comes with the app: the folder of its vectors, and their name.
SHIPPED: Mapping[Name, tuple[str, str]] = MappingProxyType(
    {"predicted": ("vectors", bundled.PREDICTED), "counted": ("counted", bundled.COUNTED)}
)
_TASK = "embedlab.atlas.tasks:lay_out_file"


def bundled_map(name: Name) -> WordMap:
    """The map of one of the two sets that come with the app; reads neither the vectors nor a large library."""
    return _shipped(name).word_map


def checksum(vectors: WordVectors) -> str:
    """Names words and numbers; computed once a set: half a second for the largest."""
    return vectors.once(_checksum)


def key_of(vectors: WordVectors, start: WordMap | None = None) -> str:
    """Names the map of these vectors that begins with the positions of another, or with none."""
    return checksum(vectors) if start is None else f"{checksum(vectors)}-{start.fingerprint}"


def find_map(vectors: WordVectors, start: WordMap | None = None) -> WordMap | None:
    """The map of these vectors where there is one already: one that comes with the app, or was kept.

    Args:
        start: the map that it began with. Both that come with the app were laid out from one start, so each is the
            other's.
    """
    here = [name for name in SHIPPED if bundled.is_here(map_file(name))]
    if start is None or any(start is bundled_map(name) for name in here):
        for name in here:
            if vectors.source == SHIPPED[name][1] and checksum(vectors) == _shipped(name).key:
                return bundled_map(name)
    path = _path(key_of(vectors, start))
    try:
        found = read_map(path)
        os.utime(path)
    except (VectorFileError, OSError):
        return None
    if found.key != key_of(vectors, start) or found.word_map.words != vectors.words:
        return None
    return _own(found.word_map, vectors)


def lay_out_elsewhere(
    vectors: WordVectors, compute: Callable[..., Iterator[Any]], *, seed: int = 0, start: WordMap | None = None
) -> Iterator[LayoutProgress | WordMap | None]:
    """`lay_out` in a worker process; keeps the map for the next visit, unless it has another seed.

    Args:
        compute: runs a task in a worker, such as `jobs.compute`: takes its name and arguments.

    Yields:
        What `lay_out` does, and None where there is nothing new.
    """
    with tempfile.TemporaryDirectory(prefix="embedlab-", ignore_cleanup_errors=True) as folder:
        for found in compute(_TASK, str(_on_disk(vectors, Path(folder))), vectors.words, vectors.source, seed, start):
            if isinstance(found, WordMap):
                found = _own(found, vectors)
                if seed == 0:
                    keep(found, vectors, start)
            yield found


def map_file(name: Name) -> str:
    """A shipped map's file below data/."""
    return f"atlas/{name}.npz"


def keep(word_map: WordMap, vectors: WordVectors, start: WordMap | None = None) -> bool:
    """Keeps the map of these vectors, which began with another, for the next visit; whether that was possible."""
    key = key_of(vectors, start)
    path = _path(key)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".part-", delete=False) as file:
            part = Path(file.name)
            file.write(map_bytes(word_map, key=key))
        part.replace(path)  # readers see all of it or nothing
        _sweep(path.parent)
    except OSError:
        return False
    return True


@cache
def _shipped(name: Name) -> MapFile:
    words = bundled.path(f"{SHIPPED[name][0]}/words.txt").read_text("utf-8").split("\n")
    return read_map(bundled.path(map_file(name)), words)


def _on_disk(vectors: WordVectors, folder: Path) -> Path:
    """A .npy file of the matrix: the store's own, or one that is written into the folder."""
    if isinstance(vectors, StoredVectors) and isinstance(vectors.matrix, np.memmap):
        return Path(str(vectors.matrix.filename))
    path = folder / "matrix.npy"
    np.save(path, np.asarray(vectors.matrix), allow_pickle=False)
    return path


def _own(word_map: WordMap, vectors: WordVectors) -> WordMap:
    """The map with the very words of the vectors, so that they are held once."""
    return replace(word_map, words=vectors.words)


def _path(key: str) -> Path:
    return home() / "maps" / f"{key}.npz"


def _sweep(folder: Path) -> None:
    """Deletes the maps that are too many, and what broken writers left an hour ago or more."""
    with suppress(OSError):
        maps = sorted(folder.glob("*.npz"), key=lambda path: path.stat().st_mtime, reverse=True)
        newest = maps[0].stat().st_mtime
        for path in (*maps[MOST_KEPT:], *(p for p in folder.glob(".part-*") if p.stat().st_mtime < newest - 3600)):
            path.unlink(missing_ok=True)


def _checksum(vectors: WordVectors) -> str:
    digest = blake2b("\n".join(vectors.words).encode("utf-8", "surrogatepass"), digest_size=16)
    digest.update(repr(vectors.matrix.shape).encode())
    for block in vectors.blocks():
        digest.update(np.ascontiguousarray(vectors.matrix[block]).data)
    return digest.hexdigest()
