"""Columns of a list of words in text: which holds the words; counts and places beside them are cut off.

Lists with tabs, commas, semicolons or bars are read as tables are (`delimited_form`, `roles`). Blanks, which words may
hold, divide nothing but numbers before or behind all words.
"""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass

from embedlab.formats.limits import shown_name, shown_word
from embedlab.formats.packed.source import Source
from embedlab.formats.tables.delimited_form import Form, GivenLines, find_form, records_of
from embedlab.formats.tables.roles import Columns, find_words, is_known
from embedlab.formats.tables.values import Column, describe, typed
from embedlab.wording import counted

WHOLE_LINE = "line"  # as the column of the words
_MARKS = ",;|"  # that divide columns where most lines have as many; a tab always does
_SAMPLE = 200  # lines looked at
_FEWEST = 3  # lines that tell whether commas divide columns
_MOST = 0.9  # share of lines that tells what all of them are
_DISTINCT = 0.99  # share of words that are still different where numbers beside them are cut off
_COUNTED = re.compile(r"(.*\S)[ ]+[+-]?\d+(?:\.\d+)?[ ]*")  # a word and a count, as in GloVe's vocab.txt
_NUMBERED = re.compile(r"[ ]*(\d+)[.):]?[ ]+(\S.*)")  # its place, or its count as uniq -c writes it, and a word
_QUOTED = re.compile(r'"((?:[^"]|"")*)"')


@dataclass(frozen=True)
class ListedLines:
    """The words of a list's lines.

    Args:
        words: one a line, "" for a blank one.
        heading: whether the first is a heading; None: their number decides.
        parted: the lines have several columns.
        notes: what was decided.
    """

    words: list[str]
    heading: bool | None
    parted: bool = False
    notes: tuple[str, ...] = ()


def words_of_lines(source: Source, lines: list[str], columns: Columns) -> ListedLines:
    """The words of lines without their ends. Raises VectorFileError: a column was chosen that is not there."""
    if columns.word == WHOLE_LINE or not lines:
        return ListedLines(lines, columns.heading)
    if form := _form(lines, columns):
        return _of_table(source, lines, form, columns)
    name, notes = shown_name(source.name), list[str]()
    if (bare := _without_quotes(lines)) is not None:
        lines = bare
        notes.append(f"Quotation marks around the words of {name} were taken off.")
    if cut := _without_numbers(lines, name):
        lines = cut[0]
        notes.append(cut[1])
    return ListedLines(lines, columns.heading, notes=tuple(notes))


def _form(lines: list[str], columns: Columns) -> Form | None:
    """How the lines' columns are divided; None where there is one column."""
    sample = [line for line in lines if line.strip()][:_SAMPLE]
    if tabs := [line.count("\t") for line in sample if "\t" in line]:
        return Form("\t", max(tabs, key=tabs.count) + 1)
    if len(sample) < _FEWEST and columns.word is None:
        return None
    form, found = find_form(sample, Columns(), separators=_MARKS)
    if form is None:
        return None
    # “Paris, France” is a phrase, unless something says that these are columns.
    names = [column.name for column in found] if form.heading else sample[0].split(form.separator)
    told = columns.word is not None or any(c.kind == "number" for c in found) or any(map(is_known, names))
    return form if told or not form.blank_after else None


def _of_table(source: Source, lines: list[str], form: Form, columns: Columns) -> ListedLines:
    """The words of lines with several columns."""
    name = shown_name(source.name)
    rows, odd = _divided(lines, form)
    names = [field.strip() for field in rows[0]]
    names += [""] * (form.width - len(names))
    place, by_name = _place(source, rows, names, form, columns)
    notes = [f"The words are column {place + 1} of {len(names)} of {name}, {shown_word(names[place])}."]
    if odd:
        notes.append(f"{counted(odd, 'line')} of it with another number of columns: such a row has an empty word.")
    heading = True if by_name and columns.heading is None else columns.heading
    words = [fields[place] if place < len(fields) else "" for fields in rows]
    if form.separator == "\t" and (bare := _without_quotes(words)) is not None:
        words = bare
        notes.append(f"Quotation marks around the words of {name} were taken off.")
    return ListedLines(words, heading, parted=True, notes=tuple(notes))


def _divided(lines: list[str], form: Form) -> tuple[list[list[str]], int]:
    """The fields of each line, [""] where it is blank, and how many have others than the rest, [""] as well."""
    if form.separator == "\t":  # which no word holds, so that no quotes are needed, and a line may lack the last ones
        rows = [line.split("\t") for line in lines]
        if rows[1:] and len(rows[0]) == form.width - 1 > 1:
            rows[0].insert(0, "")
        return rows, 0
    given, rows = GivenLines(lines), []
    blank = odd = 0
    for _, fields in records_of(given, form, lambda fields: len(fields) == form.width):
        rows += [[""]] * (given.blank - blank)
        blank = given.blank
        if len(fields) == form.width - 1 and not rows:
            fields = ["", *fields]  # names without one for the first column, as R writes them
        if len(fields) != form.width:
            odd, fields = odd + 1, [""]
        rows.append(fields)
    return rows + [[""]] * (given.blank - blank), odd


def _place(
    source: Source, rows: Sequence[Sequence[str]], names: Sequence[str], form: Form, columns: Columns
) -> tuple[int, bool]:
    """The position of the column of words, and whether it was chosen by its name."""
    chosen = columns.word
    if chosen is None:
        named = form.heading or any(map(is_known, names))
        described = _described(names, [row for row in rows[named : _SAMPLE + named] if len(row) == len(names)], form)
        return find_words(described, named=named) or 0, False
    for i, name in enumerate(names):
        if name == chosen or name.casefold() == chosen.strip().casefold():
            return i, True
    if chosen.isdecimal() and 0 < int(chosen) <= len(names):
        return int(chosen) - 1, False
    shown = ", ".join(shown_word(n) for n in names[:10])
    raise source.refusal(
        f"there is no column {shown_word(chosen)} (there are {shown})",
        f"Choose one of them, or a number from 1 to {len(names)}.",
        asks="columns",
    )


def _described(names: Sequence[str], rows: Sequence[Sequence[str]], form: Form) -> list[Column]:
    return [describe(name, [typed(row[i], decimal=form.decimal) for row in rows]) for i, name in enumerate(names)]


def _without_quotes(lines: list[str]) -> list[str] | None:
    """Words without the quotation marks that a program put around them; None where it did not.

    It put them around all words, or around those that need them. Where one line alone has other marks, they are words.
    """
    marked = [line for line in lines[1:] if '"' in line]
    if not marked or not all(_QUOTED.fullmatch(line) for line in marked):
        return None
    everywhere = len(marked) == sum(bool(line.strip()) for line in lines[1:]) > 1
    if not everywhere and not all(re.search(r'[,;\t]|""', line[1:-1]) for line in marked):
        return None
    return [next(csv.reader([line]))[0] if _QUOTED.fullmatch(line) else line for line in lines]


def _without_numbers(lines: list[str], name: str) -> tuple[list[str], str] | None:
    """Words without the numbers before or behind them, and a note; None where there are none.

    Numbers that alone tell words apart, as in “iPhone 4” and “iPhone 5”, belong to them.
    """
    there = [i for i, line in enumerate(lines) if i and line.strip()]
    before = {i: found for i in there if (found := _NUMBERED.fullmatch(lines[i]))}
    if there and len(before) == len(there):
        first = _NUMBERED.fullmatch(lines[0])
        places = _count_up([found[1] for found in ([first] if first else []) + [*before.values()]])
        cut = [before[i][2] if i in before else "" for i in range(len(lines))]
        cut[0] = first[2] if first else lines[0].strip().partition(" ")[2].strip() or lines[0]
        if places or _tell_apart(cut[1:], lines[1:]):
            return cut, f"Before each word of {name} stands {'its place' if places else 'a number'}, which was cut off."
    behind = {i: found for i in there if (found := _COUNTED.fullmatch(lines[i]))}
    odd = len(there) - len(behind)
    if behind and odd <= (1 - _MOST) * len(there):
        cut = [behind[i][1] if i in behind else line for i, line in enumerate(lines)]
        cut[0] = lines[0].rstrip(" ").rpartition(" ")[0].rstrip(" ") or lines[0]
        if _tell_apart(cut[1:], lines[1:]):
            more = f", but for {counted(odd, 'line')} without one." if odd else "."
            return cut, f"Behind the words of {name} stand numbers; these were taken for counts and cut off{more}"
    return None


def _tell_apart(words: Sequence[str], lines: Sequence[str]) -> bool:
    """Whether words are as different as the lines that they are cut from."""
    return len(set(words)) >= _DISTINCT * len(set(lines))


def _count_up(values: Sequence[str]) -> bool:
    """Whether these are 0, 1, 2, … or 1, 2, 3, …"""
    numbers = [int(value) if len(value) < 10 else -1 for value in values]
    return len(numbers) > 1 and numbers in ([start + i for i in range(len(numbers))] for start in (0, 1))
