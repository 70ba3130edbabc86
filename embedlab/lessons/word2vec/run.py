"""A run of word2vec that can be watched: one or two methods on one text, looked at at the same moments.

Whatever the method, a frame says the same things of it: the loss, the time it took, the nearest words of the
validation words, and the vectors of the words that are followed.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from embedlab.errors import UnknownWord
from embedlab.evaluation import scores
from embedlab.lessons.word2vec.config import RunConfig
from embedlab.lessons.word2vec.gensim_engine import make_ready
from embedlab.lessons.word2vec.methods import course
from embedlab.text.corpus import Text
from embedlab.vectors import queries
from embedlab.vectors.word_vectors import WordVectors


class Tables:
    """The newest vectors of each method of a run. Arrays in it are replaced, never changed."""

    def __init__(self, text: Text) -> None:
        self.words = text.vocabulary.words
        self.name = text.name
        self._newest: dict[str, tuple[np.ndarray, np.ndarray]] = {}

    def put(self, method: str, center: np.ndarray, context: np.ndarray) -> None:
        """Replaces a method's tables, both (V, D)."""
        self._newest[method] = (center, context)

    def vectors(self, method: str, *, context: bool = False) -> WordVectors:
        """The newest center vectors, or context vectors, of a method."""
        table = self._newest[method][int(context)]
        kind = "context vectors" if context else "vectors"
        return WordVectors(self.words, table, source=f"{kind} from {self.name}, {method}")


@dataclass(frozen=True, eq=False)
class Frame:
    """A moment of a run: M methods, W followed words."""

    words_seen: int  # of the text, repeated passes counted again
    seconds: tuple[float, ...]  # M: spent on learning so far
    losses: tuple[float, ...]  # M: nats per pair, mean since the frame before (gensim: on pairs held fixed)
    neighbors: tuple[tuple[tuple[str, ...], ...], ...]  # M, then of each validation word
    truths: tuple[float | None, ...]  # M: share of the known analogies that hold, in [0, 1]
    vectors: np.ndarray  # (M, W, D) float16, read-only
    tables: Tables


def followed_words(text: Text, config: RunConfig) -> tuple[str, ...]:
    """The W words of `Frame.vectors`."""
    named = [word for word in (*config.also, *config.validation) if word in text.vocabulary]
    return tuple(dict.fromkeys([*text.vocabulary.words[: config.followed], *named]))


def validation_words(text: Text, count: int = 8) -> tuple[str, ...]:
    """`count` of the most frequent words and as many rarer ones, evenly spread: the lesson's 16 by default.

    The rarer half comes from the ranks 1,000 to 1,100 where the text has so many, else from its last two thirds.
    """
    words = text.vocabulary.words
    low, high = (1000, 1100) if len(words) >= 1100 else (len(words) // 3, len(words))
    ranks = [*np.linspace(0, min(100, low) - 1, count), *np.linspace(low, high - 1, count)]
    return tuple(dict.fromkeys(words[round(rank)] for rank in ranks))


def run(text: Text, config: RunConfig, truth: Mapping[str, Sequence[Any]] | None = None) -> Iterator[Frame]:
    """Trains each method and yields a frame of all of them at about the same number of words.

    Args:
        truth: analogies by section that must hold in this text (`World.analogies`).

    Raises:
        UnknownWord: validation words that the text does not have.
        TrainingError: a loss that is not finite, or far above its start.
    """
    asked = WordVectors(text.vocabulary.words, np.zeros((len(text.vocabulary), 1)), source=text.name)
    if missing := [word for word in config.validation if word not in text.vocabulary]:
        raise UnknownWord(missing, {word: asked.suggest(word) for word in missing}, size=len(text.vocabulary))
    rows = [text.vocabulary.index[word] for word in followed_words(text, config)]
    tables = Tables(text)
    spent = [0.0] * len(config.methods)
    if "gensim" in config.methods:
        make_ready()
    courses = [course(method, text, config) for method in config.methods]
    while True:
        moments = []
        for n, moments_of in enumerate(courses):
            began = time.perf_counter()
            moment = next(moments_of, None)
            spent[n] += time.perf_counter() - began
            if moment is None:
                return
            if not moment.words_seen:
                spent[n] = 0.0  # making ready is no learning
            moments.append(moment)
            tables.put(config.methods[n], moment.center, moment.context)
        found = [tables.vectors(method) for method in config.methods]
        vectors = np.stack([one.matrix[rows] for one in found]).astype(np.float16)  # (M, W, D)
        vectors.flags.writeable = False
        yield Frame(
            words_seen=moments[0].words_seen,
            seconds=tuple(spent),
            losses=tuple(moment.loss for moment in moments),
            neighbors=tuple(_nearest(one, config) for one in found),
            truths=tuple(scores.analogy_accuracy(one, truth).overall.accuracy if truth else None for one in found),
            vectors=vectors,
            tables=tables,
        )


def _nearest(vectors: WordVectors, config: RunConfig) -> tuple[tuple[str, ...], ...]:
    return tuple(
        tuple(near.word for near in queries.nearest_neighbors(vectors, word, config.neighbors))
        for word in config.validation
    )
