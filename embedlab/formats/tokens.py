"""Tokenizers: the vocabulary of a language model as words, one for each row of its input embeddings.

A token's id is its row. Read are tokenizer.json of the tokenizers library (WordPiece, BPE, WordLevel and Unigram) and
vocab.json, a map from tokens to ids; vocab.txt, one token a line, is an ordinary list of words.

Tokens are shown as the text they stand for: byte-level BPE stores bytes as letters (Radford et al. 2019, "Language
Models are Unsupervised Multitask Learners"; "Ġriver" is " river"), SentencePiece writes a space as "▁" (Kudo and
Richardson 2018). WordPiece's "##s" stays as it is.
"""

import json
import re
from collections.abc import Container, Iterable, Iterator, Sequence
from typing import Any, Literal
from unicodedata import category

from embedlab.errors import VectorFileError
from embedlab.formats.binary.numpy_arrays import as_text
from embedlab.formats.limits import FEW_ODD_SHARE, MB, shown_word, size
from embedlab.formats.packed.source import Source
from embedlab.wording import counted

Form = Literal["byte-level", "sentencepiece", "plain"]
GIVE_TOKENS = "Get the model's tokenizer.json again, or give the words one a line, in the order of the rows."
_LARGEST = 256 * MB
# A parsed list takes 20 times its bytes and an object 30, so they are counted first. Unigram has a list for each of up
# to a million pieces; only tokens that were added to a vocabulary are objects.
_MOST_LISTS, _MOST_OBJECTS, _MOST_ITEMS = 1_200_000, 100_000, 4_000_000

# Possessive where a text could be long; but no group that may fail in the middle: Python before 3.11.5 then forgets to
# go back to where the group began.
_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_PAIR = rb"\[\s*+" + _STRING + rb"\s*+,\s*+" + _STRING + rb"\s*+\]"
_MERGES = re.compile(
    rb'"merges"\s*+:\s*+\[(?:\s*+(?:' + _STRING + rb"|" + _PAIR + rb")\s*+,?)*+\s*+\]", re.DOTALL
)  # most of a BPE file, and not needed
_ENTRY = _STRING + rb"\s*+:\s*+-?+\d++\s*+"
_ENTRIES = re.compile(rb"(?:\s*+" + _ENTRY + rb",)*\s*+", re.DOTALL)
_LAST_ENTRY = re.compile(_ENTRY + rb"\}\s*+", re.DOTALL)
_CUT_ENTRY = re.compile(rb'(?:"[^"\\]*+(?:\\.[^"\\]*+)*+(?:\\|"\s*+(?::\s*+(?:-?+\d*+\s*+))?)?)?', re.DOTALL)
_TOKENIZER = re.compile(rb'"added_tokens"\s*+:\s*+\[|"model"\s*+:\s*+\{[^{}]*?"vocab"\s*+:\s*+[\[{]')
_BOM = b"\xef\xbb\xbf"


class Tokens(list[str | None]):
    """Tokens by id, as words: "" where an id has no token, None where a token is not Unicode.

    Attributes:
        notes: sentences for the report.
    """

    def __init__(self, words: Iterable[str | None], *, notes: Iterable[str] = ()) -> None:
        super().__init__(words)
        self.notes = list(notes)


def is_tokens(head: bytes) -> bool:
    """Whether a file that starts so, or is this as a whole, is a tokenizer.json or a JSON map from tokens to ids."""
    start = head.removeprefix(_BOM).lstrip()
    if start[:1] != b"{":
        return False
    if _TOKENIZER.search(start):
        return True
    entries = _ENTRIES.match(start, 1)
    assert entries is not None  # matches nothing at least
    if _LAST_ENTRY.fullmatch(start, entries.end()):
        return True
    return b":" in entries[0] and _CUT_ENTRY.fullmatch(start, entries.end()) is not None


def read_tokens(source: Source) -> Tokens:
    """The tokens of a tokenizer.json or vocab.json by id.

    Raises:
        FileTooLarge: more than a vocabulary has.
        VectorFileError: no such file, or ids that are no rows: missing, below 0, twice, or above the limit of rows.
    """
    data = _MERGES.sub(b'"merges":[]', _whole(source), count=1)
    lists, objects = data.count(b"["), data.count(b"{")
    if lists > _MOST_LISTS or objects > _MOST_OBJECTS or data.count(b",") + lists + objects > _MOST_ITEMS:
        raise source.too_large(
            "more entries than a vocabulary has", "Give the words one a line, in the order of the rows.", asks="words"
        )
    try:
        content = json.loads(data.decode("utf-8-sig"))
        del data
        if not isinstance(content, dict):
            raise TypeError("an object")
        if isinstance(model := content.get("model"), dict):
            return _of_tokenizer(source, content, model)
        notes: list[str] = []
        by_id = _placed(source, content.items(), notes)
    except VectorFileError:
        raise
    except (ValueError, TypeError, KeyError, IndexError, RecursionError):
        raise _refused(source, "this is no vocabulary, or a damaged one") from None
    starts = {token[:1] for token in by_id.values()}
    form: Form = "byte-level" if "Ġ" in starts else "sentencepiece" if "▁" in starts else "plain"
    return _in_order(source, by_id, form, notes=notes)


def _whole(source: Source) -> bytes:
    parts, length, largest = [], 0, min(_LARGEST, source.limits.memory_bytes)
    while part := source.read(MB):
        parts.append(part)
        length += len(part)
        if length > largest:
            raise source.too_large(f"a vocabulary of more than {size(largest)}", GIVE_TOKENS, asks="words")
    return b"".join(parts)


def _of_tokenizer(source: Source, content: dict[str, Any], model: dict[str, Any]) -> Tokens:
    """Tokens of the model, and those that were added to it, which win where an id has both."""
    vocab, notes = model["vocab"], list[str]()
    if isinstance(vocab, list):  # Unigram: pieces and their scores, in the order of ids
        by_id = _placed(source, _pieces(vocab), notes)
    else:
        by_id = _placed(source, vocab.items() if isinstance(vocab, dict) else (), notes)
    added = _placed(source, ((token["content"], token["id"]) for token in content.get("added_tokens") or ()), notes)
    if twice := [i for i, token in added.items() if by_id.get(i, token) != token]:
        first = f"{shown_word(added[twice[0]])}, not {shown_word(by_id[twice[0]])}"
        notes.append(f"{counted(len(twice), 'id')} with two tokens: the added one is the word ({first}).")
    kinds = _types(content.get("pre_tokenizer"), content.get("decoder"), content.get("normalizer"))
    form: Form = "plain"
    if "ByteLevel" in kinds:
        form = "byte-level"
    elif (
        "Metaspace" in kinds
        or isinstance(vocab, list)
        or model.get("type", "BPE" if "merges" in model else "") == "BPE"
    ):
        form = "sentencepiece"
    return _in_order(source, by_id | added, form, as_written=added, notes=notes)


def _pieces(vocab: list[Any]) -> Iterator[tuple[Any, int]]:
    """Unigram's pieces and their ids."""
    for i, piece in enumerate(vocab):
        if not isinstance(piece, list):
            raise TypeError("a piece and its score")
        yield piece[0], i


def _types(*parts: Any) -> set[str]:
    """All that is called "type" in parts of a tokenizer, however deep."""
    found, left = set(), list(parts)
    while left:
        part = left.pop()
        if isinstance(part, dict):
            if isinstance(kind := part.get("type"), str):
                found.add(kind)
            left.extend(part.values())
        elif isinstance(part, list):
            left.extend(part)
    return found


def _placed(source: Source, entries: Iterable[tuple[Any, Any]], notes: list[str]) -> dict[int, str]:
    """Tokens by id; of a few ids with two, the first, of which a note tells."""
    most, by_id, doubled = source.limits.all_rows, dict[int, str](), list[tuple[int, str]]()
    for token, i in entries:
        if not isinstance(token, str):
            raise TypeError("a token")
        if type(i) is not int or not 0 <= i < most:
            told = shown_word(str(i)) if isinstance(i, int | float) else "that is no number"
            raise _refused(source, f"{shown_word(token)} has an id {told}, and ids are whole numbers below {most:,}")
        if by_id.setdefault(i, token) != token:
            doubled.append((i, token))
    if doubled:
        i, token = doubled[0]
        said = f"{shown_word(by_id[i])} and {shown_word(token)} have the same id, {i:,}"
        few = {"none": 0, "few": max(1, len(by_id) // FEW_ODD_SHARE), "any": len(doubled)}[source.limits.odd_rows]
        if len(doubled) > few:
            raise _refused(source, said)
        notes.append(f"{counted(len(doubled), 'token')} left out, as the id is another's ({said}).")
    return by_id


def _in_order(
    source: Source, by_id: dict[int, str], form: Form, *, as_written: Container[int] = (), notes: Iterable[str] = ()
) -> Tokens:
    if not by_id:
        raise _refused(source, "the vocabulary holds no tokens")
    tokens: list[str | None] = [""] * (max(by_id) + 1)
    for i, token in by_id.items():
        tokens[i] = as_text(token)
    words = Tokens(shown_tokens(tokens, form, as_written=as_written), notes=notes)
    if gaps := len(tokens) - len(by_id):
        words.notes.append(f"{counted(gaps, 'id')} of the vocabulary without a token: such a row has an empty word.")
    return words


def _refused(source: Source, cause: str) -> VectorFileError:
    return source.refusal(cause, GIVE_TOKENS, asks="words")


def shown_tokens(tokens: Sequence[str | None], form: Form, *, as_written: Container[int] = ()) -> Sequence[str | None]:
    """Tokens as the text they stand for.

    A token that would become the same word as one before it stays as it is written, and so do bytes that are no whole
    characters or none that can be seen.

    Args:
        tokens: by id.
        form: "byte-level": bytes as letters; "sentencepiece": spaces as "▁".
        as_written: ids of tokens that stay as they are, such as "<|end|>".
    """
    if form == "plain":
        return tokens
    shown: list[str | None] = []
    seen: set[str] = set()
    for i, token in enumerate(tokens):
        word = token
        if token and i not in as_written:
            word = _from_bytes(token) if form == "byte-level" else token.replace("▁", " ")
            word = token if word in seen else word
        if word:
            seen.add(word)
        shown.append(word)
    return shown


def _letters_of_bytes() -> dict[int, int]:
    """GPT-2's letters and the bytes they stand for: themselves where they can be seen, else those from U+0100 on.

    A letter that stands for no byte becomes one that Latin-1 lacks; the space, of which there is none, stays.
    """
    seen = {*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    others = [byte for byte in range(256) if byte not in seen]
    none = {byte: 0xFFFD for byte in others if byte != 0x20}
    return none | {byte: byte for byte in seen} | {0x100 + i: byte for i, byte in enumerate(others)}


_BYTES = _letters_of_bytes()


def _from_bytes(token: str) -> str:
    """A token of byte-level BPE as text; as it is where its bytes are no whole, visible characters."""
    try:
        text = token.translate(_BYTES).encode("latin-1").decode("utf-8")
    except UnicodeError:
        return token
    return text if all(c.isprintable() or category(c) == "Zs" for c in text) else token
