"""A run of word2vec that can be watched: one or two methods on one text, looked at at the same moments.

Whatever the method, a frame says the same things of it: the loss, the time it took, the nearest words of the
validation words, and the vectors of the words that are followed.
"""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal, NamedTuple

import numpy as np

from embedlab import evaluation, queries
from embedlab.errors import InvalidSetting, UnknownWord
from embedlab.models import skip_gram
from embedlab.pairs import (
    Noise,
    PairConfig,
    keep_probability,
    noise_distribution,
    noisy_pair_batches,
    pair_batches,
    pairs_per_pass,
)
from embedlab.texts import Text
from embedlab.training import TrainConfig, train
from embedlab.vectors import WordVectors
from embedlab.windows import blocks_per_batch, window_batches
from embedlab.word2vec_engine import Piece, Word2VecConfig, make_ready, train_word2vec

Method = Literal["negative sampling", "full softmax", "by windows", "gensim"]
METHODS: tuple[Method, ...] = ("negative sampling", "full softmax", "by windows", "gensim")
# Words a second seen on one busy core of 2.5 GHz; only for choosing how often to look and what to propose.
_SPEED = {"negative sampling": 60_000.0, "by windows": 400_000.0, "gensim": 150_000.0}
_SOFTMAX_PRODUCTS = 1.5e10  # multiplications a second
_LOOK_EVERY = 0.7  # seconds: a page that stops a run waits for its next frame
_LINE = 1_000  # words; gensim ignores what is beyond 10,000 in a line
_TESTED = 2_000  # pairs on which gensim's loss is measured, as it does not say


@dataclass(frozen=True)
class RunConfig:
    """How to train.

    Args:
        methods: one or two of `METHODS`; those in PyTorch learn from the same pairs.
        dimensions: D, 2 to 300.
        passes: over the text, 1 to 100.
        learning_rate: for one pair, at the start; falls linearly to a hundredth.
        pairs: windows, subsampling, noise and the seed of everything.
        validation: words whose neighbors are watched.
        neighbors: how many.
        followed: so many of the most frequent words are recorded in every frame, beside `also`.
        also: further words to record where the text has them.
        frames: at least so many moments to look at.
    """

    methods: tuple[Method, ...] = ("negative sampling", "full softmax")
    dimensions: int = 32
    passes: int = 3
    learning_rate: float = 0.08
    pairs: PairConfig = field(default_factory=PairConfig)
    validation: tuple[str, ...] = ()
    neighbors: int = 5
    followed: int = 300
    also: tuple[str, ...] = ("king", "queen", "prince", "princess")
    frames: int = 30

    def __post_init__(self) -> None:
        limits = {"dimensions": (2, 300), "passes": (1, 100), "learning_rate": (1e-4, 1.0), "frames": (2, 300)}
        for name, (low, high) in limits.items():
            if not low <= getattr(self, name) <= high:
                shown = name.replace("_", " ")
                raise InvalidSetting(f"{shown} {getattr(self, name):g} is not allowed: give {low:g} to {high:g}.")
        if unknown := [method for method in self.methods if method not in METHODS]:
            raise InvalidSetting(f"Method {unknown[0]!r} is not known: give one of {', '.join(METHODS)}.")


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


class Moment(NamedTuple):
    """What a method has to show. Its tables may go on changing."""

    words_seen: int
    loss: float
    center: np.ndarray  # (V, D)
    context: np.ndarray  # (V, D)


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


def expected_seconds(text: Text, config: RunConfig) -> float:
    """About how long a run takes on one slow core, as a guide for choosing a method."""
    words, products = config.passes * len(text), 6.0 * len(text.vocabulary) * config.dimensions
    per_pair = products / _SOFTMAX_PRODUCTS
    speeds = [
        1 / (per_pair * (config.pairs.window + 1)) if method == "full softmax" else _SPEED[method]
        for method in config.methods
    ]
    return sum(words / speed for speed in speeds)


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
    looks = int(np.clip(expected_seconds(text, config) / _LOOK_EVERY, config.frames, 300))
    looks = -(-looks // config.passes) * config.passes  # whole frames in every pass
    if "gensim" in config.methods:
        make_ready()
    courses = [_course(method, text, config, looks) for method in config.methods]
    while True:
        moments = []
        for n, course in enumerate(courses):
            began = time.perf_counter()
            moment = next(course, None)
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
            truths=tuple(evaluation.analogy_accuracy(one, truth).overall.accuracy if truth else None for one in found),
            vectors=vectors,
            tables=tables,
        )


def _nearest(vectors: WordVectors, config: RunConfig) -> tuple[tuple[str, ...], ...]:
    return tuple(
        tuple(near.word for near in queries.nearest_neighbors(vectors, word, config.neighbors))
        for word in config.validation
    )


def _course(method: Method, text: Text, config: RunConfig, looks: int) -> Iterator[Moment]:
    return _gensim(text, config, looks) if method == "gensim" else _pytorch(method, text, config, looks)


def batch_size(text: Text, config: RunConfig) -> int:
    """Pairs in a batch, 32 to 512: fewer where one word is in many of them, as their gradients are added up."""
    keep = keep_probability(text.counts, config.pairs.subsampling_threshold, config.pairs.formula)
    share = text.counts * keep / (text.counts @ keep)
    often = float((2 * share + config.pairs.negatives * noise_distribution(text.counts, config.pairs.exponent)).max())
    return int(np.clip(3.0 / (config.learning_rate * often), 32, 512))


def _pytorch(method: Method, text: Text, config: RunConfig, looks: int) -> Iterator[Moment]:
    """A model in PyTorch, on the graphics card when there is one."""
    size, dimensions, seed = len(text.vocabulary), config.dimensions, config.pairs.seed
    pairs = pairs_per_pass(text, config.pairs)
    model: Any
    batches: Iterable[Any]
    if method == "by windows":
        model = skip_gram.SkipGramWindows(size, dimensions, seed=seed)
        blocks = blocks_per_batch(text, config.pairs, config.learning_rate)
        batches = window_batches(text, config.pairs, blocks)
        per_batch = float(np.mean([next(batches).mask.sum() for _ in range(8)]))
        batches = window_batches(text, config.pairs, blocks)
    elif method == "full softmax":
        model = skip_gram.SkipGramSoftmax(size, dimensions, seed=seed)
        per_batch = batch_size(text, config)
        batches = pair_batches(text, config.pairs, int(per_batch))
    else:
        model = skip_gram.SkipGramNegativeSampling(size, dimensions, seed=seed, sparse=True)
        per_batch = batch_size(text, config)
        batches = noisy_pair_batches(text, config.pairs, int(per_batch))
    model.to(skip_gram.device())
    every = max(1, round(pairs * config.passes / per_batch / looks))
    rate = config.learning_rate * per_batch
    plan = TrainConfig(
        steps=every * looks,
        learning_rate=rate,
        final_learning_rate=rate / 100,
        schedule="linear",
        snapshot_every=every,
        seed=seed,
        record=("context_embeddings.weight",),
    )
    for snapshot in train(model, batches, plan):
        seen = round(snapshot.step / plan.steps * config.passes * len(text))
        yield Moment(seen, snapshot.loss, snapshot.embeddings, snapshot.recorded["context_embeddings.weight"])


def _gensim(text: Text, config: RunConfig, looks: int) -> Iterator[Moment]:
    """gensim's Word2Vec, a piece of the text at a time."""
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
        pieces = _pieces(text, Path(folder), looks // config.passes)
        for checkpoint in train_word2vec(pieces, counts, settings):
            row = {word: i for i, word in enumerate(checkpoint.words)}
            order = [row[word] for word in words]
            center, context = checkpoint.center[order], checkpoint.context[order]  # (V, D) copies
            yield Moment(checkpoint.words_seen, _loss(center, context, tested, drawn), center, context)


def _loss(center: np.ndarray, context: np.ndarray, pairs: Any, drawn: np.ndarray) -> float:
    """Negative sampling's loss in nats per pair, as in `SkipGramNegativeSampling.loss`."""
    h = center[pairs.centers]  # (B, D)
    true = np.einsum("bd,bd->b", h, context[pairs.contexts])
    noise = np.einsum("bd,bkd->bk", h, context[drawn])
    return float(np.logaddexp(0, -true).mean() + np.logaddexp(0, noise).sum(axis=1).mean())


def _pieces(text: Text, folder: Path, count: int) -> list[Piece]:
    """The text in so many files, one sentence a line; long ones are cut."""
    words = np.array(text.vocabulary.words, dtype=object)
    pieces = []
    for n, part in enumerate(np.array_split(np.arange(len(text)), max(1, min(count, len(text) // _LINE)))):
        path = folder / f"{n}.txt"
        ids, sentences = text.ids[part], text.sentences[part]
        ends = np.flatnonzero(np.diff(sentences)) + 1
        with path.open("w", encoding="utf-8") as file:
            for sentence in np.split(words[ids], ends):
                for start in range(0, len(sentence), _LINE):
                    file.write(" ".join(sentence[start : start + _LINE]) + "\n")
        pieces.append(Piece(path, len(ids)))
    return pieces
