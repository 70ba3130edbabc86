"""Archive members: which one holds the vectors, and which one the words of a matrix without words."""

import re
from collections import Counter
from dataclasses import replace
from itertools import zip_longest

import numpy as np

from embedlab.errors import SeveralFiles, UnsafeFormat
from embedlab.formats.binary.numpy_arrays import as_text, read_header, read_matrix, read_strings, refuse_more
from embedlab.formats.collector import Collector
from embedlab.formats.detection import HEAD, UNSAFE
from embedlab.formats.limits import counted, refusal, shown_name
from embedlab.formats.packed.archive import Archive, Member
from embedlab.formats.tables.roles import Columns
from embedlab.formats.word_lists import ListedWords, read_words

# Kinds that hold vectors, surer ones first: where a set of files has some of one line, those of later lines are what
# lies beside them (lists of words with counts, configurations, notes).
_CANDIDATES = (
    {"safetensors", "gguf"},
    {
        "fasttext-bin", "word2vec-binary", "parquet", "arrow", "arrow-stream", "matrix",
        "vectors", "numbers",
    },
    {"table", "json", "json-lines"},
    {"raw"},
)  # fmt: skip
# Kinds that a list of words may look like.
_LISTS = ("words", "vectors", "numbers", "table", "json", "json-lines", "raw", "other")
_WITHOUT_WORDS = ("matrix", "numbers", "raw", "safetensors")
_AS_TEXT = "Unsafe format; save the words as an array of text (dtype=str), or export as word2vec text."
_WORDS_NAME = re.compile(
    r"(.*/)?([^/]*_)?(words?|vocab\w*|metadata|labels?|tokens?|keys|index\w*|counts)([._-][^/]*)?$|.*\.(md|rst)$",
    re.IGNORECASE,
)
_COUNTS = re.compile(rb"\s*\S+(?:[ \t]+\d+){1,2}\s*")
_CONFIG = re.compile(r"(.*/)?[^/]*config[^/]*\.json$", re.IGNORECASE)


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
    names = ", ".join(shown_name(m.name) for m in archive.members[:10]) or "nothing"
    raise refusal(
        archive.name,
        f"the {archive.noun} holds no vector file (it holds {names})",
        "Put the vector file into it, or choose the vector file alone.",
    )


def _candidates(archive: Archive) -> list[Member]:
    """The members that may hold the vectors."""
    # A metadata.tsv with counts, say, reads as vectors of one number; it counts only where nothing else does.
    bare = any(m.kind in _WITHOUT_WORDS for m in archive.members)  # else small whole numbers are vectors
    listed = [m for m in archive.members if _WORDS_NAME.match(m.name) or (bare and _holds_counts(archive, m))]
    for members in ([m for m in archive.members if m not in listed], listed):
        for kinds in _CANDIDATES:
            if found := [m for m in members if m.kind in kinds]:
                return found
    return []


def _holds_counts(archive: Archive, member: Member) -> bool:
    """Whether all that follows a member's words, by its first lines, is a whole number or two."""
    if member.kind not in ("vectors", "table") or len(archive.members) == 1:
        return False
    lines = archive.open(member).peek(HEAD).splitlines()[1:-1]  # without what may be a heading, and a line cut off
    return bool(lines) and all(_COUNTS.fullmatch(line) for line in lines)


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
    shown = ", ".join(name if name.isprintable() else shown_name(name) for name in names[:10])
    shown += ", …" if len(names) > 10 else ""
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


def words_beside(
    archive: Archive, matrix: Member, *, encoding: str | None = None, columns: Columns | None = None
) -> ListedWords | None:
    """The words kept beside a matrix, if there is exactly one list of them that fits."""
    by_name = {m.name.rsplit("/", 1)[-1]: m for m in archive.members}
    if "words_utf8.npy" in by_name and "words_ends.npy" in by_name:
        return _packed_words(archive, by_name["words_utf8.npy"], by_name["words_ends.npy"])
    if tokens := [m for m in archive.members if m.kind == "tokens" and not _CONFIG.match(m.name)]:
        # A tokenizer.json says all that others beside it do; a vocab.json, all but what was added to it.
        for name in ("tokenizer.json", "vocab.json"):
            if named := [m for m in tokens if m.name.rsplit("/", 1)[-1] == name]:
                tokens = named
                break
        if len(tokens) != 1:
            return None
        listed, added = read_words(archive.open(tokens[0])), by_name.get("added_tokens.json")
        if tokens[0].name.endswith("vocab.json") and added is not None and added.kind == "tokens":
            more = read_words(archive.open(added)).words
            words = [old or new for old, new in zip_longest(listed.words, more, fillvalue="")]
            said = f"{shown_name(added.name)} adds {counted(len(words) - len(listed.words), 'token')}."
            return replace(listed, words=words, notes=(*listed.notes, said))
        return listed
    strings = [m for m in archive.members if m.kind == "strings"]
    if len(strings) > 1:
        count = matrix.array.shape[0] if matrix.array else None
        fitting = [m for m in strings if m.array and m.array.shape[0] == count]
        strings = [m for m in fitting if _WORDS_NAME.match(m.name)] or fitting
    if len(strings) == 1:
        return ListedWords(read_strings(archive.open(strings[0])), strings[0].name)
    texts = [m for m in archive.members if m.kind in _LISTS and m is not matrix]
    named_so = [m for m in texts if _WORDS_NAME.match(m.name) and not m.name.lower().endswith((".md", ".rst"))]
    texts = (
        named_so
        or [m for m in texts if m.kind == "words"]
        or [m for m in texts if m.kind in ("vectors", "numbers", "table")]
    )
    if len(texts) != 1:
        return None
    most = max(matrix.array.shape, default=0) + 1 if matrix.array else None  # one for a heading; see also `read_matrix`
    return read_words(archive.open(texts[0]), encoding=encoding, rows=most, columns=columns)


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
