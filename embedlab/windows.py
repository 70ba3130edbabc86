"""Stretches of text with their windows as matrices: what the fast skip-gram learns from."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from embedlab.pairs import Noise, PairConfig, keep_probability, kept_chunks, noise_distribution
from embedlab.texts import Text

BLOCK = 32  # centers that share noise words: more is faster, and the noise less varied
SHARED = 64  # noise words a block draws, at least
_READ = 100_000  # words of text at a time
_PULL = 6.0  # learning rate times the gradients that one row may add up in a batch; runs at 12 and above diverged


class Windows(NamedTuple):
    """G blocks of b centers, w words more on either side, and n noise words each."""

    ids: np.ndarray  # (G, b + 2 w) int64
    mask: np.ndarray  # (G, b, b + 2 w) float32: 1 where that word is a context of that center
    negatives: np.ndarray  # (G, n) int64
    weights: np.ndarray  # (G, b, 1) float32: (pairs of the center) * K / n
    words_seen: int  # of the text, repeated passes counted again


def blocks_per_batch(text: Text, config: PairConfig, rate: float, block: int = BLOCK) -> int:
    """How many blocks to learn from at once, 1 to 64.

    All gradients of a batch start from the same tables and are added up, so the row of a frequent word can overshoot:
    the larger its share among words and noise and the larger the learning rate, the smaller the batch has to be.

    Args:
        rate: learning rate for one pair.
    """
    keep = keep_probability(text.counts, config.subsampling_threshold, config.formula)
    share = text.counts * keep / (text.counts @ keep)  # (V,) of the words that subsampling leaves
    noise = noise_distribution(text.counts, config.exponent)  # (V,)
    gradients = (config.window + 1) * float((2 * share + config.negatives * noise).max())  # for each word of a batch
    return int(np.clip(_PULL / (rate * gradients * block), 1, 64))


def window_batches(text: Text, config: PairConfig, blocks: int, block: int = BLOCK) -> Iterator[Windows]:
    """Endless batches of `blocks` blocks in the order of the text. The same seed gives the same batches."""
    generator = np.random.default_rng(config.seed)
    noise = Noise(text.counts, config.exponent)
    w, step = config.window, blocks * block
    shared = max(SHARED, config.negatives)
    distance = np.abs(np.arange(block + 2 * w) - w - np.arange(block)[:, None]).astype(np.int8)  # (b, b + 2 w)
    distance[distance == 0] = w + 1  # a word is no context of itself
    rest = np.empty(0, np.int64), np.empty(0, np.int64)
    before = 0
    for ids, sentences, seen in kept_chunks(text, config, generator, _READ):
        ids, sentences = np.concatenate([rest[0], ids]), np.concatenate([rest[1], sentences])
        batches = len(ids) // step
        rest = ids[batches * step :], sentences[batches * step :]
        # Everything of this stretch at once: 3,000 blocks of 32 are 17 MB of masks.
        edge = np.full(w, -1)
        wide = np.arange(batches * blocks)[:, None] * block + np.arange(block + 2 * w)  # (batches * G, b + 2 w)
        number = np.concatenate([edge, sentences[: batches * step], edge])[wide]
        wide = np.concatenate([0 * edge, ids[: batches * step], 0 * edge])[wide]
        radii = generator.integers(1, w + 1, (batches * blocks, block, 1), dtype=np.int8)
        near = (distance <= radii) & (number[:, None, :] == number[:, w : w + block, None])
        mask = near.astype(np.float32)
        weights = mask.sum(axis=2, keepdims=True) * np.float32(config.negatives / shared)
        drawn = noise.draw((batches * blocks, shared), generator)
        for n in range(batches):
            part = slice(n * blocks, (n + 1) * blocks)
            done = before + (seen - before) * (n + 1) // batches
            yield Windows(wide[part], mask[part], drawn[part], weights[part], done)
        before = seen
