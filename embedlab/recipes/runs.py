"""From default settings to the recorded runs that pages open with, data/runs: `python -m embedlab record-runs`."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from embedlab.comparison.overlap import share
from embedlab.lessons.counting.count_and_predict import MAX_SIZE, BothConfig, count_and_predict
from embedlab.lessons.ten_words.config import TenWordsConfig
from embedlab.lessons.ten_words.tagged_text import TEN_WORDS, read_tagged
from embedlab.lessons.transfer.bundled import save_three_starts
from embedlab.lessons.transfer.data.sentences import bundled_sentences
from embedlab.lessons.transfer.initialization import known_vectors
from embedlab.lessons.transfer.three_starts import ThreeStartsConfig, run_three_starts
from embedlab.lessons.word2vec.config import RunConfig
from embedlab.lessons.word2vec.run import run, with_words
from embedlab.library import bundled
from embedlab.recipes import folders
from embedlab.text.small_world import make_world
from embedlab.text.sources import TextChoice, prepare
from embedlab.workers.recorded import shipped_sets, write

GALLERY = 16  # beginnings that Ten words opens with
NEIGHBORS, RANKED = 10, 2_000  # of each word, and words that Compare opens with


def ten_words(path: Path) -> None:
    """One run, as the movie shows it."""
    from embedlab.lessons.ten_words import training  # loads torch

    config = TenWordsConfig()
    write(path, f"ten words {TEN_WORDS} {config}", [training.run(read_tagged(TEN_WORDS), config)])


def ten_words_gallery(path: Path) -> None:
    """How sixteen runs end."""
    from embedlab.lessons.ten_words import training  # loads torch

    config = TenWordsConfig()
    *_, endings = training.endings(read_tagged(TEN_WORDS), config, range(GALLERY))
    write(path, f"ten words {TEN_WORDS} {config} {GALLERY}", [endings])


def word2vec(path: Path) -> None:
    """Both losses on the small world."""
    choice = TextChoice()
    text, world = prepare(choice), make_world(choice.world_words, choice.world_seed)
    config = with_words(text, RunConfig(), world.groups)
    write(path, f"word2vec {choice.key} {config}", run(text, config, world.analogies))


def count_or_predict(path: Path) -> None:
    """Both ways to vectors on the small world."""
    choice, config = TextChoice(max_size=MAX_SIZE), BothConfig()
    truth = make_world(choice.world_words, choice.world_seed).analogies
    *_, both = count_and_predict(prepare(choice), config, truth)
    write(path, f"counts {choice.key} {config}", [both])


def transfer(path: Path) -> None:
    """One run of each start on all training sentences."""
    sentences = bundled_sentences()
    config = ThreeStartsConfig(size=len(sentences.rows("train")))
    *_, three = run_three_starts(sentences, known_vectors(sentences, bundled.bundled_vectors()), config)
    save_three_starts(three, config, path)


def compare(path: Path) -> None:
    """How far both bundled sets agree on the nearest words of the most frequent ones."""
    shared = share(bundled.bundled_vectors(), bundled.counted_vectors())
    write(path, f"compare {shipped_sets()} {NEIGHBORS} {RANKED}", shared.overlaps(NEIGHBORS, np.arange(RANKED)))


RUNS = (ten_words, ten_words_gallery, word2vec, count_or_predict, transfer, compare)


def record_runs(folder: Path, say: Callable[[str], None]) -> None:
    """Trains all runs and writes a file of each; about half a minute on one core."""
    folders.make(folder)
    for record in RUNS:
        name = record.__name__
        say(f"Training {name.replace('_', ' ')}.")
        record(folder / f"{name}.gz")
