"""Where the public reference data lie that several benchmarks read."""

import bz2
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from benchmarks.figures import Missing

SHARED = Path(os.environ.get("EMBEDLAB_SHARED", Path(__file__).parents[2] / "shared"))
WIKI = SHARED / "data/corpus/wiki6.bz2"  # words of only letters, with spaces between them


@contextmanager
def opened(text: Path) -> Iterator[IO[str]]:
    """A text file, packed by bzip2 or plain. Raises Missing: it is not there."""
    if not text.is_file():
        raise Missing(f"{text.name} is missing: give --text, or set EMBEDLAB_SHARED to the folder that holds data/")
    with bz2.open(text, "rt") if text.suffix == ".bz2" else text.open() as file:
        yield file
