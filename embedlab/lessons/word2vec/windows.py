"""Stretches of text with their windows as matrices: what the fast skip-gram learns from."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

from embedlab.arrays import Doubles, Floats, Ids
from embedlab.lessons.word2vec.pairs import Noise, PairConfig, keep_probability, kept_chunks, noise_distribution
from embedlab.text.corpus import Corpus

BLOCK = 16  # centers that share noise words; larger blocks multiply more words that are no context of each other
SHARED = 32  # noise words a block draws, at least: about as many as one center's pairs have when each draws its own
_READ = 100_000  # words of text at a time
# All gradients of a batch start from the same tables and are added up; what is added to one row, and to all of them,
# times the learning rate must stay small, or the run overshoots. The fewer words there are, the more often each is in a
# batch: with 4 and 5 the 300 most frequent words of wiki8 diverged.
_PULL, _TOGETHER = 1.6, 8.0
_MOST_BLOCKS = 16  # beyond, batches are little faster and learn less well
_EXCUSED = 10  # most frequent words, whose steps are shortened rather than everybody's batch


class Windows(NamedTuple):
    """G blocks of b centers, each with m words to tell apart: b + 2 w of the text, then n noise words."""

    centers: Ids  # (G, b)
    others: Ids  # (G, m)
    weights: Floats  # (G, b, m): the share of windows that hold the context; for noise, their sum * K / n
    rows: Ids  # (G * b + G * m,) all centers, then V + all others: where they are with one table below the other
    steps: Floats  # (G * b + G * m,) in (0, 1]: how much of its step each of these rows takes
    noise: int  # n
    pairs: float  # expected in all: the sum of the contexts' weights
    words_seen: int  # of the text, repeated passes counted again


def gradients_per_word(text: Corpus, config: PairConfig) -> Doubles:
    """(V,) how many gradients each word's rows get for every word of a batch: as center, context and noise."""
    keep = keep_probability(text.counts, config.subsampling_threshold, config.formula)
    share: Doubles = text.counts * keep / (text.counts @ keep)  # of the words that subsampling leaves
    noise = noise_distribution(text.counts, config.exponent)
    return (config.window + 1) * (2 * share + config.negatives * noise)


def blocks_per_batch(text: Corpus, config: PairConfig, rate: float) -> int:
    """How many blocks to learn from at once, 1 to 16: the fewer the larger the learning rate for one pair."""
    gradients = np.sort(gradients_per_word(text, config))[-_EXCUSED:][0]
    return int(np.clip(min(_PULL / gradients, _TOGETHER) / (rate * BLOCK), 1, _MOST_BLOCKS))


def step_lengths(text: Corpus, config: PairConfig, rate: float, blocks: int) -> Floats:
    """(V,) float32 in (0, 1]: how much of its step each word takes, 1 for all but words that fill the batches."""
    allowed = _PULL / (rate * blocks * BLOCK * gradients_per_word(text, config))
    return np.minimum(allowed, 1).astype(np.float32)


class _Stretch(NamedTuple):
    """What `Windows` holds, for N batches of G blocks at once, without a loop over them."""

    centers: Ids  # (N * G, b)
    others: Ids  # (N * G, m)
    weights: Floats  # (N * G, b, m)
    rows: Ids  # (N, G * b + G * m)
    steps: Floats  # (N, G * b + G * m)
    pairs: Doubles  # (N,)
    words_seen: Ids  # (N,)


def window_batches(text: Corpus, config: PairConfig, blocks: int, steps: Floats) -> Iterator[Windows]:
    """Endless batches of `blocks` blocks in the order of the text. The same seed gives the same batches.

    A dynamic window of 1..w words reaches a distance d with probability (w + 1 - d) / w. A block scores all contexts up
    to w anyway, so each counts with its probability instead of being drawn: the same gradient on average, with less
    noise and better vectors. While one stretch of text is learned from, the next is made by another thread.

    Args:
        text: with pairs, as `pairs_per_pass` makes sure; else it would be read for ever.
        steps: (V,) how much of its step each word takes, as `step_lengths` gives it.
    """
    shared = max(SHARED, config.negatives)
    with ThreadPoolExecutor(1) as pool:
        stretches = _stretches(text, config, blocks, shared, steps)
        coming = pool.submit(next, stretches)
        while True:
            made = coming.result()
            coming = pool.submit(next, stretches)
            for n in np.flatnonzero(made.pairs):  # where subsampling left lone words only, there is nothing to learn
                part = slice(n * blocks, (n + 1) * blocks)
                yield Windows(
                    made.centers[part], made.others[part], made.weights[part], made.rows[n], made.steps[n], shared,
                    float(made.pairs[n]), int(made.words_seen[n]),
                )  # fmt: skip


def _stretches(text: Corpus, config: PairConfig, blocks: int, shared: int, steps: Floats) -> Iterator[_Stretch]:
    """The batches of `window_batches`, as many at a time as a stretch of text gives, which may be none; endless."""
    generator = np.random.default_rng(config.seed)
    noise = Noise(text.counts, config.exponent)
    w, block = config.window, BLOCK
    batch = blocks * block  # words
    distance = np.abs(np.arange(block + 2 * w) - w - np.arange(block)[:, None])  # (b, b + 2 w)
    distance[distance == 0] = w + 1  # a word is no context of itself
    reached = (np.maximum(w + 1 - distance, 0) / w).astype(np.float32)
    rest = np.empty(0, np.int32), np.empty(0, np.int32)
    before = 0
    for ids, sentences, seen in kept_chunks(text, config, generator, _READ):
        ids, sentences = np.concatenate([rest[0], ids]), np.concatenate([rest[1], sentences])
        batches = len(ids) // batch
        rest = ids[batches * batch :], sentences[batches * batch :]
        # Everything of this stretch at once: 6,000 blocks of 16 are 22 MB of weights.
        edge = np.full(w, -1)
        wide = np.arange(batches * blocks)[:, None] * block + np.arange(block + 2 * w)  # (batches * G, b + 2 w)
        number = np.concatenate([edge, sentences[: batches * batch], edge])[wide]
        words = np.concatenate([0 * edge, ids[: batches * batch], 0 * edge])[wide]
        near = reached * (number[:, None, :] == number[:, w : w + block, None])
        pairs = near.sum(axis=2, dtype=np.float64)  # (batches * G, b)
        weights = np.empty((batches * blocks, block, block + 2 * w + shared), np.float32)
        weights[:, :, :-shared] = near
        weights[:, :, -shared:] = pairs[:, :, None] * (config.negatives / shared)
        centers = words[:, w : w + block]
        others = np.concatenate([words, noise.draw((batches * blocks, shared), generator)], axis=1)
        ends = centers.reshape(batches, batch), others.reshape(batches, blocks * others.shape[1])
        yield _Stretch(
            centers, others, weights,
            rows=np.concatenate([ends[0], ends[1] + len(steps)], axis=1),
            steps=steps[np.concatenate(ends, axis=1)],
            pairs=pairs.reshape(batches, batch).sum(axis=1),
            words_seen=before + (seen - before) * (np.arange(batches) + 1) // max(batches, 1),
        )  # fmt: skip
        before = seen
