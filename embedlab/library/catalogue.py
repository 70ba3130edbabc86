"""The catalogue of vectors (and one text) that can be downloaded, and what is on this machine of it.

The first sets are gensim-data's, under the names and with the checksums that `gensim.downloader` has. They lie where
gensim looks for them, so that each finds what the other fetched (`embedlab.library.gensim_data`). The others come from
those who made them. Facts and checksums are in data/catalogue.json; where a publisher names no checksum, that of the
first download is kept, and later ones are compared with it. Files are fetched by `embedlab.library.download` and never
run. Vectors are then kept in the form that opens at once (`embedlab.library.store`).

    home/             $EMBEDLAB_HOME, or embedlab in the user's cache folder
    ├── downloads/    what has come of a download; finished files of the sets that are not gensim's
    ├── stores/       one folder for each set of vectors
    └── gensim-data/  if $EMBEDLAB_HOME is set and $GENSIM_DATA_DIR is not; else gensim's own folder is used
"""

import json
import os
import shutil
import zlib
from collections.abc import Generator, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from embedlab.errors import DownloadError, InvalidSetting, VectorFileError
from embedlab.formats.limits import size
from embedlab.formats.reading import read_vectors
from embedlab.formats.report import LoadReport
from embedlab.library import bundled, gensim_data, memory
from embedlab.library.download import Progress, discard, download, file_size, finished, is_whole, pin_file, pinned
from embedlab.library.gensim_data import GensimKeeper
from embedlab.library.http import TIMEOUT, Wanted
from embedlab.library.store import discard_store, leftovers, open_or_build
from embedlab.vectors.word_vectors import WordVectors

_GENSIM_DATA = "https://github.com/RaRe-Technologies/gensim-data/releases/download"
_WORD_BYTES = 250  # of a word, its place in an index, and what else reading takes


@dataclass(frozen=True)
class File:
    """A file to download."""

    file: str  # its name on this machine
    bytes: int
    md5: str = ""  # the published checksum, in hexadecimal digits; where none is published, neither
    sha256: str = ""
    url: str = ""  # empty: gensim-data's
    exact: bool = True  # whether `bytes` is its very size, or about it

    @property
    def published(self) -> bool:
        """Whether its publisher names a checksum."""
        return bool(self.md5 or self.sha256)


@dataclass(frozen=True)
class Entry:
    """A line of the catalogue: facts, none of them measured here."""

    name: str
    kind: Literal["vectors", "text"]
    files: tuple[File, ...]  # read as one
    rows: int
    dimensions: int
    method: str
    text: str  # what it was learned from
    licence: str
    licence_url: str
    rows_exact: bool = True  # whether there are just so many rows, or about so many
    binary: bool = False  # of gensim's: word2vec's binary format rather than its text

    @property
    def file(self) -> str:
        """The first file's name."""
        return self.files[0].file

    @property
    def bytes(self) -> int:
        """To download; where not `exact`, about so many."""
        return sum(file.bytes for file in self.files)

    @property
    def exact(self) -> bool:
        """Whether `bytes` is the very size."""
        return all(file.exact for file in self.files)

    @property
    def published(self) -> bool:
        """Whether there are published checksums; else those of the first download are kept."""
        return all(file.published for file in self.files)

    @property
    def gensim(self) -> bool:
        """Whether it is one of gensim-data's, under gensim's name."""
        return not self.files[0].url

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
    return MappingProxyType({name: _entry(name, facts) for name, facts in entries.items()})


def _entry(name: str, facts: Mapping[str, Any]) -> Entry:
    files = tuple(File(**file) for file in facts["files"])
    return Entry(name=name, **{**facts, "files": files})


def vector_entries() -> Mapping[str, Entry]:
    """Those for vectors."""
    return {name: entry for name, entry in catalogue().items() if entry.kind == "vectors"}


def find(name: str) -> Entry:
    """An entry for vectors by its name. Raises InvalidSetting: no such vectors; lists all that there are."""
    entries = vector_entries()
    if name not in entries:
        raise InvalidSetting(f"“{name}” is not in the catalogue: choose one of {', '.join(entries)}.")
    return entries[name]


def home() -> Path:
    """The folder for downloads: $EMBEDLAB_HOME, or embedlab in the user's cache folder."""
    given = os.environ.get("EMBEDLAB_HOME")
    return Path(given) if given else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "embedlab"


def wanted(entry: Entry) -> tuple[Wanted, ...]:
    """Where an entry's files are fetched from: $EMBEDLAB_MIRROR, or else their publishers."""
    mirror = os.environ.get("EMBEDLAB_MIRROR", "").rstrip("/")
    return tuple(
        Wanted(
            url=file.url if file.url and not mirror else f"{mirror or _GENSIM_DATA}/{entry.name}/{file.file}",
            file=file.file,
            bytes=file.bytes,
            md5=file.md5,
            sha256=file.sha256,
            exact=file.exact,
        )
        for file in entry.files
    )


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
        total = yield from _download(entry, timeout)
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
        files = [_whole(entry, one) for one in wanted(entry)]
        memory.check(entry.memory_bytes, f"Reading {entry.name}")
        vectors, report = read_vectors(files[0] if len(files) == 1 else files, name=entry.file)
        return WordVectors(vectors.words, vectors.matrix, source=f"{entry.name} ({entry.licence})"), report

    return open_or_build(_store(entry), build, key=_key(entry))


def here() -> list[str]:
    """Names of the vectors on this machine, in the catalogue's order; two folders are looked at, no file is opened."""
    stores, sets = _names_in(home() / "stores"), _names_in(gensim_data.folder())
    return [
        name for name, entry in vector_entries().items() if name in stores or (name in sets and _waits(entry, stores))
    ]


def is_here(entry: Entry) -> bool:
    """Whether it is on this machine: downloaded, and for vectors, converted or in gensim's folder."""
    if entry.kind == "text":
        return any(path.exists() for path in _places(entry))
    return (_store(entry) / "about.json").exists() or _waits(entry, _names_in(home() / "stores"))


def fitting() -> set[str]:
    """Names of the vectors that this machine can read now, with what else is in memory."""
    room = memory.room()
    return {name for name, entry in vector_entries().items() if entry.memory_bytes <= room}


def unfinished() -> list[Entry]:
    """What is on the disk in part: downloads that were interrupted or never converted."""
    whole, stores = set(here()), _names_in(home() / "stores")
    names = _names_in(downloads_folder()) | _names_in(gensim_data.folder())
    found = []
    for name, entry in catalogue().items():
        parts = {name, *(part for file in entry.files for part in _parts(file.file))}
        left = not names.isdisjoint(parts) or any(store.startswith(f".{name}.part-") for store in stores)
        if left and name not in whole and not is_here(entry) and used_bytes(entry):
            found.append(entry)
    return found


def of_gensim(entry: Entry) -> bool:
    """Whether gensim itself fetched its file, which `remove` then leaves alone."""
    keeper = _keeper(entry)
    return keeper is not None and keeper.path.exists() and not keeper.ours


def used_bytes(entry: Entry) -> int:
    """Bytes on disk that `remove` frees, those of a broken download counted; not a file that gensim fetched."""
    folders = [_store(entry), *leftovers(_store(entry))]
    files: list[Path] = []
    for file in entry.files:
        finished_, pin, part = (downloads_folder() / name for name in _parts(file.file))
        folders.append(part)
        files += [finished_, pin]
    if (keeper := _keeper(entry)) is not None and keeper.path.exists() and keeper.ours:
        files.append(keeper.path)
    files += [Path(root, name) for folder in folders for root, _, names in os.walk(folder) for name in names]
    return sum(map(file_size, files))


def remove(entry: Entry) -> bool:
    """Deletes it from the disk; vectors that are open stay usable until they are closed.

    A file that gensim itself fetched stays; only its converted form goes. Where no checksum is published, that of the
    first download goes, too: the next download counts as the first.

    Returns:
        Whether it is gone: not while it is being downloaded or converted, nor where the disk cannot be written.
    """
    try:
        return discard_store(_store(entry)) and all(
            discard(one, downloads_folder(), keeper=_keeper(entry)) for one in wanted(entry)
        )
    except OSError:
        return False


def text8_is_here() -> bool:
    """Whether `text8` need not fetch anything."""
    return is_here(catalogue()["text8"])


def download_text8() -> Generator[Progress, None, int]:
    """Fetches what `text8` reads, unless it is here. Raises DownloadError: what failed, and what to do."""
    return _download(catalogue()["text8"], TIMEOUT)


def text8() -> str:
    """100 million letters of Wikipedia, downloaded once. Raises DownloadError: it could not be fetched."""
    import gzip

    entry = catalogue()["text8"]
    finished(download_text8())
    try:
        with gzip.open(next(path for path in _places(entry) if path.exists())) as file:
            return file.read(100_000_001).decode("ascii")
    except (OSError, EOFError, StopIteration, zlib.error, UnicodeDecodeError):
        remove(entry)
        raise DownloadError(f"{entry.file} cannot be unpacked, and was removed: try again.") from None


def downloads_folder() -> Path:
    return home() / "downloads"


def _download(entry: Entry, timeout: float) -> Generator[Progress, None, int]:
    """Fetches what is missing of an entry's files; returns the bytes of all."""
    done = 0
    for number, one in enumerate(wanted(entry)):
        later = sum(file.bytes for file in entry.files[number + 1 :])
        for stage, bytes_, total in download(one, downloads_folder(), keeper=_keeper(entry), timeout=timeout):
            yield Progress(stage, done + bytes_, done + total + later)
        done += max(file_size(path) for path in _places(entry, one.file))
    with suppress(OSError):  # of a folder that can only be read
        _damaged(entry).unlink(missing_ok=True)
    return done


def _opens(entry: Entry) -> bool:
    try:
        return is_here(entry) and bool(open_entry(entry))
    except VectorFileError:  # its store and its download were both damaged
        return False


def _whole(entry: Entry, one: Wanted) -> Path:
    """A file of an entry, verified. Raises VectorFileError: it is not there, or damaged and is not used any more."""
    places, keeper = _places(entry, one.file), _keeper(entry)
    for path in places:
        if finished(is_whole(one, path)):
            return path
    state = "is damaged" if any(path.exists() for path in places) else "is not on this machine"
    with suppress(OSError):  # a disk that cannot be written
        discard(one, downloads_folder(), keeper=keeper, whole=False)
        shutil.rmtree(_store(entry), ignore_errors=True)  # the page offers the download again once it is gone
        if of_gensim(entry):
            _damaged(entry).touch()
            raise VectorFileError(
                f"The file {one.file} in gensim’s folder is damaged: download {entry.name} on the page Vectors, which "
                "replaces it."
            )
    raise VectorFileError(f"The download {one.file} {state}: download {entry.name} on the page Vectors.")


def _key(entry: Entry) -> str:
    """What a store was made of: the checksums of the files."""
    return " ".join(one.published or pinned(downloads_folder() / one.file) for one in wanted(entry))


def _keeper(entry: Entry) -> GensimKeeper | None:
    """Of a set of gensim's, where gensim looks for it."""
    return GensimKeeper(entry.name, entry.file, entry.kind == "text", entry.binary) if entry.gensim else None


def _places(entry: Entry, file: str = "") -> list[Path]:
    """Where a finished file may be, the first one where none is named: in gensim's folder or that of downloads."""
    keeper = _keeper(entry)
    return [*([keeper.path] if keeper else []), downloads_folder() / (file or entry.file)]


def _parts(file: str) -> tuple[str, str, str]:
    """What may lie in the folder of downloads for a file: itself, its first checksum, a broken download of it."""
    return file, pin_file(Path(file)).name, f".{file}.part"


def _waits(entry: Entry, stores: set[str]) -> bool:
    """Whether a set is in gensim's folder, to be converted when it is opened; `stores`: the names in that folder."""
    keeper = _keeper(entry)
    return keeper is not None and _damaged(entry).name not in stores and file_size(keeper.path) == entry.bytes


def _damaged(entry: Entry) -> Path:
    """Is there when the file that gensim fetched was found damaged."""
    return home() / "stores" / f".{entry.name}.damaged"


def _store(entry: Entry) -> Path:
    return home() / "stores" / entry.name


def _names_in(folder: Path) -> set[str]:
    try:
        return set(os.listdir(folder))
    except OSError:
        return set()


def _check_disk(entry: Entry) -> None:
    folder = next(parent for parent in (home(), *home().parents) if parent.exists())
    free, needed = shutil.disk_usage(folder).free, entry.disk_bytes - used_bytes(entry)
    if needed > free:
        raise DownloadError(
            f"{entry.name} needs {size(needed)} of disk with its converted form, and {size(free)} are free. Remove "
            "another download first. The bundled vectors go on working."
        )
