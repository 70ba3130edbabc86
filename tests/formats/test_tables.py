"""Tables with embeddings, as pandas, pyarrow, R and spreadsheets write them: small ones whose right answer is known."""

import base64
import csv
import io
import json
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from embedlab.errors import FileTooLarge, SeveralFiles, VectorFileError
from embedlab.formats import as_bytes, read_vectors
from embedlab.formats.json_start import json_kind
from embedlab.formats.limits import DEFAULT_LIMITS, Limits
from embedlab.formats.loaded_table import LoadedTable
from embedlab.formats.packed.source import from_file
from embedlab.formats.report import LoadReport
from embedlab.formats.tables.arrow_tables import read_arrow
from embedlab.formats.tables.delimited import looks_delimited, read_delimited
from embedlab.formats.tables.json_tables import read_json
from embedlab.formats.tables.roles import Columns
from embedlab.vectors.word_vectors import WordVectors

Result = tuple[WordVectors, LoadReport]
WORDS = ["the", "of", "naïve", "日本", "New York", "a,b", 'say "hi"', "x"]
MATRIX = np.random.default_rng(5).normal(size=(8, 5)).astype(np.float32)
YEARS = list(range(2001, 2009))


def read(
    kind: str,
    data: bytes | str,
    *,
    columns: Columns | None = None,
    words: Sequence[str | None] | None = None,
    limits: Limits = DEFAULT_LIMITS,
    encoding: str | None = None,
) -> Result:
    columns = columns or Columns()
    data = data.encode() if isinstance(data, str) else data
    file = io.BytesIO(data)
    source = from_file(file, len(data), name="f", limits=limits)
    if kind == "csv":
        rows = read_delimited(source, encoding=encoding, columns=columns, words=words)
    elif kind in ("json", "json-lines"):
        rows = read_json(source, lines=kind == "json-lines", columns=columns, words=words)
    else:
        rows = read_arrow(file, source, kind=kind, columns=columns, words=words)  # type: ignore[arg-type]
    return rows.finish(seconds=0.0, source="f")


def further(vectors: WordVectors) -> dict[str, list[Any]]:
    return {name: list(v) for name, v in vectors.columns.items()} if isinstance(vectors, LoadedTable) else {}


def wide(**beside: Any) -> pd.DataFrame:
    """A column of words, a column a dimension, and further columns."""
    frame = pd.DataFrame(MATRIX.astype(np.float64), columns=[f"d{i}" for i in range(5)])
    frame.insert(0, "word", WORDS)
    return frame.assign(**beside)


def deep(**beside: Any) -> pd.DataFrame:
    """A column of words and a column of lists."""
    return pd.DataFrame({"word": WORDS, "embedding": MATRIX.astype(np.float64).tolist(), **beside})


def parquet(table: pa.Table, **options: Any) -> bytes:
    sink = io.BytesIO()
    pq.write_table(table, sink, **options)
    return sink.getvalue()


def ipc(table: pa.Table, *, stream: bool = False, **options: Any) -> bytes:
    sink = io.BytesIO()
    new = pa.ipc.new_stream if stream else pa.ipc.new_file
    with new(sink, table.schema, options=pa.ipc.IpcWriteOptions(**options)) as writer:
        writer.write_table(table, max_chunksize=3)
    return sink.getvalue()


def is_sample(vectors: WordVectors) -> bool:
    return list(vectors.words) == WORDS and vectors.matrix.tobytes() == MATRIX.tobytes()


# CSV and TSV


@pytest.mark.parametrize("separator", [",", "\t", ";", "|"])
@pytest.mark.parametrize("index", [True, False])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_pandas_writes_as_csv(separator: str, index: bool, quoting: int, end: str) -> None:
    data = wide(year=YEARS).to_csv(sep=separator, index=index, quoting=quoting, lineterminator=end)  # type: ignore[call-overload]
    assert looks_delimited(data.encode())
    vectors, report = read("csv", data)
    assert is_sample(vectors)
    assert further(vectors) == {"year": YEARS}
    assert "The first line was taken for a heading." in report.notes
    assert any("row numbers" in note for note in report.notes) is index


@pytest.mark.parametrize("index", [True, False])
def test_csv_with_words_as_the_index_or_no_names(index: bool) -> None:
    frame = pd.DataFrame(MATRIX.astype(np.float64), index=WORDS)
    data = frame.to_csv() if index else frame.to_csv(header=False)
    vectors, report = read("csv", data)
    assert looks_delimited(data.encode())
    assert is_sample(vectors)
    assert ("The first line was taken for a heading." in report.notes) is index


def test_csv_whose_names_of_columns_are_whole_numbers() -> None:
    """pytorch/text #853: a heading of word,0,1,2,3,4 is no row."""
    vectors, report = read("csv", 'word,0,1,2\n"market, old",0.5,0.25,1.5\nriver,0.5,2.5,1\n')
    assert vectors.words == ("market, old", "river")
    assert vectors.matrix.tolist() == [[0.5, 0.25, 1.5], [0.5, 2.5, 1]]
    assert report.rows_read == 2


@pytest.mark.parametrize("heading", ["", "word\td0\td1\td2\n", "word\tkind\td0\td1\td2\n"], ids=["no", "names", "kind"])
@pytest.mark.parametrize("word", ["iPhone {}", "version {}.5", "in {} words"])
def test_words_that_end_in_a_number_end_at_the_tab(word: str, heading: str) -> None:
    words = [word.format(i) for i in range(40)]
    kind = "noun\t" if "kind" in heading else ""
    rows = "".join(f"{word}\t{kind}{i}.5\t-{i}.25\t0.125\n" for i, word in enumerate(words))
    vectors, _ = read_vectors(io.BytesIO((heading + rows).encode()))
    assert list(vectors.words) == words
    assert vectors.matrix.tolist() == [[i + 0.5, -i - 0.25, 0.125] for i in range(40)]


def test_label_behind_the_numbers() -> None:
    for separator in "\t, ":
        data = "".join(separator.join(["0.5", "-1.25", "2", word]) + "\n" for word in ("river", "sea", "lake"))
        assert looks_delimited(data.encode())
        vectors, _ = read("csv", data)
        assert vectors.words == ("river", "sea", "lake")
        assert vectors.matrix[0].tolist() == [0.5, -1.25, 2]


def test_what_r_writes() -> None:
    data = '"word","V1","V2"\n"1","river",0.5,0.25\n"2","sea",-1.5,2\n"3","lake",1,2.5\n'
    vectors, report = read("csv", data)
    assert vectors.words == ("river", "sea", "lake")
    assert vectors.matrix.tolist() == [[0.5, 0.25], [-1.5, 2], [1, 2.5]]
    assert further(vectors) == {}
    assert any("row numbers" in note for note in report.notes)
    rows = '"V1","V2"\n"river",0.5,0.25\n"sea",-1.5,2\n'
    assert read("csv", rows)[0].words == ("river", "sea")
    # What write.table writes unless told otherwise: blanks between the columns, backslashes before quotation marks.
    table = '"V1" "V2"\n"river" 0.5 0.25\n"say \\"sea\\"" -1.5 2\n"5\\" lake" 1 2.5\n'
    named = '"word" "V1" "V2"\n"1" "river" 0.5 0.25\n"2" "say \\"sea\\"" -1.5 2\n"3" "5\\" lake" 1 2.5\n'
    for data in (table, named, table.replace(" ", "\t").replace("\t\\", " \\").replace("\tlake", " lake")):
        vectors, report = read("csv", data)
        assert vectors.words == ("river", 'say "sea"', '5" lake'), data
        assert vectors.matrix.tolist() == [[0.5, 0.25], [-1.5, 2], [1, 2.5]]
        assert report.rows_dropped == 0
        assert further(vectors) == {}
    noted = '"word" "note" "V1" "V2"\n"1" "river" "" 0.5 0.25\n"2" "sea" "salt" -1.5 2\n"3" "lake" "" 1 2.5 \n'
    vectors, _ = read("csv", noted)
    assert vectors.words == ("river", "sea", "lake")
    assert further(vectors) == {"note": [None, "salt", None]}
    bare = "".join(f'"{word}" {row}.5 0.5\n' for row, word in enumerate(["the", "sea", "old man", "lake", "river"]))
    assert looks_delimited(bare.encode())
    assert not looks_delimited(bare.replace('\n"', "\n")[1:].encode()), "marks at one side are the words' own"
    assert read("csv", bare)[0].words == ("the", "sea", "old man", "lake", "river")


@pytest.mark.parametrize("written", [json.dumps, str, lambda row: str(np.array(row))])
def test_vectors_as_text_in_one_column(written: Callable[[list[float]], str]) -> None:
    rows = MATRIX.astype(np.float64).tolist()
    frame = pd.DataFrame({"text": WORDS, "n_tokens": range(3, 11), "embedding": [written(row) for row in rows]})
    data = frame.to_csv()
    assert looks_delimited(data.encode())
    vectors, report = read("csv", data)
    assert list(vectors.words) == WORDS
    np.testing.assert_allclose(vectors.matrix, MATRIX, atol=1e-6)
    assert further(vectors) == {"n_tokens": list(range(3, 11))}
    assert any("written as text" in note for note in report.notes)


def test_arrays_that_numpy_shortened_are_refused() -> None:
    rows = [str(np.random.default_rng(i).normal(size=2000)) for i in range(3)]
    assert "..." in rows[0]
    good = str(np.arange(2.0))
    data = pd.DataFrame({"text": ["a", "b", "c", "d"], "embedding": [good, *rows]}).to_csv()
    with pytest.raises(VectorFileError, match="NumPy wrote only"):
        read("csv", data)


def test_decimal_commas() -> None:
    vectors, report = read("csv", "wort;a;b\nFluss;0,5;1,25\nSee;-1,5;2\n")
    assert vectors.words == ("Fluss", "See")
    assert vectors.matrix.tolist() == [[0.5, 1.25], [-1.5, 2]]
    assert any("decimal commas" in note for note in report.notes)


def test_excels_line_that_names_the_separator() -> None:
    vectors, _ = read("csv", "sep=;\nword;x;y\na;0.5;1\nb;1;0.25\n")
    assert vectors.words == ("a", "b")


def test_quotes_that_close_nowhere_are_characters() -> None:
    data = "word\tx\ty\n\"\t0.5\t1.5\n''\t1.5\t2\n5\"\t0.25\t1\nthe\t0.5\t0.25\n"
    vectors, report = read("csv", data)
    assert vectors.words == ('"', "''", '5"', "the")
    assert report.rows_dropped == 0


def test_quoted_fields_hold_separators_quotes_and_line_ends() -> None:
    frame = pd.DataFrame({"word": ["a\nb", "c,d", 'e"f', "g"], "x": [0.5, 1, 2, 3], "y": [0.25, 0.5, 1, 2]})
    vectors, _ = read("csv", frame.to_csv(index=False))
    assert vectors.words == ("a\nb", "c,d", 'e"f', "g")


def test_rows_that_do_not_fit_are_left_out_and_named() -> None:
    lines = ["word,x,y", *(f"w{i},{i + 0.5},1.25" for i in range(300))]
    lines[50], lines[60], lines[70] = "short,1.5", "odd,1_0,2.5", "words,1.5,many"
    _, report = read("csv", "\n".join(lines))
    assert (report.rows, report.rows_read, report.place) == (297, 300, "line")
    assert {reason: d.places for reason, d in report.dropped.items()} == {
        "wrong number of values": (51,), "something that is not a number": (61, 71),
    }  # fmt: skip
    with pytest.raises(VectorFileError) as caught:
        read("csv", "\n".join(lines), limits=Limits(odd_rows="none"))
    assert caught.value.at == "line 51"
    with pytest.raises(VectorFileError) as caught:
        read("csv", "word,x,y\na,0.5,1\nb,0.5\nc,x,1\nd,0.5,2\ne,0.5,1.5\n" + "f,1,0.5\n" * 10)
    assert caught.value.asks == "anyway"


def test_numbers_without_words_ask_for_them() -> None:
    data = "0.5,1.5\n2.5,1\n"
    assert looks_delimited(data.encode())
    with pytest.raises(VectorFileError) as caught:
        read("csv", data)
    assert caught.value.asks == "words"
    assert read("csv", data, words=["a", "b"])[0].words == ("a", "b")
    for words in (["a"], ["a", "b", "c"]):
        with pytest.raises(VectorFileError) as caught:
            read("csv", data, words=words)
        assert caught.value.asks == "words"


def test_words_beside_a_table_stay_in_step_with_rows_left_out() -> None:
    rows = [[0.5, i + 0.5] for i in range(200)]
    words = [f"w{i}" for i in range(200)]
    lines = [",".join(map(str, row)) for row in rows]
    lines[100] = "0.5,x"
    expected = words[:100] + words[101:]
    vectors, _ = read("csv", "\n".join(lines), words=words)
    assert list(vectors.words) == expected
    assert vectors.matrix[:, 1].tolist() == [i + 0.5 for i in range(200) if i != 100]
    lists: list[Any] = [*rows]
    lists[100] = [0.5]
    vectors, _ = read("json", json.dumps([{"v": row} for row in lists]), words=words)
    assert list(vectors.words) == expected
    vectors, _ = read("parquet", parquet(pa.table({"v": pa.array(lists)})), words=words)
    assert list(vectors.words) == expected
    assert vectors.matrix[:, 1].tolist() == [i + 0.5 for i in range(200) if i != 100]


def test_columns_can_be_chosen() -> None:
    data = "id,word,lemma,x,y,u,v\n1,sees,see,0.5,1.5,9,8.5\n2,saw,see2,2.5,1,7,0.5\n"
    assert read("csv", data, columns=Columns(word="lemma"))[0].words == ("see", "see2")
    vectors, _ = read("csv", data, columns=Columns(vector="x to y"))
    assert vectors.matrix.tolist() == [[0.5, 1.5], [2.5, 1]]
    assert further(vectors)["lemma"] == ["see", "see2"]
    assert read("csv", data, columns=Columns(word="id"))[0].words == ("1", "2")
    for columns in (Columns(word="nothing"), Columns(vector="nothing")):
        with pytest.raises(VectorFileError, match=r"no column “nothing”.*“lemma”") as caught:
            read("csv", data, columns=columns)
        assert caught.value.asks == "columns"
    plain = "sees,see,0.5,1.5\nsaw,see2,2.5,1\n"
    assert read("csv", plain, columns=Columns(word="2"))[0].words == ("see", "see2")
    heading = read("csv", "a,0,1\nb,0.5,1.5\n", columns=Columns(heading=False))[0]
    assert heading.words == ("a", "b")
    assert read("csv", "a,0,1\nb,0.5,1.5\n", columns=Columns(heading=True))[0].words == ("b",)


def test_several_columns_of_vectors_ask_which() -> None:
    frame = pd.DataFrame({"word": ["a", "b"], "left": [[1.5, 2], [3, 4]], "right": [[5.5, 6, 7], [8, 9, 1]]})
    for kind, data in (
        ("json", frame.to_json(orient="records")),
        ("csv", frame.to_csv()),
        ("parquet", parquet(pa.Table.from_pandas(frame))),
    ):
        with pytest.raises(SeveralFiles) as caught:
            read(kind, data)
        assert caught.value.members == ("left", "right")
        assert caught.value.noun == "column of vectors"
        for name, dimensions in (("left", 2), ("right", 3)):
            assert read(kind, data, columns=Columns(vector=name))[0].matrix.shape == (2, dimensions)
    data = "word,a1,a2,b1,b2\nx,0.5,1,2,3.5\ny,1.5,1,2,4.5\n"
    with pytest.raises(SeveralFiles) as caught:
        read("csv", data)
    assert caught.value.members == ("a1 to a2", "b1 to b2")
    assert read("csv", data, columns=Columns(vector="b1 to b2"))[0].matrix.tolist() == [[2, 3.5], [2, 4.5]]


def test_one_column_of_numbers_is_no_vector_unless_chosen() -> None:
    data = "word,score\na,0.5\nb,1.5\n"
    assert not looks_delimited(data.encode())
    with pytest.raises(VectorFileError) as caught:
        read("csv", data)
    assert caught.value.asks == "columns"
    assert read("csv", data, columns=Columns(vector="score"))[0].matrix.tolist() == [[0.5], [1.5]]


def test_whole_numbers_are_words_only_with_a_note() -> None:
    vectors, report = read("csv", "id,x,y\n17,0.5,1.5\n4,2.5,1\n")
    assert vectors.words == ("17", "4")
    assert any("numbers were taken for words" in note for note in report.notes)
    with pytest.raises(VectorFileError) as caught:
        read("csv", ",x,y\n0,0.5,1.5\n1,2.5,1\n")
    assert caught.value.asks == "words"


def test_numbers_among_the_words_stay_text() -> None:
    words = ["the", "nan", "1.0", "007", "1e5", "inf", "x"]
    data = "word,x,y\n" + "".join(f"{word},0.5,{i}.5\n" for i, word in enumerate(words))
    assert list(read("csv", data)[0].words) == words


def test_counts_years_and_classes_are_further_columns() -> None:
    vectors, _ = read("csv", "word,count,x,y,year\na,12,0.5,1.5,1999\nb,3,2.5,1,2000\n")
    assert vectors.matrix.tolist() == [[0.5, 1.5], [2.5, 1]]
    assert further(vectors) == {"count": [12, 3], "year": [1999, 2000]}


def test_csv_in_other_encodings() -> None:
    data = "word,x,y\ncafé,0.5,1.5\nthe,1,2.5\n"
    assert read("csv", data.encode("utf-16"))[0].words == ("café", "the")
    assert read("csv", data.encode("utf-8-sig"))[0].words == ("café", "the")
    assert read("csv", data.encode("cp1252"), encoding="cp1252")[0].words == ("café", "the")
    vectors, report = read("csv", data.encode("cp1252"))
    assert vectors.words == ("the",)
    assert report.dropped["word is not UTF-8"].places == (2,)
    with pytest.raises(VectorFileError) as caught:
        read("csv", ("word,x,y\n" + "café,0.5,1.5\nnaïve,1,2.5\n" * 4).encode("cp1252"))
    assert caught.value.asks == "encoding"
    vectors, _ = read("csv", (data + "naïve,1,2\n").encode("cp1252"), encoding="utf-8-drop")
    assert vectors.words == ("the",)


@pytest.mark.parametrize(
    "text",
    [
        "the 0.5 1.5\nof 2 1.5\n", "2 2\nthe 0.5 1.5\nof 2 1.5\n", "the\t0.5\t1.5\nof\t2\t1.5\n",
        ", 0.5 1.5\n; 2 1.5\n", "1,000 0.5 1.5\na,b 2 1.5\n", '{ 0.5 1.5\n[" 2 1.5\n',
        "word,count\nthe,12\nof,11\n", "the\nof\nand\n", "the\t5\nof\t3\n", "word\tcount\tdocs\nthe\t5\t3\nof\t3\t2\n",
        "It was late, and cold, and dark.\nNobody came, or went, or called.\n", "<html>\n<body>a, b</body>\n</html>\n",
        '{"a": [0.5, 1.5],\n "b": [2, 1.5]}\n', "Class,Title,Text\n3,Wall St.,Stocks fell\n1,Rome,The Pope spoke\n", "",
        "\n\n", "\0\1\2,\3\n",
    ],
)  # fmt: skip
def test_what_is_no_table_is_not_claimed(text: str) -> None:
    assert not looks_delimited(text.encode())


@pytest.mark.parametrize("format", ["glove", "word2vec-text"])
def test_vector_text_is_not_claimed(format: str) -> None:
    words = ["the", ",", ";", "|", '"', "a,b", "1,000", "{", '["', "0.5"]
    vectors = WordVectors(words, np.random.default_rng(1).normal(size=(10, 4)).astype(np.float32), source="s")
    data = as_bytes(vectors, format=format)
    assert not looks_delimited(data)
    assert json_kind(data, whole=True) is None


def test_repeated_names_of_columns_are_numbered() -> None:
    vectors, _ = read("csv", "word,pos,x,y,pos\na,N,0.5,1.5,1\nb,V,2.5,1,2\n")
    assert further(vectors) == {"pos (1)": ["N", "V"], "pos (2)": [1, 2]}


def test_further_columns_are_bounded() -> None:
    text = "x" * 1000
    data = "word,x,y,note\n" + "".join(f"w{i},0.5,1.5,{text}{i}\n" for i in range(5000))
    vectors, report = read("csv", data, limits=Limits(memory_bytes=4_000_000))
    notes = further(vectors)["note"]
    assert notes[0] == f"{text}0"
    assert notes[-1] is None
    assert len(vectors) == 5000
    assert any("take over 1.0 MB" in note for note in report.notes)
    many = "word," + ",".join(f"t{i}x" for i in range(40)) + ",x,y\n" + ("a," + "t," * 40 + "0.5,1.5\n")
    assert len(further(read("csv", many)[0])) == 20


# JSON


@pytest.mark.parametrize("orient", ["records", "columns", "index", "split", "table"])
@pytest.mark.parametrize("frame", [wide(year=YEARS), deep(year=YEARS)], ids=["wide", "deep"])
def test_what_pandas_writes_as_json(orient: str, frame: pd.DataFrame) -> None:
    data = frame.to_json(orient=orient, double_precision=15)  # type: ignore[call-overload]
    assert json_kind(data.encode(), whole=True) == "json"
    vectors, _ = read("json", data)
    assert list(vectors.words) == WORDS
    np.testing.assert_allclose(vectors.matrix, MATRIX, rtol=1e-6)
    assert further(vectors) == {"year": YEARS}


@pytest.mark.parametrize("orient", ["columns", "index", "split"])
def test_json_with_the_words_as_index(orient: str) -> None:
    data = pd.DataFrame(MATRIX.astype(np.float64), index=WORDS).to_json(orient=orient, double_precision=15)  # type: ignore[call-overload]
    vectors, _ = read("json", data)
    assert list(vectors.words) == WORDS
    np.testing.assert_allclose(vectors.matrix, MATRIX, rtol=1e-6)


def test_json_values_without_words() -> None:
    data = pd.DataFrame(MATRIX.astype(np.float64)).to_json(orient="values", double_precision=15)
    with pytest.raises(VectorFileError) as caught:
        read("json", data)
    assert caught.value.asks == "words"
    assert list(read("json", data, words=WORDS)[0].words) == WORDS


def _records() -> list[dict[str, Any]]:
    rows = MATRIX.astype(np.float64).tolist()
    return [{"word": w, "embedding": r, "year": y} for w, r, y in zip(WORDS, rows, YEARS, strict=True)]


@pytest.mark.parametrize(
    "shape",
    [
        lambda r: json.dumps(r),
        lambda r: json.dumps(r, indent=1),
        lambda r: json.dumps([[row["word"], row["embedding"]] for row in r]),
        lambda r: json.dumps([[row["word"], *row["embedding"]] for row in r]),
        lambda r: json.dumps({row["word"]: row["embedding"] for row in r}),
        lambda r: json.dumps({"words": [row["word"] for row in r], "vectors": [row["embedding"] for row in r]}),
        lambda r: json.dumps({"model": "m", "data": r}),
        lambda r: json.dumps([{row["word"]: row["embedding"]} for row in r]),
    ],
)
def test_shapes_of_json(shape: Callable[[list[dict[str, Any]]], str]) -> None:
    data = shape(_records())
    assert json_kind(data.encode(), whole=True) == "json"
    assert json_kind(data.encode()[:70], whole=False) == "json"
    assert is_sample(read("json", data)[0])


@pytest.mark.parametrize(
    "row",
    [
        lambda r: r,
        lambda r: [r["word"], r["embedding"]],
        lambda r: [r["word"], *r["embedding"]],
        lambda r: {r["word"]: r["embedding"]},
        lambda r: {"token": r["word"]} | {f"dim_{i}": x for i, x in enumerate(r["embedding"])},
    ],
)
def test_json_lines(row: Callable[[dict[str, Any]], Any]) -> None:
    data = "".join(json.dumps(row(record), ensure_ascii=False) + "\n" for record in _records())
    assert json_kind(data.encode(), whole=True) == "json-lines"
    vectors, report = read("json-lines", data)
    assert is_sample(vectors)
    assert report.format == "JSON lines"
    assert is_sample(read("json", data)[0])  # taken for one value: it goes on as lines


def test_a_word_twice_in_a_map_is_counted() -> None:
    vectors, report = read("json", '{"a": [1, 2.5], "b": [0.5, 1], "a": [3, 4]}')
    assert vectors.words == ("a", "b")
    assert vectors.matrix[0].tolist() == [1, 2.5]
    assert report.duplicates == 1


def test_odd_values_of_json() -> None:
    rows: list[Any] = [{"w": f"w{i}", "v": [i + 0.5, 1]} for i in range(600)]
    lines = [json.dumps(row) for row in rows]
    odd = {
        10: '{"w": "nan", "v": [NaN, 1]}', 20: '{"w": "infinite", "v": [1, -Infinity]}',
        30: '{"w": "huge", "v": [' + "1" * 401 + ", 1]}", 40: '{"w": "half \\ud800", "v": [1, 2]}',
        50: '{"w": "text", "v": ["0.1", 2]}', 60: '{"w": "short", "v": [1]}', 70: '{"w": "nested", "v": [[1, 2]]}',
        80: '{"w": null, "v": [1, 2]}', 90: '{"w": "none", "v": null}', 100: "not json",
        110: '{"w": "w", "v": [1, true]}',
    }  # fmt: skip
    for at, line in odd.items():
        lines[at - 1] = line
    vectors, report = read("json-lines", "\n".join(lines) + "\n", limits=Limits(odd_rows="any"))
    assert len(vectors) == 600 - len(odd)
    assert {reason: d.places for reason, d in report.dropped.items()} == {
        "NaN": (10,), "infinity": (20, 30), "word is not UTF-8": (40,), "wrong number of values": (60,),
        "something that is not a number": (50, 70, 110), "empty word": (80,), "no vector": (90,), "not JSON": (100,),
    }  # fmt: skip


@pytest.mark.parametrize(
    "data",
    [
        "[" * 100_000, "{" * 10, '["a", "b"]', '{"a": 1, "b": 2}', "[]", "{}", "3", "null", '"x"', "[1, 2]", "[[], []]",
        '{"a": {}}', '[{"a": "b"}]', '{"a": [1, 2]', '{"columns": ["a"], "data": [1]}', "[" + "1" * 5000 + "]",
        '{"a": "b", "c": []}', "[{}, {}]", '{"a": null}', '{"columns": [1, 2], "index": 3, "data": []}',
    ],
)  # fmt: skip
def test_json_without_vectors_is_refused(data: str) -> None:
    for kind in ("json", "json-lines"):
        with pytest.raises(VectorFileError):
            read(kind, data)


def test_json_that_would_fill_the_memory_is_refused_before_it_is_parsed() -> None:
    data = b"[" + b"[]," * 3_000_000 + b"[]]"
    with pytest.raises(FileTooLarge, match="JSON lines"):
        read("json", data)
    with pytest.raises(FileTooLarge):
        read("json", json.dumps(_records()), limits=Limits(memory_bytes=1000))


# Arrow and Parquet

LISTS: dict[str, Callable[[], pa.Array]] = {
    "list": lambda: pa.array(MATRIX.tolist(), pa.list_(pa.float32())),
    "large list": lambda: pa.array(MATRIX.tolist(), pa.large_list(pa.float32())),
    "fixed size list": lambda: pa.array(MATRIX.tolist(), pa.list_(pa.float32(), 5)),
    "float64": lambda: pa.array(MATRIX.astype(np.float64).tolist(), pa.list_(pa.float64())),
    "tensor": lambda: pa.FixedShapeTensorArray.from_numpy_ndarray(MATRIX),
}
TEXTS: dict[str, pa.DataType] = {
    "string": pa.string(),
    "large string": pa.large_string(),
    "binary": pa.binary(),
    "dictionary": pa.dictionary(pa.int32(), pa.string()),
    "view": pa.string_view(),
}


def written(kind: str, table: pa.Table) -> bytes:
    return parquet(table, row_group_size=3) if kind == "parquet" else ipc(table, stream=kind == "arrow-stream")


@pytest.mark.parametrize("kind", ["parquet", "arrow", "arrow-stream"])
@pytest.mark.parametrize("lists", LISTS)
@pytest.mark.parametrize("text", TEXTS)
def test_types_of_arrow(kind: str, lists: str, text: str) -> None:
    words = pa.array([w.encode() for w in WORDS] if text == "binary" else WORDS)
    table = pa.table({"text": words.cast(TEXTS[text]), "label": YEARS, "embedding": LISTS[lists]()})
    vectors, _ = read(kind, written(kind, table))
    assert is_sample(vectors)
    assert further(vectors) == {"label": YEARS}


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.int8])
@pytest.mark.parametrize("lists", [True, False])
def test_types_of_numbers(dtype: Any, lists: bool) -> None:
    matrix = (MATRIX * 20).astype(dtype)
    columns = {f"d{i}": pa.array(matrix[:, i]) for i in range(5)}
    table = pa.table({"word": WORDS} | ({"v": pa.array(list(matrix))} if lists else columns))
    for kind in ("parquet", "arrow"):
        vectors, report = read(kind, written(kind, table))
        assert vectors.matrix.tobytes() == matrix.astype(np.float32).tobytes()
        assert any("turned into float32" in note for note in report.notes) is (dtype is not np.float32)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_numbers_beside_vectors_are_what_they_were_written_as(dtype: Any) -> None:
    rates = [0.1, None, 2.5, -0.3, 1.0, 0.7, 40.0, 0.25]
    rate = pa.array([None if rate is None else dtype(rate) for rate in rates], pa.from_numpy_dtype(dtype))
    table = pa.table({"word": WORDS, "rate": rate, "v": pa.array(MATRIX.tolist())})
    assert further(read("parquet", written("parquet", table))[0]) == {"rate": rates}


@pytest.mark.parametrize("frame", [wide(year=YEARS), deep(year=YEARS)], ids=["wide", "deep"])
@pytest.mark.parametrize("compression", ["zstd", "snappy", "gzip", "lz4", "none"])
def test_what_pandas_writes_as_parquet(frame: pd.DataFrame, compression: str) -> None:
    for table in (frame, frame.set_index("word"), frame.iloc[::-1].iloc[::-1]):
        sink = io.BytesIO()
        table.to_parquet(sink, compression=None if compression == "none" else compression)  # type: ignore[call-overload]
        vectors, _ = read("parquet", sink.getvalue())
        assert is_sample(vectors)
        assert further(vectors) == {"year": YEARS}


@pytest.mark.parametrize("compression", ["zstd", "lz4", "uncompressed"])
def test_feather(compression: str) -> None:
    sink = io.BytesIO()
    feather.write_feather(deep(day=pd.to_datetime(["2024-01-02"] * 8)), sink, compression=compression)
    vectors, report = read("arrow", sink.getvalue())
    assert is_sample(vectors)
    assert further(vectors)["day"][0].startswith("2024-01-02")
    assert report.format == "Arrow file"


def test_nulls_are_left_out_and_counted() -> None:
    rows: list[Any] = [[i + 0.5, 1.0] for i in range(500)]
    words: list[Any] = [f"w{i}" for i in range(500)]
    rows[10], rows[20], rows[30], words[40] = None, [None, 1.0], [1.0], None
    table = pa.table({"word": words, "v": pa.array(rows, pa.list_(pa.float32())), "n": list(range(500))})
    for kind in ("parquet", "arrow"):
        vectors, report = read(kind, written(kind, table))
        assert {reason: d.places for reason, d in report.dropped.items()} == {
            "no vector": (11,), "something that is not a number": (21,), "wrong number of values": (31,),
            "empty word": (41,),
        }  # fmt: skip
        kept = [i for i in range(500) if i not in (10, 20, 30, 40)]
        assert vectors.matrix[:, 0].tolist() == [i + 0.5 for i in kept]
        assert further(vectors) == {"n": kept}
    numbers = pa.table({"word": words, "x": [None if i == 7 else i + 0.5 for i in range(500)], "y": [1.5] * 500})
    _, report = read("parquet", parquet(numbers))
    assert report.dropped["something that is not a number"].places == (8,)


def test_a_sliced_table_and_a_column_of_written_lists() -> None:
    table = pa.Table.from_pandas(deep()).slice(2, 4)
    assert read("arrow", ipc(table))[0].matrix.tobytes() == MATRIX[2:6].tobytes()
    rows = [json.dumps(row) for row in MATRIX.astype(np.float64).tolist()]
    assert is_sample(read("parquet", parquet(pa.table({"text": WORDS, "embedding": rows})))[0])


def test_limits_hold_for_what_arrow_files_state() -> None:
    table = pa.Table.from_pandas(deep())
    for kind in ("parquet", "arrow", "arrow-stream"):
        data = written(kind, table)
        for limits in (Limits(rows=7), Limits(dimensions=4), Limits(memory_bytes=100)):
            with pytest.raises(FileTooLarge):
                read(kind, data, limits=limits)
        assert len(read(kind, data, limits=Limits(keep=3))[0]) == 3


def test_tables_that_unpack_to_far_more_are_refused() -> None:
    zeros = pa.FixedSizeListArray.from_arrays(pa.array(np.zeros(40_000_000, np.float32)), 4000)
    words = pa.array([f"w{i}" for i in range(10_000)])
    bomb = pa.table({"word": words, "v": zeros})
    with pytest.raises(FileTooLarge, match="unpack"):
        read("arrow", ipc(bomb.combine_chunks(), compression="zstd"), limits=Limits(ratio=10, ratio_free_bytes=1000))
    text = pa.DictionaryArray.from_arrays(pa.array(np.zeros(10_000, np.int32)), ["z" * 1_000_000])
    same = pa.table({"word": words, "x": [0.5] * 10_000, "y": [1.5] * 10_000, "text": text})
    vectors, _ = read("parquet", parquet(same))  # 10 GB of text, of which one copy is held
    assert further(vectors)["text"][0] == "z" * 1_000_000


@pytest.mark.parametrize("kind", ["parquet", "arrow", "arrow-stream"])
def test_arrow_tables_without_vectors_are_refused(kind: str) -> None:
    for table in (
        pa.table({"word": ["a", "b"]}),
        pa.table({"word": ["a"], "v": pa.array([[]], pa.list_(pa.float32()))}),
        pa.table({"word": pa.array([], pa.string()), "v": pa.array([], pa.list_(pa.float32()))}),
        pa.table({"s": [{"a": 1}]}),
        pa.table({"word": ["a"], "v": [[["x"]]]}),
    ):
        with pytest.raises(VectorFileError):
            read(kind, written(kind, table))


def test_feather_1_and_encrypted_tables_say_the_way_out() -> None:
    with pytest.raises(VectorFileError, match="Feather, version 1"):
        read("arrow", b"FEA1" + bytes(100))
    with pytest.raises(VectorFileError, match="encrypted"):
        read("parquet", b"PARE" + bytes(100) + b"PARE")


# All formats: round trips, truncations and changed bytes


def _files() -> dict[str, tuple[str, bytes]]:
    table = pa.Table.from_pandas(deep(year=YEARS))
    return {
        "csv": ("csv", wide(year=YEARS).to_csv().encode()),
        "quoted csv": ("csv", deep().to_csv(quoting=csv.QUOTE_ALL).encode()),
        "json": ("json", wide(year=YEARS).to_json(orient="records").encode()),
        "json columns": ("json", deep().to_json().encode()),
        "json lines": ("json-lines", deep().to_json(orient="records", lines=True).encode()),
        "parquet": ("parquet", parquet(table, row_group_size=3)),
        "plain parquet": ("parquet", parquet(table, use_dictionary=False, compression="none")),
        "arrow": ("arrow", ipc(table)),
        "zstd arrow": ("arrow", ipc(table, compression="zstd")),
        "stream": ("arrow-stream", ipc(table, stream=True)),
    }


FILES = _files()
quick = settings(
    max_examples=150, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)  # fmt: skip


def check(name: str, data: bytes) -> WordVectors | None:
    """The vectors if the file is not refused; any other error comes through."""
    try:
        vectors, report = read(FILES[name][0], data)
    except VectorFileError:
        return None
    assert np.isfinite(vectors.matrix).all()
    assert len(set(vectors.words)) == len(vectors.words) == report.rows > 0
    assert "" not in vectors.words
    return vectors


@pytest.mark.parametrize("name", FILES)
def test_every_truncation_is_refused_or_gives_the_first_rows(name: str) -> None:
    data = FILES[name][1]
    for length in range(0, len(data), 1 if len(data) < 1500 else 3):
        vectors = check(name, data[:length])
        if vectors is not None and length > len(data) // 2:
            assert vectors.words == tuple(WORDS[: len(vectors)])
        if FILES[name][0] in ("json", "parquet", "arrow"):
            assert vectors is None, length


@pytest.mark.parametrize("name", FILES)
@quick
@given(st.floats(0, 1, exclude_max=True), st.integers(1, 255))
def test_one_changed_byte(name: str, position: float, change: int) -> None:
    data = FILES[name][1]
    at = int(position * len(data))
    check(name, data[:at] + bytes([data[at] ^ change]) + data[at + 1 :])


_word = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\0"), min_size=1, max_size=12)
_number = st.floats(width=32, allow_nan=False, allow_infinity=False)


@st.composite
def spaces(draw: st.DrawFn) -> tuple[list[str], Any]:
    words = draw(st.lists(_word, min_size=1, max_size=6, unique=True))
    dimensions = draw(st.integers(2, 5))
    matrix = draw(arrays(np.float32, (len(words), dimensions), elements=_number))
    matrix[:, 0] = np.where((matrix == 0).all(axis=1), np.float32(1), matrix[:, 0])
    return words, matrix


@quick
@given(spaces())
@example((["a"], np.array([[0.5, 1e-45]], np.float32)))
@example((["0"], np.array([[1, 1]], np.float32)))
def test_tables_come_back_as_they_were(space: tuple[list[str], Any]) -> None:
    words, matrix = space
    table = pa.table({"word": words, "embedding": pa.array(list(matrix), pa.list_(pa.float32()))})
    records = [{"word": w, "embedding": row.tolist()} for w, row in zip(words, matrix, strict=True)]
    for kind, data in (
        ("parquet", parquet(table)),
        ("arrow", ipc(table, compression="zstd")),
        ("arrow-stream", ipc(table, stream=True)),
        ("json", json.dumps(records).encode()),
        ("json", json.dumps({r["word"]: r["embedding"] for r in records}).encode()),
        ("json-lines", "".join(json.dumps(r) + "\n" for r in records).encode()),
    ):
        vectors, report = read(kind, data, columns=Columns(word="word" if "word" in str(data[:200]) else None))
        assert list(vectors.words) == words
        assert vectors.matrix.tobytes() == matrix.tobytes()
        assert report.rows_dropped == 0


@quick
@given(spaces(), st.sampled_from(list(",\t;| ")), st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]))
def test_quoted_csv_comes_back_as_it_was(space: tuple[list[str], Any], separator: str, quoting: Any) -> None:
    words, matrix = space
    sink = io.StringIO()
    writer = csv.writer(sink, delimiter=separator, quoting=quoting, lineterminator="\n")
    writer.writerow(["word", *(f"dim_{i}" for i in range(matrix.shape[1]))])
    writer.writerows([[w, *map(float, row)] for w, row in zip(words, matrix, strict=True)])
    vectors, _ = read("csv", sink.getvalue(), columns=Columns(word="word", heading=True))
    assert list(vectors.words) == words
    assert vectors.matrix.tobytes() == matrix.tobytes()


def test_names_that_repeat_lose_no_dimension() -> None:
    data = "word,emb,emb,emb\n" + "".join(f"w{i},{i}.5,{i}.25,{i}.75\n" for i in range(6))
    vectors, _ = read_vectors(io.BytesIO(data.encode()))
    assert vectors.matrix.tolist() == [[i + 0.5, i + 0.25, i + 0.75] for i in range(6)]


def test_a_json_map_of_words_to_named_numbers_is_not_turned() -> None:
    words = {f"{chr(97 + i)}x": dict(zip("vwxyz", (i + 0.5, 1.0, 2.0, 3.0, 4.0), strict=True)) for i in range(8)}
    vectors, _ = read_vectors(io.BytesIO(json.dumps(words).encode()))
    assert vectors.words == tuple(words)
    assert vectors.matrix[:, 0].tolist() == [i + 0.5 for i in range(8)]


def test_a_column_of_one_value_is_no_column_of_words() -> None:
    answer = {"data": [{"object": "embedding", "index": i, "embedding": [i + 0.5, 1.0]} for i in range(6)]}
    data = json.dumps(answer).encode()
    with pytest.raises(VectorFileError) as refused:
        read_vectors(io.BytesIO(data))
    assert refused.value.asks == "words"
    vectors, _ = read_vectors(io.BytesIO(data), words=list("abcdef"))
    assert vectors.words == tuple("abcdef")
    assert vectors.matrix[:, 0].tolist() == [i + 0.5 for i in range(6)]


# Which columns are the vectors, and what is asked


@pytest.mark.parametrize(
    "heading", ["word,emb,emb,emb", "word,emb,emb.1,emb.2", ",emb,emb,emb\n,0,1,2", "word,emb,emb1,emb2"]
)
def test_repeated_names_and_two_lines_of_heading(heading: str) -> None:
    vectors, _ = read("csv", f"{heading}\nriver,0.5,0.25,1.5\nsea,1.5,-0.5,2.5\nlake,1,0.75,-1.5\n")
    assert vectors.words == ("river", "sea", "lake")
    assert vectors.matrix.tolist() == [[0.5, 0.25, 1.5], [1.5, -0.5, 2.5], [1, 0.75, -1.5]]


@pytest.mark.parametrize("years", [3, 10])
def test_counts_under_numbered_names_do_not_outweigh_fractions(years: int) -> None:
    frame = pd.DataFrame(MATRIX[:, :4].astype(np.float64), columns=list("abcd"), index=pd.Index(WORDS, name="word"))
    for i in range(years, 0, -1):
        frame.insert(0, str(2000 + i), [i * 7 + k for k in range(8)])
    with pytest.raises(SeveralFiles) as asked:
        read("csv", frame.to_csv())
    assert set(asked.value.members) == {"a to d", f"2001 to {2000 + years}"}
    vectors, _ = read("csv", frame.to_csv(), columns=Columns(vector="a to d"))
    assert vectors.matrix.tolist() == MATRIX[:, :4].tolist()


def test_many_fractions_outweigh_a_few_counts_and_numbered_names_a_score() -> None:
    frame = wide(tfidf=[i / 7 + 0.1 for i in range(8)])
    assert is_sample(read("csv", frame.to_csv(index=False))[0])
    frame = pd.DataFrame(MATRIX.astype(np.float64), columns=list("abcde"), index=pd.Index(WORDS, name="word"))
    frame.insert(0, "y2002", range(5, 13))
    frame.insert(0, "y2001", range(3, 11))
    assert is_sample(read("csv", frame.to_csv())[0])


def test_a_fraction_behind_the_label_is_asked_about() -> None:
    frame = pd.DataFrame(MATRIX.astype(np.float64), columns=list("abcde"))
    frame.insert(4, "label", WORDS)
    data = frame.to_csv(index=False)
    with pytest.raises(SeveralFiles) as asked:
        read("csv", data)
    assert asked.value.members == ("a to d", "e", "a to e")
    assert is_sample(read("csv", data, columns=Columns(vector="a to e"))[0])


@pytest.mark.parametrize("number", ["1,200.5", "-2.200.300,25"])
def test_thousands_with_marks_take_no_dimension_away(number: str) -> None:
    data = "word,a,b,c\n" + "".join(f'w{i},{i}.5,{i}.25,"{number}"\n' for i in range(9))
    with pytest.raises(VectorFileError, match=r"“c”.*thousands") as asked:
        read("csv", data)
    assert asked.value.asks == "columns"
    vectors, _ = read("csv", data, columns=Columns(vector="a to b"))
    assert vectors.matrix.tolist() == [[i + 0.5, i + 0.25] for i in range(9)]


# JSON: orders and shapes


@pytest.mark.parametrize("base", [0, 1])
def test_an_object_of_numbers_is_a_list(base: int) -> None:
    def row(i: int) -> dict[str, Any]:
        at = [0, 2, 1] if i % 2 else [0, 1, 2]  # keys in any order
        return {"word": f"w{i}", "vector": {f"d{base + k}": i + k / 4 for k in at}}

    rows = [row(i) for i in range(5)]
    for kind, data in (("json", json.dumps(rows)), ("json-lines", "".join(json.dumps(r) + "\n" for r in rows))):
        vectors, _ = read(kind, data)
        assert vectors.matrix.tolist() == [[i, i + 0.25, i + 0.5] for i in range(5)]


def test_an_object_of_other_names_is_no_list() -> None:
    with pytest.raises(VectorFileError, match="“vector”"):
        read("json", json.dumps([{"word": w, "vector": {"x": 0.5, "y": 1.5}} for w in WORDS]))


def test_a_guess_which_names_are_words_is_told() -> None:
    inner = {"a": 0.5, "b": 1.5}
    _, report = read("json", json.dumps(dict.fromkeys(WORDS, inner)))
    assert any("guessed: the outer" in note for note in report.notes)
    _, report = read("json", wide().to_json())
    assert not any("guessed" in note for note in report.notes)


def test_given_words_follow_the_index_of_an_answer() -> None:
    order = [3, 0, 7, 1, 2, 6, 5, 4]
    rows = [{"object": "embedding", "index": i, "embedding": MATRIX[i].astype(float).tolist()} for i in order]
    data = json.dumps({"object": "list", "data": rows, "model": "m"})
    vectors, report = read("json", data, words=WORDS)
    assert is_sample(vectors)
    assert any("order of column “index”" in note for note in report.notes)
    lines = "".join(json.dumps(r) + "\n" for r in rows)
    vectors, report = read("json-lines", lines, words=WORDS)
    assert vectors.matrix.tobytes() == MATRIX[order].tobytes()
    assert any("not of column “index”" in note for note in report.notes)


@pytest.mark.parametrize(
    "shape",
    [
        {"model": "m", "words": WORDS, "vectors": MATRIX.astype(float).tolist()},
        {"dim": 5, "vectors": dict(zip(WORDS, MATRIX.astype(float).tolist(), strict=True))},
        {"dim": 5, "config": {"a": 1}, "words": WORDS, "vectors": MATRIX.astype(float).tolist()},
    ],
)
def test_json_that_also_says_what_it_is(shape: dict[str, Any]) -> None:
    vectors, report = read("json", json.dumps(shape))
    assert is_sample(vectors)
    assert any("Left out" in note and next(iter(shape)) in note for note in report.notes)


_VECTORS = MATRIX.astype(float).tolist()
_PAIRS = list(zip(WORDS, _VECTORS, strict=True))


@pytest.mark.parametrize(
    "answer",
    [
        {"id": "a1", "texts": WORDS, "embeddings": {"float": _VECTORS}, "meta": {"api_version": {"version": "2"}}},
        {"result": {"points": [{"id": i, "payload": {"word": w}, "vector": v} for i, (w, v) in enumerate(_PAIRS)]}},
        {"vectors": {w: {"id": w, "values": v, "metadata": {"n": 1}} for w, v in _PAIRS}, "usage": {"readUnits": 1}},
        {"data": {"Get": {"Word": [{"word": w, "_additional": {"vector": v}} for w, v in _PAIRS]}}, "errors": None},
        {
            "took": 3,
            "hits": {"total": {"value": 8}, "hits": [{"_source": {"word": w, "vector": v}} for w, v in _PAIRS]},
        },
    ],
    ids=["texts", "points", "vectors", "graph", "hits"],
)
@pytest.mark.parametrize("codec", ["utf-8", "utf-16", "utf-32"])
def test_records_inside_an_answer_are_found(answer: dict[str, Any], codec: str) -> None:
    vectors, _ = read_vectors(io.BytesIO(json.dumps(answer).encode(codec)), name="answer")
    assert is_sample(vectors)


def test_documents_are_words_rather_than_their_ids() -> None:
    answer = {"ids": [str(i) for i in range(8)], "embeddings": _VECTORS, "documents": WORDS, "uris": None}
    vectors, _ = read("json", json.dumps(answer))
    assert vectors.words == tuple(WORDS)


def test_an_answer_in_base64_needs_words_and_gives_its_own_numbers() -> None:
    rows = [
        {"object": "embedding", "index": i, "embedding": base64.b64encode(r).decode()} for i, r in enumerate(MATRIX)
    ]
    answer = io.BytesIO(json.dumps({"object": "list", "data": rows, "usage": {"total_tokens": 8}}).encode())
    with pytest.raises(VectorFileError) as refused:
        read_vectors(answer, name="answer")
    assert refused.value.asks == "words"
    answer.seek(0)
    assert is_sample(read_vectors(answer, name="answer", words=WORDS)[0])


def test_lines_of_remarks_above_a_table_are_left_out_and_told_of() -> None:
    table = "# made by a script, on a day\n\n# of ours\nword,a,b\n" + "".join(f"w{i},{i}.5,{i}.25\n" for i in range(5))
    vectors, report = read_vectors(io.BytesIO(table.encode()), name="f")
    assert vectors.matrix.tolist() == [[i + 0.5, i + 0.25] for i in range(5)]
    assert sum("2 lines above the table" in note for note in report.notes) == 1


def test_quoted_words_before_commas_with_blanks_keep_their_numbers() -> None:
    table = "word, a, b, c\n" + "".join(f'"w{i}, x", {i}.5, {i}.25, {i}.125\n' for i in range(5))
    for text in (table, table.split("\n", 1)[1]):
        vectors, _ = read_vectors(io.BytesIO(text.encode()), name="f")
        assert vectors.words == tuple(f"w{i}, x" for i in range(5))
        assert vectors.matrix.tolist() == [[i + 0.5, i + 0.25, i + 0.125] for i in range(5)]


# Decimal commas, nested columns, and the first rows


def test_quoted_decimal_commas() -> None:
    vectors, report = read("csv", 'cat,"0,5","0,25"\ndog,"0,75","1,25"\nsea,"0,1",-2\n')
    assert vectors.matrix.tolist() == [[0.5, 0.25], [0.75, 1.25], [pytest.approx(0.1), -2]]
    assert any("decimal commas" in note for note in report.notes)
    with pytest.raises(VectorFileError):  # thousands, maybe
        read("csv", 'cat,"1,200","3,250"\ndog,"5,750","1,250"\n')


def test_a_cell_that_is_no_number_is_named_beside_decimal_commas() -> None:
    data = "word;a;b\n" + "".join(f"w{i};0,5;{i},25\n" for i in range(200)) + "bad;0,5;x\n"
    _, report = read("csv", data)
    assert any("line 202: “x” is not a number" in note for note in report.notes)


@pytest.mark.parametrize("kind", ["parquet", "arrow", "arrow-stream", "csv", "json"])
def test_what_is_no_number_in_a_column_of_numbers_is_a_missing_value(kind: str) -> None:
    years = [1900.5, float("nan"), *range(6)]
    if kind == "csv":
        data: bytes | str = wide(year=years).to_csv(index=False)
    elif kind == "json":
        rows = [
            {"word": word, "v": row, "year": year}
            for word, row, year in zip(WORDS, MATRIX.tolist(), years, strict=True)
        ]
        data = json.dumps(rows)
    else:
        lists = pa.array(MATRIX.tolist(), pa.list_(pa.float32()))
        data = written(kind, pa.table({"word": WORDS, "year": years, "v": lists}))
    vectors, _ = read(kind, data)
    assert further(vectors)["year"] == [1900.5, None, *range(6)]


@pytest.mark.parametrize("kind", ["parquet", "arrow", "arrow-stream"])
def test_nested_columns_are_named(kind: str) -> None:
    lists = pa.array(MATRIX.tolist(), pa.list_(pa.float32()))
    beside = {"meta": [{"a": 1}] * 8, "tags": [["x", "y"]] * 8, "none": pa.nulls(8)}
    vectors, report = read(kind, written(kind, pa.table({"word": WORDS, **beside, "v": lists})))
    assert is_sample(vectors)
    assert any("neither" in note and "“meta”, “tags”" in note for note in report.notes)
    assert "Left out (nothing in it): “none”." in report.notes
    for nested in ([[row] for row in MATRIX.tolist()], [{"x": 0.5, "y": 1.5}] * 8):
        with pytest.raises(VectorFileError, match="Turn “v” into one flat list"):
            read(kind, written(kind, pa.table({"word": WORDS, "v": nested})))


@pytest.mark.parametrize("kind", ["parquet", "arrow", "arrow-stream", "csv", "json", "json-lines"])
def test_the_first_rows_of_more_than_the_limits_allow(kind: str) -> None:
    if kind == "csv":
        data: bytes | str = wide().to_csv(index=False)
    elif kind.startswith("json"):
        data = deep().to_json(orient="records", lines=kind == "json-lines")
    else:
        data = written(kind, pa.table({"word": WORDS, "v": MATRIX.tolist()}))
    vectors, report = read(kind, data, limits=Limits(rows=5, keep=3))
    assert list(vectors.words) == WORDS[:3]
    assert vectors.matrix.tolist() == MATRIX[:3].tolist()
    assert any("first 3 words only" in note for note in report.notes)
    with pytest.raises(FileTooLarge):
        read(kind, data, limits=Limits(rows=5))


def test_the_rest_stays_unread_once_enough_rows_are_there() -> None:
    table = pa.table({"word": [f"w{i}" for i in range(50_000)], "v": np.ones((50_000, 2)).tolist()})
    _, report = read("parquet", parquet(table), limits=Limits(keep=3))
    assert report.rows_read < 50_000
    assert any("not read" in note for note in report.notes)
