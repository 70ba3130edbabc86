"""The Embedding Projector's configuration: which list belongs to which tensor, and what shape that has.

Format: projector_config.json as https://projector.tensorflow.org publishes it, a list "embeddings" of objects with
tensorPath, tensorShape and metadataPath.
"""

import json
from typing import Any

from embedlab.formats.collector import Collector
from embedlab.formats.limits import MB, refusal, shown_name
from embedlab.formats.packed.archive import Archive, Member

_NAME = "projector_config.json"


def list_of(archive: Archive, tensor: Member) -> Member | None:
    """The list of words that a configuration names for a tensor; None where none does, or it is not there."""
    path = _entry(archive, tensor).get("metadataPath")
    return None if not isinstance(path, str) else _named(archive, path)


def check_shape(archive: Archive, tensor: Member, rows: Collector) -> None:
    """Refuses raw numbers that were divided into another shape than the configuration states."""
    shape = _entry(archive, tensor).get("tensorShape")
    found = [rows.rows_read, rows.dimensions]
    if isinstance(shape, list) and len(shape) == 2 and shape != found and not rows.stopped:
        raise refusal(
            tensor.name,
            f"{_NAME} says {_shown(shape)} numbers, and the words make {_shown(found)} of them",
            f"Give a list of words, one for each row, without a heading; or leave {_NAME} out.",
            asks="words",
        )


def _shown(shape: list[Any]) -> str:
    return " x ".join(f"{n:,}" if isinstance(n, int) else shown_name(str(n)) for n in shape)


def _entry(archive: Archive, tensor: Member) -> dict[str, Any]:
    """What a configuration says of a tensor; empty where there is none that can be read."""
    for member in archive.members:
        if member.name.rsplit("/", 1)[-1] != _NAME or member.kind != "json":
            continue
        try:
            entries = json.loads(archive.open(member).read(MB))["embeddings"]
            paths = [(entry, str(entry["tensorPath"])) for entry in entries]
        except (ValueError, LookupError, TypeError, RecursionError):
            continue
        for entry, path in paths:
            if _named(archive, path) is tensor:
                return dict(entry)
    return {}


def _named(archive: Archive, path: str) -> Member | None:
    """The file at the end of a path or address, if exactly one has that name."""
    base = path.rsplit("/", 1)[-1]
    found = [m for m in archive.members if m.name.rsplit("/", 1)[-1] == base]
    return found[0] if len(found) == 1 else None
