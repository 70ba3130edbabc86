"""Properties of all formats: round trips, every truncation, any changed byte.

A file is either refused with an error of ours, or gives sound vectors: finite numbers and distinct, non-empty words. In
formats with checksums, a changed file that still loads gives the very vectors that were written.
"""

import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from embedlab.errors import VectorFileError
from embedlab.formats import FORMATS, LoadReport, as_bytes, read_vectors, write_vectors
from embedlab.vectors.word_vectors import WordVectors
from tests.hostile import fasttext_cases

_RNG = np.random.default_rng(11)
SAMPLE = WordVectors(
    ["the", "of", "naïve", "日本", "New.York", "</s>", "x"],
    _RNG.normal(size=(7, 6)).astype(np.float32),
    source="sample",
)
FILES: dict[str, bytes] = {format: as_bytes(SAMPLE, format=format) for format in FORMATS}
FILES["gz"] = gzip.compress(FILES["glove"], mtime=0)
_ZIP = io.BytesIO()
with zipfile.ZipFile(_ZIP, "w", zipfile.ZIP_DEFLATED) as _archive:
    _archive.writestr(zipfile.ZipInfo("vectors.txt"), FILES["word2vec-text"])
FILES["zip"] = _ZIP.getvalue()
FILES["fasttext-bin"] = fasttext_cases.model(SAMPLE.words, SAMPLE.matrix, dim=6)
_NPY = io.BytesIO()
np.save(_NPY, SAMPLE.matrix)
FILES["npy"] = _NPY.getvalue()
CHECKSUMMED = {"npz", "gz", "zip", "projector-tsv"}
SHORT, LONG = 150, 10_000


def read(kind: str, data: bytes, *, strict: bool = False) -> tuple[WordVectors, LoadReport]:
    words = SAMPLE.words if kind == "npy" else None
    return read_vectors(io.BytesIO(data), name="sample", words=words, strict=strict)


def load(kind: str, data: bytes) -> WordVectors | None:
    """The vectors, or None where the file is refused; any other error comes through."""
    try:
        vectors, report = read(kind, data)
    except VectorFileError:
        return None
    assert np.isfinite(vectors.matrix).all()
    assert len(set(vectors.words)) == len(vectors.words) == report.rows > 0
    assert "" not in vectors.words
    assert all(isinstance(word, str) for word in vectors.words)
    return vectors


def same(a: WordVectors, b: WordVectors) -> bool:
    return a.words == b.words and a.matrix.tobytes() == b.matrix.tobytes()


@pytest.mark.parametrize("kind", FILES)
def test_whole_files_load(kind: str) -> None:
    vectors = load(kind, FILES[kind])
    assert vectors is not None
    assert same(vectors, SAMPLE)


@pytest.mark.parametrize("kind", FILES)
def test_every_truncation_is_refused_or_told(kind: str) -> None:
    """Read strictly, only text can be cut unnoticed: GloVe after a row, and any text inside its last number, which the
    report says. Else a last row that is missing or has lost numbers is told of as well."""
    data = FILES[kind]
    for length in range(len(data)):
        try:
            vectors, report = read(kind, data[:length])
        except VectorFileError:
            with pytest.raises(VectorFileError):
                read(kind, data[:length], strict=True)
            continue
        lost = data[length:].rstrip(b"\r\n")
        assert vectors.words == SAMPLE.words[: len(vectors)]
        assert len(vectors) >= len(SAMPLE) - 1 or kind == "glove"
        assert report.notes or lost == b"" or (kind == "glove" and data[:length].endswith(b"\n")), (
            f"{length} of {len(data)}"
        )
        try:
            vectors, report = read(kind, data[:length], strict=True)
        except VectorFileError:
            continue
        told = any("no line end" in note for note in report.notes)
        if kind == "glove":
            assert told or data[:length].endswith(b"\n")
        else:
            assert lost == b"" or (kind == "word2vec-text" and told and b" " not in lost), f"{length} of {len(data)}"


def mutations(examples: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    quiet = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.function_scoped_fixture]
    return settings(max_examples=examples, derandomize=True, suppress_health_check=quiet, database=None)


def check_mutation(kind: str, position: float, change: int) -> None:
    """Changes the byte at a position in [0, 1) by exclusive or."""
    data = FILES[kind]
    at = int(position * len(data))
    vectors = load(kind, data[:at] + bytes([data[at] ^ change]) + data[at + 1 :])
    if kind in CHECKSUMMED and vectors is not None:
        assert same(vectors, SAMPLE)


@pytest.mark.parametrize("kind", FILES)
@mutations(SHORT)
@given(st.floats(0, 1, exclude_max=True), st.integers(1, 255))
def test_one_changed_byte(kind: str, position: float, change: int) -> None:
    check_mutation(kind, position, change)


@pytest.mark.long
@pytest.mark.parametrize("kind", FILES)
def test_many_changed_bytes(kind: str) -> None:
    """10,000 files a format: hypothesis would spend its time on not repeating itself."""
    rng = np.random.default_rng(17)
    for position, change in zip(rng.random(LONG).tolist(), rng.integers(1, 256, LONG).tolist(), strict=True):
        check_mutation(kind, position, change)


NUMBERS = st.floats(width=32, allow_nan=False, allow_infinity=False)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
TOKENS = st.sampled_from(
    ["the", ". . .", "1", "0.5", "5 6", "#", '"', "a  b", "\ufeff", "=x", "é", "nan", "\u00a0", "\x85"]
)


@st.composite
def word_vectors(draw: st.DrawFn) -> WordVectors:
    words = draw(st.lists(TEXT | TOKENS, min_size=1, max_size=6, unique=True))
    matrix = draw(arrays(np.float32, (len(words), draw(st.integers(1, 5))), elements=NUMBERS))
    assume(matrix.any(axis=1).all())
    return WordVectors(words, matrix, source="drawn")


@pytest.mark.parametrize("format", FORMATS)
@settings(max_examples=120, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(word_vectors())
@example(WordVectors(["\ufeff", "\ufeffa"], np.ones((2, 1), np.float32), source="each block starts with a mark"))
@example(WordVectors(["a"], np.array([[0, 1]], np.float32), source="one row that looks like a header"))
def test_round_trip(format: str, vectors: WordVectors) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / ("v.zip" if format == "projector-tsv" else "v")
        try:
            write_vectors(vectors, path, format=format)
        except VectorFileError:
            return  # a word that the format cannot hold
        read, report = read_vectors(path, name="v")
    assert same(read, vectors), report.lines()
