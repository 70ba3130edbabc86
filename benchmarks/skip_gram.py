"""Skip-gram: words a second and quality, embedlab's PyTorch against gensim's Word2Vec and against the full softmax.

    python -m benchmarks.skip_gram                                 wiki6, found under $EMBEDLAB_SHARED or ../shared
    python -m benchmarks.skip_gram --text wiki8 --words 1900000    the beginning of wiki8 (shared/tools/make_wiki8.py)
    python -m benchmarks.skip_gram --text wiki8 --growth           V = 1,000, 5,000, 20,000

All learn from the same words with equal dimensions, window, negatives, subsampling and passes, in turns within one
process; gensim has two workers, PyTorch one thread. "words/s" is by the clock, "per CPU s" by the processor's time of
all threads, which other work on the machine disturbs less. The softmax's speed is measured over some seconds; its
quality is not, a whole run would take hours.
"""

import argparse
import bz2
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks import machine
from embedlab.evaluation import scores
from embedlab.lessons.word2vec.config import Method, RunConfig
from embedlab.lessons.word2vec.gensim_engine import Shard, Word2VecConfig, make_ready, train_word2vec
from embedlab.lessons.word2vec.methods import MethodSnapshot, train_with
from embedlab.lessons.word2vec.pairs import PairConfig
from embedlab.text.corpus import Corpus, encode
from embedlab.vectors.word_vectors import WordVectors

SHARED = Path(os.environ.get("EMBEDLAB_SHARED", Path(__file__).parents[2] / "shared"))
LINE = 1_000  # words
SOFTMAX_SECONDS = 12.0


@dataclass(frozen=True)
class Run:
    """One way, once."""

    words: int  # read, passes counted again
    seconds: float
    processor: float  # seconds of all threads
    vectors: WordVectors | None = None


def read(path: Path, words: int) -> list[list[str]]:
    """The first words of a text of only letters and spaces, in lines of 1,000."""
    with bz2.open(path, "rt") if path.suffix == ".bz2" else path.open() as file:
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
    return Run(config.passes * total, seconds, processor, WordVectors(last.words, last.center, source=""))


def line_of(name: str, runs: list[Run], read_words: int) -> str:
    """One row of the table: medians of the runs."""
    rate = statistics.median(run.words / run.seconds for run in runs)
    per_cpu = statistics.median(run.words / run.processor for run in runs)
    row = f"{name:34} {rate:>11,.0f} {per_cpu:>11,.0f}"
    vectors = runs[-1].vectors
    if vectors is None or not read_words:
        return row
    spearman = statistics.median(scores.similarity_correlation(r.vectors).spearman for r in runs if r.vectors)
    analogies = [scores.analogy_accuracy(run.vectors).overall for run in runs if run.vectors]
    share = statistics.median(one.accuracy for one in analogies)
    return f"{row}   {spearman:8.3f}   {share:8.2%} of {analogies[0].covered:,}"


def compare(lines: list[list[str]], text: Corpus, config: RunConfig, repeats: int) -> None:
    """gensim, windows, pairs and softmax in turns."""
    print(
        f"{sum(map(len, lines)):,} words, V = {len(text.vocabulary):,}, D = {config.dimensions}, {config.passes} passes"
    )
    head = f"{'':34} {'words/s':>11} {'per CPU s':>11}   {'WordSim':>8}   analogies"
    make_ready()
    for rate in (0.025, 0.05):
        print(f"\nlearning rate {rate:g} (gensim's own default is 0.025)\n{head}")
        asked = replace(config, learning_rate=rate)
        found: dict[str, list[Run]] = {"gensim, 2 workers": [], "embedlab, by windows, 1 thread": []}
        for seed in range(1, repeats + 1):
            asked = replace(asked, pairs=replace(asked.pairs, seed=seed))
            with tempfile.TemporaryDirectory() as folder:
                found["gensim, 2 workers"].append(gensim(lines, text, asked, Path(folder)))
            found["embedlab, by windows, 1 thread"].append(timed(train_with("by windows", text, asked), text))
        for name, runs in found.items():
            print(line_of(name, runs, 1), flush=True)
        theirs, ours = found.values()
        for what, seconds in (("clock", "seconds"), ("processor", "processor")):
            ratio = statistics.median(
                getattr(a, seconds) / getattr(b, seconds) for a, b in zip(theirs, ours, strict=True)
            )
            print(f"  embedlab / gensim by the {what}: {ratio:.2f}x")
    others: tuple[Method, ...] = ("negative sampling", "full softmax")
    slow = [
        timed(train_with(method, text, replace(asked, least_snapshots=300)), text, limit=SOFTMAX_SECONDS)
        for method in others
    ]
    print()
    for name, run in zip(("embedlab, pair by pair", "embedlab, full softmax"), slow, strict=True):
        print(line_of(name, [run], 0))
    windows = statistics.median(run.words / run.seconds for run in ours)
    print(f"  windows / full softmax: {windows * slow[1].seconds / slow[1].words:,.0f}x")


def growth(lines: list[list[str]], config: RunConfig) -> None:
    """Words a second of each way as the vocabulary grows, the text's other words left out."""
    print(f"{'V':>8} {'by windows':>12} {'pair by pair':>13} {'full softmax':>13}   windows / softmax")
    for size in (1_000, 5_000, 20_000):
        text = encode(lines, "benchmark", max_size=size)
        rates = []
        for method, limit in (("by windows", 6.0), ("negative sampling", 6.0), ("full softmax", SOFTMAX_SECONDS)):
            run = timed(train_with(method, text, replace(config, least_snapshots=300)), text, limit=limit)  # type: ignore[arg-type]
            rates.append(run.words / run.seconds)
        print(
            f"{size:8,} {rates[0]:12,.0f} {rates[1]:13,.0f} {rates[2]:13,.0f} {rates[0] / rates[2]:13,.0f}x", flush=True
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--text", type=Path, default=SHARED / "data" / "corpus" / "wiki6.bz2")
    parser.add_argument("--words", type=int, default=1_900_000, help="how much of the text to read")
    parser.add_argument("--passes", type=int, default=3)
    parser.add_argument("--dimensions", type=int, default=100)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--growth", action="store_true")
    options = parser.parse_args()
    if not options.text.is_file():
        raise SystemExit(
            f"{options.text} is missing: give --text, or set EMBEDLAB_SHARED to the folder that holds data/."
        )
    print(machine.describe())
    lines = read(options.text, options.words)
    config = RunConfig(dimensions=options.dimensions, passes=options.passes, pairs=PairConfig(), least_snapshots=10)
    if options.growth:
        growth(lines, config)
    else:
        compare(lines, encode(lines, "benchmark", min_count=5), config, options.repeats)


if __name__ == "__main__":
    main()
