"""Shards: a language model saved in several safetensors files, and an index that says which holds what."""

import json
from collections.abc import Callable, Mapping

from embedlab.errors import SeveralFiles
from embedlab.formats.binary.tensors import (
    DAMAGES,
    LONGEST_HEADER,
    MOST_ITEMS,
    input_embeddings,
    listed_names,
    read_header,
    several_matrices,
)  # fmt: skip
from embedlab.formats.limits import refusal, shown_name
from embedlab.formats.packed.source import Source
from embedlab.formats.word_lists import is_short_json

_MODEL = "the model"


def choose_shard(
    files: Mapping[str, Callable[[], Source]], *, index: bytes | None = None, member: str | None = None
) -> tuple[str, str | None]:
    """Which of a model's files holds its input embeddings, or the tensor called `member`; and that member.

    Args:
        files: by name, functions that open each safetensors file anew; only headers are read.
        index: what is in model.safetensors.index.json, which names the file of each tensor.

    Raises:
        SeveralFiles: none or several tensors are called as input embeddings are, and `member` is none of the tensors;
            or the tensor is in several files.
        VectorFileError: the file that holds it is not there; names it.
    """
    if len(files) == 1 and index is None:
        return next(iter(files)), member
    places: dict[str, list[str]] = {}  # files of each matrix
    for file, opened in files.items():
        for name, tensor in read_header(opened())[0].items():
            if len(tensor.shape) == 2:
                places.setdefault(name, []).append(file)
    listed = {} if index is None else _read_index(index)
    everywhere = {*places, *listed}
    if member is not None:
        name = member
    elif picked := input_embeddings(everywhere):
        name = picked[0]
    elif len(places) == 1:
        name = next(iter(places))
    else:
        raise several_matrices(_MODEL, places, "")
    if len(there := places.get(name, [])) == 1:
        return there[0], member
    if there:
        error = refusal(
            _MODEL,
            f"{shown_name(name)} is in several files: {listed_names(shown_name(file) for file in there[:10])}",
            "Choose one of them by its name.",
            kind=SeveralFiles,
        )
        assert isinstance(error, SeveralFiles)
        error.members, error.noun = tuple(there), "file of the model"
        raise error
    if name in listed and listed[name] not in {file.rsplit("/", 1)[-1] for file in files}:
        missing = shown_name(listed[name])
        raise refusal(_MODEL, f"{shown_name(name)} is in {missing}, which is not there", f"Add {missing} to the files.")
    raise several_matrices(_MODEL, places, f"no matrix “{shown_name(name)}”")


def _read_index(index: bytes) -> dict[str, str]:
    """The file of each tensor, as model.safetensors.index.json names them."""
    try:
        if len(index) > LONGEST_HEADER or not is_short_json(index, MOST_ITEMS):
            raise ValueError("too long")
        files = json.loads(index)["weight_map"]
        if not all(isinstance(file, str) for file in files.values()):
            raise TypeError("a file name")
    except DAMAGES:
        raise refusal(
            "model.safetensors.index.json", "this is no index of a model's files", "Leave it out, or get it again."
        ) from None
    return dict(files)
