"""A vector file of one's own: how it is to be read, and the one that the app was started with (`embedlab app FILE`).

The command hands that file to the server, for all its visitors, in two environment variables.
"""

import json
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from embedlab.formats import LoadReport, read_vectors
from embedlab.formats.limits import Limits
from embedlab.library import memory
from embedlab.vectors.word_vectors import WordVectors

_FILE, _READING = "EMBEDLAB_FILE", "EMBEDLAB_READING"


@dataclass(frozen=True)
class Reading:
    """How a vector file is read."""

    encoding: str | None = None  # as `read_vectors`
    member: str | None = None
    words: str | None = None  # path of the words of a file of numbers, one a line
    keep: int | None = None  # how many words, the first ones, are kept; None: all

    def limited(self, limits: Limits) -> Limits:
        """These limits, and the one on the words to keep."""
        return replace(limits, keep=self.keep)

    def read(self, file: Path, *, name: str, limits: Limits | None = None) -> tuple[WordVectors, LoadReport]:
        """What `read_vectors` makes of a file, within this machine's memory where no limits are given."""
        limits = self.limited(memory.limits() if limits is None else limits)
        words = None if self.words is None else Path(self.words)
        return read_vectors(file, name=name, limits=limits, member=self.member, encoding=self.encoding, words=words)


def give(file: Path, reading: Reading) -> None:
    """Makes this process, and those that it starts, an app for this file."""
    os.environ[_FILE] = str(file.resolve())
    absolute = reading.words and str(Path(reading.words).resolve())
    os.environ[_READING] = json.dumps(asdict(replace(reading, words=absolute)))


def given() -> tuple[Path, Reading] | None:
    """The file that the app was started with, if it was, and how to read it."""
    if (path := os.environ.get(_FILE)) is None:
        return None
    return Path(path), Reading(**json.loads(os.environ.get(_READING, "{}")))
