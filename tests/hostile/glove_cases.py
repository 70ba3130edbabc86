"""GloVe text, which states neither rows nor dimensions: 30 files."""

import random

from tests.hostile.case import GLOVE, REFUSED, REPORTED, ROWS, SAME, TOO_LARGE, WORDS, Case, lines, odd, text

G = "glove"
_QUOTES = ('"a', 'b"', "'c", '"', "e", "f")
_MARKS = ('"', "'", ",", "#", "\\", "%")
_NOT_FINITE = b"x nan 1 1 1\ny 1 -Infinity 1 1\n"
_ODD = (". . .", "at name@domain.com", "Killerseats.com .", "the", "1999", "naïve word")


def _refused(name: str, data: bytes, message: str, outcome: str = REFUSED) -> Case:
    return Case(G, name, data, outcome, message)


def _odd(name: str, data: bytes, message: str, reported: str, lost: tuple[int, ...]) -> list[Case]:
    return odd(_refused(name, data, message), reported, lost=lost)


CASES = [
    Case(G, "clean", GLOVE, SAME),
    Case(G, "byte order mark", b"\xef\xbb\xbf" + GLOVE, SAME),
    Case(G, "windows line ends", GLOVE.replace(b"\n", b"\r\n"), SAME),
    Case(G, "tabs", GLOVE.replace(b" ", b"\t"), SAME),
    Case(G, "double spaces", GLOVE.replace(b" ", b"   "), SAME),
    Case(G, "trailing spaces", GLOVE.replace(b"\n", b"  \n"), SAME),
    Case(G, "no final line end", GLOVE[:-1], REPORTED, "no line end"),
    Case(G, "words with spaces", GLOVE + text(_ODD[:3], ROWS[:3]), SAME, words=WORDS + _ODD[:3], rows=ROWS + ROWS[:3]),
    Case(G, "words with spaces, windows", text(_ODD, end="\r\n"), SAME, words=_ODD),
    Case(G, "words with spaces, double spaces", text(_ODD, separator="  "), SAME, words=_ODD),
    Case(G, "words of digits", text(tuple("123456")), SAME, words=tuple("123456")),
    Case(G, "word of digits first", text(("2000", *WORDS[1:])), SAME, words=("2000", *WORDS[1:])),
    Case(G, "one row", text(WORDS[:1], ROWS[:1]), SAME, words=WORDS[:1], rows=ROWS[:1]),
    Case(G, "one dimension", text(WORDS, tuple(r[:1] for r in ROWS)), SAME, rows=tuple(r[:1] for r in ROWS)),
    Case(G, "punctuation as words", text(_MARKS), SAME, words=_MARKS),
    Case(G, "quotes that do not close", text(_QUOTES), SAME, words=_QUOTES),
    Case(G, "repeated word", GLOVE + b"the 9 9 9 9\n", REPORTED, r"Dropped 1 row \(repeated word\): line 7"),
    Case(G, "every word twice", GLOVE + GLOVE, REPORTED, r"Dropped 6 rows \(repeated word\): line 7, 8, 9"),
    Case(G, "not finite", GLOVE + _NOT_FINITE, REPORTED, r"\(NaN\): line 7\..*\(infinity\): line 8"),
    *_odd("row too short", lines(GLOVE, _3=b"and 1 2 3"), "line 3: 3 numbers where 4 are expected", "line 3", (2,)),
    *_odd("two rows on a line", GLOVE.replace(b"\nto", b" to"), "line 3: more numbers than the 4", "line 3", (2, 3)),
    *_odd("row too long", lines(GLOVE, _3=b"and 1 2 3 4 5"), "line 3: 5 numbers where 4 are expected", "line 3", (2,)),
    *_odd("first row too short", lines(GLOVE, _1=b"the 1"), "line 1: 1 number where 4 are expected", "line 1", (0,)),
    _refused("first row cut in two", lines(GLOVE, _1=b"the 1\n2 3 4"), "line 1: 1 number where 4 are expected"),
    Case(G, "column titles", b"word a b c d\n" + GLOVE, REPORTED, "Line 1, “word a b c d”, is taken for a heading"),
    Case(G, "numbered columns", b"word 0 1 2 3\n" + GLOVE, REPORTED, "Line 1, “word 0 1 2 3”, is taken for a heading"),
    Case(G, "comma-separated", GLOVE.replace(b" ", b","), REPORTED, "4 columns .* became the vectors"),
    Case(G, "semicolons", GLOVE.replace(b" ", b";"), REPORTED, "4 columns .* became the vectors"),
    _refused("decimal commas", GLOVE.replace(b".", b",").replace(b" 1 2", b" 1,0 2,0"), "decimal commas"),
    _refused("numbers only", b"0.5 1.5\n2.5 3.5\n", "the lines hold numbers and no words"),
    _refused("web page", b"<!DOCTYPE html>\n<html><body>Not found 404</body></html>\n", "this is a web page"),
    Case(G, "JSON", b'{"the": [0.5, 1], "of": [1, 2]}\n', REPORTED, words=WORDS[:2], rows=((0.5, 1), (1, 2))),
    _refused("JSON of settings", b'{"hidden_size": 512, "layers": 6}\n', "JSON"),
    _refused("prose", b"It was the best of times,\nit was the worst of times.\n", "line 1: .*is not a number"),
    _refused("empty", b"", "the file is empty"),
    _refused("blank", b" \n\t\n\r\n", "only blank lines"),
    _refused("one byte", b"x", "line 1: no number follows the word"),
    _refused("zero bytes", bytes(5000), "neither text nor a vector format"),
    _refused("noise", random.Random(1).randbytes(20_000), "neither text nor a vector format"),
    _refused("line of 3 MB", b"x" * 3_000_000, "line 1: the line is longer", TOO_LARGE),
    _refused("picture", b"\x89PNG\r\n\x1a\n" + bytes(100), "this is a picture"),
    _refused("document", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "this is a PDF document"),
]
