"""Skip-gram: words a second and quality, embedlab's PyTorch against gensim's Word2Vec and against the full softmax.

    python -m benchmarks.skip_gram                                 wiki6, found under $EMBEDLAB_SHARED or ../shared
    python -m benchmarks.skip_gram --text wiki8 --words 1900000    the beginning of wiki8 (shared/tools/make_wiki8.py)
    python -m benchmarks.skip_gram --text wiki8 --growth           V = 1,000, 5,000, 20,000

All learn from the same words with equal dimensions, window, negatives, subsampling and passes, in turns within one
process; gensim has two workers, PyTorch one thread and one that makes its batches. "words/s" is by the clock; noted is
the ratio by the processor's time of all threads, which other work on the machine disturbs less. The speed of the full
softmax is measured over some seconds; its quality is not, a whole run would take hours.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from benchmarks import machine
from benchmarks.figures import Row, Scale, show
from benchmarks.reference import WIKI, opened
from embedlab.evaluation import scores
from embedlab.lessons.word2vec.config import Method, RunConfig
from embedlab.lessons.word2vec.gensim_engine import Shard, Word2VecConfig, make_ready, train_word2vec
from embedlab.lessons.word2vec.methods import MethodSnapshot, train_with
from embedlab.lessons.word2vec.pairs import PairConfig
from embedlab.text.corpus import Corpus, encode
from embedlab.vectors.word_vectors import WordVectors

LINE = 1_000  # words
RATES = (0.025, 0.05)  # gensim's own default is the first


class Size(NamedTuple):
    """Of a comparison."""

    words: int  # read from the text, or all of it where it is shorter
    passes: int
    repeats: int
    seconds: float  # of the softmax and of the pairs
    dimensions: int = 100


SIZES: dict[Scale, Size] = {
    "full": Size(1_900_000, 3, 3, 12),
    "quick": Size(1_000_000, 1, 1, 6),
    "tiny": Size(8_000, 1, 1, 0.1, dimensions=5),
}


@dataclass(frozen=True)
class Run:
    """One way, once."""

    words: int  # of the vocabulary, passes counted again: gensim reads the others, too, and leaves them out
    seconds: float
    processor: float  # seconds of all threads
    vectors: WordVectors | None = None


def read(path: Path, words: int) -> list[list[str]]:
    """The first words of a text of only letters and spaces, in lines of 1,000."""
    with opened(path) as file:
        tokens = file.read(words * 8).split()[:words]
    return [tokens[i : i + LINE] for i in range(0, len(tokens), LINE)]


def timed(snapshots: Iterator[MethodSnapshot], text: Corpus, *, limit: float = 1e9) -> Run:
    """Runs a training from its start, which is not counted, to its end, or until `limit` seconds."""
    next(snapshots)
    seconds, processor = time.perf_counter(), time.process_time()
    last: MethodSnapshot | None = None
    for snapshot in snapshots:
        last = snapshot
        if time.perf_counter() - seconds > limit:
            break
    if last is None:
        raise SystemExit("The text is too short to be timed.")
    seconds, processor = time.perf_counter() - seconds, time.process_time() - processor
    return Run(last.words_seen, seconds, processor, WordVectors(text.vocabulary.words, last.center, source=""))


def gensim(lines: list[list[str]], text: Corpus, config: RunConfig, folder: Path) -> Run:
    """gensim's Word2Vec from one file with two workers; its vocabulary is made before the clock starts."""
    path = folder / "text.txt"
    path.write_text("".join(" ".join(line) + "\n" for line in lines))
    settings = Word2VecConfig(
        architecture="skip-gram", dimensions=config.dimensions, window=config.pairs.window,
        negatives=config.pairs.negatives, epochs=config.passes, learning_rate=config.learning_rate,
        subsampling_threshold=config.pairs.subsampling_threshold, min_count=1, seed=config.pairs.seed, workers=2,
    )  # fmt: skip
    total = sum(map(len, lines))
    counts = dict(zip(text.vocabulary.words, text.vocabulary.counts, strict=True))
    # A first shard of a few lines, so that building the tables is over when the clock starts.
    start = folder / "start.txt"
    start.write_text(" ".join(lines[0]) + "\n")
    steps = train_word2vec([Shard(start, len(lines[0])), Shard(path, total)], counts, settings)
    next(steps)
    seconds, processor = time.perf_counter(), time.process_time()
    *_, last = steps
    seconds, processor = time.perf_counter() - seconds, time.process_time() - processor
    return Run(config.passes * len(text), seconds, processor, WordVectors(last.words, last.center, source=""))


def quality(runs: list[Run]) -> str:
    """Medians of what the vectors of these runs are worth."""
    vectors = [run.vectors for run in runs if run.vectors is not None]
    spearman = statistics.median(scores.similarity_correlation(each).spearman for each in vectors)
    accuracy = statistics.median(scores.analogy_accuracy(each).overall.accuracy for each in vectors)
    return f"WordSim {spearman:.3f}, analogies {accuracy:.2%}"


def speed(run: Run) -> float:
    """Words a second, by the clock."""
    return run.words / run.seconds


def compare(lines: list[list[str]], text: Corpus, size: Size) -> Iterator[Row]:
    """gensim and windows in turns, at each learning rate; then the full softmax and pair by pair beside windows."""
    config = RunConfig(
        methods=("by windows",), dimensions=size.dimensions, passes=size.passes, pairs=PairConfig(), least_snapshots=10
    )
    work = f"skip-gram on {sum(map(len, lines)):,} words"
    sizes = f"V = {len(text.vocabulary):,}, D = {size.dimensions}"
    make_ready()
    for rate in RATES:
        asked = replace(config, learning_rate=rate)
        theirs, ours = [], []
        for seed in range(1, size.repeats + 1):
            asked = replace(asked, pairs=replace(asked.pairs, seed=seed))
            with tempfile.TemporaryDirectory() as folder:
                theirs.append(gensim(lines, text, asked, Path(folder)))
            ours.append(timed(train_with("by windows", text, asked), text))
        by_processor = statistics.median(a.processor / b.processor for a, b in zip(theirs, ours, strict=True))
        note = f"{quality(ours)}, gensim {quality(theirs)}; by processor time {by_processor:.2f}x; {sizes}"
        yield Row(
            f"{work}, rate {rate:g}", "words/s", statistics.median(map(speed, ours)),
            "gensim, 2 workers", statistics.median(map(speed, theirs)), more_is_better=True, note=note,
        )  # fmt: skip
    windows = statistics.median(map(speed, ours))
    peers: dict[str, Method] = {"embedlab, pair by pair": "negative sampling", "embedlab, full softmax": "full softmax"}
    for name, method in peers.items():
        often = replace(asked, methods=(method,), least_snapshots=300)
        slow = timed(train_with(method, text, often), text, limit=size.seconds)
        yield Row(f"{work}, by windows", "words/s", windows, name, speed(slow), more_is_better=True, note=sizes)


def measured(path: Path, size: Size) -> Iterator[Row]:
    lines = read(path, size.words)
    yield from compare(lines, encode(lines, "benchmark", min_count=5), size)


def rows(scale: Scale = "full") -> Iterator[Row]:
    yield from measured(WIKI, SIZES[scale])


def growth(lines: list[list[str]], config: RunConfig) -> None:
    """Words a second of each way as the vocabulary grows, the text's other words left out."""
    print(f"{'V':>8} {'by windows':>12} {'pair by pair':>13} {'full softmax':>13}   windows / softmax")
    for size in (1_000, 5_000, 20_000):
        text = encode(lines, "benchmark", max_size=size)
        rates = []
        for method, limit in (("by windows", 6.0), ("negative sampling", 6.0), ("full softmax", SIZES["full"].seconds)):
            run = timed(train_with(method, text, replace(config, least_snapshots=300)), text, limit=limit)  # type: ignore[arg-type]
            rates.append(run.words / run.seconds)
        print(
            f"{size:8,} {rates[0]:12,.0f} {rates[1]:13,.0f} {rates[2]:13,.0f} {rates[0] / rates[2]:13,.0f}x", flush=True
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    usual = SIZES["full"]
    parser.add_argument("--text", type=Path, default=WIKI)
    parser.add_argument("--words", type=int, default=usual.words, help="how much of the text to read")
    parser.add_argument("--passes", type=int, default=usual.passes)
    parser.add_argument("--dimensions", type=int, default=usual.dimensions)
    parser.add_argument("--repeats", type=int, default=usual.repeats)
    parser.add_argument("--growth", action="store_true")
    given = parser.parse_args()
    print(machine.describe())
    if given.growth:
        pairs = PairConfig()
        config = RunConfig(("by windows",), given.dimensions, given.passes, pairs=pairs, least_snapshots=10)
        growth(read(given.text, given.words), config)
    else:
        show(measured(given.text, Size(given.words, given.passes, given.repeats, usual.seconds, given.dimensions)))


if __name__ == "__main__":
    main()
