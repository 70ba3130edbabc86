"""Subsampling, dynamic windows and negative samples: from word ids to the pairs that skip-gram learns from.

Pairs are made a chunk of text at a time and never all at once: 17 million words have about 70 million of them.

Sources: Mikolov et al. 2013, "Distributed Representations of Words and Phrases and their Compositionality"; the C
program word2vec that came with it, whose subsampling differs from the paper's.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from embedlab.arrays import Doubles, Ids, Int32s
from embedlab.checks import one_of, within
from embedlab.errors import InvalidSetting
from embedlab.text.corpus import Corpus

Formula = Literal["paper", "word2vec.c"]
FORMULAS: tuple[Formula, ...] = ("paper", "word2vec.c")
FEW = 1_000  # words: where subsampling leaves fewer of a text, pages read them all, unless told otherwise
_CHUNK = 20_000  # words of text whose pairs are shuffled together
_SAMPLE = 200_000  # words of text from which the number of pairs of an epoch is estimated


@dataclass(frozen=True)
class PairConfig:
    """How pairs are drawn from a text."""

    window: int = 5  # the largest distance between center and context; each center draws its own from 1..window
    subsampling_threshold: float = 1e-3  # t of `keep_probability`; 0 keeps every word
    formula: Formula = "word2vec.c"  # which keep probability, see `keep_probability`
    negatives: int = 5  # K noise words for each pair
    exponent: float = 0.75  # of the noise distribution
    seed: int = 1  # fixes subsampling, windows, order and noise words

    def __post_init__(self) -> None:
        within("window", self.window, 1, 50)
        within("negatives", self.negatives, 1, 50)
        within("subsampling threshold", self.subsampling_threshold, 0, 1)
        within("exponent", self.exponent, 0, 2)
        one_of("formula", self.formula, FORMULAS)


class Pairs(NamedTuple):
    """A batch of B (center, context) pairs, with the words of the text read so far, repeated passes counted again."""

    centers: Ids  # (B,)
    contexts: Ids  # (B,)
    words_seen: int


class NoisyPairs(NamedTuple):
    """Pairs with K noise words each."""

    centers: Ids  # (B,)
    contexts: Ids  # (B,)
    negatives: Ids  # (B, K)
    words_seen: int


def keep_probability(counts: Ids, threshold: float, formula: Formula = "word2vec.c") -> Doubles:
    """(V,) probability with which each occurrence of a word stays in the text, in [0, 1].

    With f a word's share of all words and t the threshold:

    - "paper": sqrt(t / f), that is, dropped with probability 1 - sqrt(t / f) (Mikolov et al. 2013);
    - "word2vec.c": (sqrt(f / t) + 1) * t / f, what the C program and gensim do. It keeps t / f more than the paper.
    """
    one_of("formula", formula, FORMULAS)
    within("subsampling threshold", threshold, 0, 1)
    if threshold == 0:
        return np.ones(len(counts))
    ratio = threshold * counts.sum() / counts  # (V,) t / f
    keep: Doubles = np.sqrt(ratio) + (ratio if formula == "word2vec.c" else 0)
    return np.minimum(keep, 1.0)


def expected_dropped(counts: Ids, threshold: float, formula: Formula = "word2vec.c") -> Doubles:
    """(V,) how many occurrences of each word subsampling drops in one pass, on average."""
    dropped: Doubles = counts * (1 - keep_probability(counts, threshold, formula))
    return dropped


def leaves_few(counts: Ids, threshold: float, formula: Formula = "word2vec.c") -> bool:
    """Whether subsampling leaves fewer than `FEW` words in a pass, on average: of a short text, or one of few words."""
    return float(counts @ keep_probability(counts, threshold, formula)) < FEW


def noise_distribution(counts: Ids, exponent: float = 0.75) -> Doubles:
    """(V,) probabilities of the noise words: counts to the power of `exponent`, made to sum to 1.

    0.75 is Mikolov et al.'s (2013); 1 draws words as the text does, 0 all alike.
    """
    within("exponent", exponent, 0, 2)
    weights = np.asarray(counts, dtype=np.float64) ** exponent
    return np.asarray(weights / weights.sum())


class Noise:
    """Draws noise words."""

    def __init__(self, counts: Ids, exponent: float = 0.75) -> None:
        self._cumulative = noise_distribution(counts, exponent).cumsum()  # (V,)
        self._cumulative[-1] = 1.0  # rounding must not leave a gap at the end

    def draw(self, shape: tuple[int, ...], generator: np.random.Generator) -> Ids:
        """(*shape,) ids, independent of one another."""
        return np.searchsorted(self._cumulative, generator.random(shape), side="right")


def window_pairs(sentences: Int32s, radii: Ids) -> tuple[Ids, Ids]:
    """Positions of all (center, context) pairs: not the same position, at most the center's radius apart, in one
    sentence. Sorted by distance, then side, then center.

    Args:
        sentences: (n,) sentence number of each word, rising.
        radii: (n,) the window that each word drew as a center.

    Returns:
        Two (P,) arrays of positions.
    """
    centers, contexts = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for distance in range(1, int(radii.max(initial=0)) + 1):
        together = sentences[distance:] == sentences[:-distance]  # (n - distance,)
        left = np.flatnonzero(together & (radii[:-distance] >= distance))  # a center and the word on its right
        right = np.flatnonzero(together & (radii[distance:] >= distance)) + distance
        centers += [left, right]
        contexts += [left + distance, right - distance]
    return np.concatenate(centers), np.concatenate(contexts)


def kept_chunks(
    text: Corpus, config: PairConfig, generator: np.random.Generator, size: int = _CHUNK
) -> Iterator[tuple[Int32s, Int32s, int]]:
    """The text over and over, without end, `size` words at a time, subsampled again in every pass.

    Yields:
        ids (n,) and sentence numbers (n,) of the words that stay, and the words of the text read so far.
    """
    keep = keep_probability(text.counts, config.subsampling_threshold, config.formula)  # (V,)
    seen = 0
    while True:
        for start in range(0, len(text.ids), size):
            ids = text.ids[start : start + size]
            stays = generator.random(len(ids)) < keep[ids]
            seen += len(ids)
            yield ids[stays], text.sentences[start : start + size][stays], seen


def pair_batches(text: Corpus, config: PairConfig, batch: int = 512) -> Iterator[Pairs]:
    """Endless batches of `batch` pairs; those of a chunk are shuffled. The same seed gives the same pairs."""
    generator = np.random.default_rng(config.seed)
    rest_centers, rest_contexts = np.empty(0, np.int64), np.empty(0, np.int64)
    before = 0
    for ids, sentences, seen in kept_chunks(text, config, generator):
        radii = generator.integers(1, config.window + 1, len(ids))
        centers, contexts = window_pairs(sentences, radii)
        order = generator.permutation(len(centers))
        rest_centers = np.concatenate([rest_centers, ids[centers[order]]])
        rest_contexts = np.concatenate([rest_contexts, ids[contexts[order]]])
        whole = len(rest_centers) // batch * batch
        for start in range(0, whole, batch):
            part = slice(start, start + batch)
            yield Pairs(
                rest_centers[part], rest_contexts[part], before + (seen - before) * (start + batch) // max(whole, 1)
            )
        rest_centers, rest_contexts = rest_centers[whole:], rest_contexts[whole:]
        before = seen


def noisy_pair_batches(text: Corpus, config: PairConfig, batch: int = 512) -> Iterator[NoisyPairs]:
    """The very pairs of `pair_batches`, with noise words that are drawn by a generator of their own."""
    noise = Noise(text.counts, config.exponent)
    generator = np.random.default_rng([config.seed, 1])
    for centers, contexts, seen in pair_batches(text, config, batch):
        yield NoisyPairs(centers, contexts, noise.draw((batch, config.negatives), generator), seen)


def pairs_per_pass(text: Corpus, config: PairConfig) -> int:
    """About how many pairs one pass over the text gives, at least 1; counted on its first 200,000 words.

    Raises InvalidSetting: it gives none, because subsampling leaves no two words of a sentence.
    """
    generator = np.random.default_rng([config.seed, 2])
    ids, sentences, seen = next(kept_chunks(text, config, generator, _SAMPLE))
    found = len(window_pairs(sentences, generator.integers(1, config.window + 1, len(ids)))[0])
    if not found:
        raise InvalidSetting(
            f"Subsampling at {config.subsampling_threshold:g} leaves no two words side by side: raise the threshold, "
            "or set it to 0."
        )
    return max(1, round(found * len(text.ids) / seen))
