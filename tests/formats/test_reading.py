"""Reading vector files: small ones whose right answer is known."""

import gzip
import io
import json
import struct
import zipfile
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from embedlab.errors import FileTooLarge, InvalidSetting, NotEnoughMemory, SeveralFiles, UnsafeFormat, VectorFileError
from embedlab.formats import Dropped, Limits, LoadReport, as_bytes, read_vectors
from embedlab.formats.packed.source import Source
from embedlab.formats.word_lists import read_words
from embedlab.vectors.word_vectors import WordVectors
from tests.hostile.case import npy, zip_of

NUMBERS = npy(np.array([[1, 2], [3, 4]], np.float32))
TENSOR = b'{"v":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}'
GLOVE = b"the 0.5 -0.25 1\nof 0.125 3 -1.5\nand -2 0.5 0.25\n"


def load(data: bytes, **options):  # type: ignore[no-untyped-def]
    return read_vectors(io.BytesIO(data), name="f.txt", **options)


def test_text_becomes_words_and_a_read_only_matrix() -> None:
    vectors, report = load(GLOVE)
    assert vectors.words == ("the", "of", "and")
    assert vectors.matrix.tolist() == [[0.5, -0.25, 1], [0.125, 3, -1.5], [-2, 0.5, 0.25]]
    assert not vectors.matrix.flags.writeable
    assert (report.format, report.encoding, report.packed) == ("GloVe text", "utf-8", "")
    assert (report.rows_read, report.rows, report.rows_dropped, report.dimensions, report.header) == (3, 3, 0, 3, None)


def test_the_report_counts_what_was_dropped_and_says_where() -> None:
    data = b"the 1 2\n\nthe 3 4\nx nan 1\ny inf 1\nz 0 0\n 1 2\nof 3 4\nthe 5 6\n"
    vectors, report = load(data)
    assert vectors.words == ("the", "of")
    assert (report.rows_read, report.rows, report.rows_dropped, report.blank_lines) == (8, 2, 6, 1)
    assert (report.duplicates, report.zero_rows) == (2, 1)
    assert {reason: dropped.places for reason, dropped in report.dropped.items()} == {
        "repeated word": (3, 9), "NaN": (4,), "infinity": (5,), "only zeros": (6,), "empty word": (7,),
    }  # fmt: skip
    assert report.place == "line"
    assert "Dropped 2 rows (repeated word): line 3, 9." in str(report).splitlines()


def test_places_of_dropped_rows_are_bounded() -> None:
    _, report = load(b"a 1 2\n" * 1000)
    (dropped,) = report.dropped.values()
    assert dropped.count == 999
    assert len(dropped.places) == 20
    assert report.lines()[2].endswith("20, 21, ….")


def test_the_report_holds_a_histogram_of_lengths() -> None:
    _, report = load(b"a 3 4\nb 6 8\nc 0 5\n")
    assert report.norm_edges[0] == 5
    assert report.norm_edges[-1] == 10
    assert (report.norm_counts[0], report.norm_counts[-1], sum(report.norm_counts)) == (2, 1, 3)


def test_a_report_survives_json() -> None:
    _, report = load(b"3 2\na 1 2\na 1 2\nb 3 4\nc 5 6\n")
    assert report.notes == ("header says 3, found 4 rows; all of them were read.",)
    assert LoadReport.from_dict(json.loads(json.dumps(report.as_dict()))) == report


def test_blocks_join_without_a_seam() -> None:
    """Two blocks of 2 MB and a part, with odd lines in each, against the plain loop over lines."""
    rng = np.random.default_rng(3)
    rows = np.round(rng.normal(size=(50_000, 12)), 4)
    words = [f"w{i}" if i % 9_001 else f". {i} ." for i in range(len(rows))]
    lines = [" ".join([word, *map(str, row)]) for word, row in zip(words, rows.tolist(), strict=True)]
    lines[20_000] = ""
    lines[40_000] = lines[40_000].replace(" ", "  ")
    data = "\n".join(lines).encode()
    assert len(data) > 4_200_000
    vectors, report = load(data)
    kept = [i for i in range(len(rows)) if i != 20_000]
    assert vectors.words == tuple(words[i] for i in kept)
    assert (vectors.matrix == rows[kept].astype(np.float32)).all()
    assert (report.blank_lines, report.rows) == (1, 49_999)


def test_line_numbers_count_through_blocks() -> None:
    data = b"\n".join(b"word%d 0.12345 0.67890" % i for i in range(150_000)) + b"\nbad 1\n"
    with pytest.raises(VectorFileError, match="line 150,001: 1 number where 2 are expected"):
        load(data, strict=True)
    vectors, report = load(data)
    assert len(vectors) == 150_000
    assert report.dropped["wrong number of values"] == Dropped(1, (150_001,))


def test_words_may_come_beside_the_numbers() -> None:
    matrix = np.arange(6, dtype=np.float32).reshape(3, 2) + 1
    out = io.BytesIO()
    np.save(out, matrix)
    for words in (["a", "b", "c"], io.BytesIO(b"a\nb\nc\n"), io.BytesIO(b'["a", "b", "c"]')):
        assert load(out.getvalue(), words=words)[0].words == ("a", "b", "c")
    assert load(b"1 2\n3 4\n5 6\n", words=io.BytesIO(b"word\tcount\na\t1\nb\t2\nc\t3\n"))[0].words == ("a", "b", "c")
    with pytest.raises(VectorFileError, match="2 words and more rows"):
        load(b"1 2\n3 4\n5 6\n", words=["a", "b"])
    with pytest.raises(VectorFileError, match="4 words and 3 rows"):
        load(b"1 2\n3 4\n5 6\n", words=list("abcd"))


def test_a_word_list_in_a_zip_is_not_taken_for_a_pickle() -> None:
    """In pickle's oldest form, "cat" and "dog" on two lines name the class dog of the module at."""
    for words in (["cat", "dog"], ["l", "d"], ["I", "."], ["N.", "x"], ["]q", "b"]):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("words.txt", "".join(f"{word}\n" for word in words))
            archive.writestr("vectors.tsv", "0.5\t1\n2\t3\n")
        assert load(out.getvalue())[0].words == tuple(words)


def test_old_line_ends_in_a_long_file() -> None:
    data = b"".join(b"w%d 1 2\r" % i for i in range(50))
    vectors, report = load(data, limits=Limits(line_bytes=20))
    assert (len(vectors), report.rows_dropped) == (50, 0)


def test_a_zip_with_several_files_asks_and_takes_an_answer() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", GLOVE)
        archive.writestr("b.txt", GLOVE.replace(b"the", b"this"))
    with pytest.raises(SeveralFiles) as refused:
        load(out.getvalue())
    assert refused.value.members == ("a.txt", "b.txt")
    assert refused.value.noun == "file in the archive"
    assert load(out.getvalue(), member="b.txt")[0].words[0] == "this"


def test_a_safetensors_file_with_several_matrices_asks_and_takes_an_answer() -> None:
    entry = {"dtype": "F32", "shape": [1, 2]}
    header = json.dumps({"a": entry | {"data_offsets": [0, 8]}, "b": entry | {"data_offsets": [8, 16]}}).encode()
    data = struct.pack("<Q", len(header)) + header + struct.pack("<4f", 1, 2, 3, 4)
    with pytest.raises(SeveralFiles) as refused:
        load(data, words=["cat"])
    assert refused.value.members == ("a", "b")
    assert refused.value.noun == "matrix in the file"
    assert load(data, words=["cat"], member="b")[0]["cat"].tolist() == [3, 4]


@pytest.mark.parametrize("part", [b"w\n", b"w\r", b"[ \n", b"w"])
def test_a_list_of_words_is_not_read_past_what_it_may_hold(part: bytes) -> None:
    source = Source(lambda n: part * (n // len(part)), name="words", limits=Limits(memory_bytes=4 << 20))  # endless
    with pytest.raises(FileTooLarge, match=r"more than (10 words|4\.2 MB)"):
        read_words(source, rows=10)
    assert source.position <= 5 << 20


@pytest.mark.parametrize(
    ("data", "options", "asks"),
    [
        (b"words 1 2\nencoding 3\n3 4\n5\n", {}, "anyway"),
        (b"words 1 2\nencoding 3\n", {"strict": True}, ""),
        ("café 1 2\n".encode("latin-1"), {}, "encoding"),
        (b"caf\x81 1 2\n", {"encoding": "cp1252"}, "encoding"),
        ("cat 1 2\ndog 3 4\n".encode("utf-16-le"), {}, "encoding"),
        (bytes(range(256)) * 9, {}, ""),
        (b"0.5 1.5\n2.5 3.5\n", {}, "words"),
        (b"0.5 1.5\n2.5 3.5\n", {"words": ["a"]}, "words"),
        (b"0.5 1.5\n2.5 3.5\n", {"words": ["a", "b", "c"]}, "words"),
        (NUMBERS, {}, "words"),
        (NUMBERS, {"words": ["a"]}, "words"),
        (NUMBERS, {"words": io.BytesIO("été\nb\n".encode("latin-1"))}, "encoding"),
        (zip_of({"m.npy": NUMBERS}), {}, "words"),
        (zip_of({"m.npy": NUMBERS, "words.txt": b"a\nb\nc\nd\ne\n"}), {}, "words"),
        (zip_of({"a.txt": GLOVE, "b.txt": GLOVE}), {}, "member"),
        (struct.pack("<Q", len(TENSOR)) + TENSOR + bytes(8), {}, "words"),
    ],
)
def test_a_refusal_says_what_may_help_to_read_the_same_bytes(data: bytes, options: dict, asks: str) -> None:
    with pytest.raises(VectorFileError) as refused:
        load(data, **options)
    assert refused.value.asks == asks


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        (Limits(file_bytes=40), "the file has 48 bytes, and at most 40 bytes"),
        (Limits(dimensions=2), "3 dimensions, and at most 2"),
        (Limits(rows=2), "3 rows of 3 numbers take"),
        (Limits(memory_bytes=20), "3 rows of 3 numbers take 36 bytes"),
        (Limits(line_bytes=14), "line 1: the line is longer than 14 bytes"),
        (Limits(word_bytes=2, odd_rows="none"), "a word of 3 bytes"),
    ],
)
def test_limits(limits: Limits, message: str) -> None:
    with pytest.raises(FileTooLarge, match=message):
        load(GLOVE, limits=limits)


def test_limits_are_checked_when_made() -> None:
    with pytest.raises(InvalidSetting, match="limit rows must be 1 or more; 0 is not"):
        Limits(rows=0)


def test_unpacking_is_capped() -> None:
    rows = b"".join(b"w%d 1 2\n" % i for i in range(10_000))
    with pytest.raises(FileTooLarge, match="the most allowed"):
        load(gzip.compress(rows), limits=Limits(unpacked_bytes=50_000))
    with pytest.raises(FileTooLarge, match="over 2 times its size"):
        load(gzip.compress(rows), limits=Limits(ratio=2, ratio_free_bytes=1000))


def test_a_name_is_only_shown() -> None:
    for name, shown in (
        ("../../etc/passwd", "passwd"),
        ("C:\\a\\b.txt", "b.txt"),
        ("a\x1b[31m\u202eb", "a�[31m�b"),
        ("", "the file"),
    ):
        with pytest.raises(VectorFileError) as refused:
            read_vectors(io.BytesIO(b""), name=name)
        assert str(refused.value).startswith(f"“{shown}”: the file is empty")


def test_only_ordinary_files_are_opened(tmp_path: Path) -> None:
    for path in (tmp_path, Path("/dev/zero"), tmp_path / "missing", Path("a\0b")):
        with pytest.raises(VectorFileError) as refused:
            read_vectors(path, name="it")
        assert str(tmp_path) not in str(refused.value)
    with pytest.raises(InvalidSetting, match="not from str"):
        read_vectors("vectors.txt", name="it")  # type: ignore[arg-type]


def test_a_given_file_stays_open_and_need_not_be_seekable() -> None:
    file = io.BytesIO(GLOVE)
    file.seek(5)
    assert len(read_vectors(file, name="f")[0]) == 3
    assert not file.closed
    stream = SimpleNamespace(read=io.BytesIO(GLOVE).read)
    assert len(read_vectors(stream, name="f")[0]) == 3  # type: ignore[arg-type]


def test_a_failing_disk_and_full_memory_are_told_plainly() -> None:
    class Failing(io.BytesIO):
        def read(self, n: int | None = -1) -> bytes:  # type: ignore[override]
            raise self.error

    file = Failing(GLOVE)
    file.error = OSError(5, "Input/output error")
    with pytest.raises(VectorFileError, match="reading failed"):
        read_vectors(file, name="f")
    file.error = MemoryError()
    with pytest.raises(NotEnoughMemory, match="“f” needs more memory than is free"):
        read_vectors(file, name="f")


@pytest.mark.parametrize(
    ("format", "place"),
    [
        ("glove", "collector.Collector.add"),
        ("npz", "packed.members.read_matrix"),
        ("word2vec-binary", "binary.word2vec._Records.take"),
        ("safetensors", "binary.safetensors.read_matrix"),
    ],
)
def test_memory_running_out_in_any_reader(
    format: str, place: str, tiny_vectors: WordVectors, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(f"embedlab.formats.{place}", fail)
    with pytest.raises(NotEnoughMemory):
        load(as_bytes(tiny_vectors, format=format))


def test_unknown_encodings_are_refused_before_anything_is_read() -> None:
    with pytest.raises(InvalidSetting, match=r"encoding must be one of utf-8, .*; “rot13” is not"):
        load(GLOVE, encoding="rot13")
    with pytest.raises(VectorFileError, match="this is not shift_jis"):
        load(b"a\x80\xff 1 2\n", encoding="shift_jis")


def test_words_that_are_not_utf8_can_be_dropped() -> None:
    vectors, report = load(GLOVE + b"caf\xe9 1 2 3\n", encoding="utf-8-drop")
    assert len(vectors) == 3
    assert report.dropped["word is not UTF-8"].places == (4,)


def test_pickles_are_refused_by_content(tmp_path: Path) -> None:
    import pickle

    (tmp_path / "vectors.txt").write_bytes(pickle.dumps(WordVectors(["a"], np.ones((1, 2)), source="t").words))
    with pytest.raises(UnsafeFormat, match="Unsafe format; export as word2vec text"):
        read_vectors(tmp_path / "vectors.txt", name="vectors.txt")
