"""Column roles: which columns of a table hold the text, the label and the part, found by what stands in them.

A heading's names decide only where the cells allow several answers. A text has many words and few repetitions; a label
few, short values; a part says train, test or validation. Empty columns, those of one value, numberings, dates and names
of users are none of these.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from embedlab.lessons.transfer.data.sentences import Part

MIN_LABELS, MAX_LABELS = 2, 20
MAX_LABEL_LENGTH = 60  # characters; a longer label is a text in the wrong column

# What columns are called in the tables that people have; the first are the surest.
_TEXT = (
    "text", "sentence", "review", "reviewtext", "review_text", "tweet", "comment", "comment_text", "content", "message",
    "sms", "phrase", "document", "body", "description", "utterance", "post", "article", "question",
)  # fmt: skip
_TITLE = ("title", "headline", "heading", "subject", "summary")  # stands above a text, and is a part of it
_LABEL = (
    "label", "labels", "class", "sentiment", "category", "polarity", "target", "tag", "topic", "rating", "stars",
    "score", "intent", "emotion", "class index", "class_index", "overall", "y",
)  # fmt: skip
_SPLIT = ("split", "part", "set", "subset", "fold", "partition", "usage")
_PART_NAMES: dict[str, Part] = {
    "train": "train", "training": "train", "trn": "train",
    "validation": "validation", "valid": "validation", "val": "validation", "dev": "validation",
    "development": "validation",
    "test": "test", "testing": "test", "tst": "test", "eval": "test", "evaluation": "test",
}  # fmt: skip
_IS_PART = re.compile(r"is[_ ]?(train|valid|validation|val|dev|test)", re.IGNORECASE)
_YES, _NO = ("true", "1", "1.0", "yes", "t"), ("false", "0", "0.0", "no", "f")
_LETTERS = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]+")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")  # no blanks between words
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
_WHOLE = re.compile(r"\d{1,18}")
_FILLED = 0.9  # share of the cells of a label
_TEXT_WORDS, _ALSO_TEXT_WORDS = 1.5, 3.0  # mean words of a text, and of a further one
_TEXT_LETTERS = 0.5  # of its signs; dates and addresses have fewer
_TEXT_DISTINCT = 0.3  # share of different values
_HEADING_WORDS = 4  # at most, in a name of a column
_COPY = 0.75  # share of common words from which a text is another's copy, such as a cleaned one


@dataclass(frozen=True)
class TableColumn:
    """What a column holds, by a sample of its cells."""

    place: int  # from 0
    name: str  # of the heading; "column 3" where there is none
    filled: float  # share of cells that are not empty, in [0, 1]
    values: tuple[str, ...]  # different ones, the first `MAX_LABELS` + 1
    distinct: float  # share of different values among the filled cells
    words: float  # mean of the filled cells
    letters: float  # their share among the signs
    longest: int  # characters of a cell
    numbers: bool  # every filled cell is one
    numbering: bool  # whole numbers that rise from row to row
    parts: float  # share of filled cells that name a part
    why_not: str = ""  # why it is left out

    @property
    def few(self) -> bool:
        """Whether it has as many values as labels may have, and short ones."""
        return MIN_LABELS <= len(self.values) <= MAX_LABELS and self.longest <= MAX_LABEL_LENGTH

    @property
    def title(self) -> str:
        """How messages name it."""
        return self.name if self.name == f"column {self.place + 1}" else f"column {self.place + 1} ({self.name})"


@dataclass(frozen=True)
class ColumnRoles:
    """Which columns count, by their places from 0."""

    text: tuple[int, ...]  # joined in this order by a line end
    label: int
    part: int | None = None  # None: the parts are drawn


def part_of(cell: str, name: str) -> Part | None:
    """The part that a cell names; `name` is its column's, which may ask a question: is_valid."""
    if (known := _PART_NAMES.get(cell.strip().lower())) is not None:
        return known
    if asked := _IS_PART.fullmatch(name.strip()):
        meant = _PART_NAMES[asked[1].lower()]
        if cell.strip().lower() in _YES:
            return meant
        if cell.strip().lower() in _NO:
            return "test" if meant == "train" else "train"
    return None


def parts_named(names: Sequence[str]) -> list[Part] | None:
    """The part that each file's name, or else its folder's, says; None where one says none, or all say the same."""
    found: list[Part] = []
    for name in names:
        pieces = (re.findall(r"[a-z]+", piece.lower()) for piece in reversed(name.split("/")))
        said = (part for words in pieces for word in words if (part := _PART_NAMES.get(word)) is not None)
        if (part := next(said, None)) is None:
            return None
        found.append(part)
    return found if len(set(found)) > 1 else None


def describe_columns(names: Sequence[str], rows: Sequence[Sequence[str]]) -> list[TableColumn]:
    """What each column holds.

    Args:
        names: of the heading, "" where a column has none.
        rows: a sample from all over the table, in its order; each has one cell a name.
    """
    return [_described(i, name, [row[i].strip() for row in rows]) for i, name in enumerate(names)]


def _described(place: int, name: str, cells: Sequence[str]) -> TableColumn:
    filled = [cell for cell in cells if cell]
    values = dict.fromkeys(filled)
    count = max(len(filled), 1)
    signs = sum(len(cell) - cell.count(" ") for cell in filled)
    whole = len(filled) > 1 and len(filled) == len(cells) and all(map(_WHOLE.fullmatch, filled))
    rising = whole and all(int(a) < int(b) for a, b in pairwise(filled))
    return TableColumn(
        place=place,
        name=name.strip() or f"column {place + 1}",
        filled=len(filled) / max(len(cells), 1),
        values=tuple(values)[: MAX_LABELS + 1],
        distinct=len(values) / count,
        words=sum(map(_words, filled)) / count,
        letters=sum(len(_LETTERS.findall(cell)) for cell in filled) / max(signs, 1),
        longest=max(map(len, filled), default=0),
        numbers=bool(filled) and all(map(_NUMBER.fullmatch, filled)),
        numbering=rising,
        parts=sum(part_of(cell, name) is not None for cell in filled) / count,
    )


def _words(cell: str) -> float:
    """Words of letters between blanks: an address of the web is one."""
    unspaced = len(_UNSPACED.findall(cell))
    return unspaced / 2 + sum(_WORD.search(piece) is not None for piece in _UNSPACED.sub(" ", cell).split())


def find_roles(columns: Sequence[TableColumn], rows: Sequence[Sequence[str]]) -> ColumnRoles | None:
    """Which columns hold text, label and part; None where there is no column for one of the first two.

    Args:
        rows: the sample that the columns were described by.
    """
    part = _part(columns)
    left = [c for c in columns if c is not part and c.values]
    if len(left) < 2:  # what is wrong is said when the rows are read
        left = [c for c in columns if c is not part]
    label = _label([c for c in left if not _is_wordy(c)], len(rows)) if len(left) > 1 else None
    texts = [c for c in left if c is not label and len(c.values) > 1] or [c for c in left if c is not label]
    if not texts:
        return None
    main = max(texts, key=lambda c: (_text_rank(c), _is_named_only(c), c.words * c.distinct, c.longest * c.distinct))
    label = label or _label([c for c in left if c is not main], len(rows)) or _any_label(left, main)
    if label is None:
        return None
    further = [c for c in texts if c is not main and c is not label and _joins(c, main, rows)]
    joined = sorted([main, *further], key=lambda c: c.place)
    return ColumnRoles(tuple(c.place for c in joined), label.place, None if part is None else part.place)


def with_reasons(columns: Sequence[TableColumn], roles: ColumnRoles) -> tuple[TableColumn, ...]:
    """The columns, each that is left out with the reason."""
    used = {*roles.text, roles.label, roles.part}
    return tuple(c if c.place in used else replace(c, why_not=_why_not(c)) for c in columns)


def _why_not(column: TableColumn) -> str:
    if not column.values:
        return "empty"
    if len(column.values) == 1:
        return "one value"
    if column.numbering:
        return "numbers the rows"
    if column.numbers:
        return "numbers"
    if _reads_as_text(column):
        return "another text"
    return "few values" if column.few else "names or dates"


def _is_wordy(column: TableColumn) -> bool:
    return column.words >= _ALSO_TEXT_WORDS and column.letters >= _TEXT_LETTERS


def _reads_as_text(column: TableColumn) -> bool:
    return _is_wordy(column) and column.distinct >= _TEXT_DISTINCT


def _text_rank(column: TableColumn) -> int:
    """2: called a text and one by its cells; 1: one by its cells; 0: another."""
    text = column.words >= _TEXT_WORDS and column.letters >= _TEXT_LETTERS and not column.numbers
    return text * (1 + (_known(column.name, _TEXT) == 2 and column.distinct >= _TEXT_DISTINCT))


def _is_named_only(column: TableColumn) -> bool:
    return _text_rank(column) == 0 and _known(column.name, _TEXT) == 2


def _joins(column: TableColumn, main: TableColumn, rows: Sequence[Sequence[str]]) -> bool:
    """Whether a further column belongs to the text: a title above it, or a second text that no name tells apart."""
    if _known(column.name, _TITLE) == 2 and column.words >= 1 and column.letters >= _TEXT_LETTERS:
        return True
    if not _reads_as_text(column) or column.filled < 0.5:
        return False
    if _known(main.name, _TEXT) == 2 and _known(column.name, _TEXT) < 2:
        return False
    shared = 0.0
    for row in rows[:200]:
        a, b = (set(_WORD.findall(row[c.place].lower())) for c in (column, main))
        shared += len(a & b) / max(len(a | b), 1)
    return shared < _COPY * len(rows[:200])


def _known(name: str, names: Sequence[str]) -> int:
    """2: the name is one of these; 1: one of its parts is; 0: neither."""
    plain = name.strip().lower()
    if plain in names:
        return 2
    pieces = re.sub(r"([a-z])([A-Z])", r"\1 \2", name.strip()).lower().replace("_", " ").replace("-", " ").split()
    return int(any(piece in names for piece in pieces))


def is_heading(first: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether a table's first row names its columns, by what stands below it.

    It does where it has a word above numbers, what is no label above the labels, or a name that tables usually have;
    and where its texts are no sentences.

    Args:
        rows: a sample of the others, from all over the table.
    """
    cells = [cell.strip() for cell in first]
    named = [cell for cell in cells if cell]
    if not named or len(set(named)) < len(named):
        return False
    columns = describe_columns([""] * len(cells), rows)
    roles = find_roles(columns, rows)
    if any(_words(cells[place]) > _HEADING_WORDS for place in (roles.text if roles else range(len(cells)))):
        return False
    above = [(cell, column) for cell, column in zip(cells, columns, strict=True) if cell]
    if any(column.numbers and not _NUMBER.fullmatch(cell) for cell, column in above):
        return True
    if any(_is_usual(cell) and cell not in column.values for cell, column in above):
        return True
    if roles is None:
        return False
    label = columns[roles.label]
    return label.few and cells[roles.label] not in ("", *label.values)


def _is_usual(name: str) -> bool:
    """Whether tables use this name for a text, a label or a part."""
    return any(_known(name, names) == 2 for names in (_TEXT, _TITLE, _LABEL, _SPLIT)) or bool(_IS_PART.fullmatch(name))


def _part(columns: Sequence[TableColumn]) -> TableColumn | None:
    def fits(column: TableColumn) -> bool:
        named = _known(column.name, _SPLIT) == 2 or _IS_PART.fullmatch(column.name) is not None
        return 2 <= len(column.values) <= MAX_LABELS and column.parts >= (0.5 if named else 0.95)

    return max(filter(fits, columns), key=lambda c: (_known(c.name, _SPLIT), c.parts), default=None)


def _label(columns: Sequence[TableColumn], count: int) -> TableColumn | None:
    """The label among columns that are no texts: called one, or else of fewest values, words rather than numbers."""

    def fits(column: TableColumn) -> bool:
        named = _known(column.name, _LABEL) > 0
        often = len(column.values) * (2 if named else 3) <= max(count, 6)
        return column.few and often and (column.filled >= _FILLED or _known(column.name, _LABEL) == 2)

    def rank(column: TableColumn) -> tuple[int, int, int, bool, int]:
        named = _known(column.name, _LABEL)
        sure = len(_LABEL) - _LABEL.index(column.name.lower()) if named == 2 else 0
        return named, sure, -len(column.values), not column.numbers, -column.place

    return max((c for c in columns if fits(c) and not c.numbering), key=rank, default=None)


def _any_label(columns: Sequence[TableColumn], main: TableColumn) -> TableColumn | None:
    """Where no column has the values of a label: the one that is called so, or has the fewest; errors speak of it."""
    others = [c for c in columns if c is not main]
    return min(others, key=lambda c: (-_known(c.name, _LABEL), c.numbering, c.distinct, c.words), default=None)
