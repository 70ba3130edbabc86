"""makemore's list of 32,033 names, downloaded when asked for, checked against its known sha256, and kept.

The names are those given to babies in the United States in 2018 (ssa.gov, public domain), as collected in
github.com/karpathy/makemore.
"""

import hashlib
import os
import tempfile
import threading
from pathlib import Path

from embedlab import fetch
from embedlab.names import NameList

URL = "https://raw.githubusercontent.com/karpathy/makemore/master/names.txt"
SHA256 = "0a30b5557f192f32ab962680889aac5f6fda0f4cecf40a6d0b5694f58ea8cc4d"
BYTES = 228_145
_one_at_a_time = threading.Lock()  # a second visitor waits for the first one's download


def makemore_names(*, url: str = URL, folder: Path | None = None, seconds: float = fetch.SECONDS) -> NameList:
    """The list as the lecture reads it: every line, repeated names too, in its order.

    Args:
        url: where to fetch it when it is not kept yet.
        folder: where it is kept; `$EMBEDLAB_CACHE` or ~/.cache/embedlab where None.
        seconds: how long the download may take.

    Raises:
        DownloadError: no connection, too slow, or something else arrived. What was kept before stays.
    """
    kept = (folder or _cache_folder()) / "makemore-names.txt"
    with _one_at_a_time:
        content = _read(kept)
        if content is None:
            content = fetch.fetch(
                url,
                sha256=SHA256,
                size=BYTES,
                what="makemore’s names",
                instead="The bundled names and your own list work without them.",
                seconds=seconds,
            )
            _keep(content, kept)
    return NameList(tuple(content.decode("ascii").split()), "makemore’s names")


def _cache_folder() -> Path:
    return Path(os.environ.get("EMBEDLAB_CACHE") or Path.home() / ".cache" / "embedlab")


def _read(file: Path) -> bytes | None:
    """The file's content where it is whole; None sends for it again."""
    try:
        content = file.read_bytes() if file.stat().st_size == BYTES else b""
    except OSError:
        return None
    return content if hashlib.sha256(content).hexdigest() == SHA256 else None


def _keep(content: bytes, file: Path) -> None:
    """Writes all of it or nothing; where nothing can be written, it is fetched again next time."""
    part = None
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=file.parent, prefix=f".{file.name}.", delete=False) as stream:
            part = Path(stream.name)
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(file)
    except OSError:
        if part is not None:
            part.unlink(missing_ok=True)
