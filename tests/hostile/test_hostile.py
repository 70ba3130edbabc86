"""Broken and hostile vector files: none may be read wrongly without a word, hang, fill the memory or run code.

Each file is loaded in a guarded process within 5 s of its processor and 150 MB of growth, and must end as its case
says, in words that name the file, and never a path, a class or a line of Python.
"""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.hostile import (
    array_cases,
    binary_cases,
    container_cases,
    fasttext_cases,
    glove_cases,
    packed_cases,
    table_cases,
    text_cases,
    unsafe_cases,
    word_cases,
)
from tests.hostile.case import ASKED, REFUSED, REPORTED, SAME, TOO_LARGE, UNSAFE, Case
from tests.hostile.guard import Guard

MODULES = (
    text_cases, glove_cases, binary_cases, packed_cases, container_cases, array_cases, unsafe_cases, fasttext_cases,
    word_cases, table_cases,
)  # fmt: skip
CASES: list[Case] = [case for module in MODULES for case in module.CASES]
SECONDS, GROWTH = 5.0, 150 << 20
HANGS = 60.0  # seconds on the clock, for a machine that does other work, too
ERRORS = {REFUSED: "VectorFileError", UNSAFE: "UnsafeFormat", TOO_LARGE: "FileTooLarge", ASKED: "SeveralFiles"}
LEAKS = re.compile(r"Traceback|/tmp|/work|\.py\b|<class|0x[0-9a-f]{6}|Errno|errno|object at|\bnan\b|\bNone\b")


@pytest.fixture(scope="module")
def guard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guard]:
    guard = Guard(tmp_path_factory.mktemp("canary") / "ran", seconds=HANGS)
    yield guard
    guard.close()


def test_the_suite_holds_at_least_the_promised_files() -> None:
    count = Counter(case.group for case in CASES)
    promised = {
        "text": 80, "glove": 30, "binary": 45, "compression": 40, "npy": 35, "pt": 25, "pickles": 15, "fastText": 20,
        "words": 10, "containers": 60, "tables": 60,
    }  # fmt: skip
    assert {group: count[group] for group in promised if count[group] < promised[group]} == {}
    assert sum(count.values()) >= 300
    assert len({(case.group, case.name) for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.group}-{case.name}")
def test_file(case: Case, guard: Guard, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(case.bytes)
    result = guard.load(path, case.name, case.options)
    said = result.get("message") or " ".join(result.get("report", []))
    assert result["error" if case.outcome in ERRORS else "words"], said
    assert re.search(case.message, said), f"{said!r} does not say {case.message!r}"
    if case.outcome in ERRORS:
        check_error(case, result)
    else:
        check_vectors(case, result)
    assert result["seconds"] < SECONDS
    assert result["growth"] < GROWTH, f"{result['growth'] >> 20} MB"
    assert result["ran"] == []
    assert not guard.canary.exists()


def check_error(case: Case, result: dict[str, Any]) -> None:
    message = result["message"]
    assert result["error"] == ERRORS[case.outcome], message
    assert message.startswith(f"“{case.name}”"), message
    assert message.endswith((".", ")")), message
    assert len(message) < 500
    assert "\n" not in message
    assert not LEAKS.search(re.sub("“.*?”", "", message)), message  # what the file says stands in quotes


def check_vectors(case: Case, result: dict[str, Any]) -> None:
    assert tuple(result["words"]) == case.words
    assert [tuple(row) for row in result["rows"]] == [tuple(map(_float32, row)) for row in case.rows]
    if case.outcome == SAME:
        assert (result["dropped"], result["notes"], result["blank"]) == (0, [], 0)
    if case.outcome == REPORTED:
        assert result["dropped"] or result["notes"] or result["blank"]


def _float32(x: float) -> float:
    import numpy as np

    return float(np.float32(x))
