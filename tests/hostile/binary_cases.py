"""word2vec binary: 45 files."""

import numpy as np

from tests.hostile.case import (
    HEADER,
    MATRIX,
    REFUSED,
    REPORTED,
    ROWS,
    SAME,
    TOO_LARGE,
    UNSAFE,
    W2V,
    WORDS,
    Case,
    binary,
    odd,
)

G = "binary"
CLEAN = binary()
_RECORD = len("of ") + 16  # bytes of the second record
_START = len(HEADER) + 1
_WIDE = np.random.default_rng(2).normal(size=(6, 50)).astype("f4")
_WIDE[2, 7] = 1e30
_WILD = binary(matrix=_WIDE)
_LONG = binary(matrix=np.random.default_rng(1).normal(size=(6, 16)).astype("f4"))


def _refused(name: str, data: bytes, message: str, outcome: str = REFUSED) -> Case:
    return Case(G, name, data, outcome, message)


def _row(i: int, row: list[float]) -> bytes:
    matrix = MATRIX.copy()
    matrix[i] = row
    return binary(matrix=matrix)


def _spaced(name: str, words: tuple[str, ...]) -> Case:
    return Case(G, name, binary(words), REPORTED, "1 word with spaces", words=words)


_OUT_OF_STEP = "(out of step|cut off|not UTF-8)"
_LESS = {"words": (*WORDS[:2], *WORDS[3:]), "rows": (*ROWS[:2], *ROWS[3:])}
CASES = [
    Case(G, "clean", CLEAN, SAME),
    Case(G, "line end after each row", binary(end=b"\n"), SAME),
    Case(G, "windows line end in the header", CLEAN.replace(b"\n", b"\r\n", 1), SAME),
    Case(G, "header with spaces", CLEAN.replace(b"6 4", b" 6  4 ", 1), SAME),
    Case(G, "words twice", CLEAN, REPORTED, "list of words was not used", options={"words": ["x"] * 6}),
    Case(G, "line end at the end", CLEAN + b"\n", SAME),
    Case(G, "header says fewer", binary(header="4 4"), REPORTED, "header says 4, found 6"),
    Case(G, "repeated word", binary((*WORDS[:2], "the", *WORDS[3:])), REPORTED, r"\(repeated word\): row 3", **_LESS),
    Case(G, "NaN", _row(2, [1, np.nan, 1, 1]), REPORTED, r"\(NaN\): row 3", **_LESS),
    Case(G, "infinity", _row(2, [1, np.inf, 1, 1]), REPORTED, r"\(infinity\): row 3", **_LESS),
    Case(G, "zeros", _row(2, [0, 0, -0.0, 0]), REPORTED, r"\(only zeros\): row 3", **_LESS),
    Case(G, "empty word", binary((*WORDS[:2], "", *WORDS[3:])), REPORTED, r"\(empty word\): row 3", **_LESS),
    Case(G, "tiny numbers", _row(2, [1e-30, 0, 0, 1e-38]), SAME, rows=(*ROWS[:2], (1e-30, 0, 0, 1e-38), *ROWS[3:])),
    *odd(_refused("header says more", binary(header="7 4"), "header says 7, found 6"), "header says 7, found 6"),
    _refused("header says far more", binary(header="9 4"), "(header says 9, found 6|header says 9 rows: this needs)"),
    _refused("header says many more", binary(header="9999 4"), "header says 9,999 rows: this needs at least"),
    _refused("18 bytes that promise 400 MB", b"100000000 1\n\x00\x01\x02\x03\x04\x05", "header says 100,000,000 rows"),
    _refused("header of 10^17 rows", binary(header="100000000000000000 4"), "header says 100,000,000,000,000,000"),
    _refused("10 million dimensions", binary(header="6 10000000"), "10,000,000 dimensions", TOO_LARGE),
    _refused("zero rows", binary(header="0 4"), "header says 0 rows"),
    _refused("zero dimensions", binary(header="6 0"), "neither text nor"),
    _refused("one dimension too many", binary(header="6 5"), _OUT_OF_STEP),
    _refused("one dimension too few", binary(header="6 3"), _OUT_OF_STEP),
    _refused("twice the dimensions", binary(header="3 8"), _OUT_OF_STEP),
    _refused("half the dimensions", binary(header="12 2"), _OUT_OF_STEP),
    _refused("no header", CLEAN[_START:], "neither text nor a vector format"),
    _refused("no line end after the header", CLEAN.replace(b"\n", b" ", 1), "neither text nor a vector format"),
    _refused("header alone", b"6 4\n", "found 0"),
    _refused("big-endian", binary(dtype=">f4"), "row 1: the numbers are big-endian"),
    _refused("double precision", binary(dtype="<f8"), _OUT_OF_STEP),
    _refused("half precision", binary(dtype="<f2"), _OUT_OF_STEP),
    _spaced("space in the first word", ("New York", *WORDS[1:])),
    _spaced("space in a word", (*WORDS[:2], "New York", *WORDS[3:])),
    _spaced("space in the last word", (*WORDS[:5], "New York")),
    _spaced("short word with space", (*WORDS[:2], "a b", *WORDS[3:])),
    _refused("tab in a word", binary((*WORDS[:2], "a\tb", *WORDS[3:])), "row 3: .*is no word.*out of step"),
    _refused("word of 10 kB", binary((*WORDS[:2], "x" * 10_000, *WORDS[3:])), "row 3: no word ends within"),
    *odd(
        _refused(
            "word that is not UTF-8", binary((*WORDS[:2], b"caf\xe9", *WORDS[3:])), r"row 3: the word is not UTF-8"
        ),
        "Left out row 3: the word is not UTF-8.*cp1252",
        lost=(2,),
    ),
    _refused("byte lost", _LONG[:100] + _LONG[101:], _OUT_OF_STEP),
    _refused("byte too many", _LONG[:100] + b"\x01" + _LONG[100:], _OUT_OF_STEP),
    _refused("bytes left over", CLEAN + b"\x01\x02\x03", "3 bytes left over after row 6"),
    Case(
        G,
        "huge number in one of few",
        _row(2, [1, 1e30, 1, 1]),
        REPORTED,
        r"Row 3: the vector of “and” holds 1.0e\+30",
        rows=(*ROWS[:2], (1, 1e30, 1, 1), *ROWS[3:]),
    ),
    _refused("huge number in one of many", _WILD, r"row 3: the vector of “and” holds 1.0e\+30.*out of step"),
    _refused("pickle after the header", b"\x80\x04\x95" + CLEAN, "this is a pickle", UNSAFE),
    _refused("text under a binary header", W2V.replace(b"0.5", b"\x01.5"), r"(not a number|is no word|needs at least)"),
    *(
        _refused(
            f"cut after {n} bytes", CLEAN[:n], "cut off|neither text|found|not a number|numbers?|no number follows"
        )
        for n in (1, 3, _START, _START + 1, _START + 5, _START + 4 + 16, _START + 4 + 16 + _RECORD, len(CLEAN) - 1)
    ),
]
