"""NumPy's .npy and .npz, and safetensors: 35 files and more."""

import json
import struct

import numpy as np

from tests.hostile.case import (
    ASKED,
    MATRIX,
    REFUSED,
    REPORTED,
    ROWS,
    SAME,
    TOO_LARGE,
    UNSAFE,
    WORDS,
    Case,
    gz,
    npy,
    npy_header,
    npz,
    zip_of,
)

G = "npy"
W = np.array(WORDS)
_NPY = npy(MATRIX)
_GIVEN = {"words": list(WORDS)}
_LIST = "\n".join(WORDS).encode()
_LATIN = "\n".join(WORDS).encode("latin-1")
_CLEAN = npz(words=W, vectors=MATRIX)
_LESS = {"words": (*WORDS[:2], *WORDS[3:]), "rows": (*ROWS[:2], *ROWS[3:])}
_PACKED, _ENDS = np.frombuffer(b"abcdef", np.uint8), np.arange(1, 7, dtype="<i8")
_OBJECTS = np.array([{"a": 1}, None], dtype=object)


def _refused(name: str, data, message: str, outcome: str = REFUSED, **options) -> Case:  # type: ignore[no-untyped-def]
    return Case(G, name, data, outcome, message, options=options)


def _beside(words: bytes) -> bytes:
    return zip_of({"m.npy": _NPY, "words.txt": words})


def _with(row: list[float]) -> np.ndarray:
    matrix = MATRIX.copy()
    matrix[2] = row
    return matrix


def _tensors(header: object, data: bytes = b"") -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def _tensor(**changes: object) -> dict[str, object]:
    entry = {"dtype": "F32", "shape": [6, 4], "data_offsets": [0, 96]} | changes
    return {"__metadata__": {"words": json.dumps(WORDS)}, "vectors": entry}


def _one_text() -> dict[str, object]:
    return _tensor() | {"__metadata__": {"words": json.dumps("abcdef")}}


def _large() -> bytes:
    """A matrix and a megabyte of other numbers behind it."""
    others = {"dtype": "U8", "shape": [1 << 20], "data_offsets": [96, 96 + (1 << 20)]}
    return _tensors(_tensor() | {"others": others}, _DATA + bytes(1 << 20))


def _no_letters() -> bytes:
    words = npy_header("{'descr': '<U0', 'fortran_order': False, 'shape': (6,), }")
    return zip_of({"words.npy": words, "vectors.npy": _NPY})


def _flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def _tensors_case(name: str, data, outcome: str, message: str = "", **more) -> Case:  # type: ignore[no-untyped-def]
    return Case("safetensors", name, data, outcome, message, **more)


def _shaped(shape: str, descr: str = "<f4") -> bytes:
    return npy_header(f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}", _DATA)


_DATA = MATRIX.tobytes()
_HUGE = MATRIX.astype("f8")
_HUGE[2] = 1e39
_TWICE = np.array([*WORDS[:2], "the", *WORDS[3:]])
_ENTRY = _tensor()["vectors"]
_MARKS = ('"', ",,,,,,,,", "[[{{", '\\"', "\\", '"[],[],[]"')
_CUT = "(ends inside|needs at least|neither text|without words|line 1)"
CASES = [
    Case(G, "npy with words", _NPY, SAME, options=_GIVEN),
    Case(G, "npz", _CLEAN, SAME),
    Case(G, "npz with other names", npz(vocab=W, embeddings=MATRIX), SAME),
    Case(G, "npz with words as bytes", npz(words=np.char.encode(W, "utf-8"), vectors=MATRIX), SAME),
    Case(G, "npz with a scalar", npz(words=W, vectors=MATRIX, version=np.array(3)), SAME),
    Case(G, "npy and word list in a zip", zip_of({"m.npy": _NPY, "words.txt": _LIST}), SAME),
    Case(G, "column by column", npy(np.asfortranarray(MATRIX)), SAME, options=_GIVEN),
    Case(G, "big-endian", npy(MATRIX.astype(">f4")), REPORTED, "turned into float32", options=_GIVEN),
    Case(G, "double precision", npy(MATRIX.astype("f8")), REPORTED, "were float64", options=_GIVEN),
    Case(G, "half precision", npy(MATRIX.astype("f2")), REPORTED, "were float16", options=_GIVEN),
    Case(G, "NaN", npz(words=W, vectors=_with([1, np.nan, 0, 0])), REPORTED, r"\(NaN\): row 3", **_LESS),
    Case(G, "beyond float32", npz(words=W, vectors=_HUGE), REPORTED, r"\(infinity\): row 3", **_LESS),
    Case(G, "repeated word", npz(words=_TWICE, vectors=MATRIX), REPORTED, "repeated", **_LESS),
    _refused("npy without words", _NPY, r"an array of shape \(6, 4\) without words"),
    _refused("npz without words", npz(vectors=MATRIX), "vectors.npy has no words beside it"),
    _refused("objects", npy(_OBJECTS), "an array of Python objects.*Unsafe format", UNSAFE),
    _refused(
        "objects as words",
        npz(words=np.array(WORDS, object), vectors=MATRIX),
        "words.npy.* is a pickle.*dtype=str",
        UNSAFE,
    ),
    _refused(
        "objects as vectors", npz(words=W, vectors=MATRIX.astype(object)), "pickles.*export as word2vec text", UNSAFE
    ),
    Case(G, "words beside it in UTF-16", _beside("\n".join(WORDS).encode("utf-16")), SAME),
    Case(G, "words beside it, old Mac line ends", _beside("\r".join(WORDS).encode()), SAME),
    Case(G, "words beside it in latin-1, chosen", _beside(_LATIN), SAME, options={"encoding": "latin-1"}),
    _refused("words beside it in latin-1", _beside(_LATIN), r"line 6: the word is not UTF-8.*latin-1"),
    _refused("bomb of line ends beside it", lambda: _beside(b"\n" * (8 << 20)), "more than 7 words", TOO_LARGE),
    _refused(
        "bomb of JSON beside it", lambda: _beside(b"[" + b"[]," * (2 << 20) + b"[]]"), "than (6|7) words", TOO_LARGE
    ),
    Case(G, "words beside it as JSON", _beside(json.dumps(WORDS).encode()), SAME),
    _refused("words of no letters", _no_letters, "the words have no letters"),
    _refused(
        "packed words without ends", npz(words_utf8=_PACKED, words_ends=_ENDS[:0], vectors=MATRIX), "0 words and 6"
    ),
    _refused(
        "packed words, ends out of order", npz(words_utf8=_PACKED, words_ends=_ENDS[::-1], vectors=MATRIX), "damaged"
    ),
    _refused("fewer words", npz(words=W[:5], vectors=MATRIX), "5 words and 6 rows"),
    _refused("transposed", npz(words=W, vectors=MATRIX.T), "6 words and 4 rows.*transposed"),
    _refused("one-dimensional", npy(MATRIX[0]), r"an array of shape \(4,\)", words=list(WORDS)),
    _refused("three-dimensional", npy(MATRIX[None]), r"an array of shape \(1, 6, 4\)", words=list(WORDS)),
    _refused("a number", npy(np.float32(3)), r"an array of shape \(\)", words=list(WORDS)),
    _refused("complex", npy(MATRIX.astype("c8")), "type complex64", words=list(WORDS)),
    _refused("truth values", npy(MATRIX > 0), "type bool", words=list(WORDS)),
    _refused("dates", npy(np.zeros((6, 4), "M8[s]")), "type datetime64", words=list(WORDS)),
    _refused("records", npy(np.zeros(6, [("a", "f4"), ("b", "f4")])), "an array of shape", words=list(WORDS)),
    _refused("no rows", npy(MATRIX[:0]), r"6 words and 0 rows", words=list(WORDS)),
    _refused("no columns", npy(MATRIX[:, :0]), r"an array of shape \(6, 0\)", words=list(WORDS)),
    _refused("two matrices", npz(words=W, a=MATRIX, b=MATRIX), "several vector files: a.npy, b.npy", ASKED),
    _refused(
        "more than the bytes", _shaped("(60, 4)"), "needs at least 960 bytes, and 96 bytes are there", words=list(WORDS)
    ),
    _refused("a terabyte", _shaped("(500000000, 500)"), "needs at least 1,000.0 GB", words=list(WORDS)),
    _refused("negative shape", _shaped("(-1, 4)"), "header is damaged"),
    _refused("shape beyond 64 bits", _shaped("(10**30, 4)"), "header is damaged"),
    _refused("code in the header", npy_header("__import__('os').system('touch ran')"), "header is damaged"),
    _refused("nested header", npy_header("(" * 4000 + ")" * 4000), "header is damaged"),
    _refused("header of 60 kB", npy_header("{" + " " * 60_000 + "}"), "header of 60,"),
    _refused("header of 4 GB", b"\x93NUMPY\x02\x00\xff\xff\xff\xff" + _DATA, "header of 4,294,967,295 bytes"),
    _refused("version 9", npy_header("{}", version=9), "version 9"),
    _refused("unknown type", _shaped("(6, 4)", "what"), "header is damaged"),
    *(_refused(f"cut after {n} bytes", _NPY[:n], _CUT) for n in (3, 7, 9, 50, 200)),
    *(
        _refused(f"npz cut after {n} bytes", _CLEAN[:n], "damaged or cut off|neither text")
        for n in (3, 40, 500, len(_CLEAN) - 1)
    ),
    _tensors_case("clean", _tensors(_tensor(), _DATA), SAME),
    _tensors_case("words given", _tensors({"v": _ENTRY}, _DATA), SAME, options=_GIVEN),
    _tensors_case("no words", _tensors({"v": _ENTRY}, _DATA), REFUSED, "without words"),
    _tensors_case("bytes missing", _tensors(_tensor(), _DATA[:-1]), REFUSED, "needs at least 96 bytes, and 95"),
    _tensors_case(
        "offsets too far", _tensors(_tensor(data_offsets=[0, 9600]), _DATA), REFUSED, "9,600 bytes for a tensor"
    ),
    _tensors_case("offsets backwards", _tensors(_tensor(data_offsets=[96, 0]), _DATA), REFUSED, "header is damaged"),
    _tensors_case("shape too large", _tensors(_tensor(shape=[1 << 40, 4]), _DATA), REFUSED, "for a tensor of shape"),
    _tensors_case("text where numbers should be", _tensors(_tensor(shape="64"), _DATA), REFUSED, "header is damaged"),
    _tensors_case("no JSON", _tensors(b"{" + b"x" * 50, _DATA), REFUSED, "header is damaged"),
    _tensors_case("nested JSON", _tensors(b'{"a":' * 20_000, _DATA), REFUSED, "header is damaged"),
    _tensors_case("header of a terabyte", struct.pack("<Q", 1 << 39) + b"{}" + _DATA, REFUSED, "header of 549"),
    _tensors_case(
        "an 8-bit type", _tensors(_tensor(dtype="F8_E4M3", shape=[6, 16]), _DATA), REFUSED, "it holds vectors.*type F64"
    ),
    _tensors_case("bytes left over", _tensors(_tensor(), _DATA + b"x"), REFUSED, "left over"),
    _tensors_case("a gap before", _tensors(_tensor(data_offsets=[4, 100]), _DATA + b"gap!"), REFUSED, "leave gaps"),
    _tensors_case("overlapping", _tensors(_tensor() | {"u": _ENTRY | {"shape": [96]}}, _DATA), REFUSED, "overlap"),
    _tensors_case("words that are one text", _tensors(_one_text(), _DATA), REFUSED, "header is damaged"),
    _tensors_case(
        "gz with a flipped byte far inside", lambda: _flipped(gz(_large(), 0), -1000), REFUSED, "checksum differs"
    ),
    _tensors_case("gz with many numbers", lambda: gz(_large(), 0), SAME),
    _tensors_case("bomb of lists", lambda: gz(_tensors(b'{"a":[' + b"[]," * (2 << 20), _DATA)), TOO_LARGE, "too many"),
    _tensors_case(
        "bomb of lists as words",
        lambda: gz(_tensors(_tensor() | {"__metadata__": {"words": "[" + "[]," * (2 << 20) + "[]]"}}, _DATA)),
        REFUSED,
        "more words than the tensor's 6 rows",
    ),
    _tensors_case(
        "words that are marks",
        _tensors(_tensor() | {"__metadata__": {"words": json.dumps(_MARKS)}}, _DATA),
        SAME,
        words=_MARKS,
    ),
    _tensors_case(
        "two matrices in a zip, one chosen",
        zip_of({"m.safetensors": _tensors(_tensor() | {"b": _ENTRY | {"data_offsets": [96, 192]}}, _DATA * 2)}),
        SAME,
        options={"member": "vectors"},
    ),
    _tensors_case(
        "two matrices",
        _tensors({"a": _ENTRY, "b": _ENTRY | {"data_offsets": [96, 192]}}, _DATA * 2),
        ASKED,
        "several two",
    ),
]
