"""Files that come with gensim: question sets and texts, found without loading gensim, which takes seconds."""

from importlib.util import find_spec
from pathlib import Path

from embedlab.errors import InvalidText


def gensim_file(name: str) -> Path:
    """Path of a file by its name.

    Raises InvalidText: gensim or the file is not there.
    """
    found = find_spec("gensim")
    path = Path(found.origin).parent / "test" / "test_data" / name if found and found.origin else None
    if path is None or not path.is_file():
        raise InvalidText(f"{name}, which comes with gensim, is missing: install gensim again.")
    return path
