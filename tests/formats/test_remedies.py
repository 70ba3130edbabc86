"""Remedies: every one that a refusal names, followed literally, leads to vectors within two steps.

The refusals are those of the hostile files. Each remedy among them is in one of two lists: what a program can follow,
and what only a person can ("Get the file again"); one that is in neither fails.
"""

import bz2
import gzip
import io
import lzma
import re
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from embedlab.errors import SeveralFiles, VectorFileError
from embedlab.formats import Limits, read_vectors
from tests.hostile.case import TOO_LARGE, UNSAFE, WORDS, Case
from tests.hostile.test_hostile import CASES, ERRORS

Step = Callable[[bytes, dict[str, Any], VectorFileError], tuple[bytes, dict[str, Any]]]


def with_option(**more: Any) -> Step:
    return lambda data, options, error: (data, options | more)


def with_words(data: bytes, options: dict[str, Any], error: VectorFileError) -> tuple[bytes, dict[str, Any]]:
    """As many words as rows: the message says how many, or they are counted."""
    rows = re.search(r"([\d,]+) rows?|shape \((\d+),", str(error))
    lines = len([line for line in data.split(b"\n") if line.strip()])
    count = int((rows[1] or rows[2]).replace(",", "")) if rows else len(WORDS) if b"\0" in data else lines
    return data, options | {"words": [f"w{i}" for i in range(count)]}


def in_an_encoding(data: bytes, options: dict[str, Any], error: VectorFileError) -> tuple[bytes, dict[str, Any]]:
    """The first encoding that is named, or, where one was chosen that is wrong, the file's own."""
    offered = re.search(r"“?(utf-\S+?)”|as (\S+) \(", error.remedy)
    return data, options | {"encoding": (offered[1] or offered[2]) if offered else None}


def choose(data: bytes, options: dict[str, Any], error: VectorFileError) -> tuple[bytes, dict[str, Any]]:
    assert isinstance(error, SeveralFiles)
    return data, options | {"member": error.members[0]}


def unpack(data: bytes, options: dict[str, Any], error: VectorFileError) -> tuple[bytes, dict[str, Any]]:
    for unpacked in (gzip.decompress, bz2.decompress, lzma.decompress):
        try:
            return unpacked(data), options
        except (OSError, EOFError, lzma.LZMAError):
            continue
    if data[:4] == b"\x28\xb5\x2f\xfd":
        import pyarrow as pa

        return pa.CompressedInputStream(pa.BufferReader(data), "zstd").read(), options
    if tarfile.is_tarfile(io.BytesIO(data)):
        with tarfile.open(fileobj=io.BytesIO(data)) as tar:
            member = tar.extractfile(tar.getmembers()[0])
            assert member is not None
            return member.read(), options
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(archive.infolist()[0]), options


def correct_the_header(data: bytes, options: dict[str, Any], error: VectorFileError) -> tuple[bytes, dict[str, Any]]:
    said = re.search(r"Correct the header to “(.*?)”", error.remedy)
    assert said is not None
    return said[1].encode() + data[data.index(b"\n") :], options


def without_words(data: bytes, options: dict[str, Any], error: VectorFileError) -> tuple[bytes, dict[str, Any]]:
    return data, {name: value for name, value in options.items() if name != "words"}


def points(data: bytes, options: dict[str, Any], error: VectorFileError) -> tuple[bytes, dict[str, Any]]:
    return data.replace(b",", b"."), options


# What a program can follow, by what the remedy says.
FOLLOWED: list[tuple[str, Step]] = [
    ("read it anyway", with_option(anyway=True, strict=False)),
    ("encoding", in_an_encoding),
    ("^Give the words (with|beside) it", with_words),
    ("^Words and rows must be the same number", with_words),
    ("^Choose one (of them )?by its name", choose),
    ("^Unpack the outer one first", unpack),
    ("^Correct the header to", correct_the_header),
    ("^Load it without a list of words", without_words),
    ("^Replace them by points", points),
    ("^Mend or remove the (line|row)", with_option(strict=False)),
]
# What is left to a person: the file itself, or the program that wrote it, has to give something else.
BY_HAND = (
    "Get the file again", "Get it again", "Choose a file that holds vectors", "Unsafe format", "Readable are",
    "Mend the header", "Each line needs a word", "Download the file itself", "Save ", "Write ", "Pack it anew",
    "Put ", "Unpack it", "Export its", "Convert them", "Load its", "Versions ", "The ", "A vector file needs",
    "Vectors need", "Words need", "Such a file", "At most", "One row a line", "Reduce ", "word2vec binary starts",
    "Leave ", "Add ", "Turn ", "A table needs", "Separate ",
)  # fmt: skip


def refused() -> list[Case]:
    """The hostile files that are refused and small; bombs are left out."""
    kept = [case for case in CASES if case.outcome in ERRORS and case.outcome not in (UNSAFE, TOO_LARGE)]
    return [case for case in kept if isinstance(case.data, bytes)]


def error_of(data: bytes, name: str, options: dict[str, Any]) -> VectorFileError | None:
    try:
        read_vectors(io.BytesIO(data), name=name, **options)
    except VectorFileError as error:
        return error
    return None


@pytest.mark.parametrize("case", refused(), ids=lambda case: f"{case.group}-{case.name}")
def test_a_remedy_leads_out(case: Case) -> None:
    data, options = case.bytes, dict(case.options)
    error = error_of(data, case.name, options)
    assert error is not None
    for _ in range(2):
        step = next((step for said, step in FOLLOWED if re.search(said, error.remedy)), None)
        if step is None:
            assert error.remedy.startswith(BY_HAND), error.remedy
            return
        data, options = step(data, options, error)
        if (error := error_of(data, case.name, options)) is None:
            return
    pytest.fail(f"after two steps: {error}")


def test_all_kinds_of_remedies_are_met() -> None:
    """Each that a program can follow occurs among the hostile files, so that none is listed in vain."""
    remedies = [error.remedy for case in refused() if (error := error_of(case.bytes, case.name, dict(case.options)))]
    assert [said for said, _ in FOLLOWED if not any(re.search(said, remedy) for remedy in remedies)] == []


def test_too_many_rows_lead_to_a_limit() -> None:
    words = "".join(f"w{i} 1 2\n" for i in range(20)).encode()
    error = error_of(words, "v", {"limits": Limits(rows=10)})
    assert error is not None
    assert "Read only the first words" in error.remedy
    vectors, _ = read_vectors(io.BytesIO(words), name="v", limits=replace(Limits(rows=10), keep=10))
    assert len(vectors) == 10
