"""Maps that are ready to be sent to browsers, and the layout of sets that have none yet."""

import weakref
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from embedlab.atlas import kept_maps, layout
from embedlab.atlas.layout import LayoutProgress
from embedlab.atlas.word_map import WordMap, to_bytes
from embedlab.ui import jobs
from embedlab.ui.pool import Job
from embedlab.vectors.word_vectors import WordVectors

AT_ONCE = 3_000  # words that are laid out without being asked for, in some seconds


@dataclass(frozen=True, eq=False)
class Ready:
    """A map, and what is worked out of it once for all visitors."""

    word_map: WordMap

    @cached_property
    def ends(self) -> tuple[float, float]:
        """Of the scale of shares kept: between them are all but the most extreme."""
        low, high = np.quantile(self.word_map.kept, [0.03, 0.97]).tolist()
        return low, high

    @cached_property
    def data(self) -> bytes:
        """For the browser."""
        return to_bytes(self.word_map)


# Of each set its maps: by "" its own, by the fingerprint of another map the one that began with that.
_READY: "weakref.WeakKeyDictionary[WordVectors, dict[str, Ready]]" = weakref.WeakKeyDictionary()


def ready(vectors: WordVectors, start: WordMap | None = None) -> Ready | None:
    """The map of these vectors, if it was ever made; kept as long as the vectors are.

    Args:
        start: the map that it began with.
    """
    if found := _READY.get(vectors, {}).get(_name(start)):
        return found
    word_map = kept_maps.find_map(vectors, start)
    return None if word_map is None else keep(vectors, word_map, start)


def keep(vectors: WordVectors, word_map: WordMap, start: WordMap | None = None) -> Ready:
    """A map that was just made or read; of two visitors who do so at once, the first one's."""
    return _READY.setdefault(vectors, {}).setdefault(_name(start), Ready(word_map))


def begun(vectors: WordVectors, start: WordMap | None = None) -> Job[LayoutProgress | WordMap | None] | None:
    """The layout of these vectors, if it was begun."""
    return jobs.find(_key(vectors, start))


def begin(vectors: WordVectors, start: WordMap | None = None) -> Job[LayoutProgress | WordMap | None]:
    """Lays these vectors out in a worker process, or joins who does."""
    return jobs.submit(
        _key(vectors, start),
        lambda: kept_maps.lay_out_elsewhere(vectors, jobs.compute, start=start),
        total=layout.STEPS,
    )


def _name(start: WordMap | None) -> str:
    return "" if start is None else start.fingerprint


def _key(vectors: WordVectors, start: WordMap | None) -> str:
    return f"atlas {kept_maps.key_of(vectors, start)}"
