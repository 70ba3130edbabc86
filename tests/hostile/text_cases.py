"""word2vec and fastText text: 80 files."""

from tests.hostile.case import (
    HEADER,
    REFUSED,
    REPORTED,
    ROWS,
    SAME,
    TOO_LARGE,
    W2V,
    WORDS,
    Case,
    lines,
    odd,
    text,
)

G = "text"
LATIN, WIDE = W2V.decode().encode("latin-1"), W2V.decode().encode("utf-16-le")


def _same(name: str, data: bytes, **more) -> Case:  # type: ignore[no-untyped-def]
    return Case(G, name, data, SAME, **more)


def _refused(name: str, data: bytes, message: str, outcome: str = REFUSED, **more) -> Case:  # type: ignore[no-untyped-def]
    return Case(G, name, data, outcome, message, **more)


_SPELLINGS = [  # of "the 0.5 -0.25 1 2"
    _same("plus signs", lines(W2V, _2=b"the +0.5 -0.25 +1 +2")),
    _same("exponents", lines(W2V, _2=b"the 5e-1 -2.5E-1 1e0 2.0E+00")),
    _same("bare points", lines(W2V, _2=b"the .5 -.25 1. 2.")),
    _same("leading zeros", lines(W2V, _2=b"the 000.5 -00.25 01 002")),
    _same("many digits", lines(W2V, _2=b"the 0.50000000000000000000000001 -0.25 0.99999999999999999999999 2")),
]
_SPACES = [
    _same("clean", W2V),
    _same("byte order mark", b"\xef\xbb\xbf" + W2V),
    _same("windows line ends", W2V.replace(b"\n", b"\r\n")),
    _same("old mac line ends", W2V.replace(b"\n", b"\r")),
    _same("mixed line ends", W2V.replace(b"\n", b"\r\n", 3)),
    _same("tabs", W2V.replace(b" ", b"\t")),
    _same("tab after the word", b"\n".join(line.replace(b" ", b"\t", 1) for line in W2V.split(b"\n"))),
    _same("double spaces", W2V.replace(b" ", b"  ")),
    _same("trailing spaces", W2V.replace(b"\n", b" \n")),
    _same("trailing tabs and spaces", W2V.replace(b"\n", b" \t \n")),
    _same("leading spaces", W2V.replace(b"\n", b"\n  ").removesuffix(b"  ")),
    Case(G, "no final line end", W2V[:-1], REPORTED, "no line end"),
    Case(G, "blank lines at the start", b"\n\n \n" + W2V, REPORTED, "Skipped 3 blank lines"),
    Case(G, "blank lines inside", W2V.replace(b"and", b"\n\t\nand"), REPORTED, "Skipped 2 blank lines"),
    Case(G, "blank lines at the end", W2V + b"\n\n  \n", REPORTED, "Skipped 3 blank lines"),
    _same("header with tab", W2V.replace(b" ", b"\t", 1)),
    _same("header with spaces around", b"  " + W2V.replace(b"\n", b"  \n", 1)),
]
_AND = (2,)  # place of the word on line 4


def _odd(name: str, data: bytes, message: str, reported: str, lost: tuple[int, ...] = _AND, outcome: str = REFUSED):  # type: ignore[no-untyped-def]
    return odd(_refused(name, data, message, outcome), reported, lost=lost)


_COUNT = r"Dropped 1 row \(wrong number of values\): line {}\."
_LINES = [
    *_odd(
        "first row too short",
        lines(W2V, _2=b"the 0.5 -0.25 1"),
        "line 2: 3 numbers where 4 are expected",
        _COUNT.format(2),
        (0,),
    ),
    *_odd("row too short", lines(W2V, _4=b"and 1 2"), r"line 4: 2 numbers where 4 are expected", _COUNT.format(4)),
    *_odd(
        "last row too short",
        lines(W2V, _7=b"last 1 2"),
        r"line 7: 2 numbers where 4 are expected",
        _COUNT.format(7),
        (5,),
    ),
    *_odd("one number", lines(W2V, _4=b"and 1"), r"line 4: 1 number where 4 are expected", _COUNT.format(4)),
    *_odd("word only", lines(W2V, _4=b"and"), r"line 4: 0 numbers where 4 are expected", _COUNT.format(4)),
    *_odd(
        "row far too long", lines(W2V, _4=b"and " + b"1 " * 3000), r"line 4: 3,000 numbers where 4", _COUNT.format(4)
    ),
    _refused("two rows on a line", W2V.replace(b"\nand", b" and"), "header says 6, found 5"),
    _refused(
        "two rows on a line, strictly",
        W2V.replace(b"\nand", b" and"),
        r"line 3: more numbers than the 4",
        options={"strict": True},
    ),
    *_odd("no word", lines(W2V, _4=b"1 2 3 4"), r"line 4: 3 numbers where 4 are expected", _COUNT.format(4)),
    *_odd("comment", W2V.replace(b"and", b"# vectors made in 2020\nand"), r"line 4: .*4 are expected", "line 4", ()),
    *_odd("end mark of DOS", W2V + b"\x1a", r"line 8: .*0 numbers where 4 are expected", _COUNT.format(8), ()),
    *_odd("tail of zero bytes", W2V + bytes(4096), r"line 8: .*0 numbers where 4 are expected", _COUNT.format(8), ()),
    *_odd(
        "header again in the middle",
        W2V.replace(b"and", HEADER.encode() + b"\nand"),
        r"line 4: 1 number where 4",
        _COUNT.format(4),
        (),
    ),
    *_odd("header says more", lines(W2V, _1=b"7 4"), "header says 7, found 6", "header says 7, found 6", ()),
    *_odd("negative header", lines(W2V, _1=b"-6 4"), "line 1: 1 number where 4 are expected", _COUNT.format(1), ()),
    *_odd("header with three numbers", lines(W2V, _1=b"6 4 1"), "line 1: 2 numbers where 4 are expected", "line 1", ()),
    *_odd("header with a fraction", lines(W2V, _1=b"6.0 4"), "line 1: 1 number where 4 are expected", "line 1", ()),
    _refused("row split", W2V.replace(b"and -2 ", b"and -2\n"), r"2 of 7 lines do not fit. line 4: 1 number where 4"),
    _same("old Mac line ends at first", W2V.replace(b"\n", b"\r", 3)),
    _same("one old Mac line end", b"a 1 2\rb 3 4\nc 5 6\n", words=("a", "b", "c"), rows=((1, 2), (3, 4), (5, 6))),
    _same("old Mac line ends after the header", W2V.replace(b"\n", b"\r").replace(b"\r", b"\r\n", 1)),
    _refused("cut in a row", W2V[: W2V.index(b"0.375") - 1], "header says 6, found 4 .*cut off"),
    _refused(
        "cut in a row, strictly",
        W2V[: W2V.index(b"0.375") - 1],
        r"line 5: 3 numbers where 4 .*cut off",
        options={"strict": True},
    ),
    Case(
        G,
        "word that ends in a number",
        lines(W2V, _4=b"and 1 2 3 4 5"),
        REPORTED,
        "Line 4: the word “and 1” ends",
        words=(*WORDS[:2], "and 1", *WORDS[3:]),
        rows=(*ROWS[:2], (2, 3, 4, 5), *ROWS[3:]),
    ),
]
_NUMBERS = [
    case
    for bad in (
        "1_0",
        "0x1p3",
        "1,5",
        "--1",
        "1e",
        "1.2.",
        "abc",
        "１",
        "٣",
        "1d5",
        "1j",
        "None",
        "½",
        "−1",
        "#N-A",
        "1e5e5",
    )
    for case in _odd(
        f"number {bad}",
        lines(W2V, _4=f"and 1 2 {bad} 4".encode()),
        r"line 4: .*(not a number|where 4 are)",
        "Dropped 1 row",
    )
]
_HEADERS = [
    Case(G, "header says fewer", lines(W2V, _1=b"3 4"), REPORTED, "header says 3, found 6"),
    Case(
        G,
        "header says fewer dimensions",
        lines(W2V, _1=b"6 5"),
        REPORTED,
        "header says 5 numbers a row, and the rows have 4",
    ),
    *_odd(
        "header says other dimensions",
        lines(W2V, _1=b"6 3"),
        "header says 3 numbers a row, and the rows have 4",
        "header says 3 numbers a row, and the rows have 4",
        (),
    ),
    _refused("header with 100 million rows", b"100000000 1\na 1 2 ", "header says 100,000,000 rows"),
    _refused("header with huge rows", lines(W2V, _1=b"999999999999999999 4"), "header says 999,999,999,999,999,999"),
    _refused("header with huge dimensions", b"6 999999999\nthe 1 2\n", "999,999,999", TOO_LARGE),
    _refused("header of zeros", lines(W2V, _1=b"0 0"), "line 1: the header says 0 rows of 0 numbers"),
    _refused("header alone", b"6 4\n", "header says 6, found 0"),
    _refused("cut after a whole row", W2V[: W2V.index(b"to")], "header says 6, found 3"),
]
_KEPT = {"words": ("the", "of", "to", "in", "naïve"), "rows": (*ROWS[:2], *ROWS[3:])}
_DROPPED = [
    Case(G, name, lines(W2V, _4=line), REPORTED, rf"Dropped 1 row \({reason}\): line 4\.", **_KEPT)
    for name, reason, line in (
        ("repeated word", "repeated word", b"the 9 9 9 9"),
        ("not a number", "NaN", b"and nan 1 2 3"),
        ("infinity", "infinity", b"and 1 inf 2 3"),
        ("beyond float32", "infinity", b"and 1 1e39 2 3"),
        ("only zeros", "only zeros", b"and 0 -0 0.0 0e5"),
        ("empty word", "empty word", b" 1 2 3 4"),
    )
]
_MARKED, _MARKS = W2V.split(b"\n")[2].join([b"\xef\xbb\xbf", b""]), (WORDS[0], "\ufeff" + WORDS[1], *WORDS[2:])
_OTHER = [
    _refused("all rows dropped", b"2 2\na nan 1\nb 0 0\n", r"nothing to load: 1 row dropped \(NaN\), 1 row dropped"),
    Case(G, "utf-16 with mark", W2V.decode().encode("utf-16"), SAME),
    Case(G, "utf-16 big-endian with mark", b"\xfe\xff" + W2V.decode().encode("utf-16-be"), SAME),
    Case(G, "utf-32 with mark", W2V.decode().encode("utf-32"), SAME),
    _refused("utf-16 chosen, and UTF-8 there", W2V, "about byte 1: this is not utf-16", options={"encoding": "utf-16"}),
    Case(G, "byte order mark, and latin-1 chosen", b"\xef\xbb\xbf" + LATIN, SAME, options={"encoding": "latin-1"}),
    Case(G, "byte order mark inside", lines(W2V, _3=_MARKED), REPORTED, "Line 3: .*byte-order mark", words=_MARKS),
    _refused("utf-16 with mark, cut", W2V.decode().encode("utf-16")[:-1], "not utf-16 .*cut off"),
    _refused("utf-16 without mark", WIDE, "not UTF-8.*“utf-16-le”"),
    Case(G, "utf-16 without mark, chosen", WIDE, SAME, options={"encoding": "utf-16-le"}),
    _refused("shift_jis", "日本 1 2\n東京 3 4\n".encode("shift_jis"), r"shift_jis \(“日本”\)"),
    _refused("words twice", W2V, "the file has words of its own", options={"words": list(WORDS)}),
    *_odd(
        "latin-1", LATIN, r"line 7: the word is not UTF-8 \(its byte 3\).*cp1252 \(“naïve”\)", "line 7.*cp1252", (5,)
    ),
    Case(G, "latin-1, chosen", LATIN, SAME, options={"encoding": "latin-1"}),
    *_odd(
        "half a character", lines(W2V, _3=b"of\xc3 1 2 3 4"), r"line 3: the word is not UTF-8 \(its byte 3\)", "3", (1,)
    ),
    *_odd("surrogate", lines(W2V, _3=b"\xed\xa0\x80 1 2 3 4"), "line 3: the word is not UTF-8", "line 3", (1,)),
    _refused("line of 1.5 MB", lines(W2V, _4=b"x" * 1_500_000 + b" 1 2 3 4"), r"line 4: the line is longer", TOO_LARGE),
    *_odd(
        "word of 10 kB",
        lines(W2V, _4=b"x" * 10_000 + b" 1 2 3 4"),
        "a word of 10,000 bytes",
        "word too long",
        _AND,
        TOO_LARGE,
    ),
    _refused("5,000 dimensions", b"1 5000\nthe" + b" 1" * 5000 + b"\n", "5,000 dimensions", TOO_LARGE),
    *_odd("zero byte in a number", lines(W2V, _4=b"and 1 2\x003 4 5"), "line 4: .*not a number", "not a number"),
]

CASES = _SPELLINGS + _SPACES + _LINES + _NUMBERS + _HEADERS + _DROPPED + _OTHER
assert text(WORDS, ROWS, header=HEADER) == W2V
