"""Skip-gram: losses by hand, gradients against PyTorch's own, and worlds that are really learned."""

import bz2
import math
from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np
import pytest
import torch

from embedlab.errors import TrainingError, UnknownWord
from embedlab.evaluation import scores as evaluation_scores
from embedlab.lessons.word2vec import windows
from embedlab.lessons.word2vec.config import RunConfig
from embedlab.lessons.word2vec.methods import train_with
from embedlab.lessons.word2vec.pairs import NoisyPairs, PairConfig, Pairs
from embedlab.lessons.word2vec.run import followed_words, not_watched, run, validation_words, with_words
from embedlab.lessons.word2vec.skip_gram import SkipGramNegativeSampling, SkipGramSoftmax, SkipGramWindows, windows_loss
from embedlab.lessons.word2vec.windows import blocks_per_batch, step_lengths, window_batches
from embedlab.text.corpus import Corpus, encode
from embedlab.text.small_world import make_world
from embedlab.training.config import TrainConfig
from embedlab.training.loop import train
from embedlab.vectors import queries
from tests.conftest import shared_file


@pytest.fixture(scope="module")
def text() -> Corpus:
    return encode(make_world(20_000).sentences, "the small world")


def moved(model: Any, seed: int = 0) -> Any:
    """The model with both tables drawn at random."""
    generator = torch.Generator().manual_seed(seed)
    for table in (model.center_embeddings, model.context_embeddings):
        table.weight.data = torch.randn(table.weight.shape, generator=generator)
    return model


def test_softmax_loss_by_hand() -> None:
    model = moved(SkipGramSoftmax(5, 3))
    h, o = (t.weight.detach().numpy().astype(float) for t in (model.center_embeddings, model.context_embeddings))
    batch = Pairs(np.array([0, 4, 2]), np.array([1, 1, 3]), 0)
    expected = 0.0
    for center, context in zip(batch.centers, batch.contexts, strict=True):
        scores = [math.exp(float(h[center] @ o[word])) for word in range(5)]
        expected -= math.log(scores[context] / sum(scores)) / 3
    assert model.loss(batch).item() == pytest.approx(expected, rel=1e-5)


def test_negative_sampling_loss_by_hand() -> None:
    model = moved(SkipGramNegativeSampling(5, 3))
    h, o = (t.weight.detach().numpy().astype(float) for t in (model.center_embeddings, model.context_embeddings))
    batch = NoisyPairs(np.array([0, 4]), np.array([1, 1]), np.array([[2, 3, 2], [0, 1, 4]]), 0)

    def log_s(x: float) -> float:
        return -math.log(1 + math.exp(-x))

    expected = 0.0
    for center, context, noise in zip(batch.centers, batch.contexts, batch.negatives, strict=True):
        expected -= log_s(float(h[center] @ o[context])) / 2
        expected -= sum(log_s(-float(h[center] @ o[word])) for word in noise) / 2
    assert model.loss(batch).item() == pytest.approx(expected, rel=1e-5)


def ones(text: Corpus) -> Any:
    return np.ones(len(text.vocabulary), np.float32)


def test_losses_start_where_nothing_is_known(text: Corpus) -> None:
    config = PairConfig(negatives=7)
    size = len(text.vocabulary)
    pairs = Pairs(np.arange(9), np.arange(9), 0)
    noisy = NoisyPairs(np.arange(9), np.arange(9), np.zeros((9, 7), np.int64), 0)
    assert SkipGramSoftmax(size, 8).loss(pairs).item() == pytest.approx(math.log(size), rel=1e-6)
    assert SkipGramNegativeSampling(size, 8).loss(noisy).item() == pytest.approx(8 * math.log(2), rel=1e-6)
    batch = next(window_batches(text, config, 2, ones(text)))
    assert SkipGramWindows(size, 8).loss(batch).item() == pytest.approx(8 * math.log(2), rel=1e-6)


def test_far_apart_vectors_do_not_overflow() -> None:
    model = moved(SkipGramNegativeSampling(4, 2))
    model.center_embeddings.weight.data *= 1e4
    batch = NoisyPairs(np.array([0, 1]), np.array([1, 2]), np.array([[2], [3]]), 0)
    assert math.isfinite(model.loss(batch).item())


def test_gradients_of_the_losses_are_numerically_right() -> None:
    for model, batch in (
        (SkipGramSoftmax(4, 2), Pairs(np.array([0, 1, 1]), np.array([1, 2, 3]), 0)),
        (SkipGramNegativeSampling(4, 2), NoisyPairs(np.array([0, 1]), np.array([1, 2]), np.array([[2, 0], [3, 3]]), 0)),
    ):
        model = moved(model).double()
        loss = model.loss(batch)
        loss.backward()
        for table in (model.center_embeddings, model.context_embeddings):
            gradient = table.weight.grad.clone()
            for place in np.ndindex(4, 2):
                with torch.no_grad():
                    table.weight[place] += 1e-6
                    slope = (model.loss(batch) - loss).item() / 1e-6
                    table.weight[place] -= 1e-6
                assert slope == pytest.approx(gradient[place].item(), abs=1e-4)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("shortened", [False, True])
def test_steps_by_hand_go_down_the_gradients_of_pytorch(text: Corpus, seed: int, shortened: bool) -> None:
    size = len(text.vocabulary)
    steps = np.random.default_rng(seed).random(size) if shortened else np.ones(size)
    batch = list(islice(window_batches(text, PairConfig(seed=seed), 3, steps), 2))[-1]
    model = SkipGramWindows(size, 6)
    model.loss(batch)  # what it keeps for the next batch is of another type
    model = moved(model, seed).double()
    batch = batch._replace(weights=batch.weights.astype(np.float64))
    tables = [t.weight.detach().clone().requires_grad_() for t in (model.center_embeddings, model.context_embeddings)]
    parts = (torch.from_numpy(part) for part in batch[:3])
    expected = windows_loss(*tables, *parts, batch.noise)
    gradients = torch.autograd.grad(expected, tables)
    assert model.loss(batch).item() == pytest.approx(expected.item(), rel=1e-12)
    model.update(0.7)
    factor = torch.from_numpy(steps)[:, None]
    for table, before, gradient in zip(
        (model.center_embeddings, model.context_embeddings), tables, gradients, strict=True
    ):
        assert gradient.abs().sum() > 0
        torch.testing.assert_close(table.weight.detach(), before - 0.7 * factor * gradient, rtol=1e-10, atol=1e-12)


def test_the_pairs_of_windows_are_those_of_the_text(text: Corpus) -> None:
    config = PairConfig(window=2, subsampling_threshold=0.0)
    for batch in islice(window_batches(text, config, 2, ones(text)), 40):
        contexts = batch.weights[:, :, : -batch.noise]
        assert (batch.others[:, 2 : 2 + batch.centers.shape[1]] == batch.centers).all()
        assert contexts.sum() == pytest.approx(batch.pairs)
        assert contexts.any(axis=2).any(axis=1).all()
        for g in range(2):
            for i, j in zip(*np.nonzero(contexts[g]), strict=True):
                # Windows of one word and of two are equally likely: both reach the next word, half of them the second.
                assert contexts[g, i, j] == {1: 1.0, 2: 0.5}[abs(j - 2 - i)]
        noise = batch.weights[:, :, -batch.noise :]
        assert noise == pytest.approx(np.broadcast_to(contexts.sum(axis=2)[:, :, None] * 5 / batch.noise, noise.shape))


def test_words_that_fill_no_batch_wait_for_more(text: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows, "_READ", 20)  # words of the text at a time, of which subsampling leaves fewer than 16
    steps = step_lengths(text, PairConfig(), 0.5, 1)
    small = list(islice(window_batches(text, PairConfig(), 1, steps), 50))
    words = np.concatenate([batch.centers.ravel() for batch in small])
    assert len(words) == 50 * 16
    assert small[-1].words_seen > 50 * 16
    for batch in small:
        ids = np.concatenate([batch.centers.ravel(), batch.others.ravel()])
        assert (batch.steps == steps[ids]).all()
        assert (batch.rows[:16] == ids[:16]).all()
        assert (batch.rows[16:] == ids[16:] + len(steps)).all()
    assert min(batch.steps.min() for batch in small) < 1


def test_windows_never_cross_a_sentence_and_words_in_the_middle_have_all_their_neighbors() -> None:
    sentences = [[f"{letter}{i}x" for i in range(4)] for letter in "abcdefgh"] * 20
    text = encode(sentences, "fours")
    config = PairConfig(window=1, subsampling_threshold=0.0)
    words = text.vocabulary.words
    pairs = 0
    for batch in islice(window_batches(text, config, 1, ones(text)), 15):
        for i, j in zip(*np.nonzero(batch.weights[0, :, : -batch.noise]), strict=True):
            center, context = words[batch.centers[0, i]], words[batch.others[0, j]]
            assert center[0] == context[0]
            assert abs(int(center[1]) - int(context[1])) == 1
            pairs += 1
    # 6 pairs in each of the four sentences of a block of 16.
    assert pairs == 15 * 4 * 6


def test_larger_steps_make_smaller_batches_and_frequent_words_take_shorter_ones(text: Corpus) -> None:
    config = PairConfig()
    assert blocks_per_batch(text, config, 0.01) > blocks_per_batch(text, config, 0.1)
    lengths = step_lengths(text, config, 0.08, 2)
    assert lengths[0] < 0.5  # "the"
    assert (np.diff(lengths) >= 0).all()  # words are sorted by falling count
    assert (lengths[len(lengths) // 4 :] == 1).all()


@pytest.mark.parametrize("size", [300, 1_000])
def test_windows_on_few_words_do_not_diverge(size: int) -> None:
    words = bz2.decompress(shared_file("corpus/wiki6.bz2").read_bytes()).decode().split()
    text = encode([words[i : i + 1_000] for i in range(0, len(words), 1_000)], "wiki6", max_size=size)
    *_, last = train_with("by windows", text, RunConfig(dimensions=100, passes=1, least_snapshots=10))
    assert last.loss < 0.9 * 6 * math.log(2)


@pytest.mark.parametrize("rate", [0.025, 0.08])
@pytest.mark.parametrize(("size", "length", "threshold"), [(5, 3, 1e-3), (5, 5, 1e-4), (11, 6, 1e-3), (40, 2, 1e-4)])
def test_batches_of_lone_words_are_left_out(size: int, length: int, threshold: float, rate: float) -> None:
    """As subsampling leaves them of short sentences of a few words again and again; what is left is no divergence."""
    drawn = np.random.default_rng(size).integers(size, size=(2_000, length))
    text = encode([[f"w{chr(97 + i // 26)}{chr(97 + i % 26)}" for i in row] for row in drawn.tolist()], "a few words")
    config = RunConfig(dimensions=4, passes=2, least_snapshots=3, learning_rate=rate)
    config = replace(config, pairs=PairConfig(subsampling_threshold=threshold))
    made = next(windows._stretches(text, config.pairs, 1, windows.SHARED, ones(text)))
    assert made.pairs.min() == 0, "there are such batches"
    batches = islice(window_batches(text, config.pairs, 1, ones(text)), 50)
    assert min(batch.pairs for batch in batches) > 0
    first, *_, last = (snapshot.loss for snapshot in train_with("by windows", text, config))
    assert first == pytest.approx(6 * math.log(2), rel=1e-5)
    assert last < 1.01 * first


@pytest.mark.parametrize("method", ["negative sampling", "full softmax", "by windows", "gensim"])
@pytest.mark.parametrize("seed", [1, 2])
def test_the_known_truth_is_learned_by_every_method(method: Any, seed: int) -> None:
    world = make_world(40_000, seed)
    text = encode(world.sentences, "the small world")
    config = RunConfig(methods=(method,), passes=4, least_snapshots=4, pairs=PairConfig(seed=seed))
    snapshots = list(run(text, config, world.analogies))
    assert len(snapshots) == config.snapshots(text)
    truth = snapshots[-1].truths[0]
    assert truth is not None
    assert truth >= 0.8  # seen over ten seeds: 0.91 to 0.99
    assert queries.analogy(snapshots[-1].tables[0].center, ["king", "woman"], ["man"], 1)[0].word == "queen"
    assert snapshots[-1].losses[0] < 0.9 * snapshots[0].losses[0]
    assert evaluation_scores.analogy_accuracy(snapshots[-1].tables[0].context).overall.total


def test_two_methods_are_seen_after_the_same_words_and_the_same_seed_gives_the_same_bytes(text: Corpus) -> None:
    words = validation_words(text)
    config = RunConfig(passes=1, least_snapshots=5, validation=words, neighbors=3)
    first, second = (list(run(text, config)) for _ in range(2))
    assert [snapshot.words_seen for snapshot in first] == [round(n * len(text) / 5) for n in range(6)]
    for one, two in zip(first, second, strict=True):
        assert one.vectors.tobytes() == two.vectors.tobytes()
        assert one.neighbors == two.neighbors
        assert one.losses == two.losses
    assert first[0].vectors.shape == (2, len(followed_words(text, config)), 32)
    assert len(first[0].neighbors[0]) == len(words) == 16
    other = list(run(text, RunConfig(passes=1, least_snapshots=5, pairs=PairConfig(seed=2))))
    assert other[-1].vectors.tobytes() != first[-1].vectors.tobytes()


def test_gensim_with_one_worker_gives_the_same_bytes(text: Corpus) -> None:
    config = RunConfig(methods=("gensim",), passes=1, least_snapshots=4)
    first, second = (list(run(text, config))[-1] for _ in range(2))
    assert first.vectors.tobytes() == second.vectors.tobytes()
    assert first.words_seen == len(text)


@pytest.mark.parametrize("methods", [("negative sampling", "full softmax"), ("by windows",), ("gensim",)])
def test_a_kept_snapshot_does_not_change_while_training_goes_on(text: Corpus, methods: Any) -> None:
    config = RunConfig(methods=methods, passes=1, least_snapshots=5, validation=validation_words(text))
    training = run(text, config)
    kept = next(training)
    arrays = [kept.vectors, *(table.matrix for tables in kept.tables for table in tables)]
    before = [array.tobytes() for array in arrays]
    *_, last = training
    assert [array.tobytes() for array in arrays] == before
    assert not any(array.flags.writeable for array in arrays)
    assert last.tables[0].center.matrix.tobytes() != before[1]
    older = kept.condensed()  # what memory is spent on while a long run goes on
    assert older.tables == ()
    assert older.vectors is kept.vectors


def test_watched_words_must_be_in_the_text(text: Corpus) -> None:
    with pytest.raises(UnknownWord, match=r"princes.*princess"):
        next(run(text, RunConfig(validation=("king", "princes"))))
    assert with_words(text, RunConfig(), watched="king princes").validation == ("king",)
    assert "princess" in str(not_watched(text, "king princes"))


def test_typed_words_to_watch_are_found_like_all_that_is_typed() -> None:
    line = "İzmir’de bir café 1990 ve Ⅻ kız için IŞIK, bir gün daha ama çok güzel\n"
    text = encode(line * 5, "own")
    typed = "CAFÉ; “i̇zmir'de”, IŞIK café"
    assert with_words(text, RunConfig(), watched=typed).validation == ("café", "izmir'de", "ışık")
    assert with_words(text, RunConfig(), watched=" ").validation == validation_words(text)


def test_a_run_that_diverges_says_so(text: Corpus) -> None:
    model = SkipGramWindows(len(text.vocabulary), 16)
    plan = TrainConfig(steps=400, learning_rate=1e5, snapshot_every=50)
    with pytest.raises(TrainingError, match=r"smaller learning rate|too large"):
        list(train(model, window_batches(text, PairConfig(), 16, ones(text)), plan))


@pytest.mark.parametrize(("method", "rate"), [("by windows", 0.5), ("negative sampling", 1.0)])
def test_a_run_that_diverges_names_the_learning_rate_that_was_chosen(text: Corpus, method: Any, rate: float) -> None:
    with pytest.raises(TrainingError) as refused:
        list(train_with(method, text, RunConfig(methods=(method,), learning_rate=rate, passes=2)))
    assert f"learning rate {rate:g}" in str(refused.value)
    assert f"{rate / 10:g}" in str(refused.value)


def test_a_graphics_card_is_used_where_there_is_one(text: Corpus) -> None:
    if not torch.cuda.is_available():
        pytest.skip("needs a graphics card that PyTorch can use")
    model = SkipGramWindows(len(text.vocabulary), 16).to("cuda")
    batches = window_batches(text, PairConfig(), 2, ones(text))
    losses = [s.loss for s in train(model, batches, TrainConfig(300, 20.0, snapshot_every=100))]
    assert losses[-1] < losses[0]
