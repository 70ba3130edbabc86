"""Maps that are ready to be sent to browsers, and the layout of sets that have none yet."""

import threading
import weakref
from typing import NamedTuple

from embedlab.atlas import kept_maps, layout
from embedlab.atlas.layout import LayoutProgress
from embedlab.atlas.word_map import WordMap
from embedlab.ui import jobs
from embedlab.ui.atlas import canvas
from embedlab.ui.pool import Job
from embedlab.vectors.word_vectors import WordVectors

AT_ONCE = 3_000  # words that are laid out without being asked for, in some seconds


class Ready(NamedTuple):
    """A map, and its bytes for a browser."""

    word_map: WordMap
    data: bytes


_READY: "weakref.WeakKeyDictionary[WordVectors, Ready]" = weakref.WeakKeyDictionary()
_LOCK = threading.Lock()


def ready(vectors: WordVectors) -> Ready | None:
    """The map of these vectors, if it was ever made; kept as long as the vectors are."""
    with _LOCK:
        if (found := _READY.get(vectors)) is None and (word_map := kept_maps.find_map(vectors)) is not None:
            found = _READY[vectors] = Ready(word_map, canvas.map_bytes(word_map))
        return found


def keep(vectors: WordVectors, word_map: WordMap) -> Ready:
    """A map that was just made."""
    with _LOCK:
        return _READY.setdefault(vectors, Ready(word_map, canvas.map_bytes(word_map)))


def begun(vectors: WordVectors) -> Job[LayoutProgress | WordMap | None] | None:
    """The layout of these vectors, if it was begun."""
    return jobs.find(_key(vectors))


def begin(vectors: WordVectors) -> Job[LayoutProgress | WordMap | None]:
    """Lays these vectors out in a worker process, or joins who does."""
    return jobs.submit(_key(vectors), lambda: kept_maps.lay_out_elsewhere(vectors, jobs.compute), total=layout.STEPS)


def _key(vectors: WordVectors) -> str:
    return f"atlas {kept_maps.checksum(vectors)}"
