"""The bundled vectors' recipe on a text of a few thousand words, and the tokenization it rests on."""

import bz2
import json
from pathlib import Path

import numpy as np
import pytest

from embedlab.errors import InvalidSetting, InvalidText
from embedlab.lessons.word2vec.gensim_engine import Shard, Word2VecConfig, train_word2vec
from embedlab.library import bundled
from embedlab.recipes import predicted
from embedlab.recipes.sharding import TokenOptions, shard_corpora, snapshot_plan


@pytest.fixture
def text(tmp_path: Path) -> Path:
    """Sentences in which cats and dogs do the same things, and stars and planets others."""
    rng = np.random.default_rng(0)
    animals, sky = ["cat", "dog", "fox"], ["star", "planet", "moon"]
    lines = [
        f"The {rng.choice(animals)} runs and eats. The {rng.choice(sky)} shines and turns above the sea."
        for _ in range(600)
    ]
    path = tmp_path / "text.txt"
    path.write_text("= A heading =\n\n" + "\n".join(lines), "utf-8")
    return path


SMALL = predicted.Recipe(
    Word2VecConfig(dimensions=8, window=2, negatives=3, epochs=4, min_count=2, subsampling_threshold=0),
    snapshots=6,
)


def test_everything_is_written_and_agrees(text: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    said: list[str] = []
    predicted.train_vectors([text], out, {"cat": "animals", "moon": "sky", "absent": "none"}, SMALL, say=said.append)
    words = (out / "words.txt").read_text("utf-8").split("\n")
    matrix = np.load(out / "matrix.npy")
    counts = np.load(out / "counts.npy")
    card = json.loads((out / "card.json").read_text("utf-8"))
    movie = np.load(out / "movie.npz")
    assert words[0] == "the"
    assert "heading" not in words
    assert matrix.shape == (len(words), 8)
    assert matrix.dtype == np.float16
    assert (np.diff(counts.astype(int)) <= 0).all()
    np.testing.assert_allclose(np.linalg.norm(matrix.astype(np.float32), axis=1), 1, atol=2e-3)
    assert card["words_read"] == 4 * card["texts"][0]["words"] == movie["words_seen"][-1]
    assert list(movie["words"]) == ["cat", "moon"]
    last = movie["vectors"][-1].astype(np.float32)
    last /= np.linalg.norm(last, axis=1, keepdims=True)
    shipped = matrix[[words.index("cat"), words.index("moon")]].astype(np.float32)
    np.testing.assert_allclose(last, shipped, atol=0.01)  # the movie ends where the vectors are
    assert any("100.0%" in line for line in said)


def test_one_worker_and_one_seed_give_the_same_bytes(text: Path, tmp_path: Path) -> None:
    for name in ("first", "second"):
        predicted.train_vectors([text], tmp_path / name, {"cat": "animals"}, SMALL)
    for file in ("words.txt", "matrix.npy", "counts.npy", "movie.npz"):
        assert (tmp_path / "first" / file).read_bytes() == (tmp_path / "second" / file).read_bytes(), file


def test_pieces_hold_the_whole_text_and_end_where_frames_are_due(text: Path, tmp_path: Path) -> None:
    ready = shard_corpora([text], tmp_path, epochs=1, snapshots=5, seed=0)
    assert sum(shard.words for shard in ready.shards) == sum(ready.counts.values())
    written = " ".join(shard.path.read_text("utf-8") for shard in ready.shards).split()
    assert len(written) == sum(ready.counts.values())
    assert len(ready.shards) == 5
    packed = tmp_path / "text.txt.bz2"
    packed.write_bytes(bz2.compress(text.read_bytes()))
    assert shard_corpora([packed], tmp_path, epochs=1, snapshots=5, seed=0).counts == ready.counts


def test_combine_weighs_directions() -> None:
    center, context = np.array([[2.0, 0.0], [0.0, 0.0]]), np.array([[0.0, 5.0], [0.0, 3.0]])
    np.testing.assert_allclose(predicted.combine(center, context, 0), [[1, 0], [0, 0]])
    np.testing.assert_allclose(predicted.combine(center, context, 1), [[0.5**0.5, 0.5**0.5], [0, 1]])


def test_the_plan_is_even_in_the_logarithm() -> None:
    plan = snapshot_plan(10**9, 5)
    assert plan == [10**5, 10**6, 10**7, 10**8, 10**9]


def test_texts_that_cannot_be_used_are_named(tmp_path: Path) -> None:
    empty, latin = tmp_path / "empty.txt", tmp_path / "latin.txt"
    empty.write_text("= Title =\n\n", "utf-8")
    latin.write_bytes("caf\xe9 au lait".encode("latin-1"))
    for path, message in ((empty, "no sentence"), (latin, "not UTF-8"), (tmp_path / "gone.txt", "cannot be read")):
        with pytest.raises(InvalidText, match=message):
            shard_corpora([path], tmp_path, epochs=1, snapshots=5, seed=0)


def test_a_text_of_which_too_much_is_lost_is_refused_unless_told_otherwise(tmp_path: Path) -> None:
    text, said = tmp_path / "numbers.txt", list[str]()
    text.write_text("the cat 17 saw 4 of 9 dogs in 1999\n" * 20, "utf-8")
    with pytest.raises(InvalidText, match=r"numbers\.txt: 40% .*\(17, 4, 9, 1999\).*--keep digits.*--anyway"):
        shard_corpora([text], tmp_path, epochs=1, snapshots=5, seed=0)
    anyway = shard_corpora([text], tmp_path, TokenOptions(anyway=True), epochs=1, snapshots=5, seed=0, say=said.append)
    assert sum(anyway.counts.values()) == 120
    assert said[0].startswith("numbers.txt: 40%")
    digits = shard_corpora([text], tmp_path, TokenOptions(keep="digits"), epochs=1, snapshots=5, seed=0)
    assert sum(digits.counts.values()) == 200
    text.write_text("ID1 ID2 ID3\n" * 9, "utf-8")
    with pytest.raises(InvalidText, match=r"holds no sentence.*100%.*--keep digits keeps those with digits\.$"):
        shard_corpora([text], tmp_path, TokenOptions(anyway=True), epochs=1, snapshots=5, seed=0)


def test_each_text_is_read_by_the_rules_of_its_language(tmp_path: Path) -> None:
    french, english = tmp_path / "fr.txt", tmp_path / "en.txt"
    french.write_text("Le chat de la maison boit l'eau.\n" * 9, "utf-8")
    english.write_text("The cat of the king's house drinks.\n" * 9, "utf-8")
    counts = shard_corpora([french, english], tmp_path, epochs=1, snapshots=5, seed=0).counts
    assert counts["l'"] == counts["eau"] == counts["king"] == 9
    named = shard_corpora([french], tmp_path, TokenOptions(language="English"), epochs=1, snapshots=5, seed=0).counts
    assert named["l'eau"] == 9


@pytest.mark.parametrize("setting", [{"dimensions": 1}, {"window": 0}, {"epochs": 0}, {"learning_rate": 5.0}])
def test_settings_out_of_range_are_named(setting: dict[str, float]) -> None:
    with pytest.raises(InvalidSetting, match=next(iter(setting)).replace("_", " ")):
        Word2VecConfig(**setting)  # type: ignore[arg-type]


def test_the_engine_learns_what_gensim_learns(text: Path, tmp_path: Path) -> None:
    from gensim.models import Word2Vec

    ready = shard_corpora([text], tmp_path, epochs=1, snapshots=2, seed=0)
    whole = tmp_path / "whole.txt"
    whole.write_bytes(b"".join(shard.path.read_bytes() for shard in ready.shards))
    shard = Shard(whole, sum(ready.counts.values()))
    config = Word2VecConfig(dimensions=8, window=2, epochs=1, min_count=2, workers=1, seed=3)
    (checkpoint,) = train_word2vec([shard], ready.counts, config)
    model = Word2Vec(vector_size=8, window=2, negative=10, min_count=2, alpha=0.05, min_alpha=5e-5, epochs=1,
                     sample=1e-4, sg=0, seed=3, workers=1)  # fmt: skip
    model.build_vocab_from_freq(dict(ready.counts))
    model.train(corpus_file=str(whole), total_words=shard.words, epochs=1)
    np.testing.assert_array_equal(checkpoint.center, model.wv.vectors)


def test_movie_words_are_grouped_and_distinct() -> None:
    groups = predicted.read_movie_words(bundled.DATA / "movie_words.txt")
    assert 280 <= len(groups) <= 320
    assert {"king", "queen", "prince", "princess", "man", "woman"} <= set(groups)
    assert groups["monday"] == "days"
