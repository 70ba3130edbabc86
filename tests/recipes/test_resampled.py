"""Resampled runs: small vectors of paragraphs that are drawn again, as the bundled ones are made."""

import json
from pathlib import Path

import numpy as np

from embedlab.evaluation.stability import Resamples
from embedlab.lessons.word2vec.gensim_engine import Word2VecConfig
from embedlab.recipes.resampled import ResampledRecipe, kept_words, resample_vectors
from tests.recipes.test_predicted import text  # noqa: F401

SMALL = ResampledRecipe(Word2VecConfig(dimensions=6, min_count=2, negatives=2, epochs=1), runs=2, words=3_000, size=12)


def test_one_seed_gives_the_same_bytes_and_runs_that_differ(text: Path, tmp_path: Path) -> None:  # noqa: F811
    for name in ("one", "two"):
        resample_vectors([text], tmp_path / name, SMALL)
    for file in ("words.txt", "codes.npy", "one_more.json"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()
    codes = np.load(tmp_path / "one/codes.npy", allow_pickle=False)
    words = (tmp_path / "one/words.txt").read_text("utf-8").split("\n")
    assert codes.shape == (2, len(words), 6)
    assert codes.dtype == np.int8
    assert (codes[0] != codes[1]).any()
    assert len(Resamples(words, codes).nearest([words[0]], k=3)[0]) == 3
    card = json.loads((tmp_path / "one/card.json").read_text("utf-8"))
    assert card["recipe"]["runs"] == 2
    assert card["texts"][0]["words"] > 0


def test_words_of_weat_are_kept_however_rare_they_are() -> None:
    counts = {"the": 9, "of": 8, "and": 7, "xylophone": 6, "tulip": 1, "daisy": 2}
    assert kept_words(counts, 2) == ["the", "of", "daisy", "tulip"]
