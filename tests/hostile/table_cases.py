"""Tables as CSV, TSV, JSON, JSON lines, Parquet and Arrow."""

import io
import json
import struct

from tests.hostile.case import ASKED, REFUSED, REPORTED, ROWS, TOO_LARGE, WORDS, Case, lines, odd

import numpy as np  # isort: skip
import pyarrow as pa  # isort: skip
import pyarrow.parquet as pq  # isort: skip

G = "tables"
_HEAD = "word,x0,x1,x2,x3\n"
CSV = (_HEAD + "".join(f"{w},{','.join(map(repr, row))}\n" for w, row in zip(WORDS, ROWS, strict=True))).encode()
RECORDS = [{"word": w, "vector": list(row)} for w, row in zip(WORDS, ROWS, strict=True)]
JSONL = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in RECORDS).encode()
MAP = json.dumps({w: list(row) for w, row in zip(WORDS, ROWS, strict=True)}).encode()
TABLE = pa.table({"word": list(WORDS), "vector": pa.array([list(row) for row in ROWS], pa.list_(pa.float32()))})


def parquet(table: pa.Table = TABLE, **options: object) -> bytes:
    out = io.BytesIO()
    pq.write_table(table, out, **options)
    return out.getvalue()


def arrow(table: pa.Table = TABLE, *, stream: bool = False) -> bytes:
    out = io.BytesIO()
    make = pa.ipc.new_stream if stream else pa.ipc.new_file
    with make(out, table.schema) as writer:
        writer.write_table(table)
    return out.getvalue()


def _read(name: str, data: bytes, **more) -> Case:  # type: ignore[no-untyped-def]
    return Case(G, name, data, REPORTED, "became the", **more)


def _refused(name: str, data, message: str = "", outcome: str = REFUSED, **more) -> Case:  # type: ignore[no-untyped-def]
    return Case(G, name, data, outcome, message, **more)


def _odd(name: str, data: bytes, message: str, lost: tuple[int, ...] = (2,)) -> list[Case]:
    return odd(_refused(name, data, message), "Dropped 1 row", lost=lost)


_PARQUET, _ARROW, _STREAM = parquet(), arrow(), arrow(stream=True)
_NULL = pa.table({"word": list(WORDS), "vector": [None if i == 2 else list(row) for i, row in enumerate(ROWS)]})
_SHORT = pa.table({"word": list(WORDS), "vector": [list(row)[: 3 if i == 2 else 4] for i, row in enumerate(ROWS)]})
_TWO = pa.table({"word": TABLE["word"], "left": TABLE["vector"], "other": TABLE["vector"]})

_CSV = [
    _read("CSV", CSV),
    _read("CSV with byte order mark", b"\xef\xbb\xbf" + CSV),
    _read("CSV with windows line ends", CSV.replace(b"\n", b"\r\n")),
    _read(
        "CSV quoted", b"\n".join(b",".join(b'"%b"' % f for f in line.split(b",")) for line in CSV.strip().split(b"\n"))
    ),
    _read("CSV with an index", b"\n".join(b"%d,%b" % (i - 1, line) for i, line in enumerate(CSV.strip().split(b"\n")))),
    Case(G, "TSV", CSV.replace(b",", b"\t"), REPORTED, "Line 1, “word x0 x1 x2 x3”, is taken for a heading"),
    _read("semicolons", CSV.replace(b",", b";")),
    _read("bars", CSV.replace(b",", b"|")),
    _read(
        "label last",
        b"".join(b"\t".join([*(b"%g" % x for x in r), w.encode()]) + b"\n" for w, r in zip(WORDS, ROWS, strict=True)),
    ),
    *_odd("CSV row too short", lines(CSV, _4=b"and,1,2"), "line 4"),
    *_odd("CSV number 1_0", lines(CSV, _4=b"and,1_0,2,3,4"), "line 4"),
    *_odd("CSV number abc", lines(CSV, _4=b"and,abc,2,3,4"), "line 4"),
    *_odd("CSV formula", lines(CSV, _4=b"and,=1+1,2,3,4"), "line 4"),
    _refused("CSV of a heading alone", _HEAD.encode()),
    _refused("CSV of prose", b"title,author\nMoby Dick,Melville\nEmma,Austen\n"),
    _refused("CSV of numbers", b"0.5,1.5\n2.5,3.5\n1.5,0.25\n", "words"),
    Case(
        G,
        "CSV quote that never ends",
        b'word,x0,x1\na,"1.5,2\n' + b"b,1.5,2.5\n" * 100_000,
        REPORTED,
        "Left out line 2",
        words=("b",),
        rows=((1.5, 2.5),),
    ),
    _refused("CSV of separators", b"," * 900_000 + b"\n" + b"," * 900_000),
    _refused("CSV of 100,000 columns", lambda: b"w," + b",".join(b"%d" % i for i in range(100_000)) + b"\n", ""),
    _refused("CSV of one word", b"a,b\n"),
]
_JSON = [
    _read("JSON lines", JSONL),
    _read("JSON records", json.dumps(RECORDS).encode()),
    Case(G, "JSON map", MAP, REPORTED, ""),
    _read("JSON of columns", json.dumps({"word": list(WORDS), "vector": [list(r) for r in ROWS]}).encode()),
    Case(G, "JSON map with a word twice", MAP[:-1] + b', "the": [9, 9, 9, 9]}', REPORTED, "repeated word"),
    *_odd("JSON line cut", lines(JSONL, _3=b'{"word": "and", "vector": [1, 2'), "line 3"),
    *_odd("JSON vector too short", lines(JSONL, _3=b'{"word": "and", "vector": [1, 2]}'), "line 3"),
    *_odd("JSON text for a number", lines(JSONL, _3=b'{"word": "and", "vector": ["1", 2, 3, 4]}'), "line 3"),
    *_odd("JSON true for a number", lines(JSONL, _3=b'{"word": "and", "vector": [true, 2, 3, 4]}'), "line 3"),
    Case(
        G, "JSON NaN", lines(JSONL, _3=b'{"word": "and", "vector": [NaN, 2, 3, 4]}'), REPORTED, "NaN",
        words=(*WORDS[:2], *WORDS[3:]), rows=(*ROWS[:2], *ROWS[3:]),
    ),
    Case(
        G, "JSON number of 400 digits", lines(JSONL, _3=b'{"word": "and", "vector": [' + b"9" * 400 + b", 2, 3, 4]}"),
        REPORTED, "infinity|Dropped", words=(*WORDS[:2], *WORDS[3:]), rows=(*ROWS[:2], *ROWS[3:]),
    ),
    _refused("JSON cut in the middle", MAP[: len(MAP) // 2]),
    _refused("JSON, 100,000 deep", b'{"a":' * 100_000),
    _refused("JSON lists, 100,000 deep", b"[" * 100_000),
    _refused("JSON of empty objects", lambda: b"[" + b"{}," * 2_000_000 + b"{}]", "", TOO_LARGE),
    _refused("JSON of numbers", lambda: b"[" + b"1," * 4_000_000 + b"1]", "", TOO_LARGE),
    _read("JSON with settings", json.dumps({"model": "m", "words": WORDS, "v": [list(r) for r in ROWS]}).encode()),
    _read("JSON of objects of numbers", json.dumps([
        {"word": w, "vector": {str(i): x for i, x in enumerate(r)}} for w, r in zip(WORDS, ROWS, strict=True)
    ]).encode()),
    _refused("JSON of settings", json.dumps({"hidden_size": 768, "rope": {"base": 1e4}, "name": "m"}).encode()),
    _refused("JSON of text", b'"just a text"\n'),
    _refused("JSON null", b"null\n"),
]  # fmt: skip
_BINARY = [
    _read("Parquet", _PARQUET),
    *(_read(f"Parquet by {kind}", parquet(compression=kind)) for kind in ("zstd", "gzip", "none")),
    _read("Arrow", _ARROW),
    _read("Arrow stream", _STREAM),
    Case(G, "Parquet with a missing vector", parquet(_NULL), REPORTED, "Dropped 1 row", words=(*WORDS[:2], *WORDS[3:]),
         rows=(*ROWS[:2], *ROWS[3:])),
    Case(G, "Parquet with a short vector", parquet(_SHORT), REPORTED, "Dropped 1 row", words=(*WORDS[:2], *WORDS[3:]),
         rows=(*ROWS[:2], *ROWS[3:])),
    _refused("Parquet with two vectors", parquet(_TWO), "other", ASKED),
    _refused("Parquet of text", parquet(pa.table({"a": ["x", "y"], "b": ["u", "v"]}))),
    _refused("Parquet of nested lists", parquet(pa.table({"word": WORDS, "v": [[list(r)] for r in ROWS]})), "“v”"),
    _refused("Parquet of nothing", parquet(TABLE.slice(0, 0))),
    *(_refused(f"Parquet cut at {n}", _PARQUET[:n]) for n in (20, len(_PARQUET) // 2, len(_PARQUET) - 1)),
    _refused("Parquet footer of 2 GB", _PARQUET[:-8] + struct.pack("<I", 2**31 - 1) + b"PAR1"),
    _refused("Parquet footer of garbage", _PARQUET[:-60] + bytes(52) + _PARQUET[-8:]),
    _refused("Parquet, encrypted", b"PARE" + bytes(100) + b"PARE"),
    *(_refused(f"Arrow cut at {n}", _ARROW[:n]) for n in (20, len(_ARROW) // 2, len(_ARROW) - 1)),
    *(_refused(f"Arrow stream cut at {n}", _STREAM[:n]) for n in (20, len(_STREAM) // 2)),
    _refused("Arrow stream of 2 GB", b"\xff\xff\xff\xff" + struct.pack("<i", 2**31 - 8) + bytes(100)),
    _refused("Feather of old", b"FEA1" + bytes(100), "Feather"),
    _refused(
        "Parquet of 5,000 dimensions",
        parquet(pa.table({"word": ["a"], "vector": pa.array([np.ones(5000).tolist()], pa.list_(pa.float32()))})),
        "5,000 dimensions", TOO_LARGE,
    ),
]  # fmt: skip
CASES = [*_CSV, *_JSON, *_BINARY]
