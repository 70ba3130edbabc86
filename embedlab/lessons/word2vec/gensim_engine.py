"""gensim's Word2Vec, trained shard by shard with a snapshot after each shard."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

from embedlab.arrays import Floats, frozen
from embedlab.checks import one_of, within
from embedlab.errors import InvalidSetting


@dataclass(frozen=True)
class Word2VecConfig:
    """What gensim's Word2Vec is asked to do (Mikolov et al. 2013)."""

    # "cbow" predicts the center from its context, "skip-gram" the context from its center
    architecture: Literal["cbow", "skip-gram"] = "cbow"
    dimensions: int = 100  # D, 2 to 1,000
    window: int = 8  # the largest distance between center and context; each position draws its own from 1..window
    negatives: int = 10  # K words drawn from the noise distribution for every true one
    epochs: int = 5  # passes over the text
    learning_rate: float = 0.05  # at the start; falls linearly to 1/1,000 of it over the whole run
    # t of the C program's keep probability (sqrt(f/t) + 1) * t/f, for a word of frequency f
    subsampling_threshold: float = 1e-4
    min_count: int = 40  # rarer words are left out of the text before windows are formed
    # of the initial vectors and of every draw; with more than one worker the order of updates is not fixed
    seed: int = 1
    workers: int = 1  # threads

    def __post_init__(self) -> None:
        within("dimensions", self.dimensions, 2, 1_000)
        within("window", self.window, 1, 50)
        within("negatives", self.negatives, 1, 50)
        within("epochs", self.epochs, 1, 1_000)
        within("learning rate", self.learning_rate, 1e-6, 1.0)
        within("subsampling threshold", self.subsampling_threshold, 0.0, 1.0)
        within("min count", self.min_count, 1, 1_000_000)
        within("seed", self.seed, 0, 2**31 - 1)
        within("workers", self.workers, 1, 64)
        one_of("architecture", self.architecture, ("cbow", "skip-gram"))


# What the bundled vectors were trained with; their recipe and the command `train-vectors` start from it.
BUNDLED = Word2VecConfig(dimensions=140, window=10, negatives=20, epochs=5)


class Shard(NamedTuple):
    """A part of the text on disk: one sentence a line, tokens separated by single spaces, UTF-8."""

    path: Path
    words: int


class GensimSnapshot(NamedTuple):
    """The tables after a shard, as read-only copies."""

    words_seen: int
    words: Sequence[str]  # by falling count
    center: Floats  # (V, D) read-only
    context: Floats  # (V, D) read-only


def make_ready() -> None:
    """Imports gensim, which takes 2 s, before training is timed."""
    import gensim.models.word2vec  # noqa: F401


def train_word2vec(
    shards: Sequence[Shard], counts: Mapping[str, int], config: Word2VecConfig
) -> Iterator[GensimSnapshot]:
    """Trains on the shards in order, `config.epochs` times over, and yields after each shard.

    Args:
        shards: the text; their sizes decide how often a snapshot is yielded.
        counts: of every word of the text, whole; words rarer than `config.min_count` are ignored.

    Yields:
        Snapshots with read-only copies of both (V, D) tables, in rising numbers of words seen.

    Raises InvalidSetting: no word is as frequent as `config.min_count`.
    """
    from gensim.models import Word2Vec  # 2 s to import: only for those who train

    logging.getLogger("gensim").setLevel(logging.ERROR)  # it warns that each shard is a small corpus
    model = Word2Vec(
        sg=int(config.architecture == "skip-gram"),
        vector_size=config.dimensions,
        window=config.window,
        negative=config.negatives,
        sample=config.subsampling_threshold,
        min_count=config.min_count,
        alpha=config.learning_rate,
        seed=config.seed,
        workers=config.workers,
    )
    model.build_vocab_from_freq(dict(counts))
    if not len(model.wv):
        raise InvalidSetting(f"No word appears {config.min_count} times: lower the minimum count or give more text.")
    total = config.epochs * sum(shard.words for shard in shards)
    seen = 0

    def rate(words: int) -> float:
        return config.learning_rate * max(1e-3, 1 - words / total)

    for _ in range(config.epochs):
        for path, words in shards:
            start, seen = rate(seen), seen + words
            model.train(corpus_file=str(path), total_words=words, epochs=1, start_alpha=start, end_alpha=rate(seen))
            tables = (frozen(table.copy()) for table in (model.wv.vectors, model.syn1neg))  # (V, D) each
            yield GensimSnapshot(seen, model.wv.index_to_key, *tables)
