"""Recognition of test sets: what kinds of test a file may hold, told by its lines and by what its words mean."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal, TypeAlias

import numpy as np

from embedlab.errors import InvalidText
from embedlab.evaluation.own.analogy_files import AnalogyQuestions, read_analogies
from embedlab.evaluation.own.categories import is_named, read_categories
from embedlab.evaluation.own.groups import Group, is_barred, is_starred, odd_column, read_groups
from embedlab.evaluation.own.lines import Line, NamedFile, delimiter_of, fields_of, lines_in
from embedlab.evaluation.own.word_pairs import read_word_pairs, written_number
from embedlab.evaluation.question_sets import Pair, Question
from embedlab.vectors.spelling import known_row
from embedlab.vectors.word_vectors import WordVectors
from embedlab.wording import counted

Kind = Literal["pairs", "analogies", "groups", "categories"]
TestSet: TypeAlias = list[Pair] | AnalogyQuestions | list[Group] | Mapping[str, Sequence[str]]
NAMES: dict[Kind, str] = {
    "pairs": "word pairs with scores",
    "analogies": "analogies",
    "groups": "groups with an odd one",
    "categories": "categories",
}
_ODD_BEHIND = re.compile(r"[^\s:]+(\s+[^\s:]+)+\s+:\s+[^\s:]+")  # several words, a colon, one word
_SEVERAL: tuple[Kind, ...] = ("analogies", "groups")  # kinds that come in several files
_SAID = "analogies and odd-one-out groups"
_MOST = 0.8  # share of the lines that decide
_HALF = 0.5  # of the lines, where the others may lack a score, or hold the only word of their category
_ANALOGY = 4  # words a line
_FEW, _AGAIN = 5, 0.1  # lines in which pairs need not come again; share of those in which they do, in a longer file
_EVEN = 0.07  # at which, on lines of Google's analogies and on groups out of categories, as many of either are missed
_WEIGHED = 200  # lines whose words are looked up


def kinds_of(files: Sequence[NamedFile], vectors: WordVectors | None = None) -> tuple[Kind, ...]:
    """What kinds of test the files may hold, the likeliest first; one where their layout leaves no doubt.

    - A number behind two words in most lines: word pairs.
    - Four words a line: analogies, below ": section" lines, with MSR's tag or "::"; else these, or groups with an odd
      one. Their meaning tells which, see `_are_alike`. Where the vectors know none of the lines, or none are given,
      they are analogies if there are few of them, or some pairs come again, as in questions made of all pairs.
    - Two words a line: analogies (BATS) where several answers stand between "/"; else categories where most
      sides of one column repeat, and analogies where they do not.
    - Single words below ": name" lines, or several behind "name:": categories.
    - A bar or a star that marks one word of a line, a heading with a column of odd words, and everything else, such
      as three or five words a line: groups with an odd one.
    - Several files are of the kind that all may be: analogies or groups.

    Args:
        vectors: that know what the words mean.

    Raises:
        InvalidText: a file holds no line; several files are of another kind, or of different ones; or the bytes are
            in another encoding.
    """
    found = [_kinds_in(file, vectors) for file in files]
    if len(found) == 1:
        return found[0]
    first = Counter(kinds[0] for kinds in found)
    shared = [kind for kind in _SEVERAL if all(kind in kinds for kinds in found)]
    if shared:
        return tuple(sorted(shared, key=lambda kind: -first[kind]))
    for file, kinds in zip(files, found, strict=True):
        if not {*kinds} & {*_SEVERAL}:
            raise InvalidText(
                f"{file.name} holds {NAMES[kinds[0]]}, and only {_SAID} come in several files: give it alone."
            )
    which = {kinds[0]: file.name for file, kinds in zip(files, found, strict=True)}
    said = ", ".join(f"{name} {NAMES[kind]}" for kind, name in which.items())
    raise InvalidText(f"The files hold different tests ({said}): give those of one kind at once.")


def read_test(files: Sequence[NamedFile], kind: Kind) -> TestSet:
    """The tests of one or several files. Only analogies and groups come in several.

    Raises InvalidText: several files of another kind; else as the reader of that kind.
    """
    if kind == "analogies":
        return read_analogies(files)
    if kind == "groups":
        return read_groups(files)
    if len(files) > 1:
        raise InvalidText(f"{len(files)} files: only {_SAID} come in several. Give one.")
    return read_word_pairs(files[0]) if kind == "pairs" else read_categories(files[0])


def counts(kind: Kind, tests: TestSet) -> str:
    """How many items there are, in words."""
    if isinstance(tests, AnalogyQuestions):
        return f"{counted(sum(map(len, tests.values())), 'question')} in {counted(len(tests), 'section')}"
    if isinstance(tests, Mapping):
        words = counted(sum(map(len, tests.values())), "word")
        return f"{words} in {counted(len(tests), 'category', 'categories')}"
    return counted(len(tests), "pair" if kind == "pairs" else "group")


def first_item(kind: Kind, tests: TestSet) -> str:
    """How the first item was read, where that is not plain from the file: a question, or which word is the odd one."""
    if isinstance(tests, AnalogyQuestions):
        a, b, c, d = next(questions[0] for questions in tests.values() if questions)
        return f"The first asks: {a} is to {b} as {c} is to …? ({d})"
    if kind == "groups":
        *words, odd = next((*group.words, group.odd) for group in tests if isinstance(group, Group))
        return f"In the first, “{odd}” is the odd one. Is it another? Mark it with a star: {words[0]}*."
    return ""


def _kinds_in(file: NamedFile, vectors: WordVectors | None) -> tuple[Kind, ...]:
    if file.name.endswith((".questions", ".answers")):
        return ("analogies",)
    lines = lines_in(file)
    if not lines:
        raise InvalidText(
            f"{file.name} holds no line of a test: write some, such as “tiger cat 7.35” (word pairs with scores), “man "
            "king woman queen” (analogies), “apple pear plum hammer” (odd one last), or “fruit: apple, pear” "
            "(categories)."
        )
    headed = lines[0].text.startswith(":")
    body = [line for line in lines if not line.text.startswith(":")]
    if body and _share(bool(_ODD_BEHIND.fullmatch(line.text)) for line in body) > _MOST:
        return ("groups", "categories")
    if body and _share(is_named(line.text) for line in body) > _MOST:
        return ("categories",)
    if body and _share("::" in line.text for line in body) > _MOST:
        return ("analogies",)
    if body and _share(is_barred(line.text) or is_starred(line.text) for line in body) > _MOST:
        return ("groups",)
    delimiter = delimiter_of(body, 2)
    if delimiter is None or not body:
        return ("categories",) if headed else ("groups",)
    rows = [fields_of(line.text, delimiter) for line in body]
    if odd_column(rows[0]) is not None:
        return ("groups",)
    below = rows[1:] or rows  # of a heading
    if _share(any(written_number(field) for field in row[2:]) for row in below) > _HALF:
        return ("pairs",)
    words = [list(_words(line, delimiter)) for line in body]
    fours = [(a, b, c, d) for a, b, c, d in (line for line in words if len(line) == _ANALOGY)]
    if len(fours) > _MOST * len(body):
        if headed or any(len(row) > _ANALOGY for row in rows):  # MSR's tag
            return ("analogies",)
        return ("analogies", "groups") if _are_analogies(fours, vectors) else ("groups", "analogies")
    if _share(len(row) == 2 for row in rows) > _MOST:
        columns = list(zip(*(row for row in rows if len(row) == 2), strict=True))
        if any("/" in side.strip("/") for side in columns[1]):
            return ("analogies",)
        counts = [Counter(column) for column in columns]
        again = (_share(seen[side] > 1 for side in column) for column, seen in zip(columns, counts, strict=True))
        repeat = headed or max(again) > _HALF
        return ("categories", "analogies") if repeat else ("analogies", "categories")
    if headed:  # a line that does not fit is named by the reader of what most others are
        return ("analogies",) if _share(len(row) == 1 for row in rows) < _HALF else ("categories",)
    return ("groups",)


def _are_analogies(fours: Sequence[Question], vectors: WordVectors | None) -> bool:
    alike = _are_alike(fours, vectors) if vectors is not None else None
    if alike is not None:
        return alike
    seen = Counter(pair for a, b, c, d in fours for pair in ((a, b), (c, d)))
    again = _share(seen[a, b] > 1 or seen[c, d] > 1 for a, b, c, d in fours)
    return len(fours) < _FEW or again > _AGAIN


def _are_alike(fours: Sequence[Question], vectors: WordVectors) -> bool | None:
    """Whether the second pairs differ as the first do, about as much as the last words stand apart, or more.

    None where no line is known.

    The one is the mean cosine of b - a and d - c, the other by how much the mean cosine among a, b and c is above
    theirs to d.
    """
    known = [[known_row(vectors, word) for word in four] for four in fours[:_WEIGHED]]
    kept = np.array([rows for rows in known if None not in rows and len(set(rows)) == _ANALOGY], dtype=np.int64)
    if not len(kept):
        return None
    a, b, c, d = (vectors.unit_rows(rows) for rows in kept.T)  # (n, D) each

    def cosine(x: np.ndarray, y: np.ndarray) -> float:
        lengths = np.linalg.norm(x, axis=1) * np.linalg.norm(y, axis=1)
        return float((np.einsum("nd,nd->n", x, y) / np.maximum(lengths, 1e-9)).mean())

    together = (cosine(a, b) + cosine(a, c) + cosine(b, c)) / 3
    apart = together - (cosine(a, d) + cosine(b, d) + cosine(c, d)) / 3
    return cosine(b - a, d - c) > apart - _EVEN


def _words(line: Line, delimiter: str) -> Iterator[str]:
    """The words of a line, without a tag of MSR's."""
    fields = [field for field in fields_of(line.text, delimiter) if field]
    for place, field in enumerate(fields):
        if not (len(fields) == _ANALOGY + 1 and place == _ANALOGY - 1 and "_" in field and field.isupper()):
            yield field


def _share(holds: Iterable[bool]) -> float:
    values = list(holds)
    return sum(values) / max(len(values), 1)
