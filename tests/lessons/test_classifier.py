"""The mean-of-embeddings classifier: against NumPy, against scikit-learn, and what may not move."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch

from embedlab.errors import InvalidSetting, TrainingError
from embedlab.lessons.transfer.baselines import STRENGTHS, TF_IDF, WORD_COUNTS, predict_by_baseline
from embedlab.lessons.transfer.classifier import CbowClassifier, ClassifierSnapshot, fit
from embedlab.lessons.transfer.config import STARTS, ClassifierConfig, Start
from embedlab.lessons.transfer.data.sentences import PAD, Row, Sentences, assemble, bundled_sentences
from embedlab.lessons.transfer.initialization import initial_table, known_vectors
from embedlab.lessons.transfer.learning_curves import at_once
from embedlab.lessons.transfer.predictions import TrainedClassifier
from embedlab.library.bundled import bundled_vectors
from embedlab.vectors.word_vectors import WordVectors

WORDS = [f"{a}{b}" for a in "bdfgklmnprst" for b in ("a", "e", "i", "o", "u")]
LABELS = ("no", "perhaps", "yes")


def made_sentences(count: int = 90, labels: Sequence[str] = LABELS, seed: int = 0) -> Sentences:
    """Sentences of 1 to 9 words whose label depends on which words they hold."""
    rng = np.random.default_rng(seed)
    rows: dict[str, Row] = {}
    while len(rows) < count:
        label = int(rng.integers(len(labels)))
        odds = np.where(np.arange(len(WORDS)) % len(labels) == label, 3.0, 1.0)
        words = rng.choice(WORDS, size=rng.integers(1, 10), p=odds / odds.sum())
        rows.setdefault(" ".join(words), Row(" ".join(words), labels[label]))
    return assemble("made up", rows.values())


@pytest.fixture(scope="module")
def sentences() -> Sentences:
    return made_sentences()


@pytest.fixture(scope="module")
def vectors() -> WordVectors:
    """Six dimensions, unit rows, for all words but every tenth."""
    known = [word for i, word in enumerate(WORDS) if i % 10]
    matrix = np.random.default_rng(1).standard_normal((len(known), 6))
    return WordVectors(known, matrix / np.linalg.norm(matrix, axis=1, keepdims=True), source="made up")


def last(snapshots: Iterator[ClassifierSnapshot]) -> ClassifierSnapshot:
    *_, end = snapshots
    return end


def train_one(
    sentences: Sentences, vectors: WordVectors, start: Start, *, size: int = 40, seed: int = 0, **settings: Any
) -> TrainedClassifier:
    config = ClassifierConfig(start=start, **settings)
    rows = sentences.rows("train")[:size]
    return last(fit(sentences, [rows], vectors, config, seeds=[seed])).kept_classifiers[0]


# The forward pass and the gradients


@pytest.mark.parametrize("hidden", [(), (5,), (5, 4)])
def test_the_forward_pass_equals_numpy(hidden: tuple[int, ...]) -> None:
    rng = np.random.default_rng(0)
    table = rng.standard_normal((9, 6)).astype(np.float32)
    table[0] = 0
    model = CbowClassifier(table, 3, ClassifierConfig(hidden=hidden), seeds=[3, 4])
    ids = np.array([[[1, 2, 2, 0], [3, 0, 0, 0]], [[8, 7, 6, 5], [4, 1, 0, 0]]])  # (S = 2, B = 2, L = 4)
    found = model(torch.from_numpy(ids)).detach().numpy()  # (2, 2, 3)
    for copy in range(2):
        for row in range(2):
            x = table[ids[copy, row][ids[copy, row] > 0]].mean(axis=0)
            for layer, (weight, bias) in enumerate(zip(model.weights, model.biases, strict=True)):
                x = np.maximum(x, 0) if layer else x
                x = x @ weight.detach().numpy()[copy] + bias.detach().numpy()[copy, 0]
            np.testing.assert_allclose(found[copy, row], x, rtol=1e-5, atol=1e-6)


def test_the_gradients_equal_the_formulas() -> None:
    rng = np.random.default_rng(0)
    table = rng.standard_normal((6, 4)).astype(np.float32)
    table[0] = 0
    model = CbowClassifier(table, 3, ClassifierConfig(), seeds=[0], penalty=0.1)
    ids, labels = np.array([[1, 2, 0], [3, 3, 4]]), np.array([2, 0])
    model.loss((torch.from_numpy(ids[None]), torch.from_numpy(labels[None]))).backward()
    weight, bias = model.weights[0].detach().numpy()[0], model.biases[0].detach().numpy()[0, 0]
    means = np.stack([table[[1, 2]].mean(0), table[[3, 3, 4]].mean(0)])  # (2, 4)
    odds = np.exp(means @ weight + bias)
    error = (odds / odds.sum(1, keepdims=True) - np.eye(3)[labels]) / 2  # (2, 3) d loss / d scores
    np.testing.assert_allclose(model.weights[0].grad[0], means.T @ error + 0.1 * weight, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(model.biases[0].grad[0, 0], error.sum(0), rtol=1e-4, atol=1e-6)
    wanted = np.zeros_like(table)
    back = error @ weight.T  # (2, 4)
    for row, length, words in ((0, 2, [1, 2]), (1, 3, [3, 3, 4])):
        for word in words:
            wanted[word] += back[row] / length
    np.testing.assert_allclose(model.embedding.grad, wanted, rtol=1e-4, atol=1e-6)


def test_padding_does_not_change_the_mean(sentences: Sentences, vectors: WordVectors) -> None:
    model = CbowClassifier(np.eye(5, 3, dtype=np.float32), 2, ClassifierConfig(), seeds=[0])
    short, long = torch.tensor([[[1, 2]]]), torch.tensor([[[1, 2, 0, 0, 0]]])
    assert torch.equal(model(short), model(long))
    found = train_one(sentences, vectors, "fine-tuned")
    wide = np.pad(sentences.ids, ((0, 0), (0, 7)), constant_values=PAD)
    np.testing.assert_array_equal(found.means(sentences.ids), found.means(wide))
    one = found.means(np.array([[4, 9, PAD], [4, PAD, PAD], [PAD, PAD, PAD]]))
    np.testing.assert_allclose(one[0], (found.embeddings[4] + found.embeddings[9]) / 2, rtol=1e-6)
    np.testing.assert_array_equal(one[1], found.embeddings[4])
    assert not one[2].any()


def test_dropout_leaves_out_about_the_asked_share_and_never_all_words() -> None:
    config = ClassifierConfig(word_dropout=0.4)
    model = CbowClassifier(np.ones((2, 3), np.float32), 2, config, seeds=[0, 1])
    ids = torch.ones(2, 2_000, 5, dtype=torch.int64)
    kept = model._drop(ids).numpy()
    assert kept.any(axis=-1).all()
    # Sentences that would lose everything (0.4^5 = 1%) stay whole. Six standard errors: 6 * sqrt(.24 / 20,000) = .021.
    assert (kept == 0).mean() == pytest.approx(0.4 - 5 * 0.4**5 / 5, abs=0.021)
    assert (kept[0] != kept[1]).any()
    model.eval()
    assert torch.equal(model(ids), model(ids))


# What may move


@pytest.mark.parametrize("hidden", [(), (8,)])
def test_frozen_rows_do_not_change_by_one_bit(
    sentences: Sentences, vectors: WordVectors, hidden: tuple[int, ...]
) -> None:
    found = train_one(sentences, vectors, "frozen", hidden=hidden)
    wanted = initial_table("frozen", sentences, vectors, seed=0).matrix
    assert found.embeddings.tobytes() == wanted.tobytes()
    assert any(np.abs(weight).max() > 0 for weight, _ in found.layers)


@pytest.mark.parametrize("start", ["scratch", "fine-tuned"])
def test_rows_of_unseen_words_do_not_change_by_one_bit(
    sentences: Sentences, vectors: WordVectors, start: Start
) -> None:
    found = train_one(sentences, vectors, start, size=12, word_dropout=0.2, early_stopping=False)
    wanted = initial_table(start, sentences, vectors, seed=0).matrix
    unseen = ~sentences.seen(sentences.rows("train")[:12])
    assert 0 < unseen.sum() < len(unseen)
    assert found.embeddings[unseen].tobytes() == wanted[unseen].tobytes()
    assert (found.embeddings[~unseen] != wanted[~unseen]).any(axis=1).all(), "a seen word did not move"


def test_only_the_initial_matrix_and_learning_differ(sentences: Sentences, vectors: WordVectors) -> None:
    tuned, frozen = (initial_table(start, sentences, vectors, seed=0) for start in ("fine-tuned", "frozen"))
    assert tuned.matrix.tobytes() == frozen.matrix.tobytes()
    known = np.array([word in vectors for word in sentences.vocabulary.words])
    assert not tuned.matrix[~known].any()
    assert np.mean(tuned.matrix[known] ** 2) == pytest.approx(1, rel=1e-5)
    row = int(np.flatnonzero(known)[0])
    np.testing.assert_allclose(tuned.matrix[row], vectors[sentences.vocabulary.words[row]] * tuned.scale, rtol=1e-6)
    scratch = initial_table("scratch", sentences, vectors, seed=0).matrix
    assert scratch.shape == tuned.matrix.shape
    assert scratch.any(axis=1).all()
    models = [CbowClassifier(tuned.matrix, 3, ClassifierConfig(start=start), seeds=[5]) for start in STARTS]
    assert [model.embedding.requires_grad for model in models] == [True, True, False]
    assert all(torch.equal(models[0].weights[0], model.weights[0]) for model in models)


# Seeds


@pytest.mark.parametrize("start", STARTS)
def test_the_same_seed_gives_the_same_bytes(sentences: Sentences, vectors: WordVectors, start: Start) -> None:
    first, again, other = (train_one(sentences, vectors, start, seed=s, word_dropout=0.1) for s in (1, 1, 2))
    assert first.embeddings.tobytes() == again.embeddings.tobytes()
    assert first.layers[0][0].tobytes() == again.layers[0][0].tobytes() != other.layers[0][0].tobytes()


@pytest.mark.parametrize("start", STARTS)
def test_runs_trained_at_once_equal_runs_trained_alone(
    sentences: Sentences, vectors: WordVectors, start: Start
) -> None:
    config = ClassifierConfig(start=start, hidden=(4,), word_dropout=0.2, least_updates=40)
    rows = [np.random.default_rng(seed).permutation(sentences.rows("train"))[:20] for seed in range(3)]
    together = last(fit(sentences, rows, vectors, config, seeds=range(3)))
    for seed in range(3):
        alone = last(fit(sentences, [rows[seed]], vectors, config, seeds=[seed])).kept_classifiers[0]
        found = together.kept_classifiers[seed]
        np.testing.assert_allclose(found.embeddings, alone.embeddings, rtol=1e-3, atol=1e-5)
        assert (found.predict(sentences.ids) == alone.predict(sentences.ids)).all()


def test_a_run_keeps_what_it_would_keep_alone_however_long_the_others_go_on() -> None:
    sentences = bundled_sentences()
    known, config = known_vectors(sentences, bundled_vectors()), ClassifierConfig(start="frozen")
    random = np.random.default_rng(1)
    rows = [random.permutation(sentences.rows("train"))[:200] for _ in range(8)]
    together = last(fit(sentences, rows, known, config, seeds=range(8)))
    alone = [last(fit(sentences, [part], known, config, seeds=[seed])) for seed, part in enumerate(rows)]
    assert len({one.update for one in alone}) > 1, "they stop at different times"
    assert [state.update for state in together.kept] == [one.kept[0].update for one in alone]


def test_groups_shrink_as_tables_grow(sentences: Sentences, vectors: WordVectors) -> None:
    assert at_once(sentences, vectors, 50, 5) == 5
    large = WordVectors(["a"], np.ones((1, 60_000)), source="made up")
    assert at_once(sentences, large, 50, 5) == 1


# Against scikit-learn


@pytest.mark.parametrize("labels", [("no", "yes"), LABELS])
def test_frozen_training_reaches_scikit_learns_optimum(vectors: WordVectors, labels: tuple[str, ...]) -> None:
    from sklearn.linear_model import LogisticRegression

    sentences = made_sentences(120, labels)
    rows, penalty = sentences.rows("train"), 0.02
    config = ClassifierConfig(
        start="frozen", penalty=penalty, batch=len(rows), epochs=1, least_updates=800, learning_rate=0.05,
        early_stopping=False,
    )  # fmt: skip
    found = last(fit(sentences, [rows], vectors, config, seeds=[0])).kept_classifiers[0]
    means, right = found.means(sentences.ids[rows]), sentences.label_ids[rows]
    # Ours: mean loss + l/2 of the squares of C columns. scikit-learn with C labels: sum + squares / (2 C); with two
    # labels it has one column, the difference of ours, and the best split of a difference halves its squares.
    strength = 1 / (penalty * len(rows)) * (2 if len(labels) == 2 else 1)
    model = LogisticRegression(C=strength, tol=1e-10, max_iter=10_000).fit(means, right)
    weight, bias = found.layers[0]
    if len(labels) == 2:
        ours, ours_bias = (weight[:, 1] - weight[:, 0])[None], (bias[1] - bias[0])[None]
    else:
        ours, ours_bias = (weight - weight.mean(1, keepdims=True)).T, bias - bias.mean()
    np.testing.assert_allclose(ours, model.coef_, atol=2e-3)
    np.testing.assert_allclose(ours_bias, model.intercept_, atol=2e-3)
    np.testing.assert_allclose(found.probabilities(sentences.ids[rows]), model.predict_proba(means), atol=1e-3)


@pytest.mark.parametrize("labels", [("no", "yes"), LABELS])
@pytest.mark.parametrize("method", [WORD_COUNTS, TF_IDF])
def test_baselines_are_the_formulas_written_out(method: str, labels: tuple[str, ...]) -> None:
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import log_loss

    sentences = made_sentences(150, labels)
    rows, test = sentences.rows("train"), sentences.rows("test")

    def features(tokens: Sequence[str]) -> list[str]:
        return [*tokens, *(map(" ".join, pairwise(tokens)) if method == TF_IDF else ())]

    bags = [Counter(features(tokens)) for tokens in sentences.tokens]
    columns = sorted(set().union(*(bags[row] for row in rows)))
    counts = np.array([[bag[feature] for feature in columns] for bag in bags], dtype=float)  # (N, F)
    if method == TF_IDF:
        holding = (counts[rows] > 0).sum(axis=0)
        idf = np.log((1 + len(rows)) / (1 + holding)) + 1
        counts = np.where(counts > 0, 1 + np.log(np.maximum(counts, 1)), 0) * idf
        counts /= np.maximum(np.linalg.norm(counts, axis=1, keepdims=True), 1e-12)
    held_out = sentences.rows("validation")
    models = [
        LogisticRegression(C=strength, tol=1e-10, max_iter=10_000).fit(counts[rows], sentences.label_ids[rows])
        for strength in STRENGTHS
    ]
    losses = [log_loss(sentences.label_ids[held_out], model.predict_proba(counts[held_out])) for model in models]
    wanted = models[int(np.argmin(losses))]
    odds = np.sort(wanted.predict_proba(counts[test]), axis=1)
    sure = odds[:, -1] - odds[:, -2] > 1e-3  # on the edge, another stop of the optimizer may decide otherwise
    found = predict_by_baseline(method, sentences, rows)
    assert sure.sum() > 20
    np.testing.assert_array_equal(found[sure], wanted.predict(counts[test])[sure])
    np.testing.assert_array_equal(found, predict_by_baseline(method, sentences, rows))


def test_baselines_know_only_the_words_that_have_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = made_sentences(60).rows("train")
    every = predict_by_baseline(WORD_COUNTS, made_sentences(60), rows)
    monkeypatch.setattr("embedlab.lessons.transfer.data.sentences.MAX_VOCABULARY", 1)
    assert (every != predict_by_baseline(WORD_COUNTS, made_sentences(60), rows)).any()


# Learning at all, and errors


@pytest.mark.parametrize("start", STARTS)
def test_every_start_learns_what_can_be_learned(sentences: Sentences, vectors: WordVectors, start: Start) -> None:
    rows = sentences.rows("train")
    found = train_one(sentences, vectors, start, size=len(rows), least_updates=300)
    guessing = np.bincount(sentences.label_ids[rows]).max() / len(rows)
    assert found.accuracy(sentences.ids[rows], sentences.label_ids[rows]) > guessing + 0.1


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"start": "borrowed"}, "scratch, fine-tuned, frozen"),
        ({"hidden": (8, 8, 8)}, "from 0 to 2"),
        ({"hidden": (0,)}, "from 1 to 512"),
        ({"epochs": 0}, "epochs must be from 1 to 500; 0 is not"),
        ({"batch": 5_000}, "batch must be from 1 to 1,024; 5,000 is not"),
        ({"word_dropout": 1.0}, "word dropout must be from 0 to 0.9; 1 is not"),
        ({"penalty": float("nan")}, "penalty must be from 0 to 100; nan is not"),
    ],
)
def test_settings_outside_their_range_are_refused(settings: dict, said: str) -> None:
    with pytest.raises(InvalidSetting, match=said):
        ClassifierConfig(**settings)


def test_a_learning_rate_that_diverges_is_named(sentences: Sentences, vectors: WordVectors) -> None:
    with pytest.raises(TrainingError, match="learning rate"):
        train_one(sentences, vectors, "fine-tuned", learning_rate=1e4)
    with pytest.raises(InvalidSetting, match="learning rate"):
        train_one(sentences, vectors, "fine-tuned", learning_rate=-1.0)


def test_runs_that_do_not_fit_together_are_refused(sentences: Sentences, vectors: WordVectors) -> None:
    rows = sentences.rows("train")
    with pytest.raises(InvalidSetting, match="equally many"):
        next(fit(sentences, [rows[:5], rows[:6]], vectors, ClassifierConfig(), seeds=[0, 1]))
    with pytest.raises(InvalidSetting, match="from 1 to 20"):
        next(fit(sentences, [], vectors, ClassifierConfig(), seeds=[]))


def test_what_is_handed_out_cannot_be_changed(sentences: Sentences, vectors: WordVectors) -> None:
    found = train_one(sentences, vectors, "fine-tuned")
    for array in (found.initial, found.embeddings, *found.layers[0]):
        with pytest.raises(ValueError, match="read-only"):
            array[:] = 0
    assert replace(found, start="frozen").embeddings is found.embeddings
