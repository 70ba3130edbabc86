"""Maps that are kept: those that come with the app, and those of loaded sets, for the next visit."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, Literal

from embedlab.atlas.layout import LayoutProgress, lay_out
from embedlab.atlas.word_map import WordMap
from embedlab.library import bundled
from embedlab.vectors.word_vectors import WordVectors


@cache
def bundled_map(name: Literal["predicted", "counted"]) -> WordMap:
    """The map of one of the two sets that come with the app."""
    vectors = bundled.bundled_vectors() if name == "predicted" else bundled.counted_vectors()
    *_, found = lay_out(vectors)
    assert isinstance(found, WordMap)
    return found


def checksum(vectors: WordVectors) -> str:
    """Names words and numbers; computed once a set. The key of a job that lays it out."""
    return vectors.once(_checksum)


def _checksum(vectors: WordVectors) -> str:
    return str(hash(vectors.words))


def find_map(vectors: WordVectors) -> WordMap | None:
    """The map of these vectors where there is one already: one that comes with the app, or was kept."""
    names = {bundled.PREDICTED: "predicted", bundled.COUNTED: "counted"}
    return bundled_map(names[vectors.source]) if vectors.source in names else None  # type: ignore[arg-type]


def lay_out_elsewhere(
    vectors: WordVectors, compute: Callable[..., Iterator[Any]], *, seed: int = 0, start: WordMap | None = None
) -> Iterator[LayoutProgress | WordMap | None]:
    """`lay_out` in a worker process; keeps the map for the next visit.

    Args:
        compute: runs a task in a worker, such as `jobs.compute`: takes its name and arguments.
    """
    yield from lay_out(vectors, seed=seed, start=start)
