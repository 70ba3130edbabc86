"""Files of maps: .npz without pickle, read back with checks.

positions        (V, 2) int16, 32,767 for 1
districts        (V,) uint8
kept_counts      (V,) uint8
kept             (V,) uint8, 255 for 1
levels           (V + K,) uint8
district_places  (K, 2) float32
about            JSON in UTF-8, as uint8: version, key, names of districts, method, source, seed, ...
words            JSON in UTF-8, as uint8; missing in files beside which the words lie anyway
"""

import ast
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from embedlab.arrays import Array, frozen
from embedlab.atlas.word_map import NEAREST, WordMap, from_whole, whole
from embedlab.errors import VectorFileError

MOST_WORDS = 10_000_000
_VERSION = 2
# What reading bytes that are no map can raise: in zipfile, zlib, struct, ast, json, and in the checks here.
_BROKEN = (
    OSError, EOFError, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError, SyntaxError,
    OverflowError, MemoryError, RuntimeError, struct.error, zipfile.BadZipFile, zlib.error,
)  # fmt: skip
_MOST_TEXT = 1 << 30  # bytes of the words
_DTYPES = {
    "positions": "<i2", "districts": "|u1", "kept_counts": "|u1", "kept": "|u1", "levels": "|u1",
    "district_places": "<f4", "about": "|u1", "words": "|u1",
}  # fmt: skip
_FACTS: Mapping[str, type] = {
    "key": str, "method": str, "source": str, "started_from": str, "seed": int, "laid_out": int, "district_names": list
}  # fmt: skip


@dataclass(frozen=True)
class MapFile:
    """What a file holds."""

    word_map: WordMap
    key: str  # what the map was made of, such as a checksum of the vectors


def map_bytes(word_map: WordMap, *, key: str = "", with_words: bool = True) -> bytes:
    """A map as the bytes of a file; same map, same bytes."""
    about = {"version": _VERSION, "key": key} | {name: getattr(word_map, name) for name in _FACTS if name != "key"}
    parts: dict[str, Any] = {
        "positions": whole(word_map.positions).astype("<i2"),
        "districts": word_map.districts,
        "kept_counts": word_map.kept_counts,
        "kept": np.rint(word_map.kept * 255).astype(np.uint8),
        "levels": word_map.levels,
        "district_places": word_map.district_places.astype("<f4"),
        "about": _text(about),
    }
    stream = io.BytesIO()
    np.savez_compressed(stream, **parts | ({"words": _text(word_map.words)} if with_words else {}))
    return stream.getvalue()


def read_map(path: Path, words: Sequence[str] | None = None) -> MapFile:
    """Reads a file that `map_bytes` made.

    Args:
        words: the map's, for a file that does not hold them.

    Raises VectorFileError: no map, a damaged one, or one of other words.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            sizes = {info.filename.removesuffix(".npy"): info.file_size for info in archive.infolist()}
            if not set(_DTYPES) - {"words"} <= set(sizes) <= set(_DTYPES) or len(sizes) != len(archive.infolist()):
                raise ValueError("it holds other arrays than a map has")
            if max(sizes.values()) > _MOST_TEXT or sizes["positions"] > 4 * MOST_WORDS + 1_000:
                raise ValueError("it is larger than any map")
            parts = {name: _array(archive.read(f"{name}.npy"), _DTYPES[name]) for name in sizes}
        return _map(parts, words)
    except _BROKEN as error:
        why = str(error) if type(error) is ValueError and len(str(error)) < 80 else type(error).__name__
        raise VectorFileError(
            f"{path.name} is no map of embedlab, or a damaged one ({why}): lay the vectors out again, with `lay-out`."
        ) from None


def _map(parts: Mapping[str, Array], given: Sequence[str] | None) -> MapFile:
    about = json.loads(parts["about"].tobytes())
    if about.get("version") != _VERSION:
        raise ValueError(f"it has version {about.get('version')!r}, and {_VERSION} is read")
    if any(type(about.get(name)) is not kind for name, kind in _FACTS.items()):
        raise ValueError("its description is incomplete")
    words = tuple(json.loads(parts["words"].tobytes())) if "words" in parts else tuple(given or ())
    names, count = about["district_names"], len(words)
    whole_positions, places = parts["positions"], parts["district_places"]
    shapes: dict[str, tuple[int, ...]] = {"positions": (count, 2), "levels": (count + len(names),)}
    shapes |= dict.fromkeys(("districts", "kept_counts", "kept"), (count,))
    if any(parts[name].shape != shape for name, shape in shapes.items()):
        raise ValueError(f"its arrays do not fit {count:,} words")
    if not all(type(word) is str and word for word in (*words, *names)) or len(set(words)) < count:
        raise ValueError("its words are not distinct, or no words")
    if not 2 <= about["laid_out"] <= count or about["seed"] < 0:
        raise ValueError("its description does not fit its words")
    if places.shape != (len(names), 2) or not np.isfinite(places).all() or int(parts["districts"].max()) >= len(names):
        raise ValueError("its districts do not fit its words")
    if int(parts["kept_counts"].max()) > min(NEAREST, about["laid_out"] - 1) or whole_positions.min() < -32_767:
        raise ValueError("its numbers are outside their range")
    facts = {name: about[name] for name in _FACTS if name != "key"} | {"district_names": tuple(names)}
    return MapFile(
        WordMap(
            words=words,
            positions=from_whole(whole_positions.astype(np.int16)),
            districts=frozen(parts["districts"].copy()),
            district_places=frozen(places.astype(np.float32)),
            kept_counts=frozen(parts["kept_counts"].copy()),
            kept=frozen(parts["kept"].astype(np.float32) / np.float32(255)),
            levels=frozen(parts["levels"].copy()),
            **facts,
        ),
        about["key"],
    )


def _array(data: bytes, dtype: str) -> Array:
    """A .npy array of a known type; its header is read here, so that it cannot ask for more than is there."""
    if data[:6] != b"\x93NUMPY" or data[6] != 1:
        raise ValueError("an array has an unknown header")
    (length,) = struct.unpack("<H", data[8:10])
    if length > 1_000:
        raise ValueError("an array has an unknown header")
    header: dict[str, Any] = ast.literal_eval(data[10 : 10 + length].decode("latin-1").strip())
    if header["descr"] != dtype or header["fortran_order"] is not False:
        raise ValueError("an array has another type than a map's")
    return np.frombuffer(data, dtype, offset=10 + length).reshape(header["shape"])


def _text(value: Any) -> Array:
    return np.frombuffer(json.dumps(value, separators=(",", ":")).encode(), np.uint8)
