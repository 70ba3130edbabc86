"""Vector files of one's own: how they are to be read, and those that the app was started with.

`embedlab app FILE` hands a file, and `embedlab app --folder FOLDER` a folder of them, to the server, for all its
visitors, in environment variables. Whoever runs a server may set $EMBEDLAB_FOLDER as well; without it no visitor can
name a path of that machine.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from embedlab.errors import InvalidSetting
from embedlab.formats import Columns, LoadReport, read_vectors
from embedlab.formats.limits import Limits, OddRows
from embedlab.formats.reading import VectorFile
from embedlab.library import memory
from embedlab.vectors.word_vectors import WordVectors

_FILE, _READING, _FOLDER = "EMBEDLAB_FILE", "EMBEDLAB_READING", "EMBEDLAB_FOLDER"
_LONGEST_SHOWN = 60  # letters of a name
_LISTED, _DEEPEST = 500, 3  # files of a folder that are offered, and folders in folders
# Endings of files that are offered; files without one are, too.
_ENDINGS = {
    "arrow", "bin", "bytes", "bz2", "csv", "feather", "gguf", "glove", "gz", "json", "jsonl", "npy", "npz", "parquet",
    "safetensors", "tar", "tgz", "tsv", "txt", "vec", "w2v", "word", "xz", "zip", "zst",
}  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """How vectors are read; the fields are those of `read_vectors`."""

    encoding: str | None = None
    member: str | None = None
    words: str | None = None  # path of the words of a file of numbers
    keep: int | None = None  # how many words, the first ones, are kept; None: all
    beside: tuple[str, ...] = ()  # paths of further files that belong to it, such as a model's tokenizer.json
    word_column: str | None = None
    vector_column: str | None = None
    heading: bool | None = None
    odd_rows: OddRows = "few"

    def limited(self, limits: Limits) -> Limits:
        """These limits, with the words to keep and what becomes of rows that do not fit."""
        return replace(limits, keep=self.keep, odd_rows=self.odd_rows)

    @property
    def columns(self) -> Columns:
        return Columns(self.word_column, self.vector_column, self.heading)

    def read(
        self, file: VectorFile | Sequence[VectorFile], *, name: str, limits: Limits | None = None
    ) -> tuple[WordVectors, LoadReport]:
        """What `read_vectors` makes of a file, within this machine's memory where no limits are given."""
        limits = self.limited(memory.limits() if limits is None else limits)
        words = None if self.words is None else Path(self.words)
        files = [*file] if isinstance(file, Sequence) else [file]
        files += [Path(other) for other in self.beside]
        return read_vectors(
            files, name=name, limits=limits, member=self.member, encoding=self.encoding, words=words,
            columns=self.columns,
        )  # fmt: skip


def give(file: Path, reading: Reading) -> None:
    """Makes this process, and those that it starts, an app for this file."""
    os.environ[_FILE] = str(file.resolve())
    absolute = replace(
        reading,
        words=reading.words and str(Path(reading.words).resolve()),
        beside=tuple(str(Path(other).resolve()) for other in reading.beside),
    )
    os.environ[_READING] = json.dumps(asdict(absolute))


def given() -> tuple[Path, Reading] | None:
    """The file that the app was started with, if it was, and how to read it."""
    if (path := os.environ.get(_FILE)) is None:
        return None
    fields = json.loads(os.environ.get(_READING, "{}"))
    return Path(path), Reading(**fields | {"beside": tuple(fields.get("beside", ()))})


def give_folder(folder: Path) -> None:
    """Lets visitors of this app, and of those that it starts, open the files of a folder."""
    os.environ[_FOLDER] = str(folder.resolve())


def folder() -> Path | None:
    """The folder whose files visitors may open, where there is one."""
    path = os.environ.get(_FOLDER)
    return Path(path) if path and Path(path).is_dir() else None


def files_in_folder() -> list[str]:
    """The files, and folders of a model, that visitors may open, by their paths from the folder, in alphabetical order.

    Hidden ones, links that lead out of the folder, and files of other endings than vectors have are left out.
    """
    if (top := folder()) is None:
        return []
    found: list[str] = []
    for root, folders, names in os.walk(top):
        here = Path(root)
        folders[:] = sorted(f for f in folders if not f.startswith((".", "__")))
        if len(here.relative_to(top).parts) >= _DEEPEST:
            folders.clear()
        if {"tokenizer.json", "vocab.json", "vocab.txt"} & {*names} and here != top:
            found.append(here.relative_to(top).as_posix() + "/")
        for name in sorted(names):
            path = here / name
            ending = path.suffix.removeprefix(".").lower()
            if not name.startswith(".") and ending in {"", *_ENDINGS} and path.is_file() and _is_inside(path, top):
                found.append(path.relative_to(top).as_posix())
        if len(found) >= _LISTED:
            break
    return sorted(found[:_LISTED])


def paths_in_folder(name: str) -> list[Path]:
    """The path of one of `files_in_folder`; of a model's folder, those of its files.

    Raises InvalidSetting: it is none of them.
    """
    top, offered = folder(), files_in_folder()
    if top is None or name not in offered:
        shown = name if len(name) <= _LONGEST_SHOWN else f"{name[:_LONGEST_SHOWN]}…"
        raise InvalidSetting(f"“{shown}” is not in the folder that this app may read: choose one of its files.")
    files = [other for other in offered if other.startswith(name) and not other.endswith("/")]
    return [top / file for file in (files if name.endswith("/") else [name])]


def _is_inside(path: Path, top: Path) -> bool:
    return path.resolve().is_relative_to(top.resolve())
