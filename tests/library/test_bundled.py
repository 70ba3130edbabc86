"""What ships in data/: every file registered, whole, and as good as its card says."""

import hashlib
import json

import numpy as np
import pytest

from embedlab.errors import EmbedlabError
from embedlab.library import bundled
from embedlab.recipes import predicted
from embedlab.vectors.queries import analogy, nearest_neighbors

NOT_DATA = {"README.md", "registry.json"}
CLASSICS = """
man king woman queen
france paris italy rome
walk walking swim swimming
big bigger small smaller
japan tokyo germany berlin
man brother woman sister
car cars dog dogs
go went see saw
spain spanish france french
good best bad worst
man uncle woman aunt
scientist einstein painter picasso
"""


def test_every_file_is_registered_and_whole() -> None:
    files = {str(path.relative_to(bundled.DATA)) for path in bundled.DATA.rglob("*") if path.is_file()} - NOT_DATA
    assert files == set(bundled.registry())
    for file, entry in bundled.registry().items():
        content = (bundled.DATA / file).read_bytes()
        assert hashlib.sha256(content).hexdigest() == entry["sha256"], f"sha256 of {file}"
        assert len(content) == entry["bytes"], f"bytes of {file}"
        assert all(entry[key].strip() for key in ("origin", "licence", "about"))


def test_the_size_stays_within_what_a_repository_should_carry() -> None:
    size = {file: entry["bytes"] for file, entry in bundled.registry().items()}
    assert sum(n for file, n in size.items() if file.startswith("vectors/") and "movie" not in file) <= 15_000_000
    assert size["vectors/movie.npz"] <= 4_000_000


def test_the_vectors_are_what_the_card_says() -> None:
    vectors, counts, card = bundled.bundled_vectors(), bundled.counts(), bundled.card()
    assert len(vectors) == len(counts) == card["recipe"]["size"] == 50_000
    assert vectors.dimensions == card["recipe"]["word2vec"]["dimensions"]
    assert (np.diff(counts) <= 0).all()
    assert vectors.unit is vectors.matrix  # one table in memory
    assert sum(text["words"] for text in card["texts"]) > 100_000_000
    found = predicted.scores(vectors)
    assert found == pytest.approx(dict(card["scores"]), abs=2e-3)
    assert found["google_analogies"] >= 0.68
    assert found["wordsim_353"] >= 0.71
    assert found["simlex_999"] >= 0.35


def test_ten_of_twelve_classic_analogies_come_first() -> None:
    vectors = bundled.bundled_vectors()
    questions = [line.split() for line in CLASSICS.split("\n") if line]
    right = [d for a, b, c, d in questions if analogy(vectors, [b, c], [a], 1)[0].word == d]
    assert len(right) >= 10, sorted({d for *_, d in questions} - set(right))
    assert "queen" in right


def test_no_number_crowds_a_neighborhood() -> None:
    vectors = bundled.bundled_vectors()
    assert all(word.replace("'", "").isalpha() for word in vectors.words)
    assert "queen" in [n.word for n in nearest_neighbors(vectors, "king", 20)]


def test_the_movie_ends_where_the_vectors_are() -> None:
    movie, vectors = bundled.movie(), bundled.bundled_vectors()
    assert 50 <= len(movie.words_seen) <= 70
    assert 280 <= len(movie.words) == len(movie.groups) <= 320
    assert movie.vectors.shape == (len(movie.words_seen), len(movie.words), vectors.dimensions)
    assert (np.diff(movie.words_seen) > 0).all()
    cosines = np.einsum("wd,wd->w", movie.vectors[-1], vectors.unit[vectors.rows(movie.words)])
    assert cosines.min() > 0.999
    early, late = (movie.vectors[i][[movie.words.index(w) for w in ("king", "queen")]] for i in (0, -1))
    assert late[0] @ late[1] > early[0] @ early[1]


def test_a_changed_file_is_not_served(tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "registry.json").write_text(json.dumps({"a.txt": {"sha256": hashlib.sha256(b"good").hexdigest()}}))
    (tmp_path / "a.txt").write_bytes(b"bad")
    monkeypatch.setattr(bundled, "DATA", tmp_path)
    bundled.registry.cache_clear()
    bundled.path.cache_clear()
    try:
        with pytest.raises(EmbedlabError, match="changed or cut off"):
            bundled.path("a.txt")
        (tmp_path / "a.txt").unlink()
        with pytest.raises(EmbedlabError, match="missing"):
            bundled.path("a.txt")
        with pytest.raises(EmbedlabError, match="not a bundled file"):
            bundled.path("../secret")
    finally:
        bundled.registry.cache_clear()
        bundled.path.cache_clear()
