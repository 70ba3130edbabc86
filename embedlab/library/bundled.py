"""The files under data/, each checked against the registry before its first use.

`data/registry.json` says for each file where it comes from, under which licence, and its sha256.
"""

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from embedlab.arrays import Floats, Ids, frozen, unit_rows
from embedlab.errors import EmbedlabError
from embedlab.places import ROOT
from embedlab.vectors.word_vectors import WordVectors

DATA = ROOT / "data"
PREDICTED, COUNTED = "Wikipedia, predicted", "Wikipedia, counted"  # the two sets of vectors, named for the screen
# What the command line calls them, and addresses did before they had these names.
WORDS = MappingProxyType({"bundled": PREDICTED, "counted": COUNTED})


class Movie(NamedTuple):
    """Vectors of chosen words at S snapshots of the bundled vectors' training."""

    words: tuple[str, ...]
    groups: tuple[str, ...]  # what kind of word each is, aligned with words
    words_seen: Ids  # (S,): how much text was read, repeated passes counted again
    vectors: Floats  # (S, W, D) float32 rows of length 1, read-only


@cache
def registry() -> Mapping[str, Mapping[str, Any]]:
    """What is known of each file: sha256, bytes, origin, licence, about."""
    return MappingProxyType(json.loads((DATA / "registry.json").read_text("utf-8")))


def is_here(file: str) -> bool:
    """Whether a file is in the registry and in its place; what was computed beforehand may be missing."""
    return file in registry() and (DATA / file).is_file()


@cache
def path(file: str) -> Path:
    """A bundled file's path, its bytes compared with the registry once a process.

    Raises EmbedlabError: the file is not in the registry, is missing, or is not what the registry says.
    """
    if file not in registry():
        raise EmbedlabError(f"{file} is not a bundled file: choose one of {', '.join(registry())}.")
    found = DATA / file
    if not found.is_file():
        raise EmbedlabError(f"The bundled file data/{file} is missing: get the project again.")
    with found.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    if digest != registry()[file]["sha256"]:
        raise EmbedlabError(f"The bundled file data/{file} was changed or cut off: get the project again.")
    return found


def bundled_vectors() -> WordVectors:
    """50,000 English words trained on Wikipedia (data/README.md has recipe and scores), rows of length 1."""
    return _shipped("vectors", PREDICTED)


def counted_vectors() -> WordVectors:
    """The 20,000 most frequent of the same words, counted in the same text instead of predicted, rows of length 1."""
    return _shipped("counted", COUNTED)


def _shipped(folder: str, source: str) -> WordVectors:
    words = path(f"{folder}/words.txt").read_text("utf-8").split("\n")
    matrix = np.load(path(f"{folder}/matrix.npy"), allow_pickle=False).astype(np.float32)  # (V, D)
    # float16 rounds each length by up to 1 in 2,000; made exact here, the rows serve as their own unit vectors.
    return WordVectors(words, frozen(unit_rows(matrix)), source=source)


def counts() -> Ids:
    """(V,) int64 occurrences of each bundled word in the training text."""
    return np.asarray(np.load(path("vectors/counts.npy"), allow_pickle=False), dtype=np.int64)


def card(folder: str = "vectors") -> Mapping[str, Any]:
    """Recipe, seed, texts, licence and scores of the bundled vectors, or of those in another folder ("counted")."""
    return MappingProxyType(json.loads(path(f"{folder}/card.json").read_text("utf-8")))


def movie() -> Movie:
    """The recorded training run of the bundled vectors."""
    with np.load(path("vectors/movie.npz"), allow_pickle=False) as file:
        vectors = frozen(unit_rows(file["vectors"].astype(np.float32)))  # (S, W, D), int8 codes in the file
        return Movie(tuple(file["words"].tolist()), tuple(file["groups"].tolist()), frozen(file["words_seen"]), vectors)
