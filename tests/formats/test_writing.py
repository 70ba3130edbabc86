"""Writing and converting vector files, and tables as CSV."""

import errno
import os
import tempfile
from pathlib import Path

import numpy as np
import pytest
from gensim.models import KeyedVectors
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from embedlab.errors import InvalidSetting, VectorFileError
from embedlab.formats import FORMATS, as_bytes, convert, read_vectors, write_vectors
from embedlab.formats.writing import export_notes
from embedlab.ui.spreadsheets import to_csv
from embedlab.vectors.subwords import Subwords
from embedlab.vectors.word_vectors import WordVectors

GLOVE = b"the 0.5 -0.25 1\nof 0.125 3 -1.5\nand -2 0.5 0.25\n"


@pytest.mark.parametrize("format", FORMATS)
def test_round_trip(format: str, tiny_vectors: WordVectors, tmp_path: Path) -> None:
    path = tmp_path / ("out.zip" if format == "projector-tsv" else "out")
    write_vectors(tiny_vectors, path, format=format)
    vectors, _ = read_vectors(path, name="out")
    assert vectors.words == tiny_vectors.words
    assert vectors.matrix.tobytes() == tiny_vectors.matrix.tobytes()
    assert as_bytes(tiny_vectors, format=format)


def test_projector_files_lie_side_by_side(tiny_vectors: WordVectors, tmp_path: Path) -> None:
    write_vectors(tiny_vectors, tmp_path / "v.tsv", format="projector-tsv")
    assert (tmp_path / "v.tsv").read_text().splitlines()[0] == "1\t-1"
    assert (tmp_path / "v.metadata.tsv").read_text().splitlines() == list(tiny_vectors.words)
    vectors, _ = read_vectors(tmp_path / "v.tsv", name="v.tsv", words=tmp_path / "v.metadata.tsv")
    assert vectors.words == tiny_vectors.words


@pytest.mark.parametrize("failing", [1, 2, 3, 4])
def test_projector_files_are_replaced_both_or_neither(
    failing: int, tiny_vectors: WordVectors, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_vectors(WordVectors(["old", "other"], np.eye(2), source="t"), tmp_path / "v.tsv", format="projector-tsv")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    replace, moves = os.replace, iter(range(1, 99))

    def fail_once(source: str, target: str) -> None:
        if next(moves) == failing:
            raise OSError(errno.EIO, "input/output error")
        replace(source, target)

    monkeypatch.setattr(os, "replace", fail_once)
    with pytest.raises(VectorFileError, match="cannot be written"):
        write_vectors(tiny_vectors, tmp_path / "v.tsv", format="projector-tsv")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    write_vectors(tiny_vectors, tmp_path / "v.tsv", format="projector-tsv")
    assert len(list(tmp_path.iterdir())) == 2
    assert (tmp_path / "v.metadata.tsv").read_text().splitlines() == list(tiny_vectors.words)


@pytest.mark.parametrize(
    ("format", "word", "cause"),
    [
        ("glove", "a\nb", "line end"),
        ("glove", " a", "blank"),
        ("word2vec-text", "a 1", "number after a blank"),
        ("word2vec-text", "a\tb", "tab"),
        ("word2vec-text", "\ud800", "Unicode"),
        ("word2vec-binary", "New York", "space"),
        ("word2vec-binary", "a\x01", "control"),
        ("projector-tsv", "a\tb", "tab"),
    ],
)
def test_a_word_that_a_format_cannot_hold_is_refused(format: str, word: str, cause: str, tmp_path: Path) -> None:
    path = tmp_path / "out"
    path.write_text("before")
    with pytest.raises(VectorFileError, match=rf"{cause}.*npz"):
        write_vectors(WordVectors(["the", word], np.eye(2), source="t"), path, format=format)
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_glove_refuses_words_that_would_look_like_a_header(tmp_path: Path) -> None:
    vectors = WordVectors(["5"], np.array([[7]]), source="t")
    with pytest.raises(VectorFileError, match="word2vec text"):
        write_vectors(vectors, tmp_path / "out", format="glove")


def test_unknown_formats_and_full_disks_are_named(tiny_vectors: WordVectors, tmp_path: Path) -> None:
    with pytest.raises(InvalidSetting, match=r"must be one of word2vec-text, .*; “hdf5” is not"):
        write_vectors(tiny_vectors, tmp_path / "out", format="hdf5")
    with pytest.raises(VectorFileError, match=r"“out” cannot be written .* Make the folder “missing” first"):
        write_vectors(tiny_vectors, tmp_path / "missing" / "out", format="npz")


@pytest.mark.parametrize(
    "name", ["out.vec", "out.txt", "out.bin", "out.npz", "out.safetensors", "out.vec.gz", "out.zip"]
)
def test_convert_goes_by_the_ending(name: str, tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.write_bytes(GLOVE)
    report = convert(source, tmp_path / name)
    assert report.rows == 3
    assert read_vectors(tmp_path / name, name=name)[0].words == ("the", "of", "and")


def test_convert_wants_a_known_ending_or_a_format(tmp_path: Path) -> None:
    (tmp_path / "in").write_bytes(GLOVE)
    with pytest.raises(InvalidSetting, match=r"use one of \.vec"):
        convert(tmp_path / "in", tmp_path / "out.xyz")
    convert(tmp_path / "in", tmp_path / "out.xyz", format="word2vec-text")
    assert (tmp_path / "out.xyz").read_bytes().startswith(b"3 3\nthe 0.5 -0.25 1\n")


def test_convert_keeps_the_target_when_the_source_is_bad(tmp_path: Path) -> None:
    (tmp_path / "in").write_bytes(GLOVE + b"bad 1\nworse\n")
    (tmp_path / "out.vec").write_text("before")
    with pytest.raises(VectorFileError, match="line 4"):
        convert(tmp_path / "in", tmp_path / "out.vec")
    assert (tmp_path / "out.vec").read_text() == "before"


def test_npz_holds_any_word(tmp_path: Path) -> None:
    words = ["a\0", "b\nc", " d", "e" * 3000, "f 1", "é"]
    write_vectors(WordVectors(words, np.eye(6), source="t"), tmp_path / "out.npz", format="npz")
    assert read_vectors(tmp_path / "out.npz", name="out")[0].words == tuple(words)


def test_tables_never_become_formulas() -> None:
    rows = [["=1+1", -0.5], ["+a", 1], ["-b", 2], ["@c", 3], [" =d", 4], ["\te", 5], ['f,"g"', 6], ["<b>", 7]]
    assert to_csv(["word", "x"], rows).splitlines() == [
        "word,x", "'=1+1,-0.5", "'+a,1", "'-b,2", "'@c,3", "' =d,4", "'\te,5", '"f,""g""",6', "<b>,7",
    ]  # fmt: skip


PHRASES = WordVectors(["hello", "my name", "is here", "a\u00a0b", "x y", "p q"], np.eye(6), source="t")


@pytest.mark.parametrize("format", ["word2vec-text", "glove"])
def test_words_with_spaces_are_written_with_a_warning_as_gensim_cannot_read_them(format: str, tmp_path: Path) -> None:
    path, header = tmp_path / "out.txt", format == "word2vec-text"
    with pytest.warns(UserWarning, match=r"4 words with a space \(“my name”, “is here”, “x y”, …\): gensim will not"):
        write_vectors(PHRASES, path, format=format)
    assert read_vectors(path, name="out")[0].words == PHRASES.words
    with pytest.raises(ValueError, match="could not convert"):
        KeyedVectors.load_word2vec_format(str(path), no_header=not header)


@pytest.mark.parametrize("format", ["npz", "safetensors"])
@pytest.mark.filterwarnings("error")
def test_formats_that_hold_any_word_do_not_warn(format: str, tmp_path: Path) -> None:
    write_vectors(PHRASES, tmp_path / "out", format=format)
    assert read_vectors(tmp_path / "out", name="out")[0].words == PHRASES.words
    assert PHRASES.to_gensim().index_to_key == list(PHRASES.words)


@pytest.mark.filterwarnings("error")
def test_a_conversion_says_so_in_its_report(tmp_path: Path) -> None:
    write_vectors(PHRASES, tmp_path / "in.npz", format="npz")
    report = convert(tmp_path / "in.npz", tmp_path / "out.txt")
    assert "gensim will not read" in report.notes[-1]
    assert "“my name”" in str(report)
    with pytest.raises(VectorFileError, match="npz or safetensors"):
        convert(tmp_path / "in.npz", tmp_path / "out.bin")
    assert not convert(tmp_path / "in.npz", tmp_path / "out.safetensors").notes
    assert as_bytes(PHRASES, format="glove")


def test_ngrams_that_are_not_written_are_said(tmp_path: Path) -> None:
    vectors = WordVectors(["a"], np.ones((1, 2)), source="t", subwords=Subwords(np.ones((3, 2), np.float32), 3, 6))
    for format in FORMATS:
        assert any("n-grams are not written" in note for note in export_notes(vectors, format=format))
    with pytest.raises(InvalidSetting):
        export_notes(vectors, format="pdf")


quick = settings(max_examples=100, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow])
words = st.lists(st.text(min_size=1, max_size=5), min_size=1, max_size=5, unique=True)


@pytest.mark.filterwarnings("ignore::UserWarning")
@quick
@given(words, st.sampled_from(["word2vec-text", "word2vec-binary", "glove"]))
def test_what_is_written_without_a_warning_gensim_reads(words: list[str], format: str) -> None:
    vectors = WordVectors(words, np.arange(1, 3 * len(words) + 1).reshape(-1, 3) / 4, source="t")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "out"
        try:
            write_vectors(vectors, path, format=format)
        except VectorFileError:
            return
        if export_notes(vectors, format=format):
            return
        binary, bare = format == "word2vec-binary", format == "glove"
        read = KeyedVectors.load_word2vec_format(str(path), binary=binary, no_header=bare)
    assert read.index_to_key == words
    assert np.array_equal(read.vectors, vectors.matrix)
