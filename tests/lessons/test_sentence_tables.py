"""Visitors' own tables of labelled sentences: the layouts that people have, parts, repeated texts, samples."""

import csv
import gzip
import io
import json
import tarfile
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import feather

from embedlab.errors import EmbedlabError, InvalidSetting, InvalidText, SeveralFiles
from embedlab.lessons.transfer.data import sentence_tables
from embedlab.lessons.transfer.data.column_roles import ColumnRoles
from embedlab.lessons.transfer.data.sampling import stratified_sample
from embedlab.lessons.transfer.data.sentence_tables import open_table, read_table
from embedlab.lessons.transfer.data.sentences import PARTS, Sentences, text_key

PLACES = ["bridge", "market", "garden", "tower", "cellar", "kitchen", "river", "harbor"]
THINGS = ["violin", "ladder", "kettle", "lantern", "basket"]
TEXTS = [f"The {thing} that stood in the {place} was sold, they say" for place in PLACES for thing in THINGS]  # 40
LABELS = ["ham" if i % 3 else "spam" for i in range(len(TEXTS))]
Made = tuple[bytes, list[str], list[str]]  # a file, its texts, their labels


def written(rows: Sequence[Sequence[Any]], separator: str = ",", **how: Any) -> str:
    stream = io.StringIO()
    csv.writer(stream, delimiter=separator, lineterminator=how.pop("end", "\n"), **how).writerows(rows)
    return stream.getvalue()


def labels_of(found: Sentences) -> list[str]:
    return [found.labels[i] for i in found.label_ids]


def spam(end: Sequence[str] = ("", "", "")) -> Made:
    rows = [["v1", "v2", *end], *([label, text, *end] for text, label in zip(TEXTS, LABELS, strict=True))]
    return written(rows).encode(), TEXTS, LABELS


def news(heading: bool) -> Made:
    classes = [str(1 + i % 4) for i in range(len(TEXTS))]
    bodies = [f"{text}. More of it follows on page {i}." for i, text in enumerate(TEXTS)]
    rows = [["Class Index", "Title", "Description"]] * heading
    rows += [[c, t, b] for c, t, b in zip(classes, TEXTS, bodies, strict=True)]
    joined = [f"{t}\n{b}" for t, b in zip(TEXTS, bodies, strict=True)]
    return written(rows, quoting=csv.QUOTE_ALL).encode(), joined, classes


def tweets(users: int) -> Made:
    """polarity, id, date, query, user, text; sorted by label, without a heading, in Latin-1."""
    texts = [text.replace("cellar", "café") for text in TEXTS] * 2
    texts = [f"{text} {'so ' * (i // 40)}" for i, text in enumerate(texts)]
    polarity = ["0"] * 40 + ["4"] * 40
    rows = [
        [polarity[i], 1467810369 + 31 * i, f"Mon Apr {6 + i % 20:02d} 22:19:{i % 60:02d} PDT 2009", "NO_QUERY",
         f"user_{i % users}", text]
        for i, text in enumerate(texts)
    ]  # fmt: skip
    return written(rows, quoting=csv.QUOTE_ALL).encode("latin-1"), [text.strip() for text in texts], polarity


def named(heading: Sequence[str], order: Sequence[int], separator: str = ",", marks: Sequence[str] = ()) -> Made:
    """A number of the row, the label and the text, in this order of columns."""
    labels = [marks[i % len(marks)] for i in range(len(TEXTS))] if marks else LABELS
    cells = [[str(i), label, text] for i, (text, label) in enumerate(zip(TEXTS, labels, strict=True))]
    rows = [[row[i] for i in order] for row in cells]
    return written([list(heading)] * bool(heading) + rows, separator).encode(), TEXTS, labels


def packed(how: str) -> Made:
    data = named(("text", "label"), (2, 1))[0]
    stream = io.BytesIO()
    if how == "gz":
        return gzip.compress(data), TEXTS, LABELS
    if how == "tar.gz":
        with tarfile.open(fileobj=stream, mode="w:gz") as tar:
            info = tarfile.TarInfo("folder/table.csv")
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    else:
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("collection", data)
            archive.writestr("readme", "What these are, and where they come from.\n")
    return stream.getvalue(), TEXTS, LABELS


def zipped(files: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


def in_arrow(how: str) -> Made:
    """As Hugging Face's datasets write it: the label is a number, whose name stands in the schema."""
    names = ["spam", "ham"]
    frame = pd.DataFrame({"idx": range(len(TEXTS)), "text": TEXTS, "label": list(map(names.index, LABELS))})
    frame["tokens"] = [text.split() for text in TEXTS]
    table = pa.Table.from_pandas(frame)
    if how != "without names":
        about = {"info": {"features": {"text": {"dtype": "string"}, "label": {"names": names, "_type": "ClassLabel"}}}}
        table = table.replace_schema_metadata({"huggingface": json.dumps(about)})
    stream = io.BytesIO()
    if how == "feather":
        feather.write_feather(table, stream)
    else:
        pq.write_table(table, stream, row_group_size=7)
    labels = LABELS if how != "without names" else [str(names.index(label)) for label in LABELS]
    return stream.getvalue(), TEXTS, labels


def in_json(how: str) -> Made:
    numbers = [int(label == "ham") for label in LABELS]
    records = [{"idx": i, "label": n, "sentence": t} for i, (n, t) in enumerate(zip(numbers, TEXTS, strict=True))]
    forms = {
        "lines": "\n".join(map(json.dumps, records)),
        "list": json.dumps(records),
        "records inside": json.dumps({"version": 1, "data": records}),
        "lists": json.dumps({"sentence": TEXTS, "label": numbers}),
        "pandas": pd.DataFrame(records).to_json(),
        "pandas, split": pd.DataFrame(records).to_json(orient="split"),
    }
    return forms[how].encode(), TEXTS, list(map(str, numbers))


def broken_lines(separator: str) -> Made:
    texts = [text.replace(" that ", '\nwho said "so, so"\n\n') for text in TEXTS]
    rows = [["Kommentar", "Wertung"], *zip(texts, LABELS, strict=True)]
    return written(rows, separator, end="\r\n").encode(), texts, LABELS


def encoded(encoding: str, word: str) -> Made:
    texts = [f"{text} {word}" for text in TEXTS]
    return written([*zip(texts, LABELS, strict=True)], "\t").encode(encoding), texts, LABELS


def as_r_writes(separator: str, *, numbered: bool, within: str = "") -> Made:
    """What R's write.table writes unless told otherwise; some texts hold quotation marks, one has an odd number."""
    texts = [(f'"{text}" is what they said' if i % 4 else text) + within for i, text in enumerate(TEXTS)]
    texts[1] += ' of the 5" disk'
    rows = [[str(i + 1)] * numbered + [text, label] for i, (text, label) in enumerate(zip(texts, LABELS, strict=True))]
    how: dict[str, Any] = {"quoting": csv.QUOTE_ALL, "doublequote": False, "escapechar": "\\"}
    return written([["text", "label"], *rows], separator, **how).encode(), texts, LABELS


def with_confidence() -> Made:
    """Further columns with names that hold those of labels, and one that is nearly empty."""
    names = "tweet_id airline_sentiment airline_sentiment_confidence negativereason retweet_count text"
    rows = [
        [str(9 * i % 41), label, f"{0.3 + i / 100:.4f}", "late" if i % 5 == 0 else "", str(int(i % 20 == 0)), text]
        for i, (text, label) in enumerate(zip(TEXTS, LABELS, strict=True))
    ]
    return written([names.split(), *rows]).encode(), TEXTS, LABELS


def with_copy() -> Made:
    """The text, the same cleaned, and two labels, of which one is the number of the other."""
    rows = [
        [str(i), label, f"Subject: {text}", text.lower().replace(",", ""), int(label == "spam")]
        for i, (text, label) in enumerate(zip(TEXTS, LABELS, strict=True))
    ]
    data = written([["", "label", "message", "cleaned", "label_num"], *rows]).encode()
    return data, [f"Subject: {text}" for text in TEXTS], LABELS


LAYOUTS: dict[str, Callable[[], Made]] = {
    "SMS spam: three empty columns": spam,
    "an empty column first": lambda: named(("", "class", "message"), (0, 1, 2)),
    "news with a heading": lambda: news(True),
    "news without one": lambda: news(False),
    "tweets of many users": lambda: tweets(79),
    "tweets of few users": lambda: tweets(7),
    "label first": lambda: named((), (1, 2)),
    "label last": lambda: named((), (2, 1)),
    "label in the middle": lambda: named(("id", "v1", "v2"), (0, 1, 2)),
    "label in the middle, no heading": lambda: named((), (0, 1, 2)),
    "numbers behind": lambda: named((), (1, 2, 0)),
    "other names": lambda: named(("Bewertung", "Kommentar"), (1, 2), ";"),
    "names that tell nothing": lambda: named(("a", "b"), (2, 1), "\t"),
    "labels are numbers": lambda: named(("x1", "x2"), (1, 2), "|", ("0", "1")),
    "labels are stars": lambda: named((), (2, 1), ",", tuple("12345")),
    "labels are words": lambda: named((), (2, 1), "\t", ("very good", "so so", "not good at all")),
    "labels that are names of columns": lambda: named((), (1, 2), "\t", ("entity", "description", "text")),
    "a line that says sep": lambda: (b"sep=;\n" + named(("a", "b"), (2, 1), ";")[0], TEXTS, LABELS),
    "rows named as R does": lambda: (b"text,label\n" + named((), (0, 2, 1))[0], TEXTS, LABELS),
    "blanks between quotes": lambda: as_r_writes(" ", numbered=True),
    "blanks between quotes, no numbers": lambda: as_r_writes(" ", numbered=False),
    "backslashes before quotes": lambda: as_r_writes(",", numbered=True),
    "backslashes before quotes, line breaks": lambda: as_r_writes(",", numbered=False, within=', "so\nso"'),
    "backslashes before quotes at line breaks": lambda: as_r_writes(",", numbered=False, within='\n"so", it said'),
    "further columns": with_confidence,
    "a cleaned copy of the text": with_copy,
    "hashtags": lambda: (
        "".join(f"#{t}\t{y}\n" for t, y in zip(TEXTS, LABELS, strict=True)).encode(), [f"#{t}" for t in TEXTS], LABELS
    ),
    "one comma in each text": lambda: named((), (1, 2), ";"),
    "line breaks in quotes": lambda: broken_lines(","),
    "line breaks in quotes, semicolons": lambda: broken_lines(";"),
    "line breaks in quotes, tabs": lambda: broken_lines("\t"),
    "UTF-8 with a mark": lambda: encoded("utf-8-sig", "für"),
    "UTF-16": lambda: encoded("utf-16", "für"),
    "UTF-16 without a mark": lambda: encoded("utf-16-le", "für"),
    "UTF-16, big-endian": lambda: encoded("utf-16-be", "für"),
    "Windows-1252": lambda: encoded("cp1252", "“für”"),
    "Latin-1": lambda: encoded("latin-1", "für"),
    "Windows-1251": lambda: encoded("cp1251", "Привет, Москва"),
    "KOI8-R": lambda: encoded("koi8-r", "Привет, Москва"),
    "fastText": lambda: (b"\n" + table_of(TEXTS, "txt").replace(b"\n", b"\r\n"), TEXTS, LABELS),
    **{f"Arrow: {how}": partial(in_arrow, how) for how in ("parquet", "feather", "without names")},
    "gz": lambda: packed("gz"),
    "tar.gz": lambda: packed("tar.gz"),
    "zip": lambda: packed("zip"),
    **{f"JSON: {how}": partial(in_json, how)
       for how in ("lines", "list", "records inside", "lists", "pandas", "pandas, split")},
}  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
def test_text_and_label_are_found_by_what_stands_in_the_columns(layout: str) -> None:
    data, texts, labels = LAYOUTS[layout]()
    found, report = read_table(data, "table")
    assert list(found.texts) == texts
    assert labels_of(found) == labels
    assert report.kept == report.read == len(texts)


def test_what_is_left_out_is_named_with_the_reason() -> None:
    _, report = read_table(tweets(79)[0], "tweets.csv")
    assert report.left_out == {
        "numbers the rows": ("column 2",), "names or dates": ("column 3", "column 5"), "one value": ("column 4",),
    }  # fmt: skip
    assert "Text in column 6, label in column 1. Left out: column 2 (numbers the rows)" in report.columns
    assert read_table(spam()[0], "spam.csv")[1].left_out == {"empty": ("column 3", "column 4", "column 5")}
    assert any("“café”" in line for line in read_table(tweets(79)[0], "tweets.csv")[1].lines())


def test_a_long_table_sorted_by_label_is_looked_at_all_over() -> None:
    rows = [
        ["0" if i < 9_000 else "4", "NO_QUERY", f"{TEXTS[i % 40]} for the {i}th time, {'x' * 60}"]
        for i in range(18_000)
    ]
    data = written(rows, quoting=csv.QUOTE_ALL).encode()
    assert len(data) > 2 << 20
    table = open_table(data, "sorted.csv")
    assert table.header == ()
    assert table.found == ColumnRoles((2,), 0)
    assert table.rows == 18_000


def test_what_was_found_can_be_chosen_otherwise() -> None:
    table = open_table(news(True)[0], "train.csv")
    assert (table.found, table.header[0]) == (ColumnRoles((1, 2), 0), "Class Index")
    assert table.preview[0] == ("1", TEXTS[0], f"{TEXTS[0]}. More of it follows on page 0.")
    assert list(table.read(ColumnRoles((1,), 0))[0].texts) == TEXTS
    assert table.read(ColumnRoles((2, 1), 0))[0].texts[0].endswith(f"page 0.\n{TEXTS[0]}")
    assert read_table(news(False)[0], "t", heading=True)[1].kept == 39
    assert read_table(news(True)[0], "t", heading=False)[1].dropped == {"label with fewer than 3 texts": [1]}
    assert "fur" not in read_table(encoded("latin-1", "für")[0], "t", encoding="cp1250")[0].texts[0]
    for wrong in (ColumnRoles((), 0), ColumnRoles((1, 1), 0), ColumnRoles((0,), 0), ColumnRoles((7,), 0)):
        with pytest.raises(InvalidSetting):
            table.read(wrong)


def test_texts_in_an_archive_are_named_and_one_can_be_chosen() -> None:
    names = "news/monday.csv", "news/sunday.csv"
    data = zipped({name: news(name == names[0])[0] for name in names} | {"news/classes.txt": b"World\nSports\n"})
    with pytest.raises(SeveralFiles) as caught:
        open_table(data, "news.zip")
    assert caught.value.members == names
    assert open_table(data, "news.zip", member=names[1]).header == ()


def test_an_encoding_is_guessed_by_how_its_text_reads_and_can_be_chosen() -> None:
    data = "".join(f"这是第{i}个句子\t{'好坏'[i % 2]}\n" for i in range(20)).encode("gb18030")
    assert read_table(data, "table")[0].labels == ("坏", "好")
    assert read_table(data, "table", encoding="gb18030")[0].labels == ("坏", "好")


def test_a_few_broken_bytes_in_utf8_lose_their_rows_only() -> None:
    lines = [f"{text} für\t{label}".encode() for text, label in zip(TEXTS, LABELS, strict=True)]
    lines[4] = lines[4].replace("ü".encode(), b"\xfc")
    found, report = read_table(b"\n".join(lines), "table")
    assert report.dropped == {"not UTF-8": [5]}
    assert len(found) == 39


PUT_IN = [b"", b'"', b"\n", b"\t", b",", b"\r", b"\0", b"\xff\xfe", b"{", b"[", b"\x80"]


@settings(max_examples=150)
@given(st.sampled_from(sorted(LAYOUTS)), st.data())
def test_a_changed_file_is_read_or_refused_with_a_sentence(layout: str, data: st.DataObject) -> None:
    file = bytearray(LAYOUTS[layout]()[0])
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(file)))
        file[at : at + data.draw(st.sampled_from([0, 1, 200]))] = data.draw(st.sampled_from(PUT_IN))
    said = ""
    try:
        found, report = read_table(bytes(file), "table")
        assert len(found) == report.kept > 0
    except EmbedlabError as error:
        said = str(error)
    assert len(said) < 500


@pytest.mark.parametrize(
    ("above", "heading"), [("# films", ("text", "label")), ("films, 2020", ("id", "text", "label"))]
)
def test_a_line_above_the_heading_is_none(above: str, heading: tuple[str, ...]) -> None:
    """Also where it has one part less than the table: R's headings have that, and no heading below them."""
    rows = [f"{i},a film that was {word} {i} times,{word}" for i in range(10) for word in ("good", "bad")]
    rows = [row.split(",", 3 - len(heading))[-1] if len(heading) == 2 else row for row in rows]
    read, report = read_table("\n".join([above, ",".join(heading), *rows]).encode(), "films.csv")
    assert report.header == heading
    assert report.dropped == {f"not {len(heading)} columns": [1]}
    assert sorted(read.labels) == ["bad", "good"]
    assert report.kept == len(rows)


def test_a_heading_of_another_width_is_a_line_that_is_left_out() -> None:
    data = b"What these are, who wrote them, and when\n" + named(("text", "label"), (2, 1))[0]
    found, report = read_table(data, "table")
    assert (len(found), report.header, report.dropped) == (40, ("text", "label"), {"not 2 columns": [1]})


# Against pandas

words = st.lists(
    st.sampled_from([*PLACES, *THINGS, "so", 'a "b"', "x, y", "p;q", "l|m", "t\nn", "é"]), min_size=6, max_size=9
)


@settings(max_examples=60)
@given(
    texts=st.lists(words.map(" ".join), min_size=12, max_size=40, unique_by=text_key),
    separator=st.sampled_from([",", ";", "\t", "|"]),
    order=st.permutations(["text", "label", "id", "empty", "same"]),
    heading=st.booleans(),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    backslashes=st.booleans(),
    end=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_any_layout_is_read_as_pandas_reads_it(
    texts: list[str],
    separator: str,
    order: list[str],
    heading: bool,
    quoting: Any,
    backslashes: bool,
    end: str,
    encoding: str,
) -> None:
    labels = ["ab"[i % 2] for i in range(len(texts))]
    columns = {"text": texts, "label": labels, "id": range(len(texts)), "empty": None, "same": "q"}
    frame = pd.DataFrame(columns)[order]
    inside = backslashes and quoting != csv.QUOTE_MINIMAL  # there, backslashes would stand where no quotes are
    marks: dict[str, Any] = {"doublequote": False, "escapechar": "\\"} if inside else {}
    data = frame.to_csv(None, sep=separator, index=False, header=heading, quoting=quoting, lineterminator=end, **marks)
    raw = data.encode(encoding)
    names = dict(zip(range(5), order, strict=True))
    read = pd.read_csv(
        io.BytesIO(raw), sep=separator, encoding=encoding, header=0 if heading else None, dtype=str, **marks
    )
    expected = read.rename(columns=names)
    found, report = read_table(raw, "table")
    assert list(found.texts) == [text.strip() for text in expected["text"]]
    assert labels_of(found) == expected["label"].tolist()
    assert bool(report.header) == heading


# Parts


def in_parts(parts: Sequence[str], name: str = "split") -> bytes:
    rows = [["text", "label", name]]
    rows += [[text, label, parts[i % len(parts)]] for i, (text, label) in enumerate(zip(TEXTS, LABELS, strict=True))]
    return written(rows, "\t").encode()


@pytest.mark.parametrize(
    ("parts", "name", "test"),
    [
        (("train", "dev", "test"), "split", "test"),
        (("Train", "Test"), "Usage", "Test"),
        (("train", "train", "valid"), "anything", "valid"),
        (("training", "testing"), "", "testing"),
        (("False", "False", "True"), "is_valid", "True"),
        (("1", "0"), "is_train", "0"),
    ],
)
def test_an_official_split_is_kept_to(parts: Sequence[str], name: str, test: str) -> None:
    found, report = read_table(in_parts(parts, name), "table")
    expected = [text for i, text in enumerate(TEXTS) if parts[i % len(parts)] == test]
    assert [found.texts[i] for i in found.rows("test")] == expected
    assert "Parts as in the table" in report.split
    assert len(found.rows("validation")) > 0
    other, _ = read_table(in_parts(parts, name), "table", seed=5)
    assert other.rows("test").tolist() == found.rows("test").tolist()
    drawn, report = read_table(in_parts(parts, name), "table", roles=ColumnRoles((0,), 1))
    assert "Shared out at random" in report.split
    assert drawn.rows("test").tolist() != found.rows("test").tolist()


def table_of(texts: Sequence[str], ending: str) -> bytes:
    frame = pd.DataFrame({"label": LABELS, "text": texts})
    if ending == "parquet":
        return bytes(frame.to_parquet())
    if ending == "jsonl":
        return str(frame.to_json(orient="records", lines=True)).encode()
    if ending == "csv":
        return str(frame.to_csv(index=False)).encode()
    return "".join(f"__label__{label} {text}\n" for label, text in zip(LABELS, texts, strict=True)).encode()


@pytest.mark.parametrize(
    "names",
    [
        ("news/train.csv", "news/test.csv"),
        ("news_train.csv", "news_dev.csv", "news_test.csv"),
        ("a/train-00000-of-00002.parquet", "a/train-00001-of-00002.parquet", "a/test-00000-of-00001.parquet"),
        ("train/0.jsonl", "test/0.jsonl"),
        ("topics.train", "topics.valid"),
    ],
)
def test_files_of_an_archive_that_are_its_parts_are_one_table(names: Sequence[str]) -> None:
    texts = {name: [f"{text}, {i} times" for text in TEXTS] for i, name in enumerate(names)}
    data = zipped({name: table_of(texts[name], name.rpartition(".")[2]) for name in names})
    found, report = read_table(data, "news.zip")
    assert (report.kept, report.read) == (len(TEXTS) * len(names), len(TEXTS) * len(names))
    assert labels_of(found) == LABELS * len(names)
    assert [found.texts[i] for i in found.rows("test")] == texts[names[-1]]
    assert "Parts as in the table" in report.split
    assert all(name in " ".join(report.lines()) for name in names)
    assert list(read_table(data, "news.zip", member=names[-1])[0].texts) == texts[names[-1]]


def test_files_whose_columns_differ_are_no_parts_of_one_table() -> None:
    for other in (spam()[0], written([["label", "sentence"], *zip(LABELS, TEXTS, strict=True)]).encode()):
        with pytest.raises(SeveralFiles):
            open_table(zipped({"train.csv": table_of(TEXTS, "csv"), "test.csv": other}), "news.zip")


def test_lines_of_a_joined_table_are_counted_through() -> None:
    test = table_of([f"Once {text}" for text in TEXTS], "csv").replace(b"\nham,", b"\n,", 1)
    _, report = read_table(zipped({"train.csv": table_of(TEXTS, "csv"), "test.csv": test}), "a.zip")
    assert report.dropped == {"empty label": [1 + len(TEXTS) + 1 + LABELS.index("ham") + 1]}


def test_several_labels_of_a_line_are_one() -> None:
    data = table_of(TEXTS, "txt").replace(b"__label__ham ", b"__label__ham __label__short ")
    assert read_table(data, "table")[0].labels == ("ham short", "spam")


@pytest.mark.parametrize(
    "line", ["{text} __label__{label}\n", "{text}  __label__{label} \r\n", " __label__{label} {text}\n"]
)
def test_labels_of_fasttext_stand_before_the_text_or_behind_it(line: str) -> None:
    lines = [line.format(text=text, label=label) for text, label in zip(TEXTS, LABELS, strict=True)]
    found, report = read_table("".join(lines).encode(), "table")
    assert [found.labels[i] for i in found.label_ids] == LABELS
    assert list(found.texts) == TEXTS
    assert report.dropped == {}


def test_labels_of_fasttext_in_a_column_are_a_column() -> None:
    rows = [("text", "label"), *((text, f" __label__{label}") for text, label in zip(TEXTS, LABELS, strict=True))]
    for sign in "\t,":
        assert list(read_table(written(rows, sign).encode(), "table")[0].texts) == TEXTS


def test_validation_is_drawn_from_training_within_each_label() -> None:
    found, report = read_table(in_parts(("train", "test")), "table")
    assert "validation is drawn from training (12.5%)" in report.split
    counts = np.array([np.bincount(found.parts[found.label_ids == i], minlength=3) for i in range(2)])
    assert counts[:, PARTS.index("validation")].tolist() == [2, 1]  # of 13 and of 7


def test_rows_of_no_known_part_are_left_out_and_named() -> None:
    _, report = read_table(in_parts(("train", "test", "train", "test", "unsupervised")), "table")
    assert len(report.dropped["in no known part"]) == 8
    assert report.kept == 32


def test_a_split_without_training_is_refused() -> None:
    with pytest.raises(InvalidText, match="no row belongs to the part train"):
        read_table(in_parts(("dev", "test")), "table")


# Repeated texts


def repeated(times: int = 3, parts: Sequence[str] = ()) -> bytes:
    rows = [
        [f"{' ' * k}{text.upper() if k else text}", label, *([parts[k]] if parts else [])]
        for k in range(times)
        for text, label in zip(TEXTS, LABELS, strict=True)
    ]
    return written([["text", "label", *(["split"] if parts else [])], *rows], "\t").encode()


def test_of_a_repeated_text_the_first_row_counts_or_all_of_them_in_one_part() -> None:
    first, report = read_table(repeated(), "table")
    assert list(first.texts) == TEXTS
    assert report.repeated == len(report.dropped["text seen before"]) == 80
    for seed in range(5):
        found, report = read_table(repeated(), "table", repeated="together", seed=seed)
        assert (len(found), report.repeated, report.dropped) == (120, 80, {})
        parts: dict[str, set[int]] = {}
        for text, part in zip(found.texts, found.parts.tolist(), strict=True):
            parts.setdefault(text_key(text), set()).add(part)
        assert all(len(each) == 1 for each in parts.values())
        assert Counter(map(len, parts.values())) == {1: 40}
        assert np.bincount(found.parts).tolist() == pytest.approx([84, 12, 24], abs=6)
    with pytest.raises(InvalidSetting):
        read_table(repeated(), "table", repeated="twice")  # type: ignore[arg-type]


def test_a_text_or_label_in_another_normal_form_is_the_same() -> None:
    rows = [(f"La {word} Café número {i}", label) for i in range(20) for word, label in (("é", "sí"), ("ó", "no"))]
    apart = [[unicodedata.normalize("NFD", cell) for cell in row] for row in rows]
    found, report = read_table(written([("text", "label"), *rows, *apart], "\t").encode(), "table")
    assert (len(found), report.repeated, report.conflicts) == (40, 40, {})
    assert found.labels == ("no", "sí")


@pytest.mark.parametrize(("how", "rows"), [("first", 40), ("together", 80)])
def test_a_text_of_the_official_test_part_is_left_out_of_the_others(how: Any, rows: int) -> None:
    half = repeated(2, ("test", "test")).decode() + repeated(1, ("train",)).decode().split("\n", 1)[1]
    extra = written([[f"Another {text}", label, "train"] for text, label in zip(TEXTS, LABELS, strict=True)], "\t")
    found, report = read_table((half + extra).encode(), "table", repeated=how)
    assert len(found.rows("test")) == rows
    assert len(report.dropped["text of the test or validation part"]) == 40
    test = {text_key(found.texts[i]) for i in found.rows("test")}
    assert not test & {text_key(text) for text, part in zip(found.texts, found.parts, strict=True) if part != 2}


def test_texts_with_different_labels_are_named_with_examples() -> None:
    rows = [*zip(TEXTS, LABELS, strict=True), *((text, "ham") for text in TEXTS)]
    _, report = read_table(written(rows, "\t").encode(), "table")
    spams = [text for text, label in zip(TEXTS, LABELS, strict=True) if label == "spam"]
    assert report.conflicts == dict.fromkeys(spams[:3], ("spam", "ham"))
    (said,) = (line for line in report.lines() if "different labels" in line)
    assert said.startswith(f"{len(spams)} texts have different labels, of which the first counts: “{spams[0][:50]}")
    assert read_table(spam()[0], "table")[1].conflicts == {}


# Samples


def test_a_table_beyond_the_limit_is_sampled_on_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sentence_tables, "MAX_ROWS", 30)
    table = open_table(spam()[0], "spam.csv")
    with pytest.raises(InvalidText, match="40 usable rows; at most 30 are taken"):
        table.read()
    found, report = table.read(sample=30)
    assert (len(found), report.sampled, report.read) == (30, 10, 40)
    assert list(found.texts) == [text for text in TEXTS if text in found.texts], "the order has changed"
    again, other = table.read(sample=30)[0], table.read(sample=30, seed=1)[0]
    assert again.texts == found.texts != other.texts
    assert report.labels["ham"] in (19, 20)  # 26 of 40 are, so 19.5 of 30
    with pytest.raises(InvalidSetting):
        table.read(sample=31)


@settings(max_examples=50)
@given(st.lists(st.integers(20, 900), min_size=2, max_size=6), st.floats(0.2, 0.9), st.integers(0, 9))
def test_a_sample_has_the_proportions_of_scikit_learn(sizes: list[int], share: float, seed: int) -> None:
    from sklearn.model_selection import StratifiedShuffleSplit

    strata = np.random.default_rng(seed).permutation(np.repeat(np.arange(len(sizes)), sizes))
    size = int(share * len(strata))
    (taken, _), *_ = StratifiedShuffleSplit(1, train_size=size, random_state=seed).split(strata, strata)
    ours = stratified_sample(strata, size, seed)
    assert len(set(ours.tolist())) == len(ours) == size
    assert np.abs(np.bincount(strata[ours]) - np.bincount(strata[taken])).max() <= 1


def test_a_rare_label_stays_in_a_sample() -> None:
    strata = np.array([0] * 5_000 + [1] * 4 + [2] * 2)
    counts = np.bincount(strata[stratified_sample(strata, 500, 0, least=3)])
    assert counts.tolist() == [495, 3, 2]
    assert len(stratified_sample(np.arange(9), 4, 0)) == 4
