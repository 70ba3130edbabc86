"""Full softmax, negative sampling, its fast form by windows, and gensim: the ways to train skip-gram."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import numpy as np

from embedlab.arrays import Floats, Ids, frozen
from embedlab.lessons.word2vec.config import LINE, Method, RunConfig
from embedlab.lessons.word2vec.gensim_engine import Shard, Word2VecConfig, train_word2vec
from embedlab.lessons.word2vec.pairs import (
    Noise,
    Pairs,
    keep_probability,
    noise_distribution,
    noisy_pair_batches,
    pair_batches,
    pairs_per_pass,
)
from embedlab.lessons.word2vec.windows import blocks_per_batch, step_lengths, window_batches
from embedlab.text.corpus import Corpus
from embedlab.training.config import TrainConfig

_TESTED = 2_000  # pairs on which gensim's loss is measured, as it does not say


class MethodSnapshot(NamedTuple):
    """One method's state, as read-only copies."""

    words_seen: int  # of the text, repeated passes counted again
    loss: float  # nats per pair
    center: Floats  # (V, D) read-only
    context: Floats  # (V, D) read-only


class KnowingNothing(NamedTuple):
    """The loss of a model that knows nothing, with which training starts."""

    formula: str  # with its value, for the screen
    loss: float  # nats per pair


def train_with(method: Method, text: Corpus, config: RunConfig) -> Iterator[MethodSnapshot]:
    """A method's `config.snapshots(text)` snapshots; nothing runs before the first is asked for."""
    count = config.later_snapshots(text)
    return _gensim(text, config, count) if method == "gensim" else _pytorch(method, text, config, count)


def loss_at_start(method: Method, size: int, negatives: int) -> KnowingNothing:
    """ln V for the full softmax over V = `size` words, (K + 1) ln 2 for K = `negatives`."""
    if method == "full softmax":
        return KnowingNothing(f"ln V = ln {size:,} = {np.log(size):.2f}", float(np.log(size)))
    return KnowingNothing(f"(K + 1) ln 2 = {(negatives + 1) * np.log(2):.2f}", float((negatives + 1) * np.log(2)))


def batch_size(text: Corpus, config: RunConfig) -> int:
    """Pairs in a batch, 32 to 512: fewer where one word is in many of them, as their gradients are added up."""
    keep = keep_probability(text.counts, config.pairs.subsampling_threshold, config.pairs.formula)
    share = text.counts * keep / (text.counts @ keep)
    often = float((2 * share + config.pairs.negatives * noise_distribution(text.counts, config.pairs.exponent)).max())
    return int(np.clip(3.0 / (config.learning_rate * often), 32, 512))


def _pytorch(method: Method, text: Corpus, config: RunConfig, count: int) -> Iterator[MethodSnapshot]:
    from embedlab.lessons.word2vec import skip_gram  # torch, 2 s to import: only for those who train
    from embedlab.training.loop import train

    size, dimensions, seed = len(text.vocabulary), config.dimensions, config.pairs.seed
    pairs = pairs_per_pass(text, config.pairs)
    model: Any
    batches: Iterable[Any]
    if method == "by windows":
        blocks = blocks_per_batch(text, config.pairs, config.learning_rate)
        steps = step_lengths(text, config.pairs, config.learning_rate, blocks)
        model = skip_gram.SkipGramWindows(size, dimensions, seed=seed)
        batches = window_batches(text, config.pairs, blocks, steps)
        per_batch = float(np.mean([next(batches).pairs for _ in range(8)]))
        batches = window_batches(text, config.pairs, blocks, steps)
    elif method == "full softmax":
        model = skip_gram.SkipGramSoftmax(size, dimensions, seed=seed)
        per_batch = batch_size(text, config)
        batches = pair_batches(text, config.pairs, int(per_batch))
    else:
        model = skip_gram.SkipGramNegativeSampling(size, dimensions, seed=seed, sparse=True)
        per_batch = batch_size(text, config)
        batches = noisy_pair_batches(text, config.pairs, int(per_batch))
    model.to(skip_gram.device())
    every = max(1, round(pairs * config.passes / per_batch / count))
    rate = config.learning_rate * per_batch
    context = "context_embeddings.weight"
    plan = TrainConfig(
        every * count, rate, "sgd", every, "linear", final_learning_rate=rate / 100, record=(context,), unit=per_batch
    )
    for snapshot in train(model, batches, plan):
        seen = round(snapshot.step / plan.steps * config.passes * len(text))
        yield MethodSnapshot(seen, snapshot.loss, snapshot.embeddings, snapshot.recorded[context])


def _gensim(text: Corpus, config: RunConfig, count: int) -> Iterator[MethodSnapshot]:
    words, pairs = text.vocabulary.words, config.pairs
    settings = Word2VecConfig(
        architecture="skip-gram",
        dimensions=config.dimensions,
        window=pairs.window,
        negatives=pairs.negatives,
        epochs=config.passes,
        learning_rate=config.learning_rate,
        subsampling_threshold=pairs.subsampling_threshold,
        min_count=1,
        seed=pairs.seed,
        workers=1,  # the order of updates, and so the result, is fixed with one alone
    )
    counts = dict(zip(words, text.vocabulary.counts, strict=True))
    generator = np.random.default_rng([pairs.seed, 3])
    tested = next(pair_batches(text, pairs, min(_TESTED, pairs_per_pass(text, pairs))))
    drawn = Noise(text.counts, pairs.exponent).draw((len(tested.centers), pairs.negatives), generator)
    with TemporaryDirectory() as folder:
        shards = _shards(text, Path(folder), count // config.passes)
        for snapshot in train_word2vec(shards, counts, settings):
            row = {word: i for i, word in enumerate(snapshot.words)}
            order = [row[word] for word in words]
            center, context = frozen(snapshot.center[order]), frozen(snapshot.context[order])  # (V, D) copies
            yield MethodSnapshot(snapshot.words_seen, _loss(center, context, tested, drawn), center, context)


def _loss(center: Floats, context: Floats, pairs: Pairs, drawn: Ids) -> float:
    """Negative sampling's loss in nats per pair, as in `SkipGramNegativeSampling.loss`."""
    h = center[pairs.centers]  # (B, D)
    true = np.einsum("bd,bd->b", h, context[pairs.contexts])
    noise = np.einsum("bd,bkd->bk", h, context[drawn])
    return float(np.logaddexp(0, -true).mean() + np.logaddexp(0, noise).sum(axis=1).mean())


def _shards(text: Corpus, folder: Path, count: int) -> list[Shard]:
    """The text in `count` files, one sentence a line; long ones are cut."""
    words = np.array(text.vocabulary.words, dtype=object)
    shards = []
    for n, part in enumerate(np.array_split(np.arange(len(text)), max(1, min(count, len(text) // LINE)))):
        path = folder / f"{n}.txt"
        ids, sentences = text.ids[part], text.sentences[part]
        ends = np.flatnonzero(np.diff(sentences)) + 1
        with path.open("w", encoding="utf-8") as file:
            for sentence in np.split(words[ids], ends):
                for start in range(0, len(sentence), LINE):
                    file.write(" ".join(sentence[start : start + LINE]) + "\n")
        shards.append(Shard(path, len(ids)))
    return shards
