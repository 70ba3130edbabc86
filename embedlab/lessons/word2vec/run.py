"""Word2vec training with snapshots: one or two methods on one text, each seen after the same numbers of words.

Whatever the method, a snapshot holds the same of it: the loss, the time it took, the nearest words of the validation
words, the vectors of the words that are followed, and the tables of all words.
"""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from embedlab.arrays import frozen
from embedlab.errors import UnknownWord
from embedlab.evaluation.scores import analogy_accuracy
from embedlab.lessons.word2vec.config import RunConfig
from embedlab.lessons.word2vec.gensim_engine import make_ready
from embedlab.lessons.word2vec.methods import train_with
from embedlab.text.corpus import Corpus
from embedlab.vectors import queries
from embedlab.vectors.spelling import find_words
from embedlab.vectors.word_vectors import WordVectors


class TrainedTables(NamedTuple):
    """What a method has learned: both of its tables, (V, D) each."""

    center: WordVectors
    context: WordVectors


@dataclass(frozen=True, eq=False)
class RunSnapshot:
    """The state of a run: M methods, W followed words. Nothing in it can be changed."""

    words_seen: int  # of the text, repeated passes counted again
    seconds: tuple[float, ...]  # M: spent on learning so far
    losses: tuple[float, ...]  # M: nats per pair, mean since the snapshot before (gensim: on pairs held fixed)
    neighbors: tuple[tuple[tuple[str, ...], ...], ...]  # M, then of each validation word
    truths: tuple[float | None, ...]  # M: share of the known analogies that hold, in [0, 1]
    vectors: npt.NDArray[np.float16]  # (M, W, D) read-only
    tables: tuple[TrainedTables, ...]  # M; empty once condensed

    def condensed(self) -> "RunSnapshot":
        """Without the tables of all V words, whose copies would fill the memory: what is kept of older snapshots."""
        return replace(self, tables=())


def followed_words(text: Corpus, config: RunConfig) -> tuple[str, ...]:
    """The W words of `RunSnapshot.vectors`."""
    named = [word for word in (*config.also, *config.validation) if word in text.vocabulary]
    return tuple(dict.fromkeys([*text.vocabulary.words[: config.followed], *named]))


def validation_words(text: Corpus, count: int = 8) -> tuple[str, ...]:
    """`count` of the most frequent words and as many rarer ones, evenly spread: the lesson's 16 by default.

    The rarer half comes from the ranks 1,000 to 1,100 where the text has that many, else from its last two thirds.
    """
    words = text.vocabulary.words
    low, high = (1000, 1100) if len(words) >= 1100 else (len(words) // 3, len(words))
    ranks = [*np.linspace(0, min(100, low) - 1, count), *np.linspace(low, high - 1, count)]
    return tuple(dict.fromkeys(words[round(rank)] for rank in ranks))


def with_words(text: Corpus, config: RunConfig, groups: Iterable[str] = (), watched: str = "") -> RunConfig:
    """The same settings with the words to watch, unless some are chosen, and with further words to record.

    Args:
        watched: words to watch as they are typed; those that the text does not have are left out (`not_watched`).

    Raises UnknownWord: chosen words that the text does not have.
    """
    typed = tuple(dict.fromkeys(word for word in _typed(text, watched) if word in text.vocabulary))
    validation = typed or config.validation or validation_words(text)
    config = replace(config, validation=validation, also=(*config.also, *groups))
    _check_watched(text, config)
    return config


def not_watched(text: Corpus, watched: str) -> UnknownWord | None:
    """Says which words to watch the text does not have, and what it has in their place; None where it has all.

    Args:
        watched: as they are typed.
    """
    missing = [word for word in dict.fromkeys(_typed(text, watched)) if word not in text.vocabulary]
    return _before_learning(text).unknown(missing) if missing else None


def _typed(text: Corpus, watched: str) -> list[str]:
    return find_words(_before_learning(text), watched) if watched.strip() else []


def _check_watched(text: Corpus, config: RunConfig) -> None:
    if missing := [word for word in config.validation if word not in text.vocabulary]:
        raise _before_learning(text).unknown(missing)


def _before_learning(text: Corpus) -> WordVectors:
    """The words of a text, among which typed ones are found."""
    words = text.vocabulary.words
    return WordVectors(words, np.zeros((len(words), 1)), source=text.name)


def run(text: Corpus, config: RunConfig, truth: Mapping[str, Sequence[Any]] | None = None) -> Iterator[RunSnapshot]:
    """Trains each method and yields a snapshot of all of them at about the same number of words.

    Args:
        truth: analogies by section that must hold in this text (`World.analogies`).

    Raises:
        UnknownWord: validation words that the text does not have.
        TrainingError: a loss that is not finite, or far above its start.
    """
    words, rows = text.vocabulary.words, [text.vocabulary.index[word] for word in followed_words(text, config)]
    _check_watched(text, config)
    if "gensim" in config.methods:
        make_ready()
    spent = [0.0] * len(config.methods)
    trainings = [train_with(method, text, config) for method in config.methods]
    while True:
        states, tables = [], []
        for m, (method, training) in enumerate(zip(config.methods, trainings, strict=True)):
            began = time.perf_counter()
            state = next(training, None)
            spent[m] += time.perf_counter() - began
            if state is None:
                return
            if not state.words_seen:
                spent[m] = 0.0  # making ready is no learning
            states.append(state)
            center = WordVectors(words, state.center, source=f"vectors from {text.name}, {method}")
            context = WordVectors(words, state.context, source=f"context vectors from {text.name}, {method}")
            tables.append(TrainedTables(center, context))
        vectors = np.stack([each.center.matrix[rows] for each in tables]).astype(np.float16)  # (M, W, D)
        yield RunSnapshot(
            words_seen=states[0].words_seen,
            seconds=tuple(spent),
            losses=tuple(state.loss for state in states),
            neighbors=tuple(_validation_neighbors(each.center, config) for each in tables),
            truths=tuple(analogy_accuracy(each.center, truth).overall.accuracy if truth else None for each in tables),
            vectors=frozen(vectors),
            tables=tuple(tables),
        )


def _validation_neighbors(vectors: WordVectors, config: RunConfig) -> tuple[tuple[str, ...], ...]:
    return tuple(
        tuple(near.word for near in queries.nearest_neighbors(vectors, word, config.neighbors))
        for word in config.validation
    )
