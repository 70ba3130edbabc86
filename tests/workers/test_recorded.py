"""Recorded runs: every page's default has one, it is what training gives today, and a run comes back as it was."""

from pathlib import Path

import numpy as np
import pytest

from embedlab.comparison.overlap import neighbor_overlap
from embedlab.lessons.counting.cooccurrence import cooccurrence, most_surprising, ppmi, svd_vectors
from embedlab.lessons.counting.count_and_predict import score
from embedlab.lessons.ten_words.config import TenWordsConfig
from embedlab.lessons.ten_words.tagged_text import TEN_WORDS, read_tagged
from embedlab.lessons.ten_words.training import run
from embedlab.lessons.transfer.bundled import bundled_three_starts
from embedlab.lessons.transfer.data.sentences import bundled_sentences
from embedlab.lessons.transfer.initialization import known_vectors
from embedlab.lessons.transfer.three_starts import ThreeStartsConfig, run_three_starts
from embedlab.library import bundled
from embedlab.recipes import runs
from embedlab.text.small_world import make_world
from embedlab.text.sources import prepare
from embedlab.ui.count_or_predict import form as count_or_predict
from embedlab.ui.word2vec import form as word2vec
from embedlab.workers import recorded


def test_word2vec_and_count_or_predict_open_with_their_records() -> None:
    settings = word2vec._read(word2vec.Settings())
    snapshots = recorded.find("word2vec", settings.key)
    assert snapshots is not None
    assert len(snapshots) == 31
    assert [bool(snapshot.tables) for snapshot in snapshots] == [False] * 30 + [True]
    assert recorded.find("count_or_predict", count_or_predict.Settings().key) is not None
    assert recorded.find("word2vec", f"{settings.key} ") is None
    assert recorded.find("nothing", "") is None


def test_the_record_of_ten_words_is_what_training_gives() -> None:
    config = TenWordsConfig()
    found = recorded.find("ten_words", f"ten words {TEN_WORDS} {config}")
    assert found is not None
    trained = run(read_tagged(TEN_WORDS), config)
    np.testing.assert_allclose(found[-1].embeddings, trained.embeddings, atol=1e-4)
    assert found[-1].first_perfect() == trained.first_perfect()
    endings = recorded.find("ten_words_gallery", f"ten words {TEN_WORDS} {config} {runs.GALLERY}")
    assert endings is not None
    assert endings[-1][0].first_perfect == trained.first_perfect()
    np.testing.assert_allclose(endings[-1][0].run.embeddings[0], trained.embeddings[-1], atol=1e-4)


def test_three_starts_begin_where_they_began_and_end_where_training_ends() -> None:
    sentences, vectors = bundled_sentences(), bundled.bundled_vectors()
    config = ThreeStartsConfig(size=len(sentences.rows("train")))
    found = bundled_three_starts(vectors, config)
    assert found is not None
    assert found.complete
    assert bundled_three_starts(vectors, ThreeStartsConfig(size=50)) is None
    *_, trained = run_three_starts(sentences, known_vectors(sentences, vectors), config)
    for ours, theirs in zip(found.runs, trained.runs, strict=True):
        assert ours.start == theirs.start
        assert ours.classifier.initial.tobytes() == theirs.classifier.initial.tobytes()
        np.testing.assert_allclose(ours.classifier.embeddings, theirs.classifier.embeddings, atol=4e-3)
        assert (ours.predicted == theirs.predicted).mean() > 0.99
        np.testing.assert_allclose(ours.validation_losses, theirs.validation_losses, atol=1e-3)
        assert (ours.classifier.pretrained is vectors) == (ours.start != "scratch")


def test_the_record_of_count_or_predict_is_what_counting_and_scoring_give() -> None:
    settings = count_or_predict.Settings()
    found = recorded.find("count_or_predict", settings.key)
    assert found is not None
    both, config, text = found[-1], settings.config.counts, prepare(settings.choice)
    truth = make_world(settings.choice.world_words, settings.choice.world_seed).analogies
    counts = cooccurrence(text, config.window, config.weighting)
    table = ppmi(counts, config.shift, config.exponent)
    assert (counts != both.counts).nnz == 0
    np.testing.assert_allclose((table - both.table).toarray(), 0, atol=1e-9)
    counted = svd_vectors(
        table, text.vocabulary, dimensions=config.dimensions, power=config.power, seed=config.seed,
        source=both.counted.source,
    )  # fmt: skip
    assert both.counted.words == both.predicted.words == text.vocabulary.words
    # Another machine's SVD may turn a direction around, which no cosine shows.
    np.testing.assert_allclose(counted.unit @ counted.unit.T, both.counted.unit @ both.counted.unit.T, atol=1e-3)
    # Skip-gram takes seconds: only its scores are computed again here, it itself by `-m long`.
    for vectors, known in zip((both.counted, both.predicted), both.scores, strict=True):
        again = score(vectors, truth)
        assert (again.test, again.covered, again.total) == (known.test, known.covered, known.total)
        assert again.value == pytest.approx(known.value, abs=0.01)
    overlap = neighbor_overlap(both.counted, both.predicted, 10, text.vocabulary.words[: len(both.overlap)])
    assert overlap.keys() == both.overlap.keys()
    assert both.agreement == pytest.approx(np.mean(list(overlap.values())), abs=0.01)
    again_surprising = most_surprising(both.counts, both.table, text.vocabulary)
    assert [pair[:2] for pair in both.surprising] == [pair[:2] for pair in again_surprising]


def test_the_record_of_compare_names_both_sets_and_answers_for_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    record = recorded.read(bundled.DATA / "runs/compare.gz")
    for file in ("vectors/matrix.npy", "vectors/words.txt", "counted/matrix.npy", "counted/words.txt"):
        assert bundled.registry()[file]["sha256"] in record.key
    other = dict(bundled.registry()) | {"counted/matrix.npy": {"sha256": "0" * 64}}
    monkeypatch.setattr(bundled, "registry", lambda: other)
    assert recorded.find("compare", f"compare {recorded.shipped_sets()} {runs.NEIGHBORS} {runs.RANKED}") is None


def test_the_record_of_compare_is_what_ranking_gives() -> None:
    blocks = recorded.find("compare", f"compare {recorded.shipped_sets()} {runs.NEIGHBORS} {runs.RANKED}")
    assert blocks is not None
    first, second = bundled.bundled_vectors(), bundled.counted_vectors()
    some = first.words[:300]
    again = neighbor_overlap(first, second, runs.NEIGHBORS, some)
    np.testing.assert_allclose(np.concatenate(blocks)[:300], [again[word] for word in some], atol=0.11)  # one neighbor
    assert np.concatenate(blocks)[:300].mean() == pytest.approx(np.mean(list(again.values())), abs=1e-3)


def test_a_run_comes_back_as_it_was_and_the_same_run_gives_the_same_bytes(tmp_path: Path) -> None:
    trained = run(read_tagged(TEN_WORDS), TenWordsConfig(epochs=5))
    for name in ("a", "b"):
        recorded.write(tmp_path / name, "five epochs", ["before", trained])
    key, (first, last) = recorded.read(tmp_path / "a")
    assert (key, first) == ("five epochs", "before")
    assert last.embeddings.tobytes() == trained.embeddings.tobytes()
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.long
def test_the_records_are_made_again_by_their_command(tmp_path: Path) -> None:
    runs.record_runs(tmp_path, say=lambda line: None)
    for record in runs.RUNS:
        known, again = (recorded.read(folder / f"{record.__name__}.gz") for folder in (bundled.DATA / "runs", tmp_path))
        assert again.key == known.key
        assert len(again.snapshots) == len(known.snapshots)
    known, again = (recorded.read(folder / "word2vec.gz") for folder in (bundled.DATA / "runs", tmp_path))
    np.testing.assert_allclose(again.snapshots[-1].losses, known.snapshots[-1].losses, rtol=1e-2)
    assert again.snapshots[-1].truths == pytest.approx(known.snapshots[-1].truths, abs=0.05)
    known, again = (recorded.read(folder / "count_or_predict.gz") for folder in (bundled.DATA / "runs", tmp_path))
    assert again.snapshots[-1].agreement == pytest.approx(known.snapshots[-1].agreement, abs=0.05)
    for ours, theirs in zip(again.snapshots[-1].scores, known.snapshots[-1].scores, strict=True):
        assert ours.value == pytest.approx(theirs.value, abs=0.05)
