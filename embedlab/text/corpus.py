"""Corpus: a text made ready for learning (checked, tokenized, counted, numbered) and what each step left out."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from embedlab.arrays import Ids, Int32s, frozen, read_only
from embedlab.errors import FileTooLarge, InvalidText
from embedlab.formats.text import encodings
from embedlab.text.rules import Keep, rules_of
from embedlab.text.survival import Survey, Survival
from embedlab.text.tokenization import read_sentences
from embedlab.vectors.vocabulary import Vocabulary
from embedlab.wording import counted

MAX_BYTES = 20_000_000
MIN_VOCABULARY = 5  # words; with fewer there is nothing to tell apart
START, END = "<s>", "</s>"  # boundary tokens
_LONG_LINE = 100_000  # characters; a line that is longer is cut at spaces so that its words need not all be held
_LONG_WORD = 60  # letters; longer runs are data or writing without spaces
_EXAMPLES = 8
_WORDS, _GIVE = "Words are runs of letters.", "Give at least a few hundred."
_KEEP = "“Keep words with digits”, under More settings, keeps them."


@dataclass(frozen=True)
class PreparationStep:
    """What one step of preparing a corpus left out."""

    name: str
    words_before: int
    words_after: int
    examples: tuple[str, ...]  # of what it dropped, the most frequent first

    @property
    def dropped(self) -> int:
        """Words that the step left out."""
        return self.words_before - self.words_after


@dataclass(frozen=True, eq=False)
class Corpus:
    """A tokenized text as ids."""

    name: str  # for the screen
    vocabulary: Vocabulary  # V words by falling count
    ids: Int32s  # (N,) int32 read-only, one for each word of the text that the vocabulary holds
    sentences: Int32s  # (N,) int32 read-only, rising: which sentence each word is in
    steps: tuple[PreparationStep, ...] = ()  # what the preparation dropped
    notes: tuple[str, ...] = ()  # what is to be said above a result: too much was lost, a segmenter is missing

    @cached_property
    def counts(self) -> Ids:
        """(V,) int64 occurrences, read-only."""
        return frozen(np.array(self.vocabulary.counts, dtype=np.int64))

    def __len__(self) -> int:
        return len(self.ids)


def decode(data: bytes, name: str = "This file", encoding: str | None = None) -> str:
    """The text of an uploaded file.

    Args:
        encoding: one of `embedlab.formats.text.encodings.TEXT_CHOICES`; None: UTF-8, or what a byte-order mark says.

    Raises:
        FileTooLarge: more than 20 MB.
        InvalidText: empty, not text, or another encoding; says at which byte, and offers those that read it.
    """
    if len(data) > MAX_BYTES:
        raise FileTooLarge(f"{name} has {len(data) / 1e6:,.1f} MB; at most {MAX_BYTES / 1e6:.0f} MB are read. Cut it.")
    if not data.strip():
        raise InvalidText(f"{name} is empty: give a plain text of at least a few hundred words.")
    return encodings.decode(data, name, encoding)


def encode(
    source: str | Iterable[Sequence[str]],
    name: str,
    *,
    min_count: int = 1,
    max_size: int | None = None,
    keep: Keep = "letters",
) -> Corpus:
    """Numbers a text.

    Args:
        source: a text, which `embedlab.text.tokenization` cuts into sentences and words; or sentences that
            are lists of words.
        min_count: rarer words are left out before windows are formed, as word2vec does.
        max_size: at most this many words, the most frequent ones.
        keep: "digits": also words with digits, such as identifiers.

    Raises InvalidText: too little is left to learn from; says what was found.
    """
    text = source if isinstance(source, str) else None
    found = Survey(rules_of(text or "", keep=keep), longest=_LONG_WORD)
    sentences = _surveyed(text, found) if text is not None else source
    first_seen: dict[str, int] = {}
    raw, numbers = array("i"), array("i")  # word by first appearance, sentence; 4 bytes a word
    for number, tokens in enumerate(sentences):
        sentence = [token for token in tokens if len(token) <= _LONG_WORD]
        raw.extend([first_seen.setdefault(token, len(first_seen)) for token in sentence])
        numbers.extend([number] * len(sentence))
    survival = found.survival()
    notes = (*survival.notes(), *[_KEEP] * survival.loses_digits)
    if len(raw) < 2:
        raise InvalidText(_nothing(text, survival))
    ids = np.frombuffer(raw, dtype=np.int32)
    counts = np.bincount(ids, minlength=len(first_seen))
    vocabulary = Vocabulary.from_counts(
        dict(zip(first_seen, counts.tolist(), strict=True)), min_count=min_count, max_size=max_size
    )
    if len(vocabulary) < MIN_VOCABULARY:
        found_words = f"Only {counted(len(vocabulary), 'different word')}"
        often, lower = (f" {min_count} times or more", " or a lower minimum count") if min_count > 1 else ("", "")
        raise InvalidText(
            f"{found_words} appear{'s' * (len(vocabulary) == 1)}{often} among {len(ids):,}: give more text{lower}; at "
            f"least {MIN_VOCABULARY} are needed.{''.join(f' {note}' for note in notes)}"
        )
    renumbered = np.full(len(first_seen), -1, np.int32)
    renumbered[[first_seen[word] for word in vocabulary.words]] = np.arange(len(vocabulary))
    ids = renumbered[ids]
    known = ids >= 0
    steps = tuple(_steps(text, survival, first_seen, counts, vocabulary, min_count))
    sentence_ids = read_only(np.frombuffer(numbers, np.int32)[known])
    return Corpus(name, vocabulary, read_only(ids[known]), sentence_ids, steps, notes)


def with_boundaries(text: Corpus) -> Corpus:
    """The same text with the token `START` before and `END` after each sentence of which a word is left.

    What the preparation dropped stays as it was.

    Raises InvalidText: the text has these tokens already.
    """
    words, counts = text.vocabulary.words, text.vocabulary.counts
    if START in text.vocabulary or END in text.vocabulary:
        raise InvalidText(f"The text holds {START} or {END} already: leave the boundary tokens off.")
    edges = np.flatnonzero(np.diff(text.sentences, prepend=-1, append=-1))  # (S + 1,) where sentences begin, and N
    places = np.repeat(edges, 2)[1:-1]  # (2S,) a START, an END, a START, …
    size, found = len(words), len(edges) - 1
    ids = np.insert(text.ids, places, np.tile(np.array([size, size + 1], np.int32), found))
    sentences = np.insert(text.sentences, places, np.repeat(text.sentences[edges[:-1]], 2))
    vocabulary = Vocabulary.from_counts(dict(zip((*words, START, END), (*counts, found, found), strict=True)))
    renumbered = np.array([vocabulary.index[word] for word in (*words, START, END)], np.int32)
    return Corpus(text.name, vocabulary, read_only(renumbered[ids]), read_only(sentences), text.steps, text.notes)


def _short_lines(text: str) -> Iterator[str]:
    """Lines, long ones cut at spaces."""
    for line in text.splitlines():
        start = 0
        while start < len(line):
            cut = line.find(" ", start + _LONG_LINE) if len(line) - start > _LONG_LINE else -1
            yield line[start : cut if cut >= 0 else len(line)]
            start = cut if cut >= 0 else len(line)


def _surveyed(text: str, found: Survey) -> Iterator[list[str]]:
    """Sentences of a text, while the survey looks at the same lines."""
    for line in _short_lines(text):
        sentences = list(read_sentences([line], found.rules))
        found.add(line, sentences)
        yield from sentences


def _steps(
    text: str | None,
    survival: Survival,
    seen: dict[str, int],
    counts: Ids,
    vocabulary: Vocabulary,
    min_count: int,
) -> Iterator[PreparationStep]:
    words = int(counts.sum())
    if text is not None:
        dropped = [example for kind in survival.lost for example in kind.examples]
        before = words + sum(kind.words for kind in survival.lost)
        yield PreparationStep("Numbers, signs, single letters, headings", before, words, tuple(dropped[:_EXAMPLES]))
    order = np.argsort(-counts, kind="stable")
    names = list(seen)
    rare = [names[i] for i in order[len(vocabulary) : len(vocabulary) + _EXAMPLES]]
    what = f"Words seen fewer than {min_count} times" if min_count > 1 else "Words beyond the vocabulary's size"
    yield PreparationStep(what, words, vocabulary.total, tuple(rare))


def _nothing(text: str | None, survival: Survival) -> str:
    start = " ".join((text or "").split())[:40]
    if not any(sign.isprintable() and sign != " " for sign in start):  # also not by signs of no width
        return "The text is empty: give at least a few hundred words."
    why, remedy = survival.said or _WORDS, _KEEP if survival.loses_digits else _GIVE
    return f"No two words stand together in a sentence of “{start}…”. {why} {remedy}"
