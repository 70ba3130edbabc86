"""The counted vectors' recipe on a small text, and the vectors that ship."""

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from embedlab.__main__ import main
from embedlab.errors import InvalidSetting
from embedlab.evaluation.scores import similarity_correlation
from embedlab.lessons.counting.cooccurrence import CountConfig, cooccurrence, ppmi, svd_vectors
from embedlab.library import bundled
from embedlab.recipes import counted, predicted
from embedlab.recipes.sharding import shard_corpora
from embedlab.text.corpus import encode
from embedlab.text.tokenization import read_sentences
from embedlab.vectors.vocabulary import Vocabulary
from tests.recipes.test_predicted import text  # noqa: F401  a fixture

SMALL = counted.CountedRecipe(CountConfig(window=2, dimensions=4, exponent=1, power=0.25), skipped=1, size=12)


def test_what_is_written_is_what_the_steps_give(text: Path, tmp_path: Path) -> None:  # noqa: F811
    counted.count_vectors([text], tmp_path / "out", SMALL)
    words = (tmp_path / "out/words.txt").read_text("utf-8").split("\n")
    matrix = np.load(tmp_path / "out/matrix.npy")
    with text.open() as lines:
        plain = encode(read_sentences(lines), "text", max_size=12)
    assert set(words) == set(plain.vocabulary.words)
    table = ppmi(cooccurrence(plain, 2), exponent=1)
    whole = svd_vectors(table, plain.vocabulary, dimensions=5, power=0.25, source="test")
    expected = whole.matrix[:, 1:] / np.linalg.norm(whole.matrix[:, 1:], axis=1, keepdims=True)
    found = matrix.astype(np.float32)[[words.index(word) for word in plain.vocabulary.words]]
    np.testing.assert_allclose(found @ found.T, expected @ expected.T, atol=5e-3)  # float16; signs are free
    card = json.loads((tmp_path / "out/card.json").read_text("utf-8"))
    assert card["recipe"]["skipped"] == 1
    assert card["texts"][0]["name"] == "text.txt"


def test_shards_hold_every_known_word_of_every_sentence_once(text: Path, tmp_path: Path) -> None:  # noqa: F811
    ready = shard_corpora([text], tmp_path, epochs=1, snapshots=2, seed=1)
    vocabulary = Vocabulary.from_counts(ready.counts, max_size=9)
    found = list(counted.corpus_parts(ready.shards, vocabulary, size=500))
    assert len(found) > 5
    seen = Counter(vocabulary.words[i] for shard in found for i in shard.ids)
    assert seen == {word: ready.counts[word] for word in vocabulary.words}
    whole = next(counted.corpus_parts(ready.shards, vocabulary))
    parts = sum((cooccurrence(part, 2) for part in found[1:]), cooccurrence(found[0], 2))
    np.testing.assert_allclose(parts.toarray(), cooccurrence(whole, 2).toarray(), rtol=1e-5)


def test_bad_settings_are_explained(text: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # noqa: F811
    with pytest.raises(InvalidSetting, match="skipped directions must be from 0 to 100; 101 is not"):
        counted.CountedRecipe(skipped=101)
    with pytest.raises(InvalidSetting, match="size for 101 directions must be 101 or more; 100 is not"):
        counted.CountedRecipe(size=100)
    assert main(["count-vectors", str(text), "--out", str(tmp_path / "o"), "--window", "0"]) == 1
    assert "window must be from 1 to 50; 0 is not" in capsys.readouterr().err
    settings = ["--size", "12", "--dimensions", "4"]
    assert main(["count-vectors", str(text), "--out", str(tmp_path / "o"), *settings]) == 0
    assert (tmp_path / "o/card.json").is_file()


def test_the_vectors_that_ship_are_what_their_card_says() -> None:
    vectors, card = bundled.counted_vectors(), bundled.card("counted")
    assert len(vectors) == card["recipe"]["size"] == 20_000
    assert vectors.dimensions == card["recipe"]["counting"]["dimensions"] == 100
    assert vectors.unit is vectors.matrix
    assert card["texts"] == bundled.card()["texts"]
    assert set(vectors.words) < set(bundled.bundled_vectors().words)
    similarity = similarity_correlation(vectors, "WordSim-353").spearman
    assert similarity == pytest.approx(card["scores"]["wordsim_353"], abs=2e-3)
    assert similarity >= 0.68


@pytest.mark.long
def test_the_vectors_that_ship_score_what_their_card_says() -> None:
    found = predicted.scores(bundled.counted_vectors())
    assert found == pytest.approx(dict(bundled.card("counted")["scores"]), abs=2e-3)
    assert found["google_analogies"] >= 0.42
