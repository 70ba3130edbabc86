"""Co-occurrence counts, PPMI and truncated SVD: words counted beside one another, and vectors made of the counts.

The count-based way to word vectors (Levy and Goldberg 2014, "Neural Word Embedding as Implicit Matrix Factorization";
Levy, Goldberg and Dagan 2015 for shift, smoothing and power). Sparse all the way: only pairs that occur take memory.
"""

import math
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from scipy import sparse

from embedlab.arrays import Doubles, Floats
from embedlab.checks import one_of, within
from embedlab.errors import InvalidSetting
from embedlab.text.corpus import Corpus
from embedlab.vectors.vocabulary import Vocabulary
from embedlab.vectors.word_vectors import WordVectors

Weighting = Literal["flat", "linear", "harmonic"]
WEIGHTINGS: tuple[Weighting, ...] = ("flat", "linear", "harmonic")
_CHUNK = 1_000_000  # words counted at a time; their pairs take 120 MB before they are added up
_ROWS = 2_000  # words weighed at a time, for the same reason
_DENSE = 1_500  # words up to which the exact decomposition is as quick


@dataclass(frozen=True)
class CountConfig:
    """How to count, and how to make vectors of it."""

    window: int = 5  # the largest distance of two words that count as neighbors, 1 to 50
    # what a pair at distance d adds: "flat" 1; "linear" (window - d + 1) / window, what word2vec's dynamic windows
    # come to on average; "harmonic" 1 / d, as in GloVe
    weighting: Weighting = "linear"
    # k of the shifted PPMI max(0, PMI - ln k); negative sampling with K negatives corresponds to k = K
    shift: float = 1.0
    exponent: float = 0.75  # context counts are raised to it, as noise words are in word2vec; 1 leaves them alone
    dimensions: int = 64  # D of the vectors, 2 to 1,000
    power: float = 0.5  # of the singular values: 1 weighs directions as the matrix does, 0 all alike; 0.5 is between
    seed: int = 1  # where the decomposition of a large table starts from

    def __post_init__(self) -> None:
        within("window", self.window, 1, 50)
        within("shift", self.shift, 1, 100)
        within("exponent", self.exponent, 0, 1)
        within("dimensions", self.dimensions, 2, 1_000)
        within("power", self.power, 0, 1)
        one_of("weighting", self.weighting, WEIGHTINGS)


class SurprisingPair(NamedTuple):
    """Two words that occur together more often than chance would have it."""

    word: str
    other: str
    counted: float  # how often together, weighted by distance
    ppmi: float  # nats


def pair_weights(window: int, weighting: Weighting) -> Doubles:
    """(window,) what a pair at distance 1, 2, … adds."""
    distance = np.arange(1, window + 1)
    if weighting == "harmonic":
        return 1 / distance
    return (window - distance + 1) / window if weighting == "linear" else np.ones(window)


def cooccurrence(text: Corpus, window: int = 5, weighting: Weighting = "linear") -> sparse.csr_array:
    """How often words occur within `window` of one another in a sentence: (V, V) float32, symmetric, sparse.

    Each pair of places is counted from both sides, so the sum is twice that over unordered pairs.
    """
    size = len(text.vocabulary)
    weights = pair_weights(window, weighting)
    total = sparse.csr_array((size, size), dtype=np.float32)
    for start in range(0, len(text.ids), _CHUNK):
        stop = min(start + _CHUNK + window, len(text.ids))  # contexts on the right may lie in the next chunk
        ids, sentences = text.ids[start:stop], text.sentences[start:stop]
        last = min(_CHUNK, len(text.ids) - start)
        found = sparse.csr_array((size, size), dtype=np.float32)
        for distance, weight in enumerate(weights, 1):
            count = min(last, len(ids) - distance)
            if count <= 0:
                break
            together = sentences[distance : distance + count] == sentences[:count]
            left, right = ids[:count][together], ids[distance : distance + count][together]
            values = np.full(len(left), weight, np.float32)
            found += sparse.csr_array((values, (left, right)), shape=(size, size))  # equal places are added up
        total += found
    return (total + total.T).tocsr()


def ppmi(counts: sparse.csr_array, shift: float = 1.0, exponent: float = 1.0) -> sparse.csr_array:
    """Shifted positive pointwise mutual information in nats: (V, V) float32, sparse.

    max(0, ln(P(a, b) / (P(a) P'(b))) - ln shift), with P'(b) in proportion to b's count to the power of `exponent`.
    Pairs that never occur would have minus infinity, and count as 0.
    """
    rows = np.asarray(counts.sum(axis=1), dtype=np.float64).ravel()  # (V,)
    smoothed = rows**exponent
    smoothed /= smoothed.sum()
    blocks = []
    for start in range(0, counts.shape[0], _ROWS):
        table = counts[start : start + _ROWS].tocoo()
        a, b = table.coords
        with np.errstate(divide="ignore"):
            values = np.log(table.data.astype(np.float64) / rows[start + a] / smoothed[b] / shift)
        positive = values > 0
        kept = values[positive].astype(np.float32)
        blocks.append(sparse.csr_array((kept, (a[positive], b[positive])), shape=table.shape))
    return sparse.vstack(blocks, format="csr")


def lift(ppmi: float, shift: float = 1.0) -> float:
    """How many times as often as by chance a pair occurs, of which the shifted PPMI is this many nats, more than 0."""
    return math.exp(ppmi) * shift


def svd_vectors(
    table: sparse.csr_array, vocabulary: Vocabulary, *, dimensions: int, power: float = 0.5, seed: int = 1, source: str
) -> WordVectors:
    """Rows of U S^power of the truncated singular value decomposition U S W' of a (V, V) table.

    Signs are fixed so that the largest entry of each column of U is positive: the same table gives the same vectors.

    Raises InvalidSetting: more dimensions than words.
    """
    size = len(vocabulary)
    if dimensions > size:
        raise InvalidSetting(f"{dimensions} dimensions are too many for {size:,} words: give {size} or fewer.")
    if size <= _DENSE or dimensions >= size:
        left, values, _ = np.linalg.svd(table.toarray().astype(np.float64))
        left, values = left[:, :dimensions], values[:dimensions]
    else:
        from scipy.sparse.linalg import svds  # 10 MB more

        begin = np.random.default_rng(seed).random(size).astype(table.dtype)  # where the iteration starts from
        left, values, _ = svds(table, k=dimensions, v0=begin)  # smallest first
        left, values = left[:, ::-1].astype(np.float64), values[::-1].astype(np.float64)
    left = left * np.sign(left[np.abs(left).argmax(axis=0), np.arange(dimensions)])
    return WordVectors(vocabulary.words, left * np.maximum(values, 0) ** power, source=source)


def most_surprising(
    counts: sparse.csr_array, table: sparse.csr_array, vocabulary: Vocabulary, *, least: float = 5, k: int = 20
) -> list[SurprisingPair]:
    """The pairs of different words with the highest PPMI among those counted at least `least` times, highest first."""
    if not table.nnz:
        return []
    upper = sparse.triu(table, k=1).tocoo()
    a, b = upper.coords
    seen = np.asarray(counts.tocsr()[a, b]).ravel()
    often = np.flatnonzero(seen >= least)
    best = often[np.lexsort((b[often], a[often], -upper.data[often]))][:k]
    words = vocabulary.words
    return [SurprisingPair(words[a[i]], words[b[i]], float(seen[i]), float(upper.data[i])) for i in best]


def block(table: sparse.csr_array, rows: list[int], columns: list[int]) -> Floats:
    """(len(rows), len(columns)) float32: the entries of a table between words and neighbors."""
    return np.asarray(table[rows][:, columns].toarray(), dtype=np.float32)
