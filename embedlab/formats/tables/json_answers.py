"""Answers of services and databases as JSON: the records with vectors stand somewhere inside, and are found by them.

`{"result": {"points": [{"id": 1, "payload": {"word": "cat"}, "vector": [0.1, …]}, …]}, "status": "ok"}`
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from embedlab.formats.tables.values import listed, numbers_of

_DEEPEST = 6  # objects inside one another
_SAMPLE = 20  # records looked at
_NUMBERS = ("float", "int8", "uint8")  # keys under which a service puts a list for each type of number asked for


@dataclass(frozen=True)
class Inside:
    """Records inside an object, and the keys on the way that lead elsewhere."""

    records: Any
    left_out: tuple[str, ...]


def records_inside(value: Mapping[str, Any], *, deepest: int = _DEEPEST) -> Inside | None:
    """The one list or map of records with vectors below an object; None where it holds none, several, or is it."""
    if not deepest or _are_records(value):
        return None
    found: list[tuple[str, Inside]] = []
    for key, item in value.items():
        inside = None
        if _are_records(item):
            inside = Inside(item, ())
        elif isinstance(item, dict):
            inside = records_inside(item, deepest=deepest - 1)
        if inside:
            found.append((key, inside))
    if len(found) != 1:
        return None
    (taken, inside), *_ = found
    return Inside(inside.records, (*(key for key in value if key != taken), *inside.left_out))


def of_floats(value: Any) -> Any:
    """Lists of vectors under the type of their numbers, {"float": [[0.1, …], …]}, as the lists; else the value."""
    if isinstance(value, dict):
        for name in _NUMBERS:
            vectors = value.get(name)
            if isinstance(vectors, list) and vectors and isinstance(vectors[0], list):
                return vectors
    return value


def unpacked(record: dict[str, Any]) -> dict[str, Any]:
    """A record with a vector, with the entries of its inner objects beside its own; a vector in base64 as numbers."""
    if not any(isinstance(item, dict) for item in record.values()) and record.get("object") != "embedding":
        return record
    row: dict[str, Any] = {}
    for key, item in record.items():
        item = listed(item)
        if isinstance(item, dict):
            row |= {name if name not in record else f"{key}.{name}": inner for name, inner in item.items()}
        else:
            row[key] = item
    if record.get("object") == "embedding" and isinstance(row.get("embedding"), str):
        row["embedding"] = _float32(row["embedding"])
    return row if _holds_vector(row) else record


def _float32(text: str) -> Any:
    """The numbers of base64, little-endian; the text itself where it is none."""
    try:
        return np.frombuffer(base64.b64decode(text, validate=True), "<f4").tolist()
    except (binascii.Error, ValueError):
        return text


def _are_records(value: Any) -> bool:
    """Whether it is a list of objects with vectors, at most one object deep, or a map of words to such objects."""
    if isinstance(value, list):
        some = value[:_SAMPLE]
        return bool(some) and all(isinstance(item, dict) and _holds_vector(unpacked(item)) for item in some)
    if not isinstance(value, dict) or not value:
        return False
    return all(isinstance(item, dict) and _holds_vector(item) for item in islice(value.values(), _SAMPLE))


def _holds_vector(record: Mapping[str, Any]) -> bool:
    return any(isinstance(item, list) and len(item) > 1 and numbers_of(item) for item in record.values())
