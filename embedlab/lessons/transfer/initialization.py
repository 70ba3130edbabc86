"""Initialization of the classifier's embeddings: at random, or from pretrained vectors."""

from typing import NamedTuple

import numpy as np

from embedlab.arrays import Floats
from embedlab.lessons.transfer.config import Start
from embedlab.lessons.transfer.data.sentences import Sentences
from embedlab.vectors.word_vectors import WordVectors

SCRATCH_SCALE = 0.1  # standard deviation of random embeddings; N(0, 1) generalizes worse from few sentences


class InitialTable(NamedTuple):
    """Where the embeddings start."""

    matrix: Floats  # (V, D)
    pretrained: WordVectors | None
    scale: float  # pretrained vectors are multiplied with it


def initial_table(start: Start, sentences: Sentences, vectors: WordVectors, seed: int) -> InitialTable:
    """Random embeddings, or pretrained ones: the only thing besides learning in which the three ways differ.

    Pretrained vectors are scaled to a mean square of 1, so that one learning rate suits files of any scale; a word
    that they lack starts at zero. Random ones have as many dimensions.
    """
    words = sentences.vocabulary.words
    if start == "scratch":
        noise = np.random.default_rng([seed, 1]).standard_normal((len(words), vectors.dimensions), dtype=np.float32)
        return InitialTable(noise * np.float32(SCRATCH_SCALE), None, 1.0)
    matrix = np.zeros((len(words), vectors.dimensions), dtype=np.float32)  # (V, D)
    known = [row for row, word in enumerate(words) if word in vectors]
    matrix[known] = vectors.matrix[[vectors.index[words[row]] for row in known]]
    size = float(np.sqrt(np.mean(matrix[known] ** 2, dtype=np.float64))) if known else 0.0
    scale = 1 / size if size > 0 else 1.0
    return InitialTable(matrix * np.float32(scale), vectors, scale)


def known_vectors(sentences: Sentences, vectors: WordVectors) -> WordVectors:
    """The vectors of the sentences' own words alone: all that training needs of them."""
    words = [word for word in sentences.vocabulary.words if word in vectors]
    return WordVectors(words, vectors.matrix[[vectors.index[word] for word in words]], source=vectors.source)
