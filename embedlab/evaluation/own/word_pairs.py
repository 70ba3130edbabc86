"""Word pairs with judgements of people, as WordSim, SimLex, MEN, RareWords and SimVerb write them."""

import math
import re
from collections.abc import Sequence

from embedlab.errors import InvalidText
from embedlab.evaluation.own.lines import Given, Line, delimiter_of, fields_of, lines_in, opened, refused
from embedlab.evaluation.question_sets import Pair

_EXAMPLE = "tiger, cat, 7.35"
_EXPECTED = "two words and a number"
_NO_NUMBER = re.compile(r"[+-]?(nan|inf|infinity)|n/?a|-|\?", re.IGNORECASE)
_TAGGED = re.compile(r"(.+)-[njv]")  # MEN's lemmas with their parts of speech: sun-n


def read_word_pairs(path: Given, *, encoding: str | None = None) -> list[Pair]:
    """Pairs of words with a number each, what `similarity_correlation` takes.

    Fields are between tabs, semicolons, commas, bars or blanks. The words are the first two, after a running number
    (1, or 1.) where there is one; the judgement is the first column behind them that holds numbers in every line. So
    WordSim-353, SimLex-999, MEN, RareWords, SimVerb-3500 and gensim's copies are read as they are, with or without a
    heading. Lines that begin with "#" are comments. A number may have a decimal comma, in quotes where commas
    part the fields.

    Args:
        path: of the file; or a `NamedFile`, its name and bytes.
        encoding: where it is not UTF-8 and has no byte-order mark; see `formats.text.encodings.TEXT_CHOICES`.

    Raises:
        InvalidText: no such file, another encoding, no pair, or a line that does not fit; the message names it.
        InvalidSetting: an unknown encoding.
    """
    file = opened(path)
    lines = lines_in(file, encoding)
    delimiter = delimiter_of(lines, 3)
    if delimiter is None:
        found = refused(file.name, lines[0], _EXPECTED, _EXAMPLE) if lines else None
        raise found or InvalidText(f"{file.name} holds no pair of words: write lines such as {_EXAMPLE}")
    rows = [fields_of(line.text, delimiter) for line in lines]
    first, score, heading = _columns(file.name, lines, rows)
    pairs: list[Pair] = []
    for line, row in list(zip(lines, rows, strict=True))[heading:]:
        value = number(row[score]) if score < len(row) else None
        words = row[first : first + 2]
        if value is None or not all(words):
            raise refused(file.name, line, _EXPECTED, _EXAMPLE)
        pairs.append((words[0], words[1], value))
    tagged = [(_TAGGED.fullmatch(a), _TAGGED.fullmatch(b)) for a, b, _ in pairs]
    if all(a and b for a, b in tagged):
        pairs = [(a[1], b[1], value) for (a, b), (*_, value) in zip(tagged, pairs, strict=True) if a and b]
    return pairs


def _columns(name: str, lines: Sequence[Line], rows: list[list[str]]) -> tuple[int, int, int]:
    """Columns of the first word and of the judgement, and how many lines are a heading."""
    heading = int(not any(written_number(field) for field in rows[0][2:]))
    body = rows[heading:]
    if not body:
        raise refused(name, lines[0], _EXPECTED, _EXAMPLE)
    width = min(map(len, body))
    first = int(
        width > 3
        and [row[0].rstrip(".)") for row in body] in ([str(i + start) for i in range(len(body))] for start in (0, 1))
    )

    def misfits(column: int) -> list[int]:
        return [i for i, row in enumerate(body) if column >= len(row) or number(row[column]) is None]

    # Most lines decide, so that a line that does not fit is named rather than the column passed over.
    columns = range(first + 2, max(map(len, body)))
    score = next((column for column in columns if len(misfits(column)) <= 0.2 * len(body)), None)
    if score is None:
        score = min(columns, key=lambda column: len(misfits(column)), default=first + 2)
        raise refused(name, lines[heading + misfits(score)[0]], _EXPECTED, _EXAMPLE)
    return first, score, heading


def written_number(field: str) -> bool:
    """Whether a field is a number, or stands for one that is missing or has no end (NaN, inf), as programs write it."""
    return number(field) is not None or bool(_NO_NUMBER.fullmatch(field))


def number(field: str) -> float | None:
    """A finite number, which may have a decimal comma or a percent sign; None where the field is none."""
    field = field.removesuffix("%")
    if field.count(",") == 1 and "." not in field:
        field = field.replace(",", ".")
    try:
        value = float(field)
    except ValueError:
        return None
    return value if math.isfinite(value) and "_" not in field else None
