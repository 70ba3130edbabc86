"""Three ways to start on real data: the film-review polarity set (MR) of Pang and Lee (2005).

    python -m benchmarks.transfer              the table, from the set in ../shared/data or after a download
    python -m benchmarks.transfer --vectors F  with pretrained vectors from a file instead of the bundled ones
    python -m benchmarks.transfer --own        the bundled sentences instead
    python -m benchmarks.transfer --choose     what the recipes of the three ways are chosen by, on validation sentences
    python -m benchmarks.transfer --bundle     writes data/transfer_curves.npz, which the page opens with

Every method sees the same sentences in the same run: 100, 1,000 and all training sentences, five seeds, mean and
standard deviation of the accuracy on 2,000 test sentences. The peer is scikit-learn's logistic regression (C = 1) on
the same mean vectors; word counts and TF-IDF are the page's own baselines, whose C is chosen on 866 validation
sentences. The classifiers stop early where most of these come out right; `to the end` they make all their updates.
"""

import argparse
import hashlib
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from benchmarks import machine
from benchmarks.figures import Missing, Row, Scale
from benchmarks.reference import SHARED
from embedlab.errors import EmbedlabError
from embedlab.formats import read_vectors
from embedlab.lessons.transfer import bundled as transfer_bundled
from embedlab.lessons.transfer.baselines import BASELINES, predict_by_baseline
from embedlab.lessons.transfer.classifier import fit
from embedlab.lessons.transfer.conclusions import NAMES, conclusion
from embedlab.lessons.transfer.config import STARTS, ClassifierConfig, Start
from embedlab.lessons.transfer.data.film_reviews import download_polarity, polarity_sentences
from embedlab.lessons.transfer.data.sentences import Sentences, bundled_sentences, coverage
from embedlab.lessons.transfer.early_stopping import State
from embedlab.lessons.transfer.initialization import initial_table
from embedlab.lessons.transfer.learning_curves import CurveConfig, learning_curves, training_order
from embedlab.lessons.transfer.predictions import TrainedClassifier
from embedlab.library import bundled
from embedlab.library.catalogue import downloads_folder
from embedlab.vectors.word_vectors import WordVectors

SEEDS: dict[Scale, int] = {"full": 5, "quick": 2, "tiny": 1}
TINY = 50  # training sentences
Method = Callable[[Sentences, WordVectors, int, int], float]  # sentences, vectors, size, seed -> accuracy


def trained(start: Start, hidden: tuple[int, ...] = (), *, early: bool = True) -> Method:
    """The page's classifier with its default settings."""

    def accuracy(sentences: Sentences, vectors: WordVectors, size: int, seed: int) -> float:
        config = ClassifierConfig(start=start, hidden=hidden, early_stopping=early)
        rows = training_order(sentences, seed)[:size]
        *_, last = fit(sentences, [rows], vectors, config, seeds=[seed])
        test = sentences.rows("test")
        return last.kept_classifiers[0].accuracy(sentences.ids[test], sentences.label_ids[test])

    return accuracy


def scikit_on_means(sentences: Sentences, vectors: WordVectors, size: int, seed: int) -> float:
    """scikit-learn on the mean vectors that the frozen classifier sees."""
    from sklearn.linear_model import LogisticRegression

    table = initial_table("frozen", sentences, vectors, seed)
    words = sentences.vocabulary.words
    seen = np.ones(len(words), bool)
    plain = TrainedClassifier("frozen", words, sentences.labels, table.matrix, table.matrix, seen, ())
    rows, test = training_order(sentences, seed)[:size], sentences.rows("test")
    model = LogisticRegression(max_iter=3_000)
    model.fit(plain.means(sentences.ids[rows]), sentences.label_ids[rows])
    return float(model.score(plain.means(sentences.ids[test]), sentences.label_ids[test]))


def scikit_baseline(method: str) -> Method:
    """Logistic regression without embeddings, as the page draws it."""

    def accuracy(sentences: Sentences, vectors: WordVectors, size: int, seed: int) -> float:
        predicted = predict_by_baseline(method, sentences, training_order(sentences, seed)[:size])
        return float((predicted == sentences.label_ids[sentences.rows("test")]).mean())

    return accuracy


RATES: dict[Start, tuple[float, ...]] = {
    "scratch": (0.003, 0.007, 0.02), "fine-tuned": (0.003, 0.007, 0.02), "frozen": (0.02, 0.05, 0.1)
}  # fmt: skip
PEER = "scikit-learn on the mean vectors"
METHODS: dict[str, Method] = {
    **{start: trained(start) for start in STARTS},
    **{f"{start}, to the end": trained(start, early=False) for start in STARTS},
    "frozen, 2 hidden layers of 64": trained("frozen", (64, 64)),
    "fine-tuned, 2 hidden layers of 64": trained("fine-tuned", (64, 64)),
    PEER: scikit_on_means,
    **{f"scikit-learn on {NAMES[method]}": scikit_baseline(method) for method in BASELINES},
}


def film_reviews() -> Sentences:
    """From the shared reference data where they are, else by download."""
    file = SHARED / "data" / "textclf" / "nltk_sentence_polarity.zip"
    try:
        return polarity_sentences(file.read_bytes() if file.is_file() else download_polarity(downloads_folder()))
    except EmbedlabError as error:
        raise Missing(f"the film reviews: {error}") from error


def rows(scale: Scale = "full") -> Iterator[Row]:
    """Seconds of training and predicting; what they are worth is noted. The peer has the same mean vectors."""
    tiny = scale == "tiny"
    sentences, vectors = bundled_sentences() if tiny else film_reviews(), bundled.bundled_vectors()
    size = TINY if tiny else len(sentences.rows("train"))
    peer = METHODS[PEER]
    accuracies: dict[str, list[float]] = {}

    def job(name: str, method: Method, seed: int) -> Callable[[], None]:
        return lambda: accuracies.setdefault(name, []).append(method(sentences, vectors, size, seed))

    for start in STARTS:
        accuracies.clear()
        times = [
            machine.in_turn([job("peer", peer, seed), job("own", METHODS[start], seed)], 1, time.process_time)
            for seed in range(SEEDS[scale])
        ]
        theirs, ours = (float(np.median(column)) for column in zip(*times, strict=True))
        note = "accuracy {:.3f}, scikit-learn {:.3f}".format(*(np.mean(accuracies[name]) for name in ("own", "peer")))
        yield Row(f"classifier, {start}, {size:,} sentences", "s of processor", ours, PEER, theirs, note=note)


def compare(sentences: Sentences, vectors: WordVectors, sizes: list[int], seeds: int) -> None:
    """Prints the table."""
    print(f"{'':34s}" + "".join(f"{size:>18,}" for size in sizes) + "    CPU s a run at the last")
    for name, method in METHODS.items():
        cells, cpu = [], 0.0
        for size in sizes:
            begun = time.process_time()
            found = [method(sentences, vectors, size, seed) for seed in range(seeds)]
            cpu = (time.process_time() - begun) / seeds
            cells.append(f"{np.mean(found):.3f} ± {np.std(found, ddof=1):.3f}")
        print(f"{name:34s}" + "".join(f"{cell:>18s}" for cell in cells) + f"{cpu:12.2f}", flush=True)


def choose(sentences: Sentences, vectors: WordVectors, sizes: list[int], seeds: int) -> None:
    """Prints how each way does on the validation sentences by learning rate and epochs; test sentences stay unseen."""
    print(f"{'validation loss and accuracy':34s}" + "".join(f"{size:>16,}" for size in sizes))
    for start in STARTS:
        for rate in RATES[start]:
            for times in (0.5, 1, 2):  # the updates of the recipe
                cells = []
                for size in sizes:
                    own = ClassifierConfig(start=start).resolved(size)
                    epochs, least = max(1, round(times * own.epochs)), round(times * own.least_updates)
                    config = ClassifierConfig(start=start, epochs=epochs, least_updates=least, learning_rate=rate)
                    kept: list[State] = []
                    for seed in range(seeds):
                        rows = [training_order(sentences, seed)[:size]]
                        *_, last = fit(sentences, rows, vectors, config, seeds=[seed])
                        kept += last.kept
                    cells.append(f"{np.mean([k.loss for k in kept]):.3f} {np.mean([k.accuracy for k in kept]):.1%}")
                print(
                    f"{start}, {rate:g}, {times:g} x updates".ljust(34) + "".join(f"{c:>16s}" for c in cells),
                    flush=True,
                )


def write_bundle() -> None:
    """Computes what the page opens with, and registers the file."""
    begun, cpu = time.perf_counter(), time.process_time()
    *_, curves = learning_curves(bundled_sentences(), bundled.bundled_vectors(), CurveConfig())
    spent = time.perf_counter() - begun, time.process_time() - cpu
    print(f"computed in {spent[0]:.1f} s, {spent[1]:.1f} s of CPU; {machine.describe()}")
    path = bundled.DATA / transfer_bundled.FILE
    transfer_bundled.save_curves(curves, path)
    content = path.read_bytes()
    registry = dict(bundled.registry())
    registry[transfer_bundled.FILE] = {
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
        "origin": "embedlab's own `python -m benchmarks.transfer --bundle`",
        "licence": "MIT",
        "about": "Which test sentences each run of the Transfer page's learning curves got right, for the defaults.",
    }
    text = json.dumps(dict(sorted(registry.items())), indent=2, ensure_ascii=False) + "\n"
    (bundled.DATA / "registry.json").write_text(text, "utf-8")
    print("\n".join(conclusion(curves)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vectors", type=Path)
    parser.add_argument("--own", action="store_true")
    parser.add_argument("--choose", action="store_true")
    parser.add_argument("--bundle", action="store_true")
    parser.add_argument("--seeds", type=int, default=5)
    given = parser.parse_args()
    if given.bundle:
        write_bundle()
        return
    vectors = read_vectors(given.vectors, name=given.vectors.name)[0] if given.vectors else bundled.bundled_vectors()
    sentences = bundled_sentences() if given.own else film_reviews()
    training = len(sentences.rows("train"))
    known = coverage(sentences, vectors)
    print(machine.describe(), repr(vectors), sep="; ")
    print(
        f"{sentences.name}: {training:,} training, {len(sentences.rows('validation')):,} validation, "
        f"{len(sentences.rows('test')):,} test sentences; {known.words:,} of {known.vocabulary:,} words "
        f"({known.tokens:.1%} of running words) have a pretrained vector; {given.seeds} seeds"
    )
    sizes = [size for size in (100, 1_000) if size < training] + [training]
    if given.choose:
        choose(sentences, vectors, [20, *sizes], given.seeds)
    else:
        compare(sentences, vectors, sizes, given.seeds)


if __name__ == "__main__":
    main()
