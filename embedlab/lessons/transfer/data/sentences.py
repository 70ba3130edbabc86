"""Labeled sentences for the Transfer page: tokens, labels, and a fixed part for training, validation and test."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Literal, NamedTuple

import numpy as np

from embedlab.arrays import Floats, Ids, Int32s, Mask, frozen
from embedlab.errors import InvalidText
from embedlab.library import bundled
from embedlab.text.rules import ENGLISH, Rules, rules_of
from embedlab.text.tokenization import sentence_tokens
from embedlab.vectors.vocabulary import Vocabulary
from embedlab.vectors.word_vectors import WordVectors
from embedlab.wording import counted

Part = Literal["train", "validation", "test"]
PARTS: tuple[Part, ...] = ("train", "validation", "test")
PAD = -1  # fills up id rows; no word has it
MAX_TOKENS = 400  # of a sentence; the rest is left out

BUNDLED = "sentences.tsv"
MAX_VOCABULARY = 20_000  # words; rarer ones have no embedding, so that tables stay small
_SHARES = (0.7, 0.1, 0.2)  # of train, validation, test where a table does not say


class Row(NamedTuple):
    """A sentence as it is read; `part` is None where the source does not fix it."""

    text: str
    label: str
    part: Part | None = None


class Tokenized(NamedTuple):
    """The tokens of texts, and the rules that made them."""

    rules: Rules
    tokens: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, eq=False)
class Sentences:
    """N labeled sentences, V distinct words, C labels."""

    name: str  # for the screen
    texts: tuple[str, ...]  # N sentences as written
    tokens: tuple[tuple[str, ...], ...]  # the words of each, by the rules of `embedlab.text.tokenization`; at least one
    labels: tuple[str, ...]  # C names, sorted
    label_ids: Ids  # (N,) int64 read-only, position in `labels`
    parts: Ids  # (N,) int64 read-only, position in `PARTS`
    rules: Rules = ENGLISH  # by which words are found, in typed sentences too
    notes: tuple[str, ...] = ()  # what is to be said above a result: too much was lost, a segmenter is missing

    def __len__(self) -> int:
        return len(self.texts)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The words of every part by falling count, the 20,000 most frequent of them."""
        return Vocabulary.from_tokens((w for tokens in self.tokens for w in tokens), max_size=MAX_VOCABULARY)

    @cached_property
    def known_tokens(self) -> list[list[str]]:
        """The words of each sentence that the vocabulary holds."""
        index = self.vocabulary.index
        return [[word for word in tokens if word in index] for tokens in self.tokens]

    @cached_property
    def ids(self) -> Int32s:
        """(N, L) read-only: word ids of each sentence, filled up with `PAD`."""
        return padded_ids(self.tokens, self.vocabulary)

    def rows(self, part: Part) -> Ids:
        """(n,) the sentences of a part, in the order of the source."""
        return np.flatnonzero(self.parts == PARTS.index(part))

    def seen(self, rows: Ids) -> Mask:
        """(V,) which words occur in these sentences."""
        mask = np.zeros(len(self.vocabulary), dtype=bool)
        ids = self.ids[rows]
        mask[ids[ids != PAD]] = True
        return mask

    def unseen_shares(self, training: Ids, rows: Ids) -> Floats:
        """(T,) in [0, 1]: of each sentence in `rows` the share of words that occur in no sentence in `training`."""
        ids = self.ids[rows]
        real = ids != PAD
        new = ~self.seen(training)[ids] & real  # PAD fetches some word, which `real` takes out again
        return np.asarray(new.sum(axis=1) / np.maximum(real.sum(axis=1), 1), dtype=np.float32)

    @property
    def majority(self) -> float:
        """Accuracy on the test part of always naming the label that is most frequent in training, in [0, 1]."""
        most = np.bincount(self.label_ids[self.rows("train")], minlength=len(self.labels)).argmax()
        return float((self.label_ids[self.rows("test")] == most).mean())


class Coverage(NamedTuple):
    """How much of a data set's language pretrained vectors know."""

    words: int  # distinct words with a vector
    vocabulary: int  # distinct words
    tokens: float  # share of all running words that have a vector, in [0, 1]
    missing: tuple[str, ...]  # words without one, the most frequent first


def coverage(sentences: Sentences, vectors: WordVectors) -> Coverage:
    """Which words of the data have a pretrained vector."""
    vocabulary = sentences.vocabulary
    missing = tuple(word for word in vocabulary.words if word not in vectors)
    absent = set(missing)
    lost = sum(n for word, n in zip(vocabulary.words, vocabulary.counts, strict=True) if word in absent)
    known = len(vocabulary) - len(missing)
    return Coverage(known, len(vocabulary), 1 - lost / max(vocabulary.total, 1), missing)


def unseen_words(sentences: Sentences, candidates: Iterable[str], count: int) -> list[str]:
    """The first `count` candidates that occur in no training sentence and are one word by the rules of tokens."""
    seen = {word for row in sentences.rows("train") for word in sentences.tokens[row]}
    new = (word for word in candidates if word not in seen and sentence_tokens(word, sentences.rules) == [word])
    return list(islice(new, count))


def padded_ids(sentences: Sequence[Sequence[str]], vocabulary: Vocabulary) -> Int32s:
    """(N, L) read-only ids; words that the vocabulary lacks are left out, short rows filled up with `PAD`."""
    known = [vocabulary.ids(tokens) for tokens in sentences]
    ids = np.full((len(known), max(1, *map(len, known)) if known else 1), PAD, dtype=np.int32)  # (N, L)
    for row, line in enumerate(known):
        ids[row, : len(line)] = line
    return frozen(ids)


def assemble(
    name: str, rows: Iterable[Row], *, seed: int = 0, together: bool = False, tokenized: Tokenized | None = None
) -> Sentences:
    """Makes a set of rows whose texts all hold a word.

    Where no row fixes its part, each label's sentences are shared out at random, 70:10:20, at least one to each part.

    Args:
        together: keep rows of one text (`text_key`) in one part where parts are drawn.
        tokenized: the texts' tokens, where they are there already.

    Raises InvalidText: a label with fewer than three sentences, or a part without sentences.
    """
    rows = list(rows)
    labels = tuple(sorted({row.label for row in rows}))
    index = {label: i for i, label in enumerate(labels)}
    label_ids = np.array([index[row.label] for row in rows], dtype=np.int64)  # (N,)
    if all(row.part is not None for row in rows):
        parts = np.array([PARTS.index(row.part) for row in rows if row.part], dtype=np.int64)  # (N,)
        empty = [part for i, part in enumerate(PARTS) if not (parts == i).any()]
        if empty:
            raise InvalidText(f"{name}: no sentence belongs to {' or '.join(empty)}. Give every part some sentences.")
    else:
        parts = _share_out(label_ids, labels, seed, text_groups(rows) if together else np.arange(len(rows)))
    texts = tuple(row.text for row in rows)
    found = tokenized or tokenize_texts(texts)
    return Sentences(name, texts, found.tokens, labels, frozen(label_ids), frozen(parts), found.rules)


def tokenize_texts(texts: Sequence[str]) -> Tokenized:
    """The tokens of each text, by the rules of the language that all of them are in."""
    rules = rules_of("\n".join(texts))
    return Tokenized(rules, tuple(tuple(sentence_tokens(text, rules)[:MAX_TOKENS]) for text in texts))


def text_key(text: str) -> str:
    """The same for texts that differ in capitals, blanks and normal forms of Unicode only."""
    return unicodedata.normalize("NFC", " ".join(text.split())).casefold()


def text_groups(rows: Iterable[Row]) -> Ids:
    """(N,) a number for each text, the same where it is repeated."""
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(text_key(row.text), len(numbers)) for row in rows], dtype=np.int64)


def _share_out(label_ids: Ids, labels: Sequence[str], seed: int, groups: Ids) -> Ids:
    rng = np.random.default_rng(seed)
    parts = np.zeros(len(label_ids), dtype=np.int64)
    shares = {"test": _SHARES[2], "validation": _SHARES[1]}
    for rows in label_groups(label_ids, groups):
        if len(rows) < 3:
            name, n = labels[label_ids[rows[0][0]]], len(rows)
            raise InvalidText(
                f"The label “{name[:40]}” has {counted(n, 'sentence')}; every label needs at least "
                "3, one each for training, validation and test. Add some, or leave the label out."
            )
        draw_parts(parts, rows, shares, rng)
    return parts


def label_groups(label_ids: Ids, groups: Ids) -> list[list[Ids]]:
    """For each label, the rows of each group whose first row has it; a group is drawn as one."""
    order = np.argsort(groups, kind="stable")
    _, starts = np.unique(groups[order], return_index=True)
    members = sorted(np.split(order, starts[1:]), key=lambda rows: int(rows[0]))
    return [[rows for rows in members if label_ids[rows[0]] == label] for label in np.unique(label_ids)]


def draw_parts(parts: Ids, rows: list[Ids], shares: dict[str, float], rng: np.random.Generator) -> None:
    """Gives groups of rows at random to parts, each until it has its share of the rows, and one group at least."""
    total = sum(map(len, rows))
    drawn = iter(rng.permutation(len(rows)).tolist())
    for part, share in shares.items():
        wanted = max(1, round(share * total))
        while wanted > 0:
            group = rows[next(drawn)]
            parts[group] = PARTS.index(part)
            wanted -= len(group)


def bundled_sentences() -> Sentences:
    """1,450 opinions on books, food, places, devices and films, written for the project; its parts are fixed."""
    lines = bundled.path(BUNDLED).read_text("utf-8").splitlines()[1:]  # label, split, topic, text
    fields = [line.split("\t") for line in lines]
    parts: dict[str, Part] = {part: part for part in PARTS}
    return assemble("Opinions", (Row(text, label, parts[part]) for label, part, _, text in fields))
