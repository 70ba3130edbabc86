"""Counts, PPMI and vectors of counts against dense and obvious versions of the same."""

import itertools

import numpy as np
import pytest
from scipy import sparse

from embedlab.comparison import overlap
from embedlab.errors import InvalidSetting, UnknownWord
from embedlab.evaluation import scores
from embedlab.lessons.counting import cooccurrence as module
from embedlab.lessons.counting.cooccurrence import (
    CountConfig,
    block,
    cooccurrence,
    lift,
    most_surprising,
    pair_weights,
    ppmi,
    svd_vectors,
)
from embedlab.lessons.counting.count_and_predict import (
    MEASURES,
    Both,
    BothConfig,
    Measure,
    apart,
    count_and_predict,
    most_beside,
    tables,
)
from embedlab.lessons.word2vec.pairs import PairConfig, window_pairs
from embedlab.text.corpus import Corpus, encode, with_boundaries
from embedlab.text.small_world import make_world
from embedlab.vectors import queries


@pytest.fixture(scope="module")
def text() -> Corpus:
    generator = np.random.default_rng(0)
    words = [f"w{letter}" for letter in "abcdefghijklmno"]
    return encode([generator.choice(words, int(generator.integers(2, 12))).tolist() for _ in range(80)], "drawn")


def obvious_counts(text: Corpus, window: int, weights: np.ndarray) -> np.ndarray:
    """Two loops and an if."""
    size, found = len(text.vocabulary), np.zeros((len(text.vocabulary),) * 2)
    for i in range(len(text)):
        for j in range(len(text)):
            if 0 < abs(i - j) <= window and text.sentences[i] == text.sentences[j]:
                found[text.ids[i], text.ids[j]] += weights[abs(i - j) - 1]
    assert found.shape == (size, size)
    return found


@pytest.mark.parametrize("weighting", ["flat", "linear", "harmonic"])
@pytest.mark.parametrize("window", [1, 4])
def test_counts_are_those_of_two_loops_and_an_if(text: Corpus, window: int, weighting: module.Weighting) -> None:
    found = cooccurrence(text, window, weighting)
    assert sparse.issparse(found)
    np.testing.assert_allclose(
        found.toarray(), obvious_counts(text, window, pair_weights(window, weighting)), rtol=1e-5
    )


def test_counting_in_chunks_loses_no_pair_at_their_edges(text: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = cooccurrence(text, 4).toarray()
    for chunk in (1, 3, 7, 100):
        monkeypatch.setattr(module, "_CHUNK", chunk)
        np.testing.assert_allclose(cooccurrence(text, 4).toarray(), whole, rtol=1e-5)


def test_linear_weights_are_what_dynamic_windows_come_to(text: Corpus) -> None:
    generator = np.random.default_rng(1)
    size, rounds = len(text.vocabulary), 300
    found = np.zeros((size, size))
    for _ in range(rounds):
        a, b = window_pairs(text.sentences, generator.integers(1, PairConfig().window + 1, len(text)))
        np.add.at(found, (text.ids[a], text.ids[b]), 1)
    # About 8 per cell and round: the mean of 300 rounds strays by less than 5% with five standard deviations.
    np.testing.assert_allclose(found.sum(axis=1) / rounds, cooccurrence(text, 5).toarray().sum(axis=1), rtol=0.05)


@pytest.mark.parametrize("shift", [1.0, 5.0])
@pytest.mark.parametrize("exponent", [1.0, 0.75])
def test_ppmi_is_that_of_a_dense_computation(text: Corpus, shift: float, exponent: float) -> None:
    counts = cooccurrence(text, 3)
    dense = counts.toarray().astype(float)
    p_row = dense.sum(axis=1) / dense.sum()
    p_column = dense.sum(axis=0) ** exponent / (dense.sum(axis=0) ** exponent).sum()
    with np.errstate(divide="ignore"):
        expected = np.maximum(np.log(dense / dense.sum() / np.outer(p_row, p_column)) - np.log(shift), 0)
    found = ppmi(counts, shift, exponent)
    np.testing.assert_allclose(found.toarray(), expected, atol=1e-5)
    assert found.nnz == (expected > 0).sum()  # zeros take no memory
    for a, b in np.argwhere(expected):
        assert lift(found[a, b], shift) == pytest.approx(dense[a, b] / dense.sum() / p_row[a] / p_column[b], rel=1e-5)


def test_vectors_of_all_dimensions_give_the_table_back(text: Corpus) -> None:
    table = ppmi(cooccurrence(text))
    size = len(text.vocabulary)
    vectors = svd_vectors(table, text.vocabulary, dimensions=size, power=1.0, source="test")
    dense = table.toarray().astype(float)
    np.testing.assert_allclose(vectors.matrix @ vectors.matrix.T, dense @ dense.T, atol=1e-3)
    flat = svd_vectors(table, text.vocabulary, dimensions=4, power=0.0, source="test")
    np.testing.assert_allclose(flat.matrix.T @ flat.matrix, np.eye(4), atol=1e-5)


def test_the_iterated_decomposition_agrees_with_the_exact_one(monkeypatch: pytest.MonkeyPatch) -> None:
    text = encode(make_world(20_000).sentences, "the small world")
    table = ppmi(cooccurrence(text), exponent=0.75)
    exact = svd_vectors(table, text.vocabulary, dimensions=16, source="exact")
    monkeypatch.setattr(module, "_DENSE", 10)
    found = svd_vectors(table, text.vocabulary, dimensions=16, source="iterated")
    again = svd_vectors(table, text.vocabulary, dimensions=16, source="iterated")
    assert found.matrix.tobytes() == again.matrix.tobytes()
    np.testing.assert_allclose(found.unit @ found.unit.T, exact.unit @ exact.unit.T, atol=1e-3)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_counting_alone_learns_the_known_truth(seed: int) -> None:
    world = make_world(40_000, seed)
    text = encode(world.sentences, "the small world")
    table = ppmi(cooccurrence(text), exponent=0.75)
    vectors = svd_vectors(table, text.vocabulary, dimensions=64, source="counts")
    assert scores.analogy_accuracy(vectors, world.analogies).overall.accuracy >= 0.95
    nearest = queries.nearest_neighbors(vectors, "paris", 1)[0].word
    assert nearest in {"france", "french", "baguette", "seine"} or world.groups[nearest] == "capitals"


def test_the_most_surprising_pairs_are_the_highest_ones(text: Corpus) -> None:
    counts = cooccurrence(text)
    table = ppmi(counts)
    found = most_surprising(counts, table, text.vocabulary, least=2, k=5)
    dense, seen = table.toarray(), counts.toarray()
    index = text.vocabulary.index
    best = sorted((dense[i, j] for i in range(15) for j in range(i) if seen[i, j] >= 2), reverse=True)[:5]
    assert [pair.ppmi for pair in found] == pytest.approx(best)
    for pair in found:
        assert seen[index[pair.word], index[pair.other]] == pytest.approx(pair.counted)
    rows = [index[found[0].word], index[found[0].other]]
    assert block(table, rows[:1], rows)[0, 1] == pytest.approx(found[0].ppmi)


@pytest.mark.parametrize(
    ("changed", "allowed"),
    [({"window": 0}, "1 to 50"), ({"shift": 0.5}, "1 to 100"), ({"power": 2}, "0 to 1"), ({"weighting": "x"}, "flat")],
)
def test_settings_out_of_range_are_named(changed: dict, allowed: str) -> None:
    with pytest.raises(InvalidSetting, match=allowed):
        CountConfig(**changed)


def test_too_many_dimensions_are_refused(text: Corpus) -> None:
    with pytest.raises(InvalidSetting, match="too many for 15 words"):
        svd_vectors(ppmi(cooccurrence(text)), text.vocabulary, dimensions=16, source="test")


def test_counts_of_two_sentences_between_boundaries_are_those_of_a_loop() -> None:
    sentences = [["one", "small", "step", "leads", "to", "one", "large", "step"], ["small", "steps", "lead", "far"]]
    text = with_boundaries(encode(sentences, "two"))
    words = text.vocabulary.words
    expected = np.zeros((len(words), len(words)))
    for sentence in sentences:
        ids = [words.index(word) for word in ["<s>", *sentence, "</s>"]]
        for i, j in itertools.product(range(len(ids)), repeat=2):
            expected[ids[i], ids[j]] += abs(i - j) == 1
    assert (cooccurrence(text, 1, "flat").toarray() == expected).all()


@pytest.mark.parametrize("measure", MEASURES[1:])
def test_counts_can_be_decomposed_where_no_pair_is_above_the_shift(measure: Measure, text: Corpus) -> None:
    *_, both = count_and_predict(text, BothConfig(CountConfig(dimensions=4, shift=100), passes=1, measure=measure))
    assert isinstance(both, Both)
    assert (both.table.nnz, both.surprising) == (0, ())


@pytest.mark.parametrize("measure", MEASURES)
def test_what_is_asked_for_is_decomposed(measure: Measure, text: Corpus) -> None:
    config = BothConfig(CountConfig(dimensions=4, power=1), passes=1, measure=measure)
    *_, both = count_and_predict(text, config)
    assert isinstance(both, Both)
    counts = both.counts.toarray().astype(np.float64)
    table = {"PPMI": both.table.toarray(), "log counts": np.log1p(counts), "counts": counts}[measure]
    left, values, _ = np.linalg.svd(table.astype(np.float64))
    gram = left[:, :4] * values[:4]
    np.testing.assert_allclose(both.counted.matrix @ both.counted.matrix.T, gram @ gram.T, rtol=1e-4, atol=1e-4)
    with pytest.raises(InvalidSetting, match="log counts"):
        BothConfig(measure="logs")  # type: ignore[arg-type]


def test_both_ways_are_compared_on_one_text() -> None:
    world = make_world(20_000)
    text = encode(world.sentences, "the small world")
    config = BothConfig(CountConfig(dimensions=48), passes=2)
    snapshots = list(count_and_predict(text, config, world.analogies))
    assert len(snapshots) == config.snapshots(text)
    both = snapshots[-1]
    assert isinstance(both, Both)
    assert all(isinstance(stage, str) for stage in snapshots[:-1])
    assert both.counted.words == both.predicted.words == text.vocabulary.words
    assert both.counted.dimensions == both.predicted.dimensions == 48
    assert set(both.seconds) == {"counts", "PPMI", "SVD", "skip-gram"}
    assert both.scores[0].value == scores.analogy_accuracy(both.counted, world.analogies).overall.accuracy
    expected = overlap.neighbor_overlap(both.counted, both.predicted, 10)
    assert both.agreement == pytest.approx(np.mean(list(expected.values())))
    assert both.agreement > 0.3  # ten of 229 words by chance: 0.04
    words, neighbors = ["queen", "paris", "apple"], ["crown", "french"]
    found = tables(both, words, neighbors)
    for i, word in enumerate(words):
        for j, other in enumerate(neighbors):
            at = text.vocabulary.words.index(word), text.vocabulary.words.index(other)
            assert (found.counts[i, j], found.ppmi[i, j]) == (both.counts[at], both.table[at])
        for cosines, space in ((found.counted, both.counted), (found.predicted, both.predicted)):
            assert cosines[i] == pytest.approx([queries.similarity(space, word, other) for other in words], abs=1e-6)
    with pytest.raises(UnknownWord, match=r"nosuch.*neither"):
        tables(both, ["queen", "nosuch"], ["neither"])
    king = both.counted.index["king"]
    for table, word in zip((both.counts, both.table), most_beside(both, "king"), strict=True):
        assert table[king, both.counted.index[word]] == max(table[king, other] for other in range(len(both.counted)))
    with pytest.raises(UnknownWord, match="nosuch"):
        most_beside(both, "nosuch")
    least = apart(both, 3)
    assert max(both.overlap[word] for word in least) <= min(both.overlap[w] for w in both.overlap if w not in least)
