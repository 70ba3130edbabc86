"""Recognition of test sets: what kind of test a file holds, told by its lines."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal, TypeAlias

from embedlab.errors import InvalidText
from embedlab.evaluation.own.analogy_files import AnalogyQuestions, read_analogies
from embedlab.evaluation.own.categories import read_categories
from embedlab.evaluation.own.groups import Group, read_groups
from embedlab.evaluation.own.lines import Line, NamedFile, delimiter_of, fields_of, lines_in
from embedlab.evaluation.own.word_pairs import number, read_word_pairs
from embedlab.evaluation.question_sets import Pair

Kind = Literal["pairs", "analogies", "groups", "categories"]
TestSet: TypeAlias = list[Pair] | AnalogyQuestions | list[Group] | Mapping[str, Sequence[str]]
_MOST = 0.8  # share of the lines that decide
_ANALOGY = 4  # words a line
_FEW, _AGAIN = 5, 0.1  # lines in which pairs need not come again; share of those in which they do, in a longer file


def kind_of(files: Sequence[NamedFile], *, encoding: str | None = None) -> Kind:
    """What kind of test the files hold; several files are analogies, which alone come in several.

    - A number behind two words in most lines: word pairs.
    - Four words a line, MSR's tag besides: analogies, unless the file is long and its pairs never come again, as each
      does in questions that are made of all pairs of a section.
    - Pairs of which most have right sides of their own (BATS): analogies.
    - Pairs whose right sides repeat, or single words below ": name" lines: categories.
    - Everything else, such as three or five words a line: groups with an odd one.

    Args:
        encoding: where the files are not UTF-8 and have no byte-order mark.

    Raises:
        InvalidText: the bytes are in another encoding.
        InvalidSetting: an unknown encoding.
    """
    if len(files) != 1 or files[0].name.endswith((".questions", ".answers")):
        return "analogies"
    lines = lines_in(files[0], encoding)
    headed = bool(lines) and lines[0].text.startswith(":")
    body = [line for line in lines if not line.text.startswith(":")]
    delimiter = delimiter_of(body, 2)
    if delimiter is None or not body:
        return "categories" if headed else "groups"
    rows = [fields_of(line.text, delimiter) for line in body]
    below = rows[1:] or rows  # of a heading
    if _share(any(number(field, delimiter) is not None for field in row[2:]) for row in below) > _MOST:
        return "pairs"
    fours = [fields for line in body if len(fields := _words(line, delimiter)) == _ANALOGY]
    if len(fours) > _MOST * len(body):
        seen = Counter(pair for a, b, c, d in fours for pair in ((a, b), (c, d)))
        again = _share(seen[a, b] > 1 or seen[c, d] > 1 for a, b, c, d in fours)
        return "analogies" if headed or len(fours) < _FEW or again > _AGAIN else "groups"
    if _share(len(row) == 2 for row in rows) > _MOST:
        sides = [row[1] for row in rows if len(row) == 2]
        return "categories" if headed or len(set(sides)) <= len(sides) / 2 else "analogies"
    return "groups"


def read_test(files: Sequence[NamedFile], kind: Kind, *, encoding: str | None = None) -> TestSet:
    """The tests of one or several files. Only analogies come in several.

    Raises InvalidText: several files of another kind; else as the reader of that kind.
    """
    if kind == "analogies":
        return read_analogies(files, encoding=encoding)
    if len(files) > 1:
        raise InvalidText(f"{len(files)} files: only analogies come in several. Give one.")
    readers: dict[Kind, Callable[..., TestSet]] = {
        "pairs": read_word_pairs,
        "groups": read_groups,
        "categories": read_categories,
    }
    return readers[kind](files[0], encoding=encoding)


def _words(line: Line, delimiter: str) -> list[str]:
    """The words of a line, without a tag of MSR's."""
    fields = [field for field in fields_of(line.text, delimiter) if field]
    if len(fields) == _ANALOGY + 1 and "_" in fields[3] and fields[3].isupper():
        del fields[3]
    return fields


def _share(holds: Iterable[bool]) -> float:
    values = list(holds)
    return sum(values) / max(len(values), 1)
