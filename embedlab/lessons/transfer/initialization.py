"""Where the embeddings of a classifier start: at random, or borrowed from pretrained vectors."""

from typing import NamedTuple

import numpy as np

from embedlab.lessons.transfer.predictions import Start
from embedlab.lessons.transfer.sentences import Sentences
from embedlab.vectors.word_vectors import WordVectors

SCRATCH_SCALE = 0.1  # standard deviation of random embeddings; N(0, 1) generalizes worse from few sentences


class Table(NamedTuple):
    """Where the embeddings start."""

    matrix: np.ndarray  # (V, D) float32
    pretrained: WordVectors | None
    scale: float  # pretrained vectors are multiplied with it


def initial_table(start: Start, sentences: Sentences, vectors: WordVectors, seed: int) -> Table:
    """Random embeddings, or pretrained ones: the only thing besides learning in which the three ways differ.

    Pretrained vectors are scaled to a mean square of 1, so that one learning rate suits files of any scale; a word
    that they lack starts at zero. Random ones have as many dimensions.
    """
    words = sentences.vocabulary.words
    if start == "scratch":
        noise = np.random.default_rng([seed, 1]).standard_normal((len(words), vectors.dimensions), dtype=np.float32)
        return Table(noise * np.float32(SCRATCH_SCALE), None, 1.0)
    matrix = np.zeros((len(words), vectors.dimensions), dtype=np.float32)  # (V, D)
    known = [row for row, word in enumerate(words) if word in vectors]
    matrix[known] = vectors.matrix[[vectors.index[words[row]] for row in known]]
    size = float(np.sqrt(np.mean(matrix[known] ** 2, dtype=np.float64))) if known else 0.0
    scale = 1 / size if size > 0 else 1.0
    return Table(matrix * np.float32(scale), vectors, scale)
