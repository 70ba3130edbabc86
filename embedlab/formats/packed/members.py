"""Archive members: which one holds the vectors; `lists_beside` finds the words of a matrix without words."""

import re
from collections import Counter

from embedlab.errors import SeveralFiles, UnsafeFormat
from embedlab.formats.binary.numpy_arrays import read_header, read_matrix
from embedlab.formats.collector import Collector
from embedlab.formats.detection import HEAD, UNSAFE
from embedlab.formats.limits import refusal, shown_name
from embedlab.formats.packed.archive import Archive, Member
from embedlab.formats.packed.lists_beside import CONFIG, LIST_NAME, NOTES
from embedlab.formats.text.encodings import to_utf8
from embedlab.formats.text.layout import split_fields, trailing_numbers
from embedlab.formats.word_lists import ListedWords
from embedlab.wording import first_of

# Kinds that hold vectors, surer ones first: where a set of files has some of one line, those of later lines are what
# lies beside them (lists of words with counts, configurations, notes).
_USUAL = {
    "fasttext-bin", "word2vec-binary", "parquet", "arrow", "arrow-stream", "matrix", "vectors", "numbers",
}  # fmt: skip
_TABLES = {"table", "json", "json-lines"}
_CANDIDATES = ({"safetensors", "gguf"}, _USUAL, _TABLES, {"raw"})
_NUMBERS = re.compile(rb"\[\s*-?\d+(\.\d+)?(e[+-]?\d+)?\s*,\s*-?\d", re.IGNORECASE)  # a list of them in JSON
_SAMPLE = 200  # lines looked at
_WITHOUT_WORDS = ("matrix", "numbers", "raw", "safetensors")
_AS_TEXT = "Unsafe format; save the words as an array of text (dtype=str), or export as word2vec text."
_COUNTS = re.compile(rb"\s*\S+(?:[ \t]+\d+){1,2}\s*")


def choose(archive: Archive, member: str | None) -> Member:
    """The member that holds the vectors.

    Raises:
        SeveralFiles: more than one does, and `member` names none of them.
        UnsafeFormat: only pickles are in it.
        VectorFileError: none does.
    """
    found = _candidates(archive)
    if member is not None:
        named = [m for m in archive.members if m.name == member]
        if not named and len(ends := [m for m in archive.members if m.name.endswith(f"/{member}")]) == 1:
            named = ends
        named = named or [m for m in found if m.name == f"{member}.npy"]
        one = len(found) == 1 or all(m.kind == "safetensors" for m in found)
        if not named and found and one and found[0].kind not in ("matrix", "numbers", "raw", "vectors"):
            return found[0]  # `member` is a tensor or a column in it
        if not named:
            raise _several(archive, found or archive.members, f"no “{shown_name(member)}”")
        _refuse_twins(archive, named)
        return named[0]
    if len(found) > 1 and all(m.kind == "safetensors" for m in found):
        return found[0]  # parts of one model: its tensors are chosen among, not its files
    if len(found) > 1:
        _refuse_twins(archive, found)
        raise _several(archive, found, "several vector files")
    if found:
        return found[0]
    if any(m.kind == "unsafe" for m in archive.members):
        raise refusal(archive.name, f"the {archive.noun} holds only pickles", UNSAFE, kind=UnsafeFormat)
    inner = [m for m in archive.members if m.kind in ("zip", "tar", "gz", "bz2", "xz", "zst")]
    if len(inner) == 1:
        return inner[0]
    if len(archive.members) == 1:
        (alone,) = archive.members
        if alone.error:
            raise alone.error
        if alone.kind in ("words", "tokens", "strings"):
            return alone  # reading it says what is wrong with it
    if (array := next((m for m in archive.members if m.array and not m.array.is_words), None)) and array.array:
        raise refusal(
            archive.name,
            f"{shown_name(array.name)} is an array of shape {array.array.shape} and type {array.array.dtype}",
            "Vectors need a two-dimensional array of numbers: (words, dimensions).",
        )
    names = ", ".join(shown_name(m.name) for m in archive.members[:10]) or "nothing"
    raise refusal(
        archive.name,
        f"the {archive.noun} holds no vector file (it holds {names})",
        "Put the vector file into it, or choose the vector file alone.",
    )


def _candidates(archive: Archive) -> list[Member]:
    """The members that may hold the vectors."""
    # A metadata.tsv with counts, say, reads as vectors of one number; it counts only where nothing else does.
    there = [m for m in archive.members if not CONFIG.match(m.name)]  # numbers in a configuration are settings
    bare = any(m.kind in _WITHOUT_WORDS for m in there)  # else small whole numbers are vectors
    beside = [m for m in there if LIST_NAME.match(m.name) or NOTES.match(m.name)]
    listed = [m for m in there if m in beside or (bare and _holds_counts(archive, m))]
    for members in ([m for m in there if m not in listed], listed):
        for kinds in _CANDIDATES:
            if not (found := [m for m in members if m.kind in kinds]):
                continue
            if kinds is _USUAL and not bare:  # nothing waits for a list, so that tables are no lists either
                found = [m for m in members if m in found or (m.kind in _TABLES and _holds_vectors(archive, m))]
            return _without_notes(archive, found)
    return []


def _holds_vectors(archive: Archive, member: Member) -> bool:
    """Whether JSON holds lists of numbers, by its first bytes; other tables do as they are known by them."""
    return member.kind == "table" or _NUMBERS.search(archive.open(member).peek(HEAD)) is not None


def _without_notes(archive: Archive, found: list[Member]) -> list[Member]:
    """Text that holds vectors; beside some of many numbers, lines that end in one are a log's or a license's."""
    many = [m for m in found if m.kind != "vectors" or _dimensions(archive, m) > 1]
    return many or found


def _dimensions(archive: Archive, member: Member) -> int:
    """How many numbers the first lines of a text end in, as a rule."""
    source, _ = to_utf8(archive.open(member), "utf-8")
    lines = source.peek(HEAD).splitlines()
    counts = [trailing_numbers(fields) for line in lines[1:_SAMPLE] if (fields := split_fields(line))]
    return max(counts, key=counts.count, default=2)


def _holds_counts(archive: Archive, member: Member) -> bool:
    """Whether all that follows a member's words, by its first lines, is a whole number or two."""
    if member.kind not in ("vectors", "table") or len(archive.members) == 1:
        return False
    lines = archive.open(member).peek(HEAD).splitlines()[1:-1]  # without what may be a heading, and a line cut off
    return bool(lines) and all(_COUNTS.fullmatch(line) for line in lines if line.strip())


def _refuse_twins(archive: Archive, found: list[Member]) -> None:
    """Refuses files of the same name, which cannot be told apart."""
    ((name, times),) = Counter(m.name for m in found).most_common(1)
    if times > 1:
        raise refusal(
            archive.name,
            f"the {archive.noun} holds {times:,} files called {shown_name(name)}",
            "Put only one of them into it.",
        )


def _several(archive: Archive, found: list[Member], what: str) -> SeveralFiles:
    names = tuple(m.name for m in found)
    shown = first_of(names, 10, lambda name: name if name.isprintable() else shown_name(name))
    error = refusal(
        archive.name, f"the {archive.noun} holds {what}: {shown}", "Choose one of them by its name.", kind=SeveralFiles
    )
    assert isinstance(error, SeveralFiles)
    error.members = names
    return error


def read_array_member(archive: Archive, member: Member, words: ListedWords | None) -> Collector:
    """A matrix of an archive with its words, which are kept beside it where none are given."""
    array = member.array
    assert array is not None
    source = archive.open(member)
    read_header(source)
    if words is None:
        if pickle := next((m for m in archive.members if m.kind == "unsafe"), None):
            raise source.refusal(
                f"{shown_name(pickle.name)} beside the numbers is a pickle", _AS_TEXT, kind=UnsafeFormat
            )
        raise source.refusal(
            f"{shown_name(member.name)} has no words beside it",
            "Put an array or a text file of words, one a line, beside it.",
            asks="words",
        )
    rows = read_matrix(source, array, words)
    if all(m.array for m in archive.members):
        rows.format = "NumPy arrays (npz)"
    return rows
