"""makemore's list of 32,033 names, downloaded when asked for, and checked against its known sha256.

The names are those given to babies in the United States in 2018 (ssa.gov, public domain), as collected in
github.com/karpathy/makemore.
"""

import hashlib
from pathlib import Path

from embedlab.errors import DownloadError
from embedlab.lessons.letters.names import NameList
from embedlab.library.catalogue import downloads_folder
from embedlab.library.download import download
from embedlab.library.http import TIMEOUT, Wanted

WANTED = Wanted(
    url="https://raw.githubusercontent.com/karpathy/makemore/master/names.txt",
    file="makemore-names.txt",
    bytes=228_145,
    md5="401b3c4cac9e28a586ed15e81256680d",
)
SHA256 = "0a30b5557f192f32ab962680889aac5f6fda0f4cecf40a6d0b5694f58ea8cc4d"


def makemore_names(*, wanted: Wanted = WANTED, folder: Path | None = None, timeout: float = TIMEOUT) -> NameList:
    """The list as the lecture reads it: every line, repeated names too, in its order.

    Args:
        wanted: what to fetch when it is not kept yet.
        folder: where it is kept; with the other downloads where None.
        timeout: seconds without a byte after which the connection counts as dead.

    Raises DownloadError: no connection, too slow, or something else arrived.
    """
    folder = folder or downloads_folder()
    for _ in download(wanted, folder, timeout=timeout):
        pass
    content = (folder / wanted.file).read_bytes()
    if hashlib.sha256(content).hexdigest() != SHA256:  # its MD5 could be forged
        (folder / wanted.file).unlink(missing_ok=True)
        raise DownloadError("The names that arrived are not makemore’s: they were thrown away. The bundled names work.")
    return NameList(tuple(content.decode("ascii").split()), "makemore’s names")
