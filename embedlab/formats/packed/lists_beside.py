"""Lists of words beside a matrix: which of the files that came with it holds its words, one a row."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest
from pathlib import PurePosixPath

import numpy as np

from embedlab.formats.binary.numpy_arrays import as_text, read_header, read_strings, refuse_more
from embedlab.formats.detection import HEAD
from embedlab.formats.limits import refusal, shown_name
from embedlab.formats.packed.archive import Archive, Member
from embedlab.formats.packed.projector import list_of
from embedlab.formats.tables.roles import Columns
from embedlab.formats.word_lists import ListedWords, read_words
from embedlab.wording import counted

# Names of lists of words.
LIST_NAME = re.compile(
    r"(.*/)?([^/]*_)?(words?|vocab\w*|metadata|labels?|tokens?|keys|index\w*|counts)([._-][^/]*)?$", re.IGNORECASE
)
# Names of texts about vectors, which hold none.
NOTES = re.compile(
    r".*\.(md|rst|log)$|(.*/)?(licen[cs]e|copying|notice|readme|changelog|authors)(\.[^/]*)?$", re.IGNORECASE
)
CONFIG = re.compile(r"(.*/)?[^/]*config[^/]*\.json$", re.IGNORECASE)
_TEXTS = ("words", "vectors", "numbers", "table", "raw", "other")  # kinds that a list of words in text may look like
_STEMS = ("word", "vocab", "token", "key", "index", "label", "metadata", "count")
# Of a model's vocabularies: a tokenizer.json says all that others beside it do; a vocab.json, all but what was added.
_VOCABULARIES = ("tokenizer.json", "vocab.json")


def words_beside(
    archive: Archive, matrix: Member, *, encoding: str | None = None, columns: Columns | None = None
) -> ListedWords | None:
    """The words kept beside a matrix: the nearest list of them; None where there is none.

    Raises VectorFileError: several lists are as near, and nothing tells them apart.
    """
    by_name = {_base(m): m for m in archive.members}
    if "words_utf8.npy" in by_name and "words_ends.npy" in by_name:
        return _packed_words(archive, by_name["words_utf8.npy"], by_name["words_ends.npy"])
    found, others = _likeliest(archive, matrix)
    if len(found) > 1 and matrix.kind == "table":
        return None  # it may have words of its own
    if len(found) > 1:
        names = ", ".join(m.name for m in found[:10])
        raise refusal(
            archive.name,
            f"the {archive.noun} holds several lists of words for {shown_name(matrix.name)}: {names}",
            "Give the one that is meant as the list of words, or leave the others out.",
            asks="words",
        )
    if not found:
        return None
    (member,) = found
    if member.kind == "tokens":
        words = _with_added(archive, member)
    elif member.kind == "strings":
        words = ListedWords(read_strings(archive.open(member)), member.name)
    else:
        # One more for a heading; see also `read_matrix`.
        most = max(matrix.array.shape, default=0) + 1 if matrix.array else None
        words = read_words(archive.open(member), encoding=encoding, rows=most, columns=columns)
    if others:
        names = ", ".join(shown_name(m.name) for m in others[:10])
        said = f"The words are those of {shown_name(member.name)}, by its name; {names} may be a list, too."
        words = replace(words, notes=(*words.notes, said))
    if _steps(member, matrix):
        words = replace(words, notes=(*words.notes, f"The words are those of {member.name}, the list that is nearest."))
    return words


def _likeliest(archive: Archive, matrix: Member) -> tuple[list[Member], list[Member]]:
    """The lists among which only a person can choose, one at most as a rule; and those that they were preferred to."""
    if stated := list_of(archive, matrix):
        return [stated], []
    others = [m for m in archive.members if m is not matrix and not CONFIG.match(m.name) and not NOTES.match(m.name)]
    called_so = [m for m in others if LIST_NAME.match(m.name) and (m.kind in _TEXTS or _is_json_list(archive, m))]
    sure = [m for m in others if m.kind in ("tokens", "strings") or m in called_so]
    texts = [m for m in others if m.kind == "words"]
    for members in (sure, texts, [m for m in others if m.kind in ("vectors", "numbers", "table")]):
        least = min((_steps(m, matrix) for m in members), default=0)
        near = [m for m in members if _steps(m, matrix) == least]
        for kind in ("tokens", "strings"):
            near = [m for m in near if m.kind == kind] or near
        if near:
            taken = _told_apart(near, matrix)
            return taken, [m for m in near if m not in taken and m.kind != "tokens"]
    return [], []


def _is_json_list(archive: Archive, member: Member) -> bool:
    """Whether this is JSON, but no single object, which holds settings; reading it says what it is."""
    lines = member.kind == "json-lines"
    return lines or (member.kind == "json" and archive.open(member).peek(HEAD).lstrip()[:1] == b"[")


def _told_apart(lists: Sequence[Member], matrix: Member) -> list[Member]:
    """Those of several lists of one kind that their names, or the number of their words, do not rule out."""
    for name in _VOCABULARIES:
        if named := [m for m in lists if m.kind == "tokens" and _base(m) == name]:
            return named
    if len(lists) > 1 and lists[0].kind == "strings":
        count = matrix.array.shape[0] if matrix.array else None
        fitting = [m for m in lists if m.array and m.array.shape[0] == count]
        lists = [m for m in fitting if LIST_NAME.match(m.name)] or fitting
    ranks = {m.name: _rank(m) for m in lists}
    return [m for m in lists if ranks[m.name] == min(ranks.values())]


def _rank(member: Member) -> int:
    """The place of a list's name among those that lists have, likelier ones first: words before labels."""
    found = LIST_NAME.match(member.name)
    stem = (found[3] or "").lower() if found else ""
    return next((i for i, name in enumerate(_STEMS) if stem.startswith(name)), len(_STEMS))


def _base(member: Member) -> str:
    return member.name.rsplit("/", 1)[-1]


def _steps(member: Member, matrix: Member) -> int:
    """How many folders one goes up and down from one file to the other."""
    a, b = PurePosixPath(member.name).parent.parts, PurePosixPath(matrix.name).parent.parts
    shared = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return len(a) + len(b) - 2 * shared


def _with_added(archive: Archive, member: Member) -> ListedWords:
    """A tokenizer's vocabulary; to a vocab.json come the tokens of the added_tokens.json beside it."""
    listed = read_words(archive.open(member))
    added = [m for m in archive.members if m.kind == "tokens" and _base(m) == "added_tokens.json"]
    added = [m for m in added if _steps(m, member) == 0]
    if not added or not member.name.endswith("vocab.json"):
        return listed
    more = read_words(archive.open(added[0])).words
    words = [old or new for old, new in zip_longest(listed.words, more, fillvalue="")]
    said = f"{shown_name(added[0].name)} adds {counted(len(words) - len(listed.words), 'token')}."
    return replace(listed, words=words, notes=(*listed.notes, said))


def _packed_words(archive: Archive, utf8: Member, ends: Member) -> ListedWords:
    """Words stored as one run of UTF-8 and the position where each ends."""
    arrays = []
    for member, kind in ((utf8, "u1"), (ends, "<i8")):
        source = archive.open(member)
        header = read_header(source)
        if header.dtype != np.dtype(kind) or len(header.shape) != 1 or header.bytes > archive.limits.memory_bytes:
            raise source.refusal(f"{member.name} is no list of words", "Write the file again.")
        arrays.append(np.frombuffer(source.read_exactly(header.bytes, "the words"), kind))
        refuse_more(source)
    text, stops = arrays[0].tobytes(), arrays[1].tolist()
    starts = [0, *stops[:-1]]
    if stops and (stops[-1] != len(text) or any(a > b for a, b in zip(starts, stops, strict=True))):
        raise refusal(archive.name, "the positions of the words are damaged", "Write the file again.")
    return ListedWords([as_text(text[a:b]) for a, b in zip(starts, stops, strict=False)])
