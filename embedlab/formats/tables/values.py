"""Cell values of tables: what is a number, a list of numbers or text, and what a column holds by a sample of it."""

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from embedlab.formats.binary.numpy_arrays import as_text

Kind = Literal["text", "number", "list", "nested", "other", "empty"]
NUMBER = re.compile(r"[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|nan|inf|infinity)", re.IGNORECASE | re.ASCII)
_WHOLE = re.compile(r"[+-]?\d{1,300}", re.ASCII)
_COMMA = re.compile(r"[+-]?\d*,\d+(?:[eE][+-]?\d+)?|[+-]?\d+(?:\.\d*)?[eE][+-]?\d+|[+-]?\d+", re.ASCII)
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:(?:,\d{3})+\.|(?:\.\d{3})+,)\d+", re.ASCII)
_RUNNING = re.compile(r"(.*?)(\d{1,9})", re.DOTALL)
_WRITTEN = re.compile(r"\s*(\[[^\[\]]*\]|\([^()]*\))\s*")
_PLAIN = str.maketrans("", "", "0123456789+-.eE")
_DISTINCT = 0.9  # share of different values
_LONGEST_NUMBER = 400  # characters; Python refuses whole numbers of over 4,300


@dataclass(frozen=True)
class Column:
    """What one column of a table holds, by a sample of its values."""

    name: str  # from the heading, or its number counted from 1
    kind: Kind  # of most values: a list is one of numbers, also where it is written as text
    pure: bool = True  # all values are of that kind
    whole: bool = False  # whole numbers only
    counting: bool = False  # 0, 1, 2, … or 1, 2, 3, …
    distinct: bool = True  # few values come twice
    constant: bool = False  # one value in several rows
    thousands: bool = False  # text of numbers with marks between thousands: 1,200.5
    length: int = 0  # numbers in a list: the usual count
    largest: float = 0.0  # absolute value of a number
    shortened: bool = False  # NumPy's arrays, written with dots in place of most numbers
    written: bool = False  # lists are written as text: "[0.1, -0.2]"


def describe(name: str, values: Iterable[Any]) -> Column:
    """What a column with these values holds; None and "" are empty."""
    there = [value for value in values if value is not None and value != ""]
    if not there:
        return Column(name, "empty")
    kinds: Counter[Kind] = Counter(map(_kind_of, there))
    kind = max(kinds, key=lambda kind: (kinds[kind], kind == "text"))
    if kind == "number":
        numbers = [v for v in there if _kind_of(v) == "number" and (isinstance(v, int) or math.isfinite(v))]
        whole = bool(numbers) and all(isinstance(v, int) for v in numbers)
        counting = whole and len(numbers) > 1 and numbers in (
            list(range(len(numbers))), list(range(1, len(numbers) + 1)),
        )  # fmt: skip
        return Column(
            name, kind, pure=kinds[kind] == len(there), whole=whole, counting=counting,
            distinct=_is_distinct(numbers), largest=max((abs(as_float(v)) for v in numbers), default=0.0),
        )  # fmt: skip
    if kind == "list":
        lists = [v for v in there if _kind_of(v) == "list"]
        lengths = Counter(len(v if isinstance(v, list) else written_list(v) or ()) for v in lists)
        return Column(
            name, kind, pure=kinds[kind] == len(there), length=min(lengths, key=lambda n: (-lengths[n], n)),
            written=isinstance(lists[0], str), shortened=any(map(shortened, lists)),
        )  # fmt: skip
    texts = list(map(str, there))
    constant = kind == "text" and len(texts) > 1 and len(set(texts)) == 1
    distinct = kind != "text" or _is_distinct(texts)
    thousands = kind == "text" and 2 * sum(_THOUSANDS.fullmatch(text) is not None for text in texts) > len(texts)
    return Column(
        name, kind, pure=kinds[kind] == len(there), distinct=distinct, constant=constant, thousands=thousands
    )  # fmt: skip


def _is_distinct(values: Sequence[Any]) -> bool:
    return len(set(values)) >= _DISTINCT * len(values)


def _kind_of(value: Any) -> Kind:
    if isinstance(value, bool):
        return "other"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "list" if _WRITTEN.fullmatch(value) and (written_list(value) or shortened(value)) else "text"
    if isinstance(value, bytes):
        return "text"
    if isinstance(value, list):
        return "list" if value and all(type(item) in (int, float, type(None)) for item in value) else "nested"
    return "nested" if isinstance(value, dict) else "other"


def typed(text: str, *, decimal: str = ".") -> int | float | str | None:
    """A field of a CSV table: a number where it is written as one, None where it is empty, or else its text."""
    if not text:
        return None
    if len(text) > _LONGEST_NUMBER:
        return text
    bare = text.strip(" ")
    if decimal == ",":
        if not _COMMA.fullmatch(bare):
            return text
        bare = bare.replace(",", ".")
    elif not NUMBER.fullmatch(bare):
        return text
    return int(bare) if _WHOLE.fullmatch(bare) else float(bare)


def as_float(number: float) -> float:
    """A number of JSON or Python in float64: infinite where it is larger than any."""
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def floats(fields: Sequence[str], *, decimal: str = ".") -> list[float] | None:
    """Fields of text as numbers; None where one is not written as a number ("1_0" and "0x1" are not)."""
    try:
        if decimal == "." and not "".join(fields).translate(_PLAIN):  # no other character: float alone decides
            return list(map(float, fields))
    except ValueError:
        return None
    found = []
    for field in fields:
        number = typed(field, decimal=decimal)
        if number is None or isinstance(number, str):
            return None
        found.append(as_float(number))
    return found


def written_list(text: str) -> list[float] | None:
    """Numbers of a list written as text: "[0.1, -0.2]" of JSON and Python, "[0.1 -0.2]" of NumPy; None for others."""
    if not (found := _WRITTEN.fullmatch(text)):
        return None
    body = found[1][1:-1]
    fields = [part.strip() for part in body.split(",")] if "," in body else body.split()
    return floats(fields) if fields else None


def shortened(text: Any) -> bool:
    """Whether this is a NumPy array that was written with dots in place of most of its numbers."""
    if not (isinstance(text, str) and "..." in text and _WRITTEN.fullmatch(text)):
        return False
    return floats(text.strip()[1:-1].replace("...", " ").replace(",", " ").split()) is not None


def listed(value: Any) -> Any:
    """The same value; an object of numbers under running names ({"0": 0.1, "1": -0.2}) as their list."""
    if not isinstance(value, dict) or not value or isinstance(value, Repeated):
        return value
    found: dict[int, Any] = {}
    stems = set()
    for key, number in value.items():
        if type(number) not in (int, float, type(None)) or not (match := _RUNNING.fullmatch(key)):
            return value
        stems.add(match[1])
        found[int(match[2])] = number
    if len(stems) > 1 or sorted(found) != list(range(min(found), min(found) + len(value))) or min(found) > 1:
        return value
    return [found[i] for i in sorted(found)]


def numbers_of(value: Any) -> list[float] | None:
    """Numbers of one list of a table; None where it is none, or holds something else."""
    if isinstance(value, str):
        return written_list(value)
    if not isinstance(value, list) or not set(map(type, value)) <= {int, float}:
        return None
    try:
        return list(map(float, value))
    except OverflowError:
        return [as_float(item) for item in value]


def word_of(value: Any) -> str | None:
    """A cell as a word: "" where it is empty or no text, None where it is not Unicode."""
    if isinstance(value, str | bytes):
        return as_text(value)
    if isinstance(value, int | float) and value == value:
        return text_of(value)
    return ""


def text_of(value: Any) -> str:
    try:
        return str(value)
    except ValueError:  # a whole number of thousands of digits
        return ""


def is_nested(value: Any) -> bool:
    return isinstance(value, list | dict)


def parsed(text: str | bytes) -> Any:
    """JSON with its objects as `Repeated` where a key comes twice. Raises ValueError, RecursionError."""
    return json.loads(text, object_pairs_hook=_object)


class Repeated(dict[str, Any]):
    """An object of JSON in which a key comes twice: `pairs` holds all of it."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.pairs = pairs


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    return found if len(found) == len(pairs) else Repeated(pairs)
