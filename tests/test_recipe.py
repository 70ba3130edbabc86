"""The bundled vectors' recipe on a text of a few thousand words, and the tokenization it rests on."""

import bz2
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from embedlab import datasets, recipe
from embedlab.errors import InvalidSetting, InvalidText
from embedlab.pieces import checkpoint_plan, prepare_text
from embedlab.word2vec_engine import Piece, Word2VecConfig, train_word2vec


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


RUN = Word2VecConfig(dimensions=8, window=2, negatives=3, epochs=4, min_count=2, subsampling_threshold=0)
SMALL = recipe.Recipe(
    (RUN, replace(RUN, architecture="skip-gram", epochs=2, learning_rate=0.025)), dimensions=8, checkpoints=6
)


def test_everything_is_written_and_agrees(text: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    said: list[str] = []
    recipe.train_vectors([text], out, {"cat": "animals", "moon": "sky", "absent": "none"}, SMALL, say=said.append)
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
    assert card["words_read"] == (4 + 2) * card["texts"][0]["words"] == movie["words_seen"][-1]
    assert (np.diff(movie["words_seen"]) > 0).all()
    assert list(movie["words"]) == ["cat", "moon"]
    last = movie["vectors"][-1].astype(np.float32)
    last /= np.linalg.norm(last, axis=1, keepdims=True)
    shipped = matrix[[words.index("cat"), words.index("moon")]].astype(np.float32)
    np.testing.assert_allclose(last, shipped, atol=0.01)  # the movie ends where the vectors are
    assert sum("100.0%" in line for line in said) == 2


def test_one_worker_and_one_seed_give_the_same_bytes(text: Path, tmp_path: Path) -> None:
    for name in ("first", "second"):
        recipe.train_vectors([text], tmp_path / name, {"cat": "animals"}, SMALL)
    for file in ("words.txt", "matrix.npy", "counts.npy", "movie.npz"):
        assert (tmp_path / "first" / file).read_bytes() == (tmp_path / "second" / file).read_bytes(), file


def test_pieces_hold_the_whole_text_and_end_where_frames_are_due(text: Path, tmp_path: Path) -> None:
    ready = prepare_text([text], tmp_path, epochs=1, frames=5, seed=0)
    assert sum(piece.words for piece in ready.pieces) == sum(ready.counts.values())
    written = " ".join(piece.path.read_text("utf-8") for piece in ready.pieces).split()
    assert len(written) == sum(ready.counts.values())
    assert len(ready.pieces) == 5
    packed = tmp_path / "text.txt.bz2"
    packed.write_bytes(bz2.compress(text.read_bytes()))
    assert prepare_text([packed], tmp_path, epochs=1, frames=5, seed=0).counts == ready.counts


def test_combine_weighs_directions() -> None:
    center, context = np.array([[2.0, 0.0], [0.0, 0.0]]), np.array([[0.0, 5.0], [0.0, 3.0]])
    np.testing.assert_allclose(recipe.combine(center, context, 0), [[1, 0], [0, 0]])
    np.testing.assert_allclose(recipe.combine(center, context, 1), [[0.5**0.5, 0.5**0.5], [0, 1]])


def test_the_principal_map_keeps_all_or_the_longest_directions() -> None:
    rows = np.random.default_rng(0).normal(size=(200, 6)) * [9, 7, 5, 3, 2, 1]
    whole = rows @ recipe.principal_map(rows, 6, 0)
    np.testing.assert_allclose(whole @ whole.T, rows @ rows.T, atol=1e-9)  # a turn changes no similarity
    _, _, right = np.linalg.svd(rows, full_matrices=False)
    kept = rows @ right[:2].T
    np.testing.assert_allclose(np.abs(rows @ recipe.principal_map(rows, 2, 0)), np.abs(kept), atol=1e-9)
    white = rows @ recipe.principal_map(rows, 6, 0.5)
    np.testing.assert_allclose(white.T @ white / len(white), np.eye(6), atol=1e-9)


def test_runs_are_joined_at_the_same_part_of_their_training() -> None:
    def learned(share: list[float], dimension: int) -> recipe.Learned:
        frames = np.zeros((len(share), 1, 2))
        frames[:, 0, dimension] = share  # each frame says when it was taken
        return recipe.Learned(("a", "b"), np.eye(2), np.array(share), frames)

    asked = recipe.Recipe((RUN, RUN), (1.0, 0.5), dimensions=4, whitening=0)
    rows, share, frames = recipe.join([learned([0.01, 0.03, 0.5, 1], 0), learned([0.02, 0.4, 1], 1)], asked)
    assert share.tolist() == [0.01, 0.03, 0.5, 1]
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1)
    assert rows[0] @ rows[1] == pytest.approx(0)
    for frame, (first, second) in zip(frames, ([0.01, 0.02], [0.03, 0.02], [0.5, 0.4], [1, 1]), strict=True):
        # Cosine of the frame with word "a" (first half of every run) as if nothing had been turned.
        whole = np.array([first, 0, 0, 0.5 * second])
        assert frame[0] @ rows[0] == pytest.approx(whole @ [1, 0, 0.5, 0] / np.linalg.norm(whole) / 1.25**0.5)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"runs": (RUN,)}, "give each run one"),
        ({"runs": (RUN, replace(RUN, min_count=9))}, "same minimum count"),
        ({"runs": (RUN, RUN), "dimensions": 17}, "give 2 to 16"),
        ({"context_weight": 2.0}, "context weight 2"),
        ({"whitening": 0.6}, "whitening 0.6"),
        ({"size": 0}, "size 0"),
    ],
)
def test_recipes_that_cannot_be_are_refused(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidSetting, match=message):
        recipe.Recipe(**settings)


def test_a_run_is_read_from_its_settings() -> None:
    run, weight = recipe.read_run("skip-gram,window=5,learning_rate=0.03,weight=0.5")
    assert (run, weight) == (Word2VecConfig(architecture="skip-gram", window=5, learning_rate=0.03), 0.5)
    for text, message in (("cbow,depth=3", "depth=3"), ("cbow,window=wide", "window=wide"), ("glove", "not known")):
        with pytest.raises(InvalidSetting, match=message):
            recipe.read_run(text)


def test_the_plan_is_even_in_the_logarithm() -> None:
    plan = checkpoint_plan(10**9, 5)
    assert plan == [10**5, 10**6, 10**7, 10**8, 10**9]


def test_texts_that_cannot_be_used_are_named(tmp_path: Path) -> None:
    empty, latin = tmp_path / "empty.txt", tmp_path / "latin.txt"
    empty.write_text("= Title =\n\n", "utf-8")
    latin.write_bytes("caf\xe9 au lait".encode("latin-1"))
    for path, message in ((empty, "no sentence"), (latin, "not UTF-8"), (tmp_path / "gone.txt", "cannot be read")):
        with pytest.raises(InvalidText, match=message):
            prepare_text([path], tmp_path, epochs=1, frames=5, seed=0)


@pytest.mark.parametrize("setting", [{"dimensions": 1}, {"window": 0}, {"epochs": 0}, {"learning_rate": 5.0}])
def test_settings_out_of_range_are_named(setting: dict[str, float]) -> None:
    with pytest.raises(InvalidSetting, match=next(iter(setting)).replace("_", " ")):
        Word2VecConfig(**setting)  # type: ignore[arg-type]


def test_the_engine_learns_what_gensim_learns(text: Path, tmp_path: Path) -> None:
    from gensim.models import Word2Vec

    ready = prepare_text([text], tmp_path, epochs=1, frames=2, seed=0)
    whole = tmp_path / "whole.txt"
    whole.write_bytes(b"".join(piece.path.read_bytes() for piece in ready.pieces))
    piece = Piece(whole, sum(ready.counts.values()))
    config = Word2VecConfig(dimensions=8, window=2, epochs=1, min_count=2, workers=1, seed=3)
    (checkpoint,) = train_word2vec([piece], ready.counts, config)
    model = Word2Vec(vector_size=8, window=2, negative=10, min_count=2, alpha=0.05, min_alpha=5e-5, epochs=1,
                     sample=1e-4, sg=0, seed=3, workers=1)  # fmt: skip
    model.build_vocab_from_freq(dict(ready.counts))
    model.train(corpus_file=str(whole), total_words=piece.words, epochs=1)
    np.testing.assert_array_equal(checkpoint.center, model.wv.vectors)


def test_movie_words_are_grouped_and_distinct() -> None:
    groups = recipe.read_movie_words(datasets.DATA / "movie_words.txt")
    assert 280 <= len(groups) <= 320
    assert {"king", "queen", "prince", "princess", "man", "woman"} <= set(groups)
    assert groups["monday"] == "days"
