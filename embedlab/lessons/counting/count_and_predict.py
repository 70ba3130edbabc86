"""Count-based and predictive word vectors on one text, with one vocabulary and the same dimensions."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, NamedTuple

import numpy as np
from scipy import sparse

from embedlab.arrays import Floats
from embedlab.checks import one_of
from embedlab.comparison.overlap import neighbor_overlap
from embedlab.errors import InvalidSetting
from embedlab.evaluation.scores import analogy_accuracy, similarity_correlation
from embedlab.lessons.counting.cooccurrence import (
    CountConfig,
    SurprisingPair,
    block,
    cooccurrence,
    most_surprising,
    ppmi,
    svd_vectors,
)
from embedlab.lessons.word2vec.config import Method, RunConfig
from embedlab.lessons.word2vec.history import mean_similarity
from embedlab.lessons.word2vec.methods import train_with
from embedlab.lessons.word2vec.pairs import PairConfig
from embedlab.text.corpus import Corpus
from embedlab.vectors.word_vectors import WordVectors

Measure = Literal["PPMI", "log counts", "counts"]
MEASURES: tuple[Measure, ...] = ("PPMI", "log counts", "counts")
MAX_SIZE = 5_000  # words of a vocabulary: the tables of pairs stay below 100 MB
_SNAPSHOTS = 12  # of skip-gram's training, at which a page can stop it
NEIGHBORS = 10  # for the agreement of the two spaces
_COMPARED = 2_000  # words at most whose neighbors are compared


@dataclass(frozen=True)
class BothConfig:
    """Settings of the count-based and of the predictive vectors."""

    # of the count-based vectors; window, dimensions and seed hold for skip-gram too
    counts: CountConfig = field(default_factory=CountConfig)
    passes: int = 3  # over the text, of skip-gram
    negatives: int = 5  # K
    learning_rate: float = 0.08  # of skip-gram, for one pair
    method: Method = "negative sampling"  # of skip-gram
    subsampling_threshold: float = 1e-3  # of skip-gram's subsampling of frequent words; 0 reads them all
    measure: Measure = "PPMI"  # what is decomposed: PPMI, the logarithm of 1 + count, or the counts themselves

    def __post_init__(self) -> None:
        one_of("measure", self.measure, MEASURES)

    def predicting(self) -> RunConfig:
        """The settings of skip-gram. Raises InvalidSetting: a number outside its range."""
        pairs = PairConfig(
            window=self.counts.window,
            subsampling_threshold=self.subsampling_threshold,
            negatives=self.negatives,
            seed=self.counts.seed,
        )
        return RunConfig(
            methods=(self.method,), dimensions=self.counts.dimensions, passes=self.passes, least_snapshots=_SNAPSHOTS,
            learning_rate=self.learning_rate, pairs=pairs,
        )  # fmt: skip

    def snapshots(self, text: Corpus) -> int:
        """How many `count_and_predict` yields, with the result."""
        return 4 + self.predicting().snapshots(text) + 1


@dataclass(frozen=True)
class Score:
    """How good a space is, by the best test that the text allows."""

    test: str  # its name
    value: float  # in [0, 1] for analogies, in [-1, 1] for Spearman; nan where too few words are covered
    covered: int
    total: int


@dataclass(frozen=True, eq=False)
class Both:
    """Both sets of vectors of V words, with their scores."""

    counts: sparse.csr_array  # (V, V) weighted by distance
    table: sparse.csr_array  # (V, V) PPMI in nats
    counted: WordVectors
    predicted: WordVectors
    seconds: Mapping[str, float]  # of each stage
    scores: tuple[Score, Score]  # counted, predicted
    overlap: Mapping[str, float]  # of the most frequent words: share of the 10 nearest that both spaces agree on
    surprising: tuple[SurprisingPair, ...]

    @property
    def agreement(self) -> float:
        """Mean share of the 10 nearest words that both spaces agree on, in [0, 1]."""
        return float(np.mean(list(self.overlap.values())))

    @cached_property
    def alike(self) -> float:
        """Mean cosine of any two predicted words, in [-1, 1]: near 1 while they have hardly learned to differ."""
        return float(mean_similarity(self.predicted.matrix[None])[0])


class Tables(NamedTuple):
    """What is known of W words, from counting to vectors."""

    counts: Floats  # (W, N) how often with each of N neighbors, weighted by distance
    ppmi: Floats  # (W, N) nats
    counted: Floats  # (W, W) cosines
    predicted: Floats  # (W, W) cosines


def count_and_predict(
    text: Corpus, config: BothConfig, truth: Mapping[str, Sequence[Any]] | None = None
) -> Iterator[str | Both]:
    """What is being done, in a few words as each stage begins, and at last the result.

    Args:
        truth: analogies by section that must hold in this text.

    Raises InvalidSetting: more dimensions than words, or a text without neighbors.
    """
    counting, size = config.counts, len(text.vocabulary)
    if counting.dimensions > size:
        raise InvalidSetting(f"{counting.dimensions} dimensions are too many for {size:,} words: choose fewer.")
    seconds: dict[str, float] = {}
    began = time.perf_counter()

    def lap(name: str) -> None:
        nonlocal began
        now = time.perf_counter()
        seconds[name], began = now - began, time.perf_counter()

    yield "counting neighbors"
    began = time.perf_counter()
    counts = cooccurrence(text, counting.window, counting.weighting)
    lap("counts")
    yield "weighing counts against chance"
    began = time.perf_counter()
    table = ppmi(counts, counting.shift, counting.exponent)
    if not table.nnz and config.measure == "PPMI":
        raise InvalidSetting(f"No pair is above chance with shift {counting.shift:g}: choose a smaller shift.")
    lap("PPMI")
    yield "decomposing the table"
    began = time.perf_counter()
    decomposed = {"PPMI": table, "log counts": counts.log1p(), "counts": counts}[config.measure]
    counted = svd_vectors(
        decomposed, text.vocabulary, dimensions=counting.dimensions, power=counting.power, seed=counting.seed,
        source=f"counts of {text.name}",
    )  # fmt: skip
    lap("SVD")
    yield "guessing neighbors"
    for snapshot in train_with(config.method, text, config.predicting()):
        if not snapshot.words_seen:
            began = time.perf_counter()  # making ready is no learning
        center = snapshot.center
        yield f"guessing neighbors, {snapshot.words_seen:,} words read"
    lap("skip-gram")
    predicted = WordVectors(text.vocabulary.words, center, source=f"skip-gram on {text.name}")
    some = text.vocabulary.words[:_COMPARED]
    yield Both(
        counts=counts,
        table=table,
        counted=counted,
        predicted=predicted,
        seconds=seconds,
        scores=(score(counted, truth), score(predicted, truth)),
        overlap=neighbor_overlap(counted, predicted, NEIGHBORS, some),
        surprising=tuple(most_surprising(counts, table, text.vocabulary)),
    )


def score(vectors: WordVectors, truth: Mapping[str, Sequence[Any]] | None) -> Score:
    """The known analogies of a text whose truth is known; people's judgements of similarity (WordSim-353) otherwise."""
    if truth:
        found = analogy_accuracy(vectors, truth).overall
        return Score("known analogies", found.accuracy, found.covered, found.total)
    judged = similarity_correlation(vectors)
    return Score("WordSim-353", judged.spearman, judged.covered, judged.total)


def tables(both: Both, words: Sequence[str], neighbors: Sequence[str]) -> Tables:
    """Counts and PPMI of words beside neighbors, and the cosines of the words in both spaces.

    Raises UnknownWord: every missing word and neighbor is listed.
    """
    found = both.counted.rows([*words, *neighbors])
    rows, columns = found[: len(words)], found[len(words) :]
    counted, predicted = (space.unit_rows(rows) for space in (both.counted, both.predicted))  # (W, D)
    return Tables(
        block(both.counts, rows, columns),
        block(both.table, rows, columns),
        counted @ counted.T,
        predicted @ predicted.T,
    )


def most_beside(both: Both, word: str) -> tuple[str, str]:
    """The word that was counted most often beside another, and the one with the largest PPMI.

    Raises UnknownWord: the text lacks the word.
    """
    row, words = both.counted.rows([word]), both.counted.words
    counted, telling = (words[int(table[row].toarray().argmax())] for table in (both.counts, both.table))
    return counted, telling


def apart(both: Both, k: int = 8) -> list[str]:
    """The words on whose neighbors the two spaces agree least, of those with a direction in both."""
    return sorted(both.overlap, key=lambda word: both.overlap[word])[:k]
