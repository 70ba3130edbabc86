"""Column roles of a table with embeddings: which column is the words, which are the vectors, and which come beside."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from embedlab.errors import SeveralFiles
from embedlab.formats.limits import GIVE_WORDS, shown_word
from embedlab.formats.packed.source import Source
from embedlab.formats.tables.values import Column
from embedlab.wording import counted, first_of

# Names as people give them; earlier ones are likelier.
_WORDS = (
    "word", "words", "token", "tokens", "term", "text", "label", "name", "title", "key", "phrase", "sentence", "item",
    "entity", "texts", "document", "documents", "content", "id",
)  # fmt: skip
_VECTORS = ("embedding", "embeddings", "vector", "vectors", "emb", "vec", "values", "features")
_INDEX = {"", "unnamed: 0", "index", "__index_level_0__", "level_0", "rownames", "_row"}
BESIDE = {
    "count", "counts", "freq", "frequency", "year", "rank", "label", "class", "target", "id", "n", "n_tokens", "score",
    "weight", "idf", "tfidf", "probability", "similarity",
}  # fmt: skip
_RUNNING = re.compile(r"(.*?)(\d{1,9})[\])}]?", re.DOTALL)
MOST_NUMBERS = 4  # beside a word in a list: its place, counts, a year; more may be its vector
_MOST_BESIDE = 20  # further columns that are kept
_SHOWN = 10
IN_ROW_ORDER = "The words were taken in the order of the rows"
_LARGE = 50  # whole numbers above it beside fractions are no dimension
_NUMBERS_BESIDE = "A table needs a column of lists of numbers, or a column of numbers for each dimension."


@dataclass(frozen=True)
class Columns:
    """What the caller chose of a table's columns; None: find out.

    Args:
        word: the column of words: its name in the heading, or its number from 1 where there is no heading.
        vector: the column of lists; or the first and last of the columns of numbers, as in "x to y".
        heading: whether the first line of a CSV table is a heading.
    """

    word: str | None = None
    vector: str | None = None
    heading: bool | None = None


@dataclass(frozen=True)
class Roles:
    """Positions of columns, counted from 0."""

    word: int | None  # None: the words come from elsewhere
    vector: tuple[int, ...]  # one column of lists, or a column of numbers for each dimension
    lists: bool
    beside: tuple[int, ...]  # further columns
    dimensions: int  # D
    notes: tuple[str, ...]  # what was decided, for the report


@dataclass(frozen=True)
class _Candidate:
    title: str
    positions: tuple[int, ...]
    by_name: bool = False  # the names of the columns are numbered
    fractional: bool = True


def assign_roles(
    columns: Sequence[Column], chosen: Columns, *, source: Source, has_words: bool = False, named: bool = True
) -> Roles:
    """The roles of a table's columns, and sentences that say so.

    Args:
        has_words: whether a list of words was given beside the table; it is used where the table has no text.
        named: whether the columns have names of their own.

    Raises:
        SeveralFiles: several columns of vectors, and `chosen` names none of them.
        VectorFileError: a chosen column that is not there, no vectors, or no words (`asks` is "words").
    """
    if has_words and chosen.word is not None and not any(column.kind == "text" for column in columns):
        chosen = replace(chosen, word=None)  # it is a column of the list
    _check_thousands(columns, chosen, source)
    columns = _with_words(columns, named=named) if chosen.word is None and not has_words else columns
    word = None if chosen.word is None else find_column(columns, chosen.word, source)
    notes: list[str] = []
    index = [i for i in _index(columns, named=named) if i != word]
    vector = _vector(columns, chosen, word, index, source, notes, named=named)
    index = [i for i in index if i not in vector]
    if word is None:
        word = _word(columns, vector, index, has_words=has_words, named=named)
    if word is not None and word in vector:
        raise source.refusal(
            f"{_shown(columns, [word])} cannot be the word and the vector", "Choose another column.", asks="columns"
        )
    if word is None and not has_words:
        raise source.refusal(f"the table has no column of words ({_overview(columns)})", GIVE_WORDS, asks="words")
    lists = columns[vector[0]].kind == "list"
    if columns[vector[0]].shortened:
        raise source.refusal(
            "NumPy wrote only the first and last numbers of each vector, with “...” between",
            "Turn the arrays into lists (tolist) before the table is written.",
        )
    dimensions = columns[vector[0]].length if lists else len(vector)
    if word is not None:
        notes.append(f"{_column(columns, [word], named=named)} became the words.")
        if columns[word].kind == "number":
            notes.append(
                "They are numbers, as was chosen."
                if chosen.word is not None
                else "No column holds text, so numbers were taken for words."
            )
        if has_words:
            notes.append("The list of words was not used: the table has words of its own.")
    notes.append(f"{_column(columns, vector, named=named)} became the vectors.")
    if lists and columns[vector[0]].written:
        notes.append("Its lists are written as text, which was read as numbers.")
    apart = {word, *vector}
    others = [i for i in range(len(columns)) if i not in apart]
    beside = [i for i in others if i not in index and columns[i].kind in ("text", "number", "other")]
    beside, many = beside[:_MOST_BESIDE], beside[_MOST_BESIDE:]
    if word is None and (unsorted := [i for i in index if _is_order(columns[i]) and not columns[i].counting]):
        notes.append(f"{IN_ROW_ORDER}, not of column {shown_word(columns[unsorted[0]].name)}.")
    if beside:
        notes.append(f"Kept as further columns: {_shown(columns, beside)}.")
    for positions, why in (
        ([i for i in others if i in index], "row numbers"),
        ([i for i in others if columns[i].kind == "list"], "lists of numbers that were not chosen"),
        ([i for i in others if columns[i].kind == "empty"], "nothing in it"),
        ([i for i in others if columns[i].kind == "nested"], "neither text, numbers nor lists of numbers"),
        (many, f"at most {_MOST_BESIDE} further columns are kept"),
    ):
        if positions:
            notes.append(f"Left out ({why}): {_shown(columns, positions)}.")
    return Roles(word, tuple(vector), lists, tuple(beside), dimensions, tuple(notes))


def unique_names(names: Sequence[str]) -> list[str]:
    """The same names, of which those of the same spelling are numbered: x (1), x (2)."""
    times_there, taken = Counter(names), set(names)
    seen: set[str] = set()
    found = []
    for name in names:
        new, times = f"{name} (1)" if times_there[name] > 1 and name else name, 1
        while new in seen or (times > 1 and new in taken):
            times += 1
            new = f"{name} ({times})"
        seen.add(new)
        found.append(new)
    return found


def find_column(columns: Sequence[Column], name: str, source: Source) -> int:
    """The position of a column that was chosen by name. Raises VectorFileError: there is none."""
    wanted = name.strip().casefold()
    for i, column in enumerate(columns):
        if column.name == name:
            return i
    for i, column in enumerate(columns):
        if column.name.strip().casefold() == wanted:
            return i
    raise source.refusal(
        f"there is no column {shown_word(name)} ({_overview(columns)})", "Choose one of these columns.", asks="columns"
    )


def find_words(columns: Sequence[Column], *, named: bool) -> int | None:
    """The position of the column that is likeliest the words of a list; None: none holds text."""
    columns = _with_words(columns, named=named)
    return _word(columns, (), _index(columns, named=named), has_words=False, named=named)


def is_known(name: str) -> bool:
    """Whether a name is one that people give to a column of words, of row numbers, or of what comes beside a word."""
    name = name.strip().strip('"').lower()
    return name in _WORDS or name in BESIDE or name in _INDEX - {""}


def numbered_groups(columns: Sequence[Column]) -> list[tuple[int, ...]]:
    """Columns of numbers whose names are one stem and a growing number: 0, 1, 2, … or dim_0, dim_1, ….

    Each group has two columns at least.
    """
    groups: dict[str, list[tuple[int, int]]] = {}  # stem: (position, number)
    for i, column in enumerate(columns):
        if column.kind in ("number", "empty") and (match := _RUNNING.fullmatch(column.name)):
            group = groups.setdefault(match[1], [])
            if not group and int(match[2]) == 1 and i and _is_stem(columns[i - 1], match[1]):
                group.append((i - 1, 0))  # emb, emb.1, emb.2: a name that repeats, as pandas and R write it
            if not group or int(match[2]) > group[-1][1]:
                group.append((i, int(match[2])))
    return [tuple(i for i, _ in group) for group in groups.values() if len(group) > 1]


def _is_stem(column: Column, stem: str) -> bool:
    return column.kind == "number" and bool(column.name) and stem in (column.name, column.name + ".")


def _is_order(column: Column) -> bool:
    return column.name.strip().lower() == "index"


def _check_thousands(columns: Sequence[Column], chosen: Columns, source: Source) -> None:
    """Refuses a table in which a dimension would be lost because its numbers are written as 1,200.5."""
    column = next((column for column in columns if column.thousands), None)
    if column is not None and chosen.vector is None:
        raise source.refusal(
            f"the column {shown_word(column.name)} holds numbers with marks between thousands, as in 1,200.5",
            "Write them without, as in 1200.5; or choose the columns of the vectors.",
            asks="columns",
        )


def _with_words(columns: Sequence[Column], *, named: bool) -> Sequence[Column]:
    """The same columns; where none holds text, numbers among which there are words become text."""
    if any(column.kind == "text" for column in columns):
        likely: list[int] = []
    else:
        likely = [i for i in (0, len(columns) - 1) if columns[i].kind == "number" and not columns[i].pure][:1]
    if named:
        names = [i for i, c in enumerate(columns) if c.kind == "number" and _rank(c.name) < len(_WORDS) and not c.pure]
        likely = names or likely
    return [replace(column, kind="text") if i in likely else column for i, column in enumerate(columns)]


def _index(columns: Sequence[Column], *, named: bool) -> list[int]:
    """Columns that only number the rows."""
    found = []
    for i, column in enumerate(columns):
        if column.kind != "number" or not column.whole:
            continue
        name = column.name.strip().lower()
        if (named and name in _INDEX) or (i == 0 and column.counting and not (named and name in _WORDS)):
            found.append(i)
    grouped = {i for group in numbered_groups(columns) for i in group} if named and found else set()
    return [i for i in found if i not in grouped]


def _vector(
    columns: Sequence[Column], chosen: Columns, word: int | None, index: list[int], source: Source, notes: list[str],
    *, named: bool,
) -> list[int]:  # fmt: skip
    if chosen.vector is not None:
        return _chosen_vector(columns, chosen.vector, word, source, named=named)
    lists = [i for i, column in enumerate(columns) if column.kind == "list" and i != word]
    if lists:
        likely = [i for i in lists if columns[i].name.strip().lower() in _VECTORS]
        if len(lists) > 1 and len(likely) != 1:
            raise _several([_Candidate(columns[i].name, (i,)) for i in lists], source)
        if len(lists) > 1:
            notes.append(f"Several columns hold lists of numbers: {_shown(columns, lists)}; the likeliest was taken.")
        return (likely or lists)[:1]
    candidates = _candidates(columns, {*index, *([] if word is None else [word])}, named=named)
    candidates.sort(key=lambda c: -len(c.positions))
    if not candidates:
        nested = [i for i, column in enumerate(columns) if column.kind == "nested"]
        remedy = f"Turn {_shown(columns, nested)} into one flat list of numbers in each row. " if nested else ""
        raise source.refusal(
            f"no columns hold vectors ({_overview(columns)})", f"{remedy}{_NUMBERS_BESIDE}", asks="columns"
        )
    first, *others = candidates
    # Fractions that are left over may be dimensions, unless the names of the others are numbered.
    doubtful = any(c.fractional for c in others) and not (first.by_name and first.fractional)
    if doubtful or (others and len(first.positions) <= 2 * len(others[0].positions)):
        if not any(c.by_name for c in candidates) and all(c.fractional for c in candidates):
            candidates += _span(columns, candidates)
        raise _several(candidates, source)
    if len(candidates[0].positions) == 1:
        title = shown_word(candidates[0].title)
        raise source.refusal(
            f"one column of numbers ({title}) would be vectors of one number ({_overview(columns)})",
            f"{_NUMBERS_BESIDE} If it is meant, choose {title} as the vector.",
            asks="columns",
        )
    return list(candidates[0].positions)


def _chosen_vector(columns: Sequence[Column], name: str, word: int | None, source: Source, *, named: bool) -> list[int]:
    ends = name.split(" to ")
    if len(ends) == 2 and not any(column.name == name for column in columns):
        first, last = (find_column(columns, end, source) for end in ends)
        between = [i for i in range(first, last + 1) if i != word]
        if word is None and len(texts := [i for i in between if columns[i].kind == "text"]) == 1:
            between.remove(texts[0])
        group = next((g for g in numbered_groups(columns) if g[0] == first and g[-1] == last), None) if named else None
        positions = list(group or between)
        if any(columns[i].kind not in ("number", "empty") for i in positions) or not positions:
            raise source.refusal(
                f"the columns {shown_word(name)} are not all numbers", "Choose others.", asks="columns"
            )
        return positions
    position = find_column(columns, name, source)
    if columns[position].kind not in ("list", "number"):
        raise source.refusal(
            f"the column {shown_word(name)} holds no numbers ({_overview(columns)})", "Choose another.", asks="columns"
        )
    return [position]


def _candidates(columns: Sequence[Column], taken: set[int], *, named: bool) -> list[_Candidate]:
    """Columns of numbers that belong together: by their names, or as neighbors in the table."""
    groups = numbered_groups(columns) if named else []
    groups = [group for group in (tuple(i for i in group if i not in taken) for group in groups) if len(group) > 1]
    runs = _runs(columns, taken.union(*groups), named=named)
    found = [_candidate(columns, g, by_name=True) for g in groups] + [_candidate(columns, run) for run in runs]
    if groups:  # one more column of numbers, or whole ones, are beside them
        return [c for c in found if c.by_name or (c.fractional and len(c.positions) > 1)]
    likely = [c for c in found if len(c.positions) > 1 or not (named and c.title.strip().lower() in BESIDE)]
    return likely or found


def _candidate(columns: Sequence[Column], positions: tuple[int, ...], *, by_name: bool = False) -> _Candidate:
    first, last = columns[positions[0]].name, columns[positions[-1]].name
    title = first if len(positions) == 1 else f"{first} to {last}"
    return _Candidate(title, positions, by_name, not all(columns[i].whole for i in positions))


def _span(columns: Sequence[Column], candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """All candidates as one, where nothing but one column of text stands between them."""
    positions = sorted(i for c in candidates for i in c.positions)
    between = set(range(positions[0], positions[-1])).difference(positions)
    if len(between) != 1 or any(columns[i].kind != "text" for i in between):
        return []
    return [_candidate(columns, tuple(positions))]


def _runs(columns: Sequence[Column], taken: set[int], *, named: bool) -> list[tuple[int, ...]]:
    """Columns of numbers side by side; whole numbers at an end of fractions are counts, years or classes."""
    runs: list[list[int]] = [[]]
    for i, column in enumerate(columns):
        if column.kind == "number" and i not in taken:
            runs[-1].append(i)
        elif runs[-1]:
            runs.append([])
    runs = [run for run in runs if run]
    fractional = [run for run in runs if not all(columns[i].whole for i in run)]
    for run in fractional:
        for end in (0, -1):
            while _is_beside(columns[run[end]], named=named):
                run.pop(end)
    return [tuple(run) for run in fractional or runs]


def _is_beside(column: Column, *, named: bool) -> bool:
    if named:
        return column.whole and (column.largest > 1 or column.name.strip().lower() in BESIDE)
    return column.whole and column.largest > _LARGE


def _word(
    columns: Sequence[Column], vector: Sequence[int], index: Sequence[int], *, has_words: bool, named: bool
) -> int | None:
    taken = {*vector, *index}
    left = [i for i in range(len(columns)) if i not in taken]
    texts = [i for i in left if columns[i].kind == "text"]
    if not texts and has_words:
        return None
    # Without text: numbers among which there are words, or numbers that name the rows.
    texts = texts or [i for i in left if columns[i].kind == "number" and not columns[i].pure]
    if not texts and named:
        texts = [i for i in left if columns[i].whole and columns[i].name.strip().lower() in _WORDS]
    several = [i for i in texts if not columns[i].constant]
    if not several and texts and has_words:
        return None
    texts = several or ([] if any(columns[i].constant for i in texts) else texts)
    ranked = sorted(texts, key=lambda i: (not columns[i].distinct, _rank(columns[i].name) if named else 0, i))
    return ranked[0] if ranked else None


def _rank(name: str) -> int:
    name = name.strip().lower()
    return _WORDS.index(name) if name in _WORDS else len(_WORDS)


def _several(candidates: list[_Candidate], source: Source) -> SeveralFiles:
    names = tuple(c.title for c in candidates)
    shown = first_of(names, _SHOWN, shown_word)
    error = source.refusal(
        f"several columns hold vectors: {shown}", "Choose one of them by its name.", kind=SeveralFiles
    )
    assert isinstance(error, SeveralFiles)
    error.members, error.noun = names, "column of vectors"
    return error


def _column(columns: Sequence[Column], positions: Sequence[int], *, named: bool) -> str:
    if len(positions) == 1:
        return f"Column {shown_word(columns[positions[0]].name)}" if named else f"Column {positions[0] + 1}"
    return f"The {counted(len(positions), 'column')} {_shown(columns, positions)}"


def _shown(columns: Sequence[Column], positions: Sequence[int]) -> str:
    names = [shown_word(columns[i].name) for i in positions]
    if len(names) > 5:
        return f"{names[0]} to {names[-1]}"
    return ", ".join(names)


def _overview(columns: Sequence[Column]) -> str:
    """What a table's columns hold, for messages."""
    parts = []
    for kind, what in (("text", "text"), ("number", "numbers"), ("list", "lists"), ("other", "other values"),
                       ("nested", "nested values")):  # fmt: skip
        of_kind = [i for i, column in enumerate(columns) if column.kind == kind]
        if of_kind:
            parts.append(f"{what}: {_shown(columns, of_kind)}")
    return "; ".join(parts) or "its columns are empty"
