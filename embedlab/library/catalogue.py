"""The catalogue of vectors (and one text) that can be downloaded, and what is on this machine of it.

The names, sizes and checksums are those of gensim-data, which `gensim.downloader` uses; they are pinned in
data/catalogue.json. Files are fetched by `embedlab.library.download` and never run: `gensim.downloader.load` would
execute Python from the net. Vectors are then kept in the form that opens at once (`embedlab.library.store`).

    home/
    ├── downloads/    files as they came
    └── stores/       one folder for each set of vectors
"""

import json
import os
import shutil
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from embedlab.errors import DownloadError, InvalidSetting, NotEnoughMemory, VectorFileError
from embedlab.formats.limits import size
from embedlab.formats.reading import read_vectors
from embedlab.formats.report import LoadReport
from embedlab.library import bundled, memory
from embedlab.library.download import Progress, discard, download, file_size, finished, is_whole
from embedlab.library.http import TIMEOUT, Wanted
from embedlab.library.store import discard_store, leftovers, open_or_build
from embedlab.vectors.word_vectors import WordVectors

_MIRROR = "https://github.com/RaRe-Technologies/gensim-data/releases/download"
_WORD_BYTES = 250  # of a word, its place in an index, and what else reading takes


@dataclass(frozen=True)
class Entry:
    """A line of the catalogue: facts, none of them measured here."""

    name: str
    kind: Literal["vectors", "text"]
    file: str
    bytes: int  # to download
    md5: str
    rows: int
    dimensions: int
    method: str
    text: str  # what it was learned from
    licence: str
    licence_url: str

    @property
    def disk_bytes(self) -> int:
        """The download, and the form that opens at once."""
        return self.bytes + (self.rows * (self.dimensions * 4 + 12) if self.kind == "vectors" else 0)

    @property
    def memory_bytes(self) -> int:
        """What reading the download takes, once; later opens leave the numbers on disk."""
        return self.rows * (self.dimensions * 4 + _WORD_BYTES)


@cache
def catalogue() -> Mapping[str, Entry]:
    """Every entry by name, smaller downloads first."""
    entries = json.loads(bundled.path("catalogue.json").read_text("utf-8"))
    return MappingProxyType({name: Entry(name=name, **facts) for name, facts in entries.items()})


def find(name: str) -> Entry:
    """An entry for vectors by its name. Raises InvalidSetting: no such vectors; lists all that there are."""
    entry = catalogue().get(name)
    if entry is None or entry.kind != "vectors":
        names = ", ".join(name for name, entry in catalogue().items() if entry.kind == "vectors")
        raise InvalidSetting(f"“{name}” is not in the catalogue: choose one of {names}.")
    return entry


def home() -> Path:
    """The folder for downloads: $EMBEDLAB_HOME, or embedlab in the user's cache folder."""
    given = os.environ.get("EMBEDLAB_HOME")
    return Path(given) if given else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "embedlab"


def wanted(entry: Entry) -> Wanted:
    """Where an entry is fetched from: $EMBEDLAB_MIRROR, or gensim-data's releases."""
    mirror = os.environ.get("EMBEDLAB_MIRROR", _MIRROR).rstrip("/")
    return Wanted(url=f"{mirror}/{entry.name}/{entry.file}", file=entry.file, bytes=entry.bytes, md5=entry.md5)


def fetch(entry: Entry, *, timeout: float = TIMEOUT) -> Iterator[Progress]:
    """Downloads vectors and converts them; does at once what is done already. Stop asking to cancel.

    Raises:
        DownloadError: no connection, no room, something else arrived.
        NotEnoughMemory: the vectors are too large to be read on this machine; nothing is downloaded then.
        VectorFileError: the file cannot be read.
    """
    total = entry.bytes
    if not _opens(entry):
        memory.check(entry.memory_bytes, f"Reading {entry.name}")
        _check_disk(entry)
        yield from download(wanted(entry), downloads_folder(), timeout=timeout)
        yield Progress("converting", total, total)
        open_entry(entry)
    yield Progress("ready", total, total)


def open_entry(entry: Entry) -> tuple[WordVectors, LoadReport]:
    """Vectors that were downloaded, the numbers left on disk; a damaged store is made again from the download.

    Raises:
        VectorFileError: not downloaded, or damaged since: download it (again).
        NotEnoughMemory: reading the download takes too much.
    """

    def build() -> tuple[WordVectors, LoadReport]:
        file = downloads_folder() / entry.file
        if not finished(is_whole(wanted(entry), downloads_folder())):
            state = "is damaged" if file.exists() else "is not on this machine"
            with suppress(OSError):  # a disk that cannot be written
                discard(wanted(entry), downloads_folder(), whole=False)
            shutil.rmtree(_store(entry), ignore_errors=True)  # the page offers the download again once it is gone
            raise VectorFileError(f"The download {entry.file} {state}: download {entry.name} on the page Vectors.")
        memory.check(entry.memory_bytes, f"Reading {entry.name}")
        vectors, report = read_vectors(file, name=entry.file)
        return WordVectors(vectors.words, vectors.matrix, source=f"{entry.name} ({entry.licence})"), report

    return open_or_build(_store(entry), build, key=entry.md5)


def fits(entry: Entry) -> bool:
    """Whether this machine can read it now, with what else is in memory."""
    try:
        memory.check(entry.memory_bytes, entry.name)
    except NotEnoughMemory:
        return False
    return True


def is_here(entry: Entry) -> bool:
    """Whether it was downloaded, and for vectors, converted."""
    return (_store(entry) / "about.json").exists() if entry.kind == "vectors" else _file(entry).exists()


def used_bytes(entry: Entry) -> int:
    """Bytes on disk, those of a broken download counted."""
    folders = (downloads_folder() / f".{entry.file}.part", _store(entry), *leftovers(_store(entry)))
    inside = [Path(root, name) for folder in folders for root, _, names in os.walk(folder) for name in names]
    return sum(map(file_size, (_file(entry), *inside)))


def remove(entry: Entry) -> bool:
    """Deletes it from the disk; vectors that are open stay usable until they are closed.

    Returns:
        Whether it is gone: not while it is being downloaded or converted, nor where the disk cannot be written.
    """
    try:
        return discard_store(_store(entry)) and discard(wanted(entry), downloads_folder())
    except OSError:
        return False


def text8() -> str:
    """100 million letters of Wikipedia, downloaded once. Raises DownloadError: it could not be fetched."""
    import gzip

    entry = catalogue()["text8"]
    for _ in download(wanted(entry), downloads_folder()):
        pass
    try:
        with gzip.open(_file(entry)) as file:
            return file.read(100_000_001).decode("ascii")
    except (OSError, EOFError, zlib.error, UnicodeDecodeError):
        discard(wanted(entry), downloads_folder())
        raise DownloadError(f"{entry.file} cannot be unpacked, and was removed: try again.") from None


def downloads_folder() -> Path:
    return home() / "downloads"


def _opens(entry: Entry) -> bool:
    try:
        return is_here(entry) and bool(open_entry(entry))
    except VectorFileError:  # its store and its download were both damaged
        return False


def _store(entry: Entry) -> Path:
    return home() / "stores" / entry.name


def _file(entry: Entry) -> Path:
    return downloads_folder() / entry.file


def _check_disk(entry: Entry) -> None:
    folder = next(parent for parent in (home(), *home().parents) if parent.exists())
    free, needed = shutil.disk_usage(folder).free, entry.disk_bytes - used_bytes(entry)
    if needed > free:
        raise DownloadError(
            f"{entry.name} needs {size(needed)} of disk with its converted form, and {size(free)} are free. Remove "
            "another download first. The bundled vectors go on working."
        )
