"""Sharding: a corpus tokenized, its paragraphs shuffled, and cut where a snapshot of the training is due."""

import bz2
import gzip
import hashlib
import random
import zlib
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from embedlab.errors import InvalidText
from embedlab.formats.detection import marked_codec
from embedlab.formats.text.encodings import TEXT_CHOICES, check_encoding, first_shift, not_text
from embedlab.lessons.word2vec.gensim_engine import Shard
from embedlab.text.rules import Keep, rules_of
from embedlab.text.survival import Survey, Survival
from embedlab.text.tokenization import read_sentences

_FIRST_SNAPSHOT = 100_000  # words; before that nothing has moved
_TELLING = 1 << 20  # bytes by which a text's encoding is known
_HEAD = 2_000  # lines by which a text's language is known


@dataclass(frozen=True)
class TokenOptions:
    """How texts are cut into tokens."""

    keep: Keep = "letters"  # "digits": also words with digits, such as identifiers
    language: str | None = None  # by whose rules; found in each text where None
    anyway: bool = False  # whether texts are read of which more than a fifth of the words is lost
    encoding: str | None = None  # of the texts; None: UTF-8, or what a byte-order mark says

    def __post_init__(self) -> None:
        check_encoding(self.encoding, TEXT_CHOICES)


class Paragraphs(NamedTuple):
    """A corpus in memory."""

    paragraphs: Sequence[bytes]  # in the order of the text: UTF-8, a tokenized sentence a line, each with a line break
    counts: Mapping[str, int]
    sources: tuple[Mapping[str, Any], ...]  # name, sha256, bytes, words of each file


class ShardedCorpus(NamedTuple):
    """A corpus on disk: paragraphs in random order, one tokenized sentence a line, cut into shards."""

    shards: tuple[Shard, ...]
    counts: Mapping[str, int]
    sources: tuple[Mapping[str, Any], ...]  # name, sha256, bytes, words of each file


def snapshot_plan(total: int, snapshots: int) -> list[int]:
    """Words seen at each snapshot: from 100,000 (or 1/1,000 of the run) to all, evenly in the logarithm."""
    first = max(1, min(_FIRST_SNAPSHOT, total // 1_000))
    return sorted({int(words) for words in np.geomspace(first, total, snapshots).round()})


def shard_corpora(
    corpora: Sequence[Path],
    folder: Path,
    options: TokenOptions | None = None,
    *,
    epochs: int,
    snapshots: int,
    seed: int,
    say: Callable[[str], None] = lambda line: None,
) -> ShardedCorpus:
    """Tokenizes plain, .gz or .bz2 texts and writes shards that end where the first epoch's snapshots are due.

    Paragraphs are shuffled, so that no source has the low learning rates to itself. Needs about 12 bytes of memory for
    each word of text.

    Args:
        say: takes a line on what was lost.

    Raises InvalidText: a file is missing, not in this encoding or holds no sentence, or too many of its words are lost.
    """
    text = read_paragraphs(corpora, options, say=say)
    counts, paragraphs, sources = text.counts, list(text.paragraphs), text.sources
    random.Random(seed).shuffle(paragraphs)
    words = sum(counts.values())
    cuts = [seen for seen in snapshot_plan(words * epochs, snapshots) if seen < words] + [words]
    shards: list[Shard] = []
    done = position = 0
    for number, cut in enumerate(cuts):
        start, first = done, position
        while position < len(paragraphs) and done < cut:
            done += len(paragraphs[position].split())
            position += 1
        if position > first:
            path = folder / f"shard-{number:03}.txt"
            with path.open("wb") as out:
                out.writelines(paragraphs[first:position])
            shards.append(Shard(path, done - start))
    return ShardedCorpus(tuple(shards), counts, sources)


def read_paragraphs(
    corpora: Sequence[Path], options: TokenOptions | None = None, *, say: Callable[[str], None] = lambda line: None
) -> Paragraphs:
    """The paragraphs of plain, .gz or .bz2 texts, tokenized; raises as `shard_corpora`, which begins with it."""
    options = options or TokenOptions()
    counts: Counter[str] = Counter()
    paragraphs: list[bytes] = []
    sources = []
    for corpus in corpora:
        before = counts.total()
        with _lines(corpus, options.encoding) as lines:
            head = list(islice(lines, _HEAD))
            found = Survey(rules_of("".join(head), keep=options.keep, language=options.language))
            for paragraph in _paragraphs(chain(head, lines), found):
                counts.update(paragraph.split())
                paragraphs.append(paragraph.encode())
        survival = found.survival()
        _check(corpus.name, survival, remains=counts.total() > before, anyway=options.anyway)
        for note in survival.notes():
            say(f"{corpus.name}: {note}")
        with corpus.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        sources.append(
            {"name": corpus.name, "sha256": digest, "bytes": corpus.stat().st_size, "words": counts.total() - before}
        )
    return Paragraphs(paragraphs, counts, tuple(sources))


def _check(name: str, survival: Survival, *, remains: bool, anyway: bool) -> None:
    """Refuses a text of which too little is left, with the options that help."""
    remedies = survival.remedies()
    if not remains:
        told = " ".join(filter(None, (survival.said, _listed(remedies))))
        raise InvalidText(f"{name} holds no sentence of two words or more. {told}".strip())
    if survival.is_poor and not anyway:
        raise InvalidText(f"{name}: {survival.said} {_listed([*remedies, '--anyway reads the rest'])}")


def _listed(remedies: Sequence[str]) -> str:
    return f"{'; '.join(remedies)}." if remedies else ""


def _paragraphs(lines: Iterable[str], found: Survey) -> Iterator[str]:
    """Tokenized sentences of each paragraph, one a line, with a line break at the end; the survey sees all lines."""
    for line in lines:
        sentences = list(read_sentences([line], found.rules))
        found.add(line, sentences)
        if sentences:
            yield "".join(" ".join(tokens) + "\n" for tokens in sentences)


@contextmanager
def _lines(corpus: Path, encoding: str | None) -> Iterator[Iterator[str]]:
    """The lines of a text; a byte-order mark decides its encoding alone."""
    opener: Any = {".gz": gzip.open, ".bz2": bz2.open}.get(corpus.suffix, open)
    try:
        with opener(corpus, "rb") as stream:
            head: bytes = stream.read(_TELLING)
        used = "utf-8-sig" if head.startswith(BOM_UTF8) else marked_codec(head) or encoding or "utf-8-sig"
        if used == "utf-8-sig" and (odd := _odd_byte(head)):
            raise not_text(head, f"{corpus.name} is not UTF-8 text ({odd}).")
        with opener(corpus, "rt", encoding=used) as lines:
            yield iter(lines)
    except UnicodeError as error:
        said = f"{corpus.name} is not {used.removesuffix('-sig').upper()} text ({getattr(error, 'reason', error)})."
        with opener(corpus, "rb") as stream:
            raise not_text(_beyond_ascii(stream), said) from error
    except (OSError, EOFError, zlib.error) as error:
        cause = getattr(error, "strerror", None) or error
        raise InvalidText(f"{corpus.name} cannot be read: {cause}.") from error


def _odd_byte(head: bytes) -> str:
    """Which byte is in no text of UTF-8 although it can be read as such, and why; "" where there is none."""
    if (zero := head.find(b"\0")) >= 0:
        return f"byte {zero + 1:,} is zero"
    shift = first_shift(head)
    return f"byte {shift.start() + 1:,} shifts to other letters" if shift else ""


def _beyond_ascii(stream: Any) -> bytes:
    """The first part of a file that is not ASCII, to tell its encoding by."""
    while (part := stream.readline(_TELLING)) and part.isascii():
        pass
    return bytes(part + stream.read(_TELLING))
