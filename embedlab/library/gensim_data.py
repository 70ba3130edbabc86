"""gensim's folder of downloads: what gensim fetched opens here, and what is put there gensim finds.

    gensim-data/
    └── glove-wiki-gigaword-50/              to gensim, a set is complete as soon as its folder is there
        ├── glove-wiki-gigaword-50.gz
        └── __init__.py                      what `gensim.downloader.load(name)` runs

gensim fetches the second file from the net, too, and runs it. A set that this program puts there has one of its own
making: `load(name)` works and runs nothing that was downloaded. By it such a set is told from those of gensim.
"""

import os
import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from embedlab.locks import flush_folder

_MARK = "# Put here by embedlab"
_VECTORS = """
import os

from gensim.models import KeyedVectors


def load_data():
    path = os.path.join(os.path.dirname(__file__), {file!r})
    return KeyedVectors.load_word2vec_format(path, binary={binary})
"""
_TEXT = """
import os

from gensim.models.word2vec import Text8Corpus


def load_data():
    return Text8Corpus(os.path.join(os.path.dirname(__file__), {file!r}))
"""


def folder() -> Path:
    """gensim's folder: $GENSIM_DATA_DIR; without it gensim-data in $EMBEDLAB_HOME, or in the user's own folder.

    The middle one is for servers, whose downloads all lie in one place; gensim itself knows the other two.
    """
    if given := os.environ.get("GENSIM_DATA_DIR"):
        return Path(given)
    home = os.environ.get("EMBEDLAB_HOME")
    return (Path(home) if home else Path.home()) / "gensim-data"


@dataclass(frozen=True)
class GensimKeeper:
    """Keeps a finished download where gensim looks for it; a `download.Keeper`."""

    name: str  # of the set
    file: str
    text: bool = False  # rather than vectors
    binary: bool = False  # word2vec's binary format rather than its text

    @property
    def path(self) -> Path:
        """Of the file, whether it is there or not."""
        return folder() / self.name / self.file

    @property
    def ours(self) -> bool:
        """Whether this program put the set there."""
        try:
            with (self.path.parent / "__init__.py").open(encoding="utf-8", errors="replace") as file:
                return file.read(len(_MARK)) == _MARK
        except OSError:
            return False

    def put(self, data: Path) -> None:
        """Moves a finished file there; its folder appears at once and complete. Raises OSError: not possible."""
        set_ = self.path.parent
        set_.parent.mkdir(parents=True, exist_ok=True)
        for left in set_.parent.glob(f".{self.name}.part-*"):  # by one that was killed
            shutil.rmtree(left, ignore_errors=True)
        new = Path(tempfile.mkdtemp(dir=set_.parent, prefix=f".{self.name}.part-"))
        try:
            load = (_TEXT if self.text else _VECTORS).format(file=self.file, binary=self.binary)
            (new / "__init__.py").write_text(
                f"{_MARK}, so that gensim.downloader.load({self.name!r}) works.\n{load}", "utf-8"
            )
            shutil.copyfile(data, new / self.file) if _elsewhere(data, new) else os.replace(data, new / self.file)
            for file in new.iterdir():
                _flush(file)
            flush_folder(new)
            new.chmod(0o755)
            if set_.exists():  # a damaged file of gensim's, or an earlier one
                for file in (new / self.file, new / "__init__.py"):
                    os.replace(file, set_ / file.name)
            else:
                os.rename(new, set_)
            flush_folder(set_.parent)
            data.unlink(missing_ok=True)
        except BaseException:
            if not data.exists() and (new / self.file).exists():
                os.replace(new / self.file, data)
            raise
        finally:
            shutil.rmtree(new, ignore_errors=True)

    def drop(self) -> None:
        """Removes the set if this program put it there; files that somebody added stay."""
        if not self.ours:
            return
        set_ = self.path.parent
        self.path.unlink(missing_ok=True)
        shutil.rmtree(set_ / "__pycache__", ignore_errors=True)
        (set_ / "__init__.py").unlink(missing_ok=True)
        with suppress(OSError):
            set_.rmdir()


def _elsewhere(file: Path, folder: Path) -> bool:
    """Whether a folder is on another file system."""
    return file.stat().st_dev != folder.stat().st_dev


def _flush(file: Path) -> None:
    with file.open("rb+") as opened:
        os.fsync(opened.fileno())
