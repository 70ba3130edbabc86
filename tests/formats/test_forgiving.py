"""Forgiving but never silent: what does not fit is left out, counted and named; strict reading refuses it."""

import gzip
import io
import tarfile
from pathlib import Path

import numpy as np
import pytest

from embedlab.errors import InvalidSetting, VectorFileError
from embedlab.formats import Limits, LoadReport, read_vectors
from embedlab.vectors.word_vectors import WordVectors

D = 5
NUMBERS = np.random.default_rng(7).integers(-99, 100, (300, D)).astype(np.float32) / 64
PLAIN = [f"w{i}" for i in range(300)]
_SOME = {"river": (1.5, 2.5, 3.5), "lake": (2.5, -1.5, 4.25), "king": (3.5, 1.25, 2.75), "moon": (0.5, 1.75, -2.5)}


def text(words: list[str], header: str | None = None) -> bytes:
    rows = [" ".join([word, *(f"{x:.9g}" for x in row)]) for word, row in zip(words, NUMBERS, strict=False)]
    return "\n".join([header or f"{len(words)} {D}", *rows, ""]).encode()


def binary(words: list[bytes], header: str | None = None) -> bytes:
    rows = b"".join(word + b" " + row.tobytes() + b"\n" for word, row in zip(words, NUMBERS, strict=False))
    return f"{header or f'{len(words)} {D}'}\n".encode() + rows


def read(data: bytes, **options) -> tuple[WordVectors, LoadReport]:  # type: ignore[no-untyped-def]
    return read_vectors(io.BytesIO(data), name="v", **options)


@pytest.mark.parametrize(
    "words", [["iPhone 5"], ["第 3 章 2"], ["Windows 3.1"], ["temp -5"], ["3 0.5 1"], ["ID 7"] * 60]
)
def test_a_header_that_states_d_lets_words_hold_numbers(words: list[str]) -> None:
    words = [*PLAIN[:3], *words] if len(words) == 1 else [f"ID {i}" for i in range(len(words))]
    vectors, report = read(text(words))
    assert list(vectors.words) == words
    assert (vectors.matrix == NUMBERS[: len(words)]).all()
    assert sum("ends in a number" in note for note in report.notes) == 1
    with pytest.raises(VectorFileError):
        read(text(words), strict=True)


@pytest.mark.parametrize("header", ["299 5", "301 5", "298 5", "300 6", "300 4"])
@pytest.mark.parametrize("odd", [0, 1])
def test_a_header_that_is_off_by_some_is_a_note(header: str, odd: int) -> None:
    lines = text(PLAIN, header).split(b"\n")
    if odd:
        lines[8] = lines[8].rsplit(b" ", 1)[0]
    vectors, report = read(b"\n".join(lines))
    assert len(vectors) == 300 - odd
    assert report.rows_dropped == odd
    assert any("header says" in note.lower() for note in report.notes) or (odd and header == "299 5")
    with pytest.raises(VectorFileError):
        read(b"\n".join(lines), strict=True)


def test_many_odd_rows_below_a_header_are_named() -> None:
    lines = text(PLAIN).split(b"\n")
    for place in range(10, 20):
        lines[place] = lines[place].rsplit(b" ", 1)[0]
    with pytest.raises(VectorFileError, match=r"10 of 300 lines do not fit. line 11: 4 numbers where 5") as refused:
        read(b"\n".join(lines))
    assert refused.value.asks == "anyway"
    assert len(read(b"\n".join(lines), anyway=True)[0]) == 290


@pytest.mark.parametrize("packed", [False, True])
def test_one_word_that_is_not_utf8_is_left_out_of_a_binary_file(packed: bool) -> None:
    words = [word.encode() for word in PLAIN]
    words[7] = b"caf\xe9"
    data = gzip.compress(binary(words)) if packed else binary(words)
    vectors, report = read(data)
    assert vectors.words == tuple(PLAIN[:7] + PLAIN[8:])
    assert (vectors.matrix == np.delete(NUMBERS, 7, axis=0)).all()
    assert report.dropped["word is not UTF-8"].places == (8,)
    assert any("cp1252" in note for note in report.notes)
    assert read(data, encoding="latin-1")[0].words[7] == "café"
    with pytest.raises(VectorFileError, match="row 8: the word is not UTF-8"):
        read(data, strict=True)
    many = [b"caf\xe9%d" % i if i < 30 else word for i, word in enumerate(words)]
    with pytest.raises(VectorFileError, match="not UTF-8") as refused:
        read(binary(many))
    assert refused.value.asks == "encoding"


def test_the_first_words_of_a_file_that_is_larger_than_the_limits() -> None:
    data = b"".join(b"w%d 1 2\n" % i for i in range(400_000))
    limits = Limits(rows=100, keep=50, file_bytes=1000)
    vectors, report = read(data, limits=limits)
    assert len(vectors) == 50
    assert any("the rest of the file was not read" in note for note in report.notes)
    assert len(read(gzip.compress(data), limits=limits)[0]) == 50


def test_files_that_were_packed_within_a_folder(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with tarfile.open(fileobj=inner, mode="w") as tar:
        info = tarfile.TarInfo("v.txt")
        info.size = len(text(PLAIN))
        tar.addfile(info, io.BytesIO(text(PLAIN)))
    for name, data in (("v.tar.gz", inner.getvalue()), ("v.vec.gz", text(PLAIN))):
        folder = tmp_path / name.replace(".", "_")
        folder.mkdir()
        (folder / name).write_bytes(gzip.compress(data))
        assert len(read_vectors(folder)[0]) == 300


def test_the_whole_cache_of_hugging_face(tmp_path: Path) -> None:
    """A revision that is no name of a folder is not followed."""
    model = tmp_path / "models--someone--static"
    for folder in ("blobs", "refs", "snapshots/abc"):
        (model / folder).mkdir(parents=True)
    (model / "blobs" / "1").write_bytes(text(PLAIN))
    (model / "snapshots" / "abc" / "v.txt").symlink_to(model / "blobs" / "1")
    for revision in (b"abc", b"..", b"\xff\xfe", b"/"):
        (model / "refs" / "main").write_bytes(revision)
        assert len(read_vectors(tmp_path)[0]) == len(read_vectors(model)[0]) == 300


def test_a_tar_of_thousands_of_headers() -> None:
    extra = tarfile.TarInfo("x")
    extra.type, extra.size = b"x", 11
    headers = (extra.tobuf() + b"11 path=ab\n" + bytes(501)) * 2000
    plain = tarfile.TarInfo("v.txt")
    plain.size = len(text(PLAIN[:2]))
    with pytest.raises(VectorFileError, match="the tar is damaged"):
        read(headers + plain.tobuf() + text(PLAIN[:2]) + bytes(2048))


def test_what_is_no_file(tmp_path: Path) -> None:
    path = tmp_path / "secret-folder-name" / "v.txt"
    path.parent.mkdir()
    path.write_bytes(text(PLAIN))
    with path.open("rb") as file:
        _, report = read_vectors(file)
    assert report.name == "v.txt", "no folders"
    with path.open() as words:
        for source in (str(path), file, words, io.StringIO("a 1 2"), 5, None):
            with pytest.raises(InvalidSetting):
                read_vectors(source)  # type: ignore[arg-type]
    for source in ([], tmp_path / "missing"):
        with pytest.raises(VectorFileError):
            read_vectors(source)


def test_a_header_is_told_of_as_it_is() -> None:
    with pytest.raises(VectorFileError, match="header says 3,000 rows of 50 numbers, the rows have 5,") as refused:
        read(text(PLAIN, "3000 50"))
    assert refused.value.asks == "anyway"
    assert read(text(PLAIN, "300 6"))[1].header == (300, 6)


def test_words_of_another_encoding_are_not_left_out_by_the_hundred() -> None:
    words = [f"{word}河流" if i % 3 else word for i, word in enumerate(PLAIN)]
    lines = text(words).decode().encode("gbk")
    with pytest.raises(VectorFileError, match="200 of 300 words are not UTF-8, the first of them on line 3") as refused:
        read(lines, encoding="utf-8-drop")
    assert refused.value.asks == "anyway"
    assert len(read(lines, encoding="utf-8-drop", anyway=True)[0]) == 100
    assert read(lines, encoding="gb18030")[0].words == tuple(words)
    words = [f"{word}河流" if i < 4 else word for i, word in enumerate(PLAIN)]
    assert len(read(text(words).decode().encode("gbk"), encoding="utf-8-drop")[0]) == 296


def test_words_of_another_encoding_in_a_binary_file_are_told_of_as_such() -> None:
    words = [f"{word}河流".encode("gbk") if i < 4 else word.encode() for i, word in enumerate(PLAIN)]
    vectors, report = read(binary(words), encoding="utf-8-drop")
    assert vectors.words == tuple(PLAIN[4:])
    assert report.dropped["word is not UTF-8"].places == (1, 2, 3, 4)
    words = [f"{word}河流".encode("gbk") if i % 3 else word.encode() for i, word in enumerate(PLAIN)]
    with pytest.raises(VectorFileError, match="200 of 300 words are not UTF-8"):
        read(binary(words), encoding="utf-8-drop")


def test_a_word_of_a_blank_in_a_binary_file_is_left_out() -> None:
    words = [b" " if i == 10 else word.encode() for i, word in enumerate(PLAIN)]
    vectors, report = read(binary(words))
    assert vectors.words == tuple(PLAIN[:10] + PLAIN[11:])
    assert (vectors.matrix == np.delete(NUMBERS, 10, axis=0)).all()
    assert report.dropped["empty word"].places == (11,)


@pytest.mark.parametrize("filler", [b" ", b"\t", b": ", b" ,", b"1,", b"- "])
def test_a_long_run_of_blanks_is_answered_soon(filler: bytes) -> None:
    # A pattern that tries every way to divide them takes hours for this many.
    with pytest.raises(VectorFileError):
        read(b"\n".join(b"a" + filler * (30_000 // len(filler)) + b"x" for _ in range(3)))


@pytest.mark.parametrize(
    "text",
    [
        "word, a, b, c\n" + "".join(f"{w}, {a}, {b}, {c}\n" for w, (a, b, c) in _SOME.items()),
        "".join(f"{w}, {a}, {b}, {c}\n" for w, (a, b, c) in _SOME.items()),
        "word\tcount\ta\tb\tc\n" + "".join(f"{w}\t{900 - len(w)}\t{a}\t{b}\t{c}\n" for w, (a, b, c) in _SOME.items()),
        "word\tvector\n" + "".join(f"{w}\t[{a}, {b}, {c}]\n" for w, (a, b, c) in _SOME.items()),
    ],
    ids=["commas and blanks under a heading", "commas and blanks", "tabs with counts", "tab and list"],
)
def test_tables_are_not_taken_for_lines_of_vectors(text: str) -> None:
    vectors, _ = read_vectors(io.BytesIO(text.encode()), name="table.txt")
    assert dict(zip(vectors.words, map(tuple, vectors.matrix.tolist()), strict=True)) == _SOME


@pytest.mark.parametrize("between", [" ", "\t", ": ", " ["])
def test_a_word_and_a_list_with_commas_are_refused_rather_than_read_askew(between: str) -> None:
    text = "".join(f"{w}{between}{a},{b},{c}{']' * ('[' in between)}\n" for w, (a, b, c) in _SOME.items())
    with pytest.raises(VectorFileError, match="Replace the commas by spaces"):
        read_vectors(io.BytesIO(text.encode()), name="table.txt")
    mended = text.replace(",", " ").replace("[", "").replace("]", "").replace(":", "")
    vectors, _ = read_vectors(io.BytesIO(mended.encode()), name="table.txt")
    assert dict(zip(vectors.words, map(tuple, vectors.matrix.tolist()), strict=True)) == _SOME
